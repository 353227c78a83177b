//! Several days, or terms that look across routes: the team programme, days in parallel, and the loop between them.
//!
//! The team programme ([`crate::exact::team`]) chooses the few carers of every citizen. Days are then planned in parallel, each as a problem of
//! its own ([`Part`]) in which whoever is not among the few has a price ([`pricing`]). From then on every day is planned again beside what the
//! other days do: whoever comes anyhow is free there. What a day cannot see by itself - that a carer who comes on two days could be spared on
//! both - is worth a share of a face on each for a while; two days at once let visits change days. What counts is always the cost of the whole
//! horizon, with the faces that it has.

mod blocks;
mod bound;
mod choose;
mod faces;
mod few;
mod pricing;
mod release;
#[cfg(test)]
mod tests;
mod usual;

use rayon::prelude::*;

use super::best::{Known, News, Priced};
use super::parts::{Day, Part};
use super::run::{BOUND_ROUNDS, PROOF_NODES, threads};
use super::{BOUND_SHARE_WHEN_PROVING, Outcome, PROVABLE_VISITS, Progress, Proof, SEARCH_SHARE_WHEN_PROVING, SolveOptions, at_once};
use crate::exact::compact::{self, Coverage, MipLimit};
use crate::plan::Plan;
use crate::problem::{CarerId, IdVec, Problem, ShiftId, Term, VisitId};
use crate::stop::{StopToken, Watch};
use blocks::Blocks;
pub use bound::DaysBound;
pub(super) use choose::near;
use faces::Faces;
use pricing::{Pricing, Sharing};
use usual::Usual;

/// Share of the time left after the team programme for the first plan of every day.
const FIRST_SHARE: f64 = 0.25;
/// Rounds after the first, by what they are for. They repeat while there is time.
const ROUNDS: [Round; 4] = [
    Round { sharing: Sharing::Shared, width: 1, heat: 0.3 },
    Round { sharing: Sharing::Marginal, width: 1, heat: 0.2 },
    Round { sharing: Sharing::Marginal, width: 2, heat: 0.1 },
    Round { sharing: Sharing::Marginal, width: 1, heat: 0.1 },
];
/// Times that the rounds are gone through where time or moves are limited.
const PASSES: usize = 4;
/// The round after which carers are spared, and the share of the time left for it.
const RELEASE_AFTER: usize = 1;
const RELEASE_SHARE: f64 = 0.25;
/// Moves of a day's turn where nothing limits the run.
const UNLIMITED_TURN: u64 = 1_000_000;

/// A round: every block once, so many neighbouring ones at a time, as hot as this against a plan from nothing.
#[derive(Clone, Copy)]
struct Round {
    sharing: Sharing,
    width: usize,
    heat: f64,
}

/// Whether a problem is one for the horizon: a term looks across routes, or shifts are on several days.
pub(super) fn is_horizon(problem: &Problem) -> bool {
    Term::ACROSS.into_iter().any(|term| problem.matters(term)) || Blocks::new(problem).len() > 1
}

/// Whether the compact model may hold it.
fn is_provable(problem: &Problem) -> bool {
    problem.visits().len() <= PROVABLE_VISITS && compact::is_modelled(problem)
}

/// [`super::solve`] for a horizon.
pub(super) fn solve(problem: &Problem, start: Option<&Plan>, options: &SolveOptions, watch: &Watch, observe: &mut dyn FnMut(&Progress)) -> Outcome {
    let mut run = Horizon::new(problem, start, options, watch);
    run.tell(observe);
    if start.is_none() {
        run.plan(observe);
    }
    run.improve(observe);
    if options.prove && !watch.is_stopped() {
        run.bound();
        run.prove();
    }
    run.tell(observe);
    run.outcome()
}

/// The problem as a search of single routes sees it beside a plan: whoever comes to a citizen in the plan is free there, any other carer costs a
/// face, and wishes are for the plan's usual times. `None` where no term looks across routes, or where prices of faces at every visit would be too
/// large for exact sums.
pub(crate) fn beside(problem: &Problem, plan: &Plan) -> Option<Problem> {
    let looks_across = Term::ACROSS.into_iter().any(|term| problem.matters(term));
    if !looks_across {
        return None;
    }
    let blocks = Blocks::new(problem);
    let come = Faces::of(problem, &blocks, plan, |_| true);
    let usual = Usual::of(problem, plan);
    let pricing = Pricing { problem, sharing: Sharing::Marginal, elsewhere: &come, whole: &come, usual: &usual, spared: None };
    let mut parts = problem.to_builder();
    let (visits, carers): (Vec<VisitId>, Vec<CarerId>) = (problem.visits().ids().collect(), problem.carers().ids().collect());
    pricing.set(&mut parts, &visits, &carers);
    parts.build().ok()
}

