//! The best times of a plan whose sequences are fixed: a linear programme over starts.
//!
//! With sequences and windows fixed, what is left are differences of starts with whole-tick limits and convex piecewise-linear prices
//! (Hashimoto, Ibaraki, Imahori, Yagiura 2006). HiGHS finds the starts in minutes. Rounding a point that keeps whole-tick differences
//! down to whole ticks keeps them all, so rounding never breaks a plan; an earliest fixpoint from there mends what arithmetic may have.

use highs::{Col, HighsModelStatus, RowProblem, Sense};

use crate::cost::evaluate;
use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{Departure, IdVec, Link, Moment, Objective, PlaceId, Problem, ShiftId, Term, Ticks, Visit, VisitId, Weight};

/// Starts this little below a whole tick are that tick, in ticks: HiGHS' feasibility tolerance, with room.
const TICK_TOLERANCE: f64 = 0.01;

/// The terms that times decide.
const TIMED: [Term; 9] = [
    Term::Waiting,
    Term::Lateness,
    Term::GreatestLateness,
    Term::Early,
    Term::Late,
    Term::Overtime,
    Term::GreatestIdle,
    Term::Disruption,
    Term::MissedBreak,
];

/// What is settled about a visit before its time is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// The window that it starts in.
    pub(super) window: usize,
    /// Whether it starts within the tolerance of its promise, where leaving it costs a fixed price.
    pub(super) keeps_promise: bool,
}

/// The plan with these sequences and the times of least cost, each visit in the window that it has in `hint` (the first where `hint` does
/// not serve it), and no promise broken that `hint` keeps. `None` where no times keep every hard rule, where they would cost more than `hint` with the same sequences, or where
/// times have nothing to gain. A break of a rule that lets it end after `latest_end` keeps its shortest length while times are sought.
///
/// Departures are just in time where the objective says so.
#[must_use]
pub fn retime(problem: &Problem, sequences: &IdVec<ShiftId, Vec<Task>>, hint: &Plan) -> Option<Plan> {
    let before = evaluate(problem, hint);
    let same = hint.sequences() == *sequences;
    if same && TIMED.iter().all(|&term| before.quantity(term) == 0 || problem.objective().weight(term) == Weight::Soft(0)) {
        return None;
    }
    let served = hint.served(problem);
    let chosen = |(id, visit): (VisitId, &Visit)| served[id].map_or_else(Choice::default, |served| choice(visit, served.start));
    let choices = problem.visits().enumerate().map(chosen).collect();
    let plan = best(problem, sequences, &choices)?;
    let worse = same && evaluate(problem, &plan).cost(problem.objective()) > before.cost(problem.objective());
    (!worse).then_some(plan)
}

/// The index of the latest window that has opened by `start`, 0 before the first.
pub(super) fn window(visit: &Visit, start: Moment) -> usize {
    visit.windows.iter().rposition(|window| window.open <= start).unwrap_or(0)
}

/// What a start chooses.
pub(super) fn choice(visit: &Visit, start: Moment) -> Choice {
    let keeps_promise = visit.published.is_some_and(|promise| promise.time_moved > 0 && !promise.is_moved(start));
    Choice { window: window(visit, start), keeps_promise }
}

/// The plan of least cost with these sequences and choices; the fixed prices of promises that may be broken are not weighed. `None` where no times keep every hard rule.
pub(super) fn best(problem: &Problem, sequences: &IdVec<ShiftId, Vec<Task>>, choices: &IdVec<VisitId, Choice>) -> Option<Plan> {
    let chain = Chain::new(problem, sequences, choices)?;
    let lows: Vec<i64> = chain.nodes.iter().map(|node| node.low).collect();
    let earliest = chain.plan(problem, &chain.earliest(&lows)?);
    let timed = solve(problem, &chain).and_then(|starts| chain.earliest(&starts)).map(|starts| chain.plan(problem, &starts));
    let price = |plan: &Plan| {
        let breakdown = evaluate(problem, plan);
        let broken = TIMED.iter().any(|&term| problem.objective().is_hard(term) && term != Term::MissedBreak && breakdown.quantity(term) > 0);
        (broken, breakdown.cost(problem.objective()))
    };
    // Starting early is preferred where it costs nothing.
    let plan = timed
        .into_iter()
        .chain(std::iter::once(earliest))
        .min_by_key(|plan| (price(plan), plan.routes.iter().flat_map(|route| &route.stops).map(|stop| stop.start.0).sum::<i64>()))?;
    (!price(&plan).0).then_some(plan)
}

