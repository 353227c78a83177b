//! Figures for Prometheus: requests, jobs and workers. Labels are routes' patterns, methods, statuses and states: never an id, a name or a path as
//! the client wrote it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::jobs::JobStore;

/// What is counted.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    seconds: Family<Routed, Histogram>,
    jobs: Family<InState, Gauge>,
    waiting: Gauge,
    workers: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Routed {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("kendt");
        // From a millisecond to two minutes: what-ifs take tenths, replans two seconds, events as long as their job.
        let histogram: fn() -> Histogram = || Histogram::new(exponential_buckets(0.001, 3.0, 11));
        let seconds = Family::new_with_constructor(histogram);
        let (requests, jobs, waiting, workers) = (Family::default(), Family::default(), Gauge::default(), Gauge::default());
        registry.register("http_requests", "Answers, by method, route and status", requests.clone());
        registry.register("http_request_seconds", "Time until an answer begins, by route", seconds.clone());
        registry.register("jobs", "Jobs that are kept, by state", jobs.clone());
        registry.register("jobs_waiting", "Jobs that no worker has taken yet", waiting.clone());
        registry.register("workers", "Worker threads", workers.clone());
        let version: Family<Version, Gauge> = Family::default();
        version.get_or_create(&Version { version: env!("CARGO_PKG_VERSION") }).set(1);
        registry.register("build", "Always 1, by version", version);
        Self { registry: Arc::new(registry), requests, seconds, jobs, waiting, workers }
    }

    /// Everything in OpenMetrics' text format, the jobs as they are now.
    pub(crate) fn render(&self, jobs: &JobStore) -> String {
        self.jobs.clear();
        for job in jobs.list() {
            let state = job.status().state.name();
            self.jobs.get_or_create(&InState { state }).inc();
        }
        self.waiting.set(i64::try_from(jobs.n_waiting()).unwrap_or(i64::MAX));
        self.workers.set(i64::try_from(jobs.n_workers()).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Version {
    version: &'static str,
}

/// Counts an answer.
pub(crate) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str).to_owned();
    // Methods are the client's words too: only those that HTTP knows are told apart.
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS") => known,
        _ => "other",
    }
    .to_owned();
    let response = next.run(request).await;
    metrics.seconds.get_or_create(&Routed { route: route.clone() }).observe(began.elapsed().as_secs_f64());
    metrics.requests.get_or_create(&Answered { method, route, status: response.status().as_u16() }).inc();
    response
}
