//! The facts: what is to be planned. Immutable, made by [`ProblemBuilder::build`], which checks everything and returns all faults.
//!
//! A problem covers a horizon of one or more days on one time axis ([`Moment`]s). Visits are bound to their days by their windows, shifts
//! by their start and end. The literature's cases are settings of this one model (see [`Objective`]). Nothing here knows a file format,
//! a search or a solver.

mod carer;
mod fault;
mod ids;
mod link;
mod objective;
mod travel;
mod units;
mod validate;
mod visit;

pub use carer::{BreakRule, Carer, Hours, LongestChain, Shift, Slack, Team};
pub use fault::{Fault, ProblemError};
pub use ids::{CarerId, CitizenId, CourseId, Id, IdVec, LinkId, ModeId, PlaceId, ShiftId, SkillId, TeamId, VisitId};
pub use link::{Cluster, Link, keeps};
pub use objective::{Departure, Objective, Term, Weight};
pub use travel::{LONGEST_TRAVEL, Point, Straight, Travel};
pub use units::{Clock, Cost, LATEST, Moment, Ticks};
pub use visit::{Citizen, Content, Met, Need, Preference, Published, SkillSet, Visit, Window};

/// The parts of a problem, free to change until [`ProblemBuilder::build`].
#[derive(Clone, Debug)]
pub struct ProblemBuilder {
    /// What people call the problem.
    pub name: String,
    /// Length of a tick.
    pub clock: Clock,
    /// Travel times by mode.
    pub travel: Travel,
    /// Teams of carers.
    pub teams: IdVec<TeamId, Team>,
    /// Citizens.
    pub citizens: IdVec<CitizenId, Citizen>,
    /// Carers.
    pub carers: IdVec<CarerId, Carer>,
    /// Shifts.
    pub shifts: IdVec<ShiftId, Shift>,
    /// Visits.
    pub visits: IdVec<VisitId, Visit>,
    /// Links.
    pub links: Vec<Link>,
    /// The objective.
    pub objective: Objective,
}

/// A checked problem. Share it behind an `Arc`; to change it, take [`Problem::to_builder`] and build the next one.
#[derive(Clone, Debug)]
pub struct Problem {
    parts: ProblemBuilder,
    clusters: Vec<Cluster>,
    cluster_of: IdVec<VisitId, u32>,
    able: IdVec<VisitId, Vec<ShiftId>>,
    /// By visit with the granted help, what may be given instead; empty where nothing is asked for.
    others: IdVec<VisitId, Vec<VisitId>>,
}

impl ProblemBuilder {
    /// An empty problem.
    #[must_use]
    pub fn new(name: impl Into<String>, clock: Clock, travel: Travel, objective: Objective) -> Self {
        Self {
            name: name.into(),
            clock,
            travel,
            teams: IdVec::new(),
            citizens: IdVec::new(),
            carers: IdVec::new(),
            shifts: IdVec::new(),
            visits: IdVec::new(),
            links: Vec::new(),
            objective,
        }
    }

    /// Checks every rule and derives the tables that searches need.
    ///
    /// # Errors
    /// Every fault at once: duplicate labels, references to nothing, times outside the horizon, windows out of order, negative
    /// durations, links that contradict each other, weights out of range.
    pub fn build(self) -> Result<Problem, ProblemError> {
        let mut faults = validate::faults(&self);
        if !faults.is_empty() {
            return Err(ProblemError { faults });
        }
        match link::clusters(&self.visits, &self.links) {
            Ok(link::Clusters { all: clusters, of_visit: cluster_of }) => {
                let able = self.visits.iter().map(|visit| able_shifts(&self, visit)).collect();
                let mut others: IdVec<VisitId, Vec<VisitId>> = vec![Vec::new(); self.visits.len()].into();
                for (id, visit) in self.visits.enumerate() {
                    if let Some(granted) = visit.content.instead_of {
                        others[granted].push(id);
                    }
                }
                Ok(Problem { parts: self, clusters, cluster_of, able, others })
            }
            Err(visits) => {
                faults.extend(visits.into_iter().map(|visit| Fault {
                    at: format!("visit {}", self.visits[visit].label),
                    what: "its links contradict each other: no start times keep them all".into(),
                }));
                Err(ProblemError { faults })
            }
        }
    }
}

/// Shifts that may serve a visit, by what is forbidden whatever the price. There are many pairs: what is not forbidden is not looked at.
fn able_shifts(parts: &ProblemBuilder, visit: &Visit) -> Vec<ShiftId> {
    let hard = |term| parts.objective.is_hard(term);
    let (by_skill, by_exclusion, by_face) = (hard(Term::Qualification), hard(Term::Exclusion), hard(Term::NewFaces));
    let (by_price, by_use, by_lateness, by_overtime) = (hard(Term::CarerCost), hard(Term::ShiftUse), hard(Term::Lateness), hard(Term::Overtime));
    if hard(Term::Content) && visit.content.cost > 0 {
        return Vec::new();
    }
    let opens = visit.windows.first().map_or(Moment(0), |window| window.open);
    let closes = visit.windows.last().map_or(Moment(0), |window| window.close);
    let is_kept_out = |carer: CarerId| {
        (by_skill && !visit.skills.is_subset(parts.carers[carer].skills))
            || (by_exclusion && visit.excluded.contains(&carer))
            || (by_face && parts.citizens.get(visit.citizen).is_some_and(|citizen| !citizen.knows(carer)))
            || (by_price && visit.carer_cost(carer) > 0)
            || visit.allowed.as_ref().is_some_and(|allowed| !allowed.contains(&carer))
    };
    let is_off_duty = |shift: &Shift| (by_lateness && closes < shift.start) || (by_overtime && opens > shift.end) || (by_use && shift.use_cost > 0);
    let is_able = |shift: &Shift| !is_off_duty(shift) && !is_kept_out(shift.carer);
    parts.shifts.enumerate().filter(|(_, shift)| is_able(shift)).map(|(id, _)| id).collect()
}

