//! Exchanges two visits.

use super::{Context, Move, Tried, can_hold, conclude, served_visit};
use crate::search::Working;

pub(super) const MOVE: Move = Move { supports: |arrays| arrays.n_visits > 1, share: 0.12, attempt };

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
