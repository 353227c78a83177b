//! What people have been told: who comes, and when. Kept by the visits' labels, because events change ids and take shifts away.

use std::collections::BTreeMap;

use kendt_solver::plan::Plan;
use kendt_solver::problem::{Clock, Moment, Problem, ProblemError, Published, ShiftId};
use kendt_solver::replan::DisruptionWeights;
use serde::Serialize;
use utoipa::ToSchema;

use super::moment::{day_of, time_of};

/// The promises of a plan, by visit label.
pub(crate) type Promises = BTreeMap<String, Promise>;

/// One visit's promise.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    pub(crate) carer: String,
    pub(crate) shift: String,
    pub(crate) start: Moment,
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

impl Promise {
    pub(crate) fn new(problem: &Problem, shift: ShiftId, start: Moment) -> Option<Self> {
        let shift = problem.shifts().get(shift)?;
        let carer = problem.carers().get(shift.carer)?;
        Some(Self { carer: carer.label.clone(), shift: shift.label.clone(), start })
    }

    pub(crate) fn appointment(&self, clock: Clock) -> Appointment {
        Appointment { carer: self.carer.clone(), shift: self.shift.clone(), day: day_of(clock, self.start), start: time_of(clock, self.start) }
    }
}

/// What a plan promises.
pub(crate) fn promises(problem: &Problem, plan: &Plan) -> Promises {
    let served = plan.served(problem);
    let promise = |(id, served): (_, &Option<kendt_solver::plan::Served>)| {
        let served = (*served)?;
        Some((problem.visits().get(id)?.label.clone(), Promise::new(problem, served.shift, served.start)?))
    };
    served.enumerate().filter_map(promise).collect()
}

/// The problem with the promises that `published` lost because their shifts are gone: their times are still to be kept.
pub(crate) fn keep_lost(problem: &Problem, published: &Plan, promises: &Promises, weights: DisruptionWeights) -> Result<Problem, ProblemError> {
    let mut builder = problem.to_builder();
    let carers: BTreeMap<&str, _> = problem.carers().enumerate().map(|(id, carer)| (carer.label.as_str(), id)).collect();
    let kept = published.served(problem);
    for (visit, _) in builder.visits.iter_mut().zip(&kept).filter(|(_, served)| served.is_none()) {
        let Some(promise) = promises.get(&visit.label) else { continue };
        let Some(&carer) = carers.get(promise.carer.as_str()) else { continue };
        let DisruptionWeights { carer_changed, time_moved, per_tick, tolerance } = weights;
        visit.published = Some(Published { carer, start: promise.start, tolerance, carer_changed, time_moved, per_tick });
    }
    builder.build()
}
