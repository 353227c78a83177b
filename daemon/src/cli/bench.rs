//! `kendt bench`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use kendt_benches::{COLUMNS, Campaign, Measured, Published, Row, Selection, ablation, find, markdown, plots, read, solutions};
use kendt_solver::problem::Problem;
use kendt_solver::solve::Ingredients;
use kendt_solver::stop::{Meter, StopToken};

use super::fault::Fault;
use super::solve::{seconds, share};
use super::{Ending, print, say, signal};
use crate::config::cores;

const EXAMPLES: &str =
    "Sets: mankowska, kummer, italian, validation, bazirha, bazirha-caie, small, mixed, solomon, homberger, hconvrp, hconvrp-small,
or NAME=FOLDER for a folder of instances of any format.

Examples:
  kendt bench mankowska --time 60 --threads 2 --seeds 1,2,3 --out results
  kendt bench solomon --only RC2 --cpu-time 30 --threads 1
  kendt bench days=../peers/instances --cpu-time 10 --threads 1 --plans plans
  kendt bench mankowska kummer italian --time 600 --solutions benches/solutions
  kendt bench mankowska --without relocate,ruin --no-recombine
  kendt bench mankowska validation --every 5 --time 20 --seeds 1,2,3 --threads 2 --ablation --out ablation

The CSV has a row for each run. With --out it goes to FOLDER/bench.csv, row by row, beside bench.md, gaps.svg and
a cost-SET.svg for the largest instance of each set. Ctrl-C ends with what there is.";

/// Solves every instance of sets, has every plan checked, and compares with the best published costs.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Bench {
    /// Sets to run.
    #[arg(required = true, value_name = "SET")]
    sets: Vec<String>,
    /// Folder of the public benchmarks.
    #[arg(long, value_name = "FOLDER", env = "KENDT_BENCHMARKS")]
    benchmarks: Option<PathBuf>,
    /// Longest wall time of a run in seconds [default: 20; none with --iterations].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Longest CPU time of a run in seconds, all threads together, instead of wall time.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with = "time")]
    cpu_time: Option<Duration>,
    /// The same for instances of up to 25 citizens.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    small_time: Option<Duration>,
    /// Search iterations of each thread.
    #[arg(long, value_name = "N")]
    iterations: Option<NonZeroU64>,
    /// Seeds; each instance is solved once with each.
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1")]
    seeds: Vec<u64>,
    /// Search threads [default: all cores].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Only the family of this name, or instances whose name has this in it.
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// Only every n-th instance.
    #[arg(long, value_name = "N", default_value = "1")]
    every: NonZeroUsize,
    /// Does not recombine good routes by integer programming.
    #[arg(long)]
    no_recombine: bool,
    /// Leaves ingredients of the search out: names of moves, `ruin`, `foresight`, `exchange`.
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',', value_parser = ingredient)]
    without: Vec<Ingredients>,
    /// Solves everything once as it is, once without each ingredient that the instance has a use for, once without recombination, and, where
    /// there are several threads, once with one of them in the same time; the table says what each is worth.
    #[arg(long, conflicts_with = "plans")]
    ablation: bool,
    /// Seeks no bounds and no proofs.
    #[arg(long)]
    no_prove: bool,
    /// Share of the time that bounds by column generation take, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = share)]
    bound_share: f64,
    /// Folder for the CSV, the tables and the plots; without it the CSV goes to stdout.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Folder for every plan, in its set's published format.
    #[arg(long, value_name = "FOLDER")]
    plans: Option<PathBuf>,
    /// Folder for plans that are cheaper than every published one, in their set's published format, once the checker has accepted them.
    #[arg(long, value_name = "FOLDER")]
    solutions: Option<PathBuf>,
}

const DEFAULT_TIME: Duration = Duration::from_secs(20);

