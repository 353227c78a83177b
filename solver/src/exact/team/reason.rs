//! Why more carers come to a citizen than the cap allows: the fewest visits that already need more, or time.
//!
//! Carers and visits are each other's hitting sets: for every set of as many carers as the cap allows, one of the visits must be beyond it. So the
//! fewest visits are a smallest hitting set of rows that are found one after the other, each by the carers who do for the last hitting set
//! (implicit hitting sets: Chandrasekaran, Karp, Moreno-Centeno, Vempala 2011).

use super::needs::{Citizen, Needs};
use super::{CapReason, Cause, TeamOptions};
use crate::plan::{Plan, Task};
use crate::problem::{CarerId, IdVec, Need, Problem, VisitId};

/// Sets that are looked into for one citizen.
const MOST_SETS: usize = 100_000;

/// A visit, or both halves of a visit by two: the needs, and by need the candidates who could pay it.
struct Unit {
    needs: Vec<usize>,
    able: Vec<Vec<usize>>,
}

impl Unit {
    /// Whom to choose from where a set does not do: one of them is in every larger set that does. `None` where it does.
    fn lacking(&self, set: &[usize]) -> Option<Vec<usize>> {
        let has = |able: &Vec<usize>| able.iter().any(|who| set.contains(who));
        if let Some(able) = self.able.iter().find(|able| !has(able)) {
            return Some(able.clone());
        }
        let mut all: Vec<usize> = self.able.concat();
        all.sort_unstable();
        all.dedup();
        let n = all.iter().filter(|who| set.contains(who)).count();
        (n < self.able.len()).then(|| all.into_iter().filter(|who| !set.contains(who)).collect())
    }
}

/// Why the caps of a plan's citizens ([`crate::problem::Citizen::cap`]) are not kept: of those to whom more carers come, and of those whose required
/// visits are left out while the roster asks for more carers than the cap. In the order of the citizens.
#[must_use]
pub fn cap_reasons(problem: &Problem, plan: &Plan) -> Vec<CapReason> {
    let mut payer: IdVec<VisitId, Option<CarerId>> = vec![None; problem.visits().len()].into();
    for (shift, route) in plan.routes.enumerate() {
        for stop in &route.stops {
            if let Task::Visit(visit) = stop.task {
                payer[visit] = Some(problem.shifts()[shift].carer);
            }
        }
    }
    let mut come: Vec<Vec<CarerId>> = vec![Vec::new(); problem.citizens().len()];
    let mut is_short = vec![false; problem.citizens().len()];
    for (id, visit) in problem.visits().enumerate() {
        come[visit.citizen.idx()].extend(payer[id]);
        let is_left_out = problem.granted(id) == id && problem.alternatives(id).all(|one| payer[one].is_none());
        is_short[visit.citizen.idx()] |= is_left_out && visit.need == Need::Required;
    }
    for carers in &mut come {
        carers.sort_unstable();
        carers.dedup();
    }
    let is_above = |citizen: usize, cap: u16| come[citizen].len() > usize::from(cap);
    let is_doubtful = |(at, citizen): (usize, &crate::problem::Citizen)| citizen.cap.is_some_and(|cap| is_above(at, cap) || is_short[at]);
    if !problem.citizens().iter().enumerate().any(is_doubtful) {
        return Vec::new();
    }
    let needs = Needs::new(problem, &TeamOptions::default());
    let doubtful = needs.citizens.iter().filter(|citizen| is_doubtful((citizen.id.idx(), &problem.citizens()[citizen.id])));
    let reason = |citizen: &std::sync::Arc<Citizen>| {
        let candidate = |carer: CarerId| citizen.candidates.iter().position(|candidate| candidate.carer == carer);
        let payers: Vec<Option<usize>> = citizen.needs.iter().map(|need| payer[need.visit].and_then(candidate)).collect();
        let carers = come[citizen.id.idx()].len();
        let reason = reason(problem, citizen, carers, &payers);
        (carers > citizen.cap || reason.cause == Cause::Roster).then_some(reason)
    };
    doubtful.filter_map(reason).collect()
}

