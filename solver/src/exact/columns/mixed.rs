//! A mix of routes as branching sees it: what is in parts there that no plan has in parts.

use std::collections::BTreeMap;

use super::day::Day;
use super::duals::directions;
use super::master::{Column, Relaxation};
use super::part::{Decision, End};
use crate::problem::VisitId;

/// Minutes by which the starts of a visit in the mix lie apart, on average from their mean, where branching on time is worth it.
const WORTHWHILE_SPREAD: f64 = 1.0;
/// Minutes by which a link is missed in the mix from which on branching on time is worth it.
const WORTHWHILE_MISS: f64 = 0.02;
/// Minutes by which a visit of the mix is later than what it pays for as the greatest lateness, from which on branching on it is worth it.
const WORTHWHILE_LATENESS: f64 = 1.0;
/// Ways to cut a part in two that are tried, of each kind.
const WAYS_OF_A_KIND: usize = 3;
/// Shares this near to 0 or 1 are whole.
const WHOLE: f64 = 1e-6;

pub(super) fn is_whole(share: f64) -> bool {
    !(WHOLE..=1.0 - WHOLE).contains(&share)
}

/// A mix of routes as branching sees it.
pub(super) struct Mixed {
    /// Shares of the legs. The legs from and to the shifts' places count once for each visit.
    pub(super) legs: BTreeMap<(End, End), f64>,
    /// Shares of the classes in the visits.
    servers: BTreeMap<(usize, VisitId), f64>,
    /// Moments to part the starts of linked visits at, the most promising first.
    pub(super) starts: Vec<(VisitId, i64)>,
    /// Greatest lateness to part the plans at, in ticks.
    lateness: Vec<i64>,
}

impl Mixed {
    pub(super) fn of(day: &Day<'_>, columns: &[Column], mix: &Relaxation) -> Self {
        let (mut legs, mut servers) = (BTreeMap::new(), BTreeMap::new());
        let mut late = vec![0.0; day.problem.visits().len()];
        let mut latest = 0;
        for (column, &share) in columns.iter().zip(&mix.shares).filter(|(_, share)| **share > 0.0) {
            let ends = std::iter::once(None).chain(column.visits.iter().copied().map(Some)).chain(std::iter::once(None));
            for pair in ends.collect::<Vec<End>>().windows(2) {
                *legs.entry((pair[0], pair[1])).or_default() += share;
            }
            for (&visit, &start) in column.visits.iter().zip(&column.starts) {
                *servers.entry((column.class, visit)).or_default() += share;
                late[visit.idx()] += share * day.late(visit, start) as f64;
                if share > WHOLE {
                    latest = latest.max(day.late(visit, start));
                }
            }
        }
        let paid = late.into_iter().fold(day.lateness.0 as f64, f64::max);
        let spare = latest as f64 - paid;
        let minute = day.problem.clock().ticks_per_minute as f64;
        let is_worth_it = day.greatest > 0 && spare > WORTHWHILE_LATENESS * minute;
        let lateness = [0.25, 0.6].into_iter().filter(|_| is_worth_it).map(|share| (paid + share * spare).floor() as i64).collect();
        Self { legs, servers, starts: starts_apart(day, columns, mix), lateness }
    }

    /// Ways to cut the part in two.
    pub(super) fn halves(&self) -> Vec<[Decision; 2]> {
        let starts = self.starts.iter().map(|&(visit, moment)| [Decision::By(visit, moment), Decision::From(visit, moment + 1)]);
        let lateness = self.lateness.iter().map(|&most| [Decision::LateBy(most), Decision::LateFrom(most + 1)]);
        let legs = halved(&self.legs).into_iter().map(|(from, to)| [Decision::Follows(from, to), Decision::FollowsNot(from, to)]);
        let servers = halved(&self.servers).into_iter().map(|(class, visit)| [Decision::Serves(class, visit), Decision::ServesNot(class, visit)]);
        starts.chain(lateness).chain(legs).chain(servers).collect()
    }
}

/// What has a share nearest to a half, some of it.
fn halved<T: Copy>(shares: &BTreeMap<T, f64>) -> Vec<T> {
    let mut parted: Vec<(f64, T)> = shares.iter().filter(|(_, share)| !is_whole(**share)).map(|(&what, share)| ((share - 0.5).abs(), what)).collect();
    parted.sort_by(|a, b| a.0.total_cmp(&b.0));
    parted.into_iter().take(WAYS_OF_A_KIND).map(|(_, what)| what).collect()
}

/// Linked visits to part the starts of, and the last moments of the first parts: visits whose starts in the mix lie farthest apart, and
/// visits that start too early for one that they are linked to. Visits without links start whenever their routes like.
fn starts_apart(day: &Day<'_>, columns: &[Column], mix: &Relaxation) -> Vec<(VisitId, i64)> {
    let mut starts: BTreeMap<VisitId, Vec<(i64, f64)>> = BTreeMap::new();
    for (column, &share) in columns.iter().zip(&mix.shares).filter(|(_, share)| **share > WHOLE) {
        for (&visit, &start) in column.visits.iter().zip(&column.starts).filter(|(visit, _)| day.problem.cluster_of(**visit).members.len() > 1) {
            starts.entry(visit).or_default().push((start, share));
        }
    }
    let mean = |starts: &[(i64, f64)]| {
        let whole: f64 = starts.iter().map(|(_, share)| share).sum();
        starts.iter().map(|(start, share)| *start as f64 * share).sum::<f64>() / whole
    };
    let apart = starts.iter().map(|(&visit, starts)| {
        let mean = mean(starts);
        let whole: f64 = starts.iter().map(|(_, share)| share).sum();
        (starts.iter().map(|(start, share)| (*start as f64 - mean).abs() * share).sum::<f64>() / whole, visit, mean)
    });
    let missed = directions(day.problem).into_iter().filter_map(|(first, second, apart)| {
        let (soonest, latest) = (mean(starts.get(&first)?), mean(starts.get(&second)?) - apart as f64);
        // Between the two, so that both parts move one of them by half of what is missed.
        Some((latest - soonest, first, (soonest + latest) / 2.0))
    });
    let minute = day.problem.clock().ticks_per_minute as f64;
    let widest = |of: &mut dyn Iterator<Item = (f64, VisitId, f64)>, least: f64| {
        let mut worth: Vec<(f64, VisitId, f64)> = of.filter(|(apart, ..)| *apart > least * minute).collect();
        worth.sort_by(|a, b| b.0.total_cmp(&a.0));
        worth.into_iter().take(WAYS_OF_A_KIND).map(|(_, visit, mean)| (visit, mean.floor() as i64)).collect::<Vec<_>>()
    };
    let mut all = widest(&mut apart.into_iter(), WORTHWHILE_SPREAD);
    all.extend(widest(&mut missed.into_iter(), WORTHWHILE_MISS));
    all
}
