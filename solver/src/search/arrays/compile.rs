//! One fact after the other from the problem: windows, prices, links and rides.

use std::sync::Arc;

use super::{ClusterFacts, PauseFacts, ShiftFacts, SlackFacts, VisitFacts, Window, fine, index};
use crate::problem::{Link, ModeId, Need, Problem, Shift, ShiftId, Slack, Term, VisitId, Weight};

/// Most places whose travel times are tabled where the problem has none: 9 MB for each mode. Reading a table is faster than a square root
/// as long as it stays in the processor's cache.
const MOST_TABLED: usize = 1500;

/// The table of each shift's mode.
pub(super) fn rides(problem: &Problem) -> Vec<Arc<[i32]>> {
    let travel = problem.travel();
    let table = |mode: ModeId| if travel.straight(mode).is_none() || travel.n_places() <= MOST_TABLED { travel.table(mode) } else { Arc::new([]) };
    let tables: Vec<Arc<[i32]>> = (0..travel.n_modes()).map(|mode| table(ModeId::new(mode))).collect();
    problem.shifts().ids().map(|shift| Arc::clone(&tables[problem.mode(shift).idx()])).collect()
}

/// The soft weight of a term; a hard term that the search has no own penalty for is priced dearly.
pub(super) fn priced(problem: &Problem, term: Term) -> i64 {
    match problem.objective().weight(term) {
        Weight::Soft(weight) => weight,
        Weight::Hard => 1000 * problem.objective().soft(Term::Travel).max(1),
    }
}

pub(super) fn visit_facts(problem: &Problem, id: VisitId) -> VisitFacts {
    let objective = problem.objective();
    let visit = &problem.visits()[id];
    let linked = problem.cluster_of(id).members.len() > 1;
    let lateness = match objective.weight(Term::Lateness) {
        Weight::Soft(weight) => Some(weight),
        Weight::Hard => None,
    };
    let wait_weight = objective.soft(Term::Waiting) + objective.soft(Term::Travel);
    let early = visit.preference.map_or(0, |wish| wish.early * priced(problem, Term::Early));
    let mut windows: Vec<Window> =
        visit.windows.iter().map(|window| Window { open: window.open.0, close: window.close.0, wait_from: i64::MAX }).collect();
    for at in 1..windows.len() {
        let (close, next) = (windows[at - 1].close, windows[at].open);
        // Where a tick late costs as much as a tick of waiting for the next window, the two are even.
        let share = lateness.map_or(0, |weight| if weight + wait_weight == 0 { 0 } else { (next - close) * wait_weight / (weight + wait_weight) });
        windows[at - 1].wait_from = close + share + 1;
    }
    let mut held = windows[0].open;
    if linked && early > 0 {
        held = held.max(visit.preference.map_or(held, |wish| wish.from.0).min(windows[0].close));
    }
    let wish = visit.preference;
    let promise = visit.published;
    let moved = promise.map_or(0, |promise| promise.per_tick * priced(problem, Term::Disruption));
    let moved_at_all = promise.map_or(0, |promise| promise.time_moved * priced(problem, Term::Disruption));
    if let Some(promise) = promise.filter(|_| linked && moved + moved_at_all > 0) {
        held = held.max((promise.start - promise.tolerance).0.min(windows[0].close));
    }
    let unserved = visit.unserved_cost * if objective.is_hard(Term::Unserved) { 1 } else { objective.soft(Term::Unserved) };
    let optional = visit.need == Need::Optional || !objective.is_hard(Term::Unserved);
    VisitFacts {
        first: windows[0],
        windows: if windows.len() > 1 { windows } else { Vec::new() },
        duration: visit.duration.0,
        load: visit.load,
        held,
        preferred_from: wish.map_or(0, |wish| wish.from.0),
        preferred_until: wish.map_or(i64::MAX / 4, |wish| wish.until.0),
        early,
        late: wish.map_or(0, |wish| wish.late * priced(problem, Term::Late)),
        promised_from: promise.map_or(i64::MIN / 4, |promise| (promise.start - promise.tolerance).0),
        promised_until: promise.map_or(i64::MAX / 4, |promise| (promise.start + promise.tolerance).0),
        moved,
        moved_at_all,
        unserved: if optional { unserved } else { 0 },
        required: !optional,
        optional,
        granted: visit.content.instead_of.is_none(),
        cluster: index(problem.cluster_index(id)),
        linked,
    }
}

