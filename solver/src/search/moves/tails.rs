//! 2-opt*: exchanges the tails of two routes (Potvin and Rousseau 1995). Breaks stay with their carers.

use super::{Context, Move, Tried, before_time, conclude, served_visit, stands_apart};
use crate::search::Working;
use crate::search::arrays::Node;
use crate::search::working::{Order, Stretch};

pub(super) const MOVE: Move =
    Move { name: "tails", supports: |arrays| arrays.n_shifts > 1 && arrays.n_visits > 1, share: 0.10, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(first) = served_visit(working, context) else { return Tried::Nothing };
    let list = context.neighbours.of(first);
    if list.is_empty() {
        return Tried::Nothing;
    }
    let follower = list[context.rng.below(list.len())];
    let (shift_a, shift_b) = (working.shift(first), working.shift(follower));
    if !working.is_served(follower) || shift_a == shift_b {
        return Tried::Nothing;
    }
    if !tail_fits(working, working.next(first), shift_b) || !tail_fits(working, follower, shift_a) {
        return Tried::Nothing;
    }
    if is_hopeless(working, first, follower, limit) {
        return Tried::Rejected;
    }
    let before = working.prev(follower);
    let second = if arrays.is_break(before) { working.prev(before) } else { before };
    conclude_cross(working, [shift_a, shift_b], first, second, limit)
}

/// Exchanges what is behind `first` and `second` in the routes of the two shifts. Breaks stay with their carers.
pub(super) fn conclude_cross(working: &mut Working<'_>, shifts: [u32; 2], first: Node, second: Node, limit: i64) -> Tried {
    let arrays = working.arrays;
    working.begin();
    let mut breaks = [(0, 0); 2];
    let mut n_breaks = 0;
    for shift in shifts {
        let node = arrays.break_of(shift);
        if working.is_served(node) {
            breaks[n_breaks] = (node, shift);
            n_breaks += 1;
            working.remove(node);
        }
    }
    working.cross(first, second);
    for &(node, shift) in &breaks[..n_breaks] {
        let behind = before_time(working, shift, working.start(node));
        working.insert_after(node, behind);
    }
    for shift in shifts {
        if !working.route(shift).all(|node| !arrays.is_visit(node) || stands_apart(working, node, shift)) {
            working.undo();
            return Tried::Nothing;
        }
    }
    conclude(working, limit)
}

/// Whether a shift is able to serve every visit from `node` to the end of its route.
pub(super) fn tail_fits(working: &Working<'_>, mut node: Node, shift: u32) -> bool {
    while !working.arrays.is_end(node) {
        if working.arrays.is_visit(node) && !working.arrays.is_able(node, shift) {
            return false;
        }
        node = working.next(node);
    }
    true
}

/// Whether the routes with the tails behind `first` and from `follower` on exchanged look dearer than `limit` before anything is touched.
fn is_hopeless(working: &Working<'_>, first: Node, follower: Node, limit: i64) -> bool {
    let arrays = working.arrays;
    let (shift_a, shift_b) = (working.shift(first), working.shift(follower));
    if [shift_a, shift_b].iter().any(|&shift| working.is_served(arrays.break_of(shift))) {
        return false;
    }
    let (end_a, end_b) = (arrays.end_of(shift_a), arrays.end_of(shift_b));
    let (head, second) = (working.next(first), working.prev(follower));
    let tail_b = Stretch::new(follower, working.prev(end_b));
    let to_a = |out| Order::new(shift_a, first, &[tail_b, Stretch::one(end_a)], out);
    if head == end_a {
        let to_b = Order::new(shift_b, second, &[Stretch::one(end_b)], Some(tail_b));
        return working.is_hopeless(&[to_a(None), to_b], None, limit);
    }
    let tail_a = Stretch::new(head, working.prev(end_a));
    let to_b = Order::new(shift_b, second, &[tail_a, Stretch::one(end_b)], Some(tail_b));
    working.is_hopeless(&[to_a(Some(tail_a)), to_b], None, limit)
}
