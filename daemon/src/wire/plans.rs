//! The request for a plan.

use serde::Deserialize;
use utoipa::ToSchema;

use super::document::{RawJson, given_district};
use super::options::SolveChoices;
use crate::config::Config;
use crate::error::Problem;
use crate::jobs::PlanWork;

/// Asks for a plan of a district, given in full or by the name of a file that the service has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRequest {
    /// The district document (see `/v1/district-schema`).
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// How to solve.
    #[serde(default)]
    options: SolveChoices,
}

impl PlanRequest {
    /// Reads and checks everything: what is queued is sound.
    pub(crate) fn work(self, config: &Config) -> Result<PlanWork, Problem> {
        let options = self.options.options(config, "/options")?;
        let (district, problem) = given_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        Ok(PlanWork { district: Box::new(district), problem, options })
    }
}
