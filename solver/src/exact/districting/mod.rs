//! Teams from nothing: which citizens and carers belong together, as a mixed-integer programme with a bound (home-care districting: Blais,
//! Lapierre, Laporte 2003; the p-median model of Hakimi 1964 with room for what carers can do).
//!
//! A team has a centre, one of its citizens' homes. Citizens near it and carers who start near it ride less; a citizen and a carer who met in
//! the four weeks before stay together where that pays; and in every part of the day, and for every skill, a team should have carers on duty for
//! what its citizens need. Routes, and who of the team comes, are not decided here.

mod exchange;
mod programme;

use std::collections::BTreeMap;

use crate::problem::{CarerId, CitizenId, IdVec, ModeId, Need, PlaceId, Problem, Ticks};
use crate::stop::Watch;

/// Which team everyone is in, from 0.
#[derive(Clone, Debug)]
pub struct Division {
    /// By citizen; `None` for those without required visits.
    pub citizens: IdVec<CitizenId, Option<usize>>,
    /// By carer; `None` for those who are never on duty.
    pub carers: IdVec<CarerId, Option<usize>>,
    /// Thousandths of a minute: rides as this model counts them, visits of the past whose carers are elsewhere now (2 minutes each), and work for
    /// which teams have nobody on duty.
    pub cost: i64,
    /// No division into so many teams around these centres costs less; 0 where the programme would be too large.
    pub dual_bound: i64,
    /// Thousandths of a minute of rides: to each visit of a citizen 0.3 of the way from the team's centre, for each shift the way there and back.
    pub rides: i64,
    /// Visits of the four weeks before, and those of them by carers who are in the citizen's team.
    pub met: usize,
    /// See `met`.
    pub met_within: usize,
    /// Thousandths of a minute of work, by parts of the day and by skills, beyond the teams' shares for their carers' duty. Work for which nobody of
    /// the district is on duty is left out: no division helps there.
    pub short: i64,
}

impl Division {
    /// (cost - bound) / cost, 0 where both are equal.
    #[must_use]
    pub fn gap(&self) -> f64 {
        if self.cost > self.dual_bound { (self.cost - self.dual_bound) as f64 / self.cost as f64 } else { 0.0 }
    }
}

/// What a visit costs for each minute of way from the centre, in thousandths: on the way are others.
const RIDE: i64 = 300;
/// What a shift costs for it: there and back.
const SHIFT_RIDE: i64 = 2000;
/// What a visit of the past is worth whose carer stays in the citizen's team, in thousandths of a minute.
const RELATION: i64 = 2000;
/// Price of a minute of work for which a team has nobody on duty.
const SHORT: i64 = 1000;
/// How much more than its share of the work a team may have for its carers' duty.
const EVEN: f64 = 1.05;
/// Homes that may be centres: so many for each team, and so many at least.
const CENTRES_PER_TEAM: usize = 3;
const FEWEST_CENTRES: usize = 16;
/// How many carers more or fewer than an equal share a team may have.
const UNEQUAL: usize = 1;
/// Parts of the day, each until the next begins, in minutes after midnight.
const PARTS: [i64; 3] = [7 * 60, 15 * 60, 23 * 60];
/// Minutes by which duty is counted into parts of the day.
const STEP: i64 = 15;
/// Share of the time for exchange before the programme.
const EXCHANGE_SHARE: f64 = 0.2;

/// Someone with work to be done or with time to do it, at a home or where shifts start.
struct Member<Id> {
    id: Id,
    place: PlaceId,
    /// What a minute of way from the centre costs.
    rides: i64,
    /// Minutes of work or duty by kind: the parts of the day, then the skills.
    minutes: BTreeMap<usize, i64>,
}

impl<Id> Member<Id> {
    /// Minutes of a kind.
    fn of(&self, kind: usize) -> i64 {
        self.minutes.get(&kind).copied().unwrap_or(0)
    }
}

