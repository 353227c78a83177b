//! `kendt what-if`.

use clap::Args;

use super::Ending;
use super::fault::Fault;
use super::files::read_text;
use super::planned::{Planned, Read};
use crate::say::{Ask, MOST_WAYS, Unasked, WhatIf as Found, what_if};

const EXAMPLES: &str = "Examples:
  kendt what-if north.json plan.json time.json
  echo '{\"type\": \"time\", \"visit\": \"v17\", \"from\": \"09:00\", \"until\": \"10:00\"}' | kendt what-if north.json plan.json -

Types of what is asked about: time (visit, day, from, until), carer (visit, carer), swap (swap), visit (visit, a new one), grant (grant, a new one).";

/// Finds the best few ways to have something - another time, another carer, a swap, one visit more, something granted - and what each costs. The plan is
/// not changed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct WhatIf {
    #[command(flatten)]
    planned: Planned,
    /// A file with what is asked about, as JSON; `-` reads stdin.
    what: String,
    /// Most ways; each further one is by somebody else.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=MOST_WAYS as i64))]
    ways: u8,
}

impl WhatIf {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let Read { district, problem, plan, stop } = self.planned.read(Some(&self.what))?;
        let ask: Ask = serde_json::from_str(&read_text(&self.what)?).map_err(|error| Fault::Usage(format!("{}: {error}", self.what)))?;
        let found = what_if(&district, &problem, &plan, &ask, self.ways.into(), self.planned.seed, &stop).map_err(|unasked| match unasked {
            Unasked::Faults(error) => Fault::content(&self.what, error),
            Unasked::Unknown(kind, id) => Fault::Usage(format!("{}: there is no {kind} `{id}`", self.what)),
            Unasked::Refused(reason) => Fault::Usage(if self.planned.is_danish() { reason.da } else { reason.en }),
        })?;
        self.planned.show(&found, |is_danish| text(&found, is_danish))?;
        Ok(Ending::Fine)
    }
}

/// The ways, lines ended.
fn text(found: &Found, is_danish: bool) -> String {
    let mut text = String::new();
    for (nth, way) in found.ways.iter().enumerate() {
        let day = if is_danish { "dag" } else { "day" };
        let visits: Vec<String> = way.visits.iter().map(|at| format!("{day} {} {} {}", at.day, at.start, at.carer)).collect();
        text += &format!("{}. {}: {}\n", nth + 1, visits.join(", "), way.price.text(is_danish));
    }
    if let Some(reason) = &found.reason {
        text += &format!("{}\n", if is_danish { &reason.da } else { &reason.en });
    }
    text
}
