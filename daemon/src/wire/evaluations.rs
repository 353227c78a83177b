//! The measures of a plan, whoever made it.

use kendt_instances::district::District;
use kendt_solver::continuity::{Layer, Measures, Records, slack};
use kendt_solver::problem::{Problem as Planning, ShiftId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::{RawJson, given_district, read_plan};
use super::measures::{MeasuresView, SlackView, SwedishView};
use crate::config::Config;
use crate::error::Problem;
use crate::judged::Judged;

/// Asks how continuous a plan is for the citizens and how well it keeps agreed times.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvaluationRequest {
    /// The district document.
    #[schema(value_type = Option<Object>)]
    district: Option<RawJson>,
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: Option<String>,
    /// The plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Object)]
    plan: RawJson,
}

impl EvaluationRequest {
    /// The measures.
    pub(crate) fn evaluate(&self, config: &Config) -> Result<Evaluation, Problem> {
        let (district, problem) = given_district(self.district.as_deref(), self.district_ref.as_deref(), config.data.as_deref())?;
        let plan = read_plan(&problem, &self.plan)?;
        Ok(Evaluation::new(&district, &problem, &Judged::new(&problem, plan)))
    }
}

/// The measures of a plan: all citizens, each team's, each layer of the day and each citizen. Nothing is measured by carer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Evaluation {
    /// What people call the district.
    pub(crate) name: String,
    /// Days of the horizon.
    pub(crate) days: i64,
    /// Whether the plan keeps every rule; one that does not is measured all the same.
    pub(crate) feasible: bool,
    /// How many times it breaks one; `POST /v1/checks` lists them.
    pub(crate) broken_rules: usize,
    /// Carers in 14 days by the Swedish definition; `null` where the horizon is shorter or nobody is to be counted.
    pub(crate) carers_14d_se: Option<SwedishView>,
    /// What carers have besides visits and rides, all shifts together; `null` where no shift visits anyone.
    pub(crate) slack: Option<SlackView>,
    /// The same of each team's shifts.
    pub(crate) slack_of_teams: Vec<TeamSlackView>,
    /// All citizens.
    pub(crate) district: MeasuresView,
    /// The citizens of each team.
    pub(crate) teams: Vec<GroupView>,
    /// The visits of each layer, by the time at which they are wanted: `day` from 07:00, `evening` from 15:00, `night` from 23:00.
    pub(crate) layers: Vec<GroupView>,
    /// Every citizen.
    pub(crate) citizens: Vec<GroupView>,
}

/// A group and its measures.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GroupView {
    /// The team, the layer or the citizen.
    pub(crate) id: String,
    /// What is measured.
    #[serde(flatten)]
    pub(crate) measures: MeasuresView,
}

impl GroupView {
    fn new(id: &str, measures: Measures) -> Self {
        Self { id: id.to_owned(), measures: measures.into() }
    }
}

/// A team's slack.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TeamSlackView {
    /// The team.
    pub(crate) id: String,
    /// What its carers have.
    #[serde(flatten)]
    pub(crate) slack: SlackView,
}

fn of_team(problem: &Planning, judged: &Judged, team: TeamId, label: &str) -> Option<TeamSlackView> {
    let is_own = |shift: ShiftId| {
        problem.shifts().get(shift).and_then(|shift| problem.carers().get(shift.carer)).is_some_and(|carer| carer.team == Some(team))
    };
    Some(TeamSlackView { id: label.to_owned(), slack: slack(problem, judged.plan(), is_own)?.into() })
}

impl Evaluation {
    pub(crate) fn new(district: &District, problem: &Planning, judged: &Judged) -> Self {
        let facts = district.facts();
        let records = Records::new(problem, judged.plan(), &facts);
        let layers = [(Layer::Day, "day"), (Layer::Evening, "evening"), (Layer::Night, "night")];
        Self {
            name: problem.name().to_owned(),
            days: district.days,
            feasible: judged.is_feasible(),
            broken_rules: judged.violations().len(),
            carers_14d_se: records.carers_14d_se().map(Into::into),
            slack: slack(problem, judged.plan(), |_| true).map(Into::into),
            slack_of_teams: problem.teams().enumerate().filter_map(|(id, team)| of_team(problem, judged, id, &team.label)).collect(),
            district: records.district().into(),
            teams: problem.teams().enumerate().map(|(id, team)| GroupView::new(&team.label, records.team(id))).collect(),
            layers: layers.into_iter().map(|(layer, name)| GroupView::new(name, records.layer(layer))).collect(),
            citizens: problem.citizens().enumerate().map(|(id, citizen)| GroupView::new(&citizen.label, records.citizen(id))).collect(),
        }
    }
}
