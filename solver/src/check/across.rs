//! What a plan owes for more than one route at once: who comes to a citizen, and at what times of day.

use std::collections::{BTreeMap, BTreeSet};

use super::charges::{Charge, Debtor};
use super::walk::{services, ticks};
use crate::plan::Plan;
use crate::problem::{CarerId, CitizenId, CourseId, Met, Problem, Term, Visit};

/// Adds the charges of [`Term::ACROSS`].
pub(super) fn judge<'a>(problem: &'a Problem, plan: &'a Plan, charges: &mut Vec<Charge<'a>>) {
    let mut come: BTreeMap<CitizenId, BTreeSet<CarerId>> = BTreeMap::new();
    let mut courses: BTreeMap<(CitizenId, CourseId), Vec<i128>> = BTreeMap::new();
    for (shift, _, visit, stop) in services(problem, plan) {
        come.entry(visit.citizen).or_default().insert(problem.shifts()[shift].carer);
        if let Some(course) = visit.course {
            courses.entry((visit.citizen, course)).or_default().push(since_midnight(problem, visit, ticks(stop.start)));
        }
    }
    for (citizen, carers) in come {
        let citizen = &problem.citizens()[citizen];
        let at = || Debtor::Citizen(&citizen.label);
        let is_new = |carer: &&CarerId| citizen.history.iter().all(|&Met { carer: known, .. }| known != **carer);
        let faces = carers.len() as i128;
        charges.push(Charge { term: Term::Faces, quantity: faces - 1, at: at() });
        charges.push(Charge { term: Term::NewFaces, quantity: carers.iter().filter(is_new).count() as i128, at: at() });
        if let Some(cap) = citizen.cap {
            charges.push(Charge { term: Term::AboveCap, quantity: (faces - i128::from(cap)).max(0), at: at() });
        }
    }
    for ((citizen, _), mut times) in courses {
        // The median has as many before as after it; of two, the earlier.
        times.sort_unstable();
        let median = times[times.len().div_ceil(2) - 1];
        let quantity = times.iter().map(|time| (time - median).abs()).sum();
        charges.push(Charge { term: Term::Irregularity, quantity, at: Debtor::Citizen(&problem.citizens()[citizen].label) });
    }
}

/// Ticks from the midnight before the latest window that has opened; before all windows, before the first.
fn since_midnight(problem: &Problem, visit: &Visit, start: i128) -> i128 {
    let day = 1440 * i128::from(problem.clock().ticks_per_minute);
    let opened = visit.windows.iter().filter(|window| ticks(window.open) <= start).max_by_key(|window| window.open);
    let open = opened.or(visit.windows.first()).map_or(0, |window| ticks(window.open));
    start - open.div_euclid(day) * day
}
