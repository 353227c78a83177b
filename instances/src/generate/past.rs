//! Who came before the first day.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::citizen_id;
use crate::district::{Carer, Citizen, Layer, Met, Need, Visit};

/// Days that the past reaches back.
const DAYS: i64 = 28;
/// Chance in per cent that a visit was paid by somebody who seldom comes: illness, holidays, a gap in the roster.
const SUBSTITUTES: u32 = 15;

/// Gives every citizen the four weeks before: two to four carers of their team for each part of the day in which they get help, the first of
/// them most often, and now and then somebody else of that team.
pub(super) fn remember(citizens: &mut [Citizen], carers: &[Carer], visits: &[Visit], rng: &mut Xoshiro256PlusPlus) {
    let daily = daily_visits(visits);
    for (index, citizen) in citizens.iter_mut().enumerate() {
        let mut past: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (layer, &n_visits) in [Layer::Day, Layer::Evening].into_iter().zip(daily.get(&citizen_id(index)).unwrap_or(&[0, 0])) {
            let crew: Vec<&Carer> = carers.iter().filter(|carer| may_have_come(carer, citizen, layer)).collect();
            if crew.is_empty() || n_visits == 0 {
                continue;
            }
            let n_familiar = rng.random_range(2..=4).min(crew.len());
            let first = rng.random_range(0..crew.len());
            for days_ago in 1..=DAYS {
                for _ in 0..n_visits {
                    let nth = if rng.random_range(0..100) < SUBSTITUTES { rng.random_range(0..crew.len()) } else { familiar(n_familiar, rng) };
                    let came = crew[(first + nth) % crew.len()];
                    past.entry(came.id.as_str()).or_default().push(days_ago);
                }
            }
        }
        citizen.history = past.into_iter().map(|(carer, days_ago)| Met { carer: carer.to_owned(), days_ago }).collect();
    }
}

/// Carers of required visits on day 1, by citizen: until 15:00 and later.
fn daily_visits(visits: &[Visit]) -> BTreeMap<String, [i64; 2]> {
    let mut daily = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.day == 1 && visit.need == Need::Required) {
        let is_late = visit.preferred.as_ref().is_some_and(|wish| wish.until.as_str() > "15:00");
        daily.entry(visit.citizen.clone()).or_insert([0, 0])[usize::from(is_late)] += visit.carers;
    }
    daily
}

fn may_have_come(carer: &Carer, citizen: &Citizen, layer: Layer) -> bool {
    let works = carer.shifts.iter().any(|shift| shift.layer == Some(layer));
    works && carer.team == citizen.team && !citizen.excluded_carers.contains(&carer.id)
}

/// The first in half of the cases, the next in half of the rest.
fn familiar(n_familiar: usize, rng: &mut Xoshiro256PlusPlus) -> usize {
    (0..n_familiar - 1).find(|_| rng.random_range(0..2) == 0).unwrap_or(n_familiar - 1)
}
