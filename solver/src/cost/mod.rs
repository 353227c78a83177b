//! What a plan costs, term by term.

mod evaluate;

pub use evaluate::evaluate;
pub(crate) use evaluate::{lateness, time_of_day};

use crate::problem::{Cost, Objective, Term, Weight};

/// The quantity of every term of a plan: never negative, in the unit that [`Term`] documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Breakdown {
    quantities: [i64; Term::ALL.len()],
}

impl Breakdown {
    /// The quantity of a term.
    #[must_use]
    pub fn quantity(&self, term: Term) -> i64 {
        self.quantities[term as usize]
    }

    /// Adds to the quantity of a term.
    pub fn add(&mut self, term: Term, quantity: i64) {
        self.quantities[term as usize] += quantity;
    }

    /// Raises the quantity of a term that is a maximum.
    pub fn raise(&mut self, term: Term, quantity: i64) {
        self.quantities[term as usize] = self.quantities[term as usize].max(quantity);
    }

    /// The cost of one term; 0 where the term is hard, but for optional visits left out, which are always priced.
    #[must_use]
    pub fn cost_of(&self, objective: &Objective, term: Term) -> Cost {
        match objective.weight(term) {
            Weight::Soft(weight) => Cost(weight * self.quantity(term)),
            Weight::Hard if term == Term::Unserved => Cost(self.quantity(term)),
            Weight::Hard => Cost::ZERO,
        }
    }

    /// The cost: the sum of all terms and nothing else.
    #[must_use]
    pub fn cost(&self, objective: &Objective) -> Cost {
        Term::ALL.iter().map(|&term| self.cost_of(objective, term)).sum()
    }
}
