//! The request to replan.

use std::collections::BTreeMap;
use std::sync::Arc;

use kendt_instances::ReadError;
use kendt_instances::district::{self, Applied, District, Event, Number, Published};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Moment, Problem as Planning, Ticks, VisitId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::changes::ChangeView;
use super::document::{RawJson, read_district, read_plan};
use super::moment::TimeOfDay;
use super::options::SolveChoices;
use super::promises::{Promises, promises};
use crate::config::Config;
use crate::error::{Code, Problem};
use crate::jobs::ReplanWork;

/// Asks for a published plan to be changed as little as the day's events allow.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplanRequest {
    /// The district before the events. May be left out with `plan_id`: then it is that job's.
    #[schema(value_type = Option<Object>)]
    pub(crate) district: Option<RawJson>,
    /// The published plan, in the shape of `GET /v1/plans/{id}/plan`.
    #[schema(value_type = Option<Object>)]
    pub(crate) plan: Option<RawJson>,
    /// Instead of `plan`: the job whose plan was published. The job must have ended.
    pub(crate) plan_id: Option<String>,
    /// What happened, in this order (see the reference for the events).
    #[schema(value_type = Vec<Object>)]
    pub(crate) events: Vec<RawJson>,
    /// Visits that start before this stay as they are. Default: nothing is frozen.
    pub(crate) frozen_until: Option<TimeOfDay>,
    /// What changes cost. Default: the district's own prices.
    #[serde(default)]
    pub(crate) weights: DisruptionChoices,
    /// Longest wall time in seconds. Default: 2 or the service's limit, the lesser.
    pub(crate) time_seconds: Option<f64>,
    /// Search iterations of each thread. Default: no limit.
    pub(crate) iterations: Option<u64>,
    /// Search threads. Default: 1.
    pub(crate) threads: Option<usize>,
    /// Seed of all random choices. Default: 1.
    pub(crate) seed: Option<u64>,
}

/// What changing the published plan costs, in the units of the district's objective, with at most three decimals.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DisruptionChoices {
    /// Price of giving a visit to another carer, 0 to 10,000.
    carer_changed: Option<f64>,
    /// Price of moving a start beyond the tolerance at all, 0 to 10,000.
    time_moved: Option<f64>,
    /// Price of one minute that a start moves beyond the tolerance, 0 to 10,000.
    per_minute: Option<f64>,
    /// Starts that move at most this many minutes count as unchanged, 0 to 1440.
    tolerance_minutes: Option<f64>,
}

/// The published plan and the district and problem it belongs to.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) district: District,
    pub(crate) problem: Arc<Planning>,
    pub(crate) plan: Plan,
}

/// A replan ready to run, and what its answer needs to know of the time before.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) work: ReplanWork,
    pub(crate) told: Told,
}

/// What people have been told.
#[derive(Debug)]
pub(crate) struct Told {
    /// Visits that the events took out of the plan.
    pub(crate) removed: Vec<ChangeView>,
    /// What the published plan promised.
    pub(crate) promises: Promises,
    /// How far a start may move unnoticed.
    pub(crate) tolerance: Ticks,
}

/// Events of one request: more than a day of a large district has.
const MOST_EVENTS: usize = 1000;
/// The time taken where the request does not say, in seconds.
const DEFAULT_SECONDS: f64 = 2.0;
/// Where the document states its own prices of disruption.
const OWN_PRICES: &str = "/objective/disruption";

impl ReplanRequest {
    /// Reads and checks everything; `job` is what the job of `plan_id` published.
    pub(crate) fn prepare(self, job: Option<Before>, config: &Config) -> Result<Prepared, Problem> {
        let options = self.choices(config).options(config, "")?;
        let mut before = self.before(job)?;
        let clock = before.problem.clock();
        let frozen_until = self.frozen_until.as_ref().map_or(Ok(Moment(0)), |time| time.moment(clock, "/frozen_until"))?;
        self.weights.set(&mut before.district)?;
        let Applied { district, problem, causes, removed, .. } = self.happened(&before)?;
        let weights = district.disruption().map_err(|error| Problem::faults(Code::InvalidDistrict, "/district", error))?;
        let promises = promises(&before.problem, &before.plan);
        let removed = gone(&before.problem, &promises, &removed);
        let causes = by_id(&problem, &causes);
        let (problem, published) = district::carry_over(Published { problem: &before.problem, plan: &before.plan }, &problem, weights)
            .map_err(|error| Problem::faults(Code::InvalidOption, "/weights", ReadError::from(error)))?;
        Ok(Prepared {
            work: ReplanWork { problem: Box::new(problem), published, frozen_until, weights, causes, options },
            told: Told { removed, promises, tolerance: weights.tolerance },
        })
    }

