//! Moves all visits of a link at once: each to a drawn place, so that pairs can change time together.

use super::{Context, Move, Tried, can_hold, conclude, draw_position};
use crate::search::Working;
use crate::search::arrays::{NONE, Node};
use crate::search::working::{MovingPair, Stretch};

pub(super) const MOVE: Move = Move { name: "cluster", supports: |arrays| !arrays.linked.is_empty(), share: 0.14, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let cluster = arrays.linked[context.rng.below(arrays.linked.len())];
    let members = &arrays.clusters[cluster as usize].members;
    if !working.is_served(members[0]) || !context.focus.contains(members[0]) {
        return Tried::Nothing;
    }
    if let [first, second] = members[..] {
        return attempt_pair(working, context, limit, cluster, [first, second]);
    }
    working.begin();
    for &member in members {
        working.remove(member);
    }
    let first = context.rng.below(members.len());
    for turn in 0..members.len() {
        let member = members[(first + turn) % members.len()];
        let Some(target) = draw_position(working, member, context, NEAR, |shift| can_hold(working, member, shift)) else {
            working.undo();
            return Tried::Nothing;
        };
        working.insert_after(member, target);
    }
    conclude(working, limit)
}

/// Share of places drawn beside a neighbour.
const NEAR: f64 = 0.6;

/// The usual case, where both places can be looked at before anything is touched.
fn attempt_pair(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64, cluster: u32, pair: [Node; 2]) -> Tried {
    let arrays = working.arrays;
    let mut targets = [NONE; 2];
    for (member, target) in pair.into_iter().zip(&mut targets) {
        let Some(mut place) = draw_position(working, member, context, NEAR, |shift| arrays.is_able(member, shift)) else { return Tried::Nothing };
        while pair.contains(&place) {
            place = working.prev(place);
        }
        *target = place;
    }
    let [to_first, to_second] = targets.map(|target| working.shift(target));
    let facts = &arrays.clusters[cluster as usize];
    if !facts.apart.is_empty() && arrays.shifts[to_first as usize].carer == arrays.shifts[to_second as usize].carer {
        return Tried::Nothing;
    }
    if is_hopeless(working, cluster, pair, targets, limit) {
        return Tried::Rejected;
    }
    working.begin();
    for member in pair {
        working.remove(member);
    }
    for (member, target) in pair.into_iter().zip(targets) {
        working.insert_after(member, target);
    }
    conclude(working, limit)
}

/// Whether the two at their new places look dearer than `limit` before anything is touched. Only where no route gains or loses both.
fn is_hopeless(working: &Working<'_>, cluster: u32, pair: [Node; 2], targets: [Node; 2], limit: i64) -> bool {
    let arrays = working.arrays;
    let from = pair.map(|member| working.shift(member));
    let to = targets.map(|target| working.shift(target));
    if from[0] == from[1] || to[0] == to[1] {
        return false;
    }
    let gap = &arrays.clusters[cluster as usize].gap;
    let alone = [0, 1].map(|at| working.start_behind(pair[at], targets[at], to[at]));
    let held = [alone[0].max(alone[1] + gap[2]), alone[1].max(alone[0] + gap[1])];
    let moving = MovingPair { cluster, starts: [(pair[0], held[0]), (pair[1], held[1])] };
    let moved = pair.map(Stretch::one);
    let (mut orders, mut n) = ([None; 4], 0);
    for (at, &shift) in from.iter().enumerate() {
        let into = to.iter().position(|&other| other == shift).map(|other| (moved[other], targets[other]));
        orders[n] = working.order(shift, Some(moved[at]), into);
        n += 1;
    }
    for (at, &shift) in to.iter().enumerate().filter(|(_, shift)| !from.contains(shift)) {
        orders[n] = working.order(shift, None, Some((moved[at], targets[at])));
        n += 1;
    }
    let [Some(first), second, third, fourth] = orders else { return false };
    let known = [first, second.unwrap_or(first), third.unwrap_or(first), fourth.unwrap_or(first)];
    orders[..n].iter().all(Option::is_some) && working.is_hopeless(&known[..n], Some(&moving), limit)
}