/// One stop: what comes before it, and the limits of its start.
struct Node {
    shift: ShiftId,
    task: Task,
    /// The stop before it on the route.
    prev: Option<usize>,
    /// Travel from the stop before it, or from the shift's start place.
    ride: i64,
    /// Service, or the shortest break.
    length: i64,
    low: i64,
    high: Option<i64>,
}

/// The temporal graph of the sequences.
struct Chain {
    nodes: Vec<Node>,
    /// `start(second) >= start(first) + gap`.
    ties: Vec<(usize, usize, i64)>,
    /// First node, node after the last, and the ride home, by shift.
    routes: IdVec<ShiftId, (usize, usize, i64)>,
    unserved: Vec<VisitId>,
}

impl Chain {
    /// `None` where a visit stands twice, a linked visit without its partner, or a break without its rule.
    fn new(problem: &Problem, sequences: &IdVec<ShiftId, Vec<Task>>, choices: &IdVec<VisitId, Choice>) -> Option<Self> {
        let mut nodes = Vec::new();
        let mut node_of: IdVec<VisitId, Option<usize>> = problem.visits().iter().map(|_| None).collect();
        let mut routes = IdVec::new();
        for (shift, facts) in problem.shifts().enumerate() {
            let (first, mut here) = (nodes.len(), facts.from);
            for (position, &task) in sequences[shift].iter().enumerate() {
                let prev = (position > 0).then(|| nodes.len() - 1);
                let (length, mut low, high) = limits(problem, shift, task, choices)?;
                let place = place_of(problem, &sequences[shift][position..], here);
                let ride = problem.travel_time(shift, here, place).0;
                if prev.is_none() {
                    low = low.max(facts.start.0 + ride);
                }
                if let Task::Visit(visit) = task
                    && node_of[visit].replace(nodes.len()).is_some()
                {
                    return None;
                }
                nodes.push(Node { shift, task, prev, ride, length, low, high });
                here = place;
            }
            let home = problem.travel_time(shift, here, facts.to).0;
            if let Some(last) = nodes[first..].last_mut().filter(|_| problem.objective().is_hard(Term::Overtime)) {
                let latest = facts.end.0 - home - last.length;
                last.high = Some(last.high.map_or(latest, |high| high.min(latest)));
            }
            routes.push((first, nodes.len(), home));
        }
        let mut ties = Vec::new();
        for link in problem.links() {
            match (node_of[link.first], node_of[link.second]) {
                (Some(first), Some(second)) => {
                    ties.extend((link.min > Link::MIN).then_some((first, second, link.min.0)));
                    ties.extend((link.max < Link::MAX).then_some((second, first, -link.max.0)));
                }
                (None, None) => {}
                _ => return None,
            }
        }
        let unserved = problem.visits().ids().filter(|&visit| node_of[visit].is_none()).collect();
        Some(Self { nodes, ties, routes, unserved })
    }

    /// The earliest starts from these on that keep every leg and tie; `None` if they pass a limit or never settle.
    fn earliest(&self, from: &[i64]) -> Option<Vec<i64>> {
        let mut starts: Vec<i64> = from.iter().zip(&self.nodes).map(|(&from, node)| from.max(node.low)).collect();
        // Every round settles at least one more node; still moving after that many means that links cross.
        for _ in 0..=self.nodes.len() {
            let mut moved = false;
            for (at, node) in self.nodes.iter().enumerate() {
                if let Some(prev) = node.prev {
                    let arrival = starts[prev] + self.nodes[prev].length + node.ride;
                    moved |= arrival > starts[at];
                    starts[at] = starts[at].max(arrival);
                }
            }
            for &(first, second, gap) in &self.ties {
                moved |= starts[first] + gap > starts[second];
                starts[second] = starts[second].max(starts[first] + gap);
            }
            if !moved {
                let keeps = self.nodes.iter().zip(&starts).all(|(node, &start)| node.high.is_none_or(|high| start <= high));
                return keeps.then_some(starts);
            }
        }
        None
    }

