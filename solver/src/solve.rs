//! One door to all of it: search, route pool, set partitioning and proof.

use std::time::Duration;

use rayon::prelude::*;

use crate::check::check;
use crate::cost::{Breakdown, evaluate};
use crate::exact::compact::{self, MipLimit};
use crate::exact::master::Master;
use crate::exact::timing;
use crate::plan::Plan;
use crate::pool::{Pool, PooledRoute};
use crate::problem::{Cost, Problem, Term};
use crate::search::{Arrays, Ladder, Neighbours, Penalties, Worker};
use crate::stop::{StopToken, Watch};

/// How to solve. The default is what `kendt solve` does without options.
#[derive(Clone, Debug)]
pub struct SolveOptions {
    /// Seed of all random choices.
    pub seed: u64,
    /// Parallel search workers, from 1.
    pub threads: usize,
    /// Wall time; `None` only with `iterations`.
    pub time_limit: Option<Duration>,
    /// Search iterations of each worker. With one thread and no time limit the same seed gives the same plan, bit for bit.
    pub iterations: Option<u64>,
    /// Whether the route pool is recombined by the set-partitioning MIP.
    pub recombine: bool,
    /// Whether small problems are proved optimal by the compact MIP.
    pub prove: bool,
    /// Recomputes every applied move from scratch and panics on a difference. For tests: many times slower.
    pub audit: bool,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { seed: 1, threads: 1, time_limit: Some(Duration::from_secs(20)), iterations: None, recombine: true, prove: true, audit: false }
    }
}

/// What is known about the best plan's cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// No plan is cheaper.
    Optimal,
    /// `dual_bound` holds for every plan.
    Bound,
    /// Nothing was proved.
    None,
}

impl Proof {
    /// The name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Proof::Optimal => "optimal",
            Proof::Bound => "bound",
            Proof::None => "none",
        }
    }
}

/// What a solve returns.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best plan found. It may have violations where nothing better was found: [`crate::check::check`] lists them.
    pub plan: Plan,
    /// Its terms.
    pub breakdown: Breakdown,
    /// Its cost.
    pub cost: Cost,
    /// Whether the checker found no violation.
    pub feasible: bool,
    /// No feasible plan costs less.
    pub dual_bound: Option<Cost>,
    /// What was proved.
    pub proof: Proof,
    /// Search iterations of all workers.
    pub iterations: u64,
    /// Wall time.
    pub elapsed: Duration,
}

impl Outcome {
    /// (cost − bound) / cost, 0 when both are 0; `None` without a bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        gap(self.cost, self.dual_bound?)
    }
}

/// (cost − bound) / cost; 0 when both are equal.
#[must_use]
pub fn gap(cost: Cost, bound: Cost) -> Option<f64> {
    if cost == bound {
        return Some(0.0);
    }
    (cost.0 != 0).then(|| (cost.0 - bound.0) as f64 / cost.0.abs() as f64)
}

/// A running solve's news.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Wall time so far.
    pub elapsed: Duration,
    /// Iterations so far, all workers.
    pub iterations: u64,
    /// Cost of the best plan so far.
    pub cost: Cost,
    /// Whether that plan has no violation.
    pub feasible: bool,
    /// The bound so far.
    pub dual_bound: Option<Cost>,
    /// The best plan, if it is better than at the last news.
    pub improved: Option<Plan>,
}

/// Plans the problem, from `start` if one is given. Blocks; calls `observe` now and then on the calling thread.
///
/// Returns the best plan found when the time or the iterations are up, the stop token is set, or optimality is proved.
/// With neither limit it runs until stopped.
pub fn solve(problem: &Problem, start: Option<&Plan>, options: &SolveOptions, stop: &StopToken, observe: &mut dyn FnMut(&Progress)) -> Outcome {
    solve_at(1.0, problem, start, options, stop, observe)
}

/// [`solve`] with the first temperature at `heat` of the usual: with little heat the search stays near `start`.
pub(crate) fn solve_at(
    heat: f64,
    problem: &Problem,
    start: Option<&Plan>,
    options: &SolveOptions,
    stop: &StopToken,
    observe: &mut dyn FnMut(&Progress),
) -> Outcome {
    let watch = Watch::new(options.time_limit, stop.clone());
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut run = Run::new(&arrays, &neighbours, start, options, &watch);
    run.ladder.hot = (run.ladder.hot * heat).max(run.ladder.cold);
    run.tell(observe);
    let small = options.prove && problem.visits().len() <= PROVABLE_VISITS;
    run.search(if small { SEARCH_SHARE_WHEN_PROVING } else { 1.0 }, observe);
    run.polish();
    if small && !watch.is_stopped() {
        run.prove();
    }
    run.tell(observe);
    run.outcome()
}

