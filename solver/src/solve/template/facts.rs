//! The horizon as groups of visits that one carer gives, and what keeps a problem from being planned so.

use std::collections::BTreeMap;

use crate::problem::{CarerId, CitizenId, Need, Problem, ShiftId, Term, Visit, Weight};
use crate::search::{Arrays, Node, index};

/// No shift.
pub(super) const NONE: u32 = u32::MAX;
/// Neighbours of each group.
const NEIGHBOURS: usize = 20;

/// Terms that the planner prices, or that cannot be other than 0 in what is in reach.
const PRICED: [Term; 13] = [
    Term::Travel,
    Term::Waiting,
    Term::Lateness,
    Term::GreatestLateness,
    Term::Overtime,
    Term::Unserved,
    Term::CarerPreference,
    Term::Exclusion,
    Term::Qualification,
    Term::WorkingTime,
    Term::Overload,
    Term::CarerCost,
    Term::ShiftUse,
];

/// Whether the problem is one of consistent vehicle routing: a hard cap of one carer for each citizen who has several visits, one shift at
/// most for each visit and carer, and no windows, links, breaks or terms that tell one time from another within a shift.
pub(in crate::solve) fn is_in_reach(problem: &Problem) -> bool {
    let objective = problem.objective();
    let is_free = |term: &Term| PRICED.contains(term) || *term == Term::AboveCap || !counts(problem, *term);
    objective.is_hard(Term::AboveCap)
        && objective.is_hard(Term::Overtime)
        && objective.is_hard(Term::Unserved)
        && Term::ALL.iter().all(is_free)
        && problem.citizens().iter().any(|citizen| citizen.cap.is_some())
        && problem.links().is_empty()
        && problem.shifts().iter().all(|shift| shift.pause.is_none())
        && problem.visits().ids().all(|visit| !problem.has_alternatives(visit))
        && problem.visits().enumerate().all(|(id, visit)| {
            let shifts: Vec<ShiftId> = problem.able_shifts(id).to_vec();
            let mut carers: Vec<CarerId> = shifts.iter().map(|&shift| problem.shifts()[shift].carer).collect();
            carers.sort_unstable();
            visit.need == Need::Required
                && visit.windows.len() == 1
                && carers.windows(2).all(|pair| pair[0] != pair[1])
                && shifts.iter().all(|&shift| {
                    let (shift, window) = (&problem.shifts()[shift], visit.windows[0]);
                    window.open <= shift.start && window.close >= shift.end
                })
        })
        && groups(problem).is_some_and(|groups| groups.iter().all(|group| is_spread(problem, group)))
}

/// Whether a term that the planner does not price could be above 0 or broken.
fn counts(problem: &Problem, term: Term) -> bool {
    let any = |has: fn(&Visit) -> bool| problem.visits().iter().any(has);
    let can_be = match term {
        Term::Early | Term::Late => any(|visit| visit.preference.is_some()),
        Term::Disruption => any(|visit| visit.published.is_some()),
        Term::MissedBreak => problem.shifts().iter().any(|shift| shift.pause.is_some()),
        // A hard one is in the able shifts.
        Term::NewFaces => !problem.objective().is_hard(term),
        _ => true,
    };
    can_be && problem.matters(term) && problem.objective().weight(term) != Weight::Soft(0)
}

/// The visits of each citizen with a cap of one, and every other visit alone. `None` where a larger cap could be exceeded.
fn groups(problem: &Problem) -> Option<Vec<Vec<Node>>> {
    let mut of_citizen: BTreeMap<CitizenId, Vec<Node>> = BTreeMap::new();
    for (id, visit) in problem.visits().enumerate() {
        of_citizen.entry(visit.citizen).or_default().push(index(id.idx()));
    }
    let mut groups = Vec::new();
    for (citizen, visits) in of_citizen {
        match problem.citizens()[citizen].cap {
            Some(1) => groups.push(visits),
            Some(cap) if visits.len() > usize::from(cap) => return None,
            _ => groups.extend(visits.into_iter().map(|visit| vec![visit])),
        }
    }
    Some(groups)
}

