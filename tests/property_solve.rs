//! What holds for every solved problem: its plan is sound, its price is right, and no proof contradicts brute force.

use kendt_solver::check::{RULES, check};
use kendt_solver::cost::evaluate;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, Term};
use kendt_solver::solve::{Outcome, Proof, SolveOptions, solve};
use kendt_solver::stop::StopToken;
use kendt_tests::brute::{cheapest, earliest_is_best};
use kendt_tests::random::random_problem;
use proptest::prelude::*;

use crate::property::cases;

/// Search only, audited: every applied move is recomputed from scratch.
fn short_search() -> SolveOptions {
    SolveOptions { time_limit: None, iterations: Some(300), recombine: false, prove: false, audit: true, ..SolveOptions::default() }
}

/// Search, route pool and proof.
fn everything() -> SolveOptions {
    SolveOptions { recombine: true, prove: true, ..short_search() }
}

/// Solves, and asserts whatever the problem: outcome, evaluator and checker tell the same story; only terms of the objective are
/// violated, since all other rules can be kept by leaving visits out; doing nothing is not better; the bound is not above the cost.
fn solved_plan_is_clean(problem: &Problem, options: &SolveOptions) -> Outcome {
    let outcome = solve(problem, None, options, &StopToken::default(), &mut |_| ());
    let verdict = check(problem, &outcome.plan);
    assert_eq!(outcome.feasible, verdict.is_feasible(), "{:?}", verdict.violations);
    let terms = RULES.len() - Term::ALL.len();
    for violation in &verdict.violations {
        assert!(RULES[terms..].iter().any(|(rule, _)| *rule == violation.rule), "{violation:?}");
    }
    assert_eq!(outcome.breakdown, evaluate(problem, &outcome.plan));
    assert_eq!(outcome.cost, outcome.breakdown.cost(problem.objective()));
    assert_eq!(outcome.cost, verdict.cost);
    let nothing = check(problem, &Plan::empty(problem));
    if nothing.is_feasible() {
        assert!(outcome.feasible, "the empty plan is feasible");
        assert!(outcome.cost <= nothing.cost, "the empty plan costs {:?}, less than {:?}", nothing.cost, outcome.cost);
    }
    if outcome.feasible {
        assert!(outcome.dual_bound.is_none_or(|bound| bound <= outcome.cost), "the bound {:?} is above {:?}", outcome.dual_bound, outcome.cost);
    }
    outcome
}

proptest! {
    #![proptest_config(cases(9000))]

    #[test]
    fn a_searched_plan_is_clean(seed: u64, n_visits in 0usize..=7) {
        solved_plan_is_clean(&random_problem(seed, n_visits), &SolveOptions { seed, ..short_search() });
    }
}

proptest! {
    #![proptest_config(cases(700))]

    #[test]
    fn a_solved_plan_is_clean(seed: u64, n_visits in 0usize..=5) {
        solved_plan_is_clean(&random_problem(seed, n_visits), &SolveOptions { seed, ..everything() });
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn bounds_and_proofs_hold_against_brute_force(seed: u64, n_visits in 0usize..=3) {
        let problem = random_problem(seed, n_visits);
        let outcome = solved_plan_is_clean(&problem, &everything());
        let optimum = cheapest(&problem).map(|(cost, _)| cost);
        if let (Some(bound), Some(optimum)) = (outcome.dual_bound, optimum) {
            prop_assert!(bound <= optimum, "the bound {bound:?} is above a feasible plan of {optimum:?}");
        }
        if let (Proof::Optimal, true, Some(optimum)) = (outcome.proof, outcome.feasible, optimum) {
            prop_assert!(outcome.cost <= optimum, "{:?} is proved optimal, {optimum:?} is feasible", outcome.cost);
        }
        if earliest_is_best(&problem) && outcome.feasible {
            let optimum = optimum.expect("a feasible plan stays feasible at its earliest times");
            prop_assert!(outcome.cost >= optimum, "{:?} is cheaper than the optimum {optimum:?}", outcome.cost);
        }
    }
}

/// A search that broke a break's rule where no plan could keep all rules.
#[test]
fn a_seed_with_a_late_break_is_clean() {
    let seed = 15_075_259_631_658_121_735;
    for n_visits in 0..=7 {
        for (search_seed, options) in [(seed, short_search()), (1, short_search()), (seed, everything()), (1, everything())] {
            solved_plan_is_clean(&random_problem(seed, n_visits), &SolveOptions { seed: search_seed, ..options });
        }
    }
}
