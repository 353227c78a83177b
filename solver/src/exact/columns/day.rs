//! The day as pricing sees it: classes of interchangeable shifts, legs between visits with lengths and tolls, all prices in whole units.

use std::collections::BTreeMap;

use crate::cost::lateness;
use crate::plan::Plan;
use crate::problem::{Link, Moment, Need, Problem, ShiftId, Term, VisitId};

/// Units of one internal cost unit where the day's numbers leave room for it: duals are whole units.
const FINEST_SCALE: i64 = 4096;
/// No sum of prices comes near this.
const ROOM: i128 = 1 << 60;
/// A price that nobody pays. A few of them still add up without overflow.
pub(super) const FORBIDDEN: i64 = 1 << 61;

/// A leg from one visit to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    /// The next visit, as an element of its class.
    pub(super) to: usize,
    /// Service and ride: the shortest time between the two starts, in ticks.
    pub(super) length: i64,
    /// What the ride costs, and what the next visit costs whenever it is, in units.
    pub(super) toll: i64,
}

/// Shifts that differ in nothing that pricing sees. Visits are its elements, numbered from 0.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) shifts: Vec<ShiftId>,
    /// The visits that the shifts are able to serve, ascending.
    pub(super) visits: Vec<VisitId>,
    /// From the start place, by element; the length counts from the shift's start.
    pub(super) first: Vec<Leg>,
    /// The legs out of each element that a plan without violation can use.
    pub(super) legs: Vec<Vec<Leg>>,
    /// Ride home and its toll, by element; the length counts from the visit's start.
    pub(super) home: Vec<Leg>,
    /// Latest return, where overtime is hard.
    pub(super) latest_return: Option<i64>,
    /// End of the shift, and the price of a tick of overtime.
    pub(super) end: i64,
    pub(super) overtime: i64,
    /// The load that may not be passed, where it could be.
    pub(super) capacity: Option<i64>,
    pub(super) load: Vec<i64>,
    /// Elements that cannot be in one route with an element, itself among them.
    pub(super) rivals: Vec<Vec<usize>>,
}

/// A route of a plan.
#[derive(Clone, Debug)]
pub(super) struct Driven {
    pub(super) class: usize,
    pub(super) elements: Vec<usize>,
    pub(super) starts: Vec<i64>,
}

/// The day in units.
#[derive(Clone, Debug)]
pub(super) struct Day<'a> {
    pub(super) problem: &'a Problem,
    /// Units in one internal cost unit.
    pub(super) scale: i64,
    pub(super) classes: Vec<Class>,
    /// The price of leaving a visit out; `None` where no plan without violation does.
    pub(super) left_out: Vec<Option<i64>>,
    /// The price of a tick of the greatest lateness.
    pub(super) greatest: i64,
    /// Parts of the problem that the bound leaves out.
    pub(super) relaxed: Vec<&'static str>,
    /// First and last start of a visit, by visit: everything unless a part of the day is looked at.
    pub(super) spans: Vec<(i64, i64)>,
    /// Least and most ticks of the greatest lateness: everything unless a part of the day is looked at.
    pub(super) lateness: (i64, i64),
}

/// Terms that routes do not show one by one, or that pricing does not look at. None is ever negative, so leaving them out keeps a bound
/// valid.
const LEFT_OUT: [Term; 12] = [
    Term::Waiting,
    Term::GreatestIdle,
    Term::Balance,
    Term::ShortSlack,
    Term::ShortBuffer,
    Term::LongChain,
    Term::OutsideHours,
    Term::NotLast,
    Term::Faces,
    Term::NewFaces,
    Term::AboveCap,
    Term::Irregularity,
];

impl<'a> Day<'a> {
    /// `None` where the day's numbers are too large for whole units, or where a class has more than `most` visits.
    pub(super) fn new(problem: &'a Problem, most: usize) -> Option<Self> {
        let objective = problem.objective();
        let scale = scale(problem)?;
        let mut relaxed: Vec<&'static str> = LEFT_OUT.into_iter().filter(|&term| problem.matters(term)).map(Term::name).collect();
        if problem.shifts().iter().any(|shift| shift.pause.is_some()) {
            relaxed.push("breaks");
        }
        if objective.soft(Term::Disruption) > 0 && problem.visits().iter().any(|visit| visit.published.is_some_and(|promise| promise.time_moved > 0))
        {
            relaxed.push("fixed price of moved starts");
        }
        let left_out = problem.visits().iter().map(|visit| {
            let free = visit.need == Need::Optional || !objective.is_hard(Term::Unserved);
            let weight = if objective.is_hard(Term::Unserved) { 1 } else { objective.soft(Term::Unserved) };
            free.then_some(visit.unserved_cost * weight * scale)
        });
        let left_out = left_out.collect();
        let classes = classes(problem, scale, most)?;
        let greatest = objective.soft(Term::GreatestLateness) * scale;
        let spans = vec![(i64::MIN, i64::MAX); problem.visits().len()];
        Some(Self { problem, scale, classes, left_out, greatest, relaxed, spans, lateness: (0, i64::MAX) })
    }

