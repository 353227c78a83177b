//! Measures the solver: every instance of a set, solved, judged by the checker, and put into rows, tables and plots.
//!
//! [`find`] lists the instances of a set with their best published costs, [`Campaign`] says how each is solved and solves it, [`Row`] is
//! what is known of one run afterwards, [`markdown`] and [`plots`] sum rows up, [`ablation`] says what each ingredient is worth, [`frontier`] shows what
//! faces cost in travel, and [`solutions`] keeps plans that beat what is published.
//! The sets are not part of the project: the caller names their folder.

#![warn(missing_docs)]

pub mod ablation;
mod campaign;
mod fault;
pub mod frontier;
pub mod markdown;
mod memory;
pub mod plots;
mod row;
mod sets;
pub mod solutions;
mod trace;

pub use campaign::{Campaign, Measured};
pub use fault::Fault;
pub use row::{COLUMNS, Row};
pub use sets::{Published, SETS, Selection, find, read};
pub use trace::{Point, Trace};
