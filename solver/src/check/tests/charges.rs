//! What the plan owes, term by term, summed by hand.

use super::*;

/// The cost with this one term at weight 1 and everything else free.
pub(super) fn only(term: Term, facts: impl Fn(&mut ProblemBuilder)) -> i64 {
    let problem = problem(|parts| {
        facts(parts);
        Term::ALL.iter().for_each(|&term| weigh(parts, term, Weight::Soft(0)));
        weigh(parts, term, Weight::Soft(1));
    });
    check(&problem, &plan()).cost.0
}

#[test]
fn work_is_service_and_travel() {
    // Eva 40 + 3 × 30 = 130, Bo 20 + 30 = 50; the mean is 90, both are 40 away.
    assert_eq!(only(Term::WorkingTime, as_they_are), 130 + 50);
    assert_eq!(only(Term::Balance, as_they_are), 40 + 40);
}

#[test]
fn each_distance_from_the_mean_is_rounded_up() {
    // Visit 0 should last 31: work is 131 and 50, the mean 90.5, and 40.5 is rounded up on either side.
    assert_eq!(only(Term::Balance, |parts| first_visit(parts).duration = Ticks(31)), 41 + 41);
}

#[test]
fn idle_time_is_before_between_and_after() {
    // Eva: 90 before leaving, 90 of waiting, 140 after = 320. Bo: 290 + 0 + 140 = 430.
    assert_eq!(only(Term::GreatestIdle, as_they_are), 430);
}

#[test]
fn an_unused_shift_is_idle_all_day_and_misses_its_break() {
    let add_spare = |parts: &mut ProblemBuilder| {
        let spare = Shift { label: "spare".into(), ..shift(parts, EVA).clone() };
        parts.shifts.push(spare);
    };
    assert_eq!(only(Term::GreatestIdle, add_spare), 480);
    assert_eq!(only(Term::MissedBreak, add_spare), 1);
}

#[test]
fn lateness_counts_from_the_latest_window_that_has_opened() {
    // Visit 1 starts at 140. The window 100..110 has opened last, so 30; the one from 141 has not opened.
    let windows = [(0, 50), (100, 110), (141, 300)].map(|(open, close)| Window { open: Moment(open), close: Moment(close) });
    assert_eq!(only(Term::Lateness, |parts| second_visit(parts).windows = windows.to_vec()), 30);
    assert_eq!(only(Term::GreatestLateness, |parts| second_visit(parts).windows = windows.to_vec()), 30);
}

#[test]
fn wishes_have_their_own_prices() {
    // Visit 0 starts at 100: 20 before 120 at 3, and 40 after 60 at 2.
    let wish = |from, until| Some(Preference { from: Moment(from), until: Moment(until), early: 3, late: 2 });
    assert_eq!(only(Term::Early, |parts| first_visit(parts).preference = wish(120, 130)), 60);
    assert_eq!(only(Term::Late, |parts| first_visit(parts).preference = wish(50, 60)), 80);
}

#[test]
fn disruption_is_the_changed_carer_and_the_moved_start() {
    // |100 − 88| − 2 = 10 at 3 each, 7 for being moved at all, and 50 for another carer.
    assert_eq!(only(Term::Disruption, |parts| first_visit(parts).published = Some(promise())), 87);
    // Within the tolerance only the carer counts.
    let near = Published { start: Moment(102), ..promise() };
    assert_eq!(only(Term::Disruption, |parts| first_visit(parts).published = Some(near)), 50);
}

#[test]
fn faces_are_carers_however_often_they_come() {
    // Eva comes three times and Bo once; Bo came before.
    let known = |parts: &mut ProblemBuilder| citizen(parts).history = vec![Met { carer: CarerId::new(BO), days_before: 3 }; 2];
    assert_eq!(only(Term::Faces, known), 1);
    assert_eq!(only(Term::NewFaces, known), 1);
    assert_eq!(only(Term::AboveCap, |parts| citizen(parts).cap = Some(1)), 1);
    assert_eq!(only(Term::AboveCap, |parts| citizen(parts).cap = Some(2)), 0);
    assert_eq!(only(Term::CarerCost, |parts| first_visit(parts).carer_costs = vec![(CarerId::new(EVA), 4), (CarerId::new(BO), 9)]), 4);
}

#[test]
fn a_shift_that_visits_anyone_has_a_price_and_so_has_a_mode() {
    let priced = |parts: &mut ProblemBuilder| parts.shifts.iter_mut().for_each(|shift| shift.use_cost = 70);
    assert_eq!(only(Term::ShiftUse, priced), 140);
    // A third shift, which visits nobody.
    let spare = |parts: &mut ProblemBuilder| {
        let shift = Shift { label: "spare".into(), ..parts.shifts[ShiftId::new(EVA)].clone() };
        parts.shifts.push(shift);
        priced(parts);
    };
    let mut plan = plan();
    let unused = &problem(spare).shifts()[ShiftId::new(2)].clone();
    plan.routes.push(Route { departure: unused.start, stops: Vec::new(), back: unused.start });
    let free = problem(|parts| {
        Term::ALL.iter().for_each(|&term| weigh(parts, term, Weight::Soft(0)));
        weigh(parts, Term::ShiftUse, Weight::Soft(1));
        spare(parts);
    });
    assert_eq!(check(&free, &plan).cost, Cost(140));
    assert_eq!(crate::cost::evaluate(&free, &plan).quantity(Term::ShiftUse), 140);
    let travelled = only(Term::Travel, as_they_are);
    assert_eq!(only(Term::Travel, |parts| parts.travel.set_price(ModeId::new(0), 7)), 7 * travelled);
}