/// Divides citizens and carers into so many teams, by exchange at first and then by the programme, which HiGHS solves on this thread; stops
/// with the watch. `None` where there are
/// fewer homes with required visits or carers on duty than teams.
#[must_use]
pub fn divide(problem: &Problem, n_teams: usize, watch: &Watch) -> Option<Division> {
    let (citizens, carers) = (citizens(problem), carers(problem));
    if n_teams == 0 || carers.len() < n_teams {
        return None;
    }
    let mode = problem.carers()[carers[0].id].mode;
    let centres = centres(problem, mode, &citizens, (n_teams * CENTRES_PER_TEAM).max(FEWEST_CENTRES));
    if centres.len() < n_teams {
        return None;
    }
    let way = |centre: usize, place: PlaceId| minutes(problem, problem.travel().time(mode, centres[centre], place));
    let board = Board::new(problem, n_teams, centres.len(), &citizens, &carers, &way);
    let draft = exchange::exchanged(&board, exchange::draft(&board), &watch.part(EXCHANGE_SHARE));
    let (best, bound) = match programme::solve(&board, &draft, watch) {
        Some(found) => found,
        None => (exchange::exchanged(&board, draft, watch), 0),
    };
    Some(board.division(problem, &best, bound))
}

fn minutes(problem: &Problem, ticks: Ticks) -> i64 {
    ticks.0 / problem.clock().ticks_per_minute
}

/// The part of the day that a minute is in.
fn part_of(minute: i64) -> usize {
    PARTS.iter().rposition(|&begin| begin <= minute.rem_euclid(1440)).unwrap_or(PARTS.len() - 1)
}

/// Citizens with required visits.
fn citizens(problem: &Problem) -> Vec<Member<CitizenId>> {
    let per_minute = problem.clock().ticks_per_minute;
    let mut members: BTreeMap<CitizenId, Member<CitizenId>> = BTreeMap::new();
    for visit in problem.visits().iter().filter(|visit| visit.need == Need::Required && visit.content.instead_of.is_none()) {
        let of = members.entry(visit.citizen).or_insert(Member { id: visit.citizen, place: visit.place, rides: 0, minutes: BTreeMap::new() });
        of.rides += RIDE;
        let wished = visit.preference.map(|wish| (wish.from.0 + wish.until.0) / 2);
        let wished = wished.or_else(|| visit.windows.first().map(|window| (window.open.0 + window.close.0) / 2)).unwrap_or(0);
        let kinds = std::iter::once(part_of(wished / per_minute)).chain(visit.skills.iter().map(|skill| PARTS.len() + skill.idx()));
        kinds.for_each(|kind| *of.minutes.entry(kind).or_insert(0) += minutes(problem, visit.duration));
    }
    members.into_values().collect()
}

/// Carers with shifts.
fn carers(problem: &Problem) -> Vec<Member<CarerId>> {
    let mut members: BTreeMap<CarerId, Member<CarerId>> = BTreeMap::new();
    for shift in problem.shifts().iter() {
        let of = members.entry(shift.carer).or_insert(Member { id: shift.carer, place: shift.from, rides: 0, minutes: BTreeMap::new() });
        of.rides += SHIFT_RIDE;
        let per_minute = problem.clock().ticks_per_minute;
        let (begin, end) = (shift.start.0 / per_minute, shift.end.0 / per_minute);
        for at in (begin..end).step_by(STEP as usize) {
            *of.minutes.entry(part_of(at)).or_insert(0) += STEP.min(end - at);
        }
        for skill in problem.carers()[shift.carer].skills.iter() {
            *of.minutes.entry(PARTS.len() + skill.idx()).or_insert(0) += end - begin;
        }
    }
    members.into_values().collect()
}

