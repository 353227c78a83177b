//! How well times are kept: those that were agreed, those that citizens would like, and the regularity of what recurs.

use std::collections::BTreeMap;

use super::measures::{mean, percentile, share};
use super::{Contact, Facts, Service, VisitFacts, ticks_per_day};
use crate::problem::{Clock, Problem, Ticks};

/// Personal care this far off in minutes is a breach, and practical help.
const BREACH_PERSONAL: f64 = 60.0;
const BREACH_PRACTICAL: f64 = 2.0 * 24.0 * 60.0;

/// How well times are kept by a group of visits. Times are in minutes, shares in [0, 1]; what has no visits to be measured on is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    /// Visits with an agreed start.
    pub agreed: usize,
    /// Share of them that starts within the tolerance.
    pub on_time: Option<f64>,
    /// Mean of how far their starts are from the agreed ones, early or late.
    pub dev_minutes: Option<f64>,
    /// The same, 90th percentile.
    pub dev_minutes_p90: Option<f64>,
    /// Personal care more than an hour from the agreed start.
    pub over_1h: Breaches,
    /// Practical help more than two days from the agreed start.
    pub over_2d: Breaches,
    /// Courses with two or more visits in the group.
    pub courses: usize,
    /// Standard deviation (of the population) of the starts' time of day in a course, mean over those courses.
    pub regularity: Option<f64>,
    /// Visits with a preferred time.
    pub preferred: usize,
    /// Mean of how far their starts are outside of the preferred times; 0 for a start inside.
    pub preferred_time_gap: Option<f64>,
}

/// How often a limit is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaches {
    /// Visits beyond the limit.
    pub count: usize,
    /// Visits that the limit is for: those of the kind that have an agreed start.
    pub of: usize,
}

impl Breaches {
    /// Broken ones of all; `None` where there are none to be broken.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        share(self.count, self.of)
    }
}

/// How well these contacts keep their times.
pub(super) fn promise(problem: &Problem, facts: &Facts, contacts: &[&Contact]) -> Promise {
    let clock = problem.clock();
    let known = contacts.iter().map(|&contact| (contact, facts.visits.get(contact.visit).copied().unwrap_or_default()));
    let known: Vec<(&Contact, VisitFacts)> = known.collect();
    let kept: Vec<Kept> = known.iter().filter_map(|(contact, facts)| Kept::of(clock, contact, facts)).collect();
    let mut off: Vec<f64> = kept.iter().map(|kept| kept.minutes).collect();
    off.sort_unstable_by(f64::total_cmp);
    let breaches = |service, limit: f64| {
        let of = kept.iter().filter(|kept| kept.service == Some(service));
        Breaches { count: of.clone().filter(|kept| kept.minutes > limit).count(), of: of.count() }
    };
    let deviations = regularities(clock, &known);
    let gaps: Vec<f64> = contacts.iter().filter_map(|contact| preferred_gap(problem, contact)).collect();
    Promise {
        agreed: kept.len(),
        on_time: share(kept.iter().filter(|kept| kept.is_on_time).count(), kept.len()),
        dev_minutes: mean(&off),
        dev_minutes_p90: percentile(&off, 90),
        over_1h: breaches(Service::Personal, BREACH_PERSONAL),
        over_2d: breaches(Service::Practical, BREACH_PRACTICAL),
        courses: deviations.len(),
        regularity: mean(&deviations),
        preferred: gaps.len(),
        preferred_time_gap: mean(&gaps),
    }
}

/// How an agreement was kept.
struct Kept {
    service: Option<Service>,
    minutes: f64,
    is_on_time: bool,
}

impl Kept {
    fn of(clock: Clock, contact: &Contact, facts: &VisitFacts) -> Option<Self> {
        let agreed = facts.agreed?;
        let off = Ticks((contact.start - agreed.start).0.abs());
        Some(Self { service: facts.service, minutes: clock.minutes(off), is_on_time: off <= agreed.tolerance })
    }
}