    /// The plan with these starts.
    fn plan(&self, problem: &Problem, starts: &[i64]) -> Plan {
        let routes = problem.shifts().enumerate().map(|(shift, facts)| {
            let (first, end, home) = self.routes[shift];
            let Some(opening) = self.nodes[first..end].first() else {
                return Route { departure: facts.start, stops: Vec::new(), back: facts.start };
            };
            let departure = match problem.objective().departure {
                Departure::JustInTime => Moment(starts[first] - opening.ride),
                Departure::AtShiftStart => facts.start,
            };
            let mut free = departure;
            let mut stops = Vec::with_capacity(end - first);
            for at in first..end {
                let (node, start) = (&self.nodes[at], Moment(starts[at]));
                let arrival = free + Ticks(node.ride);
                let next = if at + 1 < end { starts[at + 1] - self.nodes[at + 1].ride } else { facts.end.0 - home };
                free = Moment((starts[at] + node.length).max(self.longest(problem, at).map_or(i64::MIN, |latest| latest.min(next))));
                stops.push(Stop { task: node.task, arrival, start, end: free });
            }
            Route { departure, stops, back: free + Ticks(home) }
        });
        Plan { routes: routes.collect(), unserved: self.unserved.clone() }
    }

    /// Latest end of a break that may be stretched because waiting or idleness counts.
    fn longest(&self, problem: &Problem, at: usize) -> Option<i64> {
        let node = &self.nodes[at];
        let counts = [Term::Waiting, Term::GreatestIdle].iter().any(|&term| problem.objective().weight(term) != Weight::Soft(0));
        problem.shifts()[node.shift].pause.filter(|_| node.task == Task::Break && counts).map(|rule| rule.latest_end.0)
    }
}

/// Where the first of these tasks is done: a break at the place of the visit after it, where the carer is if none follows.
fn place_of(problem: &Problem, tasks: &[Task], here: PlaceId) -> PlaceId {
    let next = tasks.iter().find_map(|task| if let Task::Visit(visit) = task { Some(*visit) } else { None });
    next.map_or(here, |visit| problem.visits()[visit].place)
}

/// Length, earliest and latest start of a task, from its own window and promise.
fn limits(problem: &Problem, shift: ShiftId, task: Task, choices: &IdVec<VisitId, Choice>) -> Option<(i64, i64, Option<i64>)> {
    match task {
        Task::Visit(id) => {
            let visit = &problem.visits()[id];
            let window = visit.windows[choices[id].window];
            let hard = problem.objective().is_hard(Term::Lateness) || problem.objective().is_hard(Term::GreatestLateness);
            let next = visit.windows.get(choices[id].window + 1).map(|next| next.open.0 - 1);
            let (low, high) = (window.open.0, if hard { Some(window.close.0) } else { next });
            let Some(promise) = visit.published.filter(|_| choices[id].keeps_promise) else { return Some((visit.duration.0, low, high)) };
            let until = (promise.start + promise.tolerance).0;
            Some((visit.duration.0, low.max((promise.start - promise.tolerance).0), Some(high.map_or(until, |high| high.min(until)))))
        }
        Task::Break => {
            let rule = problem.shifts()[shift].pause?;
            Some((rule.min_duration.0, rule.open.0.max(problem.shifts()[shift].start.0), Some(rule.latest_begin.0)))
        }
    }
}

