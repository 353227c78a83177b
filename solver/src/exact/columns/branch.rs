//! Branch and bound over column generation: where the gap is small, the day is cut into parts until every part is known to hold nothing
//! better.
//!
//! A part says from when until when visits may start (time-window branching, Rasmussen et al. 2012, doi:10.1016/j.ejor.2011.10.017),
//! which visit follows which, which shifts serve a visit, and how late the latest visit may be. Each part's bound is exact like that of the
//! whole. Where the mix of a part is a plan, its sequences become a part by themselves and are timed by [`timing`], on days where sequences
//! and times are all there is to decide; elsewhere such a part stays as it is. So the least bound of the open parts holds for the whole at
//! any stop.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::day::Day;
use super::duals::{CutRow, LinkRow};
use super::generate::{Generation, Prices};
use super::master::{Column, Relaxation};
use super::mixed::{Mixed, is_whole};
use super::part::{Decision, End};
use crate::cost::evaluate;
use crate::exact::timing;
use crate::plan::{Plan, Task};
use crate::problem::{Cost, IdVec, ShiftId, VisitId};
use crate::stop::Watch;

/// A part of all plans.
#[derive(Clone, Debug)]
struct Part {
    decisions: Vec<Decision>,
    /// No plan of the part costs less, in units.
    bound: i64,
    prices: Option<Prices>,
    links: Vec<LinkRow>,
    cuts: Vec<CutRow>,
}

/// What branching found.
#[derive(Clone, Debug)]
pub(super) struct Branched {
    /// No plan costs less, in units.
    pub(super) bound: i64,
    /// The best plan met that is cheaper than the incumbent.
    pub(super) plan: Option<Plan>,
    /// Parts looked at.
    pub(super) parts: usize,
}

/// Columns that are handed on to the parts.
const MOST_COLUMNS: usize = 5000;
/// Columns that a part begins with.
const MOST_HANDED_ON: usize = 1500;
/// Parts that a thread looks at between two looks at what is open, on average.
const PARTS_AT_ONCE: usize = 2;
/// Parts that are open at most.
const MOST_PARTS: usize = 20_000;
/// Rounds of column generation of a part.
const ROUNDS: usize = 300;
/// Share of the gap that each half is taken to gain besides, so that ways that raise one half only can be told apart.
const LEAST_RISE: f64 = 1e-3;

/// Whether a part whose sequences are all decided can be timed: whoever drives them, they cost the same, and nothing else is to be decided.
pub(super) fn is_decidable(day: &Day<'_>) -> bool {
    day.relaxed.is_empty()
        && day.problem.visits().ids().all(|visit| !day.problem.has_alternatives(visit))
        && day.left_out.iter().all(Option::is_none)
        && day.is_uniform()
        && day.problem.visits().iter().all(|visit| visit.windows.len() == 1)
}

