//! Whether each wish is fulfilled by a plan, and why not.

use std::cell::Cell;

use kendt_instances::district::{District, SoundnessState, Swap, SwapVisits};
use kendt_solver::cost::evaluate;
use kendt_solver::explain::{Forced, Forcing, force};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Cost, Moment, Preference, Problem, Term, VisitId, Window};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;
use serde::Serialize;
use utoipa::ToSchema;

use super::price::{Planned, Price};
use super::unserved::{self, LeftOut};
use super::wishes::{self, WishAnswer, requester};
use super::words::Reason;
use crate::judged::Judged;
use crate::wire::{day_of, time_of};

/// Moves of one look at what forcing a wish costs.
const MOVES: u64 = 120_000;
const MINUTES_PER_DAY: i64 = 24 * 60;
/// So many minutes away from when something was asked for weigh as much as one on the road, where something near is looked for.
const AWAY: i64 = 4;

/// What became of the citizens' wishes in a plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Answers {
    /// Whether the plan keeps every rule.
    feasible: bool,
    /// One answer for each swap, in the district's order.
    pub(crate) swaps: Vec<SwapAnswer>,
    /// One answer for each wish, in the district's order.
    pub(crate) wishes: Vec<WishAnswer>,
    /// Every visit that is left out: why, and what would have to be otherwise.
    pub(crate) left_out: Vec<LeftOut>,
    /// Swaps that are given.
    pub(crate) given: usize,
    /// Swaps that the rules let through.
    pub(crate) planned: usize,
    /// Granted and planned minutes of every frame grant in each calendar week.
    pub(crate) frames: Vec<FrameView>,
    /// Citizens who keep swapping, so that the municipality is to assess their need anew.
    pub(crate) reassess: Vec<ReassessView>,
}

/// What became of one swap.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SwapAnswer {
    /// The swap's id.
    pub(crate) swap: String,
    /// The visit's id.
    pub(crate) visit: String,
    /// Who asked: `citizen`, `relative` or `carer`.
    requested_by: &'static str,
    /// `given`: what was asked for is planned. `granted_help`: the granted help is planned. `other_swap`: what another swap asks for. `left_out`: nothing is. `not_planned`: a rule
    /// keeps it from being planned, see `reason`.
    pub(crate) outcome: Outcome,
    /// Who comes, when the visit is planned.
    pub(crate) carer: Option<String>,
    /// The day, from 1.
    pub(crate) day: Option<i64>,
    /// The start, `HH:MM`.
    pub(crate) start: Option<String>,
    /// Why what was asked for is not given.
    pub(crate) reason: Option<Reason>,
    /// What giving it would cost, found by forcing it near this plan.
    pub(crate) price: Option<Price>,
    /// When it could be given at no more than it is worth, if not when it was asked for.
    pub(crate) nearest: Option<Nearest>,
}

/// What is planned at a visit with a swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// What was asked for.
    Given,
    /// The granted help.
    GrantedHelp,
    /// What another swap asks for at the same visit.
    OtherSwap,
    /// Nothing.
    LeftOut,
    /// A rule keeps the swap from being planned.
    NotPlanned,
}

/// When a wish could be fulfilled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Nearest {
    /// Who would come.
    pub(crate) carer: String,
    /// The day, from 1.
    pub(crate) day: i64,
    /// The start, `HH:MM`.
    pub(crate) start: String,
    /// What that would cost.
    pub(crate) price: Price,
}

/// A frame in a calendar week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FrameView {
    /// The grant's id.
    pub(crate) grant: String,
    /// The date of the Monday.
    pub(crate) monday: String,
    /// Granted minutes.
    pub(crate) granted: f64,
    /// Planned minutes, with the swaps that are given.
    pub(crate) planned: f64,
    /// Whether more is planned than was granted: a person is to look at it.
    pub(crate) exceeded: bool,
}

/// A citizen whose need is to be assessed anew.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReassessView {
    /// The citizen's id.
    pub(crate) citizen: String,
    /// The swaps that say so.
    pub(crate) swaps: Vec<String>,
}

/// The answers to every wish of a district, for one of its plans.
pub(crate) fn answers(district: &District, problem: &Problem, judged: &Judged, seed: u64, stop: &StopToken) -> Answers {
    let plan = judged.plan();
    let desk = Desk { problem, plan, cost: judged.cost(), seed, stop, looks: Cell::new(0) };
    let swaps: Vec<SwapAnswer> =
        district.swaps.iter().zip(district.swaps_as_planned()).map(|(swap, planned)| desk.swap(district, swap, planned.as_ref())).collect();
    let is_given = |id: &str| swaps.iter().any(|answer| answer.swap == id && answer.outcome == Outcome::Given);
    let frames = district.frames(is_given).into_iter().map(|frame| FrameView {
        exceeded: frame.is_exceeded(),
        grant: frame.grant.unwrap_or_default(),
        monday: frame.monday,
        granted: frame.granted,
        planned: frame.planned,
    });
    Answers {
        feasible: judged.is_feasible(),
        given: swaps.iter().filter(|answer| answer.outcome == Outcome::Given).count(),
        planned: swaps.iter().filter(|answer| answer.outcome != Outcome::NotPlanned).count(),
        wishes: wishes::answers(district, Planned { problem, plan }, seed, stop),
        left_out: unserved::left_out(Planned { problem, plan }, seed, stop),
        frames: frames.collect(),
        reassess: district.reassessments().into_iter().map(|one| ReassessView { citizen: one.citizen, swaps: one.swaps }).collect(),
        swaps,
    }
}

