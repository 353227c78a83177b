//! Events on the tiny district.

use std::collections::BTreeMap;

use super::{tiny, tiny_plan};
use crate::district::{Applied, Event, Published};

fn apply(json: &str) -> Result<Applied, Vec<String>> {
    let problem = tiny().problem().unwrap();
    let plan = tiny_plan(&problem);
    let events: Vec<Event> = serde_json::from_str(json).unwrap();
    tiny()
        .apply(&events, Some(Published { problem: &problem, plan: &plan }))
        .map_err(|error| error.faults.into_iter().map(|fault| fault.at).collect())
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn shifts(applied: &Applied) -> Vec<(String, String, String)> {
    let shifts = applied.district.carers.iter().flat_map(|carer| &carer.shifts);
    shifts.map(|shift| (shift.id.clone().unwrap(), shift.start.clone(), shift.end.clone())).collect()
}

#[test]
fn an_absent_carer_has_no_shift_and_her_visits_have_a_cause() {
    let applied = apply(r#"[{"type": "carer_absent", "carer": "k1"}]"#).unwrap();
    assert_eq!(applied.causes, pairs(&[("v1", "carer absent: k1"), ("v2", "carer absent: k1")]));
    assert_eq!(applied.absent, pairs(&[("k1/1", "carer absent: k1")]));
    assert_eq!(shifts(&applied).len(), 2);
    assert_eq!(applied.problem.shifts().len(), 2);
}

#[test]
fn an_hour_off_splits_the_shift() {
    let applied = apply(r#"[{"type": "carer_absent", "carer": "k2", "period": {"day": 1, "from": "18:00", "until": "19:00"}}]"#).unwrap();
    let row = |id: &str, start: &str, end: &str| (id.to_owned(), start.to_owned(), end.to_owned());
    assert_eq!(shifts(&applied)[1..], [row("late", "15:00", "18:00"), row("late+", "19:00", "25:30"), row("k2/2", "07:00", "15:00")]);
}

#[test]
fn a_late_start_moves_the_break() {
    let applied = apply(r#"[{"type": "carer_absent", "carer": "k1", "period": {"until": "07:40"}}]"#).unwrap();
    let shift = &applied.district.carers[0].shifts[0];
    assert_eq!(shift.start, "07:40");
    assert_eq!(shift.pause.as_ref().unwrap().earliest, "07:40");
    assert_eq!(applied.causes, pairs(&[("v1", "carer absent: k1")]));
}

#[test]
fn a_shift_past_midnight_belongs_to_the_day_it_starts_on() {
    let applied = apply(r#"[{"type": "carer_absent", "carer": "k2", "period": {"day": 1}}]"#).unwrap();
    assert_eq!(shifts(&applied).iter().map(|shift| shift.0.as_str()).collect::<Vec<_>>(), ["k1/1", "k2/2"]);
}

#[test]
fn a_cancelled_visit_takes_its_links_along() {
    let applied = apply(r#"[{"type": "visit_cancelled", "visit": "v2"}]"#).unwrap();
    assert!(applied.district.links.is_empty());
    assert_eq!(applied.removed, pairs(&[("v2", "visit cancelled")]));
    assert!(applied.causes.is_empty());
}

#[test]
fn a_citizen_away_keeps_the_visits_that_can_wait() {
    let applied = apply(r#"[{"type": "citizen_away", "citizen": "c2", "period": {"day": 1, "from": "15:00"}}]"#).unwrap();
    let left: Vec<&str> = applied.district.visits.iter().map(|visit| visit.id.as_str()).collect();
    assert_eq!(left, ["v1", "v2", "v3"]);
    assert_eq!(applied.district.visits[2].windows.len(), 1);
    assert_eq!(applied.causes, pairs(&[("v3", "citizen away: c2")]));
    assert_eq!(applied.removed, pairs(&[("v4#1", "citizen away: c2"), ("v4#2", "citizen away: c2")]));
}

#[test]
fn a_delayed_visit_starts_no_earlier_than_promised_plus_the_delay() {
    let applied =
        apply(r#"[{"type": "visit_delayed", "visit": "v1", "minutes": 5}, {"type": "visit_delayed", "visit": "v2", "minutes": 10}]"#).unwrap();
    let window = |visit: usize| (applied.district.visits[visit].windows[0].from.as_str(), applied.district.visits[visit].windows[0].to.as_str());
    assert_eq!(window(0), ("07:15", "07:20"));
    // Published at 07:46 after the window closed at 07:40: the new start is the window.
    assert_eq!(window(1), ("07:56", "07:56"));
    assert_eq!(applied.causes["v1"], "visit delayed: 5 min");
}

#[test]
fn an_added_visit_by_two_has_two_causes() {
    let visit = r#"{"id": "new", "citizen": "c1", "minutes": 10, "windows": [{"from": "08:00", "to": "09:00"}], "carers": 2}"#;
    let applied = apply(&format!(r#"[{{"type": "visit_added", "visit": {visit}}}]"#)).unwrap();
    assert_eq!(applied.causes, pairs(&[("new#1", "visit added"), ("new#2", "visit added")]));
    assert_eq!(applied.problem.visits().len(), 7);
}

#[test]
fn faults_point_at_the_event() {
    let faults = |json: &str| apply(json).unwrap_err();
    let unknown = r#"[{"type": "carer_absent", "carer": "k9"}, {"type": "citizen_away", "citizen": "c9"}, {"type": "visit_cancelled", "visit": "v9"},
        {"type": "visit_delayed", "visit": "v9", "minutes": 1}, {"type": "visit_delayed", "visit": "v3", "minutes": 1},
        {"type": "visit_delayed", "visit": "v1", "minutes": -1}]"#;
    assert_eq!(faults(unknown), ["/0/carer", "/1/citizen", "/2/visit", "/3/visit", "/4/visit", "/5/minutes"]);
    let periods = r#"[{"type": "carer_absent", "carer": "k1", "period": {"day": 3}},
        {"type": "carer_absent", "carer": "k1", "period": {"from": "x"}},
        {"type": "citizen_away", "citizen": "c1", "period": {"from": "12:00", "until": "11:00"}}]"#;
    assert_eq!(faults(periods), ["/0/period/day", "/1/period/from", "/2/period"]);
    let added = r#"[{"type": "visit_added", "visit": {"id": "v1", "citizen": "c1", "minutes": 1, "windows": []}}]"#;
    assert_eq!(faults(added), ["/0/visit/id"]);
    let added = r#"[{"type": "visit_added", "visit": {"id": "v9", "citizen": "c9", "minutes": 1, "windows": [{"from": "9", "to": "10:00"}]}}]"#;
    assert_eq!(faults(added), ["/0/visit/citizen", "/0/visit/windows/0/from"]);
}
