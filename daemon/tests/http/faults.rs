//! Requests that are wrong, and answers that say why.

use axum::body::Body;
use axum::http::Request;
use kendt_daemon::config::{BODY_LIMIT, Config};
use serde_json::json;

use crate::client::{Client, narrow};
use crate::documents::tiny;

#[tokio::test]
async fn bodies_that_are_not_json_are_refused_with_their_place() {
    let client = Client::new(narrow());
    for path in ["/v1/plans", "/v1/replans", "/v1/checks", "/v1/evaluations"] {
        let problem = client.post_text(path, "{\"district\": [1,\n 2").await.problem(400, "malformed-json");
        assert!(problem["errors"][0]["at"].as_str().unwrap().starts_with("line 2"), "{problem}");
        client.post_text(path, "").await.problem(400, "malformed-json");
        client.post_text(path, "[".repeat(100_000)).await.problem(400, "malformed-json");
    }
}

#[tokio::test]
async fn bodies_of_another_shape_are_refused() {
    let client = Client::new(narrow());
    client.post("/v1/checks", &json!({"district": tiny()})).await.problem(422, "wrong-shape");
    client.post("/v1/plans", &json!({"district": tiny(), "optoins": {}})).await.problem(422, "wrong-shape");
    client.post("/v1/plans", &json!({"district": tiny(), "options": {"seed": "one"}})).await.problem(422, "wrong-shape");
    client.post("/v1/plans", &json!({})).await.problem(422, "invalid-option");
}

#[tokio::test]
async fn only_json_is_taken_and_not_too_much_of_it() {
    let client = Client::new(narrow());
    client.send(Request::post("/v1/plans").body(Body::from("{}")).unwrap()).await.problem(415, "unsupported-media-type");
    let big = " ".repeat(BODY_LIMIT + 1);
    client.post_text("/v1/plans", big).await.problem(413, "body-too-large");
}

#[tokio::test]
async fn faults_of_a_district_point_into_the_body() {
    let client = Client::new(narrow());
    let mut district = tiny();
    district["visits"][2]["citizen"] = json!("c9");
    district["visits"][3]["windows"][0]["from"] = json!("noon");
    let problem = client.post("/v1/plans", &json!({"district": district})).await.problem(422, "invalid-district");
    let places: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|error| error["at"].as_str().unwrap()).collect();
    assert_eq!(places, ["/district/visits/2/citizen", "/district/visits/3/windows/0/from"]);
}

#[tokio::test]
async fn options_out_of_range_are_refused() {
    let client = Client::new(Config { time_limit: std::time::Duration::from_secs(60), max_threads: 2, ..narrow() });
    for (name, value) in [
        ("time_seconds", json!(0)),
        ("time_seconds", json!(-1)),
        ("time_seconds", json!(61)),
        ("time_seconds", json!(1e300)),
        ("threads", json!(0)),
        ("threads", json!(3)),
        ("iterations", json!(0)),
    ] {
        let problem = client.post("/v1/plans", &json!({"district": tiny(), "options": {name: value}})).await.problem(422, "invalid-option");
        assert_eq!(problem["errors"][0]["at"], format!("/options/{name}"));
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let client = Client::new(narrow());
    client.get("/nowhere").await.problem(404, "not-found");
    for path in ["/v1/plans/x", "/v1/plans/x/plan", "/v1/plans/x/events", "/v1/plans/%FF"] {
        client.get(path).await.problem(404, "job-not-found");
    }
    client.delete("/v1/plans/x").await.problem(404, "job-not-found");
    client.delete("/v1/checks").await.problem(405, "method-not-allowed");
}
