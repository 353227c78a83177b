//! The rest of the day: what can still be planned, as a problem of its own.
//!
//! Visits and shifts keep their ids. A frozen visit stays as an optional one that nobody may give and that is free to leave out; its shift
//! begins where and when the carer's last frozen stop ends. Links to frozen visits become windows and forbidden carers of their partners.
//! Terms across shifts (greatest idle time, balance) see the rest only; the joined plan is priced in full.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::{Hold, Standing, is_on_duty};
use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{
    CarerId, Departure, IdVec, LATEST, Link, Moment, Need, Objective, Problem, ProblemBuilder, ProblemError, Shift, ShiftId, Term, Ticks, Visit,
    VisitId, Weight, Window,
};

/// The rest of the day and what it is joined to.
#[derive(Debug)]
pub(super) struct Rest {
    /// The problem to solve.
    pub(super) problem: Problem,
    /// Whether nothing is settled, so that the rest is the whole day.
    pub(super) is_whole: bool,
    standing: Standing,
}

impl Rest {
    /// What is left of the promised problem from `until` on.
    pub(super) fn new(promised: &Problem, standing: Standing, until: Moment) -> Result<Self, ProblemError> {
        let mut parts = promised.to_builder();
        for id in promised.shifts().ids() {
            begin_after(promised, &mut parts.shifts[id], &standing.stops[id]);
        }
        // Linked visits are served all or none.
        let are_hopeless = |id: VisitId| {
            let is = |&one: &VisitId| standing.holds[one] == Hold::Free && is_hopeless(&promised.visits()[one], until, promised.objective());
            promised.cluster_of(id).members.iter().all(is)
        };
        for (id, &hold) in standing.holds.enumerate() {
            let visit = &mut parts.visits[id];
            match hold {
                Hold::Frozen(..) => withdraw(visit),
                Hold::Carer(_, start) => visit.windows = from(&visit.windows, start),
                Hold::Free if are_hopeless(id) => visit.allowed = Some(Vec::new()),
                Hold::Free => visit.windows = from(&visit.windows, until),
            }
        }
        keep_contents(promised, &standing, &mut parts);
        let links = std::mem::take(&mut parts.links);
        for link in links {
            match (standing.holds[link.first], standing.holds[link.second]) {
                (Hold::Frozen(..), Hold::Frozen(..)) => {}
                (Hold::Frozen(carer, start), _) => bind(&mut parts, link.second, &link, carer, (start + link.min, start + link.max), until),
                (_, Hold::Frozen(carer, start)) => bind(&mut parts, link.first, &link, carer, (start - link.max, start - link.min), until),
                _ => parts.links.push(link),
            }
        }
        let is_whole = parts.visits == *promised.visits() && parts.shifts == *promised.shifts();
        Ok(Self { problem: parts.build()?, is_whole, standing })
    }

    /// Whether a visit keeps carer and start whatever happens.
    pub(super) fn is_frozen(&self, visit: VisitId) -> bool {
        matches!(self.standing.holds[visit], Hold::Frozen(..))
    }

    /// The published plan as far as it still can be: what the events made impossible is left out.
    pub(super) fn start(&self, published: &Plan, causes: &BTreeMap<VisitId, String>) -> Plan {
        let problem = &self.problem;
        let mut stops: IdVec<ShiftId, Vec<Stop>> = vec![Vec::new(); problem.shifts().len()].into();
        for (id, route) in published.routes.enumerate() {
            for stop in &route.stops {
                if let Some(shift) = self.shift_of(id, stop, causes) {
                    stops[shift].push(*stop);
                }
            }
        }
        let served: BTreeSet<VisitId> = stops.iter().flatten().filter_map(visit_of).collect();
        let has_all = |visit: VisitId| problem.cluster_of(visit).members.iter().all(|member| served.contains(member));
        for stops in stops.iter_mut() {
            stops.retain(|stop| visit_of(stop).is_none_or(has_all));
            stops.sort_by_key(|stop| stop.start);
        }
        let unserved = problem.visits().ids().filter(|&visit| !(served.contains(&visit) && has_all(visit))).collect();
        let routes = stops.enumerate().map(|(id, stops)| timed(problem, id, stops.clone())).collect();
        Plan { routes, unserved }
    }

