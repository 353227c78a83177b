//! Why a visit is left out, and the cheapest way to have it all the same.

use kendt_solver::explain::{Blocks, Forced, Forcing, force};
use kendt_solver::problem::{CarerId, Cost, Moment, Need, Problem, ProblemBuilder, SkillSet, Term, VisitId, Weight, Window};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;
use serde::Serialize;
use utoipa::ToSchema;

use super::price::{Planned, Price};
use super::words::Reason;
use crate::wire::{day_of, time_of};

/// Moves of one look at a way to have a visit.
const MOVES: u64 = 20_000;
const MINUTES_PER_DAY: i64 = 24 * 60;
/// Visits that are looked at, in the order of their ids; further ones have their reason alone.
const MOST_LOOKED_AT: usize = 40;

/// A visit that is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LeftOut {
    /// The visit's id.
    pub(crate) visit: String,
    /// The citizen's id.
    citizen: String,
    /// Whether it may be left out.
    optional: bool,
    /// Why.
    pub(crate) reason: Reason,
    /// Who stands in which way: numbers of carers.
    blocks: BlocksView,
    /// What it would cost to have it as things are, where that is possible at all.
    price: Option<Price>,
    /// What would have to be otherwise for it to be possible, the cheapest first.
    pub(crate) repairs: Vec<Repair>,
}

/// What stands between a visit and the carers, each in one number.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct BlocksView {
    /// Carers who may not come.
    not_allowed: usize,
    /// Carers who lack a skill.
    unskilled: usize,
    /// Carers who have no shift then.
    off_duty: usize,
    /// Carers who could come if nothing else were to be done.
    able: usize,
}

/// Something that would have to be otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Repair {
    /// `another_time`, `delegation` (the carer would need the visit's skills) or `another_carer` (one who may not come now).
    pub(crate) kind: &'static str,
    /// Who would come.
    carer: String,
    /// The day, from 1.
    day: i64,
    /// The start, `HH:MM`.
    start: String,
    /// What it would cost beside.
    price: Price,
}

/// The visits that a plan leaves out, each with its reason.
pub(super) fn left_out(planned: Planned<'_>, seed: u64, stop: &StopToken) -> Vec<LeftOut> {
    let desk = Desk { planned, seed, stop };
    planned.plan.left_out(planned.problem).enumerate().filter_map(|(nth, visit)| desk.explain(visit, nth < MOST_LOOKED_AT)).collect()
}

struct Desk<'a> {
    planned: Planned<'a>,
    seed: u64,
    stop: &'a StopToken,
}

