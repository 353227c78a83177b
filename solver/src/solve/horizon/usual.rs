//! Usual times: the median time of day of each course in a plan, as the wish of each of its visits that has no other wish.

use std::collections::BTreeMap;

use crate::cost::time_of_day;
use crate::plan::{Plan, Task};
use crate::problem::{CitizenId, CourseId, Moment, Objective, Preference, Problem, ProblemBuilder, Term, Visit, Weight};

/// Medians in ticks since midnight, and what a tick away from them costs.
#[derive(Clone, Debug)]
pub(super) struct Usual {
    medians: BTreeMap<(CitizenId, CourseId), i64>,
    price: i64,
}

impl Usual {
    /// No course has a usual time yet.
    pub(super) fn none() -> Self {
        Self { medians: BTreeMap::new(), price: 0 }
    }

    /// The usual times of a plan. None where they cost nothing, or where early and late are rules and no prices.
    pub(super) fn of(problem: &Problem, plan: &Plan) -> Self {
        let objective = problem.objective();
        let price = objective.soft(Term::Irregularity);
        if price == 0 || [Term::Early, Term::Late].into_iter().any(|term| objective.is_hard(term)) {
            return Self::none();
        }
        let mut times: BTreeMap<(CitizenId, CourseId), Vec<i64>> = BTreeMap::new();
        for stop in plan.routes.iter().flat_map(|route| &route.stops) {
            let Task::Visit(visit) = stop.task else { continue };
            let visit = &problem.visits()[visit];
            if let Some(course) = visit.course {
                times.entry((visit.citizen, course)).or_default().push(time_of_day(problem, visit, stop.start));
            }
        }
        let median = |mut times: Vec<i64>| {
            times.sort_unstable();
            times[(times.len() - 1) / 2]
        };
        Self { medians: times.into_iter().map(|(course, times)| (course, median(times))).collect(), price }
    }

    /// Gives a visit of a citizen its course's usual time as its wish, where it has no other and is bound to one day.
    pub(super) fn wish(&self, problem: &Problem, visit: &mut Visit, citizen: CitizenId) {
        let day = 1440 * problem.clock().ticks_per_minute;
        let midnight = |at: Moment| at.0.div_euclid(day) * day;
        let (Some(first), Some(last)) = (visit.windows.first(), visit.windows.last()) else { return };
        let median = visit.course.and_then(|course| self.medians.get(&(citizen, course)));
        if let Some(&median) = median.filter(|_| visit.preference.is_none() && midnight(first.open) == midnight(last.open)) {
            let at = Moment((midnight(first.open) + median).max(0));
            visit.preference = Some(Preference { from: at, until: at, early: self.price, late: self.price });
        }
    }

    /// The objective in which wishes carry all of their prices themselves.
    pub(super) fn reweigh(&self, objective: Objective, parts: &mut ProblemBuilder) -> Objective {
        if self.price == 0 {
            return objective;
        }
        let (early, late) = (objective.soft(Term::Early), objective.soft(Term::Late));
        for wish in parts.visits.iter_mut().filter_map(|visit| visit.preference.as_mut()) {
            wish.early = wish.early.saturating_mul(early).min(Weight::LARGEST);
            wish.late = wish.late.saturating_mul(late).min(Weight::LARGEST);
        }
        objective.with(Term::Early, Weight::Soft(1)).with(Term::Late, Weight::Soft(1))
    }
}
