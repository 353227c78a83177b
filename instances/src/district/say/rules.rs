//! The rules of swapping granted help for other help (fleksibel hjemmehjælp), as municipalities and DaneAge state them; each limit is a field of
//! the policy. Nothing here decides whether a swap is sound: a person does.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::demand::visits_of;
use crate::district::{CatalogueService, District, Grant, GrantKind, Service, SoundnessState, Swap, SwapFrame, Visit, VisitWindow, time};

/// Why a swap is not planned, whatever the day looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum SwapRefusal {
    /// There is no visit with this id any more.
    VisitGone,
    /// The visit rests on no grant, so that nothing says what it may be swapped for.
    NotGranted,
    /// This service, or this kind of help, may be swapped neither away nor in.
    NotSwappable {
        /// The service's code; `None` for free words.
        service: Option<String>,
        /// The kind of help.
        category: Service,
    },
    /// The citizen has not been granted this kind of help.
    CategoryNotGranted {
        /// The kind of help that is asked for.
        category: Service,
    },
    /// Another supplier provides what is asked for.
    OtherSupplier {
        /// Who provides the granted help.
        granted: Option<String>,
        /// Who provides what is asked for.
        asked: Option<String>,
    },
    /// It takes longer than was granted.
    FrameExceeded {
        /// Minutes that it takes.
        minutes: f64,
        /// Minutes that there are for it.
        most: f64,
    },
    /// The visit is by two carers or tied to another one in time.
    TiedInTime,
    /// A professional has found it not sound: the granted help is given.
    NotSound,
    /// Nobody has judged yet whether it is sound, and it cannot be planned so that the granted help remains possible: the times differ.
    AwaitsSoundness,
    /// The visit is pinned by a person.
    Pinned,
}

/// A swap as it may be planned.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::district) struct Asked {
    /// Index of the visit with the granted help.
    pub(in crate::district) visit: usize,
    /// Minutes that it takes.
    pub(in crate::district) own_minutes: f64,
    /// Minutes to plan: where soundness is pending, enough for both.
    pub(in crate::district) minutes: f64,
    /// Skills to plan: where soundness is pending, those of both.
    pub(in crate::district) skills: Vec<String>,
    /// When it may start: where soundness is pending, as both may.
    pub(in crate::district) windows: Vec<VisitWindow>,
    /// The kind of help.
    pub(in crate::district) category: Service,
    /// What it is worth, in minutes of travel.
    pub(in crate::district) benefit: f64,
}

/// By swap, in order: as it may be planned, or why it is not. Swaps of faulty documents may be judged by default values.
pub(in crate::district) fn judge(doc: &District) -> Vec<Result<Asked, SwapRefusal>> {
    if doc.swaps.is_empty() {
        return Vec::new();
    }
    let mut rules = Rules::new(doc);
    doc.swaps.iter().map(|swap| rules.one(swap)).collect()
}

