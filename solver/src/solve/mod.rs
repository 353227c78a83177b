//! One door to all of it: search, route pool, set partitioning and proof.

mod best;
mod horizon;
mod near;
mod parts;
mod recombine;
mod run;
mod template;

use std::time::Duration;

use crate::cost::Breakdown;
use crate::exact::{columns, compact};
use crate::plan::Plan;
use crate::problem::{Cost, Problem, VisitId};
pub use crate::search::Ingredients;
use crate::search::{Arrays, Neighbours, index, rings};
use crate::stop::{Meter, StopToken, Watch};
pub(crate) use horizon::beside;
pub use horizon::{DaysBound, days_bound};
pub use near::near;
use run::Run;

/// How to solve. The default is what `kendt solve` does without options.
#[derive(Clone, Debug)]
pub struct SolveOptions {
    /// Seed of all random choices.
    pub seed: u64,
    /// Parallel search workers, 1 to 64.
    pub threads: usize,
    /// Longest time, as `meter` counts it; `None` only with `iterations`.
    pub time_limit: Option<Duration>,
    /// What the time limit counts.
    pub meter: Meter,
    /// Search iterations of each worker. With one thread and no time limit the same seed gives the same plan, bit for bit.
    pub iterations: Option<u64>,
    /// Whether the route pool is recombined by the set-partitioning MIP.
    pub recombine: bool,
    /// What the search does without: nothing, but to see what something is worth.
    pub without: Ingredients,
    /// Whether a lower bound is sought: by the compact MIP on small days, by column generation on all that it can hold; and how few changes
    /// of a replan would do.
    pub prove: bool,
    /// Share of the time that column generation takes of a day that is too large for the compact MIP, from 0 to 1.
    pub bound_share: f64,
    /// Recomputes every applied move from scratch and panics on a difference. For tests: many times slower.
    pub audit: bool,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            threads: 1,
            time_limit: Some(Duration::from_secs(20)),
            meter: Meter::Wall,
            iterations: None,
            recombine: true,
            without: Ingredients::default(),
            prove: true,
            bound_share: 0.1,
            audit: false,
        }
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
    /// Parts of the problem that the bound leaves out: names of terms, `breaks`. The bound holds all the same, but may be far below.
    pub bound_leaves_out: Vec<&'static str>,
    /// What was proved.
    pub proof: Proof,
    /// Search iterations of all workers: moves drawn.
    pub iterations: u64,
    /// Those of them that were priced; the others had no move to propose.
    pub evaluated: u64,
    /// Wall time.
    pub elapsed: Duration,
    /// CPU time of the process meanwhile.
    pub cpu: Duration,
}

impl Outcome {
    /// (cost − bound) / cost, 0 when both are 0; `None` without a bound, or for a plan that breaks rules.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        gap(self.cost, self.dual_bound.filter(|_| self.feasible)?)
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
    /// CPU time of the process so far.
    pub cpu: Duration,
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
    let start = start.map(|plan| plan.fitted(problem));
    let start = start.as_ref();
    let watch = Watch::metered(options.time_limit, options.meter, stop.clone());
    if template::is_in_reach(problem) {
        return template::solve(problem, start, options, &watch, observe);
    }
    // From a plan that is there, several workers find more of the few changes it needs.
    let sharing = if start.is_none() { options.threads } else { 1 };
    if horizon::is_horizon(problem) {
        return horizon::solve(problem, start, options, &watch, observe);
    }
    at_once(problem, start.map(|plan| (plan, 1.0)), options, &watch, sharing, observe)
}

/// Plans a problem without terms across routes in one search, whatever its size, from a plan at a share of the usual temperatures if one is given.
fn at_once(
    problem: &Problem,
    start: Option<(&Plan, f64)>,
    options: &SolveOptions,
    watch: &Watch,
    sharing: usize,
    observe: &mut dyn FnMut(&Progress),
) -> Outcome {
    if parts::is_large(problem, sharing) {
        return parts::solve(problem, start, options, watch, observe);
    }
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut run = Run::new(&arrays, &neighbours, start.map(|(plan, _)| plan), options, watch);
    if let Some((_, heat)) = start {
        run.heat(heat);
    }
    through(run, problem, options, watch, 1.0, observe)
}

/// [`solve`] from a plan, staying near it: around the visits that something has happened to, in rings that widen until the time is up, with
/// little heat. What these visits lack is put in first, and told at once; where nothing has happened the plan is only given its best times.
/// `other` gets that first plan and may know another one to start from.
pub(crate) fn solve_around(
    problem: &Problem,
    start: &Plan,
    happened: &[VisitId],
    other: impl FnOnce(&Plan) -> Option<Plan>,
    options: &SolveOptions,
    watch: &Watch,
    observe: &mut dyn FnMut(&Progress),
) -> Outcome {
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut run = Run::new(&arrays, &neighbours, Some(start), options, watch);
    run.heat(HEAT);
    run.keep_to(rings(&arrays, &neighbours, start, happened.iter().map(|&visit| index(visit.idx())), RINGS));
    if happened.is_empty() {
        run.polish();
        run.tell(observe);
        return run.outcome();
    }
    run.tell(observe);
    if let Some(plan) = other(run.best_plan()) {
        run.start_from(&plan, &neighbours);
    }
    through(run, problem, options, watch, SEARCH_SHARE_AROUND, observe)
}

/// A run from its first plan to its outcome; `share` of the time is for the search.
fn through(mut run: Run<'_>, problem: &Problem, options: &SolveOptions, watch: &Watch, share: f64, observe: &mut dyn FnMut(&Progress)) -> Outcome {
    run.tell(observe);
    let small = options.prove && problem.visits().len() <= PROVABLE_VISITS && compact::is_modelled(problem);
    // Whoever waits for a plan in use to be mended does not wait for a bound.
    let bounded = options.prove && !small && share >= 1.0 && options.bound_share > 0.0 && columns::is_in_reach(problem);
    run.search(
        if small {
            SEARCH_SHARE_WHEN_PROVING
        } else if bounded {
            1.0 - options.bound_share.min(1.0)
        } else {
            share
        },
        observe,
    );
    run.polish();
    if (small || bounded) && !watch.is_stopped() {
        run.bound(if small { BOUND_SHARE_WHEN_PROVING } else { 1.0 });
    }
    if small && !watch.is_stopped() {
        run.prove();
    }
    run.tell(observe);
    run.outcome()
}

/// Temperatures around what has happened against those of a plan from nothing: high enough to exchange a few visits, too low to shuffle the
/// day.
const HEAT: f64 = 0.2;
/// Share of the time that the search around what has happened takes; the rest is for proving how few changes would do.
const SEARCH_SHARE_AROUND: f64 = 0.85;
/// Rings around what has happened.
const RINGS: usize = 4;
/// Neighbours per visit in the granular neighbourhoods.
const NEIGHBOURS: usize = 24;
/// Largest day that the compact MIP is asked to prove.
const PROVABLE_VISITS: usize = 20;
/// Share of the time that the search takes of a day that is to be proved.
const SEARCH_SHARE_WHEN_PROVING: f64 = 0.1;
/// Share of what the search leaves that column generation may take before the compact MIP.
const BOUND_SHARE_WHEN_PROVING: f64 = 0.2;
