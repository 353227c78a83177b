//! `kendt why`.

use clap::Args;
use kendt_solver::stop::StopToken;

use super::answers::Language;
use super::fault::Fault;
use super::files::{STANDARD, read_district, read_text};
use super::{Ending, print, print_json, signal};
use crate::say::why;

const EXAMPLES: &str = "Examples:
  kendt why north.json plan.json v17
  kendt why north.json plan.json v17 --lang da";

/// Says why a visit is planned with this carer and at this time, and what the next best would cost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Why {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The plan's file; `-` reads stdin.
    plan: String,
    /// The visit's id; of a visit by two carers `id#1` or `id#2`.
    visit: String,
    /// The language; JSON has both.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Prints one line of JSON instead of the words.
    #[arg(long)]
    json: bool,
}

impl Why {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        if self.district == STANDARD && self.plan == STANDARD {
            return Err(Fault::Usage("stdin can be the district or the plan, not both".to_owned()));
        }
        let (district, problem) = read_district(&self.district, "wishes")?;
        let plan = kendt_instances::district::read_plan(&problem, &read_text(&self.plan)?).map_err(|error| Fault::content(&self.plan, error))?;
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let answer = why(&district, &problem, &plan, &self.visit, self.seed, &stop);
        let answer = answer.ok_or_else(|| Fault::Usage(format!("there is no visit `{}`", self.visit)))?;
        if self.json {
            print_json(&answer)?;
        } else {
            print(&answer.text(self.lang == Language::Da))?;
        }
        Ok(Ending::Fine)
    }
}
