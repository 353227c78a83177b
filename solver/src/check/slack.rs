//! What a shift owes for time that its carer was to have, found again from the words of the terms.

use super::walk::{Leg, Walk, ticks};
use crate::problem::{PlaceId, Shift, Term};

/// One shift's free time in numbers. The default is a shift that is not used.
#[derive(Default)]
pub(super) struct Tally {
    short_slack: i128,
    short_buffer: i128,
    long_chain: i128,
    outside_hours: i128,
    not_last: i128,
}

/// Takes a shift's path apart: at each visit, how long the carer stands before it, what came before, and who comes after.
pub(super) fn tally(shift: &Shift, path: &Walk<'_>, work: i128) -> Tally {
    let mut tally = Tally::default();
    let stands = |leg: &Leg<'_>| ticks(leg.stop.start) - ticks(leg.stop.arrival);
    for pair in path.legs.windows(2) {
        let places: Vec<PlaceId> = pair.iter().filter_map(|leg| leg.visit.map(|(_, visit)| visit.place)).collect();
        if let [from, to] = places[..]
            && from != to
        {
            tally.short_buffer += (i128::from(shift.slack.buffer.0) - stands(&pair[1])).max(0).saturating_mul(i128::from(shift.slack.buffer_cost));
        }
    }
    if let Some(chain) = shift.slack.chain {
        // A chain ends where the carer rests: in a break, or standing long enough after another visit.
        let rests = |from: &Leg<'_>, to: &Leg<'_>| from.visit.is_none() || to.visit.is_none() || stands(to) >= i128::from(chain.pause.0);
        for of_chain in path.legs.chunk_by(|from, to| !rests(from, to)).filter(|legs| legs[0].visit.is_some()) {
            let visits = i128::try_from(of_chain.len()).unwrap_or(i128::MAX);
            tally.long_chain += (visits - i128::from(chain.visits)).max(0).saturating_mul(i128::from(chain.cost));
        }
    }
    if let Some(hours) = shift.hours {
        let is_within = |leg: &Leg<'_>| ticks(leg.stop.start) >= ticks(hours.from) && ticks(leg.stop.end) <= ticks(hours.until);
        let outside = path.legs.iter().filter(|leg| leg.visit.is_some() && !is_within(leg)).count();
        tally.outside_hours = i128::try_from(outside).unwrap_or(i128::MAX).saturating_mul(i128::from(hours.cost));
    }
    // From the end of the route: whoever is met behind a visit.
    let mut behind = Vec::new();
    for visit in path.legs.iter().rev().filter_map(|leg| leg.visit.map(|(_, visit)| visit)) {
        if visit.not_last_cost > 0 && behind.iter().any(|&citizen| citizen != visit.citizen) {
            tally.not_last += i128::from(visit.not_last_cost);
        }
        if visit.not_last_cost == 0 {
            behind.push(visit.citizen);
        }
    }
    let rest = if path.legs.iter().any(|leg| leg.visit.is_none()) { shift.pause.map_or(0, |rule| i128::from(rule.min_duration.0)) } else { 0 };
    if shift.slack.free.0 > 0 && path.legs.iter().any(|leg| leg.visit.is_some()) {
        let free = ticks(shift.end) - ticks(shift.start) - rest - work;
        tally.short_slack = (i128::from(shift.slack.free.0) - free).max(0).saturating_mul(i128::from(shift.slack.free_cost));
    }
    tally
}

/// What one shift owes for it.
pub(super) fn of_shift(tally: &Tally) -> [(Term, i128); 5] {
    [
        (Term::ShortSlack, tally.short_slack),
        (Term::ShortBuffer, tally.short_buffer),
        (Term::LongChain, tally.long_chain),
        (Term::OutsideHours, tally.outside_hours),
        (Term::NotLast, tally.not_last),
    ]
}
