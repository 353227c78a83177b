//! Carries a plan over to the next problem.

use std::collections::BTreeMap;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Problem, Shift, ShiftId, VisitId};

/// The plan in the ids of another problem, matched by the labels of shifts and visits. Stops keep their times; those whose visit, shift
/// or break is gone are dropped, and visits that stand in no route are unserved.
///
/// # Panics
/// When the plan is not one of `old`.
#[must_use]
pub fn map_plan(old: &Problem, new: &Problem, plan: &Plan) -> Plan {
    let shifts: BTreeMap<&str, ShiftId> = new.shifts().enumerate().map(|(id, shift)| (shift.label.as_str(), id)).collect();
    let visits: BTreeMap<&str, VisitId> = new.visits().enumerate().map(|(id, visit)| (visit.label.as_str(), id)).collect();
    let mut mapped = Plan::empty(new);
    for (id, route) in plan.routes.enumerate() {
        if let Some(&shift) = shifts.get(old.shifts()[id].label.as_str()) {
            mapped.routes[shift] = carry(old, &visits, &new.shifts()[shift], route);
        }
    }
    let served: std::collections::BTreeSet<VisitId> = mapped.routes.iter().flat_map(Route::visits).collect();
    mapped.unserved.retain(|visit| !served.contains(visit));
    mapped
}

fn carry(old: &Problem, visits: &BTreeMap<&str, VisitId>, shift: &Shift, route: &Route) -> Route {
    let stops: Vec<Stop> = route
        .stops
        .iter()
        .filter_map(|stop| {
            let task = match stop.task {
                Task::Visit(visit) => Task::Visit(*visits.get(old.visits()[visit].label.as_str())?),
                Task::Break => shift.pause.map(|_| Task::Break)?,
            };
            Some(Stop { task, ..*stop })
        })
        .collect();
    if stops.is_empty() {
        Route { departure: shift.start, stops, back: shift.start }
    } else {
        Route { departure: route.departure, stops, back: route.back }
    }
}
