//! What visits to a citizen need for some days: longer, last on the route, by fewer people.

use kendt_solver::problem::{CarerId, ProblemBuilder, Ticks};

use super::ids::Ids;
use super::prices::Scale;
use crate::district::{District, Precaution, say, time};

/// Adds every precaution to the visits it is about. Faults were reported where they are.
pub(super) fn add(doc: &District, ids: &Ids<'_>, scale: Scale, builder: &mut ProblemBuilder) {
    for precaution in &doc.precautions {
        let days = say::day_of(doc, &precaution.from).zip(say::day_of(doc, &precaution.until));
        if let Some((from, until)) = days {
            one(precaution, (from, until), ids, scale.per_event(doc.policy.not_last), builder);
        }
    }
}

fn one(precaution: &Precaution, (from, until): (i64, i64), ids: &Ids<'_>, not_last: i64, builder: &mut ProblemBuilder) {
    let Some(home) = ids.citizen(&precaution.citizen) else { return };
    let extra = Ticks((precaution.extra_minutes.0 * 60.0).round() as i64);
    let dedicated: Vec<CarerId> = precaution.carers.iter().filter_map(|carer| ids.carer(carer)).collect();
    for visit in builder.visits.iter_mut().filter(|visit| visit.citizen == home) {
        let day = |at: kendt_solver::problem::Moment| at.0.div_euclid(time::DAY) + 1;
        let Some((first, last)) = visit.windows.first().zip(visit.windows.last()).map(|(first, last)| (day(first.open), *last)) else { continue };
        if day(last.open) < from || first > until {
            continue;
        }
        visit.duration += extra;
        if !dedicated.is_empty() {
            let allowed = visit.allowed.take();
            visit.allowed = Some(dedicated.iter().copied().filter(|carer| allowed.as_ref().is_none_or(|allowed| allowed.contains(carer))).collect());
        }
        if precaution.last {
            visit.not_last_cost = not_last;
        }
    }
}
