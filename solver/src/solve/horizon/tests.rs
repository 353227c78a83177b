//! Horizons small enough to be planned by hand.

use super::*;
use crate::check::check;
use crate::fixture::line_with;
use crate::plan::{Route, Stop, Task};
use crate::problem::{CitizenId, Cost, CourseId, Link, Met, Moment, PlaceId, ProblemBuilder, Shift, Ticks, Weight, Window};
use crate::solve::solve;

const DAY: i64 = 1440;
const FACE: i64 = 40;

/// The carers on duty on each day, and the days on which the one citizen, at the first place of the line, has a visit each.
fn house(on_duty: &[&[usize]], visits: &[&[usize]], change: impl FnOnce(&mut ProblemBuilder)) -> Problem {
    line_with(visits.len(), 1 + on_duty.iter().flat_map(|carers| carers.iter().copied()).max().unwrap_or(0), |parts| {
        let model = parts.shifts[ShiftId::new(0)].clone();
        parts.shifts = IdVec::new();
        for (day, carers) in on_duty.iter().enumerate() {
            for &carer in *carers {
                let (start, end) = (Moment(day as i64 * DAY), Moment(day as i64 * DAY + 1000));
                parts.shifts.push(Shift { label: format!("{carer} on {day}"), carer: CarerId::new(carer), start, end, ..model.clone() });
            }
        }
        for (visit, days) in parts.visits.iter_mut().zip(visits) {
            (visit.citizen, visit.place) = (CitizenId::new(0), PlaceId::new(1));
            let window = |&day: &usize| Window { open: Moment(day as i64 * DAY), close: Moment(day as i64 * DAY + 900) };
            visit.windows = days.iter().map(window).collect();
        }
        weigh(parts, Term::Faces, Weight::Soft(FACE));
        weigh(parts, Term::Lateness, Weight::Hard);
        weigh(parts, Term::Overtime, Weight::Hard);
        change(parts);
    })
}

fn weigh(parts: &mut ProblemBuilder, term: Term, weight: Weight) {
    parts.objective = parts.objective.clone().with(term, weight);
}

fn planned(problem: &Problem, start: Option<&Plan>) -> Outcome {
    let options = SolveOptions { time_limit: None, iterations: Some(4000), prove: false, audit: true, ..SolveOptions::default() };
    let outcome = solve(problem, start, &options, &StopToken::default(), &mut |_| ());
    assert_eq!(outcome.feasible, check(problem, &outcome.plan).is_feasible());
    outcome
}

#[test]
fn one_carer_comes_on_all_days_where_that_costs_no_more() {
    let problem = house(&[&[0, 1], &[0, 1], &[0, 1]], &[&[0], &[1], &[2]], |_| ());
    // Out and back, 1 each, on three days.
    assert_eq!(planned(&problem, None).cost, Cost(6));
}

#[test]
fn it_is_the_carer_whom_the_citizen_knows() {
    let problem = house(&[&[0, 1], &[0, 1]], &[&[0], &[1]], |parts| {
        parts.citizens[CitizenId::new(0)].history = vec![Met { carer: CarerId::new(1), days_before: 5 }];
        weigh(parts, Term::NewFaces, Weight::Soft(20));
    });
    let outcome = planned(&problem, None);
    assert_eq!(outcome.cost, Cost(4));
    for (shift, route) in outcome.plan.routes.enumerate().filter(|(_, route)| !route.stops.is_empty()) {
        assert_eq!(problem.shifts()[shift].carer, CarerId::new(1), "{route:?}");
    }
}

#[test]
fn a_visit_goes_to_the_day_of_the_carer_who_comes_anyhow() {
    // One visit is due on the second day, when only carer 1 is on duty; the other may be on either.
    let problem = house(&[&[0], &[1]], &[&[1], &[0, 1]], |_| ());
    let outcome = planned(&problem, None);
    assert_eq!((outcome.breakdown.quantity(Term::Faces), outcome.cost), (0, Cost(2)));
    // From a plan that has it on the first day, too: two days are planned together.
    let problem = house(&[&[0], &[1]], &[&[1], &[0, 1]], |_| ());
    let stop = |visit: usize, at: i64| Stop { task: Task::Visit(VisitId::new(visit)), arrival: Moment(at), start: Moment(at), end: Moment(at + 1) };
    let route = |visit, at: i64| Route { departure: Moment(at - 1), stops: vec![stop(visit, at)], back: Moment(at + 2) };
    let start = Plan { routes: vec![route(1, 1), route(0, DAY + 1)].into(), unserved: Vec::new() };
    assert!(check(&problem, &start).is_feasible());
    assert_eq!(planned(&problem, Some(&start)).cost, Cost(2));
}

