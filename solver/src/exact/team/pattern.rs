//! One citizen's pattern for the horizon, and the cheapest one at given prices: facility location with a price on every carer who comes at all,
//! by branch and bound over the carers who come.
//!
//! Visits by two are priced exactly where a set is looked at and as two single visits in the bound, which is not above it.

use super::needs::{ABOVE_CAP, Citizen, Way};
use crate::problem::ShiftId;

/// Who pays each of a citizen's visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Cost by itself, in thousandths of a minute on the road.
    pub(super) cost: i64,
    /// The candidate who pays the fewest visits that cost for not being the primary's.
    pub(super) primary: usize,
    /// By need, the candidate and the shift.
    pub(super) ways: Vec<(usize, ShiftId)>,
    /// What it takes of which rows, ascending.
    pub(super) takes: Vec<(usize, i64)>,
}

impl Pattern {
    /// The pattern in which these ways, by need, are taken.
    pub(super) fn of(citizen: &Citizen, primary: usize, by_need: &[(usize, &Way)]) -> Self {
        let mut come: Vec<usize> = by_need.iter().map(|&(candidate, _)| candidate).collect();
        come.sort_unstable();
        come.dedup();
        let mut cost: i64 = come.iter().enumerate().map(|(nth, &candidate)| face(citizen, candidate, nth)).sum();
        let mut takes: Vec<(usize, i64)> = Vec::new();
        for &(candidate, way) in by_need {
            cost += way.cost + if candidate == primary { 0 } else { citizen.not_primary };
            takes.extend(&way.takes);
        }
        takes.sort_unstable_by_key(|(row, _)| *row);
        let takes = takes.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.iter().map(|(_, amount)| amount).sum())).collect();
        Self { cost, primary, ways: by_need.iter().map(|&(candidate, way)| (candidate, way.shift)).collect(), takes }
    }

    /// What its rows are worth at prices by row.
    pub(super) fn price(&self, prices: &[i64]) -> i64 {
        self.takes.iter().map(|&(row, amount)| prices[row] * amount).sum()
    }
}

/// Price of one more carer where so many come.
pub(super) fn face(citizen: &Citizen, candidate: usize, n_others: usize) -> i64 {
    citizen.candidates[candidate].face + if n_others >= citizen.cap { ABOVE_CAP } else { 0 }
}

/// A price that nothing reaches.
const NEVER: i64 = i64::MAX / 4;
/// More than any visit costs; many of them still have a sum.
const DEAR: i64 = 1 << 50;

/// The cheapest pattern at prices by row, by its cost and what its rows are worth, and what no pattern costs less than: the same, unless there were
/// more sets of carers to look into than `most_sets`.
pub(super) fn cheapest(citizen: &Citizen, prices: &[i64], most_sets: usize) -> (Pattern, i64) {
    let mut search = Search::new(citizen, prices, most_sets);
    for primary in search.primaries() {
        search.from(primary);
    }
    let least = search.best.min(search.unseen);
    (search.pattern(), least)
}

struct Search<'a> {
    citizen: &'a Citizen,
    n: usize,
    /// Row-major need × candidate: the cheapest way and its price.
    ways: Vec<Option<&'a Way>>,
    base: Vec<i64>,
    /// The same with the price of not being the primary.
    priced: Vec<i64>,
    best: i64,
    best_set: Vec<usize>,
    best_primary: usize,
    sets_left: usize,
    /// What the sets that were not looked at cost at least.
    unseen: i64,
}

impl<'a> Search<'a> {
    fn new(citizen: &'a Citizen, prices: &[i64], most_sets: usize) -> Self {
        let n = citizen.candidates.len();
        let worth = |way: &Way| way.cost + way.takes.iter().map(|&(row, amount)| prices[row] * amount).sum::<i64>();
        let ways: Vec<Option<&Way>> =
            citizen.needs.iter().flat_map(|need| need.ways.iter().map(|ways| ways.iter().min_by_key(|way| worth(way)))).collect();
        let base: Vec<i64> = ways.iter().map(|way| way.map_or(NEVER, worth)).collect();
        Self { citizen, n, ways, priced: base.clone(), base, best: NEVER, best_set: Vec::new(), best_primary: 0, sets_left: most_sets, unseen: NEVER }
    }

