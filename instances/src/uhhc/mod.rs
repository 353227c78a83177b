//! The unified home health care problem: weighted objective, own terminals, shifts, lunch breaks, preferences, optional patients.
//!
//! Ceschia et al. 2026 (doi:10.1111/itor.70140). Times are whole minutes: the workload balance is rounded up to whole minutes, which one
//! tick per minute makes exact, so other data is refused rather than priced wrongly.
//!
//! A component's weight is a number or `"HARD"`; an absent one weighs nothing, but incompatibility and qualification are then hard.

mod model;
mod objective;
#[cfg(test)]
mod tests;
mod visits;
mod wire;

use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, Shift};
use serde_json::{Map, Value};

use crate::gather::not_json;
use crate::{ReadError, roster};

/// The service id that means a break.
const BREAK_SERVICE: &str = "lunch_break";

/// Reads an instance.
pub(crate) fn read(text: &str, name: &str) -> Result<Problem, ReadError> {
    let file: wire::File = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    model::problem(&file, name)
}

/// Writes a plan. A break in a route without visits stands at the carer's departing point.
pub(crate) fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let routes = roster::write(problem, plan, BREAK_SERVICE, |shift| departing_point(problem, shift));
    roster::text([("cost_components", Value::Object(Map::new())), ("routes", routes)])
}

/// Reads a plan. Published plans list a break at the patient after it, where the model takes it.
pub(crate) fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    roster::read(problem, text, Some(BREAK_SERVICE))
}

/// A shift's label is the carer's id and the departing point's, so that plans can name the point.
fn shift_label(carer: &str, departing_point: &str) -> String {
    format!("{carer}/{departing_point}")
}

fn departing_point(problem: &Problem, shift: &Shift) -> String {
    let carer = problem.carers().get(shift.carer).map_or("", |carer| carer.label.as_str());
    let point = shift.label.strip_prefix(carer).and_then(|rest| rest.strip_prefix('/'));
    point.unwrap_or(&shift.label).to_owned()
}
