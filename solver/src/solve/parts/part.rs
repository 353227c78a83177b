//! A part of a day as a problem of its own: some of its shifts, the visits in their routes, and a few that nobody serves yet.
//!
//! What ties the part to the rest of the day stays as it is. A visit that is linked with one outside keeps its start and stays away from
//! carers who must not serve both; leaving it out costs what leaving out all that it is linked with costs. Carers outside are one carer
//! without a shift, so that wishes for them stay unmet.

use crate::plan::{Plan, Route, Served, Stop, Task};
use crate::problem::{
    Carer, CarerId, Citizen, CitizenId, Content, IdVec, Link, Met, ModeId, Need, PlaceId, Problem, ProblemBuilder, Shift, ShiftId, SkillSet, Visit,
    VisitId, Window,
};
use crate::search::{Arrays, Node, Sequences};

/// The part and its place in the day.
#[derive(Debug)]
pub(in crate::solve) struct Part {
    pub(in crate::solve) problem: Problem,
    /// The day's shift of each of the part's, ascending.
    shifts: Vec<ShiftId>,
    /// The day's visit of each of the part's, ascending.
    visits: Vec<VisitId>,
}

/// The day and where its visits stand: what parts are taken from.
#[derive(Clone, Copy)]
pub(in crate::solve) struct Day<'a> {
    pub(in crate::solve) problem: &'a Problem,
    pub(in crate::solve) plan: &'a Plan,
    pub(in crate::solve) served: &'a IdVec<VisitId, Option<Served>>,
}

impl Part {
    /// The part with these shifts, ascending, and these visits beside those of the shifts' routes. `None` where the part is no problem that
    /// can be solved by itself: the sums of prices of linked visits may be too large.
    pub(in crate::solve) fn new(day: Day<'_>, shifts: Vec<ShiftId>, unserved: &[VisitId]) -> Option<Self> {
        Self::changed(day, shifts, unserved, |_, _, _| ())
    }

    /// The same with a change to its problem, which is told the day's visit of each of the part's and the day's carer of each but the last one.
    pub(in crate::solve) fn changed(
        day: Day<'_>,
        shifts: Vec<ShiftId>,
        unserved: &[VisitId],
        change: impl FnOnce(&mut ProblemBuilder, &[VisitId], &[CarerId]),
    ) -> Option<Self> {
        let problem = day.problem;
        // What another part gives, or gives something else instead of, is not this part's business.
        let is_open = |visit: &&VisitId| problem.alternatives(**visit).all(|one| day.served[one].is_none());
        let of_routes = shifts.iter().flat_map(|&shift| day.plan.routes[shift].visits());
        let visits = of_routes.chain(unserved.iter().filter(is_open).copied()).flat_map(|visit| problem.alternatives(visit));
        let visits: Vec<VisitId> = distinct(visits);
        let facts = |visit: &VisitId| &problem.visits()[*visit];
        let carers = distinct(shifts.iter().map(|&shift| problem.shifts()[shift].carer));
        let citizens = distinct(visits.iter().map(|visit| facts(visit).citizen));
        let ends = shifts.iter().flat_map(|&shift| [problem.shifts()[shift].from, problem.shifts()[shift].to]);
        let places = distinct(visits.iter().map(|visit| facts(visit).place).chain(ends));
        let place = |place: PlaceId| PlaceId::new(position(&places, place).expect("every place of the part was listed"));
        let others = CarerId::new(carers.len());
        let carer = |carer: CarerId| position(&carers, carer).map_or(others, CarerId::new);
        let mut parts = ProblemBuilder::new(problem.name(), problem.clock(), problem.travel().among(&places), problem.objective().clone());
        parts.teams = problem.teams().clone();
        let here = |one: CarerId| position(&carers, one).map(CarerId::new);
        parts.citizens = citizens
            .iter()
            .map(|&citizen| {
                let citizen = &problem.citizens()[citizen];
                let met = |met: &Met| Some(Met { carer: here(met.carer)?, ..*met });
                Citizen {
                    few: citizen.few.iter().filter_map(|&one| here(one)).collect(),
                    history: citizen.history.iter().filter_map(met).collect(),
                    ..citizen.clone()
                }
            })
            .collect();
        parts.carers = carers.iter().map(|&carer| problem.carers()[carer].clone()).collect();
        // The empty label is taken by no carer of the part: two equal ones would be a fault of the day.
        let label = if parts.carers.iter().any(|carer| carer.label.is_empty()) { "others" } else { "" };
        parts.carers.push(Carer { label: label.to_owned(), skills: SkillSet::EMPTY, mode: ModeId::new(0), team: None });
        parts.shifts = shifts
            .iter()
            .map(|&shift| {
                let shift = &problem.shifts()[shift];
                Shift { carer: carer(shift.carer), from: place(shift.from), to: place(shift.to), ..shift.clone() }
            })
            .collect();
        let own = |visit: VisitId| position(&visits, visit).map(VisitId::new);
        parts.visits = visits
            .iter()
            .map(|visit| {
                let facts = facts(visit);
                Visit {
                    citizen: CitizenId::new(position(&citizens, facts.citizen).expect("every citizen of the part was listed")),
                    place: place(facts.place),
                    published: facts.published.map(|promise| crate::problem::Published { carer: carer(promise.carer), ..promise }),
                    allowed: facts.allowed.as_ref().map(|list| distinct(list.iter().map(|&one| carer(one)))),
                    preferred: distinct(facts.preferred.iter().map(|&one| carer(one))),
                    excluded: distinct(facts.excluded.iter().map(|&one| carer(one))),
                    content: Content { instead_of: facts.content.instead_of.and_then(own), ..facts.content },
                    carer_costs: facts.carer_costs.iter().filter_map(|&(one, cost)| Some((here(one)?, cost))).collect(),
                    ..facts.clone()
                }
            })
            .collect();
        for (id, &visit) in visits.iter().enumerate() {
            let outside = problem.cluster_of(visit).members.iter().filter(|&&member| own(member).is_none());
            if let Some(served) = day.served[visit]
                && outside.clone().next().is_some()
            {
                hold(&mut parts.visits[VisitId::new(id)], served, outside.map(facts));
            }
        }
        for link in problem.links() {
            match (own(link.first), own(link.second)) {
                (Some(first), Some(second)) => parts.links.push(Link { first, second, ..*link }),
                (Some(inside), None) if link.different_carers => keep_apart(&mut parts, inside, day.served[link.second], problem, &carers),
                (None, Some(inside)) if link.different_carers => keep_apart(&mut parts, inside, day.served[link.first], problem, &carers),
                _ => {}
            }
        }
        change(&mut parts, &visits, &carers);
        Some(Self { problem: parts.build().ok()?, shifts, visits })
    }

