//! Which way round a day's route is driven: where both ways are as long, the one whose arrivals are nearer to those of the other days.
//!
//! Consistent vehicle routing bounds how far a customer's arrivals differ (Groër, Golden, Wasil 2009). Nothing here bounds them; but what
//! costs nothing is done for it.

use super::state::State;
use crate::search::Node;

/// Most rounds over a carer's shifts; each makes the differences smaller.
const ROUNDS: usize = 20;

/// Turns routes round where that costs nothing and makes differences of arrivals smaller.
pub(super) fn turn(state: &mut State<'_>) {
    let facts = state.facts;
    let mut arrivals = vec![0; facts.arrays.n_visits];
    for shift in 0..state.routes.len() as u32 {
        arrive(state, shift, &mut arrivals);
    }
    for shifts in &facts.shifts {
        for _ in 0..ROUNDS {
            let turned = shifts.iter().filter(|&&shift| turns(state, shift, shifts, &mut arrivals)).count();
            if turned == 0 {
                break;
            }
        }
    }
}

/// Turns a shift's route round if that is better; says whether it did.
fn turns(state: &mut State<'_>, shift: u32, shifts: &[u32], arrivals: &mut [i64]) -> bool {
    let before = differences(state, shifts, arrivals);
    state.routes[shift as usize].reverse();
    if state.measured(shift) == state.sums[shift as usize] {
        arrive(state, shift, arrivals);
        if differences(state, shifts, arrivals) < before {
            return true;
        }
    }
    state.routes[shift as usize].reverse();
    arrive(state, shift, arrivals);
    false
}

/// Notes when each visit of a shift is reached, in ticks from the shift's start.
fn arrive(state: &State<'_>, shift: u32, arrivals: &mut [i64]) {
    let arrays = state.facts.arrays;
    let (mut from, mut free_at) = (arrays.start_of(shift), 0);
    for &visit in &state.routes[shift as usize] {
        let ride = arrays.ride(shift, arrays.place[from as usize], arrays.place[visit as usize]);
        arrivals[visit as usize] = free_at + ride;
        free_at += ride + arrays.visits[visit as usize].duration;
        from = visit;
    }
}

/// The greatest difference of the arrivals of one group in these shifts, and the sum over groups, each counted by its visits.
fn differences(state: &State<'_>, shifts: &[u32], arrivals: &[i64]) -> (i64, i64) {
    let facts = state.facts;
    let visits = shifts.iter().flat_map(|&shift| state.routes[shift as usize].iter());
    let of = |visit: &Node| {
        let group = &facts.groups[facts.group_of[*visit as usize] as usize];
        let at = || group.visits.iter().map(|&visit| arrivals[visit as usize]);
        at().max().unwrap_or(0) - at().min().unwrap_or(0)
    };
    visits.map(of).fold((0, 0), |(greatest, sum), difference| (greatest.max(difference), sum + difference))
}
