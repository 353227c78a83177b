//! The routes of all days at once, and what changes of them cost.

use super::facts::{Facts, NONE};
use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{IdVec, ShiftId, Ticks, VisitId};
use crate::search::Node;

/// A route in numbers; times are ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) ride: i64,
    pub(super) service: i64,
    pub(super) load: i64,
    pub(super) visits: i64,
}

/// What the hard rules cost for now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prices {
    pub(super) overtime: i64,
    pub(super) overload: i64,
}

/// Where a visit goes: between the nodes of a route that has `skip` taken out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) position: usize,
    /// How much longer the rides become.
    pub(super) ride: i64,
}

/// Routes of all shifts; every group is given by one carer or by none.
#[derive(Clone, Debug)]
pub(super) struct State<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) prices: Prices,
    pub(super) routes: Vec<Vec<Node>>,
    pub(super) sums: Vec<Sums>,
    /// By group, [`NONE`] where nobody comes.
    pub(super) carer: Vec<u32>,
    /// Weighted price of what no hard rule forbids.
    pub(super) cost: i64,
    /// Ticks above the length of the shifts, and load above the capacities.
    pub(super) excess: (i64, i64),
}

impl<'a> State<'a> {
    /// Nobody comes to anyone.
    pub(super) fn new(facts: &'a Facts<'a>, prices: Prices) -> Self {
        let n_shifts = facts.arrays.n_shifts;
        Self {
            facts,
            prices,
            routes: vec![Vec::new(); n_shifts],
            sums: vec![Sums::default(); n_shifts],
            carer: vec![NONE; facts.groups.len()],
            cost: 0,
            excess: (0, 0),
        }
    }

    /// What counts while searching: cost and the price of what is broken.
    #[inline]
    pub(super) fn total(&self) -> i64 {
        self.cost + self.prices.overtime * self.excess.0 + self.prices.overload * self.excess.1
    }

    #[inline]
    fn excess_of(&self, shift: u32, sums: &Sums) -> (i64, i64) {
        let facts = &self.facts.arrays.shifts[shift as usize];
        ((sums.ride + sums.service - (facts.end - facts.start)).max(0), (sums.load - facts.capacity).max(0))
    }

    #[inline]
    fn base_of(&self, shift: u32, sums: &Sums) -> i64 {
        let facts = &self.facts.arrays.shifts[shift as usize];
        facts.ride_price * sums.ride + if sums.visits > 0 { facts.use_price } else { 0 }
    }

    /// What a shift with these numbers counts, fees aside.
    #[inline]
    pub(super) fn price(&self, shift: u32, sums: &Sums) -> i64 {
        let (over, load) = self.excess_of(shift, sums);
        self.base_of(shift, sums) + self.prices.overtime * over + self.prices.overload * load
    }

    /// Sets the numbers of a shift and keeps the whole in step.
    pub(super) fn set(&mut self, shift: u32, sums: Sums) {
        let old = self.sums[shift as usize];
        self.cost += self.base_of(shift, &sums) - self.base_of(shift, &old);
        let (before, after) = (self.excess_of(shift, &old), self.excess_of(shift, &sums));
        self.excess.0 += after.0 - before.0;
        self.excess.1 += after.1 - before.1;
        self.sums[shift as usize] = sums;
    }

    #[inline]
    fn ride(&self, shift: u32, from: Node, to: Node) -> i64 {
        let arrays = self.facts.arrays;
        arrays.ride(shift, arrays.place[from as usize], arrays.place[to as usize])
    }

    /// Position of a visit in its route.
    #[inline]
    pub(super) fn position(&self, shift: u32, visit: Node) -> usize {
        self.routes[shift as usize].iter().position(|&node| node == visit).unwrap_or(0)
    }

    /// The nodes around a position of a route.
    #[inline]
    fn around(&self, shift: u32, position: usize) -> (Node, Node) {
        let (arrays, route) = (self.facts.arrays, &self.routes[shift as usize]);
        let before = if position == 0 { arrays.start_of(shift) } else { route[position - 1] };
        (before, route.get(position + 1).copied().unwrap_or(arrays.end_of(shift)))
    }

    /// The numbers of a shift without one of its visits.
    pub(super) fn without(&self, shift: u32, position: usize) -> Sums {
        let (before, after) = self.around(shift, position);
        let visit = self.routes[shift as usize][position];
        let sums = self.sums[shift as usize];
        let closed = if sums.visits == 1 { 0 } else { self.ride(shift, before, after) };
        let ride = sums.ride + closed - self.ride(shift, before, visit) - self.ride(shift, visit, after);
        let facts = &self.facts.arrays.visits[visit as usize];
        Sums { ride, service: sums.service - facts.duration, load: sums.load - facts.load, visits: sums.visits - 1 }
    }

