//! Wishes as prices at visits: of times away from those that are wished for, and of carers who come or do not.

use std::collections::BTreeMap;

use kendt_solver::problem::{CarerId, Moment, Preference, ProblemBuilder, VisitId};

use super::ids::Ids;
use super::prices::Scale;
use super::slack::weighed;
use crate::district::{District, Number, Visit, Want, time};

/// Adds every wish to the visits it is about. Faults were reported where they are.
pub(super) fn add(doc: &District, ids: &Ids<'_>, scale: Scale, builder: &mut ProblemBuilder) {
    if doc.wishes.is_empty() {
        return;
    }
    let halves = doc.visits.iter().flat_map(|visit| ids.visit(&visit.id).into_iter().flatten().map(move |&id| (id, visit)));
    let mut desk = Desk { ids, builder, visits: halves.collect(), fees: BTreeMap::new() };
    let worth = &doc.policy.wishes;
    for wish in &doc.wishes {
        let weighed = |price: Number| weighed(price, wish.weight);
        match &wish.wants {
            Want::Time { citizen, course, visit, from, until } => {
                let span = time::parse(from).zip(time::parse(until));
                let is_meant = |one: &Visit| visit.as_ref().is_none_or(|id| *id == one.id) && is_of(course.as_deref(), one);
                desk.prefer(citizen, |one| span.filter(|_| is_meant(one)), scale.per_tick(weighed(worth.time_per_minute)));
            }
            Want::SameTime { citizen, course } => {
                let usual = |one: &Visit| one.usual_minutes().map(|minutes| (minutes * 60, minutes * 60));
                let span = |one: &Visit| usual(one).filter(|_| one.course.is_some() && is_of(course.as_deref(), one));
                desk.prefer(citizen, span, scale.per_tick(weighed(worth.same_time_per_minute)));
            }
            Want::Carer { citizen, carer } => desk.charge(citizen, carer, false, scale.per_event(weighed(worth.carer))),
            Want::NotCarer { citizen, carer } => desk.charge(citizen, carer, true, scale.per_event(weighed(worth.not_carer))),
            Want::FewerCarers { citizen, most } => desk.cap(citizen, *most),
            // Slack and hours belong to shifts.
            Want::Hours { .. } | Want::Slack { .. } => {}
        }
    }
    desk.pay();
}

/// Whether a visit is of the course, if one is named.
fn is_of(course: Option<&str>, visit: &Visit) -> bool {
    course.is_none_or(|name| visit.course.as_deref() == Some(name))
}

struct Desk<'a> {
    ids: &'a Ids<'a>,
    builder: &'a mut ProblemBuilder,
    /// Every visit with its document, those by two carers twice.
    visits: Vec<(VisitId, &'a Visit)>,
    /// What carers cost at visits for the sake of wishes.
    fees: BTreeMap<(VisitId, CarerId), i64>,
}

impl Desk<'_> {
    /// Gives the citizen's visits for which there is a span the times of day in it as their wish, in place of any other.
    fn prefer(&mut self, citizen: &str, span: impl Fn(&Visit) -> Option<(i64, i64)>, price: i64) {
        for (id, visit) in self.visits.iter().copied().filter(|(_, visit)| visit.citizen == citizen).collect::<Vec<_>>() {
            if let Some((from, until)) = span(visit) {
                // Where the visit may be on several days, a day is no lateness of a thousand minutes: the wish is for the hours of its one day.
                let days = |visit: &kendt_solver::problem::Visit| {
                    let day = |at: Moment| at.0.div_euclid(time::DAY);
                    visit.windows.first().zip(visit.windows.last()).map_or((0, 0), |(first, last)| (day(first.open), day(last.open)))
                };
                let own = self.builder.visits.ids().filter(|&one| one == id || self.builder.visits[one].content.instead_of == Some(id));
                for one in own.collect::<Vec<_>>() {
                    let (first, last) = days(&self.builder.visits[one]);
                    if first == last {
                        let at = |seconds| time::moment(first + 1, seconds);
                        self.builder.visits[one].preference = Some(Preference { from: at(from), until: at(until), early: price, late: price });
                    }
                }
            }
        }
    }

    /// Charges a citizen's visits, and what is asked for instead of them, for this carer, or for everybody else.
    fn charge(&mut self, citizen: &str, carer: &str, is_unwanted: bool, fee: i64) {
        let (Some(home), Some(carer)) = (self.ids.citizen(citizen), self.ids.carer(carer)) else { return };
        for (id, _) in self.builder.visits.enumerate().filter(|(_, visit)| visit.citizen == home) {
            for charged in self.builder.carers.ids().filter(|&one| (one == carer) == is_unwanted) {
                *self.fees.entry((id, charged)).or_default() += fee;
            }
        }
    }

    fn cap(&mut self, citizen: &str, most: i64) {
        let cap = u16::try_from(most).ok().filter(|&most| most > 0);
        if let Some((home, cap)) = self.ids.citizen(citizen).zip(cap) {
            let own = &mut self.builder.citizens[home].cap;
            *own = Some(own.map_or(cap, |own| own.min(cap)));
        }
    }

    fn pay(self) {
        for ((visit, carer), fee) in self.fees {
            let costs = &mut self.builder.visits[visit].carer_costs;
            match costs.binary_search_by_key(&carer, |&(who, _)| who) {
                Ok(at) => costs[at].1 += fee,
                Err(at) => costs.insert(at, (carer, fee)),
            }
        }
    }
}
