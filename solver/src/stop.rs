//! When to stop: the only place in this crate that reads a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

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

/// What a time limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Meter {
    /// Wall time.
    #[default]
    Wall,
    /// CPU time of the whole process, all threads together. Fair on a shared machine, where nothing else runs in the process.
    Cpu,
}

/// Time since a solve began, against its limit.
#[derive(Clone, Debug)]
pub struct Watch {
    began: Instant,
    cpu_began: ProcessTime,
    meter: Meter,
    limit: Option<Duration>,
    token: StopToken,
}

impl Watch {
    /// Starts now, with a limit of wall time. `None` never runs out.
    #[must_use]
    pub fn new(limit: Option<Duration>, token: StopToken) -> Self {
        Self::metered(limit, Meter::Wall, token)
    }
    /// Starts now, with a limit of what `meter` counts.
    #[must_use]
    pub fn metered(limit: Option<Duration>, meter: Meter, token: StopToken) -> Self {
        Self { began: Instant::now(), cpu_began: ProcessTime::now(), meter, limit, token }
    }
    /// Time since the start, as the limit counts it.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match self.meter {
            Meter::Wall => self.wall(),
            Meter::Cpu => self.cpu(),
        }
    }
    /// Wall time since the start.
    #[must_use]
    pub fn wall(&self) -> Duration {
        self.began.elapsed()
    }
    /// CPU time of the process since the start.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        self.cpu_began.elapsed()
    }
    /// The wall time in which `threads` busy threads use up a span of the limit's time.
    #[must_use]
    pub fn wall_time_of(&self, span: Duration, threads: usize) -> Duration {
        match self.meter {
            Meter::Wall => span,
            Meter::Cpu => span.div_f64(threads.max(1) as f64),
        }
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
        Self::metered(self.left().map(|left| left.mul_f64(share.clamp(0.0, 1.0))), self.meter, self.token.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_time_of_a_span_depends_on_the_threads_only_where_cpu_time_counts() {
        let span = Duration::from_secs(6);
        let wall_time = |meter, threads| Watch::metered(None, meter, StopToken::default()).wall_time_of(span, threads).as_secs();
        assert_eq!([wall_time(Meter::Wall, 3), wall_time(Meter::Cpu, 3), wall_time(Meter::Cpu, 0)], [6, 2, 6]);
    }

    #[test]
    fn a_watch_on_cpu_time_goes_on_with_computing() {
        let watch = Watch::metered(Some(Duration::from_secs(60)), Meter::Cpu, StopToken::default());
        let before = watch.cpu();
        let mut sum = 0u64;
        while watch.cpu() == before {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(watch.elapsed() > before && !watch.is_over());
    }
}
