//! `/v1/evaluations`: measuring any plan, whoever made it.

use axum::Json;
use axum::extract::State;

use super::body::JsonBody;
use crate::app::AppState;
use crate::error::Problem;
use crate::wire::{Evaluation, EvaluationRequest};

/// Measures a plan: how few carers come to each citizen, how many of them are known, and how well agreed times are kept.
#[utoipa::path(
    post,
    path = "/v1/evaluations",
    tag = "evaluations",
    request_body = EvaluationRequest,
    responses(
        (status = 200, description = "The measures", body = Evaluation),
        (status = 404, description = "No such district", body = Problem),
        (status = 422, description = "District or plan cannot be read: faults, each with its place", body = Problem),
    )
)]
pub(super) async fn evaluate(State(state): State<AppState>, JsonBody(request): JsonBody<EvaluationRequest>) -> Result<Json<Evaluation>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.evaluate(&config)).await?.map(Json)
}
