//! Bases, travel modes and matrices.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::district::Number;

/// How long travel takes: by coordinates and speed, or by explicit matrices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// Travel modes by name. `car`, `e_car`, `bike` and `walk` are built in and may be changed here; others must be declared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modes: BTreeMap<String, Mode>,
    /// Minutes from row to column, one square matrix per mode, 0 to 1440 each. If present, every mode that a carer uses needs one,
    /// every citizen and base gives its `place` as an index from 0, and neither coordinates nor `modes` may be given.
    /// The diagonal is what lies between two citizens of the same place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrices: Option<BTreeMap<String, Vec<Vec<Number>>>>,
}

/// A travel mode. A leg takes straight distance × `detour` / `kmh`, plus `minutes_per_stop` if it ends at a citizen's home; rounded up
/// to whole seconds. Between two visits in the same home it takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    /// Speed in kilometres per hour, 1 to 200.
    pub kmh: Number,
    /// Road length over straight distance, 1 to 10. Default 1.3.
    #[serde(default = "detour")]
    pub detour: Number,
    /// Minutes lost at every home: parking, locks and stairs, 0 to 60. Default 0.
    #[serde(default)]
    pub minutes_per_stop: Number,
}

/// A place where shifts start or end: an office, or a carer's own home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// The base's id, unique among bases.
    pub id: String,
    /// Kilometres east of any origin, -1000 to 1000. Needed unless there are matrices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<Number>,
    /// Kilometres north of the same origin, -1000 to 1000. Needed unless there are matrices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<Number>,
    /// Row and column in the travel matrices, from 0. Needed if there are matrices, not allowed otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<i64>,
}

fn detour() -> Number {
    Number(1.3)
}

impl Travel {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Mode {
    /// The built-in mode of this name: `car` 45 km/h and 3 minutes per stop, `e_car` 40 and 3, `bike` 15 and 2, `walk` 5 and 1;
    /// detour 1.3, on foot and by bike 1.2.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let (kmh, detour, minutes_per_stop) = match name {
            "car" => (45.0, 1.3, 3.0),
            "e_car" => (40.0, 1.3, 3.0),
            "bike" => (15.0, 1.2, 2.0),
            "walk" => (5.0, 1.2, 1.0),
            _ => return None,
        };
        Some(Self { kmh: Number(kmh), detour: Number(detour), minutes_per_stop: Number(minutes_per_stop) })
    }
}
