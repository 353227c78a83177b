//! What the start of a visit costs, as pieces on which later is never cheaper: someone who is there early has only the first moments of
//! later pieces to wait for.

use super::day::{Day, FORBIDDEN};
use super::duals::{Charges, Duals};
use crate::problem::VisitId;

/// Steps that a stretch is cut into on which later is cheaper.
const STEPS: i64 = 32;

/// From here to the next piece: the price at the first moment and its rise per tick, at least 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    from: i64,
    price: i64,
    slope: i64,
}

/// The price of a visit's start, nowhere above the true one.
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
        let mut pieces = Vec::with_capacity(from.len());
        for (at, &first) in from.iter().enumerate() {
            let next = from.get(at + 1).copied();
            let value = price(first);
            if value == FORBIDDEN {
                pieces.push(Piece { from: first, price: FORBIDDEN, slope: 0 });
                continue;
            }
            let slope = if next.is_none_or(|next| next > first + 1) { price(first + 1) - value } else { 0 };
            match next {
                Some(next) if slope < 0 => {
                    // Each step costs what its last moment does: a little less than the truth, and waiting within it gains nothing.
                    let width = ((next - first + STEPS - 1) / STEPS).max(1);
                    let mut from = first;
                    while from < next {
                        let last = (from + width).min(next) - 1;
                        pieces.push(Piece { from, price: value + slope * (last - first), slope: 0 });
                        from = last + 1;
                    }
                }
                _ => pieces.push(Piece { from: first, price: value, slope: slope.max(0) }),
            }
        }
        let mut least: Vec<i64> = pieces.iter().map(|piece| piece.price).collect();
        for at in (1..least.len()).rev() {
            least[at - 1] = least[at - 1].min(least[at]);
        }
        Self { pieces, least }
    }

    /// The starts worth looking at for someone who is there at `ready`, ascending, each cheaper than all before it, with their prices.
    /// Every start from `ready` on is no earlier and no cheaper than one of them.
    pub(super) fn from(&self, ready: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let mut at = self.pieces.partition_point(|piece| piece.from <= ready).max(1) - 1;
        let mut cheapest = FORBIDDEN;
        std::iter::from_fn(move || {
            while at < self.pieces.len() && self.least[at] < cheapest {
                let piece = &self.pieces[at];
                at += 1;
                let start = ready.max(piece.from);
                // A piece is asked beyond its end only where it is the last.
                let price = piece.price.saturating_add(piece.slope.saturating_mul(start - piece.from)).min(FORBIDDEN);
                if price < cheapest {
                    cheapest = price;
                    return Some((start, price));
                }
            }
            None
        })
    }

    /// The least price of a start from `from` on and before `until`; [`FORBIDDEN`] if there is none.
    pub(super) fn least_between(&self, from: i64, until: i64) -> i64 {
        self.from(from).take_while(|(start, _)| *start < until).last().map_or(FORBIDDEN, |(_, price)| price)
    }

    /// The first moment of the last piece.
    pub(super) fn last_bend(&self) -> i64 {
        self.pieces.last().map_or(0, |piece| piece.from)
    }

    /// The last moment at which the price is below `limit`; `i64::MAX` where there is no last, `i64::MIN` where there is none.
    pub(super) fn last_below(&self, limit: i64) -> i64 {
        let mut until = i64::MAX;
        for piece in self.pieces.iter().rev() {
            if piece.price < limit {
                let rises = (piece.slope > 0).then(|| piece.from + (limit - 1 - piece.price) / piece.slope);
                return rises.unwrap_or(i64::MAX).min(until);
            }
            until = piece.from - 1;
        }
        i64::MIN
    }
}
