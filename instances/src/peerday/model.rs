//! From the file to a problem.

use std::collections::BTreeMap;

use kendt_solver::problem::{
    Carer, CarerId, Citizen, CitizenId, Clock, Content, Link, ModeId, Moment, Need, Objective, PlaceId, Preference, Problem, ProblemBuilder, Shift,
    SkillId, SkillSet, Slack, Term, Ticks, Travel, Visit, VisitId, Weight, Window,
};

use super::wire::{self, File};
use crate::ReadError;
use crate::gather::Faults;
use crate::times;

/// Price of a required visit left out, seconds of travel.
const REQUIRED_LEFT_OUT: i64 = 36_000;
/// Price of an optional visit left out, for each step of its priority.
const OPTIONAL_LEFT_OUT: i64 = 3_600;
/// Price of a visit by a carer of another team.
const OUTSIDE_TEAM: i64 = 1_200;
/// Starts this far from the preferred one are as good, seconds.
const TOLERANCE: i64 = 900;
/// How much longer roads are than straight lines.
const DETOUR: f64 = 1.3;
/// Modes and their speed in metres per second, in the arithmetic that the format defines its travel times by.
const MODES: [(&str, f64); 2] = [("car", 40.0 / 3.6), ("bike", 16.0 / 3.6)];
/// Highest skill level.
const TOP_LEVEL: i64 = 100;
/// Highest priority.
const TOP_PRIORITY: u8 = u8::MAX;
/// Largest coordinate, kilometres.
const FARTHEST: f64 = 1000.0;
/// Most of each item, so that a hostile file cannot ask for tables far larger than itself.
const MOST_CITIZENS: usize = 5_000;
const MOST_VISITS: usize = 20_000;
const MOST_CARERS: usize = 2_000;

/// The problem in the file, or all its faults.
pub(super) fn problem(file: &File, name: &str) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    for (list, count, most) in
        [("/citizens", file.citizens.len(), MOST_CITIZENS), ("/visits", file.visits.len(), MOST_VISITS), ("/carers", file.carers.len(), MOST_CARERS)]
    {
        if count > most {
            faults.add(list, format!("has {count} entries, at most {most} are allowed"));
        }
    }
    faults.finish(())?;
    let mut faults = Faults::default();
    let travel = travel(&spots(file, &mut faults));
    let mut builder = ProblemBuilder::new(name, Clock { ticks_per_minute: 60 }, travel, objective());
    let mut teams: BTreeMap<i64, Vec<CarerId>> = BTreeMap::new();
    for (index, carer) in file.carers.iter().enumerate() {
        let at = format!("/carers/{index}");
        numbered(carer.id, index, &at, &mut faults);
        let id = builder.carers.push(staff(carer, index, &at, &mut faults));
        builder.shifts.push(shift(carer, id, &at, &mut faults));
        teams.entry(times::whole(carer.team, format_args!("{at}/team"), &mut faults)).or_default().push(id);
    }
    let mut team_of = Vec::with_capacity(file.citizens.len());
    for (index, citizen) in file.citizens.iter().enumerate() {
        let at = format!("/citizens/{index}/team");
        builder.citizens.push(Citizen::new(index.to_string()));
        let team = times::whole(citizen.team, &at, &mut faults);
        if !teams.contains_key(&team) {
            faults.add(at, format!("is {team}, no carer belongs to that team"));
        }
        team_of.push(teams.get(&team).map_or(&[][..], Vec::as_slice));
    }
    let mut doubles: BTreeMap<i64, Vec<VisitId>> = BTreeMap::new();
    for (index, visit) in file.visits.iter().enumerate() {
        let at = format!("/visits/{index}");
        let id = builder.visits.push(demand(visit, index, &team_of, &at, &mut faults));
        if visit.sync.is_some() {
            doubles.entry(times::whole(visit.sync, format_args!("{at}/sync"), &mut faults)).or_default().push(id);
        }
    }
    for (sync, visits) in doubles {
        match visits.as_slice() {
            &[first, second] => builder.links.push(Link { first, second, min: Ticks::ZERO, max: Ticks::ZERO, different_carers: true }),
            others => faults.add("/visits", format!("{} visits have sync {sync}, a double visit has 2", others.len())),
        }
    }
    Ok(faults.finish(builder)?.build()?)
}

