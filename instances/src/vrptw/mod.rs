//! Vehicle routing with time windows: Solomon 1987, Gehring and Homberger 1999, in Solomon's text.
//!
//! Distances and times are truncated to one decimal, as in the best-known values that people compare with, so a tick is a tenth. Travel
//! is the cost; windows, the depot's closing, capacity and the number of vehicles are hard.

mod model;
mod plan;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use plan::{read_plan, write_plan};

use kendt_solver::problem::Problem;

use crate::ReadError;

/// Ticks in one unit of the text.
const PER_UNIT: i64 = 10;

/// Reads an instance.
pub(crate) fn read(text: &str, name: &str) -> Result<Problem, ReadError> {
    model::problem(&text::parse(text)?, name)
}
