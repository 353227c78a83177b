//! `kendt frontier`.

use std::fmt::Write;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use kendt_benches::frontier::{FEWEST_POINTS, Frontier as Curve, MOST_POINTS, Point, factors, frontier};
use kendt_benches::plots;
use kendt_solver::problem::{Problem, Term};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::{Meter, StopToken};
use serde::Serialize;

use super::fault::Fault;
use super::files::{read_district, write};
use super::progress::Line;
use super::solve::seconds;
use super::{Ending, print, print_json, signal};
use crate::config::cores;
use crate::judged::Judged;

const EXAMPLES: &str = "Examples:
  kendt frontier north.json --time 900 --out curve
  kendt frontier north.json --points 12 --cpu-time 3600 --json

The district is planned once for each point, with faces, new faces and carers above the cap at 0 times their prices, then from
an eighth to eight times. Each point is the cheapest plan at its prices of all that were found. With --out the folder
gets frontier.csv, frontier.json and frontier.svg. Ctrl-C ends with what there is.";

const DEFAULT_TIME: Duration = Duration::from_secs(300);

/// Shows what fewer faces cost in travel: the curve from least travel to fewest faces.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Frontier {
    /// The district's file; `-` reads stdin.
    district: String,
    /// Points of the curve.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = points)]
    points: usize,
    /// Wall time for all points together in seconds [default: 300].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// CPU time of all threads for all points together in seconds, instead of wall time.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with = "time")]
    cpu_time: Option<Duration>,
    /// Search threads [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for frontier.csv, frontier.json and frontier.svg; made if it is missing.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Prints one line of JSON instead of the table.
    #[arg(long)]
    json: bool,
    /// Shows no progress.
    #[arg(long)]
    quiet: bool,
}

/// A number of points.
fn points(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|number| (FEWEST_POINTS..=MOST_POINTS).contains(number));
    number.ok_or_else(|| format!("must be a whole number from {FEWEST_POINTS} to {MOST_POINTS}"))
}

impl Frontier {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let (district, problem) = read_district(&self.district, "faces to count")?;
        if [Term::Faces, Term::NewFaces].iter().all(|&term| problem.objective().soft(term) == 0) {
            let what = "faces cost nothing in this district: give objective.faces or objective.new_faces a price, or plan several days";
            return Err(Fault::Usage(what.to_owned()));
        }
        if let Some(folder) = &self.out {
            fs::create_dir_all(folder).map_err(|error| Fault::write(&folder.to_string_lossy(), error))?;
        }
        let days = u16::try_from(district.days).unwrap_or(1);
        let curve = self.solve(&problem, days)?;
        let answer = Answer::new(&problem, &curve);
        if let Some(folder) = &self.out {
            keep(folder, "frontier.csv", &csv(&answer))?;
            let json = serde_json::to_string_pretty(&answer).map_err(|error| Fault::write("frontier.json", error.into()))?;
            keep(folder, "frontier.json", &(json + "\n"))?;
            if let Some(svg) = plots::frontier(problem.name(), &curve.points) {
                keep(folder, "frontier.svg", &svg)?;
            }
        }
        if self.json {
            print_json(&answer)?;
        } else {
            print(&table(&answer))?;
        }
        let is_fine = curve.points.iter().all(|point| Judged::new(&point.problem, point.plan.clone()).is_feasible());
        Ok(if is_fine { Ending::Fine } else { Ending::Violations })
    }

    fn solve(&self, problem: &Problem, days: u16) -> Result<Curve, Fault> {
        let options = SolveOptions {
            seed: self.seed,
            threads: self.threads.map_or_else(cores, NonZeroUsize::get),
            time_limit: Some(self.cpu_time.or(self.time).unwrap_or(DEFAULT_TIME)),
            meter: if self.cpu_time.is_some() { Meter::Cpu } else { Meter::Wall },
            ..SolveOptions::default()
        };
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let line = Line::new(self.quiet);
        let curve = frontier(problem, days, &factors(self.points), &options, &stop, &mut |_, progress| line.show(problem.objective(), progress));
        line.finish();
        curve.map_err(|error| Fault::Usage(format!("faces at eight times their price are too dear to reckon with: {error}")))
    }
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<(), Fault> {
    write(&folder.join(name).to_string_lossy(), text)
}

