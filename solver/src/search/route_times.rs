//! The times of one route once the earliest schedule is known: the best ones that no other route notices.
//!
//! The earliest schedule is the least solution of all time rules. It is not the best one where early starts or waiting cost. [`Chain::fit`]
//! moves the unlinked stops of a route later as far as that pays in sum: linked visits stay, so other routes never notice, and neither
//! lateness, nor overtime, nor the number of broken promises rises. What is left between this and the best times of the whole plan is a
//! linear program, solved for incumbents only.

use super::arrays::{Arrays, Node, VisitFacts};
use super::spread::slack_price;

/// A stop of a route in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    pub(crate) node: Node,
    /// Travel from the stop before.
    pub(crate) ride: i64,
    /// Earliest service or break start.
    pub(crate) earliest: i64,
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
    /// Weighted price of early starts against preference and promise, and of starts later than the earliest.
    pub(crate) wishes: i64,
    /// Weighted price of slack that is missing, of visits outside the carer's hours and of visits that were to come last.
    pub(crate) slack: i64,
    pub(crate) departure: i64,
    pub(crate) back: i64,
}

/// Latest start up to which nothing rises but what is priced by the tick: no more lateness than at `start`, no other broken promise.
pub(super) fn latest_start(visit: &VisitFacts, start: i64) -> i64 {
    let window = if visit.windows.is_empty() {
        visit.first
    } else {
        visit.windows.iter().rev().find(|window| window.open <= start).copied().unwrap_or(visit.first)
    };
    let mut until = window.close;
    if visit.moved_at_all > 0 {
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

/// A rise that nobody pays: it keeps starts between their bounds.
const WALL: i64 = 1 << 40;

/// Best starts of a row of stops, each with a convex price of its start and a shortest time to the next.
///
/// Counted from the earliest moment that the stops before allow, starts only have to rise along the row. So this is an isotonic
/// regression, and the least price of all stops so far, as a function of the last start, is kept by its bends alone (Ahuja and Orlin 2001,
/// doi:10.1287/opre.49.5.784.10601, solve the problem with general convex prices). Holds scratch space.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// Latest start of each stop.
    pub(super) latest: Vec<i64>,
    /// Shortest time from the first start to each.
    shortest: Vec<i64>,
    /// Moments, ascending, with how much steeper the price is behind each. Behind the last it is flat.
    bends: Vec<(i64, i64)>,
    /// By stop: its best start if none came after.
    wanted: Vec<i64>,
    /// Stops at times that are tried.
    pub(super) tried: Vec<Timed>,
    /// Starts before any was delayed, and the best ones.
    pub(super) first: Vec<i64>,
    pub(super) best: Vec<i64>,
}

impl Chain {
    /// Moves the stops of a route to their best starts; `last_ride` is the ride home.
    pub(crate) fn fit(&mut self, arrays: &Arrays<'_>, shift: u32, stops: &mut [Timed], last_ride: i64) {
        let Some(last) = stops.last() else { return };
        let room = (arrays.shifts[shift as usize].end - last_ride).max(last.start + last.length);
        if arrays.waiting > 0 {
            self.fit_row(arrays, shift, stops, room);
            return;
        }
        // Nothing pays before a stop that is early, and nothing beyond a linked visit knows of it.
        let visit = |stop: &Timed| arrays.is_visit(stop.node).then(|| &arrays.visits[stop.node as usize]);
        let is_early = |stop: &Timed| visit(stop).is_some_and(|visit| !visit.linked && stop.start < wished_from(visit));
        let mut done = 0;
        while let Some(early) = stops[done..].iter().position(is_early) {
            let from = done + early;
            let linked = stops[from..].iter().position(|stop| visit(stop).is_some_and(|visit| visit.linked));
            let (until, room) = linked.map_or((stops.len(), room), |at| (from + at, stops[from + at].start - stops[from + at].ride));
            self.fit_row(arrays, shift, &mut stops[from..until], room);
            done = until;
        }
    }

    /// Moves stops in a row to their best starts. The last of them ends by `room`.
    fn fit_row(&mut self, arrays: &Arrays<'_>, shift: u32, stops: &mut [Timed], room: i64) {
        self.bound(arrays, shift, stops, room);
        // Waiting is the last start less the first, but for what is fixed; what comes behind a first break is free.
        let first = usize::from(stops.len() > 1 && arrays.is_break(stops[0].node));
        self.bends.clear();
        self.wanted.clear();
        for (at, stop) in stops.iter().enumerate() {
            let mut slope = WALL;
            if at == first && arrays.just_in_time {
                slope -= arrays.waiting;
            }
            if at + 1 == stops.len() {
                slope += arrays.waiting;
            }
            let shortest = self.shortest[at];
            self.bend(stop.start - shortest, WALL);
            self.bend(self.latest[at] - shortest, WALL);
            if arrays.is_visit(stop.node) {
                let visit = &arrays.visits[stop.node as usize];
                if visit.early > 0 {
                    self.bend(visit.preferred_from - shortest, visit.early);
                }
                if visit.late > 0 {
                    self.bend(visit.preferred_until - shortest, visit.late);
                    slope += visit.late;
                }
                if visit.is_promised() {
                    self.bend(visit.promised_from - shortest, visit.moved.max(1));
                    self.bend(visit.promised_until - shortest, visit.moved);
                    slope += visit.moved;
                }
            }
            let wanted = self.flatten(slope);
            self.wanted.push(wanted);
        }
        let mut next = i64::MAX;
        for (at, stop) in stops.iter_mut().enumerate().rev() {
            next = next.min(self.wanted[at]);
            stop.start = next + self.shortest[at];
        }
    }

    /// Latest starts and shortest times. Linked visits stay.
    fn bound(&mut self, arrays: &Arrays<'_>, shift: u32, stops: &[Timed], mut room: i64) {
        let facts = &arrays.shifts[shift as usize];
        self.latest.clear();
        self.latest.resize(stops.len(), 0);
        for (at, stop) in stops.iter().enumerate().rev() {
            let bound = if arrays.is_visit(stop.node) {
                let visit = &arrays.visits[stop.node as usize];
                if visit.linked { stop.start } else { latest_start(visit, stop.start) }
            } else {
                facts.pause.map_or(stop.start, |rule| rule.latest_begin)
            };
            self.latest[at] = bound.min(room - stop.length).max(stop.start);
            room = self.latest[at] - stop.ride;
        }
        self.shortest.clear();
        let mut shortest = 0;
        for (at, stop) in stops.iter().enumerate() {
            if at > 0 {
                shortest += stops[at - 1].length + stop.ride;
            }
            self.shortest.push(shortest);
        }
    }

    fn bend(&mut self, moment: i64, steeper: i64) {
        let at = self.bends.iter().rposition(|&(other, _)| other <= moment).map_or(0, |at| at + 1);
        self.bends.insert(at, (moment, steeper));
    }

    /// Takes away what rises, where it rises with `slope` behind the last bend: who comes later may start at the same moment. Returns the
    /// first moment of least price.
    fn flatten(&mut self, mut slope: i64) -> i64 {
        while let Some(last) = self.bends.last_mut() {
            if last.1 > slope {
                last.1 -= slope;
                return last.0;
            }
            slope -= last.1;
            self.bends.pop();
        }
        i64::MIN
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
            times.wishes += early_price(visit, stop.start) + late_price(visit, stop.start) - late_price(visit, stop.earliest);
        }
        free_at = stop.start + stop.length;
    }
    if arrays.slack {
        times.slack = slack_price(arrays, shift, departure, stops, last_ride);
    }
    times.back = free_at + last_ride;
    times.idle = gaps + (departure - facts.start).max(0) + (facts.end - times.back).max(0);
    times
}

