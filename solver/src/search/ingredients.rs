//! What the search is made of, by name, so that a trial can leave something out and see what it was worth (an ablation).

use super::arrays::Arrays;
use super::moves::MOVES;
use crate::problem::Problem;

/// Some of the search's ingredients: its moves and what goes with them. The default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingredients(u32);

/// Those that are no moves, behind the moves.
const OTHERS: [&str; 3] = ["ruin", "foresight", "exchange"];

impl Ingredients {
    /// Ruin and recreate.
    pub const RUIN: Self = Self(1 << MOVES.len());
    /// Giving hopeless moves up before anything is touched.
    pub const FORESIGHT: Self = Self(1 << (MOVES.len() + 1));
    /// Workers that are far behind going on from the best worker's plan.
    pub const EXCHANGE: Self = Self(1 << (MOVES.len() + 2));

    /// Each ingredient with its name, moves first.
    pub fn each() -> impl Iterator<Item = (&'static str, Self)> {
        MOVES.iter().map(|candidate| candidate.name).chain(OTHERS).enumerate().map(|(at, name)| (name, Self(1 << at)))
    }

    /// The ingredient of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::each().find(|(known, _)| *known == name).map(|(_, ingredient)| ingredient)
    }

    /// The names, moves first.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Self::each().filter(|(_, ingredient)| self.has(*ingredient)).map(|(name, _)| name).collect()
    }

    /// These and those.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether any of those is among these.
    #[must_use]
    pub fn has(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// What a search of the problem has a use for; only several workers have one for exchange.
    #[must_use]
    pub fn of_use(problem: &Problem) -> Self {
        let arrays = Arrays::new(problem);
        let of_use = |at: usize| MOVES.get(at).is_none_or(|candidate| (candidate.supports)(&arrays));
        Self::each().enumerate().filter(|(at, _)| of_use(*at)).fold(Self::default(), |all, (_, (_, ingredient))| all.and(ingredient))
    }

    /// The move at this place of the list.
    pub(super) fn of_move(at: usize) -> Self {
        Self(1 << at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn every_ingredient_is_found_by_its_name() {
        for (name, ingredient) in Ingredients::each() {
            assert_eq!((Ingredients::named(name), ingredient.names()), (Some(ingredient), vec![name]));
        }
        assert_eq!(Ingredients::RUIN.and(Ingredients::EXCHANGE).names(), ["ruin", "exchange"]);
        assert_eq!((Ingredients::named("ruins"), Ingredients::default().names()), (None, vec![]));
    }

    #[test]
    fn moves_that_have_nothing_to_move_are_of_no_use() {
        // No links, no breaks, and every visit is required.
        let names = Ingredients::of_use(&fixture::line(6, 2)).names();
        assert_eq!(names, ["relocate", "swap", "tails", "carers", "ruin", "foresight", "exchange"]);
    }
}
