//! Plans as CVRPLIB publishes them: `Route #1: 2 21 73` line by line, then `Cost 1637.7`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kendt_solver::cost::evaluate;
use kendt_solver::plan::{Plan, Route, Task};
use kendt_solver::problem::{IdVec, Moment, Problem, ShiftId, VisitId};

use crate::ReadError;
use crate::gather::Faults;
use crate::timetable::{self, Stated};

/// Writes a plan. Only routes that are used have a line; vehicles are alike, so the lines are numbered on.
pub(crate) fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let mut text = String::new();
    let used = plan.routes.iter().filter(|route| route.visits().next().is_some());
    for (index, route) in used.enumerate() {
        let _ = write!(text, "Route #{}:", index + 1);
        for visit in route.visits().filter_map(|visit| problem.visits().get(visit)) {
            let _ = write!(text, " {}", visit.label);
        }
        text.push('\n');
    }
    let cost = evaluate(problem, plan).cost(problem.objective());
    let _ = writeln!(text, "Cost {}", problem.objective().reported(cost));
    text
}

/// Reads a plan. The n-th line of a route is the n-th vehicle's; times are the earliest ones. The stated cost is not looked at.
///
/// # Errors
/// Every fault: lines that are no routes, unknown customers, more routes than vehicles.
pub(crate) fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let mut faults = Faults::default();
    let customers: BTreeMap<&str, VisitId> = problem.visits().enumerate().map(|(id, visit)| (visit.label.as_str(), id)).collect();
    let mut sequences: Vec<Vec<VisitId>> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let at = format!("line {}", index + 1);
        match kind(line) {
            Line::Nothing => {}
            Line::Unknown => faults.add(at, "is neither a route, `Route #1: 2 21 73`, nor the cost"),
            Line::Route(ids) => {
                let mut sequence = Vec::new();
                for id in ids.split_whitespace() {
                    match customers.get(id) {
                        Some(&visit) => sequence.push(visit),
                        None => faults.add(&at, format!("customer {id} does not exist")),
                    }
                }
                sequences.push(sequence);
            }
        }
    }
    let n_vehicles = problem.shifts().len();
    if sequences.len() > n_vehicles {
        faults.add("the file", format!("has {} routes, there are {n_vehicles} vehicles", sequences.len()));
    }
    let sequence_of = |shift: ShiftId| sequences.get(shift.idx()).map_or(&[][..], Vec::as_slice);
    let routes: IdVec<ShiftId, Route> = problem.shifts().ids().map(|shift| earliest(problem, shift, sequence_of(shift))).collect();
    faults.finish(timetable::plan(problem, routes))
}

enum Line<'a> {
    Route(&'a str),
    Nothing,
    Unknown,
}

fn kind(line: &str) -> Line<'_> {
    let line = line.trim();
    let word = line.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match (word.to_ascii_lowercase().as_str(), line.split_once(':')) {
        ("route", Some((_, ids))) => Line::Route(ids),
        ("cost", _) => Line::Nothing,
        _ if line.is_empty() => Line::Nothing,
        _ => Line::Unknown,
    }
}

/// The route that serves these visits as early as it can.
fn earliest(problem: &Problem, id: ShiftId, sequence: &[VisitId]) -> Route {
    let shift = &problem.shifts()[id];
    let (mut here, mut free) = (shift.from, shift.start);
    let mut stops = Vec::with_capacity(sequence.len());
    for &visit in sequence {
        let Some(facts) = problem.visits().get(visit) else { continue };
        let opens = facts.windows.first().map_or(Moment(0), |window| window.open);
        let start = opens.max(free + problem.travel_time(id, here, facts.place));
        let stop = Stated { task: Task::Visit(visit), start, end: start + facts.duration };
        stops.push(stop);
        (here, free) = (facts.place, stop.end);
    }
    timetable::route(problem, id, &stops)
}
