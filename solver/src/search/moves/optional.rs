//! Leaves an optional visit out, with all it is linked with, or takes one in.

use super::{Context, Move, Tried, can_hold, conclude, draw_position};
use crate::search::Working;

pub(super) const MOVE: Move =
    Move { name: "optional", supports: |arrays| arrays.visits.iter().any(|visit| visit.optional), share: 0.06, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(visit) = context.focus.draw(context.rng).filter(|&visit| arrays.visits[visit as usize].optional) else { return Tried::Nothing };
    let members = &arrays.clusters[arrays.visits[visit as usize].cluster as usize].members;
    working.begin();
    if working.is_served(members[0]) {
        if members.iter().any(|&member| arrays.visits[member as usize].required) {
            working.undo();
            return Tried::Nothing;
        }
        for &member in members {
            working.remove(member);
        }
    } else if working.has_other(members[0]) {
        working.undo();
        return Tried::Nothing;
    } else {
        for &member in members {
            let Some(target) = draw_position(working, member, context, 0.7, |shift| can_hold(working, member, shift)) else {
                working.undo();
                return Tried::Nothing;
            };
            working.insert_after(member, target);
        }
    }
    conclude(working, limit)
}
