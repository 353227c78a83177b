//! What became of wishes: times, carers and carers' own hours.

use std::collections::BTreeSet;

use kendt_instances::district::{District, Requester, Want, Wish, seconds_of_day};
use kendt_solver::explain::{Blocks, Forced, Forcing, force};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Moment, Problem, Term, Ticks, VisitId, Window};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::MOST_LOOKED_AT;
use super::price::{Planned, Price};
use super::slack::Asked;
use super::words::Reason;
use crate::wire::{day_of, time_of};

/// Minutes by which a visit may be off its usual time and still be at the same time.
const SAME_MINUTES: i64 = 30;
const MINUTES_PER_DAY: i64 = 24 * 60;

/// What became of one wish.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WishAnswer {
    /// The wish's id.
    pub(crate) wish: String,
    /// Who asked: `citizen`, `relative` or `carer`.
    requested_by: &'static str,
    /// What was wished for: `time`, `same_time`, `carer`, `not_carer`, `fewer_carers`, `hours` or `slack`.
    wants: &'static str,
    /// Whether it is fulfilled.
    pub(crate) outcome: WishOutcome,
    /// Visits that it is about; for `fewer_carers` the carers who come, for `slack` the shifts that visit anyone.
    of: usize,
    /// How many of them are as wished for; for `fewer_carers` the most that are wished for.
    met: usize,
    /// The first visit that is not as wished for, for `slack` the first one of such a shift: who comes now, and when. The plan is as near to the wish as its price allows.
    first: Option<Unmet>,
    /// Why it is not.
    pub(crate) reason: Option<Reason>,
    /// What it would cost at that visit, found by forcing it near this plan.
    price: Option<Price>,
}

/// How far a wish is fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WishOutcome {
    /// At every visit that it is about.
    Fulfilled,
    /// At some of them.
    Partly,
    /// At none of them.
    NotFulfilled,
    /// No visit of the plan is about it.
    NothingToDo,
}

impl WishOutcome {
    fn of(all: usize, met: usize) -> Self {
        match (all, met) {
            (0, _) => Self::NothingToDo,
            (all, met) if all == met => Self::Fulfilled,
            (_, 0) => Self::NotFulfilled,
            _ => Self::Partly,
        }
    }
}

/// A visit that is not as wished for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Unmet {
    /// The visit's id.
    visit: String,
    /// Who comes.
    carer: String,
    /// The day, from 1.
    day: i64,
    /// The start, `HH:MM`.
    start: String,
}

/// A visit that a wish is about, and what would fulfil it there.
struct Case {
    visit: VisitId,
    is_met: bool,
    fulfilled_by: Fulfilling,
}

/// What would fulfil a wish at a visit.
enum Fulfilling {
    /// A start in this span.
    Within(Moment, Moment),
    /// One of these carers.
    By(Vec<CarerId>),
}

/// The answers to every wish of a district, for one of its plans.
pub(super) fn answers(district: &District, planned: Planned<'_>, seed: u64, stop: &StopToken) -> Vec<WishAnswer> {
    let desk = Desk { district, planned, seed, stop };
    let mut looks = 0;
    let answer = |wish: &Wish| {
        let answered = desk.answer(wish, looks < MOST_LOOKED_AT);
        looks += usize::from(answered.first.is_some());
        answered
    };
    district.wishes.iter().map(answer).collect()
}

struct Desk<'a> {
    district: &'a District,
    planned: Planned<'a>,
    seed: u64,
    stop: &'a StopToken,
}

