//! Measures of continuity for any plan, whoever made it: ours, a planner's own, or what was delivered.
//!
//! A [`Contact`] is one visit as paid by one carer; a visit by two carers is two visits in the problem, so two contacts. [`Records`] has
//! the contacts of a plan by citizen and measures any group of citizens ([`Measures`]): all, a team's, one layer of the day, one citizen.
//! `sequence` measures one citizen's sequence of carers, `floor` says how few carers the roster allows, `promise` how well agreed times
//! are kept, `sweden` counts as the Swedish authorities do. [`Facts`] holds what is known of visits and citizens beyond the problem.
//!
//! Nothing here depends on the objective's prices, and nothing is measured by carer: staff are not ranked.

mod facts;
mod floor;
mod hitting;
mod measures;
mod promise;
mod records;
mod sequence;
mod slack;
mod sweden;

pub use facts::{Agreed, Facts, Service, VisitFacts};
pub use floor::{Floor, fewest, floor};
pub use measures::{Averages, Distinct, Excess, FewShares, MOST_CARERS, Measures, NewFaces};
pub use promise::{Breaches, Promise};
pub use records::Records;
pub use sequence::{Indices, distinct_carers, indices};
pub use slack::{Kept, SlackMeasures, slack};
pub use sweden::Swedish;

use crate::plan::{Plan, Task};
use crate::problem::{CarerId, CitizenId, Clock, Moment, Problem, Ticks, Visit, VisitId};

/// One visit as paid by one carer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who was visited.
    pub citizen: CitizenId,
    /// Who came.
    pub carer: CarerId,
    /// Which visit.
    pub visit: VisitId,
    /// The service start.
    pub start: Moment,
}

/// A part of the day with a team of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// From 07:00 to before 15:00.
    Day,
    /// From 15:00 to before 23:00.
    Evening,
    /// From 23:00 to before 07:00.
    Night,
}

impl Layer {
    /// Every layer, in the order of the day.
    pub const ALL: [Layer; 3] = [Layer::Day, Layer::Evening, Layer::Night];

    /// The layer in which a visit is wanted. It follows from the demand, so it is the same in every plan.
    #[must_use]
    pub fn of(clock: Clock, visit: &Visit) -> Self {
        let minute = time_of_day(clock, wanted(visit)).0 / clock.ticks_per_minute;
        match minute {
            420..900 => Layer::Day,
            900..1380 => Layer::Evening,
            _ => Layer::Night,
        }
    }
}

/// The contacts of a plan, by start and then by visit. A visit that a broken plan pays twice is two contacts.
///
/// # Panics
/// When the plan names shifts or visits that the problem does not have.
#[must_use]
pub fn contacts(problem: &Problem, plan: &Plan) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for (shift, route) in plan.routes.enumerate() {
        let carer = problem.shifts()[shift].carer;
        for stop in &route.stops {
            if let Task::Visit(visit) = stop.task {
                contacts.push(Contact { citizen: problem.visits()[visit].citizen, carer, visit, start: stop.start });
            }
        }
    }
    contacts.sort_unstable_by_key(|contact| (contact.start, contact.visit, contact.carer));
    contacts
}

/// When a visit is wanted: the middle of the preference, where there is none of the first window.
fn wanted(visit: &Visit) -> Moment {
    let (from, until) = match (&visit.preference, visit.windows.first()) {
        (Some(preference), _) => (preference.from, preference.until),
        (None, Some(window)) => (window.open, window.close),
        (None, None) => (Moment(0), Moment(0)),
    };
    Moment(from.0.midpoint(until.0))
}

fn ticks_per_day(clock: Clock) -> i64 {
    24 * 60 * clock.ticks_per_minute
}

/// The day of a moment, from 0.
fn day_of(clock: Clock, moment: Moment) -> i64 {
    moment.0.div_euclid(ticks_per_day(clock))
}

/// Since the midnight before.
fn time_of_day(clock: Clock, moment: Moment) -> Ticks {
    Ticks(moment.0.rem_euclid(ticks_per_day(clock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::plan::{Route, Stop};
    use crate::problem::{Preference, ShiftId, Window};

    #[test]
    fn contacts_stand_in_order_of_their_starts() {
        let problem = line_with(3, 2, |_| ());
        let stop = |visit: usize, start: i64| Stop {
            task: Task::Visit(VisitId::new(visit)),
            arrival: Moment(start),
            start: Moment(start),
            end: Moment(start + 1),
        };
        let mut plan = Plan::empty(&problem);
        let pause = Stop { task: Task::Break, ..stop(0, 5) };
        plan.routes[ShiftId::new(0)] = Route { departure: Moment(0), stops: vec![stop(2, 3), pause, stop(1, 9)], back: Moment(12) };
        plan.routes[ShiftId::new(1)] = Route { departure: Moment(0), stops: vec![stop(0, 9)], back: Moment(12) };
        let found: Vec<_> = contacts(&problem, &plan).iter().map(|contact| (contact.visit.idx(), contact.carer.idx(), contact.start.0)).collect();
        assert_eq!(found, [(2, 0, 3), (0, 1, 9), (1, 0, 9)]);
    }

    #[test]
    fn the_layer_is_that_of_the_wished_time() {
        let problem = line_with(1, 1, |_| ());
        let layer = |open: i64, close: i64, wish: Option<(i64, i64)>| {
            let mut visit = problem.visits()[VisitId::new(0)].clone();
            visit.windows = vec![Window { open: Moment(open), close: Moment(close) }];
            visit.preference = wish.map(|(from, until)| Preference { from: Moment(from), until: Moment(until), early: 0, late: 0 });
            Layer::of(problem.clock(), &visit)
        };
        assert_eq!(layer(420, 420, None), Layer::Day);
        assert_eq!(layer(419, 419, None), Layer::Night);
        // From 14:00 to 16:00 the middle is 15:00; the wish of 14:15 to 14:45 goes before.
        assert_eq!(layer(840, 960, None), Layer::Evening);
        assert_eq!(layer(840, 960, Some((855, 885))), Layer::Day);
        // 23:30 on the second day.
        assert_eq!(layer(1440 + 1400, 1440 + 1420, None), Layer::Night);
    }
}
