//! A worker that takes one kind of step at a time, for micro-benchmarks. Nothing else uses it, and nothing here is stable.

use super::{Ladder, Worker};
use crate::problem::Problem;
use crate::search::Ingredients;
use crate::search::arrays::{Arrays, Node};
use crate::search::moves::{Context, MOVES, Tried};
use crate::search::neighbours::Neighbours;
use crate::search::working::Sequences;

/// Neighbours per visit.
const NEIGHBOURS: usize = 24;

/// One kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One attempt of the n-th move, at the last temperature.
    Move(usize),
    /// One ruin and recreate, likewise.
    RuinAndRecreate,
    /// A visit without links is taken out, times propagate, and all is undone.
    Propagate,
    /// The worker's plan is loaded from nothing but its sequences.
    Load,
}

impl Step {
    /// The steps that a problem has something for, by name.
    #[must_use]
    pub fn all(problem: &Problem) -> Vec<(&'static str, Step)> {
        let arrays = Arrays::new(problem);
        let supported = MOVES.iter().enumerate().filter(|(_, candidate)| (candidate.supports)(&arrays));
        let moves = supported.map(|(at, candidate)| (candidate.name, Step::Move(at)));
        moves.chain([("ruin_and_recreate", Step::RuinAndRecreate), ("propagate", Step::Propagate), ("load", Step::Load)]).collect()
    }
}

/// A worker with a plan that is already good, so that steps meet what they meet late in a search.
#[derive(Debug)]
pub struct Stepper<'w, 'a> {
    worker: &'w mut Worker<'a>,
    sequences: Sequences,
    limit: f64,
}

/// Gives `job` a worker that has annealed for `warm_up` moves.
pub fn with_stepper<T>(problem: &Problem, seed: u64, warm_up: u64, job: impl FnOnce(&mut Stepper<'_, '_>) -> T) -> T {
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    let mut worker = Worker::new(&arrays, &neighbours, seed, 0, None, false, Ingredients::default());
    let ladder: Ladder = worker.ladder();
    worker.run(ladder, &mut |done| (done < warm_up).then_some(done as f64 / warm_up as f64));
    worker.return_to_best();
    let sequences = worker.best().clone();
    job(&mut Stepper { worker: &mut worker, sequences, limit: ladder.cold })
}

impl Stepper<'_, '_> {
    /// Takes `n` steps of one kind; how many of them had something to do.
    pub fn take(&mut self, step: Step, n: u64) -> u64 {
        (0..n).map(|_| u64::from(self.once(step))).sum()
    }

    fn once(&mut self, step: Step) -> bool {
        let worker = &mut *self.worker;
        let limit = worker.working.cost() + (self.limit * worker.rng.exponential()) as i64;
        match step {
            Step::Move(at) => {
                let mut context = Context { neighbours: worker.neighbours, focus: &worker.focus, rng: &mut worker.rng };
                (MOVES[at].attempt)(&mut worker.working, &mut context, limit) != Tried::Nothing
            }
            Step::RuinAndRecreate => {
                worker.ruin_and_recreate(limit);
                true
            }
            Step::Propagate => self.propagate(),
            Step::Load => {
                worker.working.load(&self.sequences);
                true
            }
        }
    }

    fn propagate(&mut self) -> bool {
        let worker = &mut *self.worker;
        let arrays = worker.working.arrays;
        let visit = worker.rng.below(arrays.n_visits.max(1)) as Node;
        if arrays.n_visits == 0 || !worker.working.is_served(visit) || arrays.visits[visit as usize].linked {
            return false;
        }
        worker.working.begin();
        worker.working.remove(visit);
        worker.working.settle();
        let consistent = worker.working.propagate(i64::MAX);
        worker.working.undo();
        consistent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{line, line_with};
    use crate::problem::{Moment, Term, Weight};

    #[test]
    fn every_step_that_a_problem_supports_can_be_taken() {
        // One carer would be back at 18: 6 there, 6 back and 6 visits.
        let problem = line_with(6, 2, |parts| {
            parts.objective = parts.objective.clone().with(Term::Overtime, Weight::Hard);
            parts.shifts.iter_mut().for_each(|shift| shift.end = Moment(14));
        });
        let steps = Step::all(&problem);
        assert_eq!(
            steps.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["relocate", "swap", "tails", "carers", "ruin_and_recreate", "propagate", "load"]
        );
        with_stepper(&problem, 1, 1000, |stepper| {
            let cost = stepper.worker.working.cost();
            for (name, step) in steps {
                let priced = stepper.take(step, 50);
                assert!((1..=50).contains(&priced), "{name}: {priced}");
            }
            stepper.worker.working.audit();
            assert_eq!(stepper.worker.best_key(), (0, cost), "what was kept was not noted");
        });
    }

    #[test]
    fn a_problem_without_visits_has_nothing_to_do() {
        let problem = line(0, 1);
        with_stepper(&problem, 1, 1000, |stepper| assert_eq!(stepper.take(Step::Propagate, 3), 0));
    }
}
