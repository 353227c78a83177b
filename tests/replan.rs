//! What holds for every replan: nothing frozen moves, nothing changes without a reason, and a sound plan stays one.

use std::collections::BTreeMap;

use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::problem::{Moment, Problem, Ticks};
use kendt_solver::replan::{DisruptionWeights, ReplanRequest, replan};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;
use kendt_tests::draw::Draw;
use kendt_tests::random::random_problem;
use proptest::prelude::*;

use crate::property::cases;

fn short(iterations: u64) -> SolveOptions {
    SolveOptions { time_limit: None, iterations: Some(iterations), recombine: false, prove: false, audit: true, ..SolveOptions::default() }
}

/// Replans a day on which nothing happened, from a moment in the middle of it.
fn replanned(problem: &Problem, seed: u64) {
    let draw = &mut Draw::new(seed);
    let published = solve(problem, None, &short(100), &StopToken::default(), &mut |_| ()).plan;
    let frozen_until = Moment(draw.between(0, 300));
    let (carer_changed, time_moved) = (draw.between(0, 50), draw.between(0, 30));
    let weights = DisruptionWeights { carer_changed, time_moved, per_tick: draw.between(0, 3), tolerance: Ticks(draw.between(0, 10)) };
    let request = ReplanRequest { problem, published: &published, frozen_until, weights, causes: BTreeMap::new() };
    let replan = replan(&request, &short(200), &StopToken::default(), &mut |_| ()).expect("the prices are small");
    let (before, after) = (published.served(problem), replan.outcome.plan.served(problem));
    for (visit, before) in before.enumerate() {
        let after = after[visit].map(|after| (after.shift, after.start));
        match before.filter(|before| before.start < frozen_until) {
            Some(before) => assert_eq!(after, Some((before.shift, before.start)), "visit {} is frozen", visit.idx()),
            None => assert!(after.is_none_or(|(_, start)| start >= frozen_until), "visit {} starts in the past", visit.idx()),
        }
    }
    for change in &replan.changes {
        assert!(!change.reason.is_empty());
        assert!(change.after.is_none_or(|(_, start)| start >= frozen_until), "{change:?} is frozen");
    }
    let (verdict, nothing) = (check(&replan.problem, &replan.outcome.plan), check(&replan.problem, &published));
    assert!(verdict.is_feasible() || !nothing.is_feasible(), "{:?}", verdict.violations);
    assert_eq!(replan.outcome.feasible, verdict.is_feasible());
    assert_eq!(replan.outcome.breakdown, evaluate(&replan.problem, &replan.outcome.plan));
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn nothing_frozen_moves(seed: u64, n_visits in 0usize..=7) {
        replanned(&random_problem(seed, n_visits), seed);
    }
}

/// An optional visit whose window has closed is linked with a required one, and that one with a third that has begun: none may be left out.
#[test]
fn what_is_linked_with_a_visit_that_has_begun_is_not_hopeless() {
    let seed = 16_587_726_161_721_212_472;
    replanned(&random_problem(seed, 6), seed);
}
