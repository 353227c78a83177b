//! Small, nasty random problems: every fact of the model turns up, often at its edge.

use kendt_solver::plan::{Plan, Task};
use kendt_solver::problem::{
    BreakRule, Carer, CarerId, Citizen, CitizenId, Clock, Content, CourseId, Departure, Hours, Link, LongestChain, Met, ModeId, Moment, Need,
    Objective, PlaceId, Preference, Problem, ProblemBuilder, Published, Shift, SkillId, SkillSet, Slack, Term, Ticks, Travel, Visit, VisitId, Weight,
    Window,
};

use crate::brute::LATER_IS_BETTER;
use crate::draw::Draw;
use crate::earliest::{Untimed, earliest};

/// Times are drawn up to about here.
const DAY: i64 = 250;
const SKILLS: usize = 3;
/// Draws about people have a stream of their own, so that they change no other.
const PEOPLE: u64 = 0x7065_6f70_6c65;

/// How often, of 100, a term is hard.
const HARD: [(Term, i64); 17] = [
    (Term::Travel, 1),
    (Term::Waiting, 1),
    (Term::Lateness, 25),
    (Term::GreatestLateness, 5),
    (Term::Early, 2),
    (Term::Late, 3),
    (Term::Overtime, 25),
    (Term::Unserved, 50),
    (Term::CarerPreference, 5),
    (Term::Exclusion, 60),
    (Term::Qualification, 60),
    (Term::MissedBreak, 10),
    (Term::GreatestIdle, 1),
    (Term::Balance, 1),
    (Term::WorkingTime, 1),
    (Term::Overload, 60),
    (Term::Disruption, 3),
];
/// Own streams of draws, so that what was drawn before there were people, or alternatives, stays as it was.
const ALTERNATIVES: u64 = 0x7357;
const SLACK: u64 = 0x736c_6163;

/// The problem of this seed with `n_visits` visits. One to three carers, their shifts and the objective do not depend on `n_visits`.
///
/// # Panics
/// When the drawn parts do not make a problem, which would be a bug here.
#[must_use]
pub fn random_problem(seed: u64, n_visits: usize) -> Problem {
    let draw = &mut Draw::new(seed);
    let travel = travel(draw);
    let objective = objective(draw);
    let mut parts = ProblemBuilder::new(format!("random {seed}"), Clock { ticks_per_minute: 1 }, travel, objective);
    for citizen in 0..2 {
        parts.citizens.push(Citizen::new(format!("citizen {citizen}")));
    }
    for _ in 0..draw.between(1, 3) {
        carer(draw, &mut parts);
    }
    for _ in 0..n_visits {
        let visit = visit(draw, &parts);
        parts.visits.push(visit);
    }
    links(draw, &mut parts);
    people(&mut Draw::new(seed ^ PEOPLE), &mut parts);
    alternatives(&mut Draw::new(seed ^ ALTERNATIVES), &mut parts);
    slack(&mut Draw::new(seed ^ SLACK), &mut parts);
    built(parts)
}

/// The same over two days, with prices on who comes to a citizen in the whole and on irregular times.
///
/// # Panics
/// As [`random_problem`].
#[must_use]
pub fn random_horizon(seed: u64, n_visits: usize) -> Problem {
    let mut parts = random_problem(seed, n_visits).to_builder();
    let draw = &mut Draw::new(!seed);
    for term in Term::ACROSS {
        let is_hard = draw.chance(if term == Term::AboveCap { 30 } else { 3 });
        parts.objective = parts.objective.with(term, if is_hard { Weight::Hard } else { Weight::Soft(draw.between(0, 30)) });
    }
    let tomorrow = |at: Moment| Moment(at.0 + 1440 * parts.clock.ticks_per_minute);
    let next = |window: &Window| Window { open: tomorrow(window.open), close: tomorrow(window.close) };
    for shift in parts.shifts.iter_mut().filter(|_| draw.chance(40)) {
        (shift.start, shift.end) = (tomorrow(shift.start), tomorrow(shift.end));
        if let Some(rule) = &mut shift.pause {
            (rule.open, rule.latest_begin, rule.latest_end) = (tomorrow(rule.open), tomorrow(rule.latest_begin), tomorrow(rule.latest_end));
        }
    }
    let is_tied = |id: VisitId| parts.links.iter().any(|link| link.first == id || link.second == id);
    let free: Vec<bool> = parts.visits.ids().map(|id| !is_tied(id)).collect();
    for (visit, _) in parts.visits.iter_mut().zip(free).filter(|(_, is_free)| *is_free) {
        if draw.chance(40) {
            visit.windows = visit.windows.iter().map(next).collect();
            if let Some(wish) = &mut visit.preference {
                (wish.from, wish.until) = (tomorrow(wish.from), tomorrow(wish.until));
            }
        } else if draw.chance(30) {
            // On either day.
            visit.windows.extend(visit.windows.iter().map(next).collect::<Vec<_>>());
        }
    }
    built(parts)
}

