//! Start times: the earliest schedule, kept up to date through the temporal graph, and what it costs.

use std::cmp::Reverse;

use super::super::arrays::{NONE, Node, fine, ticks};
use super::super::route_times::{RouteTimes, Timed, late_price, measure};
use super::Working;

impl Working<'_> {
    #[inline]
    pub(super) fn push(&mut self, node: Node, key: i64) {
        if !self.queued[node as usize] {
            self.queued[node as usize] = true;
            self.heap.push(Reverse((key, node)));
        }
    }

    /// Earliest service start for one who is there at `time`, both fine.
    #[inline]
    pub(super) fn open_at(&self, node: Node, time: i64) -> i64 {
        let arrays = self.arrays;
        if arrays.is_visit(node) {
            let visit = &arrays.visits[node as usize];
            let time = time.max(self.opens[node as usize]);
            if visit.windows.is_empty() {
                return time;
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
    pub(super) fn length(&self, node: Node) -> i64 {
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
    pub(crate) fn arrival(&self, node: Node) -> i64 {
        let state = &self.nodes[node as usize];
        let prev = state.prev;
        let from = &self.nodes[prev as usize];
        if self.arrays.is_start(prev) {
            return fine(self.arrays.shifts[state.shift as usize].start + state.ride);
        }
        from.start + fine(self.length(prev) + state.ride)
    }

    /// Weighted price of a start time and the lateness in it.
    #[inline]
    pub(super) fn price_of(&self, node: Node, start: i64) -> (i64, i64) {
        self.price_in(self.shift(node), node, start)
    }

    /// [`Working::price_of`] in the route of `shift`.
    pub(super) fn price_in(&self, shift: u32, node: Node, start: i64) -> (i64, i64) {
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
            price += late_price(visit, at);
            (price, late)
        } else if arrays.is_break(node) {
            let late = arrays.shifts[node as usize - arrays.n_visits].pause.map_or(0, |rule| (at - rule.latest_begin).max(0));
            (self.penalties.late_break * late, 0)
        } else {
            let end = arrays.shifts[shift as usize].end;
            (self.penalties.overtime * (at - end).max(0), 0)
        }
    }

    /// Sets a start time; returns whether it changed.
    pub(super) fn set_start(&mut self, node: Node, start: i64) -> bool {
        let (price, late) = self.price_of(node, start);
        let old = self.nodes[node as usize];
        if old.start == start && old.price == price && old.late == late {
            return false;
        }
        let state = self.touch(node);
        state.start = start;
        state.price = price;
        state.late = late;
        if price != old.price {
            self.sums.timed += price - old.price;
            self.touch_route(old.shift).timed += price - old.price;
        }
        self.mark_moved(old.shift);
        self.lost |= price > self.budget && start > old.start;
        old.start != start
    }

    pub(super) fn push_next(&mut self, node: Node) {
        let next = self.nodes[node as usize].next;
        if next != NONE {
            let key = self.nodes[node as usize].start;
            self.push(next, key);
        }
    }

    /// Recomputes the starts of a node and of those it is linked with; pushes what follows from changes. Returns the number of changes.
    pub(super) fn update(&mut self, node: Node) -> usize {
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
    /// links), or if on the way the plan is seen to cost more than `limit`; the trial must then be undone.
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
        self.finish_times(limit)
    }

    /// Works the heap off. False if it does not come to rest within that many changes, or the budget is lost.
    pub(super) fn drain(&mut self, mut left: usize) -> bool {
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

    pub(super) fn clear_heap(&mut self) {
        while let Some(Reverse((_, node))) = self.heap.pop() {
            self.queued[node as usize] = false;
        }
    }

    /// Computes the earliest schedule from below, which always comes to rest unless the order contradicts itself.
    pub(super) fn restart(&mut self) -> bool {
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

    /// Prices the terms across shifts, waiting and early starts. Returns false as soon as the plan cannot cost `limit` or less.
    pub(super) fn finish_times(&mut self, limit: i64) -> bool {
        let arrays = self.arrays;
        if arrays.greatest_lateness > 0 {
            self.update_greatest_lateness();
        }
        if arrays.balance > 0 {
            self.sums.balance = self.balance();
        }
        if arrays.route_terms {
            // What the routes not looked at yet may become cheaper by.
            let mut relief = arrays.greatest_idle * self.sums.greatest_idle;
            relief += self.moved.iter().map(|&shift| self.routes[shift as usize].price).sum::<i64>();
            for at in 0..self.moved.len() {
                if self.cost() - relief > limit {
                    return false;
                }
                let shift = self.moved[at];
                let times = self.route_times(shift);
                let price = arrays.waiting * times.waiting + times.wishes + times.slack;
                let old = self.routes[shift as usize];
                relief -= old.price;
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
        true
    }

    pub(super) fn update_greatest_lateness(&mut self) {
        let mut greatest = 0;
        let mut fell = false;
        for &(node, old) in &self.node_log {
            greatest = greatest.max(self.nodes[node as usize].late);
            fell |= old.late == self.before.greatest_late && old.late > 0;
        }
        // Against the plan before the trial: times may be finished twice in one.
        let before = self.before.greatest_late;
        self.sums.greatest_late = if greatest >= before {
            greatest
        } else if fell {
            self.nodes[..self.arrays.n_visits].iter().map(|node| node.late).max().unwrap_or(0)
        } else {
            before
        };
    }

    pub(super) fn balance(&self) -> i64 {
        let n = self.routes.len() as i64;
        let total: i64 = self.routes.iter().map(|route| route.work).sum();
        self.routes.iter().map(|route| ((n * route.work - total).abs() + n - 1) / n).sum()
    }

    /// The times of a route as they are priced and will be planned; leaves the stops in `self.stops`.
    pub(super) fn route_times(&mut self, shift: u32) -> RouteTimes {
        let arrays = self.arrays;
        let mut stops = std::mem::take(&mut self.stops);
        stops.clear();
        let end = arrays.end_of(shift);
        let mut node = self.next(arrays.start_of(shift));
        while node != end {
            let state = &self.nodes[node as usize];
            stops.push(Timed { node, ride: state.ride, earliest: ticks(state.start), start: ticks(state.start), length: self.length(node) });
            node = state.next;
        }
        let last_ride = self.nodes[end as usize].ride;
        if arrays.later_pays {
            self.chain.fit(arrays, shift, &mut stops, last_ride);
        }
        if arrays.slack {
            self.chain.spread(arrays, shift, &mut stops, last_ride);
        }
        let times = measure(arrays, shift, &mut stops, last_ride);
        self.stops = stops;
        times
    }
}
