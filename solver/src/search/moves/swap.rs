//! Exchanges two visits.

use super::{Context, Move, Tried, can_hold, conclude, served_visit};
use crate::search::Working;
use crate::search::arrays::Node;
use crate::search::working::{Order, Stretch};

pub(super) const MOVE: Move = Move { name: "swap", supports: |arrays| arrays.n_visits > 1, share: 0.12, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let Some(first) = served_visit(working, context) else { return Tried::Nothing };
    let list = context.neighbours.of(first);
    if list.is_empty() {
        return Tried::Nothing;
    }
    let second = list[context.rng.below(list.len())];
    if !working.is_served(second) {
        return Tried::Nothing;
    }
    let (shift_a, shift_b) = (working.shift(first), working.shift(second));
    if !working.arrays.is_able(first, shift_b) || !working.arrays.is_able(second, shift_a) {
        return Tried::Nothing;
    }
    let (behind_a, behind_b) = (working.prev(first), working.prev(second));
    if behind_a == second || behind_b == first {
        return Tried::Nothing;
    }
    if is_hopeless(working, first, second, limit) {
        return Tried::Rejected;
    }
    working.begin();
    working.remove(first);
    working.remove(second);
    if !can_hold(working, first, shift_b) {
        working.undo();
        return Tried::Nothing;
    }
    working.insert_after(first, behind_b);
    if !can_hold(working, second, shift_a) {
        working.undo();
        return Tried::Nothing;
    }
    working.insert_after(second, behind_a);
    conclude(working, limit)
}

/// Whether exchanging the two, which are not next to each other, looks dearer than `limit` before anything is touched.
fn is_hopeless(working: &Working<'_>, first: Node, second: Node, limit: i64) -> bool {
    let arrays = working.arrays;
    let (shift_a, shift_b) = (working.shift(first), working.shift(second));
    if shift_a != shift_b {
        let (one, other) = (Stretch::one(first), Stretch::one(second));
        let to_a = working.order(shift_a, Some(one), Some((other, working.prev(first))));
        let to_b = working.order(shift_b, Some(other), Some((one, working.prev(second))));
        return to_a.zip(to_b).is_some_and(|(to_a, to_b)| working.is_hopeless(&[to_a, to_b], None, limit));
    }
    if working.start(first) == working.start(second) {
        // Which of the two comes first cannot be told from here.
        return false;
    }
    let (early, late) = if working.start(first) < working.start(second) { (first, second) } else { (second, first) };
    let (before, behind) = (working.prev(early), working.next(late));
    let (from, to) = (working.next(early), working.prev(late));
    if [before, behind, from, to].iter().any(|&node| arrays.is_break(node)) {
        return false;
    }
    let stretches = [Stretch::one(late), Stretch::new(from, to), Stretch::one(early), Stretch::new(behind, arrays.end_of(shift_a))];
    working.is_hopeless(&[Order::new(shift_a, before, &stretches, None)], None, limit)
}
