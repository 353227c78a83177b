//! What something costs in plain figures: the difference between two plans.

use std::collections::BTreeMap;

use kendt_solver::cost::evaluate;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Moment, Problem, Term};
use serde::Serialize;
use utoipa::ToSchema;

/// Minutes by which a start may move without anybody being told.
const TOLERATED_MINUTES: f64 = 15.0;

/// What something costs in plain figures; all are differences to the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Price {
    /// In the district's cost units, minutes of travel: what the wish is worth is not taken off.
    pub(crate) cost: f64,
    /// Minutes on the road.
    pub(crate) travel_minutes: f64,
    /// Minutes after the end of shifts.
    pub(crate) overtime_minutes: f64,
    /// Carers who are new to a citizen.
    pub(crate) new_faces: i64,
    /// Visits left out.
    pub(crate) left_out: i64,
    /// Other citizens' visits with another carer or a start that moves by more than 15 minutes.
    pub(crate) moved: Vec<Moved>,
}

/// A visit of another citizen that something else would move.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Moved {
    /// The visit's id.
    pub(crate) visit: String,
    /// The citizen's id.
    pub(crate) citizen: String,
    /// Minutes by which the start moves, later is positive; `null` where the visit is taken in or left out.
    pub(crate) minutes: Option<f64>,
    /// Whether another carer comes.
    pub(crate) other_carer: bool,
}

/// A plan and its problem.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned<'a> {
    pub(super) problem: &'a Problem,
    pub(super) plan: &'a Plan,
}

impl Planned<'_> {
    /// The cost in reported units.
    pub(super) fn cost(self) -> f64 {
        let objective = self.problem.objective();
        objective.reported(evaluate(self.problem, self.plan).cost(objective))
    }

    /// What some terms cost in reported units.
    pub(super) fn cost_of(self, terms: &[Term]) -> f64 {
        let (objective, breakdown) = (self.problem.objective(), evaluate(self.problem, self.plan));
        terms.iter().map(|&term| objective.reported(breakdown.cost_of(objective, term))).sum()
    }

    /// Who comes when, by the visits' labels, with the citizens'.
    fn places(self) -> BTreeMap<String, (String, Option<(String, Moment)>)> {
        let problem = self.problem;
        let carer = |id: CarerId| problem.carers().get(id).map(|carer| carer.label.clone()).unwrap_or_default();
        let served = self.plan.served(problem);
        let place = |(id, visit): (_, &kendt_solver::problem::Visit)| {
            let at = served.get(id).copied().flatten().and_then(|at| Some((carer(problem.shifts().get(at.shift)?.carer), at.start)));
            let citizen = problem.citizens().get(visit.citizen).map(|citizen| citizen.label.clone()).unwrap_or_default();
            (visit.label.clone(), (citizen, at))
        };
        problem.visits().enumerate().map(place).collect()
    }
}

impl Price {
    /// What the second plan costs more than the first one; the visits of `own`, a citizen, are not among those that move. Problems may differ:
    /// visits are matched by their labels.
    pub(super) fn between(before: Planned<'_>, after: Planned<'_>, own: &str) -> Self {
        let quantity = |of: Planned<'_>, term: Term| evaluate(of.problem, of.plan).quantity(term);
        let difference = |term: Term| quantity(after, term) - quantity(before, term);
        let minutes = |ticks: i64| ticks as f64 / after.problem.clock().ticks_per_minute.max(1) as f64;
        let left_out = |of: Planned<'_>| i64::try_from(of.plan.left_out(of.problem).count()).unwrap_or(i64::MAX);
        Self {
            cost: after.cost() - before.cost(),
            travel_minutes: minutes(difference(Term::Travel)),
            overtime_minutes: minutes(difference(Term::Overtime)),
            new_faces: difference(Term::NewFaces),
            left_out: left_out(after) - left_out(before),
            moved: moved(before, after, own),
        }
    }

    /// In one line.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let Self { travel_minutes, overtime_minutes, new_faces, left_out, moved, .. } = self;
        let n = moved.len();
        if is_danish {
            format!(
                "{travel_minutes:+.0} min kørsel, {overtime_minutes:+.0} min overtid, {new_faces:+} nye ansigter, {left_out:+} udeladte besøg, {n} andre besøg flyttes"
            )
        } else {
            format!(
                "{travel_minutes:+.0} min of travel, {overtime_minutes:+.0} min of overtime, {new_faces:+} new faces, {left_out:+} visits left out, {n} other visits move"
            )
        }
    }
}

/// Other citizens' visits that are not where they were.
fn moved(before: Planned<'_>, after: Planned<'_>, own: &str) -> Vec<Moved> {
    let (clock, places) = (before.problem.clock(), before.places());
    let one = |(visit, (citizen, after)): (String, (String, Option<(String, Moment)>))| {
        let (_, before) = places.get(&visit)?;
        let (minutes, other_carer) = match (before, &after) {
            (None, None) => return None,
            (Some((carer, start)), Some((now, at))) => (Some(clock.minutes(*at - *start)), carer != now),
            _ => (None, true),
        };
        let is_moved = other_carer || minutes.is_none_or(|minutes| minutes.abs() > TOLERATED_MINUTES);
        (is_moved && citizen != own).then_some(Moved { visit, citizen, minutes, other_carer })
    };
    after.places().into_iter().filter_map(one).collect()
}
