//! `kendt why`.

use clap::Args;

use super::Ending;
use super::fault::Fault;
use super::planned::{Planned, Read};
use crate::say::why;

const EXAMPLES: &str = "Examples:
  kendt why north.json plan.json v17
  kendt why north.json plan.json v17 --lang da";

/// Says why a visit is planned with this carer and at this time, and what the next best would cost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Why {
    #[command(flatten)]
    planned: Planned,
    /// The visit's id; of a visit by two carers `id#1` or `id#2`.
    visit: String,
}

impl Why {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let Read { district, problem, plan, stop } = self.planned.read(None)?;
        let answer = why(&district, &problem, &plan, &self.visit, self.planned.seed, &stop);
        let answer = answer.ok_or_else(|| Fault::Usage(format!("there is no visit `{}`", self.visit)))?;
        self.planned.show(&answer, |is_danish| answer.text(is_danish))?;
        Ok(Ending::Fine)
    }
}
