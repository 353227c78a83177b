//! Sparing a citizen one carer on all days at once.
//!
//! A day that plans by itself keeps a carer who comes on another day too: giving up one of the two days gains nothing. Here every day on which
//! the carer comes to the citizen is planned again around those visits, with the carer as dear on each as a new face, and what counts is
//! whether all days together are cheaper.

use rayon::prelude::*;

use super::super::parts::{Day, Part};
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

/// A citizen, a carer who is to be spared, and the visits that the carer pays now, by day.
struct Sparing {
    citizen: CitizenId,
    carer: CarerId,
    days: Vec<(usize, Vec<VisitId>)>,
}

/// What the plan was when sparings were tried.
struct Standing {
    everywhere: Faces,
    usual: Usual,
}

impl Horizon<'_> {
    /// Tries to spare each citizen those who come on few days, while there is time; whoever comes on fewest days first. How many were spared.
    pub(super) fn release(&mut self, watch: &Watch) -> usize {
        let whole = Faces::of(self.problem, &self.blocks, &self.current.plan, |_| true);
        let mut candidates: Vec<(i64, CitizenId, CarerId)> = Vec::new();
        for citizen in self.problem.citizens().ids().filter(|&citizen| whole.count(citizen) > 1) {
            let come = self.problem.carers().ids().map(|carer| (whole.times(citizen, carer), citizen, carer));
            candidates.extend(come.filter(|(times, ..)| (1..=MOST_DAYS).contains(times)));
        }
        candidates.sort_unstable();
        let mut left: Vec<(CitizenId, CarerId)> = candidates.into_iter().map(|(_, citizen, carer)| (citizen, carer)).collect();
        let mut n_spared = 0;
        while !left.is_empty() && !watch.is_over() {
            let (batch, later) = self.apart(left);
            left = later;
            n_spared += self.spare(&batch, watch);
        }
        n_spared
    }

    /// The first sparings that have no day in common, enough for all threads, and those that are left for later.
    fn apart(&self, candidates: Vec<(CitizenId, CarerId)>) -> (Vec<Sparing>, Vec<(CitizenId, CarerId)>) {
        let lanes = self.threads.current_num_threads();
        let (mut batch, mut later): (Vec<Sparing>, _) = (Vec::new(), Vec::new());
        let mut is_taken = vec![false; self.blocks.len()];
        for (citizen, carer) in candidates {
            if batch.len() == lanes {
                later.push((citizen, carer));
                continue;
            }
            let sparing = Sparing { citizen, carer, days: self.paid_by(citizen, carer) };
            if sparing.days.iter().any(|&(day, _)| is_taken[day]) {
                later.push((citizen, carer));
            } else if !sparing.days.is_empty() {
                sparing.days.iter().for_each(|&(day, _)| is_taken[day] = true);
                batch.push(sparing);
            }
        }
        (batch, later)
    }

    /// The visits that a carer pays a citizen, by day.
    fn paid_by(&self, citizen: CitizenId, carer: CarerId) -> Vec<(usize, Vec<VisitId>)> {
        let problem = self.problem;
        let mut days: Vec<(usize, Vec<VisitId>)> = Vec::new();
        for (shift, _) in problem.shifts().enumerate().filter(|(_, facts)| facts.carer == carer) {
            let theirs = |visit: &VisitId| problem.visits()[*visit].citizen == citizen;
            let visits: Vec<VisitId> = self.current.plan.routes[shift].visits().filter(theirs).collect();
            let block = self.blocks.of_shift[shift];
            match days.iter_mut().find(|(day, _)| *day == block) {
                Some((_, known)) => known.extend(visits),
                None if !visits.is_empty() => days.push((block, visits)),
                None => {}
            }
        }
        days
    }

    /// Plans the days of sparings again, each without its carer if that is worth it. How many were spared.
    fn spare(&mut self, batch: &[Sparing], watch: &Watch) -> usize {
        let everywhere = Faces::of(self.problem, &self.blocks, &self.current.plan, |_| true);
        let standing = Standing { everywhere, usual: Usual::of(self.problem, &self.current.plan) };
        let began = self.n_turns;
        self.n_turns += batch.len() as u64;
        let this = &*self;
        let turned: Vec<Vec<Turned>> = self.threads.install(|| {
            let all = |(nth, sparing): (usize, &Sparing)| {
                let seed = this.options.seed.wrapping_add((began + nth as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                sparing.days.iter().filter_map(|day| this.around(day, sparing, &standing, seed, watch)).collect()
            };
            batch.par_iter().enumerate().map(all).collect()
        });
        let mut n_spared = 0;
        for of_sparing in turned {
            let Some(first) = of_sparing.first() else { continue };
            let mut plan = self.put(&self.current, first);
            for turned in &of_sparing[1..] {
                plan = self.put(&plan, turned);
            }
            self.iterations += of_sparing.iter().map(|turned| turned.iterations).sum::<u64>();
            self.evaluated += of_sparing.iter().map(|turned| turned.evaluated).sum::<u64>();
            if plan.is_better_than(&self.current) {
                self.current = plan;
                n_spared += 1;
            }
        }
        n_spared
    }

    /// One day around the visits of a sparing, among those who come to the citizen and their team.
    fn around(&self, (block, visits): &(usize, Vec<VisitId>), sparing: &Sparing, standing: &Standing, seed: u64, watch: &Watch) -> Option<Turned> {
        let (problem, plan) = (self.problem, &self.current.plan);
        let home = &problem.citizens()[sparing.citizen];
        let is_near = |shift: &ShiftId| {
            let carer = problem.shifts()[*shift].carer;
            standing.everywhere.times(sparing.citizen, carer) > 0 || (home.team.is_some() && problem.carers()[carer].team == home.team)
        };
        let shifts: Vec<ShiftId> = self.blocks.shifts[*block].iter().copied().filter(is_near).collect();
        let elsewhere = Faces::of(problem, &self.blocks, plan, |other| other != *block);
        let pricing = Pricing {
            problem,
            sharing: Sharing::Marginal,
            elsewhere: &elsewhere,
            whole: &standing.everywhere,
            usual: &standing.usual,
            spared: Some((sparing.citizen, sparing.carer)),
        };
        let served = plan.served(problem);
        let part = Part::changed(Day { problem, plan, served: &served }, shifts, &[], |parts, visits, carers| pricing.set(parts, visits, carers))?;
        let happened: Vec<VisitId> = visits.iter().filter_map(|&visit| part.own(visit)).collect();
        let moves = self.options.iterations.map_or(MOVES, |all| all.min(MOVES));
        let options = SolveOptions { seed, threads: 1, iterations: Some(moves), recombine: false, prove: false, ..self.options.clone() };
        let outcome = solve_around(&part.problem, &part.plan(plan), &happened, |_| None, &options, watch, &mut |_| {});
        Some(Turned { part, plan: outcome.plan, iterations: outcome.iterations, evaluated: outcome.evaluated })
    }
}