    fn choices(&self, config: &Config) -> SolveChoices {
        let default = DEFAULT_SECONDS.min(config.time_limit.as_secs_f64());
        SolveChoices {
            time_seconds: self.time_seconds.or(self.iterations.is_none().then_some(default)),
            iterations: self.iterations,
            threads: self.threads,
            seed: self.seed,
        }
    }

    fn before(&self, job: Option<Before>) -> Result<Before, Problem> {
        match (&self.district, &self.plan, job) {
            (Some(district), Some(plan), None) => {
                let (district, problem) = read_district(district)?;
                let plan = read_plan(&problem, plan)?;
                Ok(Before { district, problem, plan })
            }
            (Some(district), None, Some(job)) => {
                let (district, problem) = read_district(district)?;
                let plan = district::map_plan(&job.problem, &problem, &job.plan);
                Ok(Before { district, problem, plan })
            }
            (None, None, Some(job)) => Ok(job),
            _ => Err(Problem::at(Code::InvalidOption, "/plan", "give district and plan, or plan_id with or without district")),
        }
    }

    fn happened(&self, before: &Before) -> Result<Applied, Problem> {
        let read = |(index, text): (usize, &RawJson)| {
            serde_json::from_str::<Event>(text.get()).map_err(|error| Problem::at(Code::InvalidEvent, format!("/events/{index}"), error.to_string()))
        };
        if self.events.len() > MOST_EVENTS {
            return Err(Problem::at(Code::InvalidOption, "/events", format!("are {}, at most {MOST_EVENTS}", self.events.len())));
        }
        let events: Vec<Event> = self.events.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let published = Published { problem: &before.problem, plan: &before.plan };
        before.district.apply(&events, Some(published)).map_err(|error| Problem::faults(Code::InvalidEvent, "/events", error))
    }
}

impl DisruptionChoices {
    /// Puts the chosen prices in place of the district's own.
    fn set(&self, district: &mut District) -> Result<(), Problem> {
        let own = &mut district.objective.disruption;
        own.carer_changed = self.carer_changed.map_or(own.carer_changed, Number);
        own.time_moved = self.time_moved.map_or(own.time_moved, Number);
        own.per_minute = self.per_minute.map_or(own.per_minute, Number);
        own.tolerance_minutes = self.tolerance_minutes.map_or(own.tolerance_minutes, Number);
        // The district was sound before, so whatever is wrong now came with the choices.
        district.disruption().map(|_| ()).map_err(|ReadError { mut faults }| {
            for fault in &mut faults {
                fault.at = fault.at.replacen(OWN_PRICES, "/weights", 1);
            }
            Problem::faults(Code::InvalidOption, "", ReadError { faults })
        })
    }
}

/// The visits that the events took away, with their reasons by label.
fn gone(problem: &Planning, promises: &Promises, reasons: &BTreeMap<String, String>) -> Vec<ChangeView> {
    // Of a visit and what was asked for instead, what was promised is what goes.
    let is_promised = |id: VisitId| problem.visits().get(id).is_some_and(|visit| promises.get(&visit.label).is_some());
    let is_told = |id: VisitId| is_promised(id) || (problem.granted(id) == id && !problem.alternatives(id).any(is_promised));
    let gone = problem.visits().enumerate().filter(|(id, _)| is_told(*id)).filter_map(|(_, visit)| Some((visit, reasons.get(&visit.label)?)));
    gone.map(|(visit, reason)| ChangeView::removed(problem, visit, promises, reason.clone())).collect()
}

/// Reasons by label as reasons by id.
fn by_id(problem: &Planning, reasons: &BTreeMap<String, String>) -> BTreeMap<VisitId, String> {
    problem.visits().enumerate().filter_map(|(id, visit)| Some((id, reasons.get(&visit.label)?.clone()))).collect()
}
