//! Districts to plan.

use serde_json::{Value, json};

/// Two carers with long days, three citizens, four visits.
pub(crate) fn tiny() -> Value {
    json!({
        "format": "kendt-district/1",
        "name": "tiny",
        "bases": [{"id": "b1", "x": 0, "y": 0}],
        "carers": [
            {"id": "k1", "mode": "car", "skills": ["care"], "shifts": [{"start": "07:00", "end": "15:00"}]},
            {"id": "k2", "mode": "bike", "skills": ["care"], "shifts": [{"start": "07:00", "end": "15:00"}]},
        ],
        "citizens": [{"id": "c1", "x": 1, "y": 0}, {"id": "c2", "x": 0, "y": 2}, {"id": "c3", "x": -1, "y": 1}],
        "visits": [
            {"id": "v1", "citizen": "c1", "minutes": 30, "skills": ["care"], "windows": [{"from": "07:30", "to": "09:00"}]},
            {"id": "v2", "citizen": "c2", "minutes": 45, "skills": ["care"], "windows": [{"from": "07:30", "to": "10:00"}]},
            {"id": "v3", "citizen": "c3", "minutes": 20, "skills": ["care"], "windows": [{"from": "08:00", "to": "12:00"}]},
            {"id": "v4", "citizen": "c1", "minutes": 20, "skills": ["care"], "windows": [{"from": "12:00", "to": "13:00"}]},
        ],
    })
}

/// Enough citizens with loose windows to keep a solver busy for minutes.
pub(crate) fn large() -> Value {
    let citizens: Vec<Value> = (0..150).map(|n| json!({"id": format!("c{n}"), "x": n * 37 % 101, "y": n * 53 % 89})).collect();
    let visits: Vec<Value> = (0..150)
        .map(|n| json!({"id": format!("v{n}"), "citizen": format!("c{n}"), "minutes": 20, "windows": [{"from": "07:00", "to": "14:00"}]}))
        .collect();
    let carers: Vec<Value> = (0..15).map(|n| json!({"id": format!("k{n}"), "mode": "car", "shifts": [{"start": "07:00", "end": "15:00"}]})).collect();
    json!({
        "format": "kendt-district/1", "name": "large", "bases": [{"id": "b1", "x": 50, "y": 45}],
        "carers": carers, "citizens": citizens, "visits": visits,
    })
}

/// A request for the tiny district's plan that ends by itself.
pub(crate) fn tiny_request() -> Value {
    json!({"district": tiny(), "options": {"time_seconds": 20, "iterations": 200, "seed": 7}})
}

/// A request that ends only when stopped.
pub(crate) fn endless_request() -> Value {
    json!({"district": large(), "options": {"time_seconds": 600}})
}
