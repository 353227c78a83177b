//! What a job does: data only, so that it could be stored and done again.

use std::collections::BTreeMap;
use std::sync::Arc;

use kendt_instances::district::District;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Cost, Moment, Problem, ProblemError, VisitId};
use kendt_solver::replan::{DisruptionWeights, ReplanRequest, Replanning};
use kendt_solver::solve::{Outcome, Progress, Proof, SolveOptions, solve};
use kendt_solver::stop::{StopToken, Watch};

use super::job::Incumbent;
use crate::judged::Judged;
use crate::wire::AboveCap;

/// Either kind of work.
#[derive(Debug)]
pub(crate) enum Work {
    /// Plans from nothing.
    Plan(PlanWork),
    /// Changes a published plan.
    Replan(ReplanWork),
}

/// Planning a district.
#[derive(Debug)]
pub(crate) struct PlanWork {
    pub(crate) district: Box<District>,
    pub(crate) problem: Arc<Problem>,
    pub(crate) options: SolveOptions,
}

/// Replanning: the solver's request, owned.
#[derive(Debug)]
pub(crate) struct ReplanWork {
    pub(crate) problem: Box<Problem>,
    pub(crate) published: Plan,
    pub(crate) frozen_until: Moment,
    pub(crate) weights: DisruptionWeights,
    pub(crate) causes: BTreeMap<VisitId, String>,
    pub(crate) options: SolveOptions,
}

/// What is left when a job is done.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) incumbent: Incumbent,
    pub(crate) dual_bound: Option<Cost>,
    pub(crate) bound_leaves_out: Vec<&'static str>,
    pub(crate) proof: Proof,
    pub(crate) iterations: u64,
    /// Whose caps a plan does not keep, and why.
    pub(crate) above_cap: Vec<AboveCap>,
}

/// Takes a running solve's news and, if there is one, its better plan.
pub(crate) type Publish<'a> = &'a mut dyn FnMut(&Progress, Option<Incumbent>);

impl Work {
    /// Whether someone waits at the other end of the line.
    pub(super) fn is_urgent(&self) -> bool {
        matches!(self, Work::Replan(_))
    }

    /// Does it, on the calling thread.
    pub(super) fn run(&self, stop: &StopToken, publish: Publish<'_>) -> Result<Finished, ProblemError> {
        match self {
            Work::Plan(work) => Ok(work.run(stop, publish)),
            Work::Replan(work) => work.run(stop, publish),
        }
    }
}

impl PlanWork {
    fn run(&self, stop: &StopToken, publish: Publish<'_>) -> Finished {
        let incumbent = |plan: Plan| Incumbent {
            problem: Arc::clone(&self.problem),
            judged: Judged::new(&self.problem, plan),
            changes: Vec::new(),
            fewest_changes: None,
        };
        let outcome = solve(&self.problem, None, &self.options, stop, &mut |progress| {
            publish(progress, progress.improved.clone().map(incumbent));
        });
        let above_cap = AboveCap::list(Some(&self.district), &self.problem, &outcome.plan);
        Finished { above_cap, ..finished(&outcome, incumbent(outcome.plan.clone())) }
    }
}

impl ReplanWork {
    /// Does it, on the calling thread. The first plan is published before the search begins.
    pub(crate) fn run(&self, stop: &StopToken, publish: Publish<'_>) -> Result<Finished, ProblemError> {
        let request = ReplanRequest {
            problem: &self.problem,
            published: &self.published,
            frozen_until: self.frozen_until,
            weights: self.weights,
            causes: self.causes.clone(),
        };
        let watch = Watch::new(self.options.time_limit, stop.clone());
        let replanning = Replanning::new(&request)?;
        let incumbent = |plan: &Plan| Incumbent {
            problem: Arc::clone(replanning.problem()),
            judged: Judged::new(replanning.problem(), plan.clone()),
            changes: replanning.changes(plan),
            fewest_changes: None,
        };
        let replan = replanning.run(&self.options, &watch, &mut |progress| publish(progress, progress.improved.as_ref().map(incumbent)));
        let last = Incumbent { fewest_changes: replan.fewest_changes, ..incumbent(&replan.outcome.plan) };
        Ok(finished(&replan.outcome, last))
    }
}

fn finished(outcome: &Outcome, incumbent: Incumbent) -> Finished {
    Finished {
        incumbent,
        dual_bound: outcome.dual_bound,
        bound_leaves_out: outcome.bound_leaves_out.clone(),
        proof: outcome.proof,
        iterations: outcome.iterations,
        above_cap: Vec::new(),
    }
}
