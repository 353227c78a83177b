//! No input makes a reader panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Format, detect, read};

const FORMATS: [Format; 5] = [Format::Hhcrsp, Format::Uhhc, Format::Vrptw, Format::Hconvrp, Format::Peerday];

/// Seeds that the readers accept, with a plan of each.
fn seeds() -> [(Format, String, String); 5] {
    let hhcrsp = json!({
        "patients": [{"id": "p1", "time_window": [2, 3], "synchronization": {"type": "sequential", "distance": [1, 2]},
            "required_caregivers": [{"service": "s1", "duration": 1}, {"service": "s2", "duration": 1}]}],
        "services": [{"id": "s1", "default_duration": 2}, {"id": "s2", "default_duration": 2}],
        "caregivers": [{"id": "c1", "abilities": ["s1", "s2"]}],
        "distances": [[0, 1], [1.5, 0]]
    });
    let uhhc = json!({
        "metadata": {"time_window_met": "at_service_end", "cost_components": {"travel_time": 1, "optional_patients": 2.5}},
        "distances": [[0, 1], [1, 0]],
        "terminal_points": [{"id": "t", "distance_matrix_index": 0}],
        "services": [{"id": "s1", "default_duration": 2}],
        "lunch_breaks": {"start": 1, "end": 9, "min_duration": 2},
        "caregivers": [{"id": "c1", "abilities": ["s1"], "departing_point": "t", "arrival_point": "t",
            "working_shift": {"start": 0, "end": 9}, "lunch_break": true}],
        "patients": [{"id": "p1", "distance_matrix_index": 1, "time_windows": [{"start": 1, "end": 4}], "optional": true,
            "required_services": [{"service": "s1", "duration": 1}], "preferred_caregivers": ["c1"]}]
    });
    let stops = json!([{"patient": "p1", "service": "s1", "arrival_time": 3, "departure_time": 4},
        {"patient": "p1", "service": "lunch_break", "arrival_time": 1, "departure_time": 3}]);
    let plan = json!({"routes": [{"caregiver_id": "c1", "locations": stops}]}).to_string();
    let vrptw = "T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO.\n0 0 0 0 0 99 0\n1 3 4 5 6 7 8\n";
    let hconvrp = "NAME T\nMAXTIME 99\nDAYS 2\nFLEET SIZE 1\nVEHICLE TYPES 1\nTYPE1 1 9 10 2.5 1\nCUSTOMERS 2\nDEPOT 0 0\n\
        CUSTOMERCOORDINATES\n3 4 1\nCUSTOMERDEMANDS\n1 2 0\nCOMPATIBILITY RESTRICTIONS\n1 1\n";
    let peerday = json!({
        "base": [1, 1],
        "citizens": [{"x": 1.5, "y": 2, "team": 1}],
        "visits": [{"id": 0, "citizen": 0, "pref": 99, "tw": [9, 9999], "dur": 9, "skill": 1, "optional": false, "prio": 0, "sync": 3},
            {"id": 1, "citizen": 0, "pref": 99, "tw": [9, 9999], "dur": 9, "skill": 0, "optional": false, "prio": 2, "sync": 3}],
        "carers": [{"id": 0, "shift": [0, 9999], "skill": 1, "mode": "car", "team": 1},
            {"id": 1, "shift": [0, 9999], "skill": 0, "mode": "bike", "team": 1}]
    });
    let day = json!({"routes": [{"carer": 0, "stops": [[0, 999]]}, {"carer": 1, "stops": [[1, 999]]}]});
    [
        (Format::Hhcrsp, hhcrsp.to_string(), plan.clone()),
        (Format::Uhhc, uhhc.to_string(), plan),
        (Format::Vrptw, vrptw.to_owned(), "Route #1: 1\nCost 10\n".to_owned()),
        (Format::Hconvrp, hconvrp.to_owned(), "Day 1 vehicle 1: 1\nCost 35\n".to_owned()),
        (Format::Peerday, peerday.to_string(), day.to_string()),
    ]
}

/// Reads an instance and, if it is one, a plan, which is written and read again.
fn exercise(format: Format, instance: &str, plan: &str) {
    let _ = detect(instance);
    let Ok(instance) = read(instance, Some(format), "hostile") else { return };
    if let Ok(plan) = instance.read_plan(plan) {
        let _ = instance.read_plan(&instance.write_plan(&plan));
    }
}

/// JSON pointers of every value inside.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), into)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| pointers(field, &format!("{at}/{name}"), into)),
        _ => {}
    }
}

fn with_one_value_changed(text: &str, which: usize, value: Value) -> String {
    let Ok(mut json) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let mut all = Vec::new();
    pointers(&json, "", &mut all);
    if let Some(place) = all.get(which % all.len()).and_then(|pointer| json.pointer_mut(pointer)) {
        *place = value;
    }
    json.to_string()
}

fn with_bytes_changed(text: &str, changes: &[(usize, u8)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for &(place, byte) in changes {
        let place = place % bytes.len();
        bytes[place] = byte;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!("HARD")),
        Just(json!([[0, 0, 0]])),
        Just(json!(true)),
        any::<f64>().prop_map(|number| json!(number)),
        (-2i64..2_000_000_000).prop_map(|number| json!(number)),
        "\\PC{0,5}".prop_map(|word| json!(word)),
    ]
}

#[test]
fn the_seeds_are_read() {
    for (format, instance, plan) in seeds() {
        let instance = read(&instance, None, "seed").unwrap();
        assert_eq!(instance.format, format);
        if format != Format::Hhcrsp {
            assert!(instance.read_plan(&plan).unwrap().unserved.is_empty());
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    for (_, instance, _) in seeds() {
        assert!(read(&format!("\u{feff}{instance}"), None, "marked").is_ok());
    }
}

#[test]
fn a_deep_nest_is_a_fault() {
    for (format, list) in [(Format::Hhcrsp, "patients"), (Format::Uhhc, "patients"), (Format::Peerday, "citizens")] {
        let text = format!("{{\"{list}\": {}", "[".repeat(1_000_000));
        assert!(read(&text, Some(format), "nest").is_err());
        let _ = detect(&text);
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for format in FORMATS {
            exercise(format, &text, &text);
        }
    }

    #[test]
    fn changed_values_never_panic(which in 0usize..200, value in odd_value()) {
        for (format, instance, plan) in seeds() {
            exercise(format, &with_one_value_changed(&instance, which, value.clone()), &plan);
            exercise(format, &instance, &with_one_value_changed(&plan, which, value.clone()));
        }
    }

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((any::<usize>(), 32u8..127), 1..4)) {
        for (format, instance, plan) in seeds() {
            exercise(format, &with_bytes_changed(&instance, &changes), &plan);
            exercise(format, &instance, &with_bytes_changed(&plan, &changes));
        }
    }
}
