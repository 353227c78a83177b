//! Solves published instances and writes one CSV row each: cost, gap to the best published cost, bound, proof, speed.
//! Plans go to `--plans`, in each set's own format, for any checker.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use kendt_solver::problem::Term;
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;

#[derive(Parser, Debug)]
#[command(about = "Solves published instances and reports gaps")]
struct Options {
    /// Sets to run.
    #[arg(required = true)]
    sets: Vec<String>,
    /// Folder of the public benchmarks.
    #[arg(long, env = "KENDT_BENCHMARKS")]
    benchmarks: PathBuf,
    /// Only instances whose name or family contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Every n-th instance.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Seconds for each instance.
    #[arg(long, default_value_t = 20.0)]
    time: f64,
    /// Seconds for instances of up to 25 patients.
    #[arg(long)]
    small_time: Option<f64>,
    /// Iterations of each worker instead of seconds.
    #[arg(long)]
    iterations: Option<u64>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Without the set-partitioning MIP.
    #[arg(long)]
    no_recombine: bool,
    /// Without proofs and bounds.
    #[arg(long)]
    no_prove: bool,
    /// Share of the time for lower bounds by column generation.
    #[arg(long, default_value_t = 0.25)]
    bound_share: f64,
    /// Folder for the plans.
    #[arg(long)]
    plans: Option<PathBuf>,
}

/// Process CPU seconds, user and system, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let user: f64 = fields.nth(11)?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}

fn main() -> Result<()> {
    let options = Options::parse();
    println!(
        "set,family,instance,visits,carers,cost,best,gap_percent,annealing,feasible,bound,bound_gap_percent,proof,seconds,cpu_seconds,iterations,terms"
    );
    for set in &options.sets {
        let mut gaps = Vec::new();
        let mut below_annealing = (0, 0);
        let found = kendt_benches::instances(&options.benchmarks, set)?;
        let wanted = found.into_iter().filter(|one| one.name.contains(&options.only) || one.family.contains(&options.only));
        for one in wanted.step_by(options.every) {
            let text = std::fs::read_to_string(&one.path).with_context(|| format!("cannot read {}", one.path.display()))?;
            let instance = kendt_instances::read(&text, None, &one.name).map_err(|faults| anyhow::anyhow!("{}: {faults}", one.name))?;
            let problem = &instance.problem;
            let small = problem.citizens().len() <= 25;
            let seconds = options.small_time.filter(|_| small).unwrap_or(options.time);
            let solving = SolveOptions {
                seed: options.seed,
                threads: options.threads,
                time_limit: options.iterations.is_none().then(|| Duration::from_secs_f64(seconds)),
                iterations: options.iterations,
                recombine: !options.no_recombine,
                prove: !options.no_prove && instance.is_exact(),
                bound_share: options.bound_share,
                ..SolveOptions::default()
            };
            let cpu = cpu_seconds();
            let outcome = solve(problem, None, &solving, &StopToken::default(), &mut |_| ());
            let cpu = cpu_seconds().zip(cpu).map_or(0.0, |(after, before)| after - before);
            let objective = problem.objective();
            let cost = objective.reported(outcome.cost);
            let gap = one.best.map(|best| 100.0 * (cost - best) / best);
            gaps.extend(gap);
            if let Some(annealing) = one.annealing {
                below_annealing.1 += 1;
                below_annealing.0 += usize::from(cost < annealing && outcome.feasible);
            }
            let terms: Vec<String> = Term::ALL
                .iter()
                .filter(|&&term| outcome.breakdown.quantity(term) != 0 && objective.soft(term) != 0)
                .map(|&term| format!("{}={:.2}", term.name(), objective.reported(outcome.breakdown.cost_of(objective, term))))
                .collect();
            let or_blank = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
            println!(
                "{set},{},{},{},{},{cost:.4},{},{},{},{},{},{},{},{:.2},{cpu:.2},{},{}",
                one.family,
                one.name,
                problem.visits().len(),
                problem.carers().len(),
                or_blank(one.best),
                or_blank(gap),
                or_blank(one.annealing),
                outcome.feasible,
                or_blank(outcome.dual_bound.map(|bound| objective.reported(bound))),
                or_blank(outcome.gap().map(|gap| 100.0 * gap)),
                outcome.proof.name(),
                outcome.elapsed.as_secs_f64(),
                outcome.iterations,
                terms.join(" "),
            );
            if let Some(folder) = &options.plans {
                let folder = folder.join(set);
                std::fs::create_dir_all(&folder)?;
                let ending = if set == "solomon" { "sol" } else { "json" };
                std::fs::write(folder.join(format!("{}.{ending}", one.name)), instance.write_plan(&outcome.plan))?;
            }
        }
        let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
        eprintln!(
            "{set}: {} instances, mean gap {mean:.3} %, below the published annealing {} of {}",
            gaps.len(),
            below_annealing.0,
            below_annealing.1
        );
    }
    Ok(())
}
