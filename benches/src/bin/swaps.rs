//! What it is worth that the solver chooses between granted help and what is asked for: made-up districts in which some citizens ask for other
//! help, planned with the choice and without. Every swap that is not given is forced, near the plan and from nothing. Writes a Markdown table.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use kendt_instances::district::SwapVisits;
use kendt_instances::generate::{Options as District, generate};
use kendt_solver::explain::{Forcing, force};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, Term, VisitId};
use kendt_solver::solve::{Outcome, SolveOptions, solve};
use kendt_solver::stop::{Meter, StopToken};

#[derive(Parser, Debug)]
#[command(about = "Plans districts with and without a choice of swaps")]
struct Options {
    #[arg(long, default_value_t = 60)]
    citizens: usize,
    #[arg(long, default_value_t = 1)]
    days: i64,
    /// Per cent of the citizens who ask.
    #[arg(long, default_value_t = 15)]
    asking: u32,
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20")]
    seeds: Vec<u64>,
    /// CPU seconds of each plan.
    #[arg(long, default_value_t = 10.0)]
    each: f64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// What a swap is worth in minutes of travel, instead of the policy's own.
    #[arg(long)]
    benefit: Option<f64>,
    /// Moves of the look near the plan.
    #[arg(long, default_value_t = 120_000)]
    moves: u64,
}

/// One district's figures, and their sum.
#[derive(Default)]
struct Row {
    asked: usize,
    planned: usize,
    given: usize,
    by_chance: usize,
    travel: f64,
    travel_without: f64,
    /// Swaps not given: those that a plan from nothing confirms, and all.
    confirmed: usize,
    refused: usize,
    /// Largest difference between what was said that forcing costs and what a plan from nothing says, in per cent of the plan's cost.
    farthest: f64,
}

fn main() -> Result<()> {
    let options = Options::parse();
    println!("| seed | asked | planned | given | by chance, without the choice | travel, min | without | not given | confirmed | farthest off |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut sum = Row::default();
    for &seed in &options.seeds {
        let row = row(&options, seed)?;
        print(&seed.to_string(), &row);
        sum.asked += row.asked;
        sum.planned += row.planned;
        sum.given += row.given;
        sum.by_chance += row.by_chance;
        sum.travel += row.travel;
        sum.travel_without += row.travel_without;
        sum.confirmed += row.confirmed;
        sum.refused += row.refused;
        sum.farthest = sum.farthest.max(row.farthest);
    }
    print("all", &sum);
    Ok(())
}

fn print(name: &str, row: &Row) {
    let Row { asked, planned, given, by_chance, travel, travel_without, confirmed, refused, farthest } = row;
    println!(
        "| {name} | {asked} | {planned} | {given} | {by_chance} | {travel:.0} | {travel_without:.0} | {refused} | {confirmed} | {farthest:.2} % |"
    );
}

fn row(options: &Options, seed: u64) -> Result<Row> {
    let mut district = generate(&District { citizens: options.citizens, days: options.days, seed, asking: options.asking, ..District::default() });
    if let Some(benefit) = options.benefit {
        district.policy.swaps.benefit = benefit.into();
    }
    let problem = district.problem()?;
    let pairs: Vec<(VisitId, VisitId)> = district.swaps_as_planned().iter().flatten().map(|names| ids(&problem, names)).collect::<Result<_>>()?;
    let planned = plan(options, &problem, None);
    let served = planned.plan.served(&problem);
    let (given, refused): (Vec<_>, Vec<_>) = pairs.iter().partition(|(_, asked)| served[*asked].is_some());
    let without = without_choice(&problem)?;
    let blind = plan(options, &without, None);
    let mut row = Row {
        asked: district.swaps.len(),
        planned: pairs.len(),
        given: given.len(),
        by_chance: pairs.iter().filter(|pair| fits_by_chance(&problem, &blind.plan, **pair)).count(),
        travel: travel(&problem, &planned),
        travel_without: travel(&without, &blind),
        refused: refused.len(),
        ..Row::default()
    };
    for (_, asked) in refused {
        let off = confirm(options, &problem, &planned, asked)?;
        row.confirmed += usize::from(off.is_some_and(|off| off <= CLOSE));
        row.farthest = row.farthest.max(off.unwrap_or(f64::INFINITY) * 100.0);
    }
    Ok(row)
}

/// What is said and what a plan from nothing says may differ by this share of the plan's cost.
const CLOSE: f64 = 0.05;

/// By how much, as a share of the plan's cost, forcing a swap near the plan and from nothing differ; 0 where both say that it cannot be, `None`
/// where only one does.
fn confirm(options: &Options, problem: &Problem, planned: &Outcome, asked: VisitId) -> Result<Option<f64>> {
    let quick = SolveOptions { iterations: Some(options.moves), time_limit: None, prove: false, ..SolveOptions::default() };
    let said = force(problem, &planned.plan, &[asked], Forcing::default(), &quick, &StopToken::default())?;
    let mut parts = problem.to_builder();
    for other in problem.alternatives(asked).filter(|&other| other != asked) {
        parts.visits[other].allowed = Some(Vec::new());
    }
    let forced = parts.build()?;
    let again = plan(options, &forced, None);
    let is_given = again.plan.served(&forced)[asked].is_some();
    let off = (said.cost.0 - again.cost.0).abs() as f64 / planned.cost.0.max(1) as f64;
    Ok(match (said.is_given, is_given) {
        (true, true) => Some(off),
        (false, false) => Some(0.0),
        _ => None,
    })
}

fn ids(problem: &Problem, names: &SwapVisits) -> Result<(VisitId, VisitId)> {
    let find = |label: &str| problem.visits().enumerate().find(|(_, visit)| visit.label == label).map(|(id, _)| id);
    find(&names.granted).zip(find(&names.asked)).context("every planned swap has its two visits")
}

fn plan(options: &Options, problem: &Problem, start: Option<&Plan>) -> Outcome {
    let limit = Duration::from_secs_f64(options.each);
    let how = SolveOptions { threads: options.threads, time_limit: Some(limit), meter: Meter::Cpu, prove: false, ..SolveOptions::default() };
    solve(problem, start, &how, &StopToken::default(), &mut |_| ())
}

/// The problem in which the granted help is given, whatever was asked for.
fn without_choice(problem: &Problem) -> Result<Problem> {
    let mut parts = problem.to_builder();
    for visit in parts.visits.iter_mut() {
        if visit.content.instead_of.is_some() {
            visit.allowed = Some(Vec::new());
        }
        visit.content.cost = 0;
    }
    Ok(parts.build()?)
}

/// Whether whoever gives the granted help could give what is asked for in its place: the carer may, and the start is within its windows.
fn fits_by_chance(problem: &Problem, plan: &Plan, (granted, asked): (VisitId, VisitId)) -> bool {
    let (from, to) = (&problem.visits()[granted], &problem.visits()[asked]);
    plan.served(problem)[granted].is_some_and(|served| {
        problem.able_shifts(asked).contains(&served.shift)
            && to.windows.iter().any(|window| (window.open..=window.close).contains(&served.start))
            && to.duration <= from.duration
    })
}

fn travel(problem: &Problem, outcome: &Outcome) -> f64 {
    outcome.breakdown.quantity(Term::Travel) as f64 / problem.clock().ticks_per_minute as f64
}
