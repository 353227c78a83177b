//! Puts a shift's break elsewhere in its route, takes it out, or puts it in.

use super::{Context, Move, Tried, conclude};
use crate::search::Working;

pub(super) const MOVE: Move =
    Move { name: "pause", supports: |arrays| arrays.shifts.iter().any(|shift| shift.pause.is_some()), share: 0.05, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let shift = context.rng.below(arrays.n_shifts) as u32;
    if arrays.shifts[shift as usize].pause.is_none() {
        return Tried::Nothing;
    }
    let node = arrays.break_of(shift);
    working.begin();
    if working.is_served(node) {
        let before = working.prev(node);
        working.remove(node);
        if context.rng.chance(0.1) {
            return conclude(working, limit);
        }
        // Mostly a step or two away from where it was.
        let steps = 1 + context.rng.below(2);
        let forward = context.rng.chance(0.5);
        let mut behind = before;
        for _ in 0..steps {
            let next = if forward { working.next(behind) } else { working.prev(behind) };
            if next == super::NONE || arrays.is_end(next) {
                break;
            }
            behind = next;
        }
        if behind == before {
            working.undo();
            return Tried::Nothing;
        }
        working.insert_after(node, behind);
    } else {
        let steps = context.rng.below(working.n_visits(shift) as usize + 1);
        let mut behind = arrays.start_of(shift);
        for _ in 0..steps {
            behind = working.next(behind);
        }
        working.insert_after(node, behind);
    }
    conclude(working, limit)
}
