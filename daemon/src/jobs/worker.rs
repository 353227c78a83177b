//! A worker: one named thread that does one job after another.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::job::Job;
use super::queue::Lane;
use super::store::Shared;

/// Starts a worker; it ends when the store is closed.
pub(super) fn spawn(index: usize, lane: Lane, shared: Arc<Shared>) -> io::Result<()> {
    shared.count(|n| *n += 1);
    let in_thread = Arc::clone(&shared);
    let spawned = thread::Builder::new().name(format!("kendt-worker-{index}")).spawn(move || {
        while let Some(job) = in_thread.next(lane) {
            work(&job);
            in_thread.retire(&job);
        }
        in_thread.count(|n| *n -= 1);
    });
    if let Err(error) = spawned {
        shared.count(|n| *n -= 1);
        return Err(error);
    }
    Ok(())
}

/// Does one job. A panic fails the job, not the worker.
fn work(job: &Job) {
    job.begin();
    tracing::info!(job.id, "job started");
    let result = catch_unwind(AssertUnwindSafe(|| job.work.run(&job.stop, &mut |progress, incumbent| job.progress(progress, incumbent))));
    match result {
        Ok(Ok(finished)) => job.finish(finished),
        Ok(Err(error)) => {
            tracing::error!(job.id, faults = error.faults.len(), "the disruption prices make the problem invalid");
            job.fail("the disruption prices are too large for this district");
        }
        Err(_) => {
            tracing::error!(job.id, "the solver panicked");
            job.fail("the solver broke on this district; the service's log says where");
        }
    }
    let status = job.status();
    let duration_ms = u64::try_from(status.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(job.id, state = status.state.name(), duration_ms, gap = status.gap(), "job ended");
}