/// Why a citizen to whom so many carers come has more of them than the cap, or would need more. By need, the candidate who pays it, if anybody does.
pub(super) fn reason(problem: &Problem, citizen: &Citizen, carers: usize, payers: &[Option<usize>]) -> CapReason {
    let units = units(citizen);
    let all: Vec<&Unit> = units.iter().collect();
    let mut sets_left = MOST_SETS;
    let needed = (0..).find(|&most| suffice(&all, most, &mut sets_left).is_none_or(|set| set.is_some())).unwrap_or(0);
    let (cause, needs, is_smallest) = if needed > citizen.cap {
        let (chosen, is_smallest) = fewest(&units, citizen.cap, &mut sets_left);
        (Cause::Roster, chosen.iter().flat_map(|&unit| units[unit].needs.clone()).collect(), is_smallest)
    } else {
        (Cause::Time, above(citizen.cap, payers), false)
    };
    let per_day = 1440 * problem.clock().ticks_per_minute;
    let visits: Vec<VisitId> = needs.iter().map(|&need: &usize| citizen.needs[need].visit).collect();
    let day = |visit: &VisitId| problem.visits()[*visit].windows.first().map(|window| window.open.0.div_euclid(per_day) + 1);
    let mut days: Vec<i64> = visits.iter().filter_map(day).collect();
    days.sort_unstable();
    days.dedup();
    CapReason { citizen: citizen.id, carers, cap: citizen.cap, needed, cause, days, visits, is_smallest }
}

fn units(citizen: &Citizen) -> Vec<Unit> {
    let able = |need: usize| -> Vec<usize> {
        citizen.needs[need].ways.iter().enumerate().filter(|(_, ways)| !ways.is_empty()).map(|(candidate, _)| candidate).collect()
    };
    let of = |need: usize| match citizen.needs[need].beside {
        Some(other) if other < need => None,
        Some(other) => Some(Unit { needs: vec![need, other], able: vec![able(need), able(other)] }),
        None => Some(Unit { needs: vec![need], able: vec![able(need)] }),
    };
    (0..citizen.needs.len()).filter_map(of).collect()
}

/// Needs paid by those who come least often, above the cap.
fn above(cap: usize, payers: &[Option<usize>]) -> Vec<usize> {
    let times = |who: usize| payers.iter().filter(|payer| **payer == Some(who)).count();
    let mut come: Vec<usize> = payers.iter().copied().flatten().collect();
    come.sort_by_key(|&who| (std::cmp::Reverse(times(who)), who));
    come.dedup();
    let above: Vec<usize> = come.into_iter().skip(cap).collect();
    (0..payers.len()).filter(|&need| payers[need].is_some_and(|who| above.contains(&who))).collect()
}

/// A set of at most so many that does for all units, if there is one; `None` where looking for it takes too long.
fn suffice(units: &[&Unit], most: usize, sets_left: &mut usize) -> Option<Option<Vec<usize>>> {
    let mut set = Vec::new();
    Some(descend(units, most, &mut set, sets_left)?.then_some(set))
}

fn descend(units: &[&Unit], most: usize, set: &mut Vec<usize>, sets_left: &mut usize) -> Option<bool> {
    *sets_left = sets_left.checked_sub(1)?;
    let Some(choices) = units.iter().filter_map(|unit| unit.lacking(set)).min_by_key(Vec::len) else { return Some(true) };
    if most == 0 {
        return Some(false);
    }
    for who in choices {
        set.push(who);
        match descend(units, most - 1, set, sets_left) {
            Some(false) => {}
            ended => return ended,
        }
        let _ = set.pop();
    }
    Some(false)
}

/// The fewest units for which no set of so many candidates does, where all of them together are such; and whether they surely are the fewest.
/// A visit by two counts once.
fn fewest(units: &[Unit], cap: usize, sets_left: &mut usize) -> (Vec<usize>, bool) {
    let mut rows: Vec<Unit> = Vec::new();
    let mut size = 1;
    loop {
        let by_row: Vec<&Unit> = rows.iter().collect();
        let hit = match suffice(&by_row, size, sets_left) {
            Some(Some(hit)) => hit,
            Some(None) => {
                size += 1;
                continue;
            }
            None => return (filtered(units, cap), false),
        };
        match suffice(&hit.iter().map(|&unit| &units[unit]).collect::<Vec<_>>(), cap, sets_left) {
            Some(Some(set)) => {
                let beyond = units.iter().enumerate().filter(|(_, unit)| unit.lacking(&set).is_some()).map(|(at, _)| at);
                rows.push(Unit { needs: Vec::new(), able: vec![beyond.collect()] });
            }
            Some(None) => {
                let mut hit = hit;
                hit.sort_unstable();
                return (hit, true);
            }
            None => return (filtered(units, cap), false),
        }
    }
}

