//! From the file to a problem.

use kendt_solver::problem::{
    BreakRule, Carer, CarerId, Citizen, Clock, ModeId, PlaceId, Problem, ProblemBuilder, Shift, SkillSet, Slack, Ticks, VisitId,
};

use super::visits::{self, Context, Met};
use super::wire::{Caregiver, File};
use super::{objective, shift_label};
use crate::gather::Faults;
use crate::names::Names;
use crate::{ReadError, matrix, skills, times};

/// The problem in the file, or all its faults.
pub(super) fn problem(file: &File, name: &str) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    let (objective, left_out) = objective::objective(&file.metadata, &mut faults);
    let services = Names::new("service", "/services", file.services.iter().map(|service| service.id.as_str()), &mut faults);
    let carers = Names::new("caregiver", "/caregivers", file.caregivers.iter().map(|carer| carer.id.as_str()), &mut faults);
    let patients = Names::new("patient", "/patients", file.patients.iter().map(|patient| patient.id.as_str()), &mut faults);
    skills::count(file.services.len(), &mut faults);
    let n_places = file.distances.len();
    let rides = matrix::entries(&file.distances, None, &mut faults, ride);
    let travel = matrix::travel(n_places, &rides, &mut faults);
    let windows = Met::read(file.metadata.time_window_met.as_deref(), &mut faults);
    let terminals = Terminals::read(file, &patients, n_places, &mut faults);
    let pause = pause(file, windows, &mut faults);

    let name = file.metadata.name.as_deref().unwrap_or(name);
    let mut builder = ProblemBuilder::new(name, Clock { ticks_per_minute: 1 }, travel, objective);
    for (index, caregiver) in file.caregivers.iter().enumerate() {
        let at = format!("/caregivers/{index}");
        let abilities = services.find_all(&caregiver.abilities, &format!("{at}/abilities"), &mut faults);
        let skills: SkillSet = skills::set(&abilities);
        let carer = builder.carers.push(Carer { label: caregiver.id.clone(), skills, mode: ModeId::new(0), team: None });
        builder.shifts.push(shift(caregiver, carer, &terminals, pause, &at, &mut faults));
    }
    let context = Context { file, services: &services, carers: &carers, windows, left_out };
    for (index, patient) in file.patients.iter().enumerate() {
        let at = format!("/patients/{index}");
        let citizen = builder.citizens.push(Citizen::new(patient.id.clone()));
        let place = place(patient.distance_matrix_index, n_places, &at, &mut faults);
        let visits = visits::visits(&context, patient, citizen, place, &at, &mut faults);
        let ids: Vec<VisitId> = visits.into_iter().map(|visit| builder.visits.push(visit)).collect();
        builder.links.extend(visits::link(patient, &ids, left_out, &at, &mut faults));
    }
    Ok(faults.finish(builder)?.build()?)
}

/// One entry of the matrix. A place is no ride from itself: plans would otherwise pay for a break twice.
fn ride(stated: Option<f64>, from: usize, to: usize, faults: &mut Faults) -> i64 {
    let ride = times::whole(stated, format_args!("/distances/{from}/{to}"), faults);
    if from == to && ride != 0 {
        faults.add(format_args!("/distances/{from}/{to}"), format!("is {ride}, a place is 0 from itself"));
    }
    ride
}

/// A row of the matrix.
fn place(stated: Option<f64>, n_places: usize, at: &str, faults: &mut Faults) -> PlaceId {
    let at = format!("{at}/distance_matrix_index");
    let index = usize::try_from(times::whole(stated, &at, faults)).unwrap_or(usize::MAX);
    if index < n_places {
        return PlaceId::new(index);
    }
    faults.add(at, format!("is {index}, the matrix has {n_places} rows"));
    PlaceId::new(0)
}

/// Where carers start and end.
struct Terminals<'a> {
    names: Names<'a>,
    places: Vec<PlaceId>,
}

impl<'a> Terminals<'a> {
    fn read(file: &'a File, patients: &Names<'_>, n_places: usize, faults: &mut Faults) -> Self {
        let list = "/terminal_points";
        let names = Names::new("terminal point", list, file.terminal_points.iter().map(|point| point.id.as_str()), faults);
        let mut places = Vec::with_capacity(file.terminal_points.len());
        for (index, point) in file.terminal_points.iter().enumerate() {
            if patients.contains(&point.id) {
                faults.add(format_args!("{list}/{index}/id"), format!("\"{}\" is a patient too", point.id));
            }
            places.push(place(point.distance_matrix_index, n_places, &format!("{list}/{index}"), faults));
        }
        Self { names, places }
    }

    fn place(&self, id: Option<&str>, at: String, faults: &mut Faults) -> PlaceId {
        let Some(id) = id else {
            faults.add(at, "is missing");
            return PlaceId::new(0);
        };
        self.names.find(id, at, faults).and_then(|index| self.places.get(index)).copied().unwrap_or(PlaceId::new(0))
    }
}

/// The break of carers who have one. Whether it must begin or end in time is said where it is for services.
fn pause(file: &File, met: Met, faults: &mut Faults) -> Option<BreakRule> {
    let rule = file.lunch_breaks.as_ref()?;
    let open = times::moment(times::whole(rule.start, "/lunch_breaks/start", faults));
    let end = times::moment(times::whole(rule.end, "/lunch_breaks/end", faults));
    let min_duration = Ticks(times::whole(rule.min_duration, "/lunch_breaks/min_duration", faults));
    Some(match met {
        Met::Start => BreakRule { open, latest_begin: end, min_duration, latest_end: end + min_duration },
        Met::End => BreakRule { open, latest_begin: end - min_duration, min_duration, latest_end: end },
    })
}

fn shift(caregiver: &Caregiver, carer: CarerId, terminals: &Terminals<'_>, pause: Option<BreakRule>, at: &str, faults: &mut Faults) -> Shift {
    let has_break = caregiver.lunch_break == Some(true);
    if has_break && pause.is_none() {
        faults.add(format_args!("{at}/lunch_break"), "is true, but the file has no /lunch_breaks");
    }
    Shift {
        label: shift_label(&caregiver.id, caregiver.departing_point.as_deref().unwrap_or_default()),
        carer,
        start: times::moment(times::whole(caregiver.working_shift.start, format_args!("{at}/working_shift/start"), faults)),
        end: times::moment(times::whole(caregiver.working_shift.end, format_args!("{at}/working_shift/end"), faults)),
        from: terminals.place(caregiver.departing_point.as_deref(), format!("{at}/departing_point"), faults),
        to: terminals.place(caregiver.arrival_point.as_deref(), format!("{at}/arrival_point"), faults),
        capacity: None,
        pause: pause.filter(|_| has_break),
        slack: Slack::default(),
        hours: None,
        use_cost: 0,
    }
}
