//! Exchanges two visits, or two short runs of visits of different routes (the cross exchange of Taillard et al. 1997).

use super::{Context, Move, Tried, conclude, served_visit};
use crate::search::Working;
use crate::search::run::{MOST, Run};
use crate::search::working::{Order, Stretch};

pub(super) const MOVE: Move = Move { name: "swap", supports: |arrays| arrays.n_visits > 1, share: 0.22, refines: false, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(first) = served_visit(working, context) else { return Tried::Nothing };
    let list = context.neighbours.of(first);
    if list.is_empty() {
        return Tried::Nothing;
    }
    let neighbour = list[context.rng.below(list.len())];
    if !working.is_served(neighbour) {
        return Tried::Nothing;
    }
    // To its place, or beside it.
    let second = match context.rng.below(4) {
        0 => working.prev(neighbour),
        1 => working.next(neighbour),
        _ => neighbour,
    };
    if !arrays.is_visit(second) || second == first {
        return Tried::Nothing;
    }
    let shifts = [working.shift(first), working.shift(second)];
    let mut runs = [Run::one(first), Run::one(second)];
    if shifts[0] != shifts[1] {
        for run in &mut runs {
            for _ in 1..MOST {
                if context.rng.chance(LONGER) {
                    let _ = run.extend(working, |_| true);
                }
            }
        }
    }
    let [to_b, to_a] =
        [(runs[0], shifts[1]), (runs[1], shifts[0])].map(|(run, shift)| run.visits().iter().all(|&visit| arrays.is_able(visit, shift)));
    if !to_a || !to_b {
        return Tried::Nothing;
    }
    let behind = [working.prev(first), working.prev(second)];
    if behind[0] == second || behind[1] == first {
        return Tried::Nothing;
    }
    if is_hopeless(working, runs.map(|run| run.stretch()), limit) {
        return Tried::Rejected;
    }
    working.begin();
    runs.iter().for_each(|run| run.take_out(working));
    if !runs[0].put_behind(working, behind[1]) || !runs[1].put_behind(working, behind[0]) {
        working.undo();
        return Tried::Nothing;
    }
    conclude(working, limit)
}

/// How often a run is one visit longer.
const LONGER: f64 = 0.4;

/// Whether exchanging the two, which are not next to each other, looks dearer than `limit` before anything is touched.
fn is_hopeless(working: &Working<'_>, runs: [Stretch; 2], limit: i64) -> bool {
    let arrays = working.arrays;
    let [one, other] = runs;
    let (first, second) = (one.first(), other.first());
    let (shift_a, shift_b) = (working.shift(first), working.shift(second));
    if shift_a != shift_b {
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
