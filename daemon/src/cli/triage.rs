//! `kendt triage`.

use clap::Args;

use super::Ending;
use super::fault::Fault;
use super::planned::{Planned, Read};
use crate::say::triage_sheet;

const EXAMPLES: &str = "Examples:
  kendt triage north.json plan.json --lang da
  kendt triage north.json plan.json --json";

/// The sheet for the board meeting: red and yellow citizens and those who keep swapping, what they are given, and what an extra visit would cost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Triage {
    #[command(flatten)]
    planned: Planned,
}

impl Triage {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let Read { district, problem, plan, stop } = self.planned.read(None)?;
        let sheet = triage_sheet(&district, &problem, &plan, self.planned.seed, &stop);
        self.planned.show(&sheet, |is_danish| sheet.text(is_danish))?;
        Ok(Ending::Fine)
    }
}
