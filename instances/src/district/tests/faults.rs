//! Every kind of fault, with its pointer.

use serde_json::{Value, json};

use super::TINY;
use crate::district;

/// The pointers of the faults of the tiny district with one value replaced, or added where the last step is new.
fn faults(edits: &[(&str, Value)]) -> Vec<String> {
    let mut document: Value = serde_json::from_str(TINY).unwrap();
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.insert(key.to_owned(), value.clone())),
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            _ => unreachable!("{parent} holds no values"),
        }
    }
    match district::read(&document.to_string()).and_then(|district| district.problem()) {
        Ok(_) => Vec::new(),
        Err(error) => error.faults.into_iter().map(|fault| fault.at).collect(),
    }
}

#[track_caller]
fn check(pointer: &str, value: Value, expected: &str) {
    assert_eq!(faults(&[(pointer, value)]), [expected], "{pointer}");
}

#[test]
fn the_tiny_district_has_none() {
    assert_eq!(faults(&[]), [""; 0]);
}

#[test]
fn header() {
    check("/format", json!("kendt-district/2"), "/format");
    check("/date", json!("23/11/2026"), "/date");
    assert_eq!(faults(&[("/days", json!(29))]), ["/days"]);
    assert_eq!(faults(&[("/days", json!(0))]), ["/days", "/carers/1/shifts/1/day", "/visits/2/windows/1/day"]);
}

#[test]
fn the_few_and_the_past() {
    check("/citizens/0/few_carers", json!(["k1", "k1"]), "/citizens/0/few_carers");
    check("/citizens/0/history", json!([{ "carer": "k1", "days_ago": [1, 28, 29, 1] }]), "/citizens/0/history/0/days_ago/2");
    check("/citizens/0/history", json!([{ "carer": "k1", "days_ago": [0] }]), "/citizens/0/history/0/days_ago/0");
    check("/citizens/0/history", json!([{ "carer": "k1", "days_ago": [-1] }]), "/citizens/0/history/0/days_ago/0");
    assert_eq!(faults(&[("/citizens/0/history", json!([{ "carer": "k1", "days_ago": [1, 28, 1] }]))]), [""; 0]);
}

#[test]
fn what_is_measured() {
    check("/citizens/0/age", json!(131), "/citizens/0/age");
    check("/citizens/0/age", json!(-1), "/citizens/0/age");
    check("/visits/0/course", json!(""), "/visits/0/course");
    check("/visits/0/agreed", json!({"at": "noon"}), "/visits/0/agreed/at");
    check("/visits/0/agreed", json!({"at": "07:15", "day": 3}), "/visits/0/agreed/day");
    check("/visits/0/agreed", json!({"at": "07:15", "tolerance_minutes": -1}), "/visits/0/agreed/tolerance_minutes");
    check("/visits/0/agreed", json!({"at": "07:15", "tolerance_minutes": 40_321}), "/visits/0/agreed/tolerance_minutes");
    check("/visits/0/service", json!("cooking"), "/visits/0/service");
    let agreed = json!({"at": "07:15", "day": 2, "tolerance_minutes": 0});
    let fine = [
        ("/citizens/0/age", json!(130)),
        ("/visits/0/course", json!("morning")),
        ("/visits/0/agreed", agreed),
        ("/visits/1/service", json!("meals")),
    ];
    assert_eq!(faults(&fine), [""; 0]);
}

