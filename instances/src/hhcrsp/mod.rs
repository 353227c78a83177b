//! Home health care routing and scheduling: one day, one office, soft windows.
//!
//! Mankowska, Meisel, Bierwirth 2014 (doi:10.1007/s10729-013-9243-1), in the JSON of Ceschia, Di Gaspero, Rosati, Schaerf 2024
//! (doi:10.1111/itor.13585). The cost is a third of total travel + total lateness + greatest lateness. Carers have no shift end.

mod model;
#[cfg(test)]
mod tests;
mod wire;

use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;

use crate::gather::not_json;
use crate::{ReadError, roster};

/// Reads an instance.
pub(crate) fn read(text: &str, name: &str) -> Result<Problem, ReadError> {
    let file: wire::File = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    model::problem(&file, name)
}

/// Writes a plan. The format has no breaks.
pub(crate) fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let routes = roster::write(problem, plan, "", |_| String::new());
    roster::text([("routes", routes)])
}

/// Reads a plan.
pub(crate) fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    roster::read(problem, text, None)
}
