use super::*;
use crate::check::check;
use crate::fixture::line_with;
use crate::problem::{CarerId, Link, Moment, ProblemBuilder, Shift, ShiftId, Term, Ticks, Visit, VisitId, Weight, Window};
use crate::stop::StopToken;

const CITIZENS: usize = 6;
const CARERS: usize = 3;

/// Citizens on a line, each with a visit on each of two days but for the third, who has one; carers of different prices and room.
fn horizon(change: impl FnOnce(&mut ProblemBuilder)) -> Problem {
    line_with(CITIZENS, CARERS, |parts| {
        for carer in 0..CARERS {
            let shift = &mut parts.shifts[ShiftId::new(carer)];
            (shift.end, shift.capacity, shift.use_cost) = (Moment(200), Some([9, 4, 6][carer]), [9, 3, 5][carer]);
            let tomorrow = Shift { label: format!("t{carer}"), start: Moment(2000), end: Moment(2200), ..shift.clone() };
            parts.shifts.push(tomorrow);
        }
        for citizen in parts.citizens.iter_mut() {
            citizen.cap = Some(1);
        }
        for visit in 0..CITIZENS {
            let today = &mut parts.visits[VisitId::new(visit)];
            (today.load, today.windows) = (1 + visit as i64 % 3, vec![Window { open: Moment(0), close: Moment(200) }]);
            let windows = vec![Window { open: Moment(2000), close: Moment(2200) }];
            let tomorrow = Visit { label: format!("w{visit}"), load: 1 + visit as i64 % 2, windows, ..today.clone() };
            if visit != 3 {
                parts.visits.push(tomorrow);
            }
        }
        for term in [Term::AboveCap, Term::Overtime, Term::Lateness, Term::Overload] {
            parts.objective = parts.objective.clone().with(term, Weight::Hard);
        }
        parts.objective = parts.objective.clone().with(Term::ShiftUse, Weight::Soft(2));
        change(parts);
    })
}

fn solved(problem: &Problem, seed: u64, start: Option<&Plan>) -> Outcome {
    let options = SolveOptions { seed, iterations: Some(40_000), time_limit: None, ..SolveOptions::default() };
    solve(problem, start, &options, &Watch::new(None, StopToken::default()), &mut |_| {})
}

/// The least cost by trying every carer for every citizen: on a line the shortest way is to the farthest home and back.
fn least(problem: &Problem) -> Option<i64> {
    let visits: Vec<&Visit> = problem.visits().iter().collect();
    let mut best = None;
    'all: for choice in 0..CARERS.pow(CITIZENS as u32) {
        let carer = |citizen: usize| choice / CARERS.pow(citizen as u32) % CARERS;
        let mut cost = 0;
        for shift in problem.shifts().iter() {
            let of_shift = |visit: &&&Visit| carer(visit.citizen.idx()) == shift.carer.idx() && visit.windows[0].open == shift.start;
            let served = || visits.iter().filter(of_shift);
            let farthest = served().map(|visit| visit.place.idx() as i64).max().unwrap_or(0);
            if served().map(|visit| visit.load).sum::<i64>() > shift.capacity.unwrap_or(i64::MAX) {
                continue 'all;
            }
            cost += 2 * farthest * problem.travel().price(problem.carers()[shift.carer].mode) + if farthest > 0 { 2 * shift.use_cost } else { 0 };
        }
        best = Some(best.map_or(cost, |least: i64| least.min(cost)));
    }
    best
}

#[test]
fn the_cheapest_consistent_plan_of_a_small_horizon_is_found() {
    let problem = horizon(|_| ());
    assert!(is_in_reach(&problem));
    let outcome = solved(&problem, 1, None);
    assert!(outcome.feasible, "{:?}", check(&problem, &outcome.plan).violations);
    assert_eq!(Some(outcome.cost.0), least(&problem));
}

#[test]
fn the_same_seed_gives_the_same_plan_and_a_start_is_never_lost() {
    let problem = horizon(|_| ());
    let first = solved(&problem, 7, None);
    assert_eq!(first.plan, solved(&problem, 7, None).plan);
    let options = SolveOptions { iterations: Some(0), time_limit: None, ..SolveOptions::default() };
    let kept = solve(&problem, Some(&first.plan), &options, &Watch::new(None, StopToken::default()), &mut |_| {});
    assert_eq!(kept.cost, first.cost);
}

#[test]
fn running_numbers_are_those_of_the_routes() {
    let problem = horizon(|_| ());
    let arrays = Arrays::new(&problem);
    let facts = Facts::new(&arrays);
    let mut annealer = Annealer::new(&facts, 3, 0, None);
    for round in 0..40 {
        annealer.run(&|done| (done < 512).then_some(f64::from(round) / 40.0));
        annealer.audit();
    }
}

#[test]
fn days_are_driven_the_same_way_round_where_that_costs_nothing() {
    let problem = horizon(|_| ());
    let arrays = Arrays::new(&problem);
    let facts = Facts::new(&arrays);
    let mut state = state::State::new(&facts, state::Prices { overtime: 1, overload: 1 });
    (0..3).for_each(|group| state.insert(group, 0));
    state.routes[0] = vec![0, 1, 2];
    state.routes[3] = vec![8, 7, 6];
    let (sums, cost) = (state.sums.clone(), state.cost);
    direction::turn(&mut state);
    let forwards = state.routes[0] == [0, 1, 2];
    assert_eq!(state.routes[3], if forwards { [6, 7, 8] } else { [8, 7, 6] });
    assert_eq!((state.sums, state.cost), (sums, cost));
}

#[test]
fn what_tells_times_apart_is_out_of_reach() {
    type Change = fn(&mut ProblemBuilder);
    let changes: [(&str, Change); 7] = [
        ("a soft cap", |parts| parts.objective = parts.objective.clone().with(Term::AboveCap, Weight::Soft(9))),
        ("soft overtime", |parts| parts.objective = parts.objective.clone().with(Term::Overtime, Weight::Soft(1))),
        ("balance", |parts| parts.objective = parts.objective.clone().with(Term::Balance, Weight::Soft(1))),
        ("a window", |parts| parts.visits[VisitId::new(0)].windows[0].open = Moment(50)),
        ("a close", |parts| parts.visits[VisitId::new(0)].windows[0].close = Moment(50)),
        ("two shifts a day", |parts| parts.shifts[ShiftId::new(1)].carer = CarerId::new(0)),
        ("a link", |parts| {
            let (first, second) = (VisitId::new(0), VisitId::new(1));
            parts.links.push(Link { first, second, min: Ticks(0), max: Link::MAX, different_carers: false });
        }),
    ];
    for (name, change) in changes {
        assert!(!is_in_reach(&horizon(change)), "{name}");
    }
}
