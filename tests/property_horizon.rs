//! What holds for every planned horizon: faces, new faces, caps and regular times over two days.

use kendt_solver::check::{RULES, check};
use kendt_solver::cost::evaluate;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Problem, Term, VisitId, Weight};
use kendt_solver::solve::{Outcome, Proof, SolveOptions, days_bound, solve};
use kendt_solver::stop::StopToken;
use kendt_tests::brute::{cheapest, earliest_is_best};
use kendt_tests::draw::Draw;
use kendt_tests::random::{random_horizon, random_plan};
use proptest::prelude::*;

use crate::property::cases;

/// Search only, audited: every applied move is recomputed from scratch.
fn short_search(seed: u64) -> SolveOptions {
    SolveOptions { seed, time_limit: None, iterations: Some(400), prove: false, audit: true, ..SolveOptions::default() }
}

fn solved(problem: &Problem, options: &SolveOptions) -> Outcome {
    solve(problem, None, options, &StopToken::default(), &mut |_| ())
}

/// Only terms of the objective are violated, the outcome is what evaluator and checker say of its plan, and doing nothing is not better.
fn is_clean(problem: &Problem, outcome: &Outcome) {
    let verdict = check(problem, &outcome.plan);
    assert_eq!(outcome.feasible, verdict.is_feasible(), "{:?}", verdict.violations);
    let terms = &RULES[RULES.len() - Term::ALL.len()..];
    for violation in &verdict.violations {
        assert!(terms.iter().any(|(rule, _)| *rule == violation.rule), "{violation:?}");
    }
    assert_eq!(outcome.breakdown, evaluate(problem, &outcome.plan));
    assert_eq!((outcome.cost, outcome.cost), (verdict.cost, outcome.breakdown.cost(problem.objective())));
    let nothing = check(problem, &Plan::empty(problem));
    if nothing.is_feasible() {
        assert!(outcome.feasible && outcome.cost <= nothing.cost, "nothing costs {:?}, the plan {:?}", nothing.cost, outcome.cost);
    }
    if outcome.feasible {
        assert!(outcome.dual_bound.is_none_or(|bound| bound <= outcome.cost), "the bound {:?} is above {:?}", outcome.dual_bound, outcome.cost);
    }
}

