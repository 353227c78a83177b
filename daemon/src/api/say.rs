//! The citizen's say: demand from grants, what may be swapped, and the answers of a plan to every wish.

use axum::Json;
use axum::extract::{Path, Query, State};
use kendt_solver::stop::StopToken;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::JsonBody;
use crate::app::AppState;
use crate::error::{Code, Problem};
use crate::say::{Answers, History, OptionsView, TriageSheet, WhatIf, Why, triage_sheet};
use crate::wire::{AnswersRequest, DemandAnswer, DemandRequest, PackageAnswer, PackageRequest, WhatIfRequest, WhyRequest, load_district, load_plan};

/// Makes the visits of a district from its grants. Nothing is granted or refused: what was granted is turned into visits.
#[utoipa::path(
    post,
    path = "/v1/demand",
    tag = "say",
    request_body = DemandRequest,
    responses(
        (status = 200, description = "The district with its visits, and which ones changed", body = DemandAnswer),
        (status = 404, description = "No such district", body = Problem),
        (status = 422, description = "The district has faults, each with its place", body = Problem),
    )
)]
pub(super) async fn demand(State(state): State<AppState>, JsonBody(request): JsonBody<DemandRequest>) -> Result<Json<DemandAnswer>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.answer(&config)).await?.map(Json)
}

/// Says of every wish whether a plan fulfils it, and if not why, what it would cost and what would work. The plan is not changed, and nobody
/// judges here whether a swap is sound.
#[utoipa::path(
    post,
    path = "/v1/answers",
    tag = "say",
    request_body = AnswersRequest,
    responses(
        (status = 200, description = "One answer for every wish", body = Answers),
        (status = 404, description = "No such district", body = Problem),
        (status = 422, description = "District or plan cannot be read: faults, each with its place", body = Problem),
    )
)]
pub(super) async fn answers(State(state): State<AppState>, JsonBody(request): JsonBody<AnswersRequest>) -> Result<Json<Answers>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.answer(&config)).await?.map(Json)
}

/// The best ways to have something - another time, another carer, a swap, one visit more, something granted - each with its price in plain figures.
/// The plan is not changed, and nothing is granted.
#[utoipa::path(
    post,
    path = "/v1/what-if",
    tag = "say",
    request_body = WhatIfRequest,
    responses(
        (status = 200, description = "The best ways, or why there is none", body = WhatIf),
        (status = 404, description = "No such district", body = Problem),
        (status = 422, description = "District, plan or what is asked about has faults, or a rule speaks against it", body = Problem),
    )
)]
pub(super) async fn what_if(State(state): State<AppState>, JsonBody(request): JsonBody<WhatIfRequest>) -> Result<Json<WhatIf>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.answer(&config)).await?.map(Json)
}

/// Why a visit is planned with this carer and at this time, and what the next best would cost.
#[utoipa::path(
    post,
    path = "/v1/explanations",
    tag = "say",
    request_body = WhyRequest,
    responses(
        (status = 200, description = "What speaks for the carer and the time", body = Why),
        (status = 404, description = "No such district", body = Problem),
        (status = 422, description = "District or plan has faults, or there is no such visit", body = Problem),
    )
)]
pub(super) async fn explain(State(state): State<AppState>, JsonBody(request): JsonBody<WhyRequest>) -> Result<Json<Why>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.answer(&config)).await?.map(Json)
}

/// Which district a citizen is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDistrict {
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: String,
}

/// What a citizen may swap for what, and what is left of the granted time, in plain Danish and English.
#[utoipa::path(
    get,
    path = "/v1/citizens/{id}/swap-options",
    tag = "say",
    params(("id" = String, Path, description = "The citizen's id"), OfDistrict),
    responses(
        (status = 200, description = "The options", body = OptionsView),
        (status = 404, description = "No such district or citizen", body = Problem),
        (status = 422, description = "The district has faults, each with its place", body = Problem),
    )
)]
pub(super) async fn swap_options(
    State(state): State<AppState>,
    Path(citizen): Path<String>,
    Query(of): Query<OfDistrict>,
) -> Result<Json<OptionsView>, Problem> {
    let config = state.config.clone();
    state
        .compute(move || {
            let (district, _) = load_district(config.data.as_deref(), &of.district_ref)?;
            OptionsView::of(&district, &citizen).ok_or_else(|| Problem::new(Code::CitizenNotFound, "the district has no such citizen"))
        })
        .await?
        .map(Json)
}

/// What was asked for by or for a citizen, by whom and when: for whoever assesses needs.
#[utoipa::path(
    get,
    path = "/v1/citizens/{id}/wishes",
    tag = "say",
    params(("id" = String, Path, description = "The citizen's id"), OfDistrict),
    responses(
        (status = 200, description = "Swaps and wishes", body = History),
        (status = 404, description = "No such district or citizen", body = Problem),
        (status = 422, description = "The district has faults, each with its place", body = Problem),
    )
)]
pub(super) async fn wishes(
    State(state): State<AppState>,
    Path(citizen): Path<String>,
    Query(of): Query<OfDistrict>,
) -> Result<Json<History>, Problem> {
    let config = state.config.clone();
    state
        .compute(move || {
            let (district, _) = load_district(config.data.as_deref(), &of.district_ref)?;
            History::of(&district, &citizen).ok_or_else(|| Problem::new(Code::CitizenNotFound, "the district has no such citizen"))
        })
        .await?
        .map(Json)
}

/// Grants a citizen a package of services, by the word of a person whose role may: its visits are made at once, it ends by itself, and its grants
/// await confirmation by whoever decides about grants.
#[utoipa::path(
    post,
    path = "/v1/citizens/{id}/packages",
    tag = "say",
    params(("id" = String, Path, description = "The citizen's id")),
    request_body = PackageRequest,
    responses(
        (status = 200, description = "The district with the package's visits", body = PackageAnswer),
        (status = 404, description = "No such district or citizen", body = Problem),
        (status = 422, description = "Faults, each with its place, or the role may not grant it", body = Problem),
    )
)]
pub(super) async fn package(
    State(state): State<AppState>,
    Path(citizen): Path<String>,
    JsonBody(request): JsonBody<PackageRequest>,
) -> Result<Json<PackageAnswer>, Problem> {
    let config = state.config.clone();
    state.compute(move || request.answer(citizen, &config)).await?.map(Json)
}

/// Which district and plan a sheet is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfPlan {
    /// The name of a district file in the service's data folder, with or without `.json`.
    district_ref: String,
    /// The name of a plan file in the same folder, with or without `.json`.
    plan_ref: String,
}

/// The sheet for the board meeting: red and yellow citizens and those who keep swapping, what they are given, and what an extra visit would cost.
#[utoipa::path(
    get,
    path = "/v1/triage-sheet",
    tag = "say",
    params(OfPlan),
    responses(
        (status = 200, description = "The sheet", body = TriageSheet),
        (status = 404, description = "No such district or plan", body = Problem),
        (status = 422, description = "District or plan has faults, each with its place", body = Problem),
    )
)]
pub(super) async fn triage(State(state): State<AppState>, Query(of): Query<OfPlan>) -> Result<Json<TriageSheet>, Problem> {
    let config = state.config.clone();
    state
        .compute(move || {
            let (district, problem) = load_district(config.data.as_deref(), &of.district_ref)?;
            let plan = load_plan(&problem, config.data.as_deref(), &of.plan_ref)?;
            Ok(triage_sheet(&district, &problem, &plan, 1, &StopToken::default()))
        })
        .await?
        .map(Json)
}
