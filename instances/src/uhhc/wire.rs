//! The file as it is: unknown fields are ignored, missing numbers are `None` and faulted with their place later. Times are minutes.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) metadata: Metadata,
    pub(super) distances: Vec<Vec<Option<f64>>>,
    pub(super) terminal_points: Vec<TerminalPoint>,
    pub(super) caregivers: Vec<Caregiver>,
    pub(super) patients: Vec<Patient>,
    pub(super) services: Vec<Service>,
    pub(super) lunch_breaks: Option<LunchBreaks>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: Option<String>,
    pub(super) origin: Option<String>,
    pub(super) time_window_met: Option<String>,
    pub(super) cost_components: BTreeMap<String, Price>,
}

/// A component's weight: a number or the word `HARD`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Price {
    Number(f64),
    Word(String),
}

#[derive(Debug, Deserialize)]
pub(super) struct TerminalPoint {
    pub(super) id: String,
    pub(super) distance_matrix_index: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Caregiver {
    pub(super) id: String,
    #[serde(default)]
    pub(super) abilities: Vec<String>,
    pub(super) departing_point: Option<String>,
    pub(super) arrival_point: Option<String>,
    #[serde(default)]
    pub(super) working_shift: Span,
    #[serde(default)]
    pub(super) lunch_break: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Span {
    pub(super) start: Option<f64>,
    pub(super) end: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Patient {
    pub(super) id: String,
    #[serde(default)]
    pub(super) required_services: Vec<Required>,
    pub(super) distance_matrix_index: Option<f64>,
    #[serde(default)]
    pub(super) time_windows: Vec<Span>,
    pub(super) synchronization: Option<Synchronization>,
    pub(super) incompatible_caregivers: Option<Vec<String>>,
    pub(super) preferred_caregivers: Option<Vec<String>>,
    pub(super) optional: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Required {
    pub(super) service: String,
    /// The service's default where it is missing.
    pub(super) duration: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Synchronization {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) distance: Option<Distance>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Distance {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) default_duration: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LunchBreaks {
    pub(super) start: Option<f64>,
    pub(super) end: Option<f64>,
    pub(super) min_duration: Option<f64>,
}
