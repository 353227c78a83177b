//! Moves one visit, or a run of up to three, to another place of any route.

use super::{Context, Move, Tried, can_hold, conclude, draw_position, served_visit};
use crate::search::Working;
use crate::search::arrays::Node;
use crate::search::working::Stretch;

pub(super) const MOVE: Move = Move { name: "relocate", supports: |arrays| arrays.n_visits > 0, share: 0.62, refines: false, attempt };

/// How often a run of visits is drawn, which may be one visit too.
const RUNS: f64 = 0.3;
/// Visits of the longest run.
const MOST: usize = 3;

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let Some(visit) = served_visit(working, context) else { return Tried::Nothing };
    let Some(target) = draw_position(working, visit, context, 0.8, |shift| can_hold(working, visit, shift)) else { return Tried::Nothing };
    let longest = if context.rng.chance(RUNS) { 1 + context.rng.below(MOST) } else { 1 };
    let mut run = [visit; MOST];
    let mut length = 1;
    while length < longest {
        let next = working.next(run[length - 1]);
        if !working.arrays.is_visit(next) || !can_hold(working, next, working.shift(target)) {
            break;
        }
        run[length] = next;
        length += 1;
    }
    let run = &run[..length];
    if run.contains(&target) || target == working.prev(visit) {
        return Tried::Nothing;
    }
    if is_hopeless(working, run, target, limit) {
        return Tried::Rejected;
    }
    working.begin();
    for &node in run {
        working.remove(node);
    }
    let mut behind = target;
    for &node in run {
        if !can_hold(working, node, working.shift(behind)) {
            working.undo();
            return Tried::Nothing;
        }
        working.insert_after(node, behind);
        behind = node;
    }
    conclude(working, limit)
}

/// Whether moving the run behind `target` looks dearer than `limit` before anything is touched.
fn is_hopeless(working: &Working<'_>, run: &[Node], target: Node, limit: i64) -> bool {
    let (from, to) = (working.shift(run[0]), working.shift(target));
    let run = Stretch::new(run[0], run[run.len() - 1]);
    if from == to {
        return working.order(to, Some(run), Some((run, target))).is_some_and(|order| working.is_hopeless(&[order], None, limit));
    }
    let orders = working.order(from, Some(run), None).zip(working.order(to, None, Some((run, target))));
    orders.is_some_and(|(out, into)| working.is_hopeless(&[out, into], None, limit))
}