    /// What the start of a visit costs by itself, in units; [`FORBIDDEN`] where no plan without violation starts then.
    pub(super) fn start_price(&self, visit: VisitId, start: i64) -> i64 {
        let (facts, objective) = (&self.problem.visits()[visit], self.problem.objective());
        let late = self.late(visit, start);
        let (first, last) = self.spans[visit.idx()];
        if start < facts.windows[0].open.0 || start < first || start > last {
            return FORBIDDEN;
        }
        let mut price = 0;
        let mut charge = |term: Term, quantity: i64| {
            if quantity > 0 && objective.is_hard(term) {
                price = FORBIDDEN;
            }
            price += objective.soft(term) * quantity * self.scale;
        };
        charge(Term::Lateness, late);
        if late > 0 && objective.is_hard(Term::GreatestLateness) {
            charge(Term::GreatestLateness, late);
        }
        if let Some(wish) = &facts.preference {
            charge(Term::Early, wish.early * (wish.from.0 - start).max(0));
            charge(Term::Late, wish.late * (start - wish.until.0).max(0));
        }
        if let Some(promise) = &facts.published {
            charge(Term::Disruption, promise.per_tick * ((start - promise.start.0).abs() - promise.tolerance.0).max(0));
        }
        price.min(FORBIDDEN)
    }

    /// Ticks of lateness of a visit that starts then.
    pub(super) fn late(&self, visit: VisitId, start: i64) -> i64 {
        lateness(&self.problem.visits()[visit], Moment(start))
    }

    /// Moments at which the price of a visit's start may bend or jump, other than by duals: each is the first of a piece.
    pub(super) fn bends(&self, visit: VisitId) -> Vec<i64> {
        let facts = &self.problem.visits()[visit];
        let windows = facts.windows.iter().flat_map(|window| [window.open.0, window.close.0, window.close.0 + 1]);
        let wish = facts.preference.iter().flat_map(|wish| [wish.from.0, wish.from.0 + 1, wish.until.0, wish.until.0 + 1]);
        let promise = facts.published.iter().flat_map(|promise| {
            let (first, last) = (promise.start.0 - promise.tolerance.0, promise.start.0 + promise.tolerance.0);
            [first, first + 1, last, last + 1]
        });
        let (first, last) = self.spans[visit.idx()];
        let span = [first, last.saturating_add(1)].into_iter().filter(|moment| (i64::MIN + 1..i64::MAX).contains(moment));
        windows.chain(wish).chain(promise).chain(span).collect()
    }

    /// The class of each shift.
    pub(super) fn class_of(&self, shift: ShiftId) -> Option<usize> {
        self.classes.iter().position(|class| class.shifts.contains(&shift))
    }

    /// The routes of a plan as elements and starts, by class. `None` for a plan that serves what a class does not know.
    pub(super) fn routes(&self, plan: &Plan) -> Option<Vec<Driven>> {
        let served = plan.served(self.problem);
        let mut routes = Vec::new();
        for (shift, route) in plan.routes.enumerate().filter(|(_, route)| route.visits().next().is_some()) {
            let class = self.class_of(shift)?;
            let elements: Option<Vec<usize>> = route.visits().map(|visit| self.classes[class].visits.binary_search(&visit).ok()).collect();
            let starts: Option<Vec<i64>> = route.visits().map(|visit| served[visit].map(|served| served.start.0)).collect();
            routes.push(Driven { class, elements: elements?, starts: starts? });
        }
        Some(routes)
    }
}

