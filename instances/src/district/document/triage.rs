//! How a citizen is, in the colours of the board meeting.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::district::Number;

/// A citizen's colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// The colour.
    pub colour: Colour,
    /// The calendar date since which it is so, `YYYY-MM-DD`.
    pub since: String,
}

/// The colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// As usual.
    #[default]
    Green,
    /// Small changes.
    Yellow,
    /// Serious: a risk of admission.
    Red,
}

/// What a colour other than green brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriagePolicy {
    /// By how much all visits to the citizen are more urgent, 0 to 3.
    pub priority: i64,
    /// The follow-up that the citizen has every day from then on. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
}

/// A visit that follows up on a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// Minutes, 0 to 1440.
    pub minutes: Number,
    /// The part of the day, by its name in `policy.parts_of_day`.
    pub part_of_day: String,
    /// Skills that it takes. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}
