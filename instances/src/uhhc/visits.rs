//! From patients to visits: windows for the start of each service, and the links between two services.

use kendt_solver::problem::{CarerId, CitizenId, Content, Link, Need, PlaceId, Ticks, Visit, VisitId, Weight, Window};

use super::BREAK_SERVICE;
use super::wire::{File, Patient, Span, Synchronization};
use crate::gather::Faults;
use crate::names::Names;
use crate::{roster, skills, times};

/// What patients are read against.
pub(super) struct Context<'a> {
    pub(super) file: &'a File,
    pub(super) services: &'a Names<'a>,
    pub(super) carers: &'a Names<'a>,
    pub(super) windows: Met,
    /// Price of leaving out an optional patient.
    pub(super) left_out: Weight,
}

/// What of a service must be within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// Its start.
    Start,
    /// Its end.
    End,
}

impl Met {
    /// What the file says; nothing said means the start.
    pub(super) fn read(stated: Option<&str>, faults: &mut Faults) -> Self {
        match stated {
            None | Some("at_service_start") => Met::Start,
            Some("at_service_end") => Met::End,
            Some(other) => {
                let at = "/metadata/time_window_met";
                faults.add(at, format!("is \"{other}\", allowed \"at_service_start\" and \"at_service_end\""));
                Met::Start
            }
        }
    }
}

/// The visits of a patient, one per required service in the file's order. `at` is the patient's JSON pointer.
pub(super) fn visits(context: &Context<'_>, patient: &Patient, citizen: CitizenId, place: PlaceId, at: &str, faults: &mut Faults) -> Vec<Visit> {
    let names = |ids: &Option<Vec<String>>, field: &str, faults: &mut Faults| -> Vec<CarerId> {
        let found = context.carers.find_all(ids.as_deref().unwrap_or_default(), &format!("{at}/{field}"), faults);
        found.into_iter().map(CarerId::new).collect()
    };
    let preferred = names(&patient.preferred_caregivers, "preferred_caregivers", faults);
    let excluded = names(&patient.incompatible_caregivers, "incompatible_caregivers", faults);
    let spans = spans(&patient.time_windows, at, faults);
    let (need, price) = need(patient, context.left_out);
    match patient.required_services.as_slice() {
        [first, second] if first.service == second.service => {
            faults.add(format_args!("{at}/required_services"), format!("asks twice for service \"{}\"", first.service));
        }
        [_] | [_, _] => {}
        other => faults.add(format_args!("{at}/required_services"), format!("has {} services, allowed 1 or 2", other.len())),
    }
    let mut visits = Vec::new();
    for (index, required) in patient.required_services.iter().enumerate() {
        let at_service = format!("{at}/required_services/{index}");
        if required.service == BREAK_SERVICE {
            faults.add(format_args!("{at_service}/service"), format!("\"{BREAK_SERVICE}\" means a break in plans"));
        }
        let service = context.services.find(&required.service, format_args!("{at_service}/service"), faults);
        let default = service.and_then(|service| context.file.services.get(service)).and_then(|service| service.default_duration);
        let duration = times::whole(required.duration.or(default), format_args!("{at_service}/duration"), faults);
        visits.push(Visit {
            label: roster::visit_label(&patient.id, &required.service),
            citizen,
            place,
            duration: Ticks(duration),
            windows: start_windows(&spans, if context.windows == Met::End { duration } else { 0 }, at, faults),
            preference: None,
            published: None,
            skills: skills::set(service.as_slice()),
            load: 0,
            need,
            priority: 0,
            // Both services stay out together, so the first one bears the patient's whole price.
            unserved_cost: if index == 0 { price } else { 0 },
            allowed: None,
            preferred: preferred.clone(),
            excluded: excluded.clone(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    visits
}

fn need(patient: &Patient, left_out: Weight) -> (Need, i64) {
    match left_out {
        Weight::Soft(price) if patient.optional == Some(true) => (Need::Optional, price),
        _ => (Need::Required, 0),
    }
}

/// The stated windows, ascending; missing and impossible ones are faults.
fn spans(windows: &[Span], at: &str, faults: &mut Faults) -> Vec<(i64, i64)> {
    if windows.is_empty() {
        faults.add(format_args!("{at}/time_windows"), "is empty, needs at least one window");
    }
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let at = format!("{at}/time_windows/{index}");
        let start = times::whole(window.start, format_args!("{at}/start"), faults);
        let end = times::whole(window.end, format_args!("{at}/end"), faults);
        if end < start {
            faults.add(at, format!("ends at {end}, before its start at {start}"));
        }
        spans.push((start, end));
    }
    spans.sort_unstable();
    spans
}

/// The windows for the start of a service that takes `before_end` minutes of its window.
///
/// A start belongs to the latest window that has opened, so a window that reaches into the next one may as well close just before it.
fn start_windows(spans: &[(i64, i64)], before_end: i64, at: &str, faults: &mut Faults) -> Vec<Window> {
    let mut windows = Vec::with_capacity(spans.len());
    for (index, &(open, end)) in spans.iter().enumerate() {
        let next = spans.get(index + 1).map(|&(open, _)| open);
        if next == Some(open) {
            continue;
        }
        if end - before_end < open {
            // Every start would be late by a different base than the window's opening, which a window for starts cannot say.
            let what = format!("the window from {open} to {end} is too short for a service of {before_end} that must end in it");
            faults.add(format_args!("{at}/time_windows"), what);
        }
        let close = next.map_or(end - before_end, |next| (end - before_end).min(next - 1));
        windows.push(Window { open: times::moment(open), close: times::moment(close) });
    }
    windows
}

/// The link between the two services of a patient, if there is something to tie.
///
/// Independent services of an optional patient share their fate only; those of a required patient need no link, both must be served.
pub(super) fn link(patient: &Patient, ids: &[VisitId], left_out: Weight, at: &str, faults: &mut Faults) -> Option<Link> {
    let &[first, second] = ids else { return None };
    let at = format!("{at}/synchronization");
    match patient.synchronization.as_ref().map(|rule| (rule.kind.as_str(), rule)) {
        None | Some(("independent", _)) => {
            let tied = need(patient, left_out).0 == Need::Optional;
            tied.then_some(Link { first, second, min: Link::MIN, max: Link::MAX, different_carers: false })
        }
        Some(("simultaneous", _)) => Some(Link { first, second, min: Ticks::ZERO, max: Ticks::ZERO, different_carers: true }),
        Some(("sequential", rule)) => {
            let (min, max) = apart(rule, &at, faults);
            Some(Link { first, second, min, max, different_carers: false })
        }
        Some((kind, _)) => {
            faults.add(format_args!("{at}/type"), format!("is \"{kind}\", allowed \"simultaneous\", \"sequential\" and \"independent\""));
            None
        }
    }
}

fn apart(rule: &Synchronization, at: &str, faults: &mut Faults) -> (Ticks, Ticks) {
    let Some(distance) = &rule.distance else {
        faults.add(format_args!("{at}/distance"), "is missing");
        return (Ticks::ZERO, Ticks::ZERO);
    };
    let min = times::whole(distance.min, format_args!("{at}/distance/min"), faults);
    let max = times::whole(distance.max, format_args!("{at}/distance/max"), faults);
    (Ticks(min), Ticks(max))
}
