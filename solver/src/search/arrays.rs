//! A problem compiled into dense arrays, read-only and shared by all workers.
//!
//! **Nodes** are `u32`: visits first, then one break per shift, one start and one end per shift.
//!
//! **Fine time.** Start times inside the search are ticks × 2^12. Every gap between two linked visits is made one fine unit smaller, so
//! that no cycle of the temporal graph has length zero: the earliest schedule is then the *only* fixpoint of its equations, and updating
//! it in place cannot leave two visits holding each other up. Rounding up to ticks gives back the exact times, since a path of fewer
//! than 2^12 gaps loses less than a tick.

mod compile;

use std::sync::Arc;

use compile::{assignment_price, cluster_facts, priced, rides, shift_facts, slack_facts, visit_facts};

use crate::problem::{Departure, PlaceId, Problem, ShiftId, Term, Visit, VisitId};

/// A visit, break, start or end; see the module's doc.
pub(crate) type Node = u32;
/// No node, or no shift.
pub(crate) const NONE: u32 = u32::MAX;
/// Bits below a tick.
pub(crate) const FINE: u32 = 12;

/// Ticks as fine time.
#[inline]
pub(crate) fn fine(ticks: i64) -> i64 {
    ticks << FINE
}

/// Fine time as ticks, rounded up.
#[inline]
pub(crate) fn ticks(fine: i64) -> i64 {
    (fine + (1 << FINE) - 1) >> FINE
}

/// A window of a visit in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) open: i64,
    pub(crate) close: i64,
    /// Arrivals after `close` and from here on wait for the next window instead of starting late.
    pub(crate) wait_from: i64,
}

/// A visit's facts in ticks.
#[derive(Clone, Debug)]
pub(crate) struct VisitFacts {
    /// The only window, or the first of `windows`.
    pub(crate) first: Window,
    /// All windows where there are several, else empty.
    pub(crate) windows: Vec<Window>,
    pub(crate) duration: i64,
    pub(crate) load: i64,
    /// Linked visits wait until then, the time that is wished for and promised, unless the plan gives them a lead: nothing moves them later
    /// once their earliest start is known. For others the first opening.
    pub(crate) held: i64,
    pub(crate) preferred_from: i64,
    pub(crate) preferred_until: i64,
    /// Weighted price of a tick before `preferred_from`.
    pub(crate) early: i64,
    /// Weighted price of a tick after `preferred_until`.
    pub(crate) late: i64,
    /// Published start ∓ tolerance, and the weighted price of a tick outside.
    pub(crate) promised_from: i64,
    pub(crate) promised_until: i64,
    pub(crate) moved: i64,
    /// Weighted price of being outside at all.
    pub(crate) moved_at_all: i64,
    /// Weighted price of leaving it out; `required` ones pay the search's penalty on top.
    pub(crate) unserved: i64,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    /// Whether it is the granted help: of alternatives, only this one counts among what is left out.
    pub(crate) granted: bool,
    pub(crate) cluster: u32,
    pub(crate) linked: bool,
}

impl VisitFacts {
    /// The greatest lead that makes a difference, in ticks.
    #[inline]
    pub(crate) fn most_lead(&self) -> i64 {
        self.held - self.first.open
    }

    /// The first start that is free of charge, if only this visit counts.
    pub(crate) fn wished_from(&self) -> i64 {
        let wished = if self.early > 0 { self.preferred_from } else { i64::MIN };
        let promised = if self.is_promised() { self.promised_from } else { i64::MIN };
        self.first.open.max(wished).max(promised).min(self.close())
    }

    /// The last start that is free of charge, if only this visit counts.
    pub(crate) fn wished_until(&self) -> i64 {
        let wished = if self.late > 0 { self.preferred_until } else { i64::MAX };
        let promised = if self.is_promised() { self.promised_until } else { i64::MAX };
        self.close().min(wished).min(promised).max(self.first.open)
    }

    /// The close of the last window.
    fn close(&self) -> i64 {
        self.windows.last().map_or(self.first.close, |window| window.close)
    }

