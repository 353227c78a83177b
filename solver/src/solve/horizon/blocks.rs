//! Cuts the horizon into blocks, the days: at the hour of the day that the fewest shifts span, so that nights belong to one day.

use crate::problem::{Clock, IdVec, Problem, ShiftId, VisitId};

/// The blocks in order of time.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Shifts of each block, ascending; no block is empty.
    pub(super) shifts: Vec<Vec<ShiftId>>,
    /// The block of each shift.
    pub(super) of_shift: IdVec<ShiftId, usize>,
}

const HOURS: i64 = 24;
const HOUR: i64 = 60;

impl Blocks {
    pub(super) fn new(problem: &Problem) -> Self {
        let Clock { ticks_per_minute } = problem.clock();
        let (hour, day) = (HOUR * ticks_per_minute, HOURS * HOUR * ticks_per_minute);
        let spans = |at: i64| {
            let spans = |shift: &crate::problem::Shift| {
                let next = at + (shift.start.0 - at).div_euclid(day) * day + day;
                next < shift.end.0
            };
            problem.shifts().iter().filter(|shift| spans(shift)).count()
        };
        let cut = (0..HOURS).map(|nth| nth * hour).min_by_key(|&at| spans(at)).unwrap_or(0);
        let day_of = |shift: &crate::problem::Shift| (shift.start.0.midpoint(shift.end.0) - cut).div_euclid(day);
        let mut days: Vec<i64> = problem.shifts().iter().map(day_of).collect();
        days.sort_unstable();
        days.dedup();
        let of_shift: IdVec<ShiftId, usize> =
            problem.shifts().iter().map(|shift| days.binary_search(&day_of(shift)).expect("the day of every shift is listed")).collect();
        let mut shifts = vec![Vec::new(); days.len()];
        for (shift, &block) in of_shift.enumerate() {
            shifts[block].push(shift);
        }
        Self { shifts, of_shift }
    }

    pub(super) fn len(&self) -> usize {
        self.shifts.len()
    }

    /// The block in which a visit that nobody serves yet is tried first: the first one with an able shift on duty in one of its windows.
    pub(super) fn first_of(&self, problem: &Problem, visit: VisitId) -> Option<usize> {
        self.all_of(problem, visit).next()
    }

    /// The blocks in which the visit can be served, by able shift; some may come several times.
    pub(super) fn all_of<'a>(&'a self, problem: &'a Problem, visit: VisitId) -> impl Iterator<Item = usize> + 'a {
        let facts = &problem.visits()[visit];
        let is_on_duty = move |&&shift: &&ShiftId| {
            let shift = &problem.shifts()[shift];
            facts.windows.iter().any(|window| window.open <= shift.end && window.close >= shift.start)
        };
        problem.able_shifts(visit).iter().filter(is_on_duty).map(|&shift| self.of_shift[shift])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::Moment;

    #[test]
    fn a_night_belongs_to_the_day_it_began_on_where_that_cuts_fewest_shifts() {
        let hours = [(7, 15), (22, 31), (31, 39), (46, 55)];
        let problem = line_with(4, 4, |parts| {
            let minute = parts.clock.ticks_per_minute;
            for (shift, (from, to)) in parts.shifts.iter_mut().zip(hours) {
                (shift.start, shift.end, shift.pause) = (Moment(from * 60 * minute), Moment(to * 60 * minute), None);
            }
        });
        let blocks = Blocks::new(&problem);
        assert_eq!(blocks.of_shift.iter().copied().collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert_eq!(blocks.shifts, [vec![ShiftId::new(0), ShiftId::new(1)], vec![ShiftId::new(2), ShiftId::new(3)]]);
    }
}