/// Who knows whom, caps, courses, and what carers, modes and shifts cost.
fn people(draw: &mut Draw, parts: &mut ProblemBuilder) {
    let n = parts.carers.len();
    for citizen in parts.citizens.iter_mut() {
        citizen.cap = draw.chance(50).then_some(1);
        citizen.history = (0..n).filter(|_| draw.chance(40)).map(|carer| Met { carer: CarerId::new(carer), days_before: 1 }).collect();
    }
    for visit in parts.visits.iter_mut() {
        visit.course = draw.chance(60).then(|| CourseId::new(draw.below(2)));
        let is_priced = draw.chance(30);
        let cost = |carer| (is_priced && draw.chance(60)).then(|| (CarerId::new(carer), draw.between(0, 20)));
        visit.carer_costs = (0..n).filter_map(cost).collect();
    }
    let hard = draw.chance(10);
    let weight = draw.between(0, 5);
    parts.objective = parts.objective.clone().with(Term::CarerCost, if hard { Weight::Hard } else { Weight::Soft(weight) });
    for mode in (0..parts.travel.n_modes()).map(ModeId::new) {
        parts.travel.set_price(mode, if draw.chance(60) { 1 } else { draw.between(0, 4) });
    }
    for shift in parts.shifts.iter_mut() {
        shift.use_cost = if draw.chance(40) { draw.between(0, 60) } else { 0 };
    }
    let hard = draw.chance(3);
    let weight = draw.between(0, 4);
    parts.objective = parts.objective.clone().with(Term::ShiftUse, if hard { Weight::Hard } else { Weight::Soft(weight) });
}

/// Free time, buffers, pauses and hours of carers, and visits that are to come last.
fn slack(draw: &mut Draw, parts: &mut ProblemBuilder) {
    if draw.chance(50) {
        return;
    }
    let is_earliest_best = draw.chance(50);
    for term in [Term::ShortSlack, Term::ShortBuffer, Term::LongChain, Term::OutsideHours, Term::NotLast] {
        let is_free = LATER_IS_BETTER.contains(&term) && is_earliest_best;
        let weight = if draw.chance(4) { Weight::Hard } else { Weight::Soft(draw.between(0, 20)) };
        parts.objective = parts.objective.clone().with(term, if is_free { Weight::Soft(0) } else { weight });
    }
    for shift in parts.shifts.iter_mut() {
        let chain =
            draw.chance(50).then(|| LongestChain { visits: draw.between(1, 3) as u16, pause: Ticks(draw.between(1, 20)), cost: draw.between(0, 9) });
        let free = if draw.chance(50) { draw.between(0, DAY) } else { 0 };
        let buffer = if draw.chance(50) { draw.between(0, 10) } else { 0 };
        let (free_cost, buffer_cost) = (draw.between(0, 3), draw.between(0, 3));
        shift.slack = Slack { free: Ticks(free), free_cost, buffer: Ticks(buffer), buffer_cost, chain };
        let from = shift.start + Ticks(draw.between(0, 60));
        shift.hours = draw.chance(30).then(|| Hours { from, until: from + Ticks(draw.between(0, 150)), cost: draw.between(0, 30) });
    }
    for visit in parts.visits.iter_mut() {
        visit.not_last_cost = if draw.chance(25) { draw.between(0, 40) } else { 0 };
    }
}

/// A plan of random routes at their earliest times; the plan that does nothing where links and routes contradict each other.
/// Nobody asks whether the carers may come.
#[must_use]
pub fn random_plan(problem: &Problem, draw: &mut Draw) -> Plan {
    let mut untimed = Untimed::nothing(problem);
    let n_shifts = untimed.routes.len();
    for (id, visit) in problem.visits().enumerate() {
        untimed.windows[id.idx()] = draw.below(visit.windows.len());
        if draw.chance(75) {
            let shift = draw.below(n_shifts);
            insert(draw, &mut untimed.routes[shift], Task::Visit(id));
        }
    }
    for (id, shift) in problem.shifts().enumerate() {
        if shift.pause.is_some() && draw.chance(60) {
            insert(draw, &mut untimed.routes[id.idx()], Task::Break);
        }
    }
    earliest(problem, &untimed).unwrap_or_else(|| Plan::empty(problem))
}

