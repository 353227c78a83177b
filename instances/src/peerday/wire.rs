//! The file as it is: unknown fields are ignored, missing numbers are `None` and faulted with their place later. Times are seconds.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    /// Where every shift starts and ends, kilometres.
    #[serde(default)]
    pub(super) base: Vec<Option<f64>>,
    pub(super) citizens: Vec<Citizen>,
    pub(super) visits: Vec<Visit>,
    pub(super) carers: Vec<Carer>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Citizen {
    pub(super) x: Option<f64>,
    pub(super) y: Option<f64>,
    pub(super) team: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Visit {
    pub(super) id: Option<f64>,
    pub(super) citizen: Option<f64>,
    /// The start that the citizen would like best.
    pub(super) pref: Option<f64>,
    /// Earliest and latest start.
    #[serde(default)]
    pub(super) tw: Vec<Option<f64>>,
    pub(super) dur: Option<f64>,
    pub(super) skill: Option<f64>,
    pub(super) optional: bool,
    pub(super) prio: Option<f64>,
    pub(super) sync: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Carer {
    pub(super) id: Option<f64>,
    #[serde(default)]
    pub(super) shift: Vec<Option<f64>>,
    pub(super) skill: Option<f64>,
    pub(super) mode: String,
    pub(super) team: Option<f64>,
}
