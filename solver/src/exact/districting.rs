//! Teams from nothing: which citizens and carers belong together, as a mixed-integer programme with a bound (home-care districting: Blais,
//! Lapierre, Laporte 2003; the p-median model of Hakimi 1964 with room for what carers can do).
//!
//! A team has a centre, one of its citizens' homes. Citizens near it and carers who start near it ride less; a citizen and a carer who met in
//! the four weeks before stay together where that pays; and in every part of the day, and for every skill, a team should have carers on duty for
//! what its citizens need. Routes, and who of the team comes, are not decided here.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use highs::{Col, HighsSolutionStatus, RowProblem, Sense};

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
    /// Thousandths of a minute of work, by parts of the day and by skills, beyond the teams' shares for their carers' duty.
    pub short: i64,
}

impl Division {
    /// (cost - bound) / cost, 0 where both are equal.
    #[must_use]
    pub fn gap(&self) -> f64 {
        if self.cost > self.dual_bound { (self.cost - self.dual_bound) as f64 / self.cost as f64 } else { 0.0 }
    }
}

/// Thousandths that are 1 for HiGHS: minutes.
const UNIT: f64 = 1000.0;
/// HiGHS' bound may be this much too high, in minutes.
const TOLERANCE: f64 = 1e-4;

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
/// Most columns of a programme that HiGHS does something useful with in a minute or two.
const MOST_COLUMNS: usize = 15_000;
/// Rounds in which centres move to the middle of their citizens.
const LLOYD: usize = 10;
/// Share of the time for exchange before the programme.
const EXCHANGE_SHARE: f64 = 0.2;
/// HiGHS stops where its bound is this near, relatively.
const NEAR: f64 = 1e-3;
/// Nodes where no time limits the programme.
const MOST_NODES: i32 = 50;

/// Someone with work to be done or with time to do it, at a home or where shifts start.
struct Member<Id> {
    id: Id,
    place: PlaceId,
    /// What a minute of way from the centre costs.
    rides: i64,
    /// Minutes of work or duty by kind: the parts of the day, then the skills.
    minutes: BTreeMap<usize, i64>,
}

/// Divides citizens and carers into so many teams, by exchange at first and then by the programme; stops with the watch. `None` where there are
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
    Model::new(problem, n_teams, centres.len(), &citizens, &carers, &way).solve(problem, watch)
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
    for visit in problem.visits().iter().filter(|visit| visit.need == Need::Required) {
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

/// Columns of the programme. Those of members are row-major member × centre.
struct Model<'a> {
    citizens: &'a [Member<CitizenId>],
    carers: &'a [Member<CarerId>],
    n_centres: usize,
    rows: RowProblem,
    of_citizen: Vec<Col>,
    of_carer: Vec<Col>,
    /// What a member's way costs, as above.
    rides: (Vec<i64>, Vec<i64>),
    /// Who met, as citizen and carer here, and how often.
    met: BTreeMap<(usize, usize), usize>,
    /// By kind of work, what a minute of duty is a share of.
    shares: BTreeMap<usize, f64>,
    n_teams: usize,
    /// Fewest and most carers of a team.
    sizes: (usize, usize),
}

/// The centre of everyone's team, as indices here.
#[derive(Clone)]
struct Draft {
    of_citizen: Vec<usize>,
    of_carer: Vec<usize>,
}

