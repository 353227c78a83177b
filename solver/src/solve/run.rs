//! One solve under way: workers in rounds, the pool between them, and what is known about the best plan.

use std::time::Duration;

use rayon::prelude::*;

use super::best::{Known, News, Priced};
use super::recombine::{RECOMBINE_NODES, recombine};
use super::{Outcome, Progress, Proof, SolveOptions};
use crate::exact::columns;
use crate::exact::compact::{self, MipLimit};
use crate::exact::timing;
use crate::plan::Plan;
use crate::pool::{Pool, PooledRoute};
use crate::problem::Problem;
use crate::search::{Arrays, Focus, Ingredients, Ladder, Neighbours, Sequences, Worker};
use crate::stop::Watch;

/// Nodes of a proof where no time limits it.
pub(super) const PROOF_NODES: u64 = 20_000;
/// Rounds of column generation where iterations limit the search: its result does not depend on the machine's load then.
pub(super) const BOUND_ROUNDS: usize = 60;
/// Most search threads; asking for more gives as many.
const MOST_THREADS: usize = 64;
/// Moves of the descent when a run is stopped.
const QUENCH: u64 = 150_000;
/// Moves of one round when there is no limit at all.
const UNLIMITED_ROUND: u64 = 1_000_000;
/// Fewest rounds of a run; workers meet between rounds.
const ROUNDS: u64 = 24;
/// Longest round, so that news and exchange come at least this often.
const LONGEST_ROUND: Duration = Duration::from_secs(1);
/// Routes in the pool.
const POOL: usize = 8000;
/// Recombinations in a run, at most, in equal distances.
const RECOMBINATIONS: u64 = 5;
/// Share of the cycles that begin anew.
const FRESH_SHARE: f64 = 0.6;
/// Moves for each visit that a cycle of annealing should have: fewer leave it rough, more are better spent on another cycle.
const MOVES_PER_VISIT: u64 = 60_000;
/// Most cycles.
const MOST_CYCLES: u64 = 12;
/// First temperature of later cycles against the first.
const REHEAT: f64 = 0.3;
/// Share of the time after which the pace of the search is taken.
const PACE_SHARE: f64 = 0.01;
/// Share of the time that one recombination may take.
const RECOMBINE_SHARE: f64 = 0.02;
/// Longest recombination, since whoever stops a run waits for it.
const LONGEST_RECOMBINATION: Duration = Duration::from_secs(10);

/// The threads that the options ask for.
pub(super) fn threads(options: &SolveOptions) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.clamp(1, MOST_THREADS))
        .thread_name(|at| format!("search-{at}"))
        .build()
        .expect("the system gives the threads asked for")
}

/// A recombination that runs beside the search.
type Recombining<'s> = std::thread::ScopedJoinHandle<'s, Option<Sequences>>;

/// One solve under way.
pub(super) struct Run<'a> {
    problem: &'a Problem,
    arrays: &'a Arrays<'a>,
    options: &'a SolveOptions,
    watch: &'a Watch,
    threads: rayon::ThreadPool,
    workers: Vec<Worker<'a>>,
    ladder: Ladder,
    rings: Vec<Focus>,
    pool: Pool,
    best: Priced,
    best_key: (i64, i64),
    news: News,
    known: Known,
}

