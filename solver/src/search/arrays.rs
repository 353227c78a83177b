//! A problem compiled into dense arrays, read-only and shared by all workers.
//!
//! **Nodes** are `u32`: visits first, then one break per shift, one start and one end per shift.
//!
//! **Fine time.** Start times inside the search are ticks × 2^12. Every gap between two linked visits is made one fine unit smaller, so
//! that no cycle of the temporal graph has length zero: the earliest schedule is then the *only* fixpoint of its equations, and updating
//! it in place cannot leave two visits holding each other up. Rounding up to ticks gives back the exact times, since a path of fewer
//! than 2^12 gaps loses less than a tick.

use std::sync::Arc;

use crate::problem::{Departure, Link, ModeId, Need, PlaceId, Problem, Shift, ShiftId, Slack, Term, Visit, VisitId, Weight};

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

/// Most places whose travel times are tabled where the problem has none: 9 MB for each mode. Reading a table is faster than a square root
/// as long as it stays in the processor's cache.
const MOST_TABLED: usize = 1500;

/// The table of each shift's mode.
fn rides(problem: &Problem) -> Vec<Arc<[i32]>> {
    let travel = problem.travel();
    let table = |mode: ModeId| if travel.straight(mode).is_none() || travel.n_places() <= MOST_TABLED { travel.table(mode) } else { Arc::new([]) };
    let tables: Vec<Arc<[i32]>> = (0..travel.n_modes()).map(|mode| table(ModeId::new(mode))).collect();
    problem.shifts().ids().map(|shift| Arc::clone(&tables[problem.mode(shift).idx()])).collect()
}

/// The soft weight of a term; a hard term that the search has no own penalty for is priced dearly.
fn priced(problem: &Problem, term: Term) -> i64 {
    match problem.objective().weight(term) {
        Weight::Soft(weight) => weight,
        Weight::Hard => 1000 * problem.objective().soft(Term::Travel).max(1),
    }
}

fn visit_facts(problem: &Problem, id: VisitId) -> VisitFacts {
    let objective = problem.objective();
    let visit = &problem.visits()[id];
    let linked = problem.cluster_of(id).members.len() > 1;
    let lateness = match objective.weight(Term::Lateness) {
        Weight::Soft(weight) => Some(weight),
        Weight::Hard => None,
    };
    let wait_weight = objective.soft(Term::Waiting) + objective.soft(Term::Travel);
    let early = visit.preference.map_or(0, |wish| wish.early * priced(problem, Term::Early));
    let mut windows: Vec<Window> =
        visit.windows.iter().map(|window| Window { open: window.open.0, close: window.close.0, wait_from: i64::MAX }).collect();
    for at in 1..windows.len() {
        let (close, next) = (windows[at - 1].close, windows[at].open);
        // Where a tick late costs as much as a tick of waiting for the next window, the two are even.
        let share = lateness.map_or(0, |weight| if weight + wait_weight == 0 { 0 } else { (next - close) * wait_weight / (weight + wait_weight) });
        windows[at - 1].wait_from = close + share + 1;
    }
    let mut held = windows[0].open;
    if linked && early > 0 {
        held = held.max(visit.preference.map_or(held, |wish| wish.from.0).min(windows[0].close));
    }
    let wish = visit.preference;
    let promise = visit.published;
    let moved = promise.map_or(0, |promise| promise.per_tick * priced(problem, Term::Disruption));
    let moved_at_all = promise.map_or(0, |promise| promise.time_moved * priced(problem, Term::Disruption));
    if let Some(promise) = promise.filter(|_| linked && moved + moved_at_all > 0) {
        held = held.max((promise.start - promise.tolerance).0.min(windows[0].close));
    }
    let unserved = visit.unserved_cost * if objective.is_hard(Term::Unserved) { 1 } else { objective.soft(Term::Unserved) };
    let optional = visit.need == Need::Optional || !objective.is_hard(Term::Unserved);
    VisitFacts {
        first: windows[0],
        windows: if windows.len() > 1 { windows } else { Vec::new() },
        duration: visit.duration.0,
        load: visit.load,
        held,
        preferred_from: wish.map_or(0, |wish| wish.from.0),
        preferred_until: wish.map_or(i64::MAX / 4, |wish| wish.until.0),
        early,
        late: wish.map_or(0, |wish| wish.late * priced(problem, Term::Late)),
        promised_from: promise.map_or(i64::MIN / 4, |promise| (promise.start - promise.tolerance).0),
        promised_until: promise.map_or(i64::MAX / 4, |promise| (promise.start + promise.tolerance).0),
        moved,
        moved_at_all,
        unserved: if optional { unserved } else { 0 },
        required: !optional,
        optional,
        granted: visit.content.instead_of.is_none(),
        cluster: index(problem.cluster_index(id)),
        linked,
    }
}

