//! How solving grows with the day: one generated district after another, each planned in a process of its own, so that its peak memory is
//! its own. Writes a CSV row each and the growth exponents, fitted by least squares through the logarithms.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use kendt_instances::generate::{Options as District, generate};
use kendt_solver::problem::{Cost, Need, Problem};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;

#[derive(Parser, Debug)]
#[command(about = "Measures how solving grows with the number of visits")]
struct Options {
    /// Numbers of citizens; each has about two visits a day.
    #[arg(default_values_t = [250, 500, 1000, 2500])]
    citizens: Vec<usize>,
    /// Seconds for each day.
    #[arg(long, default_value_t = 60.0)]
    time: f64,
    /// Milliseconds for each visit instead: equal work for each visit, so costs for each visit can be compared.
    #[arg(long)]
    per_visit: Option<f64>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the districts.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    folder: PathBuf,
    /// Plans one district and writes its row.
    #[arg(long, hide = true)]
    district: Option<PathBuf>,
}

const HEADER: &str = "visits,carers,first_seconds,first_required_unserved,first_cost_per_visit,cost_per_visit_at_20s,cost_per_visit,\
required_unserved,optional_unserved,feasible,seconds,cpu_seconds,iterations,read_megabytes,peak_megabytes";

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(path) = &options.district {
        println!("{}", row(&options, path)?);
        return Ok(());
    }
    println!("{HEADER}");
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for &citizens in &options.citizens {
        let path = options.folder.join(format!("kendt-scale-{citizens}.json"));
        let district = generate(&District { citizens, seed: options.seed, ..District::default() });
        std::fs::write(&path, district.to_json()).with_context(|| format!("cannot write {}", path.display()))?;
        let mut alone = Command::new(std::env::current_exe()?);
        alone.arg("--district").arg(&path).args(["--time", &options.time.to_string(), "--threads", &options.threads.to_string()]);
        alone.args(["--seed", &options.seed.to_string()]);
        if let Some(per_visit) = options.per_visit {
            alone.args(["--per-visit", &per_visit.to_string()]);
        }
        let output = alone.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("{citizens} citizens: {}", String::from_utf8_lossy(&output.stderr));
        }
        print!("{text}");
        rows.push(text.trim().split(',').map(|cell| cell.parse().unwrap_or(f64::NAN)).collect());
    }
    for (name, column) in [("time to the first plan", 2), ("peak memory", 14)] {
        let points: Vec<(f64, f64)> = rows.iter().filter_map(|row| Some((*row.first()?, *row.get(column)?))).collect();
        if let Some(exponent) = exponent(&points) {
            println!("# {name} grows with visits to the power of {exponent:.2}");
        }
    }
    Ok(())
}

fn row(options: &Options, path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)?;
    let instance = kendt_instances::read(&text, None, "scale").map_err(|faults| anyhow::anyhow!("{faults}"))?;
    drop(text);
    let read = peak_megabytes();
    let problem = &instance.problem;
    let visits = problem.visits().len();
    let time = options.per_visit.map_or(options.time, |milliseconds| milliseconds * visits as f64 / 1000.0);
    let solving =
        SolveOptions { seed: options.seed, threads: options.threads, time_limit: Some(Duration::from_secs_f64(time)), ..SolveOptions::default() };
    let per_visit = |cost: Cost| problem.objective().reported(cost) / visits.max(1) as f64;
    let mut first = None;
    let mut at_20 = None;
    let outcome = solve(problem, None, &solving, &StopToken::default(), &mut |progress| {
        if let (None, Some(plan)) = (first, &progress.improved) {
            first = Some((progress.elapsed.as_secs_f64(), left_out(problem, &plan.unserved, Need::Required), per_visit(progress.cost)));
        }
        if progress.elapsed <= Duration::from_secs(20) || at_20.is_none() {
            at_20 = Some(per_visit(progress.cost));
        }
    });
    let (first_seconds, first_unserved, first_cost) = first.unwrap_or_default();
    Ok(format!(
        "{visits},{},{first_seconds:.3},{first_unserved},{first_cost:.3},{:.3},{:.3},{},{},{},{:.2},{:.2},{},{read:.1},{:.1}",
        problem.carers().len(),
        at_20.unwrap_or_default(),
        per_visit(outcome.cost),
        left_out(problem, &outcome.plan.unserved, Need::Required),
        left_out(problem, &outcome.plan.unserved, Need::Optional),
        outcome.feasible,
        outcome.elapsed.as_secs_f64(),
        cpu_time::ProcessTime::now().as_duration().as_secs_f64(),
        outcome.iterations,
        peak_megabytes(),
    ))
}

fn left_out(problem: &Problem, unserved: &[kendt_solver::problem::VisitId], need: Need) -> usize {
    unserved.iter().filter(|&&visit| problem.visits()[visit].need == need).count()
}

/// Most memory that this process ever held, where the system tells.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line.and_then(|line| line.split_whitespace().next()).and_then(|cell| cell.parse().ok()).unwrap_or(0.0);
    kilobytes / 1024.0
}

/// The slope of the line through the logarithms of the points.
fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) = (logs.iter().map(|log| log.0).sum::<f64>() / n, logs.iter().map(|log| log.1).sum::<f64>() / n);
    let (both, square) = logs.iter().fold((0.0, 0.0), |(both, square), (x, y)| (both + (x - mean_x) * (y - mean_y), square + (x - mean_x).powi(2)));
    (square > 0.0).then(|| both / square)
}
