//! Replanning: the published plan, changed as little as the day's events allow.

use std::collections::BTreeMap;

use crate::plan::Plan;
use crate::problem::{Moment, Problem, ShiftId, VisitId};
use crate::solve::{Outcome, SolveOptions};
use crate::stop::StopToken;

/// What disruption costs, in the problem's internal cost units, and what counts as the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisruptionWeights {
    /// Price of giving a visit to another carer than published.
    pub carer_changed: i64,
    /// Price of one tick that a start moves beyond the tolerance.
    pub per_tick: i64,
    /// Starts within this many ticks of the published start are unchanged.
    pub tolerance: crate::problem::Ticks,
}

/// A replan: the problem after the events, and the plan published before them in the new problem's ids.
#[derive(Clone, Debug)]
pub struct ReplanRequest<'a> {
    /// The problem after the events (visits added and removed, carers gone).
    pub problem: &'a Problem,
    /// The published plan without what the events removed; visits not in it count as new.
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
    pub problem: Problem,
    /// The solve's outcome; its breakdown includes disruption.
    pub outcome: Outcome,
    /// Every visit whose carer changed or whose start moved beyond the tolerance, in time order.
    pub changes: Vec<Change>,
}

/// Replans. Blocks as [`crate::solve::solve`] does.
///
/// # Errors
/// The faults, if the prices make the problem invalid.
pub fn replan(
    request: &ReplanRequest<'_>,
    options: &SolveOptions,
    stop: &StopToken,
    observe: &mut dyn FnMut(&crate::solve::Progress),
) -> Result<Replan, crate::problem::ProblemError> {
    let _ = (request, options, stop, observe);
    todo!()
}