/// Homes that may be centres: the one from which the others are nearest in sum, then again and again the one farthest from those.
fn centres(problem: &Problem, mode: ModeId, citizens: &[Member<CitizenId>], most: usize) -> Vec<PlaceId> {
    let mut homes: Vec<PlaceId> = citizens.iter().map(|citizen| citizen.place).collect();
    homes.sort_unstable();
    homes.dedup();
    let time = |from: PlaceId, to: PlaceId| problem.travel().time(mode, from, to).0;
    let sum = |&home: &PlaceId| (homes.iter().map(|&other| time(home, other)).sum::<i64>(), home);
    let mut centres: Vec<PlaceId> = homes.iter().copied().min_by_key(sum).into_iter().collect();
    while centres.len() < most {
        let far = |&home: &PlaceId| (centres.iter().map(|&centre| time(centre, home)).min(), std::cmp::Reverse(home));
        let Some(farthest) = homes.iter().copied().filter(|home| !centres.contains(home)).max_by_key(far) else { break };
        centres.push(farthest);
    }
    centres
}

/// What a division is made of. What belongs to members and centres is row-major member × centre.
struct Board<'a> {
    citizens: &'a [Member<CitizenId>],
    carers: &'a [Member<CarerId>],
    n_centres: usize,
    n_teams: usize,
    /// Fewest and most carers of a team.
    sizes: (usize, usize),
    /// What the ways of citizens and of carers cost.
    rides: (Vec<i64>, Vec<i64>),
    /// Who met, as citizen and carer here, and how often.
    met: BTreeMap<(usize, usize), usize>,
    /// By kind of work, what a minute of duty is a share of.
    shares: BTreeMap<usize, f64>,
}

/// The centre of everyone's team, as indices here.
#[derive(Clone)]
struct Draft {
    of_citizen: Vec<usize>,
    of_carer: Vec<usize>,
}

impl<'a> Board<'a> {
    fn new(
        problem: &Problem,
        n_teams: usize,
        n_centres: usize,
        citizens: &'a [Member<CitizenId>],
        carers: &'a [Member<CarerId>],
        way: &dyn Fn(usize, PlaceId) -> i64,
    ) -> Self {
        Self {
            citizens,
            carers,
            n_centres,
            n_teams,
            sizes: ((carers.len() / n_teams).saturating_sub(UNEQUAL).max(1), carers.len().div_ceil(n_teams) + UNEQUAL),
            rides: (rides(citizens, n_centres, way), rides(carers, n_centres, way)),
            met: met(problem, citizens, carers),
            shares: shares(citizens, carers),
        }
    }

    /// Thousandths of a minute, as [`Division::cost`].
    fn cost(&self, draft: &Draft) -> i64 {
        self.rides_of(draft) + RELATION * self.parted(draft) as i64 + self.all_short(draft)
    }

    fn rides_of(&self, draft: &Draft) -> i64 {
        let sum = |of: &[usize], rides: &[i64]| of.iter().enumerate().map(|(at, centre)| rides[at * self.n_centres + centre]).sum::<i64>();
        sum(&draft.of_citizen, &self.rides.0) + sum(&draft.of_carer, &self.rides.1)
    }

    /// Visits of the past whose carers are elsewhere now.
    fn parted(&self, draft: &Draft) -> usize {
        let is_parted = |&(&(citizen, carer), _): &(&(usize, usize), &usize)| draft.of_citizen[citizen] != draft.of_carer[carer];
        self.met.iter().filter(is_parted).map(|(_, times)| times).sum()
    }

    fn all_short(&self, draft: &Draft) -> i64 {
        let mut centres = draft.of_citizen.clone();
        centres.sort_unstable();
        centres.dedup();
        self.shares.iter().map(|(&kind, &share)| centres.iter().map(|&centre| self.short(draft, centre, kind, share)).sum::<i64>()).sum()
    }

