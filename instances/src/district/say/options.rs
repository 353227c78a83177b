//! What a citizen may ask for, and what is left of the time that was granted.

use super::calendar::Calendar;
use super::rules::{Rules, SwapRefusal, granted_in_week, planned_in_week, service};
use crate::district::{District, Grant, GrantKind, Service, SwapFrame};

/// What a citizen may swap for what.
#[derive(Clone, Debug, PartialEq)]
pub struct SwapOptions {
    /// The kinds of help that have been granted, each once.
    pub categories: Vec<Service>,
    /// By grant, in the document's order.
    pub grants: Vec<GrantOptions>,
    /// By calendar week of the horizon.
    pub weeks: Vec<FrameWeek>,
}

/// What may be given instead of the help of one grant.
#[derive(Clone, Debug, PartialEq)]
pub struct GrantOptions {
    /// The grant's id.
    pub grant: String,
    /// Its service's code.
    pub service: String,
    /// The kind of help it is.
    pub category: Service,
    /// Whether it may be swapped away at all.
    pub may_be_swapped: Result<(), SwapRefusal>,
    /// The services of the catalogue, other than this one, that may be asked for instead, or why not.
    pub instead: Vec<ServiceOption>,
    /// Ids of the visits in the horizon that rest on the grant.
    pub visits: Vec<String>,
    /// Whether what is asked for may take longer than the visit, within the week.
    pub is_weekly: bool,
}

/// A service that may be asked for, or may not.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceOption {
    /// The service's code.
    pub service: String,
    /// Minutes that it usually takes, if the catalogue says.
    pub minutes: Option<f64>,
    /// Whether the rules allow it.
    pub allowed: Result<(), SwapRefusal>,
}

/// Granted and planned minutes of a citizen in a calendar week.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameWeek {
    /// The grant; `None` for all of the citizen's grants together.
    pub grant: Option<String>,
    /// The date of the Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// Granted minutes.
    pub granted: f64,
    /// Planned minutes.
    pub planned: f64,
}

impl FrameWeek {
    /// Whether more is planned than was granted.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.planned > self.granted + 1e-6
    }
}

impl District {
    /// What a citizen may swap for what; `None` if there is no such citizen. A rule's answer does not say whether a swap is sound.
    #[must_use]
    pub fn swap_options(&self, citizen: &str) -> Option<SwapOptions> {
        self.citizens.iter().find(|one| one.id == citizen)?;
        let own: Vec<&Grant> = self.grants.iter().filter(|grant| grant.citizen == citizen).collect();
        let mut categories: Vec<Service> = Vec::new();
        for category in own.iter().filter_map(|grant| service(self, &grant.service)).map(|one| one.category) {
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        let rules = Rules::new(self);
        let weeks = Calendar::of(self).map(|calendar| weeks(self, &calendar, &own)).unwrap_or_default();
        Some(SwapOptions { categories, grants: own.iter().filter_map(|grant| options(self, &rules, grant)).collect(), weeks })
    }

    /// Granted and planned minutes of every frame grant by calendar week, with the swaps that a plan gives, by the ids that `is_given` knows.
    #[must_use]
    pub fn frames(&self, is_given: impl Fn(&str) -> bool) -> Vec<FrameWeek> {
        let Some(calendar) = Calendar::of(self) else { return Vec::new() };
        let mut frames = Vec::new();
        let given = super::planned(self).into_iter().filter(|(swap, _)| is_given(&self.swaps[*swap].id));
        let beyond: Vec<(usize, f64)> = given.map(|(_, asked)| (asked.visit, asked.own_minutes - self.visits[asked.visit].minutes.0)).collect();
        for grant in self.grants.iter().filter(|grant| grant.kind == GrantKind::Frame) {
            for monday in mondays(self, &calendar) {
                let is_in = |visit: usize| {
                    let visit = &self.visits[visit];
                    visit.grant.as_deref() == Some(&grant.id) && calendar.monday(visit.day) == monday
                };
                let swapped: f64 = beyond.iter().filter(|(visit, _)| is_in(*visit)).map(|(_, minutes)| minutes).sum();
                frames.push(FrameWeek {
                    grant: Some(grant.id.clone()),
                    monday: calendar.date(monday),
                    granted: granted_in_week(self, &calendar, grant, monday),
                    planned: planned_in_week(self, grant, &calendar, monday) + swapped,
                });
            }
        }
        frames
    }
}

fn options(doc: &District, rules: &Rules<'_>, grant: &Grant) -> Option<GrantOptions> {
    let granted = service(doc, &grant.service)?;
    let allowed = |code: &str| {
        let asked = service(doc, code);
        let category = asked.map_or(granted.category, |one| one.category);
        rules.may_be_swapped(asked, category)?;
        rules.is_granted(&grant.citizen, granted.category, category)?;
        rules.has_one_supplier(grant, asked)
    };
    let others = doc.services.iter().filter(|other| other.code != grant.service);
    let option = |other: &crate::district::CatalogueService| ServiceOption {
        service: other.code.clone(),
        minutes: other.minutes.map(|minutes| minutes.0),
        allowed: allowed(&other.code),
    };
    Some(GrantOptions {
        grant: grant.id.clone(),
        service: grant.service.clone(),
        category: granted.category,
        may_be_swapped: rules.may_be_swapped(Some(granted), granted.category),
        instead: others.map(option).collect(),
        visits: doc.visits.iter().filter(|visit| visit.grant.as_deref() == Some(&grant.id)).map(|visit| visit.id.clone()).collect(),
        is_weekly: grant.kind == GrantKind::Frame || doc.policy.swaps.frame == SwapFrame::Week,
    })
}

fn weeks(doc: &District, calendar: &Calendar, grants: &[&Grant]) -> Vec<FrameWeek> {
    let week = |monday: i64| FrameWeek {
        grant: None,
        monday: calendar.date(monday),
        granted: grants.iter().map(|grant| granted_in_week(doc, calendar, grant, monday)).sum(),
        planned: grants.iter().map(|grant| planned_in_week(doc, grant, calendar, monday)).sum(),
    };
    mondays(doc, calendar).map(week).collect()
}

/// The days of the Mondays whose weeks the horizon meets.
fn mondays(doc: &District, calendar: &Calendar) -> impl Iterator<Item = i64> + use<> {
    (calendar.monday(1)..=calendar.monday(doc.days)).step_by(7)
}
