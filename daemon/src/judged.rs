//! A plan with the checker's verdict: the only form in which plans leave this crate.

use kendt_solver::check::{Violation, check};
use kendt_solver::cost::{Breakdown, evaluate};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Cost, Problem};

/// A checked plan, feasible or not.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    plan: Plan,
    breakdown: Breakdown,
    cost: Cost,
    violations: Vec<Violation>,
}

impl Judged {
    /// Has the checker judge the plan.
    pub(crate) fn new(problem: &Problem, plan: Plan) -> Self {
        let verdict = check(problem, &plan);
        let breakdown = evaluate(problem, &plan);
        let cost = breakdown.cost(problem.objective());
        let mut violations = verdict.violations;
        if violations.is_empty() && verdict.cost != cost {
            let detail = format!("the checker finds a cost of {}, the evaluator {}", verdict.cost.0, cost.0);
            violations.push(Violation { rule: "cost_mismatch", detail });
        }
        Self { plan, breakdown, cost, violations }
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn breakdown(&self) -> &Breakdown {
        &self.breakdown
    }

    pub(crate) fn cost(&self) -> Cost {
        self.cost
    }

    pub(crate) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether the checker found nothing wrong.
    pub(crate) fn is_feasible(&self) -> bool {
        self.violations.is_empty()
    }
}