/// Starts of least cost, rounded down to whole ticks; `None` if HiGHS finds none.
fn solve(problem: &Problem, chain: &Chain) -> Option<Vec<i64>> {
    let mut programme = Programme { rows: RowProblem::new(), objective: problem.objective(), minute: problem.clock().ticks_per_minute as f64 };
    let starts: Vec<Col> = chain.nodes.iter().map(|node| programme.column(node.low, node.high)).collect();
    let ends: Vec<Col> = (0..chain.nodes.len()).map(|at| programme.end(problem, chain, at, &starts)).collect();
    for (at, node) in chain.nodes.iter().enumerate() {
        if let Some(prev) = node.prev {
            programme.at_least(chain.free(prev) + node.ride, &[(starts[at], 1.0), (ends[prev], -1.0)]);
        }
    }
    for &(first, second, gap) in &chain.ties {
        programme.at_least(gap, &[(starts[second], 1.0), (starts[first], -1.0)]);
    }
    visits(problem, chain, &starts, &mut programme);
    routes(problem, chain, &starts, &ends, &mut programme);
    let mut model = programme.rows.try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.set_threads(std::num::NonZeroU32::MIN);
    let solved = model.try_solve().ok()?;
    if solved.status() != HighsModelStatus::Optimal {
        return None;
    }
    let solution = solved.get_solution();
    let minute = problem.clock().ticks_per_minute as f64;
    Some(starts.iter().map(|&start| (solution[start] * minute + TICK_TOLERANCE).floor() as i64).collect())
}

/// The linear programme, growing; columns are minutes.
struct Programme<'a> {
    rows: RowProblem,
    objective: &'a Objective,
    minute: f64,
}

impl Programme<'_> {
    fn column(&mut self, low: i64, high: Option<i64>) -> Col {
        let high = high.map_or(f64::INFINITY, |high| high as f64 / self.minute);
        self.rows.add_column(0.0, low as f64 / self.minute..=high)
    }

    /// A column of at least 0 minutes of `term`, priced `times` over; none where the term is free.
    fn priced(&mut self, term: Term, times: i64) -> Option<Col> {
        match self.objective.weight(term) {
            _ if times == 0 => None,
            Weight::Soft(0) => None,
            Weight::Soft(weight) => {
                let price = weight as f64 * times as f64 * self.minute / self.objective.denominator as f64;
                Some(self.rows.add_column(price, 0.0..))
            }
            Weight::Hard => Some(self.rows.add_column(0.0, 0.0..=0.0)),
        }
    }

    fn at_least(&mut self, ticks: i64, factors: &[(Col, f64)]) {
        self.rows.add_row(ticks as f64 / self.minute.., factors.iter().copied());
    }

    /// The column that says when a stop's carer is free, but for [`Chain::free`]: the start itself unless the stop is a break that can
    /// be stretched.
    fn end(&mut self, problem: &Problem, chain: &Chain, at: usize, starts: &[Col]) -> Col {
        let Some(latest) = chain.stretch(problem, at) else { return starts[at] };
        let length = chain.nodes[at].length;
        let end = self.column(chain.nodes[at].low, Some(latest - length));
        self.at_least(0, &[(end, 1.0), (starts[at], -1.0)]);
        end
    }
}

impl Chain {
    /// Ticks from the column of a stop's end to the moment that its carer is free.
    fn free(&self, at: usize) -> i64 {
        self.nodes[at].length
    }

    /// Latest end of a break in the programme, where stretching is convex: its shortest length always ends in time.
    fn stretch(&self, problem: &Problem, at: usize) -> Option<i64> {
        let latest = self.longest(problem, at)?;
        self.nodes[at].high.filter(|begin| begin + self.nodes[at].length <= latest).map(|_| latest)
    }
}

/// Lateness, wishes and promises.
fn visits(problem: &Problem, chain: &Chain, starts: &[Col], programme: &mut Programme) {
    let greatest = programme.priced(Term::GreatestLateness, 1);
    for (at, node) in chain.nodes.iter().enumerate() {
        let Task::Visit(id) = node.task else { continue };
        let (visit, start) = (&problem.visits()[id], starts[at]);
        let close = visit.windows[window(visit, Moment(node.low.min(node.high.unwrap_or(i64::MAX))))].close.0;
        for late in [programme.priced(Term::Lateness, 1), greatest].into_iter().flatten() {
            programme.at_least(-close, &[(late, 1.0), (start, -1.0)]);
        }
        if let Some(wish) = &visit.preference {
            if let Some(early) = programme.priced(Term::Early, wish.early) {
                programme.at_least(wish.from.0, &[(early, 1.0), (start, 1.0)]);
            }
            if let Some(late) = programme.priced(Term::Late, wish.late) {
                programme.at_least(-wish.until.0, &[(late, 1.0), (start, -1.0)]);
            }
        }
        if let Some(promise) = &visit.published
            && let Some(moved) = programme.priced(Term::Disruption, promise.per_tick)
        {
            programme.at_least((promise.start - promise.tolerance).0, &[(moved, 1.0), (start, 1.0)]);
            programme.at_least(-(promise.start + promise.tolerance).0, &[(moved, 1.0), (start, -1.0)]);
        }
    }
}

