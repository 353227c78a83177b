//! What a replan changed, visit by visit.

use std::collections::BTreeSet;

use kendt_solver::problem::{CitizenId, Moment, Problem, ShiftId, VisitId};
use kendt_solver::replan::Change;
use serde::Serialize;
use utoipa::ToSchema;

use super::moment::{day_of, time_of};

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

/// Who comes, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Appointment {
    /// The carer's id.
    carer: String,
    /// The shift's id.
    shift: String,
    /// The day, from 1.
    day: i64,
    /// The service start, `HH:MM` or `HH:MM:SS`.
    #[schema(example = "07:40")]
    start: String,
}

/// One changed visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// The visit's id.
    visit: String,
    /// The citizen's id.
    pub(crate) citizen: String,
    /// How it changed.
    pub(crate) kind: Kind,
    /// What was published.
    before: Option<Appointment>,
    /// What is planned now.
    after: Option<Appointment>,
    /// Minutes that the start moved, later is positive.
    minutes_moved: Option<f64>,
    /// Why, in words.
    reason: String,
}

type At = Option<(ShiftId, Moment)>;

impl ChangeView {
    /// A change that the solver made.
    pub(crate) fn new(problem: &Problem, change: &Change) -> Self {
        Self::of(problem, change.visit, kind(problem, change.before, change.after), change.before, change.after, change.reason.clone())
    }

    /// A visit that the events took away.
    pub(crate) fn removed(problem: &Problem, visit: VisitId, before: At, reason: String) -> Self {
        Self::of(problem, visit, Kind::Removed, before, None, reason)
    }

    fn of(problem: &Problem, visit: VisitId, kind: Kind, before: At, after: At, reason: String) -> Self {
        let appointment = |(shift, start): (ShiftId, Moment)| {
            let shift = problem.shifts().get(shift)?;
            let carer = problem.carers().get(shift.carer)?;
            Some(Appointment {
                carer: carer.label.clone(),
                shift: shift.label.clone(),
                day: day_of(problem.clock(), start),
                start: time_of(problem.clock(), start),
            })
        };
        let facts = problem.visits().get(visit);
        let citizen = |id: CitizenId| problem.citizens().get(id).map(|citizen| citizen.label.clone());
        Self {
            visit: facts.map(|visit| visit.label.clone()).unwrap_or_default(),
            citizen: facts.and_then(|visit| citizen(visit.citizen)).unwrap_or_default(),
            kind,
            before: before.and_then(appointment),
            after: after.and_then(appointment),
            minutes_moved: before.zip(after).map(|((_, before), (_, after))| problem.clock().minutes(after - before)),
            reason,
        }
    }
}

fn kind(problem: &Problem, before: At, after: At) -> Kind {
    let carer = |shift: ShiftId| problem.shifts().get(shift).map(|shift| shift.carer);
    match (before, after) {
        (_, None) => Kind::Unserved,
        (None, Some(_)) => Kind::Added,
        (Some((before, _)), Some((after, _))) if carer(before) != carer(after) => Kind::CarerChanged,
        (Some(_), Some(_)) => Kind::TimeMoved,
    }
}

/// A replan in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Summary {
    /// Visits that changed.
    changed_visits: usize,
    /// Visits that another carer gives than published.
    changed_carers: usize,
    /// Citizens with a changed visit.
    affected_citizens: usize,
    /// Ids of all visits left out.
    unserved: Vec<String>,
    /// Seconds of solving.
    seconds: f64,
}

impl Summary {
    pub(crate) fn new(changes: &[ChangeView], unserved: Vec<String>, seconds: f64) -> Self {
        let citizens: BTreeSet<&str> = changes.iter().map(|change| change.citizen.as_str()).collect();
        Self {
            changed_visits: changes.len(),
            changed_carers: changes.iter().filter(|change| change.kind == Kind::CarerChanged).count(),
            affected_citizens: citizens.len(),
            unserved,
            seconds,
        }
    }
}
