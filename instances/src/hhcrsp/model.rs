//! From the file to a problem.

use kendt_solver::problem::{
    Carer, CarerId, Citizen, Clock, Content, Link, ModeId, Moment, Need, Objective, PlaceId, Problem, ProblemBuilder, Shift, SkillSet, Slack, Term,
    Ticks, Travel, Visit, VisitId, Weight, Window,
};

use super::wire::{File, Patient, Synchronization};
use crate::gather::Faults;
use crate::names::Names;
use crate::times::{self, Thousandths};
use crate::{ReadError, matrix, roster, skills};

/// A patient whose numbers are checked.
struct Checked {
    open: Thousandths,
    close: Thousandths,
    /// Service positions and durations, in the file's order.
    services: Vec<(usize, Thousandths)>,
    /// Smallest and largest difference of the two starts, where there are two services.
    apart: Option<(Thousandths, Thousandths)>,
}

impl Checked {
    fn times(&self) -> impl Iterator<Item = Thousandths> + '_ {
        let durations = self.services.iter().map(|&(_, duration)| duration);
        [self.open, self.close].into_iter().chain(durations).chain(self.apart.into_iter().flat_map(|(min, max)| [min, max]))
    }
}

/// The problem in the file, or all its faults.
pub(super) fn problem(file: &File, name: &str) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    let services = Names::new("service", "/services", file.services.iter().map(|service| service.id.as_str()), &mut faults);
    let _ = Names::new("caregiver", "/caregivers", file.caregivers.iter().map(|carer| carer.id.as_str()), &mut faults);
    let _ = Names::new("patient", "/patients", file.patients.iter().map(|patient| patient.id.as_str()), &mut faults);
    skills::count(file.services.len(), &mut faults);
    let skills = file.caregivers.iter().enumerate().map(|(index, carer)| {
        let abilities = services.find_all(&carer.abilities, &format!("/caregivers/{index}/abilities"), &mut faults);
        skills::set(&abilities)
    });
    let skills: Vec<SkillSet> = skills.collect();
    let patients = file.patients.iter().enumerate();
    let patients: Vec<Checked> =
        patients.map(|(index, patient)| check(file, patient, &format!("/patients/{index}"), &services, &mut faults)).collect();
    let n_places = file.patients.len() + 1;
    let rides = matrix::entries(&file.distances, Some(n_places), &mut faults, |stated, from, to, faults| {
        times::minutes(stated, format_args!("/distances/{from}/{to}"), faults)
    });
    let clock = times::clock_for(patients.iter().flat_map(Checked::times).chain(rides.iter().copied()));
    faults.finish(())?;
    let mut faults = Faults::default();
    let rides: Vec<i64> = rides.into_iter().map(|ride| ride.ticks(clock)).collect();
    let travel = matrix::travel(n_places, &rides, &mut faults);
    let builder = assemble(file, file.name.as_deref().unwrap_or(name), clock, travel, &patients, &skills);
    Ok(faults.finish(builder)?.build()?)
}

fn check(file: &File, patient: &Patient, at: &str, services: &Names<'_>, faults: &mut Faults) -> Checked {
    let (open, close) = window(patient, at, faults);
    let mut required: Vec<(usize, Thousandths)> = Vec::new();
    for (index, need) in patient.required_caregivers.iter().enumerate() {
        let at = format!("{at}/required_caregivers/{index}");
        let found = services.find(&need.service, format_args!("{at}/service"), faults);
        let default = found.and_then(|service| file.services.get(service)).and_then(|service| service.default_duration);
        let duration = times::minutes(need.duration.or(default), format_args!("{at}/duration"), faults);
        required.extend(found.map(|service| (service, duration)));
    }
    match patient.required_caregivers.as_slice() {
        [_] => {}
        [first, second] if first.service == second.service => {
            faults.add(format_args!("{at}/required_caregivers"), format!("asks twice for service \"{}\"", first.service));
        }
        [_, _] => {}
        other => faults.add(format_args!("{at}/required_caregivers"), format!("has {} services, allowed 1 or 2", other.len())),
    }
    let apart = (patient.required_caregivers.len() == 2).then(|| apart(patient.synchronization.as_ref(), at, faults));
    Checked { open, close, services: required, apart }
}

fn window(patient: &Patient, at: &str, faults: &mut Faults) -> (Thousandths, Thousandths) {
    let at = format!("{at}/time_window");
    let &[open, close] = patient.time_window.as_slice() else {
        faults.add(at, format!("has {} entries, needs the earliest and the latest start", patient.time_window.len()));
        return Default::default();
    };
    (times::minutes(open.map(opening), format_args!("{at}/0"), faults), times::minutes(close, format_args!("{at}/1"), faults))
}

