//! Long work: a bounded queue before a fixed set of worker threads.
//!
//! [`JobStore`] is the only door. It keeps jobs in memory; what has to outlive the process would be stored behind the same methods.

mod job;
mod queue;
mod store;
mod work;
mod worker;

pub(crate) use job::{Incumbent, Job, State, Status};
pub(crate) use queue::Refused;
pub(crate) use store::{JobStore, Limits, StopOnDrop};
pub(crate) use work::{PlanWork, ReplanWork, Work};
