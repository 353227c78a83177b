//! The optimum of a tiny problem by trying everything.

use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::plan::{Plan, Task};
use kendt_solver::problem::{Cost, Problem, Term, VisitId, Weight};

use crate::earliest::{Untimed, earliest};

/// The terms whose quantity can fall when something starts later.
pub const LATER_IS_BETTER: [Term; 8] =
    [Term::Waiting, Term::GreatestIdle, Term::Early, Term::Disruption, Term::Irregularity, Term::ShortBuffer, Term::LongChain, Term::OutsideHours];

/// The cheapest feasible plan among *earliest schedules*, or `None` if no earliest schedule is feasible.
///
/// Tries every set of served visits, every assignment to shifts, every order, every place of the breaks or none, and for every
/// visit each of its windows to wait for; times each by [`earliest`]. That is the true optimum where [`earliest_is_best`], and only
/// an upper bound on it elsewhere. Half a million schedules for five visits and three shifts: keep to that.
#[must_use]
pub fn cheapest(problem: &Problem) -> Option<(Cost, Plan)> {
    let mut trial = Trial { problem, untimed: Untimed::nothing(problem), best: None };
    trial.visits_from(0);
    trial.best
}

/// Whether no plan gains by starting anything later than its routes and windows ask.
///
/// Starting earlier within the same windows never raises lateness, the price of late starts, overtime or any quantity that does not
/// depend on time. It can raise those of [`LATER_IS_BETTER`], so these must be free.
#[must_use]
pub fn earliest_is_best(problem: &Problem) -> bool {
    LATER_IS_BETTER.iter().all(|&term| problem.objective().weight(term) == Weight::Soft(0))
}

struct Trial<'a> {
    problem: &'a Problem,
    untimed: Untimed,
    best: Option<(Cost, Plan)>,
}

impl Trial<'_> {
    /// Leaves out or inserts each visit from the given one on. Inserting in number order makes every sequence exactly once.
    fn visits_from(&mut self, visit: usize) {
        if visit == self.problem.visits().len() {
            self.breaks_from(0);
            return;
        }
        self.visits_from(visit + 1);
        for shift in 0..self.untimed.routes.len() {
            for position in 0..=self.untimed.routes[shift].len() {
                self.untimed.routes[shift].insert(position, Task::Visit(VisitId::new(visit)));
                self.visits_from(visit + 1);
                self.untimed.routes[shift].remove(position);
            }
        }
    }

    fn breaks_from(&mut self, shift: usize) {
        let Some(facts) = self.problem.shifts().iter().nth(shift) else {
            self.windows_from(0);
            return;
        };
        self.breaks_from(shift + 1);
        if facts.pause.is_some() {
            for position in 0..=self.untimed.routes[shift].len() {
                self.untimed.routes[shift].insert(position, Task::Break);
                self.breaks_from(shift + 1);
                self.untimed.routes[shift].remove(position);
            }
        }
    }

    fn windows_from(&mut self, visit: usize) {
        let Some(facts) = self.problem.visits().iter().nth(visit) else {
            self.judge();
            return;
        };
        for window in 0..facts.windows.len() {
            self.untimed.windows[visit] = window;
            self.windows_from(visit + 1);
        }
    }

    fn judge(&mut self) {
        let Some(plan) = earliest(self.problem, &self.untimed) else { return };
        let cost = evaluate(self.problem, &plan).cost(self.problem.objective());
        let improves = self.best.as_ref().is_none_or(|(best, _)| cost < *best);
        if improves && check(self.problem, &plan).is_feasible() {
            self.best = Some((cost, plan));
        }
    }
}