/// The earliest start as the publishers of the Italian instances read it: 459.99999999999994, where 460 was meant, is 459 to them.
fn opening(stated: f64) -> f64 {
    let short_of = stated.ceil() - stated;
    if short_of > 0.0 && short_of < 1e-6 { stated.floor() } else { stated }
}

/// How far apart two services of a patient start. Nothing said means at the same time.
fn apart(rule: Option<&Synchronization>, at: &str, faults: &mut Faults) -> (Thousandths, Thousandths) {
    let at = format!("{at}/synchronization");
    match rule.map(|rule| (rule.kind.as_str(), rule.distance.as_slice())) {
        None | Some(("simultaneous", _)) => Default::default(),
        Some(("sequential", &[min, max])) => {
            (times::minutes(min, format_args!("{at}/distance/0"), faults), times::minutes(max, format_args!("{at}/distance/1"), faults))
        }
        Some(("sequential", other)) => {
            faults.add(format_args!("{at}/distance"), format!("has {} entries, needs the smallest and the largest difference", other.len()));
            Default::default()
        }
        Some((kind, _)) => {
            faults.add(format_args!("{at}/type"), format!("is \"{kind}\", allowed \"simultaneous\" and \"sequential\""));
            Default::default()
        }
    }
}

fn assemble(file: &File, name: &str, clock: Clock, travel: Travel, patients: &[Checked], skills: &[SkillSet]) -> ProblemBuilder {
    let end = horizon(clock, &travel, patients);
    let mut builder = ProblemBuilder::new(name, clock, travel, objective(clock));
    for (index, (patient, checked)) in file.patients.iter().zip(patients).enumerate() {
        let citizen = builder.citizens.push(Citizen::new(patient.id.clone()));
        let window = Window { open: times::moment(checked.open.ticks(clock)), close: times::moment(checked.close.ticks(clock)) };
        let ids: Vec<VisitId> = checked
            .services
            .iter()
            .zip(&patient.required_caregivers)
            .map(|(&(service, duration), required)| {
                builder.visits.push(Visit {
                    label: roster::visit_label(&patient.id, &required.service),
                    citizen,
                    place: PlaceId::new(index + 1),
                    duration: Ticks(duration.ticks(clock)),
                    windows: vec![window],
                    preference: None,
                    published: None,
                    skills: skills::set(&[service]),
                    load: 0,
                    need: Need::Required,
                    priority: 0,
                    unserved_cost: 0,
                    allowed: None,
                    preferred: Vec::new(),
                    excluded: Vec::new(),
                    course: None,
                    carer_costs: Vec::new(),
                    not_last_cost: 0,
                    content: Content::default(),
                })
            })
            .collect();
        if let (&[first, second], Some((min, max))) = (ids.as_slice(), checked.apart) {
            builder.links.push(Link { first, second, min: Ticks(min.ticks(clock)), max: Ticks(max.ticks(clock)), different_carers: true });
        }
    }
    for (index, (caregiver, &skills)) in file.caregivers.iter().zip(skills).enumerate() {
        builder.carers.push(Carer { label: caregiver.id.clone(), skills, mode: ModeId::new(0), team: None });
        builder.shifts.push(Shift {
            label: caregiver.id.clone(),
            carer: CarerId::new(index),
            start: Moment(0),
            end,
            from: PlaceId::new(0),
            to: PlaceId::new(0),
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
    }
    builder
}

fn objective(clock: Clock) -> Objective {
    Objective::new(3 * clock.ticks_per_minute)
        .with(Term::Travel, Weight::Soft(1))
        .with(Term::Lateness, Weight::Soft(1))
        .with(Term::GreatestLateness, Weight::Soft(1))
        .with(Term::Unserved, Weight::Hard)
}

/// A shift end that never binds: after the last window closes there is time for every service, every gap and the longest rides.
fn horizon(clock: Clock, travel: &Travel, patients: &[Checked]) -> Moment {
    let ticks = |time: Thousandths| time.ticks(clock);
    let last = patients.iter().flat_map(|patient| [patient.open, patient.close]).map(ticks).max().unwrap_or(0);
    let services = patients.iter().flat_map(|patient| patient.services.iter().map(|&(_, duration)| ticks(duration)));
    let gaps = patients.iter().filter_map(|patient| patient.apart).map(|(_, max)| ticks(max));
    let longest = travel.longest_of_all().0;
    let n_visits = patients.iter().map(|patient| patient.services.len()).sum::<usize>();
    let rides = i64::try_from(n_visits + 1).unwrap_or(i64::MAX).saturating_mul(longest);
    Moment(times::sum([last, rides].into_iter().chain(services).chain(gaps)))
}
