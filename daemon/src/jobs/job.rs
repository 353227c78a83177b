//! One job: its work, its stop token and its news.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kendt_solver::problem::{Cost, Problem};
use kendt_solver::replan::{Change, FewestChanges};
use kendt_solver::solve::{Progress, Proof, gap};
use kendt_solver::stop::StopToken;
use tokio::sync::watch;

use super::work::{Finished, Work};
use crate::judged::Judged;
use crate::wire::AboveCap;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// It ended by itself.
    Done,
    /// Someone stopped it; the best plan found, if any, is kept.
    Stopped,
    /// It broke.
    Failed,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Failed => "failed",
        }
    }

    /// Whether nothing will change any more.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, State::Done | State::Stopped | State::Failed)
    }
}

/// The best plan of a job, with the problem whose ids it uses.
#[derive(Clone, Debug)]
pub(crate) struct Incumbent {
    pub(crate) problem: Arc<Problem>,
    pub(crate) judged: Judged,
    /// What a replan changed; empty for plans.
    pub(crate) changes: Vec<Change>,
    /// How few changes would do, where a replan looked for that.
    pub(crate) fewest_changes: Option<FewestChanges>,
}

/// What is known about a job now.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) state: State,
    pub(crate) incumbent: Option<Arc<Incumbent>>,
    pub(crate) dual_bound: Option<Cost>,
    pub(crate) bound_leaves_out: Vec<&'static str>,
    pub(crate) proof: Proof,
    pub(crate) iterations: u64,
    /// Once it has ended: whose caps the plan does not keep, and why.
    pub(crate) above_cap: Vec<AboveCap>,
    /// Why it failed, in words for the client.
    pub(crate) fault: Option<&'static str>,
    began: Option<Instant>,
    took: Option<Duration>,
}

impl Status {
    /// Time since a worker took it, up to its end; zero before.
    pub(crate) fn elapsed(&self) -> Duration {
        self.took.or_else(|| self.began.map(|began| began.elapsed())).unwrap_or_default()
    }

    /// The gap, where there is a plan and a bound.
    pub(crate) fn gap(&self) -> Option<f64> {
        gap(self.incumbent.as_ref()?.judged.cost(), self.dual_bound?)
    }
}

/// A job. Shared between the store, its worker and everyone who watches it.
pub(crate) struct Job {
    pub(crate) id: String,
    /// Its place in the order of submission.
    pub(crate) number: u64,
    pub(crate) work: Work,
    pub(super) stop: StopToken,
    status: watch::Sender<Status>,
}

impl fmt::Debug for Job {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Job").field("id", &self.id).field("state", &self.status().state).finish_non_exhaustive()
    }
}

impl Job {
    pub(super) fn new(id: String, number: u64, work: Work) -> Self {
        let queued = Status {
            state: State::Queued,
            incumbent: None,
            dual_bound: None,
            bound_leaves_out: Vec::new(),
            above_cap: Vec::new(),
            proof: Proof::None,
            iterations: 0,
            fault: None,
            began: None,
            took: None,
        };
        Self { id, number, work, stop: StopToken::default(), status: watch::Sender::new(queued) }
    }

    /// What is known now.
    pub(crate) fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// News from now on: a change of state, a better plan, a better bound.
    pub(crate) fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Waits for the end.
    pub(crate) async fn finished(&self) -> Status {
        let mut news = self.watch();
        match news.wait_for(|status| status.state.is_final()).await {
            Ok(status) => status.clone(),
            Err(_) => self.status(),
        }
    }

    pub(super) fn begin(&self) {
        self.status.send_modify(|status| {
            status.state = State::Running;
            status.began = Some(Instant::now());
        });
    }

    /// Takes over a running solve's news; watchers hear of it if plan or bound improved.
    pub(super) fn progress(&self, progress: &Progress, incumbent: Option<Incumbent>) {
        self.status.send_if_modified(|status| {
            status.iterations = progress.iterations;
            let news = incumbent.is_some() || status.dual_bound != progress.dual_bound;
            status.dual_bound = progress.dual_bound;
            if let Some(incumbent) = incumbent {
                status.incumbent = Some(Arc::new(incumbent));
            }
            news
        });
    }

    pub(super) fn finish(&self, finished: Finished) {
        let state = if self.stop.is_stopped() { State::Stopped } else { State::Done };
        self.end(state, |status| {
            status.incumbent = Some(Arc::new(finished.incumbent));
            status.dual_bound = finished.dual_bound;
            status.bound_leaves_out = finished.bound_leaves_out;
            status.proof = finished.proof;
            status.iterations = finished.iterations;
            status.above_cap = finished.above_cap;
        });
    }

    pub(super) fn fail(&self, fault: &'static str) {
        self.end(State::Failed, |status| status.fault = Some(fault));
    }

    /// Ends a job that no worker took.
    pub(super) fn withdraw(&self) {
        self.end(State::Stopped, |_| ());
    }

    fn end(&self, state: State, change: impl FnOnce(&mut Status)) {
        self.status.send_modify(|status| {
            change(status);
            status.took = Some(status.elapsed());
            status.state = state;
        });
    }
}
