//! The problem as the team programme sees it: whole minutes, and who could pay which visit in which shift.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pattern::Pattern;
use super::{TeamOptions, TeamWeights};
use crate::problem::{CarerId, CitizenId, Link, ModeId, Moment, Need as Kind, PlaceId, Problem, ShiftId, Term, Visit, VisitId};

/// Something of which there is only so much: a shift's minutes, those of two hours of it, a carer's share of the work.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// What there is.
    pub(super) limit: i64,
    /// Price of one more.
    pub(super) price: i64,
    /// Whether exceeding it means that time is too short, rather than uneven.
    pub(super) is_time: bool,
}

/// A citizen with visits.
#[derive(Clone)]
pub(super) struct Citizen {
    pub(super) id: CitizenId,
    /// Whoever could pay one of the visits.
    pub(super) candidates: Vec<Candidate>,
    /// Required visits that somebody can pay.
    pub(super) needs: Vec<Need>,
    /// Most carers; where the roster needs more, each one above costs what [`ABOVE_CAP`] says.
    pub(super) cap: usize,
    /// Price of a visit that the primary does not pay.
    pub(super) not_primary: i64,
}

/// A carer as a citizen sees them.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) carer: CarerId,
    /// Price of coming at all.
    pub(super) face: i64,
}

/// A visit to be paid.
#[derive(Clone)]
pub(super) struct Need {
    pub(super) visit: VisitId,
    /// By candidate, the ways in which that carer can pay it; empty where there is none.
    pub(super) ways: Vec<Vec<Way>>,
    /// Another need of the citizen at the same time, which someone else must pay.
    pub(super) beside: Option<usize>,
}

/// A visit in a shift.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) shift: ShiftId,
    /// Price by itself.
    pub(super) cost: i64,
    /// What it takes of which rows.
    pub(super) takes: Vec<(usize, i64)>,
}

/// Everything.
#[derive(Clone)]
pub(super) struct Needs {
    pub(super) rows: Vec<Row>,
    pub(super) citizens: Vec<Arc<Citizen>>,
}

/// Price of a carer above a citizen's cap, in thousandths of a minute on the road: a week of rides.
pub(super) const ABOVE_CAP: i64 = 10_000_000;
/// Length of the pieces that a shift is cut into, in minutes: windows are about as wide.
const PIECE: i64 = 120;
/// What a piece holds beyond its length, in minutes: visits wished for at its end may begin in it and end in the next.
const SPILL: i64 = 30;
/// How much more than an equal share is still even.
const EVEN: f64 = 1.05;
/// Homes whose mean distance is a usual ride.
const NEAREST: usize = 4;

impl Needs {
    pub(super) fn new(problem: &Problem, options: &TeamOptions) -> Self {
        let mut making = Making::new(problem, options);
        let mut of_citizen: Vec<Vec<VisitId>> = vec![Vec::new(); problem.citizens().len()];
        for (id, visit) in problem.visits().enumerate().filter(|(_, visit)| visit.need == Kind::Required && visit.content.instead_of.is_none()) {
            of_citizen[visit.citizen.idx()].push(id);
        }
        making.even(&of_citizen);
        let citizens = problem.citizens().ids().filter_map(|id| making.citizen(id, &of_citizen[id.idx()], options.cap)).map(Arc::new).collect();
        Self { rows: making.rows, citizens }
    }

    /// What the patterns of all citizens take of each row.
    pub(super) fn used(&self, patterns: &[&Pattern]) -> Vec<i64> {
        let mut used = vec![0; self.rows.len()];
        for &(row, amount) in patterns.iter().flat_map(|pattern| &pattern.takes) {
            used[row] += amount;
        }
        used
    }

    /// What the patterns of all citizens cost together.
    pub(super) fn cost(&self, patterns: &[&Pattern]) -> i64 {
        let over = self.rows.iter().zip(self.used(patterns)).map(|(row, used)| row.price * (used - row.limit).max(0));
        patterns.iter().map(|pattern| pattern.cost).sum::<i64>() + over.sum::<i64>()
    }
}

