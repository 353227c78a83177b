//! Mixed-integer and linear programming with HiGHS: what is proved, and what is timed exactly.
//!
//! [`compact`] holds a whole small day in one model: it is the oracle of the searches and the proof of optimality.
//! [`columns`] bounds days that are too large for that by column generation.
//! [`team`] chooses the few carers of every citizen over a horizon, [`districting`] who belongs to which team.
//! [`timing`] finds the best times of a plan whose sequences are fixed. Floats live in this folder only, each beside a named
//! tolerance; whatever leaves it is whole ticks and whole cost units again.
//!
//! A HiGHS model is built, solved and dropped on one thread and uses one thread: the parallelism is the caller's.

pub mod columns;
pub mod compact;
pub(crate) mod covering;
pub mod districting;
pub(crate) mod master;
pub mod team;
pub mod timing;

#[cfg(test)]
mod trial;
