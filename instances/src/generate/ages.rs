//! How old the citizens are.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::district::Citizen;

/// Sets the draws of ages apart from all others of the same seed: districts made before there were ages stay as they were.
const APART: u64 = 0x6167_6573;

/// Gives every citizen an age: one in ten 40 to 64 years, the others 65 to 98, mostly about 82.
pub(super) fn grow_old(citizens: &mut [Citizen], seed: u64) {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed ^ APART);
    for citizen in citizens {
        let age = if rng.random_range(0..10) == 0 { rng.random_range(40..65) } else { 65 + rng.random_range(0..=16) + rng.random_range(0..=17) };
        citizen.age = Some(age);
    }
}
