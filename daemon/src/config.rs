//! The service's settings and limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

/// Largest request body in bytes; also the largest district file read from the data folder.
pub const BODY_LIMIT: usize = 64 << 20;

/// How long a shutdown waits for running solves and open responses.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// How long a client is asked to wait when the queue is full.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What `kendt serve` can be told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder of district files that requests may name; `None` refuses such requests.
    pub data: Option<PathBuf>,
    /// Worker threads, from 1. Of two or more, one is kept for replans.
    pub workers: usize,
    /// Most jobs that wait, from 1; running ones do not count.
    pub max_jobs: usize,
    /// Longest time that a job may ask for.
    pub time_limit: Duration,
    /// Finished jobs that are kept, from 1; the oldest go first.
    pub keep_finished: usize,
    /// Most search threads of one job, from 1.
    pub max_threads: usize,
}

impl Default for Config {
    fn default() -> Self {
        let cores = cores();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: None,
            workers: cores.max(2),
            max_jobs: 64,
            time_limit: Duration::from_secs(600),
            keep_finished: 50,
            max_threads: cores,
        }
    }
}

/// Cores this process may use, at least 1.
#[must_use]
pub fn cores() -> usize {
    available_parallelism().map_or(1, std::num::NonZero::get)
}
