//! Prices a plan from its own times, stop by stop. The plain version: searches have faster ones and are tested against this.

use super::Breakdown;
use crate::plan::{Plan, Route, Task};
use crate::problem::{CarerId, CitizenId, CourseId, Departure, Moment, Need, Problem, Shift, ShiftId, Term, Ticks, Visit, Window};

/// The breakdown of a plan at the times it states. Trusts that the plan is well-formed: [`crate::check`] judges that.
///
/// Required visits left out count under [`Term::Unserved`] only where that term is priced; where it is hard they are violations.
///
/// # Panics
/// When the plan names visits or shifts that the problem does not have.
#[must_use]
pub fn evaluate(problem: &Problem, plan: &Plan) -> Breakdown {
    let mut sum = Breakdown::default();
    let mut loads = Vec::with_capacity(problem.shifts().len());
    for (id, shift) in problem.shifts().enumerate() {
        loads.push(route(problem, id, shift, &plan.routes[id], &mut sum));
    }
    let total: i64 = loads.iter().sum();
    sum.add(Term::WorkingTime, total);
    let n = i64::try_from(loads.len()).expect("the builder bounds the number of shifts");
    for load in loads {
        sum.add(Term::Balance, ceil_div((n * load - total).abs(), n));
    }
    let unserved_is_hard = problem.objective().is_hard(Term::Unserved);
    for visit in plan.left_out(problem) {
        let visit = &problem.visits()[visit];
        if visit.need == Need::Optional || !unserved_is_hard {
            sum.add(Term::Unserved, visit.unserved_cost);
        }
    }
    faces(problem, plan, &mut sum);
    irregularity(problem, plan, &mut sum);
    sum
}

/// Adds who comes to whom at all.
fn faces(problem: &Problem, plan: &Plan, sum: &mut Breakdown) {
    let of_route = |(shift, route): (ShiftId, &'_ Route)| {
        let carer = problem.shifts()[shift].carer;
        route.visits().map(|visit| (problem.visits()[visit].citizen, carer)).collect::<Vec<_>>()
    };
    let mut come: Vec<(CitizenId, CarerId)> = plan.routes.enumerate().flat_map(of_route).collect();
    come.sort_unstable();
    come.dedup();
    for of_one in come.chunk_by(|one, next| one.0 == next.0) {
        let citizen = &problem.citizens()[of_one[0].0];
        let n = of_one.len() as i64;
        sum.add(Term::Faces, n - 1);
        sum.add(Term::NewFaces, of_one.iter().filter(|(_, carer)| !citizen.knows(*carer)).count() as i64);
        sum.add(Term::AboveCap, citizen.cap.map_or(0, |cap| (n - i64::from(cap)).max(0)));
    }
}

/// Adds how far starts are from the usual time of their course.
fn irregularity(problem: &Problem, plan: &Plan, sum: &mut Breakdown) {
    let mut starts: Vec<(CitizenId, CourseId, i64)> = Vec::new();
    for stop in plan.routes.iter().flat_map(|route| &route.stops) {
        let Task::Visit(visit) = stop.task else { continue };
        let visit = &problem.visits()[visit];
        if let Some(course) = visit.course {
            starts.push((visit.citizen, course, time_of_day(problem, visit, stop.start)));
        }
    }
    starts.sort_unstable();
    for of_course in starts.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
        let median = of_course[(of_course.len() - 1) / 2].2;
        sum.add(Term::Irregularity, of_course.iter().map(|(.., at)| (at - median).abs()).sum());
    }
}

/// Ticks from the midnight before the window that a start belongs to.
pub(crate) fn time_of_day(problem: &Problem, visit: &Visit, start: Moment) -> i64 {
    let day = problem.clock().ticks_per_minute * 1440;
    start.0 - window_of(visit, start).open.0.div_euclid(day) * day
}

/// `numerator / denominator` rounded up, for a numerator of at least 0 and a positive denominator.
fn ceil_div(numerator: i64, denominator: i64) -> i64 {
    (numerator + denominator - 1) / denominator
}

/// Adds one route's terms and returns its work: service and travel ticks.
fn route(problem: &Problem, id: ShiftId, shift: &Shift, route: &Route, sum: &mut Breakdown) -> i64 {
    if shift.pause.is_some() && !route.tasks().any(|task| task == Task::Break) {
        sum.add(Term::MissedBreak, 1);
    }
    if route.stops.is_empty() {
        sum.raise(Term::GreatestIdle, (shift.end - shift.start).0);
        return 0;
    }
    let (mut work, mut waiting, mut gaps, mut load) = (0, 0, 0, 0);
    let price = problem.travel_price(id);
    if route.visits().next().is_some() {
        sum.add(Term::ShiftUse, shift.use_cost);
    }
    let mut here = shift.from;
    for (position, stop) in route.stops.iter().enumerate() {
        let gap = (stop.start - stop.arrival).0;
        gaps += gap;
        let after_opening_break = position == 1 && route.stops[0].task == Task::Break;
        let before_leaving = position == 0 && problem.objective().departure == Departure::JustInTime;
        if !after_opening_break && !before_leaving {
            waiting += gap;
        }
        let there = route.place_of(problem, position, here);
        let ride = problem.travel_time(id, here, there).0;
        sum.add(Term::Travel, price * ride);
        work += ride;
        here = there;
        if let Task::Visit(visit) = stop.task {
            let visit = &problem.visits()[visit];
            work += visit.duration.0;
            load += visit.load;
            timing(visit, stop.start, sum);
            assignment(problem, visit, shift, sum);
        }
    }
    let ride = problem.travel_time(id, here, shift.to).0;
    sum.add(Term::Travel, price * ride);
    work += ride;
    sum.add(Term::Waiting, waiting);
    slack(problem, shift, route, work, sum);
    not_last(problem, route, sum);
    sum.add(Term::Overtime, (route.back - shift.end).0.max(0));
    let at_base = (route.departure - shift.start).0.max(0) + (shift.end - route.back).0.max(0);
    sum.raise(Term::GreatestIdle, gaps + at_base);
    if let Some(capacity) = shift.capacity {
        sum.add(Term::Overload, (load - capacity).max(0));
    }
    work
}