/// The finest scale at which no sum overflows, if there is one.
fn scale(problem: &Problem) -> Option<i64> {
    let objective = problem.objective();
    let visits = problem.visits();
    let times = |get: &dyn Fn(&crate::problem::Visit) -> i64| visits.iter().map(get).map(i128::from).sum::<i128>();
    let rides = i128::from(problem.travel().longest_of_all().0);
    let last = visits.iter().flat_map(|visit| visit.windows.iter().map(|window| i128::from(window.close.0))).max().unwrap_or(0);
    let shifts = problem.shifts().iter().map(|shift| i128::from(shift.end.0)).max().unwrap_or(0);
    let span = last + shifts + times(&|visit| visit.duration.0) + rides * (visits.len() as i128 + 2);
    let soft = |term| i128::from(objective.soft(term));
    let per_visit = |get: &dyn Fn(&crate::problem::Visit) -> i64| visits.iter().map(get).max().map_or(0, i128::from);
    let wish = |late: bool| per_visit(&|visit| visit.preference.map_or(0, |wish| if late { wish.late } else { wish.early }));
    let per_tick = soft(Term::Travel) * i128::from(problem.travel().largest_price())
        + soft(Term::WorkingTime)
        + soft(Term::Lateness)
        + soft(Term::GreatestLateness)
        + soft(Term::Overtime)
        + soft(Term::Early) * wish(false)
        + soft(Term::Late) * wish(true)
        + soft(Term::Disruption) * per_visit(&|visit| visit.published.map_or(0, |promise| promise.per_tick));
    let whole = soft(Term::CarerPreference)
        + soft(Term::Exclusion)
        + soft(Term::Qualification)
        + soft(Term::Disruption) * per_visit(&|visit| visit.published.map_or(0, |promise| promise.carer_changed))
        + soft(Term::CarerCost) * per_visit(&|visit| visit.carer_costs.iter().map(|&(_, cost)| cost).max().unwrap_or(0))
        + soft(Term::Content) * per_visit(&|visit| visit.content.cost)
        + soft(Term::ShiftUse) * problem.shifts().iter().map(|shift| i128::from(shift.use_cost)).max().unwrap_or(0)
        + soft(Term::Unserved).max(1) * per_visit(&|visit| visit.unserved_cost);
    // Twice, since duals are at most as large as what they weigh.
    let largest = 2 * (per_tick * span + whole) * (visits.len() as i128 + 2);
    let mut scale = FINEST_SCALE;
    while scale > 1 && largest * i128::from(scale) > ROOM {
        scale /= 2;
    }
    (largest * i128::from(scale) <= ROOM).then_some(scale)
}

/// Everything that tells two shifts apart.
type Key = ((i64, i64, usize, usize), (usize, i64), Option<i64>, Vec<(VisitId, i64)>);

/// `None` where a class has more than `most` visits: its legs would be as many squared.
fn classes(problem: &Problem, scale: i64, most: usize) -> Option<Vec<Class>> {
    let mut able: Vec<Vec<VisitId>> = vec![Vec::new(); problem.shifts().len()];
    for visit in problem.visits().ids() {
        problem.able_shifts(visit).iter().for_each(|shift| able[shift.idx()].push(visit));
    }
    let mut by_key: BTreeMap<Key, Vec<ShiftId>> = BTreeMap::new();
    for (id, shift) in problem.shifts().enumerate() {
        let fees: Vec<(VisitId, i64)> = able[id.idx()].iter().filter_map(|&visit| Some((visit, fee(problem, id, visit)?))).collect();
        if fees.len() > most {
            return None;
        }
        let capacity = shift.capacity.filter(|_| problem.objective().is_hard(Term::Overload));
        let hours = (shift.start.0, shift.end.0, shift.from.idx(), shift.to.idx());
        by_key.entry((hours, (problem.mode(id).idx(), shift.use_cost), capacity, fees)).or_default().push(id);
    }
    Some(by_key.into_iter().map(|((_, _, capacity, fees), shifts)| class(problem, scale, shifts, capacity, &fees)).collect())
}

/// What it costs that this shift serves the visit, whenever it does, rides aside, in internal cost units; `None` where a rule forbids it.
fn fee(problem: &Problem, shift: ShiftId, visit: VisitId) -> Option<i64> {
    let (objective, facts, carer) = (problem.objective(), &problem.visits()[visit], problem.shifts()[shift].carer);
    let unwanted = !facts.preferred.is_empty() && !facts.preferred.contains(&carer);
    let unqualified = !facts.skills.is_subset(problem.carers()[carer].skills);
    let broken = facts.published.filter(|promise| promise.carer != carer).map_or(0, |promise| promise.carer_changed);
    let terms = [
        (Term::CarerPreference, i64::from(unwanted)),
        (Term::Exclusion, i64::from(facts.excluded.contains(&carer))),
        (Term::Qualification, i64::from(unqualified)),
        (Term::Disruption, broken),
        (Term::CarerCost, facts.carer_cost(carer)),
        (Term::Content, facts.content.cost),
        (Term::WorkingTime, facts.duration.0),
    ];
    let mut fee = 0;
    for (term, quantity) in terms.into_iter().filter(|(_, quantity)| *quantity > 0) {
        if objective.is_hard(term) {
            return None;
        }
        fee += objective.soft(term) * quantity;
    }
    Some(fee)
}

