//! Gives one of the alternatives to a visit instead of it: in its place, or where that one goes well.

use super::{Context, Move, Tried, can_hold, conclude, draw_position};
use crate::search::Working;

pub(super) const MOVE: Move = Move { name: "content", supports: |arrays| arrays.chooses, share: 0.06, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(drawn) = context.focus.draw(context.rng) else { return Tried::Nothing };
    let others = &arrays.instead[drawn as usize];
    if others.is_empty() {
        return Tried::Nothing;
    }
    // Whichever of them is drawn: the one that is served makes room for another one.
    let Some(given) = std::iter::once(&drawn).chain(others).copied().find(|&one| working.is_served(one)) else { return Tried::Nothing };
    let others = &arrays.instead[given as usize];
    let other = others[context.rng.below(others.len())];
    let (shift, before) = (working.shift(given), working.prev(given));
    working.begin();
    working.remove(given);
    let target = if context.rng.chance(0.5) && can_hold(working, other, shift) {
        Some(before)
    } else {
        draw_position(working, other, context, 0.5, |shift| can_hold(working, other, shift))
    };
    let Some(target) = target else {
        working.undo();
        return Tried::Nothing;
    };
    working.insert_after(other, target);
    conclude(working, limit)
}
