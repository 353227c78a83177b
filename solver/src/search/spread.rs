//! Slack within a route: what falls short of it costs, and starts are delayed for it where nobody pays.
//!
//! Starts are as early as the stops before allow, so all free time gathers at the end of a shift. Where buffers or pauses are asked for, or the carer
//! has hours, stops move later as far as windows, wishes, promises, linked visits and the end of the shift let them for nothing: a pause where a
//! chain would get too long, a buffer before each visit. Of the times with both, with pauses alone, with pauses at the price of wishes, and with
//! neither, the cheapest stay.

use super::arrays::{Arrays, ShiftFacts, SlackFacts};
use super::route_times::{Chain, Timed, latest_start, measure};

/// Weighted price of what a route's times and order leave to be wished for in slack, hours and who comes last.
pub(super) fn slack_price(arrays: &Arrays<'_>, shift: u32, departure: i64, stops: &[Timed], last_ride: i64) -> i64 {
    let (facts, slack) = (&arrays.shifts[shift as usize], &arrays.slack_of[shift as usize]);
    let mut price = 0;
    let (mut free_at, mut work, mut rest) = (departure, last_ride, 0);
    // The place of the visit right before, and visits since the last pause.
    let (mut before, mut without_pause) = (None, 0);
    for stop in stops {
        let waits = stop.start - free_at - stop.ride;
        free_at = stop.start + stop.length;
        work += stop.ride;
        if !arrays.is_visit(stop.node) {
            rest = facts.pause.map_or(0, |rule| rule.min_duration);
            (before, without_pause) = (None, 0);
            continue;
        }
        work += stop.length;
        let place = arrays.place[stop.node as usize];
        if before.is_some_and(|before| before != place) {
            price += slack.short_buffer * (slack.buffer - waits).max(0);
        }
        without_pause = if before.is_some() && waits >= slack.pause { 1 } else { without_pause + 1 };
        if without_pause > slack.chain {
            price += slack.long_chain;
        }
        if stop.start < slack.from || free_at > slack.until {
            price += slack.outside;
        }
        before = Some(place);
    }
    let visits = || stops.iter().filter(|stop| arrays.is_visit(stop.node)).map(|stop| arrays.last[stop.node as usize]);
    if visits().next().is_some() {
        price += slack.short_free * (slack.free - (facts.end - facts.start - work - rest)).max(0);
    }
    for (at, (citizen, not_last)) in visits().enumerate().filter(|(_, (_, price))| *price > 0) {
        if visits().skip(at + 1).any(|(next, price)| next != citizen && price == 0) {
            price += not_last;
        }
    }
    price
}

impl Chain {
    /// Delays stops for the sake of slack where that is cheaper.
    pub(crate) fn spread(&mut self, arrays: &Arrays<'_>, shift: u32, stops: &mut [Timed], last_ride: i64) {
        let (facts, slack) = (&arrays.shifts[shift as usize], arrays.slack_of[shift as usize]);
        if stops.is_empty() || !slack.is_timed() {
            return;
        }
        let mut tried = std::mem::take(&mut self.tried);
        // Measuring lets a break take up waiting: that is for the times that stay.
        let price = |stops: &[Timed], tried: &mut Vec<Timed>| {
            tried.clear();
            tried.extend_from_slice(stops);
            let times = measure(arrays, shift, tried, last_ride);
            (times.slack > 0, arrays.waiting * times.waiting + times.wishes + times.slack)
        };
        let (falls_short, mut least) = price(stops, &mut tried);
        if falls_short {
            let (mut first, mut best) = (std::mem::take(&mut self.first), std::mem::take(&mut self.best));
            first.clear();
            first.extend(stops.iter().map(|stop| stop.start));
            best.clone_from(&first);
            for (is_free, buffer) in [(true, slack.buffer), (true, 0), (false, 0)] {
                stops.iter_mut().zip(&first).for_each(|(stop, &start)| stop.start = start);
                self.limit(arrays, facts, stops, last_ride, is_free);
                self.delay(arrays, facts, &SlackFacts { buffer, ..slack }, stops);
                let (_, cost) = price(stops, &mut tried);
                if cost < least {
                    least = cost;
                    best.clear();
                    best.extend(stops.iter().map(|stop| stop.start));
                }
            }
            stops.iter_mut().zip(&best).for_each(|(stop, &start)| stop.start = start);
            (self.first, self.best) = (first, best);
        }
        self.tried = tried;
    }

    /// The latest starts within the windows, linked visits where they are, breaks in their time, and home by the end of the shift; if they are to be
    /// free, within what is wished for and promised, too.
    fn limit(&mut self, arrays: &Arrays<'_>, facts: &ShiftFacts, stops: &[Timed], last_ride: i64, is_free: bool) {
        let last = stops[stops.len() - 1];
        let mut room = (facts.end - last_ride).max(last.start + last.length);
        self.latest.clear();
        self.latest.resize(stops.len(), 0);
        for (at, stop) in stops.iter().enumerate().rev() {
            let bound = if arrays.is_visit(stop.node) {
                let visit = &arrays.visits[stop.node as usize];
                let wished = if is_free && visit.late > 0 { visit.preferred_until } else { i64::MAX };
                let promised = if is_free && visit.is_promised() { visit.promised_until } else { i64::MAX };
                if visit.linked { stop.start } else { latest_start(visit, stop.start).min(wished).min(promised) }
            } else {
                facts.pause.map_or(stop.start, |rule| rule.latest_begin)
            };
            self.latest[at] = bound.min(room - stop.length).max(stop.start);
            room = self.latest[at] - stop.ride;
        }
    }

