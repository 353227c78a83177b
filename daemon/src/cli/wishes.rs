//! `kendt wishes`.

use clap::Args;

use super::fault::Fault;
use super::files::read_district;
use super::{Ending, print, print_json};
use crate::say::History;

const EXAMPLES: &str = "Examples:
  kendt wishes north.json c017 > c017.csv
  kendt wishes north.json c017 --json";

/// Lists what was asked for by or for a citizen, by whom and when, as CSV.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Wishes {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The citizen's id.
    citizen: String,
    /// Prints one line of JSON instead of CSV.
    #[arg(long)]
    json: bool,
}

impl Wishes {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let (district, _) = read_district(&self.district, "wishes")?;
        let history = History::of(&district, &self.citizen).ok_or_else(|| Fault::Usage(format!("there is no citizen `{}`", self.citizen)))?;
        if self.json {
            print_json(&history)?;
        } else {
            print(&history.csv())?;
        }
        Ok(Ending::Fine)
    }
}