struct Making<'a> {
    problem: &'a Problem,
    weights: TeamWeights,
    rows: Vec<Row>,
    /// First row of each shift: the whole of it, then its pieces.
    of_shift: Vec<usize>,
    /// By carer: the shifts, and the rows of work and of heavy visits once there are some.
    shifts_of: Vec<Vec<ShiftId>>,
    work_of: Vec<Option<usize>>,
    heavy_of: Vec<Option<usize>>,
    /// By carer, the middle of what they ride to, and the homes they go to anyhow, where those are known.
    middle: Vec<Option<PlaceId>>,
    near: Vec<Vec<PlaceId>>,
    /// By place and mode, minutes of a usual ride.
    usual: BTreeMap<(PlaceId, ModeId), i64>,
    homes: Vec<PlaceId>,
}

impl<'a> Making<'a> {
    fn new(problem: &'a Problem, options: &TeamOptions) -> Self {
        let weights = options.weights;
        let (mut rows, mut of_shift) = (Vec::new(), Vec::new());
        let mut shifts_of = vec![Vec::new(); problem.carers().len()];
        let per_minute = problem.clock().ticks_per_minute;
        for (id, shift) in problem.shifts().enumerate() {
            of_shift.push(rows.len());
            shifts_of[shift.carer.idx()].push(id);
            let length = (shift.end - shift.start).0 / per_minute;
            let rest = shift.pause.map_or(0, |rule| rule.min_duration.0.div_euclid(per_minute));
            let time = |limit, price| Row { limit, price, is_time: true };
            let free = if shift.slack.free_cost > 0 { shift.slack.free.0.div_euclid(per_minute) } else { 0 };
            rows.push(time((length - rest - free).max(0), weights.overfull_minute));
            for piece in 0..pieces(length) {
                rows.push(time(PIECE.min(length - piece * PIECE) + SPILL, weights.late_minute));
            }
        }
        let mut homes: Vec<PlaceId> = problem.visits().iter().map(|visit| visit.place).collect();
        homes.sort_unstable();
        homes.dedup();
        let n = problem.carers().len();
        let mut this = Self {
            problem,
            weights,
            rows,
            of_shift,
            shifts_of,
            work_of: vec![None; n],
            heavy_of: vec![None; n],
            middle: Vec::new(),
            near: problem.carers().ids().map(|carer| options.homes.as_ref().map_or_else(Vec::new, |homes| homes[carer].clone())).collect(),
            usual: BTreeMap::new(),
            homes,
        };
        this.middle = problem.carers().ids().map(|carer| this.middle_of(carer)).collect();
        this
    }

    fn minutes(&self, ticks: i64) -> i64 {
        let per_minute = self.problem.clock().ticks_per_minute;
        (ticks + per_minute - 1).div_euclid(per_minute)
    }

    /// The home of the team's citizens from which the others are nearest in sum; where there is none, where the first shift starts.
    fn middle_of(&self, carer: CarerId) -> Option<PlaceId> {
        let problem = self.problem;
        let mode = problem.carers()[carer].mode;
        let team = problem.carers()[carer].team;
        let is_ours = |visit: &&Visit| team.is_some() && problem.citizens()[visit.citizen].team == team;
        let mut homes: Vec<PlaceId> = problem.visits().iter().filter(is_ours).map(|visit| visit.place).collect();
        homes.sort_unstable();
        homes.dedup();
        let sum = |&home: &PlaceId| (homes.iter().map(|&other| problem.travel().time(mode, home, other).0).sum::<i64>(), home);
        homes.iter().copied().min_by_key(sum).or_else(|| self.shifts_of[carer.idx()].first().map(|&shift| problem.shifts()[shift].from))
    }

    /// Minutes of a usual ride to a home.
    fn usual_ride(&mut self, place: PlaceId, mode: ModeId) -> i64 {
        if let Some(&minutes) = self.usual.get(&(place, mode)) {
            return minutes;
        }
        let mut rides: Vec<i64> =
            self.homes.iter().filter(|&&home| home != place).map(|&home| self.problem.travel().time(mode, home, place).0).collect();
        let n = NEAREST.min(rides.len());
        if n > 0 && n < rides.len() {
            rides.select_nth_unstable(n - 1);
        }
        let minutes = if n == 0 { 0 } else { self.minutes(rides[..n].iter().sum::<i64>() / n as i64) };
        self.usual.insert((place, mode), minutes);
        minutes
    }