    /// The cheapest gap for a visit in a shift's route from which the stop at `skip` is taken out.
    pub(super) fn gap(&self, shift: u32, visit: Node, skip: Option<usize>) -> Gap {
        let (arrays, route) = (self.facts.arrays, &self.routes[shift as usize]);
        let place = arrays.place[visit as usize];
        let start = arrays.place[arrays.start_of(shift) as usize];
        let end = arrays.place[arrays.end_of(shift) as usize];
        let n = route.len() - usize::from(skip.is_some());
        if n == 0 {
            return Gap { position: 0, ride: arrays.ride(shift, start, place) + arrays.ride(shift, place, end) };
        }
        let mut best = Gap { position: 0, ride: i64::MAX };
        let mut from = start;
        let mut out = arrays.ride(shift, from, place);
        let mut position = 0;
        for (at, &node) in route.iter().enumerate() {
            if Some(at) == skip {
                continue;
            }
            let to = arrays.place[node as usize];
            let ride = out + arrays.ride(shift, place, to) - arrays.ride(shift, from, to);
            if ride < best.ride {
                best = Gap { position, ride };
            }
            from = to;
            out = arrays.ride(shift, from, place);
            position += 1;
        }
        let ride = out + arrays.ride(shift, place, end) - arrays.ride(shift, from, end);
        if ride < best.ride { Gap { position, ride } } else { best }
    }

    /// A shift's numbers with another visit, the rides being so much longer.
    #[inline]
    pub(super) fn with(&self, sums: Sums, visit: Node, ride: i64) -> Sums {
        let facts = &self.facts.arrays.visits[visit as usize];
        Sums { ride: sums.ride + ride, service: sums.service + facts.duration, load: sums.load + facts.load, visits: sums.visits + 1 }
    }

    /// Takes a group out of its carer's routes.
    pub(super) fn remove(&mut self, group: u32) {
        let facts = self.facts;
        let carer = self.carer[group as usize];
        for &visit in &facts.groups[group as usize].visits {
            let shift = facts.shift_of(visit, carer);
            let position = self.position(shift, visit);
            let sums = self.without(shift, position);
            self.set(shift, sums);
            let _ = self.routes[shift as usize].remove(position);
        }
        self.cost -= facts.groups[group as usize].fee[carer as usize];
        self.carer[group as usize] = NONE;
    }

    /// Gives a group to a carer, each visit where it makes its route least longer.
    pub(super) fn insert(&mut self, group: u32, carer: u32) {
        let facts = self.facts;
        for &visit in &facts.groups[group as usize].visits {
            let shift = facts.shift_of(visit, carer);
            let gap = self.gap(shift, visit, None);
            let sums = self.with(self.sums[shift as usize], visit, gap.ride);
            self.set(shift, sums);
            self.routes[shift as usize].insert(gap.position, visit);
        }
        self.cost += facts.groups[group as usize].fee[carer as usize];
        self.carer[group as usize] = carer;
    }

    /// What giving a group to a carer adds; may stop counting above `limit`.
    pub(super) fn insertion(&self, group: u32, carer: u32, limit: i64) -> i64 {
        let facts = self.facts;
        let mut price = facts.groups[group as usize].fee[carer as usize];
        for &visit in &facts.groups[group as usize].visits {
            let shift = facts.shift_of(visit, carer);
            let sums = &self.sums[shift as usize];
            let gap = self.gap(shift, visit, None);
            price += self.price(shift, &self.with(*sums, visit, gap.ride)) - self.price(shift, sums);
            if price > limit {
                return price;
            }
        }
        price
    }

    /// The numbers of a shift's route, read from nothing.
    pub(super) fn measured(&self, shift: u32) -> Sums {
        let (arrays, route) = (self.facts.arrays, &self.routes[shift as usize]);
        let mut sums = Sums::default();
        let mut from = arrays.start_of(shift);
        for &visit in route {
            sums = self.with(sums, visit, self.ride(shift, from, visit));
            from = visit;
        }
        sums.ride += if route.is_empty() { 0 } else { self.ride(shift, from, arrays.end_of(shift)) };
        sums
    }

    /// The plan with every visit as early as it can be.
    pub(super) fn plan(&self) -> Plan {
        let arrays = self.facts.arrays;
        let problem = arrays.problem;
        let mut routes: IdVec<ShiftId, Route> = IdVec::new();
        for (id, shift) in problem.shifts().enumerate() {
            let (mut here, mut free_at) = (shift.from, shift.start);
            let stops: Vec<Stop> = self.routes[id.idx()]
                .iter()
                .map(|&node| {
                    let task = VisitId::new(node as usize);
                    let visit = &problem.visits()[task];
                    let arrival = free_at + problem.travel_time(id, here, visit.place);
                    (here, free_at) = (visit.place, arrival + Ticks(visit.duration.0));
                    Stop { task: Task::Visit(task), arrival, start: arrival, end: free_at }
                })
                .collect();
            let back = if stops.is_empty() { shift.start } else { free_at + problem.travel_time(id, here, shift.to) };
            routes.push(Route { departure: shift.start, stops, back });
        }
        let gone = |visit: &VisitId| self.carer[self.facts.group_of[visit.idx()] as usize] == NONE;
        let unserved = problem.visits().ids().filter(gone).collect();
        Plan { routes, unserved }
    }
}