#[test]
fn a_hard_cap_that_the_roster_breaks_is_a_violation() {
    let capped = |on_duty: &[&[usize]]| {
        house(on_duty, &[&[0], &[1]], |parts| {
            parts.citizens[CitizenId::new(0)].cap = Some(1);
            weigh(parts, Term::Faces, Weight::Soft(0));
            weigh(parts, Term::AboveCap, Weight::Hard);
            weigh(parts, Term::Unserved, Weight::Hard);
        })
    };
    assert!(planned(&capped(&[&[0, 1], &[0, 1]]), None).feasible);
    let outcome = planned(&capped(&[&[0], &[1]]), None);
    assert!(!outcome.feasible);
}

#[test]
fn a_course_comes_to_its_usual_time() {
    // On two of three days it can be from 500 on only; at the earliest, the third would be at 1.
    let problem = house(&[&[0], &[0], &[0]], &[&[0], &[1], &[2]], |parts| {
        for (day, visit) in parts.visits.iter_mut().enumerate() {
            visit.course = Some(CourseId::new(0));
            visit.windows[0].open = Moment(day as i64 * DAY + if day == 1 { 0 } else { 500 });
        }
        weigh(parts, Term::Irregularity, Weight::Soft(1));
    });
    assert_eq!(planned(&problem, None).breakdown.quantity(Term::Irregularity), 0);
}

/// Carer 0 comes on three days and carer 1 on two. No day can spare carer 1 by itself, as it would stay on the other.
#[test]
fn the_loop_lowers_faces_at_equal_travel() {
    let all: [&[usize]; 5] = [&[0, 1]; 5];
    let days: [&[usize]; 5] = [&[0], &[1], &[2], &[3], &[4]];
    let problem = house(&all, &days, |_| ());
    let mut start = Plan::empty(&problem);
    for day in 0..5 {
        let (shift, at) = (ShiftId::new(2 * day + usize::from(day > 2)), day as i64 * DAY + 1);
        let stop = Stop { task: Task::Visit(VisitId::new(day)), arrival: Moment(at), start: Moment(at), end: Moment(at + 1) };
        start.routes[shift] = Route { departure: Moment(at - 1), stops: vec![stop], back: Moment(at + 2) };
    }
    start.unserved.clear();
    let before = Priced::new(&problem, start.clone());
    assert_eq!((before.n_violations, before.cost), (0, Cost(10 + FACE)));
    let after = planned(&problem, Some(&start));
    assert_eq!(after.cost, Cost(10));
    assert_eq!(after.breakdown.quantity(Term::Travel), before.breakdown.quantity(Term::Travel));
    // Sparing alone does it.
    let (options, watch) =
        (SolveOptions { iterations: Some(100), time_limit: None, ..SolveOptions::default() }, Watch::new(None, StopToken::default()));
    let mut horizon = Horizon::new(&problem, Some(&start), &options, &watch);
    assert_eq!(horizon.release(&watch), 1);
    assert_eq!(horizon.current.cost, Cost(10));
}

