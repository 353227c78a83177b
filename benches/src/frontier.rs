//! The trade-off between travel and faces: one district solved with the same objective but for what faces cost.

use std::time::Duration;

use kendt_solver::check::check;
use kendt_solver::continuity::{Facts, Records};
use kendt_solver::cost::{Breakdown, evaluate};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Cost, Problem, ProblemError, Term, Weight};
use kendt_solver::solve::{DaysBound, Progress, SolveOptions, days_bound, solve};
use kendt_solver::stop::StopToken;

/// Fewest points of a curve.
pub const FEWEST_POINTS: usize = 2;
/// Most points of a curve.
pub const MOST_POINTS: usize = 50;
/// The least and the greatest factor but 0.
const FACTORS: (f64, f64) = (0.125, 8.0);
/// Share of the time for the bound, which serves all points.
const BOUND_SHARE: f64 = 0.15;

/// One point of the curve.
#[derive(Clone, Debug)]
pub struct Point {
    /// What the prices of faces, new faces and carers above the cap are multiplied by.
    pub factor: f64,
    /// The problem with these prices.
    pub problem: Problem,
    /// The cheapest plan at these prices of all that were found for any point.
    pub plan: Plan,
    /// Its terms.
    pub breakdown: Breakdown,
    /// Its cost at these prices.
    pub cost: Cost,
    /// Whether it keeps every rule.
    pub feasible: bool,
    /// No plan costs less at these prices; `None` where nothing was proved.
    pub dual_bound: Option<Cost>,
    /// Mean carers of a citizen who is visited.
    pub carers: Option<f64>,
    /// Mean carers above the structural floor.
    pub excess: Option<f64>,
    /// CPU time of this point's own solve.
    pub cpu: Duration,
}

impl Point {
    /// Minutes on the road.
    #[must_use]
    pub fn travel_minutes(&self) -> f64 {
        self.breakdown.quantity(Term::Travel) as f64 / self.problem.clock().ticks_per_minute as f64
    }

    /// (cost - bound) / cost; `None` without a bound or for a plan that breaks rules.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        kendt_solver::solve::gap(self.cost, self.dual_bound.filter(|_| self.feasible)?)
    }
}

/// The curve and what its bounds leave out.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// From least travel to fewest faces.
    pub points: Vec<Point>,
    /// Terms that no bound counts.
    pub bound_leaves_out: Vec<&'static str>,
}

/// 0, and from 1/8 to 8 in equal steps of the logarithm: `n` factors, at least two.
#[must_use]
pub fn factors(n: usize) -> Vec<f64> {
    let steps = n.max(FEWEST_POINTS) - 1;
    let (least, greatest) = FACTORS;
    let factor = |step: usize| if steps == 1 { greatest } else { least * (greatest / least).powf(step as f64 / (steps - 1) as f64) };
    std::iter::once(0.0).chain((0..steps).map(factor)).collect()
}

/// The problem with faces at so many times their price, rounded to whole cost units and at most [`Weight::LARGEST`].
///
/// # Errors
/// Where the sums of such prices could leave 62 bits.
pub fn reweighed(problem: &Problem, factor: f64) -> Result<Problem, ProblemError> {
    let mut parts = problem.to_builder();
    for term in [Term::Faces, Term::NewFaces, Term::AboveCap] {
        if let Weight::Soft(weight) = problem.objective().weight(term) {
            let weight = ((weight as f64 * factor).round() as i64).clamp(0, Weight::LARGEST);
            parts.objective = parts.objective.with(term, Weight::Soft(weight));
        }
    }
    parts.build()
}

