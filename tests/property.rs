//! What holds for the checker and the evaluator on any problem and any plan.

use kendt_solver::check::{RULES, check};
use kendt_solver::cost::evaluate;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, Term};
use kendt_tests::corrupt::{corrupt, move_one_time};
use kendt_tests::draw::Draw;
use kendt_tests::random::{random_plan, random_problem};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// This many cases, the same in every run.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

/// Rules that the clock of a plan keeps whatever its routes, if it is timed without mistakes.
fn is_about_the_clock(rule: &str) -> bool {
    let is_term = Term::ALL.iter().any(|term| term.name() == rule);
    !is_term && !["not_allowed", "break_begin", "link_half_served", "link_same_carer", "given_with_alternative"].contains(&rule)
}

fn assert_same_cost(problem: &Problem, plan: &Plan) {
    assert_eq!(check(problem, plan).cost, evaluate(problem, plan).cost(problem.objective()));
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn checker_and_evaluator_agree_on_the_cost(seed: u64, n_visits in 0usize..=7) {
        let problem = random_problem(seed, n_visits);
        assert_same_cost(&problem, &Plan::empty(&problem));
        assert_same_cost(&problem, &random_plan(&problem, &mut Draw::new(seed)));
    }

    #[test]
    fn earliest_schedules_have_a_sound_clock(seed: u64, n_visits in 0usize..=7) {
        let problem = random_problem(seed, n_visits);
        let violations = check(&problem, &random_plan(&problem, &mut Draw::new(seed))).violations;
        let unsound = violations.iter().find(|violation| is_about_the_clock(violation.rule));
        prop_assert!(unsound.is_none(), "{unsound:?}");
    }

    #[test]
    fn one_moved_time_is_noticed(seed: u64, n_visits in 1usize..=7) {
        let problem = random_problem(seed, n_visits);
        let draw = &mut Draw::new(seed);
        let mut plan = random_plan(&problem, draw);
        let before = check(&problem, &plan).violations;
        if move_one_time(&mut plan, draw) {
            prop_assert_ne!(before, check(&problem, &plan).violations);
        }
    }

    #[test]
    fn no_plan_makes_the_checker_panic(seed: u64, n_visits in 0usize..=7) {
        let problem = random_problem(seed, n_visits);
        let draw = &mut Draw::new(seed);
        let mut plan = random_plan(&problem, draw);
        corrupt(&mut plan, draw);
        for violation in check(&problem, &plan).violations {
            prop_assert!(RULES.iter().any(|(rule, _)| *rule == violation.rule), "{} is not a rule", violation.rule);
        }
    }
}
