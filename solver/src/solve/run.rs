//! One solve under way: workers in rounds, the pool between them, and what is known about the best plan.

use std::time::Duration;

use rayon::prelude::*;

use super::recombine::{RECOMBINE_NODES, recombine};
use super::{Outcome, Progress, Proof, SolveOptions};
use crate::check::check;
use crate::cost::{Breakdown, evaluate};
use crate::exact::columns;
use crate::exact::compact::{self, Coverage, MipLimit};
use crate::exact::timing;
use crate::plan::Plan;
use crate::pool::Pool;
use crate::problem::{Cost, Problem};
use crate::search::{Arrays, Ladder, Neighbours, Worker};
use crate::stop::Watch;

/// Nodes of a proof where no time limits it.
const PROOF_NODES: u64 = 20_000;
/// Rounds of column generation where iterations limit the search: its result does not depend on the machine's load then.
const BOUND_ROUNDS: usize = 60;
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
const POOL: usize = 4000;
/// Share of the run after which routes are recombined.
const RECOMBINE_FROM: f64 = 0.5;
/// Recombinations in a run.
const RECOMBINATIONS: u64 = 4;
/// Share of the time that one recombination may take.
const RECOMBINE_SHARE: f64 = 0.02;
/// Share of the run after which workers far behind go on from the best plan.
const EXCHANGE_FROM: f64 = 0.6;

/// A plan with its price.
#[derive(Clone, Debug)]
struct Priced {
    plan: Plan,
    breakdown: Breakdown,
    cost: Cost,
    n_violations: usize,
}

impl Priced {
    fn new(problem: &Problem, plan: Plan) -> Self {
        let breakdown = evaluate(problem, &plan);
        let cost = breakdown.cost(problem.objective());
        let n_violations = check(problem, &plan).violations.len();
        Self { plan, breakdown, cost, n_violations }
    }

    fn is_better_than(&self, other: &Self) -> bool {
        (self.n_violations, self.cost) < (other.n_violations, other.cost)
    }
}

/// One solve under way.
pub(super) struct Run<'a> {
    problem: &'a Problem,
    arrays: &'a Arrays<'a>,
    options: &'a SolveOptions,
    watch: &'a Watch,
    threads: rayon::ThreadPool,
    workers: Vec<Worker<'a>>,
    ladder: Ladder,
    pool: Pool,
    best: Priced,
    best_key: (i64, i64),
    told: Option<(usize, Cost)>,
    bound: Option<Cost>,
    bound_leaves_out: Vec<&'static str>,
    proof: Proof,
}

