//! Pricing of one class: routes of least reduced cost by label setting over ng-routes (Baldacci, Mingozzi, Roberti 2011,
//! doi:10.1287/opre.1110.0975). A label is a sequence of visits with all the starts that it may have, as a [`profile`].

use super::completion::{Completion, home};
use super::day::{Class, FORBIDDEN, Leg};
use super::duals::MOST_PRICED_CUTS;
use super::neighbourhoods::neighbourhoods;
use super::profile::{self, Piece};
use super::set::Set;
use super::starts::Starts;
use crate::stop::Watch;

/// How thorough pricing is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level<'a> {
    /// Elementary routes along the legs that look best; of two labels at a visit the cheaper one stays, whatever they have visited beyond
    /// a neighbourhood of this size.
    Quick {
        /// Of the neighbourhood.
        neighbours: usize,
    },
    /// Every elementary route counts, and those that return to a visit after leaving its neighbourhood of this size.
    Exact {
        /// Of the neighbourhood.
        neighbours: usize,
        /// What the rest of a route costs at least.
        completion: &'a Completion,
        /// Share of the least reduced cost below which a label is still followed: with 1 only little more than the best route is met,
        /// with less more.
        breadth: f64,
    },
}

/// A route of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) elements: Vec<usize>,
    pub(super) starts: Vec<i64>,
    /// In units, duals included.
    pub(super) reduced_cost: i64,
}

/// What a class pays for each second time that a route serves one of these elements.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) elements: Vec<usize>,
    pub(super) price: i64,
}

/// Which cuts a route has met an odd number of times.
type Cuts = Set<{ MOST_PRICED_CUTS / 64 }>;

/// What pricing found.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// No route of the class has a smaller reduced cost; 0 stands for no route. `None` where pricing was not thorough enough to know.
    pub(super) least: Option<i64>,
    /// Routes of negative reduced cost, best first, at most one for each last visit.
    pub(super) paths: Vec<Path>,
}

/// Labels that one call may make.
const MOST_LABELS: usize = 2_000_000;
const MOST_QUICK_LABELS: usize = 12_000;
/// Legs out of a visit that quick pricing looks at.
const QUICK_LEGS: usize = 24;
/// Labels between two looks at the clock.
const PATIENCE: usize = 1 << 12;
/// Time slots of the queue.
const SLOTS: usize = 1024;

/// A partial route.
#[derive(Clone, Copy, Debug)]
struct Label<const W: usize> {
    memory: Set<W>,
    odd: Cuts,
    load: i64,
    /// Where its profile is.
    first_piece: usize,
    n_pieces: u32,
    element: u32,
    /// The label of the element before.
    parent: u32,
    is_alive: bool,
}

/// What decides most comparisons of labels. Those of an element are sorted by cost.
#[derive(Clone, Copy, Debug)]
struct Entry<const W: usize> {
    /// The least of its profile, and the first moment of it.
    cost: i64,
    moment: i64,
    load: i64,
    /// What counts of what it remembers.
    memory: Set<W>,
    odd: Cuts,
    label: u32,
}

const NO_PARENT: u32 = u32::MAX;

/// Prices one class. `starts` has the prices of starts by element, `cuts` those of meeting elements again, at most [`MOST_PRICED_CUTS`].
pub(super) fn price(class: &Class, starts: &[&Starts], cuts: &[Cut], level: Level<'_>, watch: &Watch) -> Priced {
    match class.visits.len() {
        0..=64 => Pricer::<1>::new(class, starts, cuts, level).run(watch),
        65..=128 => Pricer::<2>::new(class, starts, cuts, level).run(watch),
        129..=256 => Pricer::<4>::new(class, starts, cuts, level).run(watch),
        _ => Pricer::<{ MOST_ELEMENTS / 64 }>::new(class, starts, cuts, level).run(watch),
    }
}

/// Visits that a class may have.
pub(super) const MOST_ELEMENTS: usize = 512;