impl Desk<'_> {
    fn explain(&self, id: VisitId, is_looked_at: bool) -> Option<LeftOut> {
        let problem = self.planned.problem;
        let visit = problem.visits().get(id)?;
        let blocks = Blocks::of(problem, id);
        let forced = is_looked_at.then(|| self.force(problem, id)).flatten();
        let reason = match &forced {
            Some(forced) => self.dearer(id, forced),
            None => Reason::nobody_or_no_room(problem, id),
        };
        let price = forced.as_ref().map(|forced| self.price(problem, forced, id));
        let repairs = if is_looked_at && forced.is_none() { self.repairs(id, &blocks) } else { Vec::new() };
        Some(LeftOut {
            visit: visit.label.clone(),
            citizen: problem.citizens().get(visit.citizen)?.label.clone(),
            optional: visit.need == Need::Optional,
            reason,
            blocks: BlocksView {
                not_allowed: blocks.not_allowed.len(),
                unskilled: blocks.unskilled.len(),
                off_duty: blocks.off_duty.len(),
                able: blocks.able.len(),
            },
            price,
            repairs,
        })
    }

    /// It is possible, and costs more than leaving it out; or less, so that the plan was not searched long enough.
    fn dearer(&self, id: VisitId, forced: &Forced) -> Reason {
        let problem = self.planned.problem;
        let reported = |cost: Cost| problem.objective().reported(cost);
        let left_out = problem.visits().get(id).map_or(0, |visit| visit.unserved_cost);
        let weight = match problem.objective().weight(Term::Unserved) {
            Weight::Soft(weight) => weight,
            Weight::Hard => 1,
        };
        let (worth, more) = (reported(Cost(left_out.saturating_mul(weight))), reported(forced.cost) - self.planned.cost());
        if more < 0.0 { Reason::not_searched(-more) } else { Reason::costs_more(more + worth, worth) }
    }

    /// What would have to be otherwise: the time, the carers' skills, or who may come.
    fn repairs(&self, id: VisitId, blocks: &Blocks) -> Vec<Repair> {
        let problem = self.planned.problem;
        let day = MINUTES_PER_DAY * problem.clock().ticks_per_minute;
        let cluster: Vec<VisitId> = problem.cluster_of(id).members.clone();
        let mut repairs = Vec::new();
        let mut attempt = |kind: &'static str, change: &dyn Fn(&mut ProblemBuilder)| {
            let mut parts = problem.to_builder();
            change(&mut parts);
            let Ok(next) = parts.build() else { return };
            if let Some(forced) = self.force(&next, id) {
                repairs.extend(self.repair(kind, &next, &forced, id));
            }
        };
        let each = |parts: &mut ProblemBuilder, change: &dyn Fn(&mut kendt_solver::problem::Visit)| {
            let is_meant: Vec<bool> = parts.visits.ids().map(|other| cluster.contains(&other)).collect();
            parts.visits.iter_mut().zip(is_meant).filter(|(_, is_meant)| *is_meant).for_each(|(visit, _)| change(visit));
        };
        attempt("another_time", &|parts| {
            each(parts, &|visit| {
                let mut days: Vec<i64> = visit.windows.iter().map(|window| window.open.0.div_euclid(day)).collect();
                days.dedup();
                visit.windows = days.into_iter().map(|at| Window { open: Moment(at * day), close: Moment((at + 1) * day - 1) }).collect();
            });
        });
        if !blocks.unskilled.is_empty() {
            attempt("delegation", &|parts| each(parts, &|visit| visit.skills = SkillSet::EMPTY));
        }
        if !blocks.not_allowed.is_empty() {
            attempt("another_carer", &|parts| each(parts, &|visit| (visit.allowed, visit.excluded) = (None, Vec::new())));
        }
        repairs.sort_by(|one: &Repair, other: &Repair| one.price.cost.total_cmp(&other.price.cost));
        repairs
    }

    fn repair(&self, kind: &'static str, next: &Problem, forced: &Forced, id: VisitId) -> Option<Repair> {
        let at = (*forced.plan.served(next).get(id)?)?;
        let carer = next.carers().get(next.shifts().get(at.shift)?.carer)?;
        let clock = next.clock();
        let price = self.price(next, forced, id);
        Some(Repair { kind, carer: carer.label.clone(), day: day_of(clock, at.start), start: time_of(clock, at.start), price })
    }

    fn price(&self, next: &Problem, forced: &Forced, id: VisitId) -> Price {
        let citizen = next.visits().get(id).and_then(|visit| next.citizens().get(visit.citizen)).map_or("", |one| &one.label);
        Price::between(self.planned, Planned { problem: next, plan: &forced.plan }, citizen)
    }

    /// The plan with the visit and all that it is linked with, where there is one that leaves nothing else out.
    fn force(&self, problem: &Problem, id: VisitId) -> Option<Forced> {
        let plan = self.planned.plan;
        let options =
            SolveOptions { seed: self.seed, threads: 1, iterations: Some(MOVES), time_limit: None, prove: false, ..SolveOptions::default() };
        let wanted = &problem.cluster_of(id).members;
        let carers: Option<&[CarerId]> = None;
        let forced = force(problem, plan, wanted, Forcing { carers, disruption: None }, &options, self.stop).ok().filter(|forced| forced.is_given)?;
        let required = |of: &kendt_solver::plan::Plan| {
            of.left_out(problem).filter(|&one| problem.visits().get(one).is_some_and(|visit| visit.need == Need::Required)).count()
        };
        (required(&forced.plan) <= required(plan)).then_some(forced)
    }
}

impl LeftOut {
    /// In words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let (left, day) = if is_danish { ("ikke planlagt", "dag") } else { ("left out", "day") };
        let mut text = format!("{}: {left}\n  {}\n", self.visit, if is_danish { &self.reason.da } else { &self.reason.en });
        for Repair { kind, carer, day: on, start, price } in &self.repairs {
            let words = match (*kind, is_danish) {
                ("another_time", true) => "på et andet tidspunkt",
                ("another_time", false) => "at another time",
                ("delegation", true) => "hvis opgaven blev delegeret",
                ("delegation", false) => "if the task were delegated",
                (_, true) => "af en, der ikke må komme nu",
                (_, false) => "by somebody who may not come now",
            };
            text += &format!("  {words}: {day} {on} {start}, {carer}: {}\n", price.text(is_danish));
        }
        text
    }
}
