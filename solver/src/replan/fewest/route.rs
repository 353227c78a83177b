//! Whether one carer can do some visits in a shift, each within its own span of starts, in any order.
//!
//! Rides are the shortest ways over any places, and a break may begin anywhere on a ride, so that leaving a visit out of a route never makes
//! the rest impossible: what cannot be done with few visits cannot be done with more. (By the rules a break is at the end of a ride. Without
//! a visit on the way that end may be too far.) Where the answer would take too long it is yes. All this errs on the safe side of a lower
//! bound.

use std::collections::BTreeMap;

use crate::problem::{BreakRule, ModeId, Problem};

/// Steps after which a route counts as possible.
const MOST_STEPS: u32 = 4000;
/// Visits of one route that the marks hold; longer routes count as possible.
const MOST_JOBS: usize = 63;
/// Places between which ways are looked for; of more, every ride counts as nothing.
const MOST_PLACES: usize = 600;

/// Shortest ways between all places by one mode, row-major; empty where there are too many.
#[derive(Debug)]
pub(super) struct Ways {
    n: usize,
    ticks: Vec<i64>,
}

impl Ways {
    /// Floyd and Warshall's shortest paths.
    pub(super) fn new(problem: &Problem, mode: usize) -> Self {
        let n = problem.travel().n_places();
        if n > MOST_PLACES {
            return Self { n, ticks: Vec::new() };
        }
        let mut ticks: Vec<i64> = problem.travel().table(ModeId::new(mode)).iter().map(|&ride| i64::from(ride)).collect();
        for by in 0..n {
            let from_by: Vec<i64> = ticks[by * n..(by + 1) * n].to_vec();
            for from in 0..n {
                let to_by = ticks[from * n + by];
                for (way, &rest) in ticks[from * n..(from + 1) * n].iter_mut().zip(&from_by) {
                    *way = (*way).min(to_by + rest);
                }
            }
        }
        Self { n, ticks }
    }

    fn ride(&self, from: usize, to: usize) -> i64 {
        self.ticks.get(from * self.n + to).copied().unwrap_or(0)
    }
}

/// A visit to be done: where, when it may start, how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) place: usize,
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) length: i64,
}

/// A shift's limits, and the break that must be taken in it.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) ways: &'a Ways,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) rest: Option<BreakRule>,
}

impl Frame<'_> {
    /// Whether some order keeps all spans, the break's and the shift's.
    pub(super) fn holds(&self, jobs: &[Job]) -> bool {
        self.tried(jobs).is_some()
    }

    /// An order, with the break as `None`, that keeps all spans, the break's and the shift's; if one is found in time.
    pub(super) fn order(&self, jobs: &[Job]) -> Option<Vec<Option<usize>>> {
        self.tried(jobs).filter(|order| order.iter().flatten().count() == jobs.len())
    }

    /// An order, not to its end where the search for it was given up; `None` if there is none.
    fn tried(&self, jobs: &[Job]) -> Option<Vec<Option<usize>>> {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_unstable_by_key(|&at| (jobs[at].high, jobs[at].low));
        // Who has nothing to do stays at the base, however short the shift is.
        if jobs.len() > MOST_JOBS || (jobs.is_empty() && self.rest.is_none()) {
            return Some(order.into_iter().map(Some).collect());
        }
        let sorted: Vec<Job> = order.iter().map(|&at| jobs[at]).collect();
        let all = (1u64 << jobs.len()) - 1;
        let mut trial = Trial { frame: self, jobs: &sorted, failed: BTreeMap::new(), steps: 0, path: Vec::new() };
        let holds = trial.goes_on(all, None, self.start, self.rest.is_none());
        holds.then(|| trial.path.iter().map(|at| at.map(|at| order[at])).collect())
    }

    /// Ticks ridden by who does these jobs in this order.
    pub(super) fn rides(&self, jobs: impl IntoIterator<Item = Job>) -> i64 {
        let (ridden, here) = jobs.into_iter().fold((0, self.from), |(ridden, here), job| (ridden + self.ways.ride(here, job.place), job.place));
        ridden + self.ways.ride(here, self.to)
    }
}

struct Trial<'a> {
    frame: &'a Frame<'a>,
    jobs: &'a [Job],
    /// Earliest times from which no order was found, by what is left to do, where, and whether the break is taken.
    failed: BTreeMap<(u64, Option<usize>, bool), i64>,
    steps: u32,
    /// The order that is being tried, with the break.
    path: Vec<Option<usize>>,
}

