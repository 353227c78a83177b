//! Simulated annealing over the moves, with ruin and recreate as one more, larger move (Kirkpatrick, Gelatt, Vecchi 1983).
//!
//! The threshold is drawn before a move is priced (`current - T ln u`), so that pricing can stop as soon as the move is lost.

mod steps;

pub use steps::{Step, Stepper, with_stepper};

use super::arrays::Arrays;
use super::moves::{Context, MOVES, Move, Tried};
use super::penalties::{Oscillation, Penalties};
use super::recreate::{Recreate, recreate, unserved};
use super::working::Sequences;
use super::{Focus, Ingredients, Neighbours, Working, ruin};
use crate::plan::Plan;
use crate::pool::PooledRoute;
use crate::rng::Rng;

/// Temperatures of a run, in cost units: equal cycles, each geometric from hot to cold. The first `fresh` of them go on from where the last
/// one ended, so that their routes differ, and some of them begin hotter ([`Ladder::surge`]); the others begin from the best plan and less
/// hot, at `reheat` of the first temperature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ladder {
    pub(crate) hot: f64,
    pub(crate) cold: f64,
    pub(crate) cycles: u64,
    pub(crate) fresh: u64,
    pub(crate) reheat: f64,
    /// What `hot` is worth raising by where there is time to cool down from it: moves over the price of who serves a visit.
    pub(crate) climb: f64,
}

impl Ladder {
    /// One cycle.
    pub(crate) fn once(hot: f64, cold: f64) -> Self {
        Self { hot, cold, cycles: 1, fresh: 1, reheat: 1.0, climb: 0.0 }
    }

    /// The cycle, and the temperature, after a share of the run.
    fn at(&self, share: f64) -> (u64, f64) {
        let over = share.clamp(0.0, 1.0) * self.cycles as f64;
        let cycle = (over as u64).min(self.cycles - 1);
        let hot = if cycle < self.fresh { self.hot * self.surge(cycle) } else { (self.hot * self.reheat).max(self.cold) };
        (cycle, hot * (self.cold / hot).powf(over - cycle as f64))
    }

    /// How much hotter than the others a fresh cycle begins. At the price of a ride, rides are exchanged freely, but a carer who is needed
    /// for a rare skill stays where the first cycle put them, as moving them costs many rides: one cycle in three can pay that.
    fn surge(&self, cycle: u64) -> f64 {
        if self.fresh >= SURGE_EVERY && cycle % SURGE_EVERY == SURGE_EVERY / 2 { SURGE } else { 1.0 }
    }
}

/// What a worker has done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Report {
    /// Moves drawn.
    pub(crate) iterations: u64,
    /// Moves priced.
    pub(crate) priced: u64,
    /// Moves kept.
    pub(crate) kept: u64,
}

/// Moves between two looks at the clock and the temperature.
const STRIDE: u64 = 256;
/// One move in this many is a ruin and recreate.
const RUIN_EVERY: usize = 3000;
/// Moves between two looks at whether the plan is within its hard rules.
const PENALTY_STRIDE: u64 = 4096;
/// Fewest moves between two captures of routes.
const CAPTURE_STRIDE: u64 = 2048;

/// One search thread's state.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    working: Working<'a>,
    neighbours: &'a Neighbours,
    focus: Focus,
    rng: Rng,
    best: Sequences,
    best_key: (i64, i64),
    report: Report,
    shares: Vec<(f64, usize)>,
    ruins: bool,
    oscillation: Oscillation,
    captured_at: u64,
    capture_due: bool,
    captured: Vec<PooledRoute>,
    backup: Sequences,
    audit: bool,
    cycle: u64,
    /// Least cost seen in this cycle, where somebody looked.
    cycle_cost: i64,
}

