//! `kendt teams`.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;
use kendt_instances::district::{District, Team};
use kendt_solver::exact::districting::{Division, divide};
use kendt_solver::problem::Problem;
use kendt_solver::stop::{StopToken, Watch};
use rayon::prelude::*;
use serde::Serialize;

use super::fault::Fault;
use super::files::{STANDARD, expect_folder, read_district, write};
use super::solve::seconds;
use super::{Ending, print, print_json, signal, threads};

const EXAMPLES: &str = "Examples:
  kendt teams fortnight.json --teams 3,4,5        what teams of other sizes would mean
  kendt teams fortnight.json --teams 4 --out new.json

Ctrl-C stops and keeps the best division; a second Ctrl-C gives it up.";

/// Proposes teams from nothing: which citizens and carers belong together, by where they are, who knows whom, and who is on duty when with which
/// skills. A person decides about teams.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Teams {
    /// The district's file; `-` reads stdin.
    district: String,
    /// Numbers of teams to try.
    #[arg(long, value_name = "N,...", value_delimiter = ',', required = true)]
    teams: Vec<NonZeroUsize>,
    /// Longest wall time in seconds for each number.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    time: Duration,
    /// Numbers that are tried at the same time [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Where to write the district with the new teams, for a single number; `-` writes it to stdout instead of the table.
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Prints one line of JSON instead of the table.
    #[arg(long)]
    json: bool,
}

impl Teams {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let district_on_stdout = self.out.as_deref() == Some(STANDARD);
        if district_on_stdout && self.json {
            return Err(Fault::Usage("--json and --out - would both write to stdout".to_owned()));
        }
        if self.out.is_some() && self.teams.len() > 1 {
            return Err(Fault::Usage("--out needs a single number of --teams: which of several is right, a person decides".to_owned()));
        }
        self.out.as_deref().map_or(Ok(()), expect_folder)?;
        let (mut district, problem) = read_district(&self.district, "teams")?;
        let divisions = self.divide(&problem)?;
        if let (Some(path), [n_teams], [division]) = (&self.out, &self.teams[..], &divisions[..]) {
            let Some(division) = division else {
                return Err(Fault::Usage(format!("{}: no division into {n_teams} teams was found", self.district)));
            };
            regroup(&mut district, division, n_teams.get());
            write(path, &district.to_json())?;
        }
        let rows: Vec<Row> = self.teams.iter().zip(&divisions).map(|(n, division)| Row::new(n.get(), division.as_ref())).collect();
        if self.json {
            print_json(&rows)?;
        } else if !district_on_stdout {
            print(&table(&problem, &rows))?;
        }
        Ok(Ending::Fine)
    }

    fn divide(&self, problem: &Problem) -> Result<Vec<Option<Division>>, Fault> {
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let pool = threads(self.threads)?;
        let divided = |n: &NonZeroUsize| divide(problem, n.get(), &Watch::new(Some(self.time), stop.clone()));
        Ok(pool.install(|| self.teams.par_iter().map(divided).collect()))
    }
}

/// Writes the teams into the document. Shifts start where they did: who had a base by their old team has it by themselves now.
fn regroup(district: &mut District, division: &Division, n_teams: usize) {
    let name = |team: &Option<usize>| team.map(|team| format!("t{}", team + 1));
    for (carer, team) in district.carers.iter_mut().zip(division.carers.iter()) {
        if carer.base.is_none() {
            let old = district.teams.iter().find(|old| Some(&old.id) == carer.team.as_ref());
            carer.base = old.and_then(|old| old.base.clone());
        }
        carer.team = name(team);
    }
    for (citizen, team) in district.citizens.iter_mut().zip(division.citizens.iter()) {
        citizen.team = name(team);
    }
    district.teams = (0..n_teams).map(|team| Team { id: format!("t{}", team + 1), base: None }).collect();
}

/// What a number of teams means; nothing but the number where no division was found. Minutes are those of the horizon.
#[derive(Debug, Serialize)]
struct Row {
    teams: usize,
    #[serde(flatten)]
    found: Option<Found>,
}

#[derive(Debug, Serialize)]
struct Found {
    /// Fewest and most in a team.
    citizens: (usize, usize),
    carers: (usize, usize),
    /// As the districting model counts rides: 0.3 of the way from a team's centre for each visit, there and back for each shift.
    ride_minutes: f64,
    /// Visits of the four weeks before by carers of the citizen's new team, and all of them.
    met_within: usize,
    met: usize,
    /// Work, by parts of the day and by skills, for which teams have too little duty.
    short_minutes: f64,
    cost: f64,
    /// Nothing where the programme would be too large for a bound.
    dual_bound: Option<f64>,
    gap: Option<f64>,
}

impl Row {
    fn new(teams: usize, division: Option<&Division>) -> Self {
        let found = |division: &Division| {
            let sizes = |of: &mut dyn Iterator<Item = Option<usize>>| {
                let all: Vec<usize> = of.flatten().collect();
                let sizes: Vec<usize> = (0..teams).map(|team| all.iter().filter(|of| **of == team).count()).collect();
                (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0))
            };
            let minutes = |thousandths: i64| thousandths as f64 / 1000.0;
            Found {
                citizens: sizes(&mut division.citizens.iter().copied()),
                carers: sizes(&mut division.carers.iter().copied()),
                ride_minutes: minutes(division.rides),
                met_within: division.met_within,
                met: division.met,
                short_minutes: minutes(division.short),
                cost: minutes(division.cost),
                dual_bound: (division.dual_bound > 0).then(|| minutes(division.dual_bound)),
                gap: (division.dual_bound > 0).then(|| division.gap()),
            }
        };
        Self { teams, found: division.map(found) }
    }
}

/// A line for each number of teams, ended.
fn table(problem: &Problem, rows: &[Row]) -> String {
    let mut text = format!("{}: {} citizens, {} carers\n\n", problem.name(), problem.citizens().len(), problem.carers().len());
    let _ = writeln!(text, "teams  citizens   carers   rides, min  known within  short, min       cost      gap");
    for Row { teams, found } in rows {
        let _ = match found {
            None => writeln!(text, "{teams:>5}  no division found in time"),
            Some(of) => writeln!(
                text,
                "{teams:>5}  {:>8}  {:>7}  {:>11.0}  {:>12}  {:>10.0}  {:>9.1}  {:>8}",
                format!("{}-{}", of.citizens.0, of.citizens.1),
                format!("{}-{}", of.carers.0, of.carers.1),
                of.ride_minutes,
                if of.met == 0 { "-".to_owned() } else { format!("{:.1} %", 100.0 * of.met_within as f64 / of.met as f64) },
                of.short_minutes,
                of.cost,
                of.gap.map_or_else(|| "unknown".to_owned(), |gap| format!("{:.2} %", 100.0 * gap)),
            ),
        };
    }
    text
}
