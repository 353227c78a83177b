//! Moves all visits of a link at once: each to a drawn place, so that pairs can change time together.

use super::{Context, Move, Tried, can_hold, conclude, draw_position};
use crate::search::Working;

pub(super) const MOVE: Move = Move { supports: |arrays| !arrays.linked.is_empty(), share: 0.14, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let cluster = arrays.linked[context.rng.below(arrays.linked.len())];
    let members = &arrays.clusters[cluster as usize].members;
    if !working.is_served(members[0]) || !context.focus.contains(members[0]) {
        return Tried::Nothing;
    }
    working.begin();
    for &member in members {
        working.remove(member);
    }
    let first = context.rng.below(members.len());
    for turn in 0..members.len() {
        let member = members[(first + turn) % members.len()];
        let target = draw_position(working, member, context, 0.6).filter(|&target| can_hold(working, member, working.shift(target)));
        let Some(target) = target else {
            working.undo();
            return Tried::Nothing;
        };
        working.insert_after(member, target);
    }
    conclude(working, limit)
}
