//! One annealer: moves of whole groups between carers, of visits within a day, and ruin and recreate.

use super::direction;
use super::facts::{Facts, NONE};
use super::state::{Prices, State, Sums};
use crate::plan::{Plan, Task};
use crate::problem::{Problem, Term, VisitId, Weight};
use crate::search::{Node, Rng};

/// Moves between two looks at how much of the run is over.
const LOOK: u64 = 512;
/// Moves between two looks at which rules are broken.
const REVIEW: u64 = 1024;
/// By what prices of hard rules rise and fall.
const RISE: f64 = 1.3;
const FALL: f64 = 0.85;
/// Limits of these prices against the first ones.
const CHEAPEST: f64 = 0.05;
const DEAREST: f64 = 1e4;
/// Share of a cycle after which the prices only rise.
const SETTLED: f64 = 0.8;
/// Cycles of annealing in a run; the later ones begin from the best plan.
const CYCLES: f64 = 3.0;
/// First temperature of later cycles against the first.
const REHEAT: f64 = 0.25;
/// First and last temperature of a cycle against the mean ride.
const HOT: f64 = 1.5;
const COLD: f64 = 0.004;
/// Of 1,024 moves, those that ruin and recreate, exchange two carers' groups, swap, and stay within a day; the others relocate.
const RUINS: usize = 24;
const EXCHANGES: usize = 1;
const SWAPS: usize = 300;
const WITHIN: usize = 250;
/// Most groups that a ruin takes out.
const MOST_RUINED: usize = 12;
/// How often a carer is overlooked when a group is put back.
const BLINK: f64 = 0.02;

/// One annealer; see the module's doc.
#[derive(Debug)]
pub(super) struct Annealer<'a> {
    state: State<'a>,
    first: Prices,
    mean_ride: f64,
    rng: Rng,
    temperature: f64,
    best: State<'a>,
    cycle: f64,
    broken: (u64, u64),
    iterations: u64,
    ruined: Vec<u32>,
    log: Vec<(u32, Vec<Node>, Sums)>,
}

impl<'a> Annealer<'a> {
    /// Begins from a plan, or from nothing; groups without a carer are given to whoever costs least.
    pub(super) fn new(facts: &'a Facts<'a>, seed: u64, at: usize, start: Option<&Plan>) -> Self {
        let first = first_prices(facts);
        let mut rng = Rng::new(seed, at);
        let mut state = State::new(facts, first);
        if let Some(plan) = start {
            take_over(&mut state, plan);
        }
        let mut groups: Vec<u32> = (0..facts.groups.len() as u32).filter(|&group| state.carer[group as usize] == NONE).collect();
        rng.shuffle(&mut groups);
        groups.sort_by_key(|&group| std::cmp::Reverse(facts.groups[group as usize].visits.len()));
        for group in groups {
            if let Some(carer) = cheapest(&state, group, &mut rng, 0.0) {
                state.insert(group, carer);
            }
        }
        let rides: i64 = (0..facts.arrays.n_shifts as u32).map(|shift| state.sums[shift as usize].ride * facts.arrays.ride_price(shift)).sum();
        let mean_ride = rides as f64 / facts.arrays.n_visits.max(1) as f64;
        let best = state.clone();
        Self { state, first, mean_ride, rng, temperature: 0.0, best, cycle: 0.0, broken: (0, 0), iterations: 0, ruined: Vec::new(), log: Vec::new() }
    }

    /// Moves drawn so far.
    pub(super) fn iterations(&self) -> u64 {
        self.iterations
    }

    /// The best plan so far, each route the way round that suits the other days.
    pub(super) fn best_plan(&self) -> Plan {
        let mut best = self.best.clone();
        direction::turn(&mut best);
        best.plan()
    }

    /// Visits left out, then what the best plan breaks, then what it costs: less is better.
    pub(super) fn best_key(&self) -> (usize, i64, i64) {
        key(&self.best)
    }

