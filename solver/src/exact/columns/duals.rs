//! Prices of the master's rows in whole units, so that a bound is exact whatever the linear programme's arithmetic did.

use super::day::Day;
use crate::problem::{Link, Problem, VisitId};

/// A row of the master: who serves `second` has begun by `until` as much as who serves `first` has begun by `by`.
///
/// A link asks `start(second) <= start(first) + max`. So in every plan, for every moment, `first` begun by then means `second` begun by
/// `max` later; and as both are served or neither, this holds for visits left out too. Dohn, Rasmussen, Larsen 2011
/// (doi:10.1002/net.20472, section 4) call the model with these rows time-indexed; only some moments are asked for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LinkRow {
    pub(super) first: VisitId,
    pub(super) by: i64,
    pub(super) second: VisitId,
    pub(super) until: i64,
}

impl LinkRow {
    /// What a route with this start of this visit adds to the row, which is at least 0 in sum.
    pub(super) fn entry(&self, visit: VisitId, start: i64) -> i64 {
        i64::from(visit == self.second && start <= self.until) - i64::from(visit == self.first && start <= self.by)
    }
}

/// A row of the master: of these visits, at most one route has two or more (a subset row: Jepsen, Petersen, Spoorendonk, Pisinger 2008,
/// doi:10.1287/opre.1070.0449). Routes that return to a visit count it as often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CutRow(pub(super) [VisitId; 3]);

impl CutRow {
    /// What a route adds to the row, which is at most 1 in sum.
    pub(super) fn entry(&self, visits: &[VisitId]) -> i64 {
        (visits.iter().filter(|visit| self.0.contains(visit)).count() / 2) as i64
    }
}

/// Both directions of a link: visits and the most that the second may start after the first.
pub(super) fn directions(problem: &Problem) -> Vec<(VisitId, VisitId, i64)> {
    let both = problem.links().iter().flat_map(|link: &Link| {
        let latest = (link.max < Link::MAX).then_some((link.first, link.second, link.max.0));
        let soonest = (link.min > Link::MIN).then_some((link.second, link.first, -link.min.0));
        latest.into_iter().chain(soonest)
    });
    both.collect()
}

/// Cuts that pricing can tell apart.
pub(super) const MOST_PRICED_CUTS: usize = 128;

/// A price for each row, in units; none is negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Duals {
    /// For serving a visit, by visit; the same for all alternatives.
    pub(super) cover: Vec<i64>,
    /// For a tick of lateness of a visit beyond its own price, by visit. In sum at most the price of a tick of the greatest lateness.
    pub(super) late: Vec<i64>,
    /// By link row.
    pub(super) links: Vec<i64>,
    /// By cut row. No more than [`MOST_PRICED_CUTS`] are above 0.
    pub(super) cuts: Vec<i64>,
}

impl Duals {
    /// The nearest allowed prices to what a linear programme says, in units.
    pub(super) fn rounded(day: &Day<'_>, cover: &[f64], late: &[f64], links: &[f64], cuts: &[f64]) -> Self {
        let whole = |prices: &[f64], most: i64| prices.iter().map(|&price| (price.round() as i64).clamp(0, most)).collect::<Vec<i64>>();
        let mut duals = Self {
            cover: whole(cover, super::day::FORBIDDEN >> 16),
            late: whole(late, day.greatest),
            links: whole(links, i64::MAX >> 20),
            cuts: whole(cuts, super::day::FORBIDDEN >> 16),
        };
        let mut by_price: Vec<usize> = (0..duals.cuts.len()).collect();
        by_price.sort_by_key(|&at| std::cmp::Reverse(duals.cuts[at]));
        by_price.into_iter().skip(MOST_PRICED_CUTS).for_each(|at| duals.cuts[at] = 0);
        // Rounded down where the sum is too large: each by its share.
        let sum: i64 = duals.late.iter().sum();
        if sum > day.greatest {
            for price in &mut duals.late {
                *price = (i128::from(*price) * i128::from(day.greatest) / i128::from(sum)) as i64;
            }
        }
        duals
    }

    /// What is sure without any route: the prices of the visits, less what leaving visits out saves, less what the cuts grant, and what is
    /// left of the price of the greatest lateness for as much of it as there is at least.
    pub(super) fn fixed(&self, day: &Day<'_>) -> i64 {
        let of = |(at, &price): (usize, &i64)| day.left_out[at].map_or(price, |left_out| price.min(left_out));
        let is_granted = |(at, _): &(usize, &i64)| day.problem.granted(VisitId::new(*at)).idx() == *at;
        let late = (day.greatest - self.late.iter().sum::<i64>()) * day.lateness.0;
        self.cover.iter().enumerate().filter(is_granted).map(of).sum::<i64>() - self.cuts.iter().sum::<i64>() + late
    }
}

/// What the rows charge a visit by its start.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges {
    /// By visit: up to this start, this much is added.
    steps: Vec<Vec<(i64, i64)>>,
}

impl Charges {
    pub(super) fn new(day: &Day<'_>, rows: &[LinkRow], duals: &Duals) -> Self {
        let mut steps = vec![Vec::new(); day.problem.visits().len()];
        for (row, &price) in rows.iter().zip(&duals.links).filter(|(_, price)| **price > 0) {
            steps[row.first.idx()].push((row.by, price));
            steps[row.second.idx()].push((row.until, -price));
        }
        Self { steps }
    }

    /// What duals charge a start of a visit; negative where they reward it.
    pub(super) fn of(&self, day: &Day<'_>, duals: &Duals, visit: VisitId, start: i64) -> i64 {
        let steps: i64 = self.steps[visit.idx()].iter().filter(|(until, _)| start <= *until).map(|(_, price)| price).sum();
        steps - duals.cover[visit.idx()] + duals.late[visit.idx()] * day.late(visit, start)
    }

    /// Moments at which the charge jumps: each is the first of a piece.
    pub(super) fn jumps(&self, visit: VisitId) -> impl Iterator<Item = i64> + '_ {
        self.steps[visit.idx()].iter().map(|(until, _)| until + 1)
    }
}
