//! The best plan's cost while a run goes on.

use std::time::Duration;

use kendt_solver::problem::Objective;
use kendt_solver::solve::Progress;

/// One piece of news.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Wall time since the solve began.
    pub elapsed: Duration,
    /// CPU time since the solve began.
    pub cpu: Duration,
    /// Cost of the best plan, in the instance's own unit.
    pub cost: f64,
    /// Whether that plan keeps every rule.
    pub feasible: bool,
}

/// The news of one run, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// One entry for each change of the best plan.
    pub points: Vec<Point>,
}

impl Trace {
    /// Takes news in; what changes nothing is not kept.
    pub fn note(&mut self, objective: &Objective, progress: &Progress) {
        let cost = objective.reported(progress.cost);
        let point = Point { elapsed: progress.elapsed, cpu: progress.cpu, cost, feasible: progress.feasible };
        if self.points.last().is_none_or(|last| (last.cost, last.feasible) != (point.cost, point.feasible)) {
            self.points.push(point);
        }
    }

    /// The first feasible point within `share` of the last one's cost, such as 0.01. `None` where the last plan breaks rules.
    ///
    /// News comes once a round, so the time is known to a round.
    #[must_use]
    pub fn reached(&self, share: f64) -> Option<Point> {
        let last = self.points.last().filter(|last| last.feasible)?;
        let enough = last.cost + share * last.cost.abs();
        self.points.iter().copied().find(|point| point.feasible && point.cost <= enough)
    }
}

#[cfg(test)]
mod tests {
    use kendt_solver::problem::Cost;

    use super::*;

    fn trace(points: &[(u64, i64, bool)]) -> Trace {
        let mut trace = Trace::default();
        for &(seconds, cost, feasible) in points {
            let (elapsed, cpu) = (Duration::from_secs(seconds), Duration::from_secs(2 * seconds));
            let cost = Cost(cost);
            trace.note(&Objective::new(1), &Progress { elapsed, cpu, iterations: 0, cost, feasible, dual_bound: None, improved: None });
        }
        trace
    }

    #[test]
    fn one_percent_is_reached_by_the_first_feasible_plan_that_is_good_enough() {
        // 1 % above 1000 is 1010; at 2 seconds the plan was cheap, but broke rules.
        let trace = trace(&[(1, 1200, true), (2, 900, false), (3, 1011, true), (4, 1010, true), (5, 1010, true), (6, 1000, true)]);
        assert_eq!(trace.points.len(), 5, "nothing new at 5 seconds");
        assert_eq!(trace.reached(0.01).map(|point| (point.elapsed.as_secs(), point.cpu.as_secs())), Some((4, 8)));
        assert_eq!(trace.reached(0.0).map(|point| point.elapsed.as_secs()), Some(6));
    }

    #[test]
    fn a_run_that_ends_with_broken_rules_reaches_nothing() {
        assert_eq!(trace(&[(1, 5, true), (2, 4, false)]).reached(0.5), None);
        assert_eq!(Trace::default().reached(0.5), None);
    }
}
