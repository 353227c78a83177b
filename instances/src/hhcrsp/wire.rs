//! The file as it is: unknown fields are ignored, missing numbers are `None` and faulted with their place later.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) patients: Vec<Patient>,
    pub(super) services: Vec<Service>,
    pub(super) caregivers: Vec<Caregiver>,
    /// Minutes; the office comes first, then the patients in their order.
    pub(super) distances: Vec<Vec<Option<f64>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Patient {
    pub(super) id: String,
    /// Earliest and latest start, minutes.
    #[serde(default)]
    pub(super) time_window: Vec<Option<f64>>,
    #[serde(default)]
    pub(super) required_caregivers: Vec<Required>,
    pub(super) synchronization: Option<Synchronization>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Required {
    pub(super) service: String,
    /// Minutes; the service's default where it is missing.
    pub(super) duration: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Synchronization {
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Smallest and largest difference of starts, minutes.
    #[serde(default)]
    pub(super) distance: Vec<Option<f64>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) default_duration: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Caregiver {
    pub(super) id: String,
    #[serde(default)]
    pub(super) abilities: Vec<String>,
}
