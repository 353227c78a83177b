//! Column generation: patterns that pay at the linear programme's prices, round after round, and what no choice of patterns costs less than.

use rayon::prelude::*;

use super::cut::{add, allow, separate};
use super::master::Master;
use super::needs::Needs;
use super::pattern::{Pattern, cheapest};
use super::{FEW_SETS, MANY_SETS};
use crate::stop::Watch;

/// Column generation ends when the linear programme is this near to its bound, relatively; with rows that are cut anyhow, earlier.
pub(super) const CLOSED: f64 = 1e-4;
const NEARLY_CLOSED: f64 = 7e-4;
/// The same while more than half of the time is left: the next cuts are as good.
const ROUGHLY_CLOSED: f64 = 3e-3;
/// Prices are let loose further when the linear programme is this near to its bound.
const TAMED: f64 = 0.05;
/// Times that rows are cut.
const MOST_CUTTING: usize = 30;
/// Share of the best prices so far in those that patterns are made for (Wentges 1997): prices of the linear programme alone jump.
const SMOOTHING: f64 = 0.6;

/// Is told the bound after every round.
pub(super) type Tell<'a> = dyn FnMut(Option<i64>) + Send + 'a;

/// Patterns so far, and the best bound with the prices that prove it.
pub(super) struct Generation {
    /// The rows that were given and after them their cuts ([`super::cut`]), which all patterns of the master take from.
    needs: Needs,
    n_given: usize,
    /// By row, the row that was given: itself, or the one that a cut rounds.
    given: Vec<usize>,
    pub(super) master: Master,
    pub(super) rounds: usize,
    pub(super) bound: Option<i64>,
    /// By row. Those of the best bound.
    pub(super) prices: Vec<i64>,
}

impl Generation {
    /// Begins with these patterns, each with its citizen; at least one for each.
    pub(super) fn new(needs: &Needs, patterns: impl IntoIterator<Item = (usize, Pattern)>) -> Self {
        let mut master = Master::new(needs);
        for (citizen, pattern) in patterns {
            master.add(citizen, pattern);
        }
        let n = needs.rows.len();
        Self { needs: needs.clone(), n_given: n, given: (0..n).collect(), master, rounds: 0, bound: None, prices: vec![0; n] }
    }

    /// The same patterns and prices once more, for a sharper bound alone: cuts make patterns unfit for choosing.
    pub(super) fn again(&self) -> Self {
        let mut this = Self::new(&self.needs, self.master.patterns.iter().cloned());
        (this.rounds, this.bound, this.prices) = (self.rounds, self.bound, self.prices.clone());
        while this.master.raise(&this.needs) {}
        this
    }

    /// Rounds until the linear programme over all patterns is solved, all but `closed` of its value, or the watch is over.
    pub(super) fn close(&mut self, closed: f64, watch: &Watch, tell: &mut Tell<'_>) {
        while let Some(mut relaxed) = self.master.relax(&self.needs) {
            self.rounds += 1;
            allow(&self.needs, &self.given, &mut relaxed.prices);
            let mut between = if self.bound.is_some() { mixed(&self.prices, &relaxed.prices) } else { relaxed.prices.clone() };
            allow(&self.needs, &self.given, &mut between);
            let mut n_new = 0;
            // Nothing at the prices between says nothing about those of the linear programme, and few sets say nothing about all.
            for (prices, most_sets) in [(&between, FEW_SETS), (&relaxed.prices, FEW_SETS), (&relaxed.prices, MANY_SETS)] {
                let patterns = self.price(prices, most_sets);
                self.raise_bound(prices, &patterns);
                for (citizen, (pattern, _)) in patterns.into_iter().enumerate() {
                    let reduced = (pattern.cost + pattern.price(&relaxed.prices)) as f64 - relaxed.citizens[citizen];
                    if reduced < -1.0 && self.master.add(citizen, pattern) {
                        n_new += 1;
                    }
                }
                if n_new > 0 {
                    break;
                }
            }
            tell(self.bound);
            let bound = self.bound.unwrap_or(i64::MIN);
            let is_within = |share: f64| n_new == 0 || relaxed.value - bound as f64 <= share * relaxed.value.abs();
            let is_raised = is_within(TAMED) && self.master.raise(&self.needs);
            if watch.is_over() || (is_within(closed) && !is_raised) {
                break;
            }
        }
    }

    /// Cuts rows of time wherever the linear programme shares visits out more cheaply than whole ones, and goes on; until nothing is to be cut, the watch is
    /// over, or it was often enough.
    pub(super) fn sharpen(&mut self, watch: &Watch, tell: &mut Tell<'_>) {
        for _ in 0..MOST_CUTTING {
            let Some(relaxed) = self.master.relax(&self.needs) else { return };
            let cuts = separate(&self.needs, self.n_given, &self.master, &relaxed);
            if cuts.is_empty() || watch.is_over() {
                return;
            }
            add(&mut self.needs, &mut self.given, &mut self.master, &cuts);
            self.prices.resize(self.needs.rows.len(), 0);
            let is_early = watch.left().zip(watch.limit()).is_some_and(|(left, limit)| left > limit / 2);
            self.close(if is_early { ROUGHLY_CLOSED } else { NEARLY_CLOSED }, watch, tell);
        }
    }

    /// All that the best prices prove.
    pub(super) fn prove(&mut self) {
        if self.bound.is_some() {
            let prices = self.prices.clone();
            self.raise_bound(&prices, &self.price(&prices, MANY_SETS));
        }
    }

    /// The best pattern of every citizen at prices by row, and what none of the citizen's costs less than.
    fn price(&self, prices: &[i64], most_sets: usize) -> Vec<(Pattern, i64)> {
        let known = self.master.cheapest(prices);
        self.needs.citizens.par_iter().zip(known).map(|(citizen, known)| cheapest(citizen, prices, known, most_sets)).collect()
    }

    /// What no choice of patterns costs less than: each citizen's best pattern at these prices, less what the rows are worth. The prices may be any
    /// that [`allow`] lets pass (Lagrange).
    fn raise_bound(&mut self, prices: &[i64], patterns: &[(Pattern, i64)]) {
        let least: i64 = patterns.iter().map(|(_, least)| least).sum();
        let bound = least - self.needs.rows.iter().zip(prices).map(|(row, price)| row.limit * price).sum::<i64>();
        if self.bound.is_none_or(|best| bound > best) {
            (self.bound, self.prices) = (Some(bound), prices.to_vec());
        }
    }
}

fn mixed(steady: &[i64], newest: &[i64]) -> Vec<i64> {
    steady.iter().zip(newest).map(|(&steady, &newest)| (SMOOTHING * steady as f64 + (1.0 - SMOOTHING) * newest as f64).round() as i64).collect()
}
