//! A district and one of its plans, and questions about them: what `answers`, `why`, `what-if` and `triage` have in common.

use clap::{Args, ValueEnum};
use kendt_instances::district::{self, District};
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;
use kendt_solver::stop::StopToken;
use serde::Serialize;

use super::fault::Fault;
use super::files::{STANDARD, read_district, read_text};
use super::{print, print_json, signal};

/// A language of the citizens' pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// Danish.
    Da,
    /// English.
    En,
}

/// The files, and how the answer is given.
#[derive(Debug, Args)]
pub(super) struct Planned {
    /// The district's file; `-` reads stdin, which can be one file only.
    district: String,
    /// The plan's file; `-` reads stdin.
    plan: String,
    /// The language of words; JSON has both where it has any.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Prints one line of JSON instead of words.
    #[arg(long)]
    json: bool,
}

/// What was read. Ctrl-C sets the stop token.
pub(super) struct Read {
    pub(super) district: District,
    pub(super) problem: Problem,
    pub(super) plan: Plan,
    pub(super) stop: StopToken,
}

impl Planned {
    /// Reads district and plan; `other` is a further file that the command reads.
    pub(super) fn read(&self, other: Option<&str>) -> Result<Read, Fault> {
        let files = [Some(self.district.as_str()), Some(self.plan.as_str()), other];
        if files.into_iter().flatten().filter(|path| *path == STANDARD).count() > 1 {
            return Err(Fault::Usage("stdin can be one file only".to_owned()));
        }
        let (district, problem) = read_district(&self.district, "wishes")?;
        let plan = district::read_plan(&problem, &read_text(&self.plan)?).map_err(|error| Fault::content(&self.plan, error))?;
        let stop = StopToken::default();
        signal::stop_on_ctrl_c(stop.clone());
        Ok(Read { district, problem, plan, stop })
    }

    /// Whether words are Danish.
    pub(super) fn is_danish(&self) -> bool {
        self.lang == Language::Da
    }

    /// Prints the answer as one line of JSON or in words, lines ended.
    pub(super) fn show(&self, answer: &impl Serialize, words: impl FnOnce(bool) -> String) -> Result<(), Fault> {
        if self.json { print_json(answer) } else { print(&words(self.is_danish())) }
    }
}
