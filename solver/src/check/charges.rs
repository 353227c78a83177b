//! What a plan owes: every term's quantity, found again from the words of [`Term`], with the visit or shift that owes it.

use std::fmt;

use super::across;
use super::service::{must_be_served, times_given, times_served};
use super::slack;
use super::walk::{Leg, routes, services, ticks, walk};
use crate::plan::{Plan, Route, Stop};
use crate::problem::{CarerId, Departure, Problem, Shift, ShiftId, Term, Visit};

/// Who owes a charge.
pub(super) enum Debtor<'a> {
    Visit(&'a str),
    Shift(&'a str),
    Citizen(&'a str),
}

impl fmt::Display for Debtor<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Debtor::Visit(label) => write!(out, "visit {label}"),
            Debtor::Shift(label) => write!(out, "shift {label}"),
            Debtor::Citizen(label) => write!(out, "citizen {label}"),
        }
    }
}

/// Part of one term's quantity.
pub(super) struct Charge<'a> {
    pub(super) term: Term,
    pub(super) quantity: i128,
    pub(super) at: Debtor<'a>,
}

/// All charges of a plan. A term's quantity is the sum of its charges; those that are maxima have one charge.
pub(super) fn of_plan<'a>(problem: &'a Problem, plan: &'a Plan) -> Vec<Charge<'a>> {
    let mut charges = Vec::new();
    for (shift, _, visit, stop) in services(problem, plan) {
        let carer = problem.shifts()[shift].carer;
        let owed = of_service(problem, visit, stop, carer);
        charges.extend(owed.into_iter().map(|(term, quantity)| Charge { term, quantity, at: Debtor::Visit(&visit.label) }));
    }
    let days: Vec<(&Shift, Day)> =
        routes(problem, plan).map(|(id, route)| (&problem.shifts()[id], route.map_or_else(Day::default, |route| day(problem, id, route)))).collect();
    for (shift, day) in &days {
        charges.extend(slack::of_shift(&day.slack).into_iter().map(|(term, quantity)| Charge { term, quantity, at: Debtor::Shift(&shift.label) }));
        charges.extend(of_day(shift, day).into_iter().map(|(term, quantity)| Charge { term, quantity, at: Debtor::Shift(&shift.label) }));
    }
    greatest_lateness(&mut charges);
    greatest_idle(&days, &mut charges);
    balance(&days, &mut charges);
    unserved(problem, plan, &mut charges);
    across::judge(problem, plan, &mut charges);
    charges
}

/// What one service owes by itself.
fn of_service(problem: &Problem, visit: &Visit, stop: &Stop, carer: CarerId) -> [(Term, i128); 9] {
    let start = ticks(stop.start);
    let (early, late) = visit.preference.map_or((0, 0), |wish| {
        (
            (ticks(wish.from) - start).max(0).saturating_mul(i128::from(wish.early)),
            (start - ticks(wish.until)).max(0).saturating_mul(i128::from(wish.late)),
        )
    });
    let count = i128::from;
    [
        (Term::Lateness, lateness(visit, start)),
        (Term::Early, early),
        (Term::Late, late),
        (Term::CarerPreference, count(!visit.preferred.is_empty() && !visit.preferred.contains(&carer))),
        (Term::Exclusion, count(visit.excluded.contains(&carer))),
        (Term::Qualification, count(visit.skills.iter().any(|skill| problem.carers()[carer].skills.iter().all(|own| own != skill)))),
        (Term::Disruption, disruption(visit, start, carer)),
        (Term::CarerCost, visit.carer_costs.iter().filter(|(who, _)| *who == carer).map(|&(_, cost)| i128::from(cost)).sum()),
        (Term::Content, i128::from(visit.content.cost)),
    ]
}

/// Ticks after the close of the latest window that has opened; a start before all windows is early, not late.
fn lateness(visit: &Visit, start: i128) -> i128 {
    let opened = visit.windows.iter().filter(|window| ticks(window.open) <= start).max_by_key(|window| window.open);
    opened.map_or(0, |window| (start - ticks(window.close)).max(0))
}

fn disruption(visit: &Visit, start: i128, carer: CarerId) -> i128 {
    let Some(promise) = visit.published else { return 0 };
    let moved = ((start - ticks(promise.start)).abs() - i128::from(promise.tolerance.0)).max(0);
    let changed = if carer == promise.carer { 0 } else { i128::from(promise.carer_changed) };
    let told = if moved > 0 { i128::from(promise.time_moved) } else { 0 };
    moved.saturating_mul(i128::from(promise.per_tick)).saturating_add(changed + told)
}