    /// Whether carer and start have been announced.
    pub(crate) fn is_published(&self) -> bool {
        self.promised_until < i64::MAX / 4
    }

    /// Whether a start outside the tolerance costs anything.
    #[inline]
    pub(crate) fn is_promised(&self) -> bool {
        self.moved + self.moved_at_all > 0
    }
}

/// A cluster in fine time.
#[derive(Clone, Debug)]
pub(crate) struct ClusterFacts {
    pub(crate) members: Vec<Node>,
    /// Row-major smallest differences, one fine unit below the true ones; `i64::MIN / 4` where free.
    pub(crate) gap: Vec<i64>,
    /// Pairs of member positions that need different carers.
    pub(crate) apart: Vec<(u32, u32)>,
}

/// A shift's facts in ticks.
#[derive(Clone, Debug)]
pub(crate) struct ShiftFacts {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) carer: u32,
    pub(crate) capacity: i64,
    pub(crate) pause: Option<PauseFacts>,
    /// Weighted price of a tick of travel, working time included.
    pub(crate) ride_price: i64,
    /// Weighted price of visiting anyone.
    pub(crate) use_price: i64,
}

/// What the carer is to have besides visits and rides, in ticks, with weighted prices; what is not asked for has no price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlackFacts {
    /// Free time, and the price of a tick less.
    pub(crate) free: i64,
    pub(crate) short_free: i64,
    /// Waiting before each visit, and the price of a tick less.
    pub(crate) buffer: i64,
    pub(crate) short_buffer: i64,
    /// Visits without a pause, what a pause is, and the price of each visit more.
    pub(crate) chain: i64,
    pub(crate) pause: i64,
    pub(crate) long_chain: i64,
    /// The hours of visits, and the price of each outside.
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) outside: i64,
}

impl SlackFacts {
    /// Whether the times of stops decide anything of it.
    pub(crate) fn is_timed(&self) -> bool {
        self.short_buffer > 0 || self.long_chain > 0 || self.outside > 0
    }
}

/// A break rule in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PauseFacts {
    pub(crate) open: i64,
    pub(crate) latest_begin: i64,
    pub(crate) min_duration: i64,
    pub(crate) latest_end: i64,
}

/// The compiled problem.
#[derive(Debug)]
pub(crate) struct Arrays<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) n_visits: usize,
    pub(crate) n_shifts: usize,
    pub(crate) visits: Vec<VisitFacts>,
    pub(crate) shifts: Vec<ShiftFacts>,
    pub(crate) clusters: Vec<ClusterFacts>,
    /// Clusters with two or more members.
    pub(crate) linked: Vec<u32>,
    /// Place of each node; breaks have none of their own.
    pub(crate) place: Vec<u32>,
    n_places: usize,
    /// Mode of each shift's carer.
    mode: Vec<u32>,
    /// Row-major travel ticks of each shift's mode; empty where they are worked out on demand.
    rides: Vec<Arc<[i32]>>,
    /// Row-major visit × shift: weighted price of that assignment, [`Arrays::UNABLE`] where forbidden.
    assign: Vec<i64>,
    /// Shifts able to serve each visit.
    pub(crate) able: Vec<Vec<u32>>,
    /// By visit, what may be given instead of it, the granted help among it: of all these at most one is served.
    pub(crate) instead: Vec<Vec<Node>>,
    /// Whether there are alternatives at all.
    pub(crate) chooses: bool,
    /// The largest weighted price of a tick of travel, working time included.
    pub(crate) largest_ride_price: i64,
    pub(crate) waiting: i64,
    pub(crate) working: i64,
    pub(crate) balance: i64,
    pub(crate) greatest_idle: i64,
    pub(crate) greatest_lateness: i64,
    pub(crate) just_in_time: bool,
    /// Whether starting later than the earliest schedule can pay: waiting or an early price counts.
    pub(crate) later_pays: bool,
    /// Whether the equations of the earliest schedule may have several solutions: links and visits with several windows.
    pub(crate) ambiguous: bool,
    /// Whether visits take of a capacity.
    pub(crate) loads: bool,
    /// Whether shifts have a price of their use.
    pub(crate) uses: bool,
    /// Whether carers are to have slack, or hours, or visits are to come last. If so, by shift what its carer is to have, and by visit the citizen and the
    /// weighted price of going on to a citizen whose visits have no such price: beside the other facts, which every step looks at.
    pub(crate) slack: bool,
    pub(crate) slack_of: Vec<SlackFacts>,
    pub(crate) last: Vec<(u32, i64)>,
    /// Whether routes have terms of their own beyond travel and node times.
    pub(crate) route_terms: bool,
}

