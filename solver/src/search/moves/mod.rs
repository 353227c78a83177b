//! The local moves. Each proposes edits of the working plan and keeps them if the whole then costs no more than the limit it was given.

mod carers;
mod cluster;
mod content;
mod lead;
mod optional;
mod pause;
mod relocate;
mod swap;
mod tails;

use super::arrays::{Arrays, NONE, Node, fine};
use super::{Focus, Neighbours, Working};
use crate::rng::Rng;

/// What a move did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The draw gave no move.
    Nothing,
    /// Priced and taken back.
    Rejected,
    /// Priced and kept.
    Kept,
}

/// What moves need beside the plan.
pub(crate) struct Context<'c> {
    pub(crate) neighbours: &'c Neighbours,
    pub(crate) focus: &'c Focus,
    pub(crate) rng: &'c mut Rng,
}

/// One move: draws a proposal and keeps it if the cost then is at most `limit`.
pub(crate) struct Move {
    /// Its name: the file's.
    pub(crate) name: &'static str,
    /// Whether the problem has what the move needs.
    pub(crate) supports: fn(&Arrays<'_>) -> bool,
    /// How often it is drawn against the others.
    pub(crate) share: f64,
    /// Whether it is only drawn once a cycle has cooled down: while routes still form, its freedom would only lead them astray.
    pub(crate) refines: bool,
    pub(crate) attempt: fn(&mut Working<'_>, &mut Context<'_>, i64) -> Tried,
}

/// Every move of the search.
pub(crate) const MOVES: [Move; 9] =
    [relocate::MOVE, cluster::MOVE, swap::MOVE, tails::MOVE, pause::MOVE, optional::MOVE, content::MOVE, lead::MOVE, carers::MOVE];

/// Prices the edits of the trial and keeps them up to `limit`.
fn conclude(working: &mut Working<'_>, limit: i64) -> Tried {
    working.settle();
    if working.exceeds(limit) || !working.propagate(limit) || working.cost() > limit {
        working.undo();
        return Tried::Rejected;
    }
    working.commit();
    Tried::Kept
}

/// Whether a shift may hold a visit next to the visits it is linked with: able, and not the carer of one that needs another.
pub(super) fn can_hold(working: &Working<'_>, visit: Node, shift: u32) -> bool {
    working.arrays.is_able(visit, shift) && stands_apart(working, visit, shift)
}

/// Whether the carer of `shift` serves no other visit that must have a different carer.
fn stands_apart(working: &Working<'_>, visit: Node, shift: u32) -> bool {
    let arrays = working.arrays;
    let facts = &arrays.visits[visit as usize];
    if !facts.linked {
        return true;
    }
    let cluster = &arrays.clusters[facts.cluster as usize];
    cluster.apart.iter().all(|&(first, second)| {
        let (first, second) = (cluster.members[first as usize], cluster.members[second as usize]);
        let other = if first == visit {
            second
        } else if second == visit {
            first
        } else {
            return true;
        };
        let held = working.shift(other);
        held == NONE || arrays.shifts[held as usize].carer != arrays.shifts[shift as usize].carer
    })
}

/// The last node of a route that starts before `time` (fine): where a visit at that time would go behind.
pub(super) fn before_time(working: &Working<'_>, shift: u32, time: i64) -> Node {
    let end = working.arrays.end_of(shift);
    let mut at = working.arrays.start_of(shift);
    loop {
        let next = working.next(at);
        if next == end || working.start(next) >= time {
            return at;
        }
        at = next;
    }
}

/// A random visit of the focus that is served, or `None` after a few draws.
fn served_visit(working: &Working<'_>, context: &mut Context<'_>) -> Option<Node> {
    (0..4).filter_map(|_| context.focus.draw(context.rng)).find(|&visit| working.is_served(visit))
}

/// A place to put a visit: behind or before one of its neighbours, or at its time in a random able route; in a route that `fits`.
fn draw_position(working: &Working<'_>, visit: Node, context: &mut Context<'_>, near: f64, fits: impl Fn(u32) -> bool) -> Option<Node> {
    let arrays = working.arrays;
    if context.rng.chance(near) {
        let list = context.neighbours.of(visit);
        if list.is_empty() {
            return None;
        }
        let neighbour = list[context.rng.below(list.len())];
        if !working.is_served(neighbour) || neighbour == visit {
            return None;
        }
        let shift = working.shift(neighbour);
        if !fits(shift) {
            return None;
        }
        Some(if context.rng.chance(0.5) { neighbour } else { working.prev(neighbour) })
    } else {
        let able = &arrays.able[visit as usize];
        if able.is_empty() {
            return None;
        }
        let shift = able[context.rng.below(able.len())];
        if !fits(shift) {
            return None;
        }
        let facts = &arrays.visits[visit as usize];
        let time = if facts.windows.is_empty() {
            working.start(visit).max(fine(facts.first.open))
        } else {
            fine(facts.windows[context.rng.below(facts.windows.len())].open)
        };
        let at = before_time(working, shift, time);
        let back = context.rng.chance(0.25) && !arrays.is_start(at);
        Some(if back { working.prev(at) } else { at })
    }
}