fn objective() -> Objective {
    Objective::new(1)
        .with(Term::Travel, Weight::Soft(1))
        .with(Term::Early, Weight::Soft(1))
        .with(Term::Late, Weight::Soft(1))
        .with(Term::CarerPreference, Weight::Soft(OUTSIDE_TEAM))
        .with(Term::Unserved, Weight::Soft(1))
        .with(Term::Lateness, Weight::Hard)
        .with(Term::Overtime, Weight::Hard)
}

/// An item's id must be its position, for plans name items by it.
fn numbered(id: Option<f64>, position: usize, at: &str, faults: &mut Faults) {
    let at = format!("{at}/id");
    let id = times::whole(id, &at, faults);
    if usize::try_from(id) != Ok(position) {
        faults.add(at, format!("is {id}, must be the position {position}"));
    }
}

/// The base and the citizens' homes, in kilometres.
fn spots(file: &File, faults: &mut Faults) -> Vec<(f64, f64)> {
    let mut coordinate = |stated: Option<f64>, at: String| match stated {
        Some(value) if (-FARTHEST..=FARTHEST).contains(&value) => value,
        Some(value) => {
            faults.add(at, format!("is {value} kilometres, allowed -{FARTHEST} to {FARTHEST}"));
            0.0
        }
        None => {
            faults.add(at, "is missing");
            0.0
        }
    };
    let mut base = |axis: usize| coordinate(file.base.get(axis).copied().flatten(), format!("/base/{axis}"));
    let base = (base(0), base(1));
    let homes = file.citizens.iter().enumerate();
    let homes = homes.map(|(index, citizen)| {
        let mut of = |value, axis| coordinate(value, format!("/citizens/{index}/{axis}"));
        (of(citizen.x, "x"), of(citizen.y, "y"))
    });
    std::iter::once(base).chain(homes).collect()
}

/// Travel by every mode, in the order of [`MODES`]: straight lines with a detour, rounded to whole seconds, ties to even.
fn travel(spots: &[(f64, f64)]) -> Travel {
    let mut travel = Travel::new(spots.len());
    for (_, speed) in MODES {
        let per_kilometre = 1000.0 * DETOUR / speed;
        #[expect(clippy::cast_possible_truncation, reason = "coordinates are bounded, so rides are far below 2^30 seconds")]
        let ride = |from: (f64, f64), to: (f64, f64)| ((from.0 - to.0).hypot(from.1 - to.1) * per_kilometre).round_ties_even() as i64;
        let rides: Vec<i64> = spots.iter().flat_map(|&from| spots.iter().map(move |&to| ride(from, to))).collect();
        travel.add_mode(&rides).expect("the table is square and its rides are bounded by the coordinates");
    }
    travel
}

fn level(stated: Option<f64>, at: &str, faults: &mut Faults) -> usize {
    let at = format!("{at}/skill");
    let level = times::whole(stated, &at, faults);
    match usize::try_from(level) {
        Ok(within) if level <= TOP_LEVEL => within,
        _ => {
            faults.add(at, format!("is {level}, allowed 0 to {TOP_LEVEL}"));
            0
        }
    }
}

/// A carer has every skill up to its level; level 0 is no skill.
fn staff(carer: &wire::Carer, index: usize, at: &str, faults: &mut Faults) -> Carer {
    let mode = MODES.iter().position(|(name, _)| *name == carer.mode).unwrap_or_else(|| {
        faults.add(format_args!("{at}/mode"), format!("is \"{}\", allowed \"car\" and \"bike\"", carer.mode));
        0
    });
    let skills = (1..=level(carer.skill, at, faults)).map(SkillId::new).fold(SkillSet::EMPTY, SkillSet::with);
    Carer { label: index.to_string(), skills, mode: ModeId::new(mode), team: None }
}

