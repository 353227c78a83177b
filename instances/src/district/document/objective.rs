//! Weights of the objective.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::district::Number;

/// What each minute or event costs, in minutes of travel. Costs have at most three decimals.
///
/// The defaults serve everyone first, then keep times, then known carers and breaks, then short routes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Objective {
    /// Per minute of travel. Default 1.
    pub travel: Price,
    /// Per minute of waiting. Default 0.1.
    pub waiting: Price,
    /// Per minute that a service starts after its window. Default 20.
    pub lateness: Price,
    /// Per minute of the plan's largest lateness. Default 0.
    pub greatest_lateness: Price,
    /// Per minute before the preferred time, where the visit does not say. Default 0.5.
    pub early: Price,
    /// Per minute after the preferred time, where the visit does not say. Default 1.
    pub late: Price,
    /// Per minute of coming back after the end of the shift. Default 5.
    pub overtime: Price,
    /// Per required visit left out, times (1 + priority). Default 2000. `hard`: a plan that leaves one out breaks a rule.
    pub unserved_required: Price,
    /// Per optional visit left out, times (1 + priority), 0 to 100,000. Default 60.
    pub unserved_optional: Number,
    /// Per visit by a carer who is not among the preferred ones. Default 2 where there are several days, as faces have a price of their own there,
    /// otherwise 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carer_preference: Option<Price>,
    /// Per visit by an excluded carer. Default hard.
    pub exclusion: Price,
    /// Per visit by a carer who lacks a skill. Default hard.
    pub qualification: Price,
    /// Per shift whose break is not taken. Default 60.
    pub missed_break: Price,
    /// Per minute of the largest idle time of one shift. Default 0.
    pub greatest_idle: Price,
    /// Per minute by which a shift's work differs from the mean, summed over shifts. Default 0.
    pub balance: Price,
    /// Per minute of service and travel. Default 0.
    pub working_time: Price,
    /// Per carer who comes to a citizen besides the first one, in all days. Default 40 where there are several days, otherwise 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faces: Option<Price>,
    /// Per carer who comes to a citizen and did not in the 28 days before day 1, on top. Default 20 where there are several days, otherwise 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_faces: Option<Price>,
    /// Per carer above a citizen's `most_carers`, on top. Default 500. `hard`: a plan that sends more breaks a rule.
    pub above_cap: Price,
    /// Per minute between a visit's start and the median of its course, summed over visits. Default 0.1 where there are several days,
    /// otherwise 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irregularity: Option<Price>,
    /// What changing a published plan costs.
    pub disruption: Disruption,
    /// When carers leave the base. Default just in time.
    pub departure: Departure,
}

/// A cost per unit from 0 to 10,000 (100,000 for visits left out), or `hard`: the quantity must be 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Price {
    /// A cost per unit.
    Each(Number),
    /// Forbidden.
    Rule(Hard),
}

/// The word `hard`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hard {
    /// Must not happen.
    Hard,
}

/// What changing a published plan costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Disruption {
    /// Per visit given to another carer than published, 0 to 10,000. Default 60.
    pub carer_changed: Number,
    /// Per visit whose start moves beyond the tolerance at all: a citizen to be told. 0 to 10,000. Default 50.
    pub time_moved: Number,
    /// Per minute that a start moves beyond the tolerance, 0 to 10,000. Default 1.
    pub per_minute: Number,
    /// Starts that move at most this many minutes are unchanged, 0 to 1440. Default 15.
    pub tolerance_minutes: Number,
}

/// When a carer leaves the base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// As late as the first stop allows.
    #[default]
    JustInTime,
    /// When the shift starts.
    AtShiftStart,
}

impl Price {
    /// Forbidden.
    pub const HARD: Self = Self::Rule(Hard::Hard);

    const fn each(cost: f64) -> Self {
        Self::Each(Number(cost))
    }
}

impl Default for Objective {
    fn default() -> Self {
        Self {
            travel: Price::each(1.0),
            waiting: Price::each(0.1),
            lateness: Price::each(20.0),
            greatest_lateness: Price::each(0.0),
            early: Price::each(0.5),
            late: Price::each(1.0),
            overtime: Price::each(5.0),
            unserved_required: Price::each(2000.0),
            unserved_optional: Number(60.0),
            carer_preference: None,
            exclusion: Price::HARD,
            qualification: Price::HARD,
            missed_break: Price::each(60.0),
            greatest_idle: Price::each(0.0),
            balance: Price::each(0.0),
            working_time: Price::each(0.0),
            faces: None,
            new_faces: None,
            above_cap: Price::each(500.0),
            irregularity: None,
            disruption: Disruption::default(),
            departure: Departure::default(),
        }
    }
}

impl Default for Disruption {
    fn default() -> Self {
        Self { carer_changed: Number(60.0), time_moved: Number(50.0), per_minute: Number(1.0), tolerance_minutes: Number(15.0) }
    }
}

impl Objective {
    /// The price of a visit by a carer who is not preferred.
    pub(in crate::district) fn carer_preference(&self, days: i64) -> Price {
        self.carer_preference.unwrap_or(Price::each(if days > 1 { 2.0 } else { 10.0 }))
    }

    /// The price of a carer who comes besides the first one, in a district of so many days.
    pub(in crate::district) fn faces(&self, days: i64) -> Price {
        self.faces.unwrap_or(Price::each(if days > 1 { 40.0 } else { 0.0 }))
    }

    /// The price of a new face.
    pub(in crate::district) fn new_faces(&self, days: i64) -> Price {
        self.new_faces.unwrap_or(Price::each(if days > 1 { 20.0 } else { 0.0 }))
    }

    /// The price of a minute from a course's median.
    pub(in crate::district) fn irregularity(&self, days: i64) -> Price {
        self.irregularity.unwrap_or(Price::each(if days > 1 { 0.1 } else { 0.0 }))
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
