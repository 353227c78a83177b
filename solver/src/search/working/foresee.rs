//! What a move would cost, read off without touching the plan.
//!
//! Most moves are lost, and most of them by far. So a move first says in which [`Order`] the routes it touches would be, as stretches of
//! routes as they stand, and [`Working::is_hopeless`] looks at the rides that change, then walks the routes until the times are as they
//! were. Where no links, breaks, balance and terms of whole routes are touched, the answer is exact, but for a greatest lateness that falls:
//! nobody looks who is the next. Otherwise it is an estimate, mostly from below, that leaves out what moved times do to other routes behind
//! a linked visit: a few good moves are passed over for it, and what it lets through is priced exactly before it is kept.

use std::cmp::Ordering;

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

/// The rest of one route behind a stop that stays, as a move would have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    shift: u32,
    after: Node,
    /// Of these the first `n`; the last of them ends with the route's end.
    stretches: [Stretch; 4],
    n: usize,
    /// What leaves the route.
    out: Option<Stretch>,
}

impl Order {
    /// The route of `shift` with `stretches` behind `after`, and without `out` if that goes elsewhere.
    ///
    /// No stretch begins or ends at a break, `after` is none, and no stretch of another route holds one.
    pub(crate) fn new(shift: u32, after: Node, stretches: &[Stretch], out: Option<Stretch>) -> Self {
        let mut all = [stretches[0]; 4];
        all[..stretches.len()].copy_from_slice(stretches);
        Self { shift, after, stretches: all, n: stretches.len(), out }
    }

    fn stretches(&self) -> &[Stretch] {
        &self.stretches[..self.n]
    }
}

/// Two linked visits that move at once, with their earliest starts at the new places, fine: they are not held by where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MovingPair {
    pub(crate) cluster: u32,
    pub(crate) starts: [(Node, i64); 2],
}

/// Most routes that a move touches.
const MOST_ORDERS: usize = 4;

/// What the walks of one move have seen.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    /// Weighted price of rides, assignments and times.
    cost: i64,
    /// What that comes to at least once everything has been seen: all that is priced by times may yet turn out to cost nothing.
    least: i64,
    /// What the move may cost at most.
    room: i64,
    /// Greatest lateness met, as it would be.
    late: i64,
    /// Whether a visit was met that is as late as any.
    met_latest: bool,
}

impl Sight {
    /// A price that is `new` where `old` was.
    #[inline]
    fn meet(&mut self, old: i64, new: i64) {
        self.cost += new - old;
        self.least += new;
    }
}

