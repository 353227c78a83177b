//! What can be wrong with a problem, each fault with its place.

use std::fmt;

/// One fault of a problem and the item it was found at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: the list and the caller's label, such as `visit v17`.
    pub at: String,
    /// What is wrong, with the value and the allowed range.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.at, self.what)
    }
}

/// Every fault found in a problem; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ProblemError {
    /// The faults in the order of the problem's lists.
    pub faults: Vec<Fault>,
}

impl fmt::Display for ProblemError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the problem has {} fault{}", self.faults.len(), if self.faults.len() == 1 { "" } else { "s" })?;
        for fault in &self.faults {
            write!(out, "\n  {fault}")?;
        }
        Ok(())
    }
}
