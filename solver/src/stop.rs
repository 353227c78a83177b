//! When to stop: the only place in this crate that reads a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A flag that asks a running solve to stop soon and keep its best plan. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct StopToken {
    asked: Arc<AtomicBool>,
}

impl StopToken {
    /// Asks to stop.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }
    /// Whether someone asked.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Wall time since a solve began, against its limit.
#[derive(Clone, Debug)]
pub struct Watch {
    began: Instant,
    limit: Option<Duration>,
    token: StopToken,
}

impl Watch {
    /// Starts now. `None` never runs out.
    #[must_use]
    pub fn new(limit: Option<Duration>, token: StopToken) -> Self {
        Self { began: Instant::now(), limit, token }
    }
    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
    /// Time left; `None` without a limit. Zero once stopped.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        if self.token.is_stopped() {
            return Some(Duration::ZERO);
        }
        self.limit.map(|limit| limit.saturating_sub(self.elapsed()))
    }
    /// The limit as given.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.limit
    }
    /// A watch that starts now and runs out after `share` of the time that is left here, at the latest. It stops with this one.
    #[must_use]
    pub fn part(&self, share: f64) -> Self {
        Self::new(self.left().map(|left| left.mul_f64(share.clamp(0.0, 1.0))), self.token.clone())
    }
    /// Whether someone asked to stop, whatever the time.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.token.is_stopped()
    }
    /// Whether the time is up or someone asked to stop.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.token.is_stopped() || self.limit.is_some_and(|limit| self.elapsed() >= limit)
    }
}
