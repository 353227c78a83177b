//! Home-care days that several solvers are compared on: one day, one base, teams, soft wishes for a time, double visits.
//!
//! ```json
//! {"base": [10, 10],
//!  "citizens": [{"x": 8.5, "y": 18.9, "team": 0}],
//!  "visits": [{"id": 0, "citizen": 0, "pref": 29700, "tw": [25500, 35100], "dur": 900, "skill": 0, "optional": false, "prio": 0, "sync": null}],
//!  "carers": [{"id": 0, "shift": [25200, 54000], "skill": 1, "mode": "car", "team": 0}]}
//! ```
//!
//! Times are whole seconds of the day, places kilometres in the plane; an id is the position in its list. Two visits with the same `sync`
//! are one double visit: two carers, one start, both or neither. The cost is in seconds of travel: 1 for each second that a visit starts
//! more than 15 minutes before or after `pref`, 1,200 for a visit by a carer of another team, 36,000 for a required visit left out,
//! 3,600 × `prio` for an optional one. Windows, skills (a carer of level 2 does what levels 0 and 1 ask for) and shifts are hard.

mod model;
mod plan;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use plan::{read_plan, write_plan};

use kendt_solver::problem::Problem;

use crate::ReadError;
use crate::gather::not_json;

/// Reads an instance.
pub(crate) fn read(text: &str, name: &str) -> Result<Problem, ReadError> {
    let file: wire::File = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    model::problem(&file, name)
}
