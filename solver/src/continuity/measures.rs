//! What is measured of a group of citizens.

use std::collections::BTreeSet;

use super::promise::{Promise, promise};
use super::{Contact, Facts, Floor, Indices, distinct_carers, indices};
use crate::problem::{CarerId, Problem};

/// The share of citizens with at most so many carers is given from 1 to here.
pub const MOST_CARERS: usize = 10;

/// Measures of a group of citizens. Shares lie in [0, 1]; what cannot be measured is `None`, never a perfect value. Percentiles are by
/// nearest rank: the smallest value that at least so many per cent of the values do not exceed.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Citizens who are visited at least once. Means over citizens are over them.
    pub citizens: usize,
    /// Visits paid, those by two carers counted twice.
    pub visits: usize,
    /// Required visits that nobody pays. Fewer visits can make fewer carers, so this belongs beside them.
    pub left_out: usize,
    /// Different carers for each citizen.
    pub distinct: Option<Distinct>,
    /// How many of them the roster alone does not explain.
    pub excess: Option<Excess>,
    /// Indices of the citizens with two visits or more.
    pub averages: Option<Averages>,
    /// Citizens whose past is known: somebody came in the 28 days before the horizon.
    pub with_past: usize,
    /// Share of visits whose carer came to the citizen in the 28 days before, in the horizon or before it.
    pub known_carer_share: Option<f64>,
    /// Visits by the few carers who are to come.
    pub few: Option<FewShares>,
    /// Carers who did not come before the horizon.
    pub new_faces: Option<NewFaces>,
    /// Share of visits by a carer of the citizen's own team; of citizens with a team.
    pub team_share: Option<f64>,
    /// How well times are kept.
    pub promise: Promise,
}

/// Different carers for each citizen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distinct {
    /// Mean over citizens.
    pub mean: f64,
    /// Median over citizens, by nearest rank.
    pub median: usize,
    /// 90th percentile over citizens.
    pub p90: usize,
    /// At place k - 1 the share of citizens with at most k carers.
    pub at_most: [f64; MOST_CARERS],
}

/// Carers above the structural floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excess {
    /// Mean over citizens of the carers less the floor. Below 0 only where required visits are left out, or are paid by carers who could not.
    pub mean: f64,
    /// Mean over citizens of the floor ([`Floor::carers`]).
    pub floor: f64,
    /// Mean over citizens of the floor by rule of thumb ([`Floor::roster_free`]).
    pub roster_free_floor: f64,
    /// Citizens whose floor is a bound that may lie too low.
    pub inexact: usize,
    /// Required visits that nobody on the roster could pay.
    pub unservable: usize,
}

/// Mean indices of the citizens with two visits or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Averages {
    /// Those citizens.
    pub citizens: usize,
    /// Their visits.
    pub visits: usize,
    /// Every citizen counts the same.
    pub unweighted: Indices,
    /// Every citizen counts by visits.
    pub weighted: Indices,
}

/// Visits by the few carers who are to come; of the citizens for whom they have been chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FewShares {
    /// Visits of those citizens.
    pub visits: usize,
    /// Share by the primary or a deputy.
    pub few: f64,
    /// Share by the primary.
    pub primary: f64,
}

/// Carers who come in the horizon and did not come in the 28 days before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewFaces {
    /// Mean over citizens.
    pub mean: f64,
    /// Summed over citizens.
    pub total: usize,
}

/// What a group has of one citizen.
pub(super) struct Part<'a> {
    /// Visits paid, by start.
    pub(super) contacts: Vec<&'a Contact>,
    /// Of them, how many by a carer who had come in the 28 days before.
    pub(super) known: usize,
    /// Required visits that nobody pays.
    pub(super) left_out: usize,
    /// The floor of the visits in question.
    pub(super) floor: Floor,
}

impl Part<'_> {
    fn carers(&self) -> Vec<CarerId> {
        self.contacts.iter().map(|contact| contact.carer).collect()
    }
}

