//! One citizen's pattern for the horizon, and the cheapest one at given prices: facility location with a price on every carer who comes at all,
//! by branch and bound over the carers who come.

use super::ascent::Bound;
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
pub(super) const NEVER: i64 = i64::MAX / 4;
/// More than any visit costs; many of them still have a sum.
pub(super) const DEAR: i64 = 1 << 50;

/// The cheapest pattern at prices by row, by its cost and what its rows are worth, and what no pattern costs less than: the same, unless there were
/// more sets of carers to look into than `most_sets`. Begins with the carers of a `known` pattern: the cheaper that one is, the sooner others are
/// out of the question.
pub(super) fn cheapest(citizen: &Citizen, prices: &[i64], known: Option<&Pattern>, most_sets: usize) -> (Pattern, i64) {
    let mut search = Search::new(citizen, prices, most_sets);
    if let Some(known) = known {
        search.look_at(known);
    }
    search.leave_out();
    for primary in search.primaries() {
        search.from(primary);
    }
    let least = search.best.min(search.unseen);
    (search.pattern(), least)
}

/// What is paid at once: a visit, or the two halves of a visit by two, which two carers pay.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    need: usize,
    pub(super) other: Option<usize>,
}

/// What the cheapest of a set's carers takes for a unit, and the next one; [`NEVER`] where there is none.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) least: i64,
    pub(super) next: i64,
}

impl Level {
    const NOBODY: Self = Self { least: NEVER, next: NEVER };

    fn with(self, price: i64) -> Self {
        Self { least: self.least.min(price), next: self.next.min(self.least.max(price)) }
    }
}

