//! Random tiny problems, and their optimum by trying every sequence: the oracle of this folder's tests.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::timing::{self, Choice};
use crate::cost::evaluate;
use crate::plan::{Plan, Task};
use crate::problem::{
    BreakRule, Carer, Citizen, Clock, Content, Cost, Departure, IdVec, Link, Moment, Need, Objective, PlaceId, Preference, Problem, ProblemBuilder,
    Published, Shift, ShiftId, SkillId, SkillSet, Slack, Term, Ticks, Travel, Visit, VisitId, Weight, Window,
};

/// Random facts, one kind at a time or all together.
pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }
    /// A whole number in `[low, high]`.
    pub(super) fn roll(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }
    /// True once in `of` times.
    pub(super) fn one_in(&mut self, of: i64) -> bool {
        self.roll(1, of) == 1
    }
}

/// Two carers, `n` visits, times around `[0, 60]`, a handful of terms.
pub(super) fn problem(seed: u64, n: usize) -> Problem {
    let dice = &mut Dice::new(seed);
    let n_places = 4;
    let mut travel = Travel::new(n_places);
    let matrix: Vec<i64> = (0..n_places * n_places).map(|cell| if cell % (n_places + 1) == 0 { 0 } else { dice.roll(1, 9) }).collect();
    let mode = travel.add_mode(&matrix).expect("the matrix is square");
    travel.set_price(mode, 1 + i64::from(seed.is_multiple_of(3)));
    let mut parts = ProblemBuilder::new(format!("trial {seed}"), Clock { ticks_per_minute: 1 }, travel, objective(dice));
    for label in ["anna", "bo"] {
        let skills = (0..2).filter(|_| !dice.one_in(4)).fold(SkillSet::EMPTY, |set, skill| set.with(SkillId::new(skill)));
        let carer = parts.carers.push(Carer { label: label.into(), skills, mode, team: None });
        let pause = dice.one_in(3).then(|| {
            let open = dice.roll(5, 20);
            BreakRule { open: Moment(open), latest_begin: Moment(open + 15), min_duration: Ticks(5), latest_end: Moment(open + 25) }
        });
        let capacity = dice.one_in(3).then(|| dice.roll(1, 4));
        let (start, end) = (Moment(dice.roll(0, 5)), Moment(dice.roll(40, 70)));
        // Without a roll, so that everything else stays as it was.
        let use_cost = (start.0 + end.0) % 4 * 5;
        parts.shifts.push(Shift {
            label: label.into(),
            carer,
            start,
            end,
            from: PlaceId::new(0),
            to: PlaceId::new(0),
            capacity,
            pause,
            slack: Slack::default(),
            hours: None,
            use_cost,
        });
    }
    let carers: Vec<_> = parts.carers.ids().collect();
    for index in 0..n {
        let citizen = parts.citizens.push(Citizen::new(format!("c{index}")));
        let open = dice.roll(0, 30);
        let mut windows = vec![Window { open: Moment(open), close: Moment(open + dice.roll(0, 12)) }];
        if dice.one_in(4) {
            let open = windows[0].close.0 + dice.roll(2, 15);
            windows.push(Window { open: Moment(open), close: Moment(open + 5) });
        }
        let from = dice.roll(0, 40);
        let wish = Preference { from: Moment(from), until: Moment(from + 4), early: dice.roll(0, 2), late: dice.roll(0, 2) };
        let promise = Published {
            carer: carers[index % 2],
            start: Moment(dice.roll(0, 40)),
            tolerance: Ticks(3),
            carer_changed: dice.roll(0, 9),
            time_moved: dice.roll(-4, 9).max(0),
            per_tick: dice.roll(0, 1),
        };
        parts.visits.push(Visit {
            label: format!("v{index}"),
            citizen,
            place: PlaceId::new(usize::try_from(dice.roll(1, 3)).expect("positive")),
            duration: Ticks(if dice.one_in(5) { 0 } else { dice.roll(1, 8) }),
            windows,
            preference: dice.one_in(2).then_some(wish),
            published: dice.one_in(3).then_some(promise),
            skills: if dice.one_in(3) { SkillSet::EMPTY.with(SkillId::new(index % 2)) } else { SkillSet::EMPTY },
            load: dice.roll(0, 2),
            need: if dice.one_in(4) { Need::Optional } else { Need::Required },
            priority: 0,
            unserved_cost: dice.roll(5, 60),
            allowed: None,
            preferred: if dice.one_in(3) { vec![carers[0]] } else { Vec::new() },
            excluded: if dice.one_in(6) { vec![carers[1]] } else { Vec::new() },
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    for _ in 0..dice.roll(0, 2) {
        let (first, second) = (dice.roll(0, 1), dice.roll(2, 2));
        let ends = [(Ticks(0), Ticks(0)), (Ticks(4), Link::MAX), (Ticks(3), Ticks(9)), (Link::MIN, Link::MAX), (Ticks(-6), Ticks(6))];
        let (min, max) = ends[usize::try_from(dice.roll(0, 4)).expect("positive")];
        let visit = |index: i64| VisitId::new(usize::try_from(index).expect("positive"));
        let link = Link { first: visit(first), second: visit(second), min, max, different_carers: dice.one_in(2) };
        if !parts.links.iter().any(|other| other.first == link.first) {
            parts.links.push(link);
        }
    }
    // Without a roll, so that everything else stays as it was.
    let last = VisitId::new(n - 1);
    let is_linked = |visit: VisitId| parts.links.iter().any(|link| [link.first, link.second].contains(&visit));
    if let Some(granted) = (n - 1).checked_sub(1).map(VisitId::new).filter(|&visit| seed % 5 < 2 && !is_linked(visit) && !is_linked(last)) {
        alternative(&mut parts, granted, last, [0, 3, 7][(seed % 3) as usize]);
    }
    parts.build().expect("the dice make no faults")
}

/// Makes a visit one that is asked for instead of another, at so much for the other.
fn alternative(parts: &mut ProblemBuilder, granted: VisitId, other: VisitId, cost: i64) {
    let Visit { citizen, place, need, priority, unserved_cost, .. } = parts.visits[granted].clone();
    let visit = &mut parts.visits[other];
    (visit.citizen, visit.place, visit.need, visit.priority, visit.unserved_cost) = (citizen, place, need, priority, unserved_cost);
    visit.content.instead_of = Some(granted);
    parts.visits[granted].content.cost = cost;
}

fn objective(dice: &mut Dice) -> Objective {
    let mut objective = Objective::new(dice.roll(1, 3)).with(Term::Travel, Weight::Soft(dice.roll(0, 2))).with(Term::ShiftUse, Weight::Soft(1));
    objective.departure = if dice.one_in(2) { Departure::JustInTime } else { Departure::AtShiftStart };
    for term in Term::ALL {
        match term {
            // What nothing here asks for takes no draw, so that the days drawn before there was such a term stay as they were.
            Term::ShortSlack | Term::ShortBuffer | Term::LongChain | Term::OutsideHours | Term::NotLast => {}
            Term::Travel | Term::ShiftUse => {}
            Term::Lateness | Term::Overtime | Term::Unserved => {
                let weight = if dice.one_in(2) { Weight::Hard } else { Weight::Soft(dice.roll(1, 3)) };
                objective = objective.with(term, weight);
            }
            Term::Balance if !dice.one_in(6) => {}
            term if Term::ACROSS.contains(&term) && !dice.one_in(9) => {}
            _ if dice.one_in(8) && term != Term::GreatestIdle => objective = objective.with(term, Weight::Hard),
            _ if dice.one_in(3) => objective = objective.with(term, Weight::Soft(dice.roll(1, 3))),
            _ => {}
        }
    }
    objective
}

/// The least cost over all plans without violation and a plan that has it, by trying every assignment, order, break position and window.
pub(super) fn optimum(problem: &Problem) -> Option<(Cost, Plan)> {
    let mut best = None;
    let mut sequences: IdVec<ShiftId, Vec<Task>> = problem.shifts().iter().map(|_| Vec::new()).collect();
    place(problem, 0, &mut sequences, &mut best);
    best
}

fn place(problem: &Problem, next: usize, sequences: &mut IdVec<ShiftId, Vec<Task>>, best: &mut Option<(Cost, Plan)>) {
    if next == problem.visits().len() {
        return breaks(problem, 0, sequences, best);
    }
    let visit = VisitId::new(next);
    if problem.visits()[visit].need == Need::Optional || !problem.objective().is_hard(Term::Unserved) || problem.has_alternatives(visit) {
        place(problem, next + 1, sequences, best);
    }
    for &shift in problem.able_shifts(visit) {
        for position in 0..=sequences[shift].len() {
            sequences[shift].insert(position, Task::Visit(visit));
            place(problem, next + 1, sequences, best);
            let _ = sequences[shift].remove(position);
        }
    }
}

fn breaks(problem: &Problem, next: usize, sequences: &mut IdVec<ShiftId, Vec<Task>>, best: &mut Option<(Cost, Plan)>) {
    if next == problem.shifts().len() {
        return windows(problem, sequences, best);
    }
    breaks(problem, next + 1, sequences, best);
    let shift = ShiftId::new(next);
    if problem.shifts()[shift].pause.is_some() {
        for position in 0..=sequences[shift].len() {
            sequences[shift].insert(position, Task::Break);
            breaks(problem, next + 1, sequences, best);
            let _ = sequences[shift].remove(position);
        }
    }
}

/// Every choice of windows, and of promises to keep.
fn windows(problem: &Problem, sequences: &IdVec<ShiftId, Vec<Task>>, best: &mut Option<(Cost, Plan)>) {
    let charged = |visit: &Visit| visit.published.is_some_and(|promise| promise.time_moved > 0);
    let two =
        problem.visits().enumerate().filter(|(_, visit)| visit.windows.len() > 1).map(|(id, _)| (id, Choice { window: 1, ..Choice::default() }));
    let kept =
        problem.visits().enumerate().filter(|(_, visit)| charged(visit)).map(|(id, _)| (id, Choice { keeps_promise: true, ..Choice::default() }));
    let open: Vec<(VisitId, Choice)> = two.chain(kept).collect();
    for chosen in 0..1usize << open.len() {
        let mut choices: IdVec<VisitId, Choice> = problem.visits().iter().map(|_| Choice::default()).collect();
        for (_, &(visit, choice)) in open.iter().enumerate().filter(|(bit, _)| chosen >> bit & 1 == 1) {
            choices[visit].window |= choice.window;
            choices[visit].keeps_promise |= choice.keeps_promise;
        }
        let Some(plan) = timing::best(problem, sequences, &choices) else { continue };
        if keeps_rules(problem, &plan) {
            let cost = evaluate(problem, &plan).cost(problem.objective());
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                *best = Some((cost, plan));
            }
        }
    }
}

/// Whether a plan keeps what its sequences, carers and quantities decide: different carers, one alternative, and every hard term at 0.
pub(super) fn keeps_rules(problem: &Problem, plan: &Plan) -> bool {
    let breakdown = evaluate(problem, plan);
    let served = plan.served(problem);
    let carer = |visit: VisitId| served[visit].map(|served| problem.shifts()[served.shift].carer);
    let times_given = |visit: VisitId| problem.alternatives(visit).filter(|&one| served[one].is_some()).count();
    let is_due = |visit: VisitId| problem.visits()[visit].need == Need::Required && problem.objective().is_hard(Term::Unserved);
    problem.visits().ids().all(|visit| times_given(visit) <= 1 && (times_given(visit) == 1 || !is_due(visit)))
        && Term::ALL.iter().all(|&term| term == Term::Unserved || !problem.objective().is_hard(term) || breakdown.quantity(term) == 0)
        && problem.links().iter().all(|link| !link.different_carers || carer(link.first).is_none() || carer(link.first) != carer(link.second))
}
