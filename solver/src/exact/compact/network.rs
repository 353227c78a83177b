//! The arcs a plan of interest can use, and when it can start each visit.

use crate::problem::{Cost, IdVec, Link, Problem, ShiftId, Term, VisitId};

/// One leg of a shift's route; `None` is the shift's start place as `from` and its end place as `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc {
    pub(super) shift: ShiftId,
    pub(super) from: Option<VisitId>,
    pub(super) to: Option<VisitId>,
    /// Whether the shift's break is taken on this leg, at the place of `from`.
    pub(super) pause: bool,
}

impl Arc {
    /// Whether this leg says that the shift has no route.
    pub(super) fn is_unused(self) -> bool {
        self.from.is_none() && self.to.is_none() && !self.pause
    }

    /// Ticks travelled.
    pub(super) fn ride(self, problem: &Problem) -> i64 {
        if self.is_unused() {
            return 0;
        }
        let shift = &problem.shifts()[self.shift];
        let from = self.from.map_or(shift.from, |visit| problem.visits()[visit].place);
        let to = self.to.map_or(shift.to, |visit| problem.visits()[visit].place);
        problem.travel_time(self.shift, from, to).0
    }

    /// Ticks of travel and of the service at `to`.
    pub(super) fn work(self, problem: &Problem) -> i64 {
        self.ride(problem) + self.to.map_or(0, |visit| problem.visits()[visit].duration.0)
    }

    /// Shortest ticks from the start at `from` to the start at `to`.
    pub(super) fn length(self, problem: &Problem) -> i64 {
        self.from.map_or(0, |visit| problem.visits()[visit].duration.0) + self.rest(problem) + self.ride(problem)
    }

    fn rest(self, problem: &Problem) -> i64 {
        if self.pause { problem.shifts()[self.shift].pause.map_or(0, |rule| rule.min_duration.0) } else { 0 }
    }

    /// Earliest moment at `to` for a carer who is free at `from` from `ready` on.
    pub(super) fn arrival(self, problem: &Problem, ready: i64) -> i64 {
        let open = problem.shifts()[self.shift].pause.filter(|_| self.pause).map_or(i64::MIN, |rule| rule.open.0);
        ready.max(open) + self.rest(problem) + self.ride(problem)
    }

    /// Latest moment to be free at `from` for a carer who must be at `to` by `deadline`.
    pub(super) fn last_call(self, problem: &Problem, deadline: i64) -> i64 {
        let latest = problem.shifts()[self.shift].pause.filter(|_| self.pause).map_or(i64::MAX, |rule| rule.latest_begin.0);
        latest.min(deadline - self.rest(problem) - self.ride(problem))
    }
}

/// Bounds on times that hold in every plan no dearer than the incumbent, in ticks, and the arcs such a plan can use.
#[derive(Clone, Debug)]
pub(super) struct Network {
    /// Earliest service start.
    pub(super) earliest: IdVec<VisitId, i64>,
    /// Latest service start. Below `earliest` for a visit that no such plan serves.
    pub(super) latest: IdVec<VisitId, i64>,
    /// Latest return.
    pub(super) back: IdVec<ShiftId, i64>,
    /// The arcs, grouped by shift.
    pub(super) arcs: Vec<Arc>,
    /// Shortest ticks from leaving the shift's start place to a visit's start, and from there to being back. Not the direct ride: where
    /// rides break the triangle inequality, a way over other visits can be shorter.
    reach: IdVec<ShiftId, IdVec<VisitId, (i64, i64)>>,
}

impl Network {
    /// The bounds that follow from windows, shifts, links and what the incumbent's cost leaves for lateness and overtime.
    pub(super) fn new(problem: &Problem, incumbent: Option<Cost>) -> Self {
        let objective = problem.objective();
        let horizon = horizon(problem);
        let allowance = |terms: &[Term]| {
            let price: i64 = terms.iter().map(|&term| objective.soft(term)).sum();
            match incumbent {
                _ if terms.iter().any(|&term| objective.is_hard(term)) => 0,
                Some(cost) if price > 0 => cost.0 / price,
                _ => horizon,
            }
        };
        let late = allowance(&[Term::Lateness, Term::GreatestLateness]);
        let over = allowance(&[Term::Overtime]);
        let back: IdVec<ShiftId, i64> = problem.shifts().iter().map(|shift| (shift.end.0 + over).min(horizon)).collect();
        let visits = problem.visits();
        let mut network = Self {
            earliest: visits.iter().map(|visit| visit.windows[0].open.0).collect(),
            latest: visits.iter().map(|visit| (visit.windows[visit.windows.len() - 1].close.0 + late).min(horizon)).collect(),
            back,
            arcs: Vec::new(),
            reach: problem.shifts().ids().map(|shift| reach(problem, shift)).collect(),
        };
        network.refresh(problem);
        network.arcs = all_arcs(problem).filter(|&arc| network.is_useful(problem, arc)).collect();
        network
    }

