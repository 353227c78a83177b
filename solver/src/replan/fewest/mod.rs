//! How few changes would do: a lower bound on the changed visits of every plan that helps as much as the answer does.
//!
//! *Changed* is a promised visit that has another carer, starts beyond its tolerance, or is left out. *Helps as much* is a plan that keeps
//! every hard rule and serves at least the visits that the answer serves, none later after its windows, no shift longer and no break missed
//! that the answer takes.
//!
//! Some visits must change whatever is done: their carer is gone, or nothing the carer may do fits the promise. Whether these suffice, or
//! these and one more, is asked of a covering programme. Its columns are all the ways for one shift to keep what it was promised, but for at
//! most one visit, and to take over some of what must find a new place. Links and capacities are left aside, and breaks are taken anywhere on
//! a ride, so that only a *no* counts.

mod placing;
mod route;

pub(super) use placing::with_few_changes;
use route::{Frame, Job, Ways};

use crate::exact::covering::{Covering, Day};
use crate::plan::{Plan, Served, Task};
use crate::problem::{IdVec, Problem, Published, ShiftId, VisitId};
use crate::stop::Watch;

/// Sets of guests tried for one programme, each a column or two; more than that and nothing further is proved.
const MOST_TRIED: usize = 60_000;
/// Places between which shortest ways are looked for.
const MOST_PLACES: usize = 600;
/// Changes beyond the unavoidable ones that can be excluded.
const MOST_FURTHER: usize = 2;

/// The changed visits of an answer, and how many any plan has that helps as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FewestChanges {
    /// Promised visits that the answer changes or leaves out.
    pub found: usize,
    /// No plan that helps as much has fewer. Equal to `found` where that is proved to be the least.
    pub proved_at_least: usize,
}

impl FewestChanges {
    /// Whether no plan that helps as much changes fewer.
    #[must_use]
    pub fn is_minimal(self) -> bool {
        self.found == self.proved_at_least
    }
}

/// The bound for a plan of a problem with promises; as good as the time allows.
pub(super) fn fewest_changes(problem: &Problem, plan: &Plan, watch: &Watch) -> FewestChanges {
    let served = plan.served(problem);
    let keeps = |visit: VisitId, promise: &Published| {
        served[visit].is_some_and(|now| problem.shifts()[now.shift].carer == promise.carer && !promise.is_moved(now.start))
    };
    let promises = problem.visits().enumerate().filter_map(|(id, visit)| Some((id, visit.published?)));
    let found = promises.filter(|(id, promise)| !keeps(*id, promise)).count();
    if found == 0 || problem.travel().n_places() > MOST_PLACES {
        return FewestChanges { found, proved_at_least: 0 };
    }
    let ways: Vec<Ways> = (0..problem.travel().n_modes()).map(|mode| Ways::new(problem, mode)).collect();
    let region = Region::new(problem, plan, &served, &ways);
    let unavoidable = region.n_unavoidable;
    let further = (0..MOST_FURTHER.min(found.saturating_sub(unavoidable))).take_while(|&further| region.takes_more_than(further, watch)).count();
    FewestChanges { found, proved_at_least: unavoidable + further }
}

/// A visit that some shift must take.
#[derive(Clone, Copy, Debug)]
struct Homeless {
    visit: VisitId,
    /// Whether its carer can keep the promise in any of several shifts; it is changed anyway where not.
    keeps_promise: bool,
}

/// What each shift is to keep, and what must find a new place.
struct Region<'a> {
    problem: &'a Problem,
    frames: IdVec<ShiftId, Frame<'a>>,
    /// By shift, the promised visits that only it can keep, with their spans.
    homes: IdVec<ShiftId, Vec<(VisitId, Job)>>,
    /// What is to be served and has no home of its own.
    homeless: Vec<Homeless>,
    /// By visit: whether it is to be served.
    is_due: IdVec<VisitId, bool>,
    /// Span of a changed visit's start.
    earliest: IdVec<VisitId, i64>,
    latest: IdVec<VisitId, i64>,
    n_unavoidable: usize,
    /// Whether some visit has several homes.
    is_ambiguous: bool,
}

impl<'a> Region<'a> {
    fn new(problem: &'a Problem, plan: &Plan, served: &IdVec<VisitId, Option<Served>>, ways: &'a [Ways]) -> Self {
        let frames = problem.shifts().enumerate().map(|(id, shift)| {
            let route = &plan.routes[id];
            let rest = shift.pause.filter(|_| route.tasks().any(|task| task == Task::Break));
            let end = if route.stops.is_empty() { shift.end } else { shift.end.max(route.back) };
            Frame { ways: &ways[problem.mode(id).idx()], start: shift.start.0, end: end.0, from: shift.from.idx(), to: shift.to.idx(), rest }
        });
        let latest = problem.visits().enumerate().map(|(id, visit)| {
            let close = visit.windows[visit.windows.len() - 1].close;
            served[id].map_or(close, |now| now.start.max(close)).0
        });
        let mut region = Self {
            problem,
            frames: frames.collect(),
            homes: problem.shifts().iter().map(|_| Vec::new()).collect(),
            homeless: Vec::new(),
            is_due: served.iter().map(Option::is_some).collect(),
            earliest: problem.visits().iter().map(|visit| visit.windows[0].open.0).collect(),
            latest: latest.collect(),
            n_unavoidable: 0,
            is_ambiguous: false,
        };
        for visit in problem.visits().ids() {
            region.settle(visit);
        }
        region
    }