    /// Compares every running number with one read from the routes.
    ///
    /// # Panics
    /// On any difference.
    #[cfg(test)]
    pub(super) fn audit(&self) {
        let state = &self.state;
        let mut fresh = State::new(state.facts, state.prices);
        fresh.routes.clone_from(&state.routes);
        fresh.carer.clone_from(&state.carer);
        for shift in 0..state.routes.len() as u32 {
            let sums = fresh.measured(shift);
            fresh.set(shift, sums);
        }
        let fee = |(group, &carer): (usize, &u32)| if carer == NONE { 0 } else { state.facts.groups[group].fee[carer as usize] };
        fresh.cost += state.carer.iter().enumerate().map(fee).sum::<i64>();
        assert_eq!((&state.sums, state.cost, state.excess), (&fresh.sums, fresh.cost, fresh.excess));
    }

    /// Anneals until `share_of` the moves of this call says that its time is over.
    pub(super) fn run(&mut self, share_of: &dyn Fn(u64) -> Option<f64>) {
        let mut done = 0;
        while let Some(share) = share_of(done) {
            self.warm(share);
            for _ in 0..LOOK {
                self.step();
                self.iterations += 1;
                if self.iterations.is_multiple_of(REVIEW) {
                    self.review(share);
                }
            }
            done += LOOK;
        }
    }

    /// Sets the temperature for this share of the run, and goes back to the best plan where a cycle begins.
    fn warm(&mut self, share: f64) {
        let along = (share * CYCLES).min(CYCLES - 1e-9);
        let cycle = along.floor();
        if cycle > self.cycle {
            self.cycle = cycle;
            let prices = self.state.prices;
            self.state = self.best.clone();
            self.state.prices = prices;
        }
        let hot = self.mean_ride * HOT * if cycle > 0.0 { REHEAT } else { 1.0 };
        let cold = self.mean_ride * COLD;
        self.temperature = hot * (cold / hot).powf(along - cycle);
    }

    /// Lets the prices of hard rules follow how often they are broken.
    fn review(&mut self, share: f64) {
        let settled = (share * CYCLES).fract() > SETTLED;
        let follow = |price: i64, first: i64, broken: u64| {
            let factor = if broken * 2 > REVIEW {
                RISE
            } else if broken * 8 < REVIEW && !settled {
                FALL
            } else {
                1.0
            };
            // Rounded up, so that small prices rise too.
            let ceiled = (price as f64 * factor).clamp(first as f64 * CHEAPEST, first as f64 * DEAREST).ceil() as i64;
            ceiled.max(1)
        };
        let prices = &mut self.state.prices;
        prices.overtime = follow(prices.overtime, self.first.overtime, self.broken.0);
        prices.overload = follow(prices.overload, self.first.overload, self.broken.1);
        self.broken = (0, 0);
    }

    fn step(&mut self) {
        let threshold = (self.temperature * self.rng.exponential()) as i64;
        let changed = match self.rng.below(1024) {
            kind if kind < RUINS => self.ruin_and_recreate(threshold),
            kind if kind < RUINS + EXCHANGES => self.exchange(threshold),
            kind if kind < RUINS + EXCHANGES + SWAPS => self.swap(threshold),
            kind if kind < RUINS + EXCHANGES + SWAPS + WITHIN => self.within(threshold),
            _ => self.relocate(threshold),
        };
        self.broken.0 += u64::from(self.state.excess.0 > 0);
        self.broken.1 += u64::from(self.state.excess.1 > 0);
        if changed && key(&self.state) < key(&self.best) {
            self.best.clone_from(&self.state);
        }
    }

    /// A group and a carer for it: that of a group nearby, or now and then anyone.
    fn draw(&mut self) -> Option<(u32, u32, u32)> {
        let facts = self.state.facts;
        let group = self.rng.below(facts.groups.len()) as u32;
        let held = self.state.carer[group as usize];
        let of = &facts.groups[group as usize];
        let carer = if self.rng.chance(0.9) && !of.near.is_empty() {
            self.state.carer[of.near[self.rng.below(of.near.len())] as usize]
        } else if of.carers.is_empty() {
            return None;
        } else {
            of.carers[self.rng.below(of.carers.len())]
        };
        (held != NONE && carer != NONE && carer != held && of.carers.contains(&carer)).then_some((group, held, carer))
    }

