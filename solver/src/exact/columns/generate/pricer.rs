//! Single pricing calls at the prices that some rounds end with, for micro-benchmarks. Nothing else uses it, and nothing here is stable.

use super::{Day, Duals, Effort, Generation, MOST_ELEMENTS};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::stop::{StopToken, Watch};

/// How a pricing call looks for routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// Few labels; what it finds is no bound.
    Quick,
    /// With an eye on what was visited nearby; no bound either.
    Thorough,
    /// To the end.
    Exact,
}

/// Column generation that stands still.
pub struct Pricer<'g, 'a> {
    generation: &'g Generation<'a>,
    duals: Duals,
    watch: Watch,
}

/// Gives `job` the pricing problem at the best prices of `rounds` rounds; `None` where column generation cannot hold the day.
pub fn with_pricer<T>(problem: &Problem, incumbent: &Plan, rounds: usize, job: impl FnOnce(&Pricer<'_, '_>) -> T) -> Option<T> {
    let watch = Watch::new(None, StopToken::default());
    let day = Day::new(problem, MOST_ELEMENTS)?;
    let mut generation = Generation::new(&day, Some(incumbent))?;
    let _ = generation.run(rounds, None, &watch)?;
    let prices = generation.prices()?;
    let duals = Duals::rounded(&day, &prices.cover, &prices.late, &prices.links, &prices.cuts);
    Some(job(&Pricer { generation: &generation, duals, watch }))
}

impl std::fmt::Debug for Pricer<'_, '_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pricer").field("duals", &self.duals).finish_non_exhaustive()
    }
}

impl Pricer<'_, '_> {
    /// Prices every class of shifts once, on this thread; how many routes came out.
    #[must_use]
    pub fn call(&self, how: Pricing) -> usize {
        let effort = match how {
            Pricing::Quick => Effort::Quick,
            Pricing::Thorough => Effort::Thorough,
            Pricing::Exact => Effort::Exact,
        };
        self.generation.price(&self.duals, effort, None, &self.watch).iter().map(|priced| priced.paths.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line;

    #[test]
    fn exact_pricing_finds_no_fewer_routes_than_quick_pricing() {
        let problem = line(6, 2);
        let found = with_pricer(&problem, &Plan::empty(&problem), 8, |pricer| [Pricing::Quick, Pricing::Exact].map(|how| pricer.call(how)));
        assert!(found.is_some_and(|[quick, exact]| exact >= quick), "{found:?}");
    }
}
