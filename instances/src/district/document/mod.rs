//! The district document, field by field. Its doc comments are the descriptions of the JSON schema.

mod demand;
mod grants;
mod objective;
mod packages;
mod places;
mod policy;
mod staff;
mod swaps;
mod triage;
mod wishes;

pub use demand::{Agreement, Citizen, Link, Met, Need, Pin, Service, Visit, VisitPreference, VisitWindow};
pub use grants::{CatalogueService, Grant, GrantKind, GrantStatus, LegalBasis, Pattern, Repetition, Weekday};
pub use objective::{Departure, Disruption, Hard, Objective, Price};
pub use packages::{PackageService, Precaution, ServicePackage};
pub use places::{Base, Mode, Travel};
pub use policy::{PartOfDay, Policy, Profession, SlackPolicy, SwapFrame, SwapPolicy, TriageColours, WishPolicy};
pub use staff::{Break, Carer, Delegation, Layer, Shift, Team};
pub use swaps::{Instead, Requester, Soundness, SoundnessState, Swap};
pub use triage::{Colour, FollowUp, Triage, TriagePolicy};
pub use wishes::{Want, Wish};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A district: its citizens and their visits, its carers and their shifts, over one or more days.
///
/// Units: kilometres, minutes, and times of the day as `HH:MM` or `HH:MM:SS`, counted from the midnight that begins the day in
/// question; times after the next midnight continue past 24, so an evening shift may end at `25:30`. Days count from 1.
/// Costs are in minutes of travel: a cost of 10 weighs as much as 10 minutes on the road at travel weight 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// Always `kendt-district/1`.
    pub format: String,
    /// What people call the district.
    pub name: String,
    /// The calendar date of day 1, `YYYY-MM-DD`. Grants repeat by it; otherwise it is shown and not used in planning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Number of days, 1 to 28. Default 1.
    #[serde(default = "one")]
    pub days: i64,
    /// How long travel takes. Default: by coordinates, with the built-in modes.
    #[serde(default, skip_serializing_if = "Travel::is_default")]
    pub travel: Travel,
    /// Where shifts start and end.
    pub bases: Vec<Base>,
    /// Teams of carers. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<Team>,
    /// Carers with their shifts.
    pub carers: Vec<Carer>,
    /// Citizens.
    pub citizens: Vec<Citizen>,
    /// Visits.
    pub visits: Vec<Visit>,
    /// Ties in time between visits. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Services that may be granted or asked for. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<CatalogueService>,
    /// What citizens have been granted. Visits are made from it on request. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    /// Packages of services that a planner may grant at once. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<ServicePackage>,
    /// What visits to some citizens need for some days. Default nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub precautions: Vec<Precaution>,
    /// What citizens ask for instead of granted help. Default nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<Swap>,
    /// What citizens, relatives and carers wish for. Default nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// What differs between municipalities. Default: every limit at its default.
    #[serde(default, skip_serializing_if = "Policy::is_default")]
    pub policy: Policy,
    /// What a good plan is. Default: every weight at its default.
    #[serde(default, skip_serializing_if = "Objective::is_default")]
    pub objective: Objective,
}

fn one() -> i64 {
    1
}