/// Whether no carer would give two visits of the group in one shift.
fn is_spread(problem: &Problem, group: &[Node]) -> bool {
    let mut shifts: Vec<ShiftId> =
        group.iter().flat_map(|&visit| problem.able_shifts(crate::problem::VisitId::new(visit as usize)).iter().copied()).collect();
    let n = shifts.len();
    shifts.sort_unstable();
    shifts.dedup();
    shifts.len() == n
}

/// Visits that one carer gives.
#[derive(Debug)]
pub(super) struct Group {
    /// At most one in any shift.
    pub(super) visits: Vec<Node>,
    /// Who can give all of them.
    pub(super) carers: Vec<u32>,
    /// By carer: weighted price of giving all of them, rides aside.
    pub(super) fee: Vec<i64>,
    /// Groups nearby, nearest first.
    pub(super) near: Vec<u32>,
}

/// The problem in dense arrays.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) arrays: &'a Arrays<'a>,
    pub(super) groups: Vec<Group>,
    pub(super) group_of: Vec<u32>,
    pub(super) n_carers: usize,
    /// Row-major visit × carer: the shift, or [`NONE`].
    shift_of: Vec<u32>,
    /// Shifts of each carer.
    pub(super) shifts: Vec<Vec<u32>>,
}

impl<'a> Facts<'a> {
    /// The facts of a problem in reach.
    pub(super) fn new(arrays: &'a Arrays<'a>) -> Self {
        let problem = arrays.problem;
        let n_carers = problem.carers().len();
        let mut shift_of = vec![NONE; arrays.n_visits * n_carers];
        for (visit, able) in arrays.able.iter().enumerate() {
            for &shift in able {
                shift_of[visit * n_carers + arrays.shifts[shift as usize].carer as usize] = shift;
            }
        }
        let mut shifts = vec![Vec::new(); n_carers];
        for (shift, facts) in arrays.shifts.iter().enumerate() {
            shifts[facts.carer as usize].push(index(shift));
        }
        let mut group_of = vec![0; arrays.n_visits];
        let visits = groups(problem).unwrap_or_default();
        for (group, visits) in visits.iter().enumerate() {
            visits.iter().for_each(|&visit| group_of[visit as usize] = index(group));
        }
        let mut facts = Self { arrays, groups: Vec::new(), group_of, n_carers, shift_of, shifts };
        let near = facts.near(&visits);
        facts.groups = visits.into_iter().zip(near).map(|(visits, near)| facts.group(visits, near)).collect();
        facts
    }

    /// The shift in which a carer gives a visit, or [`NONE`].
    #[inline]
    pub(super) fn shift_of(&self, visit: Node, carer: u32) -> u32 {
        self.shift_of[visit as usize * self.n_carers + carer as usize]
    }

    fn group(&self, visits: Vec<Node>, near: Vec<u32>) -> Group {
        let able = |carer: &u32| visits.iter().all(|&visit| self.shift_of(visit, *carer) != NONE);
        let carers: Vec<u32> = (0..index(self.n_carers)).filter(able).collect();
        let price = |visit: Node, carer: u32| {
            let shift = self.shift_of(visit, carer);
            // What a ride tick costs beyond travel is working time, and so is a tick of service.
            let working = self.arrays.working * self.arrays.visits[visit as usize].duration;
            if shift == NONE { 0 } else { self.arrays.assign(visit, shift) + working }
        };
        let fee = (0..index(self.n_carers)).map(|carer| visits.iter().map(|&visit| price(visit, carer)).sum()).collect();
        Group { visits, carers, fee, near }
    }

    /// The nearest groups of each, by the ride from the first visit's place.
    fn near(&self, groups: &[Vec<Node>]) -> Vec<Vec<u32>> {
        let place = |group: &Vec<Node>| self.arrays.place[group[0] as usize];
        let nearest = |(at, group): (usize, &Vec<Node>)| {
            let ride = |other: u32| {
                let other = place(&groups[other as usize]);
                self.arrays.ride(0, place(group), other) + self.arrays.ride(0, other, place(group))
            };
            let mut others: Vec<u32> = (0..index(groups.len())).filter(|&other| other as usize != at).collect();
            others.sort_by_key(|&other| (ride(other), other));
            others.truncate(NEIGHBOURS);
            others
        };
        groups.iter().enumerate().map(nearest).collect()
    }
}
