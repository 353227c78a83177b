//! Whether a route's clock is right: departure, rides, windows, services, break and return.

use super::Findings;
use super::walk::{Leg, Walk, ticks, walk};
use crate::plan::Route;
use crate::problem::{BreakRule, Departure, Problem, Shift, ShiftId};

pub(super) fn judge(problem: &Problem, id: ShiftId, route: Option<&Route>, findings: &mut Findings) {
    let Some(route) = route else { return };
    let shift = &problem.shifts()[id];
    let Some(Walk { legs, leaves, ride_home }) = walk(problem, id, route) else {
        unused(shift, route, findings);
        return;
    };
    departure(problem.objective().departure, shift, route, &legs[0], findings);
    for leg in &legs {
        arrival(shift, leg, findings);
        service(shift, leg, findings);
    }
    breaks(shift, &legs, findings);
    let (back, expected) = (ticks(route.back), leaves + ride_home);
    if back < expected {
        findings.add("back_too_early", format!("shift {} is back at {back}, possible from {expected}", shift.label));
    }
    if back > expected {
        findings.add("back_too_late", format!("shift {} is back at {back}, its last ride ends at {expected}", shift.label));
    }
}

fn unused(shift: &Shift, route: &Route, findings: &mut Findings) {
    if route.stops.is_empty() && (route.departure != shift.start || route.back != shift.start) {
        let (departure, back, start) = (route.departure.0, route.back.0, shift.start.0);
        findings.add("unused_times", format!("shift {} is unused but leaves at {departure} and is back at {back}, not {start}", shift.label));
    }
}

fn departure(rule: Departure, shift: &Shift, route: &Route, first: &Leg<'_>, findings: &mut Findings) {
    let (departs, opens) = (ticks(route.departure), ticks(shift.start));
    if departs < opens {
        findings.add("departure_before_shift", format!("shift {} leaves at {departs}, it starts at {opens}", shift.label));
        return;
    }
    let wrong = match rule {
        Departure::AtShiftStart => departs != opens,
        // Leaving too late shows in the arrival and the start that follow.
        Departure::JustInTime => departs < ticks(first.stop.start) - first.ride,
    };
    if wrong {
        findings.add("departure_time", format!("shift {} leaves at {departs}, which is not when the objective asks", shift.label));
    }
}

fn name(shift: &Shift, leg: &Leg<'_>) -> String {
    leg.visit.map_or_else(|| format!("the break of shift {}", shift.label), |(_, visit)| format!("visit {}", visit.label))
}

fn arrival(shift: &Shift, leg: &Leg<'_>, findings: &mut Findings) {
    let (arrives, expected, starts) = (ticks(leg.stop.arrival), leg.leaves + leg.ride, ticks(leg.stop.start));
    if arrives < expected {
        findings.add("arrival_too_early", format!("{}: arrival {arrives}, possible from {expected}", name(shift, leg)));
    }
    if arrives > expected {
        findings.add("arrival_too_late", format!("{}: arrival {arrives}, the ride ends at {expected}", name(shift, leg)));
    }
    if starts < arrives {
        findings.add("start_before_arrival", format!("{}: start {starts}, arrival {arrives}", name(shift, leg)));
    }
}

fn service(shift: &Shift, leg: &Leg<'_>, findings: &mut Findings) {
    let Some((_, visit)) = leg.visit else { return };
    let (starts, ends) = (ticks(leg.stop.start), ticks(leg.stop.end));
    if visit.windows.iter().all(|window| ticks(window.open) > starts) {
        findings.add("before_window", format!("{}: start {starts}, before any window opens", name(shift, leg)));
    }
    if ends - starts != i128::from(visit.duration.0) {
        findings.add("service_length", format!("{}: {starts} to {ends}, should last {}", name(shift, leg), visit.duration.0));
    }
}

fn breaks(shift: &Shift, legs: &[Leg<'_>], findings: &mut Findings) {
    let taken: Vec<&Leg<'_>> = legs.iter().filter(|leg| leg.visit.is_none()).collect();
    match shift.pause {
        Some(rule) => taken.iter().for_each(|leg| one_break(shift, &rule, leg, findings)),
        None if taken.is_empty() => {}
        None => findings.add("break_without_rule", format!("shift {} has a break but no rule for one", shift.label)),
    }
    if taken.len() > 1 {
        findings.add("second_break", format!("shift {} has {} breaks", shift.label, taken.len()));
    }
}

fn one_break(shift: &Shift, rule: &BreakRule, leg: &Leg<'_>, findings: &mut Findings) {
    let (begins, ends) = (ticks(leg.stop.start), ticks(leg.stop.end));
    let (opens, latest) = (ticks(rule.open), ticks(rule.latest_begin));
    let shortest = i128::from(rule.min_duration.0);
    let last_end = ticks(rule.latest_end).max(begins + shortest);
    let label = &shift.label;
    if !(opens..=latest).contains(&begins) {
        findings.add("break_begin", format!("shift {label}: the break begins at {begins}, allowed {opens} to {latest}"));
    }
    if ends - begins < shortest {
        findings.add("break_too_short", format!("shift {label}: the break lasts {}, at least {shortest}", ends - begins));
    }
    if ends > last_end {
        findings.add("break_too_long", format!("shift {label}: the break ends at {ends}, allowed until {last_end}"));
    }
}