#[test]
fn irregular_is_what_is_away_from_the_median_of_its_course() {
    // Starts at 100, 140, 300 and 300: the median is the earlier of 140 and 300, the others are 40, 160 and 160 away.
    let all = |parts: &mut ProblemBuilder| parts.visits.iter_mut().for_each(|visit| visit.course = Some(CourseId::new(7)));
    assert_eq!(only(Term::Irregularity, all), 40 + 160 + 160);
    // Another course has a median of its own, and a visit without one does not count.
    let two = |parts: &mut ProblemBuilder| {
        all(parts);
        second_visit(parts).course = Some(CourseId::new(1));
        parts.visits[VisitId::new(4)].course = None;
    };
    assert_eq!(only(Term::Irregularity, two), 200);
    // A visit of the next day that starts at 1540 starts at the same time of day as one at 100.
    let tomorrow = |parts: &mut ProblemBuilder| {
        all(parts);
        parts.clock.ticks_per_minute = 1;
        let windows = [(60, 70), (1450, 1500)].map(|(open, close)| Window { open: Moment(open), close: Moment(close) });
        parts.visits.iter_mut().for_each(|visit| visit.windows = windows.to_vec());
    };
    let mut plan = plan();
    replace(&mut plan, EVA, 0, stop(0, 1540, 1540, 1570));
    let problem = problem(|parts| {
        Term::ALL.iter().for_each(|&term| weigh(parts, term, Weight::Soft(0)));
        weigh(parts, Term::Irregularity, Weight::Soft(1));
        tomorrow(parts);
    });
    assert_eq!(check(&problem, &plan).cost, Cost(40 + 160 + 160));
    assert_eq!(crate::cost::evaluate(&problem, &plan).quantity(Term::Irregularity), 360);
}

#[test]
fn overtime_and_overload_are_what_is_above() {
    // Eva is back at 340 with 3 visits of load 1.
    assert_eq!(only(Term::Overtime, |parts| shift(parts, EVA).end = Moment(300)), 40);
    assert_eq!(only(Term::Overload, |parts| shift(parts, EVA).capacity = Some(1)), 2);
}

#[test]
fn there_is_no_waiting_after_a_break_that_comes_first() {
    // Eva leaves at 170 and rests at the place of visit 2 from 180 to 210: the 90 before its start are idle, not waiting.
    // Idle: 170 before leaving, 90, and 140 after the return at 340.
    let mut plan = plan();
    *route(&mut plan, EVA) = Route { departure: Moment(170), stops: vec![rest(180, 180, 210), stop(2, 210, 300, 330)], back: Moment(340) };
    plan.unserved = [0, 1, 3].map(VisitId::new).to_vec();
    assert_eq!(eva_alone(Term::Waiting, &plan), 0);
    assert_eq!(eva_alone(Term::GreatestIdle, &plan), 170 + 90 + 140);
}

#[test]
fn a_break_that_comes_last_is_where_the_carer_is() {
    // Eva rests at visit 0 after 40 of waiting and rides home: 20 of travel. Bo's ride is 20 more.
    let mut plan = plan();
    *route(&mut plan, EVA) = Route { departure: Moment(90), stops: vec![stop(0, 100, 100, 130), rest(130, 170, 200)], back: Moment(210) };
    plan.unserved = [1, 2, 3].map(VisitId::new).to_vec();
    assert_eq!(eva_alone(Term::Travel, &plan), 20 + 20);
    assert_eq!(eva_alone(Term::Waiting, &plan), 40);
}

#[test]
fn a_break_alone_is_at_the_base() {
    // Nobody rides but Bo. Eva is idle but for 30 of 480.
    let mut plan = plan();
    *route(&mut plan, EVA) = Route { departure: Moment(170), stops: vec![rest(170, 170, 200)], back: Moment(200) };
    plan.unserved = [0, 1, 2, 3].map(VisitId::new).to_vec();
    assert_eq!(eva_alone(Term::Travel, &plan), 20);
    assert_eq!(eva_alone(Term::GreatestIdle, &plan), 480 - 30);
}

/// The cost of a plan without faults, where Eva may leave visits out and Bo is seldom idle, with this one term at weight 1.
fn eva_alone(term: Term, plan: &Plan) -> i64 {
    let problem = problem(|parts| {
        parts.links.clear();
        Term::ALL.iter().for_each(|&term| weigh(parts, term, Weight::Soft(0)));
        shift(parts, BO).start = Moment(280);
        weigh(parts, term, Weight::Soft(1));
    });
    let verdict = check(&problem, plan);
    assert!(verdict.is_feasible(), "{:?}", verdict.violations);
    assert_eq!(verdict.cost, crate::cost::evaluate(&problem, plan).cost(problem.objective()));
    verdict.cost.0
}