impl Desk<'_> {
    /// The answer to a wish; why it is not fulfilled only if that may be looked at.
    fn answer(&self, wish: &Wish, is_looked_at: bool) -> WishAnswer {
        let answer = WishAnswer {
            wish: wish.id.clone(),
            requested_by: requester(wish.requested_by),
            wants: kind(&wish.wants),
            outcome: WishOutcome::NothingToDo,
            of: 0,
            met: 0,
            first: None,
            reason: None,
            price: None,
        };
        if let Want::FewerCarers { citizen, most } = &wish.wants {
            return self.few(answer, citizen, usize::try_from(*most).unwrap_or(usize::MAX));
        }
        if let Want::Slack { carer, free_minutes, buffer_minutes, longest_chain, day } = &wish.wants {
            let pause = self.district.policy.slack.pause_minutes;
            let asked = Asked { carer, free: *free_minutes, buffer: *buffer_minutes, longest_chain: *longest_chain, day: *day, pause };
            return self.slack(answer, asked, is_looked_at);
        }
        let cases = self.cases(&wish.wants);
        let met = cases.iter().filter(|case| case.is_met).count();
        let answer = WishAnswer { outcome: WishOutcome::of(cases.len(), met), of: cases.len(), met, ..answer };
        let Some(case) = cases.into_iter().find(|case| !case.is_met) else { return answer };
        let first = self.unmet(case.visit);
        let (reason, price) = if is_looked_at { self.why_not(&case) } else { (Reason::not_looked_at(), None) };
        WishAnswer { first, reason: Some(reason), price, ..answer }
    }

    /// How many of a carer's shifts have the slack that is wished for.
    fn slack(&self, answer: WishAnswer, asked: Asked<'_>, is_looked_at: bool) -> WishAnswer {
        let shifts = asked.shifts(self.planned);
        let met = shifts.iter().filter(|(_, is_met)| *is_met).count();
        let answer = WishAnswer { outcome: WishOutcome::of(shifts.len(), met), of: shifts.len(), met, ..answer };
        let Some(&(shift, _)) = shifts.iter().find(|(_, is_met)| !is_met) else { return answer };
        let first = self.planned.plan.routes.get(shift).and_then(|route| route.visits().next()).and_then(|visit| self.unmet(visit));
        let (reason, price) =
            if is_looked_at { asked.why_not(self.planned, shift, &self.options(), self.stop) } else { (Reason::not_looked_at(), None) };
        WishAnswer { first, reason: Some(reason), price, ..answer }
    }

    /// How many carers come to a citizen, against the most that are wished for.
    fn few(&self, answer: WishAnswer, citizen: &str, most: usize) -> WishAnswer {
        let Planned { problem, plan } = self.planned;
        let served = plan.served(problem);
        let own = problem.visits().enumerate().filter(|(_, visit)| problem.citizens().get(visit.citizen).is_some_and(|one| one.label == citizen));
        let carers: BTreeSet<CarerId> =
            own.filter_map(|(id, _)| problem.shifts().get(served.get(id).copied().flatten()?.shift)).map(|shift| shift.carer).collect();
        let outcome = match carers.len() {
            0 => WishOutcome::NothingToDo,
            n if n <= most => WishOutcome::Fulfilled,
            _ => WishOutcome::NotFulfilled,
        };
        let reason = (outcome == WishOutcome::NotFulfilled).then(|| Reason::more_carers(carers.len(), most));
        WishAnswer { outcome, of: carers.len(), met: most, reason, ..answer }
    }

    /// The planned visits that a wish is about.
    fn cases(&self, want: &Want) -> Vec<Case> {
        let Planned { problem, plan } = self.planned;
        let (served, tick) = (plan.served(problem), problem.clock().ticks_per_minute);
        let carer_named = |label: &str| problem.carers().enumerate().find(|(_, carer)| carer.label == label).map(|(id, _)| id);
        let mut cases = Vec::new();
        for (id, visit) in problem.visits().enumerate() {
            let Some(at) = served.get(id).copied().flatten() else { continue };
            let Some(carer) = problem.shifts().get(at.shift).map(|shift| shift.carer) else { continue };
            let is_of = |label: &str| problem.citizens().get(visit.citizen).is_some_and(|one| one.label == label);
            let midnight = at.start.0.div_euclid(MINUTES_PER_DAY * tick) * MINUTES_PER_DAY * tick;
            let moment = |text: &str| seconds_of_day(text).map(|seconds| Moment(midnight + seconds * tick / 60));
            // What is given instead of a visit is that visit's; the second half of one by two carers is not counted again.
            let label = problem.visits().get(problem.granted(id)).map_or("", |granted| &granted.label);
            let listed = || self.district.visits.iter().find(|one| one.id == label || label == format!("{}#1", one.id));
            let others = |unwanted: CarerId| problem.carers().ids().filter(|&other| other != unwanted).collect();
            let case = match want {
                Want::Time { citizen, course, visit, from, until } if is_of(citizen) => {
                    let is_meant = listed().is_some_and(|one| {
                        visit.as_ref().is_none_or(|id| *id == one.id) && course.as_ref().is_none_or(|name| one.course.as_ref() == Some(name))
                    });
                    moment(from)
                        .zip(moment(until))
                        .filter(|_| is_meant)
                        .map(|(from, until)| ((from..=until).contains(&at.start), Fulfilling::Within(from, until)))
                }
                Want::SameTime { citizen, course } if is_of(citizen) => {
                    let one = listed().filter(|one| one.course.is_some() && course.as_ref().is_none_or(|name| one.course.as_ref() == Some(name)));
                    let usual = one.and_then(kendt_instances::district::Visit::usual_minutes);
                    usual.map(|usual| {
                        let (from, until) = (Moment(midnight + (usual - SAME_MINUTES) * tick), Moment(midnight + (usual + SAME_MINUTES) * tick));
                        ((from..=until).contains(&at.start), Fulfilling::Within(from, until))
                    })
                }
                Want::Carer { citizen, carer: wanted } if is_of(citizen) => {
                    let could = carer_named(wanted).filter(|&wanted| wanted == carer || Blocks::of(problem, id).able.contains(&wanted));
                    could.map(|wanted| (wanted == carer, Fulfilling::By(vec![wanted])))
                }
                Want::NotCarer { citizen, carer: unwanted } if is_of(citizen) => {
                    carer_named(unwanted).map(|unwanted| (unwanted != carer, Fulfilling::By(others(unwanted))))
                }
                Want::Hours { carer: own, from, until, day } if carer_named(own) == Some(carer) => {
                    let is_day = day.is_none_or(|day| day == day_of(problem.clock(), at.start));
                    let starts = from.as_deref().and_then(moment).is_none_or(|from| at.start >= from);
                    let ends = until.as_deref().and_then(moment).is_none_or(|until| at.start + visit.duration <= until);
                    is_day.then(|| (starts && ends, Fulfilling::By(others(carer))))
                }
                _ => None,
            };
            cases.extend(case.map(|(is_met, fulfilled_by)| Case { visit: id, is_met, fulfilled_by }));
        }
        cases
    }

    fn unmet(&self, visit: VisitId) -> Option<Unmet> {
        let Planned { problem, plan } = self.planned;
        let at = (*plan.served(problem).get(visit)?)?;
        let carer = problem.carers().get(problem.shifts().get(at.shift)?.carer)?;
        let clock = problem.clock();
        let label = problem.visits().get(visit)?.label.clone();
        Some(Unmet { visit: label, carer: carer.label.clone(), day: day_of(clock, at.start), start: time_of(clock, at.start) })
    }

    /// Forces a wish at a visit.
    fn why_not(&self, case: &Case) -> (Reason, Option<Price>) {
        let Planned { problem, plan } = self.planned;
        let forced = match &case.fulfilled_by {
            Fulfilling::Within(from, until) => self.within(case.visit, *from, *until),
            Fulfilling::By(carers) => self.force(problem, plan, case.visit, Some(carers)).map(|forced| (problem.clone(), forced)),
        };
        let Some((next, forced)) = forced.filter(|(_, forced)| forced.is_given) else {
            return (Reason::nobody_or_no_room(problem, case.visit), None);
        };
        let citizen = problem.visits().get(case.visit).and_then(|visit| problem.citizens().get(visit.citizen)).map_or("", |one| &one.label);
        let after = Planned { problem: &next, plan: &forced.plan };
        let price = Price::between(self.planned, after, citizen);
        let worth = (self.planned.cost_of(&WISHED) - after.cost_of(&WISHED)).max(0.0);
        let reason = if price.cost < 0.0 { Reason::not_searched(-price.cost) } else { Reason::costs_more(price.cost + worth, worth) };
        (reason, Some(price))
    }

    /// The problem in which a visit starts in a span, as far as its windows and the span meet, and a plan of it.
    fn within(&self, visit: VisitId, from: Moment, until: Moment) -> Option<(Problem, Forced)> {
        let Planned { problem, plan } = self.planned;
        let mut parts = problem.to_builder();
        let facts = parts.visits.iter_mut().nth(visit.idx())?;
        let both = |window: &Window| Window { open: window.open.max(from), close: window.close.min(until) };
        let within: Vec<Window> = facts.windows.iter().map(both).filter(|window| window.open <= window.close).collect();
        facts.windows = if within.is_empty() { vec![Window { open: from.max(Moment(0)), close: until.max(from).max(Moment(0)) }] } else { within };
        let next = parts.build().ok()?;
        let forced = self.force(&next, plan, visit, None)?;
        let start = (*forced.plan.served(&next).get(visit)?)?.start;
        // Late is not as wished for.
        let is_in_time = start <= until + Ticks(problem.clock().ticks_per_minute);
        Some((next, Forced { is_given: forced.is_given && is_in_time, ..forced }))
    }

    fn force(&self, problem: &Problem, plan: &Plan, visit: VisitId, carers: Option<&[CarerId]>) -> Option<Forced> {
        force(problem, plan, &[visit], Forcing { carers, disruption: None }, &self.options(), self.stop).ok()
    }

    fn options(&self) -> SolveOptions {
        SolveOptions { seed: self.seed, threads: 1, iterations: Some(MOVES), time_limit: None, prove: false, ..SolveOptions::default() }
    }
}

