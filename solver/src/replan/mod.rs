//! Replanning: the published plan, changed as little as the day's events allow.
//!
//! Two problems are built. The `promised` one is the day as it is answered for: every visit with the promise it was published with, the
//! frozen ones pinned to carer and start. The one that is solved is the `rest` of it: frozen stops are taken out and their shifts begin
//! where and when the last of them ends, so that no search can move them. The rest is solved from the published plan at low temperature,
//! and joined to what is frozen. `reasons` then says why each visit changed.

mod fewest;
mod promised;
mod reasons;
mod rest;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::check;
use crate::cost::evaluate;
use crate::plan::Plan;
use crate::problem::{CarerId, Cost, LATEST, Moment, Problem, ProblemError, Published, ShiftId, Term, VisitId};
use crate::solve::{Outcome, Progress, Proof, SolveOptions, beside, solve_around};
use crate::stop::{StopToken, Watch};
pub use fewest::FewestChanges;
use fewest::{fewest_changes, with_few_changes};
use rest::Rest;
use standing::Standing;

/// What disruption costs, in the problem's internal cost units, and what counts as the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisruptionWeights {
    /// Price of giving a visit to another carer than published.
    pub carer_changed: i64,
    /// Price of moving a start beyond the tolerance at all.
    pub time_moved: i64,
    /// Price of one tick that a start moves beyond the tolerance.
    pub per_tick: i64,
    /// Starts within this many ticks of the published start are unchanged.
    pub tolerance: crate::problem::Ticks,
}

impl DisruptionWeights {
    /// The promise of a carer and a start at these prices.
    #[must_use]
    pub fn promise(&self, carer: CarerId, start: Moment) -> Published {
        let Self { carer_changed, time_moved, per_tick, tolerance } = *self;
        Published { carer, start, tolerance, carer_changed, time_moved, per_tick }
    }
}

/// A replan: the problem after the events, and the plan published before them in the new problem's ids.
#[derive(Clone, Debug)]
pub struct ReplanRequest<'a> {
    /// The problem after the events (visits added and removed, carers gone).
    pub problem: &'a Problem,
    /// The published plan without what the events removed; visits not in it count as new. Shifts that it lacks count as unused.
    pub published: &'a Plan,
    /// Visits that start before this moment keep carer and start; they are not moved at all.
    pub frozen_until: Moment,
    /// What disruption costs.
    pub weights: DisruptionWeights,
    /// Why each visit had to change, where an event touched it directly (such as `carer absent: k12`).
    pub causes: BTreeMap<VisitId, String>,
}

/// How one visit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The visit.
    pub visit: VisitId,
    /// Shift and start before; `None` if the visit is new or was left out.
    pub before: Option<(ShiftId, Moment)>,
    /// Shift and start now; `None` if the visit is left out.
    pub after: Option<(ShiftId, Moment)>,
    /// Why, in words for a planner.
    pub reason: String,
}

/// What a replan returns.
#[derive(Clone, Debug)]
pub struct Replan {
    /// The problem that was solved: the request's with promises and pins set.
    pub problem: Arc<Problem>,
    /// The solve's outcome; its breakdown includes disruption.
    pub outcome: Outcome,
    /// Every visit whose carer changed or whose start moved beyond the tolerance, in time order.
    pub changes: Vec<Change>,
    /// How few changes would do; `None` for a plan that breaks rules, and where nothing was to be proved ([`SolveOptions::prove`]).
    pub fewest_changes: Option<FewestChanges>,
}

/// Replans. Blocks as [`crate::solve::solve`] does.
///
/// A visit that starts before `frozen_until` keeps carer and start. Where an event makes that impossible (its window now opens later), it
/// and those after it on the route keep their carer and start as soon as they can; where its carer is gone by then, it counts as not begun.
/// All others start at `frozen_until` or later, even where their window has closed by then: that is priced as the lateness it is.
///
/// # Errors
/// The faults, if the prices make the problem invalid.
pub fn replan(
    request: &ReplanRequest<'_>,
    options: &SolveOptions,
    stop: &StopToken,
    observe: &mut dyn FnMut(&Progress),
) -> Result<Replan, ProblemError> {
    let watch = Watch::metered(options.time_limit, options.meter, stop.clone());
    Ok(Replanning::new(request)?.run(options, &watch, observe))
}

/// A replan that is prepared: for callers who want to know of its plans before it ends.
#[derive(Debug)]
pub struct Replanning {
    problem: Arc<Problem>,
    published: Plan,
    causes: BTreeMap<VisitId, String>,
    rest: Rest,
    start: Plan,
}

impl Replanning {
    /// Prepares a replan: see [`replan`].
    ///
    /// # Errors
    /// The faults, if the prices make the problem invalid.
    pub fn new(request: &ReplanRequest<'_>) -> Result<Self, ProblemError> {
        let until = request.frozen_until.clamp(Moment(0), LATEST);
        let published = request.published.fitted(request.problem);
        let standing = Standing::of(request.problem, &published, until, &request.causes);
        let problem = promised::problem(request, &published, &standing, until)?;
        let rest = Rest::new(&problem, standing, until)?;
        let start = rest.start(&published, &request.causes);
        Ok(Self { problem: Arc::new(problem), published, causes: request.causes.clone(), rest, start })
    }

