//! Prices of the hard rules that the search may break for a while, and how they rise and fall with how often each is broken: strategic
//! oscillation (Glover, Heuristics for integer programming using surrogate constraints, 1977).

use super::arrays::Arrays;
use crate::problem::{Term, Weight};

/// Looks at the plan between two changes of the penalties.
const LOOKS: u32 = 8;
/// A rule that is broken at more than this share of the looks costs more.
const OFTEN: f64 = 0.7;
/// A rule that is broken at less than this share of the looks may cost less.
const SELDOM: f64 = 0.3;
/// By how much a penalty rises, at least.
const RISE: f64 = 1.3;
/// By how much a penalty falls.
const FALL: f64 = 1.2;
/// Highest penalty against the first.
const HIGHEST: i64 = 1000;

/// Penalties of rules that the search may break for a while, per unit of their quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Penalties {
    /// Soft weight of lateness, or its penalty where it is forbidden; breaks begun too late pay the penalty always.
    pub(crate) lateness: i64,
    pub(crate) late_break: i64,
    pub(crate) overtime: i64,
    pub(crate) overload: i64,
    pub(crate) missed_break: i64,
    pub(crate) unserved: i64,
}

impl Penalties {
    /// Penalties to start from: a forbidden tick costs as much as a few ticks of travel.
    pub(crate) fn first(arrays: &Arrays<'_>) -> Self {
        let objective = arrays.problem.objective();
        let travel = (objective.soft(Term::Travel) * arrays.problem.travel().largest_price()).max(objective.soft(Term::Waiting)).max(1);
        let or = |term: Term, penalty: i64| match objective.weight(term) {
            Weight::Soft(weight) => weight,
            Weight::Hard => penalty,
        };
        let longest = arrays.problem.travel().longest_of_all().0;
        let dear = longest.max(1).saturating_mul(200 * travel);
        let load = arrays.visits.iter().map(|visit| visit.load).max().unwrap_or(0).max(1);
        Self {
            lateness: or(Term::Lateness, 4 * travel),
            late_break: 4 * travel,
            overtime: or(Term::Overtime, 4 * travel),
            overload: or(Term::Overload, (longest * travel / load).max(1)),
            missed_break: or(Term::MissedBreak, dear),
            unserved: dear,
        }
    }
}

/// By how much a plan breaks each hard rule, in ticks or in the unit of loads; soft rules count nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    pub(crate) lateness: i64,
    pub(crate) late_break: i64,
    pub(crate) overtime: i64,
    pub(crate) overload: i64,
    /// A million for each required visit unserved and each hard break missed.
    pub(crate) missing: i64,
}

impl Violations {
    /// The sum over the rules; 0 means that the plan breaks none that the search knows.
    pub(crate) fn total(&self) -> i64 {
        self.lateness + self.late_break + self.overtime + self.overload + self.missing
    }
}

/// One penalty that may change.
type Rule = (fn(&Violations) -> i64, fn(&mut Penalties) -> &mut i64);

/// Counts how often each rule is broken and changes its penalty alone, so that a rule that is kept anyway does not grow dear because
/// another is broken.
#[derive(Debug)]
pub(super) struct Oscillation {
    first: Penalties,
    /// The rules that can be broken, with the looks at which they were.
    rules: Vec<(Rule, u32)>,
    looks: u32,
}

impl Oscillation {
    pub(super) fn new(arrays: &Arrays<'_>) -> Self {
        let objective = arrays.problem.objective();
        let has_breaks = arrays.shifts.iter().any(|shift| shift.pause.is_some());
        let has_capacities = arrays.shifts.iter().any(|shift| shift.capacity < i64::MAX / 8);
        let mut rules: Vec<(Rule, u32)> = Vec::new();
        let mut add = |holds: bool, rule: Rule| {
            if holds {
                rules.push((rule, 0));
            }
        };
        add(objective.is_hard(Term::Lateness), (|broken| broken.lateness, |penalties| &mut penalties.lateness));
        add(objective.is_hard(Term::Overtime), (|broken| broken.overtime, |penalties| &mut penalties.overtime));
        add(objective.is_hard(Term::Overload) && has_capacities, (|broken| broken.overload, |penalties| &mut penalties.overload));
        add(has_breaks, (|broken| broken.late_break, |penalties| &mut penalties.late_break));
        Self { first: Penalties::first(arrays), rules, looks: 0 }
    }

