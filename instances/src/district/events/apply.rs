//! Applies events to a document, one after the other.

use std::collections::BTreeMap;

use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, VisitId};

use super::absence::remains;
use super::period::Span;
use super::{Event, Period};
use crate::ReadError;
use crate::district::convert::{shift_label, swap_label, visit_labels};
use crate::district::pointer::Faults;
use crate::district::{District, Swap, Visit, VisitWindow, time};

/// The plan that people have been told, with the problem it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// The problem of the document before the events.
    pub problem: &'a Problem,
    /// Its published plan.
    pub plan: &'a Plan,
}

/// A document after events.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The next document.
    pub district: District,
    /// Its problem.
    pub problem: Problem,
    /// Why a visit of the next problem is touched, in words for a planner, by the visit's label (`v7`, or `v7#1` and `v7#2`).
    pub causes: BTreeMap<String, String>,
    /// Labels of the visits that are gone, with the reason.
    pub removed: BTreeMap<String, String>,
    /// Labels of the shifts that are gone or cut, with the reason.
    pub absent: BTreeMap<String, String>,
}

impl District {
    /// The document after the events, in their order. Shifts get explicit ids, so that their labels stay as they are.
    ///
    /// # Errors
    /// Every fault with its pointer into the list of events (`/2/carer`, or `/2/visit/minutes` for an added visit), or into this
    /// document where it was faulty before.
    pub fn apply(&self, events: &[Event], published: Option<Published<'_>>) -> Result<Applied, ReadError> {
        self.problem()?;
        let mut change = Change {
            next: self.clone(),
            published,
            added: BTreeMap::new(),
            causes: BTreeMap::new(),
            removed: BTreeMap::new(),
            absent: BTreeMap::new(),
        };
        change.name_shifts();
        let mut faults = Faults::default();
        for (index, event) in events.iter().enumerate() {
            change.apply(&format!("/{index}"), event, &mut faults);
        }
        faults.into_result(())?;
        change.finish()
    }
}

struct Change<'a> {
    next: District,
    published: Option<Published<'a>>,
    /// The events that added visits, by visit id.
    added: BTreeMap<String, String>,
    causes: BTreeMap<String, String>,
    removed: BTreeMap<String, String>,
    absent: BTreeMap<String, String>,
}

