//! Two carers exchange all their visits: who has which skills, way of travelling and citizens matters for whole routes.

use super::tails::{conclude_cross, tail_fits};
use super::{Context, Move, Tried, served_visit};
use crate::search::Working;

pub(super) const MOVE: Move =
    Move { name: "carers", supports: |arrays| arrays.n_shifts > 1 && arrays.n_visits > 1, share: 0.003, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(visit) = served_visit(working, context) else { return Tried::Nothing };
    let able = &arrays.able[visit as usize];
    let (shift_a, shift_b) = (working.shift(visit), able[context.rng.below(able.len())]);
    if shift_a == shift_b {
        return Tried::Nothing;
    }
    let (start_a, start_b) = (arrays.start_of(shift_a), arrays.start_of(shift_b));
    if !tail_fits(working, working.next(start_a), shift_b) || !tail_fits(working, working.next(start_b), shift_a) {
        return Tried::Nothing;
    }
    conclude_cross(working, [shift_a, shift_b], start_a, start_b, limit)
}
