//! Simulated annealing over who pays which visit (Kirkpatrick, Gelatt, Vecchi 1983): it finds the choices of patterns that the linear programme
//! only points at.
//!
//! A step gives a visit to another carer, exchanges two visits between carers, or gives all of a carer's visits to a citizen to another carer, who
//! may give another citizen in return. What it costs is reckoned from the rows and faces that change.

use std::sync::Arc;

use super::Likely;
use super::needs::{Citizen, Needs, Way};
use super::pattern::{Pattern, face};
use super::settle::most_often;
use crate::rng::Rng;
use crate::stop::Watch;

/// Temperatures at first and at the end: by how much a step may be dearer where one in e of such steps is taken.
#[derive(Clone, Copy)]
pub(super) struct Cooling {
    pub(super) hot: f64,
    pub(super) cold: f64,
}

/// Steps between two looks at the watch.
const STEPS: usize = 2_000;
/// Steps for each visit where no time limits them.
const STEPS_PER_VISIT: usize = 1_000;
/// Of a hundred steps, those that give a single visit; these and those that exchange two; these and those that give one citizen. The others
/// exchange two citizens.
const SINGLE: usize = 15;
const SWAP: usize = 25;
const CITIZEN: usize = 60;

/// Share of proposals that are drawn from all carers.
const UNLIKELY: f64 = 0.1;

/// A visit and the ways to pay it.
struct Visit<'a> {
    citizen: usize,
    /// Those of likely carers come first.
    options: Vec<Choice<'a>>,
    /// Options that proposals are mostly drawn from: those of likely carers, all of them where nobody is likely.
    n_likely: usize,
    /// The other half of a visit by two.
    beside: Option<usize>,
}

/// A way with what every step looks at side by side.
#[derive(Clone, Copy)]
struct Choice<'a> {
    candidate: usize,
    carer: usize,
    cost: i64,
    /// What it takes of which rows, in [`State::takes`].
    takes: (u32, u32),
    way: &'a Way,
}

/// A row as it stands.
#[derive(Clone, Copy)]
struct Level {
    /// What is taken beyond the limit; negative where something is left.
    over: i64,
    price: i64,
}

impl Level {
    /// What it costs to take so much more.
    fn more(self, amount: i64) -> i64 {
        self.price * ((self.over + amount).max(0) - self.over.max(0))
    }

    /// Takes so much more; what that costs.
    fn take(&mut self, amount: i64) -> i64 {
        let cost = self.more(amount);
        self.over += amount;
        cost
    }
}

struct State<'a> {
    needs: &'a Needs,
    visits: Vec<Visit<'a>>,
    /// Rows and amounts of all ways, those of a visit together.
    takes: Vec<(u32, i32)>,
    /// By citizen, the first visit; one more at the end.
    first: Vec<usize>,
    /// By visit, the option taken and its carer.
    now: Vec<usize>,
    payer: Vec<usize>,
    /// By shift, the visits it pays before the step, and by visit its place among them.
    of_shift: Vec<Vec<usize>>,
    place: Vec<usize>,
    /// By citizen, the candidates who come with how often, and what that costs before the step.
    come: Vec<Vec<(usize, usize)>>,
    faces: Vec<i64>,
    levels: Vec<Level>,
    /// Visits that the step has changed, with their options before, and their citizens.
    trail: Vec<(usize, usize)>,
    touched: Vec<usize>,
}

/// Patterns as cheap as annealing finds them, from these and not dearer. `likely` says by citizen and candidate who is mostly proposed.
pub(super) fn anneal(needs: &Needs, start: &[Pattern], likely: &Likely, cooling: Cooling, seed: usize, watch: &Watch) -> Vec<Pattern> {
    let mut state = State::new(needs, start, likely);
    let mut rng = Rng::new(1, seed);
    let mut cost = needs.cost(&start.iter().collect::<Vec<_>>());
    let (mut best, mut best_cost) = (state.now.clone(), cost);
    let n_steps = STEPS_PER_VISIT * state.visits.len();
    let mut done = 0;
    loop {
        let share = match watch.limit() {
            Some(limit) => watch.elapsed().as_secs_f64() / limit.as_secs_f64().max(f64::MIN_POSITIVE),
            None => done as f64 / n_steps.max(1) as f64,
        };
        if share >= 1.0 || watch.is_over() || state.visits.is_empty() {
            break;
        }
        let temperature = cooling.hot * (cooling.cold / cooling.hot).powf(share);
        for _ in 0..STEPS {
            let threshold = (rng.exponential() * temperature) as i64;
            match state.step(threshold, &mut rng).filter(|&delta| delta <= threshold) {
                Some(delta) => {
                    state.keep();
                    cost += delta;
                    if cost < best_cost {
                        (best_cost, best) = (cost, state.now.clone());
                    }
                }
                None => state.undo(),
            }
        }
        done += STEPS;
    }
    let found = state.patterns(&best);
    debug_assert_eq!(best_cost, needs.cost(&found.iter().collect::<Vec<_>>()), "costs step by step are those of the whole");
    found
}

