//! The independent checker: judges a plan and prices it again from the problem's facts alone.
//!
//! It shares no arithmetic with [`crate::cost`] or the searches, and it reads every plan, however broken: ids that mean nothing,
//! missing routes and absurd times are violations, never panics. All sums are 128 bits wide and saturate.
//! It repairs nothing and times nothing; it only looks at what the plan says.

mod across;
mod charges;
mod links;
mod rules;
mod service;
mod slack;
#[cfg(test)]
mod tests;
mod times;
mod walk;

pub use rules::RULES;

use crate::plan::Plan;
use crate::problem::{Cost, Problem, Term, Weight};
use charges::Charge;

/// One rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, a stable code in snake case: one of [`RULES`].
    pub rule: &'static str,
    /// What is wrong, with labels and values.
    pub detail: String,
}

/// The checker's verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Every violation; empty means feasible.
    pub violations: Vec<Violation>,
    /// The cost of all soft terms, recomputed. Meaningful for broken plans too, but clamped to what a [`Cost`] can hold.
    pub cost: Cost,
}

impl Verdict {
    /// Whether the plan breaks no rule.
    #[must_use]
    pub fn is_feasible(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Judges a plan: one walk over its routes for each question asked, so linear in the problem's size.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Verdict {
    let mut findings = Findings::default();
    service::judge(problem, plan, &mut findings);
    for (shift, route) in walk::routes(problem, plan) {
        times::judge(problem, shift, route, &mut findings);
    }
    links::judge(problem, plan, &mut findings);
    let cost = price(problem, &charges::of_plan(problem, plan), &mut findings);
    Verdict { violations: findings.violations, cost }
}

/// The violations found so far.
#[derive(Default)]
struct Findings {
    violations: Vec<Violation>,
}

impl Findings {
    fn add(&mut self, rule: &'static str, detail: String) {
        self.violations.push(Violation { rule, detail });
    }
}

/// Sums the soft charges; a charge of a hard term is a violation.
fn price(problem: &Problem, charges: &[Charge], findings: &mut Findings) -> Cost {
    let mut total: i128 = 0;
    for charge in charges.iter().filter(|charge| charge.quantity != 0) {
        match problem.objective().weight(charge.term) {
            Weight::Soft(weight) => total = total.saturating_add(charge.quantity.saturating_mul(i128::from(weight))),
            // Required visits left out are judged with the service, so these are the optional ones.
            Weight::Hard if charge.term == Term::Unserved => total = total.saturating_add(charge.quantity),
            Weight::Hard => findings.add(charge.term.name(), format!("{}: {} of a term that must be 0", charge.at, charge.quantity)),
        }
    }
    Cost(i64::try_from(total).unwrap_or(i64::MAX))
}