impl<'a> Arrays<'a> {
    /// The price of a forbidden assignment.
    pub(crate) const UNABLE: i64 = i64::MAX;

    /// Compiles a problem.
    pub(crate) fn new(problem: &'a Problem) -> Self {
        let objective = problem.objective();
        let (n_visits, n_shifts) = (problem.visits().len(), problem.shifts().len());
        let visits: Vec<VisitFacts> = problem.visits().ids().map(|visit| visit_facts(problem, visit)).collect();
        let shifts: Vec<ShiftFacts> = problem.shifts().ids().map(|shift| shift_facts(problem, shift)).collect();
        let mut place: Vec<u32> = problem.visits().iter().map(|visit| index(visit.place.idx())).collect();
        place.extend(std::iter::repeat_n(NONE, n_shifts));
        place.extend(problem.shifts().iter().map(|shift| index(shift.from.idx())));
        place.extend(problem.shifts().iter().map(|shift| index(shift.to.idx())));
        let clusters: Vec<ClusterFacts> = (0..problem.clusters().len()).map(|cluster| cluster_facts(problem, cluster)).collect();
        let linked = (0..clusters.len()).filter(|&cluster| clusters[cluster].members.len() > 1).map(index).collect();
        let mut assign = vec![Self::UNABLE; n_visits * n_shifts];
        let mut able = Vec::with_capacity(n_visits);
        for visit in problem.visits().ids() {
            let shifts = problem.able_shifts(visit);
            for &shift in shifts {
                assign[visit.idx() * n_shifts + shift.idx()] = assignment_price(problem, visit, shift);
            }
            able.push(shifts.iter().map(|shift| index(shift.idx())).collect());
        }
        let others = |visit: VisitId| problem.alternatives(visit).filter(move |&other| other != visit).map(|other| index(other.idx())).collect();
        let instead: Vec<Vec<Node>> = problem.visits().ids().map(others).collect();
        let early = visits.iter().any(|visit| visit.early > 0 || visit.is_promised());
        let slack_of: Vec<SlackFacts> = problem.shifts().iter().map(|shift| slack_facts(problem, shift)).collect();
        let not_last = |visit: &Visit| (index(visit.citizen.idx()), visit.not_last_cost * priced(problem, Term::NotLast));
        let last: Vec<(u32, i64)> = problem.visits().iter().map(not_last).collect();
        let slack = slack_of.iter().any(|slack| slack.is_timed() || slack.short_free > 0) || last.iter().any(|&(_, price)| price > 0);
        let waiting = priced(problem, Term::Waiting);
        let greatest_idle = priced(problem, Term::GreatestIdle);
        let just_in_time = objective.departure == Departure::JustInTime;
        Self {
            n_visits,
            n_shifts,
            linked,
            place,
            n_places: problem.travel().n_places(),
            mode: (0..n_shifts).map(|shift| index(problem.mode(ShiftId::new(shift)).idx())).collect(),
            rides: rides(problem),
            assign,
            able,
            chooses: instead.iter().any(|others| !others.is_empty()),
            instead,
            largest_ride_price: shifts.iter().map(|shift| shift.ride_price).max().unwrap_or(0),
            waiting,
            working: objective.soft(Term::WorkingTime),
            balance: objective.soft(Term::Balance),
            greatest_idle,
            greatest_lateness: priced(problem, Term::GreatestLateness),
            just_in_time,
            ambiguous: visits.iter().any(|visit| !visit.windows.is_empty()) && clusters.iter().any(|cluster| cluster.members.len() > 1),
            later_pays: early || (waiting > 0 && just_in_time),
            loads: visits.iter().any(|visit| visit.load > 0) && shifts.iter().any(|shift| shift.capacity < i64::MAX / 8),
            uses: shifts.iter().any(|shift| shift.use_price > 0),
            route_terms: early || waiting > 0 || greatest_idle > 0 || slack,
            slack,
            slack_of,
            last,
            clusters,
            visits,
            shifts,
            problem,
        }
    }

