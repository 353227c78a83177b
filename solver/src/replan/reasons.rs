//! What a replan changed, and why: the event that touched a visit, or what displaced it.

use std::collections::BTreeMap;

use super::Change;
use crate::plan::{Plan, Served, Task};
use crate::problem::{CarerId, IdVec, Moment, Need, Problem, Published, ShiftId, Ticks, VisitId};

/// All changes in time order, each with its reason. `problem` has the promises.
pub(super) fn changes(problem: &Problem, published: &Plan, causes: &BTreeMap<VisitId, String>, plan: &Plan) -> Vec<Change> {
    let (before, after) = (published.served(problem), plan.served(problem));
    let mut day = Day { problem, causes, published, plan, before, after, changed: IdVec::new() };
    day.changed = problem.visits().ids().map(|visit| day.is_changed(visit)).collect();
    let place = |served: Option<Served>| served.map(|served| (served.shift, served.start));
    let change = |visit: VisitId| Change { visit, before: place(day.before[visit]), after: place(day.after[visit]), reason: day.reason(visit) };
    let mut changes: Vec<Change> = problem.visits().ids().filter(|&visit| day.changed[visit]).map(change).collect();
    changes.sort_by_key(|change| (day.time(change), change.visit));
    changes
}

/// The day before and after.
struct Day<'a> {
    problem: &'a Problem,
    causes: &'a BTreeMap<VisitId, String>,
    published: &'a Plan,
    plan: &'a Plan,
    before: IdVec<VisitId, Option<Served>>,
    after: IdVec<VisitId, Option<Served>>,
    changed: IdVec<VisitId, bool>,
}