    /// Finds the home of a visit.
    fn settle(&mut self, visit: VisitId) {
        let promise = self.problem.visits()[visit].published;
        let able = self.problem.able_shifts(visit).iter().copied();
        let keeps = |shift: &ShiftId| self.kept(visit, *shift).is_some_and(|job| self.frames[*shift].holds(&[job]));
        let homes: Vec<ShiftId> = able.filter(keeps).collect();
        match (promise, homes.as_slice()) {
            (Some(_), &[home]) => {
                let job = self.kept(visit, home).expect("the shift is able to keep it");
                self.homes[home].push((visit, job));
            }
            (Some(_), []) => {
                self.n_unavoidable += 1;
                self.homeless.extend(self.is_due[visit].then_some(Homeless { visit, keeps_promise: false }));
            }
            (Some(_), _) => {
                self.is_ambiguous = true;
                self.homeless.push(Homeless { visit, keeps_promise: true });
            }
            (None, _) => self.homeless.extend(self.is_due[visit].then_some(Homeless { visit, keeps_promise: false })),
        }
    }

    /// The span in which a shift would keep the promise, if it is its carer's.
    fn kept(&self, visit: VisitId, shift: ShiftId) -> Option<Job> {
        let promise = self.problem.visits()[visit].published.filter(|promise| promise.carer == self.problem.shifts()[shift].carer)?;
        let job = self.anew(visit);
        let (low, high) = (job.low.max((promise.start - promise.tolerance).0), job.high.min((promise.start + promise.tolerance).0));
        (low <= high).then_some(Job { low, high, ..job })
    }

    /// The span of a visit that is changed.
    fn anew(&self, visit: VisitId) -> Job {
        let facts = &self.problem.visits()[visit];
        Job { place: facts.place.idx(), low: self.earliest[visit], high: self.latest[visit], length: facts.duration.0 }
    }

    /// Whether it is proved that the unavoidable changes and `further` more do not suffice.
    fn takes_more_than(&self, further: usize, watch: &Watch) -> bool {
        if further > 0 && self.is_ambiguous {
            return false;
        }
        let list = self.days(further > 0, Limits { tried: MOST_TRIED, guests: usize::MAX }, watch);
        let limit = u32::try_from(further).unwrap_or(u32::MAX);
        list.is_whole && list.covering().takes_more_than(limit, watch.left().map(|left| left.as_secs_f64()))
    }

    /// What shifts could do: keep everything or, if asked, all but one visit, and take some of the homeless.
    fn days<'r>(&'r self, may_give_up: bool, limits: Limits, watch: &'r Watch) -> Days<'r> {
        let rows = self.homeless.iter().map(|homeless| homeless.visit).collect();
        let mut list = Days { region: self, watch, limits, rows, days: Vec::new(), given_up: Vec::new(), n_tried: 0, is_whole: true };
        for shift in self.problem.shifts().ids() {
            list.with_all(shift);
        }
        if may_give_up {
            for shift in self.problem.shifts().ids() {
                list.without_one(shift);
            }
            list.taken_over();
        }
        list
    }
}

/// How long a list of days may get.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Sets of guests tried in all.
    tried: usize,
    /// Guests of one shift.
    guests: usize,
}

/// What a day does not keep of what the shift was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GivenUp {
    Nothing,
    /// A visit is served at another time.
    Moved(VisitId),
    /// A visit is left to others.
    Left(VisitId),
}

/// The columns, growing.
struct Days<'a> {
    region: &'a Region<'a>,
    watch: &'a Watch,
    limits: Limits,
    /// What is covered: the homeless, then home visits that some day gives up.
    rows: Vec<VisitId>,
    days: Vec<Day>,
    /// By day.
    given_up: Vec<GivenUp>,
    n_tried: usize,
    /// Whether nothing was left out for want of time or room.
    is_whole: bool,
}

