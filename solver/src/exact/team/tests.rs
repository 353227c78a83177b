//! The team programme against brute force on tiny cases, and cases summed by hand.

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use super::anneal::{Cooling, anneal};
use super::cut::PARTS;
use super::generate::{CLOSED, Generation};
use super::needs::{Candidate, Citizen, Need, Needs, Row, Way};
use super::pattern::{Pattern, cheapest};
use super::{CapReason, Cause, FEW_SETS, Likely, TeamOptions, TeamPlan, TeamWeights, assign, cap_reasons, carefree, choose};
use crate::plan::{Plan, Stop, Task};
use crate::problem::{
    Carer, CarerId, Citizen as Home, CitizenId, Clock, Content, Hours, Met, Moment, Need as Kind, Objective, PlaceId, Problem, ProblemBuilder, Shift,
    ShiftId, SkillSet, Slack, Term, Ticks, Travel, Visit, VisitId, Weight, Window,
};
use crate::stop::{StopToken, Watch};

/// Up to four needs and candidates, sometimes a visit by two, sometimes a cap; every need can be paid.
fn citizen(dice: &mut SmallRng, id: usize, n_rows: usize) -> Citizen {
    let (n, m) = (dice.random_range(2..=4), dice.random_range(1..=4));
    let candidates = (0..n).map(|at| Candidate { carer: CarerId::new(at), face: dice.random_range(0..60) }).collect();
    let by_two = m > 1 && dice.random_range(0..3) == 0;
    let needs = (0..m).map(|need| {
        let is_half = by_two && need < 2;
        let certain = dice.random_range(0..n);
        let ways = (0..n).map(|candidate| {
            let is_able = candidate == certain || is_half || dice.random_range(0..3) > 0;
            let n_ways = if is_able { dice.random_range(1..=2) } else { 0 };
            (0..n_ways)
                .map(|way| Way {
                    shift: ShiftId::new(candidate * 2 + way),
                    cost: dice.random_range(0..50),
                    takes: vec![(dice.random_range(0..n_rows), dice.random_range(1..40))],
                })
                .collect()
        });
        Need { visit: VisitId::new(need), ways: ways.collect(), beside: is_half.then_some(1 - need.min(1)) }
    });
    let needs = needs.collect();
    let cap = if dice.random_range(0..4) == 0 { 1 } else { usize::MAX };
    Citizen { id: CitizenId::new(id), candidates, needs, cap, not_primary: dice.random_range(0..30) }
}

/// Prices here are a thousandth of real ones.
const COOLING: Cooling = Cooling { hot: 60.0, cold: 2.0 };

fn all_likely(needs: &Needs) -> Likely {
    Likely(needs.citizens.iter().map(|citizen| vec![true; citizen.candidates.len()]).collect())
}

/// Every pattern of a citizen.
fn all(citizen: &Citizen) -> Vec<Pattern> {
    let mut partial: Vec<Vec<(usize, &Way)>> = vec![Vec::new()];
    for need in &citizen.needs {
        let options: Vec<(usize, &Way)> =
            need.ways.iter().enumerate().flat_map(|(candidate, ways)| ways.iter().map(move |way| (candidate, way))).collect();
        let longer = partial.iter().flat_map(|before| options.iter().map(|&option| [before.clone(), vec![option]].concat()));
        partial = longer.collect();
    }
    let is_apart = |ways: &&Vec<(usize, &Way)>| {
        let clash = |(at, need): (usize, &Need)| need.beside.is_some_and(|other| ways[at].0 == ways[other].0);
        !citizen.needs.iter().enumerate().any(clash)
    };
    let primaries = 0..citizen.candidates.len();
    partial
        .iter()
        .filter(is_apart)
        .flat_map(|ways| {
            primaries.clone().filter(|&primary| ways.iter().any(|way| way.0 == primary)).map(|primary| Pattern::of(citizen, primary, ways))
        })
        .collect()
}

