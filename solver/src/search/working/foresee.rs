//! What a move would cost, read off without touching the plan.
//!
//! Most moves are lost, and most of them by far. So a move first says what the routes it touches would look like, as stretches of routes
//! as they stand, and [`Working::foresee`] walks them until the times are as they were. Where no links, breaks, balance and terms of whole
//! routes are touched, the answer is exact. Otherwise it is an estimate, mostly from below, that leaves out what moved times do to other
//! routes behind a linked visit: a few good moves are passed over for it, and what it lets through is priced exactly before it is kept.

use super::super::arrays::{Node, fine};
use super::Working;

/// Stops of one route in a row as they stand, both ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    first: Node,
    last: Node,
}

impl Stretch {
    pub(crate) fn new(first: Node, last: Node) -> Self {
        Self { first, last }
    }
    pub(crate) fn one(node: Node) -> Self {
        Self { first: node, last: node }
    }
    pub(crate) fn first(self) -> Node {
        self.first
    }
}

/// The change of cost that walks have seen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Foresight {
    /// A cluster that moves as a whole, and when two of its visits can start; those are not held by where they stand.
    moving: Option<(u32, [(Node, i64); 2])>,
    /// Weighted price of rides, assignments and times.
    cost: i64,
    /// Greatest lateness met, as it would be.
    late: i64,
    /// Whether a visit was met that is as late as any.
    met_latest: bool,
    /// Weighted price of waiting, early starts, idle time and imbalance that may vanish.
    relief: i64,
}

impl Foresight {
    /// For a move of two linked visits at once: `first` and `second` with the earliest starts at their new places, fine.
    pub(crate) fn of_pair(cluster: u32, first: (Node, i64), second: (Node, i64)) -> Self {
        Self { moving: Some((cluster, [first, second])), ..Self::default() }
    }
}

