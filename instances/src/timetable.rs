//! From the stops that a plan states to routes with every time the model wants.

use std::collections::BTreeSet;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Departure, IdVec, Moment, PlaceId, Problem, Shift, ShiftId, Ticks, VisitId};

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
/// The model takes a break where the next visit is. A break stated at the stop before comes before the ride; it is moved behind that ride
/// where the shift's break rule allows so late a begin. All waiting, and with it the cost, stays the same. Otherwise it keeps its stated
/// times, and the checker finds that the carer cannot be there yet.
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
        Departure::JustInTime => {
            let next = stated.iter().find(|next| next.task != Task::Break);
            let there = next.map_or(shift.from, |next| next.place);
            let eats_at_base = first.task == Task::Break && first.place == shift.from;
            first.start - if eats_at_base { Ticks::ZERO } else { problem.travel_time(id, shift.from, there) }
        }
    };
    let (mut here, mut free) = (shift.from, departure);
    let mut stops = Vec::with_capacity(stated.len());
    for (position, stop) in stated.iter().enumerate() {
        let next = stated[position..].iter().find(|next| next.task != Task::Break);
        let there = if stop.task == Task::Break { next.map_or(here, |next| next.place) } else { stop.place };
        let ride = problem.travel_time(id, here, there);
        let eats_first = stop.task == Task::Break && there != stop.place && stop.start - free < ride;
        let later = if eats_first && may_begin(shift, stop.start + ride) { ride } else { Ticks::ZERO };
        stops.push(Stop { task: stop.task, arrival: free + ride, start: stop.start + later, end: stop.end + later });
        (here, free) = (there, stop.end + later);
    }
    Route { departure, stops, back: free + problem.travel_time(id, here, shift.to) }
}

/// Whether the shift's break rule lets a break begin at `begin`, as far as its latest begin goes.
fn may_begin(shift: &Shift, begin: Moment) -> bool {
    shift.pause.is_some_and(|rule| begin <= rule.latest_begin)
}

/// The plan of these routes; visits in none are unserved.
pub(crate) fn plan(problem: &Problem, routes: IdVec<ShiftId, Route>) -> Plan {
    let served: BTreeSet<VisitId> = routes.iter().flat_map(Route::visits).collect();
    Plan { routes, unserved: problem.visits().ids().filter(|visit| !served.contains(visit)).collect() }
}