/// What the days of a horizon cost at least, whatever its faces cost, in the time of the options. A day too large for column generation counts
/// nothing, and [`DaysBound::leaves_out`] says so; `None` where a day is no problem by itself.
/// `incumbent` must have no violation: nothing is sought above what its days cost.
#[must_use]
pub fn days_bound(problem: &Problem, incumbent: Option<&Plan>, options: &SolveOptions, stop: &StopToken) -> Option<DaysBound> {
    let watch = Watch::metered(options.time_limit, options.meter, stop.clone());
    let rounds = if options.iterations.is_some() { BOUND_ROUNDS } else { usize::MAX };
    threads(options).install(|| bound::bound(problem, &Blocks::new(problem), incumbent, rounds, &watch))
}

struct Horizon<'a> {
    problem: &'a Problem,
    options: &'a SolveOptions,
    /// Of everything, and of what is not for proofs.
    whole: &'a Watch,
    watch: Watch,
    threads: rayon::ThreadPool,
    known: Known,
    blocks: Blocks,
    /// By visit that nobody serves, the block that is to try.
    home: IdVec<VisitId, Option<usize>>,
    current: Priced,
    best: Priced,
    news: News,
    iterations: u64,
    evaluated: u64,
    n_turns: u64,
}

/// Blocks after their turn.
struct Turned {
    part: Part,
    plan: Plan,
    iterations: u64,
    evaluated: u64,
}

/// Who comes elsewhere, as turns are told.
enum Guide<'a> {
    /// The few of the team programme.
    Few(&'a Faces),
    /// Whoever comes in the plan.
    Plan(Sharing),
}

/// How long a turn is, and how hot; from nothing where there is no heat.
#[derive(Clone)]
struct Turn<'a> {
    heat: Option<f64>,
    moves: Option<u64>,
    watch: &'a Watch,
}

impl<'a> Horizon<'a> {
    fn new(problem: &'a Problem, start: Option<&Plan>, options: &'a SolveOptions, watch: &'a Watch) -> Self {
        let blocks = Blocks::new(problem);
        let share = match (options.prove, is_provable(problem)) {
            (false, _) => 1.0,
            (true, true) => SEARCH_SHARE_WHEN_PROVING,
            (true, false) => 1.0 - options.bound_share.clamp(0.0, 1.0),
        };
        let current = Priced::new(problem, start.cloned().unwrap_or_else(|| Plan::empty(problem)));
        Self {
            threads: threads(options),
            home: problem.visits().ids().map(|visit| blocks.first_of(problem, visit)).collect(),
            best: current.clone(),
            current,
            news: News::default(),
            iterations: 0,
            evaluated: 0,
            n_turns: 0,
            problem,
            options,
            whole: watch,
            watch: watch.part(share),
            known: Known::nothing(),
            blocks,
        }
    }

    /// A first plan: in haste near those whom citizens know, so that there is one whenever somebody asks to stop, then with the few.
    fn plan(&mut self, observe: &mut dyn FnMut(&Progress)) {
        let problem = self.problem;
        let mut known = Faces::new(problem);
        for (citizen, facts) in problem.citizens().enumerate() {
            facts.history.iter().for_each(|met| known.add(citizen, met.carer));
        }
        let all = self.watch.clone();
        self.days(&known, Some(0), &all, observe);
        if self.watch.is_over() {
            return;
        }
        let few = self.few();
        let budget = self.watch.part(FIRST_SHARE);
        // Visits that may be on several days go where the few are.
        self.current = Priced::new(problem, Plan::empty(problem));
        self.days(&few, self.moves(FIRST_SHARE), &budget, observe);
    }

    /// Every day from nothing, with these few; so many moves each, or by the time.
    fn days(&mut self, few: &Faces, moves: Option<u64>, budget: &Watch, observe: &mut dyn FnMut(&Progress)) {
        let lanes = self.threads.current_num_threads();
        let all: Vec<Vec<usize>> = (0..self.blocks.len()).map(|block| vec![block]).collect();
        let n_waves = all.len().div_ceil(lanes);
        for (nth, wave) in all.chunks(lanes).enumerate() {
            // What is done in haste is done to its end: there is no other plan yet.
            if moves != Some(0) && self.watch.is_over() {
                return;
            }
            let watch = budget.part(1.0 / (n_waves - nth) as f64);
            let turned = self.wave(wave, &Guide::Few(few), &Turn { heat: None, moves, watch: &watch });
            // Other days still have other carers: what a day is worth shows once all of them have had their turn.
            self.take(turned, false);
            self.tell(observe);
        }
    }