impl Change<'_> {
    fn name_shifts(&mut self) {
        for carer in &mut self.next.carers {
            let labels: Vec<String> = (0..carer.shifts.len()).map(|position| shift_label(carer, position)).collect();
            for (shift, label) in carer.shifts.iter_mut().zip(labels) {
                shift.id = Some(label);
            }
        }
    }

    fn apply(&mut self, at: &str, event: &Event, faults: &mut Faults) {
        match event {
            Event::CarerAbsent { carer, period } => self.carer_absent(at, carer, period, faults),
            Event::VisitAdded { visit } => self.visit_added(at, visit, faults),
            Event::VisitCancelled { visit } => self.visit_cancelled(at, visit, faults),
            Event::CitizenAway { citizen, period } => self.citizen_away(at, citizen, period, faults),
            Event::VisitDelayed { visit, minutes } => self.visit_delayed(at, visit, minutes.0, faults),
        }
    }

    fn carer_absent(&mut self, at: &str, id: &str, period: &Period, faults: &mut Faults) {
        let span = Span::of(&format!("{at}/period"), period, self.next.days, faults);
        let Some(carer) = self.next.carers.iter_mut().find(|carer| carer.id == id) else {
            return faults.unknown(format!("{at}/carer"), "carer", id);
        };
        let reason = format!("carer absent: {id}");
        let mut touched = Vec::new();
        let mut shifts = Vec::with_capacity(carer.shifts.len());
        for shift in carer.shifts.drain(..) {
            match remains(&shift, &span) {
                None => shifts.push(shift),
                Some(parts) => {
                    touched.push((shift.id.unwrap_or_default(), shift.day));
                    shifts.extend(parts);
                }
            }
        }
        carer.shifts = shifts;
        for (label, day) in touched {
            let hit = published_in(self.published, &label, &span, day);
            self.causes.extend(hit.into_iter().map(|visit| (visit, reason.clone())));
            self.absent.insert(label, reason.clone());
        }
    }

    fn visit_added(&mut self, at: &str, visit: &Visit, faults: &mut Faults) {
        if self.next.visits.iter().any(|other| other.id == visit.id) {
            return faults.add(format!("{at}/visit/id"), format!("there is a visit `{}` already", visit.id));
        }
        self.added.insert(visit.id.clone(), at.to_owned());
        self.causes.extend(visit_labels(visit).into_iter().map(|label| (label, "visit added".to_owned())));
        self.next.visits.push(visit.clone());
    }

    fn visit_cancelled(&mut self, at: &str, id: &str, faults: &mut Faults) {
        match self.next.visits.iter().position(|visit| visit.id == id) {
            None => faults.unknown(format!("{at}/visit"), "visit", id),
            Some(index) => self.remove(index, "visit cancelled"),
        }
    }

    fn citizen_away(&mut self, at: &str, id: &str, period: &Period, faults: &mut Faults) {
        let span = Span::of(&format!("{at}/period"), period, self.next.days, faults);
        if !self.next.citizens.iter().any(|citizen| citizen.id == id) {
            return faults.unknown(format!("{at}/citizen"), "citizen", id);
        }
        let reason = format!("citizen away: {id}");
        for index in (0..self.next.visits.len()).rev() {
            let visit = &mut self.next.visits[index];
            if visit.citizen != id {
                continue;
            }
            let kept: Vec<_> = visit.windows.iter().filter(|window| !touches(visit, window, &span)).cloned().collect();
            let asked = self.next.swaps.iter_mut().filter(|swap| swap.visit == visit.id && !swap.windows.is_empty());
            let mut is_lost = Vec::new();
            for swap in asked {
                swap.windows.retain(|window| !touches(visit, window, &span));
                if swap.windows.is_empty() {
                    is_lost.push(swap.id.clone());
                }
            }
            self.next.swaps.retain(|swap| !is_lost.contains(&swap.id));
            let labels = labels(visit, &self.next.swaps);
            if kept.is_empty() {
                self.remove(index, &reason);
            } else if kept.len() < visit.windows.len() {
                visit.windows = kept;
                self.causes.extend(labels.into_iter().map(|label| (label, reason.clone())));
            }
        }
    }

    /// Removes a visit and its links: what they asked for is gone with it.
    fn remove(&mut self, index: usize, reason: &str) {
        let visit = self.next.visits.remove(index);
        self.next.links.retain(|link| link.first != visit.id && link.second != visit.id);
        self.added.remove(&visit.id);
        for label in labels(&visit, &self.next.swaps) {
            self.causes.remove(&label);
            self.removed.insert(label, reason.to_owned());
        }
    }

    fn visit_delayed(&mut self, at: &str, id: &str, minutes: f64, faults: &mut Faults) {
        if !(0.0..=1440.0).contains(&minutes) {
            return faults.add(format!("{at}/minutes"), format!("is {minutes}, allowed 0 to 1440"));
        }
        let published = self.published;
        let Some(visit) = self.next.visits.iter_mut().find(|visit| visit.id == id) else {
            return faults.unknown(format!("{at}/visit"), "visit", id);
        };
        let labels = labels(visit, &self.next.swaps);
        let Some(start) = labels.iter().find_map(|label| published_start(published, label)) else {
            return faults.add(format!("{at}/visit"), format!("`{id}` has no published start to be delayed from"));
        };
        let earliest = start + (minutes * 60.0).round() as i64;
        delay(&mut visit.windows, visit.day, earliest);
        let asked = self.next.swaps.iter_mut().filter(|swap| swap.visit == id && !swap.windows.is_empty());
        asked.for_each(|swap| delay(&mut swap.windows, visit.day, earliest));
        if visit.windows.iter().any(|window| time::parse(&window.from).is_none()) {
            return faults.add(format!("{at}/minutes"), "moves the start past the second midnight after the visit's day");
        }
        let reason = format!("visit delayed: {minutes} min");
        self.causes.extend(labels.into_iter().map(|label| (label, reason.clone())));
    }

    fn finish(self) -> Result<Applied, ReadError> {
        let Self { next, added, causes, removed, absent, .. } = self;
        let problem = next.problem().map_err(|error| point_at_events(&next, &added, error))?;
        Ok(Applied { district: next, problem, causes, removed, absent })
    }
}

