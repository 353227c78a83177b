//! A sharper bound: mixed-integer rounding of the rows of carers' time.
//!
//! A shift's two hours hold whole visits, which the linear programme shares out to the minute. With amounts a of visits x, a limit b and the excess
//! e of a row, Σ a x ≤ b + e, and any whole d, r = b mod d > 0, every choice of whole visits keeps Σ A(a) x ≤ (d - r) ⌊b/d⌋ + e, where
//! A(a) = (d - r) ⌊a/d⌋ + max(0, a mod d - r) (Nemhauser, Wolsey 1990, times d - r, so that whole minutes stay whole and the excess is that of
//! the row). Visits that are mostly there are counted by their absence (Marchand, Wolsey 2001).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::master::{Master, Relaxed};
use super::needs::{Needs, Row};

/// A row rounded.
pub(super) struct Cut {
    /// The row, and the new one's limit.
    base: usize,
    limit: i64,
    divisor: i64,
    rest: i64,
    /// Visits counted by their absence, as citizen and need, ascending.
    absent: Vec<(usize, usize)>,
}

/// Least violation of a cut, in minutes.
const LEAST: f64 = 1.0;
/// A visit that is there by more than this is counted by its absence.
const MOSTLY: f64 = 0.5;

/// A(a).
fn rounded(amount: i64, divisor: i64, rest: i64) -> i64 {
    (divisor - rest) * amount.div_euclid(divisor) + (amount.rem_euclid(divisor) - rest).max(0)
}

impl Cut {
    fn new(base: usize, limit: i64, divisor: i64, absent: &[(usize, usize, i64)]) -> Option<Self> {
        let left = limit - absent.iter().map(|(.., amount)| amount).sum::<i64>();
        let rest = left.rem_euclid(divisor);
        if rest == 0 {
            return None;
        }
        let limit = (divisor - rest) * left.div_euclid(divisor) - absent.iter().map(|&(.., amount)| rounded(-amount, divisor, rest)).sum::<i64>();
        let mut absent: Vec<(usize, usize)> = absent.iter().map(|&(citizen, need, _)| (citizen, need)).collect();
        absent.sort_unstable();
        Some(Self { base, limit, divisor, rest, absent })
    }

    /// What a visit takes of the new row.
    fn amount(&self, citizen: usize, need: usize, amount: i64) -> i64 {
        if self.absent.binary_search(&(citizen, need)).is_ok() {
            -rounded(-amount, self.divisor, self.rest)
        } else {
            rounded(amount, self.divisor, self.rest)
        }
    }
}

/// A visit in a row as the linear programme has it: citizen, need, minutes, share.
type Part = (usize, usize, i64, f64);

/// The most violated cut of each row, if any.
pub(super) fn separate(needs: &Needs, n_rows: usize, master: &Master, relaxed: &Relaxed) -> Vec<Cut> {
    let mut parts: Vec<BTreeMap<(usize, usize), (i64, f64)>> = vec![BTreeMap::new(); n_rows];
    for ((citizen, pattern), &share) in master.patterns.iter().zip(&relaxed.shares).filter(|(_, share)| **share > 1e-6) {
        for (need, &(candidate, shift)) in pattern.ways.iter().enumerate() {
            let way = needs.citizens[*citizen].needs[need].ways[candidate].iter().find(|way| way.shift == shift);
            for &(row, amount) in way.iter().flat_map(|way| &way.takes).filter(|(row, _)| *row < n_rows && needs.rows[*row].is_time) {
                parts[row].entry((*citizen, need)).or_insert((amount, 0.0)).1 += share;
            }
        }
    }
    let mut cuts = Vec::new();
    for (row, parts) in parts.iter().enumerate() {
        let parts: Vec<Part> = parts.iter().map(|(&(citizen, need), &(amount, share))| (citizen, need, amount, share)).collect();
        cuts.extend(violated(row, needs.rows[row].limit, &parts));
    }
    cuts
}