    /// Delays stops within their limits: to the carer's hours, by a pause where a chain is full, by the buffer elsewhere.
    fn delay(&self, arrays: &Arrays<'_>, facts: &ShiftFacts, slack: &SlackFacts, stops: &mut [Timed]) {
        let mut free_at = if arrays.just_in_time { stops[0].start - stops[0].ride } else { facts.start };
        let (mut before, mut without_pause) = (None, 0);
        for (at, stop) in stops.iter_mut().enumerate() {
            let arrival = free_at + stop.ride;
            let mut start = stop.start.max(arrival);
            if arrays.is_visit(stop.node) {
                let place = arrays.place[stop.node as usize];
                let gap = match before {
                    Some(_) if without_pause >= slack.chain && arrival + slack.pause <= self.latest[at] => slack.pause,
                    Some(before) if before != place => slack.buffer,
                    _ => 0,
                };
                let wanted = (arrival + gap).max(slack.from).min(self.latest[at]);
                start = start.max(wanted);
                without_pause = if before.is_some() && start - arrival >= slack.pause { 1 } else { without_pause + 1 };
                before = Some(place);
            } else {
                (before, without_pause) = (None, 0);
            }
            stop.start = start;
            free_at = start + stop.length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{Hours, LongestChain, Moment, Problem, ProblemBuilder, ShiftId, Slack, Term, Ticks, VisitId, Weight};

    /// Three visits of one tick in the order of the line, one tick apart, each from 0 to `close`; the shift ends at 40.
    fn row(close: i64, ask: impl Fn(&mut ProblemBuilder)) -> Problem {
        line_with(3, 1, |parts| {
            for term in [Term::ShortSlack, Term::ShortBuffer, Term::LongChain, Term::OutsideHours] {
                parts.objective = parts.objective.clone().with(term, Weight::Soft(1));
            }
            for visit in 0..3 {
                parts.visits[VisitId::new(visit)].windows[0].close = Moment(close);
            }
            parts.shifts[ShiftId::new(0)].end = Moment(40);
            ask(parts);
        })
    }

    /// The starts after spreading those at 1, 3 and 5, and what they fall short.
    fn spread(problem: &Problem) -> ([i64; 3], i64) {
        let arrays = Arrays::new(problem);
        let mut stops = [0, 1, 2].map(|at| {
            let start = 1 + 2 * i64::from(at);
            Timed { node: at, ride: 1, earliest: start, start, length: 1 }
        });
        Chain::default().spread(&arrays, 0, &mut stops, 3);
        let short = measure(&arrays, 0, &mut stops.to_vec(), 3).slack;
        (stops.map(|stop| stop.start), short)
    }

    fn shift(parts: &mut ProblemBuilder) -> &mut crate::problem::Shift {
        &mut parts.shifts[ShiftId::new(0)]
    }

    fn buffer(parts: &mut ProblemBuilder, ticks: i64) {
        (shift(parts).slack.buffer, shift(parts).slack.buffer_cost) = (Ticks(ticks), 1);
    }

    #[test]
    fn buffers_come_before_every_visit_but_the_first() {
        assert_eq!(spread(&row(30, |parts| buffer(parts, 4))), ([1, 7, 13], 0));
        // Where windows close at 6, the second starts by 6 less what the third needs: 3 of 8 are there.
        assert_eq!(spread(&row(6, |parts| buffer(parts, 4))), ([1, 4, 6], 7));
    }

    #[test]
    fn a_pause_comes_where_a_chain_is_full() {
        let chain = |parts: &mut ProblemBuilder| shift(parts).slack.chain = Some(LongestChain { visits: 2, pause: Ticks(5), cost: 1 });
        assert_eq!(spread(&row(30, chain)), ([1, 3, 10], 0));
        // There is no room for it: one visit too many.
        assert_eq!(spread(&row(9, chain)), ([1, 3, 5], 1));
        // Buffers of 2 would leave no room for the pause of 5 before the third, which is worth less than they are: 2 + 2.
        let both = |parts: &mut ProblemBuilder| {
            chain(parts);
            buffer(parts, 2);
        };
        assert_eq!(spread(&row(10, both)), ([1, 5, 9], 1));
    }

    #[test]
    fn nobody_starts_before_the_hours_wished_for() {
        let hours = |parts: &mut ProblemBuilder| shift(parts).hours = Some(Hours { from: Moment(8), until: Moment(20), cost: 1 });
        assert_eq!(spread(&row(30, hours)), ([8, 10, 12], 0));
        assert_eq!(spread(&row(9, hours)), ([5, 7, 9], 2));
    }

    #[test]
    fn free_time_is_a_matter_of_work_alone() {
        // Three services, three rides of one and three home: 9 of 40.
        assert_eq!(spread(&row(30, |parts| shift(parts).slack = Slack { free: Ticks(33), free_cost: 1, ..Slack::default() })), ([1, 3, 5], 2));
    }
}
