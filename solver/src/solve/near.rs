//! A plan changed around a few visits only.

use super::{Outcome, SolveOptions, horizon, solve_around};
use crate::plan::Plan;
use crate::problem::{Problem, VisitId};
use crate::stop::{StopToken, Watch};

/// The plan changed around these visits: on their days, in rings about them, with little heat. What of the plan the problem does not allow is
/// taken out first and put back where it costs least. For answers about one thing - what forcing it costs, what would be possible - which are
/// to differ from the plan in little else. No bound is sought.
///
/// # Panics
/// When a visit is not one of the problem.
#[must_use]
pub fn near(problem: &Problem, plan: &Plan, visits: &[VisitId], options: &SolveOptions, stop: &StopToken) -> Outcome {
    let watch = Watch::metered(options.time_limit, options.meter, stop.clone());
    let options = SolveOptions { prove: false, recombine: false, ..options.clone() };
    let plan = plan.fitted(problem);
    if horizon::is_horizon(problem) {
        return horizon::near(problem, &plan, visits, &options, &watch);
    }
    solve_around(problem, &plan, visits, |_| None, &options, &watch, &mut |_| {})
}
