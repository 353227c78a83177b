//! The rules on one small week with round numbers: Monday 2026-11-23 is day 1.

mod wishes;

use kendt_solver::problem::{Problem, SkillSet, Ticks, VisitId};

use super::rules::judge;
use super::*;
use crate::district::tests::at;
use crate::district::{Number, Pin, Service, SoundnessState, Swap, SwapFrame};

/// Citizen c1 has a bath on Thursday morning (30 min), cleaning on Tuesday (60 min, flexible by a day) and nursing every noon (10 min); c2 cleaning
/// only, from a private supplier, and c3 a frame of 100 minutes a week, planned on Monday and Wednesday.
const WEEK: &str = r#"{
  "format": "kendt-district/1", "name": "week", "date": "2026-11-23", "days": 7,
  "bases": [{"id": "b1", "x": 0, "y": 0}],
  "carers": [
    {"id": "k1", "skills": ["ssh", "lift"], "mode": "car", "base": "b1", "shifts": [{"day": 2, "start": "07:00", "end": "15:00"}, {"day": 4, "start": "07:00", "end": "15:00"}]},
    {"id": "k2", "skills": ["ssh"], "mode": "car", "base": "b1", "supplier": "private", "shifts": [{"day": 2, "start": "07:00", "end": "15:00"}]}
  ],
  "citizens": [{"id": "c1", "x": 1, "y": 0}, {"id": "c2", "x": 2, "y": 0}, {"id": "c3", "x": 3, "y": 0}],
  "visits": [],
  "services": [
    {"code": "bath", "category": "personal", "minutes": 30, "skills": ["ssh", "lift"]},
    {"code": "walk", "category": "personal", "minutes": 45, "skills": ["ssh"]},
    {"code": "clean", "category": "practical", "minutes": 60},
    {"code": "shop", "category": "practical", "minutes": 40},
    {"code": "care", "category": "personal"},
    {"code": "wound", "category": "nursing", "minutes": 10}
  ],
  "grants": [
    {"id": "g1", "citizen": "c1", "service": "bath", "minutes": 30, "repetition": {"weekdays": ["thursday"], "shifts": ["morning"]}},
    {"id": "g2", "citizen": "c1", "service": "clean", "minutes": 60, "legal_basis": "sel83",
     "repetition": {"weekdays": ["tuesday"], "shifts": ["morning"], "flexible_days": 1}},
    {"id": "g3", "citizen": "c1", "service": "wound", "minutes": 10, "repetition": {"pattern": "day", "count": 2, "shifts": ["noon"]}},
    {"id": "g4", "citizen": "c2", "service": "clean", "minutes": 60, "supplier": "private", "repetition": {"weekdays": ["tuesday"], "shifts": ["morning"]}},
    {"id": "g5", "citizen": "c3", "service": "care", "minutes": 100, "kind": "frame", "legal_basis": "aeldrelov10",
     "repetition": {"weekdays": ["monday", "wednesday"], "shifts": ["morning"], "minutes": 45}}
  ]
}"#;

fn week() -> District {
    crate::district::read(WEEK).unwrap().with_demand().unwrap().district
}

fn swap(visit: &str, instead: &str, state: SoundnessState) -> Swap {
    let text = format!(r#"{{"id": "s", "visit": "{visit}", "instead": {instead}}}"#);
    let mut swap: Swap = serde_json::from_str(&text).unwrap();
    swap.soundness.state = state;
    if state != SoundnessState::Pending {
        (swap.soundness.by_role, swap.soundness.on) = (Some("carer".into()), Some("2026-11-20".into()));
    }
    swap
}

/// The verdict on one swap of the week.
fn verdict(change: impl FnOnce(&mut District), swap: Swap) -> Result<Asked, SwapRefusal> {
    let mut district = week();
    change(&mut district);
    district.swaps = vec![swap];
    judge(&district).remove(0)
}

fn visit<'a>(problem: &'a Problem, label: &str) -> (VisitId, &'a kendt_solver::problem::Visit) {
    problem.visits().enumerate().find(|(_, visit)| visit.label == label).unwrap()
}

const CLEAN: &str = "g2/2026-11-24/morning";
const BATH: &str = "g1/2026-11-26/morning";

