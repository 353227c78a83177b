//! The best plan of a run: its price, what is known of its cost, and what has been told of it.

use super::{Outcome, Progress, Proof};
use crate::check::check;
use crate::cost::{Breakdown, evaluate};
use crate::exact::compact::Coverage;
use crate::plan::Plan;
use crate::problem::{Cost, Problem};
use crate::stop::Watch;

/// A plan with its price.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    pub(super) plan: Plan,
    pub(super) breakdown: Breakdown,
    pub(super) cost: Cost,
    pub(super) n_violations: usize,
}

impl Priced {
    pub(super) fn new(problem: &Problem, plan: Plan) -> Self {
        let breakdown = evaluate(problem, &plan);
        let cost = breakdown.cost(problem.objective());
        let n_violations = check(problem, &plan).violations.len();
        Self { plan, breakdown, cost, n_violations }
    }

    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        (self.n_violations, self.cost) < (other.n_violations, other.cost)
    }

    /// The outcome of a run that drew and priced so many moves.
    pub(super) fn outcome(self, known: Known, (iterations, evaluated): (u64, u64), watch: &Watch) -> Outcome {
        Outcome {
            feasible: self.n_violations == 0,
            plan: self.plan,
            breakdown: self.breakdown,
            cost: self.cost,
            dual_bound: known.bound,
            bound_leaves_out: known.leaves_out,
            proof: known.proof,
            iterations,
            evaluated,
            elapsed: watch.wall(),
            cpu: watch.cpu(),
        }
    }
}

/// What is known of the best plan's cost.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) bound: Option<Cost>,
    pub(super) leaves_out: Vec<&'static str>,
    pub(super) proof: Proof,
}

impl Known {
    pub(super) fn nothing() -> Self {
        Self { bound: None, leaves_out: Vec::new(), proof: Proof::None }
    }

    /// Takes over a bound if it is better, beside the best plan.
    pub(super) fn raise(&mut self, bound: Option<Cost>, covers: Coverage, best: &Priced) {
        if bound > self.bound {
            self.bound = bound;
            self.leaves_out = match covers {
                Coverage::Exact => Vec::new(),
                Coverage::Relaxed(parts) => parts,
            };
        }
        let closed = best.n_violations == 0 && self.bound == Some(best.cost);
        self.proof = match self.bound {
            Some(_) if closed => Proof::Optimal,
            Some(_) => Proof::Bound,
            None => Proof::None,
        };
    }
}

/// What has been told of the best plan: violations and cost.
#[derive(Debug, Default)]
pub(super) struct News {
    told: Option<(usize, Cost)>,
}

impl News {
    /// Tells how far the run is; the plan only if it is another one than the last time.
    pub(super) fn tell(&mut self, best: &Priced, known: &Known, iterations: u64, watch: &Watch, observe: &mut dyn FnMut(&Progress)) {
        let news = Some((best.n_violations, best.cost));
        let improved = (self.told != news).then(|| best.plan.clone());
        self.told = news;
        observe(&Progress {
            elapsed: watch.wall(),
            cpu: watch.cpu(),
            iterations,
            cost: best.cost,
            feasible: best.n_violations == 0,
            dual_bound: known.bound,
            improved,
        });
    }
}
