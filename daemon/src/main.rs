//! The `kendt` command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    kendt_daemon::cli::run(kendt_daemon::cli::Cli::parse())
}
