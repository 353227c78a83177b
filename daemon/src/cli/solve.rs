//! `kendt solve`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use clap::Args;
use kendt_instances::Instance;
use kendt_solver::problem::Cost;
use kendt_solver::solve::{Outcome, SolveOptions, solve};
use kendt_solver::stop::{Meter, StopToken};
use serde::Serialize;

use super::fault::Fault;
use super::files::{STANDARD, expect_folder, write};
use super::progress::Line;
use super::{Ending, Input, print, print_json, say, signal, table};
use crate::config::cores;
use crate::judged::Judged;
use crate::wire::{AboveCap, Terms, ViolationView, lines};

const EXAMPLES: &str = "Examples:
  kendt solve north.json --out plan.json          20 seconds on all cores
  kendt solve R101.txt --time 60 --json           one line of JSON
  kendt solve day.json --cpu-time 10              10 CPU seconds, for a fair race on a shared machine
  kendt solve north.json --iterations 5000 --threads 1 --seed 7
                                                  the same plan every time
  kendt solve north.json --start plan.json --out plan.json
                                                  goes on from an earlier plan

Ctrl-C stops and keeps the best plan; a second Ctrl-C gives it up.";

const DEFAULT_TIME: Duration = Duration::from_secs(20);

/// Plans an instance. The checker judges the plan before anything is printed or written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Solve {
    #[command(flatten)]
    input: Input,
    /// Longest wall time in seconds [default: 20; none with --iterations].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Longest CPU time of all threads together in seconds, instead of wall time.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with = "time")]
    cpu_time: Option<Duration>,
    /// Search iterations of each thread.
    #[arg(long, value_name = "N")]
    iterations: Option<NonZeroU64>,
    /// Search threads [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// A plan to start from; `-` reads stdin.
    #[arg(long, value_name = "PLAN")]
    start: Option<String>,
    /// Does not recombine good routes by integer programming.
    #[arg(long)]
    no_recombine: bool,
    /// Neither tries to prove that the plan is optimal nor how far from optimal it can be.
    #[arg(long)]
    no_prove: bool,
    /// Share of the time that a lower bound by column generation takes on days too large for a proof, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = share)]
    bound_share: f64,
    /// Where to write the plan, in the format's own published shape; `-` writes it to stdout instead of the table.
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Prints one line of JSON instead of the table.
    #[arg(long)]
    json: bool,
    /// Prints nothing but faults and broken rules.
    #[arg(long)]
    quiet: bool,
}

/// A span of time from a number of seconds.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let span = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    span.filter(|span| !span.is_zero()).ok_or_else(|| "must be a number of seconds above 0".to_owned())
}

/// A share from 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

impl Solve {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let plan_on_stdout = self.out.as_deref() == Some(STANDARD);
        if plan_on_stdout && self.json {
            return Err(Fault::Usage("--json and --out - would both write to stdout".to_owned()));
        }
        self.out.as_deref().map_or(Ok(()), expect_folder)?;
        let instance = self.input.read()?;
        let start = self.start.as_deref().map(|path| self.input.read_plan(&instance, path)).transpose()?;
        let options = self.options(&instance);
        let outcome = self.solve(&instance, start.as_ref(), &options);
        let judged = Judged::new(&instance.problem, outcome.plan.clone());
        if let Some(path) = &self.out {
            write(path, &instance.write_plan(judged.plan()))?;
        }
        if self.json {
            print_json(&Answer::new(&instance, &options, &outcome, &judged))?;
        } else if !self.quiet && !plan_on_stdout {
            let above = above_cap(&instance, &judged);
            let above = if above.is_empty() { String::new() } else { format!("caps not kept:\n{}\n", lines(&above)) };
            print(&(table::render(&instance, &judged) + &above + &table::proof(&instance, &outcome)))?;
        } else {
            judged.violations().iter().for_each(|violation| say(&format!("{}: {}", violation.rule, violation.detail)));
        }
        Ok(if judged.is_feasible() { Ending::Fine } else { Ending::Violations })
    }

    fn options(&self, instance: &Instance) -> SolveOptions {
        SolveOptions {
            seed: self.seed,
            threads: self.threads.map_or_else(cores, NonZeroUsize::get),
            time_limit: self.cpu_time.or(self.time).or(self.iterations.is_none().then_some(DEFAULT_TIME)),
            meter: if self.cpu_time.is_some() { Meter::Cpu } else { Meter::Wall },
            iterations: self.iterations.map(NonZeroU64::get),
            recombine: !self.no_recombine,
            prove: !self.no_prove && instance.is_exact(),
            bound_share: self.bound_share,
            ..SolveOptions::default()
        }
    }

    fn solve(&self, instance: &Instance, start: Option<&kendt_solver::plan::Plan>, options: &SolveOptions) -> Outcome {
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let line = Line::new(self.quiet);
        let objective = instance.problem.objective();
        let outcome = solve(&instance.problem, start, options, &stop, &mut |progress| line.show(objective, progress));
        line.finish();
        outcome
    }
}

/// Whose caps the plan does not keep, and why.
fn above_cap(instance: &Instance, judged: &Judged) -> Vec<AboveCap> {
    AboveCap::list(instance.district.as_deref(), &instance.problem, judged.plan())
}

/// The line of JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    instance: &'a str,
    format: &'static str,
    visits: usize,
    carers: usize,
    cost: f64,
    breakdown: Terms,
    dual_bound: Option<f64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    bound_leaves_out: &'a [&'static str],
    gap: Option<f64>,
    proof: &'static str,
    feasible: bool,
    unserved: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    above_cap: Vec<AboveCap>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<ViolationView>,
    seconds: f64,
    cpu_seconds: f64,
    iterations: u64,
    seed: u64,
    threads: usize,
}

impl<'a> Answer<'a> {
    fn new(instance: &'a Instance, options: &SolveOptions, outcome: &'a Outcome, judged: &Judged) -> Self {
        let problem = &instance.problem;
        let reported = |cost: Cost| problem.objective().reported(cost);
        Self {
            instance: problem.name(),
            format: instance.format.name(),
            visits: problem.visits().len(),
            carers: problem.carers().len(),
            cost: reported(judged.cost()),
            breakdown: Terms::new(problem.objective(), judged.breakdown()),
            dual_bound: outcome.dual_bound.map(reported),
            bound_leaves_out: &outcome.bound_leaves_out,
            gap: outcome.gap(),
            proof: outcome.proof.name(),
            feasible: judged.is_feasible(),
            unserved: judged.plan().left_out(problem).count(),
            above_cap: above_cap(instance, judged),
            violations: ViolationView::list(judged.violations()),
            seconds: outcome.elapsed.as_secs_f64(),
            cpu_seconds: outcome.cpu.as_secs_f64(),
            iterations: outcome.iterations,
            seed: options.seed,
            threads: options.threads,
        }
    }
}
