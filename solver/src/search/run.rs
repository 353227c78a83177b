//! A short run of visits, one behind the other on a route, that moves as one.

use super::Working;
use super::arrays::Node;
use super::moves::can_hold;
use super::working::Stretch;

/// Visits of the longest run.
pub(crate) const MOST: usize = 3;

/// The visits of a run in their order: what is known of it once they are taken out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    visits: [Node; MOST],
    n: usize,
}

impl Run {
    pub(crate) fn one(visit: Node) -> Self {
        Self { visits: [visit; MOST], n: 1 }
    }

    pub(crate) fn visits(&self) -> &[Node] {
        &self.visits[..self.n]
    }

    pub(crate) fn stretch(&self) -> Stretch {
        Stretch::new(self.visits[0], self.visits[self.n - 1])
    }

    /// Takes in the next visit of the route, if there is one and it `fits`; returns whether it did.
    pub(crate) fn extend(&mut self, working: &Working<'_>, fits: impl Fn(Node) -> bool) -> bool {
        let next = working.next(self.visits[self.n - 1]);
        let longer = self.n < MOST && working.arrays.is_visit(next) && fits(next);
        if longer {
            self.visits[self.n] = next;
            self.n += 1;
        }
        longer
    }

    /// Takes the run out of its route.
    pub(crate) fn take_out(&self, working: &mut Working<'_>) {
        self.visits().iter().for_each(|&visit| working.remove(visit));
    }

    /// Puts the run, which was taken out, behind a node; false, and the trial must be undone, where that route may not hold one of its visits.
    pub(crate) fn put_behind(&self, working: &mut Working<'_>, node: Node) -> bool {
        let shift = working.shift(node);
        let mut behind = node;
        self.visits().iter().all(|&visit| {
            let holds = can_hold(working, visit, shift);
            if holds {
                working.insert_after(visit, behind);
                behind = visit;
            }
            holds
        })
    }
}