#[test]
fn unknown_ids() {
    check("/teams/0/base", json!("b9"), "/teams/0/base");
    check("/carers/0/mode", json!("rocket"), "/carers/0/mode");
    check("/carers/0/team", json!("t9"), "/carers/0/team");
    check("/carers/1/base", json!("b9"), "/carers/1/base");
    check("/carers/1/shifts/0/base", json!("b9"), "/carers/1/shifts/0/base");
    check("/carers/1/shifts/0/end_base", json!("b9"), "/carers/1/shifts/0/end_base");
    check("/citizens/0/team", json!("t9"), "/citizens/0/team");
    check("/citizens/1/preferred_carers/0", json!("k9"), "/citizens/1/preferred_carers/0");
    check("/citizens/0/excluded_carers/0", json!("k9"), "/citizens/0/excluded_carers/0");
    check("/citizens/0/few_carers", json!(["k1", "k9"]), "/citizens/0/few_carers/1");
    check("/citizens/0/history", json!([{ "carer": "k9", "days_ago": [1] }]), "/citizens/0/history/0/carer");
    check("/visits/0/citizen", json!("c9"), "/visits/0/citizen");
    check("/visits/2/allowed_carers/0", json!("k9"), "/visits/2/allowed_carers/0");
    check("/visits/2/preferred_carers", json!(["k1", "k9"]), "/visits/2/preferred_carers/1");
    check("/visits/2/excluded_carers", json!(["k9"]), "/visits/2/excluded_carers/0");
    check("/links/0/second", json!("v9"), "/links/0/second");
    check("/links/0/second", json!("v4#1"), "/links/0/second");
}

#[test]
fn repeated_and_empty_ids() {
    check("/teams/-", json!({"id": ""}), "/teams/1/id");
    check("/bases/-", json!({"id": "b1", "x": 1, "y": 1}), "/bases/1/id");
    check("/teams/-", json!({"id": "t1"}), "/teams/1/id");
    check("/citizens/-", json!({"id": "c1", "x": 1, "y": 1}), "/citizens/2/id");
    check("/carers/1/shifts/0/id", json!("k1/1"), "/carers/1/shifts/0/id");
    check("/carers/1/shifts/0/id", json!(""), "/carers/1/shifts/0/id");
    let visit = |id: &str| json!({"id": id, "citizen": "c1", "minutes": 5, "windows": [{"from": "08:00", "to": "09:00"}]});
    check("/visits/-", visit("v4#1"), "/visits/4/id");
    check("/visits/-", visit("v1"), "/visits/4/id");
}

#[test]
fn numbers() {
    check("/travel/modes/van/kmh", json!(0), "/travel/modes/van/kmh");
    check("/travel/modes/van/detour", json!(0.5), "/travel/modes/van/detour");
    check("/travel/modes/van/minutes_per_stop", json!(-1), "/travel/modes/van/minutes_per_stop");
    check("/bases/0/x", json!(1e300), "/bases/0/x");
    check("/citizens/0/y", json!(null), "/citizens/0");
    check("/citizens/0/place", json!(0), "/citizens/0/place");
    check("/carers/0/shifts/0/break/minutes", json!(-5), "/carers/0/shifts/0/break/minutes");
    check("/carers/0/shifts/0/day", json!(3), "/carers/0/shifts/0/day");
    check("/visits/0/minutes", json!(-30), "/visits/0/minutes");
    check("/visits/0/minutes", json!(1e18), "/visits/0/minutes");
    check("/visits/0/day", json!(i64::MAX), "/visits/0/day");
    check("/visits/0/carers", json!(3), "/visits/0/carers");
    check("/visits/0/second_skills", json!([]), "/visits/0/second_skills");
    check("/visits/0/priority", json!(4), "/visits/0/priority");
    check("/visits/0/unserved_cost", json!(1e9), "/visits/0/unserved_cost");
    check("/visits/0/preferred/early_weight", json!(0.0001), "/visits/0/preferred/early_weight");
    check("/visits/0/preferred/late_weight", json!(-1), "/visits/0/preferred/late_weight");
    check("/links/0/min_minutes", json!(1e6), "/links/0/min_minutes");
    check("/objective", json!({"travel": -1}), "/objective/travel");
    check("/objective", json!({"unserved_optional": 1e6}), "/objective/unserved_optional");
    check("/objective", json!({"disruption": {"tolerance_minutes": -1}}), "/objective/disruption/tolerance_minutes");
}

