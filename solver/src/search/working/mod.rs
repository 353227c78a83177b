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
mod trial;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::arrays::{Arrays, NONE, Node, fine};
use super::penalties::Penalties;
use super::route_times::{Chain, Timed};
pub(crate) use foresee::{MovingPair, Order, Stretch};

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
    /// Travel, assignment, working time, use of shifts, overload, missed breaks, unserved.
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
    /// Whether one of a visit's alternatives is served instead of it.
    #[inline]
    pub(crate) fn has_other(&self, visit: Node) -> bool {
        self.arrays.instead[visit as usize].iter().any(|&other| self.is_served(other))
    }
    /// Whether neither the visit nor an alternative is served; said of the granted help only.
    #[inline]
    pub(crate) fn is_left_out(&self, visit: Node) -> bool {
        // Most visits are served: their facts are not looked at.
        !self.is_served(visit) && self.arrays.visits[visit as usize].granted && !self.has_other(visit)
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
        let (rides, n) = served.fold((0, 0), |(rides, n), node| (rides + self.arrays.ride_price(node.shift) * node.ride, n + 1));
        if n == 0 { 0 } else { rides / n }
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
}