    /// Work of a kind for which a team has nobody on duty, in thousandths of a minute, rounded up: never less than the programme has it, so that its
    /// bound is one and a draft is a start.
    fn short(&self, draft: &Draft, centre: usize, kind: usize, share: f64) -> i64 {
        let work: i64 = self.citizens.iter().zip(&draft.of_citizen).filter(|(_, own)| **own == centre).map(|(citizen, _)| citizen.of(kind)).sum();
        let duty: i64 = self.carers.iter().zip(&draft.of_carer).filter(|(_, own)| **own == centre).map(|(carer, _)| carer.of(kind)).sum();
        ((work as f64 - share * duty as f64) * SHORT as f64).ceil().max(0.0) as i64
    }

    fn division(&self, problem: &Problem, draft: &Draft, bound: i64) -> Division {
        let mut centres = draft.of_carer.clone();
        centres.sort_unstable();
        centres.dedup();
        let team = |centre: &usize| centres.binary_search(centre).ok();
        let mut citizens: IdVec<CitizenId, Option<usize>> = vec![None; problem.citizens().len()].into();
        let mut carers: IdVec<CarerId, Option<usize>> = vec![None; problem.carers().len()].into();
        self.citizens.iter().zip(&draft.of_citizen).for_each(|(citizen, centre)| citizens[citizen.id] = team(centre));
        self.carers.iter().zip(&draft.of_carer).for_each(|(carer, centre)| carers[carer.id] = team(centre));
        let met: usize = self.met.values().sum();
        let cost = self.cost(draft);
        Division {
            citizens,
            carers,
            cost,
            dual_bound: bound.clamp(0, cost),
            rides: self.rides_of(draft),
            met,
            met_within: met - self.parted(draft),
            short: self.all_short(draft),
        }
    }
}

/// What the way costs, row-major member × centre.
fn rides<Id>(members: &[Member<Id>], n_centres: usize, way: &dyn Fn(usize, PlaceId) -> i64) -> Vec<i64> {
    members.iter().flat_map(|member| (0..n_centres).map(move |centre| member.rides * way(centre, member.place))).collect()
}

/// Who met in the four weeks before, as indices, and how often.
fn met(problem: &Problem, citizens: &[Member<CitizenId>], carers: &[Member<CarerId>]) -> BTreeMap<(usize, usize), usize> {
    let mut met = BTreeMap::new();
    for (at, citizen) in citizens.iter().enumerate() {
        for past in &problem.citizens()[citizen.id].history {
            if let Ok(carer) = carers.binary_search_by_key(&past.carer, |carer| carer.id) {
                *met.entry((at, carer)).or_insert(0) += 1;
            }
        }
    }
    met
}

