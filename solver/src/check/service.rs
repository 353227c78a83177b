//! Whether every visit is served once, by a carer who may come, or openly left out.

use super::{Findings, walk};
use crate::plan::{Plan, Task};
use crate::problem::{Need, Problem, Term, VisitId};

pub(super) fn judge(problem: &Problem, plan: &Plan, findings: &mut Findings) {
    if plan.routes.len() != problem.shifts().len() {
        findings.add("route_count", format!("the plan has {} routes for {} shifts", plan.routes.len(), problem.shifts().len()));
    }
    unknown(problem, plan, findings);
    once(problem, plan, findings);
    allowed(problem, plan, findings);
    if let Some(pair) = plan.unserved.windows(2).find(|pair| pair[0] >= pair[1]) {
        findings.add("unserved_order", format!("visit number {} is listed before number {}", pair[0].idx(), pair[1].idx()));
    }
}

/// How often each visit is served, whoever comes.
pub(super) fn times_served(problem: &Problem, plan: &Plan) -> Vec<usize> {
    let mut times = vec![0; problem.visits().len()];
    for (_, visit, _, _) in walk::services(problem, plan) {
        times[visit.idx()] += 1;
    }
    times
}

fn unknown(problem: &Problem, plan: &Plan, findings: &mut Findings) {
    let in_routes = plan.routes.iter().flat_map(|route| &route.stops).filter_map(|stop| match stop.task {
        Task::Visit(visit) => Some(visit),
        Task::Break => None,
    });
    let known = problem.visits().len();
    for visit in in_routes.chain(plan.unserved.iter().copied()).filter(|visit| visit.idx() >= known) {
        findings.add("unknown_visit", format!("visit number {} does not exist, there are {known}", visit.idx()));
    }
}

fn once(problem: &Problem, plan: &Plan, findings: &mut Findings) {
    let mut listed = vec![false; problem.visits().len()];
    for visit in &plan.unserved {
        if let Some(flag) = listed.get_mut(visit.idx()) {
            *flag = true;
        }
    }
    let times = times_served(problem, plan);
    for (id, visit) in problem.visits().enumerate() {
        let (times, listed) = (times[id.idx()], listed[id.idx()]);
        if times > 1 {
            findings.add("served_twice", format!("visit {} is served {times} times", visit.label));
        }
        if times > 0 && listed {
            findings.add("served_and_unserved", format!("visit {} is served and listed as unserved", visit.label));
        }
        if times == 0 && !listed {
            findings.add("unaccounted_visit", format!("visit {} is neither served nor listed as unserved", visit.label));
        }
    }
    for (id, times) in times_given(problem, &times).into_iter().enumerate() {
        let visit = &problem.visits()[VisitId::new(id)];
        match times {
            Some(0) if must_be_served(problem, VisitId::new(id)) => {
                findings.add("unserved", format!("visit {} is required and left out", visit.label));
            }
            Some(2..) if problem.has_alternatives(VisitId::new(id)) => {
                findings.add(
                    "given_with_alternative",
                    format!("visit {} and what is asked for instead of it are given {} times", visit.label, times.unwrap_or(0)),
                );
            }
            _ => {}
        }
    }
}

/// How often each visit is given in one way or another; `None` where it is instead of another.
pub(super) fn times_given(problem: &Problem, times_served: &[usize]) -> Vec<Option<usize>> {
    let mut given: Vec<Option<usize>> =
        problem.visits().iter().zip(times_served).map(|(visit, &times)| visit.content.instead_of.is_none().then_some(times)).collect();
    for (visit, &times) in problem.visits().iter().zip(times_served) {
        if let Some(granted) = visit.content.instead_of.and_then(|granted| given[granted.idx()].as_mut()) {
            *granted += times;
        }
    }
    given
}

/// Whether leaving the visit out is forbidden, not priced.
pub(super) fn must_be_served(problem: &Problem, visit: VisitId) -> bool {
    problem.visits()[visit].need == Need::Required && problem.objective().is_hard(Term::Unserved)
}

fn allowed(problem: &Problem, plan: &Plan, findings: &mut Findings) {
    for (shift, _, visit, _) in walk::services(problem, plan) {
        let carer = problem.shifts()[shift].carer;
        if visit.allowed.as_ref().is_some_and(|allowed| !allowed.contains(&carer)) {
            findings.add("not_allowed", format!("visit {} is served by {}, who is not allowed", visit.label, problem.carers()[carer].label));
        }
    }
}
