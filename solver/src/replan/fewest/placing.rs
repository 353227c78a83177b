//! Where the homeless could go with few changes: a plan to start from.
//!
//! The covering programme is asked for the cheapest choice of days, by the prices of changes and of rides. Its routes leave out links,
//! capacities and whatever else costs something, so they are a beginning and no answer: the search goes on from them, and the objective
//! decides.

use super::route::{Job, Ways};
use super::{Days, GivenUp, Homeless, Limits, MOST_PLACES, Region};
use crate::plan::{Plan, Route, Stop, Task};
use crate::problem::{Moment, Problem, ShiftId, Term, VisitId};
use crate::replan::rest::timed;
use crate::stop::Watch;

/// Sets of guests tried: the choice among them has to be quick.
const MOST_TRIED: usize = 12_000;
/// Homeless beyond which a shift is to take two of them at most, else three.
const MANY: usize = 20;
/// Share of the time for the list of days; the rest is for the choice.
const LISTING_SHARE: f64 = 0.5;
/// A visit without a place costs as much as the longest detour and this many changes: so many may others make for it.
const CHANGES_FOR_A_PLACE: i64 = 4;
/// A day without a known order, or one that tears a link.
const DEAR: i64 = 1 << 40;

/// `before`, with what `answer` serves beside it put where few promises are broken for it; `None` where nothing needs a place, or no place
/// was found in time.
pub(in crate::replan) fn with_few_changes(problem: &Problem, before: &Plan, answer: &Plan, watch: &Watch) -> Option<Plan> {
    if problem.travel().n_places() > MOST_PLACES {
        return None;
    }
    let ways: Vec<Ways> = (0..problem.travel().n_modes()).map(|mode| Ways::new(problem, mode)).collect();
    let mut region = Region::new(problem, before, &answer.served(problem), &ways);
    region.keep_links();
    if region.homeless.is_empty() {
        return None;
    }
    let limits = Limits { tried: MOST_TRIED, guests: if region.homeless.len() > MANY { 2 } else { 3 } };
    let listing = watch.part(LISTING_SHARE);
    let list = region.days(true, limits, &listing);
    let ridden: Vec<Option<i64>> = problem.shifts().ids().map(|shift| region.rides(shift, &list.home(shift))).collect();
    let costs: Vec<i64> = (0..list.days.len()).map(|day| list.cost(day, ridden[list.days[day].shift])).collect();
    let change = problem.visits().ids().map(|visit| price(problem, visit)).max().unwrap_or(0);
    let detour = (2 * problem.travel().longest_of_all().0).saturating_mul(problem.objective().soft(Term::Travel));
    let open = change.saturating_mul(CHANGES_FOR_A_PLACE).saturating_add(detour).max(1);
    let left = watch.left().map(|left| left.as_secs_f64());
    let chosen = list.covering().cheapest(&costs, open, left)?;
    let mut plan = before.clone();
    for &day in &chosen {
        let shift = ShiftId::new(list.days[day].shift);
        // A visit whose partner has lost its carer is missing in `before`.
        let is_as_before = list.home(shift).len() == before.routes[shift].visits().count();
        if list.is_other(day) || !is_as_before {
            plan.routes[shift] = list.route(shift, day);
        }
    }
    Some(once_each(problem, plan))
}

fn is_linked(problem: &Problem, visit: VisitId) -> bool {
    problem.cluster_of(visit).members.len() > 1
}

/// The least price of changing a visit; nothing for one without a promise.
fn price(problem: &Problem, visit: VisitId) -> i64 {
    let least = problem.visits()[visit].published.map_or(0, |promise| promise.carer_changed.min(promise.time_moved));
    least.saturating_mul(problem.objective().soft(Term::Disruption))
}

impl Region<'_> {
    /// Ticks ridden in the order that is found for these jobs.
    fn rides(&self, shift: ShiftId, jobs: &[Job]) -> Option<i64> {
        let frame = &self.frames[shift];
        Some(frame.rides(frame.order(jobs)?.into_iter().flatten().map(|at| jobs[at])))
    }

    /// What is linked comes when it was promised to the minute, so that it still fits the other visit; without a promise it is left out.
    fn keep_links(&mut self) {
        let problem = self.problem;
        let promise = |visit: VisitId| problem.visits()[visit].published;
        self.homeless.retain(|homeless| !is_linked(problem, homeless.visit) || promise(homeless.visit).is_some());
        for &Homeless { visit, .. } in self.homeless.iter().filter(|homeless| is_linked(problem, homeless.visit)) {
            if let Some(promise) = promise(visit) {
                (self.earliest[visit], self.latest[visit]) = (promise.start.0, promise.start.0);
            }
        }
        for (visit, job) in self.homes.iter_mut().flatten().filter(|(visit, _)| is_linked(problem, *visit)) {
            if let Some(promise) = promise(*visit) {
                let start = promise.start.0.clamp(job.low, job.high);
                (job.low, job.high) = (start, start);
            }
        }
    }
}