/// The rules, and what of the frames is used up.
pub(super) struct Rules<'a> {
    doc: &'a District,
    visits: BTreeMap<&'a str, usize>,
    calendar: Option<Calendar>,
    /// Minutes beyond their visits that swaps take already, by citizen, supplier and Monday; and by visit, as at most one of its swaps is given.
    used: BTreeMap<(&'a str, Option<&'a str>, i64), f64>,
    beyond: BTreeMap<&'a str, f64>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(doc: &'a District) -> Self {
        let visits = doc.visits.iter().enumerate().map(|(index, visit)| (visit.id.as_str(), index)).collect();
        Self { doc, visits, calendar: Calendar::of(doc), used: BTreeMap::new(), beyond: BTreeMap::new() }
    }

    fn one(&mut self, swap: &'a Swap) -> Result<Asked, SwapRefusal> {
        let doc = self.doc;
        let &index = self.visits.get(swap.visit.as_str()).ok_or(SwapRefusal::VisitGone)?;
        let visit = &doc.visits[index];
        let grant = visit.grant.as_deref().and_then(|id| doc.grants.iter().find(|grant| grant.id == id)).ok_or(SwapRefusal::NotGranted)?;
        let granted = service(doc, &grant.service).ok_or(SwapRefusal::NotGranted)?;
        let asked = swap.instead.service.as_deref().and_then(|code| service(doc, code));
        let category = asked.map_or(swap.instead.category.unwrap_or(granted.category), |service| service.category);
        self.may_be_swapped(Some(granted), granted.category)?;
        self.may_be_swapped(asked, category)?;
        self.is_granted(&visit.citizen, granted.category, category)?;
        self.has_one_supplier(grant, asked)?;
        let minutes = swap.instead.minutes.or(asked.and_then(|service| service.minutes)).unwrap_or(visit.minutes).0;
        if visit.carers != 1 || doc.links.iter().any(|link| link.first == visit.id || link.second == visit.id) {
            return Err(SwapRefusal::TiedInTime);
        }
        if visit.pin.is_some() {
            return Err(SwapRefusal::Pinned);
        }
        let is_pending = match swap.soundness.state {
            _ if swap.soundness.disagreement => return Err(SwapRefusal::NotSound),
            SoundnessState::NotSound => return Err(SwapRefusal::NotSound),
            SoundnessState::Pending => true,
            SoundnessState::Sound => false,
        };
        let own_skills = swap.instead.skills.clone().or_else(|| asked.map(|service| service.skills.clone())).unwrap_or_default();
        let own_windows = if swap.windows.is_empty() { visit.windows.clone() } else { swap.windows.clone() };
        let (windows, skills) = if is_pending {
            let both = in_both(visit, &own_windows);
            if both.is_empty() {
                return Err(SwapRefusal::AwaitsSoundness);
            }
            (both, union(&visit.skills, &own_skills))
        } else {
            (own_windows, own_skills)
        };
        self.fits(visit, grant, minutes)?;
        let own_minutes = minutes;
        let minutes = if is_pending { minutes.max(visit.minutes.0) } else { minutes };
        Ok(Asked { visit: index, own_minutes, minutes, skills, windows, category, benefit: swap.benefit.unwrap_or(doc.policy.swaps.benefit).0 })
    }

    /// No rule of the policy keeps it as it is (rule 10: only soundness, category and frame limit swaps unless the municipality says more).
    pub(super) fn may_be_swapped(&self, service: Option<&CatalogueService>, category: Service) -> Result<(), SwapRefusal> {
        let policy = &self.doc.policy.swaps;
        let is_fixed = service.is_some_and(|service| policy.fixed_services.contains(&service.code));
        if is_fixed || policy.fixed_categories.contains(&category) {
            return Err(SwapRefusal::NotSwappable { service: service.map(|service| service.code.clone()), category });
        }
        Ok(())
    }

    /// Personal care is swapped for practical help, and the other way round, only where both are granted (rule 3). Other kinds of help are not under
    /// that rule.
    pub(super) fn is_granted(&self, citizen: &str, from: Service, to: Service) -> Result<(), SwapRefusal> {
        let has = |category: Service| {
            let of_category =
                |grant: &&Grant| grant.citizen == citizen && service(self.doc, &grant.service).is_some_and(|one| one.category == category);
            self.doc.grants.iter().any(|grant| of_category(&grant))
        };
        let is_ruled = |category| matches!(category, Service::Personal | Service::Practical);
        if from == to || !(is_ruled(from) && is_ruled(to)) || self.doc.policy.swaps.across_categories || has(to) {
            Ok(())
        } else {
            Err(SwapRefusal::CategoryNotGranted { category: to })
        }
    }

    /// What is asked for is not granted with another supplier (rule 9).
    pub(super) fn has_one_supplier(&self, grant: &Grant, asked: Option<&CatalogueService>) -> Result<(), SwapRefusal> {
        let Some(asked) = asked else { return Ok(()) };
        let others: Vec<&Grant> = self.doc.grants.iter().filter(|other| other.citizen == grant.citizen && other.service == asked.code).collect();
        match others.first() {
            Some(other) if others.iter().all(|other| other.supplier != grant.supplier) => {
                Err(SwapRefusal::OtherSupplier { granted: grant.supplier.clone(), asked: other.supplier.clone() })
            }
            _ => Ok(()),
        }
    }

    /// It fits into the time that was granted (rule 4): of the visit, or what is left of the week after what was asked for before.
    fn fits(&mut self, visit: &'a Visit, grant: &'a Grant, minutes: f64) -> Result<(), SwapRefusal> {
        let own = visit.minutes.0;
        if minutes <= own {
            return Ok(());
        }
        let is_weekly = grant.kind == GrantKind::Frame || self.doc.policy.swaps.frame == SwapFrame::Week;
        let Some(calendar) = self.calendar.filter(|_| is_weekly) else { return Err(SwapRefusal::FrameExceeded { minutes, most: own }) };
        let monday = calendar.monday(visit.day);
        let supplier = grant.supplier.as_deref();
        let left = left_of_week(self.doc, &calendar, &visit.citizen, supplier, monday);
        let used = self.used.entry((visit.citizen.as_str(), supplier, monday)).or_default();
        let beyond = self.beyond.entry(visit.id.as_str()).or_default();
        let most = own + (left - (*used - *beyond)).max(0.0);
        if minutes > most {
            return Err(SwapRefusal::FrameExceeded { minutes, most });
        }
        *used += (minutes - own - *beyond).max(0.0);
        *beyond = beyond.max(minutes - own);
        Ok(())
    }
}

