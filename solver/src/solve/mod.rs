//! One door to all of it: search, route pool, set partitioning and proof.

mod recombine;
mod run;

use std::time::Duration;

use crate::cost::Breakdown;
use crate::exact::{columns, compact};
use crate::plan::Plan;
use crate::problem::{Cost, Problem};
use crate::search::{Arrays, Neighbours};
use crate::stop::{Meter, StopToken, Watch};
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
    /// Whether a lower bound is sought: by the compact MIP on small days, by column generation on all that it can hold.
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
            prove: true,
            bound_share: 0.25,
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
    /// Search iterations of all workers.
    pub iterations: u64,
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
    solve_at(1.0, problem, start, options, stop, observe)
}

/// [`solve`] with temperatures at `heat` of the usual: with little heat the search stays near `start`.
pub(crate) fn solve_at(
    heat: f64,
    problem: &Problem,
    start: Option<&Plan>,
    options: &SolveOptions,
    stop: &StopToken,
    observe: &mut dyn FnMut(&Progress),
) -> Outcome {
    let watch = Watch::metered(options.time_limit, options.meter, stop.clone());
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut run = Run::new(&arrays, &neighbours, start, options, &watch);
    run.heat(heat);
    run.tell(observe);
    let small = options.prove && problem.visits().len() <= PROVABLE_VISITS && compact::is_modelled(problem);
    // A search with little heat mends a plan that is in use: whoever waits for that does not wait for a bound.
    let bounded = options.prove && !small && heat >= 1.0 && options.bound_share > 0.0 && columns::is_in_reach(problem);
    run.search(
        if small {
            SEARCH_SHARE_WHEN_PROVING
        } else if bounded {
            1.0 - options.bound_share.min(1.0)
        } else {
            1.0
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

/// Neighbours per visit in the granular neighbourhoods.
const NEIGHBOURS: usize = 24;
/// Largest day that the compact MIP is asked to prove.
const PROVABLE_VISITS: usize = 20;
/// Share of the time that the search takes of a day that is to be proved.
const SEARCH_SHARE_WHEN_PROVING: f64 = 0.1;
/// Share of what the search leaves that column generation may take before the compact MIP.
const BOUND_SHARE_WHEN_PROVING: f64 = 0.2;
