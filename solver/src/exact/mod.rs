//! Mixed-integer and linear programming with HiGHS: what is proved, and what is timed exactly.
//!
//! [`compact`] holds a whole small day in one model: it is the oracle of the searches and the proof of optimality.
//! [`timing`] finds the best times of a plan whose sequences are fixed. Floats live in this folder only, each beside a named
//! tolerance; whatever leaves it is whole ticks and whole cost units again.
//!
//! A HiGHS model is built, solved and dropped on one thread and uses one thread: the parallelism is the caller's.

pub mod compact;
pub(crate) mod master;
pub mod timing;

#[cfg(test)]
mod trial;
#[cfg(test)]
pub(crate) mod tests {
    use crate::problem::*;

    /// Visits one tick apart on a line, all day open, each citizen's own; carers who can do everything.
    pub(crate) fn line(n_visits: usize, n_carers: usize) -> Problem {
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
        parts.build().expect("a problem without faults")
    }
}
