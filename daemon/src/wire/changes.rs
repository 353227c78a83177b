//! What a replan changed, visit by visit.

use std::collections::BTreeSet;

use kendt_solver::problem::{Problem, Ticks, Visit};
use kendt_solver::replan::{Change, FewestChanges};
use serde::Serialize;
use utoipa::ToSchema;

use super::promises::{Appointment, Promise, Promises};

/// How a visit changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Another carer comes.
    CarerChanged,
    /// The same carer comes at another time.
    TimeMoved,
    /// The visit was not in the published plan.
    Added,
    /// The events took the visit away.
    Removed,
    /// The visit is left out.
    Unserved,
}

/// One changed visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// The visit's id.
    pub(crate) visit: String,
    /// The citizen's id.
    pub(crate) citizen: String,
    /// How it changed.
    pub(crate) kind: Kind,
    /// What was published.
    pub(crate) before: Option<Appointment>,
    /// What is planned now.
    pub(crate) after: Option<Appointment>,
    /// Minutes that the start moved, later is positive.
    minutes_moved: Option<f64>,
    /// Why, in words.
    pub(crate) reason: String,
}

impl ChangeView {
    /// A change that the solver reports; `None` where people notice none: the same carer within the tolerance, if in another shift.
    pub(crate) fn new(problem: &Problem, change: &Change, promises: &Promises, tolerance: Ticks) -> Option<Self> {
        let visit = problem.visits().get(change.visit)?;
        let before = promises.get(&visit.label);
        let after = change.after.and_then(|(shift, start)| Promise::new(problem, shift, start));
        let kind = kind(before, after.as_ref(), tolerance)?;
        Some(Self::of(problem, visit, kind, before, after.as_ref(), change.reason.clone()))
    }

    /// A visit that the events took away.
    pub(crate) fn removed(problem: &Problem, visit: &Visit, promises: &Promises, reason: String) -> Self {
        Self::of(problem, visit, Kind::Removed, promises.get(&visit.label), None, reason)
    }

    fn of(problem: &Problem, visit: &Visit, kind: Kind, before: Option<&Promise>, after: Option<&Promise>, reason: String) -> Self {
        let appointment = |promise: &Promise| promise.appointment(problem.clock());
        Self {
            visit: visit.label.clone(),
            citizen: problem.citizens().get(visit.citizen).map(|citizen| citizen.label.clone()).unwrap_or_default(),
            kind,
            before: before.map(appointment),
            after: after.map(appointment),
            minutes_moved: before.zip(after).map(|(before, after)| problem.clock().minutes(after.start - before.start)),
            reason,
        }
    }
}

fn kind(before: Option<&Promise>, after: Option<&Promise>, tolerance: Ticks) -> Option<Kind> {
    match (before, after) {
        (_, None) => Some(Kind::Unserved),
        (None, Some(_)) => Some(Kind::Added),
        (Some(before), Some(after)) if before.carer != after.carer => Some(Kind::CarerChanged),
        (Some(before), Some(after)) => ((after.start - before.start).0.abs() > tolerance.0).then_some(Kind::TimeMoved),
    }
}

/// A replan in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Summary {
    /// Visits that changed.
    pub(crate) changed_visits: usize,
    /// Visits that another carer gives than published.
    pub(crate) changed_carers: usize,
    /// Citizens with a changed visit.
    affected_citizens: usize,
    /// Ids of all visits left out.
    unserved: Vec<String>,
    /// How few changes of promised visits would do; `null` until the last answer, and for a plan that breaks rules.
    pub(crate) fewest_changes: Option<Fewest>,
    /// Seconds of solving.
    seconds: f64,
}

/// Promised visits that have another carer, start beyond the tolerance or are left out.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Fewest {
    /// In this plan.
    pub(crate) found: usize,
    /// No plan that helps as much has fewer: equal to `found` where this plan is proved to change the fewest.
    pub(crate) proved_at_least: usize,
    /// Whether both are equal: no plan that helps as much changes fewer visits.
    pub(crate) is_minimal: bool,
}

impl From<FewestChanges> for Fewest {
    fn from(fewest: FewestChanges) -> Self {
        Self { found: fewest.found, proved_at_least: fewest.proved_at_least, is_minimal: fewest.is_minimal() }
    }
}

impl Summary {
    pub(crate) fn new(changes: &[ChangeView], unserved: Vec<String>, fewest: Option<FewestChanges>, seconds: f64) -> Self {
        let citizens: BTreeSet<&str> = changes.iter().map(|change| change.citizen.as_str()).collect();
        Self {
            changed_visits: changes.len(),
            changed_carers: changes.iter().filter(|change| change.kind == Kind::CarerChanged).count(),
            affected_citizens: citizens.len(),
            unserved,
            fewest_changes: fewest.map(Fewest::from),
            seconds,
        }
    }
}