    /// Minutes between a home and the nearest others that the carer goes to, on average; from the middle where nobody knows those.
    fn far(&self, carer: CarerId, mode: ModeId, home: PlaceId) -> i64 {
        let travel = self.problem.travel();
        let mut rides: Vec<i64> =
            self.near[carer.idx()].iter().filter(|&&other| other != home).map(|&other| travel.time(mode, other, home).0).collect();
        rides.sort_unstable();
        rides.truncate(NEAREST);
        let n = rides.len() as i64;
        if n > 0 {
            return self.minutes(rides.iter().sum::<i64>() / n);
        }
        self.middle[carer.idx()].map_or(0, |middle| self.minutes(travel.time(mode, middle, home).0))
    }

    /// Rows for an equal share of all work, by time on duty, and of visits by two.
    fn even(&mut self, of_citizen: &[Vec<VisitId>]) {
        let duty: Vec<i64> =
            self.shifts_of.iter().map(|shifts| shifts.iter().map(|&shift| self.rows[self.of_shift[shift.idx()]].limit).sum()).collect();
        let all_duty = duty.iter().sum::<i64>().max(1);
        let (mut work, mut heavy) = (0, 0);
        for &visit in of_citizen.iter().flatten() {
            let carer = self.problem.able_shifts(visit).first().map(|&shift| self.problem.shifts()[shift].carer);
            let Some(carer) = carer else { continue };
            let mode = self.problem.carers()[carer].mode;
            let ride = self.usual_ride(self.problem.visits()[visit].place, mode);
            work += self.minutes(self.problem.visits()[visit].duration.0) + ride;
            heavy += i64::from(is_heavy(self.problem, visit));
        }
        for (carer, &on_duty) in duty.iter().enumerate().filter(|(_, on_duty)| **on_duty > 0) {
            let share = |all: i64| (EVEN * all as f64 * on_duty as f64 / all_duty as f64).ceil() as i64;
            for (at, all, price) in [(&mut self.work_of, work, self.weights.uneven_minute), (&mut self.heavy_of, heavy, self.weights.uneven_heavy)] {
                if price > 0 && all > 0 {
                    at[carer] = Some(self.rows.len());
                    self.rows.push(Row { limit: share(all), price, is_time: false });
                }
            }
        }
    }

    fn citizen(&mut self, id: CitizenId, visits: &[VisitId], cap: Option<usize>) -> Option<Citizen> {
        let problem = self.problem;
        let citizen = &problem.citizens()[id];
        let mut carers: Vec<CarerId> =
            visits.iter().flat_map(|&visit| problem.able_shifts(visit)).map(|&shift| problem.shifts()[shift].carer).collect();
        carers.sort_unstable();
        carers.dedup();
        let mut needs = Vec::new();
        for &visit in visits {
            let ways: Vec<Vec<Way>> = carers.iter().map(|&carer| self.ways(visit, carer)).collect();
            if ways.iter().any(|ways| !ways.is_empty()) {
                needs.push(Need { visit, ways, beside: None });
            }
        }
        pair(problem, &mut needs);
        let candidates: Vec<Candidate> = carers
            .into_iter()
            .map(|carer| Candidate { carer, face: self.weights.face + if citizen.knows(carer) { 0 } else { self.weights.new_face } })
            .collect();
        let cap = cap.unwrap_or(usize::MAX).min(citizen.cap.map_or(usize::MAX, usize::from));
        (!needs.is_empty()).then_some(Citizen { id, candidates, needs, cap, not_primary: self.weights.not_primary })
    }

    /// So much of a term, in thousandths of a minute on the road.
    fn thousandths(&self, term: Term, quantity: i64) -> i64 {
        let objective = self.problem.objective();
        let cost = i128::from(objective.soft(term)) * i128::from(quantity) * 1000 / i128::from(objective.denominator);
        i64::try_from(cost).unwrap_or(i64::MAX).min(ABOVE_CAP)
    }

