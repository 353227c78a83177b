//! Who waits, who is known, who comes next. Plain data under the store's lock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::job::Job;
use super::work::Work;

/// Why a job was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As many wait as may.
    Full,
    /// The service is going down.
    Closed,
}

/// Which jobs a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// All.
    Any,
    /// Only those that someone waits for.
    Urgent,
}

/// The store's data.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Arc<Job>>,
    known: BTreeMap<String, Arc<Job>>,
    finished: VecDeque<String>,
    submitted: u64,
    closed: bool,
}

impl Queue {
    /// Adds a job at the end, urgent ones before all that are not.
    pub(super) fn add(&mut self, id: String, work: Work, max_waiting: usize) -> Result<Arc<Job>, Refused> {
        if self.closed {
            return Err(Refused::Closed);
        }
        if self.waiting.len() >= max_waiting {
            return Err(Refused::Full);
        }
        self.submitted += 1;
        let job = Arc::new(Job::new(id, self.submitted, work));
        let position = if job.work.is_urgent() { self.first_patient() } else { self.waiting.len() };
        self.waiting.insert(position, Arc::clone(&job));
        self.known.insert(job.id.clone(), Arc::clone(&job));
        Ok(job)
    }

    fn first_patient(&self) -> usize {
        self.waiting.iter().position(|job| !job.work.is_urgent()).unwrap_or(self.waiting.len())
    }

    /// The next job for a worker.
    pub(super) fn take(&mut self, lane: Lane) -> Option<Arc<Job>> {
        let next = self.waiting.front()?;
        if lane == Lane::Urgent && !next.work.is_urgent() {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Takes a job out of the queue; `false` if it was not waiting.
    pub(super) fn withdraw(&mut self, id: &str) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|job| job.id != id);
        self.waiting.len() < before
    }

    /// Notes that a job has ended and forgets the oldest beyond `keep`. Replans are forgotten at once: their answer is on its way.
    pub(super) fn retire(&mut self, job: &Job, keep: usize) {
        if job.work.is_urgent() {
            self.known.remove(&job.id);
            return;
        }
        self.finished.push_back(job.id.clone());
        while self.finished.len() > keep {
            if let Some(oldest) = self.finished.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }

    /// Takes no more jobs; returns all that wait and all that are known.
    pub(super) fn close(&mut self) -> (Vec<Arc<Job>>, Vec<Arc<Job>>) {
        self.closed = true;
        (self.waiting.drain(..).collect(), self.known.values().map(Arc::clone).collect())
    }

    pub(super) fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.known.get(id).map(Arc::clone)
    }

    /// Every known job, oldest first.
    pub(super) fn list(&self) -> Vec<Arc<Job>> {
        let mut jobs: Vec<_> = self.known.values().map(Arc::clone).collect();
        jobs.sort_by_key(|job| job.number);
        jobs
    }
}