fn class(problem: &Problem, scale: i64, shifts: Vec<ShiftId>, capacity: Option<i64>, fees: &[(VisitId, i64)]) -> Class {
    let (id, objective) = (shifts[0], problem.objective());
    let shift = &problem.shifts()[id];
    let visits: Vec<VisitId> = fees.iter().map(|&(visit, _)| visit).collect();
    let place = |element: usize| problem.visits()[visits[element]].place;
    let duration = |element: usize| problem.visits()[visits[element]].duration.0;
    let price = problem.travel_price(id);
    let per_tick = (objective.soft(Term::Travel) * price + objective.soft(Term::WorkingTime)) * scale;
    let no_rides = (objective.is_hard(Term::Travel) && price > 0) || objective.is_hard(Term::WorkingTime);
    let latest_return = objective.is_hard(Term::Overtime).then_some(shift.end.0);
    let hard = objective.is_hard(Term::Lateness) || objective.is_hard(Term::GreatestLateness);
    let n = visits.len();
    let leg = |to: usize, since: i64, ride: i64| Leg { to, length: since + ride, toll: ride * per_tick + fees[to].1 * scale };
    let used = objective.soft(Term::ShiftUse) * shift.use_cost * scale;
    let leave = |to: usize| leg(to, shift.start.0, problem.travel_time(id, shift.from, place(to)).0);
    let first: Vec<Leg> = (0..n).map(|to| Leg { toll: leave(to).toll + used, ..leave(to) }).collect();
    let home: Vec<Leg> = (0..n)
        .map(|from| {
            let ride = problem.travel_time(id, place(from), shift.to).0;
            Leg { to: from, length: duration(from) + ride, toll: ride * per_tick }
        })
        .collect();
    let earliest = |element: usize| problem.visits()[visits[element]].windows[0].open.0.max(shift.start.0);
    let latest = |element: usize| {
        let closes = problem.visits()[visits[element]].windows.last().filter(|_| hard).map_or(i64::MAX, |window| window.close.0);
        latest_return.map_or(closes, |back| closes.min(back - duration(element)))
    };
    let able = |ride: i64| !no_rides || ride == 0;
    let legs = (0..n).map(|from| {
        let leave = |to: usize| {
            let ride = problem.travel_time(id, place(from), place(to)).0;
            let leg = leg(to, duration(from), ride);
            let in_time = earliest(from) + leg.length <= latest(to) && leg.length <= most_apart(problem, visits[from], visits[to]);
            (to != from && in_time && able(ride)).then_some(leg)
        };
        (0..n).filter_map(leave).collect()
    });
    let legs: Vec<Vec<Leg>> = legs.collect();
    let load: Vec<i64> = visits.iter().map(|&visit| problem.visits()[visit].load).collect();
    let capacity = capacity.filter(|&capacity| load.iter().sum::<i64>() > capacity);
    let rivals = (0..n).map(|a| (0..n).filter(|&b| a == b || are_rivals(problem, visits[a], visits[b])).collect()).collect();
    Class {
        shifts,
        first: first.into_iter().filter(|leg| able(leg.length - shift.start.0) && leg.length <= latest(leg.to)).collect(),
        legs,
        home,
        latest_return,
        end: shift.end.0,
        overtime: objective.soft(Term::Overtime) * scale,
        capacity,
        load,
        rivals,
        visits,
    }
}

/// The most that `second` may start after `first`, by links.
fn most_apart(problem: &Problem, first: VisitId, second: VisitId) -> i64 {
    let cluster = problem.cluster_of(first);
    match (cluster.members.binary_search(&first), cluster.members.binary_search(&second)) {
        (Ok(first), Ok(second)) => -cluster.gap(second, first),
        _ => i64::MAX,
    }
}

/// Whether no route without violation has both: one is given instead of the other, other carers must come, or neither can be over when the other must have started.
fn are_rivals(problem: &Problem, a: VisitId, b: VisitId) -> bool {
    let apart = |link: &Link| link.different_carers && [(a, b), (b, a)].contains(&(link.first, link.second));
    let duration = |visit: VisitId| problem.visits()[visit].duration.0;
    a != b && problem.granted(a) == problem.granted(b)
        || problem.links().iter().any(apart)
        || duration(a) > most_apart(problem, a, b) && duration(b) > most_apart(problem, b, a)
}