fn violated(row: usize, limit: i64, parts: &[Part]) -> Option<Cut> {
    let used: f64 = parts.iter().map(|&(.., amount, share)| amount as f64 * share).sum();
    let excess = (used - limit as f64).max(0.0);
    let is_split = |share: f64| share > 0.01 && share < 0.99;
    let mut divisors: Vec<i64> = parts.iter().filter(|&&(.., amount, share)| amount > 0 && is_split(share)).map(|&(.., amount, _)| amount).collect();
    divisors.sort_unstable();
    divisors.dedup();
    let mut best: Option<(f64, Cut)> = None;
    let mut consider = |divisor: i64, absent: &[(usize, usize, i64)]| {
        let Some(cut) = Cut::new(row, limit, divisor, absent) else { return };
        let taken: f64 = parts.iter().map(|&(citizen, need, amount, share)| cut.amount(citizen, need, amount) as f64 * share).sum();
        let by = taken - cut.limit as f64 - excess;
        if by > LEAST && best.as_ref().is_none_or(|(most, _)| by > *most) {
            best = Some((by, cut));
        }
    };
    // Mostly there, those in doubt last.
    let mut mostly: Vec<&Part> = parts.iter().filter(|(.., share)| *share > MOSTLY).collect();
    mostly.sort_by(|a, b| b.3.total_cmp(&a.3));
    for &divisor in &divisors {
        for n in 0..=mostly.len() {
            let absent: Vec<(usize, usize, i64)> = mostly[..n].iter().map(|&&(citizen, need, amount, _)| (citizen, need, amount)).collect();
            consider(divisor, &absent);
        }
    }
    best.map(|(_, cut)| cut)
}

/// Adds cuts to a programme that stands for the bound alone: rows of `needs`, what ways and patterns take of them, and rows of the master.
pub(super) fn add(needs: &mut Needs, given: &mut Vec<usize>, master: &mut Master, cuts: &[Cut]) {
    for cut in cuts {
        let row = needs.rows.len();
        needs.rows.push(Row { limit: cut.limit, ..needs.rows[cut.base] });
        given.push(cut.base);
        for (at, citizen) in needs.citizens.iter_mut().enumerate() {
            let citizen = Arc::make_mut(citizen);
            for (need, of) in citizen.needs.iter_mut().enumerate() {
                for way in of.ways.iter_mut().flatten() {
                    if let Some(&(_, amount)) = way.takes.iter().find(|(other, _)| *other == cut.base) {
                        let amount = cut.amount(at, need, amount);
                        if amount != 0 {
                            way.takes.push((row, amount));
                        }
                    }
                }
            }
        }
    }
    master.lengthen(needs, given);
}

/// Prices that the excess of every row allows: those of a row and its cuts are together at most what exceeding it costs.
pub(super) fn allow(needs: &Needs, given: &[usize], prices: &mut [i64]) {
    let mut sums = vec![0; needs.rows.len()];
    for (row, &base) in given.iter().enumerate() {
        sums[base] += prices[row];
    }
    for (row, &base) in given.iter().enumerate() {
        let above = (sums[base] - needs.rows[base].price).clamp(0, prices[row]);
        prices[row] -= above;
        sums[base] -= above;
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::SmallRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    #[test]
    fn two_visits_that_do_not_fit_together_are_one() {
        // 40 and 40 in 60 minutes: 20 over where both come. Half of each fits by the minute; rounded, both together are one.
        let parts = [(0, 0, 40, 0.75), (1, 0, 40, 0.75)];
        let cut = violated(7, 60, &parts).unwrap();
        // A(40) = (40 - 20) * 1 and the limit (40 - 20) * 1: 20 x + 20 y <= 20 + e. The shares take 30, and exceed nothing by the minute.
        assert_eq!((cut.base, cut.limit, cut.amount(0, 0, 40), cut.amount(5, 5, 15)), (7, 20, 20, 0));
    }

    #[test]
    fn no_choice_of_whole_visits_breaks_a_cut() {
        let mut dice = SmallRng::seed_from_u64(3);
        let (mut n_cuts, mut n_absent) = (0, 0);
        for case in 0..3000 {
            let n = dice.random_range(2..=7);
            let parts: Vec<Part> = (0..n).map(|at| (at, at % 2, dice.random_range(1..60), f64::from(dice.random_range(0..=4u32)) / 4.0)).collect();
            let limit = dice.random_range(-20..150);
            let Some(cut) = violated(0, limit, &parts) else { continue };
            n_cuts += 1;
            n_absent += usize::from(!cut.absent.is_empty());
            for chosen in 0..1u32 << n {
                let comes = |at: usize| i64::from(chosen >> at & 1);
                let used: i64 = parts.iter().map(|&(at, _, amount, _)| amount * comes(at)).sum();
                let taken: i64 = parts.iter().map(|&(at, need, amount, _)| cut.amount(at, need, amount) * comes(at)).sum();
                assert!(taken <= cut.limit + (used - limit).max(0), "case {case}: {chosen:b} of {parts:?} in {limit}");
            }
        }
        assert!(n_cuts > 300 && n_absent > 100, "{n_cuts} cuts, {n_absent} by absence");
    }
}
