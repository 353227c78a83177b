//! `kendt demand`.

use clap::Args;
use kendt_instances::district::{self, Demand as Made};
use serde::Serialize;

use super::Ending;
use super::fault::Fault;
use super::files::read_text;
use super::next_district::NextDistrict;

const EXAMPLES: &str = "Examples:
  kendt demand north.json --out north.json     makes the visits anew after grants have changed
  kendt demand north.json --out - | kendt solve - --out plan.json

Visits that were written down stay as they are. Of visits that are made anew, pins, agreed and preferred times and lists of carers stay.";

/// Makes the visits of a district from its grants.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Demand {
    /// The district's file; `-` reads stdin.
    district: String,
    #[command(flatten)]
    next: NextDistrict,
}

/// The line of JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    visits: usize,
    added: &'a [String],
    changed: &'a [String],
    removed: &'a [String],
}

impl Demand {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        self.next.expect()?;
        let refuse = |error| Fault::content(&self.district, error);
        let Made { district, added, changed, removed } =
            district::read(read_text(&self.district)?.trim_start_matches('\u{feff}')).map_err(refuse)?.with_demand().map_err(refuse)?;
        // What is written can be planned.
        let _ = district.problem().map_err(refuse)?;
        let answer = Answer { visits: district.visits.len(), added: &added, changed: &changed, removed: &removed };
        self.next.write(&district, &answer, || answer.text())?;
        Ok(Ending::Fine)
    }
}

impl Answer<'_> {
    fn text(&self) -> String {
        let mut text =
            format!("{} visits: {} added, {} changed, {} removed\n", self.visits, self.added.len(), self.changed.len(), self.removed.len());
        for (what, ids) in [("added", self.added), ("changed", self.changed), ("removed", self.removed)] {
            for id in ids {
                text += &format!("  {what} {id}\n");
            }
        }
        text
    }
}