#[test]
fn visits_are_made_on_their_days_and_found_again() {
    let district = week();
    let ids: Vec<&str> = district.visits.iter().map(|visit| visit.id.as_str()).collect();
    let wounds = ["2026-11-23", "2026-11-25", "2026-11-27", "2026-11-29"].map(|date| format!("g3/{date}/noon"));
    let mut expected = vec![BATH, CLEAN];
    expected.extend(wounds.iter().map(String::as_str));
    expected.extend(["g4/2026-11-24/morning", "g5/2026-11-23/morning", "g5/2026-11-25/morning"]);
    assert_eq!(ids, expected);
    let clean = &district.visits[1];
    // A day sooner or later: Monday to Wednesday.
    assert_eq!(clean.windows.iter().map(|window| window.day).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    assert_eq!((clean.minutes, clean.service, clean.course.as_deref()), (Number(60.0), Some(Service::Practical), Some("g2/morning")));
    let again = district.with_demand().unwrap();
    assert_eq!((again.district, again.added.len() + again.changed.len() + again.removed.len()), (district, 0));
}

#[test]
fn what_people_decided_outlives_another_grant() {
    let mut district = week();
    district.visits[1].pin = Some(Pin { carer: Some("k1".into()), at: Some("09:00".into()) });
    district.grants[1].minutes = Number(45.0);
    district.grants[2].until = Some("2026-11-25".into());
    district.grants[0].repetition.as_mut().unwrap().shifts = vec!["noon".into()];
    let next = district.with_demand().unwrap();
    assert_eq!(next.changed, [CLEAN]);
    assert_eq!(next.removed, [BATH, "g3/2026-11-27/noon", "g3/2026-11-29/noon"]);
    assert_eq!(next.added, ["g1/2026-11-26/noon"]);
    let clean = next.district.visits.iter().find(|visit| visit.id == CLEAN).unwrap();
    assert_eq!((clean.minutes, clean.pin.as_ref().unwrap().carer.as_deref()), (Number(45.0), Some("k1")));
    // The pin holds in the problem: carer and start are settled.
    let problem = next.district.problem().unwrap();
    let (_, clean) = visit(&problem, CLEAN);
    assert_eq!((clean.allowed.as_ref().map(Vec::len), clean.windows.len(), clean.windows[0].open), (Some(1), 1, at("33:00")));
}

#[test]
fn a_sound_swap_takes_its_own_time_and_a_pending_one_fits_both() {
    let shop = r#"{"service": "shop"}"#;
    let sound = verdict(|_| (), swap(CLEAN, shop, SoundnessState::Sound)).unwrap();
    assert_eq!((sound.minutes, sound.own_minutes, sound.windows.len(), sound.benefit), (40.0, 40.0, 3, 30.0));
    let pending = verdict(|_| (), swap(CLEAN, shop, SoundnessState::Pending)).unwrap();
    assert_eq!((pending.minutes, pending.own_minutes), (60.0, 40.0));
    // Both sets of skills, and only the hours in which both may start.
    let walk = r#"{"service": "walk", "minutes": 20, "skills": ["ssh", "walker"]}"#;
    let mut asked = swap(BATH, walk, SoundnessState::Pending);
    asked.windows = serde_json::from_str(r#"[{"from": "10:00", "to": "12:00"}]"#).unwrap();
    let pending = verdict(|_| (), asked.clone()).unwrap();
    assert_eq!(pending.skills, ["ssh", "lift", "walker"]);
    assert_eq!((pending.windows[0].from.as_str(), pending.windows[0].to.as_str()), ("10:00", "10:30"));
    // In the afternoon the bath is not possible any more: in doubt the granted help is given.
    asked.windows = serde_json::from_str(r#"[{"from": "13:00", "to": "14:00"}]"#).unwrap();
    assert_eq!(verdict(|_| (), asked.clone()), Err(SwapRefusal::AwaitsSoundness));
    asked.soundness.state = SoundnessState::Sound;
    assert_eq!(verdict(|_| (), asked).unwrap().windows[0].from, "13:00");
}

#[test]
fn every_rule_refuses_with_its_figures() {
    let refused = |visit: &str, instead: &str| verdict(|_| (), swap(visit, instead, SoundnessState::Pending)).unwrap_err();
    assert_eq!(refused("v9", r#"{"service": "shop"}"#), SwapRefusal::VisitGone);
    // Rule 4: 45 minutes of walking do not fit into a bath of 30.
    assert_eq!(refused(BATH, r#"{"service": "walk"}"#), SwapRefusal::FrameExceeded { minutes: 45.0, most: 30.0 });
    // Rule 3: c2 has practical help only.
    let personal = SwapRefusal::CategoryNotGranted { category: Service::Personal };
    assert_eq!(refused("g4/2026-11-24/morning", r#"{"service": "bath"}"#), personal);
    assert_eq!(refused("g4/2026-11-24/morning", r#"{"text": "a walk", "category": "personal", "minutes": 30}"#), personal);
    // Nursing is swapped neither away nor in.
    let nursing = SwapRefusal::NotSwappable { service: Some("wound".into()), category: Service::Nursing };
    assert_eq!(refused("g3/2026-11-23/noon", r#"{"service": "shop", "minutes": 10}"#), nursing);
    assert_eq!(refused(CLEAN, r#"{"service": "wound"}"#), nursing);
    // Rule 9: what another supplier provides is not swapped for.
    let supplier =
        verdict(|district| district.grants[0].supplier = Some("private".into()), swap(CLEAN, r#"{"service": "bath"}"#, SoundnessState::Sound));
    assert_eq!(supplier, Err(SwapRefusal::OtherSupplier { granted: None, asked: Some("private".into()) }));
    // Rules 5 and 6: a person's verdict stands, and disagreement means the granted help.
    assert_eq!(verdict(|_| (), swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::NotSound)), Err(SwapRefusal::NotSound));
    let mut disputed = swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound);
    disputed.soundness.disagreement = true;
    assert_eq!(verdict(|_| (), disputed), Err(SwapRefusal::NotSound));
    let no_grant = verdict(|district| district.visits[1].grant = None, swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound));
    assert_eq!(no_grant, Err(SwapRefusal::NotGranted));
    let two = verdict(|district| district.visits[1].carers = 2, swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound));
    assert_eq!(two, Err(SwapRefusal::TiedInTime));
    let pin = Pin { carer: None, at: Some("08:00".into()) };
    let pinned = verdict(|district| district.visits[1].pin = Some(pin), swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound));
    assert_eq!(pinned, Err(SwapRefusal::Pinned));
    // Policy may lift the category rule and fix services.
    let lifted = verdict(
        |district| district.policy.swaps.across_categories = true,
        swap("g4/2026-11-24/morning", r#"{"service": "bath"}"#, SoundnessState::Sound),
    );
    assert!(lifted.is_ok());
    let fixed =
        verdict(|district| district.policy.swaps.fixed_services = vec!["shop".into()], swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound));
    assert_eq!(fixed, Err(SwapRefusal::NotSwappable { service: Some("shop".into()), category: Service::Practical }));
}

#[test]
fn a_weekly_frame_is_used_up_and_never_passed() {
    // 100 minutes a week, twice 45 planned: 10 are left, which the first of two swaps takes.
    let mut district = week();
    let longer = |id: &str, date: &str, minutes: i64| {
        let instead = format!(r#"{{"text": "a walk", "minutes": {minutes}}}"#);
        Swap { id: id.into(), ..swap(&format!("g5/{date}/morning"), &instead, SoundnessState::Sound) }
    };
    district.swaps = vec![longer("s1", "2026-11-23", 53), longer("s2", "2026-11-25", 50), longer("s3", "2026-11-25", 47)];
    let verdicts = judge(&district);
    assert_eq!(verdicts[0].as_ref().unwrap().minutes, 53.0);
    assert_eq!(verdicts[1], Err(SwapRefusal::FrameExceeded { minutes: 50.0, most: 47.0 }));
    assert_eq!(verdicts[2].as_ref().unwrap().minutes, 47.0);
    let frame = |given: &[&str]| district.frames(|swap| given.contains(&swap)).remove(0);
    assert_eq!((frame(&[]).planned, frame(&["s1", "s3"]).planned, frame(&["s1", "s3"]).is_exceeded()), (90.0, 100.0, false));
    // Somebody writes a longer visit down: that is flagged.
    let mut more = district.clone();
    more.visits.iter_mut().find(|visit| visit.id == "g5/2026-11-25/morning").unwrap().minutes = Number(60.0);
    assert!(more.frames(|_| false).remove(0).is_exceeded());
    // Visits of a week are a frame too where the policy says so: a cancelled bath of 30 minutes leaves 30 for the cleaning.
    let mut weekly = week();
    weekly.policy.swaps.frame = SwapFrame::Week;
    weekly.visits.retain(|visit| visit.id != BATH);
    weekly.swaps = vec![swap(CLEAN, r#"{"service": "clean", "minutes": 95}"#, SoundnessState::Sound)];
    assert_eq!(judge(&weekly)[0], Err(SwapRefusal::FrameExceeded { minutes: 95.0, most: 90.0 }));
}

#[test]
fn a_planned_swap_is_an_alternative_of_its_visit() {
    let mut district = week();
    district.swaps = vec![
        Swap { benefit: Some(Number(12.0)), ..swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Sound) },
        Swap { id: "t".into(), ..swap(CLEAN, r#"{"text": "a walk", "category": "personal", "minutes": 20}"#, SoundnessState::Sound) },
        Swap { id: "u".into(), ..swap(BATH, r#"{"service": "walk"}"#, SoundnessState::Sound) },
    ];
    let problem = district.problem().unwrap();
    let ((granted, clean), (_, shop), (_, walk)) =
        (visit(&problem, CLEAN), visit(&problem, "g2/2026-11-24/morning~s"), visit(&problem, "g2/2026-11-24/morning~t"));
    assert_eq!((shop.content.instead_of, walk.content.instead_of), (Some(granted), Some(granted)));
    // The walk is worth 30 minutes and costs nothing, the shopping 12 and costs 18 more, the granted help 30.
    let unit = problem.objective().denominator;
    assert_eq!((clean.content.cost / unit, shop.content.cost / unit, walk.content.cost / unit), (30, 18, 0));
    // Who gets nothing misses the wish too: 2000 and 30.
    assert_eq!([clean, shop, walk].map(|visit| visit.unserved_cost / unit), [2030; 3]);
    assert_eq!((shop.duration, walk.duration, shop.skills), (Ticks(2400), Ticks(1200), SkillSet::EMPTY));
    let labels = district.swaps_as_planned();
    assert_eq!(labels[0], Ok(SwapVisits { granted: CLEAN.into(), asked: format!("{CLEAN}~s") }));
    assert_eq!(labels[2], Err(SwapRefusal::FrameExceeded { minutes: 45.0, most: 30.0 }));
    assert_eq!(district.facts().visits.len(), problem.visits().len());
}

#[test]
fn a_private_suppliers_visits_are_for_its_own_carers() {
    let problem = week().problem().unwrap();
    let carers = |label: &str| visit(&problem, label).1.allowed.as_ref().map(|allowed| allowed.iter().map(|carer| carer.idx()).collect::<Vec<_>>());
    assert_eq!((carers("g4/2026-11-24/morning"), carers(CLEAN)), (Some(vec![1]), None));
}

#[test]
fn options_say_what_may_be_swapped_for_what() {
    let district = week();
    let options = district.swap_options("c2").unwrap();
    assert_eq!(options.categories, [Service::Practical]);
    let of = |options: &SwapOptions, grant: usize, code: &str| {
        options.grants[grant].instead.iter().find(|option| option.service == code).unwrap().allowed.clone()
    };
    // Practical help only: no personal care is offered.
    assert_eq!(of(&options, 0, "bath"), Err(SwapRefusal::CategoryNotGranted { category: Service::Personal }));
    assert_eq!(of(&options, 0, "shop"), Ok(()));
    let options = district.swap_options("c1").unwrap();
    assert_eq!((options.categories.len(), of(&options, 1, "bath"), options.grants[2].may_be_swapped.is_err()), (3, Ok(()), true));
    // 30 + 60 + 4 × 10 minutes are granted and planned.
    assert_eq!((options.weeks.len(), options.weeks[0].granted, options.weeks[0].planned), (1, 130.0, 130.0));
    assert_eq!(district.swap_options("c9"), None);
}

#[test]
fn whoever_keeps_swapping_is_to_be_assessed_anew() {
    let mut district = week();
    let asked =
        |id: &str, on: &str| Swap { id: id.into(), requested_on: Some(on.into()), ..swap(CLEAN, r#"{"service": "shop"}"#, SoundnessState::Pending) };
    district.swaps = vec![asked("a", "2026-11-01"), asked("b", "2026-11-23"), asked("c", "2026-11-29")];
    assert_eq!(district.reassessments(), []);
    // From 2 to 29 November are 28 days, the first and the last among them.
    district.swaps[0].requested_on = Some("2026-11-02".into());
    let expected = Reassessment { citizen: "c1".into(), swaps: vec!["a".into(), "b".into(), "c".into()] };
    assert_eq!(district.reassessments(), [expected]);
    // Visits of the past are in the document no more; what was asked for at them still counts for whom it names.
    for swap in &mut district.swaps[..2] {
        (swap.visit, swap.citizen) = ("gone".into(), Some("c1".into()));
    }
    assert_eq!(district.reassessments().len(), 1);
    district.swaps[0].citizen = Some("c3".into());
    assert_eq!(district.reassessments(), []);
    district.swaps[0].citizen = Some("c1".into());
    district.swaps[1].soundness.state = SoundnessState::NotSound;
    assert_eq!(district.reassessments(), []);
    // A citizen who does not exist, and one whose visit it is not.
    (district.swaps[0].citizen, district.swaps[2].citizen) = (Some("c9".into()), Some("c3".into()));
    let at: Vec<String> = district.problem().unwrap_err().faults.iter().map(|fault| fault.at.clone()).filter(|at| at.ends_with("citizen")).collect();
    assert_eq!(at, ["/swaps/0/citizen", "/swaps/2/citizen"]);
}

#[test]
fn every_fault_of_grants_and_swaps_has_its_place() {
    let mut district = week();
    district.grants[0].service = "dance".into();
    district.grants[1].citizen = "c9".into();
    district.grants[1].repetition.as_mut().unwrap().shifts = vec!["dawn".into()];
    district.grants[2].from = Some("2026-11-31".into());
    district.services[1].code = "bath".into();
    district.policy.parts_of_day[0].to = "noon".into();
    district.visits[6].grant = Some("g1".into());
    let mut bad = swap(CLEAN, r#"{"service": "shop", "text": "a walk"}"#, SoundnessState::Sound);
    bad.soundness.on = None;
    bad.benefit = Some(Number(-1.0));
    district.swaps = vec![bad];
    let error = district.problem().unwrap_err();
    let at: Vec<&str> = error.faults.iter().map(|fault| fault.at.as_str()).collect();
    for expected in [
        "/policy/parts_of_day/0/to",
        "/services/1",
        "/grants/0/service",
        "/grants/1/citizen",
        "/grants/1/repetition/shifts/0",
        "/grants/2/from",
        "/visits/6/grant",
        "/swaps/0/instead",
        "/swaps/0/soundness/on",
        "/swaps/0/benefit",
    ] {
        assert!(at.contains(&expected), "{expected} is missing in {at:?}");
    }
}

#[test]
fn a_task_is_by_profession_or_by_delegation_to_named_carers_until_a_date() {
    let mut district = week();
    // Wounds at noon on days 1, 3, 5 and 7 are for nurses. k1 is a helper, k2 a nurse by profession.
    for visit in district.visits.iter_mut().filter(|visit| visit.service == Some(Service::Nursing)) {
        visit.skills = vec!["nurse".into()];
    }
    (district.carers[0].profession, district.carers[0].skills) = (Some("ssh".into()), vec!["lift".into()]);
    (district.carers[1].profession, district.carers[1].skills) = (Some("nurse".into()), Vec::new());
    let may = |district: &District, carer: usize, label: &str| {
        let problem = district.problem().unwrap();
        let (facts, who) = (visit(&problem, label).1, kendt_solver::problem::CarerId::new(carer));
        facts.skills.is_subset(problem.carers()[who].skills) && facts.allowed.as_ref().is_none_or(|allowed| allowed.contains(&who))
    };
    let (first, third) = ("g3/2026-11-23/noon", "g3/2026-11-27/noon");
    assert_eq!((may(&district, 0, first), may(&district, 1, first), may(&district, 1, "g5/2026-11-23/morning")), (false, true, true));
    let delegation = |text: &str| serde_json::from_str(text).unwrap();
    district.carers[0].delegations = vec![delegation(r#"{"skill": "nurse", "citizen": "c1", "until": "2026-11-26"}"#)];
    // Until Thursday: Monday's is delegated, Friday's is not.
    assert_eq!((may(&district, 0, first), may(&district, 0, third), may(&district, 0, BATH)), (true, false, true));
    district.carers[0].delegations = vec![delegation(r#"{"skill": "nurse", "citizen": "c2"}"#)];
    assert!(!may(&district, 0, first));
    district.carers[0].delegations = vec![delegation(r#"{"skill": "nurse", "citizen": "c9", "until": "soon"}"#)];
    district.carers[1].profession = Some("wizard".into());
    let error = district.problem().unwrap_err();
    let at: Vec<&str> = error.faults.iter().map(|fault| fault.at.as_str()).collect();
    assert_eq!(at, ["/carers/1/profession", "/carers/0/delegations/0/citizen", "/carers/0/delegations/0/until"]);
}

#[test]
fn a_swap_at_another_time_does_not_keep_the_time_of_the_visit() {
    let mut district = week();
    // The bath is preferred at eight on Thursday; on Wednesday that would be a day early.
    district.visits[0].preferred = Some(serde_json::from_str(r#"{"from": "08:00", "until": "08:30"}"#).unwrap());
    let mut asked = swap(BATH, r#"{"service": "walk", "minutes": 20}"#, SoundnessState::Sound);
    let label = format!("{BATH}~s");
    let preference = |district: &District| visit(&district.problem().unwrap(), &label).1.preference.map(|wish| wish.from);
    district.swaps = vec![asked.clone()];
    assert_eq!(preference(&district), Some(at("32:00") + Ticks(2 * 86_400)));
    asked.windows = serde_json::from_str(r#"[{"day": 3, "from": "10:00", "to": "12:00"}]"#).unwrap();
    district.swaps = vec![asked.clone()];
    assert_eq!(preference(&district), None);
    asked.preferred = Some(serde_json::from_str(r#"{"from": "11:00", "until": "11:30"}"#).unwrap());
    district.swaps = vec![asked];
    assert_eq!(preference(&district), Some(at("35:00") + Ticks(86_400)));
}

#[test]
fn no_number_is_too_large_to_be_answered() {
    let mut district = week();
    district.swaps = vec![swap("g5/2026-11-23/morning", r#"{"text": "a walk", "minutes": 60}"#, SoundnessState::Sound)];
    for day in [i64::MIN, -1, i64::MAX] {
        let mut far = district.clone();
        far.visits.iter_mut().for_each(|visit| visit.day = day);
        assert!(far.problem().is_err());
        let _ = (far.facts(), far.swaps_as_planned(), far.frames(|_| true), far.reassessments(), far.swap_options("c3"));
        let mut long = district.clone();
        long.days = day;
        assert!(long.problem().is_err() && long.with_demand().is_err());
    }
    let service = serde_json::json!({"service": "bath", "minutes": 10, "repetition": {"pattern": "day", "shifts": ["noon"]}});
    let package = serde_json::json!({"id": "p", "granted_by": ["planner"], "days": i64::MAX, "services": [service]});
    district.packages = vec![serde_json::from_value(package).unwrap()];
    let order = PackageOrder { package: "p".into(), citizen: "c1".into(), from: "2026-11-23".into(), by_role: "planner".into(), carers: Vec::new() };
    assert!(matches!(district.with_package(&order), Err(PackageRefusal::Faults(_))));
    let strangers = PackageOrder { carers: vec!["k9".into()], ..order };
    assert!(matches!(district.with_package(&strangers), Err(PackageRefusal::Faults(error)) if error.faults[0].what.contains("k9")));
}

#[test]
fn two_swaps_of_one_visit_use_a_frame_once_and_part_of_a_week_has_part_of_a_frame() {
    let mut district = week();
    let asked = |id: &str, minutes: i64| {
        let instead = format!(r#"{{"text": "a walk", "minutes": {minutes}}}"#);
        Swap { id: id.into(), ..swap("g5/2026-11-23/morning", &instead, SoundnessState::Sound) }
    };
    // 100 minutes, twice 45 planned: one of the two is given at most, so both may take the ten that are left.
    district.swaps = vec![asked("a", 53), asked("b", 55)];
    assert!(judge(&district).iter().all(Result::is_ok));
    // From Monday to Wednesday are three days of seven.
    district.days = 3;
    assert_eq!(district.frames(|_| false)[0].granted, 43.0);
}
