//! Replans a generated district's day after what happens on such days, and writes one row for each story: when the first and the last answer
//! were there, and how many visits changed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use kendt_instances::district::{Applied, District, Event, Number, Period, Published, VisitWindow, carry_over};
use kendt_instances::generate::{Options as Generated, generate};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Moment, Need, Problem, ShiftId, VisitId};
use kendt_solver::replan::{Change, ReplanRequest, Replanning};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::{StopToken, Watch};

#[derive(Parser, Debug)]
#[command(about = "Replans a district's day after absences, cancellations, new visits and delays")]
struct Options {
    /// Citizens of the district.
    #[arg(long, default_value_t = 210)]
    citizens: usize,
    /// Seconds for the plan that is published.
    #[arg(long, default_value_t = 20.0)]
    published: f64,
    /// Moves for the plan that is published, by one thread, instead of seconds: then it is the same every time.
    #[arg(long)]
    published_moves: Option<u64>,
    /// Seconds for each replan.
    #[arg(long, default_value_t = 2.0)]
    time: f64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A published day.
struct Day {
    district: District,
    problem: Problem,
    plan: Plan,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let district = generate(&Generated { citizens: options.citizens, ..Generated::default() });
    let problem = district.problem()?;
    let solving = match options.published_moves {
        Some(moves) => SolveOptions { time_limit: None, iterations: Some(moves), threads: 1, prove: false, ..solving(&options) },
        None => SolveOptions { time_limit: Some(Duration::from_secs_f64(options.published)), ..solving(&options) },
    };
    let plan = solve(&problem, None, &solving, &StopToken::default(), &mut |_| ()).plan;
    println!("{} visits, {} carers, {} left out when published", problem.visits().len(), problem.carers().len(), plan.unserved.len());
    println!(
        "| story | touched | first answer | its changes | last answer | changes | other carer | moved | left out | required left out | rules broken | promises broken | proved at least | cost |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let day = Day { district, problem, plan };
    for (name, events) in day.stories()? {
        println!("| {name} | {} |", day.replanned(&events, &options)?);
    }
    Ok(())
}

fn solving(options: &Options) -> SolveOptions {
    SolveOptions { seed: options.seed, threads: options.threads, time_limit: Some(Duration::from_secs_f64(options.time)), ..SolveOptions::default() }
}

impl Day {
    /// What happens.
    fn stories(&self) -> Result<Vec<(&'static str, Vec<Event>)>> {
        let mut busiest: Vec<(usize, ShiftId)> = self.plan.routes.enumerate().map(|(shift, route)| (route.stops.len(), shift)).collect();
        busiest.sort_unstable();
        busiest.reverse();
        let absent = |rank: usize| {
            let carer = self.problem.carers()[self.problem.shifts()[busiest[rank].1].carer].label.clone();
            Event::CarerAbsent { carer, period: Period::default() }
        };
        let middle = |rank: usize| -> Result<String> {
            let visits: Vec<VisitId> = self.plan.routes[busiest[rank].1].visits().collect();
            let visit = visits.get(visits.len() / 2).context("the busiest carers have visits")?;
            Ok(self.problem.visits()[*visit].label.split('#').next().unwrap_or_default().to_owned())
        };
        let mut urgent = self.district.visits.first().context("a visit")?.clone();
        urgent.id = "urgent".to_owned();
        urgent.windows = vec![VisitWindow { day: None, from: "10:00".to_owned(), to: "10:30".to_owned() }];
        Ok(vec![
            ("three busiest carers absent", vec![absent(0), absent(1), absent(2)]),
            ("busiest carer absent", vec![absent(0)]),
            ("a visit cancelled", vec![Event::VisitCancelled { visit: middle(3)? }]),
            ("an urgent visit added", vec![Event::VisitAdded { visit: Box::new(urgent) }]),
            ("a visit delayed by 30 minutes", vec![Event::VisitDelayed { visit: middle(4)?, minutes: Number(30.0) }]),
        ])
    }

    /// A row without its name.
    fn replanned(&self, events: &[Event], options: &Options) -> Result<String> {
        let began = Instant::now();
        let published = Published { problem: &self.problem, plan: &self.plan };
        let Applied { district, problem, causes, .. } = self.district.apply(events, Some(published))?;
        let weights = district.disruption()?;
        let (problem, published) = carry_over(published, &problem, weights)?;
        let by_id = |(id, label): (VisitId, &str)| Some((id, causes.get(label)?.clone()));
        let causes = problem.visits().enumerate().map(|(id, visit)| (id, visit.label.as_str())).filter_map(by_id).collect();
        let request = ReplanRequest { problem: &problem, published: &published, frozen_until: Moment(0), weights, causes };
        let replanning = Replanning::new(&request)?;
        let solving = solving(options);
        let mut first = None;
        let replan = replanning.run(&solving, &Watch::new(solving.time_limit, StopToken::default()), &mut |progress| {
            if let (None, Some(plan)) = (&first, &progress.improved) {
                first = Some((began.elapsed().as_secs_f64(), replanning.changes(plan).len()));
            }
        });
        let last = began.elapsed().as_secs_f64();
        let (at, n_first) = first.context("a first answer")?;
        let problem = &replan.problem;
        let count = |is: &dyn Fn(&Change) -> bool| replan.changes.iter().filter(|change| is(change)).count();
        let promised = |change: &Change| problem.visits()[change.visit].published;
        let carer = |shift: ShiftId| problem.shifts()[shift].carer;
        let other_carer = count(&|change| promised(change).zip(change.after).is_some_and(|(promise, (shift, _))| carer(shift) != promise.carer));
        let same = |change: &Change| promised(change).zip(change.after).is_some_and(|(promise, (shift, _))| carer(shift) == promise.carer);
        let fewest = replan.fewest_changes;
        let left_out = &replan.outcome.plan.unserved;
        let required = left_out.iter().filter(|&&visit| problem.visits()[visit].need == Need::Required).count();
        Ok(format!(
            "{} | {at:.2} s | {n_first} | {last:.2} s | {} | {other_carer} | {} | {} | {required} | {} | {} | {} | {:.1}",
            request.causes.len(),
            replan.changes.len(),
            count(&same),
            count(&|change| change.after.is_none()),
            if replan.outcome.feasible { "none" } else { "some" },
            fewest.map_or_else(String::new, |fewest| fewest.found.to_string()),
            fewest.map_or_else(String::new, |fewest| fewest.proved_at_least.to_string()),
            problem.objective().reported(replan.outcome.cost),
        ))
    }
}