/// Adds what the route falls short of the slack asked for, and the visits outside the carer's hours; `work` is its service and travel.
fn slack(problem: &Problem, shift: &Shift, route: &Route, work: i64, sum: &mut Breakdown) {
    let rests = route.tasks().any(|task| task == Task::Break);
    let rest = shift.pause.filter(|_| rests).map_or(0, |rule| rule.min_duration.0);
    let mut before: Option<&Visit> = None;
    let mut without_pause = 0;
    let mut visits = 0;
    for stop in &route.stops {
        let Task::Visit(visit) = stop.task else {
            (before, without_pause) = (None, 0);
            continue;
        };
        let (visit, waits) = (&problem.visits()[visit], stop.start - stop.arrival);
        visits += 1;
        if before.is_some_and(|before| before.place != visit.place) {
            sum.add(Term::ShortBuffer, shift.slack.buffer_cost * (shift.slack.buffer - waits).0.max(0));
        }
        if let Some(chain) = shift.slack.chain {
            without_pause = if before.is_some() && waits >= chain.pause { 1 } else { without_pause + 1 };
            sum.add(Term::LongChain, if without_pause > i64::from(chain.visits) { chain.cost } else { 0 });
        }
        if let Some(hours) = shift.hours.filter(|hours| stop.start < hours.from || stop.end > hours.until) {
            sum.add(Term::OutsideHours, hours.cost);
        }
        before = Some(visit);
    }
    if visits > 0 && shift.slack.free > Ticks(0) {
        let free = (shift.end - shift.start).0 - work - rest;
        sum.add(Term::ShortSlack, shift.slack.free_cost * (shift.slack.free.0 - free).max(0));
    }
}

/// Adds the prices of visits that were to be the last ones.
fn not_last(problem: &Problem, route: &Route, sum: &mut Breakdown) {
    let visits: Vec<&Visit> = route.visits().map(|visit| &problem.visits()[visit]).collect();
    for (at, visit) in visits.iter().enumerate().filter(|(_, visit)| visit.not_last_cost > 0) {
        let goes_on = visits[at + 1..].iter().any(|next| next.citizen != visit.citizen && next.not_last_cost == 0);
        sum.add(Term::NotLast, if goes_on { visit.not_last_cost } else { 0 });
    }
}

/// Ticks after the close of the latest window that has opened by `start`.
pub(crate) fn lateness(visit: &Visit, start: Moment) -> i64 {
    (start - window_of(visit, start).close).0.max(0)
}

/// The latest window that has opened by `start`, or the first one.
fn window_of(visit: &Visit, start: Moment) -> Window {
    *visit.windows.iter().rev().find(|window| window.open <= start).unwrap_or(&visit.windows[0])
}

fn timing(visit: &Visit, start: Moment, sum: &mut Breakdown) {
    let late = lateness(visit, start);
    sum.add(Term::Lateness, late);
    sum.raise(Term::GreatestLateness, late);
    if let Some(wish) = &visit.preference {
        sum.add(Term::Early, wish.early * (wish.from - start).0.max(0));
        sum.add(Term::Late, wish.late * (start - wish.until).0.max(0));
    }
    if let Some(promise) = &visit.published {
        let moved = ((start - promise.start).0.abs() - promise.tolerance.0).max(0);
        let charge = if moved > 0 { promise.time_moved } else { 0 };
        sum.add(Term::Disruption, charge + promise.per_tick * moved);
    }
}

fn assignment(problem: &Problem, visit: &Visit, shift: &Shift, sum: &mut Breakdown) {
    let carer = shift.carer;
    if !visit.preferred.is_empty() && !visit.preferred.contains(&carer) {
        sum.add(Term::CarerPreference, 1);
    }
    if visit.excluded.contains(&carer) {
        sum.add(Term::Exclusion, 1);
    }
    if !visit.skills.is_subset(problem.carers()[carer].skills) {
        sum.add(Term::Qualification, 1);
    }
    if let Some(promise) = &visit.published
        && promise.carer != carer
    {
        sum.add(Term::Disruption, promise.carer_changed);
    }
    sum.add(Term::CarerCost, visit.carer_cost(carer));
    sum.add(Term::Content, visit.content.cost);
}
