//! A problem for unit tests whose sums can be done by hand.

use crate::problem::{
    Carer, Citizen, Clock, Moment, Need, Objective, PlaceId, Problem, ProblemBuilder, Shift, SkillSet, Term, Ticks, Travel, Visit, Weight, Window,
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
        let carer = parts.carers.push(Carer { label: format!("c{carer}"), skills: SkillSet::EMPTY, mode });
        parts.shifts.push(Shift {
            label: format!("s{}", carer.idx()),
            carer,
            start: Moment(0),
            end: Moment(1000),
            from: PlaceId::new(0),
            to: PlaceId::new(0),
            capacity: None,
            pause: None,
        });
    }
    for visit in 0..n_visits {
        let citizen = parts.citizens.push(Citizen { label: format!("p{visit}") });
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
        });
    }
    change(&mut parts);
    parts.build().expect("a problem without faults")
}
