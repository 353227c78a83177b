//! Why this carer and this time, and what the next best would cost.

use kendt_instances::district::District;
use kendt_solver::explain::{Blocks, Forcing, force};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Problem, VisitId};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;
use serde::Serialize;
use utoipa::ToSchema;

use super::price::{Planned, Price};
use super::words::Reason;
use crate::wire::{day_of, time_of};

/// Moves of the search for the next best.
const MOVES: u64 = 20_000;

/// Why a visit is planned as it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Why {
    /// The visit's id.
    visit: String,
    /// What the plan gives instead, if it is not this: `visit~swap`.
    instead: Option<String>,
    /// Who comes; `null` where the visit is left out: see `POST /v1/answers`.
    pub(crate) carer: Option<String>,
    /// The day, from 1.
    day: Option<i64>,
    /// The start, `HH:MM`.
    start: Option<String>,
    /// What speaks for this carer and this time.
    pub(crate) because: Vec<Reason>,
    /// Who would come otherwise, when, and what that would cost; `null` where nobody else can.
    pub(crate) next_best: Option<NextBest>,
}

/// The visit by somebody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct NextBest {
    /// Who would come.
    pub(crate) carer: String,
    /// The day, from 1.
    day: i64,
    /// The start, `HH:MM`.
    start: String,
    /// What that would cost.
    price: Price,
}

/// Why the visit of this label is planned as it is; `None` if there is no such visit.
pub(crate) fn why(district: &District, problem: &Problem, plan: &Plan, label: &str, seed: u64, stop: &StopToken) -> Option<Why> {
    let served = plan.served(problem);
    let (asked, _) = problem.visits().enumerate().find(|(_, visit)| visit.label == label)?;
    // What is given instead of the granted help is what there is to explain.
    let is_served = |one: &VisitId| served.get(*one).is_some_and(Option::is_some);
    let id = problem.alternatives(asked).find(is_served).unwrap_or(asked);
    let visit = problem.visits().get(id)?;
    let instead = (id != asked).then(|| visit.label.clone());
    let nothing = Why { visit: label.to_owned(), instead, carer: None, day: None, start: None, because: Vec::new(), next_best: None };
    let Some(at) = served.get(id).copied().flatten() else { return Some(nothing) };
    let carer = problem.shifts().get(at.shift)?.carer;
    let clock = problem.clock();
    let others: Vec<CarerId> = problem.carers().ids().filter(|&other| other != carer).collect();
    let options = SolveOptions { seed, threads: 1, iterations: Some(MOVES), time_limit: None, prove: false, ..SolveOptions::default() };
    let disruption = district.disruption().ok();
    let wanted: Vec<VisitId> = std::iter::once(id).chain(problem.cluster_of(id).members.iter().copied().filter(|&other| other != id)).collect();
    let forced = force(problem, plan, &wanted, Forcing { carers: Some(&others), disruption }, &options, stop).ok().filter(|forced| forced.is_given);
    let next_best = forced.and_then(|forced| {
        let at = (*forced.plan.served(problem).get(id)?)?;
        let carer = problem.carers().get(problem.shifts().get(at.shift)?.carer)?;
        let own = problem.citizens().get(visit.citizen).map_or("", |citizen| &citizen.label);
        let price = Price::between(Planned { problem, plan }, Planned { problem, plan: &forced.plan }, own);
        Some(NextBest { carer: carer.label.clone(), day: day_of(clock, at.start), start: time_of(clock, at.start), price })
    });
    let mut because = of_carer(district, problem, id, carer);
    because.extend(of_time(problem, id, at.start));
    if let Some(next) = &next_best {
        because.push(Reason::next_costs(next.price.cost));
    }
    Some(Why {
        carer: problem.carers().get(carer).map(|carer| carer.label.clone()),
        day: Some(day_of(clock, at.start)),
        start: Some(time_of(clock, at.start)),
        because,
        next_best,
        ..nothing
    })
}

/// What speaks for the carer.
fn of_carer(district: &District, problem: &Problem, id: VisitId, carer: CarerId) -> Vec<Reason> {
    let Some((visit, citizen)) = problem.visits().get(id).and_then(|visit| Some((visit, problem.citizens().get(visit.citizen)?))) else {
        return Vec::new();
    };
    let mut because = Vec::new();
    let listed = district.visits.iter().find(|one| one.id == visit.label);
    if listed.and_then(|one| one.pin.as_ref()).is_some_and(|pin| pin.carer.is_some()) {
        because.push(Reason::pinned());
    }
    if Blocks::of(problem, id).able == [carer] {
        because.push(Reason::only_able());
    }
    if citizen.few.contains(&carer) {
        because.push(Reason::one_of_the_few());
    }
    let met = citizen.history.iter().filter(|met| met.carer == carer).count();
    if met > 0 {
        because.push(Reason::known(met));
    }
    if citizen.team.is_some() && problem.carers().get(carer).is_some_and(|one| one.team == citizen.team) {
        because.push(Reason::own_team());
    }
    because
}

/// What speaks for the time.
fn of_time(problem: &Problem, id: VisitId, start: kendt_solver::problem::Moment) -> Option<Reason> {
    let wish = problem.visits().get(id)?.preference?;
    let off = if start < wish.from {
        wish.from - start
    } else if start > wish.until {
        start - wish.until
    } else {
        kendt_solver::problem::Ticks::ZERO
    };
    Some(Reason::off_preferred(problem.clock().minutes(off)))
}

impl Why {
    /// In words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let day = if is_danish { "dag" } else { "day" };
        let (Some(carer), Some(on), Some(start)) = (&self.carer, self.day, &self.start) else {
            return format!("{}: {}\n", self.visit, if is_danish { "ikke planlagt; se kendt answers" } else { "left out; see kendt answers" });
        };
        let mut text = format!("{}: {day} {on} {start}, {carer}\n", self.visit);
        for reason in &self.because {
            text += &format!("  {}\n", if is_danish { &reason.da } else { &reason.en });
        }
        match &self.next_best {
            Some(NextBest { carer, day: on, start, price }) => {
                let words = if is_danish { "ellers" } else { "otherwise" };
                text += &format!("  {words} {day} {on} {start}, {carer}: {}\n", price.text(is_danish));
            }
            None => text += if is_danish { "  ingen anden kan\n" } else { "  nobody else can\n" },
        }
        text
    }
}
