//! The brute force itself, against problems whose optimum is found by thinking.

use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::problem::{
    Carer, Citizen, Clock, Content, Cost, Link, Moment, Need, Objective, PlaceId, ProblemBuilder, Shift, SkillSet, Slack, Term, Ticks, Travel, Visit,
    VisitId, Weight, Window,
};
use kendt_tests::brute::{cheapest, earliest_is_best};
use kendt_tests::draw::Draw;
use kendt_tests::random::random_problem;
use proptest::prelude::*;

use crate::property::cases;

/// Places on a line at 0, 10, 20 and 30; two carers based at 0; one visit of 5 at each other place, any time from 0 to 100.
/// Travel costs 1 per tick, all visits are required.
fn line() -> ProblemBuilder {
    let mut travel = Travel::new(4);
    let matrix: Vec<i64> = (0..16_i64).map(|cell| 10 * (cell / 4 - cell % 4).abs()).collect();
    let mode = travel.add_mode(&matrix).expect("a square matrix of small entries");
    let objective = Objective::new(1).with(Term::Unserved, Weight::Hard).with(Term::Travel, Weight::Soft(1)).with(Term::Lateness, Weight::Hard);
    let mut parts = ProblemBuilder::new("line", Clock { ticks_per_minute: 1 }, travel, objective);
    let citizen = parts.citizens.push(Citizen::new("citizen"));
    for label in ["eva", "bo"].map(String::from) {
        let carer = parts.carers.push(Carer { label: label.clone(), skills: SkillSet::EMPTY, mode, team: None });
        let base = PlaceId::new(0);
        parts.shifts.push(Shift {
            label,
            carer,
            start: Moment(0),
            end: Moment(200),
            from: base,
            to: base,
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
    }
    for place in 1..=3 {
        parts.visits.push(Visit {
            label: format!("visit at {place}0"),
            citizen,
            place: PlaceId::new(place),
            duration: Ticks(5),
            windows: vec![Window { open: Moment(0), close: Moment(100) }],
            preference: None,
            published: None,
            skills: SkillSet::EMPTY,
            load: 0,
            need: Need::Required,
            priority: 0,
            unserved_cost: 0,
            allowed: None,
            preferred: Vec::new(),
            excluded: Vec::new(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    parts
}

fn optimum(parts: ProblemBuilder) -> Option<i64> {
    let problem = parts.build().expect("a problem without faults");
    assert!(earliest_is_best(&problem));
    cheapest(&problem).map(|(Cost(cost), _)| cost)
}

#[test]
fn one_carer_drives_to_the_end_of_the_line_and_back() {
    assert_eq!(optimum(line()), Some(2 * 30));
}

#[test]
fn two_visits_at_once_take_a_second_carer() {
    // One drives to 30 and back, the other to 20 and back; 10 is on the way.
    let mut parts = line();
    let (first, second) = (VisitId::new(1), VisitId::new(2));
    parts.links.push(Link { first, second, min: Ticks(0), max: Ticks(0), different_carers: false });
    assert_eq!(optimum(parts), Some(2 * 30 + 2 * 20));
}

#[test]
fn a_tight_window_splits_the_line() {
    // The visit at 30 must start by 30, which leaves no time to serve on the way there, but all the time on the way back.
    let mut parts = line();
    parts.visits[VisitId::new(2)].windows[0].close = Moment(30);
    assert_eq!(optimum(parts.clone()), Some(2 * 30));
    // If the visit at 10 must start by 10 as well, two carers leave.
    parts.visits[VisitId::new(0)].windows[0].close = Moment(10);
    assert_eq!(optimum(parts), Some(2 * 30 + 2 * 10));
}

#[test]
fn a_visit_is_left_out_when_that_is_cheaper() {
    let mut parts = line();
    parts.visits[VisitId::new(2)].need = Need::Optional;
    parts.visits[VisitId::new(2)].unserved_cost = 19;
    assert_eq!(optimum(parts.clone()), Some(2 * 20 + 19));
    parts.visits[VisitId::new(2)].unserved_cost = 21;
    assert_eq!(optimum(parts), Some(2 * 30));
}

#[test]
fn nothing_is_feasible_when_a_required_visit_opens_after_it_must_start() {
    let mut parts = line();
    parts.visits[VisitId::new(0)].windows[0].close = Moment(9);
    assert_eq!(optimum(parts), None);
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_cheapest_plan_is_feasible_and_costs_what_it_says(seed: u64, n_visits in 0usize..=3) {
        let problem = random_problem(seed, n_visits);
        if let Some((cost, plan)) = cheapest(&problem) {
            prop_assert!(check(&problem, &plan).is_feasible());
            prop_assert_eq!(cost, evaluate(&problem, &plan).cost(problem.objective()));
        }
    }

    #[test]
    fn waiting_for_later_starts_gains_nothing_where_earliest_is_best(seed: u64, n_visits in 1usize..=3) {
        let problem = random_problem(seed, n_visits);
        prop_assume!(earliest_is_best(&problem));
        let mut later = problem.to_builder();
        let draw = &mut Draw::new(seed);
        for window in later.visits.iter_mut().flat_map(|visit| &mut visit.windows) {
            window.open.0 = draw.between(window.open.0, window.close.0);
        }
        let later = later.build().expect("windows only shrink");
        if let Some((_, plan)) = cheapest(&later) && check(&problem, &plan).is_feasible() {
            let optimum = cheapest(&problem).map(|(cost, _)| cost);
            prop_assert!(optimum.is_some_and(|cost| cost <= evaluate(&problem, &plan).cost(problem.objective())));
        }
    }
}