impl Day<'_> {
    fn promise(&self, visit: VisitId) -> Option<Published> {
        self.problem.visits()[visit].published
    }

    fn carer(&self, shift: ShiftId) -> CarerId {
        self.problem.shifts()[shift].carer
    }

    fn is_changed(&self, visit: VisitId) -> bool {
        match (self.promise(visit), self.after[visit]) {
            (Some(promise), Some(now)) => self.carer(now.shift) != promise.carer || promise.is_moved(now.start),
            (Some(_), None) | (None, Some(_)) => true,
            // What is given or was promised instead speaks for it.
            (None, None) => {
                let mut others = self.problem.alternatives(visit).filter(|&one| one != visit);
                self.causes.contains_key(&visit)
                    && self.problem.granted(visit) == visit
                    && !others.any(|one| self.after[one].is_some() || self.promise(one).is_some())
            }
        }
    }

    fn time(&self, change: &Change) -> Moment {
        let promised = self.promise(change.visit).map(|promise| promise.start);
        let served = change.after.or(change.before).map(|(_, start)| start);
        served.or(promised).unwrap_or(self.problem.visits()[change.visit].windows[0].open)
    }

    fn reason(&self, visit: VisitId) -> String {
        let Some(now) = self.after[visit] else { return self.left_out(visit) };
        if let Some(cause) = self.causes.get(&visit) {
            return cause.clone();
        }
        let carer = &self.problem.carers()[self.carer(now.shift)].label;
        match self.promise(visit) {
            None => format!("newly served: carer {carer} has room for it"),
            Some(promise) if promise.carer == self.carer(now.shift) => self.other_time(visit, &promise, now),
            Some(promise) => self.other_carer(visit, &promise, now),
        }
    }

    fn left_out(&self, visit: VisitId) -> String {
        let why = match self.problem.visits()[visit].need {
            _ if self.problem.able_shifts(visit).is_empty() => "no carer on duty may give it",
            Need::Required => "no able carer free within its window",
            Need::Optional => "it is optional and would cost more than it is worth",
        };
        let root = match self.causes.get(&visit) {
            Some(cause) => format!(" ({cause})"),
            None => self.partner(visit).map(|partner| format!("; it goes with {}", self.named(partner))).unwrap_or_else(|| self.at_promised(visit)),
        };
        format!("visit left out: {why}{root}")
    }

    /// What the promised carer does instead.
    fn at_promised(&self, visit: VisitId) -> String {
        let promise = self.promise(visit);
        let taken = promise.and_then(|promise| Some((promise, self.entered(visit, promise.carer, promise.start, |_| true)?)));
        taken.map_or_else(String::new, |(promise, other)| format!("; {}", self.takes(promise.carer, other)))
    }

    fn other_carer(&self, visit: VisitId, promise: &Published, now: Served) -> String {
        let label = |carer: CarerId| &self.problem.carers()[carer].label;
        let swap = format!("carer {} instead of {}", label(self.carer(now.shift)), label(promise.carer));
        let near = promise.start;
        if let Some(other) = self.entered(visit, promise.carer, near, |_| true) {
            return format!("{swap}: {}", self.takes(promise.carer, other));
        }
        if let Some(other) = self.among(visit, promise.carer, near, |other| self.causes.contains_key(&other)) {
            return format!("{swap}: {} is at another time", self.named(other));
        }
        if promise.is_moved(now.start)
            && let Some(partner) = self.partner(visit)
        {
            return format!("{swap}: {}", self.together(partner));
        }
        format!("{swap} {}", self.cheap(visit))
    }

    fn other_time(&self, visit: VisitId, promise: &Published, now: Served) -> String {
        let carer = promise.carer;
        let minutes = self.problem.clock().minutes(Ticks((now.start - promise.start).0.abs())).round().max(1.0);
        let is_later = now.start > promise.start;
        let shift = format!("moved {minutes} minute{} {}", if minutes > 1.0 { "s" } else { "" }, if is_later { "later" } else { "earlier" });
        let partner = self.partner(visit);
        if let Some(partner) = partner.filter(|partner| self.causes.contains_key(partner)) {
            return format!("{shift}: {}", self.together(partner));
        }
        // A visit put in before this one pushes it later, one put in behind it draws it earlier.
        let pushes = |other: Moment| (other <= now.start) == is_later;
        if let Some(other) = self.entered(visit, carer, now.start, pushes).or_else(|| self.entered(visit, carer, now.start, |_| true)) {
            return format!("{shift}: {}", self.takes(carer, other));
        }
        if let Some(partner) = partner {
            return format!("{shift}: {}", self.together(partner));
        }
        let moves_too = |other: VisitId| self.changed[other] && self.after[other].is_some_and(|served| pushes(served.start));
        if let Some(other) = self.among(visit, carer, now.start, moves_too) {
            return format!("{shift}: {} on the same route moves too", self.named(other));
        }
        format!("{shift} {}", self.cheap(visit))
    }

    /// The visit that came newly to a carer's day and matters most to another: one that an event touched, then the nearest in time.
    fn entered(&self, visit: VisitId, carer: CarerId, near: Moment, fits: impl Fn(Moment) -> bool) -> Option<VisitId> {
        let is_new = |other: VisitId| self.promise(other).is_none_or(|promise| promise.carer != carer);
        self.among(visit, carer, near, |other| is_new(other) && self.after[other].is_some_and(|served| fits(served.start)))
    }

    /// The visit of a carer's new day that is meant, other than `visit`: one that an event touched, then the nearest in time.
    fn among(&self, visit: VisitId, carer: CarerId, near: Moment, is_meant: impl Fn(VisitId) -> bool) -> Option<VisitId> {
        let shifts = self.plan.routes.enumerate().filter(|(shift, _)| self.carer(*shift) == carer);
        let visits = shifts.flat_map(|(_, route)| &route.stops).filter_map(|stop| match stop.task {
            Task::Visit(other) if other != visit && is_meant(other) => Some((!self.causes.contains_key(&other), (stop.start - near).0.abs(), other)),
            _ => None,
        });
        visits.min().map(|(_, _, other)| other)
    }

    /// A changed visit that is linked with this one: one that an event touched, if there is one.
    fn partner(&self, visit: VisitId) -> Option<VisitId> {
        let members = self.problem.cluster_of(visit).members.iter().copied();
        let changed = members.filter(|&other| other != visit && (self.changed[other] || self.causes.contains_key(&other)));
        changed.min_by_key(|other| (!self.causes.contains_key(other), *other))
    }

    fn together(&self, partner: VisitId) -> String {
        let named = self.named(partner);
        let is_same_start = |visit: VisitId| {
            self.problem.links().iter().any(|link| (link.first == visit || link.second == visit) && link.min == link.max && link.min == Ticks(0))
        };
        if is_same_start(partner) { format!("two carers must come together with {named}") } else { format!("tied in time to {named}") }
    }

    fn takes(&self, carer: CarerId, other: VisitId) -> String {
        format!("carer {} also takes {}", self.problem.carers()[carer].label, self.named(other))
    }

    /// A visit, and what touched it.
    fn named(&self, visit: VisitId) -> String {
        let label = &self.problem.visits()[visit].label;
        self.causes.get(&visit).map_or_else(|| format!("visit {label}"), |cause| format!("visit {label} ({cause})"))
    }

    /// What is to be said of a change that nothing forced.
    fn cheap(&self, visit: VisitId) -> String {
        let saved = match (self.before[visit], self.after[visit]) {
            (Some(before), Some(after)) => self.detour(self.published, before, visit).0 - self.detour(self.plan, after, visit).0,
            _ => 0,
        };
        let minutes = self.problem.clock().minutes(Ticks(saved)).round();
        match minutes {
            minutes if minutes >= 2.0 => format!("to keep the plan cheap (saves {minutes} minutes of travel)"),
            minutes if minutes >= 1.0 => "to keep the plan cheap (saves a minute of travel)".into(),
            _ => "to keep the plan cheap".into(),
        }
    }

    /// What a visit adds to the travel of its route.
    fn detour(&self, plan: &Plan, at: Served, visit: VisitId) -> Ticks {
        let shift = &self.problem.shifts()[at.shift];
        let place = |visit: VisitId| self.problem.visits()[visit].place;
        let visits: Vec<VisitId> = plan.routes[at.shift].visits().collect();
        let position = visits.iter().position(|&other| other == visit).unwrap_or(0);
        let from = position.checked_sub(1).map_or(shift.from, |at| place(visits[at]));
        let to = visits.get(position + 1).map_or(shift.to, |&next| place(next));
        let ride = |from, to| self.problem.travel_time(at.shift, from, to);
        let direct = if visits.len() == 1 { Ticks(0) } else { ride(from, to) };
        ride(from, place(visit)) + ride(place(visit), to) - direct
    }
}
