//! A benchmark of continuity of care: made-up fortnights in four sizes, five seeds each, planned with faces and without. Writes a Markdown table.

use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use kendt_benches::frontier::reweighed;
use kendt_instances::generate::{Options as District, generate};
use kendt_solver::continuity::{Facts, Records};
use kendt_solver::problem::{Problem, Term, Weight};
use kendt_solver::solve::{Outcome, SolveOptions, solve};
use kendt_solver::stop::{Meter, StopToken};

#[derive(Parser, Debug)]
#[command(about = "Plans made-up fortnights with few faces and at least travel")]
struct Options {
    /// Numbers of citizens.
    #[arg(default_values_t = [40, 120, 300, 800])]
    citizens: Vec<usize>,
    /// Seeds of each size.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,5")]
    seeds: Vec<u64>,
    /// Days of each district.
    #[arg(long, default_value_t = 14)]
    days: i64,
    /// CPU seconds for each citizen, all threads together, the bound included.
    #[arg(long, default_value_t = 5.0)]
    each: f64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Plans at least travel as well, in the same time: no price on faces, regular times and preferred carers.
    #[arg(long)]
    least_travel: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    println!(
        "| citizens | seed | carers | visits | plan | required left out | travel, hours | carers of a citizen | floor | excess | COC | known | cost | bound | gap | CPU s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for &citizens in &options.citizens {
        for &seed in &options.seeds {
            let problem = generate(&District { citizens, days: options.days, seed, ..District::default() }).problem()?;
            row(&options, &problem, (citizens, seed), "few faces");
            if options.least_travel {
                row(&options, &least_travel(&problem)?, (citizens, seed), "least travel");
            }
        }
    }
    Ok(())
}

/// The problem without a price on who comes and on regular times.
fn least_travel(problem: &Problem) -> Result<Problem> {
    let mut parts = reweighed(problem, 0.0)?.to_builder();
    for term in [Term::Irregularity, Term::CarerPreference] {
        parts.objective = parts.objective.with(term, Weight::Soft(0));
    }
    Ok(parts.build()?)
}

fn row(options: &Options, problem: &Problem, (citizens, seed): (usize, u64), name: &str) {
    let limit = Duration::from_secs_f64(options.each * citizens as f64);
    let how = SolveOptions { threads: options.threads, time_limit: Some(limit), meter: Meter::Cpu, ..SolveOptions::default() };
    let outcome: Outcome = solve(problem, None, &how, &StopToken::default(), &mut |_| ());
    let measures = Records::new(problem, &outcome.plan, &Facts::unknown(problem, u16::try_from(options.days).unwrap_or(1))).district();
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let hours = outcome.breakdown.quantity(Term::Travel) as f64 / problem.clock().ticks_per_minute as f64 / 60.0;
    println!(
        "| {citizens} | {seed} | {} | {} | {name} | {} | {hours:.1} | {} | {} | {} | {} | {} | {:.0} | {} | {} | {:.0} |",
        problem.carers().len(),
        problem.visits().len(),
        measures.left_out,
        number(measures.distinct.map(|distinct| distinct.mean)),
        number(measures.excess.map(|excess| excess.floor)),
        number(measures.excess.map(|excess| excess.mean)),
        number(measures.averages.map(|averages| averages.unweighted.coc)),
        measures.known_carer_share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", 100.0 * share)),
        problem.objective().reported(outcome.cost),
        number(outcome.dual_bound.map(|bound| problem.objective().reported(bound))),
        outcome.gap().map_or_else(|| "-".to_owned(), |gap| format!("{:.1} %", 100.0 * gap)),
        outcome.cpu.as_secs_f64(),
    );
}
