//! No document makes the reader panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{TINY, tiny, tiny_plan};
use crate::district;

/// Every pointer of a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), found)),
        _ => {}
    }
}

fn strange() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!([])),
        Just(json!({})),
        Just(json!("hard")),
        Just(json!("v4#1")),
        Just(json!("47:59:59")),
        Just(json!(i64::MIN)),
        Just(json!(u64::MAX)),
        Just(json!(1e308)),
        Just(json!(-0.0005)),
        (-3..40i64).prop_map(|number| json!(number)),
        "[a-z0-9:/#]{0,6}".prop_map(|text| json!(text)),
    ]
}

/// A document with some of its values replaced.
fn mutated(text: &str, edits: &[(usize, Value)]) -> String {
    let mut document: Value = serde_json::from_str(text).unwrap();
    for (nth, value) in edits {
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        let pointer = &all[nth % all.len()];
        if let Some(place) = document.pointer_mut(pointer) {
            *place = value.clone();
        }
    }
    document.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn mutated_districts_never_panic(edits in prop::collection::vec((any::<usize>(), strange()), 1..4)) {
        if let Ok(district) = district::read(&mutated(TINY, &edits)) {
            if let Err(error) = district.problem() {
                prop_assert!(!error.faults.is_empty());
            }
            let _ = district.disruption();
            let _ = district.facts();
        }
    }

    #[test]
    fn mutated_plans_never_panic(edits in prop::collection::vec((any::<usize>(), strange()), 1..4)) {
        let problem = tiny().problem().unwrap();
        let text = district::write_plan(&problem, &tiny_plan(&problem));
        if let Ok(plan) = district::read_plan(&problem, &mutated(&text, &edits)) {
            // What can be read can be written and read again.
            prop_assert_eq!(district::read_plan(&problem, &district::write_plan(&problem, &plan)).unwrap(), plan);
        }
    }

    #[test]
    fn broken_text_never_panics(cut in 0..TINY.len(), junk in "\\PC{0,8}") {
        let _ = district::read(&format!("{}{junk}{}", &TINY[..cut], &TINY[cut..]));
        let _ = district::read(&format!("{}{junk}", &TINY[..cut]));
    }

    #[test]
    fn mutated_events_never_panic(edits in prop::collection::vec((any::<usize>(), strange()), 0..4)) {
        let events = r#"[{"type": "carer_absent", "carer": "k1", "period": {"day": 1, "from": "07:20", "until_day": 2, "until": "07:30"}},
            {"type": "citizen_away", "citizen": "c2", "period": {"day": 1, "from": "15:00"}},
            {"type": "visit_delayed", "visit": "v1", "minutes": 5}, {"type": "visit_cancelled", "visit": "v3"},
            {"type": "visit_added", "visit": {"id": "new", "citizen": "c1", "minutes": 10, "windows": [{"from": "08:00", "to": "09:00"}]}}]"#;
        let problem = tiny().problem().unwrap();
        let plan = tiny_plan(&problem);
        if let Ok(events) = serde_json::from_str::<Vec<district::Event>>(&mutated(events, &edits)) {
            let published = district::Published { problem: &problem, plan: &plan };
            if let Ok(applied) = tiny().apply(&events, Some(published)) {
                let mapped = district::map_plan(&problem, &applied.problem, &plan);
                prop_assert_eq!(mapped.routes.len(), applied.problem.shifts().len());
            }
        }
    }
}