/// By kind of work for which somebody is on duty, what a minute of duty is a share of.
fn shares(citizens: &[Member<CitizenId>], carers: &[Member<CarerId>]) -> BTreeMap<usize, f64> {
    let mut kinds: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for (&kind, &work) in citizens.iter().flat_map(|citizen| &citizen.minutes) {
        kinds.entry(kind).or_insert((0, 0)).0 += work;
    }
    for (kind, &duty) in carers.iter().flat_map(|carer| &carer.minutes) {
        kinds.entry(*kind).and_modify(|(_, all)| *all += duty);
    }
    let has_both = |(_, (work, duty)): &(usize, (i64, i64))| *work > 0 && *duty > 0;
    kinds.into_iter().filter(has_both).map(|(kind, (work, duty))| (kind, EVEN * work as f64 / duty as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{Carer, Met, Moment, Shift, SkillId, SkillSet, Slack, VisitId};
    use crate::stop::StopToken;

    fn divided(problem: &Problem, n_teams: usize) -> Option<Division> {
        divide(problem, n_teams, &Watch::new(None, StopToken::default()))
    }

    /// Three homes at either end of a line, at places 1 to 3 and 38 to 40. Carers 0 and 2 start at place 0 and know the near end, 1 and 3 at
    /// place 40 and know the far end.
    fn two_villages() -> Problem {
        line_with(40, 4, |parts| {
            for (visit, of) in parts.visits.iter_mut().enumerate() {
                of.need = if (3..37).contains(&visit) { Need::Optional } else { Need::Required };
            }
            for (at, citizen) in parts.citizens.iter_mut().enumerate() {
                let first = usize::from(at >= 20);
                citizen.history = (0..10).map(|day| Met { carer: CarerId::new(first + day % 2 * 2), days_before: 1 + day as u16 }).collect();
            }
            for (at, shift) in parts.shifts.iter_mut().enumerate() {
                shift.from = PlaceId::new(if at % 2 == 0 { 0 } else { 40 });
            }
        })
    }

    #[test]
    fn villages_and_those_who_know_them_are_teams() {
        let division = divided(&two_villages(), 2).unwrap();
        let team = |citizen: usize| division.citizens[CitizenId::new(citizen)];
        assert_eq!((team(0), team(37)), (team(2), team(39)));
        assert_ne!(team(0), team(39));
        assert_eq!(team(10), None, "nothing is required there");
        for carer in 0..4 {
            assert_eq!(division.carers[CarerId::new(carer)], team(if carer % 2 == 0 { 0 } else { 39 }), "carer {carer}");
        }
        // The centres are places 1 and 40: two carers there and back from 0 to 1; 0.3 of 1 and 2 minutes at either end.
        assert_eq!(division.rides, 2 * 2000 + 2 * 900);
        assert_eq!((division.met, division.met_within, division.short, division.cost), (60, 60, 0, division.rides));
        assert!(division.dual_bound <= division.cost && division.gap() <= 2.0 * programme::NEAR, "{division:?}");
    }

    #[test]
    fn one_team_has_everybody_and_more_teams_than_carers_are_none() {
        let problem = two_villages();
        let division = divided(&problem, 1).unwrap();
        assert!(division.carers.iter().all(|team| *team == Some(0)));
        assert_eq!((division.met, division.met_within), (60, 60));
        assert!(divided(&problem, 5).is_none() && divided(&problem, 0).is_none());
    }

    #[test]
    fn work_of_a_skill_goes_where_somebody_has_it() {
        // Both skilled carers are at the near end by whom they know, which leaves 400 minutes at the far end to nobody. With one of them there it is
        // 30 for whom that one knows, 78 for rides, and 191 minutes at the near end, where one of four carers has half of the work.
        let mut parts = two_villages().to_builder();
        let skill = SkillSet::EMPTY.with(SkillId::new(0));
        for visit in [0, 39] {
            parts.visits[VisitId::new(visit)].skills = skill;
            parts.visits[VisitId::new(visit)].duration = Ticks(400);
        }
        for carer in [0, 2] {
            parts.carers[CarerId::new(carer)].skills = skill;
        }
        let division = divided(&parts.build().unwrap(), 2).unwrap();
        assert_ne!(division.carers[CarerId::new(0)], division.carers[CarerId::new(2)]);
    }

    #[test]
    fn duty_is_counted_by_parts_of_the_day() {
        let problem = line_with(1, 0, |parts| {
            let mode = ModeId::new(0);
            let carer = parts.carers.push(Carer { label: "k".into(), skills: SkillSet::EMPTY, mode, team: None });
            let (start, end) = (Moment(1440 + 14 * 60), Moment(1440 + 24 * 60));
            let (from, to) = (PlaceId::new(0), PlaceId::new(0));
            parts.shifts.push(Shift {
                label: "s".into(),
                carer,
                start,
                end,
                from,
                to,
                capacity: None,
                pause: None,
                slack: Slack::default(),
                hours: None,
                use_cost: 0,
            });
        });
        // From 14 to 24: an hour of the day, eight of the evening, one of the night.
        assert_eq!(carers(&problem)[0].minutes, BTreeMap::from([(0, 60), (1, 480), (2, 60)]));
    }
}
