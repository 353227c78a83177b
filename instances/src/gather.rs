//! Collecting faults while reading goes on, so that a file's author sees all of them at once.

use kendt_solver::problem::Fault;

use crate::ReadError;

/// Faults that are listed; a hostile file could otherwise make a list far larger than itself.
const MOST_LISTED: usize = 1000;

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    listed: Vec<Fault>,
    unlisted: usize,
}

impl Faults {
    /// Notes a fault; `at` is a JSON pointer or a line.
    pub(crate) fn add(&mut self, at: impl ToString, what: impl Into<String>) {
        if self.listed.len() < MOST_LISTED {
            self.listed.push(Fault { at: at.to_string(), what: what.into() });
        } else {
            self.unlisted += 1;
        }
    }

    /// `value` if nothing was wrong.
    ///
    /// # Errors
    /// All faults, in the order found.
    pub(crate) fn finish<T>(mut self, value: T) -> Result<T, ReadError> {
        if self.unlisted > 0 {
            self.listed.push(Fault { at: "the file".into(), what: format!("has {} more faults", self.unlisted) });
        }
        if self.listed.is_empty() { Ok(value) } else { Err(ReadError { faults: self.listed }) }
    }
}

/// Where and why a text is not the JSON that the format asks for.
pub(crate) fn not_json(error: &serde_json::Error) -> ReadError {
    ReadError::one(format!("line {} column {}", error.line(), error.column()), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let mut faults = Faults::default();
        for cell in 0..MOST_LISTED + 7 {
            faults.add(format_args!("/distances/{cell}"), "is missing");
        }
        let error = faults.finish(()).unwrap_err();
        assert_eq!(error.faults.len(), MOST_LISTED + 1);
        assert_eq!(error.faults.last().map(|fault| fault.what.as_str()), Some("has 7 more faults"));
    }
}
