//! Moves one visit, or a run of up to three, to another place of any route.

use super::{Context, Move, Tried, can_hold, conclude, draw_position, served_visit};
use crate::search::Working;
use crate::search::arrays::Node;
use crate::search::run::{MOST, Run};
use crate::search::working::Stretch;

pub(super) const MOVE: Move = Move { name: "relocate", supports: |arrays| arrays.n_visits > 0, share: 0.62, refines: false, attempt };

/// How often a run of visits is drawn, which may be one visit too.
const RUNS: f64 = 0.3;

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let Some(visit) = served_visit(working, context) else { return Tried::Nothing };
    let Some(target) = draw_position(working, visit, context, 0.8, |shift| can_hold(working, visit, shift)) else { return Tried::Nothing };
    let to = working.shift(target);
    let mut run = Run::one(visit);
    if context.rng.chance(RUNS) {
        let more = context.rng.below(MOST);
        let _ = (0..more).all(|_| run.extend(working, |next| can_hold(working, next, to)));
    }
    if run.visits().contains(&target) || target == working.prev(visit) {
        return Tried::Nothing;
    }
    if is_hopeless(working, run.stretch(), target, limit) {
        return Tried::Rejected;
    }
    working.begin();
    run.take_out(working);
    if !run.put_behind(working, target) {
        working.undo();
        return Tried::Nothing;
    }
    conclude(working, limit)
}

/// Whether moving the run behind `target` looks dearer than `limit` before anything is touched.
fn is_hopeless(working: &Working<'_>, run: Stretch, target: Node, limit: i64) -> bool {
    let (from, to) = (working.shift(run.first()), working.shift(target));
    if from == to {
        return working.order(to, Some(run), Some((run, target))).is_some_and(|order| working.is_hopeless(&[order], None, limit));
    }
    let orders = working.order(from, Some(run), None).zip(working.order(to, None, Some((run, target))));
    orders.is_some_and(|(out, into)| working.is_hopeless(&[out, into], None, limit))
}