    /// When a shift can start a visit, by the shift's own limits: earliest and latest.
    pub(super) fn span(&self, problem: &Problem, id: ShiftId, visit: VisitId) -> (i64, i64) {
        let (there, home) = self.reach[id][visit];
        let (first, last) = (problem.shifts()[id].start.0 + there, self.back[id] - home);
        (self.earliest[visit].max(first), self.latest[visit].min(last))
    }

    /// Earliest moment to be free at `from`.
    pub(super) fn ready(&self, problem: &Problem, arc: Arc) -> i64 {
        match arc.from {
            None => problem.shifts()[arc.shift].start.0,
            Some(visit) => self.span(problem, arc.shift, visit).0 + problem.visits()[visit].duration.0,
        }
    }

    /// Latest moment to be at `to`.
    pub(super) fn deadline(&self, problem: &Problem, arc: Arc) -> i64 {
        arc.to.map_or(self.back[arc.shift], |visit| self.span(problem, arc.shift, visit).1)
    }

    /// Whether a visit can be served at all within the bounds.
    pub(super) fn is_servable(&self, visit: VisitId) -> bool {
        self.earliest[visit] <= self.latest[visit]
    }

    /// Largest `start(i) - start(j)`, by bounds and links: the big-M of an arc from i to j.
    pub(super) fn headway(&self, problem: &Problem, i: VisitId, j: VisitId) -> i64 {
        let bound = self.latest[i] - self.earliest[j];
        let cluster = problem.cluster_of(i);
        match (cluster.members.binary_search(&i), cluster.members.binary_search(&j)) {
            (Ok(i), Ok(j)) => bound.min(-cluster.gap(i, j)),
            _ => bound,
        }
    }

    /// Takes tighter bounds and drops the arcs they rule out.
    pub(super) fn tighten(&mut self, problem: &Problem, earliest: &[(VisitId, i64)], latest: &[(VisitId, i64)]) {
        for &(visit, moment) in earliest {
            self.earliest[visit] = self.earliest[visit].max(moment);
        }
        for &(visit, moment) in latest {
            self.latest[visit] = self.latest[visit].min(moment);
        }
        self.refresh(problem);
        let arcs = std::mem::take(&mut self.arcs);
        self.arcs = arcs.into_iter().filter(|&arc| self.is_useful(problem, arc)).collect();
    }

    /// Carries bounds over links and from the shifts that remain able.
    fn refresh(&mut self, problem: &Problem) {
        for visit in problem.visits().ids() {
            let spans = problem.able_shifts(visit).iter().map(|&shift| self.span(problem, shift, visit)).filter(|(first, last)| first <= last);
            let hull = spans.reduce(|one, two| (one.0.min(two.0), one.1.max(two.1)));
            (self.earliest[visit], self.latest[visit]) = hull.unwrap_or((self.earliest[visit], self.earliest[visit] - 1));
        }
        for cluster in problem.clusters() {
            let n = cluster.members.len();
            for (i, j) in
                (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|&(i, j)| i != j && cluster.gap(i, j) > crate::problem::Cluster::FREE)
            {
                let (first, second) = (cluster.members[i], cluster.members[j]);
                self.earliest[second] = self.earliest[second].max(self.earliest[first] + cluster.gap(i, j));
                self.latest[first] = self.latest[first].min(self.latest[second] - cluster.gap(i, j));
            }
            // Linked visits share their fate: one that cannot be served takes the others with it.
            if cluster.members.iter().any(|&visit| !self.is_servable(visit)) {
                for &visit in &cluster.members {
                    self.latest[visit] = self.earliest[visit] - 1;
                }
            }
        }
    }

