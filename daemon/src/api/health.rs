//! `/healthz` and the district schema.

use axum::Json;
use kendt_instances::district;
use serde::Serialize;
use utoipa::ToSchema;

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

/// The JSON schema of district documents.
#[utoipa::path(get, path = "/v1/district-schema", tag = "service", responses((status = 200, description = "The schema", body = Object)))]
pub(super) async fn district_schema() -> Json<serde_json::Value> {
    Json(district::schema())
}
