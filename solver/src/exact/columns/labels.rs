//! Pricing of one class: routes of least reduced cost by label setting over ng-routes (Baldacci, Mingozzi, Roberti 2011,
//! doi:10.1287/opre.1110.0975), with waiting where a later start is cheaper.

use super::completion::{Completion, home};
use super::day::Class;
use super::set::Set;
use super::starts::Starts;
use crate::stop::Watch;

/// How thorough pricing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Elementary routes; of two labels at a visit the cheaper and earlier one stays, whatever they have visited.
    Quick,
    /// Every elementary route counts, and those that return to a visit after leaving its neighbourhood of this size.
    Exact { neighbours: usize },
}

/// A route of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) elements: Vec<usize>,
    pub(super) starts: Vec<i64>,
    /// In units, duals included.
    pub(super) reduced_cost: i64,
}

/// What pricing found.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// No route of the class has a smaller reduced cost; 0 stands for no route.
    pub(super) least: i64,
    /// Routes of negative reduced cost, best first, at most one for each last visit.
    pub(super) paths: Vec<Path>,
}

/// Labels that one call may make.
const MOST_LABELS: usize = 2_000_000;
const MOST_QUICK_LABELS: usize = 150_000;
/// Of the starts worth looking at, quick pricing looks at every fourth from the first on.
const QUICK_STEP: usize = 4;
/// Labels between two looks at the clock.
const PATIENCE: usize = 1 << 14;
/// Time slots of the queue.
const SLOTS: usize = 1024;

/// A partial route: there at an element and ready, or with its service begun.
#[derive(Clone, Copy, Debug)]
struct Label<const W: usize> {
    cost: i64,
    /// When it is ready, or has begun.
    moment: i64,
    load: i64,
    memory: Set<W>,
    element: u32,
    /// The label of the element before, begun.
    parent: u32,
    has_begun: bool,
    is_alive: bool,
}

/// Where a label stands among those of its element and kind: the list is sorted by cost.
#[derive(Clone, Copy, Debug)]
struct Entry<const W: usize> {
    cost: i64,
    moment: i64,
    load: i64,
    memory: Set<W>,
    label: u32,
}

const NO_PARENT: u32 = u32::MAX;

/// Prices one class. `starts` has the prices of starts by element, `completion` is made from them. The routes found are those that a search
/// for the best one meets: with `breadth` 1 only little more than the best, with less more of them.
pub(super) fn price(class: &Class, starts: &[&Starts], completion: &Completion, level: Level, breadth: f64, watch: &Watch) -> Priced {
    match class.visits.len() {
        0..=64 => Pricer::<1>::new(class, starts, completion, level).run(breadth, watch),
        65..=128 => Pricer::<2>::new(class, starts, completion, level).run(breadth, watch),
        129..=256 => Pricer::<4>::new(class, starts, completion, level).run(breadth, watch),
        _ => Pricer::<{ MOST_ELEMENTS / 64 }>::new(class, starts, completion, level).run(breadth, watch),
    }
}

/// Visits that a class may have.
pub(super) const MOST_ELEMENTS: usize = 512;

struct Pricer<'a, const W: usize> {
    class: &'a Class,
    starts: &'a [&'a Starts],
    completion: &'a Completion,
    is_quick: bool,
    /// What a label remembers when it comes to an element, and what it adds.
    keep: Vec<Set<W>>,
    add: Vec<Set<W>>,
    labels: Vec<Label<W>>,
    /// By element: labels that are ready, and those that have begun.
    ready: Vec<Vec<Entry<W>>>,
    begun: Vec<Vec<Entry<W>>>,
    queue: Vec<Vec<u32>>,
    slot_width: i64,
    first: i64,
    /// Least cost of a whole route by its last element, with its label.
    best: Vec<(i64, u32)>,
    least: i64,
}

