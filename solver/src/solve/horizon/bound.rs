//! What no plan of the horizon costs less than: what the days cost at least, each by itself, and the faces that the roster forces.
//!
//! In a day's problem a visit that may also be given on another day, late or in overtime, may be left out at the least that costs, and its links
//! do not count. A visit that
//! is left out could spare a face or two; that much of its price is kept back, so that days and faces can be added up.

use rayon::prelude::*;

use super::super::parts::{Day, Part};
use super::blocks::Blocks;
use super::pricing::FacePrices;
use crate::continuity::fewest;
use crate::exact::columns;
use crate::exact::compact::Coverage;
use crate::plan::Plan;
use crate::problem::{CarerId, CitizenId, Cost, IdVec, Need, Problem, ProblemBuilder, ShiftId, Term, Visit, VisitId, Weight};
use crate::stop::Watch;

/// A bound on the days of a horizon, whatever faces and regular times cost.
#[derive(Clone, Debug)]
pub struct DaysBound {
    /// What all days cost at least together.
    pub days: Cost,
    /// Names of what the bound leaves out.
    pub leaves_out: Vec<&'static str>,
    /// By citizen, so many carers come at least to whoever pays for what is kept back.
    fewest: IdVec<CitizenId, usize>,
    /// The price of a face that the visits' prices were kept back for, in internal cost units.
    face: i64,
}

impl DaysBound {
    /// The bound for the problem, or for one that differs from it in the weights of terms across days only, if a face costs no more there.
    #[must_use]
    pub fn of(&self, problem: &Problem) -> Cost {
        let prices = FacePrices::new(problem);
        let face = prices.face.min(self.face);
        let of_citizen = |(citizen, &fewest): (CitizenId, &usize)| {
            let above = problem.citizens()[citizen].cap.map_or(0, |cap| fewest.saturating_sub(usize::from(cap)));
            face * fewest.saturating_sub(1) as i64 + if face > 0 { prices.above_cap.min(face) * above as i64 } else { 0 }
        };
        Cost(self.days.0 + self.fewest.enumerate().map(of_citizen).sum::<i64>())
    }
}

/// Faces that one visit may spare at most: two where two carers come at once.
const SPARED: i64 = 2;
/// Sums of prices for faces and for the cap: what is kept back for both.
const TERMS: i64 = 2;

/// Bounds every day by column generation, several at a time on the current thread pool, until the watch runs out or for so many rounds; a day
/// that is out of reach counts nothing. `None` where a day is no problem by itself.
pub(super) fn bound(problem: &Problem, blocks: &Blocks, incumbent: Option<&Plan>, rounds: usize, watch: &Watch) -> Option<DaysBound> {
    let face = FacePrices::new(problem).face;
    let reserve = SPARED * TERMS * face;
    let mut visits: Vec<Vec<VisitId>> = vec![Vec::new(); blocks.len()];
    for visit in problem.visits().ids() {
        let mut own: Vec<usize> = blocks.all_of(problem, visit).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|block| visits[block].push(visit));
    }
    let lanes = rayon::current_num_threads();
    let waves = blocks.len().div_ceil(lanes).max(1);
    let mut found: Vec<(Cost, Coverage)> = Vec::new();
    for (nth, wave) in (0..blocks.len()).collect::<Vec<_>>().chunks(lanes).enumerate() {
        let watch = watch.part(1.0 / (waves - nth) as f64);
        let of_block = |&block: &usize| {
            let part = relaxed(problem, blocks, block, &visits[block], reserve)?;
            let own = incumbent.and_then(|plan| within(plan, &blocks.shifts[block], &visits[block]));
            let own = own.map(|plan| part.plan(&plan));
            let bound = columns::bound(&part.problem, own.as_ref(), rounds, 1, &watch);
            // No term is ever negative.
            Some((bound.dual_bound.unwrap_or(Cost::ZERO), bound.covers))
        };
        found.extend(wave.par_iter().map(of_block).collect::<Option<Vec<_>>>()?);
    }
    let mut leaves_out: Vec<&'static str> =
        [Term::NewFaces, Term::Irregularity].into_iter().filter(|&term| problem.matters(term)).map(Term::name).collect();
    for (_, covers) in &found {
        if let Coverage::Relaxed(names) = covers {
            leaves_out.extend(names.iter().filter(|name| !leaves_out.contains(name)).copied().collect::<Vec<_>>());
        }
    }
    let days = Cost(found.iter().map(|(cost, _)| cost.0).sum());
    Some(DaysBound { days, leaves_out, fewest: fewest_of(problem, blocks, reserve), face })
}

/// The plan's routes of a block, if they serve only visits that the block is on duty for.
fn within(plan: &Plan, shifts: &[ShiftId], visits: &[VisitId]) -> Option<Plan> {
    let is_own = |visit: VisitId| visits.binary_search(&visit).is_ok();
    shifts.iter().flat_map(|&shift| plan.routes[shift].visits()).all(is_own).then(|| plan.clone())
}