/// Solves the problem once for each factor, in equal shares of the time, then bounds all of them at once. `observe` is told which point is being
/// solved. `days` is how many days the horizon has.
///
/// # Errors
/// Where a factor makes prices too large.
pub fn frontier(
    problem: &Problem,
    days: u16,
    factors: &[f64],
    options: &SolveOptions,
    stop: &StopToken,
    observe: &mut dyn FnMut(usize, &Progress),
) -> Result<Frontier, ProblemError> {
    let share = |share: f64| options.time_limit.map(|limit| limit.mul_f64(share));
    let each = SolveOptions { prove: false, time_limit: share((1.0 - BOUND_SHARE) / factors.len().max(1) as f64), ..options.clone() };
    let problems = factors.iter().map(|&factor| reweighed(problem, factor)).collect::<Result<Vec<Problem>, _>>()?;
    let solved: Vec<(Plan, Duration)> = problems
        .iter()
        .enumerate()
        .map(|(nth, problem)| {
            let outcome = solve(problem, None, &each, stop, &mut |progress| observe(nth, progress));
            (outcome.plan, outcome.cpu)
        })
        .collect();
    // The bound keeps back the dearest face that any point has.
    let dearest = problems.iter().max_by_key(|problem| problem.objective().soft(Term::Faces)).unwrap_or(problem);
    let least = solved.first().map(|(plan, _)| plan).filter(|plan| check(dearest, plan).is_feasible());
    let bound = days_bound(dearest, least, &SolveOptions { time_limit: share(BOUND_SHARE), ..options.clone() }, stop);
    let facts = Facts::unknown(problem, days);
    let points = problems.iter().zip(factors).zip(&solved).map(|((problem, &factor), (_, cpu))| {
        let (plan, feasible, cost) = cheapest(problem, solved.iter().map(|(plan, _)| plan));
        let measures = Records::new(problem, &plan, &facts).district();
        Point {
            factor,
            breakdown: evaluate(problem, &plan),
            cost,
            feasible,
            dual_bound: bound.as_ref().map(|bound: &DaysBound| bound.of(problem).min(cost)),
            carers: measures.distinct.map(|distinct| distinct.mean),
            excess: measures.excess.map(|excess| excess.mean),
            cpu: *cpu,
            problem: problem.clone(),
            plan,
        }
    });
    Ok(Frontier { points: points.collect(), bound_leaves_out: bound.as_ref().map_or_else(Vec::new, |bound| bound.leaves_out.clone()) })
}

/// The plan that breaks fewest rules, the cheapest of those, whether it keeps all, and its cost.
fn cheapest<'a>(problem: &Problem, plans: impl Iterator<Item = &'a Plan>) -> (Plan, bool, Cost) {
    let judged = plans.map(|plan| (check(problem, plan).violations.len(), evaluate(problem, plan).cost(problem.objective()), plan));
    let best = judged.min_by_key(|&(broken, cost, _)| (broken, cost));
    best.map_or_else(|| (Plan::empty(problem), false, Cost::ZERO), |(broken, cost, plan)| (plan.clone(), broken == 0, cost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kendt_instances::generate::{Options, generate};

    #[test]
    fn factors_run_from_nothing_to_eight() {
        assert_eq!(factors(2), [0.0, 8.0]);
        let expected = [0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];
        assert!(factors(8).iter().zip(expected).all(|(factor, expected)| (factor - expected).abs() < 1e-9), "{:?}", factors(8));
        assert_eq!(factors(8).len(), 8);
    }

    /// Every plan is tried at every price, so that dearer faces never mean more of them.
    #[test]
    fn dearer_faces_are_never_more_and_no_point_is_below_its_bound() {
        let problem = generate(&Options { citizens: 6, days: 3, ..Options::default() }).problem().unwrap();
        let options = SolveOptions { time_limit: None, iterations: Some(60_000), ..SolveOptions::default() };
        let curve = frontier(&problem, 3, &factors(4), &options, &StopToken::default(), &mut |_, _| {}).unwrap();
        let faces = |point: &Point| {
            let objective = problem.objective();
            [Term::Faces, Term::NewFaces, Term::AboveCap].iter().map(|&term| objective.soft(term) * point.breakdown.quantity(term)).sum::<i64>()
        };
        for pair in curve.points.windows(2) {
            assert!(faces(&pair[1]) <= faces(&pair[0]), "{} after {}", faces(&pair[1]), faces(&pair[0]));
        }
        for point in &curve.points {
            assert!(point.feasible && point.dual_bound.is_some_and(|bound| bound <= point.cost), "{point:?}");
            assert!(point.carers.is_some_and(|carers| carers >= 1.0));
        }
    }
}
