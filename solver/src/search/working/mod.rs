//! The mutable plan of one worker.
//!
//! Routes are linked lists of nodes between a start and an end node. A *trial* is: [`Working::begin`], edits ([`Working::remove`],
//! [`Working::insert_after`], [`Working::cross`]), then [`Working::settle`] for the part of the price that needs no times, then
//! [`Working::propagate`] for the rest, and finally [`Working::commit`] or [`Working::undo`]. Start times are the earliest schedule at all
//! times (see `arrays` on fine time); touched nodes and routes are logged once per trial, so undoing costs what was touched.

mod doors;
mod foresee;
mod schedule;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::arrays::{Arrays, NONE, Node, fine};
use super::route_times::{Chain, Timed};
pub(crate) use foresee::{MovingPair, Order, Stretch};

/// Penalties of rules that the search may break for a while, per unit of their quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Penalties {
    /// Soft weight of lateness, or its penalty where it is forbidden; breaks begun too late pay the penalty always.
    pub(crate) lateness: i64,
    pub(crate) late_break: i64,
    pub(crate) overtime: i64,
    pub(crate) overload: i64,
    pub(crate) missed_break: i64,
    pub(crate) unserved: i64,
}

#[derive(Clone, Copy, Debug)]
struct NodeState {
    next: Node,
    prev: Node,
    shift: u32,
    /// Travel ticks from the node before.
    ride: i64,
    /// Earliest start, fine.
    start: i64,
    /// Weighted price of the start.
    price: i64,
    /// Lateness ticks, for the greatest.
    late: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RouteState {
    load: i64,
    work: i64,
    /// Weighted price of waiting and early starts.
    price: i64,
    /// Weighted price of the starts in it.
    timed: i64,
    idle: i64,
    visits: u32,
}

/// What a working plan is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequences {
    /// The nodes of each shift's route, in order.
    pub(crate) routes: Vec<Vec<Node>>,
    /// By visit, in ticks: how long before it would be held until it may start. Empty where none has a lead.
    pub(crate) leads: Vec<i64>,
}

impl From<Vec<Vec<Node>>> for Sequences {
    /// Routes in which no visit has a lead.
    fn from(routes: Vec<Vec<Node>>) -> Self {
        Self { routes, leads: Vec::new() }
    }
}

/// The parts of the cost that are kept as running values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sums {
    /// Travel, assignment, working time, overload, missed breaks, unserved.
    settled: i64,
    /// Lateness, late against preference, overtime.
    timed: i64,
    /// Waiting and early.
    routes: i64,
    greatest_late: i64,
    greatest_idle: i64,
    balance: i64,
}

/// The mutable plan; see the module's doc.
#[derive(Debug)]
pub(crate) struct Working<'a> {
    pub(crate) arrays: &'a Arrays<'a>,
    pub(crate) penalties: Penalties,
    /// Whether moves are given up that look hopeless before anything is touched.
    pub(crate) foresees: bool,
    nodes: Vec<NodeState>,
    routes: Vec<RouteState>,
    /// By visit, in ticks: how long before it would be held until it may start.
    leads: Vec<i64>,
    /// By visit: its first opening with its lead, fine.
    opens: Vec<i64>,
    sums: Sums,
    before: Sums,
    trial: u32,
    node_stamp: Vec<u32>,
    node_log: Vec<(Node, NodeState)>,
    route_stamp: Vec<u32>,
    route_log: Vec<(u32, RouteState)>,
    lead_log: Vec<(Node, i64)>,
    dirty: Vec<Node>,
    dirty_stamp: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, Node)>>,
    queued: Vec<bool>,
    /// Shifts whose times changed in this trial.
    moved: Vec<u32>,
    moved_stamp: Vec<u32>,
    stops: Vec<Timed>,
    chain: Chain,
    base: Vec<i64>,
    /// What the trial may cost for times, and whether one start alone exceeded it.
    budget: i64,
    lost: bool,
}

impl<'a> Working<'a> {
    /// Empty routes; every visit unserved.
    pub(crate) fn new(arrays: &'a Arrays<'a>, penalties: Penalties) -> Self {
        let n = arrays.n_nodes();
        let blank = NodeState { next: NONE, prev: NONE, shift: NONE, ride: 0, start: 0, price: 0, late: 0 };
        let mut working = Self {
            arrays,
            penalties,
            foresees: true,
            nodes: vec![blank; n],
            routes: vec![RouteState { load: 0, work: 0, price: 0, timed: 0, idle: 0, visits: 0 }; arrays.n_shifts],
            leads: vec![0; arrays.n_visits],
            opens: arrays.visits.iter().map(|visit| fine(visit.held)).collect(),
            sums: Sums { settled: 0, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 },
            before: Sums { settled: 0, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 },
            trial: 1,
            node_stamp: vec![0; n],
            node_log: Vec::new(),
            route_stamp: vec![0; arrays.n_shifts],
            route_log: Vec::new(),
            lead_log: Vec::new(),
            dirty: Vec::new(),
            dirty_stamp: vec![0; n],
            heap: BinaryHeap::new(),
            queued: vec![false; n],
            moved: Vec::new(),
            moved_stamp: vec![0; arrays.n_shifts],
            stops: Vec::new(),
            chain: Chain::default(),
            base: Vec::new(),
            budget: i64::MAX,
            lost: false,
        };
        working.load(&Sequences::from(vec![Vec::new(); arrays.n_shifts]));
        working
    }

    // ---- reading ----