impl Working<'_> {
    /// The stops of a stretch, in their order.
    pub(crate) fn stops(&self, stretch: Stretch) -> impl Iterator<Item = Node> + '_ {
        std::iter::successors(Some(stretch.first), move |&node| (node != stretch.last).then(|| self.next(node)))
    }

    /// The route of `shift` without the stretch `out` of it, and with the stretch `into.0` behind `into.1`. `None` next to breaks, or where
    /// the order is not plain from the times.
    pub(crate) fn order(&self, shift: u32, out: Option<Stretch>, into: Option<(Stretch, Node)>) -> Option<Order> {
        let arrays = self.arrays;
        let end = arrays.end_of(shift);
        let apart = |nodes: &[Node]| nodes.iter().all(|&node| !arrays.is_break(node));
        match (out, into) {
            (None, None) => None,
            (Some(out), None) => {
                let (before, behind) = (self.prev(out.first), self.next(out.last));
                apart(&[before, behind]).then(|| Order::new(shift, before, &[Stretch::new(behind, end)], Some(out)))
            }
            (None, Some((into, after))) => {
                let behind = self.next(after);
                apart(&[after, behind]).then(|| Order::new(shift, after, &[into, Stretch::new(behind, end)], None))
            }
            (Some(out), Some((into, after))) => {
                let (before, behind, follower) = (self.prev(out.first), self.next(out.last), self.next(after));
                if !apart(&[before, behind, after, follower]) {
                    return None;
                }
                let leaves = (out.first != into.first).then_some(out);
                if after == before {
                    return Some(Order::new(shift, after, &[into, Stretch::new(behind, end)], leaves));
                }
                match self.start(after).cmp(&self.start(out.first)) {
                    Ordering::Greater => Some(Order::new(shift, before, &[Stretch::new(behind, after), into, Stretch::new(follower, end)], leaves)),
                    Ordering::Less => Some(Order::new(shift, after, &[into, Stretch::new(follower, before), Stretch::new(behind, end)], leaves)),
                    Ordering::Equal => None,
                }
            }
        }
    }

    /// Whether a move looks dearer than `limit` before anything is touched.
    pub(crate) fn is_hopeless(&self, orders: &[Order], moving: Option<&MovingPair>, limit: i64) -> bool {
        if !self.foresees {
            return false;
        }
        let room = limit - self.cost();
        let relief = self.relief_of_routes(orders);
        self.foresee(orders, moving, room + relief).is_none_or(|change| change - relief > room)
    }

    /// The change of the whole cost, apart from waiting, early starts, idle time and balance. `None` as soon as it is above `room`
    /// whatever is yet to be seen, but for linked visits in routes that the move does not touch.
    fn foresee(&self, orders: &[Order], moving: Option<&MovingPair>, room: i64) -> Option<i64> {
        let arrays = self.arrays;
        let mut joints = [[0; 4]; MOST_ORDERS];
        let mut sight = Sight { room, ..Sight::default() };
        let mut relief = arrays.greatest_lateness * self.sums.greatest_late;
        for (order, joints) in orders.iter().zip(&mut joints) {
            sight.cost += self.foresee_untimed(order, joints);
            let route = &self.routes[order.shift as usize];
            relief += route.timed + self.penalties.overload * (route.load - arrays.shifts[order.shift as usize].capacity).max(0);
        }
        sight.least = sight.cost - relief;
        if sight.least > room {
            return None;
        }
        for (order, joints) in orders.iter().zip(&joints) {
            self.walk(order, joints, moving, &mut sight);
            if sight.least > room {
                return None;
            }
        }
        let mut change = sight.cost;
        if arrays.greatest_lateness > 0 {
            let greatest = self.sums.greatest_late;
            if sight.late > greatest || sight.met_latest {
                change += arrays.greatest_lateness * (sight.late - greatest);
            }
        }
        Some(change)
    }

    /// What waiting, early starts, idle time and imbalance could fall by at most.
    fn relief_of_routes(&self, orders: &[Order]) -> i64 {
        let arrays = self.arrays;
        let mut relief = arrays.balance * self.sums.balance;
        if arrays.route_terms {
            for order in orders {
                let route = &self.routes[order.shift as usize];
                relief += route.price;
                if arrays.greatest_idle > 0 && route.idle == self.sums.greatest_idle {
                    relief += arrays.greatest_idle * route.idle;
                }
            }
        }
        relief
    }

    /// Weighted price of a ride into a node more than it is now, if it came from `from`.
    #[inline]
    fn ride_change(&self, shift: u32, from: Node, node: Node) -> i64 {
        let arrays = self.arrays;
        let empty = arrays.is_end(node) && arrays.is_start(from);
        let ride = if empty { 0 } else { arrays.ride(shift, arrays.place[from as usize], arrays.place[node as usize]) };
        ride - self.nodes[node as usize].ride
    }

    /// Weighted price of the rides where stretches meet, and of who serves the visits of another route. Leaves in `joints` how much longer
    /// the ride to each stretch becomes, in ticks.
    #[inline]
    fn foresee_untimed(&self, order: &Order, joints: &mut [i64; 4]) -> i64 {
        let arrays = self.arrays;
        let mut from = order.after;
        let price = arrays.ride_price(order.shift);
        let mut rides = 0;
        let mut assigned = 0;
        for (stretch, joint) in order.stretches().iter().zip(joints) {
            *joint = self.ride_change(order.shift, from, stretch.first);
            rides += price * *joint;
            let held = self.nodes[stretch.first as usize].shift;
            if held != order.shift {
                rides += self.fare_change(stretch.first, order.shift, held);
                assigned += self.stops(*stretch).map(|node| self.assignment_change(node, order.shift)).sum::<i64>();
            }
            from = stretch.last;
        }
        rides + assigned + if arrays.uses { self.use_change(order) } else { 0 }
    }

    /// What the ride into a node as it stands costs more at the price of a shift than of the one that holds it.
    #[inline]
    fn fare_change(&self, node: Node, shift: u32, held: u32) -> i64 {
        let arrays = self.arrays;
        if held == super::NONE { 0 } else { (arrays.ride_price(shift) - arrays.ride_price(held)) * self.nodes[node as usize].ride }
    }

    /// What the use of a shift costs more than now.
    fn use_change(&self, order: &Order) -> i64 {
        let arrays = self.arrays;
        let used = !arrays.is_start(order.after) || order.stretches().iter().any(|stretch| !arrays.is_end(stretch.first));
        let is_used = self.routes[order.shift as usize].visits > 0;
        arrays.shifts[order.shift as usize].use_price * (i64::from(used) - i64::from(is_used))
    }

    /// Price of serving a visit in a shift more than where it is now.
    #[inline]
    fn assignment_change(&self, visit: Node, shift: u32) -> i64 {
        let arrays = self.arrays;
        let held = self.nodes[visit as usize].shift;
        if held != super::NONE {
            return arrays.assign(visit, shift) - arrays.assign(visit, held);
        }
        let length = arrays.visits[visit as usize].duration;
        arrays.assign(visit, shift) + arrays.working * length - arrays.unserved(visit, self.penalties.unserved)
    }

    /// Prices the times of one route, until they are as they were or the move is lost.
    fn walk(&self, order: &Order, joints: &[i64; 4], moving: Option<&MovingPair>, sight: &mut Sight) {
        let arrays = self.arrays;
        let shift = order.shift;
        let ride_price = arrays.ride_price(shift);
        let mut gain = 0;
        let mut from = order.after;
        let mut free_at = self.free_at(from, shift);
        'route: for (at, stretch) in order.stretches().iter().enumerate() {
            let is_last = at + 1 == order.n;
            let mut node = stretch.first;
            let mut joined = true;
            loop {
                let state = &self.nodes[node as usize];
                let foreign = state.shift != shift;
                let mut ride = state.ride;
                if joined {
                    ride += joints[at];
                } else if foreign && !arrays.ride_alike(shift, state.shift) {
                    let change = self.ride_change(shift, from, node);
                    ride += change;
                    let fare = ride_price * change + self.fare_change(node, shift, state.shift);
                    sight.cost += fare;
                    sight.least += fare;
                }
                if foreign {
                    gain += arrays.visits[node as usize].load;
                }
                let mut start = self.open_at(node, free_at + fine(ride));
                if arrays.is_visit(node) && arrays.visits[node as usize].linked {
                    start = self.walk_links(node, start, moving, sight);
                }
                sight.met_latest |= state.late > 0 && state.late == self.sums.greatest_late;
                if start == state.start && state.shift != super::NONE {
                    sight.late = sight.late.max(state.late);
                    sight.least += state.price;
                    if is_last && !foreign {
                        break 'route;
                    }
                } else {
                    let (price, late) = self.price_in(shift, node, start);
                    sight.meet(state.price, price);
                    sight.late = sight.late.max(late);
                    if sight.least > sight.room {
                        return;
                    }
                }
                from = node;
                free_at = start + fine(self.length(node));
                if node == stretch.last {
                    break;
                }
                node = state.next;
                joined = false;
            }
        }
        if arrays.loads {
            let route = &self.routes[shift as usize];
            let capacity = arrays.shifts[shift as usize].capacity;
            let load = route.load + gain - order.out.map_or(0, |out| self.load_of(out));
            sight.cost += self.penalties.overload * ((load - capacity).max(0) - (route.load - capacity).max(0));
        }
    }

    fn load_of(&self, stretch: Stretch) -> i64 {
        let mut node = stretch.first;
        let mut load = 0;
        loop {
            if self.arrays.is_visit(node) {
                load += self.arrays.visits[node as usize].load;
            }
            if node == stretch.last {
                return load;
            }
            node = self.next(node);
        }
    }

    /// When a linked visit starts that could start at `start` by itself, and what that does to the visits it is linked with, but not to
    /// those behind them.
    fn walk_links(&self, node: Node, start: i64, moving: Option<&MovingPair>, sight: &mut Sight) -> i64 {
        let arrays = self.arrays;
        let cluster = arrays.visits[node as usize].cluster;
        if let Some(pair) = moving
            && pair.cluster == cluster
        {
            return pair.starts.iter().find(|(member, _)| *member == node).map_or(start, |&(_, held)| start.max(held));
        }
        let cluster = &arrays.clusters[cluster as usize];
        let n = cluster.members.len();
        let Some(own) = cluster.members.iter().position(|&member| member == node) else { return start };
        let partners = || cluster.members.iter().enumerate().filter(|&(at, &member)| at != own && self.is_served(member));
        let mut held = start;
        for (at, &member) in partners() {
            held = held.max(self.open_at(member, self.arrival(member)) + cluster.gap[at * n + own]);
        }
        if held != self.nodes[node as usize].start || !self.is_served(node) {
            for (at, &member) in partners() {
                let pushed = self.open_at(member, self.arrival(member)).max(held + cluster.gap[own * n + at]);
                let state = &self.nodes[member as usize];
                let (price, late) = self.price_of(member, pushed);
                // It may stand in a route that nobody walks.
                sight.cost += price - state.price;
                sight.least += price - state.price;
                sight.late = sight.late.max(late);
                sight.met_latest |= state.late > 0 && state.late == self.sums.greatest_late;
            }
        }
        held
    }

    /// When the carer can leave a node, fine.
    #[inline]
    fn free_at(&self, node: Node, shift: u32) -> i64 {
        if self.arrays.is_start(node) {
            return fine(self.arrays.shifts[shift as usize].start);
        }
        self.nodes[node as usize].start + fine(self.length(node))
    }

    /// Earliest start of a visit behind `after` in the route of `shift` by itself, fine.
    pub(crate) fn start_behind(&self, visit: Node, after: Node, shift: u32) -> i64 {
        let arrays = self.arrays;
        let ride = fine(arrays.ride(shift, self.place(after), arrays.place[visit as usize]));
        self.open_at(visit, self.free_at(after, shift) + ride)
    }
}

#[cfg(test)]
mod tests;
