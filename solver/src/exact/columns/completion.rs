//! The least that the rest of a route can cost, by where and when it goes on: a backward pass over moments rounded down, in which visits
//! may repeat. It prunes labels, and by itself it bounds a class where labels run out of time.

use super::day::{Class, FORBIDDEN, Leg};
use super::starts::Starts;

/// Most moments that are told apart.
const MOST_SLOTS: i64 = 900;

/// Lower bounds on what comes after a start. Both rise with time.
#[derive(Debug)]
pub(super) struct Completion {
    first: i64,
    width: i64,
    n: usize,
    /// By slot and element: after the element's start.
    after: Vec<i64>,
    /// The least cost of any route that is worth being driven, 0 if none is.
    least: i64,
}

impl Completion {
    /// The bounds for a class under these prices of starts, one for each of its elements.
    pub(super) fn new(class: &Class, starts: &[&Starts]) -> Self {
        let n = class.visits.len();
        let first = class.first.iter().map(|leg| leg.length).min().unwrap_or(0);
        let bend = starts.iter().map(|starts| starts.last_bend()).max().unwrap_or(first) + 1;
        let useful = starts.iter().map(|starts| starts.last_below(0)).filter(|&last| last < i64::MAX).max().unwrap_or(first);
        let endless = starts.iter().any(|starts| starts.last_below(0) == i64::MAX);
        let last = useful.max(if endless { bend } else { first }).min(class.latest_return.unwrap_or(i64::MAX)).max(first) + 1;
        let width = ((last - first) / MOST_SLOTS).max(1);
        // The last slot is everything from its first moment on.
        let slots = ((last - first) / width + 2) as usize;
        let mut this = Self { first, width, n, after: vec![FORBIDDEN; slots * n], least: 0 };
        let any_short = class.legs.iter().flatten().any(|leg| leg.length < width);
        let mut ready = vec![FORBIDDEN; slots * n];
        for slot in (0..slots).rev() {
            let (from, until) = (first + slot as i64 * width, if slot + 1 == slots { i64::MAX } else { first + (slot as i64 + 1) * width });
            let here: Vec<i64> = starts.iter().map(|starts| starts.least_between(from, until)).collect();
            let home: Vec<i64> = (0..n).map(|element| home(class, element, from)).collect();
            let later: Vec<i64> = (0..n).map(|to| ready.get((slot + 1) * n + to).copied().unwrap_or(FORBIDDEN)).collect();
            // Legs that stay within the slot: whatever visits are strung together in it, each is worth its least price at most once.
            let string: i64 = here.iter().map(|&price| price.min(0)).sum();
            let stays = |leg: &Leg| this.slot(from.saturating_add(leg.length)) <= slot;
            let leaves = |element: usize, ready: &[i64]| {
                let legs = class.legs[element].iter().filter(|leg| !stays(leg));
                legs.map(|leg| sum(leg.toll, ready[this.slot(from + leg.length) * n + leg.to])).min().unwrap_or(FORBIDDEN).min(home[element])
            };
            let mut after: Vec<i64> = (0..n).map(|element| leaves(element, &ready)).collect();
            if any_short || slot + 1 == slots {
                let exit = after.iter().copied().chain(later.iter().copied()).min().unwrap_or(FORBIDDEN);
                for (element, after) in after.iter_mut().enumerate() {
                    let toll = class.legs[element].iter().filter(|leg| stays(leg)).map(|leg| leg.toll).min();
                    *after = (*after).min(toll.map_or(FORBIDDEN, |toll| sum(toll, sum(string, exit))));
                }
            }
            for element in 0..n {
                ready[slot * n + element] = later[element].min(sum(here[element], after[element]));
                this.after[slot * n + element] = after[element];
            }
        }
        let whole = class.first.iter().map(|leg| sum(leg.toll, ready[this.slot(leg.length) * n + leg.to])).min();
        this.least = whole.unwrap_or(0).min(0);
        this
    }

    /// The least that can follow a start of this element.
    pub(super) fn after(&self, element: usize, start: i64) -> i64 {
        self.after[self.slot(start) * self.n + element]
    }

    /// No route of the class costs less; 0 stands for no route.
    pub(super) fn least(&self) -> i64 {
        self.least
    }

    fn slot(&self, moment: i64) -> usize {
        let slots = self.after.len() / self.n.max(1);
        (((moment - self.first).max(0) / self.width) as usize).min(slots.max(1) - 1)
    }
}

/// Sum of a price and one that may be forbidden.
fn sum(price: i64, rest: i64) -> i64 {
    if price >= FORBIDDEN || rest >= FORBIDDEN { FORBIDDEN } else { price + rest }
}

/// The end of a route after an element's start.
pub(super) fn home(class: &Class, element: usize, start: i64) -> i64 {
    let leg = &class.home[element];
    let back = start + leg.length;
    if class.latest_return.is_some_and(|latest| back > latest) { FORBIDDEN } else { leg.toll + class.overtime * (back - class.end).max(0) }
}