    /// The shift that can still take a published stop: its own, or another of the same carer where an absence has split it.
    fn shift_of(&self, id: ShiftId, stop: &Stop, causes: &BTreeMap<VisitId, String>) -> Option<ShiftId> {
        let shift = &self.problem.shifts()[id];
        let Some(visit) = visit_of(stop) else {
            let frozen = self.standing.stops[id].iter().any(|kept| kept.task == Task::Break);
            return (!frozen && is_on_duty(shift, stop, causes)).then_some(id);
        };
        if let Hold::Frozen(..) = self.standing.holds[visit] {
            return None;
        }
        let able = self.problem.able_shifts(visit);
        let is_cut = causes.contains_key(&visit) && (stop.end > shift.end || stop.start < shift.start);
        if !is_cut {
            return able.contains(&id).then_some(id);
        }
        let covers = |other: &Shift| other.carer == shift.carer && other.start <= stop.start && stop.end <= other.end;
        able.iter().copied().find(|&other| covers(&self.problem.shifts()[other]))
    }

    /// The plan of the whole day: what is frozen, then this plan of the rest.
    pub(super) fn join(&self, promised: &Problem, rest: &Plan) -> Plan {
        let join = |(id, route): (ShiftId, &Route)| {
            let begun = &self.standing.stops[id];
            if begun.is_empty() { route.clone() } else { timed(promised, id, begun.iter().chain(&route.stops).copied().collect()) }
        };
        Plan {
            routes: rest.routes.enumerate().map(join).collect(),
            unserved: rest.unserved.iter().copied().filter(|&visit| !self.is_frozen(visit)).collect(),
        }
    }
}

fn visit_of(stop: &Stop) -> Option<VisitId> {
    match stop.task {
        Task::Visit(visit) => Some(visit),
        Task::Break => None,
    }
}

/// Lets a shift begin where its frozen stops end.
fn begin_after(promised: &Problem, shift: &mut Shift, begun: &[Stop]) {
    let Some(last) = begun.last() else { return };
    let visits = || begun.iter().filter_map(visit_of).map(|visit| &promised.visits()[visit]);
    // What has passed of the free time need not come again.
    shift.slack.free = (shift.slack.free - free_until_now(promised, shift, begun)).max(Ticks(0));
    if let Some(visit) = visits().next_back() {
        shift.from = visit.place;
        // It is in use whatever comes.
        shift.use_cost = 0;
    }
    shift.start = match (last.task, &shift.pause) {
        (Task::Visit(visit), _) => last.start + promised.visits()[visit].duration,
        (Task::Break, rule) => last.start + rule.map_or(Ticks(0), |rule| rule.min_duration),
    };
    shift.end = shift.end.max(shift.start);
    shift.capacity = shift.capacity.map(|capacity| (capacity - visits().map(|visit| visit.load).sum::<i64>()).max(0));
    if begun.iter().any(|stop| stop.task == Task::Break) {
        shift.pause = None;
    }
}

/// Time in frozen stops and before them that was neither service nor travel nor break.
fn free_until_now(promised: &Problem, shift: &Shift, begun: &[Stop]) -> Ticks {
    let mode = promised.carers()[shift.carer].mode;
    let first = begun.iter().find_map(visit_of).map(|visit| promised.visits()[visit].place);
    let ride = first.map_or(Ticks(0), |place| promised.travel().time(mode, shift.from, place));
    let before = begun.first().map_or(Ticks(0), |stop| stop.arrival - ride - shift.start);
    begun.iter().fold(before, |free, stop| free + (stop.start - stop.arrival))
}

/// Leaves what was published as it was, whatever else was asked for: of alternatives the published one stays, otherwise the granted help.
fn keep_contents(promised: &Problem, standing: &Standing, parts: &mut ProblemBuilder) {
    for id in promised.visits().ids().filter(|&id| promised.has_alternatives(id)) {
        // Whose carer is gone is in no route any more, but its promise outlives the shift.
        let given = promised.alternatives(id).find(|&one| standing.is_given[one]);
        let kept = given.or_else(|| promised.alternatives(id).find(|&one| promised.visits()[one].published.is_some()));
        let kept = kept.unwrap_or(promised.granted(id));
        parts.visits[id].content.instead_of = None;
        if id != kept {
            withdraw(&mut parts.visits[id]);
        }
    }
}

