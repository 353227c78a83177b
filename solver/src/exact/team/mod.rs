//! The team programme: which few carers serve each citizen over the horizon, as a mixed-integer programme with a bound.
//!
//! Dantzig-Wolfe over citizens (Dantzig, Wolfe 1960): a column is one citizen's `Pattern`, which carer in which shift pays each of the
//! citizen's visits, so that all that one citizen feels (faces, new faces, how often the primary comes) is exact inside the column. Only
//! carers' time and the balance between them tie citizens together: rows that may be exceeded at a price. `needs` compiles the problem,
//! `pattern` finds the best pattern of a citizen under given prices, exactly, with the bounds of `ascent`, `master` is the linear programme that proposes prices and the
//! integer programme that chooses, `generate` goes from one to the other until no pattern pays, `cut` cuts rows of time for a sharper bound,
//! `anneal` chooses where citizens are many, `settle` shares each day's visits anew among those who come anyhow.
//!
//! Where and when carers ride is not decided here: a visit takes its length and a usual ride. What is whole days apart is exact, routes are not;
//! the cost is therefore one of its own and not the plan's.

mod anneal;
mod ascent;
mod cut;
mod generate;
mod master;
mod needs;
mod pattern;
mod reason;
mod settle;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::problem::{CarerId, CitizenId, IdVec, PlaceId, Problem, ShiftId, VisitId};
use crate::stop::Watch;
use anneal::{Cooling, anneal};
use generate::{CLOSED, Generation};
use master::Master;
use needs::Needs;
use pattern::{Pattern, cheapest};
use reason::reason;

pub use reason::cap_reasons;
use settle::settle;

/// What the team programme weighs, in thousandths of the price of a minute on the road; all at least 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamWeights {
    /// Each carer who comes to a citizen at all.
    pub face: i64,
    /// The same on top where the citizen did not know the carer.
    pub new_face: i64,
    /// Each visit that is not paid by the citizen's primary.
    pub not_primary: i64,
    /// Each visit by a carer who is not among its preferred ones.
    pub not_preferred: i64,
    /// Each minute between the citizen's home and the others that the carer goes to ([`TeamOptions::homes`]), each visit.
    pub ride_minute: i64,
    /// Each minute that a shift has too little.
    pub overfull_minute: i64,
    /// Each minute that two hours of a shift have too little: by so much somebody's visit is late.
    pub late_minute: i64,
    /// Each minute that a carer works above an equal share of all minutes on duty.
    pub uneven_minute: i64,
    /// Each visit by two carers above an equal share of them.
    pub uneven_heavy: i64,
}

impl Default for TeamWeights {
    /// A face weighs as much as 40 minutes on the road in the horizon, a new one as much as 60.
    fn default() -> Self {
        Self {
            face: 40_000,
            new_face: 20_000,
            not_primary: 500,
            not_preferred: 2_000,
            ride_minute: 300,
            overfull_minute: 5_000,
            late_minute: 1_000,
            uneven_minute: 100,
            uneven_heavy: 2_000,
        }
    }
}

/// How to choose the few.
#[derive(Clone, Debug, Default)]
pub struct TeamOptions {
    /// What is weighed.
    pub weights: TeamWeights,
    /// Most different carers of a citizen, beside the citizen's own cap ([`crate::problem::Citizen::cap`]). Where the roster needs more, more come, as
    /// few as it takes, and the answer names the citizen.
    pub cap: Option<usize>,
    /// By carer, the homes they go to anyhow: a home near those costs less of a ride. Where nobody says, and for carers with none, homes near the
    /// middle of the team do.
    pub homes: Option<IdVec<CarerId, Vec<PlaceId>>>,
    /// Whether to spend time on a sharper bound, which the choice is no better for.
    pub prove: bool,
}

/// What the team programme is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Column generation: what could be chosen for each citizen.
    Generating,
    /// A sharper bound.
    Bounding,
    /// The choice.
    Choosing,
}

/// News of a running team programme.
#[derive(Clone, Copy, Debug)]
pub struct TeamProgress {
    /// What is being done.
    pub stage: Stage,
    /// As [`TeamPlan::dual_bound`], so far.
    pub dual_bound: Option<i64>,
}

/// The few of every citizen.
#[derive(Clone, Debug)]
pub struct TeamPlan {
    /// By citizen, who comes: the primary first, then the deputies, those who come more often first.
    pub few: IdVec<CitizenId, Vec<CarerId>>,
    /// By visit, who pays it in which shift; `None` where nobody can, and for optional visits, which take what time is left.
    pub paid_by: IdVec<VisitId, Option<(CarerId, ShiftId)>>,
    /// Cost in thousandths of a minute on the road.
    pub cost: i64,
    /// No choice of patterns costs less; `None` where the time did not suffice for any bound.
    pub dual_bound: Option<i64>,
    /// Minutes that shifts or two hours of them have too little.
    pub overfull_minutes: i64,
    /// The citizens to whom more carers come than the cap allows, and why.
    pub above_cap: Vec<CapReason>,
    /// Rounds of column generation.
    pub rounds: usize,
    /// Patterns that the programme chose from.
    pub n_patterns: usize,
}

