//! The set-partitioning MIP over the route pool: every shift takes one of its routes or none, every visit is in exactly one or left out,
//! links hold between the times the routes were found with (Rasmussen et al. 2012 use the same master with time-window branching; here it
//! is a heuristic that recombines, and its answer is timed again exactly).
//!
//! Links across routes rarely fit to the tick when routes come from different plans, so they may be missed by a slack; the caller times
//! the chosen orders again and keeps them only if they are better.

use std::num::NonZeroU32;

use highs::{ColProblem, HighsSolutionStatus, Sense};

use super::compact::MipLimit;
use crate::pool::PooledRoute;
use crate::problem::{Link, Objective, Problem, Term, VisitId};

/// Coefficients above this are scaled down, since HiGHS works with absolute tolerances of 1e-6.
const LARGEST_COST: f64 = 1e5;

/// What is to be recombined.
pub(crate) struct Master<'a> {
    /// The problem.
    pub(crate) problem: &'a Problem,
    /// The columns.
    pub(crate) columns: Vec<&'a PooledRoute>,
    /// What a shift costs that is not used, by shift, and its idle ticks.
    pub(crate) unused: Vec<(i64, i64)>,
    /// What a visit costs that is left out, by visit; nothing for what is given instead of another, which counts as that one.
    pub(crate) unserved: Vec<i64>,
    /// Ticks by which links may be missed.
    pub(crate) slack: i64,
    /// Columns of the best plan, where they are in the pool: the start and the cut-off.
    pub(crate) start: Vec<usize>,
}

impl Master<'_> {
    /// The chosen columns, or `None` if HiGHS found nothing within the limit. With a node limit and no time limit the answer is repeatable.
    pub(crate) fn solve(&self, limit: MipLimit) -> Option<Vec<usize>> {
        let objective = self.problem.objective();
        let (n_visits, n_shifts) = (self.problem.visits().len(), self.problem.shifts().len());
        let dearest = self.columns.iter().map(|column| column.price).chain(self.unserved.iter().copied()).max().unwrap_or(1).max(1) as f64;
        let scale = (LARGEST_COST / dearest).min(1.0);
        let mut model = ColProblem::new();
        let cover: Vec<_> = (0..n_visits).map(|_| model.add_row(1..=1)).collect();
        let shifts: Vec<_> = (0..n_shifts).map(|_| model.add_row(1..=1)).collect();
        let links: Vec<_> = self.problem.links().iter().map(|link| model.add_row(self.bounds(link))).collect();
        let fates: Vec<_> = self.problem.links().iter().map(|_| model.add_row(0..=0)).collect();
        let late: Vec<_> = rows(&mut model, n_shifts, objective.soft(Term::GreatestLateness) > 0);
        let idle: Vec<_> = rows(&mut model, n_shifts, objective.soft(Term::GreatestIdle) > 0);
        let tick = 1.0 / self.problem.clock().ticks_per_minute as f64;

        let mut entries = Vec::new();
        let mut linked = vec![Vec::new(); n_visits];
        for (row, link) in self.problem.links().iter().enumerate() {
            linked[link.first.idx()].push((row, -1.0));
            linked[link.second.idx()].push((row, 1.0));
        }
        for column in &self.columns {
            entries.clear();
            entries.push((shifts[column.shift as usize], 1.0));
            let mut by_link: Vec<(usize, f64)> = Vec::new();
            for (&node, &start) in column.nodes.iter().zip(&column.starts) {
                if node as usize >= n_visits {
                    continue;
                }
                entries.push((cover[self.granted(node)], 1.0));
                by_link.extend(linked[node as usize].iter().map(|&(row, sign)| (row, sign * start as f64 * tick)));
            }
            // Both visits of a link in one route give one coefficient.
            by_link.sort_unstable_by_key(|(row, _)| *row);
            for entry in by_link.chunk_by(|a, b| a.0 == b.0) {
                entries.push((links[entry[0].0], entry.iter().map(|(_, value)| value).sum()));
            }
            let at = column.shift as usize;
            entries.extend(late.get(at).map(|row| (*row, column.late as f64 * tick)));
            entries.extend(idle.get(at).map(|row| (*row, column.idle as f64 * tick)));
            model.add_integer_column(column.price as f64 * scale, 0..=1, entries.iter().copied());
        }
        for (shift, &(price, idle_ticks)) in self.unused.iter().enumerate() {
            entries.clear();
            entries.push((shifts[shift], 1.0));
            entries.extend(idle.get(shift).map(|row| (*row, idle_ticks as f64 * tick)));
            model.add_integer_column(price as f64 * scale, 0..=1, entries.iter().copied());
        }
        for (visit, &price) in self.unserved.iter().enumerate() {
            entries.clear();
            entries.push((cover[visit], 1.0));
            for &(row, sign) in &linked[visit] {
                entries.push((fates[row], sign));
                if sign < 0.0 {
                    // Where both are left out the difference counts as one that is allowed.
                    let link = &self.problem.links()[row];
                    let (low, high) = self.ends(link);
                    entries.push((links[row], 0f64.clamp(low, high)));
                }
            }
            model.add_integer_column(price as f64 * scale, 0..=1, entries.iter().copied());
        }
        let ticks_per_minute = self.problem.clock().ticks_per_minute as f64;
        for (rows, term) in [(&late, Term::GreatestLateness), (&idle, Term::GreatestIdle)] {
            if !rows.is_empty() {
                let weight = weight(objective, term) * ticks_per_minute;
                model.add_column(weight * scale, 0.., rows.iter().map(|row| (*row, -1.0)));
            }
        }
        let mut highs = model.try_optimise(Sense::Minimise).ok()?;
        highs.make_quiet();
        highs.set_threads(NonZeroU32::MIN);
        highs.set_option("mip_rel_gap", 1e-4);
        if let Some(seconds) = limit.seconds {
            highs.set_option("time_limit", seconds);
        }
        if let Some(nodes) = limit.nodes {
            highs.set_option("mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX));
        }
        let start = self.start_values(highs.num_cols(), !late.is_empty(), !idle.is_empty(), tick);
        if let Some(start) = start {
            // A start that HiGHS does not like is only a lost hint.
            let _ = highs.try_set_solution(Some(&start), None, None, None);
        }
        let solved = highs.try_solve().ok()?;
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return None;
        }
        let solution = solved.get_solution();
        Some((0..self.columns.len()).filter(|&column| solution.columns()[column] > 0.5).collect())
    }

    /// The visit that stands for a visit's alternatives.
    fn granted(&self, visit: u32) -> usize {
        self.problem.granted(VisitId::new(visit as usize)).idx()
    }

    /// Allowed difference of a link in minutes, slack included.
    fn ends(&self, link: &Link) -> (f64, f64) {
        let minutes = |ticks: i64| ticks as f64 / self.problem.clock().ticks_per_minute as f64;
        let low = if link.min > Link::MIN { minutes(link.min.0 - self.slack) } else { f64::NEG_INFINITY };
        let high = if link.max < Link::MAX { minutes(link.max.0 + self.slack) } else { f64::INFINITY };
        (low, high)
    }

    fn bounds(&self, link: &Link) -> std::ops::RangeInclusive<f64> {
        let (low, high) = self.ends(link);
        low..=high
    }

    fn start_values(&self, n_columns: usize, late: bool, idle: bool, tick: f64) -> Option<Vec<f64>> {
        if self.start.is_empty() {
            return None;
        }
        let mut values = vec![0.0; n_columns];
        let (mut used, mut served) = (vec![false; self.unused.len()], vec![false; self.unserved.len()]);
        let (mut latest, mut idlest) = (0, 0);
        for &column in &self.start {
            values[column] = 1.0;
            let route = self.columns[column];
            used[route.shift as usize] = true;
            (latest, idlest) = (latest.max(route.late), idlest.max(route.idle));
            for &node in &route.nodes {
                if (node as usize) < served.len() {
                    served[self.granted(node)] = true;
                }
            }
        }
        let mut at = self.columns.len();
        for (shift, used) in used.iter().enumerate() {
            if !used {
                values[at + shift] = 1.0;
                idlest = idlest.max(self.unused[shift].1);
            }
        }
        at += used.len();
        for (visit, served) in served.iter().enumerate() {
            values[at + visit] = if *served { 0.0 } else { 1.0 };
        }
        at += served.len();
        for (wanted, ticks) in [(late, latest), (idle, idlest)] {
            if wanted {
                values[at] = ticks as f64 * tick;
                at += 1;
            }
        }
        Some(values)
    }
}