fn shift_facts(problem: &Problem, id: ShiftId) -> ShiftFacts {
    let shift = &problem.shifts()[id];
    ShiftFacts {
        start: shift.start.0,
        end: shift.end.0,
        carer: index(shift.carer.idx()),
        capacity: shift.capacity.unwrap_or(i64::MAX / 4),
        ride_price: problem.objective().soft(Term::Travel) * problem.travel_price(id) + problem.objective().soft(Term::WorkingTime),
        use_price: problem.objective().soft(Term::ShiftUse) * shift.use_cost,
        pause: shift.pause.map(|rule| PauseFacts {
            open: rule.open.0,
            latest_begin: rule.latest_begin.0,
            min_duration: rule.min_duration.0,
            latest_end: rule.latest_end.0,
        }),
    }
}

fn slack_facts(problem: &Problem, shift: &Shift) -> SlackFacts {
    let Slack { free, free_cost, buffer, buffer_cost, chain } = shift.slack;
    SlackFacts {
        free: free.0,
        short_free: if free.0 > 0 { free_cost * priced(problem, Term::ShortSlack) } else { 0 },
        buffer: buffer.0,
        short_buffer: if buffer.0 > 0 { buffer_cost * priced(problem, Term::ShortBuffer) } else { 0 },
        chain: chain.map_or(i64::MAX, |chain| i64::from(chain.visits)),
        pause: chain.map_or(i64::MAX, |chain| chain.pause.0),
        long_chain: chain.map_or(0, |chain| chain.cost * priced(problem, Term::LongChain)),
        from: shift.hours.map_or(i64::MIN, |hours| hours.from.0),
        until: shift.hours.map_or(i64::MAX, |hours| hours.until.0),
        outside: shift.hours.map_or(0, |hours| hours.cost * priced(problem, Term::OutsideHours)),
    }
}

fn cluster_facts(problem: &Problem, at: usize) -> ClusterFacts {
    let cluster = &problem.clusters()[at];
    let n = cluster.members.len();
    let mut gap = vec![i64::MIN / 4; n * n];
    for i in 0..n {
        for j in 0..n {
            if i == j {
                gap[i * n + j] = 0;
            } else if cluster.gap(i, j) > Link::MIN.0 {
                gap[i * n + j] = fine(cluster.gap(i, j)) - 1;
            }
        }
    }
    let mut apart = Vec::new();
    if n > 1 {
        let position = |visit: VisitId| cluster.members.iter().position(|&member| member == visit);
        for link in problem.links().iter().filter(|link| link.different_carers) {
            if let (Some(first), Some(second)) = (position(link.first), position(link.second)) {
                apart.push((index(first), index(second)));
            }
        }
    }
    ClusterFacts { members: cluster.members.iter().map(|visit| index(visit.idx())).collect(), gap, apart }
}

/// Weighted price of a visit by a shift's carer: preference, exclusion, qualification, changed carer, and what is given.
fn assignment_price(problem: &Problem, visit: VisitId, shift: ShiftId) -> i64 {
    let objective = problem.objective();
    let visit = &problem.visits()[visit];
    let carer = problem.shifts()[shift].carer;
    let mut price = 0;
    if !visit.preferred.is_empty() && !visit.preferred.contains(&carer) {
        price += priced(problem, Term::CarerPreference);
    }
    if visit.excluded.contains(&carer) {
        price += objective.soft(Term::Exclusion);
    }
    if !visit.skills.is_subset(problem.carers()[carer].skills) {
        price += objective.soft(Term::Qualification);
    }
    if let Some(promise) = visit.published
        && promise.carer != carer
    {
        price += promise.carer_changed * priced(problem, Term::Disruption);
    }
    price += visit.carer_cost(carer) * priced(problem, Term::CarerCost);
    price += visit.content.cost * priced(problem, Term::Content);
    price
}
