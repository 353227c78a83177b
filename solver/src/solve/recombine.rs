//! From the route pool to new orders, through the set-partitioning MIP.

use crate::exact::compact::MipLimit;
use crate::exact::master::Master;
use crate::pool::PooledRoute;
use crate::problem::{Problem, Term};
use crate::search::{Arrays, Penalties, Sequences, Working};

/// Chooses among routes by the set-partitioning MIP; the orders chosen, by shift.
pub(super) fn recombine(
    problem: &Problem,
    arrays: &Arrays<'_>,
    routes: &[PooledRoute],
    penalties: Penalties,
    best: &[Vec<u32>],
    limit: MipLimit,
) -> Option<Sequences> {
    let columns: Vec<&PooledRoute> = routes.iter().collect();
    let unused =
        arrays.shifts.iter().map(|shift| (if shift.pause.is_some() { penalties.missed_break } else { 0 }, shift.end - shift.start)).collect();
    let left_out = |visit: u32| if arrays.visits[visit as usize].granted { arrays.unserved(visit, penalties.unserved) } else { 0 };
    let unserved = (0..arrays.n_visits as u32).map(left_out).collect();
    let start = incumbent(&columns, best);
    let hard_times = problem.objective().is_hard(Term::Lateness);
    let slack = if hard_times { 0 } else { LINK_SLACK_MINUTES * problem.clock().ticks_per_minute };
    let chosen = Master { problem, columns: columns.clone(), unused, unserved, slack, start }.solve(limit)?;
    let mut routes = vec![Vec::new(); arrays.n_shifts];
    for &column in &chosen {
        routes[columns[column].shift as usize] = columns[column].nodes.clone();
    }
    // The model has no rows for carers who must differ; the search serves again what is dropped here.
    Working::drop_broken_links(arrays, &mut routes);
    let stops = chosen.iter().flat_map(|&column| columns[column].nodes.iter().copied().zip(columns[column].starts.iter().copied()));
    let leads = Working::leads_of(arrays, stops.filter(|&(node, _)| arrays.is_visit(node)));
    Some(Sequences { routes, leads })
}

/// Minutes by which links may be missed between routes of different plans.
const LINK_SLACK_MINUTES: i64 = 5;
/// Nodes of one recombination where no time limits it.
pub(super) const RECOMBINE_NODES: u64 = 50;

/// The columns of the best plan; of several that differ in times only, the latest. Where one is missing there is no start.
fn incumbent(columns: &[&PooledRoute], best: &[Vec<u32>]) -> Vec<usize> {
    let mut at_shift = vec![None; best.len()];
    for (at, route) in columns.iter().enumerate() {
        if best[route.shift as usize] == route.nodes {
            at_shift[route.shift as usize] = Some(at);
        }
    }
    let complete = best.iter().zip(&at_shift).all(|(nodes, at)| nodes.is_empty() || at.is_some());
    if complete { at_shift.into_iter().flatten().collect() } else { Vec::new() }
}
