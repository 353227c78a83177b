//! Whether the random problems are as nasty as they claim: a property that nothing exercises proves nothing.

use std::collections::BTreeMap;

use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::problem::{Link, Problem, Term, Ticks};
use kendt_tests::brute::{cheapest, earliest_is_best};
use kendt_tests::draw::Draw;
use kendt_tests::random::{random_plan, random_problem};

fn problems(n_visits: usize) -> impl Iterator<Item = (u64, Problem)> {
    (0..1000).map(move |seed| (seed, random_problem(seed, n_visits)))
}

#[test]
fn every_term_is_charged_in_one_random_plan_of_25() {
    let mut charged: BTreeMap<Term, usize> = BTreeMap::new();
    for (seed, problem) in problems(7) {
        let breakdown = evaluate(&problem, &random_plan(&problem, &mut Draw::new(seed)));
        for term in Term::ALL.into_iter().filter(|&term| breakdown.quantity(term) > 0) {
            *charged.entry(term).or_default() += 1;
        }
    }
    for term in Term::ALL {
        let times = charged.get(&term).copied().unwrap_or_default();
        assert!(times >= 40, "{} is charged in {times} plans of 1000", term.name());
    }
}

#[test]
fn every_kind_of_link_turns_up_in_one_random_problem_of_20() {
    let with = |kind: &dyn Fn(&Problem) -> bool| problems(7).filter(|(_, problem)| kind(problem)).count();
    let any = |of: fn(&Link) -> bool| with(&|problem| problem.links().iter().any(of));
    let kinds = [
        ("equal start", any(|link| (link.min, link.max) == (Ticks(0), Ticks(0)))),
        ("no upper end", any(|link| link.min > Link::MIN && link.max == Link::MAX)),
        ("fate only", any(|link| link.min == Link::MIN && link.max == Link::MAX)),
        ("either may come first", any(|link| link.min < Ticks(0) && link.min > Link::MIN)),
        ("different carers", any(|link| link.different_carers)),
        ("clusters of three", with(&|problem| problem.clusters().iter().any(|cluster| cluster.members.len() >= 3))),
    ];
    for (kind, times) in kinds {
        assert!(times >= 50, "{kind} in {times} problems of 1000");
    }
}

#[test]
fn a_good_part_of_the_random_problems_is_feasible() {
    let (mut feasible, mut decided, mut busy) = (0, 0, 0);
    for (_, problem) in problems(3) {
        if let Some((_, plan)) = cheapest(&problem) {
            assert!(check(&problem, &plan).is_feasible());
            feasible += 1;
            decided += usize::from(earliest_is_best(&problem));
            busy += usize::from(plan.unserved.is_empty());
        }
    }
    assert!(feasible >= 400, "{feasible} of 1000 are feasible");
    assert!(decided >= 200, "the optimum of {decided} of 1000 is known");
    assert!(busy >= 100, "{busy} of 1000 serve everybody");
}
