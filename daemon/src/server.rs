//! The service on a socket.

use std::future::{Future, IntoFuture};
use std::io;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::app::{AppState, app};
use crate::config::SHUTDOWN_GRACE;

/// Serves until `shutdown` completes, then takes no more jobs, stops the running ones, finishes open responses and returns. Neither a
/// slow client nor a slow solve holds it up for more than [`SHUTDOWN_GRACE`].
///
/// # Errors
/// When the listener breaks.
pub async fn run(listener: TcpListener, state: AppState, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let jobs = state.jobs.clone();
    let (going, went) = oneshot::channel();
    let signal = {
        let jobs = jobs.clone();
        async move {
            shutdown.await;
            tracing::info!("shutting down: no new jobs, running ones are stopped");
            jobs.close();
            // The other end is gone only when the server has ended already.
            let _ = going.send(());
        }
    };
    let serving = axum::serve(listener, app(state)).with_graceful_shutdown(signal).into_future();
    let grace = async {
        if went.await.is_ok() {
            tokio::time::sleep(SHUTDOWN_GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = serving => result?,
        () = grace => tracing::warn!("some responses were still open"),
    }
    if timeout(SHUTDOWN_GRACE, jobs.closed()).await.is_err() {
        tracing::warn!("some solves did not stop in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Completes on Ctrl-C or, on Unix, SIGTERM.
pub async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = ctrl_c => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending::<()>().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}
