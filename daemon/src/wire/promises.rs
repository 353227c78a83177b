//! What people have been told: who comes, and when. Kept by the visits' labels, because events change ids and take shifts away.

use std::collections::BTreeMap;

use kendt_solver::plan::Plan;
use kendt_solver::problem::{Clock, Moment, Problem, ShiftId};
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
    pub(crate) carer: String,
    /// The shift's id.
    shift: String,
    /// The day, from 1.
    pub(crate) day: i64,
    /// The service start, `HH:MM` or `HH:MM:SS`.
    #[schema(example = "07:40")]
    pub(crate) start: String,
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
