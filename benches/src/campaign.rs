//! How every instance is solved, and the solving of one.

use std::time::Duration;

use kendt_instances::Instance;
use kendt_solver::check::check;
use kendt_solver::plan::Plan;
use kendt_solver::problem::Term;
use kendt_solver::solve::{Ingredients, Progress, SolveOptions, solve};
use kendt_solver::stop::{Meter, StopToken};

use crate::{Published, Row, Trace, memory};

/// Citizens up to which an instance is small.
const SMALL: usize = 25;
/// How close to the last cost a run has to come for its time to count as reached.
const CLOSE: f64 = 0.01;

/// How instances are solved: the same for all, but for the time of small ones.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Time for each run; `None` only with `iterations`.
    pub time: Option<Duration>,
    /// Time for each run of an instance of up to 25 citizens, where it is another.
    pub small_time: Option<Duration>,
    /// What these times count.
    pub meter: Meter,
    /// Search iterations of each worker.
    pub iterations: Option<u64>,
    /// Search threads.
    pub threads: usize,
    /// Whether the route pool is recombined by the set-partitioning MIP.
    pub recombine: bool,
    /// What the search does without.
    pub without: Ingredients,
    /// Whether bounds and proofs are sought.
    pub prove: bool,
    /// Share of the time that bounds by column generation take, from 0 to 1.
    pub bound_share: f64,
}

/// A run's row and plan.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What is known of the run.
    pub row: Row,
    /// The best plan.
    pub plan: Plan,
}

impl Campaign {
    /// The solver's options for one run.
    #[must_use]
    pub fn options(&self, instance: &Instance, seed: u64) -> SolveOptions {
        let is_small = instance.problem.citizens().len() <= SMALL;
        SolveOptions {
            seed,
            threads: self.threads,
            time_limit: self.small_time.filter(|_| is_small && self.time.is_some()).or(self.time),
            meter: self.meter,
            iterations: self.iterations,
            recombine: self.recombine,
            without: self.without,
            prove: self.prove && instance.is_exact(),
            bound_share: self.bound_share,
            ..SolveOptions::default()
        }
    }

    /// Names of what is left out.
    #[must_use]
    pub fn left_out(&self) -> Vec<&'static str> {
        (!self.recombine).then_some("recombination").into_iter().chain(self.without.names()).collect()
    }

    /// Solves an instance once and has the plan judged by the checker. `observe` hears the solver's news.
    #[must_use]
    pub fn measure(&self, published: &Published, instance: &Instance, seed: u64, stop: &StopToken, observe: &mut dyn FnMut(&Progress)) -> Measured {
        let problem = &instance.problem;
        let objective = problem.objective();
        let mut trace = Trace::default();
        memory::forget_peak();
        let outcome = solve(problem, None, &self.options(instance, seed), stop, &mut |progress| {
            trace.note(objective, progress);
            observe(progress);
        });
        let peak_megabytes = memory::peak_megabytes();
        let verdict = check(problem, &outcome.plan);
        let priced = Term::ALL.iter().filter(|&&term| outcome.breakdown.cost_of(objective, term).0 != 0);
        let row = Row {
            set: published.set.clone(),
            family: published.family.clone(),
            instance: published.name.clone(),
            visits: problem.visits().len(),
            carers: problem.carers().len(),
            seed,
            threads: self.threads,
            without: self.left_out(),
            cost: objective.reported(verdict.cost),
            best: published.best,
            annealing: published.annealing,
            bound: outcome.dual_bound.map(|bound| objective.reported(bound)),
            proof: outcome.proof.name(),
            feasible: verdict.violations.is_empty(),
            unserved: outcome.plan.left_out(problem).count(),
            seconds: outcome.elapsed.as_secs_f64(),
            cpu_seconds: outcome.cpu.as_secs_f64(),
            to_one_percent: trace.reached(CLOSE).map(|point| (point.elapsed.as_secs_f64(), point.cpu.as_secs_f64())),
            iterations: outcome.iterations,
            evaluated: outcome.evaluated,
            peak_megabytes,
            terms: priced.map(|&term| (term.name(), objective.reported(outcome.breakdown.cost_of(objective, term)))).collect(),
            trace,
        };
        Measured { row, plan: outcome.plan }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const TEXT: &str = "T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO.\n0 0 0 0 0 99 0\n1 3 4 5 6 70 8\n2 6 8 2 0 80 5\n";

    fn campaign() -> Campaign {
        let time = Some(Duration::from_secs(20));
        Campaign {
            time,
            small_time: None,
            meter: Meter::Cpu,
            iterations: None,
            threads: 1,
            recombine: false,
            without: Ingredients::RUIN,
            prove: true,
            bound_share: 0.1,
        }
    }

    #[test]
    fn small_instances_have_a_time_of_their_own() {
        let instance = kendt_instances::read(TEXT, None, "t").unwrap();
        let five = Some(Duration::from_secs(5));
        let options = Campaign { small_time: five, ..campaign() }.options(&instance, 3);
        assert_eq!((options.time_limit, options.meter, options.seed), (five, Meter::Cpu, 3));
        assert_eq!(campaign().options(&instance, 3).time_limit, Some(Duration::from_secs(20)));
        let counted = Campaign { small_time: five, time: None, iterations: Some(9), ..campaign() };
        assert_eq!(counted.options(&instance, 3).time_limit, None);
    }

    #[test]
    fn a_run_is_judged_and_counted() {
        let instance = kendt_instances::read(TEXT, None, "t").unwrap();
        let path = PathBuf::from("t.txt");
        let published = Published { set: "s".into(), name: "t".into(), family: "f".into(), path, best: Some(20.0), annealing: None };
        let campaign = Campaign { time: None, iterations: Some(500), ..campaign() };
        let Measured { row, plan } = campaign.measure(&published, &instance, 1, &StopToken::default(), &mut |_| {});
        // Out to 10 and back, by the customer at 5.
        assert_eq!((row.cost, row.feasible, row.unserved, row.proof), (20.0, true, 0, "optimal"));
        assert_eq!((row.equals_best(), row.terms.as_slice(), row.bound), (true, &[("travel", 20.0)][..], Some(20.0)));
        assert_eq!((row.visits, row.carers, row.without), (2, 2, vec!["recombination", "ruin"]));
        assert!(row.iterations >= 500 && (1..=row.iterations).contains(&row.evaluated) && row.to_one_percent.is_some());
        assert!(plan.unserved.is_empty());
    }
}