impl<'a> Worker<'a> {
    /// Constructs a first plan, or takes the one given and inserts what it leaves out.
    pub(crate) fn new(
        arrays: &'a Arrays<'a>,
        neighbours: &'a Neighbours,
        seed: u64,
        worker: usize,
        start: Option<&Plan>,
        audit: bool,
        without: Ingredients,
    ) -> Self {
        let mut rng = Rng::new(seed, worker);
        let mut working = Working::new(arrays, Penalties::first(arrays));
        if let Some(plan) = start {
            working.load(&Working::sequences_of(arrays, plan));
        }
        let clusters = unserved(&working);
        recreate(&mut working, &clusters, Recreate { blink: 0.0, weigh_optional: true }, &mut rng);
        let _ = working.place_breaks();
        if start.is_some() {
            let _ = working.without_late_breaks();
        }
        Self::of(working, neighbours, rng, audit, without)
    }

    /// Goes on from a plan as it is.
    pub(crate) fn resume(working: Working<'a>, neighbours: &'a Neighbours, seed: u64, audit: bool, without: Ingredients) -> Self {
        Self::of(working, neighbours, Rng::new(seed, 0), audit, without)
    }

    fn of(mut working: Working<'a>, neighbours: &'a Neighbours, rng: Rng, audit: bool, without: Ingredients) -> Self {
        working.foresees = !without.has(Ingredients::FORESIGHT);
        let arrays = working.arrays;
        let mut shares = Vec::new();
        let mut sum = 0.0;
        let supported = || MOVES.iter().enumerate().filter(|(_, candidate)| (candidate.supports)(arrays));
        for (at, candidate) in supported().filter(|(at, _)| !without.has(Ingredients::of_move(*at))) {
            sum += candidate.share;
            shares.push((sum, at));
        }
        for share in &mut shares {
            share.0 /= sum;
        }
        let mut this = Self {
            best: working.sequences(),
            best_key: (i64::MAX, i64::MAX),
            working,
            neighbours,
            focus: Focus::whole(arrays.n_visits),
            rng,
            report: Report::default(),
            shares,
            ruins: supported().next().is_some() && !without.has(Ingredients::RUIN),
            oscillation: Oscillation::new(arrays),
            captured_at: 0,
            capture_due: true,
            captured: Vec::new(),
            backup: Sequences::default(),
            audit,
            cycle: 0,
            cycle_cost: i64::MAX,
        };
        this.note_best();
        this
    }

    /// Temperatures that fit the problem: from the price of its rides, or of random relocations where those are cheaper or rides are free,
    /// and from what it matters who serves a visit.
    pub(crate) fn ladder(&mut self) -> Ladder {
        let mut rises: Vec<i64> = Vec::new();
        let before = self.working.sequences();
        let cost = self.working.cost();
        let samples = if (MOVES[0].supports)(self.working.arrays) { 300 } else { 0 };
        for _ in 0..samples {
            let mut context = Context { neighbours: self.neighbours, focus: &self.focus, rng: &mut self.rng };
            if (MOVES[0].attempt)(&mut self.working, &mut context, i64::MAX / 4) == Tried::Kept {
                let rise = self.working.cost() - cost;
                if rise > 0 {
                    rises.push(rise);
                }
                self.working.load(&before);
            }
        }
        rises.sort_unstable();
        let rise = rises.get(rises.len() / 4).copied().unwrap_or(1);
        let ride = self.working.mean_ride_price();
        let (typical, cold) = if ride > 0 { (ride.min(rise), COLD) } else { (rise, COLD_OF_RISES) };
        let typical = typical.max(1) as f64;
        // Whoever goes to a dear carer on the way to a better place must be able to climb over the difference.
        let climb = self.working.mean_spread_of_fees() as f64 * CLIMB;
        Ladder { climb, ..Ladder::once(typical * HOT, typical * cold) }
    }

    /// Anneals until `share` says stop. `share` gets the moves drawn in this run and answers how much of the run is over, from 0 to 1, or
    /// `None` to stop.
    pub(crate) fn run(&mut self, ladder: Ladder, share: &mut dyn FnMut(u64) -> Option<f64>) {
        if self.shares.is_empty() && !self.ruins {
            return;
        }
        let mut done: u64 = 0;
        let mut temperature = ladder.hot;
        loop {
            if done.is_multiple_of(STRIDE) {
                match share(done) {
                    Some(share) => {
                        let cycle;
                        (cycle, temperature) = ladder.at(share);
                        if cycle > self.cycle {
                            self.cycle = cycle;
                            self.cycle_cost = i64::MAX;
                            if cycle >= ladder.fresh {
                                self.return_to_best();
                            } else {
                                let current = self.working.sequences();
                                self.working.load(&Sequences::from(current.routes));
                            }
                        }
                        self.look(done, share < SETTLE_FROM / ladder.cycles as f64);
                    }
                    None => return,
                }
            }
            done += 1;
            self.step(temperature, temperature <= REFINE_BELOW * ladder.hot);
        }
    }