impl<'a, const W: usize> Pricer<'a, W> {
    fn new(class: &'a Class, starts: &'a [&'a Starts], completion: &'a Completion, level: Level) -> Self {
        let n = class.visits.len();
        let keep = match level {
            Level::Quick => vec![Set::ALL; n],
            Level::Exact { neighbours } => neighbourhoods(class, neighbours).iter().map(|near| Set::of(near)).collect(),
        };
        let first = class.first.iter().map(|leg| leg.length).min().unwrap_or(0);
        let last = starts.iter().map(|starts| starts.last_bend()).max().unwrap_or(first).max(first);
        Self {
            class,
            starts,
            completion,
            is_quick: level == Level::Quick,
            keep,
            add: class.rivals.iter().map(|rivals| Set::of(rivals)).collect(),
            labels: Vec::new(),
            ready: vec![Vec::new(); n],
            begun: vec![Vec::new(); n],
            queue: vec![Vec::new(); SLOTS],
            slot_width: ((last - first) / (SLOTS as i64 - 1)).max(1),
            first,
            best: vec![(0, NO_PARENT); n],
            least: 0,
        }
    }

    fn run(mut self, breadth: f64, watch: &Watch) -> Priced {
        for at in 0..self.class.first.len() {
            let leg = self.class.first[at];
            self.arrive(leg.to, leg.length, leg.toll, 0, Set::EMPTY, NO_PARENT, breadth);
        }
        let most = if self.is_quick { MOST_QUICK_LABELS } else { MOST_LABELS };
        let mut done = 0;
        for slot in 0..SLOTS {
            // Legs may be shorter than a slot, so a slot can grow while it is worked on.
            while let Some(id) = self.queue[slot].pop() {
                done += 1;
                if self.labels.len() > most || done % PATIENCE == 0 && watch.is_over() {
                    return Priced { least: self.completion.least(), paths: self.paths() };
                }
                let label = self.labels[id as usize];
                if label.is_alive && label.has_begun {
                    self.leave(id, label, breadth);
                } else if label.is_alive {
                    self.begin(label, breadth);
                }
            }
        }
        Priced { least: if self.is_quick { self.completion.least() } else { self.least }, paths: self.paths() }
    }

    /// Labels that cannot end below this are dropped.
    fn threshold(&self, breadth: f64) -> i64 {
        if breadth >= 1.0 { self.least } else { (self.least as f64 * breadth) as i64 }
    }

    /// From a service to the next elements.
    fn leave(&mut self, id: u32, label: Label<W>, breadth: f64) {
        let element = label.element as usize;
        let rest = self.completion.after(element, label.moment).without(|next| label.memory.has(next));
        if label.cost + rest >= self.threshold(breadth) {
            return;
        }
        for at in 0..self.class.legs[element].len() {
            let leg = self.class.legs[element][at];
            if !label.memory.has(leg.to) {
                self.arrive(leg.to, label.moment + leg.length, label.cost + leg.toll, label.load, label.memory, id, breadth);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a label in the making")]
    fn arrive(&mut self, element: usize, moment: i64, cost: i64, load: i64, memory: Set<W>, parent: u32, breadth: f64) {
        let memory = memory.keep_and_add(&self.keep[element], &self.add[element]);
        if cost + self.completion.ready(element, moment).without(|next| memory.has(next)) >= self.threshold(breadth) {
            return;
        }
        let load = match self.class.capacity {
            Some(capacity) => {
                let load = load + self.class.load[element];
                if load > capacity {
                    return;
                }
                load
            }
            None => 0,
        };
        let _ = self.add(Label { cost, moment, load, memory, element: element as u32, parent, has_begun: false, is_alive: true });
    }

    /// From being ready to the starts worth looking at.
    fn begin(&mut self, label: Label<W>, breadth: f64) {
        let element = label.element as usize;
        let starts = self.starts[element];
        for (moment, price) in starts.from(label.moment).step_by(if self.is_quick { QUICK_STEP } else { 1 }) {
            let cost = label.cost + price;
            let rest = self.completion.after(element, moment).without(|next| label.memory.has(next));
            if cost + rest >= self.threshold(breadth) {
                continue;
            }
            let Some(id) = self.add(Label { cost, moment, has_begun: true, ..label }) else { continue };
            let whole = cost + home(self.class, element, moment);
            if whole < self.best[element].0 {
                self.best[element] = (whole, id);
                self.least = self.least.min(whole);
            }
        }
    }

    /// Adds a label unless another of its element and kind is at least as good in everything; drops those it is as good as.
    fn add(&mut self, label: Label<W>) -> Option<u32> {
        let id = self.labels.len() as u32;
        let entry = Entry { cost: label.cost, moment: label.moment, load: label.load, memory: label.memory, label: id };
        let fronts = if label.has_begun { &mut self.begun } else { &mut self.ready };
        let front = &mut fronts[label.element as usize];
        let quick = self.is_quick;
        let covers = |a: &Entry<W>, b: &Entry<W>| a.moment <= b.moment && a.load <= b.load && (quick || a.memory.is_subset(&b.memory));
        let end = front.partition_point(|other| other.cost <= entry.cost);
        // Quick fronts without loads fall in time as they rise in cost: only the last that is as cheap can cover.
        let first = if quick && self.class.capacity.is_none() { end.saturating_sub(1) } else { 0 };
        if front[first..end].iter().any(|other| covers(other, &entry)) {
            return None;
        }
        let mut kept = end;
        for at in end..front.len() {
            if covers(&entry, &front[at]) {
                self.labels[front[at].label as usize].is_alive = false;
            } else {
                front[kept] = front[at];
                kept += 1;
            }
        }
        front.truncate(kept);
        front.insert(end, entry);
        self.labels.push(label);
        let slot = ((label.moment - self.first) / self.slot_width).clamp(0, SLOTS as i64 - 1);
        self.queue[slot as usize].push(id);
        Some(id)
    }

    fn paths(&self) -> Vec<Path> {
        let mut best: Vec<(i64, u32)> = self.best.iter().copied().filter(|(cost, label)| *cost < 0 && *label != NO_PARENT).collect();
        best.sort_unstable();
        best.iter().map(|&(reduced_cost, label)| self.path(reduced_cost, label)).collect()
    }

    fn path(&self, reduced_cost: i64, label: u32) -> Path {
        let (mut elements, mut starts) = (Vec::new(), Vec::new());
        let mut at = label;
        while at != NO_PARENT {
            let label = &self.labels[at as usize];
            elements.push(label.element as usize);
            starts.push(label.moment);
            at = label.parent;
        }
        elements.reverse();
        starts.reverse();
        Path { elements, starts, reduced_cost }
    }
}

/// For each element those that it remembers: its rivals, the nearest by the shortest time to be back, and everything that can be reached
/// from it and back in no time at all, so that no route goes round in circles for ever.
fn neighbourhoods(class: &Class, size: usize) -> Vec<Vec<usize>> {
    let n = class.visits.len();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut there = vec![i64::MAX; n * n];
    for (from, legs) in class.legs.iter().enumerate() {
        for leg in legs {
            there[from * n + leg.to] = leg.length;
        }
    }
    for element in 0..n {
        let mut others: Vec<(i64, usize)> = (0..n)
            .filter(|&other| other != element)
            .map(|other| (there[element * n + other].saturating_add(there[other * n + element]), other))
            .collect();
        others.sort_unstable();
        near[element] = others.iter().take(size).map(|&(_, other)| other).collect();
        near[element].extend(&class.rivals[element]);
    }
    for group in timeless_groups(class) {
        for &element in &group {
            near[element].extend(&group);
        }
    }
    for near in &mut near {
        near.sort_unstable();
        near.dedup();
    }
    near
}

/// Elements tied together by legs that take no time.
fn timeless_groups(class: &Class) -> Vec<Vec<usize>> {
    let n = class.visits.len();
    let mut group: Vec<usize> = (0..n).collect();
    for (from, legs) in class.legs.iter().enumerate() {
        for leg in legs.iter().filter(|leg| leg.length == 0) {
            let (a, b) = (group[from], group[leg.to]);
            if a != b {
                group.iter_mut().filter(|group| **group == b).for_each(|group| *group = a);
            }
        }
    }
    (0..n).map(|root| (0..n).filter(|&element| group[element] == root).collect::<Vec<_>>()).filter(|group| group.len() > 1).collect()
}
