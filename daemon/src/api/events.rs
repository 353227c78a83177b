//! `/v1/plans/{id}/events`: a job's news as server-sent events.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use tokio_stream::Stream;
use tokio_stream::wrappers::WatchStream;

use super::job_ref::JobRef;
use crate::error::Problem;
use crate::jobs::{Job, State, Status};
use crate::wire::JobView;

/// A job's news as they come: `state` when the state changes (and once at the start), `incumbent` when plan or bound improve, each
/// with the job as data. Fast news are merged: every event is the latest. The stream ends after a final state.
#[utoipa::path(
    get,
    path = "/v1/plans/{id}/events",
    tag = "plans",
    params(("id" = String, Path, description = "The job's id")),
    responses(
        (status = 200, description = "Events `state` and `incumbent`", content_type = "text/event-stream", body = JobView),
        (status = 404, description = "No such job", body = Problem),
    )
)]
pub(super) async fn events(JobRef(job): JobRef) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = News { statuses: WatchStream::new(job.watch()), job, told: None };
    Sse::new(news).keep_alive(KeepAlive::default())
}

/// Turns statuses into events and ends after the final one. The status channel itself stays open as long as the job is kept.
struct News {
    job: Arc<Job>,
    statuses: WatchStream<Status>,
    told: Option<State>,
}

impl Stream for News {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.told.is_some_and(State::is_final) {
            return Poll::Ready(None);
        }
        let Some(status) = ready!(Pin::new(&mut self.statuses).poll_next(context)) else { return Poll::Ready(None) };
        let name = if self.told == Some(status.state) { "incumbent" } else { "state" };
        self.told = Some(status.state);
        let Some(view) = JobView::new(&self.job, &status) else { return Poll::Ready(None) };
        let event = Event::default().event(name).json_data(view).unwrap_or_else(|_| Event::default().event(name));
        Poll::Ready(Some(Ok(event)))
    }
}
