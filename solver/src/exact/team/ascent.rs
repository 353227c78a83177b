//! What one citizen's visits cost at least with some carers who are paid for and any of some others.

use super::pattern::{DEAR, Level, NEVER, Search, Unit, face};

/// What the units cost at least with a set's carers, who are paid for, and any of the rest: dual ascent (Erlenkotter 1978). Every unit offers up
/// to what it costs anyhow; what it offers above a carer's way to it goes towards that carer's face, and none gets more than the face costs. Of a
/// visit by two a carer pays one half, so that both halves offer the same and a carer gets it once.
pub(super) struct Bound<'s> {
    search: &'s Search<'s>,
    level: Vec<Level>,
    /// By unit, what it offers, and how many of its candidates have ways up to that.
    offers: Vec<i64>,
    n_below: Vec<usize>,
    /// By candidate, what is left of the face: by so much more the units cost at least where that carer comes. [`NEVER`] for those who are not of
    /// the rest.
    pub(super) left: Vec<i64>,
}

impl<'s> Bound<'s> {
    pub(super) fn new(search: &'s Search<'s>, level: &[Level], n_set: usize, rest: &[usize]) -> Self {
        let mut left = vec![NEVER; search.n];
        rest.iter().for_each(|&candidate| left[candidate] = face(search.citizen, candidate, n_set));
        let mut this = Self { search, level: level.to_vec(), offers: vec![0; level.len()], n_below: vec![0; level.len()], left };
        (0..level.len()).for_each(|unit| this.begin(unit));
        this
    }

    /// Lets a unit offer what it does where nobody gets anything.
    fn begin(&mut self, unit: usize) {
        let search = self.search;
        let cheapest = search.order[unit].iter().find(|&&candidate| self.left[candidate] < NEVER);
        self.offers[unit] = cheapest.map_or(NEVER, |&candidate| search.unit_price(unit, candidate)).min(self.most(unit));
        self.n_below[unit] = 0;
        self.count(unit);
    }

    /// Counts those whose ways are up to what the unit offers.
    fn count(&mut self, unit: usize) {
        let order = &self.search.order[unit];
        while self.n_below[unit] < order.len() && self.search.unit_price(unit, order[self.n_below[unit]]) <= self.offers[unit] {
            self.n_below[unit] += 1;
        }
    }

    /// What a unit costs anyhow.
    fn most(&self, unit: usize) -> i64 {
        if self.search.units[unit].other.is_some() { self.level[unit].next } else { self.level[unit].least }
    }

    /// Raises all offers but one unit's as far as it goes.
    pub(super) fn rise(&mut self, but: Option<usize>) {
        let mut rises = true;
        while rises {
            rises = false;
            for unit in (0..self.offers.len()).filter(|&unit| Some(unit) != but) {
                rises |= self.rise_one(unit);
            }
        }
    }

    /// Raises an offer up to the next carer's way or what the unit costs anyhow, as far as the faces of those below allow; whether it rose.
    fn rise_one(&mut self, unit: usize) -> bool {
        let search = self.search;
        let (below, above) = search.order[unit].split_at(self.n_below[unit]);
        let allowed = below.iter().map(|&candidate| self.left[candidate]).min().unwrap_or(NEVER);
        if allowed == 0 {
            return false;
        }
        let next = above.iter().find(|&&candidate| self.left[candidate] < NEVER).map_or(NEVER, |&candidate| search.unit_price(unit, candidate));
        let rise = allowed.min(next.min(self.most(unit)).min(DEAR) - self.offers[unit]);
        if rise <= 0 {
            return false;
        }
        for &candidate in below {
            if self.left[candidate] < NEVER {
                self.left[candidate] -= rise;
            }
        }
        self.offers[unit] += rise;
        self.count(unit);
        true
    }

    /// Takes back what one unit offers, lets the others rise first, and keeps that where all offers together are more; every unit in turn.
    pub(super) fn adjust(&mut self) {
        for unit in 0..self.offers.len() {
            let before = (self.offers.clone(), self.n_below.clone(), self.left.clone(), self.least());
            let offer = self.offers[unit];
            self.begin(unit);
            if self.offers[unit] == offer {
                continue;
            }
            for &candidate in &self.search.order[unit][..before.1[unit]] {
                if self.left[candidate] < NEVER {
                    self.left[candidate] += offer - self.search.unit_price(unit, candidate).max(self.offers[unit]);
                }
            }
            self.rise(Some(unit));
            self.rise(None);
            if self.least() < before.3 {
                (self.offers, self.n_below, self.left) = (before.0, before.1, before.2);
            }
        }
    }

    /// What all units cost at least.
    pub(super) fn least(&self) -> i64 {
        let of = |((unit, &offer), level): ((&Unit, &i64), &Level)| if unit.other.is_some() { offer + offer.min(level.least) } else { offer };
        self.search.units.iter().zip(&self.offers).zip(&self.level).map(of).sum()
    }
}
