//! `kendt triage`.

use clap::Args;
use kendt_solver::stop::StopToken;

use super::answers::Language;
use super::fault::Fault;
use super::files::{STANDARD, read_district, read_text};
use super::{Ending, print, print_json, signal};
use crate::say::triage_sheet;

const EXAMPLES: &str = "Examples:
  kendt triage north.json plan.json --lang da
  kendt triage north.json plan.json --json";

/// The sheet for the board meeting: red and yellow citizens and those who keep swapping, what they are given, and what an extra visit would cost.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Triage {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The plan's file; `-` reads stdin.
    plan: String,
    /// The language of the sheet; JSON has none.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Prints one line of JSON instead of the sheet.
    #[arg(long)]
    json: bool,
}

impl Triage {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        if self.district == STANDARD && self.plan == STANDARD {
            return Err(Fault::Usage("stdin can be the district or the plan, not both".to_owned()));
        }
        let (district, problem) = read_district(&self.district, "triage")?;
        let plan = kendt_instances::district::read_plan(&problem, &read_text(&self.plan)?).map_err(|error| Fault::content(&self.plan, error))?;
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let sheet = triage_sheet(&district, &problem, &plan, self.seed, &stop);
        if self.json {
            print_json(&sheet)?;
        } else {
            print(&sheet.text(self.lang == Language::Da))?;
        }
        Ok(Ending::Fine)
    }
}
