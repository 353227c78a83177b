//! Large days: one annealing, done in parts.
//!
//! The first plan comes from greedy insertion nearby. Then, epoch after epoch, the day is cut along new seams, every part is annealed as a
//! problem of its own, several at a time, at the temperature that the whole run has by then, and the parts are put back. Nothing in an
//! epoch grows faster than the day. What parts cannot see, such as the greatest lateness of the day, is priced on the whole plan after each
//! epoch; the best whole plan is the answer.

mod part;
mod split;
#[cfg(test)]
mod tests;

use std::time::Duration;

use rayon::prelude::*;

use super::best::{Known, News, Priced};
use super::{NEIGHBOURS, Outcome, Progress, SolveOptions};
use crate::exact::timing;
use crate::plan::Plan;
use crate::problem::{Problem, ShiftId, Term, VisitId, Weight};
use crate::search::{Arrays, Ladder, Neighbours, Node, Penalties, Rng, Sequences, Worker, Working, first_plan};
use crate::stop::Watch;
pub(super) use part::{Day, Part};
use split::Map;

/// Visits of a part: enough that few links and rides cross a seam, few enough that a part's tables stay in the processor's cache.
const PART: usize = 250;
/// Fewest visits of a part: where parts are smaller, their seams cost more than another thread brings.
const LEAST: usize = 180;
/// Days with more visits are solved in parts.
const LARGE: usize = 600;
/// Days with as many are solved in parts by several threads, where no term looks across shifts: threads that share a plan get further than
/// threads that have one each.
const LARGE_FOR_THREADS: usize = 400;
/// A part is annealed for about this long in an epoch where time is limited; cutting it out takes a millisecond or two.
const SLICE: Duration = Duration::from_millis(50);
/// The same where iterations are limited.
const SLICE_MOVES: u64 = 25_000;
/// Fewest moves of a turn while there is time: on a busy machine cutting a part out could take the whole slice.
const LEAST_MOVES: u64 = 10_000;
/// Fewest and most epochs. Visits change parts between epochs only, so many short ones lose less to the seams than few long ones.
const EPOCHS: (u64, u64) = (6, 100);
/// Temperatures against those of a day annealed as a whole: the first plan, made in haste, has to be forgotten.
const HEAT: f64 = 2.0;
/// Share of the time kept for the best times of the last plan.
const POLISH_SHARE: f64 = 0.03;
/// Moves for each visit of the descent when a run is stopped.
const QUENCH: u64 = 100;

/// Whether a day is solved in parts.
pub(super) fn is_large(problem: &Problem, threads: usize) -> bool {
    let across = [Term::GreatestLateness, Term::GreatestIdle, Term::Balance];
    let is_apart = across.iter().all(|&term| problem.objective().weight(term) == Weight::Soft(0));
    let n_visits = problem.visits().len();
    n_visits > LARGE || (threads > 1 && is_apart && n_visits >= LARGE_FOR_THREADS)
}

/// [`super::solve_at`] for a large day.
pub(super) fn solve(
    problem: &Problem,
    start: Option<(&Plan, f64)>,
    options: &SolveOptions,
    watch: &Watch,
    observe: &mut dyn FnMut(&Progress),
) -> Outcome {
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut run = Parts::new(&arrays, &neighbours, start, options, watch);
    run.tell(observe);
    run.anneal(observe);
    run.polish();
    run.tell(observe);
    run.outcome()
}

struct Parts<'a> {
    arrays: &'a Arrays<'a>,
    neighbours: &'a Neighbours,
    options: &'a SolveOptions,
    watch: &'a Watch,
    threads: rayon::ThreadPool,
    map: Map,
    rng: Rng,
    /// Times the whole day.
    working: Working<'a>,
    penalties: Penalties,
    sequences: Sequences,
    current: Plan,
    best: Priced,
    news: News,
    iterations: u64,
    evaluated: u64,
    /// Temperatures against those of a day annealed as a whole.
    heat: f64,
}

/// A part after its turn.
struct Annealed {
    part: Part,
    sequences: Sequences,
    best: Sequences,
    penalties: Penalties,
    iterations: u64,
    evaluated: u64,
}

/// How long a part's turn is: moves, and until when.
#[derive(Clone, Copy)]
struct Turn {
    moves: Option<u64>,
    until: Option<Duration>,
}

