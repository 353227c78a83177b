//! Trials on a line: place 0 is the base, visit `v` is at place `v + 1`, every service lasts one tick.

use super::{Sequences, Working};
use crate::fixture::line_with;
use crate::problem::{BreakRule, Link, Moment, Preference, Problem, ProblemBuilder, Term, Ticks, VisitId, Weight, Window};
use crate::search::Penalties;
use crate::search::arrays::{Arrays, NONE, ticks};

const DEAR: i64 = 1000;

fn penalties(problem: &Problem) -> Penalties {
    let soft = |term| problem.objective().soft(term);
    Penalties {
        lateness: soft(Term::Lateness),
        late_break: DEAR,
        overtime: soft(Term::Overtime),
        overload: DEAR,
        missed_break: soft(Term::MissedBreak),
        unserved: DEAR,
    }
}

fn problem(change: impl FnOnce(&mut ProblemBuilder)) -> Problem {
    line_with(4, 2, |parts| {
        parts.objective = parts.objective.clone().with(Term::Lateness, Weight::Soft(10)).with(Term::GreatestLateness, Weight::Soft(100));
        change(parts);
    })
}

fn tie(parts: &mut ProblemBuilder, first: usize, second: usize, min: i64, max: i64) {
    parts.links.push(Link { first: VisitId::new(first), second: VisitId::new(second), min: Ticks(min), max: Ticks(max), different_carers: true });
}

fn close(parts: &mut ProblemBuilder, visit: usize, open: i64, close: i64) {
    parts.visits[VisitId::new(visit)].windows = vec![Window { open: Moment(open), close: Moment(close) }];
}

#[test]
fn relocating_a_visit_costs_the_change_in_travel() {
    let problem = problem(|_| ());
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from([vec![0, 1], vec![2, 3]].to_vec()));
    // Out to place 2 and back is 4, out to place 4 and back is 8.
    assert_eq!(working.cost(), 12);
    working.begin();
    working.remove(3);
    working.insert_after(3, 1);
    // Out to place 4 and back is 8, out to place 3 and back is 6.
    assert_eq!(working.settle(), 14);
    assert!(working.propagate(i64::MAX));
    assert_eq!(working.cost(), 14);
    working.undo();
    assert_eq!(working.cost(), 12);
    working.audit();
}

#[test]
fn a_visit_left_out_costs_its_penalty() {
    let problem = problem(|_| ());
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    assert_eq!(working.cost(), 4 * DEAR);
    working.load(&Sequences::from([vec![3], vec![]].to_vec()));
    assert_eq!(working.cost(), 3 * DEAR + 8);
    assert_eq!(working.shift(2), NONE);
}

#[test]
fn linked_visits_start_together_and_delay_what_follows() {
    let problem = problem(|parts| {
        tie(parts, 0, 2, 0, 0);
        close(parts, 1, 0, 4);
    });
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from([vec![0, 1], vec![3, 2]].to_vec()));
    // Carer 1 serves place 4 from 4 to 5 and is at place 3 at 6; carer 0 waits there from 1 to 6 and is at place 2 at 8, 4 late.
    assert_eq!([0, 1, 2, 3].map(|node| ticks(working.start(node))), [6, 8, 6, 4]);
    assert_eq!(working.cost(), 4 + 8 + 10 * 4 + 100 * 4);
    working.begin();
    working.remove(3);
    working.settle();
    assert!(working.propagate(i64::MAX));
    // Without place 4 carer 1 is at place 3 at 3.
    assert_eq!([0, 1, 2].map(|node| ticks(working.start(node))), [3, 5, 3]);
    assert_eq!(working.cost(), 4 + 6 + 10 + 100 + DEAR);
    working.commit();
    working.audit();
}

#[test]
fn crossing_links_are_refused() {
    let problem = problem(|parts| {
        tie(parts, 0, 2, 0, 0);
        tie(parts, 1, 3, 0, 0);
    });
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from([vec![0, 1], vec![2]].to_vec()));
    let cost = working.cost();
    working.begin();
    working.insert_after(3, arrays.start_of(1));
    working.settle();
    // Visit 3 before 2 while 1, which starts with 3, comes after 0, which starts with 2.
    assert!(!working.propagate(i64::MAX));
    working.undo();
    assert_eq!(working.cost(), cost);
    working.audit();
}

#[test]
fn exchanged_tails_keep_their_order() {
    let problem = problem(|_| ());
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from([vec![0, 1], vec![2, 3]].to_vec()));
    working.begin();
    working.cross(0, 2);
    working.settle();
    assert!(working.propagate(i64::MAX));
    working.commit();
    assert_eq!(working.sequences().routes, [vec![0, 3], vec![2, 1]]);
    // 1 + 3 + 4 and 3 + 1 + 2.
    assert_eq!(working.cost(), 14);
    working.audit();
}

#[test]
fn a_break_is_taken_where_the_next_visit_is() {
    let problem = problem(|parts| {
        parts.objective = parts.objective.clone().with(Term::MissedBreak, Weight::Soft(50));
        for shift in parts.shifts.iter_mut().take(1) {
            shift.pause = Some(BreakRule { open: Moment(0), latest_begin: Moment(5), min_duration: Ticks(10), latest_end: Moment(15) });
        }
    });
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from([vec![0, 1], vec![2, 3]].to_vec()));
    assert_eq!(working.cost(), 12 + 50);
    working.begin();
    working.insert_after(arrays.break_of(0), 0);
    working.settle();
    assert!(working.propagate(i64::MAX));
    working.commit();
    // At place 1 from 1 to 2, at place 2 at 3: the break to 13, then the visit.
    assert_eq!([arrays.break_of(0), 1].map(|node| ticks(working.start(node))), [3, 13]);
    assert_eq!(working.cost(), 12);
    let plan = working.unload();
    assert!(crate::check::check(&problem, &plan).is_feasible());
    working.audit();
}

#[test]
fn linked_visits_wait_for_the_wished_time_unless_they_have_a_lead() {
    let problem = problem(|parts| {
        parts.objective = parts.objective.clone().with(Term::Early, Weight::Soft(1));
        tie(parts, 0, 1, 0, 0);
        for visit in 0..2 {
            parts.visits[VisitId::new(visit)].preference = Some(Preference { from: Moment(10), until: Moment(20), early: 3, late: 0 });
        }
    });
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, penalties(&problem));
    working.load(&Sequences::from(vec![vec![0], vec![1]]));
    let starts = |working: &Working<'_>| [0, 1].map(|node| ticks(working.start(node)));
    assert_eq!(starts(&working), [10, 10]);
    let before = working.cost();
    working.begin();
    working.lead(arrays.visits[0].cluster, 4);
    working.settle();
    assert!(working.propagate(i64::MAX));
    // Four ticks early, twice, at 3 each.
    assert_eq!((starts(&working), working.cost()), ([6, 6], before + 24));
    working.undo();
    assert_eq!((starts(&working), working.cost()), ([10, 10], before));
    working.begin();
    working.lead(arrays.visits[0].cluster, 9);
    working.settle();
    assert!(working.propagate(i64::MAX));
    working.commit();
    // The second cannot be there before 2.
    assert_eq!(starts(&working), [2, 2]);
    working.audit();
    let sequences = working.sequences();
    working.load(&Sequences::from(sequences.routes.clone()));
    assert_eq!(starts(&working), [10, 10]);
    working.load(&sequences);
    assert_eq!(starts(&working), [2, 2]);
    let plan = working.unload();
    assert_eq!(Working::sequences_of(&arrays, &plan).leads[..2], [8, 8]);
}
