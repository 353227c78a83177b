//! What can go wrong on the command line: everything that ends with exit code 2.

use std::io;

use kendt_instances::ReadError;

/// A reason to give up.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("cannot write {path}: {source}")]
    Write { path: String, source: io::Error },
    #[error("{path}: {source}")]
    Content { path: String, source: ReadError },
    #[error(transparent)]
    Bench(#[from] kendt_benches::Fault),
    #[error("{0}")]
    Usage(String),
    #[error("cannot serve on {listen}: {source}")]
    Serve { listen: String, source: io::Error },
}

impl Fault {
    pub(super) fn read(path: &str, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn write(path: &str, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(super) fn content(path: &str, source: ReadError) -> Self {
        Self::Content { path: path.to_owned(), source }
    }
}
