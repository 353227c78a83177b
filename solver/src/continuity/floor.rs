//! The structural floor: how few carers could come to a citizen, given who works when.

use std::collections::{BTreeMap, BTreeSet};

use super::hitting::{Effort, Smallest, smallest};
use super::{Layer, day_of, wanted};
use crate::problem::{CarerId, IdVec, Need, Problem, VisitId};

/// Working days of a full-time carer in 14 days.
const WORKING_DAYS: usize = 10;

/// How few carers could come to some visits of one citizen. It depends on the demand and the roster, not on any plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Every plan that pays all required visits (but the unservable ones) sends at least so many different carers. Counted from who could
    /// come to each visit by itself: a shift that no hard rule forbids and that overlaps one of the visit's windows. Of two visits that
    /// need different carers, as the halves of a visit by two, two come. That carers also have other citizens, ride and rest is not counted.
    pub carers: usize,
    /// Whether so many carers could do; otherwise the search for fewer ended early, and the number is a bound all the same.
    pub is_exact: bool,
    /// The floor where no roster is known, by rule of thumb: for each layer, the days with required visits over 10, rounded up, and the sum
    /// of that. A full-time carer works about 10 days of 14, in one layer.
    pub roster_free: usize,
    /// Required visits that nobody could pay, by the same reading of the roster; of two that need different carers, one where only one
    /// carer could. The floor leaves them out.
    pub unservable: usize,
}

/// The structural floor of visits of one citizen; optional ones are left out.
#[must_use]
pub fn floor(problem: &Problem, visits: &[VisitId]) -> Floor {
    Roster::new(problem).floor(visits, &mut Effort { each: usize::MAX, left: usize::MAX })
}

/// How few carers could pay all of these visits, where `could_come` says who could pay each; visits that nobody could pay are left out. Of two
/// visits that need different carers, two come.
#[must_use]
pub fn fewest(problem: &Problem, visits: &[VisitId], could_come: &dyn Fn(VisitId) -> Vec<CarerId>) -> usize {
    // Ids have 32 bits, so none is lost.
    let numbers = |visit| could_come(visit).into_iter().filter_map(|carer| u32::try_from(carer.idx()).ok()).collect::<Vec<_>>();
    let could = visits.iter().map(|&visit| (visit, numbers(visit))).filter(|(_, carers)| !carers.is_empty()).collect();
    Roster::new(problem).smallest(&could, &mut Effort { each: MOST_SETS, left: MOST_SETS }).0.size
}

/// Sets that [`fewest`] looks at; a search that ends early has still proved that fewer carers do not do.
const MOST_SETS: usize = 200_000;

/// Who could come when, made ready for the floors of many citizens.
pub(super) struct Roster<'a> {
    problem: &'a Problem,
    /// For each visit the later ones that need another carer, ascending.
    apart: IdVec<VisitId, BTreeSet<VisitId>>,
}

