//! The shape of plans that both home-care formats share: a list of routes, one per carer, each a list of locations.
//!
//! ```json
//! {"routes": [{"caregiver_id": "c1", "locations": [{"patient": "p2", "service": "s1", "arrival_time": 60, "departure_time": 75}]}]}
//! ```
//!
//! `arrival_time` is the *start* of the service and `departure_time` its end; published files use some other names for the same fields.

use std::collections::BTreeMap;

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{IdVec, Problem, Shift, ShiftId, Visit, VisitId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::gather::{Faults, not_json};
use crate::timetable::{self, Stated};
use crate::{ReadError, times};

#[derive(Deserialize)]
struct Roster {
    routes: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    caregiver_id: String,
    locations: Option<Vec<Location>>,
}

#[derive(Deserialize)]
struct Location {
    patient: Option<String>,
    patient_id: Option<String>,
    service: Option<String>,
    service_id: Option<String>,
    start_service_time: Option<f64>,
    start_time: Option<f64>,
    arrival_time: Option<f64>,
    end_service_time: Option<f64>,
    end_time: Option<f64>,
    departure_time: Option<f64>,
}

impl Location {
    fn patient(&self) -> Option<&str> {
        self.patient.as_deref().or(self.patient_id.as_deref())
    }
    fn service(&self) -> Option<&str> {
        self.service.as_deref().or(self.service_id.as_deref())
    }
    fn start(&self) -> Option<f64> {
        self.start_service_time.or(self.start_time).or(self.arrival_time)
    }
    fn end(&self) -> Option<f64> {
        self.end_service_time.or(self.end_time).or(self.departure_time)
    }
}

/// The patient and the service that a visit's label was made of. The patient is the citizen's label, so ids may hold slashes.
fn patient_and_service<'a>(problem: &'a Problem, visit: &'a Visit) -> (&'a str, &'a str) {
    let patient = problem.citizens().get(visit.citizen).map_or("", |citizen| citizen.label.as_str());
    let service = visit.label.strip_prefix(patient).and_then(|rest| rest.strip_prefix('/'));
    (patient, service.unwrap_or(&visit.label))
}

/// The label of a visit: one service at one patient's home.
pub(crate) fn visit_label(patient: &str, service: &str) -> String {
    format!("{patient}/{service}")
}

/// What the ids in a plan stand for.
struct Index<'a> {
    problem: &'a Problem,
    shifts: BTreeMap<&'a str, ShiftId>,
    visits: BTreeMap<(&'a str, &'a str), VisitId>,
    break_service: Option<&'a str>,
}

impl<'a> Index<'a> {
    fn new(problem: &'a Problem, break_service: Option<&'a str>) -> Self {
        let shifts = problem.shifts().enumerate().map(|(id, shift)| (carer(problem, shift), id)).collect();
        let visits = problem.visits().enumerate().map(|(id, visit)| (patient_and_service(problem, visit), id)).collect();
        Self { problem, shifts, visits, break_service }
    }

    fn stated(&self, location: &Location, at: &str, faults: &mut Faults) -> Option<Stated> {
        let clock = self.problem.clock();
        let start = times::plan_time(location.start(), clock, format_args!("{at}/arrival_time"), faults);
        let end = times::plan_time(location.end(), clock, format_args!("{at}/departure_time"), faults);
        let Some(service) = location.service() else {
            faults.add(format_args!("{at}/service"), "is missing");
            return None;
        };
        if self.break_service == Some(service) {
            return Some(Stated { task: Task::Break, start, end });
        }
        let Some(patient) = location.patient() else {
            faults.add(format_args!("{at}/patient"), "is missing");
            return None;
        };
        let Some(&visit) = self.visits.get(&(patient, service)) else {
            faults.add(at, format!("patient \"{patient}\" with service \"{service}\" does not exist"));
            return None;
        };
        Some(Stated { task: Task::Visit(visit), start, end })
    }
}

