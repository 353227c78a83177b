//! Kendt's outside: the command line and the HTTP service.
//!
//! The tour: [`cli`] has one file per command; [`server`] runs the service that [`app`] wires together from its settings ([`config`]).
//! Requests become typed values at the door, long work waits in a bounded queue for a fixed set of worker threads, and a plan
//! leaves only with the checker's verdict on it. No planning happens here: that is the solver's.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod error;
mod jobs;
mod judged;
mod metrics;
mod say;
pub mod server;
mod telemetry;
mod wire;
