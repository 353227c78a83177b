//! One seeded generator per worker; streams are the same on every platform.

use std::sync::LazyLock;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// Bits of the mantissa that an exponential number is drawn by.
const MANTISSA_BITS: u32 = 12;
/// Logarithms of the mantissas, each at the middle of its step.
static LOGARITHMS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let steps = f64::from(1_u32 << MANTISSA_BITS);
    (0..1_u32 << MANTISSA_BITS).map(|at| ((f64::from(at) + 0.5) / steps).ln_1p()).collect()
});

/// A worker's random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The generator of one worker.
    pub(crate) fn new(seed: u64, worker: usize) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(worker as u64)))
    }

    /// Uniform in `0..n`; `n` at least 1. The bias of multiply-shift is below 2^-32 for the list lengths here.
    #[inline]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        debug_assert!(n > 0, "an empty range has no number");
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Uniform in `[0, 1)`.
    #[inline]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Exponential with mean 1, to 1 in 8,000: a logarithm for every move would take a twentieth of the search.
    #[inline]
    pub(crate) fn exponential(&mut self) -> f64 {
        // At least one bit is set, so that no shift is as long as the word.
        let word = self.0.next_u64() | 1;
        let zeros = word.leading_zeros();
        let mantissa = (word << zeros << 1) >> (u64::BITS - MANTISSA_BITS);
        f64::from(zeros + 1) * std::f64::consts::LN_2 - LOGARITHMS[mantissa as usize]
    }

    /// True with probability `p`.
    #[inline]
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Shuffles in place.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_numbers_have_the_quantiles_of_their_law() {
        let mut rng = Rng::new(1, 0);
        let mut drawn: Vec<f64> = (0..200_000).map(|_| rng.exponential()).collect();
        drawn.sort_by(f64::total_cmp);
        assert!(drawn[0] >= 0.0);
        for share in [0.01, 0.1, 0.5, 0.9, 0.99, 0.999_f64] {
            let (found, expected) = (drawn[(share * 200_000.0) as usize], -(1.0 - share).ln());
            assert!((found - expected).abs() < 0.03 * expected.max(0.1), "{share}: {found} instead of {expected}");
        }
    }
}
