//! What the start of a visit costs by its moment, duals included, as linear pieces.

use super::day::{Day, FORBIDDEN};
use super::duals::{Charges, Duals};
use super::profile::Piece;
use crate::problem::VisitId;

/// The price of a visit's start. Before its first piece nobody may start, and its last one does not fall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Starts {
    pieces: Vec<Piece>,
    /// The least price from the first moment of this piece on.
    least: Vec<i64>,
}

impl Starts {
    /// The prices of a visit's starts, duals included.
    pub(super) fn new(day: &Day<'_>, charges: &Charges, duals: &Duals, visit: VisitId) -> Self {
        let price = |start: i64| match day.start_price(visit, start) {
            FORBIDDEN => FORBIDDEN,
            price => price + charges.of(day, duals, visit, start),
        };
        let opens = day.problem.visits()[visit].windows[0].open.0;
        let mut from: Vec<i64> = day.bends(visit).into_iter().chain(charges.jumps(visit)).filter(|&moment| moment > opens).collect();
        from.push(opens);
        from.sort_unstable();
        from.dedup();
        let mut pieces: Vec<Piece> = Vec::with_capacity(from.len());
        for (at, &first) in from.iter().enumerate() {
            let next = from.get(at + 1).copied();
            let value = price(first);
            let is_long = value < FORBIDDEN && next.is_none_or(|next| next > first + 1);
            let slope = if is_long { price(first + 1) - value } else { 0 };
            // After the last bend nothing falls any more.
            let slope = if next.is_none() { slope.max(0) } else { slope };
            let goes_on = pieces.last().is_some_and(|piece| value < FORBIDDEN && piece.slope == slope && piece.at(first) == value);
            if !goes_on {
                pieces.push(Piece { from: first, price: value, slope });
            }
        }
        Self::of(pieces)
    }

    /// The prices that these pieces say.
    pub(super) fn of(pieces: Vec<Piece>) -> Self {
        let lowest = |(at, piece): (usize, &Piece)| end(&pieces, at).filter(|_| piece.slope < 0).map_or(piece.price, |last| piece.at(last));
        let mut least: Vec<i64> = pieces.iter().enumerate().map(lowest).collect();
        for at in (1..least.len()).rev() {
            least[at - 1] = least[at - 1].min(least[at]);
        }
        Self { pieces, least }
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The least price from the first moment of this piece on.
    pub(super) fn least_from(&self, piece: usize) -> i64 {
        self.least[piece]
    }

    /// The least price at or after a moment.
    pub(super) fn least_after(&self, moment: i64) -> i64 {
        self.least_between(moment, i64::MAX)
    }

    /// The least price of a start from `from` on and before `until`; [`FORBIDDEN`] if there is none.
    pub(super) fn least_between(&self, from: i64, until: i64) -> i64 {
        let first = self.pieces.partition_point(|piece| piece.from <= from).max(1) - 1;
        let mut least = FORBIDDEN;
        for at in first..self.pieces.len() {
            let piece = &self.pieces[at];
            if piece.from >= until {
                break;
            }
            if piece.price < FORBIDDEN {
                let begin = piece.from.max(from);
                let last = end(&self.pieces, at).unwrap_or(begin).min(until - 1).max(begin);
                least = least.min(piece.at(if piece.slope < 0 { last } else { begin }));
            }
        }
        least
    }

    /// The first moment of the last piece.
    pub(super) fn last_bend(&self) -> i64 {
        self.pieces.last().map_or(0, |piece| piece.from)
    }

    /// The last moment at which the price is below `limit`; `i64::MAX` where there is no last, `i64::MIN` where there is none.
    pub(super) fn last_below(&self, limit: i64) -> i64 {
        for (at, piece) in self.pieces.iter().enumerate().rev() {
            let last = end(&self.pieces, at).unwrap_or(i64::MAX);
            if piece.slope <= 0 && piece.at(if piece.slope < 0 { last } else { piece.from }) < limit {
                return last;
            }
            if piece.slope > 0 && piece.price < limit {
                return last.min(piece.from + (limit - 1 - piece.price) / piece.slope);
            }
        }
        i64::MIN
    }
}

/// The last moment of a piece; `None` for the last piece.
fn end(pieces: &[Piece], at: usize) -> Option<i64> {
    pieces.get(at + 1).map(|next| next.from - 1)
}
