//! A plan job as clients see it.

use kendt_solver::problem::{Cost, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::caps::AboveCap;
use super::judgement::{Terms, ViolationView};
use crate::jobs::{Incumbent, Job, Status, Work};

/// A plan job now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct JobView {
    /// The job's id.
    id: String,
    /// `queued`, `running`, `done`, `stopped` (on request; the best plan is kept) or `failed`.
    #[schema(example = "running")]
    pub(crate) state: &'static str,
    /// Number of visits to plan.
    visits: usize,
    /// Number of carers.
    carers: usize,
    /// Cost of the best plan so far.
    cost: Option<f64>,
    /// No feasible plan costs less.
    dual_bound: Option<f64>,
    /// Terms and rules that the bound leaves out: it holds all the same, but may be far below.
    bound_leaves_out: Vec<&'static str>,
    /// (cost − bound) / cost.
    gap: Option<f64>,
    /// `optimal`, `bound` or `none`: what was proved.
    proof: &'static str,
    /// Whether the best plan breaks no rule.
    feasible: Option<bool>,
    /// Its cost by term; the values sum to the cost.
    #[schema(value_type = Option<std::collections::BTreeMap<String, f64>>)]
    breakdown: Option<Terms>,
    /// The rules it breaks.
    violations: Vec<ViolationView>,
    /// Once the job has ended: the citizens to whom more carers come than their cap, or whose cap leaves visits out, each with the smallest reason.
    above_cap: Vec<AboveCap>,
    /// Number of visits it leaves out.
    unserved: Option<usize>,
    /// Search iterations so far.
    iterations: u64,
    /// Seconds since a worker took the job, up to its end.
    seconds: f64,
    /// Why the job failed.
    error: Option<&'static str>,
}

impl JobView {
    /// The job with a status of it; `None` for jobs that are not plans.
    pub(crate) fn new(job: &Job, status: &Status) -> Option<Self> {
        let Work::Plan(work) = &job.work else { return None };
        let problem: &Problem = &work.problem;
        let reported = |cost: Cost| problem.objective().reported(cost);
        let best = status.incumbent.as_deref();
        let judged = best.map(|best: &Incumbent| &best.judged);
        Some(Self {
            id: job.id.clone(),
            state: status.state.name(),
            visits: problem.visits().len(),
            carers: problem.carers().len(),
            cost: judged.map(|judged| reported(judged.cost())),
            dual_bound: status.dual_bound.map(reported),
            bound_leaves_out: status.bound_leaves_out.clone(),
            gap: status.gap(),
            proof: status.proof.name(),
            feasible: judged.map(crate::judged::Judged::is_feasible),
            breakdown: judged.map(|judged| Terms::new(problem.objective(), judged.breakdown())),
            violations: judged.map(|judged| ViolationView::list(judged.violations())).unwrap_or_default(),
            unserved: judged.map(|judged| judged.plan().left_out(problem).count()),
            above_cap: status.above_cap.clone(),
            iterations: status.iterations,
            seconds: status.elapsed().as_secs_f64(),
            error: status.fault,
        })
    }
}

/// Every job that is kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// Oldest first.
    pub(crate) jobs: Vec<JobView>,
}
