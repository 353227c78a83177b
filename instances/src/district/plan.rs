//! Plans as JSON, for every problem whatever its format.
//!
//! A stop is a visit or a break. A break names no place: it is at the home of the visit after it, or where the carer is if none follows.
//!
//! A route names the day it starts on; all its times count from that day's midnight and continue past 24 hours. Seconds carry as many
//! decimals as the problem's tick needs, so a plan reads back exactly.

use std::collections::{BTreeMap, BTreeSet};

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Clock, LATEST, Moment, Problem, ShiftId, VisitId};
use serde::{Deserialize, Serialize};

use super::pointer::{self, Faults};
use crate::ReadError;

/// The format word of a plan document.
const FORMAT: &str = "kendt-plan/1";
/// Hundred-thousandths of a second: finer than half of the shortest tick.
const FINE: i128 = 100_000;

/// A plan document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanDocument {
    format: String,
    #[serde(default)]
    problem: Option<String>,
    routes: Vec<RouteDocument>,
    #[serde(default)]
    unserved: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteDocument {
    shift: String,
    #[serde(default)]
    carer: Option<String>,
    day: i64,
    departure: String,
    stops: Vec<StopDocument>,
    back: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopDocument {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    citizen: Option<String>,
    #[serde(default, rename = "break", skip_serializing_if = "is_false")]
    pause: bool,
    arrival: String,
    start: String,
    end: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The plan as indented JSON: one route per shift, then the ids of the visits left out.
///
/// # Panics
/// When the plan names visits that the problem does not have.
#[must_use]
pub fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let document = PlanDocument {
        format: FORMAT.into(),
        problem: Some(problem.name().to_owned()),
        routes: plan.routes.enumerate().map(|(shift, route)| write_route(problem, shift, route)).collect(),
        unserved: plan.left_out(problem).map(|visit| problem.visits()[visit].label.clone()).collect(),
    };
    // Strings, whole numbers and booleans only: writing cannot fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn write_route(problem: &Problem, id: ShiftId, route: &Route) -> RouteDocument {
    let clock = problem.clock();
    let shift = &problem.shifts()[id];
    let times = route.stops.iter().flat_map(|stop| [stop.arrival, stop.start, stop.end]).chain([route.departure, route.back]);
    let first = times.min().unwrap_or(shift.start);
    let day = first.0.div_euclid(ticks_per_day(clock)) + 1;
    let write = |moment| write_time(clock, day, moment);
    let stops = route.stops.iter().map(|stop| {
        let visit = match stop.task {
            Task::Visit(visit) => Some(&problem.visits()[visit]),
            Task::Break => None,
        };
        StopDocument {
            visit: visit.map(|visit| visit.label.clone()),
            citizen: visit.map(|visit| problem.citizens()[visit.citizen].label.clone()),
            pause: visit.is_none(),
            arrival: write(stop.arrival),
            start: write(stop.start),
            end: write(stop.end),
        }
    });
    RouteDocument {
        shift: shift.label.clone(),
        carer: Some(problem.carers()[shift.carer].label.clone()),
        day,
        departure: write(route.departure),
        stops: stops.collect(),
        back: write(route.back),
    }
}

fn ticks_per_day(clock: Clock) -> i64 {
    1440 * clock.ticks_per_minute
}

/// `HH:MM:SS`, with decimals where the tick is not a whole second.
fn write_time(clock: Clock, day: i64, moment: Moment) -> String {
    let ticks = moment.0 - (day - 1) * ticks_per_day(clock);
    let fine = i128::from(ticks) * 60 * FINE;
    let per_minute = i128::from(clock.ticks_per_minute);
    let rounded = (fine + per_minute / 2).div_euclid(per_minute);
    let (seconds, fraction) = (rounded / FINE, rounded % FINE);
    let whole = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { whole } else { format!("{whole}.{}", format!("{fraction:05}").trim_end_matches('0')) }
}

/// Reads a plan of this problem. Shifts that are not named stay unused; visits in no route are unserved, named so or not.
///
/// # Errors
/// Every fault with its JSON pointer: unknown shifts, visits, carers and citizens, shifts named twice, times that are none, visits
/// both served and unserved.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let document: PlanDocument = pointer::parse(text)?;
    let mut faults = Faults::default();
    if document.format != FORMAT {
        faults.add("/format", format!("is `{}`, this reads `{FORMAT}`", document.format));
    }
    let reader = Reader {
        problem,
        shifts: problem.shifts().enumerate().map(|(id, shift)| (shift.label.as_str(), id)).collect(),
        visits: problem.visits().enumerate().map(|(id, visit)| (visit.label.as_str(), id)).collect(),
    };
    let mut plan = Plan::empty(problem);
    let mut seen = BTreeSet::new();
    for (index, route) in document.routes.iter().enumerate() {
        let at = format!("/routes/{index}");
        let Some(&shift) = reader.shifts.get(route.shift.as_str()) else {
            faults.unknown(format!("{at}/shift"), "shift", &route.shift);
            continue;
        };
        if !seen.insert(shift) {
            faults.add(format!("{at}/shift"), format!("`{}` has a route already", route.shift));
        }
        plan.routes[shift] = reader.route(&at, shift, route, &mut faults);
    }
    let served: BTreeSet<VisitId> = plan.routes.iter().flat_map(Route::visits).collect();
    for (index, label) in document.unserved.iter().enumerate() {
        match reader.visits.get(label.as_str()) {
            None => faults.unknown(format!("/unserved/{index}"), "visit", label),
            Some(visit) if served.contains(visit) => faults.add(format!("/unserved/{index}"), format!("`{label}` is served in a route")),
            Some(_) => {}
        }
    }
    plan.unserved.retain(|visit| !served.contains(visit));
    faults.into_result(plan)
}