/// A block as a problem that every plan of the horizon is one of, at no higher cost.
pub(super) fn relaxed(problem: &Problem, blocks: &Blocks, block: usize, visits: &[VisitId], reserve: i64) -> Option<Part> {
    let nothing = Plan::empty(problem);
    let served = nothing.served(problem);
    let change = |parts: &mut ProblemBuilder, visits: &[VisitId], _: &[CarerId]| {
        for term in Term::ACROSS {
            parts.objective = parts.objective.clone().with(term, Weight::Soft(0));
        }
        for (visit, &id) in parts.visits.iter_mut().zip(visits) {
            leave_out(problem, blocks, block, id, reserve, visit);
        }
        // A plan may give one of two linked visits here and the other in another block, however late.
        let is_here = |own: VisitId| problem.able_shifts(visits[own.idx()]).iter().all(|&shift| blocks.of_shift[shift] == block);
        parts.links.retain(|link| is_here(link.first) && is_here(link.second));
    };
    Part::changed(Day { problem, plan: &nothing, served: &served }, blocks.shifts[block].clone(), visits, change)
}

/// Prices leaving a visit out of a block: really, or for another block, less what is kept back for faces.
fn leave_out(problem: &Problem, blocks: &Blocks, block: usize, id: VisitId, reserve: i64, visit: &mut Visit) {
    let weight = match problem.objective().weight(Term::Unserved) {
        Weight::Soft(weight) => weight,
        Weight::Hard => 1,
    };
    if weight == 0 {
        return;
    }
    // Of alternatives all are out at once, at the price of the cheapest one elsewhere.
    if let Some(price) = problem.alternatives(id).filter_map(|one| least_price_out(problem, blocks, &[block], one)).min() {
        visit.unserved_cost = ((price - if visit.need == Need::Required { reserve } else { 0 }).max(0)) / weight;
        if problem.objective().is_hard(Term::Unserved) {
            visit.need = Need::Optional;
        }
    }
}

/// The least that it costs not to give a visit in these blocks, in internal cost units; `None` where a rule forbids it.
fn least_price_out(problem: &Problem, blocks: &Blocks, own: &[usize], id: VisitId) -> Option<i64> {
    let (objective, visit) = (problem.objective(), &problem.visits()[id]);
    let left_out = match (objective.weight(Term::Unserved), visit.need) {
        (Weight::Soft(weight), _) => Some(weight * visit.unserved_cost),
        (Weight::Hard, Need::Optional) => Some(visit.unserved_cost),
        (Weight::Hard, Need::Required) => None,
    };
    let elsewhere = problem.able_shifts(id).iter().filter(|&&shift| !own.contains(&blocks.of_shift[shift])).map(|&shift| {
        let shift = &problem.shifts()[shift];
        let late = visit.windows.iter().map(|window| (shift.start - window.close).0.max(0)).min().unwrap_or(0);
        let over = visit.windows.iter().map(|window| (window.open - shift.end).0.max(0)).min().unwrap_or(0);
        late * objective.soft(Term::Lateness) + over * objective.soft(Term::Overtime)
    });
    left_out.into_iter().chain(elsewhere).min()
}

/// By citizen, how few carers can pay the required visits, in the blocks that are on duty for them. 0 where leaving a visit out costs less than
/// is kept back.
fn fewest_of(problem: &Problem, blocks: &Blocks, reserve: i64) -> IdVec<CitizenId, usize> {
    let mut of_citizen: Vec<Vec<VisitId>> = vec![Vec::new(); problem.citizens().len()];
    // A visit that something else may be given instead of forces nobody to come.
    let is_forced = |&(id, visit): &(VisitId, &Visit)| visit.need == Need::Required && !problem.has_alternatives(id);
    for (id, visit) in problem.visits().enumerate().filter(is_forced) {
        of_citizen[visit.citizen.idx()].push(id);
    }
    let carers = |visit: VisitId| {
        let own: Vec<usize> = blocks.all_of(problem, visit).collect();
        let able = problem.able_shifts(visit).iter().filter(|&&shift| own.contains(&blocks.of_shift[shift]));
        let mut carers: Vec<CarerId> = able.map(|&shift| problem.shifts()[shift].carer).collect();
        carers.sort_unstable();
        carers.dedup();
        carers
    };
    let is_paid = |&visit: &VisitId| {
        let own: Vec<usize> = blocks.all_of(problem, visit).collect();
        own.is_empty() || least_price_out(problem, blocks, &own, visit).is_none_or(|price| price >= reserve)
    };
    of_citizen.iter().map(|visits| if visits.iter().all(is_paid) { fewest(problem, visits, &carers) } else { 0 }).collect()
}
