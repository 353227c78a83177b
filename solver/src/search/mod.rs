//! The search: simulated annealing with ruin and recreate on exact deltas.
//!
//! [`arrays`] compiles a problem into dense arrays; [`working`] is the mutable plan that one thread owns: moves edit its routes, start times
//! propagate through the temporal graph, and everything can be undone. [`moves`], [`ruin`] and [`recreate`] propose changes and ask
//! [`working`] for their exact price; [`anneal`] decides. Nothing here prices anything itself or knows the exact solver.

mod anneal;
mod arrays;
mod breaks;
mod construct;
mod focus;
mod ingredients;
mod moves;
mod near;
mod neighbours;
mod penalties;
mod recreate;
mod route_times;
mod ruin;
mod run;
mod spread;
mod working;

pub(crate) use crate::rng::Rng;
pub(crate) use anneal::{Ladder, Worker};
pub use anneal::{Step, Stepper, with_stepper};
pub(crate) use arrays::{Arrays, Node, index};
pub(crate) use construct::first_plan;
pub(crate) use focus::{Focus, rings};
pub use ingredients::Ingredients;
pub(crate) use neighbours::Neighbours;
pub(crate) use penalties::Penalties;
pub(crate) use working::{Sequences, Working};
