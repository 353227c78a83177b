//! Sparing a citizen one carer on all days at once.
//!
//! A day that plans by itself keeps a carer who comes on another day too: giving up one of the two days gains nothing. Here every day on which
//! the carer comes to the citizen is planned again around those visits, with the carer as dear on each as a new face, and what counts is
//! whether all days together are cheaper.

use rayon::prelude::*;

use super::super::parts::{Day, Part};
use super::super::run::Priced;
use super::super::{SolveOptions, solve_around};
use super::faces::Faces;
use super::pricing::{Pricing, Sharing};
use super::usual::Usual;
use super::{Horizon, Turned};
use crate::problem::{CarerId, CitizenId, ShiftId, VisitId};
use crate::stop::Watch;

/// Most days on which a carer comes who may be spared.
const MOST_DAYS: i64 = 5;
/// Moves around the visits of one day.
const MOVES: u64 = 20_000;

impl Horizon<'_> {
    /// Tries to spare each citizen those who come on few days, while there is time; whoever comes on fewest days first. How many were spared.
    pub(super) fn release(&mut self, watch: &Watch) -> usize {
        let mut n_spared = 0;
        let whole = Faces::of(self.problem, &self.blocks, &self.current.plan, |_| true);
        let mut candidates: Vec<(i64, CitizenId, CarerId)> = Vec::new();
        for citizen in self.problem.citizens().ids().filter(|&citizen| whole.count(citizen) > 1) {
            let come = self.problem.carers().ids().map(|carer| (whole.times(citizen, carer), citizen, carer));
            candidates.extend(come.filter(|(times, ..)| (1..=MOST_DAYS).contains(times)));
        }
        candidates.sort_unstable();
        for (_, citizen, carer) in candidates {
            if watch.is_over() {
                break;
            }
            n_spared += usize::from(self.spare(citizen, carer, watch));
        }
        n_spared
    }

    /// Plans the days on which the carer comes to the citizen again, without the carer if that is worth it.
    fn spare(&mut self, citizen: CitizenId, carer: CarerId, watch: &Watch) -> bool {
        let (problem, plan) = (self.problem, &self.current.plan);
        let is_theirs = |visit: &VisitId| problem.visits()[*visit].citizen == citizen;
        let mut days: Vec<(usize, Vec<VisitId>)> = Vec::new();
        for (shift, facts) in problem.shifts().enumerate().filter(|(_, facts)| facts.carer == carer) {
            let visits: Vec<VisitId> = plan.routes[shift].visits().filter(is_theirs).collect();
            if !visits.is_empty() {
                debug_assert_eq!(facts.carer, carer);
                days.push((self.blocks.of_shift[shift], visits));
            }
        }
        let everywhere = Faces::of(problem, &self.blocks, plan, |_| true);
        let usual = Usual::of(problem, plan);
        let began = self.n_turns;
        self.n_turns += days.len() as u64;
        let this = &*self;
        let turned: Vec<Turned> = self.threads.install(|| {
            let turn = |(nth, (block, visits)): (usize, &(usize, Vec<VisitId>))| {
                this.around(*block, visits, (citizen, carer), &everywhere, &usual, began + nth as u64, watch)
            };
            days.par_iter().enumerate().filter_map(turn).collect()
        });
        self.iterations += turned.iter().map(|turned| turned.iterations).sum::<u64>();
        self.evaluated += turned.iter().map(|turned| turned.evaluated).sum::<u64>();
        let mut plan: Option<Priced> = None;
        for turned in &turned {
            plan = Some(self.put(plan.as_ref().unwrap_or(&self.current), turned));
        }
        match plan {
            Some(plan) if plan.is_better_than(&self.current) => {
                self.current = plan;
                true
            }
            _ => false,
        }
    }

    /// One day around these visits, among those who come to the citizen and their team.
    #[expect(clippy::too_many_arguments)]
    fn around(
        &self,
        block: usize,
        visits: &[VisitId],
        spared: (CitizenId, CarerId),
        everywhere: &Faces,
        usual: &Usual,
        nth: u64,
        watch: &Watch,
    ) -> Option<Turned> {
        let (problem, plan) = (self.problem, &self.current.plan);
        let home = &problem.citizens()[spared.0];
        let is_near = |shift: &ShiftId| {
            let carer = problem.shifts()[*shift].carer;
            everywhere.times(spared.0, carer) > 0 || (home.team.is_some() && problem.carers()[carer].team == home.team)
        };
        let shifts: Vec<ShiftId> = self.blocks.shifts[block].iter().copied().filter(is_near).collect();
        let elsewhere = Faces::of(problem, &self.blocks, plan, |other| other != block);
        let pricing = Pricing { problem, sharing: Sharing::Marginal, elsewhere: &elsewhere, whole: everywhere, usual, spared: Some(spared) };
        let priced = pricing.problem(shifts.iter().flat_map(|&shift| plan.routes[shift].visits()));
        let served = plan.served(&priced);
        let part = Part::new(Day { problem: &priced, plan, served: &served }, shifts, &[])?;
        let happened: Vec<VisitId> = visits.iter().filter_map(|&visit| part.own(visit)).collect();
        let options = SolveOptions {
            seed: self.options.seed.wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            threads: 1,
            iterations: Some(MOVES),
            recombine: false,
            prove: false,
            ..self.options.clone()
        };
        let outcome = solve_around(&part.problem, &part.plan(plan), &happened, |_| None, &options, watch, &mut |_| {});
        Some(Turned { part, plan: outcome.plan, iterations: outcome.iterations, evaluated: outcome.evaluated })
    }
}
