//! Ctrl-C: the first stops the solve and keeps its best plan, the second ends the process.

use std::process::exit;
use std::thread;

use kendt_solver::stop::StopToken;

use super::say;

/// What shells report for a process ended by Ctrl-C.
pub(super) const INTERRUPTED: i32 = 130;

/// Sets the token on the first Ctrl-C. Without the means to listen, Ctrl-C ends the process as usual.
pub(super) fn stop_on_ctrl_c(token: StopToken) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let listener = move || {
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            say("stopping: the best plan is kept (Ctrl-C again gives it up)");
            token.stop();
            if tokio::signal::ctrl_c().await.is_ok() {
                exit(INTERRUPTED);
            }
        });
    };
    // If there is no thread to spare, Ctrl-C ends the process as usual.
    let _ = thread::Builder::new().name("kendt-signal".to_owned()).spawn(listener);
}
