//! Plans are measured, whoever made them.

use std::fs;

use kendt_daemon::config::Config;
use serde_json::{Value, json};

use crate::client::{Client, narrow};
use crate::documents::tiny;

/// The tiny district with an agreed time and what happened before: k1 came to c1 three days ago.
fn known() -> Value {
    let mut district = tiny();
    district["visits"][0]["agreed"] = json!({"at": "07:30"});
    district["visits"][0]["service"] = json!("personal");
    district["citizens"][0]["history"] = json!([{"carer": "k1", "days_ago": [3]}]);
    district
}

/// k1 comes to c1 at 07:40 and to c3 at 08:30, k2 to c1 at 12:00, and nobody to c2. Not a thought is given to the way between.
fn by_hand() -> Value {
    let stop = |visit: &str, start: &str, end: &str| json!({"visit": visit, "arrival": start, "start": start, "end": end});
    let route = |shift: &str, stops: Vec<Value>| json!({"shift": shift, "day": 1, "departure": "07:00:00", "stops": stops, "back": "15:00:00"});
    json!({
        "format": "kendt-plan/1",
        "routes": [
            route("k1/1", vec![stop("v1", "07:40:00", "08:10:00"), stop("v3", "08:30:00", "08:50:00")]),
            route("k2/1", vec![stop("v4", "12:00:00", "12:20:00")]),
        ],
    })
}

#[tokio::test]
async fn a_plan_made_by_hand_is_measured() {
    let client = Client::new(narrow());
    let answer = client.post("/v1/evaluations", &json!({"district": known(), "plan": by_hand()})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let found = answer.json();
    assert_eq!((&found["name"], &found["days"], &found["feasible"]), (&json!("tiny"), &json!(1), &json!(false)));
    let all = &found["district"];
    assert_eq!((&all["citizens"], &all["visits"], &all["left_out"]), (&json!(2), &json!(3), &json!(1)));
    // Two carers at c1 and one at c3, where one would do at each.
    assert_eq!((&all["distinct_carers"]["mean"], &all["excess"]["mean"], &all["excess"]["floor"]), (&json!(1.5), &json!(0.5), &json!(1.0)));
    // Of three visits one is by a carer who came before; the others are new faces.
    assert_eq!((&all["known_carer_share"], &all["new_faces"]["total"]), (&json!(1.0 / 3.0), &json!(2)));
    assert_eq!((&all["times"]["dev_minutes"], &all["times"]["on_time"], &all["times"]["over_1h"]["of"]), (&json!(10.0), &json!(1.0), &json!(1)));
    assert_eq!((&found["carers_14d_se"], &all["few"], &all["team_share"], &found["teams"]), (&Value::Null, &Value::Null, &Value::Null, &json!([])));
    let layers: Vec<_> = found["layers"].as_array().unwrap().iter().map(|of| (of["id"].clone(), of["visits"].clone())).collect();
    assert_eq!(layers, [(json!("day"), json!(3)), (json!("evening"), json!(0)), (json!("night"), json!(0))]);
    let citizens = found["citizens"].as_array().unwrap();
    assert_eq!((&citizens[0]["id"], &citizens[0]["indices"]["unweighted"]["coc"]), (&json!("c1"), &json!(0.0)));
    // One visit says nothing about continuity, and no visit still less.
    assert_eq!((&citizens[2]["visits"], &citizens[2]["indices"]), (&json!(1), &Value::Null));
    assert_eq!((&citizens[1]["visits"], &citizens[1]["distinct_carers"]), (&json!(0), &Value::Null));
    assert!(!answer.text.contains("\"k1\"") && !answer.text.contains("\"k2\""), "staff are not measured");
}

#[tokio::test]
async fn the_district_may_be_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("north.json"), known().to_string()).unwrap();
    let client = Client::new(Config { data: Some(folder.path().to_owned()), ..narrow() });
    let named = client.post("/v1/evaluations", &json!({"district_ref": "north", "plan": by_hand()})).await;
    let given = client.post("/v1/evaluations", &json!({"district": known(), "plan": by_hand()})).await;
    assert_eq!((named.status.as_u16(), named.json()), (200, given.json()));
    client.post("/v1/evaluations", &json!({"district_ref": "south", "plan": by_hand()})).await.problem(404, "district-not-found");
    let both = json!({"district": known(), "district_ref": "north", "plan": by_hand()});
    client.post("/v1/evaluations", &both).await.problem(422, "invalid-option");
    client.post("/v1/evaluations", &json!({"plan": by_hand()})).await.problem(422, "invalid-option");
}

#[tokio::test]
async fn faults_stand_where_they_are() {
    let client = Client::new(narrow());
    let mut district = known();
    district["visits"][0]["agreed"]["at"] = json!("early");
    let problem = client.post("/v1/evaluations", &json!({"district": district, "plan": by_hand()})).await.problem(422, "invalid-district");
    assert_eq!(problem["errors"][0]["at"], "/district/visits/0/agreed/at");
    let mut plan = by_hand();
    plan["routes"][0]["stops"][1]["visit"] = json!("v9");
    let problem = client.post("/v1/evaluations", &json!({"district": known(), "plan": plan})).await.problem(422, "invalid-plan");
    assert_eq!(problem["errors"][0]["at"], "/plan/routes/0/stops/1/visit");
    client.post("/v1/evaluations", &json!({"district": known()})).await.problem(422, "wrong-shape");
}