impl Days<'_> {
    /// Whether a day differs from what the shift was promised.
    fn is_other(&self, day: usize) -> bool {
        !self.days[day].covers.is_empty() || self.given_up[day] != GivenUp::Nothing
    }

    /// The visits of a day with their spans.
    fn jobs(&self, shift: ShiftId, day: usize) -> Vec<(VisitId, Job)> {
        let region = self.region;
        let is_kept = |visit: VisitId| ![GivenUp::Moved(visit), GivenUp::Left(visit)].contains(&self.given_up[day]);
        let kept = region.homes[shift].iter().copied().filter(|&(visit, _)| is_kept(visit));
        let guests = self.days[day].covers.iter().map(|&row| {
            let visit = self.rows[row];
            let keeps = region.homeless.get(row).is_some_and(|homeless| homeless.keeps_promise);
            (visit, region.kept(visit, shift).filter(|_| keeps).unwrap_or_else(|| region.anew(visit)))
        });
        let moved = match self.given_up[day] {
            GivenUp::Moved(visit) => Some((visit, region.anew(visit))),
            _ => None,
        };
        kept.chain(guests).chain(moved).collect()
    }

    /// What a day costs in changes, and in rides beyond those `ridden` for the promised day.
    fn cost(&self, day: usize, ridden: Option<i64>) -> i64 {
        let (problem, shift) = (self.region.problem, ShiftId::new(self.days[day].shift));
        if let GivenUp::Moved(visit) | GivenUp::Left(visit) = self.given_up[day]
            && is_linked(problem, visit)
        {
            return DEAR;
        }
        let taken_over = self.days[day].covers.iter().filter(|&&row| row >= self.region.homeless.len()).map(|&row| self.rows[row]);
        let changed = match self.given_up[day] {
            GivenUp::Moved(visit) => Some(visit),
            GivenUp::Left(visit) if self.days[day].needs.is_none() => Some(visit),
            _ => None,
        };
        let changes: i64 = taken_over.chain(changed).map(|visit| price(problem, visit)).sum();
        if !self.is_other(day) {
            return changes;
        }
        let jobs: Vec<Job> = self.jobs(shift, day).into_iter().map(|(_, job)| job).collect();
        let Some(rides) = self.region.rides(shift, &jobs) else { return DEAR };
        changes + (rides - ridden.unwrap_or(rides)).max(0).saturating_mul(problem.objective().soft(Term::Travel))
    }

    /// The route of a day, each visit as early as it may be.
    fn route(&self, shift: ShiftId, day: usize) -> Route {
        let (problem, jobs) = (self.region.problem, self.jobs(shift, day));
        let spans: Vec<Job> = jobs.iter().map(|&(_, job)| job).collect();
        let order = self.region.frames[shift].order(&spans).unwrap_or_default();
        let stop = |at: Option<usize>| {
            let Some((visit, job)) = at.map(|at| jobs[at]) else {
                let rule = problem.shifts()[shift].pause.expect("only a shift with a rule has a break");
                return Stop { task: Task::Break, arrival: rule.open, start: rule.open, end: rule.open + rule.min_duration };
            };
            let start = Moment(job.low);
            Stop { task: Task::Visit(visit), arrival: start, start, end: start + problem.visits()[visit].duration }
        };
        timed(problem, shift, order.into_iter().map(stop).collect())
    }
}

/// The plan with each visit where it comes first.
fn once_each(problem: &Problem, mut plan: Plan) -> Plan {
    let mut is_served = vec![false; problem.visits().len()];
    for id in problem.shifts().ids() {
        let mut stops = plan.routes[id].stops.clone();
        stops.retain(|stop| match stop.task {
            Task::Visit(visit) => !std::mem::replace(&mut is_served[visit.idx()], true),
            Task::Break => true,
        });
        if stops.len() < plan.routes[id].stops.len() {
            plan.routes[id] = timed(problem, id, stops);
        }
    }
    plan.unserved = problem.visits().ids().filter(|visit| !is_served[visit.idx()]).collect();
    plan
}
