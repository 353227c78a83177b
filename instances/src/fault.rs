//! What can be wrong with a file.

use std::fmt;

use kendt_solver::problem::{Fault, ProblemError};

/// Every fault found in a file, each with its place; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ReadError {
    /// The faults. `at` is a JSON pointer (`/visits/3/windows/0`), a line (`line 12`) or a problem item (`visit v3`).
    pub faults: Vec<Fault>,
}

impl ReadError {
    /// One fault.
    #[must_use]
    pub fn one(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self { faults: vec![Fault { at: at.into(), what: what.into() }] }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} fault{}", self.faults.len(), if self.faults.len() == 1 { "" } else { "s" })?;
        for fault in &self.faults {
            write!(out, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl From<ProblemError> for ReadError {
    fn from(error: ProblemError) -> Self {
        Self { faults: error.faults }
    }
}
