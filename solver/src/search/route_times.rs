//! The times of one route once the earliest schedule is known: later where that is cheaper and costs nothing else.
//!
//! The earliest schedule is the least solution of all time rules. Carers who leave just in time should not leave earlier than their first
//! visit can bear, and an unlinked visit should not start before the wished time if the route has slack. [`shift_later`] moves unlinked
//! stops later within their slack, never past a point where anything gets dearer; linked visits stay, so other routes never notice.
//! What is left between this and the best times of the whole plan is a linear program, solved for incumbents only.

use super::arrays::{Arrays, Node, VisitFacts};

/// A stop of a route in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    pub(crate) node: Node,
    /// Travel from the stop before.
    pub(crate) ride: i64,
    /// Service or break start.
    pub(crate) start: i64,
    /// Length of service; for a break the shortest length plus the waiting it takes up.
    pub(crate) length: i64,
}

/// What a route's times cost beyond lateness, and its idle time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RouteTimes {
    pub(crate) waiting: i64,
    pub(crate) idle: i64,
    /// Weighted price of early starts against preference and promise.
    pub(crate) early: i64,
    pub(crate) departure: i64,
    pub(crate) back: i64,
}

/// Latest start from which nothing about the visit itself gets dearer than at `start`.
fn free_until(visit: &VisitFacts, start: i64) -> i64 {
    let window = if visit.windows.is_empty() {
        visit.first
    } else {
        visit.windows.iter().rev().find(|window| window.open <= start).copied().unwrap_or(visit.first)
    };
    let mut until = window.close;
    if visit.late > 0 {
        until = until.min(visit.preferred_until);
    }
    if visit.is_promised() {
        until = until.min(visit.promised_until);
    }
    until.max(start)
}

/// The start that the visit would like at least.
fn wished_from(visit: &VisitFacts) -> i64 {
    let wished = if visit.early > 0 { visit.preferred_from } else { i64::MIN };
    let promised = if visit.is_promised() { visit.promised_from } else { i64::MIN };
    wished.max(promised)
}

/// Moves the stops of a route later where it pays; `last_ride` is the ride home. `latest` is scratch space.
pub(crate) fn shift_later(arrays: &Arrays<'_>, shift: u32, stops: &mut [Timed], last_ride: i64, latest: &mut Vec<i64>) {
    let Some(last) = stops.last() else { return };
    let facts = &arrays.shifts[shift as usize];
    let mut room = (facts.end - last_ride).max(last.start + last.length);
    latest.clear();
    latest.resize(stops.len(), 0);
    for (at, stop) in stops.iter().enumerate().rev() {
        let bound = room - stop.length;
        let free = if arrays.is_visit(stop.node) {
            let visit = &arrays.visits[stop.node as usize];
            if visit.linked { stop.start } else { free_until(visit, stop.start) }
        } else {
            facts.pause.map_or(stop.start, |rule| rule.latest_begin.max(stop.start))
        };
        latest[at] = free.min(bound).max(stop.start);
        if at + 1 == stops.len() && arrays.waiting > 0 {
            // A later last stop only stretches the route, unless it is wished for.
            let wished = if arrays.is_visit(stop.node) { wished_from(&arrays.visits[stop.node as usize]) } else { i64::MIN };
            latest[at] = latest[at].min(wished.max(stop.start));
        }
        room = latest[at] - stop.ride;
    }
    let mut free_at = i64::MIN;
    for (at, stop) in stops.iter_mut().enumerate() {
        let wished = if at == 0 && arrays.waiting > 0 && arrays.just_in_time {
            latest[at]
        } else if arrays.is_visit(stop.node) {
            wished_from(&arrays.visits[stop.node as usize])
        } else {
            i64::MIN
        };
        stop.start = wished.clamp(stop.start, latest[at]).max(free_at.saturating_add(stop.ride));
        free_at = stop.start + stop.length;
    }
}

/// Measures a route, and lets its break take up the waiting after it.
pub(crate) fn measure(arrays: &Arrays<'_>, shift: u32, stops: &mut [Timed], last_ride: i64) -> RouteTimes {
    let facts = &arrays.shifts[shift as usize];
    if stops.is_empty() {
        return RouteTimes { idle: facts.end - facts.start, departure: facts.start, back: facts.start, ..RouteTimes::default() };
    }
    let departure = if arrays.just_in_time { stops[0].start - stops[0].ride } else { facts.start };
    let mut times = RouteTimes { departure, ..RouteTimes::default() };
    let mut free_at = departure;
    let mut gaps = 0;
    for at in 0..stops.len() {
        let mut gap = stops[at].start - free_at - stops[at].ride;
        let after_break = at > 0 && arrays.is_break(stops[at - 1].node);
        if after_break && gap > 0 {
            let rule = facts.pause.expect("only shifts with a rule have a break");
            let begin = stops[at - 1].start;
            let taken = (rule.latest_end - begin - rule.min_duration).clamp(0, gap);
            stops[at - 1].length += taken;
            gap -= taken;
        }
        gaps += gap;
        if !(at == 1 && after_break) {
            times.waiting += gap;
        }
        let stop = stops[at];
        if arrays.is_visit(stop.node) {
            let visit = &arrays.visits[stop.node as usize];
            if visit.early > 0 {
                times.early += visit.early * (visit.preferred_from - stop.start).max(0);
            }
            if stop.start < visit.promised_from {
                times.early += visit.moved_at_all + visit.moved * (visit.promised_from - stop.start);
            }
        }
        free_at = stop.start + stop.length;
    }
    times.back = free_at + last_ride;
    times.idle = gaps + (departure - facts.start).max(0) + (facts.end - times.back).max(0);
    times
}