    /// Draws moves around these visits from now on.
    pub(crate) fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
    }

    fn step(&mut self, temperature: f64, refines: bool) {
        self.report.iterations += 1;
        let current = self.working.cost();
        let limit = current + (temperature * self.rng.exponential()) as i64;
        let ruin_is_due = self.shares.is_empty() || self.rng.below(RUIN_EVERY) == 0;
        let kept = if self.ruins && ruin_is_due {
            self.ruin_and_recreate(limit)
        } else {
            let draw = self.rng.unit();
            let at = self.shares.iter().find(|(upto, _)| draw < *upto).map_or(0, |(_, at)| *at);
            let candidate: &Move = if MOVES[at].refines && !refines { &MOVES[self.shares[0].1] } else { &MOVES[at] };
            let mut context = Context { neighbours: self.neighbours, focus: &self.focus, rng: &mut self.rng };
            let tried = (candidate.attempt)(&mut self.working, &mut context, limit);
            self.report.priced += u64::from(tried != Tried::Nothing);
            if self.audit && tried == Tried::Kept {
                self.working.audit();
            }
            tried == Tried::Kept
        };
        if kept {
            self.report.kept += 1;
            if self.working.cost() < self.best_key.1 || self.best_key.0 > 0 {
                self.note_best();
            }
        }
    }

    fn ruin_and_recreate(&mut self, limit: i64) -> bool {
        let mut backup = std::mem::take(&mut self.backup);
        self.working.store(&mut backup);
        let size = 2 + self.rng.below(8);
        let mut clusters = ruin::strings(&mut self.working, self.neighbours, &self.focus, size, &mut self.rng);
        clusters.extend(unserved(&self.working));
        clusters.sort_unstable();
        clusters.dedup();
        self.rng.shuffle(&mut clusters);
        recreate(&mut self.working, &clusters, Recreate { blink: 0.02, weigh_optional: true }, &mut self.rng);
        self.report.priced += 1;
        let keep = self.working.cost() <= limit;
        if !keep {
            self.working.load(&backup);
        }
        self.backup = backup;
        if self.audit {
            self.working.audit();
        }
        keep
    }

    /// Remembers the plan if it is the best so far: fewest violations first, then least cost.
    fn note_best(&mut self) {
        let key = (self.working.violations().total(), self.working.cost());
        if key < self.best_key {
            self.best_key = key;
            self.working.store(&mut self.best);
            self.capture_due = true;
        }
    }

    /// Now and then: penalties and captures.
    fn look(&mut self, done: u64, may_relax: bool) {
        let cost = self.working.cost();
        if cost < self.cycle_cost {
            // What this cycle comes to may have routes that no best plan has.
            self.cycle_cost = cost;
            self.capture_due = true;
        }
        if self.capture_due && (self.report.iterations >= self.captured_at + CAPTURE_STRIDE || done == 0) {
            self.capture_due = false;
            self.captured_at = self.report.iterations;
            self.working.capture(&mut self.captured);
        }
        if done.is_multiple_of(PENALTY_STRIDE) && self.oscillation.is_needed() {
            let (broken, penalties) = (self.working.violations(), self.working.penalties);
            if let Some(changed) = self.oscillation.look(&broken, penalties, may_relax) {
                self.set_penalties(changed);
            }
        }
    }

    /// Goes on at other penalties.
    fn set_penalties(&mut self, penalties: Penalties) {
        self.working.set_penalties(penalties);
        if self.best_key.0 > 0 {
            // The price of the best plan's violations has changed with the penalties.
            let current = self.working.sequences();
            self.return_to_best();
            self.best_key.1 = self.working.cost();
            self.working.load(&current);
        }
    }

    /// Takes over a plan found elsewhere and serves what it leaves out, where that pays; returns whether it was better than this worker's own best.
    pub(crate) fn offer(&mut self, sequences: &Sequences, replace_current: bool) -> bool {
        let before = self.best_key;
        let current = self.working.sequences();
        self.working.load(sequences);
        let clusters = unserved(&self.working);
        recreate(&mut self.working, &clusters, Recreate { blink: 0.0, weigh_optional: true }, &mut self.rng);
        self.note_best();
        if !replace_current {
            self.working.load(&current);
        }
        self.best_key < before
    }

    /// Goes on from the best plan.
    pub(crate) fn return_to_best(&mut self) {
        let best = self.best.clone();
        self.working.load(&best);
    }

    /// The current plan's node sequences.
    pub(crate) fn sequences(&self) -> Sequences {
        self.working.sequences()
    }

    /// The penalties in force.
    pub(crate) fn penalties(&self) -> Penalties {
        self.working.penalties
    }

    /// Violation and cost of the best plan.
    pub(crate) fn best_key(&self) -> (i64, i64) {
        self.best_key
    }

    /// The best plan's node sequences.
    pub(crate) fn best(&self) -> &Sequences {
        &self.best
    }

    /// The best plan with its times, without breaks that begin too late.
    pub(crate) fn best_plan(&mut self) -> Plan {
        let current = self.working.sequences();
        let best = self.best.clone();
        self.working.load(&best);
        let plan = self.working.without_late_breaks().unload();
        self.working.load(&current);
        plan
    }

    /// Hands over the routes captured since the last call.
    pub(crate) fn take_captured(&mut self) -> Vec<PooledRoute> {
        self.working.capture(&mut self.captured);
        std::mem::take(&mut self.captured)
    }

    /// Counts so far.
    pub(crate) fn report(&self) -> Report {
        self.report
    }
}

