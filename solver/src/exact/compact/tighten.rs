//! Bounds tightened by the linear relaxation: what must hold in every plan no dearer than the incumbent.

use super::model::{Arcs, Model};
use super::network::Network;
use super::{build, terms};
use crate::problem::{Cost, Problem, VisitId};
use crate::stop::Watch;

/// Room for the arithmetic of the linear programmes, in minutes and relative to costs.
const ROOM: f64 = 1e-4;
/// Rounds of tightening all starts; each makes the next round's rows stronger.
const ROUNDS: usize = 4;
/// A round that narrows the starts by less than this share of their spans is the last.
const WORTHWHILE: f64 = 0.02;
/// Larger models are left as they are: two linear programmes per visit would cost more than they save.
const MOST_ARCS: usize = 6000;

/// Narrows the starts and drops arcs: for each visit the earliest and latest start over the relaxation with cost at most `cutoff`.
pub(super) fn tighten(problem: &Problem, network: &mut Network, cutoff: Cost, watch: &Watch) {
    for _ in 0..ROUNDS {
        if network.arcs.len() > MOST_ARCS || watch.is_over() {
            return;
        }
        let before = span(problem, network);
        let Some((earliest, latest)) = round(problem, network, cutoff, watch) else { return };
        network.tighten(problem, &earliest, &latest);
        if (before - span(problem, network)) as f64 <= WORTHWHILE * before as f64 {
            return;
        }
    }
}

/// Sum of the starts' spans and of the arcs left, in ticks: what a round makes smaller.
fn span(problem: &Problem, network: &Network) -> i64 {
    problem.visits().ids().map(|visit| (network.latest[visit] - network.earliest[visit]).max(0)).sum()
}

type Bounds = Vec<(VisitId, i64)>;

fn round(problem: &Problem, network: &Network, cutoff: Cost, watch: &Watch) -> Option<(Bounds, Bounds)> {
    let mut model = Model::new(problem, network, Arcs::Fractional);
    let _ = terms::add(&mut model);
    let limit = cutoff.0 as f64 / problem.objective().denominator as f64;
    model.rows.push(model.objective.clone().leq(limit + ROOM * (1.0 + limit.abs())));
    let mut highs = build(&model)?;
    let columns = columns(highs.num_cols());
    let objective = std::mem::take(&mut model.objective);
    let position = model.positions();
    let place = |column| columns[position[&column]];
    for (column, _) in good_lp::IntoAffineExpression::linear_coefficients(&objective) {
        highs.change_column_cost(place(column), 0.0);
    }
    let ticks = problem.clock().ticks_per_minute as f64;
    let (mut earliest, mut latest) = (Vec::new(), Vec::new());
    for visit in problem.visits().ids().filter(|&visit| network.is_servable(visit)) {
        for direction in [1.0, -1.0] {
            if watch.is_over() {
                return Some((earliest, latest));
            }
            highs.change_column_cost(place(model.start[visit]), direction);
            let solved = highs.try_solve().ok()?;
            if solved.status() == highs::HighsModelStatus::Optimal {
                let least = solved.objective_value();
                if direction > 0.0 {
                    earliest.push((visit, ((least - ROOM) * ticks).floor() as i64));
                } else {
                    latest.push((visit, ((-least + ROOM) * ticks).ceil() as i64));
                }
            }
            highs = solved.into();
        }
        highs.change_column_cost(place(model.start[visit]), 0.0);
    }
    Some((earliest, latest))
}

/// Handles of all columns. good_lp keeps its own to itself, and a handle is nothing but the column's position.
fn columns(n: usize) -> Vec<highs::Col> {
    let mut positions = highs::RowProblem::new();
    (0..n).map(|_| positions.add_column::<f64, _>(0.0, ..)).collect()
}