fn carer<'a>(problem: &'a Problem, shift: &Shift) -> &'a str {
    problem.carers().get(shift.carer).map_or("", |carer| carer.label.as_str())
}

/// Reads a plan. Locations are taken in the order of their starts, for published files list breaks out of order.
/// `break_service` is the service id that means a break, where the format has breaks. A break's patient is not looked at: the visit after
/// the break says where it is.
///
/// # Errors
/// Every fault: unknown or missing ids, missing or impossible times, a carer with two routes.
pub(crate) fn read(problem: &Problem, text: &str, break_service: Option<&str>) -> Result<Plan, ReadError> {
    let roster: Roster = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let mut faults = Faults::default();
    let index = Index::new(problem, break_service);
    let mut listed: BTreeMap<ShiftId, Vec<Stated>> = BTreeMap::new();
    for (number, route) in roster.routes.iter().enumerate() {
        let at = format!("/routes/{number}");
        let Some(&shift) = index.shifts.get(route.caregiver_id.as_str()) else {
            faults.add(format_args!("{at}/caregiver_id"), format!("caregiver \"{}\" does not exist", route.caregiver_id));
            continue;
        };
        let locations = route.locations.iter().flatten().enumerate();
        let mut stops: Vec<Stated> =
            locations.filter_map(|(position, location)| index.stated(location, &format!("{at}/locations/{position}"), &mut faults)).collect();
        stops.sort_by_key(|stop| stop.start);
        if listed.insert(shift, stops).is_some() {
            faults.add(format_args!("{at}/caregiver_id"), format!("caregiver \"{}\" has two routes", route.caregiver_id));
        }
    }
    let stops_of = |shift| listed.get(&shift).map_or(&[][..], Vec::as_slice);
    let routes: IdVec<ShiftId, Route> = problem.shifts().ids().map(|shift| timetable::route(problem, shift, stops_of(shift))).collect();
    faults.finish(timetable::plan(problem, routes))
}

/// The `routes` of a plan: every carer is there, the unused ones with no locations. `break_at_start(shift)` is the place name of
/// a break in a route without visits.
///
/// A break stands at the patient it precedes, or at the one it follows if it comes last.
pub(crate) fn write(problem: &Problem, plan: &Plan, break_service: &str, break_at_start: impl Fn(&Shift) -> String) -> Value {
    let routes = problem.shifts().enumerate().map(|(id, shift)| {
        let route = plan.routes.get(id);
        let stops = route.map_or(&[][..], |route| route.stops.as_slice());
        let mut here = None;
        let mut locations = Vec::with_capacity(stops.len());
        for (position, stop) in stops.iter().enumerate() {
            if let Some((patient, service)) = served(problem, stop) {
                locations.push(location(problem, stop, patient, service));
                here = Some(patient);
            } else {
                let after = stops.iter().skip(position).find_map(|next| served(problem, next)).map(|(patient, _)| patient);
                let at = after.or(here).map_or_else(|| break_at_start(shift), str::to_owned);
                locations.push(location(problem, stop, &at, break_service));
            }
        }
        json!({ "caregiver_id": carer(problem, shift), "locations": locations })
    });
    Value::Array(routes.collect())
}

/// The patient and the service of a stop, if it is a visit.
fn served<'a>(problem: &'a Problem, stop: &Stop) -> Option<(&'a str, &'a str)> {
    match stop.task {
        Task::Visit(visit) => problem.visits().get(visit).map(|visit| patient_and_service(problem, visit)),
        Task::Break => None,
    }
}

fn location(problem: &Problem, stop: &Stop, patient: &str, service: &str) -> Value {
    json!({
        "patient": patient,
        "service": service,
        "arrival_time": times::shown(stop.start, problem.clock()),
        "departure_time": times::shown(stop.end, problem.clock()),
    })
}

/// The text of a plan's file with these fields.
pub(crate) fn text(fields: impl IntoIterator<Item = (&'static str, Value)>) -> String {
    let object: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    format!("{}\n", Value::Object(object))
}
