//! Moves all visits of a link at once, so that pairs can change time together: one to a drawn place, the other where it then fits in time.

use super::{Context, Move, Tried, before_time, can_hold, conclude, draw_position};
use crate::search::Working;
use crate::search::arrays::{NONE, Node};
use crate::search::working::{MovingPair, Stretch};

pub(super) const MOVE: Move = Move { name: "cluster", supports: |arrays| !arrays.linked.is_empty(), share: 0.14, refines: false, attempt };

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

/// How often a lead is given up.
const ANEW: f64 = 0.8;
/// How often the second visit goes where it fits in time.
const IN_TIME: f64 = 0.75;
/// How often it goes one place before that.
const ONE_BACK: f64 = 0.2;
/// Share of places drawn beside a neighbour.
const NEAR: f64 = 0.6;

/// The shift of a neighbour, or any, that is able to serve the visit.
fn draw_shift(working: &Working<'_>, visit: Node, context: &mut Context<'_>) -> Option<u32> {
    let (arrays, near) = (working.arrays, context.neighbours.of(visit));
    if !near.is_empty() && context.rng.chance(NEAR) {
        let shift = working.shift(near[context.rng.below(near.len())]);
        return (shift != NONE && arrays.is_able(visit, shift)).then_some(shift);
    }
    let able = &arrays.able[visit as usize];
    (!able.is_empty()).then(|| able[context.rng.below(able.len())])
}

/// The usual case, where both places can be looked at before anything is touched.
fn attempt_pair(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64, cluster: u32, pair: [Node; 2]) -> Tried {
    let arrays = working.arrays;
    let outside = |mut place: Node| {
        while pair.contains(&place) {
            place = working.prev(place);
        }
        place
    };
    let leader = context.rng.below(2);
    let (member, other) = (pair[leader], pair[1 - leader]);
    let Some(place) = draw_position(working, member, context, NEAR, |shift| arrays.is_able(member, shift)) else { return Tried::Nothing };
    let mut targets = [outside(place); 2];
    let Some(place) = (if context.rng.chance(IN_TIME) {
        let gap = arrays.clusters[cluster as usize].gap[2 * leader + 1 - leader].max(0);
        let time = working.start_behind(member, targets[leader], working.shift(targets[leader])) + gap;
        draw_shift(working, other, context).map(|shift| {
            let at = before_time(working, shift, time);
            if context.rng.chance(ONE_BACK) && !arrays.is_start(at) { working.prev(at) } else { at }
        })
    } else {
        draw_position(working, other, context, NEAR, |shift| arrays.is_able(other, shift))
    }) else {
        return Tried::Nothing;
    };
    targets[1 - leader] = outside(place);
    let [to_first, to_second] = targets.map(|target| working.shift(target));
    let facts = &arrays.clusters[cluster as usize];
    if !facts.apart.is_empty() && arrays.shifts[to_first as usize].carer == arrays.shifts[to_second as usize].carer {
        return Tried::Nothing;
    }
    working.begin();
    // A lead fits the places where the visits stand.
    if working.lead_of(pair[0]) > 0 && context.rng.chance(ANEW) {
        working.lead(cluster, 0);
    }
    if is_hopeless(working, cluster, pair, targets, limit) {
        working.undo();
        return Tried::Rejected;
    }
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
