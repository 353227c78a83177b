//! Granular neighbourhoods: for each visit the few visits it goes well beside (Toth and Vigo 2003).

use super::arrays::{Arrays, Node, index};

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
        let together = |a: usize, b: usize| arrays.able[a].iter().any(|shift| arrays.is_able(b as Node, *shift));
        let mut lists = Vec::with_capacity(arrays.n_visits);
        let mut scored: Vec<(i64, Node)> = Vec::new();
        for visit in 0..arrays.n_visits {
            scored.clear();
            let Some(&shift) = arrays.able[visit].first() else {
                lists.push(Vec::new());
                continue;
            };
            for other in 0..arrays.n_visits {
                if other == visit || arrays.visits[other].cluster == arrays.visits[visit].cluster || !together(visit, other) {
                    continue;
                }
                let score = order(arrays, shift, visit, other).min(order(arrays, shift, other, visit));
                scored.push((score, index(other)));
            }
            let keep = n.min(scored.len());
            if keep > 0 && keep < scored.len() {
                scored.select_nth_unstable(keep - 1);
            }
            scored.truncate(keep);
            scored.sort_unstable();
            lists.push(scored.iter().map(|&(_, node)| node).collect());
        }
        Self { lists }
    }

    /// The neighbours of a visit, best first.
    pub(crate) fn of(&self, visit: Node) -> &[Node] {
        &self.lists[visit as usize]
    }
}

/// Score of going from one visit straight to the other.
fn order(arrays: &Arrays<'_>, shift: u32, first: usize, second: usize) -> i64 {
    let (from, to) = (&arrays.visits[first], &arrays.visits[second]);
    let last = |at: usize| arrays.visits[at].windows.last().map_or(arrays.visits[at].first.close, |window| window.close);
    let ride = arrays.ride(shift, arrays.place[first], arrays.place[second]);
    let waiting = (to.first.open - (last(first) + from.duration + ride)).max(0);
    let lateness = (from.first.open + from.duration + ride - last(second)).max(0);
    ride + waiting / WAITING_SHARE + lateness
}
