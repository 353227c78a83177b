//! Where a command writes the district that it has made: what `demand` and `package` have in common.

use clap::Args;
use kendt_instances::district::District;
use serde::Serialize;

use super::fault::Fault;
use super::files::{STANDARD, expect_folder, write};
use super::{print, print_json};

/// The file, and how the summary is given.
#[derive(Debug, Args)]
pub(super) struct NextDistrict {
    /// Where to write the district with its visits; `-` writes it to stdout instead of the summary.
    #[arg(long, value_name = "FILE")]
    out: String,
    /// Prints one line of JSON instead of the summary.
    #[arg(long)]
    json: bool,
}

impl NextDistrict {
    /// Fails early where it could not be written.
    pub(super) fn expect(&self) -> Result<(), Fault> {
        if self.out == STANDARD && self.json {
            return Err(Fault::Usage("--json and --out - would both write to stdout".to_owned()));
        }
        expect_folder(&self.out)
    }

    /// Writes the district and prints the summary, as JSON or in words, lines ended.
    pub(super) fn write(&self, district: &District, summary: &impl Serialize, words: impl FnOnce() -> String) -> Result<(), Fault> {
        write(&self.out, &district.to_json())?;
        match (self.json, self.out == STANDARD) {
            (true, _) => print_json(summary),
            (false, false) => print(&words()),
            (false, true) => Ok(()),
        }
    }
}
