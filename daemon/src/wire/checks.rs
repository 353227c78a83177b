//! The request to judge a plan.

use serde::Deserialize;
use utoipa::ToSchema;

use super::document::{RawJson, read_district, read_plan};
use super::judgement::Judgement;
use crate::error::Problem;
use crate::judged::Judged;

/// Asks whether a plan keeps the rules of a district, and what it costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckRequest {
    /// The district document.
    #[schema(value_type = Object)]
    district: RawJson,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Object)]
    plan: RawJson,
}

impl CheckRequest {
    /// The verdict.
    pub(crate) fn judge(&self) -> Result<Judgement, Problem> {
        let (_, problem) = read_district(&self.district)?;
        let plan = read_plan(&problem, &self.plan)?;
        Ok(Judgement::new(&problem, &Judged::new(&problem, plan)))
    }
}
