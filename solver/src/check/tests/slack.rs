//! Slack, hours and who comes last, summed by hand on Eva's day: visits at 100 and 140, a break from 180 to 210, a visit at 300, home by 340.

use super::charges::only;
use super::*;
use crate::problem::{Hours, LongestChain};

#[test]
fn free_time_is_what_is_neither_service_nor_ride_nor_break() {
    // Eva: 480 less 90 of service, 40 of rides and 30 of break is 320. Bo: 480 less 30 and 20 is 430.
    let asked = |free| {
        move |parts: &mut ProblemBuilder| parts.shifts.iter_mut().for_each(|shift| (shift.slack.free, shift.slack.free_cost) = (Ticks(free), 2))
    };
    assert_eq!(only(Term::ShortSlack, asked(320)), 0);
    assert_eq!(only(Term::ShortSlack, asked(400)), 2 * 80);
    assert_eq!(only(Term::ShortSlack, asked(440)), 2 * (120 + 10));
}

fn buffer(parts: &mut ProblemBuilder, ticks: i64) {
    (shift(parts, EVA).slack.buffer, shift(parts, EVA).slack.buffer_cost) = (Ticks(ticks), 3);
}

#[test]
fn a_buffer_is_asked_for_after_a_visit_elsewhere() {
    // Visit 1 has nothing before it; visit 0 is the first, visit 2 comes after the break.
    assert_eq!(only(Term::ShortBuffer, |parts| buffer(parts, 15)), 3 * 15);
    let same_home = |parts: &mut ProblemBuilder| {
        buffer(parts, 15);
        second_visit(parts).place = PlaceId::new(1);
    };
    let plan = changed(|plan| {
        replace(plan, EVA, 1, stop(1, 130, 140, 170));
        replace(plan, EVA, 2, rest(180, 180, 210));
    });
    assert_eq!(priced(Term::ShortBuffer, same_home, &plan), 0);
}

#[test]
fn a_chain_ends_at_a_break_and_where_the_carer_waits() {
    let chain =
        |visits, pause| move |parts: &mut ProblemBuilder| shift(parts, EVA).slack.chain = Some(LongestChain { visits, pause: Ticks(pause), cost: 4 });
    // Two visits, a break, one visit: the second is one too many for chains of one.
    assert_eq!(only(Term::LongChain, chain(1, 20)), 4);
    assert_eq!(only(Term::LongChain, chain(2, 20)), 0);
    // Without the break Eva waits 120 before the third: a pause of 120, none of 121.
    let plan = changed(|plan| {
        let _ = route(plan, EVA).stops.remove(2);
        replace(plan, EVA, 2, stop(2, 180, 300, 330));
    });
    assert_eq!(priced(Term::LongChain, chain(2, 120), &plan), 0);
    assert_eq!(priced(Term::LongChain, chain(2, 121), &plan), 4);
    assert_eq!(priced(Term::LongChain, chain(1, 121), &plan), 8);
}

#[test]
fn hours_hold_the_whole_visit() {
    let hours =
        |from, until| move |parts: &mut ProblemBuilder| shift(parts, EVA).hours = Some(Hours { from: Moment(from), until: Moment(until), cost: 7 });
    assert_eq!(only(Term::OutsideHours, hours(100, 330)), 0);
    // The first begins too early, the last ends too late.
    assert_eq!(only(Term::OutsideHours, hours(101, 329)), 14);
}

#[test]
fn who_is_to_be_last_is_followed_by_nobody_else() {
    // All visits are the same citizen's at first: nobody else follows.
    let last = |parts: &mut ProblemBuilder| first_visit(parts).not_last_cost = 9;
    assert_eq!(only(Term::NotLast, last), 0);
    let others = |parts: &mut ProblemBuilder| {
        last(parts);
        let other = parts.citizens.push(Citizen::new("other"));
        parts.visits[VisitId::new(2)].citizen = other;
    };
    assert_eq!(only(Term::NotLast, others), 9);
    // Another one who is to be last may follow.
    let both = |parts: &mut ProblemBuilder| {
        others(parts);
        second_visit(parts).not_last_cost = 5;
        parts.visits[VisitId::new(2)].not_last_cost = 1;
    };
    assert_eq!(only(Term::NotLast, both), 0);
}

/// What a term costs at weight 1 in this plan, by checker and evaluator.
fn priced(term: Term, facts: impl Fn(&mut ProblemBuilder), plan: &Plan) -> i64 {
    let problem = problem(|parts| {
        facts(parts);
        Term::ALL.iter().for_each(|&term| weigh(parts, term, Weight::Soft(0)));
        weigh(parts, term, Weight::Soft(1));
    });
    assert_eq!(check(&problem, plan).cost, crate::cost::evaluate(&problem, plan).cost(problem.objective()));
    check(&problem, plan).cost.0
}