/// The two ends of a span of time.
fn span(stated: &[Option<f64>], at: String, faults: &mut Faults) -> (Moment, Moment) {
    let &[from, until] = stated else {
        faults.add(at, format!("has {} entries, needs two times", stated.len()));
        return (Moment(0), Moment(0));
    };
    let mut end = |time, entry: usize| times::moment(times::whole(time, format_args!("{at}/{entry}"), faults));
    let (from, until) = (end(from, 0), end(until, 1));
    if until < from {
        faults.add(at, format!("ends at {}, before its start at {}", until.0, from.0));
    }
    (from, until)
}

fn shift(carer: &wire::Carer, id: CarerId, at: &str, faults: &mut Faults) -> Shift {
    let (start, end) = span(&carer.shift, format!("{at}/shift"), faults);
    let base = PlaceId::new(0);
    Shift {
        label: id.idx().to_string(),
        carer: id,
        start,
        end,
        from: base,
        to: base,
        capacity: None,
        pause: None,
        slack: Slack::default(),
        hours: None,
        use_cost: 0,
    }
}

fn demand(visit: &wire::Visit, index: usize, team_of: &[&[CarerId]], at: &str, faults: &mut Faults) -> Visit {
    numbered(visit.id, index, at, faults);
    let citizen = citizen(visit, team_of.len(), at, faults);
    let (open, close) = span(&visit.tw, format!("{at}/tw"), faults);
    let wished = times::moment(times::whole(visit.pref, format_args!("{at}/pref"), faults));
    let level = level(visit.skill, at, faults);
    let priority = priority(visit, at, faults);
    Visit {
        label: index.to_string(),
        citizen,
        place: PlaceId::new(citizen.idx() + 1),
        duration: Ticks(times::whole(visit.dur, format_args!("{at}/dur"), faults)),
        windows: vec![Window { open, close }],
        preference: Some(Preference {
            // No visit starts before the day does, so a wish that reaches there may as well begin with it.
            from: (wished - Ticks(TOLERANCE)).max(Moment(0)),
            until: wished + Ticks(TOLERANCE),
            early: 1,
            late: 1,
        }),
        published: None,
        skills: if level == 0 { SkillSet::EMPTY } else { SkillSet::EMPTY.with(SkillId::new(level)) },
        load: 0,
        need: if visit.optional { Need::Optional } else { Need::Required },
        priority,
        unserved_cost: if visit.optional { OPTIONAL_LEFT_OUT * i64::from(priority) } else { REQUIRED_LEFT_OUT },
        allowed: None,
        preferred: team_of.get(citizen.idx()).map_or_else(Vec::new, |team| team.to_vec()),
        excluded: Vec::new(),
        course: None,
        carer_costs: Vec::new(),
        not_last_cost: 0,
        content: Content::default(),
    }
}

fn citizen(visit: &wire::Visit, n_citizens: usize, at: &str, faults: &mut Faults) -> CitizenId {
    let at = format!("{at}/citizen");
    let index = times::whole(visit.citizen, &at, faults);
    match usize::try_from(index) {
        Ok(within) if within < n_citizens => CitizenId::new(within),
        _ => {
            faults.add(at, format!("is {index}, there are {n_citizens} citizens"));
            CitizenId::new(0)
        }
    }
}

fn priority(visit: &wire::Visit, at: &str, faults: &mut Faults) -> u8 {
    let at = format!("{at}/prio");
    let stated = times::whole(visit.prio, &at, faults);
    u8::try_from(stated).unwrap_or_else(|_| {
        faults.add(at, format!("is {stated}, allowed 0 to {TOP_PRIORITY}"));
        0
    })
}