impl Bench {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let selection = Selection { only: self.only.clone(), every: self.every.get() };
        let mut all = Vec::new();
        for set in &self.sets {
            all.extend(selection.of(find(self.benchmarks.as_deref(), set)?));
        }
        if all.is_empty() {
            return Err(Fault::Usage(format!("no instance is called {}", self.only)));
        }
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let rows = self.measure(&all, &stop)?;
        let tables = self.tables(&rows);
        match &self.out {
            Some(folder) => {
                self.draw(folder, &if self.ablation { ablation::whole(&rows) } else { rows.clone() }, &tables)?;
                print(&tables)?;
            }
            None => say(&tables),
        }
        Ok(if rows.iter().all(|row| row.feasible) { Ending::Fine } else { Ending::Violations })
    }

    fn campaign(&self) -> Campaign {
        Campaign {
            time: self.cpu_time.or(self.time).or(self.iterations.is_none().then_some(DEFAULT_TIME)),
            small_time: self.small_time,
            meter: if self.cpu_time.is_some() { Meter::Cpu } else { Meter::Wall },
            iterations: self.iterations.map(NonZeroU64::get),
            threads: self.threads.map_or_else(cores, NonZeroUsize::get),
            recombine: !self.no_recombine,
            without: self.without.iter().fold(Ingredients::default(), |all, &one| all.and(one)),
            prove: !self.no_prove,
            bound_share: self.bound_share,
        }
    }

    /// The ways in which an instance is solved.
    fn variants(&self, problem: &Problem) -> Vec<Campaign> {
        let campaign = self.campaign();
        if self.ablation { ablation::variants(&campaign, problem) } else { vec![campaign] }
    }

    /// How many runs there are. An ablation depends on what is in the instances, so all are read.
    fn n_runs(&self, all: &[Published]) -> Result<usize, Fault> {
        if !self.ablation {
            return Ok(all.len() * self.seeds.len());
        }
        let of_seeds = all.iter().map(|published| Ok(self.variants(&read(published)?.problem).len())).sum::<Result<usize, Fault>>()?;
        Ok(of_seeds * self.seeds.len())
    }

    /// Solves everything, row by row: what is done is written, whatever comes after.
    fn measure(&self, all: &[Published], stop: &StopToken) -> Result<Vec<Row>, Fault> {
        let mut csv = Csv::new(self.out.as_deref())?;
        csv.line(&COLUMNS.join(","))?;
        let mut progress = Runs::new(self.n_runs(all)?);
        let mut rows = Vec::new();
        for published in all {
            let instance = read(published)?;
            let variants = self.variants(&instance.problem);
            for (seed, campaign) in self.seeds.iter().flat_map(|&seed| variants.iter().map(move |campaign| (seed, campaign))) {
                let measured = campaign.measure(published, &instance, seed, stop, &mut |_| {});
                csv.line(&measured.row.csv())?;
                if let Some(folder) = &self.plans {
                    solutions::write_plan(folder, &instance, &measured, (self.seeds.len() > 1).then_some(seed))?;
                }
                let kept = match &self.solutions {
                    Some(folder) => solutions::keep_if_new_best(folder, &instance, &measured)?,
                    None => None,
                };
                progress.tell(&measured, kept.as_deref());
                rows.push(measured.row);
                if stop.is_stopped() {
                    return Ok(rows);
                }
            }
        }
        Ok(rows)
    }

    fn tables(&self, rows: &[Row]) -> String {
        let campaign = self.campaign();
        let time = match (campaign.time, campaign.meter) {
            (Some(time), Meter::Wall) => format!("{} s", time.as_secs_f64()),
            (Some(time), Meter::Cpu) => format!("{} CPU s", time.as_secs_f64()),
            (None, _) => "no time limit".to_owned(),
        };
        let small = campaign.small_time.map_or(String::new(), |time| format!(" ({} s up to 25 citizens)", time.as_secs_f64()));
        let iterations = campaign.iterations.map_or(String::new(), |n| format!(", {n} iterations for each thread"));
        let left_out = [&campaign.left_out()[..], if campaign.prove { &[] } else { &["proofs"] }].concat();
        let options = if left_out.is_empty() { String::new() } else { format!(", without {}", left_out.join(", ")) };
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        let head = format!(
            "kendt {}, {time}{small}{iterations}, threads: {}, seeds: {}{options}",
            env!("CARGO_PKG_VERSION"),
            campaign.threads,
            seeds.join(", ")
        );
        format!("{head}\n\n{}", if self.ablation { ablation::table(rows) } else { markdown::tables(rows) })
    }

    fn draw(&self, folder: &Path, rows: &[Row], tables: &str) -> Result<(), Fault> {
        write(&folder.join("bench.md"), tables)?;
        if let Some(svg) = plots::gaps(rows) {
            write(&folder.join("gaps.svg"), &svg)?;
        }
        for set in markdown::in_order(rows.iter().map(|row| row.set.as_str())) {
            let of_set = rows.iter().filter(|row| row.set == set);
            let Some(largest) = of_set.clone().max_by_key(|row| row.visits) else { continue };
            let runs: Vec<&Row> = of_set.filter(|row| row.instance == largest.instance).collect();
            if let Some(svg) = plots::cost_over_time(&runs) {
                write(&folder.join(format!("cost-{set}.svg")), &svg)?;
            }
        }
        Ok(())
    }
}