#[test]
fn prices_are_of_those_who_do_not_come_elsewhere() {
    let problem = house(&[&[0, 1, 2], &[0, 1, 2], &[0, 1, 2]], &[&[0], &[1], &[2]], |parts| {
        parts.citizens[CitizenId::new(0)].cap = Some(1);
        parts.citizens[CitizenId::new(0)].history = vec![Met { carer: CarerId::new(2), days_before: 1 }];
        weigh(parts, Term::NewFaces, Weight::Soft(20));
        weigh(parts, Term::AboveCap, Weight::Soft(100));
    });
    let blocks = Blocks::new(&problem);
    assert_eq!(blocks.len(), 3);
    let mut come = Faces::new(&problem);
    // Carer 0 comes on two days.
    (0..2).for_each(|_| come.add(CitizenId::new(0), CarerId::new(0)));
    let usual = Usual::none();
    let fees = |sharing, spared| {
        let pricing = Pricing { problem: &problem, sharing, elsewhere: &come, whole: &come, usual: &usual, spared };
        let mut parts = problem.to_builder();
        pricing.set(&mut parts, &[VisitId::new(0)], &[0, 1, 2].map(CarerId::new));
        (0..3).map(|carer| parts.visits[VisitId::new(0)].carer_cost(CarerId::new(carer))).collect::<Vec<_>>()
    };
    assert_eq!(fees(Sharing::Marginal, None), [0, FACE + 20 + 100, FACE + 100]);
    // Carer 0 shares a new face with the other day; the first face is free and the cap is kept.
    assert_eq!(fees(Sharing::Shared, None), [20 / 2, FACE + 20 + 100, FACE + 100]);
    // Who is to be spared costs what a new one would beside another.
    assert_eq!(fees(Sharing::Marginal, Some((CitizenId::new(0), CarerId::new(0))))[0], FACE + 20 + 100);
}

#[test]
fn the_bound_counts_the_faces_that_the_roster_forces() {
    // Carer 0 is on duty on the first day and carer 1 on the second: two come. Out and back on both days.
    let problem = house(&[&[0], &[1]], &[&[0], &[1]], |_| ());
    let options = SolveOptions { time_limit: None, iterations: Some(1), ..SolveOptions::default() };
    let bound = days_bound(&problem, None, &options, &StopToken::default()).expect("two small days");
    assert_eq!(bound.of(&problem), Cost(4 + FACE));
    let outcome = planned(&problem, None);
    assert_eq!(outcome.cost, Cost(4 + FACE));
    // Where one could come on both, none is forced; where faces cost less, the same bound says less.
    let free = house(&[&[0], &[0, 1]], &[&[0], &[1]], |_| ());
    assert_eq!(days_bound(&free, None, &options, &StopToken::default()).expect("two small days").of(&free), Cost(4));
    let cheap = house(&[&[0], &[1]], &[&[0], &[1]], |parts| weigh(parts, Term::Faces, Weight::Soft(7)));
    assert_eq!(bound.of(&cheap), Cost(4 + 7));
}

/// The second visit may be on either day but must start a day after the first. A problem of the first day alone that kept the link would have the
/// carer wait for it in overtime.
#[test]
fn the_bound_holds_where_links_tie_days() {
    let problem = house(&[&[0], &[0]], &[&[0], &[0, 1]], |parts| {
        parts.links.push(Link { first: VisitId::new(0), second: VisitId::new(1), min: Ticks(1300), max: Ticks(1600), different_carers: false });
        weigh(parts, Term::Overtime, Weight::Soft(1));
    });
    let stop = |visit: usize, at: i64| Stop { task: Task::Visit(VisitId::new(visit)), arrival: Moment(at), start: Moment(at), end: Moment(at + 1) };
    let route = |visit, at: i64| Route { departure: Moment(at - 1), stops: vec![stop(visit, at)], back: Moment(at + 2) };
    let plan = Plan { routes: vec![route(0, 1), route(1, DAY + 1)].into(), unserved: Vec::new() };
    let known = Priced::new(&problem, plan.clone());
    assert_eq!((known.n_violations, known.cost), (0, Cost(4)));
    let options = SolveOptions { time_limit: None, iterations: Some(1), ..SolveOptions::default() };
    for incumbent in [None, Some(&plan)] {
        let bound = days_bound(&problem, incumbent, &options, &StopToken::default()).map(|bound| bound.of(&problem));
        assert!(bound.is_none_or(|bound| bound <= known.cost), "{bound:?} is above a plan of {:?}", known.cost);
    }
    assert_eq!(planned(&problem, None).cost, Cost(4));
    // The plan's days are plans of the days' problems.
    let blocks = Blocks::new(&problem);
    for (block, visits) in [(0, &[VisitId::new(0), VisitId::new(1)][..]), (1, &[VisitId::new(1)])] {
        let part = bound::relaxed(&problem, &blocks, block, visits, 0).expect("a small day");
        assert_eq!(check(&part.problem, &part.plan(&plan)).violations, []);
    }
}