fn insert(draw: &mut Draw, route: &mut Vec<Task>, task: Task) {
    route.insert(draw.below(route.len() + 1), task);
}

/// Takes links away from the end until those left do not contradict each other.
fn built(mut parts: ProblemBuilder) -> Problem {
    loop {
        match parts.clone().build() {
            Ok(problem) => return problem,
            Err(error) => assert!(parts.links.pop().is_some(), "{error}"),
        }
    }
}

/// Two to five places, one or two modes; asymmetric, a fifth of the ways takes no time.
fn travel(draw: &mut Draw) -> Travel {
    let n_places = draw.between(2, 5) as usize;
    let mut travel = Travel::new(n_places);
    for _ in 0..draw.between(1, 2) {
        let cell = |cell: usize| if cell.is_multiple_of(n_places + 1) || draw.chance(20) { 0 } else { draw.between(1, 25) };
        let matrix: Vec<i64> = (0..n_places * n_places).map(cell).collect();
        travel.add_mode(&matrix).expect("a square matrix of small entries");
    }
    travel
}

fn objective(draw: &mut Draw) -> Objective {
    let mut objective = Objective::new(draw.between(1, 3000));
    objective.departure = draw.pick(&[Departure::JustInTime, Departure::AtShiftStart]);
    for (term, hard) in HARD {
        let soft = if draw.chance(40) { 0 } else { draw.between(1, 10) };
        objective = objective.with(term, if draw.chance(hard) { Weight::Hard } else { Weight::Soft(soft) });
    }
    // Brute force knows the optimum only where nothing rewards starting later.
    if draw.chance(40) {
        objective = LATER_IS_BETTER.iter().fold(objective, |objective, &term| objective.with(term, Weight::Soft(0)));
    }
    objective
}

fn place(draw: &mut Draw, parts: &ProblemBuilder) -> PlaceId {
    PlaceId::new(draw.below(parts.travel.n_places()))
}

/// Adds a carer with one or two shifts, one after the other.
fn carer(draw: &mut Draw, parts: &mut ProblemBuilder) {
    let skills = (0..SKILLS).map(SkillId::new).filter(|_| draw.chance(70)).fold(SkillSet::EMPTY, SkillSet::with);
    let mode = ModeId::new(draw.below(parts.travel.n_modes()));
    let carer = parts.carers.push(Carer { label: format!("carer {}", parts.carers.len()), skills, mode, team: None });
    let mut start = draw.between(0, 60);
    for _ in 0..draw.between(1, 2) {
        let end = start + draw.between(0, DAY);
        let shift = Shift {
            label: format!("shift {}", parts.shifts.len()),
            carer,
            start: Moment(start),
            end: Moment(end),
            from: place(draw, parts),
            to: place(draw, parts),
            capacity: draw.chance(25).then(|| draw.between(0, 8)),
            pause: draw.chance(35).then(|| pause(draw, start, end)),
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        };
        parts.shifts.push(shift);
        start = end + draw.between(0, 30);
    }
}

fn pause(draw: &mut Draw, start: i64, end: i64) -> BreakRule {
    let open = draw.between(start, end);
    let latest_begin = open + draw.between(0, 60);
    let latest_end = (latest_begin + draw.between(-20, 40)).max(0);
    BreakRule { open: Moment(open), latest_begin: Moment(latest_begin), min_duration: Ticks(draw.between(0, 20)), latest_end: Moment(latest_end) }
}

fn visit(draw: &mut Draw, parts: &ProblemBuilder) -> Visit {
    Visit {
        label: format!("visit {}", parts.visits.len()),
        citizen: CitizenId::new(draw.below(parts.citizens.len())),
        place: place(draw, parts),
        duration: Ticks(if draw.chance(15) { 0 } else { draw.between(1, 20) }),
        windows: windows(draw),
        preference: draw.chance(30).then(|| preference(draw)),
        published: draw.chance(25).then(|| published(draw, parts)),
        skills: if draw.chance(30) { SkillSet::EMPTY.with(SkillId::new(draw.below(SKILLS))) } else { SkillSet::EMPTY },
        load: draw.between(0, 3),
        need: if draw.chance(30) { Need::Optional } else { Need::Required },
        priority: 0,
        unserved_cost: draw.between(0, 200),
        allowed: draw.chance(15).then(|| some_carers(draw, parts)),
        preferred: if draw.chance(30) { some_carers(draw, parts) } else { Vec::new() },
        excluded: if draw.chance(15) { some_carers(draw, parts) } else { Vec::new() },
        course: None,
        carer_costs: Vec::new(),
        not_last_cost: 0,
        content: Content::default(),
    }
}