/// Cuts the day into parts until the bound meets the cost of the incumbent, time runs out, or `most` parts were looked at.
pub(super) fn branch(
    day: &Day<'_>,
    incumbent: &Plan,
    root: &Generation<'_>,
    bound: i64,
    most: usize,
    pool: &rayon::ThreadPool,
    watch: &Watch,
) -> Branched {
    let problem = day.problem;
    let cost_of = |plan: &Plan| evaluate(problem, plan).cost(problem.objective());
    let mut best: (Cost, Option<Plan>) = (cost_of(incumbent), None);
    let mut columns: Vec<Column> = root.master.columns.iter().filter(|column| column.is_possible).cloned().collect();
    let (cuts, prices) = root.binding();
    let mut open = vec![Part { decisions: Vec::new(), bound, prices, links: root.master.link_rows.clone(), cuts }];
    // The least bound of parts that cannot be cut any more.
    let mut stuck = i64::MAX;
    let mut parts = 0;
    let is_hopeless = |bound: i64, best: Cost| bound > (best.0 - 1) * day.scale;
    loop {
        open.retain(|part| !is_hopeless(part.bound, best.0));
        // The least bounds last: they come first, enough of them that no thread waits long for another.
        open.sort_by_key(|part| std::cmp::Reverse(part.bound));
        let least = open.last().map_or(best.0.0 * day.scale, |part| part.bound).min(stuck);
        if open.is_empty() || watch.is_over() || parts >= most || open.len() > MOST_PARTS {
            return Branched { bound: least, plan: best.1, parts };
        }
        let batch = open.split_off(open.len().saturating_sub(PARTS_AT_ONCE * pool.current_num_threads()));
        let looks: Vec<Look> = pool.install(|| batch.par_iter().map(|part| look(day, part, &columns, best.0, watch)).collect());
        parts += batch.len();
        for (part, look) in batch.into_iter().zip(looks) {
            let is_decided = look.branches.is_empty() && look.plan.is_some();
            if let Some(plan) = look.plan.filter(|plan| cost_of(plan) < best.0) {
                best = (cost_of(&plan), Some(plan));
            }
            let bound = look.bound.max(part.bound);
            columns.extend(look.columns);
            if is_hopeless(bound, best.0) || is_decided {
                continue;
            }
            if look.branches.is_empty() {
                stuck = stuck.min(bound);
            }
            for decisions in look.branches {
                let decisions = part.decisions.iter().copied().chain(decisions).collect();
                open.push(Part { decisions, bound, prices: look.prices.clone(), links: look.links.clone(), cuts: look.cuts.clone() });
            }
        }
        let surplus = columns.len().saturating_sub(MOST_COLUMNS);
        let _ = columns.drain(..surplus);
    }
}

/// Whether a timed plan keeps the rules that sequences decide.
fn is_sound(day: &Day<'_>, plan: &Plan) -> bool {
    let served = plan.served(day.problem);
    let carer = |visit: VisitId| served[visit].map(|served| day.problem.shifts()[served.shift].carer);
    let able = day.problem.visits().ids().all(|visit| served[visit].is_some_and(|served| day.problem.able_shifts(visit).contains(&served.shift)));
    able && day.problem.links().iter().all(|link| !link.different_carers || carer(link.first) != carer(link.second))
}

/// A part looked at.
struct Look {
    bound: i64,
    plan: Option<Plan>,
    columns: Vec<Column>,
    prices: Option<Prices>,
    links: Vec<LinkRow>,
    cuts: Vec<CutRow>,
    /// The parts that it falls into, the sequences of the plan aside; none where it could not be cut.
    branches: Vec<Vec<Decision>>,
}

fn look(day: &Day<'_>, part: &Part, columns: &[Column], cutoff: Cost, watch: &Watch) -> Look {
    let (prices, links, cuts) = (part.prices.clone(), part.links.clone(), part.cuts.clone());
    let mut look = Look { bound: part.bound, plan: None, columns: Vec::new(), prices, links, cuts, branches: Vec::new() };
    let within = day.within(&part.decisions);
    let Some(mut generation) = Generation::of_part(&within, cutoff, part.prices.clone()) else { return look };
    part.links.iter().for_each(|link| generation.master.add_link_row(*link));
    part.cuts.iter().for_each(|cut| generation.master.add_cut_row(*cut));
    let own: Vec<&Column> = columns.iter().filter(|column| within.has(column)).collect();
    generation.cheapest(own, MOST_HANDED_ON).into_iter().for_each(|column| generation.master.add(column.clone()));
    let known = generation.master.columns.len();
    let mix = generation.run(ROUNDS, None, watch);
    look.bound = generation.bound().unwrap_or(part.bound).max(part.bound);
    let Some(mix) = mix.filter(|_| look.bound <= (cutoff.0 - 1) * day.scale) else { return look };
    look.columns = generation.master.columns.iter().skip(known).filter(|column| column.is_possible).cloned().collect();
    look.prices = generation.prices();
    look.links.clone_from(&generation.master.link_rows);
    look.cuts.clone_from(&generation.master.cut_rows);
    let mixed = Mixed::of(&within, &generation.master.columns, &mix);
    let is_plan = mix.uncovered.is_empty() && is_decidable(day) && mixed.legs.values().all(|share| is_whole(*share));
    look.plan = is_plan.then(|| timed(day, &mixed.legs)).flatten().filter(|plan| is_sound(day, plan));
    if look.plan.is_some() {
        // Plans that are not these sequences lack one of their legs: the first, or the second but not the first, and so on.
        let chosen = mixed.legs.iter().filter(|(_, share)| **share > 0.5).map(|(&leg, _)| leg);
        let undecided: Vec<(End, End)> = chosen.filter(|&(from, to)| !part.decisions.contains(&Decision::Follows(from, to))).collect();
        look.branches = (0..undecided.len())
            .map(|at| {
                let kept = undecided[..at].iter().map(|&(from, to)| Decision::Follows(from, to));
                kept.chain([Decision::FollowsNot(undecided[at].0, undecided[at].1)]).collect()
            })
            .collect();
    } else if let Some(halves) = strongest(day, part, &mut generation, &mix, &mixed.halves()) {
        look.branches = halves.map(|decision| vec![decision]).to_vec();
    }
    look
}

