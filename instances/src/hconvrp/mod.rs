//! Consistent vehicle routing with a heterogeneous fleet: Stavropoulou 2022 (doi:10.1016/j.cor.2021.105644), as text.
//!
//! Several days; a customer has a demand on some of them and is served by one vehicle on all of these. A vehicle of a type has a capacity,
//! a fixed cost for every day on which it drives (the paper's first term sums `F_k x_0j^p` over the periods too) and a variable cost for
//! each unit of distance. Routes start at the depot when the day does, nobody waits, and a route is no longer than `MAXTIME`, service
//! included.
//!
//! Distances are Euclidean and not rounded in the paper. A tick is a ten-thousandth of a unit and rides are rounded up to ticks, so that a
//! plan here is never shorter than it really is, and dearer by less than one part in a hundred thousand.
//!
//! The paper bounds the difference between a customer's earliest and latest arrival by some `L`; the files do not hold it, and no source
//! that can be read in public states it. It is not modelled.
//!
//! What published files get wrong is read as meant: four state another `FLEET SIZE` than their types add up to, and the types count; one
//! coordinate line has a third number too many, and the last is the service time; one line of compatibility lacks a vehicle, which may then
//! not come.

mod model;
mod plan;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use plan::{read_plan, write_plan};

use kendt_solver::problem::Problem;

use crate::ReadError;

/// Ticks in one unit of distance, which is a unit of time at speed 1.
const PER_UNIT: i64 = 10_000;

/// Reads an instance.
pub(crate) fn read(text: &str, name: &str) -> Result<Problem, ReadError> {
    model::problem(&text::parse(text)?, name)
}

/// Whether a text looks like this format: it has a fleet and customers' demands.
pub(crate) fn is_like(text: &str) -> bool {
    let begins = |line: &str, word: &str| line.trim_start().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let mut lines = text.lines();
    lines.by_ref().take(12).any(|line| begins(line, "FLEET SIZE")) && text.lines().any(|line| begins(line, "CUSTOMERDEMANDS"))
}