impl Trial<'_> {
    /// Whether what is left can be done from `time` on, at the place of job `last`.
    fn goes_on(&mut self, left: u64, last: Option<usize>, time: i64, rested: bool) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return true;
        }
        let frame = self.frame;
        let here = last.map_or(frame.from, |last| self.jobs[last].place);
        if left == 0 {
            let back = time + frame.ways.ride(here, frame.to);
            if !rested {
                self.path.push(None);
            }
            let back = if rested { Some(back) } else { frame.rest.and_then(|rule| rests(&rule, time, back)) };
            let is_in_time = back.is_some_and(|back| back <= frame.end);
            if !rested && !is_in_time {
                let _ = self.path.pop();
            }
            return is_in_time;
        }
        let todo = |left: u64| (0..self.jobs.len()).filter(move |job| left >> job & 1 == 1);
        if todo(left).any(|job| time + frame.ways.ride(here, self.jobs[job].place) > self.jobs[job].high) {
            return false;
        }
        if self.failed.get(&(left, last, rested)).is_some_and(|&earlier| earlier <= time) {
            return false;
        }
        for job in 0..self.jobs.len() {
            if left >> job & 1 == 0 {
                continue;
            }
            let Job { place, low, high, length } = self.jobs[job];
            let arrival = time + frame.ways.ride(here, place);
            let after_rest = if rested { None } else { frame.rest.and_then(|rule| rests(&rule, time, arrival)) };
            for (free, rests) in [Some((arrival, false)), after_rest.map(|free| (free, true))].into_iter().flatten() {
                let start = free.max(low);
                if start > high {
                    continue;
                }
                let before = self.path.len();
                self.path.extend(rests.then_some(None));
                self.path.push(Some(job));
                if self.goes_on(left & !(1 << job), Some(job), start + length, rested || rests) {
                    return true;
                }
                self.path.truncate(before);
            }
        }
        self.failed.insert((left, last, rested), time);
        false
    }
}

/// When a ride with a break on the way is over; `None` if it is too late for the break.
fn rests(rule: &BreakRule, leaves: i64, arrives: i64) -> Option<i64> {
    let may_begin = leaves.max(rule.open.0) <= rule.latest_begin.0;
    may_begin.then_some(arrives.max(rule.open.0) + rule.min_duration.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Moment, Ticks};

    /// Three places on a line, 10 apart; place 0 is the base.
    fn ways() -> Ways {
        Ways { n: 3, ticks: vec![0, 10, 20, 10, 0, 10, 20, 10, 0] }
    }

    fn job(place: usize, low: i64, high: i64) -> Job {
        Job { place, low, high, length: 5 }
    }

    fn frame(ways: &Ways, rest: Option<BreakRule>) -> Frame<'_> {
        Frame { ways, start: 0, end: 100, from: 0, to: 0, rest }
    }

    #[test]
    fn any_order_will_do() {
        // To place 2 first: start 20, free 25, at place 1 at 35. The other way: start 10, free 15, at place 2 at 25.
        let ways = ways();
        assert!(frame(&ways, None).holds(&[job(1, 0, 35), job(2, 0, 20)]));
        assert!(frame(&ways, None).holds(&[job(1, 0, 10), job(2, 0, 25)]));
        assert_eq!(frame(&ways, None).order(&[job(1, 0, 35), job(2, 0, 20)]), Some(vec![Some(1), Some(0)]));
        // 20 there, 10 on and 10 home.
        assert_eq!(frame(&ways, None).rides([job(2, 0, 20), job(1, 0, 35)]), 40);
        assert!(!frame(&ways, None).holds(&[job(1, 0, 34), job(2, 0, 24), job(1, 0, 9)]));
        assert!(!frame(&ways, None).holds(&[job(1, 0, 9)]));
    }

    #[test]
    fn who_has_nothing_to_do_rides_nowhere() {
        let ways = ways();
        let short = Frame { end: 5, to: 2, ..frame(&ways, None) };
        assert!(short.holds(&[]));
        assert!(!short.holds(&[job(0, 0, 5)]));
    }

    #[test]
    fn the_way_home_and_the_break_count() {
        // From place 2 at 75 + 5 home is 100; with a break of 6 on the way there are 94 left.
        let ways = ways();
        assert!(frame(&ways, None).holds(&[job(2, 75, 90)]));
        assert!(!frame(&ways, None).holds(&[job(2, 76, 90)]));
        let rule = BreakRule { open: Moment(90), latest_begin: Moment(95), min_duration: Ticks(6), latest_end: Moment(120) };
        assert!(!frame(&ways, Some(rule)).holds(&[job(2, 70, 90)]));
        assert!(frame(&ways, Some(BreakRule { open: Moment(30), ..rule })).holds(&[job(2, 70, 90)]));
        // A break at place 1 on the way stays possible without the visit there.
        let early = BreakRule { open: Moment(5), latest_begin: Moment(12), ..rule };
        assert!(frame(&ways, Some(early)).holds(&[job(1, 0, 90), job(2, 0, 90)]));
        assert!(frame(&ways, Some(early)).holds(&[job(2, 0, 90)]));
        // At place 2 at 20 + 6.
        assert!(!frame(&ways, Some(early)).holds(&[job(2, 0, 25)]));
    }
}