#[test]
fn the_cheapest_pattern_is_that_of_brute_force() {
    let mut dice = SmallRng::seed_from_u64(1);
    let mut with_two = 0;
    for case in 0..2000 {
        let citizen = citizen(&mut dice, 0, 3);
        let prices: Vec<i64> = (0..3).map(|_| dice.random_range(0..4)).collect();
        let worth = |pattern: &Pattern| pattern.cost + pattern.price(&prices);
        let least = all(&citizen).iter().map(worth).min().unwrap();
        // Whatever is known beforehand.
        let known = (case % 2 == 0).then(|| all(&citizen).swap_remove(dice.random_range(0..all(&citizen).len())));
        let (pattern, bound) = cheapest(&citizen, &prices, known.as_ref(), FEW_SETS);
        assert_eq!((worth(&pattern), bound), (least, least), "case {case}");
        assert!(all(&citizen).contains(&pattern), "case {case}: {pattern:?} is none");
        // Cut short it is still a pattern, and its bound still one.
        let (hasty, bound) = cheapest(&citizen, &prices, None, 1);
        assert!(bound <= least && worth(&hasty) >= least, "case {case}: {bound} {least}");
        assert!(all(&citizen).contains(&hasty), "case {case}: {hasty:?} is none");
        with_two += usize::from(citizen.needs.iter().any(|need| need.beside.is_some()));
    }
    assert!(with_two > 100, "{with_two} cases with visits by two");
}

#[test]
fn the_bound_is_below_every_choice_and_the_choice_is_not_below_the_best() {
    let mut dice = SmallRng::seed_from_u64(2);
    let (mut exact, mut raised, n) = (0, 0, 60);
    for case in 0..n {
        let citizens: Vec<Citizen> = (0..2).map(|id| citizen(&mut dice, id, 3)).collect();
        let citizens = citizens.into_iter().map(std::sync::Arc::new).collect();
        let row = |dice: &mut SmallRng| Row { limit: dice.random_range(0..60), price: PARTS * dice.random_range(0..3), is_time: true };
        let needs = Needs { rows: (0..3).map(|_| row(&mut dice)).collect(), citizens };
        let (first, second) = (all(&needs.citizens[0]), all(&needs.citizens[1]));
        let best = first.iter().flat_map(|one| second.iter().map(|other| needs.cost(&[one, other]))).min().unwrap();
        let watch = Watch::new(None, StopToken::default());
        let mut generation = Generation::new(&needs, carefree(&needs).into_iter().enumerate());
        generation.close(CLOSED, &watch, &mut |_| {});
        let mut sharper = generation.again();
        sharper.sharpen(&watch, &mut |_| {});
        let chosen = choose(&fortnight(1, &[[1].as_slice(); 8]), &needs, &mut generation.master, &watch);
        let cost = needs.cost(&chosen.iter().collect::<Vec<_>>());
        let (plain, sharp) = (generation.bound.unwrap(), sharper.bound.unwrap());
        assert!(plain <= best && sharp <= best && best <= cost, "case {case}: {plain} {sharp} {best} {cost}");
        raised += usize::from(sharp > plain);
        exact += usize::from(cost == best);
    }
    assert!(exact * 10 >= n * 9, "{exact} of {n} are the best");
    assert!(raised > n / 10, "{raised} bounds of {n} are sharper");
}

