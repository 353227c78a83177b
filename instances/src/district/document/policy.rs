//! What differs from one municipality to the next. Every limit has a default whose source is named; none is law by being here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Colour, FollowUp, Service, TriagePolicy};
use crate::district::Number;

/// The unit's policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The parts of the day that grants name. Default: `morning`, `noon`, `afternoon`, `evening` and `night`, an example.
    pub parts_of_day: Vec<PartOfDay>,
    /// Professions and what they may do. Default: `ssh` has the skill `ssh`, `ssa` also `ssa`, `nurse` also `nurse`; an example.
    pub professions: Vec<Profession>,
    /// Rules for swaps.
    pub swaps: SwapPolicy,
    /// What wishes are worth.
    pub wishes: WishPolicy,
    /// Slack that every shift is to have.
    pub slack: SlackPolicy,
    /// What it costs, in minutes of travel for each visit, that a carer goes on to other citizens after one who is to be the last
    /// ([`super::Precaution::last`]), 0 to 1000. Default 30.
    pub not_last: Number,
    /// What the colours yellow and red bring. Default: visits are more urgent by 1 and 2, and there is a follow-up of 10 minutes every morning (Skive:
    /// daily follow-up while a citizen is yellow).
    pub triage: TriageColours,
}

/// A profession.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profession {
    /// Its name.
    pub name: String,
    /// Everything that it may do, in the words the visits use.
    pub skills: Vec<String>,
}

/// A part of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartOfDay {
    /// Its name.
    pub name: String,
    /// Earliest start of a visit, `HH:MM`.
    pub from: String,
    /// Latest start of a visit, `HH:MM`.
    pub to: String,
}

/// Rules for swapping granted help for other help (fleksibel hjemmehjælp).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SwapPolicy {
    /// What time a swap must fit into: that of its visit, or that of the citizen's grants in the week. Default the visit.
    pub frame: SwapFrame,
    /// Whether help may be swapped for help of the other category, personal or practical, that the citizen has not been granted.
    /// Default no: the two may be swapped for each other only where both are granted (DaneAge's statement of the rule).
    pub across_categories: bool,
    /// Kinds of help that may be swapped neither away nor in. Default nursing, which is no help under Serviceloven § 83.
    pub fixed_categories: Vec<Service>,
    /// Services that may be swapped neither away nor in, by code. Default none.
    pub fixed_services: Vec<String>,
    /// What a plan with the granted help instead of what is asked for costs, in minutes of travel, 0 to 10,000. Default 30.
    pub benefit: Number,
    /// So many swaps of a citizen within `repeated_days` mean that the need is to be assessed anew, at least 1. Default 3.
    pub repeated: i64,
    /// Default 28.
    pub repeated_days: i64,
}

/// What the colours bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TriageColours {
    /// Small changes.
    pub yellow: TriagePolicy,
    /// Serious.
    pub red: TriagePolicy,
}

impl Default for TriageColours {
    fn default() -> Self {
        let daily = FollowUp { minutes: Number(10.0), part_of_day: "morning".to_owned(), skills: Vec::new() };
        Self { yellow: TriagePolicy { priority: 1, follow_up: Some(daily.clone()) }, red: TriagePolicy { priority: 2, follow_up: Some(daily) } }
    }
}

impl TriageColours {
    /// What a colour brings; nothing for green.
    #[must_use]
    pub fn of(&self, colour: Colour) -> Option<&TriagePolicy> {
        match colour {
            Colour::Green => None,
            Colour::Yellow => Some(&self.yellow),
            Colour::Red => Some(&self.red),
        }
    }
}

/// What wishes are worth in minutes of travel, each 0 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WishPolicy {
    /// Per minute before or after a time that is wished for. Default 1.
    pub time_per_minute: Number,
    /// Per minute away from the usual time, where the same time every day is wished for. Default 0.5.
    pub same_time_per_minute: Number,
    /// Per visit by anybody else than the carer who is wished for. Default 10.
    pub carer: Number,
    /// Per visit by a carer who is no longer wanted. Default 60.
    pub not_carer: Number,
    /// Per visit outside the hours that a carer wishes for. Default 15.
    pub hours: Number,
}

impl Default for WishPolicy {
    fn default() -> Self {
        Self { time_per_minute: Number(1.0), same_time_per_minute: Number(0.5), carer: Number(10.0), not_carer: Number(60.0), hours: Number(15.0) }
    }
}

/// Slack of every shift that visits anyone: free time, buffers and pauses. None of it is a rule; what is missing costs so many minutes of travel.
/// Carers may wish for more ([`super::Want::Slack`]). The default asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SlackPolicy {
    /// Minutes of a shift that are neither visit nor travel nor break, 0 to 1440. Default 0.
    pub free_minutes: Number,
    /// Minutes between coming to a home and starting there, after a visit elsewhere, 0 to 240. Default 0.
    pub buffer_minutes: Number,
    /// Most visits without a pause, 1 to 1000. Default: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_chain: Option<i64>,
    /// Minutes of waiting that are a pause, 1 to 240; the break is one however short. Default 10.
    pub pause_minutes: Number,
    /// What a minute less of free time costs, 0 to 1000. Default 0.5.
    pub per_free_minute: Number,
    /// What a minute less of buffer costs, 0 to 1000. Default 0.5.
    pub per_buffer_minute: Number,
    /// What each visit beyond the longest chain costs, 0 to 1000. Default 10.
    pub per_visit_in_chain: Number,
}

impl Default for SlackPolicy {
    fn default() -> Self {
        Self {
            free_minutes: Number(0.0),
            buffer_minutes: Number(0.0),
            longest_chain: None,
            pause_minutes: Number(10.0),
            per_free_minute: Number(0.5),
            per_buffer_minute: Number(0.5),
            per_visit_in_chain: Number(10.0),
        }
    }
}

/// What time a swap must fit into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwapFrame {
    /// The granted minutes of the visit.
    #[default]
    Visit,
    /// What the citizen's grants leave of the calendar week.
    Week,
}

impl Default for Policy {
    fn default() -> Self {
        let parts = [
            ("morning", "07:00", "10:30"),
            ("noon", "11:00", "13:30"),
            ("afternoon", "14:00", "16:30"),
            ("evening", "17:00", "21:30"),
            ("night", "22:00", "28:00"),
        ];
        let part = |(name, from, to): (&str, &str, &str)| PartOfDay { name: name.to_owned(), from: from.to_owned(), to: to.to_owned() };
        let levels = ["ssh", "ssa", "nurse"];
        let profession =
            |nth: usize| Profession { name: levels[nth].to_owned(), skills: levels[..=nth].iter().map(|&skill| skill.to_owned()).collect() };
        Self {
            professions: (0..levels.len()).map(profession).collect(),
            parts_of_day: parts.into_iter().map(part).collect(),
            swaps: SwapPolicy::default(),
            wishes: WishPolicy::default(),
            slack: SlackPolicy::default(),
            not_last: Number(30.0),
            triage: TriageColours::default(),
        }
    }
}

impl Default for SwapPolicy {
    fn default() -> Self {
        Self {
            frame: SwapFrame::Visit,
            across_categories: false,
            fixed_categories: vec![Service::Nursing],
            fixed_services: Vec::new(),
            benefit: Number(30.0),
            repeated: 3,
            repeated_days: 28,
        }
    }
}

impl Policy {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
