//! Decisions: who visits whom, in which order, at what time. Immutable once made.
//!
//! A plan says nothing about its own quality; [`crate::cost::evaluate`] prices it and [`crate::check`] judges it.

use crate::problem::{IdVec, Moment, PlaceId, Problem, ShiftId, VisitId};

/// What a carer does at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// Serves a visit, at the visit's place.
    Visit(VisitId),
    /// Takes the shift's break, at the place of the visit after it; where the carer is if none follows.
    Break,
}

/// One stop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What is done.
    pub task: Task,
    /// When the carer is there.
    pub arrival: Moment,
    /// When service or break starts; from `arrival` to here the carer waits.
    pub start: Moment,
    /// When service or break ends.
    pub end: Moment,
}

/// The route of one shift: its stops in order. A shift without stops is not used and its carer does not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// When the carer leaves the shift's start place (the shift's start if unused).
    pub departure: Moment,
    /// The stops in order.
    pub stops: Vec<Stop>,
    /// When the carer is back at the shift's end place (the shift's start if unused).
    pub back: Moment,
}

/// A plan: one route per shift, and the visits left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One route per shift, in shift order.
    pub routes: IdVec<ShiftId, Route>,
    /// Visits in no route, ascending.
    pub unserved: Vec<VisitId>,
}

impl Route {
    /// The visits in order.
    pub fn visits(&self) -> impl Iterator<Item = VisitId> + '_ {
        self.stops.iter().filter_map(|stop| match stop.task {
            Task::Visit(visit) => Some(visit),
            Task::Break => None,
        })
    }

    /// Where the stop at `position` is, coming from `here`: a visit is at its place, a break at the place of the visit after it.
    ///
    /// # Panics
    /// When the route names visits that the problem does not have.
    #[must_use]
    pub fn place_of(&self, problem: &Problem, position: usize, here: PlaceId) -> PlaceId {
        self.stops[position..]
            .iter()
            .find_map(|stop| match stop.task {
                Task::Visit(visit) => Some(problem.visits()[visit].place),
                Task::Break => None,
            })
            .unwrap_or(here)
    }

    /// The tasks in order.
    pub fn tasks(&self) -> impl Iterator<Item = Task> + '_ {
        self.stops.iter().map(|stop| stop.task)
    }
}

/// Where a visit stands in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// The shift whose route holds it.
    pub shift: ShiftId,
    /// Its position among the route's stops, from 0.
    pub position: usize,
    /// Its service start.
    pub start: Moment,
}

impl Plan {
    /// The plan that does nothing.
    #[must_use]
    pub fn empty(problem: &Problem) -> Self {
        Self {
            routes: problem.shifts().iter().map(|shift| Route { departure: shift.start, stops: Vec::new(), back: shift.start }).collect(),
            unserved: problem.visits().ids().collect(),
        }
    }

    /// Where each visit is served; `None` for visits left out. A visit that stands twice shows its last place.
    ///
    /// # Panics
    /// When the plan names visits that the problem does not have.
    #[must_use]
    pub fn served(&self, problem: &Problem) -> IdVec<VisitId, Option<Served>> {
        let mut served: IdVec<VisitId, Option<Served>> = vec![None; problem.visits().len()].into();
        for (shift, route) in self.routes.enumerate() {
            for (position, stop) in route.stops.iter().enumerate() {
                if let Task::Visit(visit) = stop.task {
                    served[visit] = Some(Served { shift, position, start: stop.start });
                }
            }
        }
        served
    }

    /// The visits left out: those that stand among the unserved and none of whose alternatives is given, by their granted help. Ids that the
    /// problem does not have are passed over.
    pub fn left_out<'a>(&'a self, problem: &'a Problem) -> impl Iterator<Item = VisitId> + 'a {
        let mut is_unserved = vec![false; problem.visits().len()];
        for visit in self.unserved.iter().filter(|visit| visit.idx() < problem.visits().len()) {
            is_unserved[visit.idx()] = true;
        }
        self.unserved.iter().copied().filter(move |&visit| {
            visit.idx() < problem.visits().len() && problem.granted(visit) == visit && problem.alternatives(visit).all(|one| is_unserved[one.idx()])
        })
    }

    /// This plan as one of the problem: a route for each shift, no stop at a visit that the problem does not have, and every visit that
    /// stands in no route left out. A plan of the problem stays as it is.
    #[must_use]
    pub fn fitted(&self, problem: &Problem) -> Self {
        let mut fitted = Self::empty(problem);
        let is_known = |stop: &&Stop| !matches!(stop.task, Task::Visit(visit) if visit.idx() >= problem.visits().len());
        for (route, given) in fitted.routes.iter_mut().zip(self.routes.iter()) {
            let stops: Vec<Stop> = given.stops.iter().filter(is_known).copied().collect();
            if !stops.is_empty() || given.stops.is_empty() {
                *route = Route { departure: given.departure, stops, back: given.back };
            }
        }
        let served = fitted.served(problem);
        fitted.unserved.retain(|&visit| served[visit].is_none());
        fitted
    }

    /// The tasks of every route in order: a plan without its times.
    #[must_use]
    pub fn sequences(&self) -> IdVec<ShiftId, Vec<Task>> {
        self.routes.iter().map(|route| route.tasks().collect()).collect()
    }
}
