//! Carries a plan over to the next problem.

use std::collections::BTreeMap;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{CarerId, Problem, ProblemError, Published as Promise, Shift, ShiftId, VisitId};
use kendt_solver::replan::DisruptionWeights;

use super::events::Published;

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

/// The next problem with what was promised before, and the published plan in its ids: what a replan starts from. A promise outlives its
/// shift: where the carer is gone, the time is still to be kept.
///
/// # Errors
/// The faults, where the prices make the problem invalid.
///
/// # Panics
/// When the plan is not one of its problem.
pub fn carry_over(published: Published<'_>, next: &Problem, weights: DisruptionWeights) -> Result<(Problem, Plan), ProblemError> {
    let Published { problem: old, plan } = published;
    let carers: BTreeMap<&str, CarerId> = next.carers().enumerate().map(|(id, carer)| (carer.label.as_str(), id)).collect();
    let served = plan.served(old);
    let mut promises: BTreeMap<&str, Promise> = BTreeMap::new();
    for (visit, served) in old.visits().iter().zip(served.iter()) {
        let Some(served) = served else { continue };
        let carer = &old.carers()[old.shifts()[served.shift].carer];
        if let Some(&carer) = carers.get(carer.label.as_str()) {
            promises.insert(&visit.label, weights.promise(carer, served.start));
        }
    }
    let mut parts = next.to_builder();
    for visit in parts.visits.iter_mut() {
        visit.published = promises.get(visit.label.as_str()).copied().or(visit.published);
    }
    Ok((parts.build()?, map_plan(old, next, plan)))
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
