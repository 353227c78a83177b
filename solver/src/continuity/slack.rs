//! What carers have besides visits and rides: the time in which a day can still be kept when something takes longer.

use crate::plan::{Plan, Route, Task};
use crate::problem::{Problem, Shift, ShiftId, Ticks};

/// Waiting that is a pause where a shift does not say, in minutes.
const PAUSE_MINUTES: i64 = 10;

/// Slack of the shifts of a group that visit anyone. What a shift does not ask for is counted nowhere under [`Kept`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlackMeasures {
    /// How many shifts.
    pub shifts: usize,
    /// Mean minutes of a shift that are neither service nor travel nor break; overtime makes them negative.
    pub free_minutes: f64,
    /// The same of the shift that has least.
    pub least_free_minutes: f64,
    /// Share of all minutes of the shifts that are free.
    pub free_share: f64,
    /// Most visits of a shift without a pause: a break, or waiting of as long as the shift asks for, else of 10 minutes.
    pub longest_chain: usize,
    /// Shifts that have the free time that they ask for.
    pub free: Kept,
    /// Visits that come after one elsewhere with the buffer that their shift asks for.
    pub buffers: Kept,
    /// Shifts without a longer chain than they ask for.
    pub chains: Kept,
    /// Visits within the hours that their carer wishes for.
    pub hours: Kept,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// All that ask for it.
    pub of: usize,
    /// Those that have it.
    pub met: usize,
}

impl Kept {
    fn add(&mut self, is_met: bool) {
        self.of += 1;
        self.met += usize::from(is_met);
    }
}

/// Slack of those shifts of a plan that are meant and visit anyone; `None` where there is none.
///
/// # Panics
/// When the plan names visits or shifts that the problem does not have.
#[must_use]
pub fn slack(problem: &Problem, plan: &Plan, is_meant: impl Fn(ShiftId) -> bool) -> Option<SlackMeasures> {
    let minute = problem.clock().ticks_per_minute as f64;
    let (mut all, mut length, mut least) = (0, 0, i64::MAX);
    let mut sum = SlackMeasures {
        shifts: 0,
        free_minutes: 0.0,
        least_free_minutes: 0.0,
        free_share: 0.0,
        longest_chain: 0,
        free: Kept::default(),
        buffers: Kept::default(),
        chains: Kept::default(),
        hours: Kept::default(),
    };
    for (id, shift) in problem.shifts().enumerate().filter(|(id, _)| is_meant(*id)) {
        let Some(route) = plan.routes.get(id).filter(|route| route.visits().next().is_some()) else { continue };
        sum.shifts += 1;
        let free = free(problem, id, route);
        (all, length, least) = (all + free, length + (shift.end - shift.start).0, least.min(free));
        if shift.slack.free > Ticks(0) {
            sum.free.add(free >= shift.slack.free.0);
        }
        let chain = stops(problem, shift, route, &mut sum);
        sum.longest_chain = sum.longest_chain.max(chain);
        if let Some(asked) = shift.slack.chain {
            sum.chains.add(chain <= usize::from(asked.visits));
        }
    }
    if sum.shifts == 0 {
        return None;
    }
    sum.free_minutes = all as f64 / minute / sum.shifts as f64;
    sum.least_free_minutes = least as f64 / minute;
    sum.free_share = if length > 0 { all as f64 / length as f64 } else { 0.0 };
    Some(sum)
}

/// Ticks of a shift in use that are neither service nor travel nor, if it is taken, the shortest break.
fn free(problem: &Problem, id: ShiftId, route: &Route) -> i64 {
    let shift = &problem.shifts()[id];
    let places = route.visits().map(|visit| problem.visits()[visit].place);
    let way: Vec<_> = std::iter::once(shift.from).chain(places).chain(std::iter::once(shift.to)).collect();
    let travel: i64 = way.windows(2).map(|leg| problem.travel_time(id, leg[0], leg[1]).0).sum();
    let service: i64 = route.visits().map(|visit| problem.visits()[visit].duration.0).sum();
    let rests = route.tasks().any(|task| task == Task::Break);
    let rest = shift.pause.filter(|_| rests).map_or(0, |rule| rule.min_duration.0);
    (shift.end - shift.start).0 - travel - service - rest
}

/// Counts buffers and hours, and returns the most visits without a pause.
fn stops(problem: &Problem, shift: &Shift, route: &Route, sum: &mut SlackMeasures) -> usize {
    let pause = shift.slack.chain.map_or(Ticks(PAUSE_MINUTES * problem.clock().ticks_per_minute), |chain| chain.pause);
    let (mut longest, mut chain, mut before) = (0, 0, None);
    for stop in &route.stops {
        let Task::Visit(visit) = stop.task else {
            (chain, before) = (0, None);
            continue;
        };
        let (place, waits) = (problem.visits()[visit].place, stop.start - stop.arrival);
        if shift.slack.buffer > Ticks(0) && before.is_some_and(|before| before != place) {
            sum.buffers.add(waits >= shift.slack.buffer);
        }
        if let Some(hours) = shift.hours {
            sum.hours.add(stop.start >= hours.from && stop.end <= hours.until);
        }
        chain = if before.is_some() && waits >= pause { 1 } else { chain + 1 };
        longest = longest.max(chain);
        before = Some(place);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::plan::Stop;
    use crate::problem::{Hours, LongestChain, Moment, Slack, VisitId};

    #[test]
    fn slack_is_summed_by_hand() {
        // Rides of one tick, visits of one: arrival, start and end of each, the third after a wait of 4. Home is 3 away.
        let problem = line_with(3, 1, |parts| {
            parts.clock.ticks_per_minute = 1;
            let shift = &mut parts.shifts[ShiftId::new(0)];
            shift.end = Moment(40);
            let chain = Some(LongestChain { visits: 1, pause: Ticks(4), cost: 0 });
            shift.slack = Slack { free: Ticks(32), buffer: Ticks(2), chain, ..Slack::default() };
            shift.hours = Some(Hours { from: Moment(3), until: Moment(10), cost: 0 });
        });
        let mut plan = Plan::empty(&problem);
        assert_eq!(slack(&problem, &plan, |_| true), None);
        let stop = |visit, arrival, start: i64| Stop {
            task: Task::Visit(VisitId::new(visit)),
            arrival: Moment(arrival),
            start: Moment(start),
            end: Moment(start + 1),
        };
        plan.routes[ShiftId::new(0)] = Route { departure: Moment(0), stops: vec![stop(0, 1, 1), stop(1, 3, 3), stop(2, 5, 9)], back: Moment(13) };
        plan.unserved.clear();
        let of = slack(&problem, &plan, |_| true).unwrap();
        // 40 less three services, three rides and three home: 31.
        assert_eq!((of.shifts, of.free_minutes, of.least_free_minutes, of.free_share), (1, 31.0, 31.0, 31.0 / 40.0));
        assert_eq!((of.free, of.buffers), (Kept { of: 1, met: 0 }, Kept { of: 2, met: 1 }));
        assert_eq!((of.longest_chain, of.chains, of.hours), (2, Kept { of: 1, met: 0 }, Kept { of: 3, met: 2 }));
        assert_eq!(slack(&problem, &plan, |_| false), None);
    }
}