impl<'a> Run<'a> {
    pub(super) fn new(arrays: &'a Arrays<'a>, neighbours: &'a Neighbours, start: Option<&Plan>, options: &'a SolveOptions, watch: &'a Watch) -> Self {
        let problem = arrays.problem;
        let n = options.threads.clamp(1, MOST_THREADS);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .thread_name(|at| format!("search-{at}"))
            .build()
            .expect("the system gives the threads asked for");
        let mut workers: Vec<Worker<'a>> =
            threads.install(|| (0..n).into_par_iter().map(|at| Worker::new(arrays, neighbours, options.seed, at, start, options.audit)).collect());
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
            pool: Pool::new(POOL),
            best,
            best_key,
            told: None,
            bound: None,
            bound_leaves_out: Vec::new(),
            proof: Proof::None,
        }
    }

    /// Scales all temperatures.
    pub(super) fn heat(&mut self, heat: f64) {
        self.ladder = Ladder { hot: self.ladder.hot * heat, cold: self.ladder.cold * heat };
    }

    /// Anneals in rounds until `budget` of the time (or all iterations) is used.
    pub(super) fn search(&mut self, budget: f64, observe: &mut dyn FnMut(&Progress)) {
        let limit = self.watch.limit().map(|limit| limit.mul_f64(budget));
        let rounds = limit.map_or(ROUNDS, |limit| ROUNDS.max(limit.as_nanos().div_ceil(LONGEST_ROUND.as_nanos()) as u64));
        for round in 0..rounds {
            let over = (round + 1) as f64 / rounds as f64;
            let due = over > RECOMBINE_FROM && (round + 1) * RECOMBINATIONS / rounds != round * RECOMBINATIONS / rounds;
            let recombined =
                if self.options.recombine && due { self.round_and_recombine(round, rounds, limit) } else { self.round(round, rounds, limit, None) };
            self.gather();
            self.adopt(recombined);
            if over >= EXCHANGE_FROM {
                self.exchange();
            }
            self.tell(observe);
            let used_up = limit.is_some_and(|limit| self.watch.elapsed() >= limit);
            if self.watch.is_over() || used_up {
                break;
            }
        }
        if self.watch.is_stopped() {
            self.quench();
        }
    }

    /// Whoever stops a run while it is hot still wants a good plan: a short descent from the best one, a fraction of a second.
    fn quench(&mut self) {
        let cold = Ladder { hot: self.ladder.cold, cold: self.ladder.cold / 4.0 };
        let workers = &mut self.workers;
        self.threads.install(|| {
            workers.par_iter_mut().for_each(|worker| {
                worker.return_to_best();
                worker.run(cold, &mut |done| (done < QUENCH).then_some(done as f64 / QUENCH as f64));
            });
        });
        self.gather();
    }

    /// One round in which the pool's routes are recombined by the set-partitioning MIP: in place of the last worker where there are
    /// several, before the round where there is one.
    fn round_and_recombine(&mut self, round: u64, rounds: u64, limit: Option<Duration>) -> Option<Vec<Vec<u32>>> {
        let pool = std::mem::replace(&mut self.pool, Pool::new(0));
        let span = limit.map(|limit| limit.mul_f64(RECOMBINE_SHARE.max(1.0 / rounds as f64)));
        let seconds = span.map(|span| self.watch.wall_time_of(span, self.workers.len()).as_secs_f64());
        let mip = MipLimit { seconds, nodes: seconds.is_none().then_some(RECOMBINE_NODES) };
        let best = self.workers.iter().min_by_key(|worker| worker.best_key()).map(|worker| worker.best().to_vec()).unwrap_or_default();
        let (problem, arrays, penalties) = (self.problem, self.arrays, self.workers[0].penalties());
        let job = move |pool: &Pool| recombine(problem, arrays, pool, penalties, &best, mip);
        let recombined = if self.workers.len() > 1 {
            std::thread::scope(|scope| {
                let running = scope.spawn(|| job(&pool));
                let _ = self.round(round, rounds, limit, Some(self.workers.len() - 1));
                running.join().unwrap_or_default()
            })
        } else {
            let recombined = job(&pool);
            let _ = self.round(round, rounds, limit, None);
            recombined
        };
        self.pool = pool;
        recombined
    }

    /// One round of all workers, or of the first few.
    fn round(&mut self, round: u64, rounds: u64, limit: Option<Duration>, first: Option<usize>) -> Option<Vec<Vec<u32>>> {
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
        let n = first.unwrap_or(self.workers.len());
        let workers = &mut self.workers[..n];
        self.threads.install(|| workers.par_iter_mut().for_each(|worker| worker.run(ladder, &mut |done| share_of(done))));
        None
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
        let sequences = self.workers[leader].best().to_vec();
        for (at, worker) in self.workers.iter_mut().enumerate() {
            let own = worker.best_key();
            if at != leader && (own.0 > key.0 || own.1 as f64 > key.1 as f64 * 1.005) {
                let _ = worker.offer(&sequences, true);
            }
        }
    }

    /// Takes over the plan that recombining gave, if it is worth it.
    fn adopt(&mut self, recombined: Option<Vec<Vec<u32>>>) {
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
        self.raise(found.dual_bound, found.covers);
    }

    /// Proves the best plan optimal, or finds a better one, by the compact MIP.
    pub(super) fn prove(&mut self) {
        if self.proof == Proof::Optimal {
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
        self.raise(compact.dual_bound, compact.covers);
    }

    /// Takes over a bound if it is better.
    fn raise(&mut self, bound: Option<Cost>, covers: Coverage) {
        if bound > self.bound {
            self.bound = bound;
            self.bound_leaves_out = match covers {
                Coverage::Exact => Vec::new(),
                Coverage::Relaxed(parts) => parts,
            };
        }
        let closed = self.best.n_violations == 0 && self.bound == Some(self.best.cost);
        self.proof = match self.bound {
            Some(_) if closed => Proof::Optimal,
            Some(_) => Proof::Bound,
            None => Proof::None,
        };
    }

    pub(super) fn tell(&mut self, observe: &mut dyn FnMut(&Progress)) {
        let news = Some((self.best.n_violations, self.best.cost));
        let improved = (self.told != news).then(|| self.best.plan.clone());
        self.told = news;
        observe(&Progress {
            elapsed: self.watch.wall(),
            cpu: self.watch.cpu(),
            iterations: self.iterations(),
            cost: self.best.cost,
            feasible: self.best.n_violations == 0,
            dual_bound: self.bound,
            improved,
        });
    }

    fn iterations(&self) -> u64 {
        self.workers.iter().map(|worker| worker.report().iterations).sum()
    }

    pub(super) fn outcome(self) -> Outcome {
        Outcome {
            iterations: self.iterations(),
            feasible: self.best.n_violations == 0,
            plan: self.best.plan,
            breakdown: self.best.breakdown,
            cost: self.best.cost,
            dual_bound: self.bound,
            bound_leaves_out: self.bound_leaves_out,
            proof: self.proof,
            elapsed: self.watch.wall(),
            cpu: self.watch.cpu(),
        }
    }
}
