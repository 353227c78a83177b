//! `kendt package`.

use clap::Args;
use kendt_instances::district::{self, PackageOrder, PackageRefusal};
use serde::Serialize;

use super::Ending;
use super::fault::Fault;
use super::files::read_text;
use super::next_district::NextDistrict;

const EXAMPLES: &str = "Examples:
  kendt package north.json infection c017 --from 2026-11-24 --by planner --carers k03,k07 --out north.json

The package's grants end by themselves and await confirmation by whoever decides about grants.";

/// Grants a citizen a package of services: its visits are made at once.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Package {
    /// The district's file; `-` reads stdin.
    district: String,
    /// The package's id.
    package: String,
    /// The citizen's id.
    citizen: String,
    /// Its first date.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: String,
    /// The role of whoever grants it: one that the package names.
    #[arg(long, value_name = "ROLE")]
    by: String,
    /// The only carers who come meanwhile.
    #[arg(long, value_name = "CARER,...", value_delimiter = ',')]
    carers: Vec<String>,
    #[command(flatten)]
    next: NextDistrict,
}

/// The line of JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    grants: &'a [String],
    awaiting_confirmation: bool,
    until: &'a str,
    added: &'a [String],
    changed: &'a [String],
}

impl Package {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        self.next.expect()?;
        let read =
            district::read(read_text(&self.district)?.trim_start_matches('\u{feff}')).map_err(|error| Fault::content(&self.district, error))?;
        let order = PackageOrder {
            package: self.package.clone(),
            citizen: self.citizen.clone(),
            from: self.from.clone(),
            by_role: self.by.clone(),
            carers: self.carers.clone(),
        };
        let applied = read.with_package(&order).map_err(|refusal| self.fault(refusal))?;
        let answer = Answer {
            grants: &applied.grants,
            awaiting_confirmation: true,
            until: &applied.until,
            added: &applied.demand.added,
            changed: &applied.demand.changed,
        };
        self.next.write(&applied.demand.district, &answer, || {
            format!("{} visits added until {}; awaiting confirmation: {}\n", answer.added.len(), answer.until, applied.grants.join(", "))
        })?;
        Ok(Ending::Fine)
    }

    fn fault(&self, refusal: PackageRefusal) -> Fault {
        match refusal {
            PackageRefusal::Faults(error) => Fault::content(&self.district, error),
            PackageRefusal::NoPackage => Fault::Usage(format!("there is no package `{}`", self.package)),
            PackageRefusal::NoCitizen => Fault::Usage(format!("there is no citizen `{}`", self.citizen)),
            PackageRefusal::AlreadyApplied => Fault::Usage(format!("`{}` runs already for `{}` from {}", self.package, self.citizen, self.from)),
            PackageRefusal::NotByRole { granted_by } => {
                Fault::Usage(format!("`{}` may not grant `{}`; {} may", self.by, self.package, granted_by.join(", ")))
            }
        }
    }
}