    /// Puts turns into the plan: those that are worth it, or all that break no more rules. The best plan is kept aside.
    fn take(&mut self, turned: Vec<Turned>, only_better: bool) {
        for turned in turned {
            let plan = self.with(&turned);
            if plan.is_better_than(&self.current) || (!only_better && plan.n_violations <= self.current.n_violations) {
                self.current = plan;
            }
        }
        self.note_best();
    }

    fn note_best(&mut self) {
        if self.current.is_better_than(&self.best) {
            self.best = self.current.clone();
        }
    }

    /// Bounds the cost of the horizon from below.
    fn bound(&mut self) {
        if self.options.bound_share == 0.0 {
            return;
        }
        let watch = if is_provable(self.problem) { self.whole.part(BOUND_SHARE_WHEN_PROVING) } else { self.whole.clone() };
        let rounds = if self.options.iterations.is_some() { BOUND_ROUNDS } else { usize::MAX };
        let incumbent = (self.best.n_violations == 0).then_some(&self.best.plan);
        let found = self.threads.install(|| bound::bound(self.problem, &self.blocks, incumbent, rounds, &watch));
        if let Some(found) = found {
            let bound = found.of(self.problem).min(self.best.cost);
            let covers = if found.leaves_out.is_empty() { Coverage::Exact } else { Coverage::Relaxed(found.leaves_out) };
            self.known.raise(Some(bound), covers, &self.best);
        }
    }

    /// Holds a small horizon in one integer programme.
    fn prove(&mut self) {
        if !is_provable(self.problem) || self.known.proof == Proof::Optimal {
            return;
        }
        let left = self.whole.left().map(|left| left.as_secs_f64());
        let limit = MipLimit { seconds: left, nodes: left.is_none().then_some(PROOF_NODES) };
        let compact = compact::prove(self.problem, (self.best.n_violations == 0).then_some(&self.best.plan), limit);
        if let Some(plan) = compact.plan {
            let plan = Priced::new(self.problem, plan);
            if plan.is_better_than(&self.best) {
                self.best = plan;
            }
        }
        self.known.raise(compact.dual_bound, compact.covers, &self.best);
    }

    /// Moves of a turn that gets this share of all, by every block once; `None` where only time limits it.
    fn moves(&self, share: f64) -> Option<u64> {
        let lanes = self.threads.current_num_threads() as u64;
        let all = self.options.iterations.map(|each| each.saturating_mul(lanes));
        let each = |all: u64| (all as f64 * share / self.blocks.len().max(1) as f64) as u64;
        all.map(each).or_else(|| self.watch.limit().is_none().then_some(UNLIMITED_TURN))
    }

    /// Round after round, until the time is up.
    fn improve(&mut self, observe: &mut dyn FnMut(&Progress)) {
        if self.blocks.len() == 0 {
            return;
        }
        let is_limited = self.watch.limit().is_some() || self.options.iterations.is_some();
        let passes = if is_limited { PASSES } else { usize::MAX };
        let n_rounds = passes.saturating_mul(ROUNDS.len());
        let asks_faces = [Term::Faces, Term::NewFaces, Term::AboveCap].into_iter().any(|term| self.problem.matters(term));
        for nth in 0..n_rounds {
            let round = ROUNDS[nth % ROUNDS.len()];
            if self.watch.is_over() {
                return;
            }
            let round = if asks_faces { round } else { Round { sharing: Sharing::Marginal, ..round } };
            let budget = if is_limited { self.watch.part(1.0 / (n_rounds - nth) as f64) } else { self.watch.clone() };
            self.round(round, nth, &budget, self.moves((1.0 - FIRST_SHARE) / n_rounds as f64), observe);
            if nth % ROUNDS.len() == RELEASE_AFTER {
                self.choose(&self.watch.part(RELEASE_SHARE));
            }
            if asks_faces && nth % ROUNDS.len() == RELEASE_AFTER {
                self.release(&self.watch.part(RELEASE_SHARE));
                self.note_best();
                self.tell(observe);
            }
        }
    }

    /// Every block once. Where faces are shared, plans may become dearer on the way.
    fn round(&mut self, round: Round, nth: usize, budget: &Watch, moves: Option<u64>, observe: &mut dyn FnMut(&Progress)) {
        let lanes = self.threads.current_num_threads();
        let n = self.blocks.len();
        // Neighbours are other ones from round to round.
        let mut order: Vec<usize> = (0..n).collect();
        order.rotate_left(nth % n);
        let sets: Vec<Vec<usize>> = order.chunks(round.width).map(<[usize]>::to_vec).collect();
        let n_waves = sets.len().div_ceil(lanes);
        for (at, wave) in sets.chunks(lanes).enumerate() {
            let watch = budget.part(1.0 / (n_waves - at) as f64);
            if watch.is_over() {
                return;
            }
            let turned = self.wave(wave, &Guide::Plan(round.sharing), &Turn { heat: Some(round.heat), moves, watch: &watch });
            self.take(turned, round.sharing == Sharing::Marginal);
            self.tell(observe);
        }
        if round.sharing == Sharing::Marginal && self.best.is_better_than(&self.current) {
            self.current = self.best.clone();
        }
    }

