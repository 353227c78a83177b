//! Takes visits out that are near each other, as strings of neighbouring stops from a few routes
//! (Christiaens and Vanden Berghe 2020, Slack induction by string removals, section 5).

use super::arrays::Node;
use super::{Focus, Neighbours, Working};
use crate::rng::Rng;

/// Removes strings around a random visit of the focus, about `size` visits in all, and everything linked with them. Returns the removed clusters.
pub(crate) fn strings(working: &mut Working<'_>, neighbours: &Neighbours, focus: &Focus, size: usize, rng: &mut Rng) -> Vec<u32> {
    let mut clusters = Vec::new();
    if let Some(seed) = focus.draw(rng) {
        working.edit(|working| take_strings(working, neighbours, seed, size, rng, &mut clusters));
    }
    clusters
}

fn take_strings(working: &mut Working<'_>, neighbours: &Neighbours, seed: Node, size: usize, rng: &mut Rng, clusters: &mut Vec<u32>) {
    let arrays = working.arrays;
    let mut ruined: Vec<u32> = Vec::new();
    let mut left = size;
    for &centre in std::iter::once(&seed).chain(neighbours.of(seed)) {
        if left == 0 {
            break;
        }
        let shift = working.shift(centre);
        if !working.is_served(centre) || ruined.contains(&shift) {
            continue;
        }
        ruined.push(shift);
        let length = 1 + rng.below(left.min(4));
        // The string starts up to `length - 1` stops before its centre.
        let mut at = centre;
        for _ in 0..rng.below(length) {
            let prev = working.prev(at);
            if arrays.is_start(prev) {
                break;
            }
            at = prev;
        }
        for _ in 0..length {
            if arrays.is_end(at) {
                break;
            }
            let next = working.next(at);
            if arrays.is_visit(at) {
                take(working, at, clusters);
                left = left.saturating_sub(1);
            }
            if arrays.is_visit(next) && !working.is_served(next) {
                break;
            }
            at = next;
        }
    }
}

fn take(working: &mut Working<'_>, visit: Node, clusters: &mut Vec<u32>) {
    let arrays = working.arrays;
    let cluster = arrays.visits[visit as usize].cluster;
    for &member in &arrays.clusters[cluster as usize].members {
        if working.is_served(member) {
            working.remove(member);
        }
    }
    clusters.push(cluster);
}