    /// The part's visit that is this one of the day.
    pub(in crate::solve) fn own(&self, visit: VisitId) -> Option<VisitId> {
        position(&self.visits, visit).map(VisitId::new)
    }

    /// The part of the day's plan.
    pub(in crate::solve) fn plan(&self, day: &Plan) -> Plan {
        let own = |visit: VisitId| VisitId::new(position(&self.visits, visit).expect("the part has every visit of its routes"));
        let stop = |stop: &Stop| match stop.task {
            Task::Visit(visit) => Stop { task: Task::Visit(own(visit)), ..*stop },
            Task::Break => *stop,
        };
        let route = |&shift: &ShiftId| Route { stops: day.routes[shift].stops.iter().map(stop).collect(), ..day.routes[shift] };
        let routes: IdVec<ShiftId, Route> = self.shifts.iter().map(route).collect();
        let mut unserved: Vec<bool> = vec![true; self.visits.len()];
        routes.iter().flat_map(Route::visits).for_each(|visit| unserved[visit.idx()] = false);
        Plan { routes, unserved: (0..self.visits.len()).filter(|&visit| unserved[visit]).map(VisitId::new).collect() }
    }

    /// Puts the part's routes, which may be others than at first, into the day's plan.
    pub(in crate::solve) fn put_back(&self, part: &Plan, day: &mut Plan) {
        for (&shift, route) in self.shifts.iter().zip(&part.routes) {
            let stop = |stop: &Stop| match stop.task {
                Task::Visit(visit) => Stop { task: Task::Visit(self.visits[visit.idx()]), ..*stop },
                Task::Break => *stop,
            };
            day.routes[shift] = Route { stops: route.stops.iter().map(stop).collect(), ..*route };
        }
    }

    /// Puts what the part's plan is made of into the day's. Visits that are linked with others elsewhere were kept where they are.
    pub(super) fn put_sequences_back(&self, part: &Sequences, arrays: &Arrays<'_>, day: &mut Sequences) {
        day.leads.resize(arrays.n_visits, 0);
        for (at, visit) in self.visits.iter().enumerate() {
            let members = &arrays.clusters[arrays.visits[visit.idx()].cluster as usize].members;
            if members.iter().all(|&member| self.visits.binary_search(&VisitId::new(member as usize)).is_ok()) {
                day.leads[visit.idx()] = part.leads.get(at).copied().unwrap_or(0);
            }
        }
        for (&shift, nodes) in self.shifts.iter().zip(&part.routes) {
            let node = |&node: &Node| match self.visits.get(node as usize) {
                Some(visit) => visit.idx() as Node,
                None => arrays.break_of(shift.idx() as u32),
            };
            day.routes[shift.idx()] = nodes.iter().map(node).collect();
        }
    }
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

fn position<T: Ord>(sorted: &[T], item: T) -> Option<usize> {
    sorted.binary_search(&item).ok()
}

/// Keeps a visit at its start, and at the price of all that it is linked with outside.
fn hold<'a>(visit: &mut Visit, served: Served, outside: impl Iterator<Item = &'a Visit>) {
    visit.windows = vec![Window { open: served.start, close: served.start }];
    for other in outside {
        visit.unserved_cost = visit.unserved_cost.saturating_add(other.unserved_cost);
        if other.need == Need::Required {
            visit.need = Need::Required;
        }
    }
}

/// Keeps a visit from the carer of one outside that needs another carer.
fn keep_apart(parts: &mut ProblemBuilder, visit: VisitId, outside: Option<Served>, day: &Problem, carers: &[CarerId]) {
    let Some(served) = outside else { return };
    if let Some(carer) = position(carers, day.shifts()[served.shift].carer).map(CarerId::new) {
        let all = || parts.carers.ids().collect();
        let allowed = parts.visits[visit].allowed.take().unwrap_or_else(all);
        parts.visits[visit].allowed = Some(allowed.into_iter().filter(|&other| other != carer).collect());
    }
}