pub(super) fn shift_facts(problem: &Problem, id: ShiftId) -> ShiftFacts {
    let shift = &problem.shifts()[id];
    ShiftFacts {
        start: shift.start.0,
        end: shift.end.0,
        carer: index(shift.carer.idx()),
        capacity: shift.capacity.unwrap_or(i64::MAX / 4),
        ride_price: problem.objective().soft(Term::Travel) * problem.travel_price(id) + problem.objective().soft(Term::WorkingTime),
        use_price: problem.objective().soft(Term::ShiftUse) * shift.use_cost,
        pause: shift.pause.map(|rule| PauseFacts {
            open: rule.open.0,
            latest_begin: rule.latest_begin.0,
            min_duration: rule.min_duration.0,
            latest_end: rule.latest_end.0,
        }),
    }
}

pub(super) fn slack_facts(problem: &Problem, shift: &Shift) -> SlackFacts {
    let Slack { free, free_cost, buffer, buffer_cost, chain } = shift.slack;
    SlackFacts {
        free: free.0,
        short_free: if free.0 > 0 { free_cost * priced(problem, Term::ShortSlack) } else { 0 },
        buffer: buffer.0,
        short_buffer: if buffer.0 > 0 { buffer_cost * priced(problem, Term::ShortBuffer) } else { 0 },
        chain: chain.map_or(i64::MAX, |chain| i64::from(chain.visits)),
        pause: chain.map_or(i64::MAX, |chain| chain.pause.0),
        long_chain: chain.map_or(0, |chain| chain.cost * priced(problem, Term::LongChain)),
        from: shift.hours.map_or(i64::MIN, |hours| hours.from.0),
        until: shift.hours.map_or(i64::MAX, |hours| hours.until.0),
        outside: shift.hours.map_or(0, |hours| hours.cost * priced(problem, Term::OutsideHours)),
    }
}

pub(super) fn cluster_facts(problem: &Problem, at: usize) -> ClusterFacts {
    let cluster = &problem.clusters()[at];
    let n = cluster.members.len();
    let mut gap = vec![i64::MIN / 4; n * n];
    for i in 0..n {
        for j in 0..n {
            if i == j {
                gap[i * n + j] = 0;
            } else if cluster.gap(i, j) > Link::MIN.0 {
                gap[i * n + j] = fine(cluster.gap(i, j)) - 1;
            }
        }
    }
    let mut apart = Vec::new();
    if n > 1 {
        let position = |visit: VisitId| cluster.members.iter().position(|&member| member == visit);
        for link in problem.links().iter().filter(|link| link.different_carers) {
            if let (Some(first), Some(second)) = (position(link.first), position(link.second)) {
                apart.push((index(first), index(second)));
            }
        }
    }
    ClusterFacts { members: cluster.members.iter().map(|visit| index(visit.idx())).collect(), gap, apart }
}

/// Weighted price of a visit by a shift's carer: preference, exclusion, qualification, changed carer, and what is given.
pub(super) fn assignment_price(problem: &Problem, visit: VisitId, shift: ShiftId) -> i64 {
    let objective = problem.objective();
    let visit = &problem.visits()[visit];
    let carer = problem.shifts()[shift].carer;
    let mut price = 0;
    if !visit.preferred.is_empty() && !visit.preferred.contains(&carer) {
        price += priced(problem, Term::CarerPreference);
    }
    if visit.excluded.contains(&carer) {
        price += objective.soft(Term::Exclusion);
    }
    if !visit.skills.is_subset(problem.carers()[carer].skills) {
        price += objective.soft(Term::Qualification);
    }
    if let Some(promise) = visit.published
        && promise.carer != carer
    {
        price += promise.carer_changed * priced(problem, Term::Disruption);
    }
    price += visit.carer_cost(carer) * priced(problem, Term::CarerCost);
    price += visit.content.cost * priced(problem, Term::Content);
    price
}
