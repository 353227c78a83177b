//! The proof of the fewest changes against trying everything.

use std::collections::BTreeMap;

use kendt_solver::plan::{Plan, Task};
use kendt_solver::problem::{Moment, Need, Problem, Term, Ticks, VisitId, Weight, Window};
use kendt_solver::replan::{DisruptionWeights, FewestChanges, Replan, ReplanRequest, replan};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;
use kendt_tests::brute::cheapest;
use kendt_tests::random::random_problem;

fn short(prove: bool) -> SolveOptions {
    SolveOptions { time_limit: None, iterations: Some(300), recombine: false, prove, ..SolveOptions::default() }
}

/// Plans a tiny day and replans it after the carer of its last shift has fallen ill for that shift.
fn replanned(seed: u64) -> Option<Replan> {
    let before = random_problem(seed, 4);
    let published = solve(&before, None, &short(false), &StopToken::default(), &mut |_| ()).plan;
    let served = published.served(&before);
    let weights = DisruptionWeights { carer_changed: 30, time_moved: 30, per_tick: 0, tolerance: Ticks(10) };
    let mut parts = before.to_builder();
    let kept = before.shifts().len() - 1;
    parts.shifts = parts.shifts.iter().take(kept).cloned().collect();
    for (visit, served) in served.enumerate() {
        parts.visits[visit].published = served.map(|served| weights.promise(before.shifts()[served.shift].carer, served.start));
    }
    let problem = parts.build().ok().filter(|problem| !problem.shifts().is_empty())?;
    let request = ReplanRequest { problem: &problem, published: &published, frozen_until: Moment(0), weights, causes: BTreeMap::new() };
    replan(&request, &short(true), &StopToken::default(), &mut |_| ()).ok()
}

/// The fewest changes of all plans that help as much as the answer: the largest set of promises that can be kept.
fn by_trying(problem: &Problem, answer: &Plan) -> usize {
    let promised: Vec<VisitId> = problem.visits().enumerate().filter(|(_, visit)| visit.published.is_some()).map(|(id, _)| id).collect();
    let mut sets: Vec<usize> = (0..1 << promised.len()).collect();
    sets.sort_by_key(|set| std::cmp::Reverse(set.count_ones()));
    for set in sets {
        let kept: Vec<VisitId> = promised.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, &visit)| visit).collect();
        if keeping(problem, answer, &kept).is_some_and(|problem| cheapest(&problem).is_some()) {
            return promised.len() - kept.len();
        }
    }
    unreachable!("the answer itself keeps what it keeps")
}

/// The day as a question of feasibility: these promises are kept, and all are helped as the answer helps them.
fn keeping(problem: &Problem, answer: &Plan, kept: &[VisitId]) -> Option<Problem> {
    let served = answer.served(problem);
    let mut parts = problem.to_builder();
    let is_timed = |term| [Term::Waiting, Term::Early, Term::Late, Term::GreatestIdle, Term::GreatestLateness, Term::Disruption].contains(&term);
    for term in Term::ALL {
        let is_asked = [Term::Lateness, Term::Unserved, Term::Overtime, Term::MissedBreak].contains(&term);
        if is_asked || is_timed(term) || !problem.objective().is_hard(term) {
            parts.objective = parts.objective.with(term, if is_asked { Weight::Hard } else { Weight::Soft(0) });
        }
    }
    for visit in problem.visits().ids() {
        let facts = &mut parts.visits[visit];
        // A replan leaves contents as they were.
        facts.content.instead_of = None;
        let close = facts.windows[facts.windows.len() - 1].close;
        let mut span = Window { open: facts.windows[0].open, close: served[visit].map_or(close, |now| now.start.max(close)) };
        facts.need = if served[visit].is_some() { Need::Required } else { Need::Optional };
        if let Some(promise) = facts.published.filter(|_| kept.contains(&visit)) {
            span = Window { open: span.open.max(promise.start - promise.tolerance), close: span.close.min(promise.start + promise.tolerance) };
            let may_come = facts.allowed.as_ref().is_none_or(|allowed| allowed.contains(&promise.carer));
            facts.allowed = Some(may_come.then_some(promise.carer).into_iter().collect());
            facts.need = Need::Required;
        }
        facts.windows = (span.open <= span.close).then(|| vec![span])?;
    }
    for shift in problem.shifts().ids() {
        let route = &answer.routes[shift];
        let facts = &mut parts.shifts[shift];
        facts.end = facts.end.max(route.back);
        facts.pause = facts.pause.filter(|_| route.tasks().any(|task| task == Task::Break));
    }
    parts.build().ok()
}

#[test]
fn no_plan_changes_fewer_visits_than_is_proved() {
    let (mut closed, mut counted) = (0, 0);
    for seed in 0..160 {
        let Some(replan) = replanned(seed) else { continue };
        let Some(FewestChanges { found, proved_at_least }) = replan.fewest_changes else { continue };
        let fewest = by_trying(&replan.problem, &replan.outcome.plan);
        assert!(proved_at_least <= fewest, "seed {seed}: {proved_at_least} proved, {fewest} would do");
        assert!(found >= fewest, "seed {seed}: {found} found, but no plan has fewer than {fewest}");
        counted += usize::from(found > 0);
        closed += usize::from(found > 0 && found == proved_at_least);
    }
    assert!(counted > 20 && closed > counted / 2, "{closed} of {counted} are proved");
}
