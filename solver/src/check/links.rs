//! Whether linked visits are served together, at the right distance, by the right number of carers.

use super::{Findings, walk};
use crate::plan::Plan;
use crate::problem::{CarerId, Link, Problem};

/// When a visit starts and who comes.
type Given = (i128, CarerId);

pub(super) fn judge(problem: &Problem, plan: &Plan, findings: &mut Findings) {
    let mut given: Vec<Option<Given>> = vec![None; problem.visits().len()];
    for (shift, visit, _, stop) in walk::services(problem, plan) {
        given[visit.idx()] = Some((walk::ticks(stop.start), problem.shifts()[shift].carer));
    }
    for link in problem.links() {
        let names = format!("visits {} and {}", problem.visits()[link.first].label, problem.visits()[link.second].label);
        match (given[link.first.idx()], given[link.second.idx()]) {
            (Some(first), Some(second)) => both(link, &names, first, second, findings),
            (None, None) => {}
            _ => findings.add("link_half_served", format!("{names}: one is served without the other")),
        }
    }
}

fn both(link: &Link, names: &str, first: Given, second: Given, findings: &mut Findings) {
    let apart = second.0 - first.0;
    let low = (link.min > Link::MIN).then_some(i128::from(link.min.0));
    let high = (link.max < Link::MAX).then_some(i128::from(link.max.0));
    if low.is_some_and(|low| apart < low) || high.is_some_and(|high| apart > high) {
        findings.add("link_difference", format!("{names}: {apart} apart, allowed {} to {}", link.min.0, link.max.0));
    }
    if link.different_carers && first.1 == second.1 {
        findings.add("link_same_carer", format!("{names}: the same carer comes to both"));
    }
}