/// Moves of one look at what forcing a wish costs.
const MOVES: u64 = 40_000;
/// Terms that wishes are priced by.
const WISHED: [Term; 4] = [Term::Early, Term::Late, Term::CarerCost, Term::OutsideHours];

/// The name of whoever asked.
pub(super) fn requester(by: Requester) -> &'static str {
    match by {
        Requester::Citizen => "citizen",
        Requester::Relative => "relative",
        Requester::Carer => "carer",
    }
}

/// The name of what is wished for, as in districts.
pub(super) fn kind(want: &Want) -> &'static str {
    match want {
        Want::Time { .. } => "time",
        Want::SameTime { .. } => "same_time",
        Want::Carer { .. } => "carer",
        Want::NotCarer { .. } => "not_carer",
        Want::FewerCarers { .. } => "fewer_carers",
        Want::Hours { .. } => "hours",
        Want::Slack { .. } => "slack",
    }
}

impl WishAnswer {
    /// The answer in words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let outcome = match (self.outcome, is_danish) {
            (WishOutcome::Fulfilled, true) => "opfyldt",
            (WishOutcome::Fulfilled, false) => "fulfilled",
            (WishOutcome::Partly, true) => "delvist opfyldt",
            (WishOutcome::Partly, false) => "partly fulfilled",
            (WishOutcome::NotFulfilled, true) => "ikke opfyldt",
            (WishOutcome::NotFulfilled, false) => "not fulfilled",
            (WishOutcome::NothingToDo, true) => "intet besøg i planen",
            (WishOutcome::NothingToDo, false) => "no visit in the plan",
        };
        let of = if is_danish { "af" } else { "of" };
        let mut text = format!("{} ({}): {outcome}, {} {of} {}\n", self.wish, self.wants, self.met, self.of);
        if let Some(Unmet { visit, carer, day, start }) = &self.first {
            text += &format!("  {visit}: {} {day} {start}, {carer}\n", if is_danish { "dag" } else { "day" });
        }
        if let Some(reason) = &self.reason {
            text += &format!("  {}\n", if is_danish { &reason.da } else { &reason.en });
        }
        if let Some(price) = &self.price {
            text += &format!("  {}\n", price.text(is_danish));
        }
        text
    }
}