/// Neighbours per visit in the granular neighbourhoods.
const NEIGHBOURS: usize = 24;
/// Largest day that the compact MIP is asked to prove.
const PROVABLE_VISITS: usize = 20;
/// Share of the time that the search takes of a day that is to be proved.
const SEARCH_SHARE_WHEN_PROVING: f64 = 0.1;
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
struct Run<'a> {
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
    told: Option<Cost>,
    bound: Option<Cost>,
    proof: Proof,
}

impl<'a> Run<'a> {
    fn new(arrays: &'a Arrays<'a>, neighbours: &'a Neighbours, start: Option<&Plan>, options: &'a SolveOptions, watch: &'a Watch) -> Self {
        let problem = arrays.problem;
        let n = options.threads.max(1);
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
            proof: Proof::None,
        }
    }

    /// Anneals in rounds until `budget` of the time (or all iterations) is used.
    fn search(&mut self, budget: f64, observe: &mut dyn FnMut(&Progress)) {
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
    }

    /// One round in which the pool's routes are recombined by the set-partitioning MIP: in place of the last worker where there are
    /// several, before the round where there is one.
    fn round_and_recombine(&mut self, round: u64, rounds: u64, limit: Option<Duration>) -> Option<Vec<Vec<u32>>> {
        let pool = std::mem::replace(&mut self.pool, Pool::new(0));
        let seconds = limit.map(|limit| (limit.as_secs_f64() / rounds as f64).max(limit.as_secs_f64() * RECOMBINE_SHARE));
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
                share = share.max((from + done) as f64 / all as f64);
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
                self.best_key = self.workers[at].best_key();
                let plan = Priced::new(self.problem, self.workers[at].best_plan());
                if plan.is_better_than(&self.best) {
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
    fn polish(&mut self) {
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

    /// Proves the best plan optimal, or finds a better one, by the compact MIP.
    fn prove(&mut self) {
        let limit = match self.watch.left() {
            Some(left) => MipLimit { seconds: Some(left.as_secs_f64()), nodes: None },
            None => MipLimit { seconds: None, nodes: Some(PROOF_NODES) },
        };
        let incumbent = (self.best.n_violations == 0).then_some(&self.best.plan);
        let compact = compact::prove(self.problem, incumbent, limit);
        self.bound = compact.dual_bound;
        self.consider(|_| compact.plan);
        let closed = self.best.n_violations == 0 && self.bound == Some(self.best.cost);
        self.proof = match self.bound {
            Some(_) if closed => Proof::Optimal,
            Some(_) => Proof::Bound,
            None => Proof::None,
        };
    }

    fn tell(&mut self, observe: &mut dyn FnMut(&Progress)) {
        let improved = (self.told != Some(self.best.cost)).then(|| self.best.plan.clone());
        self.told = Some(self.best.cost);
        observe(&Progress {
            elapsed: self.watch.elapsed(),
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

    fn outcome(self) -> Outcome {
        Outcome {
            iterations: self.iterations(),
            feasible: self.best.n_violations == 0,
            plan: self.best.plan,
            breakdown: self.best.breakdown,
            cost: self.best.cost,
            dual_bound: self.bound,
            proof: self.proof,
            elapsed: self.watch.elapsed(),
        }
    }
}

/// Chooses routes of the pool by the set-partitioning MIP; the orders chosen, by shift.
fn recombine(problem: &Problem, arrays: &Arrays<'_>, pool: &Pool, penalties: Penalties, best: &[Vec<u32>], limit: MipLimit) -> Option<Vec<Vec<u32>>> {
    let columns: Vec<&PooledRoute> = pool.routes().collect();
    let unused =
        arrays.shifts.iter().map(|shift| (if shift.pause.is_some() { penalties.missed_break } else { 0 }, shift.end - shift.start)).collect();
    let unserved = arrays.visits.iter().map(|visit| visit.unserved + if visit.required { penalties.unserved } else { 0 }).collect();
    let start = columns.iter().enumerate().filter(|(_, route)| best[route.shift as usize] == route.nodes).map(|(at, _)| at).collect();
    let hard_times = problem.objective().is_hard(Term::Lateness);
    let slack = if hard_times { 0 } else { LINK_SLACK_MINUTES * problem.clock().ticks_per_minute };
    let chosen = Master { problem, columns: columns.clone(), unused, unserved, slack, start }.solve(limit)?;
    let mut sequences = vec![Vec::new(); arrays.n_shifts];
    for column in chosen {
        sequences[columns[column].shift as usize] = columns[column].nodes.clone();
    }
    Some(sequences)
}

/// Minutes by which links may be missed between routes of different plans.
const LINK_SLACK_MINUTES: i64 = 5;
/// Nodes of one recombination where no time limits it.
const RECOMBINE_NODES: u64 = 50;
/// Nodes of a proof where no time limits it.
const PROOF_NODES: u64 = 20_000;
/// Moves of one round when there is no limit at all.
const UNLIMITED_ROUND: u64 = 1_000_000;