fn ingredient(name: &str) -> Result<Ingredients, String> {
    Ingredients::named(name).ok_or_else(|| {
        let known: Vec<&str> = Ingredients::each().map(|(known, _)| known).collect();
        format!("there are {}", known.join(", "))
    })
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    fs::write(path, text).map_err(|error| Fault::write(&path.to_string_lossy(), error))
}

/// Where rows go.
enum Csv {
    Stdout,
    File(File, PathBuf),
}

impl Csv {
    fn new(folder: Option<&Path>) -> Result<Self, Fault> {
        let Some(folder) = folder else { return Ok(Self::Stdout) };
        let path = folder.join("bench.csv");
        let file = fs::create_dir_all(folder).and_then(|()| File::create(&path));
        file.map(|file| Self::File(file, path.clone())).map_err(|error| Fault::write(&path.to_string_lossy(), error))
    }

    fn line(&mut self, line: &str) -> Result<(), Fault> {
        match self {
            Self::Stdout => print(&format!("{line}\n")),
            Self::File(file, path) => writeln!(file, "{line}").map_err(|error: io::Error| Fault::write(&path.to_string_lossy(), error)),
        }
    }
}

/// How far a campaign is.
struct Runs {
    began: Instant,
    done: usize,
    of: usize,
}

impl Runs {
    fn new(of: usize) -> Self {
        Self { began: Instant::now(), done: 0, of }
    }

    fn tell(&mut self, measured: &Measured, kept: Option<&Path>) {
        self.done += 1;
        let row = &measured.row;
        let gap = row.gap().map_or_else(String::new, |gap| format!(", {gap:+.2} % to the best published"));
        let bound = row.bound_gap().map_or_else(String::new, |gap| format!(", bound {gap:.2} % below"));
        let broken = if row.feasible { "" } else { ", breaks rules" };
        let kept = kept.map_or_else(String::new, |path| format!(", kept as {}", path.display()));
        // Runs take about as long as those before: mostly their time limit.
        let left = self.began.elapsed().div_f64(self.done as f64).mul_f64((self.of - self.done) as f64);
        say(&format!(
            "{}/{}  {} {} seed {}: {:.2}{gap}{bound}{broken}{kept}; {} left",
            self.done,
            self.of,
            row.set,
            row.instance,
            row.seed,
            row.cost,
            span(left)
        ));
    }
}

/// A span of time for people.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..=99 => format!("{seconds} s"),
        seconds @ ..=5999 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_units_that_people_read() {
        let text = |seconds| span(Duration::from_secs(seconds));
        assert_eq!([text(0), text(99), text(100), text(7320)], ["0 s", "99 s", "2 min", "2 h 02 min"]);
    }
}
