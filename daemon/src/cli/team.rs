//! `kendt team`.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;
use kendt_instances::district::District;
use kendt_solver::continuity::floor;
use kendt_solver::exact::team::{TeamOptions, TeamPlan, assign};
use kendt_solver::problem::{CitizenId, Problem, VisitId};
use kendt_solver::stop::{StopToken, Watch};
use serde::Serialize;

use super::fault::Fault;
use super::files::{STANDARD, expect_folder, read_district, write};
use super::progress::Line;
use super::solve::seconds;
use super::{Ending, print, print_json, signal, threads};
use crate::wire::{AboveCap, lines};

const EXAMPLES: &str = "Examples:
  kendt team fortnight.json --out few.json        60 seconds on all cores
  kendt team fortnight.json --cap 4 --time 300    at most four carers for each citizen, where the roster allows
  kendt team fortnight.json --out - | kendt solve - --out plan.json

Ctrl-C stops and keeps the best choice; a second Ctrl-C gives it up.";

/// Chooses the few carers of every citizen over the days of a district, and says how far from the best possible choice that can be.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Team {
    /// The district's file; `-` reads stdin.
    district: String,
    /// Most carers of a citizen, as far as the roster allows.
    #[arg(long, value_name = "N")]
    cap: Option<NonZeroUsize>,
    /// Longest wall time in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    time: Duration,
    /// Threads [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Where to write the district with its citizens' `few_carers`, the primary first; `-` writes it to stdout instead of the summary.
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Prints one line of JSON instead of the summary.
    #[arg(long)]
    json: bool,
    /// Shows no progress.
    #[arg(long)]
    quiet: bool,
}

impl Team {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let district_on_stdout = self.out.as_deref() == Some(STANDARD);
        if district_on_stdout && self.json {
            return Err(Fault::Usage("--json and --out - would both write to stdout".to_owned()));
        }
        self.out.as_deref().map_or(Ok(()), expect_folder)?;
        let (mut district, problem) = read_district(&self.district, "citizens with a few carers")?;
        let (plan, seconds) = self.assign(&problem)?;
        if let Some(path) = &self.out {
            fill(&mut district, &problem, &plan);
            write(path, &district.to_json())?;
        }
        let answer = Answer::new(&district, &problem, &plan, self.cap, seconds);
        if self.json {
            print_json(&answer)?;
        } else if !district_on_stdout {
            print(&answer.text())?;
        }
        Ok(Ending::Fine)
    }

    fn assign(&self, problem: &Problem) -> Result<(TeamPlan, f64), Fault> {
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let pool = threads(self.threads)?;
        let watch = Watch::new(Some(self.time), stop);
        let options = TeamOptions { cap: self.cap.map(NonZeroUsize::get), prove: true, ..TeamOptions::default() };
        let line = Line::new(self.quiet);
        let plan = pool.install(|| assign(problem, &options, &watch, &mut |progress| line.show_team(progress)));
        line.finish();
        Ok((plan, watch.wall().as_secs_f64()))
    }
}

/// Writes the few into the document. Citizens without required visits keep theirs.
fn fill(district: &mut District, problem: &Problem, plan: &TeamPlan) {
    for (citizen, few) in district.citizens.iter_mut().zip(plan.few.iter()).filter(|(_, few)| !few.is_empty()) {
        citizen.few_carers = few.iter().filter_map(|&carer| Some(problem.carers().get(carer)?.label.clone())).collect();
    }
}

/// The line of JSON. Costs in minutes on the road, as the team programme weighs them.
#[derive(Debug, Serialize)]
struct Answer {
    district: String,
    citizens: usize,
    carers: usize,
    mean_carers: f64,
    most_carers: usize,
    mean_floor: f64,
    cost: f64,
    dual_bound: Option<f64>,
    gap: Option<f64>,
    overfull_minutes: i64,
    cap: Option<NonZeroUsize>,
    above_cap: Vec<AboveCap>,
    seconds: f64,
}

impl Answer {
    fn new(district: &District, problem: &Problem, plan: &TeamPlan, cap: Option<NonZeroUsize>, seconds: f64) -> Self {
        let visited: Vec<(CitizenId, usize)> = plan.few.enumerate().map(|(id, few)| (id, few.len())).filter(|(_, count)| *count > 0).collect();
        let mean = |sum: usize| sum as f64 / visited.len().max(1) as f64;
        let visits_of = |id: CitizenId| -> Vec<VisitId> {
            problem.visits().enumerate().filter(|(_, visit)| visit.citizen == id).map(|(visit, _)| visit).collect()
        };
        let minutes = |thousandths: i64| thousandths as f64 / 1000.0;
        Self {
            district: problem.name().to_owned(),
            citizens: visited.len(),
            carers: problem.carers().len(),
            mean_carers: mean(visited.iter().map(|(_, count)| count).sum()),
            most_carers: visited.iter().map(|(_, count)| *count).max().unwrap_or(0),
            mean_floor: mean(visited.iter().map(|&(id, _)| floor(problem, &visits_of(id)).carers).sum()),
            cost: minutes(plan.cost),
            dual_bound: plan.dual_bound.map(minutes),
            gap: plan.gap(),
            overfull_minutes: plan.overfull_minutes,
            cap,
            above_cap: plan.above_cap.iter().map(|reason| AboveCap::new(Some(district), problem, reason)).collect(),
            seconds,
        }
    }

    /// The summary, lines ended.
    fn text(&self) -> String {
        let mut text = format!("{}: {} citizens visited, {} carers\n\n", self.district, self.citizens, self.carers);
        let _ = writeln!(
            text,
            "carers for each citizen: {:.2} on average, {} at most; the roster alone asks for {:.2}",
            self.mean_carers, self.most_carers, self.mean_floor
        );
        let _ = writeln!(text, "minutes for which shifts are too short: {}", self.overfull_minutes);
        let known = match (self.dual_bound, self.gap) {
            (Some(bound), Some(gap)) => format!("no choice costs less than {bound:.1} (at most {:.2} % above the best possible)", 100.0 * gap),
            _ => "not known how far from the best possible".to_owned(),
        };
        let _ = writeln!(text, "cost {:.1} in minutes on the road; {known}", self.cost);
        if let Some(cap) = self.cap {
            let n = self.above_cap.len();
            let citizens = if n == 1 { "citizen has" } else { "citizens have" };
            let _ = writeln!(text, "{n} {citizens} more than {cap}");
        }
        text += &lines(&self.above_cap);
        let _ = writeln!(text, "{:.1} seconds", self.seconds);
        text
    }
}