/// Why more carers come to a citizen than the cap allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapReason {
    /// To whom.
    pub citizen: CitizenId,
    /// How many come.
    pub carers: usize,
    /// The cap.
    pub cap: usize,
    /// How few would do by roster, skills and exclusions alone; at least so many where finding out takes too long.
    pub needed: usize,
    /// What stands in the way.
    pub cause: Cause,
    /// Days of the visits, from 1, ascending.
    pub days: Vec<i64>,
    /// By the roster: visits that already need more carers than the cap allows, as few as possible. By time: those that carers above the cap pay.
    pub visits: Vec<VisitId>,
    /// Whether no fewer visits are such a reason by the roster, a visit by two counted once.
    pub is_smallest: bool,
}

/// What stands in the way of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody can keep it, for who is on duty when, skills and exclusions.
    Roster,
    /// The citizen alone could keep it, but carers' time is short, or the choice is not the best one.
    Time,
}

impl TeamPlan {
    /// (cost - bound) / cost, 0 where both are equal; `None` without a bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        let bound = self.dual_bound?;
        if bound == self.cost {
            return Some(0.0);
        }
        (self.cost > 0).then(|| (self.cost - bound) as f64 / self.cost as f64)
    }
}

/// Most citizens for whom the integer programme chooses among patterns; above it, annealing is better.
const GROUP: usize = 20;
/// Share of the time after column generation for annealing; the rest is for settling.
const ANNEALING_SHARE: f64 = 0.9;
/// A few minutes on the road at first; in the end what settling finds anyhow.
const COOLING: Cooling = Cooling { hot: 15_000.0, cold: 400.0 };
/// Minutes of a usual visit with its ride.
const USUAL: i64 = 35;
/// Sets of carers that are looked into for a new pattern, and for the bound.
const FEW_SETS: usize = 200;
const MANY_SETS: usize = 50_000;
/// Rounds of new patterns between two steps of a dive.
const ROUNDS_OF_DIVE: usize = 3;
/// How much dearer than a citizen's cheapest pattern one may be whose carers are likely ones.
const NEARLY: i64 = 60_000;
/// A step fixes at least one in so many citizens, and all patterns with more than this share.
const DIVES: usize = 12;
const SURE: f64 = 0.99;
/// Share of the time for column generation, and of what is left then for a sharper bound: before the choice, or beside it.
const GENERATION_SHARE: f64 = 0.4;
const SHARPENING_SHARE: f64 = 0.3;
const SHARPENING_SHARE_BESIDE: f64 = 0.9;

/// Chooses the few carers of every citizen. Prices citizens in parallel on the current thread pool; stops with the watch. `observe` is told what is
/// being done, again whenever the bound may have risen.
#[must_use]
pub fn assign(problem: &Problem, options: &TeamOptions, watch: &Watch, observe: &mut (dyn FnMut(&TeamProgress) + Send)) -> TeamPlan {
    let needs = Needs::new(problem, options);
    let mut generation = Generation::new(&needs, carefree(&needs).into_iter().enumerate());
    generation.close(CLOSED, &watch.part(GENERATION_SHARE), &mut |dual_bound| observe(&TeamProgress { stage: Stage::Generating, dual_bound }));
    let likely = Likely::new(&needs, &generation.master, &generation.prices);
    let mut sharper = options.prove.then(|| generation.again());
    // A sharper bound is mostly the linear programme's, which has one thread: the others choose meanwhile.
    let others = rayon::current_num_threads() - 1;
    let is_beside = options.prove && others > 0 && needs.citizens.len() > GROUP;
    let share = if is_beside { SHARPENING_SHARE_BESIDE } else { SHARPENING_SHARE };
    let first_bound = generation.bound;
    let mut sharpen = || {
        if let Some(sharper) = &mut sharper {
            sharper.sharpen(&watch.part(share), &mut |dual_bound| observe(&TeamProgress { stage: Stage::Bounding, dual_bound }));
            sharper.prove();
        }
        let dual_bound = sharper.as_ref().map_or(first_bound, |sharper| sharper.bound);
        observe(&TeamProgress { stage: Stage::Choosing, dual_bound });
    };
    let mut chosen = Vec::new();
    if is_beside {
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| chosen = search(problem, &needs, &likely, others, watch));
            sharpen();
        });
    } else {
        sharpen();
        chosen = if needs.citizens.len() > GROUP {
            search(problem, &needs, &likely, others + 1, watch)
        } else {
            choose(problem, &needs, &mut generation.master, watch)
        };
    }
    plan(problem, &needs, &chosen, sharper.as_ref().unwrap_or(&generation))
}

