//! `kendt answers`.

use clap::Args;

use super::Ending;
use super::fault::Fault;
use super::planned::{Planned, Read};
use crate::judged::Judged;
use crate::say::{Answers as Told, answers};

const EXAMPLES: &str = "Examples:
  kendt answers north.json plan.json
  kendt answers north.json plan.json --lang da
  kendt answers north.json plan.json --json

A swap that is not given is forced, and the day planned again near the plan: what that costs is its price.";

/// Says of every wish whether a plan fulfils it, and if not why, what it would cost, and what would work; and why visits are left out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Answers {
    #[command(flatten)]
    planned: Planned,
}

impl Answers {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let Read { district, problem, plan, stop } = self.planned.read(None)?;
        let judged = Judged::new(&problem, plan);
        let told = answers(&district, &problem, &judged, self.planned.seed, &stop);
        self.planned.show(&told, |is_danish| told.text(is_danish))?;
        Ok(if judged.is_feasible() { Ending::Fine } else { Ending::Violations })
    }
}

impl Told {
    /// The list, lines ended.
    fn text(&self, is_danish: bool) -> String {
        let mut text = String::new();
        for answer in &self.swaps {
            text += &answer.text(is_danish);
        }
        for answer in &self.wishes {
            text += &answer.text(is_danish);
        }
        for left_out in &self.left_out {
            text += &left_out.text(is_danish);
        }
        for frame in self.frames.iter().filter(|frame| frame.exceeded) {
            text += &if is_danish {
                format!(
                    "bevilling {}, ugen fra {}: {:.0} minutter er planlagt, {:.0} bevilget\n",
                    frame.grant, frame.monday, frame.planned, frame.granted
                )
            } else {
                format!("grant {}, week from {}: {:.0} minutes are planned, {:.0} granted\n", frame.grant, frame.monday, frame.planned, frame.granted)
            };
        }
        for one in &self.reassess {
            text += &if is_danish {
                format!("borger {} har byttet {} gange: behovet skal vurderes på ny\n", one.citizen, one.swaps.len())
            } else {
                format!("citizen {} has swapped {} times: the need is to be assessed anew\n", one.citizen, one.swaps.len())
            };
        }
        text += &if is_danish {
            format!("{} af {} bytter er planlagt, {} holder sig ikke inden for reglerne\n", self.given, self.planned, self.swaps.len() - self.planned)
        } else {
            format!("{} of {} swaps are given, {} are against a rule\n", self.given, self.planned, self.swaps.len() - self.planned)
        };
        text
    }
}