/// For each course with two or more visits the standard deviation of its starts' time of day in minutes. The clock is a circle: a start
/// counts by how far it is from the course's first one, at most half a day, so 23:50 and 00:10 are twenty minutes apart.
fn regularities(clock: Clock, known: &[(&Contact, VisitFacts)]) -> Vec<f64> {
    let mut starts: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for (contact, facts) in known {
        if let Some(course) = facts.course {
            starts.entry(course).or_default().push(contact.start.0);
        }
    }
    let day = ticks_per_day(clock);
    let deviation = |starts: Vec<i64>| {
        let from_first = |start: &i64| clock.minutes(Ticks((start - starts[0] + day / 2).rem_euclid(day) - day / 2));
        let minutes: Vec<f64> = starts.iter().map(from_first).collect();
        let middle = mean(&minutes)?;
        mean(&minutes.iter().map(|minute| (minute - middle).powi(2)).collect::<Vec<_>>()).map(f64::sqrt)
    };
    starts.into_values().filter(|starts| starts.len() > 1).filter_map(deviation).collect()
}

fn preferred_gap(problem: &Problem, contact: &Contact) -> Option<f64> {
    let wish = problem.visits()[contact.visit].preference?;
    let outside = (wish.from - contact.start).max(contact.start - wish.until).max(Ticks::ZERO);
    Some(problem.clock().minutes(outside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::continuity::Agreed;
    use crate::fixture::line_with;
    use crate::problem::{CarerId, Moment, Preference, VisitId};

    fn measured(starts: &[i64], change: impl Fn(usize, &mut VisitFacts)) -> Promise {
        let problem = line_with(starts.len(), 1, |parts| {
            parts.visits[VisitId::new(0)].preference = Some(Preference { from: Moment(480), until: Moment(510), early: 0, late: 0 });
        });
        let mut facts = Facts::unknown(&problem, 3);
        facts.visits.iter_mut().enumerate().for_each(|(visit, facts)| change(visit, facts));
        let contacts: Vec<Contact> = problem
            .visits()
            .enumerate()
            .map(|(visit, of)| Contact { citizen: of.citizen, carer: CarerId::new(0), visit, start: Moment(starts[visit.idx()]) })
            .collect();
        promise(&problem, &facts, &contacts.iter().collect::<Vec<_>>())
    }

    #[test]
    fn nothing_agreed_is_nothing_kept() {
        let found = measured(&[500], |_, _| ());
        assert_eq!((found.agreed, found.on_time, found.dev_minutes, found.over_1h.share(), found.regularity), (0, None, None, None, None));
        assert_eq!((found.preferred, found.preferred_time_gap), (1, Some(0.0)));
    }

    #[test]
    fn agreements_are_kept_within_their_tolerance() {
        let day = 1440;
        let services = [Service::Personal, Service::Personal, Service::Personal, Service::Practical, Service::Practical];
        let found = measured(&[480, 420, 599, 500 + 2 * day, 501 + 2 * day], |visit, facts| {
            let (start, tolerance) = if visit < 3 { (Moment(480), Ticks(60)) } else { (Moment(500), Ticks(2 * day)) };
            *facts = VisitFacts { service: Some(services[visit]), agreed: Some(Agreed { start, tolerance }), course: None };
        });
        // Off by 0, 60, 119, 2880 and 2881 minutes: the first, second and fourth are on time.
        assert_eq!((found.agreed, found.on_time), (5, Some(0.6)));
        assert_eq!((found.dev_minutes, found.dev_minutes_p90), (Some(1188.0), Some(2881.0)));
        assert_eq!((found.over_1h, found.over_2d), (Breaches { count: 1, of: 3 }, Breaches { count: 1, of: 2 }));
    }

    #[test]
    fn courses_are_regular_around_midnight_too() {
        // 23:50 and 00:10 of the next day but one: ten minutes on either side of the middle. The third visit recurs nowhere.
        let found = measured(&[1430, 2 * 1440 + 10, 700], |visit, facts| facts.course = Some(if visit < 2 { 1 } else { 2 }));
        assert_eq!((found.courses, found.regularity), (1, Some(10.0)));
        // The wish ends at 08:30.
        assert_eq!(found.preferred_time_gap, Some(920.0));
    }
}