impl<'a> State<'a> {
    fn new(needs: &'a Needs, start: &[Pattern], likely: &Likely) -> Self {
        let (mut visits, mut first, mut now, mut takes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, (citizen, pattern)) in needs.citizens.iter().zip(start).enumerate() {
            let from = visits.len();
            first.push(from);
            for (need, &(taken, shift)) in citizen.needs.iter().zip(&pattern.ways) {
                let of = |(candidate, ways): (usize, &'a Vec<Way>)| {
                    let carer = citizen.candidates[candidate].carer.idx();
                    ways.iter().map(move |way| Choice { candidate, carer, cost: way.cost, takes: (0, 0), way })
                };
                let mut options: Vec<Choice<'a>> = need.ways.iter().enumerate().flat_map(of).collect();
                options.sort_by_key(|option| !likely.0[at][option.candidate]);
                let n_likely = match options.partition_point(|option| likely.0[at][option.candidate]) {
                    0 => options.len(),
                    n => n,
                };
                for option in &mut options {
                    let from = takes.len() as u32;
                    takes.extend(option.way.takes.iter().map(|&(row, amount)| (row as u32, amount as i32)));
                    option.takes = (from, takes.len() as u32);
                }
                let is_taken = |option: &Choice<'_>| option.candidate == taken && option.way.shift == shift;
                now.push(options.iter().position(is_taken).expect("a pattern takes ways of its citizen"));
                visits.push(Visit { citizen: at, options, n_likely, beside: need.beside.map(|other| from + other) });
            }
        }
        first.push(visits.len());
        let n_shifts = visits.iter().flat_map(|visit| &visit.options).map(|option| option.way.shift.idx() + 1).max().unwrap_or(0);
        let mut this = Self {
            needs,
            first,
            payer: vec![0; visits.len()],
            of_shift: vec![Vec::new(); n_shifts],
            place: vec![0; visits.len()],
            come: vec![Vec::new(); needs.citizens.len()],
            faces: vec![0; needs.citizens.len()],
            levels: needs.rows.iter().map(|row| Level { over: -row.limit, price: row.price }).collect(),
            trail: Vec::new(),
            touched: Vec::new(),
            visits,
            takes,
            now,
        };
        for visit in 0..this.visits.len() {
            let _ = this.enter(visit, this.now[visit]);
            this.list(visit);
        }
        this.faces = (0..needs.citizens.len()).map(|citizen| this.faces_of(citizen)).collect();
        this
    }