impl<'a> Roster<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let mut apart: IdVec<VisitId, BTreeSet<VisitId>> = vec![BTreeSet::new(); problem.visits().len()].into();
        for link in problem.links().iter().filter(|link| link.different_carers) {
            apart[link.first.min(link.second)].insert(link.first.max(link.second));
        }
        Self { problem, apart }
    }

    /// Whether somebody must come for the visit, and not for what is asked for instead of another one.
    fn is_forced(&self, visit: VisitId) -> bool {
        let visit = &self.problem.visits()[visit];
        visit.need == Need::Required && visit.content.instead_of.is_none()
    }

    /// The structural floor of visits of one citizen, with limited effort.
    pub(super) fn floor(&self, visits: &[VisitId], effort: &mut Effort) -> Floor {
        let (problem, clock) = (self.problem, self.problem.clock());
        let required: Vec<VisitId> = visits.iter().copied().filter(|&visit| self.is_forced(visit)).collect();
        let could: BTreeMap<VisitId, Vec<u32>> =
            required.iter().map(|&visit| (visit, self.could_come(visit))).filter(|(_, carers)| !carers.is_empty()).collect();
        let (least, lone) = self.smallest(&could, effort);
        let days: BTreeSet<(Layer, i64)> =
            required.iter().map(|&visit| &problem.visits()[visit]).map(|visit| (Layer::of(clock, visit), day_of(clock, wanted(visit)))).collect();
        let of_layer = |layer| days.iter().filter(|(of, _)| *of == layer).count().div_ceil(WORKING_DAYS);
        let unservable = required.len() - could.len() + lone;
        Floor { carers: least.size, is_exact: least.is_exact, roster_free: Layer::ALL.into_iter().map(of_layer).sum(), unservable }
    }

    /// The smallest set of carers for visits with those who could come to each, and the visits by two for which there is one carer alone.
    fn smallest(&self, could: &BTreeMap<VisitId, Vec<u32>>, effort: &mut Effort) -> (Smallest, usize) {
        let mut lone = 0;
        let mut rows: Vec<(Vec<u32>, usize)> = could.values().map(|carers| (carers.clone(), 1)).collect();
        for (&first, carers) in could {
            for others in self.apart[first].iter().filter_map(|second| could.get(second)) {
                let either: BTreeSet<u32> = carers.iter().chain(others).copied().collect();
                if either.len() < 2 {
                    lone += 1;
                } else {
                    rows.push((either.into_iter().collect(), 2));
                }
            }
        }
        (smallest(&rows, effort), lone)
    }

    /// Carers with a shift that no hard rule forbids and that overlaps one of the visit's windows, ascending. Where lateness is soft, the
    /// problem's able shifts may be on another day.
    fn could_come(&self, id: VisitId) -> Vec<u32> {
        let problem = self.problem;
        let windows = &problem.visits()[id].windows;
        let shifts = problem.able_shifts(id).iter().map(|&shift| &problem.shifts()[shift]);
        let on_duty = shifts.filter(|shift| windows.iter().any(|window| window.open <= shift.end && shift.start <= window.close));
        let carers: BTreeSet<usize> = on_duty.map(|shift| shift.carer.idx()).collect();
        // Ids have 32 bits, so none is lost.
        carers.into_iter().filter_map(|carer| u32::try_from(carer).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{CitizenId, Link, Moment, ProblemBuilder, ShiftId, Ticks, Window};

    /// One citizen with a visit in each window, minutes from midnight of day 1; one carer for each shift.
    fn house(windows: &[(i64, i64)], shifts: &[(i64, i64)], change: impl FnOnce(&mut ProblemBuilder)) -> Problem {
        line_with(windows.len(), shifts.len(), |parts| {
            for (visit, &(open, close)) in parts.visits.iter_mut().zip(windows) {
                visit.citizen = CitizenId::new(0);
                visit.windows = vec![Window { open: Moment(open), close: Moment(close) }];
            }
            for (shift, &(start, end)) in parts.shifts.iter_mut().zip(shifts) {
                (shift.start, shift.end) = (Moment(start), Moment(end));
            }
            change(parts);
        })
    }

    fn of(problem: &Problem) -> Floor {
        floor(problem, &problem.visits().ids().collect::<Vec<_>>())
    }

    #[test]
    fn a_shift_must_overlap_a_window() {
        // Lateness is soft, so the first carer is able to come to both, but is off duty when the second is due.
        let problem = house(&[(480, 540), (960, 1020)], &[(420, 900), (900, 1380)], |_| ());
        assert_eq!(problem.able_shifts(VisitId::new(0)).len(), 2);
        assert_eq!(of(&problem), Floor { carers: 2, is_exact: true, roster_free: 2, unservable: 0 });
        // A carer with both shifts does it alone.
        let problem = house(&[(480, 540), (960, 1020)], &[(420, 900), (900, 1380)], |parts| {
            parts.shifts[ShiftId::new(1)].carer = CarerId::new(0);
        });
        assert_eq!(of(&problem).carers, 1);
    }

    #[test]
    fn two_come_to_a_visit_by_two() {
        let both = |parts: &mut ProblemBuilder| {
            let (first, second) = (VisitId::new(0), VisitId::new(1));
            parts.links.push(Link { first, second, min: Ticks::ZERO, max: Ticks::ZERO, different_carers: true });
        };
        assert_eq!(of(&house(&[(480, 540); 2], &[(420, 900); 3], both)), Floor { carers: 2, is_exact: true, roster_free: 1, unservable: 0 });
        // With one carer on duty, one half cannot be served.
        assert_eq!(of(&house(&[(480, 540); 2], &[(420, 900)], both)), Floor { carers: 1, is_exact: true, roster_free: 1, unservable: 1 });
    }

    #[test]
    fn visits_that_nobody_could_pay_are_counted_and_optional_ones_left_out() {
        let problem = house(&[(480, 540), (100, 200), (960, 1020)], &[(420, 900), (900, 1380)], |parts| {
            parts.visits[VisitId::new(2)].need = Need::Optional;
        });
        assert_eq!(of(&problem), Floor { carers: 1, is_exact: true, roster_free: 2, unservable: 1 });
    }

    #[test]
    fn a_full_time_carer_works_ten_days_of_fourteen() {
        // Eleven mornings and eleven evenings: two carers for each, by rule of thumb. The one carer on duty always does it alone.
        let windows: Vec<(i64, i64)> =
            (0..11).flat_map(|day| [(day * 1440 + 480, day * 1440 + 540), (day * 1440 + 1080, day * 1440 + 1140)]).collect();
        let problem = house(&windows, &[(0, 20_000)], |_| ());
        assert_eq!(of(&problem), Floor { carers: 1, is_exact: true, roster_free: 4, unservable: 0 });
    }
}
