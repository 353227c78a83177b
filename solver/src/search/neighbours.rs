//! Granular neighbourhoods: for each visit the few visits it goes well beside (Toth and Vigo 2003).
//!
//! Where carers travel in straight lines, a visit's neighbours are looked for from the nearest outwards, and only as far as one of them
//! could still be among the best: about `n log n` for all visits. Travel by matrix has no map to look on, and takes one look at each pair.

use std::collections::BinaryHeap;

use super::arrays::{Arrays, Node, index};
use super::near::PointTree;
use crate::problem::{PlaceId, ShiftId, Straight};

/// Neighbours of each visit, best first.
#[derive(Debug)]
pub(crate) struct Neighbours {
    lists: Vec<Vec<Node>>,
}

/// Waiting counts this fraction of travel in the score.
const WAITING_SHARE: i64 = 5;

impl Neighbours {
    /// The `n` best neighbours of each visit, by travel, unavoidable waiting and unavoidable lateness of the better order of the two.
    pub(crate) fn new(arrays: &Arrays<'_>, n: usize) -> Self {
        let travel = arrays.problem.travel();
        let point = |visit: usize| travel.point(PlaceId::new(arrays.place[visit] as usize)).map(|point| [point.x, point.y]);
        let points: Option<Vec<[f64; 2]>> = (0..arrays.n_visits).map(point).collect();
        let map = points.map(|points| (PointTree::new(points.iter().copied()), points));
        Self::by(arrays, n, |visit, shift, offer| match (&map, travel.straight(arrays.problem.mode(ShiftId::new(shift as usize)))) {
            (Some((tree, points)), Some(straight)) => tree.around(points[visit], &mut |other| reach(straight, offer(other))),
            _ => (0..index(arrays.n_visits)).for_each(|other| _ = offer(other)),
        })
    }

    /// Lists of the best of what `look` offers for a visit and its first able shift. An offer is answered with the score that others have
    /// to stay below from then on.
    fn by(arrays: &Arrays<'_>, n: usize, look: impl Fn(usize, u32, &mut dyn FnMut(Node) -> i64)) -> Self {
        let carers = Able::new(arrays);
        let mut lists = Vec::with_capacity(arrays.n_visits);
        let mut best: BinaryHeap<(i64, Node)> = BinaryHeap::with_capacity(n + 1);
        for visit in 0..arrays.n_visits {
            best.clear();
            if let Some(&shift) = arrays.able[visit].first() {
                look(visit, shift, &mut |other| {
                    let worst = if best.len() < n { i64::MAX } else { best.peek().map_or(i64::MIN, |worst| worst.0) };
                    let at = other as usize;
                    if at == visit || arrays.visits[at].cluster == arrays.visits[visit].cluster {
                        return worst;
                    }
                    let score = order(arrays, shift, visit, at).min(order(arrays, shift, at, visit));
                    if score > worst || !carers.share_one(visit, at) {
                        return worst;
                    }
                    best.push((score, other));
                    if best.len() > n {
                        let _ = best.pop();
                    }
                    if best.len() < n { i64::MAX } else { best.peek().map_or(i64::MIN, |worst| worst.0) }
                });
            }
            let mut list: Vec<(i64, Node)> = best.drain().collect();
            list.sort_unstable();
            lists.push(list.into_iter().map(|(_, node)| node).collect());
        }
        Self { lists }
    }

    /// The neighbours of a visit, best first.
    pub(crate) fn of(&self, visit: Node) -> &[Node] {
        &self.lists[visit as usize]
    }
}

/// How far away a visit may be for a ride to it to score at most `worst`.
fn reach(straight: Straight, worst: i64) -> f64 {
    // A tick more than the score, since rides are rounded.
    (worst as f64 + 1.0) / straight.ticks_per_unit
}

/// The shifts able to serve each visit, one bit each.
struct Able {
    words: usize,
    bits: Vec<u64>,
}

impl Able {
    fn new(arrays: &Arrays<'_>) -> Self {
        let words = arrays.n_shifts.div_ceil(64);
        let mut bits = vec![0; words * arrays.n_visits];
        for (visit, shifts) in arrays.able.iter().enumerate() {
            for &shift in shifts {
                bits[visit * words + shift as usize / 64] |= 1 << (shift % 64);
            }
        }
        Self { words, bits }
    }

    /// Whether some shift is able to serve both.
    fn share_one(&self, first: usize, second: usize) -> bool {
        let row = |visit: usize| &self.bits[visit * self.words..(visit + 1) * self.words];
        row(first).iter().zip(row(second)).any(|(first, second)| first & second != 0)
    }
}

/// Score of going from one visit straight to the other.
fn order(arrays: &Arrays<'_>, shift: u32, first: usize, second: usize) -> i64 {
    let (from, to) = (&arrays.visits[first], &arrays.visits[second]);
    let ride = arrays.ride(shift, arrays.place[first], arrays.place[second]);
    let (opens, closes) = (to.wished_from(), to.wished_until());
    let waiting = (opens - (from.wished_until() + from.duration + ride)).max(0);
    let lateness = (from.wished_from() + from.duration + ride - closes).max(0);
    ride + waiting / WAITING_SHARE + lateness
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{line, town};

    #[test]
    fn visits_on_a_line_have_the_next_ones_as_neighbours() {
        let problem = line(6, 1);
        let neighbours = Neighbours::new(&Arrays::new(&problem), 2);
        assert_eq!(neighbours.of(0), [1, 2]);
        assert_eq!(neighbours.of(3), [2, 4]);
    }

    #[test]
    fn visits_that_no_carer_can_serve_together_are_no_neighbours() {
        let problem = crate::fixture::line_with(3, 2, |parts| {
            for (visit, carers) in [(0, vec![0]), (1, vec![1]), (2, vec![0, 1])] {
                let allowed = carers.into_iter().map(crate::problem::CarerId::new).collect();
                parts.visits[crate::problem::VisitId::new(visit)].allowed = Some(allowed);
            }
        });
        let neighbours = Neighbours::new(&Arrays::new(&problem), 5);
        assert_eq!([neighbours.of(0), neighbours.of(1), neighbours.of(2)], [&[2][..], &[2], &[1, 0]]);
    }

    #[test]
    fn looking_on_the_map_finds_what_looking_at_all_pairs_finds() {
        for seed in 0..30 {
            let problem = town(seed, 30 + 7 * seed as usize, 12);
            let arrays = Arrays::new(&problem);
            for n in [1, 8, 24] {
                let all = Neighbours::by(&arrays, n, |_, _, offer| (0..index(arrays.n_visits)).for_each(|other| _ = offer(other)));
                assert_eq!(Neighbours::new(&arrays, n).lists, all.lists, "seed {seed}, {n} neighbours");
            }
        }
    }
}
