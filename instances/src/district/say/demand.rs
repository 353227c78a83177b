//! Visits made from grants.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{Calendar, parse};
use super::check;
use crate::ReadError;
use crate::district::convert::{MOST_VISITS, outline};
use crate::district::pointer::Faults;
use crate::district::{CatalogueService, Citizen, District, Grant, GrantKind, Number, PartOfDay, Pattern, Repetition, Service, Visit, VisitWindow};

/// A district whose visits were made anew from its grants.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The district. Visits that were not made from grants are as they were; of those that were, what people decided about each is kept:
    /// pins, agreed and preferred times, and lists of carers.
    pub district: District,
    /// Ids of visits that were not there before, in their order.
    pub added: Vec<String>,
    /// Ids of visits that the grants now make otherwise than before.
    pub changed: Vec<String>,
    /// Ids of visits that the grants do not make any more.
    pub removed: Vec<String>,
}

impl District {
    /// The district with the visits that its grants make in its days. A visit's id is `grant/date/part of the day`, so that plans, pins and
    /// promises find it again however often demand is made.
    ///
    /// # Errors
    /// Every fault of the grants, the catalogue and the policy with its pointer.
    pub fn with_demand(&self) -> Result<Demand, ReadError> {
        let mut faults = Faults::default();
        let is_too_large = outline(self, &mut faults);
        if is_too_large || !(1..=28).contains(&self.days) {
            return Err(ReadError { faults: faults.found });
        }
        check::grants(self, &mut faults);
        check::triage(self, &mut faults);
        faults.into_result(())?;
        let Some(calendar) = Calendar::of(self) else {
            return Ok(Demand { district: self.clone(), added: Vec::new(), changed: Vec::new(), removed: Vec::new() });
        };
        let before: BTreeMap<&str, &Visit> = self.visits.iter().map(|visit| (visit.id.as_str(), visit)).collect();
        let granted = self.grants.iter().flat_map(|grant| visits_of(self, &calendar, grant));
        let mut made: Vec<Visit> =
            granted.chain(self.citizens.iter().flat_map(|citizen| follow_up(self, &calendar, citizen))).take(MOST_VISITS + 1).collect();
        if made.len() > MOST_VISITS {
            let what = format!("make more than {MOST_VISITS} visits in {} days", self.days);
            return Err(ReadError::one("/grants", what));
        }
        for visit in &mut made {
            if let Some(old) = before.get(visit.id.as_str()) {
                keep_decisions(visit, old);
            }
        }
        let ids: BTreeSet<&str> = made.iter().map(|visit| visit.id.as_str()).collect();
        let is_stale = |visit: &&Visit| visit.made && !ids.contains(visit.id.as_str());
        let removed: Vec<String> = self.visits.iter().filter(is_stale).map(|visit| visit.id.clone()).collect();
        let added = made.iter().filter(|visit| !before.contains_key(visit.id.as_str())).map(|visit| visit.id.clone()).collect();
        let is_changed = |visit: &&Visit| before.get(visit.id.as_str()).is_some_and(|old| *old != *visit);
        let changed = made.iter().filter(is_changed).map(|visit| visit.id.clone()).collect();
        let mut district = self.clone();
        let is_kept = |visit: &Visit| !visit.made && !ids.contains(visit.id.as_str());
        district.visits.retain(is_kept);
        district.links.retain(|link| [&link.first, &link.second].into_iter().all(|end| !removed.contains(end)));
        district.visits.extend(made);
        Ok(Demand { district, added, changed, removed })
    }
}

/// What people have decided about a visit stays when it is made anew.
fn keep_decisions(visit: &mut Visit, old: &Visit) {
    visit.pin.clone_from(&old.pin);
    visit.agreed.clone_from(&old.agreed);
    visit.preferred.clone_from(&old.preferred);
    visit.allowed_carers.clone_from(&old.allowed_carers);
    visit.preferred_carers.clone_from(&old.preferred_carers);
    visit.excluded_carers.clone_from(&old.excluded_carers);
}