/// Units none of which can be left out, by leaving out one after the other; one stays where it takes too long to know.
fn filtered(units: &[Unit], cap: usize) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..units.len()).collect();
    for unit in 0..units.len() {
        let without: Vec<usize> = kept.iter().copied().filter(|&other| other != unit).collect();
        if suffice(&without.iter().map(|&unit| &units[unit]).collect::<Vec<_>>(), cap, &mut (MOST_SETS / 10)) == Some(None) {
            kept = without;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::SmallRng;
    use rand::{RngExt, SeedableRng};

    fn single(at: usize, able: &[usize]) -> Unit {
        Unit { needs: vec![at], able: vec![able.to_vec()] }
    }

    #[test]
    fn two_days_without_a_common_carer_are_reason_enough() {
        // Days 0 and 2 share nobody; day 1 could be anybody's.
        let units = [single(0, &[0, 1]), single(1, &[0, 1, 2]), single(2, &[2])];
        assert_eq!(fewest(&units, 1, &mut MOST_SETS.clone()), (vec![0, 2], true));
    }

    #[test]
    fn a_visit_by_two_alone_needs_two() {
        let units = [single(0, &[0]), Unit { needs: vec![1, 2], able: vec![vec![0, 1], vec![0, 1]] }];
        assert_eq!(fewest(&units, 1, &mut MOST_SETS.clone()), (vec![1], true));
    }

    #[test]
    fn whatever_is_cut_short_is_still_a_reason() {
        let units: Vec<Unit> = (0..4).map(|at| single(at, &[at])).collect();
        // Any three of four who share nobody need more than two.
        assert_eq!(fewest(&units, 2, &mut 0), (vec![1, 2, 3], false));
        assert_eq!(fewest(&units, 2, &mut MOST_SETS.clone()).0.len(), 3);
    }

    /// Whether a set does, by trying who pays each half.
    fn does(unit: &Unit, set: &[usize]) -> bool {
        let able = |half: usize| unit.able[half].iter().filter(|who| set.contains(who));
        match unit.able.len() {
            1 => able(0).next().is_some(),
            _ => able(0).any(|one| able(1).any(|other| one != other)),
        }
    }

    #[test]
    fn the_fewest_are_those_of_trying_every_set_of_visits() {
        let mut dice = SmallRng::seed_from_u64(1);
        let mut tried = 0;
        for case in 0..2000 {
            let (n, m, cap) = (dice.random_range(2..=5), dice.random_range(1..=6), dice.random_range(1..=3));
            let some = |dice: &mut SmallRng| loop {
                let able: Vec<usize> = (0..n).filter(|_| dice.random_range(0..2) == 0).collect();
                if !able.is_empty() {
                    break able;
                }
            };
            let units: Vec<Unit> = (0..m)
                .map(|at| {
                    let (first, second) = (some(&mut dice), some(&mut dice));
                    let is_by_two = dice.random_range(0..4) == 0 && [first.clone(), second.clone()].concat().iter().any(|who| *who != first[0]);
                    Unit { needs: vec![at], able: if is_by_two { vec![first, second] } else { vec![first] } }
                })
                .collect();
            let members = |bits: usize, n: usize| (0..n).filter(|at| bits >> at & 1 == 1).collect::<Vec<usize>>();
            let is_conflict = |bits: usize| {
                let sets = (0..1usize << n).map(|set| members(set, n)).filter(|set| set.len() <= cap);
                sets.into_iter().all(|set| members(bits, m).iter().any(|&unit| !does(&units[unit], &set)))
            };
            let Some(least) = (0..1usize << m).filter(|&bits| is_conflict(bits)).map(usize::count_ones).min() else { continue };
            let (found, is_smallest) = fewest(&units, cap, &mut MOST_SETS.clone());
            let bits = found.iter().map(|&unit| 1 << unit).sum();
            assert!(is_conflict(bits) && is_smallest && found.len() == least as usize, "case {case}: {found:?}, {least}");
            assert!(is_conflict(filtered(&units, cap).iter().map(|&unit| 1 << unit).sum()), "case {case}");
            tried += 1;
        }
        assert!(tried > 500, "{tried} cases with a reason");
    }
}
