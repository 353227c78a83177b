//! The answer to a replan.

use kendt_instances::district;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::changes::{ChangeView, Summary};
use super::document::RawJson;
use super::judgement::Judgement;
use super::replans::Told;
use crate::error::{Code, Problem};
use crate::jobs::Incumbent;

/// The changed plan, what changed and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplanAnswer {
    /// The verdict; the breakdown includes what the disruption costs.
    #[serde(flatten)]
    judgement: Judgement,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`, for the district after the events.
    #[schema(value_type = Object)]
    plan: RawJson,
    /// Every changed visit: those that the events removed, then the others in time order.
    pub(crate) changes: Vec<ChangeView>,
    /// In numbers.
    pub(crate) summary: Summary,
}

impl ReplanAnswer {
    pub(crate) fn new(best: &Incumbent, told: &Told, seconds: f64) -> Result<Self, Problem> {
        let problem = &*best.problem;
        let plan = best.judged.plan();
        let mut changes = told.removed.clone();
        changes.extend(best.changes.iter().filter_map(|change| ChangeView::new(problem, change, &told.promises, told.tolerance)));
        let unserved = plan.left_out(problem).map(|visit| problem.visits()[visit].label.clone()).collect();
        // On one line, as server-sent events want it: text within JSON has no line breaks of its own.
        let text: String = district::write_plan(problem, plan).lines().map(str::trim_start).collect();
        let plan = RawValue::from_string(text).map_err(|_| Problem::new(Code::Internal, "the plan could not be written"))?;
        Ok(Self {
            judgement: Judgement::new(problem, &best.judged),
            plan,
            summary: Summary::new(&changes, unserved, best.fewest_changes, seconds),
            changes,
        })
    }
}