fn windows(draw: &mut Draw) -> Vec<Window> {
    if draw.chance(20) {
        return vec![Window { open: Moment(0), close: Moment(4 * DAY) }];
    }
    let open = draw.between(0, DAY);
    let close = open + draw.between(0, 80);
    let mut windows = vec![Window { open: Moment(open), close: Moment(close) }];
    if draw.chance(25) {
        let open = close + draw.between(1, 60);
        windows.push(Window { open: Moment(open), close: Moment(open + draw.between(0, 60)) });
    }
    windows
}

fn preference(draw: &mut Draw) -> Preference {
    let from = draw.between(0, DAY);
    Preference { from: Moment(from), until: Moment(from + draw.between(0, 40)), early: draw.between(0, 3), late: draw.between(0, 3) }
}

fn published(draw: &mut Draw, parts: &ProblemBuilder) -> Published {
    let (carer, start, tolerance) = (CarerId::new(draw.below(parts.carers.len())), draw.between(0, DAY), draw.between(0, 15));
    let (carer_changed, per_tick) = (draw.between(0, 50), draw.between(0, 3));
    // A third has no fixed price of another time; the others have any.
    let time_moved = (carer_changed + start) % 3 * (start % 16);
    Published { carer, start: Moment(start), tolerance: Ticks(tolerance), carer_changed, time_moved, per_tick }
}

/// Any carers, possibly none.
fn some_carers(draw: &mut Draw, parts: &ProblemBuilder) -> Vec<CarerId> {
    parts.carers.ids().filter(|_| draw.chance(60)).collect()
}

/// Up to two groups of linked visits: pairs and chains of three, which may meet.
fn links(draw: &mut Draw, parts: &mut ProblemBuilder) {
    let n_visits = parts.visits.len();
    if n_visits < 2 {
        return;
    }
    for _ in 0..draw.between(0, 2) {
        let mut first = draw.below(n_visits);
        for _ in 0..draw.between(1, 2) {
            let second = (first + 1 + draw.below(n_visits - 1)) % n_visits;
            let (min, max) = difference(draw);
            let different_carers = draw.chance(40);
            parts.links.push(Link { first: VisitId::new(first), second: VisitId::new(second), min, max, different_carers });
            first = second;
        }
    }
}

/// Makes one or two visits of half of the problems ones that are asked for instead of another.
fn alternatives(draw: &mut Draw, parts: &mut ProblemBuilder) {
    let weight = if draw.chance(5) { Weight::Hard } else { Weight::Soft(draw.between(0, 5)) };
    parts.objective = parts.objective.clone().with(Term::Content, weight);
    let is_linked = |parts: &ProblemBuilder, visit| parts.links.iter().any(|link| [link.first, link.second].contains(&visit));
    let free: Vec<VisitId> = parts.visits.ids().filter(|&visit| !is_linked(parts, visit)).collect();
    let Some((&granted, others)) = free.split_first().filter(|_| draw.chance(50)) else { return };
    let Visit { citizen, place, need, priority, unserved_cost, .. } = parts.visits[granted].clone();
    parts.visits[granted].content.cost = draw.between(0, 30);
    for &other in others.iter().take(draw.between(1, 2) as usize) {
        let visit = &mut parts.visits[other];
        (visit.citizen, visit.place, visit.need, visit.priority, visit.unserved_cost) = (citizen, place, need, priority, unserved_cost);
        visit.content = Content { instead_of: Some(granted), cost: draw.between(0, 10) };
    }
}

fn difference(draw: &mut Draw) -> (Ticks, Ticks) {
    let (near, far) = (draw.between(0, 40), draw.between(0, 60));
    match draw.between(0, 5) {
        0 | 1 => (Ticks(0), Ticks(0)),
        2 => (Ticks(near), Ticks(near + far)),
        3 => (Ticks(near), Link::MAX),
        4 => (Ticks(-near), Ticks(far)),
        _ => (Link::MIN, Link::MAX),
    }
}
