//! Lets linked visits start earlier before the time that is wished for, or later again.
//!
//! Linked visits are held until that time, since nothing moves them later once their earliest start is known. Where the carers' days are
//! better for it, they get a lead.

use super::{Context, Move, Tried, conclude};
use crate::search::Working;
use crate::search::arrays::ticks;

pub(super) const MOVE: Move =
    Move { name: "lead", supports: |arrays| arrays.visits.iter().any(|visit| visit.most_lead() > 0), share: 0.03, refines: true, attempt };

fn attempt(working: &mut Working<'_>, context: &mut Context<'_>, limit: i64) -> Tried {
    let arrays = working.arrays;
    let Some(&cluster) = arrays.linked.get(context.rng.below(arrays.linked.len().max(1))) else { return Tried::Nothing };
    let members = &arrays.clusters[cluster as usize].members;
    let member = members[context.rng.below(members.len())];
    let most = arrays.visits[member as usize].most_lead();
    if most <= 0 || !working.is_served(member) || !context.focus.contains(member) {
        return Tried::Nothing;
    }
    // The best times have no lead, or one that lets a carer begin at once, or they are between since others are moved by it.
    let at_once = (arrays.visits[member as usize].held - ticks(working.arrival(member))).clamp(0, most);
    let lead = match context.rng.below(4) {
        0 => 0,
        1 | 2 => at_once,
        _ => context.rng.below(at_once as usize + 1) as i64,
    };
    if lead == working.lead_of(member) {
        return Tried::Nothing;
    }
    working.begin();
    working.lead(cluster, lead);
    conclude(working, limit)
}