pub(super) struct Search<'a> {
    pub(super) citizen: &'a Citizen,
    /// Number of candidates.
    pub(super) n: usize,
    pub(super) units: Vec<Unit>,
    /// Candidates who may come in a pattern that is better than the best.
    open: Vec<usize>,
    /// Row-major need × candidate: the cheapest way and its price.
    ways: Vec<Option<&'a Way>>,
    base: Vec<i64>,
    /// Row-major unit × candidate: the price of the cheaper half.
    of_unit: Vec<i64>,
    /// By unit, the candidates who can pay it, the cheapest first.
    pub(super) order: Vec<Vec<usize>>,
    /// The primary, and what every other one takes more for a visit; nobody and 0 where that is left open.
    primary: Option<usize>,
    more: i64,
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
        let units: Vec<Unit> = (0..citizen.needs.len())
            .map(|need| Unit { need, other: citizen.needs[need].beside })
            .filter(|unit| unit.other.is_none_or(|other| other > unit.need))
            .collect();
        let cheaper = |unit: &Unit, candidate: usize| {
            let price = |need: usize| base[need * n + candidate];
            unit.other.map_or(NEVER, price).min(price(unit.need))
        };
        let of_unit: Vec<i64> =
            units.iter().flat_map(|unit| (0..n).map(move |candidate| (unit, candidate))).map(|(unit, at)| cheaper(unit, at)).collect();
        let order = of_unit.chunks_exact(n).map(|prices| {
            let mut able: Vec<usize> = (0..n).filter(|&candidate| prices[candidate] < NEVER).collect();
            able.sort_unstable_by_key(|&candidate| prices[candidate]);
            able
        });
        Self {
            citizen,
            n,
            units,
            open: (0..n).collect(),
            ways,
            base,
            order: order.collect(),
            of_unit,
            primary: None,
            more: 0,
            best: NEVER,
            best_set: Vec::new(),
            best_primary: 0,
            sets_left: most_sets,
            unseen: NEVER,
        }
    }

    /// Looks at the set of carers of a pattern.
    fn look_at(&mut self, known: &Pattern) {
        let mut set: Vec<usize> = known.ways.iter().map(|&(candidate, _)| candidate).collect();
        set.sort_unstable();
        set.dedup();
        for first in 0..set.len() {
            set.swap(0, first);
            self.lead(set[0]);
            let mut level = vec![Level::NOBODY; self.units.len()];
            set.iter().for_each(|&candidate| level = self.joined(&level, candidate));
            let faces = set.iter().enumerate().map(|(nth, &candidate)| face(self.citizen, candidate, nth)).sum();
            self.keep_if_better(&set, &level, faces);
        }
    }

    /// Leaves out whoever makes every pattern dearer than the best, whoever the primary is.
    fn leave_out(&mut self) {
        (self.primary, self.more) = (None, 0);
        let mut bound = Bound::new(self, &vec![Level::NOBODY; self.units.len()], 0, &self.open);
        bound.rise(None);
        bound.adjust();
        let paid = |candidate: usize| (0..self.units.len()).filter(|unit| self.of_unit[unit * self.n + candidate] < NEVER).count();
        // Nobody can be the primary of more than this.
        let most = self.open.iter().map(|&candidate| paid(candidate)).max().unwrap_or(0);
        let least = bound.least() + self.citizen.not_primary * self.citizen.needs.len().saturating_sub(most) as i64;
        let left = bound.left;
        self.open.retain(|&candidate| least + left[candidate] < self.best);
    }

    /// Prices with this primary.
    fn lead(&mut self, primary: usize) {
        (self.primary, self.more) = (Some(primary), self.citizen.not_primary);
    }

    /// What a carer takes more than their way's price.
    fn more(&self, candidate: usize) -> i64 {
        if self.primary == Some(candidate) { 0 } else { self.more }
    }

    /// What a carer takes for a need, and at least for a unit; [`NEVER`] or more where they cannot.
    fn price(&self, need: usize, candidate: usize) -> i64 {
        self.base[need * self.n + candidate] + self.more(candidate)
    }

    pub(super) fn unit_price(&self, unit: usize, candidate: usize) -> i64 {
        (self.of_unit[unit * self.n + candidate] + self.more(candidate)).min(NEVER)
    }

    /// The levels with one more carer.
    fn joined(&self, level: &[Level], candidate: usize) -> Vec<Level> {
        level.iter().enumerate().map(|(unit, level)| level.with(self.unit_price(unit, candidate))).collect()
    }

    fn keep_if_better(&mut self, set: &[usize], level: &[Level], faces: i64) {
        let whole = self.whole(set, level, faces);
        if whole < self.best {
            self.best = whole;
            self.best_set = set.to_vec();
            self.best_primary = set[0];
        }
    }

    /// Candidates in the order of what they would cost alone, visits that they cannot pay aside.
    fn primaries(&self) -> Vec<usize> {
        let alone = |candidate: usize| {
            let paid = self.citizen.needs.iter().enumerate().map(|(need, _)| self.base[need * self.n + candidate]).filter(|&price| price < NEVER);
            let (count, sum) = paid.fold((0i64, 0), |(count, sum), price| (count + 1, sum + price));
            (-count, sum, candidate)
        };
        let mut order = self.open.clone();
        order.sort_by_key(|&candidate| alone(candidate));
        order
    }

    fn from(&mut self, primary: usize) {
        self.lead(primary);
        let level = self.joined(&vec![Level::NOBODY; self.units.len()], primary);
        let rest: Vec<usize> = self.open.iter().copied().filter(|&candidate| candidate != primary).collect();
        let face = face(self.citizen, primary, 0);
        self.descend(&mut vec![primary], &level, face, &rest);
    }

    /// Looks at a set of carers, the first of whom is the primary, and at all sets that add some of the rest. `level` is what each unit costs with
    /// the set, each for itself.
    fn descend(&mut self, set: &mut Vec<usize>, level: &[Level], faces: i64, rest: &[usize]) {
        self.keep_if_better(set, level, faces);
        let Some(lacking) = self.lacking(set, level, rest) else { return };
        let mut bound = Bound::new(self, level, set.len(), rest);
        bound.rise(None);
        let (least, left) = (faces + bound.least(), bound.left);
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
            let saved = |(unit, level): (usize, &Level)| {
                let with = level.with(self.unit_price(unit, candidate));
                let next = if self.units[unit].other.is_some() { level.next.min(DEAR) - with.next.min(DEAR) } else { 0 };
                level.least.min(DEAR) - with.least.min(DEAR) + next
            };
            level.iter().enumerate().map(saved).sum()
        };
        let mut order: Vec<(i64, usize)> =
            rest.iter().filter(|&&candidate| least + left[candidate] < self.best).map(|&candidate| (saved(candidate), candidate)).collect();
        order.sort_by_key(|&(saved, candidate)| (std::cmp::Reverse(saved), candidate));
        let mut others: Vec<usize> = order.iter().map(|&(_, candidate)| candidate).collect();
        for (_, candidate) in order {
            if lacking.is_some_and(|unit| self.of_unit[unit * self.n + candidate] >= NEVER) {
                continue;
            }
            // Sets with this one are looked at here, and nowhere after.
            others.retain(|&other| other != candidate);
            let next = self.joined(level, candidate);
            set.push(candidate);
            self.descend(set, &next, faces + face(self.citizen, candidate, set.len() - 1), &others);
            set.pop();
        }
    }

    /// A unit that the set cannot pay, the one with the fewest carers among the rest who can help: `Some(None)` where there is none, `None` where
    /// the rest cannot either.
    fn lacking(&self, set: &[usize], level: &[Level], rest: &[usize]) -> Option<Option<usize>> {
        let mut fewest: Option<(usize, usize)> = None;
        for (at, (unit, level)) in self.units.iter().zip(level).enumerate() {
            let is_short = match unit.other {
                None => level.least >= NEVER,
                Some(other) => self.two(set, unit.need, other).is_none(),
            };
            if is_short {
                let who = rest.iter().filter(|&&candidate| self.of_unit[at * self.n + candidate] < NEVER).count();
                if who == 0 {
                    return None;
                }
                if fewest.is_none_or(|(least, _)| who < least) {
                    fewest = Some((who, at));
                }
            }
        }
        Some(fewest.map(|(_, unit)| unit))
    }

    /// What a visit by two costs with two different carers of the set, and who they are.
    fn two(&self, set: &[usize], first: usize, second: usize) -> Option<(i64, usize, usize)> {
        let mut best: Option<(i64, usize, usize)> = None;
        for &one in set {
            for &other in set {
                let (here, there) = (self.price(first, one), self.price(second, other));
                if one != other && here < NEVER && there < NEVER && best.is_none_or(|(price, ..)| here + there < price) {
                    best = Some((here + there, one, other));
                }
            }
        }
        best
    }

    /// What the set costs, [`NEVER`] where it lacks someone.
    fn whole(&self, set: &[usize], level: &[Level], faces: i64) -> i64 {
        let mut sum = faces;
        for (unit, level) in self.units.iter().zip(level) {
            let cost = match unit.other {
                None => level.least,
                Some(other) => self.two(set, unit.need, other).map_or(NEVER, |(price, ..)| price),
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
        self.lead(primary);
        let mut by_need = vec![primary; self.citizen.needs.len()];
        for unit in &self.units {
            match unit.other {
                None => {
                    by_need[unit.need] = self.best_set.iter().copied().min_by_key(|&candidate| self.price(unit.need, candidate)).unwrap_or(primary)
                }
                Some(other) => {
                    if let Some((_, one, two)) = self.two(&self.best_set, unit.need, other) {
                        (by_need[unit.need], by_need[other]) = (one, two);
                    }
                }
            }
        }
        let ways = by_need.iter().enumerate().filter_map(|(need, &candidate)| Some((candidate, self.ways[need * self.n + candidate]?)));
        Pattern::of(self.citizen, primary, &ways.collect::<Vec<_>>())
    }
}
