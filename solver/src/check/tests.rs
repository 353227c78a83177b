//! One plan that keeps every rule, then each rule broken alone.

use super::{RULES, check};
use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{
    BreakRule, Carer, CarerId, Citizen, CitizenId, Clock, Content, Cost, CourseId, Departure, Hours, Link, LongestChain, Met, ModeId, Moment, Need,
    Objective, PlaceId, Preference, Problem, ProblemBuilder, Published, Shift, ShiftId, SkillId, SkillSet, Slack, Term, Ticks, Travel, Visit,
    VisitId, Weight, Window,
};

mod charges;
mod slack;

const EVA: usize = 0;
const BO: usize = 1;

/// Five places 10 apart, all at place 0 at first. Eva has a break, Bo has none; visit 3 is optional; visits 2 and 4 start together.
fn facts() -> ProblemBuilder {
    let mut travel = Travel::new(5);
    let matrix: Vec<i64> = (0..25).map(|cell| if cell / 5 == cell % 5 { 0 } else { 10 }).collect();
    let mode = travel.add_mode(&matrix).expect("a square matrix of small entries");
    let objective = Objective::new(1).with(Term::Unserved, Weight::Hard).with(Term::Travel, Weight::Soft(1)).with(Term::Waiting, Weight::Soft(2));
    let mut parts = ProblemBuilder::new("by hand", Clock { ticks_per_minute: 1 }, travel, objective);
    parts.citizens.push(Citizen::new("citizen"));
    for name in ["eva", "bo"] {
        let carer = parts.carers.push(Carer { label: name.into(), skills: SkillSet::EMPTY, mode, team: None });
        let (start, end, base) = (Moment(0), Moment(480), PlaceId::new(0));
        parts.shifts.push(Shift {
            label: name.into(),
            carer,
            start,
            end,
            from: base,
            to: base,
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
    }
    parts.shifts[ShiftId::new(EVA)].pause = Some(pause());
    for (place, open, close) in [(1, 100, 200), (2, 100, 300), (3, 300, 400), (4, 0, 480), (3, 300, 400)] {
        let label = format!("v{}", parts.visits.len());
        parts.visits.push(visit(label, place, Window { open: Moment(open), close: Moment(close) }));
    }
    parts.visits[VisitId::new(3)].need = Need::Optional;
    let (first, second) = (VisitId::new(2), VisitId::new(4));
    parts.links.push(Link { first, second, min: Ticks(0), max: Ticks(0), different_carers: true });
    parts
}

fn pause() -> BreakRule {
    BreakRule { open: Moment(170), latest_begin: Moment(240), min_duration: Ticks(30), latest_end: Moment(260) }
}

fn visit(label: String, place: usize, window: Window) -> Visit {
    Visit {
        label,
        citizen: CitizenId::new(0),
        place: PlaceId::new(place),
        duration: Ticks(30),
        windows: vec![window],
        preference: None,
        published: None,
        skills: SkillSet::EMPTY,
        load: 1,
        need: Need::Required,
        priority: 0,
        unserved_cost: 70,
        allowed: None,
        preferred: Vec::new(),
        excluded: Vec::new(),
        course: None,
        carer_costs: Vec::new(),
        not_last_cost: 0,
        content: Content::default(),
    }
}

fn stop(visit: usize, arrival: i64, start: i64, end: i64) -> Stop {
    Stop { task: Task::Visit(VisitId::new(visit)), arrival: Moment(arrival), start: Moment(start), end: Moment(end) }
}

fn rest(arrival: i64, start: i64, end: i64) -> Stop {
    Stop { task: Task::Break, ..stop(0, arrival, start, end) }
}

/// Eva: visits 0 and 1, the break at the place of visit 2, visit 2 after 90 of waiting. Bo: visit 4.
fn plan() -> Plan {
    let eva = vec![stop(0, 100, 100, 130), stop(1, 140, 140, 170), rest(180, 180, 210), stop(2, 210, 300, 330)];
    let eva = Route { departure: Moment(90), stops: eva, back: Moment(340) };
    let bo = Route { departure: Moment(290), stops: vec![stop(4, 300, 300, 330)], back: Moment(340) };
    Plan { routes: vec![eva, bo].into(), unserved: vec![VisitId::new(3)] }
}

fn problem(change: impl Fn(&mut ProblemBuilder)) -> Problem {
    let mut parts = facts();
    change(&mut parts);
    parts.build().expect("a problem without faults")
}

fn changed(change: impl Fn(&mut Plan)) -> Plan {
    let mut plan = plan();
    change(&mut plan);
    plan
}

/// The rules that the changed plan breaks in the changed problem, each once.
fn broken(facts: impl Fn(&mut ProblemBuilder), decisions: impl Fn(&mut Plan)) -> Vec<&'static str> {
    let mut rules: Vec<_> = check(&problem(facts), &changed(decisions)).violations.iter().map(|violation| violation.rule).collect();
    rules.dedup();
    rules
}

fn route(plan: &mut Plan, shift: usize) -> &mut Route {
    &mut plan.routes[ShiftId::new(shift)]
}

fn replace(plan: &mut Plan, shift: usize, position: usize, with: Stop) {
    route(plan, shift).stops[position] = with;
}

fn first_visit(parts: &mut ProblemBuilder) -> &mut Visit {
    &mut parts.visits[VisitId::new(0)]
}

fn citizen(parts: &mut ProblemBuilder) -> &mut Citizen {
    &mut parts.citizens[CitizenId::new(0)]
}

fn second_visit(parts: &mut ProblemBuilder) -> &mut Visit {
    &mut parts.visits[VisitId::new(1)]
}

fn shift(parts: &mut ProblemBuilder, shift: usize) -> &mut Shift {
    &mut parts.shifts[ShiftId::new(shift)]
}

fn weigh(parts: &mut ProblemBuilder, term: Term, weight: Weight) {
    parts.objective = parts.objective.clone().with(term, weight);
}

fn forbid(parts: &mut ProblemBuilder, term: Term) {
    weigh(parts, term, Weight::Hard);
}

fn as_they_are<T>(_: &mut T) {}

/// One test per line: with these facts and decisions the plan breaks this rule and no other.
macro_rules! breaks_only {
    ($($name:ident: $rule:literal, $facts:expr, $decisions:expr;)*) => {
        $(#[test] fn $name() { assert_eq!(broken($facts, $decisions), [$rule]); })*
        const BROKEN: &[&str] = &[$($rule),*];
    };
}

breaks_only! {
    a_route_beyond_the_shifts_is_seen: "route_count", as_they_are, |plan| {
        plan.routes.push(Route { departure: Moment(0), stops: Vec::new(), back: Moment(0) });
    };
    an_unserved_visit_that_does_not_exist_is_seen: "unknown_visit", as_they_are, |plan| plan.unserved.push(VisitId::new(99));
    a_visit_in_two_routes_is_seen: "served_twice", as_they_are, |plan| {
        route(plan, BO).stops.push(stop(0, 340, 340, 370));
        route(plan, BO).back = Moment(380);
    };
    a_served_visit_is_not_unserved: "served_and_unserved", as_they_are, |plan| plan.unserved.insert(0, VisitId::new(0));
    a_visit_cannot_vanish: "unaccounted_visit", as_they_are, |plan| plan.unserved.clear();
    unserved_visits_are_listed_once: "unserved_order", as_they_are, |plan| plan.unserved.push(VisitId::new(3));
    only_allowed_carers_come: "not_allowed", |parts| first_visit(parts).allowed = Some(vec![CarerId::new(BO)]), as_they_are;
    nobody_may_come_when_the_allowed_list_is_empty: "not_allowed", |parts| first_visit(parts).allowed = Some(Vec::new()), as_they_are;
    an_unused_shift_stands_still: "unused_times", |parts| {
        let spare = Shift { label: "spare".into(), ..shift(parts, BO).clone() };
        parts.shifts.push(spare);
    }, |plan| { plan.routes.push(Route { departure: Moment(5), stops: Vec::new(), back: Moment(5) }); };
    nobody_leaves_before_the_shift: "departure_before_shift", |parts| shift(parts, EVA).start = Moment(95), as_they_are;
    leaving_early_is_not_just_in_time: "departure_time", as_they_are, |plan| {
        route(plan, EVA).departure = Moment(80);
        replace(plan, EVA, 0, stop(0, 90, 100, 130));
    };
    leaving_late_is_not_at_shift_start: "departure_time", |parts| parts.objective.departure = Departure::AtShiftStart, as_they_are;
    rides_take_their_time: "arrival_too_early", as_they_are, |plan| replace(plan, EVA, 1, stop(1, 139, 140, 170));
    rides_hide_no_waiting: "arrival_too_late", as_they_are, |plan| {
        replace(plan, EVA, 2, rest(190, 190, 220));
        replace(plan, EVA, 3, stop(2, 220, 300, 330));
    };
    service_waits_for_the_carer: "start_before_arrival", as_they_are, |plan| {
        replace(plan, EVA, 1, stop(1, 140, 135, 165));
        replace(plan, EVA, 2, rest(175, 180, 210));
    };
    service_waits_for_the_window: "before_window", |parts| second_visit(parts).windows[0].open = Moment(150), as_they_are;
    service_is_not_cut_short: "service_length", as_they_are, |plan| {
        replace(plan, EVA, 0, stop(0, 100, 100, 120));
        replace(plan, EVA, 1, stop(1, 130, 140, 170));
    };
    service_is_not_drawn_out: "service_length", as_they_are, |plan| {
        replace(plan, EVA, 3, stop(2, 210, 300, 331));
        route(plan, EVA).back = Moment(341);
    };
    a_shift_without_a_rule_has_no_break: "break_without_rule", |parts| shift(parts, EVA).pause = None, as_they_are;
    one_break_is_enough: "second_break", as_they_are, |plan| {
        route(plan, EVA).stops.insert(3, rest(210, 210, 240));
        replace(plan, EVA, 4, stop(2, 240, 300, 330));
    };
    a_break_is_not_too_early: "break_begin", |parts| shift(parts, EVA).pause = Some(BreakRule { open: Moment(181), ..pause() }), as_they_are;
    a_break_is_not_too_late: "break_begin", |parts| {
        shift(parts, EVA).pause = Some(BreakRule { open: Moment(160), latest_begin: Moment(179), ..pause() });
    }, as_they_are;
    a_break_has_its_length: "break_too_short", |parts| {
        shift(parts, EVA).pause = Some(BreakRule { min_duration: Ticks(31), ..pause() });
    }, as_they_are;
    a_long_break_ends_in_time: "break_too_long", as_they_are, |plan| {
        replace(plan, EVA, 2, rest(180, 180, 261));
        replace(plan, EVA, 3, stop(2, 261, 300, 330));
    };
    the_ride_home_takes_its_time: "back_too_early", as_they_are, |plan| route(plan, EVA).back = Moment(339);
    the_ride_home_hides_no_waiting: "back_too_late", as_they_are, |plan| route(plan, EVA).back = Moment(341);
    linked_visits_are_served_together: "link_half_served", |parts| weigh(parts, Term::Unserved, Weight::Soft(1)), |plan| {
        *route(plan, BO) = Route { departure: Moment(0), stops: Vec::new(), back: Moment(0) };
        plan.unserved.push(VisitId::new(4));
    };
    linked_visits_keep_their_distance: "link_difference", as_they_are, |plan| {
        *route(plan, BO) = Route { departure: Moment(291), stops: vec![stop(4, 301, 301, 331)], back: Moment(341) };
    };
    two_visits_at_once_take_two_carers: "link_same_carer", |parts| shift(parts, BO).carer = CarerId::new(EVA), as_they_are;
    hard_travel_is_a_rule: "travel", |parts| forbid(parts, Term::Travel), as_they_are;
    hard_waiting_is_a_rule: "waiting", |parts| forbid(parts, Term::Waiting), as_they_are;
    hard_lateness_is_a_rule: "lateness", |parts| {
        second_visit(parts).windows[0].close = Moment(139);
        forbid(parts, Term::Lateness);
    }, as_they_are;
    hard_greatest_lateness_is_a_rule: "greatest_lateness", |parts| {
        second_visit(parts).windows[0].close = Moment(139);
        forbid(parts, Term::GreatestLateness);
    }, as_they_are;
    hard_earliness_is_a_rule: "early", |parts| {
        first_visit(parts).preference = Some(Preference { from: Moment(101), until: Moment(200), early: 1, late: 1 });
        forbid(parts, Term::Early);
    }, as_they_are;
    a_hard_latest_wish_is_a_rule: "late", |parts| {
        first_visit(parts).preference = Some(Preference { from: Moment(0), until: Moment(99), early: 1, late: 1 });
        forbid(parts, Term::Late);
    }, as_they_are;
    hard_overtime_is_a_rule: "overtime", |parts| {
        shift(parts, EVA).end = Moment(339);
        forbid(parts, Term::Overtime);
    }, as_they_are;
    a_required_visit_is_served: "unserved", |parts| parts.visits[VisitId::new(3)].need = Need::Required, as_they_are;
    hard_carer_preference_is_a_rule: "carer_preference", |parts| {
        first_visit(parts).preferred = vec![CarerId::new(BO)];
        forbid(parts, Term::CarerPreference);
    }, as_they_are;
    hard_exclusion_is_a_rule: "exclusion", |parts| first_visit(parts).excluded = vec![CarerId::new(EVA)], as_they_are;
    hard_qualification_is_a_rule: "qualification", |parts| first_visit(parts).skills = SkillSet::EMPTY.with(SkillId::new(5)), as_they_are;
    a_hard_break_is_a_rule: "missed_break", |parts| {
        shift(parts, BO).pause = Some(pause());
        forbid(parts, Term::MissedBreak);
    }, as_they_are;
    hard_idle_time_is_a_rule: "greatest_idle", |parts| forbid(parts, Term::GreatestIdle), as_they_are;
    hard_balance_is_a_rule: "balance", |parts| forbid(parts, Term::Balance), as_they_are;
    hard_working_time_is_a_rule: "working_time", |parts| forbid(parts, Term::WorkingTime), as_they_are;
    hard_overload_is_a_rule: "overload", |parts| shift(parts, EVA).capacity = Some(2), as_they_are;
    hard_disruption_is_a_rule: "disruption", |parts| {
        first_visit(parts).published = Some(promise());
        forbid(parts, Term::Disruption);
    }, as_they_are;
    a_hard_use_of_shifts_is_a_rule: "shift_use", |parts| {
        shift(parts, BO).use_cost = 1;
        forbid(parts, Term::ShiftUse);
    }, as_they_are;
    a_hard_carer_cost_is_a_rule: "carer_cost", |parts| {
        first_visit(parts).carer_costs = vec![(CarerId::new(EVA), 1)];
        forbid(parts, Term::CarerCost);
    }, as_they_are;
    of_alternatives_one_is_given: "given_with_alternative", |parts| {
        // Visit 1 is what is asked for instead of visit 0, and Eva gives both.
        second_visit(parts).place = PlaceId::new(1);
        second_visit(parts).content.instead_of = Some(VisitId::new(0));
    }, |plan| {
        replace(plan, EVA, 1, stop(1, 130, 140, 170));
        replace(plan, EVA, 2, rest(180, 180, 210));
    };
    hard_content_is_a_rule: "content", |parts| {
        first_visit(parts).content.cost = 1;
        forbid(parts, Term::Content);
    }, as_they_are;
    hard_slack_is_a_rule: "short_slack", |parts| {
        shift(parts, EVA).slack = Slack { free: Ticks(321), free_cost: 1, ..Slack::default() };
        forbid(parts, Term::ShortSlack);
    }, as_they_are;
    a_hard_buffer_is_a_rule: "short_buffer", |parts| {
        shift(parts, EVA).slack = Slack { buffer: Ticks(1), buffer_cost: 1, ..Slack::default() };
        forbid(parts, Term::ShortBuffer);
    }, as_they_are;
    a_hard_chain_is_a_rule: "long_chain", |parts| {
        shift(parts, EVA).slack.chain = Some(LongestChain { visits: 1, pause: Ticks(5), cost: 1 });
        forbid(parts, Term::LongChain);
    }, as_they_are;
    hard_hours_are_a_rule: "outside_hours", |parts| {
        shift(parts, EVA).hours = Some(Hours { from: Moment(101), until: Moment(480), cost: 1 });
        forbid(parts, Term::OutsideHours);
    }, as_they_are;
    hard_last_visits_are_a_rule: "not_last", |parts| {
        let other = parts.citizens.push(Citizen::new("other"));
        first_visit(parts).citizen = other;
        first_visit(parts).not_last_cost = 1;
        forbid(parts, Term::NotLast);
    }, as_they_are;
    hard_faces_are_a_rule: "faces", |parts| forbid(parts, Term::Faces), as_they_are;
    hard_new_faces_are_a_rule: "new_faces", |parts| {
        citizen(parts).history = vec![Met { carer: CarerId::new(EVA), days_before: 28 }];
        forbid(parts, Term::NewFaces);
    }, as_they_are;
    a_hard_cap_is_a_rule: "above_cap", |parts| {
        citizen(parts).cap = Some(1);
        forbid(parts, Term::AboveCap);
    }, as_they_are;
    hard_irregularity_is_a_rule: "irregularity", |parts| {
        (first_visit(parts).course, second_visit(parts).course) = (Some(CourseId::new(0)), Some(CourseId::new(0)));
        forbid(parts, Term::Irregularity);
    }, as_they_are;
}

/// Visit 0 was promised by Bo at 88, give or take 2: 10 beyond, at 3 each, and 50 for Eva.
fn promise() -> Published {
    Published { carer: CarerId::new(BO), start: Moment(88), tolerance: Ticks(2), carer_changed: 50, time_moved: 7, per_tick: 3 }
}

#[test]
fn alternatives_are_left_out_once_and_pay_for_what_is_given() {
    // Visit 1 is asked for instead of visit 0, which costs 9 where it is given; leaving both out would cost 70 once.
    let facts = |parts: &mut ProblemBuilder| {
        second_visit(parts).place = PlaceId::new(1);
        second_visit(parts).content.instead_of = Some(VisitId::new(0));
        first_visit(parts).content.cost = 9;
        parts.objective = parts.objective.clone().with(Term::Content, Weight::Soft(1)).with(Term::Unserved, Weight::Soft(1));
    };
    let given = |visits: [bool; 2]| {
        let plan = changed(|plan| {
            let is_kept = |stop: &Stop| !matches!(stop.task, Task::Visit(visit) if visit.idx() < 2 && !visits[visit.idx()]);
            route(plan, EVA).stops.retain(is_kept);
            plan.unserved = (0..2).filter(|&visit| !visits[visit]).chain([3]).map(VisitId::new).collect();
        });
        let problem = problem(facts);
        let verdict = check(&problem, &plan);
        let left_out: Vec<usize> = plan.left_out(&problem).map(VisitId::idx).collect();
        (crate::cost::evaluate(&problem, &plan), verdict, left_out)
    };
    for (visits, content, unserved, missing) in
        [([true, false], 9, 70, vec![3]), ([false, true], 0, 70, vec![3]), ([false, false], 0, 140, vec![0, 3])]
    {
        let (breakdown, _, left_out) = given(visits);
        assert_eq!((breakdown.quantity(Term::Content), breakdown.quantity(Term::Unserved), left_out), (content, unserved, missing), "{visits:?}");
    }
    // Times are off where stops are missing; that one of them is given is no violation by itself.
    let (_, verdict, _) = given([true, true]);
    assert!(verdict.violations.iter().any(|violation| violation.rule == "given_with_alternative"), "{:?}", verdict.violations);
    let (_, verdict, _) = given([true, false]);
    assert!(verdict.violations.iter().all(|violation| violation.rule != "given_with_alternative"), "{:?}", verdict.violations);
}

#[test]
fn every_rule_is_broken_by_some_test() {
    for (rule, words) in RULES {
        assert!(BROKEN.contains(&rule), "no test breaks {rule}");
        assert!(!words.is_empty(), "{rule} has no words");
    }
    assert!(BROKEN.iter().all(|rule| RULES.iter().any(|(known, _)| known == rule)));
}

#[test]
fn the_last_rules_are_the_terms() {
    let codes = RULES[RULES.len() - Term::ALL.len()..].iter().map(|(code, _)| *code);
    assert!(codes.eq(Term::ALL.map(Term::name)));
}

#[test]
fn a_correct_plan_keeps_every_rule() {
    // Travel 40 (Eva) + 20 (Bo) = 60; waiting 2 × 90; visit 3 left out 70.
    let verdict = check(&problem(as_they_are), &plan());
    assert!(verdict.is_feasible(), "{:?}", verdict.violations);
    assert_eq!(verdict.cost, Cost(60 + 180 + 70));
}

#[test]
fn absurd_plans_are_judged_without_panic() {
    let problem = problem(|parts| {
        first_visit(parts).published = Some(Published { per_tick: 1 << 20, ..promise() });
        weigh(parts, Term::Disruption, Weight::Soft(1 << 20));
    });
    let (past, future) = (Moment(i64::MIN), Moment(i64::MAX));
    let wild = Stop { task: Task::Visit(VisitId::new(0)), arrival: future, start: past, end: future };
    let lost = Stop { task: Task::Visit(VisitId::new(4_000_000_000)), ..wild };
    let route = Route { departure: past, stops: vec![lost, wild, Stop { task: Task::Break, ..wild }], back: future };
    for routes in [Vec::new(), vec![route.clone()], vec![route; 5]] {
        let verdict = check(&problem, &Plan { routes: routes.into(), unserved: vec![VisitId::new(7); 2] });
        assert!(!verdict.is_feasible());
        assert!(verdict.cost >= Cost::ZERO);
    }
}