    fn is_useful(&self, problem: &Problem, arc: Arc) -> bool {
        let served = |end: Option<VisitId>| {
            end.is_none_or(|visit| {
                let (first, last) = self.span(problem, arc.shift, visit);
                self.is_servable(visit) && first <= last
            })
        };
        let fits = || {
            let (ready, deadline) = (self.ready(problem, arc), self.deadline(problem, arc));
            arc.arrival(problem, ready) <= deadline && ready <= arc.last_call(problem, deadline)
        };
        let ordered = || match (arc.from, arc.to) {
            (Some(i), Some(j)) => arc.length(problem) <= self.headway(problem, j, i),
            _ => true,
        };
        arc.is_unused() || (served(arc.from) && served(arc.to) && fits() && ordered())
    }
}

/// Shortest ticks from a shift's start place to the start of each visit, and from that start to its end place, over other visits.
fn reach(problem: &Problem, shift: ShiftId) -> IdVec<VisitId, (i64, i64)> {
    let able: Vec<VisitId> = problem.visits().ids().filter(|&visit| problem.able_shifts(visit).contains(&shift)).collect();
    let length = |from, to| Arc { shift, from, to, pause: false }.length(problem);
    let mut reach: IdVec<VisitId, (i64, i64)> = problem.visits().ids().map(|visit| (length(None, Some(visit)), length(Some(visit), None))).collect();
    loop {
        let mut shorter = false;
        for &i in &able {
            for &j in able.iter().filter(|&&j| j != i) {
                let leg = length(Some(i), Some(j));
                let (there, home) = (reach[i].0 + leg, leg + reach[j].1);
                shorter |= there < reach[j].0 || home < reach[i].1;
                reach[j].0 = reach[j].0.min(there);
                reach[i].1 = reach[i].1.min(home);
            }
        }
        if !shorter {
            return reach;
        }
    }
}

/// Every leg that a shift able to serve both its ends could drive.
fn all_arcs(problem: &Problem) -> impl Iterator<Item = Arc> + '_ {
    problem.shifts().enumerate().flat_map(move |(shift, facts)| {
        let able: Vec<Option<VisitId>> =
            std::iter::once(None).chain(problem.visits().ids().filter(|&visit| problem.able_shifts(visit).contains(&shift)).map(Some)).collect();
        let pauses = if facts.pause.is_some() { vec![false, true] } else { vec![false] };
        let mut arcs = Vec::new();
        for &from in &able {
            for &to in able.iter().filter(|&&to| to.is_none() || to != from) {
                arcs.extend(pauses.iter().map(|&pause| Arc { shift, from, to, pause }));
            }
        }
        arcs
    })
}

/// A moment that no start or return of some cheapest plan passes. In a vertex of the timing programme every time hangs by tight legs and
/// links on a moment the data name, directly or through the greatest idle time, so twice all lengths after the last moment is enough.
fn horizon(problem: &Problem) -> i64 {
    let visits = problem.visits().iter();
    let shifts = problem.shifts().iter();
    let named = shifts
        .clone()
        .flat_map(|shift| [shift.start.0, shift.end.0].into_iter().chain(shift.pause.map(|rule| rule.latest_end.0.max(rule.latest_begin.0))));
    let named = named.chain(visits.clone().flat_map(|visit| {
        let wish = visit.preference.map(|wish| wish.until.0);
        let promise = visit.published.map(|promise| promise.start.0 + promise.tolerance.0);
        visit.windows.iter().map(|window| window.close.0).chain(wish).chain(promise)
    }));
    let longest = problem.travel().longest_of_all().0;
    let legs = i64::try_from(problem.visits().len() + problem.shifts().len()).expect("the builder bounds the lists") * longest;
    let services: i64 = visits.map(|visit| visit.duration.0).sum();
    let rests: i64 = shifts.filter_map(|shift| shift.pause).map(|rule| rule.min_duration.0).sum();
    let ties = problem.links().iter().flat_map(|link| [link.min, link.max]).filter(|&end| end > Link::MIN && end < Link::MAX);
    named.max().unwrap_or(0) + 2 * (legs + services + rests + ties.map(|end| end.0.abs()).sum::<i64>())
}
