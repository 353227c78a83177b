//! Planning as jobs.

use std::fs;

use kendt_daemon::config::Config;
use serde_json::{Value, json};

use crate::client::{Client, narrow};
use crate::documents::{endless_request, tiny, tiny_request};

#[tokio::test(flavor = "multi_thread")]
async fn a_submitted_district_becomes_a_checked_plan() {
    let client = Client::new(Config::default());
    let job = client.submit(&tiny_request()).await;
    let view = client.until(&job, "done").await;
    assert_eq!((&view["visits"], &view["carers"], &view["feasible"], &view["unserved"]), (&json!(4), &json!(2), &json!(true), &json!(0)));
    let cost = view["cost"].as_f64().unwrap();
    let sum: f64 = view["breakdown"].as_object().unwrap().values().map(|value| value.as_f64().unwrap()).sum();
    assert!((cost - sum).abs() < 1e-6, "{view}");

    let plan = client.get(&format!("{job}/plan")).await.json();
    assert_eq!(plan["format"], "kendt-plan/1");
    let verdict = client.post("/v1/checks", &json!({"district": tiny(), "plan": plan})).await.json();
    assert_eq!(verdict["feasible"], true);
    assert_eq!(verdict["cost"].as_f64().unwrap(), cost);
    assert_eq!(verdict["breakdown"], view["breakdown"]);
    assert_eq!(verdict["violations"], json!([]));

    let listed = client.get("/v1/plans").await.json();
    assert_eq!(listed["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_that_nobody_can_keep_is_explained() {
    let client = Client::new(Config::default());
    let mut district = tiny();
    // Two carers must come at once to one citizen, who is to have one.
    district["visits"][0]["carers"] = 2.into();
    let citizen = district["visits"][0]["citizen"].clone();
    let own = district["citizens"].as_array_mut().unwrap().iter_mut().find(|one| one["id"] == citizen).unwrap();
    own["most_carers"] = 1.into();
    let mut request = tiny_request();
    request["district"] = district;
    let job = client.submit(&request).await;
    let view = client.until(&job, "done").await;
    let above = &view["above_cap"][0];
    assert_eq!((&above["citizen"], &above["cap"], &above["needed"], &above["cause"]), (&citizen, &json!(1), &json!(2), &json!("roster")), "{view}");
    assert!(!above["visits"].as_array().unwrap().is_empty() && above["is_smallest"] == true, "{view}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_plan() {
    let client = Client::new(Config::default());
    let mut plans = Vec::new();
    for _ in 0..2 {
        let job = client.submit(&tiny_request()).await;
        client.until(&job, "done").await;
        plans.push(client.get(&format!("{job}/plan")).await.text);
    }
    assert_eq!(plans[0], plans[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_the_story_and_end() {
    let client = Client::new(Config::default());
    let job = client.submit(&tiny_request()).await;
    let answer = client.get(&format!("{job}/events")).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    let last = last_event(&answer.text);
    assert_eq!(last.0, "state");
    assert_eq!(last.1["state"], "done");
    assert!(last.1["cost"].is_number());
    // Told again from the end, the story is one event long.
    let again = client.get(&format!("{job}/events")).await;
    assert_eq!(again.text.matches("event:").count(), 1);
}

fn last_event(text: &str) -> (String, Value) {
    let field = |name: &str| text.lines().filter_map(|line| line.strip_prefix(name)).next_back().unwrap().trim().to_owned();
    (field("event:"), serde_json::from_str(&field("data:")).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_job_keeps_its_best_plan() {
    let client = Client::new(narrow());
    let job = client.submit(&endless_request()).await;
    client.until_it(&job, |view| view["cost"].is_number()).await;
    assert_eq!(client.delete(&job).await.status, 202);
    let view = client.until(&job, "stopped").await;
    assert!(view["cost"].is_number());
    assert_eq!(client.get(&format!("{job}/plan")).await.status, 200);
    let again = client.delete(&job).await;
    assert_eq!((again.status.as_u16(), &again.json()["state"]), (202, &json!("stopped")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_until_there_is_room() {
    let client = Client::new(narrow());
    let running = client.submit(&endless_request()).await;
    client.until(&running, "running").await;
    let waiting = client.submit(&tiny_request()).await;
    let answer = client.post("/v1/plans", &tiny_request()).await;
    answer.problem(503, "queue-full");
    assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);

    client.get(&format!("{waiting}/plan")).await.problem(409, "no-plan");
    assert_eq!(client.delete(&waiting).await.json()["state"], "stopped");
    client.get(&format!("{waiting}/plan")).await.problem(409, "no-plan");
    client.submit(&tiny_request()).await;
    client.delete(&running).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_jobs_are_forgotten() {
    let client = Client::new(narrow());
    let mut jobs = Vec::new();
    for _ in 0..3 {
        let job = client.submit(&tiny_request()).await;
        client.until(&job, "done").await;
        jobs.push(job);
    }
    // The worker notes the end just after it has told it.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    client.get(&jobs[0]).await.problem(404, "job-not-found");
    assert_eq!(client.get(&jobs[2]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn districts_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("north.json"), tiny().to_string()).unwrap();
    let client = Client::new(Config { data: Some(folder.path().to_owned()), ..Config::default() });
    let by_name = |name: &str| json!({"district_ref": name, "options": {"iterations": 50}});
    let job = client.submit(&by_name("north")).await;
    client.until(&job, "done").await;
    client.post("/v1/plans", &by_name("south")).await.problem(404, "district-not-found");
    for trick in ["../north", "/etc/passwd", "..", "north.json\0", "a/../north"] {
        client.post("/v1/plans", &by_name(trick)).await.problem(422, "invalid-option");
    }
    let without = Client::new(Config::default());
    without.post("/v1/plans", &by_name("north")).await.problem(404, "district-not-found");
}