    /// The ways in which a carer can pay a visit: shifts that are on duty in one of its windows.
    fn ways(&mut self, id: VisitId, carer: CarerId) -> Vec<Way> {
        let problem = self.problem;
        let visit = &problem.visits()[id];
        if visit.excluded.contains(&carer) || !visit.skills.is_subset(problem.carers()[carer].skills) {
            return Vec::new();
        }
        let mode = problem.carers()[carer].mode;
        let minutes = self.minutes(visit.duration.0) + self.usual_ride(visit.place, mode);
        let far = self.far(carer, mode, visit.place);
        let is_preferred = visit.preferred.is_empty() || visit.preferred.contains(&carer);
        let fee = self.thousandths(Term::CarerCost, visit.carer_cost(carer));
        let cost = self.weights.ride_minute * far + fee + if is_preferred { 0 } else { self.weights.not_preferred };
        let heavy = self.heavy_of[carer.idx()].filter(|_| is_heavy(problem, id));
        let mut ways = Vec::new();
        for &shift in &self.shifts_of[carer.idx()] {
            if problem.able_shifts(id).binary_search(&shift).is_err() {
                continue;
            }
            let Some(wished) = wished_in(problem, visit, shift) else { continue };
            let first = self.of_shift[shift.idx()];
            let into = (wished - problem.shifts()[shift].start).0 / problem.clock().ticks_per_minute;
            let length = (problem.shifts()[shift].end - problem.shifts()[shift].start).0 / problem.clock().ticks_per_minute;
            let mut takes = vec![(first, minutes)];
            if length > 0 {
                takes.push((first + 1 + (into.max(0) / PIECE).min(pieces(length) - 1) as usize, minutes));
            }
            takes.extend(self.work_of[carer.idx()].map(|row| (row, minutes)));
            takes.extend(heavy.map(|row| (row, 1)));
            let hours = problem.shifts()[shift].hours.filter(|hours| wished < hours.from || wished + visit.duration > hours.until);
            let cost = cost + hours.map_or(0, |hours| self.thousandths(Term::OutsideHours, hours.cost));
            ways.push(Way { shift, cost, takes });
        }
        ways
    }
}

/// Joins the two halves of visits by two. Where only one carer could pay either, the second half is left out.
fn pair(problem: &Problem, needs: &mut Vec<Need>) {
    let can_be_two =
        |one: &Need, other: &Need| one.ways.iter().zip(&other.ways).filter(|(one, other)| !one.is_empty() || !other.is_empty()).count() > 1;
    let halves = |needs: &[Need]| {
        let mut halves: Vec<(usize, usize)> = Vec::new();
        for first in 0..needs.len() {
            let is_free = |at: usize| halves.iter().all(|&(one, other)| at != one && at != other);
            let second = (first + 1..needs.len()).find(|&at| is_free(at) && needs_another(problem, needs[first].visit, needs[at].visit));
            if let Some(second) = second.filter(|_| is_free(first)) {
                halves.push((first, second));
            }
        }
        halves
    };
    let mut lone: Vec<usize> =
        halves(needs).into_iter().filter(|&(one, other)| !can_be_two(&needs[one], &needs[other])).map(|(_, other)| other).collect();
    lone.sort_unstable();
    for &second in lone.iter().rev() {
        needs.remove(second);
    }
    for (first, second) in halves(needs) {
        (needs[first].beside, needs[second].beside) = (Some(second), Some(first));
    }
}

/// Pieces of a shift of so many minutes.
fn pieces(length: i64) -> i64 {
    (length + PIECE - 1) / PIECE
}

/// When a visit is wished for within a shift: the middle of what windows, wish and shift have in common, or of windows and shift alone; `None`
/// where the visit cannot begin and end in the shift.
fn wished_in(problem: &Problem, visit: &Visit, shift: ShiftId) -> Option<Moment> {
    let shift = &problem.shifts()[shift];
    let middle = |from: Moment, until: Moment| (from <= until).then(|| Moment((from.0 + until.0) / 2));
    visit.windows.iter().find_map(|window| {
        let (from, until) = (window.open.max(shift.start), window.close.min(Moment(shift.end.0 - visit.duration.0)));
        let wish = visit.preference.and_then(|wish| middle(from.max(wish.from), until.min(wish.until)));
        wish.or_else(|| middle(from, until))
    })
}

/// Whether two visits of a citizen are the two halves of a visit by two.
fn needs_another(problem: &Problem, first: VisitId, second: VisitId) -> bool {
    let ties = |link: &Link| (link.first, link.second) == (first, second) || (link.first, link.second) == (second, first);
    problem.cluster_index(first) == problem.cluster_index(second) && problem.links().iter().any(|link| link.different_carers && ties(link))
}

/// Whether a visit takes two.
fn is_heavy(problem: &Problem, visit: VisitId) -> bool {
    problem.cluster_of(visit).members.len() > 1
        && problem.links().iter().any(|link| link.different_carers && (link.first == visit || link.second == visit))
}