impl<'a> Model<'a> {
    fn new(
        problem: &Problem,
        n_teams: usize,
        n_centres: usize,
        citizens: &'a [Member<CitizenId>],
        carers: &'a [Member<CarerId>],
        way: &dyn Fn(usize, PlaceId) -> i64,
    ) -> Self {
        let mut rows = RowProblem::new();
        let open: Vec<Col> = (0..n_centres).map(|_| rows.add_integer_column(0.0, 0..=1)).collect();
        rows.add_row(n_teams as f64..=n_teams as f64, open.iter().map(|&team| (team, 1.0)));
        let rides = (rides(citizens, n_centres, way), rides(carers, n_centres, way));
        let of_citizen = assigned(&mut rows, &open, &rides.0);
        let of_carer = assigned(&mut rows, &open, &rides.1);
        // Teams of about the same size.
        let (least, most) = ((carers.len() / n_teams).saturating_sub(UNEQUAL).max(1), carers.len().div_ceil(n_teams) + UNEQUAL);
        for (centre, &team) in open.iter().enumerate() {
            let carers = || of_carer.iter().skip(centre).step_by(n_centres).map(|&carer| (carer, 1.0));
            rows.add_row(0.0.., carers().chain([(team, -(least as f64))]));
            rows.add_row(..=0.0, carers().chain([(team, -(most as f64))]));
        }
        let mut this = Self {
            citizens,
            carers,
            n_centres,
            rows,
            of_citizen,
            of_carer,
            rides,
            met: BTreeMap::new(),
            shares: BTreeMap::new(),
            n_teams,
            sizes: (least, most),
        };
        this.relate(problem);
        this.staff();
        this
    }

    /// What it is worth that those who met stay together.
    fn relate(&mut self, problem: &Problem) {
        for (at, citizen) in self.citizens.iter().enumerate() {
            for past in &problem.citizens()[citizen.id].history {
                if let Ok(carer) = self.carers.binary_search_by_key(&past.carer, |carer| carer.id) {
                    *self.met.entry((at, carer)).or_insert(0) += 1;
                }
            }
        }
        for (&(citizen, carer), &times) in &self.met {
            for centre in 0..self.n_centres {
                let together = self.rows.add_column(-(RELATION * times as i64) as f64 / UNIT, 0..=1);
                for member in [self.of_citizen[citizen * self.n_centres + centre], self.of_carer[carer * self.n_centres + centre]] {
                    self.rows.add_row(..=0.0, [(together, 1.0), (member, -1.0)]);
                }
            }
        }
    }

    /// What it costs where a team has more work of a kind than its carers' duty has a share of.
    fn staff(&mut self) {
        let mut kinds: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        for (&kind, &work) in self.citizens.iter().flat_map(|citizen| &citizen.minutes) {
            kinds.entry(kind).or_insert((0, 0)).0 += work;
        }
        for (kind, &duty) in self.carers.iter().flat_map(|carer| &carer.minutes) {
            kinds.entry(*kind).and_modify(|(_, all)| *all += duty);
        }
        for (kind, (work, duty)) in kinds.into_iter().filter(|(_, (work, duty))| *work > 0 && *duty > 0) {
            let share = EVEN * work as f64 / duty as f64;
            let of = |minutes: &BTreeMap<usize, i64>| minutes.get(&kind).copied().unwrap_or(0) as f64;
            for centre in 0..self.n_centres {
                let short = self.rows.add_column(SHORT as f64 / UNIT, 0.0..);
                let work =
                    self.citizens.iter().enumerate().map(|(at, citizen)| (self.of_citizen[at * self.n_centres + centre], of(&citizen.minutes)));
                let duty =
                    self.carers.iter().enumerate().map(|(at, carer)| (self.of_carer[at * self.n_centres + centre], -share * of(&carer.minutes)));
                let entries: Vec<(Col, f64)> = work.chain(duty).filter(|(_, minutes)| *minutes != 0.0).chain([(short, -1.0)]).collect();
                self.rows.add_row(..=0.0, entries);
            }
            self.shares.insert(kind, share);
        }
    }