    /// Gives a group to another carer.
    fn relocate(&mut self, threshold: i64) -> bool {
        let Some((group, held, carer)) = self.draw() else { return false };
        let (state, facts) = (&self.state, self.state.facts);
        let of = &facts.groups[group as usize];
        let mut change = of.fee[carer as usize] - of.fee[held as usize];
        for &visit in &of.visits {
            let from = facts.shift_of(visit, held);
            let left = state.without(from, state.position(from, visit));
            change += state.price(from, &left) - state.price(from, &state.sums[from as usize]);
        }
        for &visit in &of.visits {
            let to = facts.shift_of(visit, carer);
            let sums = &state.sums[to as usize];
            change += state.price(to, &state.with(*sums, visit, state.gap(to, visit, None).ride)) - state.price(to, sums);
        }
        if change > threshold {
            return false;
        }
        self.state.remove(group);
        self.state.insert(group, carer);
        true
    }

    /// Exchanges two groups between their carers.
    fn swap(&mut self, threshold: i64) -> bool {
        let facts = self.state.facts;
        let group = self.rng.below(facts.groups.len()) as u32;
        let near = &facts.groups[group as usize].near;
        if near.is_empty() {
            return false;
        }
        let other = near[self.rng.below(near.len())];
        let (a, b) = (self.state.carer[group as usize], self.state.carer[other as usize]);
        let (one, two) = (&facts.groups[group as usize], &facts.groups[other as usize]);
        if a == NONE || b == NONE || a == b || !one.carers.contains(&b) || !two.carers.contains(&a) {
            return false;
        }
        let fees = one.fee[b as usize] - one.fee[a as usize] + two.fee[a as usize] - two.fee[b as usize];
        let change = fees + self.exchanged(a, one, two) + self.exchanged(b, two, one);
        if change > threshold {
            return false;
        }
        self.state.remove(group);
        self.state.remove(other);
        self.state.insert(group, b);
        self.state.insert(other, a);
        true
    }

    /// What a carer's routes cost more with the visits of `into` and without those of `out`, fees aside.
    fn exchanged(&self, carer: u32, out: &super::facts::Group, into: &super::facts::Group) -> i64 {
        let (state, facts) = (&self.state, self.state.facts);
        let mut change = 0;
        let shift_in = |visit: Node| facts.shift_of(visit, carer);
        for &visit in &out.visits {
            let shift = shift_in(visit);
            let position = state.position(shift, visit);
            let mut sums = state.without(shift, position);
            if let Some(&new) = into.visits.iter().find(|&&new| shift_in(new) == shift) {
                sums = state.with(sums, new, state.gap(shift, new, Some(position)).ride);
            }
            change += state.price(shift, &sums) - state.price(shift, &state.sums[shift as usize]);
        }
        for &new in &into.visits {
            let shift = shift_in(new);
            if out.visits.iter().all(|&visit| shift_in(visit) != shift) {
                let sums = &state.sums[shift as usize];
                change += state.price(shift, &state.with(*sums, new, state.gap(shift, new, None).ride)) - state.price(shift, sums);
            }
        }
        change
    }

