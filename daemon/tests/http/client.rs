//! A client without a socket.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use kendt_daemon::app::{AppState, app};
use kendt_daemon::config::Config;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) struct Client {
    router: Router,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The answer, which has to be the problem document of an error.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:kendt:error:{name}"), "{problem}");
        assert_eq!(problem["status"], status);
        problem
    }
}

/// One worker that takes everything, one job waiting, two kept.
pub(crate) fn narrow() -> Config {
    Config { workers: 1, max_jobs: 1, keep_finished: 2, ..Config::default() }
}

impl Client {
    pub(crate) fn new(config: Config) -> Self {
        Self { router: app(AppState::new(config).expect("threads can be started")) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Request::delete(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, body.to_string()).await
    }

    pub(crate) async fn post_text(&self, path: &str, text: impl Into<Body>) -> Answer {
        self.send(Request::post(path).header(header::CONTENT_TYPE, "application/json").body(text.into()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Submits a plan and returns the job's address.
    pub(crate) async fn submit(&self, body: &Value) -> String {
        let answer = self.post("/v1/plans", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let location = answer.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert_eq!(location, format!("/v1/plans/{}", answer.json()["id"].as_str().unwrap()));
        location
    }

    /// The job once it is in the state.
    pub(crate) async fn until(&self, job: &str, state: &str) -> Value {
        self.until_it(job, |view| view["state"] == state).await
    }

    /// The job once it is as wanted.
    pub(crate) async fn until_it(&self, job: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let view = self.get(job).await.json();
            if wanted(&view) {
                return view;
            }
            let ended = ["done", "stopped", "failed"].iter().any(|state| view["state"] == *state);
            assert!(!ended && begin.elapsed() < Duration::from_secs(60), "still {view}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
