//! `kendt serve`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::exit;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use super::Ending;
use super::fault::Fault;
use super::signal::INTERRUPTED;
use super::solve::seconds;
use crate::app::AppState;
use crate::config::Config;
use crate::{server, telemetry};

const EXAMPLES: &str = "Examples:
  kendt serve
  kendt serve --listen 0.0.0.0:8080 --plain-http --data districts --workers 4
  KENDT_LOG=debug kendt serve

The service has neither authentication nor TLS of its own: put it behind a proxy that has. Beyond this machine it listens only with --plain-http.
Ctrl-C or SIGTERM stops running jobs, finishes open responses and ends; a second signal ends at once.";

/// Runs the HTTP service; its reference is at /docs.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Listens beyond this machine without TLS: something in front of the service ends TLS and knows who asks.
    #[arg(long)]
    plain_http: bool,
    /// Folder of district files that requests may name.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Jobs that run at once; of two or more, one place is kept for replans [default: the cores, at least 2].
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// Most jobs that wait [default: 64].
    #[arg(long, value_name = "N")]
    max_jobs: Option<NonZeroUsize>,
    /// Longest time that a job may ask for, in seconds [default: 600].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
}

/// Completes on the first signal; a second one does not wait for anything.
async fn asked_to_end() {
    server::interrupted().await;
    tokio::spawn(async {
        server::interrupted().await;
        exit(INTERRUPTED);
    });
}

impl Serve {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        telemetry::init();
        let config = self.config()?;
        let listen = config.listen;
        let fault = |source| Fault::Serve { listen: listen.to_string(), source };
        let runtime = tokio::runtime::Runtime::new().map_err(fault)?;
        let served = runtime.block_on(async {
            let listener = TcpListener::bind(listen).await?;
            tracing::info!(address = %listener.local_addr()?, workers = config.workers, "listening");
            server::run(listener, AppState::new(config)?, asked_to_end()).await
        });
        // Work that did not end within the grace must not hold up the exit.
        runtime.shutdown_background();
        served.map_err(fault)?;
        Ok(Ending::Fine)
    }

    fn config(self) -> Result<Config, Fault> {
        if let Some(data) = &self.data
            && !data.is_dir()
        {
            return Err(Fault::Usage(format!("--data {} is not a folder", data.display())));
        }
        if !self.listen.ip().is_loopback() && !self.plain_http {
            return Err(Fault::Usage(format!(
                "--listen {} is reachable from other machines, and this is health data without TLS: listen on 127.0.0.1, or say --plain-http where a proxy ends TLS",
                self.listen
            )));
        }
        let default = Config::default();
        Ok(Config {
            listen: self.listen,
            data: self.data,
            workers: self.workers.map_or(default.workers, NonZeroUsize::get),
            max_jobs: self.max_jobs.map_or(default.max_jobs, NonZeroUsize::get),
            time_limit: self.time_limit.unwrap_or(default.time_limit),
            ..default
        })
    }
}
