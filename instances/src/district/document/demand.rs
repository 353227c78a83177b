//! Citizens, visits and links.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Triage;
use crate::district::Number;

/// A citizen who receives help. The id is opaque: never put a name or a civil registration number here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citizen {
    /// The citizen's id, unique among citizens.
    pub id: String,
    /// Kilometres east of the bases' origin, -1000 to 1000. Needed unless there are matrices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<Number>,
    /// Kilometres north of the bases' origin, -1000 to 1000. Needed unless there are matrices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<Number>,
    /// Row and column in the travel matrices, from 0. Needed if there are matrices, not allowed otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
    /// The age in years, 0 to 130. Used to compare with statistics of the elderly, not in planning. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<i64>,
    /// The team that usually comes. Its carers are the preferred ones of visits for which nobody else is preferred. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Carers the citizen knows; anybody else costs `objective.carer_preference`. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred_carers: Vec<String>,
    /// Carers who should not come; `objective.exclusion` says at what cost. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_carers: Vec<String>,
    /// The few carers who are to come: the primary first, then the deputies. They are preferred ones too. Default: nobody has been chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub few_carers: Vec<String>,
    /// Most different carers who are to come in all days, 1 to 1000; `objective.above_cap` says what each one more costs. Default: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_carers: Option<i64>,
    /// How the citizen is, in the colours of the board meeting; it raises urgency and brings follow-up by `policy.triage`. Default green.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<Triage>,
    /// Who came in the 28 days before day 1. Default nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Met>,
}

/// The visits that one carer paid a citizen before day 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// The carer's id.
    pub carer: String,
    /// For each visit, how many days before day 1 it was: 1 (the day before) to 28. A day with two visits is listed twice.
    pub days_ago: Vec<i64>,
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The visit's id, unique among visits.
    pub id: String,
    /// Whose visit.
    pub citizen: String,
    /// The day, from 1. Default 1.
    #[serde(default = "super::one")]
    pub day: i64,
    /// Length of the service in minutes, 0 to 1440; rounded to whole seconds.
    pub minutes: Number,
    /// When the service may start: at least one window, in order of time, apart from each other.
    pub windows: Vec<VisitWindow>,
    /// When the citizen would like it to start. Default: any time in the windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<VisitPreference>,
    /// The start that was agreed with the citizen. Measured, not used in planning. Default: none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Agreement>,
    /// What recurs: visits of one citizen with the same course are the same help on other days, such as `morning`, and should start at about
    /// the same time: `objective.irregularity` says at what cost they do not. Default: the visit recurs nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<String>,
    /// Skills the carer must have, all of them. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Carers at the same time, 1 or 2. Default 1. A visit `v` by two carers is planned as two visits `v#1` and `v#2` that start together.
    #[serde(default = "super::one")]
    pub carers: i64,
    /// Skills the second carer must have. Default: the same `skills`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_skills: Option<Vec<String>>,
    /// How urgent: 0 ordinary to 3 vital. Default 0. Leaving the visit out costs (1 + priority) times the objective's price.
    #[serde(default)]
    pub priority: i64,
    /// Required or optional. Default required.
    #[serde(default)]
    pub need: Need,
    /// Cost of leaving the visit out, 0 to 1,000,000, for each of its carers. Default: by need and priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unserved_cost: Option<Number>,
    /// The kind of help. Shown and measured, not used in planning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// If present, only these carers may come; an empty list means nobody. Default: anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_carers: Option<Vec<String>>,
    /// Preferred for this visit, in addition to the citizen's. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred_carers: Vec<String>,
    /// Excluded from this visit, in addition to the citizen's. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_carers: Vec<String>,
    /// The grant that the visit rests on. Default: none is known, so that nothing can be swapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// Whether the visit was made from its grant, and is to be made anew when the grants change. Default no: it was written down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made: bool,
    /// What a person has settled about the visit: no plan and no replan moves it. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
}

/// What a person has settled about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The carer who comes; not for visits by two carers. Default: anybody who may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<String>,
    /// The start, `HH:MM` on the visit's day. Default: any time in the windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A window for the start of the service, both ends inclusive. Nobody starts before `from`; starting after `to` is lateness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitWindow {
    /// The day, from 1. Default: the visit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
    /// Earliest start, `HH:MM`.
    pub from: String,
    /// Latest start, `HH:MM`.
    pub to: String,
}

/// The times a citizen would like best.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitPreference {
    /// Starts from here on are not early, `HH:MM` on the visit's day.
    pub from: String,
    /// Starts up to here are not late, `HH:MM` on the visit's day.
    pub until: String,
    /// Cost of a minute early, 0 to 10,000. Default: `objective.early`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_weight: Option<Number>,
    /// Cost of a minute late, 0 to 10,000. Default: `objective.late`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_weight: Option<Number>,
}

/// An agreed start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The day, from 1. Default: the visit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
    /// The start, `HH:MM`.
    pub at: String,
    /// How far the start may be from it, on either side, and still be on time; in minutes, 0 to 40320. Default 60; for practical help 2880,
    /// which is two days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_minutes: Option<Number>,
}

/// Whether a visit may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Must be served; left out only when nobody can come.
    #[default]
    Required,
    /// May be left out when time is short.
    Optional,
}

/// The kind of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Personal care: hygiene, dressing, meals, mobility.
    Personal,
    /// Practical help: cleaning, laundry, shopping.
    Practical,
    /// Home nursing: medication, wounds, injections.
    Nursing,
    /// Coming when an alarm calls.
    Alarm,
    /// Delivery of meals.
    Meals,
    /// Anything else.
    Other,
}

/// Ties two visits: they are served both or neither, and the second starts between `min_minutes` and `max_minutes` after the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The visit that the difference is counted from.
    pub first: String,
    /// The other visit.
    pub second: String,
    /// Smallest start difference in minutes, -40320 to 40320. Default: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_minutes: Option<Number>,
    /// Largest start difference in minutes, -40320 to 40320. Default: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_minutes: Option<Number>,
    /// Whether different carers must come. Default false.
    #[serde(default)]
    pub different_carers: bool,
}
