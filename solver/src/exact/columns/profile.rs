//! What a partial route costs by the latest moment at which its last visit has begun: a falling, piecewise linear function over whole ticks
//! (Ioachim, Gélinas, Soumis, Desrosiers 1998, "A dynamic programming algorithm for the shortest path problem with time windows and linear
//! node costs"). One profile stands for all the starts that a sequence of visits may have.
//!
//! A profile is a list of pieces; before the first there is no cost, and the last one is level. Everything is whole numbers.

use super::day::{FORBIDDEN, Leg};
use super::starts::Starts;

/// From here to the next piece: the price at the first moment and its rise per tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: i64,
    pub(super) price: i64,
    pub(super) slope: i64,
}

impl Piece {
    /// The price at a moment of the piece.
    pub(super) fn at(&self, moment: i64) -> i64 {
        self.price.saturating_add(self.slope.saturating_mul(moment - self.from))
    }
}

/// Whoever has not set out yet: nothing spent, whatever the moment.
pub(super) const SETTING_OUT: [Piece; 1] = [Piece { from: 0, price: 0, slope: 0 }];

/// The profile one leg and one start further, written over `into`; empty if the next visit cannot be started any more.
pub(super) fn extend(before: &[Piece], leg: &Leg, starts: &Starts, into: &mut Vec<Piece>) {
    into.clear();
    let pieces = starts.pieces();
    let mut moment = (before[0].from + leg.length).max(pieces[0].from);
    let mut earlier = before.partition_point(|piece| piece.from + leg.length <= moment).max(1) - 1;
    let mut start = pieces.partition_point(|piece| piece.from <= moment).max(1) - 1;
    let floor = least(before) + leg.toll;
    let mut cheapest = FORBIDDEN;
    loop {
        let rest = starts.least_from(start);
        if rest >= FORBIDDEN || floor + rest >= cheapest {
            return;
        }
        let next_earlier = before.get(earlier + 1).map_or(i64::MAX, |piece| piece.from + leg.length);
        let next_start = pieces.get(start + 1).map_or(i64::MAX, |piece| piece.from);
        let until = next_earlier.min(next_start);
        if pieces[start].price < FORBIDDEN {
            let price = before[earlier].at(moment - leg.length) + leg.toll + pieces[start].at(moment);
            lower(into, &mut cheapest, Piece { from: moment, price, slope: before[earlier].slope + pieces[start].slope }, until);
        }
        if until == i64::MAX {
            return;
        }
        earlier += usize::from(next_earlier == until);
        start += usize::from(next_start == until);
        moment = until;
    }
}

/// Lowers a profile by a piece that ends before `until`, where it is below the cheapest so far.
fn lower(into: &mut Vec<Piece>, cheapest: &mut i64, piece: Piece, until: i64) {
    if piece.slope >= 0 {
        if piece.price < *cheapest {
            put(into, Piece { slope: 0, ..piece });
            *cheapest = piece.price;
        }
        return;
    }
    let last = piece.at(until - 1);
    if last < *cheapest {
        let from = if piece.price < *cheapest { piece.from } else { piece.from + (piece.price - *cheapest) / -piece.slope + 1 };
        put(into, Piece { from, price: piece.at(from), slope: piece.slope });
        put(into, Piece { from: until, price: last, slope: 0 });
        *cheapest = last;
    }
}

/// Appends a piece, as part of the last one where it goes on like that.
fn put(into: &mut Vec<Piece>, piece: Piece) {
    let _ = into.pop_if(|last| last.from == piece.from);
    if into.last().is_none_or(|last| last.slope != piece.slope || last.at(piece.from) != piece.price) {
        into.push(piece);
    }
}

/// The least cost of a profile.
pub(super) fn least(profile: &[Piece]) -> i64 {
    profile.last().map_or(FORBIDDEN, |piece| piece.price)
}

/// The cost at a moment that is not before the profile.
pub(super) fn at(profile: &[Piece], moment: i64) -> i64 {
    profile[profile.partition_point(|piece| piece.from <= moment).max(1) - 1].at(moment)
}

/// The first and the last moment at which `one` with a surcharge costs more than `other`; `None` where it never does. `i64::MAX` stands for
/// no last moment.
pub(super) fn dearer(one: &[Piece], surcharge: i64, other: &[Piece]) -> Option<(i64, i64)> {
    let stays_dearer = least(one) + surcharge > least(other);
    let mut span = None;
    let mut moment = other[0].from;
    if one[0].from > moment {
        span = Some((moment, one[0].from - 1));
        moment = one[0].from;
    }
    let mut own = one.partition_point(|piece| piece.from <= moment).max(1) - 1;
    let mut its = other.partition_point(|piece| piece.from <= moment).max(1) - 1;
    loop {
        if stays_dearer && let Some((first, _)) = span {
            return Some((first, i64::MAX));
        }
        let next_own = one.get(own + 1).map_or(i64::MAX, |piece| piece.from);
        let next_its = other.get(its + 1).map_or(i64::MAX, |piece| piece.from);
        let until = next_own.min(next_its);
        let gap = one[own].at(moment) + surcharge - other[its].at(moment);
        let slope = one[own].slope - other[its].slope;
        // Both are level at the end.
        let last = if until == i64::MAX { gap } else { gap + slope * (until - 1 - moment) };
        if gap > 0 || last > 0 {
            let from = if gap > 0 { moment } else { moment + -gap / slope + 1 };
            let to = if last > 0 { if until == i64::MAX { until } else { until - 1 } } else { moment + (gap - slope - 1) / -slope - 1 };
            span = Some((span.map_or(from, |(first, _)| first), to));
        }
        if until == i64::MAX {
            return span;
        }
        own += usize::from(next_own == until);
        its += usize::from(next_its == until);
        moment = until;
    }
}

