//! What of the published plan stands: the stops before the freeze.

use std::collections::BTreeMap;

use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{CarerId, IdVec, Moment, Problem, Shift, ShiftId, VisitId};

/// What is settled about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Nothing.
    Free,
    /// The carer, and a start no earlier than this: published before the freeze, but an event keeps it or one before it from its start.
    Carer(CarerId, Moment),
    /// Carer and start.
    Frozen(CarerId, Moment),
}

/// The frozen part of a published plan.
#[derive(Debug)]
pub(super) struct Standing {
    /// The frozen stops that begin each route, breaks among them.
    pub(super) stops: IdVec<ShiftId, Vec<Stop>>,
    /// By visit.
    pub(super) holds: IdVec<VisitId, Hold>,
    /// By visit, whether the published plan gives it.
    pub(super) is_given: IdVec<VisitId, bool>,
    /// When each shift's carer leaves by the published plan; `None` if the shift is not used.
    pub(super) departures: IdVec<ShiftId, Option<Moment>>,
}

impl Standing {
    /// The stops that start before `until`, as far as the events let them stand.
    pub(super) fn of(problem: &Problem, published: &Plan, until: Moment, causes: &BTreeMap<VisitId, String>) -> Self {
        let mut holds: IdVec<VisitId, Hold> = vec![Hold::Free; problem.visits().len()].into();
        let mut stops = IdVec::new();
        for (id, shift) in problem.shifts().enumerate() {
            let begun = published.routes[id].stops.iter().filter(|stop| stop.start < until && is_on_duty(shift, stop, causes));
            let begun = Route { stops: begun.copied().collect(), ..published.routes[id].clone() };
            let kept = n_kept(problem, id, shift, &begun);
            for (position, stop) in begun.stops.iter().enumerate() {
                if let Task::Visit(visit) = stop.task {
                    holds[visit] = if position < kept { Hold::Frozen(shift.carer, stop.start) } else { Hold::Carer(shift.carer, stop.start) };
                }
            }
            stops.push(begun.stops[..kept].to_vec());
        }
        let departures = published.routes.iter().map(|route| (!route.stops.is_empty()).then_some(route.departure)).collect();
        let is_given = published.served(problem).iter().map(Option::is_some).collect();
        Self { stops, holds, is_given, departures }
    }
}

/// Whether the carer of a stop is there for it. A published stop may be overtime; one that an event touched and that lies outside what is
/// left of the shift is not: the shift was cut.
pub(super) fn is_on_duty(shift: &Shift, stop: &Stop, causes: &BTreeMap<VisitId, String>) -> bool {
    match stop.task {
        Task::Visit(visit) => stop.start >= shift.start && !(causes.contains_key(&visit) && stop.start >= shift.end),
        Task::Break => shift.pause.is_some() && stop.start >= shift.start,
    }
}

/// How many of the first stops can still start when they were to.
fn n_kept(problem: &Problem, id: ShiftId, shift: &Shift, begun: &Route) -> usize {
    let (mut free_at, mut here) = (shift.start, shift.from);
    for (position, stop) in begun.stops.iter().enumerate() {
        let there = begun.place_of(problem, position, here);
        let arrival = free_at + problem.travel_time(id, here, there);
        let opens = match stop.task {
            Task::Visit(visit) => problem.visits()[visit].windows[0].open,
            Task::Break => shift.pause.map_or(stop.start, |rule| rule.open),
        };
        if stop.start < arrival.max(opens) {
            return position;
        }
        free_at = match stop.task {
            Task::Visit(visit) => stop.start + problem.visits()[visit].duration,
            Task::Break => stop.end,
        };
        here = there;
    }
    begun.stops.len()
}
