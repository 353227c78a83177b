//! The least that the rest of a route can cost, by where and when it goes on: a backward pass over moments rounded down, in which visits
//! may repeat, but not at once there and back. It prunes labels, and by itself it bounds a class where labels run out of time.

use super::day::{Class, FORBIDDEN, Leg};
use super::starts::Starts;

/// Most moments that are told apart.
const MOST_SLOTS: i64 = 700;
/// Next element of a route that goes home, or may go anywhere.
const ANYWHERE: u32 = u32::MAX;

/// The least cost of going on, the next element of who does so, and the least cost with another next element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    cost: i64,
    next: u32,
    other: i64,
}

impl Rest {
    const NONE: Self = Self { cost: FORBIDDEN, next: ANYWHERE, other: FORBIDDEN };

    /// The least cost where some next elements are ruled out.
    pub(super) fn without(&self, is_ruled_out: impl Fn(usize) -> bool) -> i64 {
        if self.next != ANYWHERE && is_ruled_out(self.next as usize) { self.other } else { self.cost }
    }

    fn take(&mut self, cost: i64, next: u32) {
        if next == self.next {
            self.cost = self.cost.min(cost);
        } else if cost < self.cost {
            *self = Self { cost, next, other: self.cost };
        } else {
            self.other = self.other.min(cost);
        }
    }

    /// With this much before it.
    fn after(&self, cost: i64) -> Self {
        Self { cost: sum(cost, self.cost), next: self.next, other: sum(cost, self.other) }
    }
}

/// Lower bounds on what comes after a start or before it. All rise with time.
#[derive(Debug)]
pub(super) struct Completion {
    first: i64,
    width: i64,
    n: usize,
    /// By slot and element: after the element's start.
    after: Vec<Rest>,
    /// By slot and element: before the element's start, for someone who is there. The next element is the one after it.
    ready: Vec<Rest>,
    /// The least cost of any route that is worth being driven, 0 if none is.
    least: i64,
}

impl Completion {
    /// The bounds for a class under these prices of starts, one for each of its elements.
    pub(super) fn new(class: &Class, starts: &[&Starts]) -> Self {
        let n = class.visits.len();
        let first = class.first.iter().map(|leg| leg.length).min().unwrap_or(0);
        let last = last_useful(class, starts, first);
        let width = ((last - first) / MOST_SLOTS).max(1);
        // The last slot is everything from its first moment on.
        let slots = ((last - first) / width + 2) as usize;
        let mut this = Self { first, width, n, after: vec![Rest::NONE; slots * n], ready: vec![Rest::NONE; slots * n], least: 0 };
        for slot in (0..slots).rev() {
            this.fill(class, starts, slot, slots);
        }
        let whole = class.first.iter().map(|leg| sum(leg.toll, this.ready(leg.to, leg.length).cost)).min();
        this.least = whole.unwrap_or(0).min(0);
        this
    }

    fn fill(&mut self, class: &Class, starts: &[&Starts], slot: usize, slots: usize) {
        let n = self.n;
        let is_last = slot + 1 == slots;
        let from = self.first + slot as i64 * self.width;
        let until = if is_last { i64::MAX } else { from + self.width };
        let here: Vec<i64> = starts.iter().map(|starts| starts.least_between(from, until)).collect();
        let later: Vec<Rest> = (0..n).map(|to| if is_last { Rest::NONE } else { self.ready[(slot + 1) * n + to] }).collect();
        let stays = |leg: &Leg| is_last || leg.length < self.width;
        let mut after: Vec<Rest> = Vec::with_capacity(n);
        for element in 0..n {
            let mut rest = Rest::NONE;
            rest.take(home(class, element, from), ANYWHERE);
            for leg in class.legs[element].iter().filter(|leg| !stays(leg)) {
                let cost = self.ready(leg.to, from + leg.length).without(|next| next == element);
                rest.take(sum(leg.toll, cost), leg.to as u32);
            }
            after.push(rest);
        }
        // Legs that stay within the slot: whatever visits are strung together in it, each is worth its least price at most once.
        if class.legs.iter().flatten().any(stays) {
            let string: i64 = here.iter().map(|&price| price.min(0)).sum();
            let exit = after.iter().chain(&later).map(|rest| rest.cost).min().unwrap_or(FORBIDDEN);
            for (element, rest) in after.iter_mut().enumerate() {
                let toll = class.legs[element].iter().filter(|leg| stays(leg)).map(|leg| leg.toll).min();
                if let Some(toll) = toll {
                    let cost = sum(toll, sum(string, exit));
                    *rest =
                        Rest { cost: rest.cost.min(cost), next: if cost < rest.cost { ANYWHERE } else { rest.next }, other: rest.other.min(cost) };
                }
            }
        }
        for element in 0..n {
            let mut rest = later[element];
            let now = after[element].after(here[element]);
            rest.take(now.cost, now.next);
            rest.other = if now.next == rest.next { rest.other.min(now.other) } else { rest.other.min(now.cost.min(now.other)) };
            self.ready[slot * n + element] = rest;
            self.after[slot * n + element] = after[element];
        }
    }

    /// The least that can follow a start of this element.
    pub(super) fn after(&self, element: usize, start: i64) -> &Rest {
        &self.after[self.slot(start) * self.n + element]
    }

    /// The least that can follow being at this element, its own start included.
    pub(super) fn ready(&self, element: usize, moment: i64) -> &Rest {
        &self.ready[self.slot(moment) * self.n + element]
    }

    /// No route of the class costs less; 0 stands for no route.
    pub(super) fn least(&self) -> i64 {
        self.least
    }

    /// The last moment after which the least is the same as after this one.
    pub(super) fn last_like(&self, moment: i64) -> i64 {
        let slots = self.after.len() / self.n.max(1);
        let slot = self.slot(moment);
        if slot + 1 == slots { i64::MAX } else { self.first + (slot as i64 + 1) * self.width - 1 }
    }

    fn slot(&self, moment: i64) -> usize {
        let slots = self.after.len() / self.n.max(1);
        (((moment - self.first).max(0) / self.width) as usize).min(slots.max(1) - 1)
    }
}

/// After this moment no start is worth its price, where there is such a moment.
fn last_useful(class: &Class, starts: &[&Starts], first: i64) -> i64 {
    let useful = starts.iter().map(|starts| match starts.last_below(0) {
        i64::MAX => starts.last_bend() + 1,
        last => last,
    });
    useful.max().unwrap_or(first).min(class.latest_return.unwrap_or(i64::MAX)).max(first) + 1
}

/// Sum of a price and one that may be forbidden.
fn sum(price: i64, rest: i64) -> i64 {
    if price >= FORBIDDEN || rest >= FORBIDDEN { FORBIDDEN } else { price + rest }
}

/// The end of a route after an element's start.
pub(super) fn home(class: &Class, element: usize, start: i64) -> i64 {
    let leg = &class.home[element];
    let back = start + leg.length;
    if leg.toll >= FORBIDDEN || class.latest_return.is_some_and(|latest| back > latest) {
        FORBIDDEN
    } else {
        leg.toll + class.overtime * (back - class.end).max(0)
    }
}