/// By citizen, the pattern that is cheapest where time is no matter.
fn carefree(needs: &Needs) -> Vec<Pattern> {
    let prices = vec![0; needs.rows.len()];
    needs.citizens.par_iter().map(|citizen| cheapest(citizen, &prices, None, FEW_SETS).0).collect()
}

/// One pattern for each citizen: a dive into the linear programme; then days are shared anew and citizens respond until nothing gains; then the
/// integer programme over all patterns that were made, for the time that is left.
fn choose(problem: &Problem, needs: &Needs, master: &mut Master, watch: &Watch) -> Vec<Pattern> {
    let mut best = master.in_turn(needs, &[]);
    if let Some(dived) = dive(needs, master, watch) {
        let dived = master.in_turn(needs, &dived);
        if master.cost(needs, &dived) < master.cost(needs, &best) {
            best = dived;
        }
    }
    let patterns = |master: &Master, chosen: &[usize]| chosen.iter().map(|&at| master.patterns[at].1.clone()).collect::<Vec<_>>();
    let mut settled = improved(problem, needs, &patterns(master, &best), watch);
    let place = |(citizen, pattern): (usize, &Pattern)| {
        master.add(citizen, pattern.clone());
        master.find(citizen, pattern)
    };
    let start: Vec<usize> = settled.iter().enumerate().filter_map(place).collect();
    if let Some(found) = master.programme(needs, &start, watch) {
        let found = settle(problem, needs, &patterns(master, &found), watch);
        if needs.cost(&found.iter().collect::<Vec<_>>()) < needs.cost(&settled.iter().collect::<Vec<_>>()) {
            settled = found;
        }
    }
    settled
}

/// Every citizen in turn gets the pattern that is best beside what the others take now, where that is cheaper; whether any did.
fn respond(needs: &Needs, patterns: &mut [Pattern], watch: &Watch) -> bool {
    let mut used = needs.used(&patterns.iter().collect::<Vec<_>>());
    let mut is_better = false;
    for (citizen, pattern) in needs.citizens.iter().zip(patterns) {
        if watch.is_over() {
            break;
        }
        pattern.takes.iter().for_each(|&(row, amount)| used[row] -= amount);
        // What a usual visit would exceed.
        let over = |used: i64, limit: i64| (used - limit).max(0);
        let price = |(row, &used): (&needs::Row, &i64)| row.price * (over(used + USUAL, row.limit) - over(used, row.limit)) / USUAL;
        let prices: Vec<i64> = needs.rows.iter().zip(&used).map(price).collect();
        let cost = |pattern: &Pattern| {
            let over = |&(row, amount): &(usize, i64)| {
                needs.rows[row].price * (over(used[row] + amount, needs.rows[row].limit) - over(used[row], needs.rows[row].limit))
            };
            pattern.cost + pattern.takes.iter().map(over).sum::<i64>()
        };
        let (response, _) = cheapest(citizen, &prices, Some(pattern), FEW_SETS);
        if cost(&response) < cost(pattern) {
            *pattern = response;
            is_better = true;
        }
        pattern.takes.iter().for_each(|&(row, amount)| used[row] += amount);
    }
    is_better
}

/// By citizen and candidate, whether the carer comes in a pattern that is nearly the citizen's cheapest.
struct Likely(Vec<Vec<bool>>);

impl Likely {
    /// By the master's patterns at these prices.
    fn new(needs: &Needs, master: &Master, prices: &[i64]) -> Self {
        let mut likely: Vec<Vec<bool>> = needs.citizens.iter().map(|citizen| vec![false; citizen.candidates.len()]).collect();
        for (citizen, pattern) in master.nearly(prices, NEARLY) {
            pattern.ways.iter().for_each(|&(candidate, _)| likely[citizen][candidate] = true);
        }
        Self(likely)
    }
}

/// Annealing on so many threads, the best of which is settled: for more citizens than the integer programme chooses for.
fn search(problem: &Problem, needs: &Needs, likely: &Likely, n_threads: usize, watch: &Watch) -> Vec<Pattern> {
    let start = carefree(needs);
    let cost = |patterns: &Vec<Pattern>| needs.cost(&patterns.iter().collect::<Vec<_>>());
    let own = watch.part(ANNEALING_SHARE);
    let runs: Vec<Vec<Pattern>> = (0..n_threads).into_par_iter().map(|seed| anneal(needs, &start, likely, COOLING, seed, &own)).collect();
    improved(problem, needs, &runs.into_iter().min_by_key(cost).unwrap_or(start), watch)
}