fn weight(objective: &Objective, term: Term) -> f64 {
    objective.soft(term) as f64
}

/// One row `value of the shift's column <= maximum` per shift, or none.
fn rows(model: &mut ColProblem, n: usize, wanted: bool) -> Vec<highs::Row> {
    if wanted { (0..n).map(|_| model.add_row(..=0)).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One shift and two routes for its three visits, none of which covers all: the MIP takes the cheaper and leaves the rest out.
    #[test]
    fn every_visit_is_in_one_route_or_left_out() {
        let problem = crate::fixture::line(3, 2);
        let route = |shift, nodes: &[u32], price| PooledRoute {
            shift,
            nodes: nodes.to_vec(),
            starts: vec![0; nodes.len()],
            price,
            idle: 0,
            late: 0,
            work: 0,
        };
        let pool = [route(0, &[0, 1], 10), route(0, &[1, 2], 7), route(1, &[2], 4), route(1, &[0], 9)];
        let solve = |unserved: i64| {
            let master = Master {
                problem: &problem,
                columns: pool.iter().collect(),
                unused: vec![(0, 0); 2],
                unserved: vec![unserved; 3],
                slack: 0,
                start: Vec::new(),
            };
            master.solve(MipLimit { seconds: None, nodes: Some(100) })
        };
        // {0,1} + {2} costs 14, {1,2} + {0} costs 16.
        assert_eq!(solve(100), Some(vec![0, 2]));
        // Leaving all out at 3 each costs 9, every route more than what it serves.
        assert_eq!(solve(3), Some(vec![]));
    }
}
