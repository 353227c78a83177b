//! Which other visits stand in the way of one, as few as can be: a proof that not all of them can be given in time.
//!
//! The proof is a bound: of these visits alone, each of which costs 1 to leave out and everything else nothing, at least one is left out. Visits
//! are then taken away one by one as long as the rest still conflicts (deletion filtering: Chinneck and Dravnieks 1991,
//! doi:10.1287/ijoc.3.2.157), so that no visit of those left can be missed.

use std::time::Duration;

use crate::plan::Plan;
use crate::problem::{CarerId, Content, Link, Need, Objective, Problem, Shift, ShiftId, Slack, Term, Visit, VisitId, Weight};
use crate::solve::{SolveOptions, solve};
use crate::stop::StopToken;

/// Visits that cannot all be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Those beside the one asked about, ascending. Without any one of them the rest could be given, as far as was found.
    pub visits: Vec<VisitId>,
    /// Who could come to any of all these, ascending.
    pub carers: Vec<CarerId>,
}

/// Others that are looked at, the likeliest first: so many, then more while no conflict is proved.
const SIZES: [usize; 4] = [3, 7, 12, 18];
/// Moves and time of one look.
const MOVES: u64 = 4_000;
const LOOK: Duration = Duration::from_secs(1);

/// Required visits of the plan that cannot all be given in time together with this one, whatever the plan and however much it costs; `None` where none was
/// proved among those nearby. Breaks and capacities are left out: they would only make it harder. Takes up to a few seconds.
///
/// # Panics
/// When visit or plan are not of the problem.
#[must_use]
pub fn conflict(problem: &Problem, plan: &Plan, visit: VisitId, stop: &StopToken) -> Option<Conflict> {
    let others = likely(problem, plan, visit);
    let all = |others: &[VisitId]| problem.cluster_of(visit).members.iter().chain(others).copied().collect::<Vec<VisitId>>();
    let conflicts = |others: &[VisitId]| !stop.is_stopped() && is_conflict(problem, &all(others), stop);
    let sizes = SIZES.into_iter().map(|size| size.min(others.len()));
    let enough = std::iter::once(0).chain(sizes).find(|&size| conflicts(&others[..size]))?;
    let mut visits = others[..enough].to_vec();
    // The least likely first.
    for at in (0..visits.len()).rev() {
        let mut rest = visits.clone();
        let _ = rest.remove(at);
        if conflicts(&rest) {
            visits = rest;
        }
    }
    let mut carers: Vec<CarerId> =
        all(&visits).iter().flat_map(|&one| problem.able_shifts(one)).map(|&shift| problem.shifts()[shift].carer).collect();
    carers.sort_unstable();
    carers.dedup();
    visits.sort_unstable();
    Some(Conflict { visits, carers })
}

/// Required visits that the plan gives by carers who could come to this one, those of few carers and near in time first.
fn likely(problem: &Problem, plan: &Plan, visit: VisitId) -> Vec<VisitId> {
    let able = |one: VisitId| problem.able_shifts(one);
    let middle = |one: VisitId| {
        problem.visits()[one].windows.first().zip(problem.visits()[one].windows.last()).map_or(0, |(first, last)| first.open.0.midpoint(last.close.0))
    };
    let own = &problem.cluster_of(visit).members;
    let served = plan.served(problem);
    let is_meant = |&one: &VisitId| {
        problem.visits()[one].need == Need::Required
            && !own.contains(&one)
            && served[one].is_some_and(|at| able(visit).contains(&at.shift))
            && problem.granted(one) == one
    };
    let mut others: Vec<VisitId> = problem.visits().ids().filter(is_meant).collect();
    others.sort_by_key(|&one| (able(one).len(), (middle(one) - middle(visit)).abs(), one));
    // Linked visits go together.
    let mut whole: Vec<VisitId> = Vec::new();
    for one in others {
        for &member in &problem.cluster_of(one).members {
            if !whole.contains(&member) {
                whole.push(member);
            }
        }
    }
    whole
}

/// Whether it is proved that not all of these visits can be given in time.
fn is_conflict(problem: &Problem, visits: &[VisitId], stop: &StopToken) -> bool {
    let Some(alone) = alone(problem, visits) else { return false };
    let options = SolveOptions { iterations: Some(MOVES), time_limit: Some(LOOK), recombine: false, ..SolveOptions::default() };
    solve(&alone, None, &options, stop, &mut |_| {}).dual_bound.is_some_and(|bound| bound.0 > 0)
}

