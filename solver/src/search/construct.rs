//! The first plan of a large day: greedy insertion that looks only at routes nearby, so that it grows with the day and not with its square.

use super::arrays::{Arrays, NONE, Node};
use super::recreate::{cheapest, insert_cluster, unserved};
use super::{Neighbours, Penalties, Working};
use crate::plan::Plan;
use crate::rng::Rng;

/// Unused shifts that a visit is tried in.
const UNUSED: usize = 4;

/// A first plan, or the one given with what it leaves out served. No break of it begins late where breaks may be missed, so that the plan
/// keeps the rules. Stops early, with the rest unserved, when `halt` says so.
pub(crate) fn first_plan<'a>(
    arrays: &'a Arrays<'a>,
    neighbours: &Neighbours,
    seed: u64,
    start: Option<&Plan>,
    halt: &dyn Fn() -> bool,
) -> Working<'a> {
    let mut working = Working::new(arrays, Penalties::first(arrays));
    if let Some(plan) = start {
        working.load(&Working::sequences_of(arrays, plan));
    }
    construct(&mut working, neighbours, &mut Rng::new(seed, 0), halt);
    let _ = working.place_breaks().without_late_breaks();
    working
}

/// Serves what is unserved, in the order of the windows: each visit where it costs least in the routes of its neighbours and in a few
/// unused shifts that begin near it. Where that costs more than the longest of all rides, all able shifts are tried. Stops
/// between two clusters when `halt` says so, and leaves the rest unserved.
fn construct(working: &mut Working<'_>, neighbours: &Neighbours, rng: &mut Rng, halt: &dyn Fn() -> bool) {
    let arrays = working.arrays;
    let longest_ride = arrays.largest_ride_price * arrays.problem.travel().longest_of_all().0;
    let mut near: Vec<u32> = Vec::new();
    let mut unused: Vec<(i64, u32)> = Vec::new();
    for cluster in unserved(working) {
        if halt() {
            return;
        }
        insert_cluster(working, cluster, true, rng, &mut |working, visit, rng| {
            near.clear();
            near.extend(neighbours.of(visit).iter().map(|&other| working.shift(other)).filter(|&shift| shift != NONE));
            near.sort_unstable();
            near.dedup();
            add_unused(working, visit, &mut unused, &mut near);
            // What the plan costs with the visit served for nothing.
            let free = working.cost() - arrays.unserved(visit, working.penalties.unserved);
            let found = cheapest(working, visit, &near, 0.0, rng);
            let found = match found {
                Some((cost, _)) if cost - free <= longest_ride => found,
                _ => cheapest(working, visit, &arrays.able[visit as usize], 0.0, rng),
            };
            found.map(|(_, behind)| behind)
        });
    }
}

/// Adds the unused able shifts that could serve the visit at the least price.
fn add_unused(working: &Working<'_>, visit: Node, unused: &mut Vec<(i64, u32)>, shifts: &mut Vec<u32>) {
    let arrays = working.arrays;
    let facts = &arrays.visits[visit as usize];
    let close = facts.windows.last().map_or(facts.first.close, |window| window.close);
    unused.clear();
    unused.extend(arrays.able[visit as usize].iter().filter(|&&shift| working.n_visits(shift) == 0).map(|&shift| {
        let duty = &arrays.shifts[shift as usize];
        let ride = arrays.ride(shift, arrays.place[arrays.start_of(shift) as usize], arrays.place[visit as usize]);
        let late = working.penalties.lateness * (duty.start + ride - close).max(0);
        let over = working.penalties.overtime * (facts.first.open + facts.duration + ride - duty.end).max(0);
        (duty.ride_price * ride + duty.use_price + late + over + arrays.assign(visit, shift), shift)
    }));
    if unused.len() > UNUSED {
        let _ = unused.select_nth_unstable(UNUSED - 1);
        unused.truncate(UNUSED);
    }
    shifts.extend(unused.iter().map(|&(_, shift)| shift));
}