/// Leaves of a profile what is between two moments: nothing before the first, and no gain after the last.
pub(super) fn clip(profile: &mut Vec<Piece>, first: i64, last: i64) {
    if last < i64::MAX {
        let price = at(profile, last);
        profile.truncate(profile.partition_point(|piece| piece.from <= last));
        if profile.last().is_some_and(|piece| piece.slope < 0) {
            put(profile, Piece { from: last + 1, price, slope: 0 });
        }
    }
    let gone = profile.partition_point(|piece| piece.from <= first).max(1) - 1;
    let _ = profile.drain(..gone);
    if profile[0].from < first {
        profile[0] = Piece { from: first, price: profile[0].at(first), ..profile[0] };
    }
}

/// The first moment at which a profile costs as little as at this one.
pub(super) fn soonest(profile: &[Piece], moment: i64) -> i64 {
    let price = at(profile, moment);
    let mut after = moment;
    for piece in profile.iter().rev().filter(|piece| piece.from <= moment) {
        if piece.price == price {
            after = piece.from;
        } else {
            // Falls to the price within the piece, or jumps to it at the end.
            let within = (piece.slope < 0).then(|| piece.from + (piece.price - price + -piece.slope - 1) / -piece.slope);
            return within.map_or(after, |within| within.min(after));
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    /// Every profile is level from then on.
    const LAST: i64 = 60;

    fn cost(profile: &[Piece], moment: i64) -> i64 {
        if moment < profile[0].from { FORBIDDEN } else { at(profile, moment) }
    }

    /// Random prices of starts, some moments forbidden.
    fn starts(dice: &mut Xoshiro256PlusPlus) -> Starts {
        let mut from: Vec<i64> = (0..dice.random_range(1..6)).map(|_| dice.random_range(0..30)).collect();
        from.sort_unstable();
        from.dedup();
        let last = from[from.len() - 1];
        let piece = |from: i64| match dice.random_range(0..6) {
            0 => Piece { from, price: FORBIDDEN, slope: 0 },
            _ => Piece { from, price: dice.random_range(-20..20), slope: dice.random_range(if from == last { 0..3 } else { -3..3 }) },
        };
        Starts::of(from.into_iter().map(piece).collect())
    }

    /// A profile after a few random legs, and the same by trying every start.
    fn profile(dice: &mut Xoshiro256PlusPlus) -> (Vec<Piece>, Vec<i64>) {
        let (mut profile, mut truth) = (SETTING_OUT.to_vec(), vec![0; LAST as usize]);
        let mut next = Vec::new();
        for _ in 0..dice.random_range(1..4) {
            let (leg, starts) = (Leg { to: 0, length: dice.random_range(0..8), toll: dice.random_range(0..9) }, starts(dice));
            extend(&profile, &leg, &starts, &mut next);
            let mut cheapest = FORBIDDEN;
            truth = (0..LAST)
                .map(|moment| {
                    let price = starts.least_between(moment, moment + 1);
                    if moment >= leg.length && price < FORBIDDEN && truth[(moment - leg.length) as usize] < FORBIDDEN {
                        cheapest = cheapest.min(truth[(moment - leg.length) as usize] + leg.toll + price);
                    }
                    cheapest
                })
                .collect();
            if next.is_empty() {
                break;
            }
            std::mem::swap(&mut profile, &mut next);
        }
        if next.is_empty() { (next, truth) } else { (profile, truth) }
    }

    #[test]
    fn profiles_are_what_trying_every_start_says() {
        let mut compared = 0;
        for seed in 0..2000 {
            let (profile, truth) = profile(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
            if profile.is_empty() {
                assert!(truth.iter().all(|&cost| cost >= FORBIDDEN), "seed {seed}");
                continue;
            }
            assert!((0..LAST).all(|moment| cost(&profile, moment) == truth[moment as usize]), "seed {seed}: {profile:?} is not {truth:?}");
            let moment = profile[0].from + seed as i64 % 20;
            let first = (0..=moment).find(|&other| truth[other as usize] == truth[moment as usize]);
            assert_eq!(Some(soonest(&profile, moment)), first, "seed {seed}: {profile:?}");
            compared += 1;
        }
        assert!(compared > 1000, "{compared} profiles were compared");
    }

    #[test]
    fn what_is_dearer_somewhere_is_found_and_clipped() {
        let (mut never, mut partly) = (0, 0);
        for seed in 0..4000 {
            let dice = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
            let ((one, _), (mut other, _)) = (profile(dice), profile(dice));
            if one.is_empty() || other.is_empty() {
                continue;
            }
            let more = dice.random_range(0..2) * dice.random_range(0..9);
            let worse: Vec<i64> = (other[0].from..2 * LAST).filter(|&moment| cost(&one, moment) + more > cost(&other, moment)).collect();
            let found = dearer(&one, more, &other).map(|(first, last)| (first, last.min(2 * LAST - 1)));
            assert_eq!(found, worse.first().copied().zip(worse.last().copied()), "seed {seed}: {one:?} and {other:?}");
            never += usize::from(found.is_none());
            let Some((first, last)) = dearer(&one, more, &other) else { continue };
            let before = other.clone();
            clip(&mut other, first, last);
            let clipped = |moment: i64| if moment < first { FORBIDDEN } else { cost(&before, moment.min(last)) };
            assert!((0..2 * LAST).all(|moment| cost(&other, moment) == clipped(moment)), "seed {seed}: {before:?} to {other:?}");
            partly += usize::from(first > before[0].from || last < i64::MAX);
        }
        assert!(never > 300 && partly > 300, "{never} never, {partly} partly");
    }
}
