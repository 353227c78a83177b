//! Greedy insertion, one cluster at a time, each visit at its cheapest place.

use super::Working;
use super::arrays::{NONE, Node, fine};
use super::moves::can_hold;
use super::working::Stretch;
use crate::rng::Rng;

/// How insertion is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recreate {
    /// Probability of overlooking a place (Christiaens and Vanden Berghe 2020, section 5.3: blinks).
    pub(crate) blink: f64,
    /// Whether optional visits are left out where serving them costs more.
    pub(crate) weigh_optional: bool,
}

/// Inserts the clusters in the order given, each visit where the plan then costs least. A cluster that finds no place for all its visits
/// stays unserved.
pub(crate) fn recreate(working: &mut Working<'_>, clusters: &[u32], how: Recreate, rng: &mut Rng) {
    let arrays = working.arrays;
    for &cluster in clusters {
        insert_cluster(working, cluster, how.weigh_optional, rng, &mut |working, member, rng| {
            cheapest(working, member, &arrays.able[member as usize], how.blink, rng).map(|(_, behind)| behind)
        });
    }
}

/// Inserts the visits of a cluster, each where `choose` says, or none of them; of alternatives the one that then costs least, unless one is
/// served.
pub(super) fn insert_cluster(
    working: &mut Working<'_>,
    cluster: u32,
    weigh_optional: bool,
    rng: &mut Rng,
    choose: &mut dyn FnMut(&mut Working<'_>, Node, &mut Rng) -> Option<Node>,
) {
    let arrays = working.arrays;
    let first = arrays.clusters[cluster as usize].members[0];
    if arrays.instead[first as usize].is_empty() {
        insert_all(working, cluster, weigh_optional, rng, choose);
    } else if !working.is_served(first) && !working.has_other(first) {
        insert_one(working, first, weigh_optional, rng, choose);
    }
}

/// Inserts the one of a visit and its alternatives with which the plan costs least, where `choose` says.
fn insert_one(
    working: &mut Working<'_>,
    visit: Node,
    weigh_optional: bool,
    rng: &mut Rng,
    choose: &mut dyn FnMut(&mut Working<'_>, Node, &mut Rng) -> Option<Node>,
) {
    let arrays = working.arrays;
    let before = working.cost();
    let mut best: Option<(i64, Node, Node)> = None;
    for &one in std::iter::once(&visit).chain(&arrays.instead[visit as usize]) {
        let Some(behind) = choose(working, one, rng) else { continue };
        working.edit(|working| working.insert_after(one, behind));
        let cost = working.cost();
        working.edit(|working| working.remove(one));
        if best.is_none_or(|(least, ..)| cost < least) {
            best = Some((cost, one, behind));
        }
    }
    let is_optional = weigh_optional && arrays.visits[visit as usize].optional;
    if let Some((_, one, behind)) = best.filter(|&(cost, ..)| !is_optional || cost <= before) {
        working.edit(|working| working.insert_after(one, behind));
    }
}

fn insert_all(
    working: &mut Working<'_>,
    cluster: u32,
    weigh_optional: bool,
    rng: &mut Rng,
    choose: &mut dyn FnMut(&mut Working<'_>, Node, &mut Rng) -> Option<Node>,
) {
    let arrays = working.arrays;
    let members = &arrays.clusters[cluster as usize].members;
    let before = working.cost();
    let optional = weigh_optional && members.iter().all(|&member| arrays.visits[member as usize].optional);
    let first = rng.below(members.len());
    let mut inserted = 0;
    for turn in 0..members.len() {
        let member = members[(first + turn) % members.len()];
        let Some(behind) = choose(working, member, rng) else { break };
        working.edit(|working| working.insert_after(member, behind));
        inserted += 1;
    }
    let complete = inserted == members.len();
    if !complete || (optional && working.cost() > before) {
        working.edit(|working| {
            for &member in members {
                if working.is_served(member) {
                    working.remove(member);
                }
            }
        });
    }
}

/// The node of these shifts' routes behind which the visit costs least, and what the plan then costs; `None` if none of them can take it.
pub(super) fn cheapest(working: &mut Working<'_>, visit: Node, shifts: &[u32], blink: f64, rng: &mut Rng) -> Option<(i64, Node)> {
    let arrays = working.arrays;
    let mut best = (i64::MAX, None);
    let facts = &arrays.visits[visit as usize];
    let (open, close) = (facts.first.open, facts.windows.last().map_or(facts.first.close, |window| window.close));
    let partner = if facts.linked { linked_start(working, visit) } else { None };
    for &shift in shifts {
        if !can_hold(working, visit, shift) {
            continue;
        }
        let end = arrays.end_of(shift);
        let mut at = arrays.start_of(shift);
        loop {
            let next = working.next(at);
            // Only places whose neighbours in the route leave the visit a chance to be in its window, and the first and last resort.
            let starts = working.start(at);
            let too_late = !arrays.is_start(at) && starts > fine(close);
            let too_early = next != end && working.start(next) < fine(open);
            let (too_early, too_late) = match partner {
                Some(time) => (too_early || (next != end && working.start(next) < time), too_late || (!arrays.is_start(at) && starts > time)),
                None => (too_early, too_late),
            };
            let resort = (too_late && working.prev(at) != NONE && working.start(working.prev(at)) <= fine(close)) || next == end;
            if (!(too_late || too_early) || resort)
                && !(blink > 0.0 && rng.chance(blink))
                && let Some(cost) = price(working, visit, at, best.0)
            {
                best = (cost, Some(at));
            }
            if next == end || too_late {
                break;
            }
            at = next;
        }
    }
    best.1.map(|behind| (best.0, behind))
}

/// The start of a served visit linked with this one.
fn linked_start(working: &Working<'_>, visit: Node) -> Option<i64> {
    let arrays = working.arrays;
    let members = &arrays.clusters[arrays.visits[visit as usize].cluster as usize].members;
    members.iter().find(|&&member| member != visit && working.is_served(member)).map(|&member| working.start(member))
}

/// What the plan costs with the visit behind that node, if less than `limit`.
fn price(working: &mut Working<'_>, visit: Node, behind: Node, limit: i64) -> Option<i64> {
    let order = working.order(working.shift(behind), None, Some((Stretch::one(visit), behind)));
    if order.is_some_and(|order| working.is_hopeless(&[order], None, limit - 1)) {
        return None;
    }
    working.begin();
    working.insert_after(visit, behind);
    working.settle();
    let cost = (!working.exceeds(limit) && working.propagate(limit) && working.cost() < limit).then(|| working.cost());
    working.undo();
    cost
}

/// All clusters with a visit that is left out, by the opening of their first window; alternatives by the granted help.
pub(crate) fn unserved(working: &Working<'_>) -> Vec<u32> {
    let arrays = working.arrays;
    let mut clusters: Vec<(i64, u32)> = (0..arrays.clusters.len() as u32)
        .filter(|&cluster| arrays.clusters[cluster as usize].members.iter().any(|&member| working.is_left_out(member)))
        .map(|cluster| {
            let open = arrays.clusters[cluster as usize].members.iter().map(|&member| arrays.visits[member as usize].first.open).min();
            (open.unwrap_or(0), cluster)
        })
        .collect();
    clusters.sort_unstable();
    clusters.into_iter().map(|(_, cluster)| cluster).collect()
}
