//! `kendt options`.

use clap::Args;

use super::fault::Fault;
use super::files::read_district;
use super::planned::Language;
use super::{Ending, print, print_json};
use crate::say::OptionsView;

const EXAMPLES: &str = "Examples:
  kendt options north.json c017 --lang da
  kendt options north.json c017 --json";

/// Shows what a citizen may swap for what, and what is left of the granted time.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The citizen's id.
    citizen: String,
    /// The language; JSON has both.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Prints one line of JSON instead of the page.
    #[arg(long)]
    json: bool,
}

impl Options {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let (district, _) = read_district(&self.district, "grants")?;
        let view = OptionsView::of(&district, &self.citizen).ok_or_else(|| Fault::Usage(format!("there is no citizen `{}`", self.citizen)))?;
        if self.json {
            print_json(&view)?;
        } else {
            print(&view.text(self.lang == Language::Da))?;
        }
        Ok(Ending::Fine)
    }
}