/// Granted minutes of a citizen in the calendar week of a Monday, of one supplier, less those of the visits in it.
fn left_of_week(doc: &District, calendar: &Calendar, citizen: &str, supplier: Option<&str>, monday: i64) -> f64 {
    let grants: Vec<&Grant> = doc.grants.iter().filter(|grant| grant.citizen == citizen && grant.supplier.as_deref() == supplier).collect();
    grants.into_iter().map(|grant| granted_in_week(doc, calendar, grant, monday) - planned_in_week(doc, grant, calendar, monday)).sum()
}

/// Minutes of a grant in the calendar week of a Monday; of a week that the district or the grant has only in part, a share by its days.
pub(super) fn granted_in_week(doc: &District, calendar: &Calendar, grant: &Grant, monday: i64) -> f64 {
    let is_in_week = |day: i64| calendar.monday(day) == monday;
    match (grant.kind, &grant.repetition) {
        (GrantKind::Frame, _) => {
            let days = (monday..monday + 7).filter(|day| (1..=doc.days).contains(day) && calendar.holds(grant, *day)).count();
            (grant.minutes.0 * days as f64 / 7.0).round()
        }
        (GrantKind::Visits, Some(_)) => grant.minutes.0 * visits_of(doc, calendar, grant).iter().filter(|visit| is_in_week(visit.day)).count() as f64,
        // Nothing says how often: what is planned is what is granted.
        (GrantKind::Visits, None) => planned_in_week(doc, grant, calendar, monday),
    }
}

/// Minutes of a grant's visits in the calendar week of a Monday.
pub(super) fn planned_in_week(doc: &District, grant: &Grant, calendar: &Calendar, monday: i64) -> f64 {
    let of_grant = |visit: &&Visit| visit.grant.as_deref() == Some(&grant.id) && calendar.monday(visit.day) == monday;
    doc.visits.iter().filter(of_grant).map(|visit| visit.minutes.0).sum()
}

pub(super) fn service<'a>(doc: &'a District, code: &str) -> Option<&'a CatalogueService> {
    doc.services.iter().find(|service| service.code == code)
}

fn union(one: &[String], other: &[String]) -> Vec<String> {
    one.iter().chain(other.iter().filter(|skill| !one.contains(skill))).cloned().collect()
}

/// The parts of the visit's windows that lie in the others too.
fn in_both(visit: &Visit, others: &[VisitWindow]) -> Vec<VisitWindow> {
    let span = |window: &VisitWindow| {
        let day = window.day.unwrap_or(visit.day);
        Some((time::moment(day, time::parse(&window.from)?), time::moment(day, time::parse(&window.to)?)))
    };
    let mut both = Vec::new();
    for own in &visit.windows {
        let Some((open, close)) = span(own) else { continue };
        let day = own.day.unwrap_or(visit.day);
        let midnight = time::moment(day, 0).0;
        for (from, to) in others.iter().filter_map(span) {
            let (from, to) = (from.max(open), to.min(close));
            if from <= to {
                both.push(VisitWindow { day: Some(day), from: time::print(from.0 - midnight), to: time::print(to.0 - midnight) });
            }
        }
    }
    both
}
