//! From the stops that a plan states to routes with every time the model wants.

use std::collections::BTreeSet;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Departure, IdVec, Moment, Problem, ShiftId, VisitId};

/// A stop as a plan states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    /// What is done.
    pub(crate) task: Task,
    /// Start of service or break.
    pub(crate) start: Moment,
    /// End of service or break.
    pub(crate) end: Moment,
}

/// The route of a shift through stated stops: arrivals are the previous end plus travel, whatever the stated starts say (a start before
/// the arrival is the checker's finding).
///
/// # Panics
/// When stops name visits, or `id` a shift, that the problem does not have.
pub(crate) fn route(problem: &Problem, id: ShiftId, stated: &[Stated]) -> Route {
    let shift = &problem.shifts()[id];
    let stops = stated.iter().map(|&Stated { task, start, end }| Stop { task, arrival: start, start, end }).collect();
    let mut route = Route { departure: shift.start, stops, back: shift.start };
    let Some(first) = stated.first() else { return route };
    if problem.objective().departure == Departure::JustInTime {
        route.departure = first.start - problem.travel_time(id, shift.from, route.place_of(problem, 0, shift.from));
    }
    let (mut here, mut free) = (shift.from, route.departure);
    for (position, stop) in stated.iter().enumerate() {
        let there = route.place_of(problem, position, here);
        route.stops[position].arrival = free + problem.travel_time(id, here, there);
        (here, free) = (there, stop.end);
    }
    route.back = free + problem.travel_time(id, here, shift.to);
    route
}

/// The plan of these routes; visits in none are unserved.
pub(crate) fn plan(problem: &Problem, routes: IdVec<ShiftId, Route>) -> Plan {
    let served: BTreeSet<VisitId> = routes.iter().flat_map(Route::visits).collect();
    Plan { routes, unserved: problem.visits().ids().filter(|visit| !served.contains(visit)).collect() }
}
