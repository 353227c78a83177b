//! Why a visit is left out, and the cheapest way to have it all the same.

use kendt_solver::explain::{Blocks, Forced, Forcing, conflict, force};
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
/// Visits whose conflicts are looked for, each for up to some seconds.
const MOST_CONFLICTS: usize = 3;

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
    /// Required visits that stand in its way, as few as can be: it is proved that not all of them can be given in time together with it. `null` where none was
    /// looked for or found.
    conflict: Option<ConflictView>,
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

/// Visits that cannot all be given together with the one that is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ConflictView {
    /// The visits' ids. Empty where the visit alone is too much.
    visits: Vec<String>,
    /// Carers who could come to any of them, the visit itself included.
    carers: usize,
}

/// Something that would have to be otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Repair {
    /// `another_time`, `delegation` (the carer would need the visit's skills), `another_carer` (one who may not come now), `overtime` (shifts would end
    /// later) or `drop_optional` (another visit that may be left out would be).
    pub(crate) kind: &'static str,
    /// Who would come.
    carer: String,
    /// The day, from 1.
    day: i64,
    /// The start, `HH:MM`.
    start: String,
    /// Visits that would be left out instead.
    dropped: Vec<String>,
    /// What it would cost beside.
    price: Price,
}

/// The visits that a plan leaves out, each with its reason.
pub(super) fn left_out(planned: Planned<'_>, seed: u64, stop: &StopToken) -> Vec<LeftOut> {
    let desk = Desk { planned, seed, stop };
    planned.plan.left_out(planned.problem).enumerate().filter_map(|(nth, visit)| desk.explain(visit, nth)).collect()
}

struct Desk<'a> {
    planned: Planned<'a>,
    seed: u64,
    stop: &'a StopToken,
}

impl Desk<'_> {
    /// The answer for the nth visit that is left out.
    fn explain(&self, id: VisitId, nth: usize) -> Option<LeftOut> {
        let is_looked_at = nth < MOST_LOOKED_AT;
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
        let is_without_room = is_looked_at && forced.is_none() && !blocks.able.is_empty();
        let conflict = (is_without_room && nth < MOST_CONFLICTS).then(|| self.conflict(id)).flatten();
        Some(LeftOut {
            conflict,
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

    /// What stands in the way.
    fn conflict(&self, id: VisitId) -> Option<ConflictView> {
        let Planned { problem, plan } = self.planned;
        let found = conflict(problem, plan, id, self.stop)?;
        let label = |&visit: &VisitId| problem.visits().get(visit).map(|visit| visit.label.clone());
        Some(ConflictView { visits: found.visits.iter().filter_map(label).collect(), carers: found.carers.len() })
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

    /// What would have to be otherwise: the time, the carers' skills, who may come, how long shifts are, or what else is given.
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
        if problem.objective().is_hard(Term::Overtime) {
            attempt("overtime", &|parts| {
                // Overtime is a rule here: as much as it takes, at the price of the road.
                let price = problem.objective().soft(Term::Travel).max(1);
                parts.objective = parts.objective.clone().with(Term::Overtime, Weight::Soft(price));
            });
        }
        attempt("drop_optional", &|parts| {
            let ids: Vec<VisitId> = parts.visits.ids().collect();
            for other in ids {
                if let Some(visit) =
                    parts.visits.iter_mut().nth(other.idx()).filter(|visit| visit.need == Need::Optional && !cluster.contains(&other))
                {
                    visit.unserved_cost = 0;
                }
            }
        });
        repairs.sort_by(|one: &Repair, other: &Repair| one.price.cost.total_cmp(&other.price.cost));
        repairs
    }

    fn repair(&self, kind: &'static str, next: &Problem, forced: &Forced, id: VisitId) -> Option<Repair> {
        let at = (*forced.plan.served(next).get(id)?)?;
        let carer = next.carers().get(next.shifts().get(at.shift)?.carer)?;
        let clock = next.clock();
        let price = self.price(next, forced, id);
        let given = self.planned.plan.served(self.planned.problem);
        let is_dropped = |&one: &VisitId| given.get(one).copied().flatten().is_some();
        let dropped =
            forced.plan.left_out(next).filter(is_dropped).filter_map(|one| next.visits().get(one).map(|visit| visit.label.clone())).collect();
        Some(Repair { dropped, kind, carer: carer.label.clone(), day: day_of(clock, at.start), start: time_of(clock, at.start), price })
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
        // A required visit that is left out instead is no way to have this one.
        let before: Vec<VisitId> = plan.left_out(problem).collect();
        let is_required = |one: VisitId| problem.visits().get(one).is_some_and(|visit| visit.need == Need::Required);
        let is_way = forced.plan.left_out(problem).all(|one| before.contains(&one) || !is_required(one));
        is_way.then_some(forced)
    }
}

impl LeftOut {
    /// In words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let (left, day) = if is_danish { ("ikke planlagt", "dag") } else { ("left out", "day") };
        let mut text = format!("{}: {left}\n  {}\n", self.visit, if is_danish { &self.reason.da } else { &self.reason.en });
        if let Some(ConflictView { visits, carers }) = &self.conflict {
            text += &match (visits.is_empty(), is_danish) {
                (true, true) => "  ingen kan nå frem i tide, selv uden andre besøg\n".to_owned(),
                (true, false) => "  nobody can be there in time, even without other visits\n".to_owned(),
                (false, true) => format!("  de {carers}, der kan komme, kan ikke også nå: {}\n", visits.join(", ")),
                (false, false) => format!("  the {carers} who could come cannot give these as well: {}\n", visits.join(", ")),
            };
        }
        for Repair { kind, carer, day: on, start, dropped, price } in &self.repairs {
            let words = match (*kind, is_danish) {
                ("another_time", true) => "på et andet tidspunkt",
                ("another_time", false) => "at another time",
                ("delegation", true) => "hvis opgaven blev delegeret",
                ("delegation", false) => "if the task were delegated",
                ("overtime", true) => "med overarbejde",
                ("overtime", false) => "with overtime",
                ("drop_optional", true) => "i stedet for noget, der kan vente",
                ("drop_optional", false) => "instead of something that can wait",
                (_, true) => "af en, der ikke må komme nu",
                (_, false) => "by somebody who may not come now",
            };
            let instead = if dropped.is_empty() { String::new() } else { format!(" ({})", dropped.join(", ")) };
            text += &format!("  {words}{instead}: {day} {on} {start}, {carer}: {}\n", price.text(is_danish));
        }
        text
    }
}
