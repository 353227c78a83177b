//! `/v1/replans`: the published plan, changed as little as possible. Answers when the replan is done, or with every better plan on the way.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use kendt_instances::district::District;
use serde::Serialize;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::body::JsonBody;
use super::job_ref::plan_job;
use super::plans::{no_plan, refused};
use crate::app::AppState;
use crate::error::{Code, Problem};
use crate::jobs::{JobStore, State as JobState, Status, StopOnDrop, Work};
use crate::wire::{Before, ReplanAnswer, ReplanRequest, Told};

/// Answers that wait for a slow client; the next one waits until there is room.
const ANSWERS: usize = 4;

/// Replans after events. Runs before all waiting plans; if the client hangs up, the replan stops.
///
/// A client that accepts `text/event-stream` gets every better plan as it is found: events `answer`, the first within a fraction of a
/// second, and at the end `done` (each with a whole answer as data) or `failed` (with a problem document).
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
pub(super) async fn replan(
    State(state): State<AppState>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ReplanRequest>,
) -> Result<Response, Problem> {
    let published = request.plan_id.as_deref().map(|id| published(&state.jobs, id)).transpose()?;
    let config = state.config.clone();
    let prepared = state.compute(move || request.prepare(published, &config)).await??;
    let job = state.jobs.submit(Work::Replan(prepared.work)).map_err(refused)?;
    let watched = StopOnDrop { store: state.jobs.clone(), job };
    let told = Arc::new(prepared.told);
    if wants_events(&headers) {
        let (sender, receiver) = channel(ANSWERS);
        tokio::spawn(follow(state, watched, told, sender));
        return Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()).into_response());
    }
    let status = watched.job.finished().await;
    Ok(Json(answer(&state, &status, &told).await?).into_response())
}

fn wants_events(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/event-stream")))
}

/// What a replan has to show.
async fn answer(state: &AppState, status: &Status, told: &Arc<Told>) -> Result<ReplanAnswer, Problem> {
    let seconds = status.elapsed().as_secs_f64();
    match (status.incumbent.clone(), status.fault) {
        (_, Some(fault)) => Err(Problem::new(Code::SolveFailed, fault)),
        (Some(best), None) => {
            let told = Arc::clone(told);
            state.compute(move || ReplanAnswer::new(&best, &told, seconds)).await?
        }
        (None, None) => Err(Problem::new(Code::ShuttingDown, "the replan was stopped before it began")),
    }
}

/// Sends a replan's answers until it ends or nobody listens any more.
async fn follow(state: AppState, watched: StopOnDrop, told: Arc<Told>, sender: Sender<Result<Event, Infallible>>) {
    let mut news = watched.job.watch();
    loop {
        let status = news.borrow_and_update().clone();
        let is_final = status.state.is_final();
        if is_final || status.incumbent.is_some() {
            let event = match answer(&state, &status, &told).await {
                Ok(answer) => named(if is_final { "done" } else { "answer" }, &answer),
                Err(problem) => named("failed", &problem),
            };
            if sender.send(Ok(event)).await.is_err() {
                return;
            }
        }
        if is_final {
            return;
        }
        tokio::select! {
            () = sender.closed() => return,
            changed = news.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

fn named(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().event(name))
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
    Ok(Before { district: District::clone(&work.district), problem: work.problem.clone(), plan: best.judged.plan().clone() })
}