    #[inline]
    pub(crate) fn next(&self, node: Node) -> Node {
        self.nodes[node as usize].next
    }
    #[inline]
    pub(crate) fn prev(&self, node: Node) -> Node {
        self.nodes[node as usize].prev
    }
    /// The shift whose route holds the node, or `NONE`.
    #[inline]
    pub(crate) fn shift(&self, node: Node) -> u32 {
        self.nodes[node as usize].shift
    }
    /// Earliest start in fine time.
    #[inline]
    pub(crate) fn start(&self, node: Node) -> i64 {
        self.nodes[node as usize].start
    }
    #[inline]
    pub(crate) fn is_served(&self, node: Node) -> bool {
        self.nodes[node as usize].shift != NONE
    }
    /// Number of visits in a route.
    pub(crate) fn n_visits(&self, shift: u32) -> u32 {
        self.routes[shift as usize].visits
    }
    /// The nodes of a route between start and end.
    pub(crate) fn route(&self, shift: u32) -> impl Iterator<Item = Node> + '_ {
        let end = self.arrays.end_of(shift);
        let mut at = self.next(self.arrays.start_of(shift));
        std::iter::from_fn(move || {
            (at != end).then(|| {
                let node = at;
                at = self.nodes[node as usize].next;
                node
            })
        })
    }
    /// Weighted price of the node's own time: lateness, a late break, overtime.
    pub(crate) fn time_price(&self, node: Node) -> i64 {
        self.nodes[node as usize].price
    }
    /// Mean price of the ride to a served visit.
    pub(crate) fn mean_ride_price(&self) -> i64 {
        let served = self.nodes[..self.arrays.n_visits].iter().filter(|node| node.shift != NONE);
        let (rides, n) = served.fold((0, 0), |(rides, n), node| (rides + node.ride, n + 1));
        if n == 0 { 0 } else { (self.arrays.travel + self.arrays.working) * rides / n }
    }
    /// Mean difference between the dearest and the cheapest carer of a visit, visits with a published carer aside: those should stay.
    pub(crate) fn mean_spread_of_fees(&self) -> i64 {
        let arrays = self.arrays;
        let spread = |visit: usize| {
            let fees = || arrays.able[visit].iter().map(|&shift| arrays.assign(visit as Node, shift));
            fees().max().zip(fees().min()).map_or(0, |(most, least)| most - least)
        };
        let spreads = (0..arrays.n_visits).filter(|&visit| !arrays.visits[visit].is_published()).map(spread);
        spreads.sum::<i64>() / (arrays.n_visits as i64).max(1)
    }
    /// The whole price, penalties included.
    #[inline]
    pub(crate) fn cost(&self) -> i64 {
        Self::total(self.arrays, &self.sums)
    }
    #[inline]
    fn total(arrays: &Arrays<'_>, sums: &Sums) -> i64 {
        sums.settled
            + sums.timed
            + sums.routes
            + arrays.greatest_lateness * sums.greatest_late
            + arrays.greatest_idle * sums.greatest_idle
            + arrays.balance * sums.balance
    }

    // ---- trials ----

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
    fn touch(&mut self, node: Node) -> &mut NodeState {
        let at = node as usize;
        if self.node_stamp[at] != self.trial {
            self.node_stamp[at] = self.trial;
            self.node_log.push((node, self.nodes[at]));
        }
        &mut self.nodes[at]
    }

    #[inline]
    fn touch_route(&mut self, shift: u32) -> &mut RouteState {
        let at = shift as usize;
        if self.route_stamp[at] != self.trial {
            self.route_stamp[at] = self.trial;
            self.route_log.push((shift, self.routes[at]));
        }
        &mut self.routes[at]
    }

    #[inline]
    fn mark_moved(&mut self, shift: u32) {
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
        self.sums.settled -= (arrays.travel + arrays.working) * ride;
        self.sums.timed -= price;
        self.touch_route(shift).timed -= price;
        let (mut load, mut length) = (0, 0);
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            (load, length) = (visit.load, visit.duration);
            self.sums.settled -= arrays.assign(node, shift) + arrays.working * length;
            self.sums.settled += visit.unserved + if visit.required { self.penalties.unserved } else { 0 };
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
            self.sums.settled -= visit.unserved + if visit.required { self.penalties.unserved } else { 0 };
        } else {
            self.sums.settled -= self.penalties.missed_break;
        }
        self.change_load(shift, load, length, if arrays.is_visit(node) { 1 } else { 0 });
        self.touch(node).shift = shift;
        self.mark_moved(shift);
    }

    fn change_load(&mut self, shift: u32, load: i64, work: i64, visits: i32) {
        let capacity = self.arrays.shifts[shift as usize].capacity;
        let penalty = self.penalties.overload;
        let route = self.touch_route(shift);
        let over = (route.load - capacity).max(0);
        route.load += load;
        route.work += work;
        route.visits = route.visits.wrapping_add_signed(visits);
        let now = (route.load - capacity).max(0);
        self.sums.settled += penalty * (now - over);
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

    fn set_lead(&mut self, visit: Node, lead: i64) {
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
    fn place(&self, node: Node) -> u32 {
        let arrays = self.arrays;
        if !arrays.is_break(node) {
            return arrays.place[node as usize];
        }
        let next = self.next(node);
        arrays.place[if arrays.is_end(next) { self.prev(node) } else { next } as usize]
    }

    fn ride(&self, node: Node) -> i64 {
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
                self.sums.settled += (self.arrays.travel + self.arrays.working) * (ride - old);
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
