//! The service itself.

use kendt_daemon::config::Config;
use kendt_daemon::error::Code;

use serde_json::json;

use crate::client::{Client, narrow};
use crate::documents::{endless_request, tiny_request};

const ROUTES: [(&str, &[&str]); 19] = [
    ("/v1/plans", &["get", "post"]),
    ("/v1/plans/{id}", &["get", "delete"]),
    ("/v1/plans/{id}/plan", &["get"]),
    ("/v1/plans/{id}/events", &["get"]),
    ("/v1/replans", &["post"]),
    ("/v1/checks", &["post"]),
    ("/v1/evaluations", &["post"]),
    ("/v1/demand", &["post"]),
    ("/v1/answers", &["post"]),
    ("/v1/what-if", &["post"]),
    ("/v1/explanations", &["post"]),
    ("/v1/citizens/{id}/packages", &["post"]),
    ("/v1/triage-sheet", &["get"]),
    ("/v1/citizens/{id}/wishes", &["get"]),
    ("/v1/citizens/{id}/swap-options", &["get"]),
    ("/v1/district-schema", &["get"]),
    ("/healthz", &["get"]),
    ("/readyz", &["get"]),
    ("/metrics", &["get"]),
];

#[tokio::test]
async fn every_route_is_documented_in_both_places() {
    let client = Client::new(narrow());
    let document = client.get("/openapi.json").await.json();
    let reference = include_str!("../../API.md");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), ROUTES.len(), "{:?}", paths.keys());
    for (path, methods) in ROUTES {
        for method in methods {
            assert!(document["paths"][path][method].is_object(), "{method} {path} is not in the OpenAPI document");
            assert!(reference.contains(&format!("`{} {path}`", method.to_uppercase())), "{method} {path} is not in API.md");
        }
    }
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[tokio::test]
async fn the_documentation_needs_no_other_host() {
    let client = Client::new(narrow());
    let page = client.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("https://"), "{}", page.text);
}

#[tokio::test]
async fn health_and_schema_are_there() {
    let client = Client::new(narrow());
    let health = client.get("/healthz").await;
    assert_eq!(health.json()["status"], "ok");
    assert!(health.headers.contains_key("x-request-id"));
    for (name, value) in
        [("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")]
    {
        assert_eq!(health.headers[name], value);
    }
    // Refusals have them too.
    let nowhere = client.get("/nowhere").await;
    assert!(nowhere.headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
    assert_eq!(client.get("/v1/district-schema").await.json()["title"], "District");
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_says_whether_work_is_taken() {
    let client = Client::new(narrow());
    let ready = client.get("/readyz").await;
    assert_eq!((ready.status.as_u16(), &ready.json()["status"], &ready.json()["waiting"]), (200, &json!("ready"), &json!(0)));
    // One job runs and one waits: the queue of one is full.
    let first = client.submit(&endless_request()).await;
    client.until(&first, "running").await;
    let second = client.submit(&endless_request()).await;
    let full = client.get("/readyz").await;
    assert_eq!((full.status.as_u16(), &full.json()["type"]), (503, &json!("urn:kendt:error:queue-full")), "{}", full.text);
    for job in [second, first] {
        let _ = client.delete(&job).await;
        client.until(&job, "stopped").await;
    }
    assert_eq!(client.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_answers_and_jobs_and_name_nobody() {
    let client = Client::new(Config::default());
    let job = client.submit(&tiny_request()).await;
    client.until(&job, "done").await;
    let _ = client.get("/v1/citizens/c1/wishes?district_ref=secret").await;
    let _ = client.get("/nowhere/secret").await;
    let figures = client.get("/metrics").await;
    assert!(figures.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    for line in [
        "kendt_http_requests_total{method=\"POST\",route=\"/v1/plans\",status=\"202\"} 1",
        "kendt_http_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"} 1",
        "kendt_jobs{state=\"done\"} 1",
        "kendt_jobs_waiting 0",
        "# EOF",
    ] {
        assert!(figures.text.lines().any(|one| one == line), "no {line} in\n{}", figures.text);
    }
    assert!(figures.text.contains("kendt_http_request_seconds_bucket{le=\""), "{}", figures.text);
    let id = job.rsplit('/').next().unwrap();
    for word in ["secret", "c1", id] {
        assert!(!figures.text.contains(word), "{word} is in\n{}", figures.text);
    }
}

#[test]
fn error_names_are_unique() {
    let names: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
