//! Teams, carers and their shifts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::district::Number;

/// A team of carers, usually 8 to 12.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// The team's id, unique among teams.
    pub id: String,
    /// The base where the team's shifts start and end unless carer or shift say otherwise. Default: the only base, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// A carer. The id is opaque: never put a name here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carer {
    /// The carer's id, unique among carers.
    pub id: String,
    /// Everything the carer may do, in the words the visits use. A nurse who also gives personal care has both words. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// The carer's profession, by its name in `policy.professions`: its skills are the carer's too. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// Tasks that somebody answerable has handed over to the carer. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<Delegation>,
    /// How the carer travels: `car`, `e_car`, `bike`, `walk` or a mode of `travel.modes`.
    pub mode: String,
    /// The carer's team. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The supplier that the carer works for. Visits whose grant names a supplier are given by its carers only. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The base of the carer's shifts. Default: the team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The carer's shifts; those of one carer may not overlap.
    pub shifts: Vec<Shift>,
}

/// A task that is handed over to a carer who does not have it by profession.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// The skill that visits ask for.
    pub skill: String,
    /// The only citizen for whom it holds. Default: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen: Option<String>,
    /// The last calendar date on which it holds, `YYYY-MM-DD`. Default: no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// One working period. The carer leaves the base no earlier than `start`; coming back after `end` is overtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// The shift's id, unique among shifts. Default: `carer/day`, or `carer/day/2` for the carer's second shift of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The day, from 1. Default 1.
    #[serde(default = "super::one")]
    pub day: i64,
    /// Start, `HH:MM` on that day.
    pub start: String,
    /// End, `HH:MM` on that day, past 24 if after midnight.
    pub end: String,
    /// Where the route starts. Default: the carer's base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Where the route ends. Default: where it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_base: Option<String>,
    /// The break. Default none.
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    pub pause: Option<Break>,
    /// Day, evening or night. Shown, not used in planning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<Layer>,
}

/// A break, taken at the home of the visit after it; where the carer is if none follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// Earliest begin, `HH:MM` on the shift's day.
    pub earliest: String,
    /// Latest begin, `HH:MM` on the shift's day.
    pub latest: String,
    /// Length in minutes, 0 to 480.
    pub minutes: Number,
}

/// The part of the day a shift belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Roughly 07 to 15.
    Day,
    /// Roughly 15 to 23.
    Evening,
    /// Roughly 23 to 07.
    Night,
}
