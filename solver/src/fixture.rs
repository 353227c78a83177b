//! Problems for unit tests: a line whose sums can be done by hand, and towns of any size.

use crate::problem::{
    BreakRule, Carer, CarerId, Citizen, Clock, Content, Link, Moment, Need, Objective, PlaceId, Point, Preference, Problem, ProblemBuilder, Shift,
    SkillId, SkillSet, Slack, Straight, Term, Ticks, Travel, Visit, VisitId, Weight, Window,
};

/// Visits one tick apart on a line, all day open, each citizen's own; carers who can do everything.
pub(crate) fn line(n_visits: usize, n_carers: usize) -> Problem {
    line_with(n_visits, n_carers, |_| ())
}

/// The same, with some parts changed before it is built.
pub(crate) fn line_with(n_visits: usize, n_carers: usize, change: impl FnOnce(&mut ProblemBuilder)) -> Problem {
    let n = n_visits + 1;
    let matrix: Vec<i64> = (0..n * n).map(|at| (at / n).abs_diff(at % n) as i64).collect();
    let mut travel = Travel::new(n);
    let mode = travel.add_mode(&matrix).expect("a square matrix");
    let objective = Objective::new(1).with(Term::Travel, Weight::Soft(1)).with(Term::Unserved, Weight::Hard);
    let mut parts = ProblemBuilder::new("line", Clock { ticks_per_minute: 1 }, travel, objective);
    for carer in 0..n_carers {
        let carer = parts.carers.push(Carer { label: format!("c{carer}"), skills: SkillSet::EMPTY, mode, team: None });
        parts.shifts.push(Shift {
            label: format!("s{}", carer.idx()),
            carer,
            start: Moment(0),
            end: Moment(1000),
            from: PlaceId::new(0),
            to: PlaceId::new(0),
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
    }
    for visit in 0..n_visits {
        let citizen = parts.citizens.push(Citizen::new(format!("p{visit}")));
        parts.visits.push(Visit {
            label: format!("v{visit}"),
            citizen,
            place: PlaceId::new(visit + 1),
            duration: Ticks(1),
            windows: vec![Window { open: Moment(0), close: Moment(1000) }],
            preference: None,
            published: None,
            skills: SkillSet::EMPTY,
            load: 0,
            need: Need::Required,
            priority: 0,
            unserved_cost: 0,
            allowed: None,
            preferred: Vec::new(),
            excluded: Vec::new(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    change(&mut parts);
    parts.build().expect("a problem without faults")
}

/// A made-up day in minutes: homes scattered about a base, carers who drive or walk on day and evening shifts with breaks, visits of one
/// or two windows with wishes and skills, of which some are optional and about one in six is linked with the one before it.
pub(crate) fn town(seed: u64, n_visits: usize, n_carers: usize) -> Problem {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut draw = |low: i64, high: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + ((state >> 33) as i64) % (high - low + 1)
    };
    let n_homes = n_visits.div_ceil(2);
    let mut points = vec![Point { x: 0.0, y: 0.0, has_stop: false }];
    points.extend((0..n_homes).map(|_| Point { x: draw(-50, 50) as f64 / 10.0, y: draw(-50, 50) as f64 / 10.0, has_stop: true }));
    let mut travel = Travel::between(points).expect("finite coordinates");
    let modes =
        [(1.5, 2.0), (6.0, 1.0)].map(|(ticks_per_unit, per_stop)| travel.add_straight(Straight { ticks_per_unit, per_stop }).expect("short ways"));
    let objective = [(Term::Travel, 2), (Term::Waiting, 1), (Term::Lateness, 20), (Term::Early, 1), (Term::Late, 1), (Term::Overtime, 10)]
        .into_iter()
        .chain([(Term::Unserved, 1), (Term::CarerPreference, 9), (Term::MissedBreak, 60)])
        .fold(Objective::new(2), |objective, (term, weight)| objective.with(term, Weight::Soft(weight)));
    let mut parts = ProblemBuilder::new("town", Clock { ticks_per_minute: 1 }, travel, objective);
    for carer in 0..n_carers {
        let skills = if carer % 3 == 0 { SkillSet::EMPTY.with(SkillId::new(0)) } else { SkillSet::EMPTY };
        let id = parts.carers.push(Carer { label: format!("c{carer}"), skills, mode: modes[usize::from(carer % 4 == 3)], team: None });
        let start = if carer % 2 == 0 { 7 * 60 } else { 15 * 60 };
        let rule =
            BreakRule { open: Moment(start + 180), latest_begin: Moment(start + 330), min_duration: Ticks(30), latest_end: Moment(start + 400) };
        parts.shifts.push(Shift {
            label: format!("s{carer}"),
            carer: id,
            start: Moment(start),
            end: Moment(start + 480),
            from: PlaceId::new(0),
            to: PlaceId::new(0),
            capacity: None,
            pause: (draw(0, 1) == 0).then_some(rule),
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
    }
    for home in 0..n_homes {
        parts.citizens.push(Citizen::new(format!("p{home}")));
    }
    for visit in 0..n_visits {
        let open = draw(7 * 60, 20 * 60);
        let mut windows = vec![Window { open: Moment(open), close: Moment(open + draw(0, 120)) }];
        if draw(0, 9) == 0 {
            let again = windows[0].close + Ticks(draw(30, 90));
            windows.push(Window { open: again, close: again + Ticks(60) });
        }
        let carer = |drawn: i64| CarerId::new(drawn as usize);
        let last = n_carers as i64 - 1;
        parts.visits.push(Visit {
            label: format!("v{visit}"),
            citizen: crate::problem::CitizenId::new(visit / 2),
            place: PlaceId::new(1 + visit / 2),
            duration: Ticks(draw(5, 45)),
            preference: (draw(0, 1) == 0).then(|| Preference { from: Moment(open + 5), until: Moment(open + 35), early: 1, late: 1 }),
            windows,
            published: None,
            skills: if draw(0, 4) == 0 { SkillSet::EMPTY.with(SkillId::new(0)) } else { SkillSet::EMPTY },
            load: 0,
            need: if draw(0, 7) == 0 { Need::Optional } else { Need::Required },
            priority: 0,
            unserved_cost: draw(50, 4000),
            allowed: None,
            preferred: if draw(0, 2) == 0 { vec![carer(draw(0, last))] } else { Vec::new() },
            excluded: Vec::new(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
        if visit > 0 && draw(0, 5) == 0 {
            let before = VisitId::new(visit - 1);
            let (window, need) = (parts.visits[before].windows[0], parts.visits[before].need);
            let own = &mut parts.visits[VisitId::new(visit)];
            let (min, max) = if draw(0, 1) == 0 { (0, 0) } else { (10, 90) };
            own.windows = vec![Window { open: window.open + Ticks(min), close: window.close + Ticks(max) }];
            own.preference = None;
            own.need = need;
            parts.links.push(Link { first: before, second: VisitId::new(visit), min: Ticks(min), max: Ticks(max), different_carers: min == 0 });
        }
    }
    parts.build().expect("a problem without faults")
}
