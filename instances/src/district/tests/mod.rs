//! Tests of the format as a whole, on one tiny district with round numbers.

mod events;
mod faults;
mod hostile;
mod plans;
mod summed;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Moment, Problem};

use super::District;

/// One base, two citizens on a 3-4-5 triangle, a van of 60 km/h that loses 2 minutes at every home, two carers, four visits.
const TINY: &str = r#"{
  "format": "kendt-district/1", "name": "tiny", "date": "2026-11-23", "days": 2,
  "travel": {"modes": {"van": {"kmh": 60, "detour": 1, "minutes_per_stop": 2}}},
  "bases": [{"id": "b1", "x": 0, "y": 0}],
  "teams": [{"id": "t1", "base": "b1"}],
  "carers": [
    {"id": "k1", "skills": ["ssh"], "mode": "van", "team": "t1", "shifts": [
      {"start": "07:00", "end": "08:00", "break": {"earliest": "07:30", "latest": "07:50", "minutes": 5}, "layer": "day"}]},
    {"id": "k2", "skills": ["ssh", "nurse"], "mode": "bike", "base": "b1", "shifts": [
      {"id": "late", "start": "15:00", "end": "25:30", "base": "b1", "end_base": "b1"}, {"day": 2, "start": "07:00", "end": "15:00"}]}
  ],
  "citizens": [
    {"id": "c1", "x": 3, "y": 0, "age": 82, "team": "t1", "excluded_carers": ["k2"]},
    {"id": "c2", "x": 3, "y": 4, "preferred_carers": ["k2"]}
  ],
  "visits": [
    {"id": "v1", "citizen": "c1", "minutes": 30, "windows": [{"from": "07:10", "to": "07:20"}], "preferred": {"from": "07:20", "until": "07:30"},
     "skills": ["ssh"], "service": "personal", "course": "morning", "agreed": {"at": "07:15", "tolerance_minutes": 60}},
    {"id": "v2", "citizen": "c2", "minutes": 20, "windows": [{"from": "07:30", "to": "07:40"}]},
    {"id": "v3", "citizen": "c2", "minutes": 45, "windows": [{"from": "16:00", "to": "17:00"}, {"day": 2, "from": "08:00", "to": "14:00"}],
     "need": "optional", "priority": 1, "allowed_carers": ["k2"]},
    {"id": "v4", "citizen": "c2", "minutes": 15, "windows": [{"from": "15:30", "to": "24:30"}], "carers": 2, "skills": ["nurse"],
     "second_skills": ["ssh"]}
  ],
  "links": [{"first": "v1", "second": "v2", "min_minutes": 20, "max_minutes": 90}]
}"#;

pub(super) fn tiny() -> District {
    super::read(TINY).unwrap()
}

pub(super) fn at(text: &str) -> Moment {
    super::time::moment(1, super::time::parse(text).unwrap())
}

/// k1 serves v1 from 07:10 to 07:40 and v2 from 07:46 to 08:06; v3 and both halves of v4 are left out.
fn tiny_plan(problem: &Problem) -> Plan {
    let stop = |label: &str, arrival: &str, start: &str, end: &str| {
        let (id, _) = problem.visits().enumerate().find(|(_, visit)| visit.label == label).unwrap();
        Stop { task: Task::Visit(id), arrival: at(arrival), start: at(start), end: at(end) }
    };
    let mut plan = Plan::empty(problem);
    let (shift, _) = problem.shifts().enumerate().find(|(_, shift)| shift.label == "k1/1").unwrap();
    let stops = vec![stop("v1", "07:10", "07:10", "07:40"), stop("v2", "07:46", "07:46", "08:06")];
    plan.routes[shift] = Route { departure: at("07:05"), stops, back: at("08:11") };
    let served: Vec<_> = plan.routes[shift].visits().collect();
    plan.unserved.retain(|visit| !served.contains(visit));
    plan
}
