//! Plans whole horizons in which every citizen has one carer: the consistent vehicle routing problem.
//!
//! Groër, Golden and Wasil 2009 (doi:10.1287/msom.1080.0243) stated it and planned by template routes, as did Tarantilis, Stavropoulou and
//! Repoussis 2012 and Kovacs, Parragh and Hartl 2014; Stavropoulou 2022 (doi:10.1016/j.cor.2021.105644) let the vehicles differ. Here a
//! citizen's visits of all days move together from carer to carer, and every day's route is kept and priced as it is: what a template would
//! promise for days that look different is never needed. Simulated annealing decides, with ruin and recreate among its moves.

mod anneal;
mod direction;
mod facts;
mod state;
#[cfg(test)]
mod tests;

use std::time::Duration;

use rayon::prelude::*;

use super::best::{Known, News, Priced};
use super::run::threads;
use super::{Outcome, Progress, SolveOptions};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::search::Arrays;
use crate::stop::Watch;
use anneal::Annealer;
use facts::Facts;
pub(super) use facts::is_in_reach;

/// Longest round, so that news come at least this often.
const LONGEST_ROUND: Duration = Duration::from_secs(1);
/// Fewest rounds of a run.
const ROUNDS: u64 = 24;
/// Moves of one round when there is no limit at all.
const UNLIMITED_ROUND: u64 = 1_000_000;

/// [`super::solve`] where every citizen has one carer at most; see [`is_in_reach`]. It seeks no bound.
pub(super) fn solve(problem: &Problem, start: Option<&Plan>, options: &SolveOptions, watch: &Watch, observe: &mut dyn FnMut(&Progress)) -> Outcome {
    let arrays = Arrays::new(problem);
    let facts = Facts::new(&arrays);
    let threads = threads(options);
    let n = threads.current_num_threads();
    let mut annealers: Vec<Annealer<'_>> =
        threads.install(|| (0..n).into_par_iter().map(|at| Annealer::new(&facts, options.seed, at, start)).collect());
    // Doing nothing is a plan too, and so is what was given.
    let plans = start.cloned().into_iter().chain([Plan::empty(problem), annealers[0].best_plan()]).map(|plan| Priced::new(problem, plan));
    let best = plans.reduce(|best, other| if other.is_better_than(&best) { other } else { best });
    let (mut best, known, mut news) = (best.expect("two plans at least"), Known::nothing(), News::default());
    let moves = |annealers: &[Annealer<'_>]| annealers.iter().map(Annealer::iterations).sum();
    news.tell(&best, &known, moves(&annealers), watch, observe);
    let limit = watch.limit();
    let fewest = limit.map_or(ROUNDS, |limit| (limit.as_secs_f64() / LONGEST_ROUND.as_secs_f64() / n as f64).ceil() as u64);
    let rounds = fewest.max(ROUNDS);
    let endless = limit.is_none() && options.iterations.is_none();
    let mut round = 0;
    while !watch.is_over() && (endless || round < rounds) {
        let share_of = |done: u64| share(options, watch, (round, rounds), done);
        threads.install(|| annealers.par_iter_mut().for_each(|annealer| annealer.run(&share_of)));
        if let Some(annealer) = annealers.iter().min_by_key(|annealer| annealer.best_key()) {
            let plan = Priced::new(problem, annealer.best_plan());
            if plan.is_better_than(&best) {
                best = plan;
            }
        }
        news.tell(&best, &known, moves(&annealers), watch, observe);
        round += 1;
    }
    let n_moves = moves(&annealers);
    best.outcome(known, (n_moves, n_moves), watch)
}

/// How much of the run is over after so many moves of a round; `None` once the round is.
fn share(options: &SolveOptions, watch: &Watch, (round, rounds): (u64, u64), done: u64) -> Option<f64> {
    if watch.is_stopped() {
        return None;
    }
    let mut share = 0.0;
    if let Some(limit) = watch.limit() {
        let (elapsed, limit) = (watch.elapsed().as_secs_f64(), limit.as_secs_f64());
        if elapsed >= limit * (round + 1) as f64 / rounds as f64 {
            return None;
        }
        share = elapsed / limit;
    }
    match options.iterations {
        Some(all) => {
            let (from, to) = (all * round / rounds, all * (round + 1) / rounds);
            (done < to - from).then(|| (from + done) as f64 / all as f64)
        }
        None if watch.limit().is_none() => (done < UNLIMITED_ROUND).then(|| done as f64 / UNLIMITED_ROUND as f64),
        None => Some(share),
    }
}
