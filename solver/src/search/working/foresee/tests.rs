//! What is foreseen against what the edits then come to.

use super::*;
use crate::fixture::line_with;
use crate::problem::{Link, Moment, Problem, Term, Ticks, VisitId, Weight, Window};
use crate::rng::Rng;
use crate::search::Penalties;
use crate::search::arrays::Arrays;
use crate::search::working::Sequences;

/// Nine visits, three carers who can carry three each; windows of ten ticks, so that most orders are late somewhere.
fn day(links: &[(usize, usize)], greatest: i64) -> Problem {
    line_with(9, 3, |parts| {
        parts.objective = parts.objective.clone().with(Term::Lateness, Weight::Soft(3)).with(Term::GreatestLateness, Weight::Soft(greatest));
        for (at, visit) in parts.visits.iter_mut().enumerate() {
            let open = 5 * (at as i64 * 7 % 9);
            visit.windows = vec![Window { open: Moment(open), close: Moment(open + 10) }];
            visit.load = 1;
        }
        for shift in parts.shifts.iter_mut() {
            shift.capacity = Some(3);
        }
        for &(first, second) in links {
            let (first, second) = (VisitId::new(first), VisitId::new(second));
            parts.links.push(Link { first, second, min: Ticks(0), max: Ticks(0), different_carers: true });
        }
    })
}

const PENALTIES: Penalties = Penalties { lateness: 3, late_break: 1, overtime: 5, overload: 11, missed_break: 1, unserved: 1000 };

/// The change of cost that the edits really make.
fn really(working: &mut Working<'_>, edit: impl FnOnce(&mut Working<'_>)) -> i64 {
    let before = working.cost();
    working.begin();
    edit(working);
    working.settle();
    assert!(working.propagate(i64::MAX), "no order of an unlinked day contradicts itself");
    let change = working.cost() - before;
    working.undo();
    change
}

#[test]
fn without_links_what_is_foreseen_comes_true() {
    try_moves(0, |foreseen, change| assert_eq!(foreseen, change));
}

#[test]
fn a_greatest_lateness_is_foreseen_from_below() {
    let mut exact = 0;
    try_moves(7, |foreseen, change| {
        assert!(foreseen <= change, "{foreseen} is above {change}");
        exact += i32::from(foreseen == change);
    });
    assert!(exact > 300, "only {exact} are exact");
}

/// Puts visits in, moves them and exchanges tails on random plans; `judge` gets what was foreseen and what came of it.
fn try_moves(greatest: i64, mut judge: impl FnMut(i64, i64)) {
    let problem = day(&[], greatest);
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, PENALTIES);
    let mut rng = Rng::new(1, 0);
    let mut told = 0;
    for _ in 0..400 {
        let mut visits: Vec<Node> = (0..9).collect();
        rng.shuffle(&mut visits);
        let out = visits.pop().expect("nine visits");
        let mut routes = vec![Vec::new(); 3];
        for visit in visits {
            routes[rng.below(3)].push(visit);
        }
        working.load(&Sequences::from(routes));
        let served = (0..9).filter(|&visit| visit != out).collect::<Vec<Node>>();
        let visit = served[rng.below(8)];
        let target = served[rng.below(8)];
        let (from, to) = (working.shift(visit), working.shift(target));
        let one = Stretch::one(visit);

        // Put in what is left out.
        let order = working.order(to, None, Some((Stretch::one(out), target))).expect("no breaks");
        let foreseen = working.foresee(&[order], None, i64::MAX / 4).expect("no limit");
        judge(foreseen, really(&mut working, |working| working.insert_after(out, target)));

        // Move one behind another.
        if visit != target && working.prev(visit) != target {
            let orders = if from == to {
                working.order(to, Some(one), Some((one, target))).map(|order| vec![order])
            } else {
                working.order(from, Some(one), None).zip(working.order(to, None, Some((one, target)))).map(|(out, into)| vec![out, into])
            };
            if let Some(orders) = orders {
                let foreseen = working.foresee(&orders, None, i64::MAX / 4).expect("no limit");
                let change = really(&mut working, |working| {
                    working.remove(visit);
                    working.insert_after(visit, target);
                });
                judge(foreseen, change);
                let limit = working.cost() + foreseen;
                for over in [-200, -20, -1, 0, 1, 20] {
                    assert_eq!(working.is_hopeless(&orders, None, limit + over), over < 0, "{over}: a walk that ends early ends too early");
                }
                told += 1;
            }
        }

        // Exchange tails: all behind the one against all from the other on.
        if from != to {
            let (head, second) = (working.next(visit), working.prev(target));
            let (end_a, end_b) = (arrays.end_of(from), arrays.end_of(to));
            let tail_b = Stretch::new(target, working.prev(end_b));
            let tail_a = (head != end_a).then(|| Stretch::new(head, working.prev(end_a)));
            let a = Order::new(from, visit, &[tail_b, Stretch::one(end_a)], tail_a);
            let rest: Vec<Stretch> = tail_a.into_iter().chain([Stretch::one(end_b)]).collect();
            let b = Order::new(to, second, &rest, Some(tail_b));
            let foreseen = working.foresee(&[a, b], None, i64::MAX / 4).expect("no limit");
            judge(foreseen, really(&mut working, |working| working.cross(visit, second)));
            told += 1;
        }
    }
    assert!(told > 300, "only {told} moves were foreseen");
}

/// Two linked visits that move at once: each waits for the other at the new places, where nobody is behind them.
#[test]
fn a_moving_pair_waits_for_each_other() {
    let problem = day(&[(0, 1)], 7);
    let arrays = Arrays::new(&problem);
    let mut working = Working::new(&arrays, PENALTIES);
    working.load(&Sequences::from(vec![vec![0, 2], vec![1], vec![3]]));
    // Visit 0 opens at 0 and visit 1 at 35: behind 3 and 1's old place the pair starts at 35 at the earliest.
    let starts = [working.start_behind(0, 3, 2), working.start_behind(1, arrays.start_of(0), 0)];
    let together = starts[0].max(starts[1]);
    let moving = MovingPair { cluster: arrays.visits[0].cluster, starts: [(0, together), (1, together)] };
    let (zero, one) = (Stretch::one(0), Stretch::one(1));
    let orders =
        [working.order(0, Some(zero), Some((one, arrays.start_of(0)))), working.order(1, Some(one), None), working.order(2, None, Some((zero, 3)))]
            .map(|order| order.expect("no breaks"));
    let foreseen = working.foresee(&orders, Some(&moving), i64::MAX / 4).expect("no limit");
    let change = really(&mut working, |working| {
        working.remove(0);
        working.remove(1);
        working.insert_after(0, 3);
        working.insert_after(1, arrays.start_of(0));
    });
    assert_eq!(foreseen, change);
}
