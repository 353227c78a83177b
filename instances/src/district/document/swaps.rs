//! What citizens ask for instead of granted help.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Service, Visit, VisitPreference, VisitWindow};
use crate::district::Number;

/// A request to be given other help than was granted, at one visit. The granted help always stays possible, and is given in doubt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The request's id, unique among swaps.
    pub id: String,
    /// The visit with the granted help that would not be given.
    pub visit: String,
    /// Whose visit it is. Default: the visit's citizen; needed where the visit has passed and is in the document no more, so that it still counts among
    /// what the citizen has asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen: Option<String>,
    /// What is asked for.
    pub instead: Instead,
    /// When it may start, the days counted as in visits. Default: in the visit's windows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<VisitWindow>,
    /// When the citizen would like it to start. Default: as the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<VisitPreference>,
    /// Who asked.
    #[serde(default)]
    pub requested_by: Requester,
    /// When it was asked for, `YYYY-MM-DD`. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_on: Option<String>,
    /// Whether a professional finds it sound. Nobody but a person decides this. Default pending.
    #[serde(default)]
    pub soundness: Soundness,
    /// What it is worth, in minutes of travel, 0 to 10,000. Default `policy.swaps.benefit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<Number>,
}

impl Swap {
    /// The id of the citizen who would be given other help: the one named here, or the visit's; `None` where neither is known.
    #[must_use]
    pub fn citizen<'a>(&'a self, visits: &'a [Visit]) -> Option<&'a str> {
        let of_visit = || visits.iter().find(|visit| visit.id == self.visit).map(|visit| visit.citizen.as_str());
        self.citizen.as_deref().or_else(of_visit)
    }
}

/// Other help: a service of the catalogue, or free words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// The code of a service of the catalogue. Either this or `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What is asked for in words, such as `a walk`. Never put a name here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The kind of help, for free words. Default: the same as the granted help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Service>,
    /// Minutes it takes, 0 to 1440. Default: the service's, otherwise as long as the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Number>,
    /// Skills it takes. Default: the service's, otherwise none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requester {
    /// The citizen.
    #[default]
    Citizen,
    /// A relative, on the citizen's behalf.
    Relative,
    /// A carer, in agreement with the citizen.
    Carer,
}

/// What a professional says of a swap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Soundness {
    /// The judgement.
    #[serde(default)]
    pub state: SoundnessState,
    /// The role of whoever judged, such as `carer`. Needed unless pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_role: Option<String>,
    /// The date of the judgement, `YYYY-MM-DD`. Needed unless pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Whether citizen and professional disagree, so that the granted help is given. Kept for reports. Default no.
    #[serde(default)]
    pub disagreement: bool,
}

/// Whether a swap is professionally sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SoundnessState {
    /// Nobody has judged yet: it is planned only so that the granted help remains possible.
    #[default]
    Pending,
    /// It may be given.
    Sound,
    /// The granted help is given.
    NotSound,
}