/// Waiting, overtime and idleness of routes.
fn routes(problem: &Problem, chain: &Chain, starts: &[Col], ends: &[Col], programme: &mut Programme) {
    let idle = programme.priced(Term::GreatestIdle, 1);
    for (shift, facts) in problem.shifts().enumerate() {
        let (first, end, home) = chain.routes[shift];
        let nodes = &chain.nodes[first..end];
        let Some(last) = end.checked_sub(1).filter(|_| !nodes.is_empty()) else {
            if let Some(idle) = idle {
                programme.at_least((facts.end - facts.start).0, &[(idle, 1.0)]);
            }
            continue;
        };
        if let Some(over) = programme.priced(Term::Overtime, 1) {
            programme.at_least(chain.free(last) + home - facts.end.0, &[(over, 1.0), (ends[last], -1.0)]);
        }
        if let Some(idle) = idle {
            // Idle is the longer of shift and absence without its rides, services and breaks.
            let busy: i64 = nodes.iter().map(|node| node.ride + node.length).sum::<i64>() + home;
            let rests: Vec<(Col, f64)> =
                (first..end).filter(|&at| ends[at] != starts[at]).flat_map(|at| [(ends[at], 1.0), (starts[at], -1.0)]).collect();
            let idle: Vec<(Col, f64)> = std::iter::once((idle, 1.0)).chain(rests).collect();
            programme.at_least((facts.end - facts.start).0 - busy, &idle);
            programme.at_least(chain.free(last) + home - facts.start.0 - busy, &merged(idle, (ends[last], -1.0)));
        }
        waiting(problem, chain, shift, starts, ends, programme);
    }
}

fn waiting(problem: &Problem, chain: &Chain, shift: ShiftId, starts: &[Col], ends: &[Col], programme: &mut Programme) {
    let (first, end, _) = chain.routes[shift];
    let Some(waits) = programme.priced(Term::Waiting, 1) else { return };
    let (mut factors, mut fixed) = (vec![(waits, 1.0)], 0);
    for (node, &start) in chain.nodes[first..end].iter().zip(&starts[first..end]) {
        match node.prev {
            None if problem.objective().departure == Departure::JustInTime => {}
            None => {
                factors = merged(factors, (start, -1.0));
                fixed -= problem.shifts()[shift].start.0 + node.ride;
            }
            Some(prev) if prev == first && chain.nodes[prev].task == Task::Break => {}
            Some(prev) => {
                factors = merged(merged(factors, (start, -1.0)), (ends[prev], 1.0));
                fixed -= chain.free(prev) + node.ride;
            }
        }
    }
    programme.at_least(fixed, &factors);
}

