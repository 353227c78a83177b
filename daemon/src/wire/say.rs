//! Requests about the citizen's say.

use kendt_instances::district::{Demand, PackageOrder, PackageRefusal};
use kendt_solver::stop::StopToken;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::document::{RawJson, given_district, read_plan, unplanned_district};
use crate::config::Config;
use crate::error::{Code, Problem};
use crate::judged::Judged;
use crate::say::{Answers, Ask, MOST_WAYS, Unasked, WhatIf, Why, answers, what_if, why};

/// Asks for the visits that the grants of a district make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemandRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
}

/// The visits that grants make.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandAnswer {
    /// The district with its visits.
    #[schema(value_type = Object)]
    district: RawJson,
    /// Ids of visits that were not there before.
    added: Vec<String>,
    /// Ids of visits that are made otherwise than before.
    changed: Vec<String>,
    /// Ids of visits that are not made any more.
    removed: Vec<String>,
}

impl DemandRequest {
    /// The district with its visits.
    pub(crate) fn answer(&self, config: &Config) -> Result<DemandAnswer, Problem> {
        let district = unplanned_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let refuse = |error| Problem::faults(Code::InvalidDistrict, "/district", error);
        let Demand { district, added, changed, removed } = district.with_demand().map_err(refuse)?;
        // What is handed out can be planned.
        let _ = district.problem().map_err(refuse)?;
        let text = RawValue::from_string(district.to_json()).map_err(|_| Problem::new(Code::Internal, "the district could not be written"))?;
        Ok(DemandAnswer { district: text, added, changed, removed })
    }
}

/// Asks what became of the citizens' wishes in a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswersRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Object)]
    plan: RawJson,
    /// Seed of all random choices. Default 1.
    #[serde(default = "one")]
    seed: u64,
}

fn one() -> u64 {
    1
}

impl AnswersRequest {
    /// The answers.
    pub(crate) fn answer(&self, config: &Config) -> Result<Answers, Problem> {
        let (district, problem) = given_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let judged = Judged::new(&problem, read_plan(&problem, &self.plan)?);
        Ok(answers(&district, &problem, &judged, self.seed, &StopToken::default()))
    }
}

/// Asks for the best ways to have something beside a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Object)]
    plan: RawJson,
    /// What is asked about, by its `type`: `time` (`visit`, `day`, `from`, `until`), `carer` (`visit`, `carer`), `swap` (`swap`), `visit`
    /// (`visit`, a new one), `grant` (`grant`, a new one) or `package` (`package`, `citizen`, `from`, `by_role`, `carers`).
    #[schema(value_type = Object)]
    what: RawJson,
    /// Most ways, 1 to 10. Default 3.
    #[serde(default = "three")]
    ways: usize,
    /// Seed of all random choices. Default 1.
    #[serde(default = "one")]
    seed: u64,
}

fn three() -> usize {
    3
}

impl WhatIfRequest {
    /// The ways.
    pub(crate) fn answer(&self, config: &Config) -> Result<WhatIf, Problem> {
        if !(1..=MOST_WAYS).contains(&self.ways) {
            return Err(Problem::at(Code::InvalidOption, "/ways", format!("is {}, allowed 1 to {MOST_WAYS}", self.ways)));
        }
        let ask: Ask = serde_json::from_str(self.what.get()).map_err(|error| Problem::at(Code::WrongShape, "/what", error.to_string()))?;
        let (district, problem) = given_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let plan = read_plan(&problem, &self.plan)?;
        what_if(&district, &problem, &plan, &ask, self.ways, self.seed, &StopToken::default()).map_err(refused)
    }
}

fn refused(unasked: Unasked) -> Problem {
    match unasked {
        Unasked::Faults(error) => Problem::faults(Code::InvalidEvent, "", error),
        Unasked::Unknown(kind, id) => Problem::at(Code::InvalidEvent, "/what", format!("there is no {kind} `{id}`")),
        Unasked::Refused(reason) => Problem::at(Code::AgainstRule, "/what", format!("{}: {}", reason.code, reason.en)),
    }
}

/// Grants a citizen a package of services. A person with the role calls this; nothing is granted by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// The package's id.
    package: String,
    /// The first date, `YYYY-MM-DD`.
    from: String,
    /// The role of whoever grants it: one that the package names.
    by_role: String,
    /// The only carers who come meanwhile. Default: anybody who may.
    #[serde(default)]
    carers: Vec<String>,
}

/// A district with a package applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackageAnswer {
    /// The district with the package's grants and visits.
    #[schema(value_type = Object)]
    district: RawJson,
    /// The grants that are new: they await confirmation by whoever decides about grants. Tell the care record.
    awaiting_confirmation: Vec<String>,
    /// The last date on which they hold.
    until: String,
    /// Ids of the visits that are new.
    added: Vec<String>,
}

impl PackageRequest {
    /// The district with the package.
    pub(crate) fn answer(self, citizen: String, config: &Config) -> Result<PackageAnswer, Problem> {
        let district = unplanned_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let order = PackageOrder { package: self.package, citizen, from: self.from, by_role: self.by_role, carers: self.carers };
        let applied = district.with_package(&order).map_err(|refusal| match refusal {
            PackageRefusal::Faults(error) => Problem::faults(Code::InvalidDistrict, "/district", error),
            PackageRefusal::NoPackage => Problem::at(Code::InvalidEvent, "/package", "there is no such package"),
            PackageRefusal::NoCitizen => Problem::new(Code::CitizenNotFound, "the district has no such citizen"),
            PackageRefusal::AlreadyApplied => Problem::at(Code::AgainstRule, "/from", "the package runs already from that date"),
            PackageRefusal::NotByRole { granted_by } => {
                Problem::at(Code::AgainstRule, "/by_role", format!("may not grant it; {} may", granted_by.join(", ")))
            }
        })?;
        let text = RawValue::from_string(applied.demand.district.to_json())
            .map_err(|_| Problem::new(Code::Internal, "the district could not be written"))?;
        Ok(PackageAnswer { district: text, awaiting_confirmation: applied.grants, until: applied.until, added: applied.demand.added })
    }
}

/// Asks why a visit is planned as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhyRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Object)]
    plan: RawJson,
    /// The visit's id; of a visit by two carers `id#1` or `id#2`.
    visit: String,
    /// Seed of all random choices. Default 1.
    #[serde(default = "one")]
    seed: u64,
}

impl WhyRequest {
    /// The explanation.
    pub(crate) fn answer(&self, config: &Config) -> Result<Why, Problem> {
        let (district, problem) = given_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let plan = read_plan(&problem, &self.plan)?;
        let found = why(&district, &problem, &plan, &self.visit, self.seed, &StopToken::default());
        found.ok_or_else(|| Problem::at(Code::InvalidEvent, "/visit", format!("there is no visit `{}`", self.visit)))
    }
}