    /// The turns of some sets of blocks, at the same time.
    fn wave(&mut self, sets: &[Vec<usize>], guide: &Guide<'_>, turn: &Turn<'_>) -> Vec<Turned> {
        let began = self.n_turns;
        self.n_turns += sets.len() as u64;
        let unserved: Vec<Vec<VisitId>> = sets.iter().map(|set| self.unserved_in(set)).collect();
        let usual = Usual::of(self.problem, &self.current.plan);
        let this = &*self;
        let turned: Vec<Turned> = self.threads.install(|| {
            let turn = |at: usize| this.turn(&sets[at], &unserved[at], guide, &usual, turn, began + at as u64);
            (0..sets.len()).into_par_iter().filter_map(turn).collect()
        });
        self.iterations += turned.iter().map(|turned| turned.iterations).sum::<u64>();
        self.evaluated += turned.iter().map(|turned| turned.evaluated).sum::<u64>();
        turned
    }

    fn turn(&self, set: &[usize], unserved: &[VisitId], guide: &Guide<'_>, usual: &Usual, turn: &Turn<'_>, nth: u64) -> Option<Turned> {
        let (problem, plan) = (self.problem, &self.current.plan);
        let mut shifts: Vec<ShiftId> = set.iter().flat_map(|&block| self.blocks.shifts[block].iter().copied()).collect();
        shifts.sort_unstable();
        let (elsewhere, whole);
        let pricing = match guide {
            Guide::Few(few) => Pricing { problem, sharing: Sharing::Marginal, elsewhere: few, whole: few, usual, spared: None },
            Guide::Plan(sharing) => {
                elsewhere = Faces::of(problem, &self.blocks, plan, |block| !set.contains(&block));
                whole = Faces::of(problem, &self.blocks, plan, |_| true);
                Pricing { problem, sharing: *sharing, elsewhere: &elsewhere, whole: &whole, usual, spared: None }
            }
        };
        let served = plan.served(problem);
        let part =
            Part::changed(Day { problem, plan, served: &served }, shifts, unserved, |parts, visits, carers| pricing.set(parts, visits, carers))?;
        let options = SolveOptions {
            seed: self.options.seed.wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            threads: 1,
            iterations: turn.moves,
            prove: false,
            ..self.options.clone()
        };
        let start = turn.heat.map(|heat| (part.plan(plan), heat));
        let start = start.as_ref().map(|(plan, heat)| (plan, *heat));
        let outcome = at_once(&part.problem, start, &options, turn.watch, 1, &mut |_| {});
        Some(Turned { part, plan: outcome.plan, iterations: outcome.iterations, evaluated: outcome.evaluated })
    }

    /// Visits that nobody serves, in the blocks that are to try them, whole clusters.
    fn unserved_in(&self, set: &[usize]) -> Vec<VisitId> {
        let mut clusters: Vec<usize> = Vec::new();
        for visit in self.current.plan.left_out(self.problem) {
            if self.home[visit].is_some_and(|home| set.contains(&home)) {
                clusters.push(self.problem.cluster_index(visit));
            }
        }
        clusters.sort_unstable();
        clusters.dedup();
        let is_unserved = |visit: &VisitId| self.current.plan.unserved.binary_search(visit).is_ok();
        clusters.into_iter().flat_map(|cluster| self.problem.clusters()[cluster].members.iter().copied()).filter(is_unserved).collect()
    }

    /// The current plan with what has had its turn.
    fn with(&self, turned: &Turned) -> Priced {
        self.put(&self.current, turned)
    }

    /// A plan with what has had its turn.
    fn put(&self, plan: &Priced, turned: &Turned) -> Priced {
        let mut plan = plan.plan.clone();
        turned.part.put_back(&turned.plan, &mut plan);
        let mut is_served = vec![false; self.problem.visits().len()];
        plan.routes.iter().flat_map(crate::plan::Route::visits).for_each(|visit| is_served[visit.idx()] = true);
        plan.unserved = self.problem.visits().ids().filter(|visit| !is_served[visit.idx()]).collect();
        Priced::new(self.problem, plan)
    }

    fn tell(&mut self, observe: &mut dyn FnMut(&Progress)) {
        self.news.tell(&self.best, &self.known, self.iterations, self.whole, observe);
    }

    fn outcome(self) -> Outcome {
        self.best.outcome(self.known, (self.iterations, self.evaluated), self.whole)
    }
}