/// Whether a visit's wish for its carers is not met by a plan that gives the visit.
fn is_unmet(problem: &Problem, plan: &Plan, visit: VisitId, wanted: CarerId) -> bool {
    plan.served(problem)[visit].is_some_and(|served| problem.shifts()[served.shift].carer != wanted)
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn checker_and_evaluator_agree_on_faces(seed: u64, n_visits in 0usize..=7) {
        let problem = random_horizon(seed, n_visits);
        for plan in [Plan::empty(&problem), random_plan(&problem, &mut Draw::new(seed))] {
            prop_assert_eq!(check(&problem, &plan).cost, evaluate(&problem, &plan).cost(problem.objective()));
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_planned_horizon_is_clean_and_sends_no_excluded_carer(seed: u64, n_visits in 0usize..=7) {
        let mut parts = random_horizon(seed, n_visits).to_builder();
        parts.objective = parts.objective.with(Term::Exclusion, Weight::Hard);
        let problem = parts.build().expect("a rule in place of a price");
        let outcome = solved(&problem, &short_search(seed));
        is_clean(&problem, &outcome);
        for (visit, served) in outcome.plan.served(&problem).enumerate() {
            let carer = served.map(|served| problem.shifts()[served.shift].carer);
            prop_assert!(carer.is_none_or(|carer| !problem.visits()[visit].excluded.contains(&carer)));
        }
        // Going on from a plan never makes it worse.
        let again = solve(&problem, Some(&outcome.plan), &short_search(seed), &StopToken::default(), &mut |_| ());
        is_clean(&problem, &again);
        if outcome.feasible {
            prop_assert!(again.feasible && again.cost <= outcome.cost, "{:?} after {:?}", again.cost, outcome.cost);
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn bounds_and_proofs_of_a_horizon_hold_against_brute_force(seed: u64, n_visits in 0usize..=3) {
        let problem = random_horizon(seed, n_visits);
        let options = SolveOptions { prove: true, ..short_search(seed) };
        let outcome = solved(&problem, &options);
        is_clean(&problem, &outcome);
        let Some((optimum, plan)) = cheapest(&problem) else { return Ok(()) };
        let bound = days_bound(&problem, None, &options, &StopToken::default()).map(|bound| bound.of(&problem));
        for bound in [outcome.dual_bound, bound].into_iter().flatten() {
            prop_assert!(bound <= optimum, "the bound {bound:?} is above a feasible plan of {optimum:?}");
        }
        let held = days_bound(&problem, Some(&plan), &options, &StopToken::default()).map(|bound| bound.of(&problem));
        prop_assert!(held.is_none_or(|bound| bound <= optimum), "the bound {held:?} is above a feasible plan of {optimum:?}");
        if (outcome.proof, outcome.feasible) == (Proof::Optimal, true) {
            prop_assert!(outcome.cost <= optimum, "{:?} is proved optimal, {optimum:?} is feasible", outcome.cost);
            if earliest_is_best(&problem) {
                prop_assert_eq!(outcome.cost, optimum);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    /// At equal weights, wishing for a carer never makes it less likely that this carer comes, where both plans are proved optimal.
    #[test]
    fn a_wish_never_raises_its_own_violation(seed: u64, n_visits in 1usize..=4, which: prop::sample::Index, who: prop::sample::Index) {
        let mut parts = random_horizon(seed, n_visits).to_builder();
        parts.objective = parts.objective.with(Term::CarerPreference, Weight::Soft(7));
        for shift in parts.shifts.iter_mut() {
            shift.pause = None;
        }
        let (visit, carer) = (VisitId::new(which.index(n_visits)), CarerId::new(who.index(parts.carers.len())));
        parts.visits[visit].preferred.clear();
        let before = parts.clone().build().expect("less than before");
        parts.visits[visit].preferred.push(carer);
        let after = parts.build().expect("a wish more");
        let options = SolveOptions { prove: true, ..short_search(seed) };
        let (without, with) = (solved(&before, &options), solved(&after, &options));
        let is_proved = |outcome: &Outcome| outcome.feasible && outcome.proof == Proof::Optimal;
        if is_proved(&without) && is_proved(&with) {
            let violation = |plan: &Plan| is_unmet(&after, plan, visit, carer);
            prop_assert!(violation(&with.plan) <= violation(&without.plan), "{:?} and {:?}", without.plan, with.plan);
        }
    }
}

/// A property that nothing exercises proves nothing.
#[test]
fn horizons_have_days_faces_and_proofs() {
    let (mut with_new_faces, mut proved, mut irregular, mut on_either_day) = (0, 0, 0, 0);
    for seed in 0..60 {
        let problem = random_horizon(seed, 4);
        let outcome = solved(&problem, &SolveOptions { prove: true, audit: false, ..short_search(seed) });
        with_new_faces += usize::from(outcome.breakdown.cost_of(problem.objective(), Term::NewFaces).0 > 0);
        irregular += usize::from(outcome.breakdown.cost_of(problem.objective(), Term::Irregularity).0 > 0);
        proved += usize::from(outcome.proof == Proof::Optimal);
        let days = |visit: &kendt_solver::problem::Visit| visit.windows.iter().map(|window| window.open.0 / 1440).max();
        on_either_day += usize::from(problem.visits().iter().any(|visit| days(visit) == Some(1) && visit.windows[0].open.0 < 1440));
    }
    assert!(with_new_faces >= 6 && irregular >= 1 && proved >= 6 && on_either_day >= 10, "{with_new_faces} {irregular} {proved} {on_either_day}");
}