    /// Whether the search may break any hard rule at a price.
    pub(super) fn is_needed(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Takes one look at a plan. Now and then the penalties are due for a change: the new ones, if they differ. `may_relax` lets them fall.
    pub(super) fn look(&mut self, broken: &Violations, penalties: Penalties, may_relax: bool) -> Option<Penalties> {
        self.looks += 1;
        for ((quantity, _), times) in &mut self.rules {
            *times += u32::from(quantity(broken) > 0);
        }
        if self.looks < LOOKS {
            return None;
        }
        let mut changed = penalties;
        for ((_, penalty), times) in &mut self.rules {
            let share = f64::from(std::mem::take(times)) / f64::from(self.looks);
            let first = *penalty(&mut self.first);
            let value = penalty(&mut changed);
            let wanted = if share > OFTEN {
                // Small penalties must rise too.
                ((*value as f64 * RISE) as i64).max(*value + 1)
            } else if share < SELDOM && may_relax {
                (*value as f64 / FALL) as i64
            } else {
                continue;
            };
            *value = wanted.clamp((first / 2).max(1), first.saturating_mul(HIGHEST));
        }
        self.looks = 0;
        (changed != penalties).then_some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::Moment;

    fn oscillation_of(hard: &[Term]) -> Oscillation {
        let problem = line_with(2, 1, |parts| {
            for &term in hard {
                parts.objective = parts.objective.clone().with(term, Weight::Hard);
            }
            parts.shifts.iter_mut().for_each(|shift| shift.end = Moment(14));
        });
        Oscillation::new(&Arrays::new(&problem))
    }

    fn looks(oscillation: &mut Oscillation, broken: Violations, penalties: Penalties, n: u32) -> Penalties {
        (0..n).fold(penalties, |now, _| oscillation.look(&broken, now, true).unwrap_or(now))
    }

    #[test]
    fn a_small_penalty_rises_as_long_as_its_rule_is_broken() {
        let mut oscillation = oscillation_of(&[Term::Overtime]);
        let first = oscillation.first;
        let broken = Violations { overtime: 1, ..Violations::default() };
        let low = Penalties { overtime: 2, ..first };
        // 2 * 1.3 is 2 in whole units.
        let after: Vec<i64> = (1..5).map(|n| looks(&mut oscillation, broken, low, n * LOOKS).overtime).collect();
        assert_eq!(after, [3, 4, 5, 6]);
        assert_eq!(looks(&mut oscillation, broken, low, 100 * LOOKS).overtime, HIGHEST * first.overtime);
    }

    #[test]
    fn each_rule_has_its_own_penalty() {
        let mut oscillation = oscillation_of(&[Term::Overtime, Term::Lateness]);
        let first = oscillation.first;
        let broken = Violations { lateness: 5, ..Violations::default() };
        let after = looks(&mut oscillation, broken, first, LOOKS);
        assert!(after.lateness > first.lateness, "broken, and no dearer");
        assert!(after.overtime < first.overtime, "never broken, and no cheaper");
        assert_eq!(looks(&mut oscillation, broken, first, 100 * LOOKS).overtime, (first.overtime / 2).max(1));
    }

    #[test]
    fn soft_rules_keep_their_weights() {
        let oscillation = oscillation_of(&[]);
        assert!(!oscillation.is_needed());
        let hard = oscillation_of(&[Term::Lateness]);
        assert!(hard.is_needed());
        assert_eq!(hard.rules.len(), 1);
    }
}
