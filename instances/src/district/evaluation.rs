//! What the document says of visits and citizens that is measured, not planned with.

use std::collections::BTreeMap;

use kendt_solver::continuity::{Agreed, Facts, Service as Kind, VisitFacts};
use kendt_solver::problem::{IdVec, Ticks, VisitId};

use super::convert::visit_labels;
use super::{Agreement, District, Service, Visit, say, time};

/// Minutes that a start may be off and still be on time, where the document does not say.
const TOLERANCE: f64 = 60.0;
const TOLERANCE_PRACTICAL: f64 = 2.0 * 1440.0;

/// The facts in the ids of the document's problem: of a visit by two carers both halves, the course with the first only.
pub(super) fn facts(doc: &District) -> Facts {
    let mut courses: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut visits: IdVec<VisitId, VisitFacts> = IdVec::new();
    for visit in &doc.visits {
        let course = visit.course.as_deref().map(|course| {
            let next = u32::try_from(courses.len()).unwrap_or(u32::MAX);
            *courses.entry((visit.citizen.as_str(), course)).or_insert(next)
        });
        let facts = VisitFacts { service: visit.service.map(kind), agreed: visit.agreed.as_ref().and_then(|of| agreed(visit, of)), course };
        for half in 0..visit_labels(visit).len() {
            let _ = visits.push(VisitFacts { course: facts.course.filter(|_| half == 0), ..facts });
        }
    }
    // What is asked for instead of a visit is at the visit's agreed time, but of its own kind.
    for (_, asked) in say::planned(doc) {
        let visit = &doc.visits[asked.visit];
        let agreed = visit.agreed.as_ref().and_then(|of| agreed(visit, of));
        let course = visit.course.as_deref().and_then(|course| courses.get(&(visit.citizen.as_str(), course)).copied());
        visits.push(VisitFacts { service: Some(kind(asked.category)), agreed, course });
    }
    Facts {
        days: u16::try_from(doc.days.clamp(1, 28)).unwrap_or(1),
        ages: doc.citizens.iter().map(|citizen| citizen.age.and_then(|age| u8::try_from(age).ok())).collect(),
        visits,
    }
}

fn agreed(visit: &Visit, agreement: &Agreement) -> Option<Agreed> {
    let usual = if visit.service == Some(Service::Practical) { TOLERANCE_PRACTICAL } else { TOLERANCE };
    let tolerance = agreement.tolerance_minutes.map_or(usual, |minutes| minutes.0);
    let day = agreement.day.unwrap_or(visit.day).clamp(1, 28);
    Some(Agreed { start: time::moment(day, time::parse(&agreement.at)?), tolerance: Ticks((tolerance * 60.0).round() as i64) })
}

fn kind(service: Service) -> Kind {
    match service {
        Service::Personal => Kind::Personal,
        Service::Practical => Kind::Practical,
        Service::Nursing => Kind::Nursing,
        Service::Alarm => Kind::Alarm,
        Service::Meals => Kind::Meals,
        Service::Other => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::Number;
    use crate::district::tests::{at, tiny};

    #[test]
    fn facts_stand_at_the_visits_and_citizens_of_the_problem() {
        let mut district = tiny();
        district.citizens[1].age = Some(81);
        let agreement = |at: &str| Some(Agreement { day: None, at: at.to_owned(), tolerance_minutes: None });
        for (visit, course) in district.visits.iter_mut().zip(["morning", "morning", "cleaning", "morning"]) {
            visit.course = Some(course.to_owned());
        }
        district.visits[2].service = Some(Service::Practical);
        district.visits[2].agreed = Some(Agreement { day: Some(2), ..agreement("08:00").unwrap() });
        district.visits[3].agreed = Some(Agreement { tolerance_minutes: Some(Number(0.5)), ..agreement("24:30").unwrap() });
        let (facts, problem) = (district.facts(), district.problem().unwrap());
        assert_eq!((facts.days, facts.ages.len(), facts.visits.len()), (2, problem.citizens().len(), problem.visits().len()));
        assert_eq!(facts.ages.iter().copied().collect::<Vec<_>>(), [Some(82), Some(81)]);
        let of = |label: &str| facts.visits[problem.visits().enumerate().find(|(_, visit)| visit.label == label).unwrap().0];
        let agreed = |start, minutes: i64| Some(Agreed { start, tolerance: Ticks(minutes * 60) });
        assert_eq!(of("v1"), VisitFacts { service: Some(Kind::Personal), agreed: agreed(at("07:15"), 60), course: Some(0) });
        // Another citizen's course of the same name is another course.
        assert_eq!(of("v2"), VisitFacts { service: None, agreed: None, course: Some(1) });
        assert_eq!(of("v3"), VisitFacts { service: Some(Kind::Practical), agreed: agreed(at("32:00"), 2880), course: Some(2) });
        let half_a_minute = Some(Agreed { start: at("24:30"), tolerance: Ticks(30) });
        assert_eq!(of("v4#1"), VisitFacts { service: None, agreed: half_a_minute, course: Some(1) });
        assert_eq!(of("v4#2"), VisitFacts { service: None, agreed: half_a_minute, course: None });
    }

    #[test]
    fn faults_are_not_known() {
        let mut district = tiny();
        district.citizens[0].age = Some(-5);
        district.visits[0].day = i64::MAX;
        district.visits[0].agreed = Some(Agreement { day: Some(i64::MIN), at: "noon".into(), tolerance_minutes: Some(Number(f64::NAN)) });
        let facts = district.facts();
        assert_eq!(facts.ages.iter().next(), Some(&None));
        assert_eq!(facts.visits[VisitId::new(0)].agreed, None);
    }
}