/// The visits that a grant makes in the district's days.
pub(super) fn visits_of(doc: &District, calendar: &Calendar, grant: &Grant) -> Vec<Visit> {
    let Some(repetition) = &grant.repetition else { return Vec::new() };
    let Some(service) = doc.services.iter().find(|service| service.code == grant.service) else { return Vec::new() };
    let parts: Vec<&PartOfDay> = repetition.shifts.iter().filter_map(|name| doc.policy.parts_of_day.iter().find(|part| part.name == *name)).collect();
    let days: Vec<i64> = (1..=doc.days).filter(|&day| is_due(calendar, grant, repetition, day)).collect();
    days.into_iter()
        .flat_map(|day| parts.iter().map(move |part| (day, *part)))
        .map(|(day, part)| visit(doc, calendar, grant, service, day, part))
        .collect()
}

/// Whether the grant makes visits on a day.
fn is_due(calendar: &Calendar, grant: &Grant, repetition: &Repetition, day: i64) -> bool {
    if !calendar.holds(grant, day) || !(repetition.weekdays.is_empty() || repetition.weekdays.contains(&calendar.weekday(day))) {
        return false;
    }
    let first = calendar.first_day(grant);
    let passed = match repetition.pattern {
        Pattern::Day => day - first,
        Pattern::Week => (calendar.monday(day) - calendar.monday(first)) / 7,
    };
    passed.rem_euclid(repetition.count.max(1)) == 0
}

fn visit(doc: &District, calendar: &Calendar, grant: &Grant, service: &CatalogueService, day: i64, part: &PartOfDay) -> Visit {
    let repetition = grant.repetition.as_ref();
    let flexible = repetition.map_or(0, |repetition| repetition.flexible_days);
    let window = |on: i64| VisitWindow { day: (flexible > 0).then_some(on), from: part.from.clone(), to: part.to.clone() };
    Visit {
        id: format!("{}/{}/{}", grant.id, calendar.date(day), part.name),
        citizen: grant.citizen.clone(),
        day,
        minutes: repetition.and_then(|repetition| repetition.minutes).unwrap_or_else(|| usual_minutes(grant)),
        windows: ((day - flexible).max(1)..=(day + flexible).min(doc.days)).map(window).collect(),
        course: Some(format!("{}/{}", grant.id, part.name)),
        skills: grant.skills.clone().unwrap_or_else(|| service.skills.clone()),
        carers: grant.carers,
        priority: grant.priority,
        need: grant.need,
        service: Some(service.category),
        grant: Some(grant.id.clone()),
        made: true,
        ..Visit::default()
    }
}

/// The follow-up that a citizen's colour brings, every day since.
fn follow_up(doc: &District, calendar: &Calendar, citizen: &Citizen) -> Vec<Visit> {
    let Some(triage) = &citizen.triage else { return Vec::new() };
    let Some(policy) = doc.policy.triage.of(triage.colour).and_then(|policy| policy.follow_up.as_ref()) else { return Vec::new() };
    let Some(part) = doc.policy.parts_of_day.iter().find(|part| part.name == policy.part_of_day) else { return Vec::new() };
    let since = parse(&triage.since).map_or(1, |date| calendar.day(date)).max(1);
    let visit = |day: i64| Visit {
        id: format!("follow-up/{}/{}", citizen.id, calendar.date(day)),
        citizen: citizen.id.clone(),
        day,
        minutes: policy.minutes,
        windows: vec![VisitWindow { day: None, from: part.from.clone(), to: part.to.clone() }],
        skills: policy.skills.clone(),
        carers: 1,
        service: Some(Service::Other),
        made: true,
        ..Visit::default()
    };
    (since..=doc.days).map(visit).collect()
}

/// The granted minutes; of a frame a visit's equal share, in whole minutes so that the week's frame is kept.
fn usual_minutes(grant: &Grant) -> Number {
    let Some(repetition) = grant.repetition.as_ref().filter(|_| grant.kind == GrantKind::Frame) else { return grant.minutes };
    let days = if repetition.weekdays.is_empty() { 7 } else { repetition.weekdays.len() };
    Number((grant.minutes.0 / (days * repetition.shifts.len()).max(1) as f64).floor())
}