    /// Candidates in the order of what they would cost alone, visits that they cannot pay aside.
    fn primaries(&self) -> Vec<usize> {
        let alone = |candidate: usize| {
            let paid = self.citizen.needs.iter().enumerate().map(|(need, _)| self.base[need * self.n + candidate]).filter(|&price| price < NEVER);
            let (count, sum) = paid.fold((0i64, 0), |(count, sum), price| (count + 1, sum + price));
            (-count, sum, candidate)
        };
        let mut order: Vec<usize> = (0..self.n).collect();
        order.sort_by_key(|&candidate| alone(candidate));
        order
    }

    fn from(&mut self, primary: usize) {
        for (at, (priced, &base)) in self.priced.iter_mut().zip(&self.base).enumerate() {
            *priced = if base == NEVER || at % self.n == primary { base } else { base + self.citizen.not_primary };
        }
        let level: Vec<i64> = (0..self.citizen.needs.len()).map(|need| self.priced[need * self.n + primary]).collect();
        let rest: Vec<usize> = (0..self.n).filter(|&candidate| candidate != primary).collect();
        let face = face(self.citizen, primary, 0);
        self.descend(&mut vec![primary], &level, face, &rest);
    }

    /// Looks at a set of carers, the first of whom is the primary, and at all sets that add some of the rest. `level` is what each need costs with
    /// the set, each for itself.
    fn descend(&mut self, set: &mut Vec<usize>, level: &[i64], faces: i64, rest: &[usize]) {
        let whole = self.whole(set, level, faces);
        if whole < self.best {
            self.best = whole;
            self.best_set.clone_from(set);
            self.best_primary = set[0];
        }
        let Some(lacking) = self.lacking(set, level, rest) else { return };
        let (least, left) = self.least(level, set.len(), rest);
        let least = faces + least;
        if least >= self.best {
            return;
        }
        // The way to the first whole set is short and always gone to its end.
        if self.sets_left == 0 && self.best < NEVER {
            self.unseen = self.unseen.min(least);
            return;
        }
        self.sets_left = self.sets_left.saturating_sub(1);
        // Whoever makes more of it dearer than the best is out. Those who save most come first.
        let saved = |candidate: usize| -> i64 {
            level.iter().enumerate().map(|(need, &cost)| (cost.min(DEAR) - self.priced[need * self.n + candidate]).max(0)).sum()
        };
        let mut order: Vec<(i64, usize)> =
            rest.iter().zip(&left).filter(|&(_, left)| least + left < self.best).map(|(&candidate, _)| (saved(candidate), candidate)).collect();
        order.sort_by_key(|&(saved, candidate)| (std::cmp::Reverse(saved), candidate));
        let mut others: Vec<usize> = order.iter().map(|&(_, candidate)| candidate).collect();
        for (_, candidate) in order {
            if lacking.is_some_and(|need| !self.helps(need, level, candidate)) {
                continue;
            }
            // Sets with this one are looked at here, and nowhere after.
            others.retain(|&other| other != candidate);
            let next: Vec<i64> = level.iter().enumerate().map(|(need, &cost)| cost.min(self.priced[need * self.n + candidate])).collect();
            set.push(candidate);
            self.descend(set, &next, faces + face(self.citizen, candidate, set.len() - 1), &others);
            set.pop();
        }
    }

    /// What the needs cost at least with the set's carers, who are paid for, and any of the rest, and by how much more with each of the rest: dual
    /// ascent (Erlenkotter 1978). Every need offers up to what it costs anyhow; what it offers above a carer's way to it goes towards that
    /// carer's face, and none gets more than the face costs.
    fn least(&self, level: &[i64], n_set: usize, rest: &[usize]) -> (i64, Vec<i64>) {
        let mut left: Vec<i64> = rest.iter().map(|&candidate| face(self.citizen, candidate, n_set)).collect();
        let mut offers: Vec<i64> = level.to_vec();
        for (need, offer) in offers.iter_mut().enumerate() {
            *offer = rest.iter().fold(*offer, |least, &candidate| least.min(self.priced[need * self.n + candidate]));
        }
        let mut rises = true;
        while rises {
            rises = false;
            for (need, offer) in offers.iter_mut().enumerate() {
                // Up to the next carer's way or the set's own, as far as the faces of those below allow.
                let (mut next, mut allowed) = (level[need], i64::MAX);
                for (&candidate, &left) in rest.iter().zip(&left) {
                    let way = self.priced[need * self.n + candidate];
                    if way <= *offer {
                        allowed = allowed.min(left);
                    } else {
                        next = next.min(way);
                    }
                }
                let rise = allowed.min(next.min(DEAR) - *offer);
                if rise > 0 {
                    for (&candidate, left) in rest.iter().zip(&mut left) {
                        if self.priced[need * self.n + candidate] <= *offer {
                            *left -= rise;
                        }
                    }
                    *offer += rise;
                    rises = true;
                }
            }
        }
        (offers.iter().sum(), left)
    }