/// One shift in numbers. The default is a shift that is not used.
#[derive(Default)]
struct Day {
    travel: i128,
    /// What the travel costs, by the price of the carer's mode.
    fare: i128,
    /// Whether any visit is given.
    visits: bool,
    service: i128,
    load: i128,
    /// Waiting that is priced.
    waiting: i128,
    has_break: bool,
    /// Departure and return, if used.
    away: Option<(i128, i128)>,
    /// All time between arriving and starting, priced or not.
    gaps: i128,
    /// What the carer has besides.
    slack: slack::Tally,
}

fn day(problem: &Problem, id: ShiftId, route: &Route) -> Day {
    let Some(path) = walk(problem, id, route) else { return Day::default() };
    let mut day = Day { travel: path.ride_home, away: Some((ticks(route.departure), ticks(route.back))), ..Day::default() };
    for (position, leg) in path.legs.iter().enumerate() {
        let gap = (ticks(leg.stop.start) - ticks(leg.stop.arrival)).max(0);
        day.travel += leg.ride;
        day.gaps += gap;
        day.waiting += if waits_at(problem, position, &path.legs) { gap } else { 0 };
        match leg.visit {
            Some((_, visit)) => {
                day.visits = true;
                day.service += i128::from(visit.duration.0);
                day.load += i128::from(visit.load);
            }
            None => day.has_break = true,
        }
    }
    day.slack = slack::tally(&problem.shifts()[id], &path, day.travel + day.service);
    day.fare = day.travel.saturating_mul(i128::from(problem.travel().price(problem.carers()[problem.shifts()[id].carer].mode)));
    day
}

/// Whether the time before the stop at `position` is waiting.
fn waits_at(problem: &Problem, position: usize, legs: &[Leg<'_>]) -> bool {
    match position {
        0 => problem.objective().departure == Departure::AtShiftStart,
        1 => legs[0].visit.is_some(),
        _ => true,
    }
}

/// What one shift owes by itself.
fn of_day(shift: &Shift, day: &Day) -> [(Term, i128); 7] {
    let overtime = day.away.map_or(0, |(_, back)| (back - ticks(shift.end)).max(0));
    let overload = shift.capacity.map_or(0, |capacity| (day.load - i128::from(capacity)).max(0));
    [
        (Term::Travel, day.fare),
        (Term::ShiftUse, if day.visits { i128::from(shift.use_cost) } else { 0 }),
        (Term::Waiting, day.waiting),
        (Term::Overtime, overtime),
        (Term::MissedBreak, i128::from(shift.pause.is_some() && !day.has_break)),
        (Term::WorkingTime, day.travel + day.service),
        (Term::Overload, overload),
    ]
}

fn greatest_lateness(charges: &mut Vec<Charge<'_>>) {
    let latest = charges.iter().filter(|charge| charge.term == Term::Lateness).max_by_key(|charge| charge.quantity);
    if let Some(&Charge { quantity, at: Debtor::Visit(label), .. }) = latest {
        charges.push(Charge { term: Term::GreatestLateness, quantity, at: Debtor::Visit(label) });
    }
}

fn greatest_idle<'a>(days: &[(&'a Shift, Day)], charges: &mut Vec<Charge<'a>>) {
    let idle = |shift: &Shift, day: &Day| {
        let (start, end) = (ticks(shift.start), ticks(shift.end));
        day.away.map_or(end - start, |(departure, back)| (departure - start).max(0) + day.gaps + (end - back).max(0))
    };
    if let Some((quantity, shift)) = days.iter().map(|(shift, day)| (idle(shift, day), shift)).max_by_key(|(quantity, _)| *quantity) {
        charges.push(Charge { term: Term::GreatestIdle, quantity, at: Debtor::Shift(&shift.label) });
    }
}

/// Each shift's distance from the mean, rounded up by itself.
fn balance<'a>(days: &[(&'a Shift, Day)], charges: &mut Vec<Charge<'a>>) {
    let shifts = i128::try_from(days.len()).unwrap_or(i128::MAX);
    let total: i128 = days.iter().map(|(_, day)| day.travel + day.service).sum();
    for (shift, day) in days {
        let apart = ((day.travel + day.service) * shifts - total).abs();
        let quantity = apart / shifts + i128::from(apart % shifts != 0);
        charges.push(Charge { term: Term::Balance, quantity, at: Debtor::Shift(&shift.label) });
    }
}

fn unserved<'a>(problem: &'a Problem, plan: &Plan, charges: &mut Vec<Charge<'a>>) {
    let times = times_given(problem, &times_served(problem, plan));
    for (_, visit) in problem.visits().enumerate().filter(|(id, _)| times[id.idx()] == Some(0) && !must_be_served(problem, *id)) {
        charges.push(Charge { term: Term::Unserved, quantity: i128::from(visit.unserved_cost), at: Debtor::Visit(&visit.label) });
    }
}
