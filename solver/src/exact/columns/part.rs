//! A part of a day: when visits may start, who serves them, which follows which, and how late the latest of them may be.

use super::day::{Class, Day, FORBIDDEN};
use super::duals::directions;
use super::master::Column;
use crate::problem::VisitId;

/// A visit, or the start or end of a route.
pub(super) type End = Option<VisitId>;

/// One decision of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The visit starts by then.
    By(VisitId, i64),
    /// The visit starts then at the earliest.
    From(VisitId, i64),
    /// The second comes at once after the first on a route.
    Follows(End, End),
    /// It does not.
    FollowsNot(End, End),
    /// A shift of this class serves the visit.
    Serves(usize, VisitId),
    /// None does.
    ServesNot(usize, VisitId),
    /// No visit is later than this.
    LateBy(i64),
    /// Some visit is as late as this.
    LateFrom(i64),
}

impl<'a> Day<'a> {
    /// The day with less to choose from: every plan that keeps the decisions is still there.
    pub(super) fn within(&self, decisions: &[Decision]) -> Day<'a> {
        let mut day = self.clone();
        for &decision in decisions {
            match decision {
                Decision::By(visit, last) => day.spans[visit.idx()].1 = day.spans[visit.idx()].1.min(last),
                Decision::From(visit, first) => day.spans[visit.idx()].0 = day.spans[visit.idx()].0.max(first),
                Decision::Follows(..) | Decision::FollowsNot(..) => day.classes.iter_mut().for_each(|class| class.decide(decision)),
                Decision::Serves(server, visit) => {
                    day.classes.iter_mut().enumerate().filter(|(at, _)| *at != server).for_each(|(_, class)| class.rule_out(visit));
                }
                Decision::ServesNot(class, visit) => day.classes[class].rule_out(visit),
                Decision::LateBy(most) => day.lateness.1 = day.lateness.1.min(most),
                Decision::LateFrom(least) => day.lateness.0 = day.lateness.0.max(least),
            }
        }
        if day.lateness.1 < i64::MAX {
            for (visit, facts) in self.problem.visits().enumerate() {
                let closes = facts.windows.last().map_or(i64::MAX, |window| window.close.0);
                day.spans[visit.idx()].1 = day.spans[visit.idx()].1.min(closes.saturating_add(day.lateness.1));
            }
        }
        // What a start says of the others of its cluster: as many steps as a cluster has members reach them all.
        let directions = directions(self.problem);
        for _ in 0..directions.len() {
            let before = day.spans.clone();
            for &(first, second, apart) in &directions {
                let (soonest, latest) = (day.spans[second.idx()].0.saturating_sub(apart), day.spans[first.idx()].1.saturating_add(apart));
                day.spans[first.idx()].0 = day.spans[first.idx()].0.max(soonest);
                day.spans[second.idx()].1 = day.spans[second.idx()].1.min(latest);
            }
            if day.spans == before {
                break;
            }
        }
        day
    }

    /// Whether a column is a route of this part.
    pub(super) fn has(&self, column: &Column) -> bool {
        let class = &self.classes[column.class];
        let elements: Option<Vec<usize>> = column.visits.iter().map(|visit| class.visits.binary_search(visit).ok()).collect();
        let Some(elements) = elements else { return false };
        let in_time =
            column.visits.iter().zip(&column.starts).all(|(visit, start)| (self.spans[visit.idx()].0..=self.spans[visit.idx()].1).contains(start));
        let (Some(first), Some(&last)) = (elements.first(), elements.last()) else { return false };
        in_time
            && class.first.iter().any(|leg| leg.to == *first)
            && class.home[last].toll < FORBIDDEN
            && elements.windows(2).all(|pair| class.legs[pair[0]].iter().any(|leg| leg.to == pair[1]))
    }

    /// Whether the same visits in the same order cost the same at the same times on every shift that may serve them.
    pub(super) fn is_uniform(&self) -> bool {
        let Some((model, others)) = self.classes.split_first() else { return true };
        let terms = |class: &Class| (class.end, class.latest_return, class.overtime, class.capacity);
        let shift = |class: &Class| {
            let shift = &self.problem.shifts()[class.shifts[0]];
            (shift.start, shift.from, shift.to, self.problem.mode(class.shifts[0]))
        };
        let fees = |visit: VisitId| {
            let facts = &self.problem.visits()[visit];
            facts.preferred.is_empty() && facts.excluded.is_empty() && facts.published.is_none()
        };
        // Who lacks a skill is not able: pricing has no such class.
        let qualified = self.problem.objective().is_hard(crate::problem::Term::Qualification);
        qualified && self.problem.visits().ids().all(fees) && others.iter().all(|class| terms(class) == terms(model) && shift(class) == shift(model))
    }
}

impl Class {
    /// Takes out the legs that a decision rules out.
    fn decide(&mut self, decision: Decision) {
        let element = |end: End| end.map(|visit| self.visits.binary_search(&visit).ok());
        match decision {
            Decision::Follows(from, to) => {
                let (from, to) = (element(from), element(to));
                if let Some(from) = from.flatten() {
                    // A class that does not have the second visit cannot have the first either.
                    let next = to.flatten();
                    self.legs[from].retain(|leg| Some(leg.to) == next);
                    if to.is_some() {
                        self.home[from].toll = FORBIDDEN;
                    }
                }
                if let Some(to) = to.flatten() {
                    let before = from.flatten();
                    for (at, legs) in self.legs.iter_mut().enumerate() {
                        legs.retain(|leg| leg.to != to || Some(at) == before);
                    }
                    if from.is_some() {
                        self.first.retain(|leg| leg.to != to);
                    }
                }
            }
            Decision::FollowsNot(from, to) => match (element(from), element(to)) {
                (Some(Some(from)), Some(Some(to))) => self.legs[from].retain(|leg| leg.to != to),
                (None, Some(Some(to))) => self.first.retain(|leg| leg.to != to),
                (Some(Some(from)), None) => self.home[from].toll = FORBIDDEN,
                _ => {}
            },
            _ => {}
        }
    }

    /// Takes out the legs to a visit.
    fn rule_out(&mut self, visit: VisitId) {
        let Ok(element) = self.visits.binary_search(&visit) else { return };
        self.first.retain(|leg| leg.to != element);
        self.legs.iter_mut().for_each(|legs| legs.retain(|leg| leg.to != element));
    }
}