    fn solve(mut self, problem: &Problem, watch: &Watch) -> Option<Division> {
        let draft = self.exchanged(self.draft(), &watch.part(EXCHANGE_SHARE));
        let values = self.values(&draft);
        if values.len() > MOST_COLUMNS {
            let draft = self.exchanged(draft, watch);
            return Some(self.division(problem, &draft, 0));
        }
        let mut model = std::mem::take(&mut self.rows).try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.set_threads(NonZeroU32::MIN);
        model.set_option("mip_rel_gap", NEAR);
        match watch.left() {
            Some(left) => model.set_option("time_limit", left.as_secs_f64()),
            None => model.set_option("mip_max_nodes", MOST_NODES),
        }
        // A start that HiGHS does not like is only a lost hint.
        let _ = model.try_set_solution(Some(&values), None, None, None);
        let solved = model.try_solve().ok()?;
        let mut best = draft;
        if solved.primal_solution_status() == HighsSolutionStatus::Feasible {
            let solution = solved.get_solution();
            let centre = |of: &[Col]| of.iter().position(|&column| solution[column] > 0.5);
            let all = |of: &[Col]| of.chunks_exact(self.n_centres).map(centre).collect::<Option<Vec<usize>>>();
            let found = Draft { of_citizen: all(&self.of_citizen)?, of_carer: all(&self.of_carer)? };
            if self.cost(&found) < self.cost(&best) {
                best = found;
            }
        }
        // The programme counts relations that stay as a gain; here those that end cost.
        let all = RELATION * self.met.values().sum::<usize>() as i64;
        let proved = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
        let bound = proved.map_or(0, |bound| ((bound - TOLERANCE) * UNIT).floor() as i64 + all);
        Some(self.division(problem, &best, bound))
    }

    /// Centres far apart, moved to the middle of those who are nearest to them; carers where they know most and ride least.
    fn draft(&self) -> Draft {
        let way = |citizen: usize, centre: usize| self.rides.0[citizen * self.n_centres + centre];
        let nearest = |centres: &[usize], citizen: usize| centres.iter().copied().min_by_key(|&centre| way(citizen, centre)).unwrap_or(0);
        let mut centres: Vec<usize> = (0..self.n_teams).collect();
        let mut of_citizen: Vec<usize> = Vec::new();
        for _ in 0..LLOYD {
            of_citizen = (0..self.citizens.len()).map(|citizen| nearest(&centres, citizen)).collect();
            for nth in 0..centres.len() {
                let own: Vec<usize> = (0..of_citizen.len()).filter(|&citizen| of_citizen[citizen] == centres[nth]).collect();
                let sum = |centre: &usize| own.iter().map(|&citizen| way(citizen, *centre)).sum::<i64>();
                let middle = (0..self.n_centres).filter(|centre| *centre == centres[nth] || !centres.contains(centre)).min_by_key(sum);
                let Some(middle) = middle else { continue };
                own.iter().for_each(|&citizen| of_citizen[citizen] = middle);
                centres[nth] = middle;
            }
        }
        let mut worth: Vec<i64> = self.rides.1.clone();
        for (&(citizen, carer), &times) in &self.met {
            worth[carer * self.n_centres + of_citizen[citizen]] -= RELATION * times as i64;
        }
        let mut pairs: Vec<(i64, usize, usize)> = (0..self.carers.len())
            .flat_map(|carer| centres.iter().map(move |&centre| (carer, centre)))
            .map(|(carer, centre)| (worth[carer * self.n_centres + centre], carer, centre))
            .collect();
        pairs.sort_unstable();
        let (mut of_carer, mut sizes) = (vec![None; self.carers.len()], vec![0; self.n_centres]);
        // Every team to its least size before any goes on.
        for most in [self.sizes.0, self.sizes.1] {
            for &(_, carer, centre) in &pairs {
                if of_carer[carer].is_none() && sizes[centre] < most {
                    of_carer[carer] = Some(centre);
                    sizes[centre] += 1;
                }
            }
        }
        Draft { of_citizen, of_carer: of_carer.into_iter().map(|centre| centre.unwrap_or(centres[0])).collect() }
    }

