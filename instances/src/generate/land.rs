//! Where people live, and the areas of the teams.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Options, Preset, citizen_id};
use crate::district::{Base, Citizen, Number};

/// Hundredths of a kilometre: whole numbers keep the generator equal on every machine.
type Hundredths = i32;

/// Homes by citizen.
pub(super) struct Land {
    homes: Vec<(Hundredths, Hundredths)>,
}

/// The areas of the teams.
pub(super) struct Areas {
    /// One base for each team.
    pub(super) bases: Vec<Base>,
    /// The team of each citizen, by index.
    pub(super) team_of: Vec<usize>,
    /// Whether the team's area is small enough to cycle.
    pub(super) cycles: Vec<bool>,
}

/// Share of citizens in town in per cent, villages, half the width of the land, half the width of the town.
fn shape(preset: Preset) -> (u32, usize, Hundredths, Hundredths) {
    match preset {
        Preset::Rural => (25, 7, 900, 90),
        Preset::Town => (100, 0, 300, 250),
        Preset::Mixed => (60, 5, 650, 150),
    }
}

/// Settles the citizens in a town at the origin and in villages around it.
pub(super) fn settle(options: &Options, rng: &mut Xoshiro256PlusPlus) -> Land {
    let (in_town, n_villages, width, town) = shape(options.preset);
    let villages: Vec<_> = (0..n_villages).map(|_| (rng.random_range(-width..=width), rng.random_range(-width..=width))).collect();
    let homes = (0..options.citizens).map(|_| {
        if villages.is_empty() || rng.random_range(0..100) < in_town {
            return near((0, 0), town, rng);
        }
        let village = villages.get(rng.random_range(0..villages.len())).copied().unwrap_or_default();
        near(village, 60, rng)
    });
    Land { homes: homes.collect() }
}

/// A point near a centre: the mean of two draws, so that the middle is denser. Steps of 50 metres.
fn near(centre: (Hundredths, Hundredths), spread: Hundredths, rng: &mut Xoshiro256PlusPlus) -> (Hundredths, Hundredths) {
    let mut offset = || (rng.random_range(-spread..=spread) + rng.random_range(-spread..=spread)) / 2;
    let (dx, dy) = (offset(), offset());
    ((centre.0 + dx) / 5 * 5, (centre.1 + dy) / 5 * 5)
}

impl Land {
    /// Cuts the land into areas of equally many citizens, strip by strip and west to east within a strip.
    pub(super) fn teams(&self, n_teams: usize) -> Areas {
        let n_strips = (1..=n_teams).rev().find(|strips| strips * strips <= n_teams).unwrap_or(1);
        let mut order: Vec<usize> = (0..self.homes.len()).collect();
        order.sort_by_key(|&citizen| (self.homes[citizen].1, self.homes[citizen].0, citizen));
        let mut team_of = vec![0; self.homes.len()];
        let mut next_team = 0;
        let (mut rest, mut teams_left) = (order.as_slice(), n_teams);
        for strip in 0..n_strips {
            let teams = teams_left / (n_strips - strip);
            let (this, others) = rest.split_at((rest.len() * teams).checked_div(teams_left).unwrap_or(0));
            let mut this = this.to_vec();
            this.sort_by_key(|&citizen| (self.homes[citizen].0, citizen));
            for (position, &citizen) in this.iter().enumerate() {
                team_of[citizen] = next_team + position * teams / this.len();
            }
            next_team += teams;
            (rest, teams_left) = (others, teams_left - teams);
        }
        self.areas(n_teams, team_of)
    }

    fn areas(&self, n_teams: usize, team_of: Vec<usize>) -> Areas {
        let mut areas = Areas { bases: Vec::new(), team_of, cycles: Vec::new() };
        for team in 0..n_teams {
            let homes: Vec<_> = self.homes.iter().zip(&areas.team_of).filter(|(_, of)| **of == team).map(|(home, _)| *home).collect();
            let middle = |mut values: Vec<Hundredths>| {
                values.sort_unstable();
                values.get(values.len() / 2).copied().unwrap_or(0)
            };
            // The median home stands in the area's largest cluster, not in the fields between two villages.
            let base = (middle(homes.iter().map(|home| home.0).collect()), middle(homes.iter().map(|home| home.1).collect()));
            let far = middle(homes.iter().map(|home| (home.0 - base.0).abs() + (home.1 - base.1).abs()).collect());
            areas.cycles.push(far <= 160);
            areas.bases.push(Base { id: format!("b{}", team + 1), x: Some(kilometres(base.0)), y: Some(kilometres(base.1)), place: None });
        }
        areas
    }

    /// The citizens, each with a team.
    pub(super) fn citizens(&self, areas: &Areas) -> Vec<Citizen> {
        let homes = self.homes.iter().zip(&areas.team_of).enumerate();
        homes
            .map(|(index, (home, team))| Citizen {
                id: citizen_id(index),
                x: Some(kilometres(home.0)),
                y: Some(kilometres(home.1)),
                place: None,
                age: None,
                team: Some(format!("t{}", team + 1)),
                preferred_carers: Vec::new(),
                excluded_carers: Vec::new(),
                triage: None,
                few_carers: Vec::new(),
                most_carers: None,
                history: Vec::new(),
            })
            .collect()
    }
}

fn kilometres(value: Hundredths) -> Number {
    Number(f64::from(value) / 100.0)
}
