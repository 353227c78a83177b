//! `kendt what-if`.

use clap::Args;
use kendt_solver::stop::StopToken;

use super::answers::Language;
use super::fault::Fault;
use super::files::{STANDARD, read_district, read_text};
use super::{Ending, print, print_json, signal};
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
    /// The district's file.
    district: String,
    /// The plan's file.
    plan: String,
    /// A file with what is asked about, as JSON; `-` reads stdin.
    what: String,
    /// Most ways; each further one is by somebody else.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=MOST_WAYS as i64))]
    ways: u8,
    /// The language; JSON has both.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Prints one line of JSON instead of the list.
    #[arg(long)]
    json: bool,
}

impl WhatIf {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        if [&self.district, &self.plan, &self.what].into_iter().filter(|path| *path == STANDARD).count() > 1 {
            return Err(Fault::Usage("stdin can be one file only".to_owned()));
        }
        let (district, problem) = read_district(&self.district, "wishes")?;
        let plan = kendt_instances::district::read_plan(&problem, &read_text(&self.plan)?).map_err(|error| Fault::content(&self.plan, error))?;
        let ask: Ask = serde_json::from_str(&read_text(&self.what)?).map_err(|error| Fault::Usage(format!("{}: {error}", self.what)))?;
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        let found = what_if(&district, &problem, &plan, &ask, self.ways.into(), self.seed, &stop).map_err(|unasked| match unasked {
            Unasked::Faults(error) => Fault::content(&self.what, error),
            Unasked::Unknown(kind, id) => Fault::Usage(format!("{}: there is no {kind} `{id}`", self.what)),
            Unasked::Refused(reason) => Fault::Usage(if self.lang == Language::Da { reason.da } else { reason.en }),
        })?;
        if self.json {
            print_json(&found)?;
        } else {
            print(&text(&found, self.lang == Language::Da))?;
        }
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
