//! Documents inside requests: districts and plans, which their own readers read.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use kendt_instances::district::{self, District};
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem as Planning;
use serde_json::value::RawValue;

use crate::config::BODY_LIMIT;
use crate::error::{Code, Problem};

/// JSON text that is read later, by the reader that knows where each fault is.
pub(crate) type RawJson = Box<RawValue>;

/// The district in the request's `/district`.
pub(crate) fn read_district(text: &RawValue) -> Result<(District, Arc<Planning>), Problem> {
    open(text.get(), "/district")
}

/// The district of a request that gives it in full or by the name of a file in the data folder, and not both.
pub(crate) fn given_district(text: Option<&RawValue>, name: Option<&str>, data: Option<&Path>) -> Result<(District, Arc<Planning>), Problem> {
    match (text, name) {
        (Some(text), None) => read_district(text),
        (None, Some(name)) => load_district(data, name),
        _ => Err(Problem::at(Code::InvalidOption, "/district", "give either district or district_ref")),
    }
}

/// The same, for a district that need not be one that can be planned yet.
pub(crate) fn unplanned_district(text: Option<&RawValue>, name: Option<&str>, data: Option<&Path>) -> Result<District, Problem> {
    let refuse = |error| Problem::faults(Code::InvalidDistrict, "/district", error);
    match (text, name) {
        (Some(text), None) => district::read(text.get()).map_err(refuse),
        (None, Some(name)) => district::read(&load_text(data, name)?).map_err(refuse),
        _ => Err(Problem::at(Code::InvalidOption, "/district", "give either district or district_ref")),
    }
}

/// The district of a file in the data folder.
pub(crate) fn load_district(data: Option<&Path>, name: &str) -> Result<(District, Arc<Planning>), Problem> {
    open(&load_text(data, name)?, "")
}

/// A plan of a file in the data folder, for a problem.
pub(crate) fn load_plan(problem: &Planning, data: Option<&Path>, name: &str) -> Result<Plan, Problem> {
    let text = load_file(data, name, "/plan_ref")?;
    district::read_plan(problem, &text).map_err(|error| Problem::faults(Code::InvalidPlan, "", error))
}

/// The text of a district file in the data folder.
fn load_text(data: Option<&Path>, name: &str) -> Result<String, Problem> {
    load_file(data, name, "/district_ref")
}

/// The text of a file in the data folder; `at` is where its name stands.
fn load_file(data: Option<&Path>, name: &str, at: &str) -> Result<String, Problem> {
    let Some(data) = data else {
        return Err(Problem::at(Code::DistrictNotFound, at, "this service was started without --data"));
    };
    if !is_file_name(name) {
        let what = "must be a file name of 1 to 100 letters, digits, '-', '_' and '.', not starting with '.'";
        return Err(Problem::at(Code::InvalidOption, at, what));
    }
    let exact = data.join(name);
    let path = if exact.is_file() { exact } else { data.join(format!("{name}.json")) };
    read_file(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Problem::at(Code::DistrictNotFound, at, "the data folder has no such file"),
        io::ErrorKind::FileTooLarge => Problem::at(Code::BodyTooLarge, at, format!("the file is above {BODY_LIMIT} bytes")),
        kind => {
            tracing::error!(%kind, "a district file cannot be read");
            Problem::at(Code::Internal, at, "the file cannot be read")
        }
    })
}

/// The plan in the request's `/plan`, for a problem.
pub(crate) fn read_plan(problem: &Planning, text: &RawValue) -> Result<Plan, Problem> {
    district::read_plan(problem, text.get()).map_err(|error| Problem::faults(Code::InvalidPlan, "/plan", error))
}

fn open(text: &str, at: &str) -> Result<(District, Arc<Planning>), Problem> {
    let refuse = |error| Problem::faults(Code::InvalidDistrict, at, error);
    let district = district::read(text).map_err(refuse)?;
    let problem = district.problem().map_err(refuse)?;
    Ok((district, Arc::new(problem)))
}

/// Names without separators, parents or hidden files: nothing outside the folder can be named.
fn is_file_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

fn read_file(path: &Path) -> io::Result<String> {
    let facts = fs::metadata(path)?;
    if !facts.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if facts.len() > BODY_LIMIT as u64 {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read_to_string(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_folder() {
        for bad in ["", ".", "..", "../a", "a/b", "/etc/passwd", "a\\b", ".hidden", "a\0b", "ø"] {
            assert!(!is_file_name(bad), "{bad:?}");
        }
        assert!(is_file_name("north-2026.json"));
    }
}
