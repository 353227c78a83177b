//! Plans: `{"routes": [{"carer": 3, "stops": [[17, 27000], [4, 30150]]}]}`, each stop a visit and its start in seconds.

use std::collections::BTreeMap;

use kendt_solver::plan::{Plan, Route, Task};
use kendt_solver::problem::{IdVec, Problem, ShiftId, VisitId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::gather::{Faults, not_json};
use crate::timetable::{self, Stated};
use crate::{ReadError, times};

#[derive(Deserialize)]
struct Roster {
    routes: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    carer: Option<f64>,
    stops: Vec<Vec<Option<f64>>>,
}

/// Writes a plan. Carers who stay at home are not listed. The format has no breaks.
pub(crate) fn write_plan(problem: &Problem, plan: &Plan) -> String {
    let used = problem.shifts().enumerate().filter_map(|(id, shift)| {
        let route = plan.routes.get(id).filter(|route| !route.stops.is_empty())?;
        let stops = route.stops.iter().filter_map(|stop| match stop.task {
            Task::Visit(visit) => Some(json!([visit.idx(), stop.start.0])),
            Task::Break => None,
        });
        Some(json!({ "carer": shift.carer.idx(), "stops": stops.collect::<Vec<_>>() }))
    });
    format!("{}\n", json!({ "routes": used.collect::<Vec<Value>>() }))
}

/// Reads a plan. Stops stay in the order they are listed in, whatever their starts say.
///
/// # Errors
/// Every fault: unknown visits and carers, starts that are no whole seconds, a carer with two routes.
pub(crate) fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let roster: Roster = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let mut faults = Faults::default();
    let mut listed: BTreeMap<ShiftId, Vec<Stated>> = BTreeMap::new();
    for (number, route) in roster.routes.iter().enumerate() {
        let at = format!("/routes/{number}");
        let stops = route.stops.iter().enumerate();
        let stops = stops.filter_map(|(position, stop)| stated(problem, stop, &format!("{at}/stops/{position}"), &mut faults)).collect();
        let at = format!("{at}/carer");
        // Every carer has one shift, so both are numbered alike.
        let Some(carer) = index(route.carer, problem.shifts().len(), "carers", &at, &mut faults) else { continue };
        if listed.insert(ShiftId::new(carer), stops).is_some() {
            faults.add(at, format!("carer {carer} has two routes"));
        }
    }
    let stops_of = |shift| listed.get(&shift).map_or(&[][..], Vec::as_slice);
    let routes: IdVec<ShiftId, Route> = problem.shifts().ids().map(|shift| timetable::route(problem, shift, stops_of(shift))).collect();
    faults.finish(timetable::plan(problem, routes))
}

fn stated(problem: &Problem, stop: &[Option<f64>], at: &str, faults: &mut Faults) -> Option<Stated> {
    let &[visit, start] = stop else {
        faults.add(at, format!("has {} entries, needs a visit and its start", stop.len()));
        return None;
    };
    let visit = VisitId::new(index(visit, problem.visits().len(), "visits", &format!("{at}/0"), faults)?);
    let start = times::moment(times::whole(start, format_args!("{at}/1"), faults));
    Some(Stated { task: Task::Visit(visit), start, end: start + problem.visits()[visit].duration })
}

fn index(stated: Option<f64>, n: usize, kind: &str, at: &str, faults: &mut Faults) -> Option<usize> {
    let value = times::whole(stated, at, faults);
    let index = usize::try_from(value).ok().filter(|&index| index < n);
    if index.is_none() {
        faults.add(at, format!("is {value}, there are {n} {kind}"));
    }
    index
}