impl Working<'_> {
    /// Walks the route of `shift` without the stretch `out` of it, and with the stretch `into.0` behind `into.1`. Returns the load that
    /// comes from other routes, or `None` where nothing can be said: next to breaks, or where the order is not plain from the times.
    pub(crate) fn foresee_change(&self, shift: u32, out: Option<Stretch>, into: Option<(Stretch, Node)>, sight: &mut Foresight) -> Option<i64> {
        let arrays = self.arrays;
        let end = arrays.end_of(shift);
        let is_break = |nodes: &[Node]| nodes.iter().any(|&node| arrays.is_break(node));
        match (out, into) {
            (None, None) => Some(0),
            (Some(out), None) => {
                let (before, behind) = (self.prev(out.first), self.next(out.last));
                (!is_break(&[before, behind])).then(|| self.foresee(shift, before, &[Stretch::new(behind, end)], sight))
            }
            (None, Some((into, after))) => {
                let behind = self.next(after);
                (!is_break(&[after, behind])).then(|| self.foresee(shift, after, &[into, Stretch::new(behind, end)], sight))
            }
            (Some(out), Some((into, after))) => {
                let (before, behind) = (self.prev(out.first), self.next(out.last));
                let follower = self.next(after);
                if is_break(&[before, behind, after, follower]) {
                    return None;
                }
                if after == before {
                    return Some(self.foresee(shift, after, &[into, Stretch::new(behind, end)], sight));
                }
                match self.start(after).cmp(&self.start(out.first)) {
                    std::cmp::Ordering::Greater => {
                        Some(self.foresee(shift, before, &[Stretch::new(behind, after), into, Stretch::new(follower, end)], sight))
                    }
                    std::cmp::Ordering::Less => {
                        Some(self.foresee(shift, after, &[into, Stretch::new(follower, before), Stretch::new(behind, end)], sight))
                    }
                    std::cmp::Ordering::Equal => None,
                }
            }
        }
    }

    /// Earliest start of a visit behind `after` in the route of `shift` by itself, fine.
    pub(crate) fn start_behind(&self, visit: Node, after: Node, shift: u32) -> i64 {
        let arrays = self.arrays;
        let ride = fine(arrays.ride(shift, self.place(after), arrays.place[visit as usize]));
        let free_at =
            if arrays.is_start(after) { fine(arrays.shifts[shift as usize].start) } else { self.nodes[after as usize].start + fine(self.length(after)) };
        self.open_at(visit, free_at + ride)
    }

    /// Walks the route of `shift` as it would be if `after` were followed by `stretches`, the last of which ends the route. Returns the
    /// load of the visits that come from other routes.
    ///
    /// No stretch begins or ends at a break, `after` is none, and no stretch of another route holds one.
    pub(crate) fn foresee(&self, shift: u32, after: Node, stretches: &[Stretch], sight: &mut Foresight) -> i64 {
        let arrays = self.arrays;
        let route = &self.routes[shift as usize];
        sight.relief += route.price;
        if arrays.greatest_idle > 0 && route.idle == self.sums.greatest_idle {
            sight.relief += arrays.greatest_idle * route.idle;
        }
        let ride_price = arrays.travel + arrays.working;
        let mut load = 0;
        let mut from = after;
        let mut free_at =
            if arrays.is_start(after) { fine(arrays.shifts[shift as usize].start) } else { self.nodes[after as usize].start + fine(self.length(after)) };
        for (at, stretch) in stretches.iter().enumerate() {
            let is_last = at + 1 == stretches.len();
            let mut node = stretch.first;
            let mut joined = true;
            loop {
                let state = &self.nodes[node as usize];
                let foreign = state.shift != shift;
                let mut ride = state.ride;
                if joined || (foreign && !arrays.ride_alike(shift, state.shift)) {
                    let empty = arrays.is_end(node) && arrays.is_start(from);
                    ride = if empty { 0 } else { arrays.ride(shift, arrays.place[from as usize], arrays.place[node as usize]) };
                    sight.cost += ride_price * (ride - state.ride);
                }
                if foreign {
                    sight.cost += arrays.assign(node, shift) - arrays.assign(node, state.shift);
                    load += arrays.visits[node as usize].load;
                }
                let mut start = self.open_at(node, free_at + fine(ride));
                if arrays.is_visit(node) && arrays.visits[node as usize].linked {
                    start = self.foresee_links(node, start, sight);
                }
                sight.met_latest |= state.late > 0 && state.late == self.sums.greatest_late;
                if start == state.start {
                    sight.late = sight.late.max(state.late);
                    if is_last && !foreign {
                        return load;
                    }
                } else {
                    let (price, late) = self.price_of(node, start);
                    sight.cost += price - state.price;
                    sight.late = sight.late.max(late);
                }
                if node == stretch.last {
                    from = node;
                    free_at = start + fine(self.length(node));
                    break;
                }
                free_at = start + fine(self.length(node));
                from = node;
                node = state.next;
                joined = false;
            }
        }
        load
    }

    /// When a linked visit starts that could start at `start` by itself, and what that does to the visits it is linked with, but not to
    /// those behind them.
    fn foresee_links(&self, node: Node, start: i64, sight: &mut Foresight) -> i64 {
        let arrays = self.arrays;
        let cluster = arrays.visits[node as usize].cluster;
        if let Some((moving, starts)) = sight.moving
            && moving == cluster
        {
            return starts.iter().find(|(member, _)| *member == node).map_or(start, |&(_, held)| start.max(held));
        }
        let cluster = &arrays.clusters[cluster as usize];
        let n = cluster.members.len();
        let Some(own) = cluster.members.iter().position(|&member| member == node) else { return start };
        let mut held = start;
        for (at, &member) in cluster.members.iter().enumerate() {
            if at != own && self.is_served(member) {
                held = held.max(self.open_at(member, self.arrival(member)) + cluster.gap[at * n + own]);
            }
        }
        if held != self.nodes[node as usize].start {
            for (at, &member) in cluster.members.iter().enumerate() {
                if at != own && self.is_served(member) {
                    let pushed = self.open_at(member, self.arrival(member)).max(held + cluster.gap[own * n + at]);
                    let (price, late) = self.price_of(member, pushed);
                    sight.cost += price - self.nodes[member as usize].price;
                    sight.late = sight.late.max(late);
                    sight.met_latest |= self.nodes[member as usize].late > 0 && self.nodes[member as usize].late == self.sums.greatest_late;
                }
            }
        }
        held
    }

    /// The change of the whole cost after all walks of a move, given how much load each route gains.
    pub(crate) fn outlook(&self, sight: &Foresight, gains: &[(u32, i64)]) -> i64 {
        let arrays = self.arrays;
        let mut change = sight.cost - sight.relief - arrays.balance * self.sums.balance;
        if arrays.greatest_lateness > 0 {
            let greatest = self.sums.greatest_late;
            if sight.late > greatest || sight.met_latest {
                change += arrays.greatest_lateness * (sight.late - greatest);
            }
        }
        for &(shift, gain) in gains {
            let route = &self.routes[shift as usize];
            let capacity = arrays.shifts[shift as usize].capacity;
            change += self.penalties.overload * ((route.load + gain - capacity).max(0) - (route.load - capacity).max(0));
        }
        change
    }
}
