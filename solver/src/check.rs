//! The independent checker.

use crate::plan::Plan;
use crate::problem::{Cost, Problem};

/// One rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, a stable code in snake case.
    pub rule: &'static str,
    /// What is wrong, with labels and values.
    pub detail: String,
}

/// The checker's verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Every violation; empty means feasible.
    pub violations: Vec<Violation>,
    /// The cost, recomputed.
    pub cost: Cost,
}

/// Judges a plan.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Verdict {
    let _ = (problem, plan);
    todo!()
}
