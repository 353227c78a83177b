//! Plans as text: `Day 1 vehicle 2: 17 4 9` route by route, then `Cost 9628.27`. The literature publishes costs only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kendt_solver::cost::evaluate;
use kendt_solver::plan::{Plan, Task};
use kendt_solver::problem::{IdVec, Problem, ShiftId, VisitId};

use crate::ReadError;
use crate::gather::Faults;
use crate::timetable::{self, Stated};

/// Writes a plan; only routes that are used have a line.
pub(crate) fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let mut text = String::new();
    let (days, _) = days(problem);
    let mut used: Vec<(usize, ShiftId)> = problem
        .shifts()
        .ids()
        .filter(|&shift| plan.routes.get(shift).is_some_and(|route| route.visits().next().is_some()))
        .map(|shift| (days[shift.idx()], shift))
        .collect();
    used.sort_unstable();
    for (day, shift) in used {
        let _ = write!(text, "Day {day} vehicle {}:", problem.shifts()[shift].carer.idx() + 1);
        for visit in plan.routes[shift].visits().filter_map(|visit| problem.visits().get(visit)) {
            let _ = write!(text, " {}", visit.citizen.idx() + 1);
        }
        text.push('\n');
    }
    let cost = evaluate(problem, plan).cost(problem.objective());
    let _ = writeln!(text, "Cost {:.2}", problem.objective().reported(cost));
    text
}

/// Reads a plan; times are the earliest ones. The stated cost is not looked at.
///
/// # Errors
/// Every fault: lines that are no routes, unknown days, vehicles and customers, customers without a visit that day, second routes.
pub(crate) fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let mut faults = Faults::default();
    let (days, starts) = days(problem);
    let shifts: BTreeMap<(usize, usize), ShiftId> =
        problem.shifts().enumerate().map(|(id, shift)| ((days[id.idx()], shift.carer.idx() + 1), id)).collect();
    let day_of = |visit: VisitId| starts.partition_point(|&start| start <= problem.visits()[visit].windows[0].open.0);
    let visits: BTreeMap<(usize, usize), VisitId> =
        problem.visits().enumerate().map(|(id, visit)| ((day_of(id), visit.citizen.idx() + 1), id)).collect();
    let mut sequences: BTreeMap<ShiftId, Vec<VisitId>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let at = format!("line {}", index + 1);
        let line = line.trim();
        if line.is_empty() || line.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("cost")) {
            continue;
        }
        let Some((day, vehicle, customers)) = route(line) else {
            faults.add(at, "is neither a route, `Day 1 vehicle 2: 17 4 9`, nor the cost");
            continue;
        };
        let Some(&shift) = shifts.get(&(day, vehicle)) else {
            faults.add(at, format!("there is no vehicle {vehicle} on day {day}"));
            continue;
        };
        let mut sequence = Vec::new();
        for word in customers.split_whitespace() {
            match word.parse().ok().and_then(|customer| visits.get(&(day, customer))) {
                Some(&visit) => sequence.push(visit),
                None => faults.add(&at, format!("customer {word} is not visited on day {day}")),
            }
        }
        if sequences.insert(shift, sequence).is_some() {
            faults.add(at, format!("is the second route of vehicle {vehicle} on day {day}"));
        }
    }
    let earliest = |shift: ShiftId| {
        let facts = &problem.shifts()[shift];
        let (mut here, mut free) = (facts.from, facts.start);
        let stops: Vec<Stated> = sequences
            .get(&shift)
            .into_iter()
            .flatten()
            .map(|&id| {
                let visit = &problem.visits()[id];
                let start = visit.windows[0].open.max(free + problem.travel_time(shift, here, visit.place));
                (here, free) = (visit.place, start + visit.duration);
                Stated { task: Task::Visit(id), start, end: free }
            })
            .collect();
        timetable::route(problem, shift, &stops)
    };
    let routes: IdVec<ShiftId, _> = problem.shifts().ids().map(earliest).collect();
    faults.finish(timetable::plan(problem, routes))
}

/// The day of each shift, from 1, and the start of each day, ascending.
fn days(problem: &Problem) -> (Vec<usize>, Vec<i64>) {
    let mut starts: Vec<i64> = problem.shifts().iter().map(|shift| shift.start.0).collect();
    starts.sort_unstable();
    starts.dedup();
    (problem.shifts().iter().map(|shift| starts.partition_point(|&start| start <= shift.start.0)).collect(), starts)
}

/// Day, vehicle and customers of a line.
fn route(line: &str) -> Option<(usize, usize, &str)> {
    let (head, customers) = line.split_once(':')?;
    let mut words = head.split_whitespace();
    let mut named = |name: &str| words.next().filter(|word| word.eq_ignore_ascii_case(name)).and_then(|_| words.next()?.parse().ok());
    let (day, vehicle) = (named("day")?, named("vehicle")?);
    words.next().is_none().then_some((day, vehicle, customers))
}
