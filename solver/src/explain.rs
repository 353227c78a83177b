//! Why a plan is as it is: what keeps somebody from coming, and what it would cost to have it otherwise.
//!
//! Answers are found by forcing what is asked about and planning again near the plan ([`crate::solve::near`]); nothing here changes a plan.

mod conflict;

pub use conflict::{Conflict, conflict};

use crate::cost::{Breakdown, evaluate, lateness};
use crate::plan::{Plan, Task};
use crate::problem::{CarerId, Cost, Need, Problem, ProblemBuilder, ProblemError, ShiftId, Term, VisitId, Weight};
use crate::replan::DisruptionWeights;
use crate::solve::{SolveOptions, near};
use crate::stop::StopToken;

/// What keeps carers from a visit, whatever the day looks like, and how many it leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Who may not come: not among those allowed, or excluded where that is a rule.
    pub not_allowed: Vec<CarerId>,
    /// Who lacks skills, where they are a rule, though allowed to come.
    pub unskilled: Vec<CarerId>,
    /// Who is allowed and skilled but has no shift in any window of the visit.
    pub off_duty: Vec<CarerId>,
    /// Who could come if nothing else were to be done.
    pub able: Vec<CarerId>,
}

impl Blocks {
    /// What stands between a visit and each carer; each carer is in one list.
    #[must_use]
    pub fn of(problem: &Problem, visit: VisitId) -> Self {
        let (facts, objective) = (&problem.visits()[visit], problem.objective());
        let mut blocks = Self::default();
        for (id, carer) in problem.carers().enumerate() {
            let is_allowed = facts.allowed.as_ref().is_none_or(|allowed| allowed.contains(&id));
            let is_excluded = objective.is_hard(Term::Exclusion) && facts.excluded.contains(&id);
            let is_unskilled = objective.is_hard(Term::Qualification) && !facts.skills.is_subset(carer.skills);
            let list = if !is_allowed || is_excluded {
                &mut blocks.not_allowed
            } else if is_unskilled {
                &mut blocks.unskilled
            } else if on_duty(problem, visit, id).is_none() {
                &mut blocks.off_duty
            } else {
                &mut blocks.able
            };
            list.push(id);
        }
        blocks
    }
}

/// A shift of the carer that a window of the visit meets.
fn on_duty(problem: &Problem, visit: VisitId, carer: CarerId) -> Option<ShiftId> {
    let windows = &problem.visits()[visit].windows;
    let meets = |shift: &ShiftId| {
        let facts = &problem.shifts()[*shift];
        facts.carer == carer && windows.iter().any(|window| window.open <= facts.end && window.close >= facts.start)
    };
    problem.able_shifts(visit).iter().copied().find(meets)
}

/// What forcing something comes to.
#[derive(Clone, Debug)]
pub struct Forced {
    /// The cheapest plan found with it, as a plan of the problem asked about.
    pub plan: Plan,
    /// What that plan costs there.
    pub breakdown: Breakdown,
    /// The same in one figure.
    pub cost: Cost,
    /// Whether what was to be given is given, and no later than its windows close.
    pub is_given: bool,
}

/// How something is forced.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forcing<'a> {
    /// The only carers who may come to the first of the visits; anybody who may where `None`.
    pub carers: Option<&'a [CarerId]>,
    /// What it costs that other visits move, for a plan that people know already; nothing where `None`.
    pub disruption: Option<DisruptionWeights>,
}

/// The cheapest plan found near this one in which these visits, and nothing that is asked for instead of them or they of, are given. Time and
/// moves are those of the options. What disruption costs guides the search and is not in the answer.
///
/// # Errors
/// The faults, if the carers are unknown or the prices too large.
///
/// # Panics
/// When visits or plan are not of the problem.
pub fn force(
    problem: &Problem,
    plan: &Plan,
    visits: &[VisitId],
    how: Forcing<'_>,
    options: &SolveOptions,
    stop: &StopToken,
) -> Result<Forced, ProblemError> {
    let mut parts = problem.to_builder();
    insist(problem, visits, &mut parts);
    for &visit in visits {
        for other in problem.alternatives(visit).filter(|&other| other != visit) {
            parts.visits[other].allowed = Some(Vec::new());
        }
        if let Some(carers) = how.carers.filter(|_| Some(&visit) == visits.first()) {
            let allowed = parts.visits[visit].allowed.take();
            let may_come = |carer: &CarerId| allowed.as_ref().is_none_or(|allowed| allowed.contains(carer));
            parts.visits[visit].allowed = Some(carers.iter().copied().filter(may_come).collect());
        }
    }
    if let Some(weights) = how.disruption {
        if parts.objective.weight(Term::Disruption) == Weight::Soft(0) {
            parts.objective = parts.objective.with(Term::Disruption, Weight::Soft(1));
        }
        for (visit, served) in plan.served(problem).enumerate() {
            let promise = served.map(|served| weights.promise(problem.shifts()[served.shift].carer, served.start));
            parts.visits[visit].published = promise.filter(|_| !visits.contains(&visit));
        }
    }
    let forced = parts.build()?;
    let plan = near(&forced, &without(&forced, plan), visits, options, stop).plan;
    let (breakdown, served) = (evaluate(problem, &plan), plan.served(problem));
    // Hours after its windows is not what was asked about.
    let is_in_time = |visit: VisitId| served[visit].is_some_and(|served| lateness(&problem.visits()[visit], served.start) == 0);
    let is_given = visits.iter().all(|&visit| is_in_time(visit));
    Ok(Forced { cost: breakdown.cost(problem.objective()), is_given, breakdown, plan })
}

/// What leaving out what is forced costs, in dearest visits.
const INSISTENCE: i64 = 20;

/// Makes leaving these visits out dearer than anything that could be left out instead; their alternatives and whatever they are linked with
/// go with them.
fn insist(problem: &Problem, visits: &[VisitId], parts: &mut ProblemBuilder) {
    let dearest = problem.visits().iter().map(|visit| visit.unserved_cost).max().unwrap_or(0).max(1);
    let is_hard = problem.objective().is_hard(Term::Unserved);
    let linked = visits.iter().flat_map(|&visit| problem.cluster_of(visit).members.iter().copied());
    for id in linked.chain(visits.iter().copied()).flat_map(|visit| problem.alternatives(visit)) {
        parts.visits[id].unserved_cost = dearest.saturating_mul(INSISTENCE);
        if is_hard {
            parts.visits[id].need = Need::Required;
        }
    }
}

/// The plan without stops that its problem does not allow any more.
fn without(problem: &Problem, plan: &Plan) -> Plan {
    let mut left = plan.clone();
    for (shift, route) in plan.routes.enumerate() {
        let is_able = |task: Task| match task {
            Task::Visit(visit) => problem.able_shifts(visit).contains(&shift),
            Task::Break => true,
        };
        left.routes[shift].stops = route.stops.iter().filter(|stop| is_able(stop.task)).copied().collect();
    }
    left.fitted(problem)
}
