//! How near to its bound the team programme chooses the few carers of made-up fortnights. Writes a Markdown table.

use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use kendt_instances::generate::{Options as District, generate};
use kendt_solver::exact::team::{TeamOptions, assign};
use kendt_solver::stop::{StopToken, Watch};

#[derive(Parser, Debug)]
#[command(about = "Chooses the few carers of made-up districts by the team programme")]
struct Options {
    /// Numbers of citizens.
    #[arg(default_values_t = [40, 120, 300])]
    citizens: Vec<usize>,
    /// Days of each district.
    #[arg(long, default_value_t = 14)]
    days: i64,
    /// Seconds for each.
    #[arg(long, default_value_t = 60.0)]
    time: f64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Most carers of a citizen.
    #[arg(long)]
    cap: Option<usize>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    println!(
        "| citizens | carers | visits | cost in minutes | bound | gap | carers of a citizen, mean | greatest | overfull minutes | rounds | patterns | seconds | CPU s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for &citizens in &options.citizens {
        let problem = generate(&District { citizens, days: options.days, seed: options.seed, ..District::default() }).problem()?;
        let watch = Watch::new(Some(Duration::from_secs_f64(options.time)), StopToken::default());
        let plan = assign(&problem, &TeamOptions { cap: options.cap, prove: true, ..TeamOptions::default() }, &watch, &mut |_| {});
        let counts: Vec<usize> = plan.few.iter().map(Vec::len).filter(|&count| count > 0).collect();
        let minutes = |thousandths: i64| format!("{:.1}", thousandths as f64 / 1000.0);
        println!(
            "| {citizens} | {} | {} | {} | {} | {} | {:.2} | {} | {} | {} | {} | {:.1} | {:.1} |",
            problem.carers().len(),
            problem.visits().len(),
            minutes(plan.cost),
            plan.dual_bound.map_or_else(String::new, minutes),
            plan.gap().map_or_else(String::new, |gap| format!("{:.2} %", 100.0 * gap)),
            counts.iter().sum::<usize>() as f64 / counts.len().max(1) as f64,
            counts.iter().max().copied().unwrap_or(0),
            plan.overfull_minutes,
            plan.rounds,
            plan.n_patterns,
            watch.wall().as_secs_f64(),
            watch.cpu().as_secs_f64(),
        );
    }
    Ok(())
}