/// What answers are found with.
struct Desk<'a> {
    problem: &'a Problem,
    plan: &'a Plan,
    cost: Cost,
    seed: u64,
    stop: &'a StopToken,
    /// Swaps that were looked at so far.
    looks: Cell<usize>,
}

/// Most swaps, and most wishes, that are looked at in one answer: each takes a search or two.
pub(super) const MOST_LOOKED_AT: usize = 60;

impl Desk<'_> {
    /// Whether another swap may be looked at.
    fn looks(&self) -> bool {
        self.looks.set(self.looks.get() + 1);
        self.looks.get() <= MOST_LOOKED_AT
    }

    fn swap(&self, district: &District, swap: &Swap, planned: Result<&SwapVisits, &kendt_instances::district::SwapRefusal>) -> SwapAnswer {
        let nothing = SwapAnswer {
            swap: swap.id.clone(),
            visit: swap.visit.clone(),
            requested_by: requester(swap.requested_by),
            outcome: Outcome::NotPlanned,
            carer: None,
            day: None,
            start: None,
            reason: None,
            price: None,
            nearest: None,
        };
        let ids = planned.map(|visits| self.visit(&visits.granted).zip(self.visit(&visits.asked)));
        let (granted, asked) = match ids {
            Ok(Some(ids)) => ids,
            Ok(None) => return nothing,
            Err(refusal) => {
                // The granted help may be planned all the same.
                let granted = self.visit(&swap.visit).or_else(|| self.visit(&format!("{}#1", swap.visit)));
                return SwapAnswer { reason: Some(Reason::of_refusal(refusal)), ..granted.map_or(nothing.clone(), |id| self.at(id, nothing)) };
            }
        };
        let served = self.plan.served(self.problem);
        let is_served = |id: VisitId| served.get(id).is_some_and(Option::is_some);
        if is_served(asked) {
            return SwapAnswer { outcome: Outcome::Given, ..self.at(asked, nothing) };
        }
        if let Some(other) = self.problem.alternatives(granted).find(|&one| one != granted && is_served(one)) {
            let label = self.problem.visits().get(other).map_or("", |visit| &visit.label);
            let reason = Reason::other_swap(label.rsplit('~').next().unwrap_or(label));
            return SwapAnswer { outcome: Outcome::OtherSwap, reason: Some(reason), ..self.at(other, nothing) };
        }
        let outcome = if is_served(granted) { Outcome::GrantedHelp } else { Outcome::LeftOut };
        let answer = SwapAnswer { outcome, ..self.at(granted, nothing) };
        self.why_not(district, swap, asked, answer)
    }

    /// The answer with who comes to a visit, and when.
    fn at(&self, visit: VisitId, answer: SwapAnswer) -> SwapAnswer {
        let Some(&Some(served)) = self.plan.served(self.problem).get(visit) else { return answer };
        let clock = self.problem.clock();
        let carer = self.problem.shifts().get(served.shift).and_then(|shift| self.problem.carers().get(shift.carer));
        SwapAnswer {
            carer: carer.map(|carer| carer.label.clone()),
            day: Some(day_of(clock, served.start)),
            start: Some(time_of(clock, served.start)),
            ..answer
        }
    }

    /// Forces what was asked for: either the day has no place for it, or it costs more than it is worth.
    fn why_not(&self, district: &District, swap: &Swap, asked: VisitId, answer: SwapAnswer) -> SwapAnswer {
        if !self.looks() {
            return SwapAnswer { reason: Some(Reason::not_looked_at()), ..answer };
        }
        let worth = swap.benefit.unwrap_or(district.policy.swaps.benefit).0;
        let forced = force(self.problem, self.plan, &[asked], Forcing::default(), &self.options(), self.stop).ok().filter(|forced| forced.is_given);
        let reported = |cost: Cost| self.problem.objective().reported(cost);
        let reason = match &forced {
            Some(forced) if forced.cost < self.cost => Reason::not_searched(reported(self.cost) - reported(forced.cost)),
            Some(forced) => Reason::costs_more(self.price(self.problem, forced, asked).cost, worth),
            None => Reason::nobody_or_no_room(self.problem, asked),
        };
        let price = forced.as_ref().map(|forced| self.price(self.problem, forced, asked));
        // What nobody has judged is planned only as the granted help is possible too.
        let nearest = if swap.soundness.state == SoundnessState::Sound { self.nearest(asked) } else { None };
        SwapAnswer { reason: Some(reason), price, nearest, ..answer }
    }

    /// When what was asked for could be given on one of its days at no more than it is worth, as near to when it was asked for as that allows.
    fn nearest(&self, asked: VisitId) -> Option<Nearest> {
        let day = MINUTES_PER_DAY * self.problem.clock().ticks_per_minute;
        let visit = self.problem.visits().get(asked)?;
        let (first, last) = (visit.windows.first()?.open, visit.windows.last()?.close);
        let mut days: Vec<i64> = visit.windows.iter().map(|window| window.open.0.div_euclid(day)).collect();
        days.dedup();
        let windows: Vec<Window> = days.into_iter().map(|at| Window { open: Moment(at * day), close: Moment((at + 1) * day - 1) }).collect();
        let away = (self.problem.objective().soft(Term::Travel) / AWAY).max(1);
        let relaxed = |preference| {
            let mut parts = self.problem.to_builder();
            for one in parts.visits.iter_mut().filter(|one| one.label == visit.label) {
                (one.windows, one.preference) = (windows.clone(), preference);
            }
            parts.build().ok()
        };
        let free = relaxed(None)?;
        let near = relaxed(Some(Preference { from: first, until: last, early: away, late: away }))?;
        let forced = force(&near, self.plan, &[asked], Forcing::default(), &self.options(), self.stop).ok().filter(|forced| forced.is_given)?;
        let breakdown = evaluate(&free, &forced.plan);
        let forced = Forced { cost: breakdown.cost(free.objective()), breakdown, ..forced };
        if forced.cost > self.cost {
            return None;
        }
        let served = (*forced.plan.served(&free).get(asked)?)?;
        let carer = free.carers().get(free.shifts().get(served.shift)?.carer)?;
        let clock = free.clock();
        let price = self.price(&free, &forced, asked);
        Some(Nearest { carer: carer.label.clone(), day: day_of(clock, served.start), start: time_of(clock, served.start), price })
    }

    /// The price of a forced plan, without what the wish is worth.
    fn price(&self, problem: &Problem, forced: &Forced, asked: VisitId) -> Price {
        let own = problem.visits().get(asked).and_then(|visit| problem.citizens().get(visit.citizen)).map_or("", |citizen| &citizen.label);
        let before = Planned { problem: self.problem, plan: self.plan };
        let after = Planned { problem, plan: &forced.plan };
        let wished = [kendt_solver::problem::Term::Content];
        let price = Price::between(before, after, own);
        Price { cost: price.cost - (after.cost_of(&wished) - before.cost_of(&wished)), ..price }
    }

    fn visit(&self, label: &str) -> Option<VisitId> {
        self.problem.visits().enumerate().find(|(_, visit)| visit.label == label).map(|(id, _)| id)
    }

    fn options(&self) -> SolveOptions {
        SolveOptions { seed: self.seed, threads: 1, iterations: Some(MOVES), time_limit: None, prove: false, ..SolveOptions::default() }
    }
}

