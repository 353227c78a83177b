//! The division as an integer programme: which homes are centres, who belongs to which.

use std::num::NonZeroU32;

use highs::{Col, HighsSolutionStatus, RowProblem, Sense};

use super::{Board, Draft, RELATION, SHORT};
use crate::stop::Watch;

/// Thousandths that are 1 for HiGHS: minutes.
const UNIT: f64 = 1000.0;
/// HiGHS' bound may be this much too high, in minutes.
const TOLERANCE: f64 = 1e-4;
/// Most columns that HiGHS does something useful with in a minute or two.
const MOST_COLUMNS: usize = 15_000;
/// HiGHS stops where its bound is this near, relatively.
pub(super) const NEAR: f64 = 1e-3;
/// Nodes where no time limits the programme.
const MOST_NODES: i32 = 50;

/// The draft or a better one, and what no division costs less than; `None` where the programme would be too large, or HiGHS fails.
pub(super) fn solve(board: &Board<'_>, draft: &Draft, watch: &Watch) -> Option<(Draft, i64)> {
    let n_columns = board.n_centres * (1 + board.citizens.len() + board.carers.len() + board.met.len() + board.shares.len());
    if n_columns > MOST_COLUMNS {
        return None;
    }
    let mut rows = RowProblem::new();
    let open: Vec<Col> = (0..board.n_centres).map(|_| rows.add_integer_column(0.0, 0..=1)).collect();
    rows.add_row(board.n_teams as f64..=board.n_teams as f64, open.iter().map(|&team| (team, 1.0)));
    let of_citizen = assigned(&mut rows, &open, &board.rides.0);
    let of_carer = assigned(&mut rows, &open, &board.rides.1);
    // Teams of about the same size.
    let (least, most) = board.sizes;
    for (centre, &team) in open.iter().enumerate() {
        let carers = || of_carer.iter().skip(centre).step_by(board.n_centres).map(|&carer| (carer, 1.0));
        rows.add_row(0.0.., carers().chain([(team, -(least as f64))]));
        rows.add_row(..=0.0, carers().chain([(team, -(most as f64))]));
    }
    relate(board, &mut rows, &of_citizen, &of_carer);
    staff(board, &mut rows, &of_citizen, &of_carer);

    let mut model = rows.try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.set_threads(NonZeroU32::MIN);
    model.set_option("mip_rel_gap", NEAR);
    match watch.left() {
        Some(left) => model.set_option("time_limit", left.as_secs_f64()),
        None => model.set_option("mip_max_nodes", MOST_NODES),
    }
    // A start that HiGHS does not like is only a lost hint.
    let _ = model.try_set_solution(Some(&values(board, draft)), None, None, None);
    let solved = model.try_solve().ok()?;
    let mut best = draft.clone();
    if solved.primal_solution_status() == HighsSolutionStatus::Feasible {
        let solution = solved.get_solution();
        let centre = |of: &[Col]| of.iter().position(|&column| solution[column] > 0.5);
        let all = |of: &[Col]| of.chunks_exact(board.n_centres).map(centre).collect::<Option<Vec<usize>>>();
        let found = Draft { of_citizen: all(&of_citizen)?, of_carer: all(&of_carer)? };
        if board.cost(&found) < board.cost(&best) {
            best = found;
        }
    }
    // The programme counts relations that stay as a gain; the cost counts those that end.
    let all = RELATION * board.met.values().sum::<usize>() as i64;
    let proved = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
    let bound = proved.map_or(0, |bound| ((bound - TOLERANCE) * UNIT).floor() as i64 + all);
    Some((best, bound))
}

/// Everyone in one open team; row-major member × centre.
fn assigned(rows: &mut RowProblem, open: &[Col], costs: &[i64]) -> Vec<Col> {
    let columns: Vec<Col> = costs.iter().map(|&cost| rows.add_integer_column(cost as f64 / UNIT, 0..=1)).collect();
    for of_member in columns.chunks_exact(open.len()) {
        rows.add_row(1..=1, of_member.iter().map(|&column| (column, 1.0)));
        for (&column, &team) in of_member.iter().zip(open) {
            rows.add_row(..=0.0, [(column, 1.0), (team, -1.0)]);
        }
    }
    columns
}

/// What it is worth that those who met stay together.
fn relate(board: &Board<'_>, rows: &mut RowProblem, of_citizen: &[Col], of_carer: &[Col]) {
    for (&(citizen, carer), &times) in &board.met {
        for centre in 0..board.n_centres {
            let together = rows.add_column(-(RELATION * times as i64) as f64 / UNIT, 0..=1);
            for member in [of_citizen[citizen * board.n_centres + centre], of_carer[carer * board.n_centres + centre]] {
                rows.add_row(..=0.0, [(together, 1.0), (member, -1.0)]);
            }
        }
    }
}

/// What it costs where a team has more work of a kind than its carers' duty has a share of.
fn staff(board: &Board<'_>, rows: &mut RowProblem, of_citizen: &[Col], of_carer: &[Col]) {
    for (kind, share) in &board.shares {
        for centre in 0..board.n_centres {
            let short = rows.add_column(SHORT as f64 / UNIT, 0.0..);
            let column = |of: &[Col], member: usize| of[member * board.n_centres + centre];
            let work = board.citizens.iter().enumerate().map(|(at, citizen)| (column(of_citizen, at), citizen.of(*kind) as f64));
            let duty = board.carers.iter().enumerate().map(|(at, carer)| (column(of_carer, at), -share * carer.of(*kind) as f64));
            let entries: Vec<(Col, f64)> = work.chain(duty).filter(|(_, minutes)| *minutes != 0.0).chain([(short, -1.0)]).collect();
            rows.add_row(..=0.0, entries);
        }
    }
}

/// What the columns are for a draft, in their order.
fn values(board: &Board<'_>, draft: &Draft) -> Vec<f64> {
    let is = |at: bool| f64::from(u8::from(at));
    let centres = 0..board.n_centres;
    let mut values: Vec<f64> = centres.clone().map(|centre| is(draft.of_carer.contains(&centre))).collect();
    for of in [&draft.of_citizen, &draft.of_carer] {
        values.extend(of.iter().flat_map(|&own| centres.clone().map(move |centre| is(centre == own))));
    }
    for &(citizen, carer) in board.met.keys() {
        let (one, other) = (draft.of_citizen[citizen], draft.of_carer[carer]);
        values.extend(centres.clone().map(|centre| is(one == centre && other == centre)));
    }
    for (&kind, &share) in &board.shares {
        values.extend(centres.clone().map(|centre| board.short(draft, centre, kind, share) as f64 / UNIT));
    }
    values
}
