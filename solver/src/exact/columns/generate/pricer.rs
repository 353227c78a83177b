//! Single pricing calls at the prices that some rounds end with, for micro-benchmarks. Nothing else uses it, and nothing here is stable.

use super::{Day, Duals, EXACT_BREADTH, Generation, Level, MOST_ELEMENTS, NEIGHBOURS, QUICK_BREADTH};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::stop::{StopToken, Watch};

/// How a pricing call looks for routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// Few labels; what it finds is no bound.
    Quick,
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
    let duals = Duals::rounded(&day, &prices.cover, &prices.late, &prices.links);
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
        let (level, breadth) = match how {
            Pricing::Quick => (Level::Quick, QUICK_BREADTH),
            Pricing::Exact => (Level::Exact { neighbours: NEIGHBOURS[self.generation.neighbours] }, EXACT_BREADTH),
        };
        self.generation.price(&self.duals, level, breadth, None, &self.watch).iter().map(|priced| priced.paths.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line;

    #[test]
    fn exact_pricing_finds_no_fewer_routes_than_quick_pricing() {
        let problem = line(6, 2);
        let found = with_pricer(&problem, &Plan::empty(&problem), 2, |pricer| [Pricing::Quick, Pricing::Exact].map(|how| pricer.call(how)));
        assert!(found.is_some_and(|[quick, exact]| exact >= quick), "{found:?}");
    }
}
