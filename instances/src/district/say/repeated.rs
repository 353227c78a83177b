//! Citizens who keep asking for other help: the municipality is to assess the need anew (rule 7).

use std::collections::BTreeMap;

use super::calendar::{Calendar, parse};
use crate::district::{District, SoundnessState, Swap};

/// A citizen whose need is to be assessed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reassessment {
    /// The citizen's id.
    pub citizen: String,
    /// Ids of the swaps, in the order of their days: the fewest that the policy asks for, or more.
    pub swaps: Vec<String>,
}

impl District {
    /// The citizens with as many swaps within as many days as the policy names. A swap counts on the day it was asked for, or else on its
    /// visit's day; one that was found not sound does not count, nor one of which neither day nor citizen is known.
    #[must_use]
    pub fn reassessments(&self) -> Vec<Reassessment> {
        let calendar = Calendar::of(self);
        let mut of_citizen: BTreeMap<&str, Vec<(i64, &Swap)>> = BTreeMap::new();
        for swap in self.swaps.iter().filter(|swap| swap.soundness.state != SoundnessState::NotSound) {
            let Some(citizen) = swap.citizen(&self.visits) else { continue };
            let asked = swap.requested_on.as_deref().and_then(parse).and_then(|date| calendar.map(|calendar| calendar.day(date)));
            let day = asked.or_else(|| self.visits.iter().find(|visit| visit.id == swap.visit).map(|visit| visit.day));
            of_citizen.entry(citizen).or_default().extend(day.map(|day| (day, swap)));
        }
        let policy = &self.policy.swaps;
        let most = usize::try_from(policy.repeated).unwrap_or(usize::MAX).max(1);
        let mut found = Vec::new();
        for (citizen, mut swaps) in of_citizen {
            swaps.sort_by_key(|(day, _)| *day);
            let is_repeated = swaps.windows(most).any(|some| some[most - 1].0 - some[0].0 < policy.repeated_days);
            if is_repeated {
                found.push(Reassessment { citizen: citizen.to_owned(), swaps: swaps.iter().map(|(_, swap)| swap.id.clone()).collect() });
            }
        }
        found
    }
}
