//! What is known of visits and citizens beyond what planning needs.

use crate::problem::{CitizenId, IdVec, Moment, Problem, Ticks, VisitId};

/// The kind of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Personal care.
    Personal,
    /// Practical help.
    Practical,
    /// Home nursing.
    Nursing,
    /// Coming when an alarm calls.
    Alarm,
    /// Delivery of meals.
    Meals,
    /// Anything else.
    Other,
}

/// The start that was agreed with a citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The agreed service start.
    pub start: Moment,
    /// A start this far from it, on either side, is still on time; at least 0.
    pub tolerance: Ticks,
}

/// What is known of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct VisitFacts {
    /// The kind of help.
    pub service: Option<Service>,
    /// The agreed start.
    pub agreed: Option<Agreed>,
    /// Visits of the same number recur: the morning help of one citizen, day after day. Of a visit by two carers only one half has it.
    pub course: Option<u32>,
}

/// What is known beyond the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Number of days of the horizon, at least 1.
    pub days: u16,
    /// The age of each citizen in years.
    pub ages: IdVec<CitizenId, Option<u8>>,
    /// One entry for each visit.
    pub visits: IdVec<VisitId, VisitFacts>,
}

impl Facts {
    /// Nothing known but the number of days.
    #[must_use]
    pub fn unknown(problem: &Problem, days: u16) -> Self {
        Self { days, ages: vec![None; problem.citizens().len()].into(), visits: vec![VisitFacts::default(); problem.visits().len()].into() }
    }
}
