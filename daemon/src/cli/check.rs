//! `kendt check`.

use clap::Args;

use super::fault::Fault;
use super::{Ending, Input, print, print_json, table};
use crate::judged::Judged;
use crate::wire::Judgement;

const EXAMPLES: &str = "Examples:
  kendt check north.json plan.json
  kendt check R101.txt R101.sol --format vrptw --json
  kendt solve north.json --out - --quiet | kendt check north.json -";

/// Judges a plan with a checker that shares no arithmetic with the solver.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    #[command(flatten)]
    input: Input,
    /// The plan's file, in the shape that belongs to the instance's format; `-` reads stdin.
    plan: String,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let instance = self.input.read()?;
        let plan = self.input.read_plan(&instance, &self.plan)?;
        let judged = Judged::new(&instance.problem, plan);
        if self.json {
            print_json(&Judgement::new(&instance.problem, &judged))?;
        } else {
            print(&table::render(&instance, &judged))?;
        }
        Ok(if judged.is_feasible() { Ending::Fine } else { Ending::Violations })
    }
}
