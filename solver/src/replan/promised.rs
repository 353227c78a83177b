//! The day as it is answered for: promises on all published visits, pins on the frozen ones.

use super::standing::{Hold, Standing};
use super::{ReplanRequest, is_free};
use crate::plan::{Plan, Task};
use crate::problem::{BreakRule, Moment, Problem, ProblemBuilder, ProblemError, ShiftId, Term, Weight, Window};

/// The request's problem with promises and pins.
///
/// Windows of visits that are not frozen stay as they are, so that lateness is counted from what was promised, freeze or not.
pub(super) fn problem(request: &ReplanRequest<'_>, published: &Plan, standing: &Standing, until: Moment) -> Result<Problem, ProblemError> {
    let mut parts = request.problem.to_builder();
    if is_free(request.problem) {
        parts.objective = parts.objective.with(Term::Disruption, Weight::Soft(1));
    }
    for (visit, served) in published.served(request.problem).enumerate() {
        // Visits that are not in the plan keep the promise they came with: a carer may be gone while the time still counts.
        if let Some(served) = served {
            let carer = request.problem.shifts()[served.shift].carer;
            parts.visits[visit].published = Some(request.weights.promise(carer, served.start));
        }
    }
    for (visit, &hold) in standing.holds.enumerate() {
        let visit = &mut parts.visits[visit];
        match hold {
            Hold::Free => {}
            Hold::Carer(carer, _) => visit.allowed = Some(vec![carer]),
            Hold::Frozen(carer, start) => {
                visit.allowed = Some(vec![carer]);
                visit.windows = vec![Window { open: start, close: start }];
            }
        }
    }
    for id in request.problem.shifts().ids() {
        shift(&mut parts, request.problem, id, standing, until);
    }
    parts.build()
}

/// Nobody goes back in time: what a shift had not begun by `until` begins from there on.
fn shift(parts: &mut ProblemBuilder, before: &Problem, id: ShiftId, standing: &Standing, until: Moment) {
    let shift = &mut parts.shifts[id];
    let begun = &standing.stops[id];
    if begun.is_empty() {
        // A carer who was to leave before the freeze may still leave then, whoever is visited first.
        let leaves = standing.departures[id].unwrap_or(until).min(until);
        shift.start = shift.start.max(leaves.min(shift.end));
    }
    let Some(rule) = &mut shift.pause else { return };
    match begun.iter().position(|stop| stop.task == Task::Break) {
        None if shift.end > until => *rule = from(*rule, until),
        // Where the break is follows from the visit after it, which may change: a longer ride there lets it begin later.
        Some(at) if at + 1 == begun.len() => {
            let longest = before.travel().longest(before.mode(id));
            rule.latest_begin = rule.latest_begin.max(begun[at].start + longest);
        }
        _ => {}
    }
}

/// The rule of a break that has not begun by `until`. One that is overdue may still be taken at once.
fn from(rule: BreakRule, until: Moment) -> BreakRule {
    BreakRule { open: rule.open.max(until), latest_begin: rule.latest_begin.max(until), ..rule }
}