impl SwapAnswer {
    /// The answer in words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let outcome = match (self.outcome, is_danish) {
            (Outcome::Given, true) => "planlagt som ønsket",
            (Outcome::Given, false) => "given as asked for",
            (Outcome::GrantedHelp, true) => "den bevilgede hjælp gives",
            (Outcome::GrantedHelp, false) => "the granted help is given",
            (Outcome::OtherSwap, true) => "et andet ønske er planlagt",
            (Outcome::OtherSwap, false) => "something else that was asked for is given",
            (Outcome::LeftOut, true) => "besøget er ikke planlagt",
            (Outcome::LeftOut, false) => "the visit is left out",
            (Outcome::NotPlanned, true) if self.carer.is_some() => "kan ikke planlægges, den bevilgede hjælp gives",
            (Outcome::NotPlanned, false) if self.carer.is_some() => "cannot be planned, the granted help is given",
            (Outcome::NotPlanned, true) => "kan ikke planlægges",
            (Outcome::NotPlanned, false) => "cannot be planned",
        };
        let day = if is_danish { "dag" } else { "day" };
        let when = match (&self.carer, self.day, &self.start) {
            (Some(carer), Some(on), Some(start)) => format!(", {day} {on} {start}, {carer}"),
            _ => String::new(),
        };
        let mut text = format!("{} ({}): {outcome}{when}\n", self.swap, self.visit);
        if let Some(reason) = &self.reason {
            text += &format!("  {}\n", if is_danish { &reason.da } else { &reason.en });
        }
        if let Some(price) = &self.price {
            text += &format!("  {}\n", price.text(is_danish));
        }
        if let Some(nearest) = &self.nearest {
            let Nearest { carer, day: on, start, price } = nearest;
            let words = if is_danish { "det kunne lade sig gøre" } else { "it would work on" };
            text += &format!("  {words} {day} {on} {start}, {carer}: {}\n", price.text(is_danish));
        }
        text
    }
}
