//! `/v1/checks`: judging any plan, whoever made it.

use axum::Json;
use axum::extract::State;

use super::body::JsonBody;
use crate::app::AppState;
use crate::error::Problem;
use crate::wire::{CheckRequest, Judgement};

/// Judges a plan: its cost by term and every rule it breaks.
#[utoipa::path(
    post,
    path = "/v1/checks",
    tag = "checks",
    request_body = CheckRequest,
    responses(
        (status = 200, description = "The verdict", body = Judgement),
        (status = 422, description = "District or plan cannot be read: faults, each with its place", body = Problem),
    )
)]
pub(super) async fn check(State(state): State<AppState>, JsonBody(request): JsonBody<CheckRequest>) -> Result<Json<Judgement>, Problem> {
    state.compute(move || request.judge()).await?.map(Json)
}