struct Pricer<'a, const W: usize> {
    class: &'a Class,
    starts: &'a [&'a Starts],
    cuts: &'a [Cut],
    level: Level<'a>,
    /// Legs worth following, by element.
    legs: Vec<Vec<Leg>>,
    /// What a label remembers when it comes to an element, and what it adds.
    keep: Vec<Set<W>>,
    add: Vec<Set<W>>,
    /// Of what a label at an element remembers, what counts in comparisons.
    compared: Vec<Set<W>>,
    /// By element, the cuts that it is in.
    cuts_of: Vec<Cuts>,
    /// By slot of time: what can still be started then or later, and the cuts that can still be met.
    open: Vec<(Set<W>, Cuts)>,
    labels: Vec<Label<W>>,
    pieces: Vec<Piece>,
    /// By element.
    fronts: Vec<Vec<Entry<W>>>,
    queue: Vec<Vec<u32>>,
    slot_width: i64,
    first: i64,
    /// Least cost of a whole route by its last element, with its label.
    best: Vec<(i64, u32)>,
    least: i64,
    /// A profile in the making.
    draft: Vec<Piece>,
}

impl<'a, const W: usize> Pricer<'a, W> {
    fn new(class: &'a Class, starts: &'a [&'a Starts], cuts: &'a [Cut], level: Level<'a>) -> Self {
        let n = class.visits.len();
        let near = |neighbours: usize| neighbourhoods(class, neighbours).iter().map(|near| Set::of(near)).collect();
        let (keep, compared, legs) = match level {
            Level::Quick { neighbours: 0 } => (vec![Set::ALL; n], vec![Set::EMPTY; n], promising(class, starts)),
            Level::Quick { neighbours } => (vec![Set::ALL; n], near(neighbours), promising(class, starts)),
            Level::Exact { neighbours, .. } => (near(neighbours), vec![Set::ALL; n], class.legs.clone()),
        };
        let first = class.first.iter().map(|leg| leg.length).min().unwrap_or(0);
        let last = starts.iter().map(|starts| starts.last_bend()).max().unwrap_or(first).max(first);
        let slot_width = ((last - first) / (SLOTS as i64 - 1)).max(1);
        Self {
            class,
            starts,
            cuts,
            level,
            legs,
            keep,
            compared,
            add: class.rivals.iter().map(|rivals| Set::of(rivals)).collect(),
            cuts_of: (0..n).map(|element| Set::of(&having(cuts, |cut| cut.elements.contains(&element)))).collect(),
            open: still_open(starts, cuts, first, slot_width),
            labels: Vec::new(),
            pieces: Vec::new(),
            fronts: vec![Vec::new(); n],
            queue: vec![Vec::new(); SLOTS],
            slot_width,
            first,
            best: vec![(0, NO_PARENT); n],
            least: 0,
            draft: Vec::new(),
        }
    }

    fn run(mut self, watch: &Watch) -> Priced {
        let nowhere =
            Label { memory: Set::EMPTY, odd: Set::EMPTY, load: 0, first_piece: 0, n_pieces: 0, element: 0, parent: NO_PARENT, is_alive: true };
        for at in 0..self.class.first.len() {
            let leg = self.class.first[at];
            self.go(&leg, &profile::SETTING_OUT, &nowhere, NO_PARENT);
        }
        let most = if matches!(self.level, Level::Quick { .. }) { MOST_QUICK_LABELS } else { MOST_LABELS };
        let mut before: Vec<Piece> = Vec::new();
        let mut done = 0;
        for slot in 0..SLOTS {
            // Legs may be shorter than a slot, so a slot can grow while it is worked on.
            while let Some(id) = self.queue[slot].pop() {
                done += 1;
                if self.labels.len() > most || done % PATIENCE == 0 && watch.is_over() {
                    return self.priced(false);
                }
                let label = self.labels[id as usize];
                if !label.is_alive {
                    continue;
                }
                before.clear();
                before.extend_from_slice(self.profile(&label));
                if self.is_hopeless(&label, &before) {
                    continue;
                }
                for at in 0..self.legs[label.element as usize].len() {
                    let leg = self.legs[label.element as usize][at];
                    if !label.memory.has(leg.to) {
                        self.go(&leg, &before, &label, id);
                    }
                }
            }
        }
        self.priced(true)
    }

    fn priced(&self, finished: bool) -> Priced {
        let least = match self.level {
            Level::Quick { .. } => None,
            Level::Exact { completion, .. } => Some(if finished { self.least } else { completion.least() }),
        };
        Priced { least, paths: self.paths() }
    }

    fn profile(&self, label: &Label<W>) -> &[Piece] {
        &self.pieces[label.first_piece..label.first_piece + label.n_pieces as usize]
    }

    /// Labels that cannot end below this are dropped.
    fn threshold(&self, breadth: f64) -> i64 {
        if breadth >= 1.0 { self.least } else { (self.least as f64 * breadth) as i64 }
    }

    /// Whether nothing that follows brings a label below the threshold, which may have fallen since it was made.
    fn is_hopeless(&self, label: &Label<W>, before: &[Piece]) -> bool {
        let Level::Exact { completion, breadth, .. } = self.level else { return false };
        let rest = completion.after(label.element as usize, before[0].from).without(|next| label.memory.has(next));
        profile::least(before) + rest >= self.threshold(breadth)
    }

    /// From a partial route, whose label has no id yet where nothing is before it, along a leg.
    fn go(&mut self, leg: &Leg, before: &[Piece], from: &Label<W>, id: u32) {
        let element = leg.to;
        let load = match self.class.capacity {
            Some(capacity) => {
                let load = from.load + self.class.load[element];
                if load > capacity {
                    return;
                }
                load
            }
            None => 0,
        };
        let memory = from.memory.keep_and_add(&self.keep[element], &self.add[element]);
        let again: i64 = from.odd.and(&self.cuts_of[element]).elements().map(|cut| self.cuts[cut].price).sum();
        let leg = &Leg { toll: leg.toll + again, ..*leg };
        if let Level::Exact { completion, breadth, .. } = self.level {
            let rest = completion.ready(element, before[0].from + leg.length).without(|next| memory.has(next));
            if profile::least(before) + leg.toll + rest >= self.threshold(breadth) {
                return;
            }
        }
        let mut draft = std::mem::take(&mut self.draft);
        profile::extend(before, leg, self.starts[element], &mut draft);
        if !draft.is_empty() {
            let (open, meetable) = &self.open[self.slot(draft[0].from)];
            let (memory, odd) = (memory.and(open), from.odd.differing(&self.cuts_of[element]).and(meetable));
            if self.narrow(element, &memory, &mut draft) {
                let label =
                    Label { memory, odd, load, first_piece: self.pieces.len(), n_pieces: 0, element: element as u32, parent: id, is_alive: true };
                self.add(label, &mut draft);
            }
        }
        self.draft = draft;
    }

    /// Clips a profile to the moments from which a route below the threshold can follow; false if there are none.
    fn narrow(&self, element: usize, memory: &Set<W>, draft: &mut Vec<Piece>) -> bool {
        let Level::Exact { completion, breadth, .. } = self.level else { return true };
        let threshold = self.threshold(breadth);
        let rest = |moment: i64| completion.after(element, moment).without(|next| memory.has(next));
        if profile::least(draft) + rest(draft[0].from) >= threshold {
            return false;
        }
        let level_from = draft[draft.len() - 1].from;
        let (mut first, mut last) = (None, i64::MIN);
        let (mut moment, mut piece) = (draft[0].from, 0);
        while moment < level_from {
            // What follows is the same until the end of the slot, and the profile falls.
            let end = completion.last_like(moment).min(level_from - 1);
            while draft[piece + 1].from <= end {
                piece += 1;
            }
            if draft[piece].at(end) + rest(moment) < threshold {
                first = first.or(Some(moment));
                last = end;
            }
            moment = end + 1;
        }
        if profile::least(draft) + rest(level_from) < threshold {
            first = first.or(Some(level_from));
            last = i64::MAX;
        }
        let Some(first) = first else { return false };
        profile::clip(draft, first, last);
        true
    }

    /// Adds a label for the moments at which no other of its element is at least as good in everything; drops those it is as good as.
    fn add(&mut self, label: Label<W>, draft: &mut Vec<Piece>) {
        let element = label.element as usize;
        let compared = label.memory.and(&self.compared[element]);
        let cuts = self.cuts;
        // Whoever has met a cut that the other has not may have to pay for it.
        let surcharge = |one: &Cuts, other: &Cuts| one.without(other).elements().map(|cut| cuts[cut].price).sum::<i64>();
        let front = &mut self.fronts[element];
        for other in front.iter() {
            // What costs more in the end, or cannot be there by the last moment that matters, is never cheaper.
            if other.cost > draft[0].price {
                break;
            }
            if other.load > label.load || !other.memory.is_subset(&compared) || other.moment > draft[draft.len() - 1].from {
                continue;
            }
            let covering = &self.labels[other.label as usize];
            let its = &self.pieces[covering.first_piece..covering.first_piece + covering.n_pieces as usize];
            match profile::dearer(its, surcharge(&other.odd, &label.odd), draft) {
                None => return,
                Some((first, last)) => profile::clip(draft, first, last),
            }
        }
        let id = self.labels.len() as u32;
        let entry = Entry { cost: profile::least(draft), moment: draft[0].from, load: label.load, memory: compared, odd: label.odd, label: id };
        let end = front.partition_point(|other| other.cost < entry.cost);
        let mut kept = end;
        for at in end..front.len() {
            let other = front[at];
            let covered = &mut self.labels[other.label as usize];
            let its = &self.pieces[covered.first_piece..covered.first_piece + covered.n_pieces as usize];
            let is_covered = entry.moment <= other.moment
                && entry.load <= other.load
                && entry.memory.is_subset(&other.memory)
                && profile::dearer(draft, surcharge(&entry.odd, &other.odd), its).is_none();
            if is_covered {
                covered.is_alive = false;
            } else {
                front[kept] = other;
                kept += 1;
            }
        }
        front.truncate(kept);
        front.insert(end, entry);
        let whole = ends(self.class, element, draft).0;
        if whole < self.best[element].0 {
            self.best[element] = (whole, entry.label);
            self.least = self.least.min(whole);
        }
        let slot = self.slot(entry.moment);
        self.queue[slot].push(entry.label);
        self.labels.push(Label { n_pieces: draft.len() as u32, ..label });
        self.pieces.extend_from_slice(draft);
    }

    fn slot(&self, moment: i64) -> usize {
        ((moment - self.first) / self.slot_width).clamp(0, SLOTS as i64 - 1) as usize
    }

    fn paths(&self) -> Vec<Path> {
        let found = self.best.iter().filter(|(_, label)| *label != NO_PARENT).map(|&(_, label)| self.path(label));
        let mut paths: Vec<Path> = found.collect();
        paths.sort_by(|a, b| (a.reduced_cost, &a.elements).cmp(&(b.reduced_cost, &b.elements)));
        paths
    }

    fn path(&self, label: u32) -> Path {
        let mut elements = Vec::new();
        let mut at = label;
        while at != NO_PARENT {
            let label = &self.labels[at as usize];
            elements.push(label.element as usize);
            at = label.parent;
        }
        elements.reverse();
        timed(self.class, self.starts, self.cuts, elements)
    }
}

/// A sequence at its best starts, as early as they can be.
fn timed(class: &Class, starts: &[&Starts], cuts: &[Cut], elements: Vec<usize>) -> Path {
    let mut lengths = Vec::with_capacity(elements.len());
    let mut profiles: Vec<Vec<Piece>> = Vec::with_capacity(elements.len());
    for (at, &element) in elements.iter().enumerate() {
        let legs = if at == 0 { &class.first } else { &class.legs[elements[at - 1]] };
        let leg = legs.iter().find(|leg| leg.to == element).expect("labels go along legs");
        let mut next = Vec::new();
        profile::extend(profiles.last().map_or(&profile::SETTING_OUT, |last: &Vec<Piece>| last.as_slice()), leg, starts[element], &mut next);
        profiles.push(next);
        lengths.push(leg.length);
    }
    let (reduced_cost, mut moment) = ends(class, elements[elements.len() - 1], &profiles[profiles.len() - 1]);
    let mut times = vec![0; elements.len()];
    for at in (0..elements.len()).rev() {
        times[at] = profile::soonest(&profiles[at], moment);
        moment = times[at] - lengths[at];
    }
    let met = |cut: &Cut| elements.iter().filter(|element| cut.elements.contains(element)).count() as i64 / 2 * cut.price;
    let reduced_cost = reduced_cost + cuts.iter().map(met).sum::<i64>();
    Path { elements, starts: times, reduced_cost }
}

/// The least cost of going home after an element, and a moment of its start that has it.
fn ends(class: &Class, element: usize, profile: &[Piece]) -> (i64, i64) {
    // The price of the way home rises with time, and bends where overtime begins or ends.
    let kinks = [Some(class.end - class.home[element].length), class.latest_return.map(|back| back - class.home[element].length)];
    let mut least = (FORBIDDEN, profile[0].from);
    for (at, piece) in profile.iter().enumerate() {
        let last = profile.get(at + 1).map_or(i64::MAX, |next| next.from - 1);
        let inner = kinks.into_iter().flatten().filter(|kink| (piece.from..=last).contains(kink));
        let falls_until = (piece.slope < 0).then_some(last);
        for moment in std::iter::once(piece.from).chain(inner).chain(falls_until) {
            let home = home(class, element, moment);
            if home < FORBIDDEN && piece.at(moment) + home < least.0 {
                least = (piece.at(moment) + home, moment);
            }
        }
    }
    least
}

/// The legs that quick pricing follows: those whose toll and next start cost least together.
fn promising(class: &Class, starts: &[&Starts]) -> Vec<Vec<Leg>> {
    let by_element = class.legs.iter().enumerate().map(|(from, legs)| {
        let soonest = starts[from].pieces()[0].from;
        let mut priced: Vec<(i64, Leg)> =
            legs.iter().map(|leg| (leg.toll.saturating_add(starts[leg.to].least_after(soonest + leg.length)), *leg)).collect();
        priced.sort_by_key(|(price, leg)| (*price, leg.to));
        priced.into_iter().take(QUICK_LEGS).map(|(_, leg)| leg).collect()
    });
    by_element.collect()
}

/// By slot of time, the elements that some start then or later is allowed for, and the cuts that have such elements: what was visited
/// besides does not matter any more.
fn still_open<const W: usize>(starts: &[&Starts], cuts: &[Cut], first: i64, width: i64) -> Vec<(Set<W>, Cuts)> {
    let last: Vec<i64> = starts.iter().map(|starts| starts.last_below(FORBIDDEN)).collect();
    let at = |slot: i64| {
        let is_open = |element: &usize| last[*element] >= first + slot * width;
        let open: Vec<usize> = (0..starts.len()).filter(is_open).collect();
        (Set::of(&open), Set::of(&having(cuts, |cut| cut.elements.iter().any(is_open))))
    };
    (0..SLOTS as i64).map(at).collect()
}

/// The cuts of which something is true.
fn having(cuts: &[Cut], is: impl Fn(&Cut) -> bool) -> Vec<usize> {
    (0..cuts.len()).filter(|&at| is(&cuts[at])).collect()
}
