//! The least number of further changes, as a covering programme over what every shift could do (set covering; every column one shift's day).

use std::num::NonZeroU32;

use highs::{ColProblem, HighsModelStatus, HighsSolutionStatus, Sense, SolvedModel};

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
/// Nodes where no time limits the choice.
const FEW_NODES: i32 = 10;
/// HiGHS' bound may be this much too high.
const BOUND_TOLERANCE: f64 = 1e-5;

impl Covering<'_> {
    /// The choice of least cost that HiGHS finds in time, a day for each shift at most: `costs` by day, `open` for a row that is due and not
    /// covered.
    pub(crate) fn cheapest(&self, costs: &[i64], open: i64, seconds: Option<f64>) -> Option<Vec<usize>> {
        // HiGHS works with absolute tolerances.
        let scaled = |cost: i64| cost as f64 / open.max(1) as f64;
        let solved = self.solve(|day| scaled(costs[day]), scaled(open), seconds, FEW_NODES)?;
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return None;
        }
        let solution = solved.get_solution();
        Some((0..self.days.len()).filter(|&day| solution.columns()[day] > 0.5).collect())
    }

    /// Whether HiGHS proves that every choice of one day for each shift that covers all has more than `limit` changes. `false` also where it
    /// does not know within the seconds.
    pub(crate) fn takes_more_than(&self, limit: u32, seconds: Option<f64>) -> bool {
        // What stays open costs more than is allowed, and so does a shift without a day.
        let Some(solved) = self.solve(|day| f64::from(self.days[day].n_changes), f64::from(limit) + 1.0, seconds, MOST_NODES) else { return false };
        let stated = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
        let bound = match solved.status() {
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => None,
            HighsModelStatus::Optimal => stated.or(Some(solved.objective_value() - 0.5)),
            _ => stated,
        };
        bound.is_some_and(|bound| bound - BOUND_TOLERANCE > f64::from(limit))
    }

    /// The programme with these costs of days. Rows may stay open and shifts without a day at a price, so that it always has a solution and
    /// nothing hangs on a verdict of infeasibility.
    fn solve(&self, cost: impl Fn(usize) -> f64, open: f64, seconds: Option<f64>, nodes: i32) -> Option<SolvedModel> {
        let mut model = ColProblem::new();
        let shifts: Vec<_> = (0..self.n_shifts).map(|_| model.add_row(1..=1)).collect();
        let rows: Vec<_> = self.is_due.iter().map(|&due| model.add_row(f64::from(u8::from(due))..)).collect();
        for (at, day) in self.days.iter().enumerate() {
            let covered = day.covers.iter().map(|&row| (rows[row], 1.0));
            let needed = day.needs.iter().map(|&row| (rows[row], -1.0));
            model.add_integer_column(cost(at), 0..=1, std::iter::once((shifts[day.shift], 1.0)).chain(covered).chain(needed));
        }
        for &row in rows.iter().chain(&shifts) {
            model.add_integer_column(open, 0..=1, [(row, 1.0)]);
        }
        let mut highs = model.try_optimise(Sense::Minimise).ok()?;
        highs.make_quiet();
        highs.set_threads(NonZeroU32::MIN);
        // See the compact model: presolve now and then loses solutions.
        highs.set_option("presolve", "off");
        highs.set_option("mip_rel_gap", 0.0);
        match seconds {
            Some(seconds) => highs.set_option("time_limit", seconds),
            None => highs.set_option("mip_max_nodes", nodes),
        }
        highs.try_solve().ok()
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
        assert_eq!(covering.cheapest(&[0, 0, 0, 1], 2, None), Some(vec![1, 3]));
        // Leaving row 0 open is cheaper than a change at three times the price.
        assert_eq!(covering.cheapest(&[0, 0, 0, 3], 2, None), Some(vec![0, 2]));
    }

    #[test]
    fn what_nobody_covers_takes_more_than_anything() {
        let days = [day(0, &[], None, 0)];
        assert!(Covering { n_shifts: 1, is_due: vec![true], days: &days }.takes_more_than(3, None));
        assert!(!Covering { n_shifts: 1, is_due: vec![false], days: &days }.takes_more_than(0, None));
    }
}
