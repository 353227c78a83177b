//! Logs. This is health data: method, route, status and times are logged; bodies, names, and ids of citizens or visits never are.

use std::io::{IsTerminal, stderr};
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span};
use tracing_subscriber::EnvFilter;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs to stderr at the level of the environment variable `KENDT_LOG` (default `info`).
pub(crate) fn init() {
    let filter = EnvFilter::try_from_env("KENDT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second initialisation keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(stderr().is_terminal()).with_writer(stderr).try_init();
    // The default hook prints the panic's message, which may carry labels of visits.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// A request's number, from 1 since the service started.
#[derive(Clone, Copy, Debug)]
struct RequestId(u64);

/// Numbers the request and tells the client the number.
pub(crate) async fn request_id(mut request: Request, next: Next) -> Response {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, HeaderValue::from(id));
    response
}

type Traced = TraceLayer<SharedClassifier<ServerErrorsAsFailures>, fn(&Request<Body>) -> Span>;

/// One line per answer.
pub(crate) fn trace_layer() -> Traced {
    TraceLayer::new_for_http().make_span_with(span as fn(&Request<Body>) -> Span).on_response(DefaultOnResponse::new().level(Level::INFO))
}

/// The route's pattern stands in for the path, which holds whatever the client wrote.
fn span(request: &Request<Body>) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str);
    let id = request.extensions().get::<RequestId>().map_or(0, |id| id.0);
    tracing::info_span!("request", request.id = id, method = %request.method(), route)
}