    fn taken(&self, visit: usize) -> Choice<'a> {
        self.visits[visit].options[self.now[visit]]
    }

    /// What it costs who comes to a citizen and how often.
    fn faces_of(&self, citizen: usize) -> i64 {
        let (of, come) = (&self.needs.citizens[citizen], &self.come[citizen]);
        let faces: i64 = come.iter().enumerate().map(|(nth, &(candidate, _))| face(of, candidate, nth)).sum();
        let most = come.iter().map(|&(_, times)| times).max().unwrap_or(0);
        faces + of.not_primary * (self.first[citizen + 1] - self.first[citizen] - most) as i64
    }

    /// Pays a visit in this way; what that costs beside faces.
    fn enter(&mut self, visit: usize, option: usize) -> i64 {
        let Choice { candidate, carer, cost, takes, .. } = self.visits[visit].options[option];
        let come = &mut self.come[self.visits[visit].citizen];
        match come.iter_mut().find(|(who, _)| *who == candidate) {
            Some((_, times)) => *times += 1,
            None => come.push((candidate, 1)),
        }
        (self.now[visit], self.payer[visit]) = (option, carer);
        cost + self.takes[takes.0 as usize..takes.1 as usize].iter().map(|&(row, amount)| self.levels[row as usize].take(amount.into())).sum::<i64>()
    }

    /// Takes a visit away from who pays it; the negative of what that saves beside faces.
    fn leave(&mut self, visit: usize) -> i64 {
        let Choice { candidate, cost, takes, .. } = self.taken(visit);
        let come = &mut self.come[self.visits[visit].citizen];
        if let Some(at) = come.iter().position(|(who, _)| *who == candidate) {
            come[at].1 -= 1;
            if come[at].1 == 0 {
                let _ = come.swap_remove(at);
            }
        }
        let takes = &self.takes[takes.0 as usize..takes.1 as usize];
        takes.iter().map(|&(row, amount)| self.levels[row as usize].take(-i64::from(amount))).sum::<i64>() - cost
    }

    fn list(&mut self, visit: usize) {
        let shift = &mut self.of_shift[self.visits[visit].options[self.now[visit]].way.shift.idx()];
        self.place[visit] = shift.len();
        shift.push(visit);
    }

    fn unlist(&mut self, visit: usize, option: usize) {
        let place = self.place[visit];
        let shift = &mut self.of_shift[self.visits[visit].options[option].way.shift.idx()];
        let _ = shift.swap_remove(place);
        if let Some(&moved) = shift.get(place) {
            self.place[moved] = place;
        }
    }

    /// Changes a visit's way within a step. Where the other half of a visit by two is that carer's, the two change places, if they can. What it
    /// costs beside faces.
    fn change(&mut self, visit: usize, option: usize) -> i64 {
        if option == self.now[visit] {
            return 0;
        }
        let (from, to) = (self.payer[visit], self.visits[visit].options[option].carer);
        let Some(beside) = self.visits[visit].beside.filter(|&beside| self.payer[beside] == to && from != to) else {
            return self.pay(visit, option);
        };
        let back = self.visits[beside].options.iter().position(|option| option.carer == from);
        back.map_or(0, |back| self.pay(visit, option) + self.pay(beside, back))
    }

    fn pay(&mut self, visit: usize, option: usize) -> i64 {
        self.trail.push((visit, self.now[visit]));
        let citizen = self.visits[visit].citizen;
        if !self.touched.contains(&citizen) {
            self.touched.push(citizen);
        }
        self.leave(visit) + self.enter(visit, option)
    }

    /// Makes the step undone.
    fn undo(&mut self) {
        while let Some((visit, before)) = self.trail.pop() {
            let _ = self.leave(visit);
            let _ = self.enter(visit, before);
        }
        self.touched.clear();
    }

    /// Makes the step final. A visit may have changed twice: its way before the step is the first in the trail.
    fn keep(&mut self) {
        for at in 0..self.trail.len() {
            let (visit, before) = self.trail[at];
            if self.trail[..at].iter().all(|&(other, _)| other != visit) {
                self.unlist(visit, before);
                self.list(visit);
            }
        }
        self.trail.clear();
        while let Some(citizen) = self.touched.pop() {
            self.faces[citizen] = self.faces_of(citizen);
        }
    }

    /// One step, made; by how much it is dearer. `None` where nothing changes, and where a single visit costs more than the threshold.
    fn step(&mut self, threshold: i64, rng: &mut Rng) -> Option<i64> {
        let visit = rng.below(self.visits.len());
        let citizen = self.visits[visit].citizen;
        let options = &self.visits[visit].options;
        let n = if rng.chance(UNLIKELY) { options.len() } else { self.visits[visit].n_likely };
        let mut option = rng.below(n);
        // Half of the time to somebody who comes anyhow.
        if rng.chance(0.5) {
            let (who, _) = self.come[citizen][rng.below(self.come[citizen].len())];
            option = (0..options.len()).map(|at| (option + at) % options.len()).find(|&at| options[at].candidate == who)?;
        }
        if option == self.now[visit] {
            return None;
        }
        let (old, new) = (self.taken(visit), options[option]);
        let kind = rng.below(100);
        // Ways that share a row, as two shifts of one carer, and halves, which change together, cannot be reckoned each for itself.
        let shares_row = old.way.takes.iter().any(|(row, _)| new.way.takes.iter().any(|(other, _)| row == other));
        let is_lone = !shares_row && self.visits[visit].beside.is_none();
        if kind < SINGLE && is_lone {
            let delta = self.single(visit, old, new);
            if delta > threshold {
                return None;
            }
            let _ = self.change(visit, option);
            return Some(delta);
        }
        let others = &self.of_shift[new.way.shift.idx()];
        let other = if others.is_empty() { None } else { Some(others[rng.below(others.len())]).filter(|&other| other != visit) };
        let mut delta = 0;
        if kind < SINGLE {
            delta += self.change(visit, option);
        } else if kind < SWAP {
            let other = other?;
            let back = self.visits[other].options.iter().position(|option| option.carer == old.carer)?;
            delta += self.change(visit, option) + self.change(other, back);
        } else {
            if new.carer == old.carer {
                return None;
            }
            let is_whole = rng.chance(0.5);
            delta += self.give(citizen, old.carer, new.carer, is_whole, rng);
            if kind >= CITIZEN
                && let Some(other) = other.map(|other| self.visits[other].citizen).filter(|&other| other != citizen)
            {
                delta += self.give(other, new.carer, old.carer, is_whole, rng);
            }
        }
        let faces = self.touched.iter().map(|&citizen| self.faces_of(citizen) - self.faces[citizen]);
        (!self.trail.is_empty()).then(|| delta + faces.sum::<i64>())
    }

    /// What it costs at least to pay one visit by another way, without doing it.
    fn single(&self, visit: usize, old: Choice<'_>, new: Choice<'_>) -> i64 {
        let citizen = self.visits[visit].citizen;
        let (of, come) = (&self.needs.citizens[citizen], &self.come[citizen]);
        let (mut most, mut most_then) = (0, 1);
        let mut faces = if come.iter().any(|&(who, _)| who == new.candidate) { 0 } else { face(of, new.candidate, come.len()) };
        for &(who, times) in come {
            let then = times + usize::from(who == new.candidate) - usize::from(who == old.candidate);
            if then == 0 {
                faces -= face(of, who, come.len() - 1);
            }
            (most, most_then) = (most.max(times), most_then.max(then));
        }
        let rows = |way: &Way, sign: i64| way.takes.iter().map(|&(row, amount)| self.levels[row].more(sign * amount)).sum::<i64>();
        faces + of.not_primary * (most as i64 - most_then as i64) + new.way.cost - old.way.cost + rows(old.way, -1) + rows(new.way, 1)
    }

    /// Gives a carer's visits to a citizen to another one where that one can, and the rest, if `is_whole`, to others who come. What it costs beside
    /// faces.
    fn give(&mut self, citizen: usize, from: usize, to: usize, is_whole: bool, rng: &mut Rng) -> i64 {
        let mut delta = 0;
        for visit in self.first[citizen]..self.first[citizen + 1] {
            if self.payer[visit] != from || self.visits[visit].beside.is_some_and(|beside| self.payer[beside] == to) {
                continue;
            }
            let options = &self.visits[visit].options;
            let beside = self.visits[visit].beside.map(|beside| self.payer[beside]);
            let comes = |at: &usize| {
                options[*at].carer != from
                    && Some(options[*at].carer) != beside
                    && self.come[citizen].iter().any(|&(who, _)| who == options[*at].candidate)
            };
            let next = match options.iter().position(|option| option.carer == to) {
                None if is_whole => {
                    let begin = rng.below(options.len());
                    (begin..options.len()).chain(0..begin).find(comes)
                }
                next => next,
            };
            if let Some(next) = next {
                delta += self.change(visit, next);
            }
        }
        delta
    }

    /// The choice of these options by visit.
    fn patterns(&self, taken: &[usize]) -> Vec<Pattern> {
        let pattern = |(at, citizen): (usize, &Arc<Citizen>)| {
            let options = (self.first[at]..self.first[at + 1]).map(|visit| self.visits[visit].options[taken[visit]]);
            let by_need: Vec<(usize, &Way)> = options.map(|option| (option.candidate, option.way)).collect();
            Pattern::of(citizen, most_often(&by_need, by_need.first().map_or(0, |&(candidate, _)| candidate)), &by_need)
        };
        self.needs.citizens.iter().enumerate().map(pattern).collect()
    }
}