impl<'a> Parts<'a> {
    fn new(arrays: &'a Arrays<'a>, neighbours: &'a Neighbours, start: Option<(&Plan, f64)>, options: &'a SolveOptions, watch: &'a Watch) -> Self {
        let problem = arrays.problem;
        let heat = start.map(|(_, heat)| heat);
        let start = start.map(|(plan, _)| plan);
        let mut working = first_plan(arrays, neighbours, options.seed, start, &|| watch.is_over());
        let current = working.unload();
        // Doing nothing is a plan too, and the only one where nothing else keeps the hard rules.
        let plans = [current.clone(), Plan::empty(problem)].into_iter().chain(start.cloned());
        let best = plans.map(|plan| Priced::new(problem, plan)).reduce(|best, other| if other.is_better_than(&best) { other } else { best });
        Self {
            threads: super::run::threads(options),
            map: Map::new(problem),
            rng: Rng::new(options.seed, 0),
            penalties: working.penalties,
            sequences: working.sequences(),
            working,
            best: best.expect("two plans at least"),
            current,
            news: News::default(),
            iterations: 0,
            evaluated: 0,
            heat: heat.unwrap_or(HEAT),
            arrays,
            neighbours,
            options,
            watch,
        }
    }

    fn problem(&self) -> &'a Problem {
        self.arrays.problem
    }

    fn n_parts(&self) -> usize {
        let lanes = self.threads.current_num_threads();
        let n_visits = self.problem().visits().len();
        // As many for each thread, so that none waits for the last part; but none too small.
        let each = ((n_visits + PART * lanes / 2) / (PART * lanes)).max(1);
        (each * lanes).min(n_visits / LEAST).clamp(1, self.arrays.n_shifts.max(1))
    }

    fn anneal(&mut self, observe: &mut dyn FnMut(&Progress)) {
        if self.arrays.n_shifts == 0 {
            return;
        }
        let n_parts = self.n_parts();
        let lanes = self.threads.current_num_threads();
        let limit = self.watch.limit().map(|limit| limit.mul_f64(1.0 - POLISH_SHARE));
        let left = limit.map(|limit| limit.saturating_sub(self.watch.elapsed()));
        let moves = self.options.iterations.map(|each| each.saturating_mul(lanes as u64));
        let turns = left.map_or(u64::MAX, |left| (left.as_nanos() * lanes as u128 / SLICE.as_nanos()) as u64);
        let turns = turns.min(moves.map_or(u64::MAX, |moves| moves / SLICE_MOVES));
        let limited = limit.is_some() || moves.is_some();
        let epochs = if limited { (turns / n_parts as u64).clamp(EPOCHS.0, EPOCHS.1) } else { u64::MAX };
        let began = self.watch.elapsed();
        let ladder = self.ladder(n_parts);
        for epoch in 0..epochs {
            let until = left.map(|left| began + left.mul_f64((epoch + 1) as f64 / epochs as f64));
            let moves = moves.map(|moves| moves / epochs / n_parts as u64).or((!limited).then_some(SLICE_MOVES));
            let watch = self.watch;
            let share = move |turn: Turn, done: u64| {
                let elapsed = watch.elapsed();
                let is_up = |until: Duration| elapsed >= until && done >= LEAST_MOVES;
                let is_over = watch.is_stopped() || limit.is_some_and(|limit| elapsed >= limit);
                if is_over || turn.until.is_some_and(is_up) || turn.moves.is_some_and(|moves| done >= moves) {
                    return None;
                }
                Some(match (turn.moves, limit) {
                    // Whatever the clock says, so that the same seed gives the same plan where the time suffices.
                    (Some(moves), _) if limited => (epoch as f64 + done as f64 / moves.max(1) as f64) / epochs as f64,
                    (_, Some(limit)) => elapsed.as_secs_f64() / limit.as_secs_f64(),
                    _ => 0.0,
                })
            };
            self.epoch(n_parts, epoch, ladder, Turn { moves, until }, &share);
            self.tell(observe);
            if self.watch.is_over() || limit.is_some_and(|limit| self.watch.elapsed() >= limit) {
                break;
            }
        }
        if self.watch.is_stopped() {
            self.quench(n_parts, ladder);
        }
    }

    /// The mean of the temperatures that fit the parts.
    fn ladder(&mut self, n_parts: usize) -> Ladder {
        let served = self.current.served(self.problem());
        let day = Day { problem: self.problem(), plan: &self.current, served: &served };
        let cuts = self.map.split(self.problem(), &self.current, n_parts, &mut self.rng);
        let ladder = |shifts: Vec<ShiftId>| {
            let part = Part::new(day, shifts, &[])?;
            let arrays = Arrays::new(&part.problem);
            let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
            let mut working = Working::new(&arrays, self.penalties);
            working.load(&Working::sequences_of(&arrays, &part.plan(&self.current)));
            Some(Worker::resume(working, &neighbours, self.options.seed, false, self.options.without).ladder())
        };
        let ladders: Vec<Ladder> = self.threads.install(|| cuts.into_par_iter().filter_map(ladder).collect());
        let mean = |of: fn(&Ladder) -> f64| ladders.iter().map(of).sum::<f64>() / ladders.len().max(1) as f64;
        let heat = self.heat;
        Ladder::once(heat * mean(|ladder| ladder.hot), mean(|ladder| ladder.cold) * heat.min(1.0))
    }

    /// Cuts the current plan, anneals every part once, and puts them together again.
    fn epoch(&mut self, n_parts: usize, epoch: u64, ladder: Ladder, turn: Turn, share: &(dyn Fn(Turn, u64) -> Option<f64> + Sync)) {
        let served = self.current.served(self.problem());
        let day = Day { problem: self.problem(), plan: &self.current, served: &served };
        let cuts = self.map.split(self.problem(), &self.current, n_parts, &mut self.rng);
        let unserved = self.unserved_by_part(&cuts);
        let lanes = self.threads.current_num_threads();
        let began = self.watch.elapsed();
        let (penalties, options) = (self.penalties, self.options);
        let anneal = |at: usize| {
            let part = Part::new(day, cuts[at].clone(), &unserved[at])?;
            let arrays = Arrays::new(&part.problem);
            let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
            let mut working = Working::new(&arrays, penalties);
            working.load(&Working::sequences_of(&arrays, &part.plan(day.plan)));
            let seed = options.seed.wrapping_add((epoch << 16 | at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut worker = Worker::resume(working, &neighbours, seed, options.audit, options.without);
            // The parts of one thread come one after the other, each with its share of the epoch.
            let (turns, nth) = (cuts.len().div_ceil(lanes), at / lanes);
            let until = turn.until.map(|until| began + until.saturating_sub(began).mul_f64((nth + 1) as f64 / turns as f64));
            worker.run(ladder, &mut |done| share(Turn { until, ..turn }, done));
            let (sequences, best) = (worker.sequences(), worker.best().clone());
            let (penalties, report) = (worker.penalties(), worker.report());
            Some(Annealed { part, sequences, best, penalties, iterations: report.iterations, evaluated: report.priced })
        };
        let annealed: Vec<Annealed> = self.threads.install(|| {
            let lane = |lane: usize| (lane..cuts.len()).step_by(lanes).filter_map(anneal).collect::<Vec<_>>();
            (0..lanes).into_par_iter().map(lane).collect::<Vec<_>>().into_iter().flatten().collect()
        });
        self.iterations += annealed.iter().map(|annealed| annealed.iterations).sum::<u64>();
        self.evaluated += annealed.iter().map(|annealed| annealed.evaluated).sum::<u64>();
        self.settle(&annealed);
    }

    /// Takes over what the parts have become.
    fn settle(&mut self, annealed: &[Annealed]) {
        if annealed.is_empty() {
            return;
        }
        if self.joined(annealed, |annealed| &annealed.best).is_some() {
            let plan = self.working.without_late_breaks().unload();
            self.consider(plan);
        }
        if let Some((sequences, plan)) = self.joined(annealed, |annealed| &annealed.sequences) {
            self.sequences = sequences;
            self.current = plan;
        }
        let mean = |of: fn(&Penalties) -> i64| annealed.iter().map(|annealed| of(&annealed.penalties)).sum::<i64>() / annealed.len() as i64;
        self.penalties = Penalties {
            lateness: mean(|penalties| penalties.lateness),
            late_break: mean(|penalties| penalties.late_break),
            overtime: mean(|penalties| penalties.overtime),
            overload: mean(|penalties| penalties.overload),
            missed_break: mean(|penalties| penalties.missed_break),
            unserved: mean(|penalties| penalties.unserved),
        };
    }

    /// The day with the parts' routes and its times. Where all together contradict the links between parts, those that do are left out;
    /// `None` if that is all of them.
    fn joined(&mut self, annealed: &[Annealed], of: fn(&Annealed) -> &Sequences) -> Option<(Sequences, Plan)> {
        let mut sequences = self.sequences.clone();
        for annealed in annealed {
            annealed.part.put_sequences_back(of(annealed), self.arrays, &mut sequences);
        }
        if let Some(plan) = self.timed(&mut sequences) {
            return Some((sequences, plan));
        }
        let mut joined = None;
        let mut kept = self.sequences.clone();
        for annealed in annealed {
            let mut sequences = kept.clone();
            annealed.part.put_sequences_back(of(annealed), self.arrays, &mut sequences);
            if let Some(plan) = self.timed(&mut sequences) {
                kept.clone_from(&sequences);
                joined = Some((sequences, plan));
            }
        }
        joined
    }

    /// Times a whole day, without links that were left half; `None` where the links contradict the order.
    fn timed(&mut self, sequences: &mut Sequences) -> Option<Plan> {
        Working::drop_broken_links(self.arrays, &mut sequences.routes);
        self.working.load(sequences);
        let count = |sequences: &Sequences| sequences.routes.iter().map(Vec::len).sum::<usize>();
        (count(&self.working.sequences()) == count(sequences)).then(|| self.working.unload())
    }

    fn consider(&mut self, plan: Plan) {
        let plan = Priced::new(self.problem(), plan);
        if plan.is_better_than(&self.best) {
            self.best = plan;
        }
    }

    /// Unserved visits by part: each cluster goes where its nearest served neighbour is.
    fn unserved_by_part(&self, cuts: &[Vec<ShiftId>]) -> Vec<Vec<VisitId>> {
        let mut part_of = vec![0; self.arrays.n_shifts];
        for (at, shifts) in cuts.iter().enumerate() {
            shifts.iter().for_each(|shift| part_of[shift.idx()] = at);
        }
        let mut by_part = vec![Vec::new(); cuts.len()];
        let mut placed = vec![false; self.problem().clusters().len()];
        let mut shift_of = vec![None; self.arrays.n_visits];
        for (shift, route) in self.current.routes.enumerate() {
            route.visits().for_each(|visit| shift_of[visit.idx()] = Some(shift));
        }
        for visit in self.current.left_out(self.problem()) {
            let cluster = self.problem().cluster_index(visit);
            if !std::mem::replace(&mut placed[cluster], true) {
                let near = self.neighbours.of(visit.idx() as Node).iter().find_map(|&other| shift_of[other as usize]);
                let part = near.map_or(cluster % cuts.len(), |shift| part_of[shift.idx()]);
                by_part[part].extend(self.problem().clusters()[cluster].members.iter().copied());
            }
        }
        by_part
    }

    /// Whoever stops a run while it is hot still wants a good plan: a short descent from the best one.
    fn quench(&mut self, n_parts: usize, ladder: Ladder) {
        let cold = Ladder::once(ladder.cold, ladder.cold / 4.0);
        self.working.load(&Working::sequences_of(self.arrays, &self.best.plan));
        self.sequences = self.working.sequences();
        self.current = self.working.unload();
        let moves = QUENCH * (self.arrays.n_visits / n_parts) as u64;
        let turn = Turn { moves: Some(moves), until: None };
        self.epoch(n_parts, u64::MAX >> 16, cold, turn, &|_, done| (done < moves).then_some(done as f64 / moves as f64));
    }

    /// Gives the best plan its best times, part by part while there is time.
    fn polish(&mut self) {
        let plan = self.best.plan.clone();
        let served = plan.served(self.problem());
        let day = Day { problem: self.problem(), plan: &plan, served: &served };
        let watch = self.watch;
        let retime = |shifts: Vec<ShiftId>| {
            if watch.is_over() {
                return None;
            }
            let part = Part::new(day, shifts, &[])?;
            let before = part.plan(&plan);
            timing::retime(&part.problem, &before.sequences(), &before).map(|after| (part, after))
        };
        let cuts = self.map.split(self.problem(), &plan, self.n_parts(), &mut self.rng);
        let retimed: Vec<(Part, Plan)> = self.threads.install(|| cuts.into_par_iter().filter_map(retime).collect());
        let mut polished = plan.clone();
        for (part, after) in &retimed {
            part.put_back(after, &mut polished);
        }
        self.consider(polished);
    }

    fn tell(&mut self, observe: &mut dyn FnMut(&Progress)) {
        self.news.tell(&self.best, &Known::nothing(), self.iterations, self.watch, observe);
    }

    fn outcome(self) -> Outcome {
        self.best.outcome(Known::nothing(), (self.iterations, self.evaluated), self.watch)
    }
}
