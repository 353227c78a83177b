//! The number of carers in 14 days as Swedish municipalities report it (Kolada, after Kungälv's description).

use std::collections::BTreeSet;

use super::measures::{mean_of, percentile};
use super::{Contact, Facts, Service, day_of, time_of_day};
use crate::problem::{CarerId, CitizenId, Clock, Moment};

/// Days that are counted.
const DAYS: usize = 14;
/// Youngest age in years.
const AGE: u8 = 65;
/// Visits that a citizen has on every day.
const DAILY: usize = 2;
/// Minutes of the day from which starts count, and before which.
const FROM: i64 = 7 * 60;
const UNTIL: i64 = 22 * 60;

/// Different carers in the first 14 days, of citizens of 65 years or more who have two visits or more on every one of the days that start from
/// 07:00 to before 22:00. Alarms, meals and home nursing do not count, neither as visits nor for who came. A visit by two carers is one visit
/// and two carers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swedish {
    /// Citizens who are counted.
    pub citizens: usize,
    /// Mean over them.
    pub mean: f64,
    /// Median over them, by nearest rank.
    pub median: usize,
}

/// The Swedish figure; `None` where the horizon has fewer than 14 days or nobody is to be counted. Each citizen comes with all contacts.
pub(super) fn swedish<'a>(clock: Clock, facts: &Facts, citizens: impl Iterator<Item = (CitizenId, &'a [Contact])>) -> Option<Swedish> {
    if usize::from(facts.days) < DAYS {
        return None;
    }
    let of_age = citizens.filter(|(citizen, _)| facts.ages.get(*citizen).copied().flatten().is_some_and(|age| age >= AGE));
    let mut carers: Vec<usize> = of_age.filter_map(|(_, contacts)| carers(clock, facts, contacts)).collect();
    carers.sort_unstable();
    Some(Swedish { citizens: carers.len(), mean: mean_of(&carers)?, median: percentile(&carers, 50)? })
}

/// The carers of one citizen, who must be visited often enough.
fn carers(clock: Clock, facts: &Facts, contacts: &[Contact]) -> Option<usize> {
    let mut starts: [BTreeSet<Moment>; DAYS] = std::array::from_fn(|_| BTreeSet::new());
    let mut came: BTreeSet<CarerId> = BTreeSet::new();
    for contact in contacts.iter().filter(|contact| counts(clock, facts, contact)) {
        if let Some(day) = usize::try_from(day_of(clock, contact.start)).ok().and_then(|day| starts.get_mut(day)) {
            day.insert(contact.start);
            came.insert(contact.carer);
        }
    }
    starts.iter().all(|day| day.len() >= DAILY).then_some(came.len())
}

fn counts(clock: Clock, facts: &Facts, contact: &Contact) -> bool {
    let service = facts.visits.get(contact.visit).and_then(|facts| facts.service);
    let minute = time_of_day(clock, contact.start).0 / clock.ticks_per_minute;
    (FROM..UNTIL).contains(&minute) && !matches!(service, Some(Service::Alarm | Service::Meals | Service::Nursing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::VisitId;

    /// Citizen 0 of this age is visited at 08:00 by carer 0 and at 18:00 by carer 1 for 14 days, and then as changed.
    fn figure(age: Option<u8>, days: u16, change: impl FnOnce(&mut Vec<Contact>, &mut Facts)) -> Option<Swedish> {
        let problem = line_with(28, 5, |_| ());
        let mut facts = Facts::unknown(&problem, days);
        let citizen = CitizenId::new(0);
        facts.ages[citizen] = age;
        let mut contacts: Vec<Contact> = (0..28)
            .map(|nth| {
                let start = Moment(nth / 2 * 1440 + if nth % 2 == 0 { 480 } else { 1080 });
                Contact { citizen, carer: CarerId::new(nth as usize % 2), visit: VisitId::new(nth as usize), start }
            })
            .collect();
        change(&mut contacts, &mut facts);
        swedish(problem.clock(), &facts, [(citizen, contacts.as_slice())].into_iter())
    }

    #[test]
    fn two_carers_in_14_days() {
        let two = Some(Swedish { citizens: 1, mean: 2.0, median: 2 });
        assert_eq!(figure(Some(65), 14, |_, _| ()), two);
        assert_eq!(figure(Some(64), 14, |_, _| ()), None);
        assert_eq!(figure(None, 14, |_, _| ()), None);
        assert_eq!(figure(Some(90), 13, |_, _| ()), None);
        // Who comes on the 15th day, or at night, is not counted.
        let more = |start: i64| {
            move |contacts: &mut Vec<Contact>, _: &mut Facts| {
                contacts.push(Contact { carer: CarerId::new(4), start: Moment(start), ..contacts[0] });
            }
        };
        assert_eq!(figure(Some(65), 15, more(14 * 1440 + 500)), two);
        assert_eq!(figure(Some(65), 14, more(22 * 60)), two);
        assert_eq!(figure(Some(65), 14, more(22 * 60 - 1)).map(|of| of.median), Some(3));
    }

    #[test]
    fn every_day_has_two_visits() {
        assert_eq!(figure(Some(70), 14, |contacts, _| contacts.truncate(27)), None);
        // Home nursing does not count, nor do two carers at the same time make two visits.
        assert_eq!(figure(Some(70), 14, |_, facts| facts.visits[VisitId::new(3)].service = Some(Service::Nursing)), None);
        assert_eq!(figure(Some(70), 14, |contacts, _| contacts[3].start = contacts[2].start), None);
    }
}
