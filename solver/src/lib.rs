//! Kendt's engine: plans home care by search and mixed-integer programming.
//!
//! The tour, inside out: [`problem`] holds the facts, [`plan`] the decisions, [`cost`] prices a plan term by term and [`check`] judges it
//! without sharing any arithmetic. `search` improves plans by simulated annealing with ruin and recreate, [`exact`] recombines routes
//! and proves optimality with HiGHS. [`solve`] is the door to both and [`replan`] the door for a day that breaks.
//!
//! No file formats, no JSON, no async here, and no clock outside [`stop`].

#![warn(missing_docs)]

pub mod check;
pub mod continuity;
pub mod cost;
pub mod exact;
pub mod explain;
#[cfg(test)]
mod fixture;
pub mod plan;
mod pool;
pub mod problem;
pub mod replan;
mod rng;
mod search;
pub mod solve;
/// The steps of search and pricing one by one, for the micro-benchmarks. Not part of the interface.
#[doc(hidden)]
pub mod steps {
    pub use crate::exact::columns::{Pricer, Pricing, with_pricer};
    pub use crate::search::{Step, Stepper, with_stepper};
}
pub mod stop;
