//! A trial: edits of the routes, their price but for times, and keeping or undoing the whole.

use super::super::arrays::{NONE, Node, ShiftFacts, fine};
use super::{NodeState, RouteState, Working};

impl Working<'_> {
    /// Starts a trial.
    pub(crate) fn begin(&mut self) {
        self.trial = self.trial.wrapping_add(1);
        if self.trial == 0 {
            self.node_stamp.fill(0);
            self.route_stamp.fill(0);
            self.dirty_stamp.fill(0);
            self.moved_stamp.fill(0);
            self.trial = 1;
        }
        self.node_log.clear();
        self.route_log.clear();
        self.lead_log.clear();
        self.dirty.clear();
        self.moved.clear();
        self.before = self.sums;
    }

    #[inline]
    pub(super) fn touch(&mut self, node: Node) -> &mut NodeState {
        let at = node as usize;
        if self.node_stamp[at] != self.trial {
            self.node_stamp[at] = self.trial;
            self.node_log.push((node, self.nodes[at]));
        }
        &mut self.nodes[at]
    }

    #[inline]
    pub(super) fn touch_route(&mut self, shift: u32) -> &mut RouteState {
        let at = shift as usize;
        if self.route_stamp[at] != self.trial {
            self.route_stamp[at] = self.trial;
            self.route_log.push((shift, self.routes[at]));
        }
        &mut self.routes[at]
    }

    #[inline]
    pub(super) fn mark_moved(&mut self, shift: u32) {
        let at = shift as usize;
        if self.moved_stamp[at] != self.trial {
            self.moved_stamp[at] = self.trial;
            self.moved.push(shift);
        }
    }

    /// The ride into this node may have changed.
    fn mark_dirty(&mut self, node: Node) {
        if self.dirty_stamp[node as usize] != self.trial {
            self.dirty_stamp[node as usize] = self.trial;
            self.dirty.push(node);
        }
    }

    fn join(&mut self, first: Node, second: Node) {
        self.touch(first).next = second;
        self.touch(second).prev = first;
        self.mark_dirty(second);
        if self.arrays.is_break(first) {
            // The break moves to its new follower's place.
            self.mark_dirty(first);
        }
        if self.arrays.is_break(second) {
            // A last break is where the stop before it is, and so is the way home from it.
            let after = self.next(second);
            if after != NONE && self.arrays.is_end(after) {
                self.mark_dirty(after);
            }
        }
    }

    /// Takes a node's own price out of its route.
    fn release(&mut self, node: Node) {
        let arrays = self.arrays;
        let NodeState { shift, ride, price, .. } = self.nodes[node as usize];
        self.sums.settled -= arrays.ride_price(shift) * ride;
        self.sums.timed -= price;
        self.touch_route(shift).timed -= price;
        let (mut load, mut length) = (0, 0);
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            (load, length) = (visit.load, visit.duration);
            self.sums.settled -= arrays.assign(node, shift) + arrays.working * length;
            self.sums.settled += arrays.unserved(node, self.penalties.unserved);
        } else {
            self.sums.settled += self.penalties.missed_break;
        }
        self.change_load(shift, -load, -(length + ride), if arrays.is_visit(node) { -1 } else { 0 });
        let state = self.touch(node);
        state.ride = 0;
        state.price = 0;
        state.late = 0;
        state.shift = NONE;
        self.mark_moved(shift);
    }

    /// Gives a node's own price to a route; the ride into it follows in [`Working::settle`].
    fn adopt(&mut self, node: Node, shift: u32) {
        let arrays = self.arrays;
        let (mut load, mut length) = (0, 0);
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            (load, length) = (visit.load, visit.duration);
            debug_assert!(arrays.is_able(node, shift), "visit {node} in shift {shift}");
            self.sums.settled += arrays.assign(node, shift) + arrays.working * length;
            self.sums.settled -= arrays.unserved(node, self.penalties.unserved);
        } else {
            self.sums.settled -= self.penalties.missed_break;
        }
        self.change_load(shift, load, length, if arrays.is_visit(node) { 1 } else { 0 });
        self.touch(node).shift = shift;
        self.mark_moved(shift);
    }

    fn change_load(&mut self, shift: u32, load: i64, work: i64, visits: i32) {
        let &ShiftFacts { capacity, use_price, .. } = &self.arrays.shifts[shift as usize];
        let penalty = self.penalties.overload;
        let route = self.touch_route(shift);
        let over = (route.load - capacity).max(0);
        route.load += load;
        route.work += work;
        let was_used = route.visits > 0;
        route.visits = route.visits.wrapping_add_signed(visits);
        let used = use_price * (i64::from(route.visits > 0) - i64::from(was_used));
        let now = (route.load - capacity).max(0);
        self.sums.settled += penalty * (now - over) + used;
    }

    /// Takes a visit or break out of its route.
    pub(crate) fn remove(&mut self, node: Node) {
        let NodeState { prev, next, .. } = self.nodes[node as usize];
        self.join(prev, next);
        self.release(node);
    }

    /// Puts an unserved visit, or a break not taken, after a node of a route.
    pub(crate) fn insert_after(&mut self, node: Node, prev: Node) {
        let NodeState { next, shift, .. } = self.nodes[prev as usize];
        debug_assert!(shift != NONE && !self.is_served(node));
        self.adopt(node, shift);
        self.join(prev, node);
        self.join(node, next);
    }

    /// Exchanges the tails behind `first` and `second`, nodes of two routes. Breaks must not be in the tails.
    pub(crate) fn cross(&mut self, first: Node, second: Node) {
        let (shift_a, shift_b) = (self.shift(first), self.shift(second));
        let (end_a, end_b) = (self.arrays.end_of(shift_a), self.arrays.end_of(shift_b));
        let (head_a, head_b) = (self.next(first), self.next(second));
        let (last_a, last_b) = (self.prev(end_a), self.prev(end_b));
        for (head, end, to) in [(head_a, end_a, shift_b), (head_b, end_b, shift_a)] {
            let mut node = head;
            while node != end {
                let next = self.next(node);
                self.release(node);
                self.adopt(node, to);
                self.mark_dirty(node);
                node = next;
            }
        }
        if head_b == end_b {
            self.join(first, end_a);
        } else {
            self.join(first, head_b);
            self.join(last_b, end_a);
        }
        if head_a == end_a {
            self.join(second, end_b);
        } else {
            self.join(second, head_a);
            self.join(last_a, end_b);
        }
    }

    /// Lets the served members of a cluster start up to this long before they would be held until.
    pub(crate) fn lead(&mut self, cluster: u32, ticks: i64) {
        let arrays = self.arrays;
        for &member in &arrays.clusters[cluster as usize].members {
            self.lead_log.push((member, self.leads[member as usize]));
            self.set_lead(member, ticks);
            self.mark_dirty(member);
        }
    }

    pub(super) fn set_lead(&mut self, visit: Node, lead: i64) {
        let facts = &self.arrays.visits[visit as usize];
        self.leads[visit as usize] = lead;
        self.opens[visit as usize] = fine((facts.held - lead).max(facts.first.open));
    }

    /// The lead of a visit.
    pub(crate) fn lead_of(&self, visit: Node) -> i64 {
        self.leads[visit as usize]
    }

    /// The place of a node: a break is where the visit after it is, or where the carer is if none follows.
    #[inline]
    pub(super) fn place(&self, node: Node) -> u32 {
        let arrays = self.arrays;
        if !arrays.is_break(node) {
            return arrays.place[node as usize];
        }
        let next = self.next(node);
        arrays.place[if arrays.is_end(next) { self.prev(node) } else { next } as usize]
    }

    pub(super) fn ride(&self, node: Node) -> i64 {
        let arrays = self.arrays;
        let NodeState { prev, shift, .. } = self.nodes[node as usize];
        if arrays.is_end(node) && prev == arrays.start_of(shift) {
            return 0;
        }
        arrays.ride(shift, self.place(prev), self.place(node))
    }

    /// Prices what the edits changed apart from times, and returns the least that the whole can now cost.
    pub(crate) fn settle(&mut self) -> i64 {
        for at in 0..self.dirty.len() {
            let node = self.dirty[at];
            let NodeState { shift, ride: old, .. } = self.nodes[node as usize];
            if shift == NONE {
                continue;
            }
            let ride = self.ride(node);
            if ride != old {
                self.touch(node).ride = ride;
                self.sums.settled += self.arrays.ride_price(shift) * (ride - old);
                self.touch_route(shift).work += ride - old;
            }
        }
        self.sums.settled
    }

    /// Whether the trial so far already costs more than `limit`, whatever the times become.
    #[inline]
    pub(crate) fn exceeds(&self, limit: i64) -> bool {
        self.sums.settled > limit
    }

    /// Keeps the trial.
    ///
    /// Where visits have several windows and links tie routes together, one that waits for its next window can hold itself there round
    /// a cycle of the temporal graph. Such times have more than one fixpoint, so the earliest is computed from below.
    pub(crate) fn commit(&mut self) {
        if self.arrays.ambiguous {
            let consistent = self.restart();
            debug_assert!(consistent, "the order had a schedule before");
            let _ = self.finish_times(i64::MAX);
        }
        self.node_log.clear();
        self.route_log.clear();
    }

    /// Makes edits that are sure to be kept: nothing that was taken out contradicts links, nor what was tried before.
    pub(crate) fn edit(&mut self, edits: impl FnOnce(&mut Self)) {
        self.begin();
        edits(self);
        self.settle();
        let consistent = self.propagate(i64::MAX);
        debug_assert!(consistent, "edits that are sure to be kept contradict links");
        self.commit();
    }

    /// Takes the trial back.
    pub(crate) fn undo(&mut self) {
        while let Some((node, state)) = self.node_log.pop() {
            self.nodes[node as usize] = state;
        }
        while let Some((shift, state)) = self.route_log.pop() {
            self.routes[shift as usize] = state;
        }
        while let Some((visit, lead)) = self.lead_log.pop() {
            self.set_lead(visit, lead);
        }
        self.sums = self.before;
        self.clear_heap();
    }
}