/// Temperature against the first below which moves that refine are drawn.
const REFINE_BELOW: f64 = 0.12;
/// First temperature against the price of a typical ride.
const HOT: f64 = 1.0;
/// One fresh cycle in so many begins hotter than the others, the middle one.
const SURGE_EVERY: u64 = 3;
/// First temperature of such a cycle against the others'.
const SURGE: f64 = 2.0;
/// What the first temperature may rise by against how much more the dearest carer of a visit costs than the cheapest.
const CLIMB: f64 = 4.0;
/// Last temperature against the price of a typical ride.
const COLD: f64 = 0.03;
/// The same where rides are free: what random relocations cost differs by more than rides do.
const COLD_OF_RISES: f64 = 0.01;
/// Share of the first cycle after which penalties only rise, so that the plan settles within its hard rules while it is still warm.
const SETTLE_FROM: f64 = 0.4;

#[cfg(test)]
mod tests {
    use super::Ladder;

    #[test]
    fn the_middle_of_three_fresh_cycles_begins_twice_as_hot_and_all_end_cold() {
        let ladder = Ladder { cycles: 4, fresh: 3, reheat: 0.5, ..Ladder::once(100.0, 1.0) };
        let begins: Vec<f64> = (0..4).map(|cycle| ladder.at(f64::from(cycle) / 4.0).1).collect();
        assert_eq!(begins, [100.0, 200.0, 100.0, 50.0]);
        // Halfway through a cycle: the geometric mean of its ends.
        let (cycle, halfway) = ladder.at(0.375);
        assert!(cycle == 1 && (halfway - 200.0_f64.sqrt()).abs() < 1e-9, "{halfway}");
        let end = ladder.at(1.0);
        assert!(end.0 == 3 && (end.1 - 1.0).abs() < 1e-9, "{end:?}");
    }

    #[test]
    fn with_fewer_than_three_fresh_cycles_all_begin_alike() {
        let ladder = Ladder { cycles: 2, fresh: 2, ..Ladder::once(100.0, 1.0) };
        assert_eq!((ladder.at(0.0), ladder.at(0.5)), ((0, 100.0), (1, 100.0)));
    }
}
