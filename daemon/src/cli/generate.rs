//! `kendt generate`.

use clap::{Args, ValueEnum, value_parser};
use kendt_instances::generate::{Options, Preset, generate};

use super::Ending;
use super::fault::Fault;
use super::files::write;

const EXAMPLES: &str = "Examples:
  kendt generate --citizens 80 --out town.json
  kendt generate --citizens 300 --days 7 --preset rural --seed 3 --out week.json
  kendt generate --citizens 20 --out - | kendt solve -";

/// Makes up a district: citizens, visits, carers and shifts as they might be. The same options give the same district.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Generate {
    /// Number of citizens, 1 to 5000; each has about two visits a day.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=5000))]
    citizens: u16,
    /// Number of days, 1 to 28.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(i64).range(1..=28))]
    days: i64,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// What the district looks like.
    #[arg(long, value_enum, default_value_t = PresetName::Mixed)]
    preset: PresetName,
    /// Per cent of the citizens who ask for other help at one of their visits, 0 to 100; above 0 the district has a catalogue and grants.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = value_parser!(u32).range(0..=100))]
    asking: u32,
    /// Where to write the district; `-` is stdout.
    #[arg(long, value_name = "FILE")]
    out: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PresetName {
    /// Far between homes, by car.
    Rural,
    /// Close together, by bicycle.
    Town,
    /// A town with its surroundings.
    Mixed,
}

impl PresetName {
    fn preset(self) -> Preset {
        match self {
            PresetName::Rural => Preset::Rural,
            PresetName::Town => Preset::Town,
            PresetName::Mixed => Preset::Mixed,
        }
    }
}

impl Generate {
    pub(super) fn run(self) -> Result<Ending, Fault> {
        let options = Options { citizens: self.citizens.into(), days: self.days, seed: self.seed, preset: self.preset.preset(), asking: self.asking };
        let district = generate(&options);
        // Many citizens over many days can outgrow what a district may hold: better said here than when it is planned.
        let _ = district.problem().map_err(|faults| Fault::content(&self.out, faults))?;
        write(&self.out, &district.to_json())?;
        Ok(Ending::Fine)
    }
}
