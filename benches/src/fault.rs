//! What can go wrong before or after a run.

use std::io;
use std::path::{Path, PathBuf};

use kendt_instances::ReadError;

use crate::SETS;

/// A reason to give up measuring.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The set has no folder that is known, and names none.
    #[error("no set is called {0}; there are {known}, or NAME=FOLDER", known = SETS.map(|set| set.name).join(", "))]
    UnknownSet(String),
    /// The set lies in the folder of the benchmarks, which is not named.
    #[error("{0} lies in the folder of the benchmarks, which is not named")]
    NoFolder(String),
    /// A file or folder cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is no instance.
    #[error("{path}: {source}")]
    Content {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        source: ReadError,
    },
}

impl Fault {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_path_buf(), source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_path_buf(), source }
    }
}