/// HiGHS wants every column once in a row.
fn merged(mut factors: Vec<(Col, f64)>, (column, factor): (Col, f64)) -> Vec<(Col, f64)> {
    match factors.iter_mut().find(|(other, _)| *other == column) {
        Some((_, sum)) => *sum += factor,
        None => factors.push((column, factor)),
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::trial;

    /// The least cost over all starts in `[0, 75]` of at most four stops, one by one.
    fn by_trying(problem: &Problem, chain: &Chain, at: usize, starts: &mut Vec<i64>, best: &mut Option<i64>) {
        let Some(node) = chain.nodes.get(at) else {
            if chain.earliest(starts).as_ref() == Some(starts) {
                let plan = chain.plan(problem, starts);
                let breakdown = evaluate(problem, &plan);
                if TIMED.iter().all(|&term| term == Term::MissedBreak || !problem.objective().is_hard(term) || breakdown.quantity(term) == 0) {
                    let cost = breakdown.cost(problem.objective()).0;
                    *best = Some(best.map_or(cost, |least| least.min(cost)));
                }
            }
            return;
        };
        let low = node.prev.map_or(node.low, |prev| node.low.max(starts[prev] + chain.nodes[prev].length + node.ride));
        for start in low..=node.high.unwrap_or(75).min(75) {
            starts[at] = start;
            by_trying(problem, chain, at + 1, starts, best);
        }
    }

    #[test]
    fn times_are_the_best_of_all() {
        let mut tried = 0;
        for seed in 0..400 {
            let problem = trial::problem(seed, 3);
            let visits: Vec<VisitId> = problem.visits().ids().collect();
            let mut sequences: IdVec<ShiftId, Vec<Task>> =
                vec![vec![Task::Visit(visits[0]), Task::Visit(visits[1])], vec![Task::Visit(visits[2])]].into();
            if problem.shifts()[ShiftId::new(1)].pause.is_some() {
                sequences[ShiftId::new(1)].insert(usize::from(seed % 2 == 0), Task::Break);
            } else if problem.shifts()[ShiftId::new(0)].pause.is_some() {
                continue;
            }
            let choices = problem.visits().iter().map(|_| Choice::default()).collect();
            let chain = Chain::new(&problem, &sequences, &choices).expect("all visits are served");
            let mut least = None;
            if chain.nodes.len() == 3 || problem.links().is_empty() && seed % 3 == 0 {
                by_trying(&problem, &chain, 0, &mut vec![0; chain.nodes.len()], &mut least);
            } else {
                continue;
            }
            // Which promises are kept is the caller's choice: all of them are tried.
            let kept = |mask: usize| problem.visits().ids().map(|id| Choice { window: 0, keeps_promise: mask >> id.idx() & 1 == 1 }).collect();
            let plans = (0..1 << problem.visits().len()).filter_map(|mask| best(&problem, &sequences, &kept(mask)));
            let timed = plans.map(|plan| evaluate(&problem, &plan).cost(problem.objective()).0).min();
            assert_eq!(timed, least, "seed {seed}");
            tried += 1;
        }
        assert!(tried > 100, "{tried}");
    }

    #[test]
    fn retiming_is_never_dearer_and_keeps_every_rule() {
        let mut cheaper = 0;
        for seed in 0..300 {
            let problem = trial::problem(seed, 4);
            let visits: Vec<Task> = problem.visits().ids().map(Task::Visit).collect();
            let sequences: IdVec<ShiftId, Vec<Task>> = vec![visits[..2].to_vec(), visits[2..].to_vec()].into();
            let choices = problem.visits().iter().map(|_| Choice::default()).collect();
            let chain = Chain::new(&problem, &sequences, &choices).expect("all visits are served");
            let lows: Vec<i64> = chain.nodes.iter().map(|node| node.low).collect();
            let Some(hint) = chain.earliest(&lows).map(|starts| chain.plan(&problem, &starts)) else { continue };
            let Some(plan) = retime(&problem, &sequences, &hint) else { continue };
            let cost = |plan: &Plan| evaluate(&problem, plan).cost(problem.objective());
            assert!(cost(&plan) <= cost(&hint), "seed {seed}");
            cheaper += usize::from(cost(&plan) < cost(&hint));
            assert_eq!(plan.sequences(), sequences, "seed {seed}");
            let served = plan.served(&problem);
            for (id, visit) in problem.visits().enumerate() {
                let start = served[id].expect("still served").start;
                assert_eq!(window(visit, start), 0, "seed {seed}");
                assert!(start >= visit.windows[0].open, "seed {seed}");
            }
            for link in problem.links() {
                let starts = [link.first, link.second].map(|visit| served[visit].expect("still served").start);
                assert!(crate::problem::keeps(link, starts[0], starts[1]), "seed {seed}");
            }
        }
        assert!(cheaper > 10, "{cheaper}");
    }
}