    /// The problem that is solved: the request's with promises and pins set. Plans that `run` tells of are plans of this problem.
    #[must_use]
    pub fn problem(&self) -> &Arc<Problem> {
        &self.problem
    }

    /// What a plan changes, in time order.
    ///
    /// # Panics
    /// When it is not a plan of the problem.
    #[must_use]
    pub fn changes(&self, plan: &Plan) -> Vec<Change> {
        reasons::changes(&self.problem, &self.published, &self.causes, plan)
    }

    /// Replans: see [`replan`]. The first plan told of is there before the search begins.
    #[must_use]
    pub fn run(&self, options: &SolveOptions, watch: &Watch, observe: &mut dyn FnMut(&Progress)) -> Replan {
        let (problem, rest) = (&*self.problem, &self.rest);
        let mut told = Told::default();
        let happened = self.happened();
        let other = |first: &Plan| with_few_changes(&rest.problem, &self.start, first, &watch.part(START_SHARE));
        let news = &mut |progress: &Progress| observe(&told.of(problem, rest, progress));
        // Carers who are new to a citizen cost more than known ones.
        let priced = beside(&rest.problem, &self.published);
        let outcome = solve_around(priced.as_ref().unwrap_or(&rest.problem), &self.start, &happened, other, options, watch, news);
        let outcome = answered(problem, rest, &self.start, outcome);
        let fewest_changes = (options.prove && outcome.feasible).then(|| fewest_changes(problem, &outcome.plan, &watch.part(FEWEST_SHARE)));
        Replan { problem: Arc::clone(&self.problem), changes: self.changes(&outcome.plan), outcome, fewest_changes }
    }

    /// The visits that something has happened to: an event touched them, or the published plan cannot keep them as promised any more.
    fn happened(&self) -> Vec<VisitId> {
        let served = self.start.served(&self.rest.problem);
        let is_promise_broken = |visit: VisitId| match (self.problem.visits()[visit].published, served[visit]) {
            (Some(promise), Some(now)) => promise.carer != self.problem.shifts()[now.shift].carer || promise.is_moved(now.start),
            (_, None) => true,
            (None, Some(_)) => false,
        };
        let is_open = |visit: &VisitId| !self.rest.is_frozen(*visit) && self.rest.problem.visits()[*visit].allowed != Some(Vec::new());
        let open = self.problem.visits().ids().filter(is_open);
        open.filter(|&visit| self.causes.contains_key(&visit) || is_promise_broken(visit)).collect()
    }
}

/// The outcome for the whole day. The start, which has all that is frozen too, stays the answer where nothing better was found.
fn answered(problem: &Problem, rest: &Rest, start: &Plan, outcome: Outcome) -> Outcome {
    let n_violations = |plan: &Plan| check(problem, plan).violations.len();
    let cost = |plan: &Plan| evaluate(problem, plan).cost(problem.objective());
    let (plan, start) = (rest.join(problem, &outcome.plan), rest.join(problem, start));
    let plan = if (n_violations(&start), cost(&start)) < (n_violations(&plan), cost(&plan)) { start } else { plan };
    let breakdown = evaluate(problem, &plan);
    // A bound of the rest says nothing about a day that has a frozen part.
    let whole = rest.is_whole;
    Outcome {
        cost: breakdown.cost(problem.objective()),
        breakdown,
        feasible: n_violations(&plan) == 0,
        dual_bound: outcome.dual_bound.filter(|_| whole),
        bound_leaves_out: if whole { outcome.bound_leaves_out } else { Vec::new() },
        proof: if whole { outcome.proof } else { Proof::None },
        plan,
        ..outcome
    }
}

/// News of the rest as news of the day.
#[derive(Default)]
struct Told {
    cost: Option<Cost>,
}

impl Told {
    fn of(&mut self, problem: &Problem, rest: &Rest, progress: &Progress) -> Progress {
        let improved = progress.improved.as_ref().map(|plan| rest.join(problem, plan));
        if let Some(plan) = &improved {
            self.cost = Some(evaluate(problem, plan).cost(problem.objective()));
        }
        let dual_bound = progress.dual_bound.filter(|_| rest.is_whole);
        Progress { cost: self.cost.unwrap_or(progress.cost), improved, dual_bound, ..progress.clone() }
    }
}

/// Share of the time for a plan to start from that breaks few promises.
const START_SHARE: f64 = 0.15;
/// Share of the time left after the search for proving how few changes would do. The programme looks at its limit only now and then, and the
/// answer has yet to be written: it is there within the limit all the same.
const FEWEST_SHARE: f64 = 0.8;

/// Whether disruption has a price at all.
fn is_free(problem: &Problem) -> bool {
    !problem.objective().is_hard(Term::Disruption) && problem.objective().soft(Term::Disruption) == 0
}