/// The problem's ids by label.
struct Reader<'a> {
    problem: &'a Problem,
    shifts: BTreeMap<&'a str, ShiftId>,
    visits: BTreeMap<&'a str, VisitId>,
}

impl Reader<'_> {
    fn route(&self, at: &str, id: ShiftId, route: &RouteDocument, faults: &mut Faults) -> Route {
        let carer = &self.problem.carers()[self.problem.shifts()[id].carer].label;
        if let Some(named) = route.carer.as_ref().filter(|named| *named != carer) {
            faults.add(format!("{at}/carer"), format!("`{named}` does not work shift `{}`, `{carer}` does", route.shift));
        }
        let mut time = |at: String, text: &str| {
            read_time(self.problem.clock(), route.day, text).unwrap_or_else(|| {
                faults.add(at, format!("`{text}` on day {} is not a time like 07:05:00 within reach", route.day));
                Moment(0)
            })
        };
        let departure = time(format!("{at}/departure"), &route.departure);
        let back = time(format!("{at}/back"), &route.back);
        let times: Vec<[Moment; 3]> = route
            .stops
            .iter()
            .enumerate()
            .map(|(index, stop)| {
                let at = format!("{at}/stops/{index}");
                [time(format!("{at}/arrival"), &stop.arrival), time(format!("{at}/start"), &stop.start), time(format!("{at}/end"), &stop.end)]
            })
            .collect();
        let mut stops = Vec::with_capacity(route.stops.len());
        for ((index, stop), [arrival, start, end]) in route.stops.iter().enumerate().zip(times) {
            if let Some(task) = self.task(&format!("{at}/stops/{index}"), stop, faults) {
                stops.push(Stop { task, arrival, start, end });
            }
        }
        Route { departure, stops, back }
    }

    fn task(&self, at: &str, stop: &StopDocument, faults: &mut Faults) -> Option<Task> {
        match (&stop.visit, stop.pause) {
            (None, true) => Some(Task::Break),
            (Some(label), false) => {
                let Some(&visit) = self.visits.get(label.as_str()) else {
                    faults.unknown(format!("{at}/visit"), "visit", label);
                    return None;
                };
                let citizen = &self.problem.citizens()[self.problem.visits()[visit].citizen].label;
                if let Some(named) = stop.citizen.as_ref().filter(|named| *named != citizen) {
                    faults.add(format!("{at}/citizen"), format!("visit `{label}` is at citizen `{citizen}`, not `{named}`"));
                }
                Some(Task::Visit(visit))
            }
            _ => {
                faults.add(at, "is either a `visit` or a `break`");
                None
            }
        }
    }
}

/// The moment nearest to `HH:MM:SS` with optional decimals, any number of hours; `None` for anything else or out of reach.
fn read_time(clock: Clock, day: i64, text: &str) -> Option<Moment> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let mut part = |longest: usize, most: i128| {
        let digits = parts.next()?;
        let plain = (2..=longest).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i128>().ok().filter(|&value| plain && value <= most)
    };
    let seconds = part(12, i128::MAX)? * 3600 + part(2, 59)? * 60 + part(2, 59)?;
    if parts.next().is_some() || !(1..=5).contains(&fraction.len()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fine = seconds * FINE + format!("{fraction:0<5}").parse::<i128>().ok()?;
    let ticks = (fine * i128::from(clock.ticks_per_minute) + 30 * FINE).div_euclid(60 * FINE);
    let moment = ticks + (i128::from(day) - 1) * i128::from(ticks_per_day(clock));
    let reach = -i128::from(LATEST.0)..=4 * i128::from(LATEST.0);
    i64::try_from(moment).ok().filter(|&moment| reach.contains(&i128::from(moment))).map(Moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tick_of_every_clock_reads_back() {
        for ticks_per_minute in [1, 7, 10, 60, 999, 1000, 1_000_000] {
            let clock = Clock { ticks_per_minute };
            for ticks in (0..2000).chain([123_456_789, LATEST.0]) {
                for day in [1, 2, 0] {
                    let moment = Moment(ticks + (day.max(1) - 1) * ticks_per_day(clock));
                    let text = write_time(clock, day, moment);
                    assert_eq!(read_time(clock, day, &text), Some(moment), "{ticks} ticks of 1/{ticks_per_minute} minute as {text}");
                }
            }
        }
    }

    #[test]
    fn a_second_reads_like_a_clock() {
        let clock = Clock { ticks_per_minute: 60 };
        assert_eq!(write_time(clock, 2, Moment(86_400 + 25_500)), "07:05:00");
        assert_eq!(write_time(Clock { ticks_per_minute: 1000 }, 1, Moment(425_001)), "07:05:00.06");
    }

    #[test]
    fn anything_but_a_time_is_refused() {
        let clock = Clock { ticks_per_minute: 60 };
        for bad in ["", "07:05", "7:05:00", "07:60:00", "07:05:00.", "07:05:00.123456", "-7:05:00", "999999999999:00:00", "07:05:00:00"] {
            assert_eq!(read_time(clock, 1, bad), None, "{bad}");
        }
        assert_eq!(read_time(clock, i64::MAX, "07:05:00"), None);
        assert_eq!(read_time(clock, i64::MIN, "07:05:00"), None);
    }
}