impl<'a> Run<'a> {
    pub(super) fn new(arrays: &'a Arrays<'a>, neighbours: &'a Neighbours, start: Option<&Plan>, options: &'a SolveOptions, watch: &'a Watch) -> Self {
        let problem = arrays.problem;
        let threads = threads(options);
        let n = threads.current_num_threads();
        let mut workers: Vec<Worker<'a>> = threads.install(|| {
            (0..n).into_par_iter().map(|at| Worker::new(arrays, neighbours, options.seed, at, start, options.audit, options.without)).collect()
        });
        let ladder = workers[0].ladder();
        let plan = workers[0].best_plan();
        let best_key = workers[0].best_key();
        let mut best = Priced::new(problem, plan);
        // Doing nothing is a plan too, and the only one where nothing else keeps the hard rules.
        for given in start.cloned().into_iter().chain([Plan::empty(problem)]) {
            let given = Priced::new(problem, given);
            if given.is_better_than(&best) {
                best = given;
            }
        }
        Self {
            problem,
            arrays,
            options,
            watch,
            threads,
            workers,
            ladder,
            rings: Vec::new(),
            pool: Pool::new(POOL),
            best,
            best_key,
            news: News::default(),
            known: Known::nothing(),
        }
    }

    /// The best plan so far.
    pub(super) fn best_plan(&self) -> &Plan {
        &self.best.plan
    }

    /// Lets the last half of the workers start from another plan, if it is better than the one they have once all visits are put in.
    pub(super) fn start_from(&mut self, plan: &Plan, neighbours: &'a Neighbours) {
        let (n, options) = (self.workers.len(), self.options);
        for at in n / 2..n {
            let worker = Worker::new(self.arrays, neighbours, options.seed, at, Some(plan), options.audit, options.without);
            if worker.best_key() < self.workers[at].best_key() {
                self.workers[at] = worker;
            }
        }
        self.gather();
    }

    /// Scales all temperatures.
    pub(super) fn heat(&mut self, heat: f64) {
        self.ladder = Ladder { hot: self.ladder.hot * heat, cold: self.ladder.cold * heat, ..self.ladder };
    }

    /// Searches around what these rings hold, each in its share of the time: the wider the ring, the colder.
    pub(super) fn keep_to(&mut self, rings: Vec<Focus>) {
        self.rings = rings;
    }

    fn widen(&mut self, round: u64, rounds: u64) {
        let n = self.rings.len() as u64;
        if n == 0 || (round > 0 && round * n / rounds == (round - 1) * n / rounds) {
            return;
        }
        let ring = &self.rings[(round * n / rounds) as usize];
        self.workers.iter_mut().for_each(|worker| worker.set_focus(ring.clone()));
    }

    /// Anneals in rounds until `budget` of the time (or all iterations) is used.
    pub(super) fn search(&mut self, budget: f64, observe: &mut dyn FnMut(&Progress)) {
        let limit = self.watch.limit().map(|limit| limit.mul_f64(budget));
        let rounds = limit.map_or(ROUNDS, |limit| ROUNDS.max(limit.as_nanos().div_ceil(LONGEST_ROUND.as_nanos()) as u64));
        // Near a plan that stands, beginning anew is no use.
        let cycles = if self.rings.is_empty() { self.plan_cycles(limit) } else { 1 };
        let fresh = ((cycles as f64 * FRESH_SHARE).round() as u64).max(1);
        self.ladder = Ladder { cycles, fresh, reheat: REHEAT, ..self.ladder };
        // Cycles end with a round, and the routes of the fresh ones are recombined from then on.
        let rounds = rounds.next_multiple_of(cycles);
        let recombine_from = if cycles == 1 { rounds / 2 } else { fresh * (rounds / cycles) };
        let recombine_every = ((rounds - recombine_from) / RECOMBINATIONS).max(1);
        std::thread::scope(|scope| {
            let mut recombining: Option<Recombining<'_>> = None;
            for round in 0..rounds {
                self.widen(round, rounds);
                let due = round >= recombine_from && (round - recombine_from).is_multiple_of(recombine_every);
                if self.options.recombine && due && recombining.is_none() {
                    let job = self.recombination(limit);
                    if self.workers.len() > 1 {
                        recombining = Some(scope.spawn(job));
                    } else {
                        let chosen = job();
                        self.adopt(chosen);
                    }
                }
                // The programme takes the place of the last worker.
                self.round(round, rounds, limit, self.workers.len() - usize::from(recombining.is_some()));
                self.gather();
                if recombining.as_ref().is_some_and(|job| job.is_finished() || round + 1 == rounds) {
                    let chosen = recombining.take().and_then(|job| job.join().unwrap_or_default());
                    self.adopt(chosen);
                }
                if round >= recombine_from && !self.options.without.has(Ingredients::EXCHANGE) {
                    self.exchange();
                }
                self.tell(observe);
                let used_up = limit.is_some_and(|limit| self.watch.elapsed() >= limit);
                if self.watch.is_over() || used_up {
                    break;
                }
            }
            if let Some(job) = recombining.take() {
                let chosen = job.join().unwrap_or_default();
                self.adopt(chosen);
            }
        });
        if self.watch.is_stopped() {
            self.quench();
        }
    }

    /// One recombination of the pool's routes by the set-partitioning MIP, ready to run beside the search.
    fn recombination(&self, limit: Option<Duration>) -> impl FnOnce() -> Option<Sequences> + Send + 'a {
        // One worker has to wait for it; beside several it may take longer.
        let share = RECOMBINE_SHARE * self.workers.len().min(2) as f64;
        let wall = limit.map(|limit| self.watch.wall_time_of(limit.mul_f64(share), self.workers.len()).min(LONGEST_RECOMBINATION));
        let seconds = wall.map(|wall| wall.as_secs_f64());
        let mip = MipLimit { seconds, nodes: seconds.is_none().then_some(RECOMBINE_NODES) };
        let best = self.workers.iter().min_by_key(|worker| worker.best_key()).map(|worker| worker.best().routes.clone()).unwrap_or_default();
        let (problem, arrays, penalties) = (self.problem, self.arrays, self.workers[0].penalties());
        let routes: Vec<PooledRoute> = self.pool.routes().cloned().collect();
        move || recombine(problem, arrays, &routes, penalties, &best, mip)
    }

    /// How many cycles the moves of the run are best spent on: from the iterations asked for, or from a short look at the pace.
    /// A run of few moves has no time to cool down from where carers are exchanged freely.
    fn plan_cycles(&mut self, limit: Option<Duration>) -> u64 {
        let visits = self.arrays.n_visits.max(1) as u64;
        let moves = if let Some(all) = self.options.iterations {
            all
        } else if let Some(limit) = limit {
            let watch = self.watch;
            let (before, began) = (self.iterations(), watch.elapsed());
            let until = began + limit.mul_f64(PACE_SHARE);
            let hot = Ladder::once(self.ladder.hot, self.ladder.hot);
            let workers = &mut self.workers;
            self.threads.install(|| {
                workers.par_iter_mut().for_each(|worker| worker.run(hot, &mut |_| (watch.elapsed() < until && !watch.is_stopped()).then_some(0.0)));
            });
            let spent = (watch.elapsed() - began).as_secs_f64().max(1e-6);
            let pace = (self.iterations() - before) as f64 / self.workers.len() as f64 / spent;
            (pace * limit.as_secs_f64()) as u64
        } else {
            UNLIMITED_ROUND * ROUNDS
        };
        let one = MOVES_PER_VISIT * visits;
        self.ladder.hot += self.ladder.climb * (moves as f64 / one as f64).min(1.0);
        (moves.saturating_add(one / 2) / one).clamp(1, MOST_CYCLES)
    }

    /// Whoever stops a run while it is hot still wants a good plan: a short descent from the best one, a fraction of a second.
    fn quench(&mut self) {
        let cold = Ladder::once(self.ladder.cold, self.ladder.cold / 4.0);
        let workers = &mut self.workers;
        self.threads.install(|| {
            workers.par_iter_mut().for_each(|worker| {
                worker.return_to_best();
                worker.run(cold, &mut |done| (done < QUENCH).then_some(done as f64 / QUENCH as f64));
            });
        });
        self.gather();
    }

    /// One round of the first few workers.
    fn round(&mut self, round: u64, rounds: u64, limit: Option<Duration>, first: usize) {
        let (ladder, watch) = (self.ladder, self.watch);
        let iterations = self.options.iterations;
        let share_of = move |done: u64| {
            if watch.is_stopped() {
                return None;
            }
            let mut share: f64 = 0.0;
            if let Some(limit) = limit {
                let elapsed = watch.elapsed();
                if elapsed.as_secs_f64() >= limit.as_secs_f64() * (round + 1) as f64 / rounds as f64 {
                    return None;
                }
                share = elapsed.as_secs_f64() / limit.as_secs_f64();
            }
            if let Some(all) = iterations {
                let (from, to) = (all * round / rounds, all * (round + 1) / rounds);
                if done >= to - from {
                    return None;
                }
                // Whatever the clock says, so that the same seed gives the same plan where the time suffices.
                share = (from + done) as f64 / all as f64;
            } else if limit.is_none() && done >= UNLIMITED_ROUND {
                return None;
            }
            Some(share)
        };
        let workers = &mut self.workers[..first];
        self.threads.install(|| workers.par_iter_mut().for_each(|worker| worker.run(ladder, &mut |done| share_of(done))));
    }

    /// Takes over the workers' routes and their best plan.
    fn gather(&mut self) {
        let arrays = self.arrays;
        let is_linked = |node: u32| arrays.is_visit(node) && arrays.visits[node as usize].linked;
        for at in 0..self.workers.len() {
            for route in self.workers[at].take_captured() {
                self.pool.add(route, is_linked);
            }
            if self.workers[at].best_key() < self.best_key {
                let plan = Priced::new(self.problem, self.workers[at].best_plan());
                if plan.is_better_than(&self.best) {
                    self.best_key = self.workers[at].best_key();
                    self.best = plan;
                }
            }
        }
    }

    /// Lets workers that are far behind the best plan go on from it.
    fn exchange(&mut self) {
        let Some(leader) = (0..self.workers.len()).min_by_key(|&at| self.workers[at].best_key()) else { return };
        let key = self.workers[leader].best_key();
        let sequences = self.workers[leader].best().clone();
        for (at, worker) in self.workers.iter_mut().enumerate() {
            let own = worker.best_key();
            if at != leader && (own.0 > key.0 || own.1 as f64 > key.1 as f64 * 1.005) {
                let _ = worker.offer(&sequences, true);
            }
        }
    }

    /// Takes over the plan that recombining gave, if it is worth it.
    fn adopt(&mut self, recombined: Option<Sequences>) {
        let Some(sequences) = recombined else { return };
        for worker in &mut self.workers {
            let _ = worker.offer(&sequences, false);
        }
        self.gather();
    }

    /// Gives the best plan its best times.
    pub(super) fn polish(&mut self) {
        self.consider(|run| timing::retime(run.problem, &run.best.plan.sequences(), &run.best.plan));
    }

    fn consider(&mut self, other: impl FnOnce(&Self) -> Option<Plan>) {
        if let Some(plan) = other(self) {
            let plan = Priced::new(self.problem, plan);
            if plan.is_better_than(&self.best) {
                self.best = plan;
            }
        }
    }

    /// Bounds the cost from below by column generation, in `share` of the time left.
    pub(super) fn bound(&mut self, share: f64) {
        let incumbent = (self.best.n_violations == 0).then_some(&self.best.plan);
        let rounds = if self.options.iterations.is_some() { BOUND_ROUNDS } else { usize::MAX };
        let found = columns::bound(self.problem, incumbent, rounds, self.options.threads.clamp(1, MOST_THREADS), &self.watch.part(share));
        self.consider(|_| found.plan);
        self.known.raise(found.dual_bound, found.covers, &self.best);
    }

    /// Proves the best plan optimal, or finds a better one, by the compact MIP.
    pub(super) fn prove(&mut self) {
        if self.known.proof == Proof::Optimal {
            return;
        }
        let limit = match self.watch.left() {
            // One thread is busy now, so CPU seconds left are wall seconds at least.
            Some(left) => MipLimit { seconds: Some(left.as_secs_f64()), nodes: None },
            None => MipLimit { seconds: None, nodes: Some(PROOF_NODES) },
        };
        let incumbent = (self.best.n_violations == 0).then_some(&self.best.plan);
        let compact = compact::prove(self.problem, incumbent, limit);
        self.consider(|_| compact.plan);
        self.known.raise(compact.dual_bound, compact.covers, &self.best);
    }

    pub(super) fn tell(&mut self, observe: &mut dyn FnMut(&Progress)) {
        let iterations = self.iterations();
        self.news.tell(&self.best, &self.known, iterations, self.watch, observe);
    }

    fn iterations(&self) -> u64 {
        self.workers.iter().map(|worker| worker.report().iterations).sum()
    }

    pub(super) fn outcome(self) -> Outcome {
        let moves = (self.iterations(), self.workers.iter().map(|worker| worker.report().priced).sum());
        self.best.outcome(self.known, moves, self.watch)
    }
}