/// The measures of a group, one part for each citizen.
pub(super) fn measures(problem: &Problem, facts: &Facts, parts: &[Part<'_>]) -> Measures {
    let left_out = parts.iter().map(|part| part.left_out).sum();
    let visited: Vec<&Part<'_>> = parts.iter().filter(|part| !part.contacts.is_empty()).collect();
    let contacts: Vec<&Contact> = visited.iter().flat_map(|part| part.contacts.iter().copied()).collect();
    let citizen = |contact: &Contact| &problem.citizens()[contact.citizen];
    let team = |contact: &Contact| Some(citizen(contact).team? == problem.carers()[contact.carer].team?);
    let of_teams: Vec<bool> =
        contacts.iter().filter(|&&contact| citizen(contact).team.is_some()).map(|&contact| team(contact) == Some(true)).collect();
    let past = |part: &&&Part<'_>| part.contacts.first().is_some_and(|&contact| !citizen(contact).history.is_empty());
    Measures {
        citizens: visited.len(),
        visits: contacts.len(),
        left_out,
        distinct: distinct(&visited),
        excess: excess(&visited),
        averages: averages(&visited),
        with_past: visited.iter().filter(past).count(),
        known_carer_share: share(visited.iter().map(|part| part.known).sum(), contacts.len()),
        few: few(problem, &contacts),
        new_faces: new_faces(problem, &visited),
        team_share: share(of_teams.iter().filter(|&&own| own).count(), of_teams.len()),
        promise: promise(problem, facts, &contacts),
    }
}

fn distinct(visited: &[&Part<'_>]) -> Option<Distinct> {
    let mut carers: Vec<usize> = visited.iter().map(|part| distinct_carers(&part.carers())).collect();
    carers.sort_unstable();
    let at_most = |most: usize| carers.iter().filter(|&&carers| carers <= most).count() as f64 / carers.len() as f64;
    Some(Distinct {
        mean: mean_of(&carers)?,
        median: percentile(&carers, 50)?,
        p90: percentile(&carers, 90)?,
        at_most: std::array::from_fn(|index| at_most(index + 1)),
    })
}

fn excess(visited: &[&Part<'_>]) -> Option<Excess> {
    let carers: Vec<usize> = visited.iter().map(|part| distinct_carers(&part.carers())).collect();
    let floors: Vec<usize> = visited.iter().map(|part| part.floor.carers).collect();
    let roster_free: Vec<usize> = visited.iter().map(|part| part.floor.roster_free).collect();
    let (carers, floor) = (mean_of(&carers)?, mean_of(&floors)?);
    Some(Excess {
        mean: carers - floor,
        floor,
        roster_free_floor: mean_of(&roster_free)?,
        inexact: visited.iter().filter(|part| !part.floor.is_exact).count(),
        unservable: visited.iter().map(|part| part.floor.unservable).sum(),
    })
}

fn averages(visited: &[&Part<'_>]) -> Option<Averages> {
    let valued: Vec<(Indices, usize)> = visited.iter().filter_map(|part| Some((indices(&part.carers())?, part.contacts.len()))).collect();
    Some(Averages {
        citizens: valued.len(),
        visits: valued.iter().map(|(_, visits)| visits).sum(),
        unweighted: Indices::mean(valued.iter().map(|&(of, _)| (of, 1.0)))?,
        weighted: Indices::mean(valued.iter().map(|&(of, visits)| (of, visits as f64)))?,
    })
}

fn few(problem: &Problem, contacts: &[&Contact]) -> Option<FewShares> {
    let chosen = contacts.iter().map(|contact| (contact.carer, &problem.citizens()[contact.citizen].few)).filter(|(_, few)| !few.is_empty());
    let visits = chosen.clone().count();
    Some(FewShares {
        visits,
        few: share(chosen.clone().filter(|(carer, few)| few.contains(carer)).count(), visits)?,
        primary: share(chosen.filter(|(carer, few)| few.first() == Some(carer)).count(), visits)?,
    })
}

fn new_faces(problem: &Problem, visited: &[&Part<'_>]) -> Option<NewFaces> {
    let new = |part: &&Part<'_>| {
        let came: BTreeSet<CarerId> = part.contacts.iter().map(|contact| contact.carer).collect();
        let citizen = part.contacts.first().map(|contact| &problem.citizens()[contact.citizen]);
        came.into_iter().filter(|&carer| citizen.is_some_and(|citizen| !citizen.knows(carer))).count()
    };
    let new: Vec<usize> = visited.iter().map(new).collect();
    Some(NewFaces { mean: mean_of(&new)?, total: new.iter().sum() })
}

/// Part of a whole; `None` of nothing.
pub(super) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The mean; `None` of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The mean of counts; `None` of nothing.
pub(super) fn mean_of(counts: &[usize]) -> Option<f64> {
    share(counts.iter().sum(), counts.len())
}

/// The percentile of ascending values by nearest rank: the value at place `percent` / 100 × N, rounded up; `None` of nothing.
/// `percent` is from 1 to 100.
pub(super) fn percentile<T: Copy>(ascending: &[T], percent: usize) -> Option<T> {
    let rank = (ascending.len() * percent).div_ceil(100);
    ascending.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occur() {
        assert_eq!((percentile(&[1, 2, 3, 4], 50), percentile(&[1, 2, 3, 4], 90)), (Some(2), Some(4)));
        let ten: Vec<usize> = (1..=10).collect();
        assert_eq!((percentile(&ten, 50), percentile(&ten, 90), percentile(&ten, 100)), (Some(5), Some(9), Some(10)));
        assert_eq!((percentile(&[7], 90), percentile::<usize>(&[], 90)), (Some(7), None));
    }

    #[test]
    fn nothing_has_no_mean_and_no_share() {
        assert_eq!((mean(&[]), mean_of(&[]), share(0, 0)), (None, None, None));
        assert_eq!((mean(&[1.0, 2.0]), mean_of(&[1, 2]), share(1, 4)), (Some(1.5), Some(1.5), Some(0.25)));
    }
}
