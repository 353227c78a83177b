//! The job that a path names.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::app::AppState;
use crate::error::{Code, Problem};
use crate::jobs::{Job, JobStore, Work};

/// The plan job of the path's `{id}`.
pub(crate) struct JobRef(pub(crate) Arc<Job>);

impl FromRequestParts<AppState> for JobRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        let job = id.ok().and_then(|Path(id)| plan_job(&state.jobs, &id));
        job.map(Self).ok_or_else(|| Problem::new(Code::JobNotFound, "the id is wrong, or the job ended long ago and is no longer kept"))
    }
}

/// A plan job by its id.
pub(crate) fn plan_job(jobs: &JobStore, id: &str) -> Option<Arc<Job>> {
    jobs.get(id).filter(|job| matches!(job.work, Work::Plan(_)))
}
