//! `/v1/plans`: planning as jobs.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kendt_instances::district;

use super::body::JsonBody;
use super::job_ref::JobRef;
use crate::app::AppState;
use crate::error::{Code, Problem};
use crate::jobs::{Job, Refused, State as JobState, Work};
use crate::wire::{JobList, JobView, PlanRequest};

/// Asks for a plan. The answer comes at once; the plan is made in the background.
#[utoipa::path(
    post,
    path = "/v1/plans",
    tag = "plans",
    request_body = PlanRequest,
    responses(
        (status = 202, description = "The job, queued; `Location` is its address", body = JobView),
        (status = 422, description = "Faults, each with its place", body = Problem),
        (status = 503, description = "The queue is full or the service is going down: see `Retry-After`", body = Problem),
    )
)]
pub(super) async fn submit(State(state): State<AppState>, JsonBody(request): JsonBody<PlanRequest>) -> Result<Response, Problem> {
    let config = state.config.clone();
    let work = state.compute(move || request.work(&config)).await??;
    let job = state.jobs.submit(Work::Plan(work)).map_err(refused)?;
    let location = format!("/v1/plans/{}", job.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(view(&job)?)).into_response())
}

/// Lists the jobs that are kept, oldest first.
#[utoipa::path(get, path = "/v1/plans", tag = "plans", responses((status = 200, description = "The jobs", body = JobList)))]
pub(super) async fn list(State(state): State<AppState>) -> Json<JobList> {
    let jobs = state.jobs.list();
    Json(JobList { jobs: jobs.iter().filter_map(|job| JobView::new(job, &job.status())).collect() })
}

/// Shows a job: its state, and the cost, bound and gap of its best plan so far.
#[utoipa::path(
    get,
    path = "/v1/plans/{id}",
    tag = "plans",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, description = "The job", body = JobView),
        (status = 404, description = "No such job", body = Problem),
    )
)]
pub(super) async fn show(JobRef(job): JobRef) -> Result<Json<JobView>, Problem> {
    Ok(Json(view(&job)?))
}

/// Stops a job and keeps its best plan. Stopping one that has ended changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/plans/{id}",
    tag = "plans",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 202, description = "The job; a running one ends soon", body = JobView),
        (status = 404, description = "No such job", body = Problem),
    )
)]
pub(super) async fn stop(State(state): State<AppState>, JobRef(job): JobRef) -> Result<(StatusCode, Json<JobView>), Problem> {
    state.jobs.stop(&job);
    Ok((StatusCode::ACCEPTED, Json(view(&job)?)))
}

/// The best plan so far, as a `kendt-plan/1` document. The job says whether it is feasible.
#[utoipa::path(
    get,
    path = "/v1/plans/{id}/plan",
    tag = "plans",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, description = "The plan", body = Object),
        (status = 404, description = "No such job", body = Problem),
        (status = 409, description = "There is no plan yet, or there will be none", body = Problem),
    )
)]
pub(super) async fn plan(State(state): State<AppState>, JobRef(job): JobRef) -> Result<Response, Problem> {
    let status = job.status();
    let Some(best) = status.incumbent else { return Err(no_plan(status.state)) };
    let text = state.compute(move || district::write_plan(&best.problem, best.judged.plan())).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

fn view(job: &Job) -> Result<JobView, Problem> {
    JobView::new(job, &job.status()).ok_or_else(|| Problem::new(Code::JobNotFound, "the job is not a plan"))
}

/// Why there is no plan to show.
pub(super) fn no_plan(state: JobState) -> Problem {
    let detail = match state {
        JobState::Queued | JobState::Running => "no plan was found yet: ask again later",
        JobState::Done | JobState::Stopped | JobState::Failed => "the job ended without a plan",
    };
    Problem::new(Code::NoPlan, detail)
}

/// Why a job was not taken.
pub(super) fn refused(refused: Refused) -> Problem {
    match refused {
        Refused::Full => Problem::new(Code::QueueFull, "try again later"),
        Refused::Closed => Problem::new(Code::ShuttingDown, "try again later"),
    }
}