/// Of ways to cut a part in two, the one that raises the bounds of both halves most, as far as the columns at hand tell (strong
/// branching: Achterberg, Koch, Martin 2005, doi:10.1016/j.orl.2004.04.002).
fn strongest(day: &Day<'_>, part: &Part, generation: &mut Generation<'_>, mix: &Relaxation, ways: &[[Decision; 2]]) -> Option<[Decision; 2]> {
    let gap = (generation.aim() as f64 - mix.value).max(1.0);
    let mut rise = |decision: Decision| {
        let decisions: Vec<Decision> = part.decisions.iter().copied().chain([decision]).collect();
        let value = generation.master.probe(&day.within(&decisions)).unwrap_or(mix.value);
        ((value - mix.value) / gap).clamp(0.0, 1.0) + LEAST_RISE
    };
    let rises = ways.iter().map(|way| (way.map(&mut rise).into_iter().product::<f64>(), *way));
    // Of equals the first: starts that lie far apart come before all else.
    rises.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, way)| way)
}

/// The plan whose legs these are, at its best times, driven by shifts that are able to; `None` if there is no such plan.
fn timed(day: &Day<'_>, legs: &BTreeMap<(End, End), f64>) -> Option<Plan> {
    let next: BTreeMap<VisitId, End> =
        legs.iter().filter(|(_, share)| **share > 0.5).filter_map(|(&(from, to), _)| from.map(|from| (from, to))).collect();
    let mut routes = Vec::new();
    for first in legs.iter().filter(|(leg, share)| leg.0.is_none() && **share > 0.5).filter_map(|(leg, _)| leg.1) {
        let (mut route, mut at) = (vec![first], next.get(&first).copied()?);
        while let Some(visit) = at.filter(|visit| !route.contains(visit)) {
            route.push(visit);
            at = next.get(&visit).copied()?;
        }
        routes.push(route);
    }
    let mut sequences: IdVec<ShiftId, Vec<Task>> = day.problem.shifts().iter().map(|_| Vec::new()).collect();
    let once = routes.iter().map(Vec::len).sum::<usize>() == day.problem.visits().len();
    if !once || !assign(day, &routes, &mut sequences) {
        return None;
    }
    timing::best(day.problem, &sequences, &day.problem.visits().iter().map(|_| timing::Choice::default()).collect())
}

/// Gives each route to a shift that is able to drive it; whether that went well.
fn assign(day: &Day<'_>, routes: &[Vec<VisitId>], sequences: &mut IdVec<ShiftId, Vec<Task>>) -> bool {
    let Some((route, others)) = routes.split_first() else { return true };
    for shift in day.problem.shifts().ids() {
        let able = route.iter().all(|&visit| day.problem.able_shifts(visit).contains(&shift));
        if able && sequences[shift].is_empty() {
            sequences[shift] = route.iter().copied().map(Task::Visit).collect();
            if assign(day, others, sequences) {
                return true;
            }
            sequences[shift].clear();
        }
    }
    false
}
