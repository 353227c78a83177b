//! The catalogue of services, and what citizens have been granted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Need, Service};
use crate::district::Number;

/// A service that may be granted, or asked for instead of one that was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueService {
    /// The code, unique in the catalogue: an FSIII code such as `H1.1`, or one of the municipality's own.
    pub code: String,
    /// What citizens and carers call it in Danish. Default: the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_da: Option<String>,
    /// What it is called in English. Default: the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// The kind of help it is.
    pub category: Service,
    /// Minutes that it usually takes, 0 to 1440; for swaps that do not say. Default: as long as what it is asked for instead of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Number>,
    /// Skills it takes. Default none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}

/// Help that somebody with the authority to do so has granted a citizen. Visits are made from it, or refer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The grant's id, unique among grants.
    pub id: String,
    /// Who has been granted it.
    pub citizen: String,
    /// The code of the service.
    pub service: String,
    /// Visits of so many minutes, or so many minutes a week. Default visits.
    #[serde(default)]
    pub kind: GrantKind,
    /// Granted minutes, 0 to 10,080: of each visit, or of a frame in each calendar week.
    pub minutes: Number,
    /// When visits are made. Default: none are made of it, and visits that are written down refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<Repetition>,
    /// Carers at the same time, 1 or 2. Default 1.
    #[serde(default = "super::one")]
    pub carers: i64,
    /// Skills the carer must have. Default: those of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// Who provides it. Default: nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The law it rests on. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<LegalBasis>,
    /// First calendar date on which it holds. Default: from before the district's first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last calendar date on which it holds. Default: no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Urgency of its visits, 0 to 3. Default 0.
    #[serde(default)]
    pub priority: i64,
    /// Whether its visits are required. Default required.
    #[serde(default)]
    pub need: Need,
    /// Whether whoever decides about grants has confirmed it. Visits are made from it all the same. Default confirmed.
    #[serde(default, skip_serializing_if = "GrantStatus::is_confirmed")]
    pub status: GrantStatus,
    /// The role of whoever granted it. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<String>,
}

/// Whether a grant is confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    /// By whoever decides about grants.
    #[default]
    Confirmed,
    /// Granted by a planner within a package, and to be confirmed.
    AwaitingConfirmation,
}

impl GrantStatus {
    fn is_confirmed(&self) -> bool {
        *self == Self::Confirmed
    }
}

/// What a grant is measured in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// Visits of the granted minutes.
    #[default]
    Visits,
    /// Minutes in a week, whose content is decided from visit to visit (Ældreloven § 10).
    Frame,
}

/// The law that a grant rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// Serviceloven § 83: personal care and practical help.
    Sel83,
    /// Serviceloven § 83 a: rehabilitation.
    Sel83a,
    /// Ældreloven § 10: a course of holistic care.
    Aeldrelov10,
    /// Sundhedsloven § 138: home nursing.
    Sul138,
}

/// When a grant's visits are made: on certain days, one in each named part of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repetition {
    /// Whether `count` counts days or weeks. Default week.
    #[serde(default)]
    pub pattern: Pattern,
    /// Every so many days or weeks, 1 to 52, from the grant's first date on; the week or day of that date is the first. Default 1.
    #[serde(default = "super::one")]
    pub count: i64,
    /// The days of the week. Default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Parts of the day, by their names in `policy.parts_of_day`: one visit in each.
    pub shifts: Vec<String>,
    /// Days by which a visit may be given sooner or later, 0 to 6, within the horizon. Default 0.
    #[serde(default)]
    pub flexible_days: i64,
    /// Minutes of each visit, 0 to 1440. Default: the granted minutes; of a frame, an equal share of a week's minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Number>,
}

/// What repetitions count in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Days.
    Day,
    /// Calendar weeks, from Monday.
    #[default]
    Week,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// From Monday.
    pub const ALL: [Self; 7] = [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];
}