    /// Moves a visit within its route, or turns a part of the route round.
    fn within(&mut self, threshold: i64) -> bool {
        let shift = self.rng.below(self.state.routes.len()) as u32;
        let n = self.state.routes[shift as usize].len();
        if n < 2 {
            return false;
        }
        let before = self.state.sums[shift as usize];
        let (first, second) = (self.rng.below(n), self.rng.below(n));
        if first == second {
            return false;
        }
        let turns = self.rng.chance(0.5);
        let visit = self.state.routes[shift as usize][first];
        if turns {
            self.state.routes[shift as usize][first.min(second)..=first.max(second)].reverse();
            let sums = self.state.measured(shift);
            if self.state.price(shift, &sums) - self.state.price(shift, &before) > threshold {
                self.state.routes[shift as usize][first.min(second)..=first.max(second)].reverse();
                return false;
            }
            self.state.set(shift, sums);
            return true;
        }
        let gap = self.state.gap(shift, visit, Some(first));
        if gap.position == first {
            return false;
        }
        let sums = self.state.with(self.state.without(shift, first), visit, gap.ride);
        if self.state.price(shift, &sums) - self.state.price(shift, &before) > threshold {
            return false;
        }
        let _ = self.state.routes[shift as usize].remove(first);
        self.state.routes[shift as usize].insert(gap.position, visit);
        self.state.set(shift, sums);
        true
    }

    /// Exchanges all groups of two carers: what the types of two vehicles are worth.
    fn exchange(&mut self, threshold: i64) -> bool {
        let facts = self.state.facts;
        let (a, b) = (self.rng.below(facts.n_carers) as u32, self.rng.below(facts.n_carers) as u32);
        let held = |state: &State<'_>, carer: u32| -> Vec<u32> {
            (0..facts.groups.len() as u32).filter(|&group| state.carer[group as usize] == carer).collect()
        };
        let (of_a, of_b) = (held(&self.state, a), held(&self.state, b));
        let can = |groups: &[u32], carer: u32| groups.iter().all(|&group| facts.groups[group as usize].carers.contains(&carer));
        if a == b || !can(&of_a, b) || !can(&of_b, a) {
            return false;
        }
        let all = || of_a.iter().copied().chain(of_b.iter().copied());
        self.save(facts.shifts[a as usize].iter().chain(&facts.shifts[b as usize]).copied().collect());
        let before = (self.state.cost, self.state.excess, self.state.total());
        all().for_each(|group| self.state.remove(group));
        of_a.iter().for_each(|&group| self.state.insert(group, b));
        of_b.iter().for_each(|&group| self.state.insert(group, a));
        if self.state.total() - before.2 > threshold {
            self.restore(before.0, before.1);
            of_a.iter().for_each(|&group| self.state.carer[group as usize] = a);
            of_b.iter().for_each(|&group| self.state.carer[group as usize] = b);
            return false;
        }
        true
    }

    /// Takes groups near each other out and gives each to whoever costs least.
    fn ruin_and_recreate(&mut self, threshold: i64) -> bool {
        let facts = self.state.facts;
        let n = facts.groups.len();
        let seed = self.rng.below(n) as u32;
        let wanted = 2 + self.rng.below(MOST_RUINED.min(n));
        self.ruined.clear();
        self.ruined.push(seed);
        let near = &facts.groups[seed as usize].near;
        for &other in near {
            if self.ruined.len() < wanted && self.rng.chance(0.7) {
                self.ruined.push(other);
            }
        }
        let carers = &self.state.carer;
        self.ruined.retain(|&group| carers[group as usize] != NONE);
        self.save((0..self.state.routes.len() as u32).collect());
        let before = (self.state.cost, self.state.excess, self.state.total());
        let mut groups = std::mem::take(&mut self.ruined);
        let held: Vec<u32> = groups.iter().map(|&group| self.state.carer[group as usize]).collect();
        let of: Vec<(u32, u32)> = groups.iter().copied().zip(held).collect();
        groups.iter().for_each(|&group| self.state.remove(group));
        self.rng.shuffle(&mut groups);
        if self.rng.chance(0.5) {
            groups.sort_by_key(|&group| std::cmp::Reverse(facts.groups[group as usize].visits.len()));
        }
        for &group in &groups {
            if let Some(carer) = cheapest(&self.state, group, &mut self.rng, BLINK) {
                self.state.insert(group, carer);
            }
        }
        self.ruined = groups;
        let whole = of.iter().all(|&(group, _)| self.state.carer[group as usize] != NONE);
        if !whole || self.state.total() - before.2 > threshold {
            self.restore(before.0, before.1);
            of.iter().for_each(|&(group, carer)| self.state.carer[group as usize] = carer);
            return false;
        }
        true
    }

    /// Remembers routes.
    fn save(&mut self, shifts: Vec<u32>) {
        self.log.clear();
        self.log.extend(shifts.into_iter().map(|shift| (shift, self.state.routes[shift as usize].clone(), self.state.sums[shift as usize])));
    }

    /// Puts the remembered routes back.
    fn restore(&mut self, cost: i64, excess: (i64, i64)) {
        for (shift, route, sums) in self.log.drain(..) {
            self.state.routes[shift as usize] = route;
            self.state.sums[shift as usize] = sums;
        }
        self.state.cost = cost;
        self.state.excess = excess;
    }
}

