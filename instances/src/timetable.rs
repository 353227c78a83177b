//! From the stops that a plan states to routes with every time the model wants.

use std::collections::BTreeSet;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Departure, IdVec, Moment, PlaceId, Problem, Shift, ShiftId, VisitId};

/// A stop as a plan states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated {
    /// What is done.
    pub(crate) task: Task,
    /// Where; for a break this may be any place.
    pub(crate) place: PlaceId,
    /// Start of service or break.
    pub(crate) start: Moment,
    /// End of service or break.
    pub(crate) end: Moment,
}

/// The route of a shift through stated stops: arrivals are the previous end plus travel, whatever the stated starts say (a start before
/// the arrival is the checker's finding).
///
/// The model takes a break where the stop before it was. A break stated elsewhere, such as at the next visit, comes after a ride; it is
/// moved before that ride where the shift's break rule allows so early a begin. All waiting, and with it the cost, stays the same.
/// Otherwise the break keeps its stated times and its arrival holds the ride: the cost is still the stated plan's, but the
/// plan is none that the model can make.
///
/// # Panics
/// When stops name places, or `id` a shift, that the problem does not have.
pub(crate) fn route(problem: &Problem, id: ShiftId, stated: &[Stated]) -> Route {
    let shift = &problem.shifts()[id];
    let Some(first) = stated.first() else {
        return Route { departure: shift.start, stops: Vec::new(), back: shift.start };
    };
    let departure = match problem.objective().departure {
        Departure::AtShiftStart => shift.start,
        Departure::JustInTime => first.start - problem.travel_time(id, shift.from, first.place),
    };
    let (mut here, mut free) = (shift.from, departure);
    let mut stops = Vec::with_capacity(stated.len());
    for (position, stop) in stated.iter().enumerate() {
        let ride = problem.travel_time(id, here, stop.place);
        let served_there = stated.get(position + 1).is_some_and(|next| next.place == stop.place);
        if stop.task == Task::Break && served_there && may_begin(shift, stop.start - ride) {
            stops.push(Stop { task: stop.task, arrival: free, start: stop.start - ride, end: stop.end - ride });
        } else {
            stops.push(Stop { task: stop.task, arrival: free + ride, start: stop.start, end: stop.end });
        }
        (here, free) = (stop.place, stop.end);
    }
    Route { departure, stops, back: free + problem.travel_time(id, here, shift.to) }
}

/// Whether the shift's break rule lets a break begin at `begin`, as far as its opening goes.
fn may_begin(shift: &Shift, begin: Moment) -> bool {
    shift.pause.is_some_and(|rule| begin >= rule.open)
}

/// The plan of these routes; visits in none are unserved.
pub(crate) fn plan(problem: &Problem, routes: IdVec<ShiftId, Route>) -> Plan {
    let served: BTreeSet<VisitId> = routes.iter().flat_map(Route::visits).collect();
    Plan { routes, unserved: problem.visits().ids().filter(|visit| !served.contains(visit)).collect() }
}