/// The line of JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    district: &'a str,
    /// What no bound counts.
    bound_leaves_out: &'a [&'static str],
    points: Vec<Row>,
}

/// One point. Costs are in minutes of travel at the point's own prices.
#[derive(Debug, Serialize)]
struct Row {
    /// What the prices of faces are multiplied by.
    factor: f64,
    travel_minutes: f64,
    /// Mean different carers of a citizen who is visited.
    carers_mean: Option<f64>,
    /// Mean carers above the structural floor.
    excess_mean: Option<f64>,
    /// Carers besides the first one, of all citizens.
    further_faces: i64,
    new_faces: i64,
    unserved: usize,
    cost: f64,
    dual_bound: Option<f64>,
    gap: Option<f64>,
    feasible: bool,
    cpu_seconds: f64,
}

impl<'a> Answer<'a> {
    fn new(problem: &'a Problem, curve: &'a Curve) -> Self {
        Self { district: problem.name(), bound_leaves_out: &curve.bound_leaves_out, points: curve.points.iter().map(Row::new).collect() }
    }
}

impl Row {
    fn new(point: &Point) -> Self {
        let objective = point.problem.objective();
        Self {
            factor: point.factor,
            travel_minutes: point.travel_minutes(),
            carers_mean: point.carers,
            excess_mean: point.excess,
            further_faces: point.breakdown.quantity(Term::Faces),
            new_faces: point.breakdown.quantity(Term::NewFaces),
            unserved: point.plan.left_out(&point.problem).count(),
            cost: objective.reported(point.cost),
            dual_bound: point.dual_bound.map(|bound| objective.reported(bound)),
            gap: point.gap(),
            feasible: point.feasible,
            cpu_seconds: point.cpu.as_secs_f64(),
        }
    }
}

fn csv(answer: &Answer<'_>) -> String {
    let mut text =
        "factor,travel_minutes,carers_mean,excess_mean,further_faces,new_faces,unserved,cost,dual_bound,gap,feasible,cpu_seconds\n".to_owned();
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.4}"));
    for row in &answer.points {
        let _ = writeln!(
            text,
            "{:.4},{:.2},{},{},{},{},{},{:.2},{},{},{},{:.1}",
            row.factor,
            row.travel_minutes,
            number(row.carers_mean),
            number(row.excess_mean),
            row.further_faces,
            row.new_faces,
            row.unserved,
            row.cost,
            number(row.dual_bound),
            number(row.gap),
            row.feasible,
            row.cpu_seconds
        );
    }
    text
}

fn table(answer: &Answer<'_>) -> String {
    let mut text = format!("{}: faces at so many times their price\n\n", answer.district);
    let _ = writeln!(
        text,
        "{:>7}  {:>10}  {:>6}  {:>6}  {:>5}  {:>8}  {:>10}  {:>10}  {:>6}",
        "times", "travel", "carers", "excess", "new", "left out", "cost", "bound", "gap"
    );
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    for row in &answer.points {
        let gap = row.gap.map_or_else(|| "-".to_owned(), |gap| format!("{:.1} %", 100.0 * gap));
        let _ = writeln!(
            text,
            "{:>7.3}  {:>6.0} min  {:>6}  {:>6}  {:>5}  {:>8}  {:>10.2}  {:>10}  {gap:>6}{}",
            row.factor,
            row.travel_minutes,
            number(row.carers_mean),
            number(row.excess_mean),
            row.new_faces,
            row.unserved,
            row.cost,
            number(row.dual_bound),
            if row.feasible { "" } else { "  breaks rules" }
        );
    }
    if !answer.bound_leaves_out.is_empty() {
        let _ = writeln!(text, "\nthe bounds leave out {}", answer.bound_leaves_out.join(", "));
    }
    text
}
