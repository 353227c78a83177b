//! Packages of services that a planner may grant at once, and what visits need meanwhile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Repetition;
use crate::district::Number;

/// A package in the catalogue: what it holds is the municipality's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePackage {
    /// The package's id, unique among packages.
    pub id: String,
    /// What it is called in Danish. Default: the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_da: Option<String>,
    /// What it is called in English. Default: the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// Roles that may grant it, such as `planner`. Nobody else may.
    pub granted_by: Vec<String>,
    /// For how many days it runs from its first one, 1 to 365: it ends by itself.
    pub days: i64,
    /// The services that it grants.
    pub services: Vec<PackageService>,
    /// Minutes that every visit to the citizen takes longer meanwhile, 0 to 240: for protective equipment. Default 0.
    #[serde(default)]
    pub extra_minutes: Number,
    /// Whether the citizen's visits are to be the last of their routes meanwhile, so that nobody comes from them to others. Default no.
    #[serde(default)]
    pub last: bool,
}

/// A service of a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageService {
    /// The service's code.
    pub service: String,
    /// Minutes of each visit, 0 to 1440.
    pub minutes: Number,
    /// When visits are made.
    pub repetition: Repetition,
    /// Carers at the same time, 1 or 2. Default 1.
    #[serde(default = "super::one")]
    pub carers: i64,
}

/// What visits to a citizen need for some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Precaution {
    /// The citizen's id.
    pub citizen: String,
    /// First calendar date, `YYYY-MM-DD`.
    pub from: String,
    /// Last calendar date, `YYYY-MM-DD`.
    pub until: String,
    /// Minutes that every visit takes longer, 0 to 240. Default 0.
    #[serde(default)]
    pub extra_minutes: Number,
    /// Whether visits are to be the last of their routes, but for those of others of whom the same is asked. Default no.
    #[serde(default)]
    pub last: bool,
    /// The only carers who come. Default: anybody who may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carers: Vec<String>,
    /// The package that it is for. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}
