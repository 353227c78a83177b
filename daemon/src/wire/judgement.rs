//! What a plan costs and which rules it breaks.

use kendt_solver::check::Violation;
use kendt_solver::cost::Breakdown;
use kendt_solver::problem::{Cost, Objective, Problem, Term};
use serde::ser::{Serialize, SerializeMap, Serializer};
use utoipa::ToSchema;

use crate::judged::Judged;

/// Cost by term in reported units, in the order of [`Term::ALL`]: terms that are priced or cost something. They sum to the cost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Terms(Vec<(&'static str, f64)>);

impl Terms {
    pub(crate) fn new(objective: &Objective, breakdown: &Breakdown) -> Self {
        let priced = Term::ALL.into_iter().filter_map(|term| {
            let cost = breakdown.cost_of(objective, term);
            (objective.soft(term) > 0 || cost != Cost::ZERO).then(|| (term.name(), objective.reported(cost)))
        });
        Self(priced.collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.0.iter().copied()
    }
}

impl Serialize for Terms {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.0.len()))?;
        for (name, cost) in self.iter() {
            map.serialize_entry(name, &cost)?;
        }
        map.end()
    }
}

/// One broken rule.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub(crate) struct ViolationView {
    /// The rule, a stable code in snake case.
    rule: &'static str,
    /// What is wrong, with ids and values.
    detail: String,
}

impl ViolationView {
    pub(crate) fn list(violations: &[Violation]) -> Vec<Self> {
        violations.iter().map(|violation| Self { rule: violation.rule, detail: violation.detail.clone() }).collect()
    }
}

/// The checker's verdict on a plan.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub(crate) struct Judgement {
    /// Whether no rule is broken.
    feasible: bool,
    /// The cost in the district's units.
    cost: f64,
    /// The cost by term; the values sum to the cost.
    #[schema(value_type = std::collections::BTreeMap<String, f64>)]
    breakdown: Terms,
    /// Every broken rule; empty if feasible.
    violations: Vec<ViolationView>,
}

impl Judgement {
    pub(crate) fn new(problem: &Problem, judged: &Judged) -> Self {
        let objective = problem.objective();
        Self {
            feasible: judged.is_feasible(),
            cost: objective.reported(judged.cost()),
            breakdown: Terms::new(objective, judged.breakdown()),
            violations: ViolationView::list(judged.violations()),
        }
    }
}
