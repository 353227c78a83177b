//! The visits that moves are drawn around: all of them, or those near what has happened.

use super::arrays::{Arrays, Node, index};
use super::{Neighbours, Working};
use crate::plan::Plan;
use crate::rng::Rng;

/// Neighbours of a visit that the next ring takes in.
const NEAR: usize = 8;

/// A set of visits to draw from.
#[derive(Clone, Debug)]
pub(crate) struct Focus {
    visits: Vec<Node>,
    holds: Vec<bool>,
}

impl Focus {
    /// All visits.
    pub(crate) fn whole(n_visits: usize) -> Self {
        Self { visits: (0..n_visits).map(index).collect(), holds: vec![true; n_visits] }
    }

    /// These visits and those linked with them.
    fn of(arrays: &Arrays<'_>, visits: impl IntoIterator<Item = Node>) -> Self {
        let mut focus = Self { visits: Vec::new(), holds: vec![false; arrays.n_visits] };
        for visit in visits {
            let cluster = arrays.visits[visit as usize].cluster;
            arrays.clusters[cluster as usize].members.iter().for_each(|&member| focus.add(member));
        }
        focus
    }

    fn add(&mut self, visit: Node) {
        if !std::mem::replace(&mut self.holds[visit as usize], true) {
            self.visits.push(visit);
        }
    }

    /// A visit of the set; `None` where it is empty.
    pub(crate) fn draw(&self, rng: &mut Rng) -> Option<Node> {
        (!self.visits.is_empty()).then(|| self.visits[rng.below(self.visits.len())])
    }

    /// Whether the visit is in the set.
    pub(crate) fn contains(&self, visit: Node) -> bool {
        self.holds[visit as usize]
    }
}

/// Rings around visits, each within the next: what is linked with them; then what is near in time and place or beside them on a route
/// of the plan; then what is near to that.
pub(crate) fn rings(arrays: &Arrays<'_>, neighbours: &Neighbours, plan: &Plan, visits: impl IntoIterator<Item = Node>, n: usize) -> Vec<Focus> {
    let mut beside: Vec<Vec<Node>> = vec![Vec::new(); arrays.n_visits];
    for route in Working::sequences_of(arrays, plan).routes {
        let on_route: Vec<Node> = route.into_iter().filter(|&node| arrays.is_visit(node)).collect();
        for pair in on_route.windows(2) {
            beside[pair[0] as usize].push(pair[1]);
            beside[pair[1] as usize].push(pair[0]);
        }
    }
    let mut rings = vec![Focus::of(arrays, visits)];
    while rings.len() < n {
        let inner = &rings[rings.len() - 1].visits;
        let near = |&visit: &Node| neighbours.of(visit).iter().take(NEAR).chain(&beside[visit as usize]).copied();
        let next = Focus::of(arrays, inner.iter().copied().chain(inner.iter().flat_map(near)));
        rings.push(next);
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn each_ring_holds_the_one_within() {
        // On a line the eight nearest to visit 0 are 1 to 8, and those near to them reach 12.
        let problem = fixture::line(40, 2);
        let arrays = Arrays::new(&problem);
        let neighbours = Neighbours::new(&arrays, 24);
        let rings = rings(&arrays, &neighbours, &Plan::empty(&problem), [0], 3);
        let held = |ring: &Focus| (0..40).filter(|&visit| ring.contains(visit)).collect::<Vec<Node>>();
        assert_eq!(held(&rings[0]), [0]);
        assert_eq!(held(&rings[1]), (0..=8).collect::<Vec<Node>>());
        assert_eq!(held(&rings[2]), (0..=12).collect::<Vec<Node>>());
    }
}
