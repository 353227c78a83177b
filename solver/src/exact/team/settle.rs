//! Who of the few comes when: an integer programme for each day, once it is chosen who comes at all.

use std::num::NonZeroU32;

use highs::{Col, ColProblem, HighsSolutionStatus, Row, Sense};

use super::needs::{Needs, Way};
use super::pattern::Pattern;
use crate::problem::{Problem, ShiftId};
use crate::stop::Watch;

/// Thousandths that are 1 for HiGHS.
const UNIT: f64 = 1000.0;
/// Seconds for one day.
const LONGEST: f64 = 2.0;

/// A visit that may be paid in other ways: its citizen and need, and the ways with their candidates.
struct Open<'a> {
    citizen: usize,
    need: usize,
    ways: Vec<(usize, &'a Way)>,
}

/// The patterns with each day's visits shared anew among those who come anyhow, day after day, the other days as they are. Faces stay or
/// become fewer. No pattern set dearer than the given one is returned.
pub(super) fn settle(problem: &Problem, needs: &Needs, patterns: &[Pattern], watch: &Watch) -> Vec<Pattern> {
    let mut current: Vec<Pattern> = patterns.to_vec();
    let day = |shift: ShiftId| problem.shifts()[shift].start.0 / (1440 * problem.clock().ticks_per_minute);
    let mut days: Vec<i64> = current.iter().flat_map(|pattern| &pattern.ways).map(|&(_, shift)| day(shift)).collect();
    days.sort_unstable();
    days.dedup();
    for today in days {
        if watch.is_over() {
            break;
        }
        let mut open: Vec<Open<'_>> = Vec::new();
        for (at, (citizen, pattern)) in needs.citizens.iter().zip(&current).enumerate() {
            let mut come: Vec<usize> = pattern.ways.iter().map(|&(candidate, _)| candidate).collect();
            come.sort_unstable();
            come.dedup();
            for (need, _) in pattern.ways.iter().enumerate().filter(|(_, (_, shift))| day(*shift) == today) {
                let ways = come.iter().flat_map(|&candidate| citizen.needs[need].ways[candidate].iter().map(move |way| (candidate, way)));
                open.push(Open { citizen: at, need, ways: ways.collect() });
            }
        }
        let Some(taken) = share(needs, &current, &open, watch) else { continue };
        let mut next = current.clone();
        for (at, pattern) in next.iter_mut().enumerate() {
            let citizen = &needs.citizens[at];
            let mut by_need: Vec<(usize, &Way)> = Vec::new();
            for (need, &(candidate, shift)) in pattern.ways.iter().enumerate() {
                by_need.extend(citizen.needs[need].ways[candidate].iter().find(|way| way.shift == shift).map(|way| (candidate, way)));
            }
            for (open, &way) in open.iter().zip(&taken).filter(|(open, _)| open.citizen == at) {
                by_need[open.need] = open.ways[way];
            }
            *pattern = Pattern::of(citizen, most_often(&by_need, pattern.primary), &by_need);
        }
        let cost = |patterns: &[Pattern]| needs.cost(&patterns.iter().collect::<Vec<_>>());
        if cost(&next) < cost(&current) {
            current = next;
        }
    }
    current
}

/// Who comes most often; the one before where others come as often.
pub(super) fn most_often(by_need: &[(usize, &Way)], before: usize) -> usize {
    let times = |who: usize| by_need.iter().filter(|(candidate, _)| *candidate == who).count();
    by_need.iter().map(|&(candidate, _)| candidate).fold(before, |most, who| if times(who) > times(most) { who } else { most })
}

/// By open visit, the way that the integer programme takes.
fn share(needs: &Needs, current: &[Pattern], open: &[Open<'_>], watch: &Watch) -> Option<Vec<usize>> {
    let mut left: Vec<i64> = needs.rows.iter().map(|row| row.limit).collect();
    for &(row, amount) in current.iter().flat_map(|pattern| &pattern.takes) {
        left[row] -= amount;
    }
    let mut is_used = vec![false; left.len()];
    for visit in open {
        let (now, shift) = current[visit.citizen].ways[visit.need];
        let way = needs.citizens[visit.citizen].needs[visit.need].ways[now].iter().find(|way| way.shift == shift);
        way.iter().flat_map(|way| &way.takes).for_each(|&(row, amount)| left[row] += amount);
        visit.ways.iter().flat_map(|(_, way)| &way.takes).for_each(|&(row, _)| is_used[row] = true);
    }
    let mut problem = ColProblem::new();
    let visits: Vec<Row> = open.iter().map(|_| problem.add_row(1..=1)).collect();
    // What is exceeded anyhow is no concern of today: the rest of it is 0.
    let rows: Vec<Option<Row>> = left.iter().zip(&is_used).map(|(&left, is_used)| is_used.then(|| problem.add_row(..=left.max(0) as f64))).collect();
    let mut model = problem.try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.set_threads(NonZeroU32::MIN);
    model.set_option("mip_rel_gap", 1e-3);
    model.set_option("time_limit", watch.left().map_or(LONGEST, |left| left.as_secs_f64().min(LONGEST)));
    let mut columns: Vec<Vec<Col>> = Vec::new();
    for (visit, &row) in open.iter().zip(&visits) {
        let mut of_visit = Vec::new();
        for &(candidate, way) in &visit.ways {
            let is_primary = candidate == current[visit.citizen].primary;
            let cost = way.cost + if is_primary { 0 } else { needs.citizens[visit.citizen].not_primary };
            let takes = way.takes.iter().filter_map(|&(row, amount)| Some((rows[row]?, amount as f64)));
            let entries: Vec<(Row, f64)> = std::iter::once((row, 1.0)).chain(takes).collect();
            of_visit.push(model.try_add_integer_column(cost as f64 / UNIT, 0.0..=1.0, entries).ok()?);
        }
        columns.push(of_visit);
    }
    for (row, at) in needs.rows.iter().zip(&rows) {
        if let Some(at) = *at {
            model.try_add_column(row.price as f64 / UNIT, 0.0.., [(at, -1.0)]).ok()?;
        }
    }
    // Both halves of a visit by two are open together, as they are on the same day.
    for (first, visit) in open.iter().enumerate() {
        let Some(beside) = needs.citizens[visit.citizen].needs[visit.need].beside.filter(|&beside| beside > visit.need) else { continue };
        let second = open.iter().position(|other| other.citizen == visit.citizen && other.need == beside)?;
        for (here, &(candidate, _)) in visit.ways.iter().enumerate() {
            let there = open[second].ways.iter().enumerate().filter(|(_, (other, _))| *other == candidate);
            for (there, _) in there {
                model.try_add_row(..=1.0, [(columns[first][here], 1.0), (columns[second][there], 1.0)]).ok()?;
            }
        }
    }
    let solved = model.try_solve().ok()?;
    if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
        return None;
    }
    let solution = solved.get_solution();
    columns.iter().map(|of_visit| of_visit.iter().position(|&column| solution[column] > 0.5)).collect()
}
