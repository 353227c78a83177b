//! Tests of the whole, in one binary so that it links once.

mod continuity;
mod coverage;
mod fewest;
mod oracle;
mod property;
mod property_horizon;
mod property_solve;
mod replan;
mod stories;
mod tidy;
