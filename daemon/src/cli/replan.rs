//! `kendt replan`.

use std::fmt::Write;
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::{Duration, Instant};

use clap::Args;
use kendt_instances::district;
use kendt_solver::stop::StopToken;
use serde_json::value::RawValue;

use super::fault::Fault;
use super::files::{STANDARD, expect_folder, read_text, write};
use super::solve::seconds;
use super::{Ending, print, print_json, say, signal};
use crate::config::{Config, cores};
use crate::error::Problem;
use crate::jobs::Incumbent;
use crate::wire::{ChangeView, Prepared, ReplanAnswer, ReplanRequest, TimeOfDay};

const EXAMPLES: &str = "Examples:
  kendt replan north.json plan.json events.json --from 06:15 --out next.json
  echo '[{\"type\": \"carer_absent\", \"carer\": \"k02\"}]' | kendt replan north.json plan.json -

EVENTS is a JSON list as in the body of POST /v1/replans: see the reference, daemon/API.md.
Ctrl-C stops and keeps the best plan; a second Ctrl-C gives it up.";

/// Changes a district's published plan as little as the day's events allow, and says what changed and why.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Replan {
    /// The district's file before the events.
    district: String,
    /// The published plan's file.
    plan: String,
    /// The file of the events, in order; `-` reads stdin.
    events: String,
    /// What starts before this time of day 1 stays as it is: `HH:MM`, hours above 23 for later [default: nothing is frozen].
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Longest wall time in seconds [default: 2; a minute with --iterations].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Search iterations of each thread.
    #[arg(long, value_name = "N")]
    iterations: Option<NonZeroU64>,
    /// Search threads [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where to write the next plan; `-` writes it to stdout instead of the changes.
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Prints the answer of POST /v1/replans instead of the changes.
    #[arg(long)]
    json: bool,
    /// Prints nothing but faults.
    #[arg(long)]
    quiet: bool,
}

/// The time taken with a limit of iterations only.
const TIME_WITH_ITERATIONS: Duration = Duration::from_secs(60);

impl Replan {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let began = Instant::now();
        let plan_on_stdout = self.out.as_deref() == Some(STANDARD);
        if plan_on_stdout && self.json {
            return Err(Fault::Usage("--json and --out - would both write to stdout".to_owned()));
        }
        self.out.as_deref().map_or(Ok(()), expect_folder)?;
        let config = Config { max_threads: usize::MAX, ..Config::default() };
        let Prepared { work, told } = self.request()?.prepare(None, &config).map_err(|problem| self.refused(&problem))?;
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let mut first = None;
        let done = work.run(&stop, &mut |_, incumbent| {
            if let (None, Some(incumbent)) = (&first, &incumbent) {
                first = Some((began.elapsed(), incumbent.changes.len()));
            }
        });
        let best: Incumbent = done.map_err(|error| Fault::Usage(error.to_string()))?.incumbent;
        if let Some((after, n)) = first.filter(|_| !self.quiet) {
            say(&format!("first answer after {:.2} seconds: {n} visits change", after.as_secs_f64()));
        }
        let answer = ReplanAnswer::new(&best, &told, began.elapsed().as_secs_f64()).map_err(|problem| self.refused(&problem))?;
        if let Some(path) = &self.out {
            write(path, &district::write_plan(&best.problem, best.judged.plan()))?;
        }
        if self.json {
            print_json(&answer)?;
        } else if !self.quiet && !plan_on_stdout {
            print(&render(&answer, &best, began.elapsed()))?;
        }
        Ok(if best.judged.is_feasible() { Ending::Fine } else { Ending::Violations })
    }

    /// The request as it would come over HTTP.
    fn request(&self) -> Result<ReplanRequest, Fault> {
        let from_stdin = [&self.district, &self.plan, &self.events].into_iter().filter(|path| *path == STANDARD).count();
        if from_stdin > 1 {
            return Err(Fault::Usage("stdin can be one of district, plan and events".to_owned()));
        }
        let raw = |path: &str| {
            let text = read_text(path)?;
            RawValue::from_string(text.trim().to_owned()).map_err(|error| Fault::Usage(format!("{path}: {error}")))
        };
        let events = serde_json::from_str(&read_text(&self.events)?).map_err(|error| Fault::Usage(format!("{}: {error}", self.events)))?;
        let time = self.time.or(self.iterations.is_some().then_some(TIME_WITH_ITERATIONS));
        Ok(ReplanRequest {
            district: Some(raw(&self.district)?),
            plan: Some(raw(&self.plan)?),
            plan_id: None,
            events,
            frozen_until: self.from.clone().map(|time| TimeOfDay { day: 1, time }),
            weights: Default::default(),
            time_seconds: time.map(|time| time.as_secs_f64()),
            iterations: self.iterations.map(NonZeroU64::get),
            threads: Some(self.threads.map_or_else(cores, NonZeroUsize::get)),
            seed: Some(self.seed),
        })
    }

    /// What is wrong with the files, in one line.
    fn refused(&self, problem: &Problem) -> Fault {
        let named = |at: &str| {
            let part = |name: &str, path: &str| at.strip_prefix(name).map(|rest| format!("{path}: {rest}"));
            part("/district", &self.district).or_else(|| part("/plan", &self.plan)).or_else(|| part("/events", &self.events))
        };
        let faults = problem.errors().iter().map(|fault| format!("{}: {}", named(&fault.at).unwrap_or_else(|| fault.at.clone()), fault.what));
        let lines: Vec<String> = faults.collect();
        Fault::Usage(if lines.is_empty() { problem.detail().to_owned() } else { lines.join("; ") })
    }
}

/// The changes, one line each, and what they come to.
fn render(answer: &ReplanAnswer, best: &Incumbent, took: Duration) -> String {
    let mut text = String::new();
    for change in &answer.changes {
        let _ = writeln!(text, "{}", line(change));
    }
    let summary = &answer.summary;
    let _ = writeln!(text, "{} visits change, {} of them to another carer", summary.changed_visits, summary.changed_carers);
    if let Some(fewest) = summary.fewest_changes {
        let known = if fewest.is_minimal {
            ", and that is minimal: no plan that helps as much breaks fewer".to_owned()
        } else {
            format!("; no plan that helps as much breaks fewer than {}", fewest.proved_at_least)
        };
        let _ = writeln!(text, "{} promises are not kept{known}", fewest.found);
    }
    for violation in best.judged.violations() {
        let _ = writeln!(text, "{}: {}", violation.rule, violation.detail);
    }
    if best.judged.is_feasible() {
        text += "the plan keeps every rule\n";
    }
    let _ = writeln!(text, "{:.2} seconds", took.as_secs_f64());
    text
}

fn line(change: &ChangeView) -> String {
    let place = |at: &Option<crate::wire::Appointment>| at.as_ref().map_or_else(|| "nobody".to_owned(), |at| format!("{} {}", at.carer, at.start));
    format!("{}: {} -> {}  {}", change.visit, place(&change.before), place(&change.after), change.reason)
}
