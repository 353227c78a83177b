//! The mutable plan of one worker.
//!
//! Routes are linked lists of nodes between a start and an end node. A *trial* is: [`Working::begin`], edits ([`Working::remove`],
//! [`Working::insert_after`], [`Working::cross`]), then [`Working::settle`] for the part of the price that needs no times, then
//! [`Working::propagate`] for the rest, and finally [`Working::commit`] or [`Working::undo`]. Start times are the earliest schedule at all
//! times (see `arrays` on fine time); touched nodes and routes are logged once per trial, so undoing costs what was touched.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::arrays::{Arrays, NONE, Node, fine, ticks};
use super::route_times::{RouteTimes, Timed, measure, shift_later};
use crate::plan::{Plan, Route, Stop, Task};
use crate::pool::PooledRoute;
use crate::problem::{IdVec, Moment, ShiftId, Term, VisitId};

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
    idle: i64,
    visits: u32,
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
    nodes: Vec<NodeState>,
    routes: Vec<RouteState>,
    sums: Sums,
    before: Sums,
    trial: u32,
    node_stamp: Vec<u32>,
    node_log: Vec<(Node, NodeState)>,
    route_stamp: Vec<u32>,
    route_log: Vec<(u32, RouteState)>,
    dirty: Vec<Node>,
    dirty_stamp: Vec<u32>,
    heap: BinaryHeap<Reverse<(i64, Node)>>,
    queued: Vec<bool>,
    /// Shifts whose times changed in this trial.
    moved: Vec<u32>,
    moved_stamp: Vec<u32>,
    stops: Vec<Timed>,
    latest: Vec<i64>,
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
            nodes: vec![blank; n],
            routes: vec![RouteState { load: 0, work: 0, price: 0, idle: 0, visits: 0 }; arrays.n_shifts],
            sums: Sums { settled: 0, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 },
            before: Sums { settled: 0, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 },
            trial: 1,
            node_stamp: vec![0; n],
            node_log: Vec::new(),
            route_stamp: vec![0; arrays.n_shifts],
            route_log: Vec::new(),
            dirty: Vec::new(),
            dirty_stamp: vec![0; n],
            heap: BinaryHeap::new(),
            queued: vec![false; n],
            moved: Vec::new(),
            moved_stamp: vec![0; arrays.n_shifts],
            stops: Vec::new(),
            latest: Vec::new(),
            base: Vec::new(),
            budget: i64::MAX,
            lost: false,
        };
        working.load(&vec![Vec::new(); arrays.n_shifts]);
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
    /// Mean price of the ride to a served visit.
    pub(crate) fn mean_ride_price(&self) -> i64 {
        let served = self.nodes[..self.arrays.n_visits].iter().filter(|node| node.shift != NONE);
        let (rides, n) = served.fold((0, 0), |(rides, n), node| (rides + node.ride, n + 1));
        if n == 0 { 0 } else { (self.arrays.travel + self.arrays.working) * rides / n }
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

    #[inline]
    fn push(&mut self, node: Node, key: i64) {
        if !self.queued[node as usize] {
            self.queued[node as usize] = true;
            self.heap.push(Reverse((key, node)));
        }
    }

    /// Earliest service start for one who is there at `time`, both fine.
    #[inline]
    fn open_at(&self, node: Node, time: i64) -> i64 {
        let arrays = self.arrays;
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            if visit.windows.is_empty() {
                return time.max(fine(visit.first.open));
            }
            for window in &visit.windows {
                if time <= fine(window.open) {
                    return fine(window.open);
                }
                if window.wait_from == i64::MAX || time < fine(window.wait_from) {
                    return time;
                }
            }
            return time;
        }
        if arrays.is_break(node) {
            let shift = (node as usize) - arrays.n_visits;
            return arrays.shifts[shift].pause.map_or(time, |rule| time.max(fine(rule.open)));
        }
        time
    }

    #[inline]
    fn length(&self, node: Node) -> i64 {
        let arrays = self.arrays;
        if arrays.is_visit(node) {
            arrays.visits[node as usize].duration
        } else if arrays.is_break(node) {
            arrays.shifts[node as usize - arrays.n_visits].pause.map_or(0, |rule| rule.min_duration)
        } else {
            0
        }
    }

    /// When the carer can be at a node at the earliest, fine.
    #[inline]
    fn arrival(&self, node: Node) -> i64 {
        let state = &self.nodes[node as usize];
        let prev = state.prev;
        let from = &self.nodes[prev as usize];
        if self.arrays.is_start(prev) {
            return fine(self.arrays.shifts[state.shift as usize].start + state.ride);
        }
        from.start + fine(self.length(prev) + state.ride)
    }

    /// Weighted price of a start time and the lateness in it.
    fn price_of(&self, node: Node, start: i64) -> (i64, i64) {
        let arrays = self.arrays;
        let at = ticks(start);
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            let close = if visit.windows.is_empty() {
                visit.first.close
            } else {
                visit.windows.iter().rev().find(|window| window.open <= at).map_or(visit.first.close, |window| window.close)
            };
            let late = (at - close).max(0);
            let mut price = self.penalties.lateness * late;
            if visit.late > 0 {
                price += visit.late * (at - visit.preferred_until).max(0);
            }
            if visit.moved > 0 {
                price += visit.moved * (at - visit.promised_until).max(0);
            }
            (price, late)
        } else if arrays.is_break(node) {
            let late = arrays.shifts[node as usize - arrays.n_visits].pause.map_or(0, |rule| (at - rule.latest_begin).max(0));
            (self.penalties.late_break * late, 0)
        } else {
            let end = arrays.shifts[self.shift(node) as usize].end;
            (self.penalties.overtime * (at - end).max(0), 0)
        }
    }

    /// Sets a start time; returns whether it changed.
    fn set_start(&mut self, node: Node, start: i64) -> bool {
        let (price, late) = self.price_of(node, start);
        let old = self.nodes[node as usize];
        if old.start == start && old.price == price && old.late == late {
            return false;
        }
        let state = self.touch(node);
        state.start = start;
        state.price = price;
        state.late = late;
        self.sums.timed += price - old.price;
        self.mark_moved(old.shift);
        self.lost |= price > self.budget && start > old.start;
        old.start != start
    }

    fn push_next(&mut self, node: Node) {
        let next = self.nodes[node as usize].next;
        if next != NONE {
            let key = self.nodes[node as usize].start;
            self.push(next, key);
        }
    }

    /// Recomputes the starts of a node and of those it is linked with; pushes what follows from changes. Returns the number of changes.
    fn update(&mut self, node: Node) -> usize {
        let arrays = self.arrays;
        if !arrays.is_visit(node) || !arrays.visits[node as usize].linked {
            let start = self.open_at(node, self.arrival(node));
            let changed = self.set_start(node, start);
            if changed && !arrays.is_end(node) {
                self.push_next(node);
            }
            return usize::from(changed);
        }
        let cluster = &arrays.clusters[arrays.visits[node as usize].cluster as usize];
        let n = cluster.members.len();
        let mut base = std::mem::take(&mut self.base);
        base.clear();
        for &member in &cluster.members {
            base.push(if self.is_served(member) { self.open_at(member, self.arrival(member)) } else { i64::MIN / 4 });
        }
        // One pass settles single windows; several windows can push a start on, so repeat until nothing moves.
        let mut rounds = 0;
        loop {
            let mut moved = false;
            for to in 0..n {
                if base[to] <= i64::MIN / 8 {
                    continue;
                }
                let least =
                    (0..n).filter(|&from| base[from] > i64::MIN / 8).map(|from| base[from] + cluster.gap[from * n + to]).max().unwrap_or(base[to]);
                if least > base[to] {
                    base[to] = self.open_at(cluster.members[to], least);
                    moved = true;
                }
            }
            rounds += 1;
            if !moved || rounds > 4 * n + 8 {
                break;
            }
        }
        let mut changes = 0;
        for (at, &member) in cluster.members.iter().enumerate() {
            if base[at] > i64::MIN / 8 && self.set_start(member, base[at]) {
                changes += 1;
                self.push_next(member);
            }
        }
        self.base = base;
        changes
    }

    /// Brings all start times and prices up to date after [`Working::settle`]. Returns false if the order contradicts itself (crossing
    /// links), or if on the way one start alone becomes dearer than `limit` leaves for times; the trial must then be undone.
    pub(crate) fn propagate(&mut self, limit: i64) -> bool {
        self.budget = limit.saturating_sub(self.sums.settled);
        for at in 0..self.dirty.len() {
            let node = self.dirty[at];
            if self.is_served(node) {
                let prev = self.prev(node);
                let key = self.nodes[prev as usize].start;
                self.push(node, key);
            }
        }
        // Partners of removed members must be looked at again.
        for at in 0..self.node_log.len() {
            let node = self.node_log[at].0;
            if self.arrays.is_visit(node) && !self.is_served(node) && self.arrays.visits[node as usize].linked {
                let cluster = self.arrays.visits[node as usize].cluster as usize;
                for &member in &self.arrays.clusters[cluster].members {
                    if self.is_served(member) {
                        let key = self.nodes[member as usize].start;
                        self.push(member, key);
                    }
                }
            }
        }
        if !self.drain(self.arrays.n_nodes() + 64) && (self.lost || !self.restart()) {
            return false;
        }
        self.finish_times();
        true
    }

    /// Works the heap off. False if it does not come to rest within that many changes, or the budget is lost.
    fn drain(&mut self, mut left: usize) -> bool {
        self.lost = false;
        while let Some(Reverse((_, node))) = self.heap.pop() {
            self.queued[node as usize] = false;
            if !self.is_served(node) {
                continue;
            }
            let changes = self.update(node);
            if changes > left || self.lost {
                self.clear_heap();
                return false;
            }
            left -= changes;
        }
        true
    }

    fn clear_heap(&mut self) {
        while let Some(Reverse((_, node))) = self.heap.pop() {
            self.queued[node as usize] = false;
        }
    }

    /// Computes the earliest schedule from below, which always comes to rest unless the order contradicts itself.
    fn restart(&mut self) -> bool {
        let arrays = self.arrays;
        for shift in 0..arrays.n_shifts {
            let shift = shift as u32;
            let mut node = self.next(arrays.start_of(shift));
            loop {
                let start = self.open_at(node, self.arrival(node));
                self.set_start(node, start);
                if arrays.is_end(node) {
                    break;
                }
                node = self.next(node);
            }
        }
        for &cluster in &arrays.linked {
            for &member in &arrays.clusters[cluster as usize].members {
                if self.is_served(member) {
                    let key = self.nodes[member as usize].start;
                    self.push(member, key);
                }
            }
        }
        self.drain(8 * arrays.n_nodes() + 64)
    }

    /// Prices waiting, early starts and the terms across shifts.
    fn finish_times(&mut self) {
        let arrays = self.arrays;
        if arrays.route_terms {
            for at in 0..self.moved.len() {
                let shift = self.moved[at];
                let times = self.route_times(shift);
                let price = arrays.waiting * times.waiting + times.early;
                let old = self.routes[shift as usize];
                if price != old.price || times.idle != old.idle {
                    let route = self.touch_route(shift);
                    route.price = price;
                    route.idle = times.idle;
                    self.sums.routes += price - old.price;
                }
            }
            if arrays.greatest_idle > 0 {
                self.sums.greatest_idle = self.routes.iter().map(|route| route.idle).max().unwrap_or(0);
            }
        }
        if arrays.greatest_lateness > 0 {
            self.update_greatest_lateness();
        }
        if arrays.balance > 0 {
            self.sums.balance = self.balance();
        }
    }

    fn update_greatest_lateness(&mut self) {
        let mut greatest = 0;
        let mut fell = false;
        for &(node, old) in &self.node_log {
            greatest = greatest.max(self.nodes[node as usize].late);
            fell |= old.late == self.before.greatest_late && old.late > 0;
        }
        self.sums.greatest_late = if greatest >= self.sums.greatest_late {
            greatest
        } else if fell {
            self.nodes[..self.arrays.n_visits].iter().map(|node| node.late).max().unwrap_or(0)
        } else {
            self.sums.greatest_late
        };
    }

    fn balance(&self) -> i64 {
        let n = self.routes.len() as i64;
        let total: i64 = self.routes.iter().map(|route| route.work).sum();
        self.routes.iter().map(|route| ((n * route.work - total).abs() + n - 1) / n).sum()
    }

    /// The times of a route as they are priced and will be planned; leaves the stops in `self.stops`.
    fn route_times(&mut self, shift: u32) -> RouteTimes {
        let arrays = self.arrays;
        let mut stops = std::mem::take(&mut self.stops);
        stops.clear();
        let end = arrays.end_of(shift);
        let mut node = self.next(arrays.start_of(shift));
        while node != end {
            let state = &self.nodes[node as usize];
            stops.push(Timed { node, ride: state.ride, start: ticks(state.start), length: self.length(node) });
            node = state.next;
        }
        let last_ride = self.nodes[end as usize].ride;
        if arrays.later_pays {
            shift_later(arrays, shift, &mut stops, last_ride, &mut self.latest);
        }
        let times = measure(arrays, shift, &mut stops, last_ride);
        self.stops = stops;
        times
    }

    /// Keeps the trial.
    ///
    /// Where visits have several windows and links tie routes together, one that waits for its next window can hold itself there round
    /// a cycle of the temporal graph. Such times have more than one fixpoint, so the earliest is computed from below.
    pub(crate) fn commit(&mut self) {
        if self.arrays.ambiguous {
            let consistent = self.restart();
            debug_assert!(consistent, "the order had a schedule before");
            self.finish_times();
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
        self.sums = self.before;
        self.clear_heap();
    }

    // ---- doors ----

    /// Replaces all routes. Each sequence holds visits the shift is able to serve, each visit once, and at most the shift's own break.
    /// Orders that contradict the links are repaired by dropping the linked visits that cannot be timed.
    pub(crate) fn load(&mut self, sequences: &[Vec<Node>]) {
        let arrays = self.arrays;
        self.clear_heap();
        for state in &mut self.nodes {
            *state = NodeState { next: NONE, prev: NONE, shift: NONE, ride: 0, start: 0, price: 0, late: 0 };
        }
        let mut settled: i64 = arrays.visits.iter().map(|visit| visit.unserved + if visit.required { self.penalties.unserved } else { 0 }).sum();
        settled += self.penalties.missed_break * arrays.shifts.iter().filter(|shift| shift.pause.is_some()).count() as i64;
        self.sums = Sums { settled, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 };
        for shift in 0..arrays.n_shifts as u32 {
            self.routes[shift as usize] = RouteState { load: 0, work: 0, price: 0, idle: 0, visits: 0 };
            let (start, end) = (arrays.start_of(shift), arrays.end_of(shift));
            self.nodes[start as usize] =
                NodeState { next: end, prev: NONE, shift, ride: 0, start: fine(arrays.shifts[shift as usize].start), price: 0, late: 0 };
            self.nodes[end as usize] =
                NodeState { next: NONE, prev: start, shift, ride: 0, start: fine(arrays.shifts[shift as usize].start), price: 0, late: 0 };
        }
        self.budget = i64::MAX;
        self.begin();
        for (shift, sequence) in sequences.iter().enumerate() {
            let mut last = arrays.start_of(shift as u32);
            for &node in sequence {
                self.insert_after(node, last);
                last = node;
            }
        }
        for shift in 0..arrays.n_shifts as u32 {
            self.mark_moved(shift);
        }
        self.settle();
        let consistent = self.restart();
        if !consistent {
            let linked: Vec<Node> = arrays.linked.iter().flat_map(|&cluster| arrays.clusters[cluster as usize].members.iter().copied()).collect();
            for node in linked {
                if self.is_served(node) {
                    self.remove(node);
                }
            }
            self.settle();
            self.restart();
        }
        self.finish_times();
        if arrays.greatest_lateness > 0 {
            self.sums.greatest_late = self.nodes[..arrays.n_visits].iter().map(|node| node.late).max().unwrap_or(0);
        }
        self.node_log.clear();
        self.route_log.clear();
    }

    /// The routes as node sequences.
    pub(crate) fn sequences(&self) -> Vec<Vec<Node>> {
        (0..self.arrays.n_shifts as u32).map(|shift| self.route(shift).collect()).collect()
    }

    /// Copies the routes into `into`, reusing its memory.
    pub(crate) fn store(&self, into: &mut Vec<Vec<Node>>) {
        into.resize_with(self.arrays.n_shifts, Vec::new);
        for (shift, sequence) in into.iter_mut().enumerate() {
            sequence.clear();
            sequence.extend(self.route(shift as u32));
        }
    }

    /// How much the plan breaks hard rules: the sum of quantities over their limits; 0 means none that the search knows.
    pub(crate) fn violation(&self) -> i64 {
        let arrays = self.arrays;
        let objective = arrays.problem.objective();
        let (late_hard, over_hard, break_hard) =
            (objective.is_hard(Term::Lateness), objective.is_hard(Term::Overtime), objective.is_hard(Term::MissedBreak));
        let mut sum = 0;
        for (at, visit) in arrays.visits.iter().enumerate() {
            let node = &self.nodes[at];
            if node.shift == NONE {
                sum += if visit.required { 1_000_000 } else { 0 };
            } else if late_hard {
                sum += node.late;
            }
        }
        for (at, shift) in arrays.shifts.iter().enumerate() {
            if over_hard {
                sum += (ticks(self.start(arrays.end_of(at as u32))) - shift.end).max(0);
            }
            if let Some(rule) = shift.pause {
                let node = &self.nodes[arrays.break_of(at as u32) as usize];
                if node.shift != NONE {
                    sum += (ticks(node.start) - rule.latest_begin).max(0);
                } else if break_hard {
                    sum += 1_000_000;
                }
            }
            if objective.is_hard(Term::Overload) {
                sum += (self.routes[at].load - shift.capacity).max(0);
            }
        }
        sum
    }

    /// Writes the plan out with the times it is priced at.
    pub(crate) fn unload(&mut self) -> Plan {
        let arrays = self.arrays;
        let mut routes: IdVec<ShiftId, Route> = IdVec::new();
        for shift in 0..arrays.n_shifts as u32 {
            let times = self.route_times(shift);
            let mut free_at = times.departure;
            let stops = self
                .stops
                .iter()
                .map(|stop| {
                    let arrival = free_at + stop.ride;
                    free_at = stop.start + stop.length;
                    let task = if arrays.is_visit(stop.node) { Task::Visit(VisitId::new(stop.node as usize)) } else { Task::Break };
                    Stop { task, arrival: Moment(arrival), start: Moment(stop.start), end: Moment(free_at) }
                })
                .collect();
            routes.push(Route { departure: Moment(times.departure), stops, back: Moment(times.back) });
        }
        let unserved = (0..arrays.n_visits).filter(|&visit| !self.is_served(visit as Node)).map(VisitId::new).collect();
        Plan { routes, unserved }
    }

    /// Appends every route that is in use as a column.
    pub(crate) fn capture(&mut self, into: &mut Vec<PooledRoute>) {
        let arrays = self.arrays;
        for shift in 0..arrays.n_shifts as u32 {
            if self.routes[shift as usize].visits == 0 {
                continue;
            }
            let state = self.routes[shift as usize];
            let end = &self.nodes[arrays.end_of(shift) as usize];
            let mut price = state.price + end.price + (arrays.travel + arrays.working) * end.ride;
            price += self.penalties.overload * (state.load - arrays.shifts[shift as usize].capacity).max(0);
            let paused = self.is_served(arrays.break_of(shift));
            if arrays.shifts[shift as usize].pause.is_some() && !paused {
                price += self.penalties.missed_break;
            }
            let mut route = PooledRoute { shift, nodes: Vec::new(), starts: Vec::new(), price: 0, idle: state.idle, late: 0, work: state.work };
            for node in self.route(shift) {
                let facts = &self.nodes[node as usize];
                price += facts.price + (arrays.travel + arrays.working) * facts.ride;
                if arrays.is_visit(node) {
                    price += arrays.assign(node, shift) + arrays.working * arrays.visits[node as usize].duration;
                }
                route.late = route.late.max(facts.late);
                route.nodes.push(node);
                route.starts.push(ticks(facts.start));
            }
            route.price = price;
            into.push(route);
        }
    }

    /// Nodes of a plan's routes, with what this problem cannot hold left out: unknown ids, forbidden assignments, second copies.
    pub(crate) fn nodes_of(arrays: &Arrays<'_>, plan: &Plan) -> Vec<Vec<Node>> {
        let mut seen = vec![false; arrays.n_nodes()];
        let mut sequences = vec![Vec::new(); arrays.n_shifts];
        for (shift, route) in plan.routes.iter().enumerate().take(arrays.n_shifts) {
            for task in route.tasks() {
                let node = match task {
                    Task::Visit(visit) if visit.idx() < arrays.n_visits && arrays.is_able(visit.idx() as Node, shift as u32) => visit.idx() as Node,
                    Task::Break if arrays.shifts[shift].pause.is_some() => arrays.break_of(shift as u32),
                    _ => continue,
                };
                if !std::mem::replace(&mut seen[node as usize], true) {
                    sequences[shift].push(node);
                }
            }
        }
        sequences
    }

    /// Changes the penalties and reprices everything.
    pub(crate) fn set_penalties(&mut self, penalties: Penalties) {
        self.penalties = penalties;
        let sequences = self.sequences();
        self.load(&sequences);
    }

    /// Compares every running value with one computed from scratch.
    ///
    /// # Panics
    /// On any difference.
    pub(crate) fn audit(&self) {
        let mut fresh = Working::new(self.arrays, self.penalties);
        fresh.load(&self.sequences());
        for (node, (kept, scratch)) in self.nodes.iter().zip(&fresh.nodes).enumerate() {
            if scratch.shift != NONE {
                assert_eq!((kept.start, kept.ride, kept.price, kept.late), (scratch.start, scratch.ride, scratch.price, scratch.late), "node {node}");
            }
        }
        assert_eq!(self.sums, fresh.sums, "running sums differ from scratch");
        assert_eq!(self.routes, fresh.routes, "running routes differ from scratch");
    }
}
