//! Invents districts like those of Danish municipalities: a pure function of its options.
//!
//! Villages and a town; a peak of personal care in the morning, less at lunch and in the afternoon, a second peak in the evening;
//! cleaning every 14 days (in a horizon of several days up to two working days sooner or later), home nursing for some, visits by two carers,
//! and optional weekly hours; in a horizon of several days also how old the citizens are and who came in the four weeks before. Staff is sized to the demand: teams of
//! 8 to 12 with day and evening shifts that the required visits fill to about
//! four fifths, travel included. The sizes are plausible, not measured.

mod ages;
mod land;
mod needs;
mod past;
mod roster;
#[cfg(test)]
mod tests;
mod wishes;

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::district::{District, FORMAT, Objective, Policy, Travel};

/// The kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Villages far apart, everybody drives; one visit in thirty by two carers.
    Rural,
    /// One dense town, most carers cycle; one visit in eight by two carers.
    Town,
    /// A town with villages around it; one visit in sixteen by two carers.
    Mixed,
}

/// Most citizens of a generated district: about 10,000 visits a day.
pub const MOST_CITIZENS: usize = 5000;

/// What to invent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The kind of place.
    pub preset: Preset,
    /// Number of citizens, 1 to [`MOST_CITIZENS`]; others are moved into that range. There are about 2 visits a day for each, those by two carers counted twice.
    pub citizens: usize,
    /// Number of days, 1 to 28; others are moved into that range. Day 1 is a Monday.
    pub days: i64,
    /// Equal options with equal seeds give equal districts.
    pub seed: u64,
    /// Per cent of the citizens who ask for other help at one of their visits, 0 to 100; above 0 there are a catalogue and grants.
    pub asking: u32,
}

impl Default for Options {
    /// A mixed district of one day with about 400 visits and 50 carers.
    fn default() -> Self {
        Self { preset: Preset::Mixed, citizens: 210, days: 1, seed: 1, asking: 0 }
    }
}

/// The district of these options.
#[must_use]
pub fn generate(options: &Options) -> District {
    let options = Options { citizens: options.citizens.clamp(1, MOST_CITIZENS), days: options.days.clamp(1, 28), ..*options };
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let land = land::settle(&options, rng);
    let needs = needs::needs(&options, rng);
    let n_teams = roster::n_teams(&options, &needs.visits);
    let homes = land.teams(n_teams);
    let staff = roster::staff(&options, &homes, &needs.visits);
    let mut citizens = land.citizens(&homes);
    needs::acquaint(&mut citizens, &staff.carers, rng);
    if options.days > 1 {
        // One day says nothing about who comes again.
        past::remember(&mut citizens, &staff.carers, &needs.visits, rng);
        ages::grow_old(&mut citizens, options.seed);
    }
    let mut district = District {
        format: FORMAT.into(),
        name: format!("{} {} {}", options.preset.name(), options.citizens, options.seed),
        date: Some("2026-11-23".into()),
        days: options.days,
        travel: Travel::default(),
        bases: homes.bases,
        teams: staff.teams,
        carers: staff.carers,
        citizens,
        visits: needs.visits,
        links: needs.links,
        services: Vec::new(),
        grants: Vec::new(),
        packages: Vec::new(),
        precautions: Vec::new(),
        swaps: Vec::new(),
        wishes: Vec::new(),
        policy: Policy::default(),
        objective: Objective::default(),
    };
    if options.asking > 0 {
        wishes::ask(&mut district, options.asking, options.seed);
    }
    district
}

impl Preset {
    /// The name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Preset::Rural => "rural",
            Preset::Town => "town",
            Preset::Mixed => "mixed",
        }
    }

    /// Share in per cent of personal visits that take two carers.
    fn by_two(self) -> u32 {
        match self {
            Preset::Rural => 3,
            Preset::Town => 12,
            Preset::Mixed => 6,
        }
    }

    /// Minutes that a visit's travel is expected to take.
    fn travel_minutes(self) -> f64 {
        match self {
            Preset::Rural => 9.0,
            Preset::Town => 5.5,
            Preset::Mixed => 7.5,
        }
    }
}

/// The id of the citizen of an index.
fn citizen_id(index: usize) -> String {
    format!("c{:03}", index + 1)
}
