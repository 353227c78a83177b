//! `kendt evaluate`.

mod csv;
mod tables;

use clap::Args;
use kendt_instances::district;

use super::fault::Fault;
use super::files::{STANDARD, read_district, read_text};
use super::{Ending, print, print_json, say};
use crate::judged::Judged;
use crate::wire::Evaluation;

const EXAMPLES: &str = "Examples:
  kendt evaluate north.json plan.json
  kendt evaluate north.json delivered.json --csv > delivered.csv
  kendt solve north.json --out - --quiet | kendt evaluate north.json - --json

PLAN has the shape that `kendt solve` writes (kendt-plan/1), whoever made it: a plan, a planner's own day, what was delivered.
The exit code is 0 for a plan that breaks rules, too: it is measured all the same, and stderr says so.";

/// Measures a plan: how few carers come to each citizen, how many of them are known, and how well agreed times are kept.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Evaluate {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The plan's file; `-` reads stdin.
    plan: String,
    /// Prints one line of JSON: the answer of POST /v1/evaluations, with every citizen.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Prints comma-separated values: one row for the district, each team, each layer of the day and each citizen.
    #[arg(long)]
    csv: bool,
}

impl Evaluate {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        if self.district == STANDARD && self.plan == STANDARD {
            return Err(Fault::Usage("stdin can be the district or the plan, not both".to_owned()));
        }
        let (district, problem) = read_district(&self.district, "what is measured")?;
        let plan = district::read_plan(&problem, &read_text(&self.plan)?).map_err(|error| Fault::content(&self.plan, error))?;
        let evaluation = Evaluation::new(&district, &problem, &Judged::new(&problem, plan));
        if !evaluation.feasible {
            let n = evaluation.broken_rules;
            let rules = if n == 1 { "a rule" } else { "rules" };
            say(&format!("the plan breaks {rules} ({n} times; kendt check lists them) and is measured all the same"));
        }
        if self.json {
            print_json(&evaluation)?;
        } else if self.csv {
            print(&csv::render(&evaluation))?;
        } else {
            print(&tables::render(&evaluation))?;
        }
        Ok(Ending::Fine)
    }
}