/// Moves pointers at added visits to the events that added them.
fn point_at_events(next: &District, added: &BTreeMap<String, String>, mut error: ReadError) -> ReadError {
    for fault in &mut error.faults {
        let Some(rest) = fault.at.strip_prefix("/visits/") else { continue };
        let (index, rest) = rest.split_once('/').map_or((rest, String::new()), |(index, rest)| (index, format!("/{rest}")));
        let visit = index.parse::<usize>().ok().and_then(|index| next.visits.get(index));
        if let Some(event) = visit.and_then(|visit| added.get(&visit.id)) {
            fault.at = format!("{event}/visit{rest}");
        }
    }
    error
}

/// Whether a service that starts in the window could fall into the period.
fn touches(visit: &Visit, window: &VisitWindow, span: &Span) -> bool {
    let (Some(open), Some(close)) = (time::parse(&window.from), time::parse(&window.to)) else { return false };
    let service = (visit.minutes.0.clamp(0.0, 1440.0) * 60.0).round() as i64;
    span.on(window.day.unwrap_or(visit.day)).is_some_and(|(from, until)| open < until && close + service > from)
}

/// Opens the windows no earlier than `earliest`, in seconds after the midnight of day 1; keeps one window where none is left.
fn delay(windows: &mut Vec<VisitWindow>, own_day: i64, earliest: i64) {
    let last = windows.last().cloned();
    let since = |day: Option<i64>| earliest - (day.unwrap_or(own_day) - 1) * time::DAY;
    windows.retain_mut(|window| {
        let from = since(window.day);
        let (open, close) = (time::parse(&window.from).unwrap_or(0), time::parse(&window.to).unwrap_or(0));
        window.from = time::print(open.max(from));
        close >= from
    });
    if let Some(mut window) = last.filter(|_| windows.is_empty()) {
        window.from = time::print(since(window.day));
        window.to.clone_from(&window.from);
        windows.push(window);
    }
}

/// The labels of a visit in the problem, and of what swaps ask for instead of it.
fn labels(visit: &Visit, swaps: &[Swap]) -> Vec<String> {
    let asked = swaps.iter().filter(|swap| swap.visit == visit.id).map(|swap| swap_label(visit, swap));
    visit_labels(visit).into_iter().chain(asked).collect()
}

/// Labels of the visits that the published plan serves in a shift within the part of the day that the period covers.
fn published_in(published: Option<Published<'_>>, shift: &str, span: &Span, day: i64) -> Vec<String> {
    let Some((Published { problem, plan }, (from, until))) = published.zip(span.on(day)) else { return Vec::new() };
    let Some((id, _)) = problem.shifts().enumerate().find(|(_, known)| known.label == shift) else { return Vec::new() };
    let midnight = time::moment(day, 0).0;
    let Some(route) = plan.routes.get(id) else { return Vec::new() };
    let hit = route.stops.iter().filter(|stop| stop.start.0 - midnight < until && stop.end.0 - midnight > from);
    let visits = hit.filter_map(|stop| match stop.task {
        kendt_solver::plan::Task::Visit(visit) => problem.visits().get(visit),
        kendt_solver::plan::Task::Break => None,
    });
    visits.map(|visit| visit.label.clone()).collect()
}

/// The published start in seconds after the midnight of day 1.
fn published_start(published: Option<Published<'_>>, label: &str) -> Option<i64> {
    let Published { problem, plan } = published?;
    let (id, _) = problem.visits().enumerate().find(|(_, visit)| visit.label == label)?;
    let wanted = |visit: VisitId| kendt_solver::plan::Task::Visit(visit);
    plan.routes.iter().flat_map(|route| &route.stops).find(|stop| stop.task == wanted(id)).map(|stop| stop.start.0)
}
