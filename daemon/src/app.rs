//! The service: state, routes and layers, without a socket.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::response::Response;
use tokio::sync::Semaphore;

use crate::api;
use crate::config::{BODY_LIMIT, Config, cores};
use crate::error::{Code, Problem};
use crate::jobs::{JobStore, Limits};
use crate::metrics::{self, Metrics};
use crate::telemetry;

/// What every handler can reach.
#[derive(Clone, Debug)]
pub struct AppState {
    pub(crate) config: Arc<Config>,
    pub(crate) jobs: JobStore,
    pub(crate) metrics: Metrics,
    /// Reading, checking and writing documents is work for a core: this many at a time.
    desks: Arc<Semaphore>,
}

impl AppState {
    /// Starts the worker threads.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn new(config: Config) -> io::Result<Self> {
        let limits = Limits { workers: config.workers.max(1), max_waiting: config.max_jobs.max(1), keep_finished: config.keep_finished.max(1) };
        Ok(Self { jobs: JobStore::start(limits)?, config: Arc::new(config), desks: Arc::new(Semaphore::new(cores())), metrics: Metrics::new() })
    }

    /// Does short work off the threads that serve sockets.
    pub(crate) async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let desk = Arc::clone(&self.desks).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _desk = desk;
            work()
        });
        done.await.map_err(|error| {
            tracing::error!(panicked = error.is_panic(), "short work broke");
            Problem::new(Code::Internal, "the request broke something; the service's log says where")
        })
    }
}

/// What every answer says to browsers and proxies, unless it says otherwise itself: answers are health data, so nobody on the way may keep them, guess
/// their type, show them in a frame or tell others where they came from; and nothing is loaded from elsewhere.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    // The documentation has styles and a script of its own in its page.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    ),
];

async fn private(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The whole service.
pub fn app(state: AppState) -> Router {
    let metrics = state.metrics.clone();
    api::routes()
        .fallback(async || Problem::new(Code::NotFound, "see /docs for what there is"))
        .method_not_allowed_fallback(async |method: Method| Problem::new(Code::MethodNotAllowed, format!("{method} is not possible here")))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(telemetry::trace_layer())
        .layer(middleware::from_fn(telemetry::request_id))
        .layer(middleware::from_fn_with_state(metrics, metrics::count))
        .layer(middleware::map_response(private))
        .with_state(state)
}
