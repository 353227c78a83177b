//! A route read leg by leg: what both the times and the charges are judged on.

use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{Moment, PlaceId, Problem, ShiftId, Visit, VisitId};

/// One stop and the way to it.
pub(super) struct Leg<'a> {
    pub(super) stop: &'a Stop,
    /// The visit that the stop serves; `None` for a break.
    pub(super) visit: Option<(VisitId, &'a Visit)>,
    /// When the carer leaves the place before.
    pub(super) leaves: i128,
    /// Travel time from there.
    pub(super) ride: i128,
}

/// A whole route with at least one stop that can be read.
pub(super) struct Walk<'a> {
    pub(super) legs: Vec<Leg<'a>>,
    /// When the carer sets out for the shift's end place.
    pub(super) leaves: i128,
    /// Travel time to the shift's end place.
    pub(super) ride_home: i128,
}

/// A moment as a plain wide number: differences of any two cannot overflow.
pub(super) fn ticks(moment: Moment) -> i128 {
    i128::from(moment.0)
}

/// Every shift with its route; `None` where the plan has too few.
pub(super) fn routes<'a>(problem: &'a Problem, plan: &'a Plan) -> impl Iterator<Item = (ShiftId, Option<&'a Route>)> {
    problem.shifts().ids().map(|shift| (shift, plan.routes.get(shift)))
}

/// Every stop at a visit of the problem, with its shift, in shift order. Stops at unknown visits are passed over.
pub(super) fn services<'a>(problem: &'a Problem, plan: &'a Plan) -> impl Iterator<Item = (ShiftId, VisitId, &'a Visit, &'a Stop)> {
    routes(problem, plan).flat_map(move |(shift, route)| {
        route.into_iter().flat_map(|route| &route.stops).filter_map(move |stop| match stop.task {
            Task::Visit(id) => problem.visits().get(id).map(|visit| (shift, id, visit, stop)),
            Task::Break => None,
        })
    })
}

/// Reads a route; `None` if it has no stop. Stops at unknown visits are passed over.
pub(super) fn walk<'a>(problem: &'a Problem, shift: ShiftId, route: &'a Route) -> Option<Walk<'a>> {
    let facts = &problem.shifts()[shift];
    let mode = problem.carers()[facts.carer].mode;
    let ride = |from: PlaceId, to: PlaceId| i128::from(problem.travel().time(mode, from, to).0);
    let mut legs = Vec::new();
    let (mut here, mut leaves) = (facts.from, ticks(route.departure));
    for (stop, place) in route.stops.iter().zip(places(problem, route)) {
        let visit = match stop.task {
            Task::Visit(id) => match problem.visits().get(id) {
                Some(visit) => Some((id, visit)),
                None => continue,
            },
            Task::Break => None,
        };
        let there = place.unwrap_or(here);
        legs.push(Leg { stop, visit, leaves, ride: ride(here, there) });
        (here, leaves) = (there, ticks(stop.end));
    }
    (!legs.is_empty()).then(|| Walk { legs, leaves, ride_home: ride(here, facts.to) })
}

/// For each stop the place of the first visit from there on, which is a break's place too; `None` if no visit follows, and the break is
/// where the carer is.
fn places(problem: &Problem, route: &Route) -> Vec<Option<PlaceId>> {
    let mut places = vec![None; route.stops.len()];
    let mut after = None;
    for (place, stop) in places.iter_mut().zip(&route.stops).rev() {
        if let Task::Visit(id) = stop.task {
            after = problem.visits().get(id).map(|visit| visit.place).or(after);
        }
        *place = after;
    }
    places
}
