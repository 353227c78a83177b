//! `/healthz`, `/readyz`, `/metrics` and the district schema.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kendt_instances::district;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::{Code, Problem};

/// The service is up.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: &'static str,
    /// The service's version.
    version: &'static str,
}

/// Answers while the service is up.
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, description = "It is", body = Health)))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// The service takes work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Always `ready`.
    status: &'static str,
    /// Worker threads.
    workers: usize,
    /// Jobs that no worker has taken yet.
    waiting: usize,
    /// Most of those.
    max_waiting: usize,
}

/// Whether the service takes work now: 503 while it goes down, has no worker left or its queue is full. For load balancers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "service",
    responses(
        (status = 200, description = "It does", body = Readiness),
        (status = 503, description = "It does not: send work elsewhere, or later", body = Problem),
    )
)]
pub(super) async fn ready(State(state): State<AppState>) -> Result<Json<Readiness>, Problem> {
    let (workers, waiting, max_waiting) = (state.jobs.n_workers(), state.jobs.n_waiting(), state.config.max_jobs.max(1));
    if state.jobs.is_closed() || workers == 0 {
        return Err(Problem::new(Code::ShuttingDown, "no new work is taken"));
    }
    if waiting >= max_waiting {
        return Err(Problem::new(Code::QueueFull, format!("{waiting} jobs wait")));
    }
    Ok(Json(Readiness { status: "ready", workers, waiting, max_waiting }))
}

/// Figures for Prometheus: requests, jobs and workers. No label holds an id.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses((status = 200, description = "The figures in OpenMetrics' text format", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn metrics(State(state): State<AppState>) -> Response {
    let text = state.metrics.render(&state.jobs);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

/// The JSON schema of district documents.
#[utoipa::path(get, path = "/v1/district-schema", tag = "service", responses((status = 200, description = "The schema", body = Object)))]
pub(super) async fn district_schema() -> Json<serde_json::Value> {
    Json(district::schema())
}
