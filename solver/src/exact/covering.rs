//! The least number of further changes, as a covering programme over what every shift could do (set covering; every column one shift's day).

use std::num::NonZeroU32;

use highs::{ColProblem, HighsModelStatus, Sense};

/// One way for a shift to spend its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// The shift.
    pub(crate) shift: usize,
    /// Rows that it covers.
    pub(crate) covers: Vec<usize>,
    /// A row that somebody else must cover if the shift spends its day so.
    pub(crate) needs: Option<usize>,
    /// Changes that it makes.
    pub(crate) n_changes: u32,
}

/// What every shift could do, and what must be covered.
#[derive(Debug)]
pub(crate) struct Covering<'a> {
    /// Number of shifts.
    pub(crate) n_shifts: usize,
    /// By row: whether it must be covered in any case, or only where a day needs it.
    pub(crate) is_due: Vec<bool>,
    /// The columns.
    pub(crate) days: &'a [Day],
}

/// Nodes where no time limits the proof.
const MOST_NODES: i32 = 1000;
/// HiGHS' bound may be this much too high.
const BOUND_TOLERANCE: f64 = 1e-5;

impl Covering<'_> {
    /// Whether HiGHS proves that every choice of one day for each shift that covers all has more than `limit` changes. `false` also where it
    /// does not know within the seconds.
    pub(crate) fn takes_more_than(&self, limit: u32, seconds: Option<f64>) -> bool {
        let mut model = ColProblem::new();
        let shifts: Vec<_> = (0..self.n_shifts).map(|_| model.add_row(1..=1)).collect();
        let rows: Vec<_> = self.is_due.iter().map(|&due| model.add_row(f64::from(u8::from(due))..)).collect();
        for day in self.days {
            let covered = day.covers.iter().map(|&row| (rows[row], 1.0));
            let needed = day.needs.iter().map(|&row| (rows[row], -1.0));
            model.add_integer_column(f64::from(day.n_changes), 0..=1, std::iter::once((shifts[day.shift], 1.0)).chain(covered).chain(needed));
        }
        // What stays open costs more than is allowed, and so does a shift without a day: the programme always has a solution, so that
        // nothing hangs on a verdict of infeasibility.
        let dear = f64::from(limit) + 1.0;
        for &row in rows.iter().chain(&shifts) {
            model.add_integer_column(dear, 0..=1, [(row, 1.0)]);
        }
        let Ok(mut highs) = model.try_optimise(Sense::Minimise) else { return false };
        highs.make_quiet();
        highs.set_threads(NonZeroU32::MIN);
        // See the compact model: presolve now and then loses solutions.
        highs.set_option("presolve", "off");
        highs.set_option("mip_rel_gap", 0.0);
        match seconds {
            Some(seconds) => highs.set_option("time_limit", seconds),
            None => highs.set_option("mip_max_nodes", MOST_NODES),
        }
        let Ok(solved) = highs.try_solve() else { return false };
        let stated = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
        let bound = match solved.status() {
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => None,
            HighsModelStatus::Optimal => stated.or(Some(solved.objective_value() - 0.5)),
            _ => stated,
        };
        bound.is_some_and(|bound| bound - BOUND_TOLERANCE > f64::from(limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(shift: usize, covers: &[usize], needs: Option<usize>, n_changes: u32) -> Day {
        Day { shift, covers: covers.to_vec(), needs, n_changes }
    }

    #[test]
    fn what_one_shift_gives_up_another_must_take() {
        // Row 0 is due and only shift 0 can cover it, if shift 1 takes row 1 over, which is one change.
        let days = [day(0, &[], None, 0), day(0, &[0], Some(1), 0), day(1, &[], None, 0), day(1, &[1], None, 1)];
        let covering = Covering { n_shifts: 2, is_due: vec![true, false], days: &days };
        assert!(covering.takes_more_than(0, None));
        assert!(!covering.takes_more_than(1, None));
    }

    #[test]
    fn what_nobody_covers_takes_more_than_anything() {
        let days = [day(0, &[], None, 0)];
        assert!(Covering { n_shifts: 1, is_due: vec![true], days: &days }.takes_more_than(3, None));
        assert!(!Covering { n_shifts: 1, is_due: vec![false], days: &days }.takes_more_than(0, None));
    }
}
