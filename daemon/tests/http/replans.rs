//! Replanning a published plan.

use axum::body::Body;
use axum::http::Request;
use kendt_daemon::config::Config;
use serde_json::{Value, json};

use crate::client::{Client, narrow};
use crate::documents::{endless_request, tiny, tiny_request};

/// A finished job for the tiny district: its id and its plan.
async fn published(client: &Client) -> (String, Value) {
    let job = client.submit(&tiny_request()).await;
    let view = client.until(&job, "done").await;
    let plan = client.get(&format!("{job}/plan")).await.json();
    (view["id"].as_str().unwrap().to_owned(), plan)
}

/// The carer who gives a visit in a plan.
fn carer_of(plan: &Value, visit: &str) -> Option<String> {
    let gives = |route: &&Value| route["stops"].as_array().unwrap().iter().any(|stop| stop["visit"] == visit);
    plan["routes"].as_array().unwrap().iter().find(gives).map(|route| route["carer"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_carer_is_covered_by_the_other() {
    let client = Client::new(Config::default());
    let (id, plan) = published(&client).await;
    let absent = carer_of(&plan, "v1").unwrap();
    let other = if absent == "k1" { "k2" } else { "k1" };
    let events = json!([{"type": "carer_absent", "carer": absent}]);
    let answer = client.post("/v1/replans", &json!({"district": tiny(), "plan": plan, "events": events, "time_seconds": 1})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let replan = answer.json();
    assert_eq!((&replan["feasible"], &replan["summary"]["unserved"]), (&json!(true), &json!([])));
    assert_eq!(carer_of(&replan["plan"], "v1").as_deref(), Some(other));
    let change = replan["changes"].as_array().unwrap().iter().find(|change| change["visit"] == "v1").unwrap();
    assert_eq!(change["kind"], "carer_changed");
    assert_eq!((&change["before"]["carer"], &change["after"]["carer"], &change["citizen"]), (&json!(absent), &json!(other), &json!("c1")));
    assert!(change["reason"].as_str().unwrap().contains(&format!("carer absent: {absent}")), "{change}");
    // The time was promised, whoever comes.
    assert!(change["minutes_moved"].as_f64().unwrap().abs() <= 15.0, "{change}");
    assert_eq!(replan["summary"]["changed_visits"], replan["changes"].as_array().unwrap().len());

    let by_id = client.post("/v1/replans", &json!({"plan_id": id, "events": events, "time_seconds": 1})).await;
    assert_eq!(carer_of(&by_id.json()["plan"], "v1").as_deref(), Some(other));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_hears_of_the_first_answer_and_of_the_last() {
    let client = Client::new(Config::default());
    let (id, plan) = published(&client).await;
    let absent = carer_of(&plan, "v1").unwrap();
    let body = json!({"plan_id": id, "events": [{"type": "carer_absent", "carer": absent}], "time_seconds": 1}).to_string();
    let request = Request::post("/v1/replans").header("content-type", "application/json").header("accept", "text/event-stream");
    let answer = client.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    let events: Vec<(&str, Value)> = (answer.text.split("\n\n").filter(|event| event.starts_with("event: ")))
        .map(|event| event["event: ".len()..].split_once("\ndata: ").unwrap())
        .map(|(name, data)| (name, serde_json::from_str(data).unwrap()))
        .collect();
    let names: Vec<&str> = events.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.iter().filter(|name| **name == "done").count(), 1, "{names:?}");
    assert_eq!((names.first(), names.last()), (Some(&"answer"), Some(&"done")), "{names:?}");
    for (_, replan) in &events {
        assert_ne!(carer_of(&replan["plan"], "v1"), Some(absent.clone()));
        assert!(replan["changes"].as_array().unwrap().iter().any(|change| change["visit"] == "v1"));
    }
    let last = &events[events.len() - 1].1["summary"];
    // The absent carer's visits must change, and nothing else has to.
    assert_eq!(last["fewest_changes"]["found"], last["changed_visits"]);
    assert_eq!(last["fewest_changes"]["proved_at_least"], last["fewest_changes"]["found"]);
    assert_eq!(last["fewest_changes"]["is_minimal"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_events_are_enough() {
    let client = Client::new(Config::default());
    let (id, _) = published(&client).await;
    let event = json!({"type": "carer_absent", "carer": "k1"});
    let many = json!({"plan_id": id, "events": vec![event; 1001]});
    let refused = client.post("/v1/replans", &many).await.problem(422, "invalid-option");
    assert_eq!(refused["errors"][0]["at"], "/events");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_events_nothing_changes() {
    let client = Client::new(Config::default());
    let (id, _) = published(&client).await;
    let replan = client.post("/v1/replans", &json!({"plan_id": id, "events": [], "time_seconds": 1})).await.json();
    assert_eq!(replan["changes"], json!([]));
    assert_eq!(replan["summary"]["changed_visits"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn added_and_cancelled_visits_are_listed() {
    let client = Client::new(Config::default());
    let (id, _) = published(&client).await;
    let visit = json!({"id": "v9", "citizen": "c3", "minutes": 15, "windows": [{"from": "13:00", "to": "14:00"}]});
    let events = json!([{"type": "visit_added", "visit": visit}, {"type": "visit_cancelled", "visit": "v2"}]);
    let request = json!({"plan_id": id, "events": events, "frozen_until": {"time": "07:00"}, "weights": {"carer_changed": 50}, "time_seconds": 1});
    let replan = client.post("/v1/replans", &request).await.json();
    let kind = |visit: &str| replan["changes"].as_array().unwrap().iter().find(|change| change["visit"] == visit).map(|change| &change["kind"]);
    assert_eq!(kind("v9"), Some(&json!("added")));
    assert_eq!(kind("v2"), Some(&json!("removed")));
    assert_eq!(carer_of(&replan["plan"], "v2"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_requests_say_where() {
    let client = Client::new(Config::default());
    let (id, plan) = published(&client).await;
    let replan = async |body: Value| client.post("/v1/replans", &body).await;
    let absent = |carer: &str| json!([{"type": "carer_absent", "carer": carer}]);
    let unknown = replan(json!({"plan_id": id, "events": absent("k9")})).await.problem(422, "invalid-event");
    assert_eq!(unknown["errors"][0]["at"], "/events/0/carer");
    let shape = replan(json!({"plan_id": id, "events": [{"type": "moon_landing"}]})).await.problem(422, "invalid-event");
    assert_eq!(shape["errors"][0]["at"], "/events/0");
    let weight = replan(json!({"plan_id": id, "events": [], "weights": {"per_minute": -1}})).await.problem(422, "invalid-option");
    assert_eq!(weight["errors"][0]["at"], "/weights/per_minute");
    let time = replan(json!({"plan_id": id, "events": [], "frozen_until": {"time": "7"}})).await.problem(422, "invalid-option");
    assert_eq!(time["errors"][0]["at"], "/frozen_until/time");
    replan(json!({"plan_id": "nothing", "events": []})).await.problem(404, "job-not-found");
    replan(json!({"plan": plan, "events": []})).await.problem(422, "invalid-option");
    replan(json!({"district": tiny(), "plan": {"format": "kendt-plan/1", "routes": "?"}, "events": []})).await.problem(422, "invalid-plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_cannot_be_replanned() {
    let client = Client::new(narrow());
    let job = client.submit(&endless_request()).await;
    let id = client.until(&job, "running").await["id"].clone();
    client.post("/v1/replans", &json!({"plan_id": id, "events": []})).await.problem(409, "not-finished");
    client.delete(&job).await;
}