#[test]
fn times() {
    check("/carers/0/shifts/0/start", json!("7"), "/carers/0/shifts/0/start");
    check("/carers/0/shifts/0/end", json!("06:00"), "/carers/0/shifts/0/end");
    check("/carers/0/shifts/0/break/latest", json!("07:00"), "/carers/0/shifts/0/break/latest");
    check("/carers/0/shifts/0/break/earliest", json!("noon"), "/carers/0/shifts/0/break/earliest");
    check("/carers/1/shifts/1", json!({"day": 1, "start": "24:00", "end": "26:00"}), "/carers/1/shifts");
    check("/visits/0/windows/0/to", json!("07:00"), "/visits/0/windows/0/to");
    check("/visits/0/windows/0/from", json!("x"), "/visits/0/windows/0/from");
    check("/visits/0/windows", json!([]), "/visits/0/windows");
    check("/visits/0/windows/-", json!({"from": "07:15", "to": "08:00"}), "/visits/0/windows/1");
    check("/visits/0/preferred/until", json!("07:00"), "/visits/0/preferred/until");
    check("/visits/2/windows/1/day", json!(0), "/visits/2/windows/1/day");
}

#[test]
fn links_that_cannot_hold() {
    check("/links/0/second", json!("v1"), "/links/0");
    check("/links/0/min_minutes", json!(91), "/links/0");
    // The builder finds contradictions between links and names the visits.
    let back = json!({"first": "v2", "second": "v1", "min_minutes": 1});
    assert_eq!(faults(&[("/links/-", back)]), ["visit v1", "visit v2"]);
}

#[test]
fn matrices() {
    let square = json!([[0, 1], [1, 0]]);
    let bases = |place: Value| ("/bases", json!([{"id": "b1", "place": place}]));
    let citizens = ("/citizens", json!([{"id": "c1", "place": 1}, {"id": "c2", "place": 1}]));
    let edits = |van: Value, bike: Value, place: Value| {
        faults(&[("/travel", json!({"matrices": {"van": van, "bike": bike}})), bases(place), citizens.clone()])
    };
    assert_eq!(edits(square.clone(), square.clone(), json!(0)), [""; 0]);
    assert_eq!(edits(square.clone(), square.clone(), json!(2)), ["/bases/0/place"]);
    assert_eq!(edits(square.clone(), square.clone(), Value::Null), ["/bases/0"]);
    assert_eq!(edits(json!([[0, 1], [1]]), square.clone(), json!(0)), ["/travel/matrices/van/1"]);
    assert_eq!(edits(json!([[0, 1], [1, -1]]), square.clone(), json!(0)), ["/travel/matrices/van/1/1"]);
    assert_eq!(edits(json!([[0]]), square, json!(0)), ["/travel/matrices/van"]);
    assert_eq!(faults(&[("/travel/matrices", json!({}))]).first().map(String::as_str), Some("/travel/modes"));
}

#[test]
fn too_many_skills() {
    let skills: Vec<String> = (0..128).map(|skill| format!("s{skill}")).collect();
    check("/carers/0/skills", json!(skills), "/carers");
}

#[test]
fn too_many_things() {
    check("/teams", json!(vec![json!({"id": "t"}); 20_001]), "/teams");
    check("/citizens", json!(vec![json!({"id": "c", "x": 0, "y": 0}); 20_001]), "/citizens");
    // Matrices hold a time for every pair of homes; coordinates need none.
    let travel = ("/travel", json!({"matrices": {"van": [[0]], "bike": [[0]]}}));
    assert_eq!(faults(&[travel, ("/citizens", json!(vec![json!({"id": "c", "place": 0}); 8_000]))]), ["/citizens"]);
}

#[test]
fn all_faults_come_at_once() {
    let edits = [("/format", json!("?")), ("/visits/1/citizen", json!("c9")), ("/visits/1/minutes", json!(-1)), ("/links/0/first", json!("v9"))];
    assert_eq!(faults(&edits), ["/format", "/visits/1/citizen", "/visits/1/minutes", "/links/0/first"]);
}

#[test]
fn wrong_shapes_have_a_pointer_too() {
    check("/visits/0/minutes", json!("30"), "/visits/0/minutes");
    check("/visits/1/surprise", json!(1), "/visits/1/surprise");
    check("/carers/1/shifts/0/layer", json!("dawn"), "/carers/1/shifts/0/layer");
}