    /// Number of nodes.
    pub(crate) fn n_nodes(&self) -> usize {
        self.n_visits + 3 * self.n_shifts
    }
    #[inline]
    pub(crate) fn is_visit(&self, node: Node) -> bool {
        (node as usize) < self.n_visits
    }
    #[inline]
    pub(crate) fn is_break(&self, node: Node) -> bool {
        (node as usize) >= self.n_visits && (node as usize) < self.n_visits + self.n_shifts
    }
    #[inline]
    pub(crate) fn is_start(&self, node: Node) -> bool {
        (node as usize) >= self.n_visits + self.n_shifts && (node as usize) < self.n_visits + 2 * self.n_shifts
    }
    #[inline]
    pub(crate) fn is_end(&self, node: Node) -> bool {
        (node as usize) >= self.n_visits + 2 * self.n_shifts
    }
    /// The break node of a shift, whether or not the shift has a break rule.
    #[inline]
    pub(crate) fn break_of(&self, shift: u32) -> Node {
        index(self.n_visits) + shift
    }
    #[inline]
    pub(crate) fn start_of(&self, shift: u32) -> Node {
        index(self.n_visits + self.n_shifts) + shift
    }
    #[inline]
    pub(crate) fn end_of(&self, shift: u32) -> Node {
        index(self.n_visits + 2 * self.n_shifts) + shift
    }
    /// Travel ticks of a shift's carer between two places.
    #[inline]
    pub(crate) fn ride(&self, shift: u32, from: u32, to: u32) -> i64 {
        match self.rides[shift as usize].get(from as usize * self.n_places + to as usize) {
            Some(&ticks) => i64::from(ticks),
            None => self.ride_on_demand(shift, from, to),
        }
    }
    #[cold]
    fn ride_on_demand(&self, shift: u32, from: u32, to: u32) -> i64 {
        self.problem.travel_time(ShiftId::new(shift as usize), PlaceId::new(from as usize), PlaceId::new(to as usize)).0
    }
    /// Whether the carers of two shifts need the same time for every ride.
    #[inline]
    pub(crate) fn ride_alike(&self, first: u32, second: u32) -> bool {
        self.mode[first as usize] == self.mode[second as usize]
    }
    /// Weighted price of a tick of travel in a shift, working time included.
    #[inline]
    pub(crate) fn ride_price(&self, shift: u32) -> i64 {
        self.shifts[shift as usize].ride_price
    }
    /// Weighted price of a visit in a shift, [`Arrays::UNABLE`] where forbidden.
    #[inline]
    pub(crate) fn assign(&self, visit: Node, shift: u32) -> i64 {
        self.assign[visit as usize * self.n_shifts + shift as usize]
    }
    /// What leaving the visit out costs, so many times over for each visit that must be served.
    #[inline]
    pub(crate) fn unserved(&self, visit: Node, penalty: i64) -> i64 {
        let facts = &self.visits[visit as usize];
        facts.unserved + if facts.required { penalty } else { 0 }
    }
    #[inline]
    pub(crate) fn is_able(&self, visit: Node, shift: u32) -> bool {
        self.assign(visit, shift) != Self::UNABLE
    }
}

/// A dense index as `u32`.
#[inline]
pub(crate) fn index(at: usize) -> u32 {
    debug_assert!(at < NONE as usize, "the builder bounds list lengths");
    at as u32
}