    /// Whether a candidate can pay a need that nobody pays, or one half of a visit by two for which one carer alone is there.
    fn helps(&self, need: usize, level: &[i64], candidate: usize) -> bool {
        let pays = |need: usize| self.base[need * self.n + candidate] < NEVER;
        pays(need) || (level[need] < NEVER && self.citizen.needs[need].beside.is_some_and(pays))
    }

    /// A need that the set cannot pay, the one with the fewest carers among the rest who can: `Some(None)` where there is none, `None` where the
    /// rest cannot either.
    fn lacking(&self, set: &[usize], level: &[i64], rest: &[usize]) -> Option<Option<usize>> {
        let mut fewest: Option<(usize, usize)> = None;
        for (need, &cost) in level.iter().enumerate() {
            let lacks_second = |other: usize| other > need && level[other] < NEVER && self.by_two(set, need, other) >= NEVER;
            let is_short = cost >= NEVER || self.citizen.needs[need].beside.is_some_and(lacks_second);
            if is_short {
                let who = rest.iter().filter(|&&candidate| self.helps(need, level, candidate)).count();
                if who == 0 {
                    return None;
                }
                if fewest.is_none_or(|(least, _)| who < least) {
                    fewest = Some((who, need));
                }
            }
        }
        Some(fewest.map(|(_, need)| need))
    }

    /// What a visit by two costs with two different carers of the set.
    fn by_two(&self, set: &[usize], first: usize, second: usize) -> i64 {
        self.two(set, first, second).map_or(NEVER, |(price, ..)| price)
    }

    fn two(&self, set: &[usize], first: usize, second: usize) -> Option<(i64, usize, usize)> {
        let mut best: Option<(i64, usize, usize)> = None;
        for &one in set {
            for &other in set {
                let (here, there) = (self.priced[first * self.n + one], self.priced[second * self.n + other]);
                if one != other && here < NEVER && there < NEVER && best.is_none_or(|(price, ..)| here + there < price) {
                    best = Some((here + there, one, other));
                }
            }
        }
        best
    }

    /// What the set costs, [`NEVER`] where it lacks someone.
    fn whole(&self, set: &[usize], level: &[i64], faces: i64) -> i64 {
        let mut sum = faces;
        for (need, &cost) in level.iter().enumerate() {
            let cost = match self.citizen.needs[need].beside {
                None => cost,
                Some(other) if other > need => self.by_two(set, need, other),
                Some(_) => 0,
            };
            if cost >= NEVER {
                return NEVER;
            }
            sum += cost;
        }
        sum
    }

    /// The best set as a pattern.
    fn pattern(mut self) -> Pattern {
        let primary = self.best_primary;
        for (at, (priced, &base)) in self.priced.iter_mut().zip(&self.base).enumerate() {
            *priced = if base == NEVER || at % self.n == primary { base } else { base + self.citizen.not_primary };
        }
        let mut by_need = vec![primary; self.citizen.needs.len()];
        for need in 0..by_need.len() {
            match self.citizen.needs[need].beside {
                None => {
                    by_need[need] = self.best_set.iter().copied().min_by_key(|&candidate| self.priced[need * self.n + candidate]).unwrap_or(primary)
                }
                Some(other) if other > need => {
                    if let Some((_, one, two)) = self.two(&self.best_set, need, other) {
                        (by_need[need], by_need[other]) = (one, two);
                    }
                }
                Some(_) => {}
            }
        }
        let ways = by_need.iter().enumerate().filter_map(|(need, &candidate)| Some((candidate, self.ways[need * self.n + candidate]?)));
        Pattern::of(self.citizen, primary, &ways.collect::<Vec<_>>())
    }
}
