//! `/v1/replans`: the published plan, changed as little as possible. Answers when the replan is done: a planner waits.

use axum::Json;
use axum::extract::State;

use super::body::JsonBody;
use super::job_ref::plan_job;
use super::plans::{no_plan, refused};
use crate::app::AppState;
use crate::error::{Code, Problem};
use crate::jobs::{JobStore, State as JobState, StopOnDrop, Work};
use crate::wire::{Before, ReplanAnswer, ReplanRequest};

/// Replans after events. Runs before all waiting plans; if the client hangs up, the replan stops.
#[utoipa::path(
    post,
    path = "/v1/replans",
    tag = "replans",
    request_body = ReplanRequest,
    responses(
        (status = 200, description = "The changed plan, what changed and why", body = ReplanAnswer),
        (status = 404, description = "`plan_id` names no job", body = Problem),
        (status = 409, description = "The job of `plan_id` has not ended or has no plan", body = Problem),
        (status = 422, description = "Faults, each with its place", body = Problem),
        (status = 503, description = "The queue is full or the service is going down: see `Retry-After`", body = Problem),
    )
)]
pub(super) async fn replan(State(state): State<AppState>, JsonBody(request): JsonBody<ReplanRequest>) -> Result<Json<ReplanAnswer>, Problem> {
    let published = request.plan_id.as_deref().map(|id| published(&state.jobs, id)).transpose()?;
    let config = state.config.clone();
    let prepared = state.compute(move || request.prepare(published, &config)).await??;
    let job = state.jobs.submit(Work::Replan(prepared.work)).map_err(refused)?;
    let watched = StopOnDrop { store: state.jobs.clone(), job };
    let status = watched.job.finished().await;
    let seconds = status.elapsed().as_secs_f64();
    match (status.incumbent, status.fault) {
        (Some(best), _) => state.compute(move || ReplanAnswer::new(&best, prepared.told, seconds)).await?.map(Json),
        (None, Some(fault)) => Err(Problem::new(Code::SolveFailed, fault)),
        (None, None) => Err(Problem::new(Code::ShuttingDown, "the replan was stopped before it began")),
    }
}

/// What the job of `plan_id` published.
fn published(jobs: &JobStore, id: &str) -> Result<Before, Problem> {
    let job = plan_job(jobs, id).ok_or_else(|| Problem::at(Code::JobNotFound, "/plan_id", "names no job"))?;
    let status = job.status();
    if matches!(status.state, JobState::Queued | JobState::Running) {
        return Err(Problem::at(Code::NotFinished, "/plan_id", "the job has not ended: wait for it or stop it"));
    }
    let Work::Plan(work) = &job.work else { return Err(no_plan(status.state)) };
    let Some(best) = status.incumbent else { return Err(no_plan(status.state)) };
    Ok(Before { district: work.district.clone(), problem: work.problem.clone(), plan: best.judged.plan().clone() })
}
