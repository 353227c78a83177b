//! Lower bounds by column generation, for days that the compact model cannot hold.
//!
//! Every plan is a choice of one route or none for each shift. `master` mixes routes as a linear programme whose rows are what routes
//! share: visits, the greatest lateness, links, and cuts that every plan keeps. `labels` finds the route of least reduced cost under the prices of those rows, by
//! class of interchangeable shifts. **Any** prices give a bound (Lagrange): what the rows are worth, plus what the best route of every
//! class saves. They are whole numbers here and so is all of pricing, so a bound is exact whatever HiGHS' arithmetic did: it only proposes
//! prices.
//!
//! What is left out of the routes' costs is never negative, so the bound holds for the whole problem: [`ColumnBound::covers`] names it.
//! Links are asked for at some moments, not at all (`duals::LinkRow`).

mod branch;
mod completion;
mod day;
mod duals;
mod generate;
mod labels;
mod master;
mod mixed;
mod neighbourhoods;
mod part;
mod profile;
mod set;
mod starts;

#[cfg(test)]
mod tests;

pub use generate::{ColumnBound, bound, is_in_reach};
#[doc(hidden)]
pub use generate::{Pricer, Pricing, with_pricer};
