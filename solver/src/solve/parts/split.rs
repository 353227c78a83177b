//! Cuts a day into parts of about equally many visits, by place and time.
//!
//! Every shift is a point: how long its visits are, on average, from three places far apart (so that matrices serve as well as maps), and
//! when they are. The points are halved by planes of random direction until the parts are small enough, so each call cuts along other
//! seams, and parts of one call overlap those of the next.

use crate::plan::Plan;
use crate::problem::{IdVec, ModeId, PlaceId, Problem, ShiftId, Travel};
use crate::search::Rng;

/// Landmarks and, last, time.
const DIMENSIONS: usize = LANDMARKS + 1;
const LANDMARKS: usize = 3;
type Spot = [f64; DIMENSIONS];

/// The places of a day by their distance from its landmarks.
#[derive(Debug)]
pub(super) struct Map {
    places: IdVec<PlaceId, [f64; LANDMARKS]>,
}

impl Map {
    pub(super) fn new(problem: &Problem) -> Self {
        let travel = problem.travel();
        let mut places: IdVec<PlaceId, [f64; LANDMARKS]> = vec![[0.0; LANDMARKS]; travel.n_places()].into();
        let Some(mode) = problem.shifts().ids().next().map(|shift| problem.mode(shift)) else { return Self { places } };
        // The first landmark is far from anywhere, each other one far from all before it.
        let mut nearest = from(travel, mode, PlaceId::new(0));
        for landmark in 0..LANDMARKS {
            let Some(at) = nearest.ids().max_by(|&a, &b| nearest[a].total_cmp(&nearest[b]).then(b.cmp(&a))) else { break };
            let rides = from(travel, mode, at);
            for place in rides.ids() {
                places[place][landmark] = rides[place];
                nearest[place] = if landmark == 0 { rides[place] } else { nearest[place].min(rides[place]) };
            }
        }
        Self { places }
    }

    /// Shifts by part, ascending in each; every shift is in one. Parts have about equally many visits.
    pub(super) fn split(&self, problem: &Problem, plan: &Plan, n_parts: usize, rng: &mut Rng) -> Vec<Vec<ShiftId>> {
        let mut spots: Vec<(Spot, usize, ShiftId)> = plan.routes.ids().map(|shift| self.spot(problem, plan, shift)).collect();
        even_out(&mut spots);
        let mut parts = Vec::with_capacity(n_parts);
        halve(&mut spots, n_parts.clamp(1, plan.routes.len().max(1)), rng, &mut parts);
        parts
    }

    /// Where and when a shift is, and how much it counts: its visits and one more.
    fn spot(&self, problem: &Problem, plan: &Plan, shift: ShiftId) -> (Spot, usize, ShiftId) {
        let (facts, route) = (&problem.shifts()[shift], &plan.routes[shift]);
        let mut spot = [0.0; DIMENSIONS];
        let mut add = |place: PlaceId, time: f64| {
            (0..LANDMARKS).for_each(|landmark| spot[landmark] += self.places[place][landmark]);
            spot[LANDMARKS] += time;
        };
        let n = route.visits().count();
        if n == 0 {
            add(facts.from, (facts.start.0 + facts.end.0) as f64 / 2.0);
        }
        for stop in &route.stops {
            if let crate::plan::Task::Visit(visit) = stop.task {
                add(problem.visits()[visit].place, stop.start.0 as f64);
            }
        }
        (spot.map(|sum| sum / n.max(1) as f64), n + 1, shift)
    }
}

/// Ticks from a place to every place.
fn from(travel: &Travel, mode: ModeId, from: PlaceId) -> IdVec<PlaceId, f64> {
    (0..travel.n_places()).map(|to| travel.time(mode, from, PlaceId::new(to)).0 as f64).collect()
}

/// Scales time so that it is spread as wide as place.
fn even_out(spots: &mut [(Spot, usize, ShiftId)]) {
    let n = spots.len().max(1) as f64;
    let variance = |dimension: usize| {
        let mean = spots.iter().map(|spot| spot.0[dimension]).sum::<f64>() / n;
        spots.iter().map(|spot| (spot.0[dimension] - mean).powi(2)).sum::<f64>() / n
    };
    let place = (0..LANDMARKS).map(variance).fold(0.0, f64::max);
    let time = variance(LANDMARKS);
    let scale = if time > 0.0 && place > 0.0 { (place / time).sqrt() } else { 1.0 };
    spots.iter_mut().for_each(|spot| spot.0[LANDMARKS] *= scale);
}

fn halve(spots: &mut [(Spot, usize, ShiftId)], n_parts: usize, rng: &mut Rng, parts: &mut Vec<Vec<ShiftId>>) {
    if n_parts <= 1 || spots.len() <= 1 {
        let mut shifts: Vec<ShiftId> = spots.iter().map(|spot| spot.2).collect();
        shifts.sort_unstable();
        parts.push(shifts);
        return;
    }
    let direction: Spot = std::array::from_fn(|_| 2.0 * rng.unit() - 1.0);
    let along = |spot: &Spot| spot.iter().zip(&direction).map(|(at, factor)| at * factor).sum::<f64>();
    spots.sort_by(|a, b| along(&a.0).total_cmp(&along(&b.0)).then(a.2.cmp(&b.2)));
    let low_parts = n_parts / 2;
    let wanted = spots.iter().map(|spot| spot.1).sum::<usize>() * low_parts / n_parts;
    let mut sum = 0;
    let cut = spots.iter().position(|spot| {
        sum += spot.1;
        sum > wanted
    });
    let cut = cut.unwrap_or(spots.len() - 1).clamp(1, spots.len() - 1);
    let (low, high) = spots.split_at_mut(cut);
    halve(low, low_parts, rng, parts);
    halve(high, n_parts - low_parts, rng, parts);
}