/// These visits alone, each of which costs 1 to leave out. What is a rule stays one, but for breaks, capacities and what
/// looks across routes, and starting late becomes one; what has a price is free.
fn alone(problem: &Problem, visits: &[VisitId]) -> Option<Problem> {
    let mut parts = problem.to_builder();
    let as_they_are = [Term::Exclusion, Term::Qualification, Term::CarerCost, Term::NewFaces, Term::ShiftUse, Term::Overtime];
    let rules = as_they_are.into_iter().filter(|&term| problem.objective().is_hard(term)).chain([Term::Lateness]);
    let free = Objective::new(1).with(Term::Exclusion, Weight::Soft(0)).with(Term::Qualification, Weight::Soft(0));
    parts.objective = rules.fold(free.with(Term::Unserved, Weight::Soft(1)), |objective, term| objective.with(term, Weight::Hard));
    let able = |shift: &ShiftId| visits.iter().any(|&visit| problem.able_shifts(visit).contains(shift));
    let bare = |(_, shift): (ShiftId, &Shift)| Shift { pause: None, capacity: None, slack: Slack::default(), hours: None, ..shift.clone() };
    parts.shifts = problem.shifts().enumerate().filter(|(id, _)| able(id)).map(bare).collect();
    let own = |visit: VisitId| visits.iter().position(|&one| one == visit).map(VisitId::new);
    parts.visits = visits
        .iter()
        .map(|&visit| Visit {
            published: None,
            preference: None,
            content: Content::default(),
            need: Need::Required,
            unserved_cost: 1,
            ..problem.visits()[visit].clone()
        })
        .collect();
    parts.links = problem.links().iter().filter_map(|link| Some(Link { first: own(link.first)?, second: own(link.second)?, ..*link })).collect();
    parts.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{Moment, Ticks};

    /// Five visits of ten ticks in a row, a tick apart, and so many carers from 0 to 100.
    fn row(n_carers: usize, close: [i64; 5]) -> Problem {
        line_with(5, n_carers, |parts| {
            for shift in parts.shifts.iter_mut() {
                (shift.start, shift.end) = (Moment(0), Moment(100));
            }
            for (visit, close) in parts.visits.iter_mut().zip(close) {
                visit.duration = Ticks(10);
                visit.windows[0].close = Moment(close);
            }
        })
    }

    fn without(problem: &Problem, visit: usize) -> Plan {
        let mut plan = solve(
            problem,
            None,
            &SolveOptions { iterations: Some(2_000), time_limit: None, ..SolveOptions::default() },
            &StopToken::default(),
            &mut |_| {},
        )
        .plan;
        for route in plan.routes.iter_mut() {
            route.stops.retain(|stop| stop.task != crate::plan::Task::Visit(VisitId::new(visit)));
        }
        plan.fitted(problem)
    }

    #[test]
    fn two_that_start_at_once_stand_in_the_way_of_a_third() {
        // Two carers; visits 0, 1 and 2 must start by 8, and each takes 10. Visits 3 and 4 can wait.
        let problem = row(2, [8, 8, 8, 90, 90]);
        let found = conflict(&problem, &without(&problem, 2), VisitId::new(2), &StopToken::default()).unwrap();
        assert_eq!(found.visits, [VisitId::new(0), VisitId::new(1)]);
        assert_eq!(found.carers.len(), 2);
        // With a third carer nothing conflicts.
        let problem = row(3, [8, 8, 8, 90, 90]);
        assert_eq!(conflict(&problem, &without(&problem, 2), VisitId::new(2), &StopToken::default()), None);
    }

    #[test]
    fn what_overtime_makes_possible_is_no_conflict_where_overtime_has_a_price() {
        // The last visit begins at 98 and ends at 108; shifts end at 100.
        let late = |overtime| {
            let mut parts = row(1, [90; 5]).to_builder();
            let facts = &mut parts.visits[VisitId::new(4)];
            facts.windows[0] = crate::problem::Window { open: Moment(98), close: Moment(98) };
            parts.objective = parts.objective.with(Term::Overtime, overtime);
            parts.build().unwrap()
        };
        let found = |problem: &Problem| conflict(problem, &without(problem, 4), VisitId::new(4), &StopToken::default());
        assert_eq!(found(&late(Weight::Soft(1))), None);
        assert!(found(&late(Weight::Hard)).is_some_and(|found| found.visits.is_empty()));
    }

    #[test]
    fn a_visit_that_nobody_can_reach_in_time_conflicts_with_no_other() {
        // The last home is five ticks away and the visit is to begin by three.
        let problem = row(2, [90, 90, 90, 90, 3]);
        let found = conflict(&problem, &without(&problem, 4), VisitId::new(4), &StopToken::default()).unwrap();
        assert!(found.visits.is_empty(), "{found:?}");
    }
}