/// Days are shared anew and citizens respond until nothing gains.
fn improved(problem: &Problem, needs: &Needs, patterns: &[Pattern], watch: &Watch) -> Vec<Pattern> {
    let mut settled = settle(problem, needs, patterns, watch);
    while respond(needs, &mut settled, watch) {
        settled = settle(problem, needs, &settled, watch);
    }
    settled
}

/// Fixes the patterns that the linear programme is surest of, a few citizens at a time, and makes new ones for the others in between.
fn dive(needs: &Needs, master: &mut Master, watch: &Watch) -> Option<Vec<usize>> {
    let mut fixed: Vec<Option<usize>> = vec![None; needs.citizens.len()];
    let mut chosen = None;
    while !watch.is_over() {
        let mut relaxed = master.relax(needs);
        for _ in 0..ROUNDS_OF_DIVE {
            let Some(at) = &relaxed else { break };
            let open: Vec<usize> = (0..fixed.len()).filter(|&citizen| fixed[citizen].is_none()).collect();
            let known = master.cheapest(&at.prices);
            let patterns: Vec<(usize, Pattern)> =
                open.par_iter().map(|&citizen| (citizen, cheapest(&needs.citizens[citizen], &at.prices, known[citizen], FEW_SETS).0)).collect();
            let mut n_new = 0;
            for (citizen, pattern) in patterns {
                let reduced = (pattern.cost + pattern.price(&at.prices)) as f64 - at.citizens[citizen];
                n_new += usize::from(reduced < -1.0 && master.add(citizen, pattern));
            }
            if n_new == 0 {
                break;
            }
            relaxed = master.relax(needs);
        }
        let Some(relaxed) = relaxed else { break };
        let mut surest: Vec<Option<(f64, usize)>> = vec![None; fixed.len()];
        for (at, &share) in relaxed.shares.iter().enumerate() {
            let citizen = master.patterns[at].0;
            if fixed[citizen].is_none() && surest[citizen].is_none_or(|(most, _)| share > most) {
                surest[citizen] = Some((share, at));
            }
        }
        let mut surest: Vec<(f64, usize)> = surest.into_iter().flatten().collect();
        surest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let n_now = surest.len().div_ceil(DIVES);
        for (nth, (share, at)) in surest.into_iter().enumerate() {
            if nth < n_now || share > SURE {
                fixed[master.patterns[at].0] = Some(at);
                master.fix(at, true);
            }
        }
        if let Some(all) = fixed.iter().copied().collect::<Option<Vec<usize>>>() {
            chosen = Some(all);
            break;
        }
    }
    fixed.into_iter().flatten().for_each(|at| master.fix(at, false));
    chosen
}

fn plan(problem: &Problem, needs: &Needs, chosen: &[Pattern], bound: &Generation) -> TeamPlan {
    let mut few: IdVec<CitizenId, Vec<CarerId>> = problem.citizens().iter().map(|_| Vec::new()).collect();
    let mut paid_by: IdVec<VisitId, Option<(CarerId, ShiftId)>> = problem.visits().iter().map(|_| None).collect();
    let patterns: Vec<&Pattern> = chosen.iter().collect();
    for (citizen, pattern) in needs.citizens.iter().zip(&patterns) {
        let mut times: Vec<(usize, usize)> = Vec::new();
        for (need, &(candidate, shift)) in citizen.needs.iter().zip(&pattern.ways) {
            paid_by[need.visit] = Some((citizen.candidates[candidate].carer, shift));
            match times.iter_mut().find(|(_, at)| *at == candidate) {
                Some((times, _)) => *times += 1,
                None => times.push((1, candidate)),
            }
        }
        times.sort_by_key(|&(times, at)| (at != pattern.primary, std::cmp::Reverse(times), at));
        few[citizen.id] = times.into_iter().map(|(_, at)| citizen.candidates[at].carer).collect();
    }
    let used = needs.used(&patterns);
    TeamPlan {
        above_cap: needs
            .citizens
            .iter()
            .zip(&patterns)
            .filter(|(citizen, _)| few[citizen.id].len() > citizen.cap)
            .map(|(citizen, pattern)| {
                let payers: Vec<Option<usize>> = pattern.ways.iter().map(|&(candidate, _)| Some(candidate)).collect();
                reason(problem, citizen, few[citizen.id].len(), &payers)
            })
            .collect(),
        few,
        paid_by,
        cost: needs.cost(&patterns),
        dual_bound: bound.bound,
        overfull_minutes: needs.rows.iter().zip(&used).filter(|(row, _)| row.is_time).map(|(row, used)| (used - row.limit).max(0)).sum(),
        rounds: bound.rounds,
        n_patterns: bound.master.patterns.len(),
    }
}