impl Problem {
    /// What people call the problem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parts.name
    }
    /// Length of a tick.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.parts.clock
    }
    /// Travel times.
    #[must_use]
    pub fn travel(&self) -> &Travel {
        &self.parts.travel
    }
    /// Teams of carers.
    #[must_use]
    pub fn teams(&self) -> &IdVec<TeamId, Team> {
        &self.parts.teams
    }
    /// Citizens.
    #[must_use]
    pub fn citizens(&self) -> &IdVec<CitizenId, Citizen> {
        &self.parts.citizens
    }
    /// Carers.
    #[must_use]
    pub fn carers(&self) -> &IdVec<CarerId, Carer> {
        &self.parts.carers
    }
    /// Shifts.
    #[must_use]
    pub fn shifts(&self) -> &IdVec<ShiftId, Shift> {
        &self.parts.shifts
    }
    /// Visits.
    #[must_use]
    pub fn visits(&self) -> &IdVec<VisitId, Visit> {
        &self.parts.visits
    }
    /// Links.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.parts.links
    }
    /// The objective.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.parts.objective
    }
    /// Groups of visits tied by links; a visit without links is alone in its cluster.
    #[must_use]
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }
    /// The cluster of a visit.
    #[must_use]
    pub fn cluster_of(&self, visit: VisitId) -> &Cluster {
        &self.clusters[self.cluster_of[visit] as usize]
    }
    /// The index in [`Problem::clusters`] of a visit's cluster.
    #[must_use]
    pub fn cluster_index(&self, visit: VisitId) -> usize {
        self.cluster_of[visit] as usize
    }
    /// The visit with the granted help: the visit itself unless it is instead of one.
    #[must_use]
    pub fn granted(&self, visit: VisitId) -> VisitId {
        self.parts.visits[visit].content.instead_of.unwrap_or(visit)
    }
    /// All of which at most one is given: the visit with the granted help first, then what may be given instead. A visit that nothing may be
    /// given instead of is alone.
    pub fn alternatives(&self, visit: VisitId) -> impl Iterator<Item = VisitId> + '_ {
        let granted = self.granted(visit);
        std::iter::once(granted).chain(self.others[granted].iter().copied())
    }
    /// Whether something may be given instead of the visit, or the visit instead of something.
    #[must_use]
    pub fn has_alternatives(&self, visit: VisitId) -> bool {
        !self.others[self.granted(visit)].is_empty()
    }
    /// Shifts that may serve the visit, ascending: those that no hard rule forbids outright.
    #[must_use]
    pub fn able_shifts(&self, visit: VisitId) -> &[ShiftId] {
        &self.able[visit]
    }
    /// Whether a term can cost anything or be broken here: it has a weight and there is something that it counts.
    #[must_use]
    pub fn matters(&self, term: Term) -> bool {
        let counts = match term {
            Term::AboveCap => self.citizens().iter().any(|citizen| citizen.cap.is_some()),
            Term::Irregularity => self.visits().iter().any(|visit| visit.course.is_some()),
            Term::ShiftUse => self.shifts().iter().any(|shift| shift.use_cost > 0),
            Term::CarerCost => self.visits().iter().any(|visit| !visit.carer_costs.is_empty()),
            Term::ShortSlack => self.shifts().iter().any(|shift| shift.slack.free > Ticks(0) && shift.slack.free_cost > 0),
            Term::ShortBuffer => self.shifts().iter().any(|shift| shift.slack.buffer > Ticks(0) && shift.slack.buffer_cost > 0),
            Term::LongChain => self.shifts().iter().any(|shift| shift.slack.chain.is_some_and(|chain| chain.cost > 0)),
            Term::OutsideHours => self.shifts().iter().any(|shift| shift.hours.is_some_and(|hours| hours.cost > 0)),
            Term::NotLast => self.visits().iter().any(|visit| visit.not_last_cost > 0),
            Term::Content => self.visits().iter().any(|visit| visit.content.cost > 0),
            _ => true,
        };
        counts && self.objective().weight(term) != Weight::Soft(0)
    }
    /// The travel mode of a shift.
    #[must_use]
    pub fn mode(&self, shift: ShiftId) -> ModeId {
        self.parts.carers[self.parts.shifts[shift].carer].mode
    }
    /// Travel time of a shift's carer between two places.
    #[must_use]
    pub fn travel_time(&self, shift: ShiftId, from: PlaceId, to: PlaceId) -> Ticks {
        self.parts.travel.time(self.mode(shift), from, to)
    }
    /// What a tick of a shift's travel costs, before the weight of [`Term::Travel`].
    #[must_use]
    pub fn travel_price(&self, shift: ShiftId) -> i64 {
        self.parts.travel.price(self.mode(shift))
    }
    /// A copy of the parts, to build the next problem from.
    #[must_use]
    pub fn to_builder(&self) -> ProblemBuilder {
        self.parts.clone()
    }
}
