//! The command line, one file per command.

mod answers;
mod bench;
mod check;
mod demand;
mod evaluate;
mod fault;
mod files;
mod frontier;
mod generate;
mod next_district;
mod options;
mod package;
mod planned;
mod progress;
mod replan;
mod serve;
mod signal;
mod solve;
mod table;
mod team;
mod teams;
mod triage;
mod what_if;
mod why;
mod wishes;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kendt_instances::Format;

use crate::config::cores;
use fault::Fault;

const EXIT_CODES: &str = "Exit codes:
  0  done; the plan is feasible
  1  the plan breaks rules, which are listed
  2  something could not be read or written, or the command was wrong";

/// Plans home care: who visits whom, when.
#[derive(Debug, Parser)]
#[command(name = "kendt", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plans an instance and says how good the plan is.
    Solve(solve::Solve),
    /// Changes a published plan after events, as little as they allow.
    Replan(replan::Replan),
    /// Judges a plan: its cost by term and every rule it breaks.
    Check(check::Check),
    /// Measures a plan: how few and how well known the carers of each citizen are, and how well times are kept.
    Evaluate(evaluate::Evaluate),
    /// Shows what fewer faces cost in travel: the curve from least travel to fewest faces.
    Frontier(frontier::Frontier),
    /// Says of every wish whether a plan fulfils it, and why not, and why visits are left out.
    Answers(answers::Answers),
    /// Finds the best few ways to have something that is not in the plan, and what each costs.
    WhatIf(what_if::WhatIf),
    /// Says why a visit is planned as it is, and what the next best would cost.
    Why(why::Why),
    /// Grants a citizen a package of services.
    Package(package::Package),
    /// The sheet for the board meeting.
    Triage(triage::Triage),
    /// Lists what was asked for by or for a citizen, by whom and when.
    Wishes(wishes::Wishes),
    /// Shows what a citizen may swap for what.
    Options(options::Options),
    /// Makes the visits of a district from its grants.
    Demand(demand::Demand),
    /// Chooses the few carers of every citizen over days or weeks.
    Team(team::Team),
    /// Proposes teams from nothing: which citizens and carers belong together.
    Teams(teams::Teams),
    /// Solves whole sets of instances and sums up how good and how fast that was.
    Bench(bench::Bench),
    /// Makes up a district.
    Generate(generate::Generate),
    /// Runs the HTTP service.
    Serve(serve::Serve),
}

/// The instance and its format.
#[derive(Debug, Args)]
struct Input {
    /// The instance's file; `-` reads stdin.
    #[arg(value_name = "INSTANCE")]
    path: String,
    /// The instance's format.
    #[arg(long, value_enum, default_value_t = FormatName::Auto)]
    format: FormatName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Found out from the text.
    Auto,
    /// Home health care routing and scheduling, JSON.
    Hhcrsp,
    /// Unified home health care, JSON.
    Uhhc,
    /// Vehicle routing with time windows, Solomon's text.
    Vrptw,
    /// Consistent vehicle routing with a heterogeneous fleet, text.
    Hconvrp,
    /// Home-care days that several solvers are compared on, JSON.
    Peerday,
    /// Kendt's own district JSON.
    District,
}

impl FormatName {
    fn format(self) -> Option<Format> {
        match self {
            FormatName::Auto => None,
            FormatName::Hhcrsp => Some(Format::Hhcrsp),
            FormatName::Uhhc => Some(Format::Uhhc),
            FormatName::Vrptw => Some(Format::Vrptw),
            FormatName::Hconvrp => Some(Format::Hconvrp),
            FormatName::Peerday => Some(Format::Peerday),
            FormatName::District => Some(Format::District),
        }
    }
}

/// How a command ended, where nothing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Fine,
    Violations,
}

/// So many threads, all cores where nobody says.
fn threads(n: Option<NonZeroUsize>) -> Result<rayon::ThreadPool, Fault> {
    let n = n.map_or_else(cores, NonZeroUsize::get);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(n).build();
    threads.map_err(|error| Fault::Usage(format!("cannot start {n} threads: {error}")))
}

/// Runs the command and returns the process's exit code.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Solve(command) => command.run(),
        Command::Replan(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Evaluate(command) => command.run(),
        Command::Frontier(command) => command.run(),
        Command::Answers(command) => command.run(),
        Command::WhatIf(command) => command.run(),
        Command::Why(command) => command.run(),
        Command::Package(command) => command.run(),
        Command::Triage(command) => command.run(),
        Command::Wishes(command) => command.run(),
        Command::Options(command) => command.run(),
        Command::Demand(command) => command.run(),
        Command::Team(command) => command.run(),
        Command::Teams(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Generate(command) => command.run(),
        Command::Serve(command) => command.run(),
    };
    match result {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Violations) => ExitCode::from(1),
        Err(fault) => {
            say(&format!("kendt: {fault}"));
            ExitCode::from(2)
        }
    }
}

/// Prints to stdout. A reader who has left is no fault.
fn print(text: &str) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Fault::write("stdout", error)),
        _ => Ok(()),
    }
}

/// Prints a line to stderr, if anyone listens.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// One line of JSON on stdout.
fn print_json(value: &impl serde::Serialize) -> Result<(), Fault> {
    let mut line = serde_json::to_string(value).map_err(|error| Fault::write("stdout", error.into()))?;
    line.push('\n');
    print(&line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
