//! Files in and out.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use kendt_instances::district::{self, District};
use kendt_instances::{Format, Instance, detect, read};
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;

use super::fault::Fault;
use super::{Input, print};

/// The name that stands for stdin and stdout.
pub(super) const STANDARD: &str = "-";

impl Input {
    /// Reads the instance.
    pub(super) fn read(&self) -> Result<Instance, Fault> {
        let name = Path::new(&self.path).file_stem().map_or_else(|| "stdin".into(), |stem| stem.to_string_lossy().into_owned());
        let name = if self.path == STANDARD { "stdin" } else { &name };
        read(&read_text(&self.path)?, self.format.format(), name).map_err(|error| Fault::content(&self.path, error))
    }

    /// Reads a plan of the instance. Stdin can be one of the two only.
    pub(super) fn read_plan(&self, instance: &Instance, path: &str) -> Result<Plan, Fault> {
        if path == STANDARD && self.path == STANDARD {
            return Err(Fault::Usage("stdin can be the instance or the plan, not both".to_owned()));
        }
        instance.read_plan(&read_text(path)?).map_err(|error| Fault::content(path, error))
    }
}

/// Reads a district; `what` is what other formats do not have.
pub(super) fn read_district(path: &str, what: &str) -> Result<(District, Problem), Fault> {
    let text = read_text(path)?;
    let text = text.trim_start_matches('\u{feff}');
    if let Some(format) = detect(text).filter(|&format| format != Format::District) {
        return Err(Fault::Usage(format!("{path} is a {} instance; only districts have {what}", format.name())));
    }
    let refuse = |error| Fault::content(path, error);
    let district = district::read(text).map_err(refuse)?;
    let problem = district.problem().map_err(refuse)?;
    Ok((district, problem))
}

pub(super) fn read_text(path: &str) -> Result<String, Fault> {
    let read = if path == STANDARD {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    read.map_err(|error| Fault::read(path, error))
}

/// Fails early if the folder of a file to be written is missing.
pub(super) fn expect_folder(path: &str) -> Result<(), Fault> {
    if path == STANDARD || folder(Path::new(path)).is_dir() {
        return Ok(());
    }
    Err(Fault::write(path, io::Error::new(io::ErrorKind::NotFound, "there is no such folder")))
}

/// Writes a whole file or leaves the old one as it was.
pub(super) fn write(path: &str, text: &str) -> Result<(), Fault> {
    if path == STANDARD {
        return print(text);
    }
    replace(Path::new(path), text.as_bytes()).map_err(|error| Fault::write(path, error))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link is followed, so that what it points to is replaced and not the link itself.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if path.exists() && !path.is_file() {
        // A device or pipe cannot be renamed over.
        return File::options().write(true).open(&path)?.write_all(bytes);
    }
    let beside = beside(&path);
    let written = fill(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The first fault is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name in the same folder, thus on the same file system.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    folder(path).join(name)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
