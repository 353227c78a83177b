//! What is asked for on other days: alternatives that the turn of one day does not see.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::super::parts::{Day, Part};
use super::super::{Outcome, SolveOptions, solve_around};
use super::faces::Faces;
use super::pricing::{Pricing, Sharing};
use super::usual::Usual;
use super::{Horizon, Turned};
use crate::plan::Plan;
use crate::problem::{Problem, ShiftId, VisitId};
use crate::stop::Watch;

/// Moves around a visit and its alternatives.
const MOVES: u64 = 20_000;

/// [`crate::solve::near`] for a horizon: the days on which the visits are or could be, as one part at the prices that the other days leave.
pub(in crate::solve) fn near(problem: &Problem, plan: &Plan, visits: &[VisitId], options: &SolveOptions, watch: &Watch) -> Outcome {
    let mut run = Horizon::new(problem, Some(plan), options, watch);
    let set: BTreeSet<usize> = visits.iter().flat_map(|&visit| run.blocks_of(visit)).collect();
    let moves = options.iterations.or_else(|| watch.limit().is_none().then_some(MOVES));
    let turned = run.turn_about(&set.into_iter().collect::<Vec<_>>(), visits, moves, options.seed, watch);
    run.take(turned.into_iter().collect(), true);
    run.outcome()
}

impl Horizon<'_> {
    /// Tries whatever is asked for instead of a visit on other days than that, while there is time.
    pub(super) fn choose(&mut self, watch: &Watch) {
        let is_apart =
            |visit: &VisitId| self.problem.granted(*visit) == *visit && self.problem.has_alternatives(*visit) && self.blocks_of(*visit).len() > 1;
        let mut left: Vec<VisitId> = self.problem.visits().ids().filter(is_apart).collect();
        while !left.is_empty() && !watch.is_over() {
            let (mut batch, mut later): (Vec<(VisitId, Vec<usize>)>, Vec<VisitId>) = (Vec::new(), Vec::new());
            let mut is_taken = vec![false; self.blocks.len()];
            for visit in left {
                let set: Vec<usize> = self.blocks_of(visit).into_iter().collect();
                if batch.len() == self.threads.current_num_threads() || set.iter().any(|&block| is_taken[block]) {
                    later.push(visit);
                } else {
                    set.iter().for_each(|&block| is_taken[block] = true);
                    batch.push((visit, set));
                }
            }
            left = later;
            let seed = self.options.seed.wrapping_add(self.n_turns.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            self.n_turns += batch.len() as u64;
            let moves = self.options.iterations.map_or(MOVES, |all| all.min(MOVES));
            let this = &*self;
            let turn = |(visit, set): &(VisitId, Vec<usize>)| this.turn_about(set, &[*visit], Some(moves), seed, watch);
            let turned: Vec<Turned> = self.threads.install(|| batch.par_iter().filter_map(turn).collect());
            self.iterations += turned.iter().map(|turned| turned.iterations).sum::<u64>();
            self.evaluated += turned.iter().map(|turned| turned.evaluated).sum::<u64>();
            self.take(turned, true);
        }
    }

    /// The blocks in which the visit or what is asked for instead of it can be given, or is given now.
    fn blocks_of(&self, visit: VisitId) -> BTreeSet<usize> {
        let served =
            |one: VisitId| self.current.plan.routes.enumerate().find(|(_, route)| route.visits().any(|visit| visit == one)).map(|(shift, _)| shift);
        let each =
            |one: VisitId| self.blocks.all_of(self.problem, one).chain(served(one).map(|shift| self.blocks.of_shift[shift])).collect::<Vec<_>>();
        self.problem.alternatives(visit).flat_map(each).collect()
    }

    /// Some blocks planned again around these visits, at the prices that the other blocks leave.
    fn turn_about(&self, set: &[usize], visits: &[VisitId], moves: Option<u64>, seed: u64, watch: &Watch) -> Option<Turned> {
        let (problem, plan) = (self.problem, &self.current.plan);
        let mut shifts: Vec<ShiftId> = set.iter().flat_map(|&block| self.blocks.shifts[block].iter().copied()).collect();
        shifts.sort_unstable();
        let elsewhere = Faces::of(problem, &self.blocks, plan, |block| !set.contains(&block));
        let whole = Faces::of(problem, &self.blocks, plan, |_| true);
        let usual = Usual::of(problem, plan);
        let pricing = Pricing { problem, sharing: Sharing::Marginal, elsewhere: &elsewhere, whole: &whole, usual: &usual, spared: None };
        let served = plan.served(problem);
        // What is left out and is not asked about stays out.
        let open: Vec<VisitId> =
            visits.iter().flat_map(|&visit| problem.cluster_of(visit).members.iter().copied()).filter(|&one| served[one].is_none()).collect();
        let part = Part::changed(Day { problem, plan, served: &served }, shifts, &open, |parts, visits, carers| pricing.set(parts, visits, carers))?;
        let happened: Vec<VisitId> = visits.iter().flat_map(|&visit| problem.alternatives(visit)).filter_map(|visit| part.own(visit)).collect();
        let options = SolveOptions { seed, threads: 1, iterations: moves, recombine: false, prove: false, ..self.options.clone() };
        let outcome = solve_around(&part.problem, &part.plan(plan), &happened, |_| None, &options, watch, &mut |_| {});
        Some(Turned { part, plan: outcome.plan, iterations: outcome.iterations, evaluated: outcome.evaluated })
    }
}