/// Visits left out count first, then what hard rules are broken by, then the cost.
fn key(state: &State<'_>) -> (usize, i64, i64) {
    let problem = state.facts.arrays.problem;
    let hard = |term: Term, excess: i64| if problem.objective().is_hard(term) { excess } else { 0 };
    let out = state.carer.iter().filter(|&&carer| carer == NONE).count();
    let broken = hard(Term::Overtime, state.excess.0) + hard(Term::Overload, state.excess.1);
    let paid = if problem.objective().is_hard(Term::Overload) { 0 } else { problem.objective().soft(Term::Overload) * state.excess.1 };
    (out, broken, state.cost + paid)
}

/// The carer to whom giving a group adds least; each is overlooked with probability `blink`.
fn cheapest(state: &State<'_>, group: u32, rng: &mut Rng, blink: f64) -> Option<u32> {
    let mut best: Option<(i64, u32)> = None;
    for &carer in &state.facts.groups[group as usize].carers {
        if blink > 0.0 && rng.chance(blink) {
            continue;
        }
        let limit = best.map_or(i64::MAX, |(price, _)| price);
        let price = state.insertion(group, carer, limit);
        if price < limit {
            best = Some((price, carer));
        }
    }
    best.map(|(_, carer)| carer)
}

/// A tick over costs some ticks of travel; a load that all visits have on average, over capacity, a long ride.
fn first_prices(facts: &Facts<'_>) -> Prices {
    let arrays = facts.arrays;
    let problem: &Problem = arrays.problem;
    let ride = arrays.largest_ride_price.max(1);
    let longest = problem.travel().longest_of_all().0.max(1);
    let load = arrays.visits.iter().map(|visit| visit.load).max().unwrap_or(0).max(1);
    let overload = match problem.objective().weight(Term::Overload) {
        Weight::Soft(weight) => weight,
        Weight::Hard => (longest / load).saturating_mul(ride).max(1),
    };
    Prices { overtime: 2 * ride, overload }
}

/// Takes over the groups that one carer has in the plan, in its order.
fn take_over(state: &mut State<'_>, plan: &Plan) {
    let facts = state.facts;
    let served = plan.served(facts.arrays.problem);
    for (group, of) in facts.groups.iter().enumerate() {
        let shift = |visit: Node| served[VisitId::new(visit as usize)].map(|served| served.shift.idx() as u32);
        let Some(first) = shift(of.visits[0]) else { continue };
        let carer = facts.arrays.shifts[first as usize].carer;
        if of.carers.contains(&carer) && of.visits.iter().all(|&visit| shift(visit) == Some(facts.shift_of(visit, carer))) {
            state.carer[group] = carer;
            state.cost += of.fee[carer as usize];
        }
    }
    for (shift, route) in plan.routes.enumerate() {
        let taken = |task: Task| match task {
            Task::Visit(visit) if state.carer[facts.group_of[visit.idx()] as usize] != NONE => Some(visit.idx() as Node),
            _ => None,
        };
        state.routes[shift.idx()] = route.tasks().filter_map(taken).collect();
    }
    for shift in 0..facts.arrays.n_shifts as u32 {
        let sums = state.measured(shift);
        state.set(shift, sums);
    }
}