    /// Citizens to other teams and carers in exchange, as long as that is cheaper. Nobody's team is left without carers or citizens.
    fn exchanged(&self, mut draft: Draft, watch: &Watch) -> Draft {
        let mut centres = draft.of_carer.clone();
        centres.sort_unstable();
        centres.dedup();
        let mut cost = self.cost(&draft);
        let mut is_better = true;
        while std::mem::take(&mut is_better) {
            for citizen in 0..draft.of_citizen.len() {
                for &centre in &centres {
                    let before = std::mem::replace(&mut draft.of_citizen[citizen], centre);
                    let now = self.cost(&draft);
                    if now < cost && draft.of_citizen.contains(&before) {
                        (cost, is_better) = (now, true);
                    } else {
                        draft.of_citizen[citizen] = before;
                    }
                }
                if watch.is_over() {
                    return draft;
                }
            }
            for one in 0..draft.of_carer.len() {
                for other in 0..one {
                    draft.of_carer.swap(one, other);
                    let now = self.cost(&draft);
                    if now < cost {
                        (cost, is_better) = (now, true);
                    } else {
                        draft.of_carer.swap(one, other);
                    }
                }
                if watch.is_over() {
                    return draft;
                }
            }
        }
        draft
    }

    /// What the columns are for a draft, in their order.
    fn values(&self, draft: &Draft) -> Vec<f64> {
        let is = |at: bool| f64::from(u8::from(at));
        let centres = 0..self.n_centres;
        let mut values: Vec<f64> = centres.clone().map(|centre| is(draft.of_carer.contains(&centre))).collect();
        for of in [&draft.of_citizen, &draft.of_carer] {
            values.extend(of.iter().flat_map(|&own| centres.clone().map(move |centre| is(centre == own))));
        }
        for &(citizen, carer) in self.met.keys() {
            let (one, other) = (draft.of_citizen[citizen], draft.of_carer[carer]);
            values.extend(centres.clone().map(|centre| is(one == centre && other == centre)));
        }
        for (&kind, &share) in &self.shares {
            values.extend(centres.clone().map(|centre| self.short(draft, centre, kind, share) as f64 / UNIT));
        }
        values
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

    /// Work of a kind for which a team has nobody on duty, in thousandths of a minute.
    fn short(&self, draft: &Draft, centre: usize, kind: usize, share: f64) -> i64 {
        let of = |minutes: &BTreeMap<usize, i64>| minutes.get(&kind).copied().unwrap_or(0);
        let work: i64 = self.citizens.iter().zip(&draft.of_citizen).filter(|(_, own)| **own == centre).map(|(citizen, _)| of(&citizen.minutes)).sum();
        let duty: i64 = self.carers.iter().zip(&draft.of_carer).filter(|(_, own)| **own == centre).map(|(carer, _)| of(&carer.minutes)).sum();
        ((work as f64 - share * duty as f64) * SHORT as f64).round().max(0.0) as i64
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

/// Everyone in one open team; row-major member × centre.
fn assigned(rows: &mut RowProblem, open: &[Col], costs: &[i64]) -> Vec<Col> {
    let columns: Vec<Col> = costs.iter().map(|&cost| rows.add_integer_column(cost as f64 / UNIT, 0..=1)).collect();
    for of_member in columns.chunks_exact(open.len()) {
        rows.add_row(1..=1, of_member.iter().map(|&column| (column, 1.0)));
        for (&column, &team) in of_member.iter().zip(open) {
            rows.add_row(..=0.0, [(column, 1.0), (team, -1.0)]);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::problem::{Carer, Met, Moment, Shift, SkillId, SkillSet, VisitId};
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
        assert!(division.dual_bound <= division.cost && division.gap() <= 2.0 * NEAR, "{division:?}");
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
            parts.shifts.push(Shift { label: "s".into(), carer, start, end, from, to, capacity: None, pause: None, use_cost: 0 });
        });
        // From 14 to 24: an hour of the day, eight of the evening, one of the night.
        assert_eq!(carers(&problem)[0].minutes, BTreeMap::from([(0, 60), (1, 480), (2, 60)]));
    }
}