impl Days<'_> {
    /// The homeless that a shift could take, by row. One with several homes keeps its promise in either.
    fn guests(&self, shift: ShiftId) -> Vec<(usize, Job)> {
        let region = self.region;
        let able = region.homeless.iter().enumerate().filter(|(_, homeless)| region.problem.able_shifts(homeless.visit).contains(&shift));
        let job = |(row, homeless): (usize, &Homeless)| {
            let job = if homeless.keeps_promise { region.kept(homeless.visit, shift)? } else { region.anew(homeless.visit) };
            Some((row, job))
        };
        able.filter_map(job).collect()
    }

    fn covering(&self) -> Covering<'_> {
        let is_due = (0..self.rows.len()).map(|row| row < self.region.homeless.len()).collect();
        Covering { n_shifts: self.region.problem.shifts().len(), is_due, days: &self.days }
    }

    fn push(&mut self, given_up: GivenUp, day: Day) {
        self.given_up.push(given_up);
        self.days.push(day);
    }

    fn home(&self, shift: ShiftId) -> Vec<Job> {
        self.region.homes[shift].iter().map(|&(_, job)| job).collect()
    }

    /// All ways to keep everything and take some guests.
    fn with_all(&mut self, shift: ShiftId) {
        let mut jobs = self.home(shift);
        if !self.region.frames[shift].holds(&jobs) {
            return;
        }
        let guests = self.guests(shift);
        self.extend(shift, &guests, &mut jobs, &mut Vec::new(), &mut |covers| {
            Some(Day { shift: shift.idx(), covers: covers.to_vec(), needs: None, n_changes: 0 })
        });
    }

    /// All ways to give one visit up, to others or to another time, that make room for what could not be taken before.
    fn without_one(&mut self, shift: ShiftId) {
        let (homes, guests, all) = (self.region.homes[shift].clone(), self.guests(shift), self.home(shift));
        for (at, &(visit, _)) in homes.iter().enumerate() {
            let frame = &self.region.frames[shift];
            let mut jobs = all.clone();
            let _ = jobs.remove(at);
            let taken = |covers: &[usize]| -> Vec<Job> { guests.iter().filter(|(row, _)| covers.contains(row)).map(|&(_, job)| job).collect() };
            let is_due = self.region.is_due[visit];
            let moved = self.region.anew(visit);
            let mut found = Vec::new();
            self.extend(shift, &guests, &mut jobs, &mut Vec::new(), &mut |covers| {
                let whole: Vec<Job> = all.iter().copied().chain(taken(covers)).collect();
                if frame.holds(&whole) {
                    return None;
                }
                let others = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &job)| job);
                let elsewhen: Vec<Job> = others.chain(taken(covers)).chain([moved]).collect();
                found.push((covers.to_vec(), frame.holds(&elsewhen)));
                None
            });
            if found.is_empty() {
                continue;
            }
            let needs = is_due.then(|| self.row(visit));
            for (covers, is_possible_elsewhen) in found {
                if is_possible_elsewhen {
                    self.push(GivenUp::Moved(visit), Day { shift: shift.idx(), covers: covers.clone(), needs: None, n_changes: 1 });
                }
                self.push(GivenUp::Left(visit), Day { shift: shift.idx(), covers, needs, n_changes: u32::from(!is_due) });
            }
        }
    }

    /// All ways to keep everything and take what others gave up.
    fn taken_over(&mut self) {
        let given_up: Vec<(usize, VisitId)> = (self.region.homeless.len()..self.rows.len()).map(|row| (row, self.rows[row])).collect();
        for shift in self.region.problem.shifts().ids() {
            let guests = self.guests(shift);
            for &(row, visit) in &given_up {
                let is_home = self.region.homes[shift].iter().any(|&(other, _)| other == visit);
                if is_home || !self.region.problem.able_shifts(visit).contains(&shift) {
                    continue;
                }
                let mut jobs = self.home(shift);
                jobs.push(self.region.anew(visit));
                if self.region.frames[shift].holds(&jobs) {
                    self.extend(shift, &guests, &mut jobs, &mut vec![row], &mut |covers| {
                        Some(Day { shift: shift.idx(), covers: covers.to_vec(), needs: None, n_changes: 1 })
                    });
                }
            }
        }
    }

    fn row(&mut self, visit: VisitId) -> usize {
        self.rows.iter().position(|&other| other == visit).unwrap_or_else(|| {
            self.rows.push(visit);
            self.rows.len() - 1
        })
    }

    /// Adds guests one after the other as long as the shift holds them all. `day` gets every set that is reached and says what it gives.
    fn extend(
        &mut self,
        shift: ShiftId,
        guests: &[(usize, Job)],
        jobs: &mut Vec<Job>,
        covers: &mut Vec<usize>,
        day: &mut dyn FnMut(&[usize]) -> Option<Day>,
    ) {
        self.n_tried += 1;
        if self.n_tried > self.limits.tried || self.watch.is_over() {
            self.is_whole = false;
        }
        if !self.is_whole {
            return;
        }
        if let Some(day) = day(covers) {
            self.push(GivenUp::Nothing, day);
        }
        if covers.len() >= self.limits.guests {
            return;
        }
        for (at, &(row, job)) in guests.iter().enumerate() {
            jobs.push(job);
            if self.region.frames[shift].holds(jobs) {
                covers.push(row);
                self.extend(shift, &guests[at + 1..], jobs, covers, day);
                let _ = covers.pop();
            }
            let _ = jobs.pop();
        }
    }
}