/// Weighted price of a start before what is wished for and promised.
fn early_price(visit: &VisitFacts, start: i64) -> i64 {
    let mut price = 0;
    if visit.early > 0 {
        price += visit.early * (visit.preferred_from - start).max(0);
    }
    if start < visit.promised_from {
        price += visit.moved_at_all + visit.moved * (visit.promised_from - start);
    }
    price
}

/// Weighted price of a start after what is wished for and promised, lateness aside.
pub(crate) fn late_price(visit: &VisitFacts, start: i64) -> i64 {
    let mut price = 0;
    if visit.late > 0 {
        price += visit.late * (start - visit.preferred_until).max(0);
    }
    if start > visit.promised_until {
        price += visit.moved_at_all + visit.moved * (start - visit.promised_until);
    }
    price
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{Departure, Link, Moment, Preference, Problem, Term, Ticks, VisitId, Weight};
    use crate::rng::Rng;

    /// Three visits in the order of the line with services of one tick and rides of one, each wished for at some time.
    fn row(wishes: [(i64, i64); 3], waiting: i64, early: [i64; 3], late: [i64; 3]) -> Problem {
        line_with(3, 1, |parts| {
            let soft = |term, weight| (term, Weight::Soft(weight));
            for (term, weight) in [soft(Term::Waiting, waiting), soft(Term::Early, 1), soft(Term::Late, 1)] {
                parts.objective = parts.objective.clone().with(term, weight);
            }
            parts.objective.departure = Departure::JustInTime;
            for at in 0..3 {
                let (from, until) = wishes[at];
                let wish = Preference { from: Moment(from), until: Moment(until), early: early[at], late: late[at] };
                parts.visits[VisitId::new(at)].preference = Some(wish);
                parts.visits[VisitId::new(at)].windows[0].close = Moment(22);
            }
        })
    }

    /// The stops at the earliest starts: 1, 3, 5.
    fn stops() -> [Timed; 3] {
        [0, 1, 2].map(|at| {
            let start = 1 + 2 * i64::from(at);
            Timed { node: at, ride: 1, earliest: start, start, length: 1 }
        })
    }

    fn price(arrays: &Arrays<'_>, stops: &[Timed]) -> i64 {
        let times = measure(arrays, 0, &mut stops.to_vec(), 3);
        arrays.waiting * times.waiting + times.wishes
    }

    #[test]
    fn two_that_are_early_outweigh_one_that_is_late() {
        // Wished for at 4, 6 and 5: at 1, 3, 5 the first two are early by 3 each; three ticks later only the third is late, by 3.
        let problem = row([(4, 4), (6, 6), (5, 5)], 0, [1; 3], [1; 3]);
        let arrays = Arrays::new(&problem);
        let mut stops = stops();
        assert_eq!(price(&arrays, &stops), 6);
        Chain::default().fit(&arrays, 0, &mut stops, 3);
        assert_eq!(stops.map(|stop| stop.start), [4, 6, 8]);
        assert_eq!(price(&arrays, &stops), 3);
    }

    #[test]
    fn what_is_linked_stays_and_parts_the_row() {
        // Wished for at 2, 3 and 9, and the second is linked: the first cannot move for it, the third moves alone.
        let problem = line_with(4, 2, |parts| {
            parts.objective = parts.objective.clone().with(Term::Early, Weight::Soft(1));
            for (at, from) in [(0, 2), (1, 3), (2, 9)] {
                parts.visits[VisitId::new(at)].preference = Some(Preference { from: Moment(from), until: Moment(from), early: 1, late: 0 });
            }
            let together = Ticks(0);
            parts.links.push(Link { first: VisitId::new(1), second: VisitId::new(3), min: together, max: together, different_carers: true });
        });
        let arrays = Arrays::new(&problem);
        let mut stops = stops();
        Chain::default().fit(&arrays, 0, &mut stops, 3);
        assert_eq!(stops.map(|stop| stop.start), [1, 3, 9]);
    }

    #[test]
    fn no_starts_are_better_than_those_of_a_fitted_chain() {
        let mut rng = Rng::new(1, 0);
        for _ in 0..400 {
            let mut wish = || {
                let from = rng.below(16) as i64;
                (from, from + rng.below(4) as i64)
            };
            let wishes = [wish(), wish(), wish()];
            let mut weights = || [0; 3].map(|_| rng.below(4) as i64);
            let (early, late) = (weights(), weights());
            let problem = row(wishes, rng.below(3) as i64, early, late);
            let arrays = Arrays::new(&problem);
            let mut fitted = stops();
            Chain::default().fit(&arrays, 0, &mut fitted, 3);
            let mut least = i64::MAX;
            for first in 1..=22 {
                for second in first + 2..=22 {
                    for third in second + 2..=22 {
                        let mut tried = stops();
                        (tried[0].start, tried[1].start, tried[2].start) = (first, second, third);
                        least = least.min(price(&arrays, &tried));
                    }
                }
            }
            assert_eq!(price(&arrays, &fitted), least, "{wishes:?}, early {early:?}, late {late:?}");
        }
    }
}