/// One citizen with a visit of half an hour on each of the days, and carers who are on duty on some of them.
fn fortnight(n_days: i64, rosters: &[&[i64]]) -> Problem {
    let mut travel = Travel::new(2);
    let mode = travel.add_mode(&[0; 4]).unwrap();
    let mut parts = ProblemBuilder::new("days", Clock { ticks_per_minute: 1 }, travel, Objective::new(1));
    let citizen = parts.citizens.push(Home::new("c"));
    for day in 0..n_days {
        parts.visits.push(Visit {
            label: format!("d{day}"),
            citizen,
            place: PlaceId::new(1),
            duration: Ticks(30),
            windows: vec![Window { open: Moment(1440 * day + 480), close: Moment(1440 * day + 600) }],
            preference: None,
            published: None,
            skills: SkillSet::EMPTY,
            load: 0,
            need: Kind::Required,
            priority: 0,
            unserved_cost: 1,
            allowed: None,
            preferred: Vec::new(),
            excluded: Vec::new(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    for (at, days) in rosters.iter().enumerate() {
        let carer = parts.carers.push(Carer { label: format!("k{at}"), skills: SkillSet::EMPTY, mode, team: None });
        for &day in *days {
            let start = Moment(1440 * (day - 1) + 420);
            parts.shifts.push(Shift {
                label: format!("k{at}/{day}"),
                carer,
                start,
                end: Moment(start.0 + 480),
                from: PlaceId::new(0),
                to: PlaceId::new(0),
                capacity: None,
                pause: None,
                slack: Slack::default(),
                hours: None,
                use_cost: 0,
            });
        }
    }
    parts.build().unwrap()
}

fn chosen(problem: &Problem, cap: Option<usize>) -> TeamPlan {
    assign(problem, &TeamOptions { cap, ..TeamOptions::default() }, &Watch::new(None, StopToken::default()), &mut |_| {})
}

fn few(plan: &TeamPlan) -> Vec<usize> {
    plan.few[CitizenId::new(0)].iter().map(|carer| carer.idx()).collect()
}

#[test]
fn one_who_is_always_there_comes_alone() {
    let plan = chosen(&fortnight(4, &[&[1, 2, 4], &[1, 2, 3, 4], &[3]]), None);
    assert_eq!(few(&plan), [1]);
    // One new face. Four half hours are 17 minutes more than carer 1's equal share of them (half of the duty, and a twentieth, is 63).
    let TeamWeights { face, new_face, uneven_minute, .. } = TeamWeights::default();
    assert_eq!((plan.cost, plan.dual_bound), (face + new_face + uneven_minute * (120 - 63), Some(plan.cost)));
}

#[test]
fn the_primary_comes_most_often_and_the_known_before_the_new() {
    // Nobody is there on all days: carer 0 on three, with 1 or 2 on the fourth.
    let problem = fortnight(4, &[&[1, 2, 4], &[3], &[3]]);
    let mut parts = problem.to_builder();
    parts.citizens[CitizenId::new(0)].history = vec![Met { carer: CarerId::new(2), days_before: 5 }];
    let plan = chosen(&parts.build().unwrap(), None);
    assert_eq!(few(&plan), [0, 2]);
}

#[test]
fn a_cap_that_the_roster_cannot_keep_is_named() {
    let problem = fortnight(3, &[&[1], &[2], &[3]]);
    let above = chosen(&problem, Some(2)).above_cap;
    let (citizen, visits) = (CitizenId::new(0), (0..3).map(VisitId::new).collect());
    assert_eq!(above, [CapReason { citizen, carers: 3, cap: 2, needed: 3, cause: Cause::Roster, days: vec![1, 2, 3], visits, is_smallest: true }]);
    assert_eq!(chosen(&problem, Some(3)).above_cap, []);
}

#[test]
fn a_plan_that_breaks_a_cap_has_its_reason() {
    let mut parts = fortnight(3, &[&[1, 3], &[2], &[3]]).to_builder();
    parts.citizens[CitizenId::new(0)].cap = Some(2);
    let problem = parts.build().unwrap();
    // Shifts are carer 0 on days 1 and 3, carer 1 on day 2, carer 2 on day 3.
    let plan = |shifts: &[usize]| {
        let mut plan = Plan::empty(&problem);
        for (day, &shift) in shifts.iter().enumerate() {
            let start = Moment(1440 * day as i64 + 480);
            plan.routes[ShiftId::new(shift)].stops.push(Stop {
                task: Task::Visit(VisitId::new(day)),
                arrival: start,
                start,
                end: Moment(start.0 + 30),
            });
        }
        plan
    };
    assert_eq!(cap_reasons(&problem, &plan(&[0, 2, 1])), []);
    // The roster would do with carers 0 and 1: it is carer 2 who is one too many, on the last day.
    let citizen = CitizenId::new(0);
    let time =
        CapReason { citizen, carers: 3, cap: 2, needed: 2, cause: Cause::Time, days: vec![3], visits: vec![VisitId::new(2)], is_smallest: false };
    assert_eq!(cap_reasons(&problem, &plan(&[0, 2, 3])), [time]);
    // A visit that is left out is no reason where the cap could be kept, and one where it could not.
    assert_eq!(cap_reasons(&problem, &plan(&[0])), []);
    let mut parts = problem.to_builder();
    parts.citizens[citizen].cap = Some(1);
    let problem = parts.build().unwrap();
    let [reason] = &cap_reasons(&problem, &plan(&[0]))[..] else { panic!("one citizen") };
    assert_eq!((reason.carers, reason.needed, reason.cause, reason.days.len(), reason.is_smallest), (1, 2, Cause::Roster, 2, true));
}

#[test]
fn what_wishes_for_carers_and_their_hours_cost_counts() {
    let problem = fortnight(2, &[&[1, 2], &[1, 2]]);
    let first = few(&chosen(&problem, None))[0];
    // Whoever came would cost more than another face.
    let mut parts = problem.to_builder();
    parts.objective = parts.objective.with(Term::CarerCost, Weight::Soft(1));
    parts.visits.iter_mut().for_each(|visit| visit.carer_costs = vec![(CarerId::new(first), 200)]);
    assert_eq!(few(&chosen(&parts.build().unwrap(), None)), [1 - first]);
    // The same where visits are outside the carer's hours.
    let mut parts = problem.to_builder();
    parts.objective = parts.objective.with(Term::OutsideHours, Weight::Soft(1));
    for shift in parts.shifts.iter_mut().filter(|shift| shift.carer.idx() == first) {
        shift.hours = Some(Hours { from: shift.end, until: shift.end, cost: 200 });
    }
    assert_eq!(few(&chosen(&parts.build().unwrap(), None)), [1 - first]);
}

#[test]
fn whoever_is_excluded_never_comes() {
    let mut parts = fortnight(3, &[&[1, 2, 3], &[1], &[2, 3]]).to_builder();
    for visit in 0..3 {
        parts.visits[VisitId::new(visit)].excluded = vec![CarerId::new(0)];
    }
    assert_eq!(few(&chosen(&parts.build().unwrap(), None)), [2, 1]);
}

#[test]
fn annealing_finds_patterns_of_the_citizens_and_no_dearer_ones() {
    let mut dice = SmallRng::seed_from_u64(3);
    let citizens = (0..24).map(|id| std::sync::Arc::new(citizen(&mut dice, id, 6))).collect();
    let rows = (0..6).map(|_| Row { limit: dice.random_range(50..150), price: dice.random_range(1..5), is_time: true }).collect();
    let needs = Needs { rows, citizens };
    let start: Vec<Pattern> = needs.citizens.iter().map(|citizen| cheapest(citizen, &[0; 6], None, FEW_SETS).0).collect();
    let cost = |patterns: &[Pattern]| needs.cost(&patterns.iter().collect::<Vec<_>>());
    let found = anneal(&needs, &start, &all_likely(&needs), COOLING, 0, &Watch::new(None, StopToken::default()));
    assert!(cost(&found) < cost(&start), "{} of {}", cost(&found), cost(&start));
    assert!(needs.citizens.iter().zip(&found).all(|(citizen, pattern)| all(citizen).contains(pattern)));
}

#[test]
fn annealing_finds_the_best_of_two_citizens() {
    let mut dice = SmallRng::seed_from_u64(4);
    let (mut exact, n) = (0, 40);
    for case in 0..n {
        let citizens: Vec<_> = (0..2).map(|id| std::sync::Arc::new(citizen(&mut dice, id, 3))).collect();
        let row = |dice: &mut SmallRng| Row { limit: dice.random_range(0..60), price: dice.random_range(0..5), is_time: true };
        let needs = Needs { rows: (0..3).map(|_| row(&mut dice)).collect(), citizens };
        let (first, second) = (all(&needs.citizens[0]), all(&needs.citizens[1]));
        let best = first.iter().flat_map(|one| second.iter().map(|other| needs.cost(&[one, other]))).min().unwrap();
        let start: Vec<Pattern> = needs.citizens.iter().map(|citizen| cheapest(citizen, &[0; 3], None, FEW_SETS).0).collect();
        let found = anneal(&needs, &start, &all_likely(&needs), COOLING, 0, &Watch::new(None, StopToken::default()));
        let found = needs.cost(&found.iter().collect::<Vec<_>>());
        assert!(found >= best, "case {case}: {found} is below {best}");
        exact += usize::from(found == best);
    }
    assert!(exact * 10 >= n * 8, "{exact} of {n} are the best");
}
