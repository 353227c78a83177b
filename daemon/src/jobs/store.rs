//! The door to the jobs.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::job::Job;
use super::queue::{Lane, Queue, Refused};
use super::work::Work;
use super::worker;

/// How many of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Worker threads. Of two or more, the first takes replans only, so that long plans cannot make them wait.
    pub(crate) workers: usize,
    /// Most jobs that wait.
    pub(crate) max_waiting: usize,
    /// Finished jobs that are kept.
    pub(crate) keep_finished: usize,
}

/// All jobs. Clones share them; when the last clone goes, everything is stopped.
#[derive(Clone, Debug)]
pub(crate) struct JobStore {
    shared: Arc<Shared>,
    /// Workers hold `shared` too, so only this one tells when nobody else is left.
    _last: Arc<CloseOnDrop>,
}

/// What the store and its workers share. The lock guards short sections only and is never held while solving or waiting for a client.
#[derive(Debug)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    limits: Limits,
    workers: watch::Sender<usize>,
}

#[derive(Debug)]
struct CloseOnDrop(Arc<Shared>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl JobStore {
    /// Starts the workers.
    pub(crate) fn start(limits: Limits) -> io::Result<Self> {
        let shared = Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new(), limits, workers: watch::Sender::new(0) });
        let store = Self { _last: Arc::new(CloseOnDrop(Arc::clone(&shared))), shared };
        for index in 0..limits.workers {
            let lane = if index == 0 && limits.workers > 1 { Lane::Urgent } else { Lane::Any };
            worker::spawn(index, lane, Arc::clone(&store.shared))?;
        }
        Ok(store)
    }

    /// Queues work.
    pub(crate) fn submit(&self, work: Work) -> Result<Arc<Job>, Refused> {
        let job = self.shared.lock().add(new_id(), work, self.shared.limits.max_waiting)?;
        self.shared.changed.notify_all();
        Ok(job)
    }

    /// A job by its id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.shared.lock().get(id)
    }

    /// Every job that is kept, oldest first.
    pub(crate) fn list(&self) -> Vec<Arc<Job>> {
        self.shared.lock().list()
    }

    /// Jobs that no worker has taken yet.
    pub(crate) fn n_waiting(&self) -> usize {
        self.shared.lock().n_waiting()
    }

    /// Workers that have not gone.
    pub(crate) fn n_workers(&self) -> usize {
        *self.shared.workers.borrow()
    }

    /// Whether no more jobs are taken.
    pub(crate) fn is_closed(&self) -> bool {
        self.shared.lock().is_closed()
    }

    /// Asks a job to stop; one that waits ends at once, one that has ended stays as it is.
    pub(crate) fn stop(&self, job: &Job) {
        let waited = self.shared.lock().withdraw(&job.id);
        if waited {
            job.withdraw();
            self.shared.retire(job);
        } else if !job.status().state.is_final() {
            job.stop.stop();
        }
    }

    /// Takes no more jobs and stops all.
    pub(crate) fn close(&self) {
        self.shared.close();
    }

    /// Waits until every worker has gone, which they do after [`JobStore::close`].
    pub(crate) async fn closed(&self) {
        let mut workers = self.shared.workers.subscribe();
        // The sender lives in `shared`, so waiting cannot fail.
        let _ = workers.wait_for(|&n| n == 0).await;
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        // No section under the lock leaves it half-changed, so a panic elsewhere is no reason to refuse.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next job of a lane; `None` once closed.
    pub(super) fn next(&self, lane: Lane) -> Option<Arc<Job>> {
        let mut queue = self.lock();
        loop {
            if queue.is_closed() {
                return None;
            }
            if let Some(job) = queue.take(lane) {
                return Some(job);
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn retire(&self, job: &Job) {
        self.lock().retire(job, self.limits.keep_finished);
    }

    /// Counts a worker in or out.
    pub(super) fn count(&self, change: impl FnOnce(&mut usize)) {
        self.workers.send_modify(change);
    }

    fn close(&self) {
        let (waiting, known) = self.lock().close();
        for job in waiting {
            job.withdraw();
        }
        for job in known.iter().filter(|job| !job.status().state.is_final()) {
            job.stop.stop();
        }
        self.changed.notify_all();
    }
}

/// Stops a job when dropped: for work whose client may hang up.
#[derive(Debug)]
pub(crate) struct StopOnDrop {
    pub(crate) store: JobStore,
    pub(crate) job: Arc<Job>,
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.store.stop(&self.job);
    }
}

/// An id that says nothing and does not come again after a restart.
fn new_id() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}
