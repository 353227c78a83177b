//! Plans in and out of the working plan, and the audit of its running values.

use super::super::arrays::{Arrays, NONE, Node, fine, ticks};
use super::super::penalties::{Penalties, Violations};
use super::{NodeState, RouteState, Sequences, Sums, Working};
use crate::plan::{Plan, Route, Stop, Task};
use crate::pool::PooledRoute;
use crate::problem::{IdVec, Moment, ShiftId, Term, VisitId};

/// What one missing thing counts among the violations: more than any quantity over its limit.
const MISSING: i64 = 1_000_000;

impl Working<'_> {
    /// Replaces all routes. Each sequence holds visits the shift is able to serve, each visit once, and at most the shift's own break.
    /// Orders that contradict the links are repaired by dropping the linked visits that cannot be timed.
    pub(crate) fn load(&mut self, sequences: &Sequences) {
        let arrays = self.arrays;
        self.clear_heap();
        for state in &mut self.nodes {
            *state = NodeState { next: NONE, prev: NONE, shift: NONE, ride: 0, start: 0, price: 0, late: 0 };
        }
        let granted = (0..arrays.n_visits as u32).filter(|&visit| arrays.visits[visit as usize].granted);
        let mut settled: i64 = granted.map(|visit| arrays.unserved(visit, self.penalties.unserved)).sum();
        settled += self.penalties.missed_break * arrays.shifts.iter().filter(|shift| shift.pause.is_some()).count() as i64;
        self.sums = Sums { settled, timed: 0, routes: 0, greatest_late: 0, greatest_idle: 0, balance: 0 };
        for shift in 0..arrays.n_shifts as u32 {
            self.routes[shift as usize] = RouteState { load: 0, work: 0, price: 0, timed: 0, idle: 0, visits: 0 };
            let (start, end) = (arrays.start_of(shift), arrays.end_of(shift));
            self.nodes[start as usize] =
                NodeState { next: end, prev: NONE, shift, ride: 0, start: fine(arrays.shifts[shift as usize].start), price: 0, late: 0 };
            self.nodes[end as usize] =
                NodeState { next: NONE, prev: start, shift, ride: 0, start: fine(arrays.shifts[shift as usize].start), price: 0, late: 0 };
        }
        self.budget = i64::MAX;
        for visit in 0..arrays.n_visits {
            self.set_lead(visit as Node, sequences.leads.get(visit).copied().unwrap_or(0));
        }
        self.begin();
        for (shift, sequence) in sequences.routes.iter().enumerate() {
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
        let _ = self.finish_times(i64::MAX);
        if arrays.greatest_lateness > 0 {
            self.sums.greatest_late = self.nodes[..arrays.n_visits].iter().map(|node| node.late).max().unwrap_or(0);
        }
        self.node_log.clear();
        self.route_log.clear();
    }

    /// What the plan is made of.
    pub(crate) fn sequences(&self) -> Sequences {
        let routes = (0..self.arrays.n_shifts as u32).map(|shift| self.route(shift).collect()).collect();
        Sequences { routes, leads: self.leads.clone() }
    }

    /// Copies what the plan is made of into `into`, reusing its memory.
    pub(crate) fn store(&self, into: &mut Sequences) {
        into.leads.clone_from(&self.leads);
        into.routes.resize_with(self.arrays.n_shifts, Vec::new);
        for (shift, sequence) in into.routes.iter_mut().enumerate() {
            sequence.clear();
            sequence.extend(self.route(shift as u32));
        }
    }

    /// By how much the plan breaks each hard rule.
    pub(crate) fn violations(&self) -> Violations {
        let arrays = self.arrays;
        let objective = arrays.problem.objective();
        let (late_hard, over_hard, load_hard) =
            (objective.is_hard(Term::Lateness), objective.is_hard(Term::Overtime), objective.is_hard(Term::Overload));
        let break_hard = objective.is_hard(Term::MissedBreak);
        let mut broken = Violations::default();
        for (at, visit) in arrays.visits.iter().enumerate() {
            let node = &self.nodes[at];
            if node.shift == NONE {
                let is_missing = visit.required && visit.granted && !self.has_other(at as Node);
                broken.missing += if is_missing { MISSING } else { 0 };
            } else if late_hard {
                broken.lateness += node.late;
            }
        }
        for (at, shift) in arrays.shifts.iter().enumerate() {
            if over_hard {
                broken.overtime += (ticks(self.start(arrays.end_of(at as u32))) - shift.end).max(0);
            }
            if let Some(rule) = shift.pause {
                let node = &self.nodes[arrays.break_of(at as u32) as usize];
                if node.shift != NONE {
                    broken.late_break += (ticks(node.start) - rule.latest_begin).max(0);
                } else if break_hard {
                    broken.missing += MISSING;
                }
            }
            if load_hard {
                broken.overload += (self.routes[at].load - shift.capacity).max(0);
            }
        }
        broken
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
            let (ride_price, use_price) = (arrays.ride_price(shift), arrays.shifts[shift as usize].use_price);
            let mut price = state.price + end.price + ride_price * end.ride + use_price;
            price += self.penalties.overload * (state.load - arrays.shifts[shift as usize].capacity).max(0);
            let paused = self.is_served(arrays.break_of(shift));
            if arrays.shifts[shift as usize].pause.is_some() && !paused {
                price += self.penalties.missed_break;
            }
            let mut route = PooledRoute { shift, nodes: Vec::new(), starts: Vec::new(), price: 0, idle: state.idle, late: 0, work: state.work };
            for node in self.route(shift) {
                let facts = &self.nodes[node as usize];
                price += facts.price + ride_price * facts.ride;
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

    /// What a plan is made of, with what this problem cannot hold left out: unknown ids, forbidden assignments, second copies, second alternatives,
    /// halves of links.
    pub(crate) fn sequences_of(arrays: &Arrays<'_>, plan: &Plan) -> Sequences {
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
                    // Of alternatives the first one stays.
                    arrays.instead.get(node as usize).into_iter().flatten().for_each(|&other| seen[other as usize] = true);
                }
            }
        }
        Self::drop_broken_links(arrays, &mut sequences);
        let starts = plan.routes.iter().flat_map(|route| &route.stops).filter_map(|stop| match stop.task {
            Task::Visit(visit) if visit.idx() < arrays.n_visits => Some((visit.idx() as Node, stop.start.0)),
            _ => None,
        });
        Sequences { routes: sequences, leads: Self::leads_of(arrays, starts) }
    }

    /// The leads that visits with these starts, in ticks, need.
    pub(crate) fn leads_of(arrays: &Arrays<'_>, starts: impl Iterator<Item = (Node, i64)>) -> Vec<i64> {
        let mut lead = vec![0; arrays.clusters.len()];
        for (visit, start) in starts {
            let facts = &arrays.visits[visit as usize];
            let lead: &mut i64 = &mut lead[facts.cluster as usize];
            *lead = (*lead).max((facts.held - start).min(facts.most_lead()));
        }
        arrays.visits.iter().map(|visit| lead[visit.cluster as usize]).collect()
    }

    /// Takes out the visits of links that cannot stand: served by halves, or by one carer where two must come.
    pub(crate) fn drop_broken_links(arrays: &Arrays<'_>, sequences: &mut [Vec<Node>]) {
        let mut carer = vec![NONE; arrays.n_visits];
        for (shift, sequence) in sequences.iter().enumerate() {
            for &node in sequence.iter().filter(|&&node| arrays.is_visit(node)) {
                carer[node as usize] = arrays.shifts[shift].carer;
            }
        }
        for &cluster in &arrays.linked {
            let facts = &arrays.clusters[cluster as usize];
            let members = &facts.members;
            let whole = members.iter().all(|&member| carer[member as usize] != NONE);
            let apart = facts.apart.iter().all(|&(a, b)| carer[members[a as usize] as usize] != carer[members[b as usize] as usize]);
            if !(whole && apart) {
                for sequence in sequences.iter_mut() {
                    sequence.retain(|node| !members.contains(node));
                }
            }
        }
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
