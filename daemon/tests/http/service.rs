//! The service itself.

use kendt_daemon::error::Code;

use crate::client::{Client, narrow};

const ROUTES: [(&str, &[&str]); 17] = [
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
    assert_eq!(health.headers["cache-control"], "no-store");
    assert_eq!(client.get("/v1/district-schema").await.json()["title"], "District");
}

#[test]
fn error_names_are_unique() {
    let names: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