/// Takes a visit out of the problem without changing any id.
fn withdraw(visit: &mut Visit) {
    visit.allowed = Some(Vec::new());
    visit.need = Need::Optional;
    visit.unserved_cost = 0;
}

/// The windows from a moment on. Where all have closed by then, the visit is to start at once.
fn from(windows: &[Window], moment: Moment) -> Vec<Window> {
    within(windows, (moment, LATEST)).unwrap_or_else(|| vec![Window { open: moment, close: moment }])
}

/// What of the windows lies in a range, if anything does.
fn within(windows: &[Window], (low, high): (Moment, Moment)) -> Option<Vec<Window>> {
    let cut = windows.iter().map(|window| Window { open: window.open.max(low), close: window.close.min(high) });
    let left: Vec<Window> = cut.filter(|window| window.open <= window.close).collect();
    (!left.is_empty()).then_some(left)
}

/// Whether a visit whose windows have closed costs less left out than late.
fn is_hopeless(visit: &Visit, until: Moment, objective: &Objective) -> bool {
    let closed = visit.windows.last().map_or(until, |window| window.close);
    if closed >= until {
        return false;
    }
    let left_out = match (objective.weight(Term::Unserved), visit.need) {
        (Weight::Hard, Need::Required) => return false,
        (Weight::Hard, Need::Optional) => visit.unserved_cost,
        (Weight::Soft(price), _) => visit.unserved_cost.saturating_mul(price),
    };
    match objective.weight(Term::Lateness) {
        Weight::Hard => true,
        Weight::Soft(price) => (until - closed).0.saturating_mul(price) >= left_out,
    }
}

/// Ties a visit to the frozen one at the other end of a link, whose carer and the range that it leaves are given.
fn bind(parts: &mut ProblemBuilder, visit: VisitId, link: &Link, carer: CarerId, (low, high): (Moment, Moment), until: Moment) {
    let dearest = parts.visits.iter().map(|visit| visit.unserved_cost).max().unwrap_or(0);
    let everybody: Vec<CarerId> = parts.carers.ids().collect();
    let visit = &mut parts.visits[visit];
    // Linked visits are served both or neither, and the other one is.
    visit.need = Need::Required;
    visit.unserved_cost = dearest;
    if link.different_carers {
        visit.allowed.get_or_insert(everybody).retain(|&other| other != carer);
    }
    let low = low.max(until).min(LATEST);
    let high = high.min(LATEST).max(low);
    visit.windows = within(&visit.windows, (low, high)).unwrap_or_else(|| vec![Window { open: low, close: high }]);
}

/// The route of these stops in this order: each starts when it did, or as soon as the carer is there and the visit may begin. Breaks take
/// up the waiting behind them as far as their rule lets them.
pub(super) fn timed(problem: &Problem, id: ShiftId, stops: Vec<Stop>) -> Route {
    let shift = &problem.shifts()[id];
    let mut route = Route { departure: shift.start, stops, back: shift.start };
    let (mut free_at, mut here) = (shift.start, shift.from);
    for position in 0..route.stops.len() {
        let there = route.place_of(problem, position, here);
        let ride = problem.travel_time(id, here, there);
        let next = route.stops.get(position + 1).map(|next| next.start);
        let stop = &mut route.stops[position];
        let opens = match (stop.task, shift.pause) {
            (Task::Visit(visit), _) => problem.visits()[visit].windows[0].open,
            (Task::Break, rule) => rule.map_or(stop.start, |rule| rule.open),
        };
        let start = stop.start.max(opens);
        if position == 0 && problem.objective().departure == Departure::JustInTime {
            free_at = shift.start.max(start - ride);
            route.departure = free_at;
        }
        stop.arrival = free_at + ride;
        stop.start = start.max(stop.arrival);
        stop.end = match (stop.task, shift.pause) {
            (Task::Visit(visit), _) => stop.start + problem.visits()[visit].duration,
            (Task::Break, Some(rule)) => {
                let shortest = stop.start + rule.min_duration;
                next.unwrap_or(shortest).min(rule.latest_end).max(shortest)
            }
            (Task::Break, None) => stop.end,
        };
        (free_at, here) = (stop.end, there);
    }
    if !route.stops.is_empty() {
        route.back = free_at + problem.travel_time(id, here, shift.to);
    }
    route
}
