//! Carers and shifts, sized to the demand.

use super::land::Areas;
use super::{Options, Preset};
use crate::district::{Break, Carer, Layer, Need, Number, Shift, Team, Visit};

/// Share of the carers' time that required visits and their travel should fill.
const UTILISATION: f64 = 0.82;
/// Share of the morning and evening peaks that may be filled: windows and joint starts leave gaps.
const PEAK: f64 = 0.9;

/// Teams and carers.
pub(super) struct Staff {
    pub(super) teams: Vec<Team>,
    pub(super) carers: Vec<Carer>,
}

/// How a carer of the team works.
#[derive(Clone, Copy)]
struct Pattern {
    start: &'static str,
    end: &'static str,
    pause: (&'static str, &'static str),
    layer: Layer,
    /// Minutes on duty without the break.
    minutes: f64,
}

const LONG_DAY: Pattern = Pattern { start: "07:00", end: "15:00", pause: ("11:00", "12:30"), layer: Layer::Day, minutes: 450.0 };
const SHORT_DAY: Pattern = Pattern { start: "07:00", end: "13:00", pause: ("10:00", "11:30"), layer: Layer::Day, minutes: 330.0 };
const LONG_EVENING: Pattern = Pattern { start: "15:00", end: "23:00", pause: ("18:00", "20:30"), layer: Layer::Evening, minutes: 450.0 };
const SHORT_EVENING: Pattern = Pattern { start: "16:00", end: "22:00", pause: ("18:30", "20:30"), layer: Layer::Evening, minutes: 330.0 };

/// Carers on duty at once: those of the day with long and short shifts, and of the evening.
#[derive(Clone, Copy)]
struct Crew {
    long_day: usize,
    short_day: usize,
    long_evening: usize,
    short_evening: usize,
}

/// The work of one day in minutes, travel included.
#[derive(Clone, Copy, Default)]
struct Work {
    day: f64,
    evening: f64,
    morning_peak: f64,
    evening_peak: f64,
}

fn work(preset: Preset, visits: &[Visit], day: i64) -> Work {
    let mut work = Work::default();
    for visit in visits.iter().filter(|visit| visit.day == day && visit.need == Need::Required) {
        let minutes = visit.carers as f64 * (visit.minutes.0 + preset.travel_minutes());
        match visit.preferred.as_ref().map(|wish| wish.until.as_str()) {
            Some(until) if until > "15:00" => {
                work.evening += minutes;
                if ("17:00".."20:31").contains(&until) {
                    work.evening_peak += minutes;
                }
            }
            Some(until) if until < "11:00" => {
                work.day += minutes;
                work.morning_peak += minutes;
            }
            _ => work.day += minutes,
        }
    }
    work
}

/// As many carers as the peaks need, and as many long shifts among them as the whole day needs.
fn crew(options: &Options, visits: &[Visit]) -> Crew {
    // The busiest day decides: rosters are equal from day to day.
    let days = (1..=options.days).map(|day| work(options.preset, visits, day));
    let most = days.fold(Work::default(), |most, work| Work {
        day: most.day.max(work.day),
        evening: most.evening.max(work.evening),
        morning_peak: most.morning_peak.max(work.morning_peak),
        evening_peak: most.evening_peak.max(work.evening_peak),
    });
    // The morning's windows reach from 07:00 to about 11:30, the evening's from 16:00 to about 21:00.
    let (long_day, short_day) = split(most.day, most.morning_peak / (270.0 * PEAK), &LONG_DAY, &SHORT_DAY);
    let (long_evening, short_evening) = split(most.evening, most.evening_peak / (270.0 * PEAK), &LONG_EVENING, &SHORT_EVENING);
    Crew { long_day, short_day, long_evening, short_evening }
}

/// Long and short shifts whose time is the work at the wanted utilisation, at least as many as the peak needs.
fn split(work: f64, at_peak: f64, long: &Pattern, short: &Pattern) -> (usize, usize) {
    let wanted = work / UTILISATION;
    let count = at_peak.max(wanted / long.minutes).ceil().max(2.0);
    let longs = ((wanted - count * short.minutes) / (long.minutes - short.minutes)).ceil().clamp((count / 2.0).ceil(), count);
    (longs as usize, (count - longs) as usize)
}

/// Days on duty in a fortnight: on one day everybody works, over more days everybody has days off.
fn pool(options: &Options, on_duty: usize) -> usize {
    if options.days == 1 { on_duty } else { (on_duty * 7).div_ceil(5) }
}

fn patterns(crew: Crew) -> Vec<(Pattern, usize)> {
    vec![(LONG_DAY, crew.long_day), (SHORT_DAY, crew.short_day), (LONG_EVENING, crew.long_evening), (SHORT_EVENING, crew.short_evening)]
}

/// Teams of 8 to 12, as near to 10 as the number of carers allows.
pub(super) fn n_teams(options: &Options, visits: &[Visit]) -> usize {
    let carers: usize = patterns(crew(options, visits)).into_iter().map(|(_, on_duty)| pool(options, on_duty)).sum();
    ((carers + 5) / 10).max(1)
}

/// The carers of all teams. Patterns, skills and travel modes go round the teams, so that each has its share of everything.
pub(super) fn staff(options: &Options, areas: &Areas, visits: &[Visit]) -> Staff {
    let n_teams = areas.bases.len();
    let teams = (1..=n_teams).map(|team| Team { id: format!("t{team}"), base: Some(format!("b{team}")) });
    let mut carers = Vec::new();
    for (pattern, on_duty) in patterns(crew(options, visits)) {
        let n_carers = pool(options, on_duty);
        for nth in 0..n_carers {
            let index = carers.len();
            let team = index % n_teams;
            carers.push(Carer {
                id: format!("k{:02}", index + 1),
                skills: skills(nth),
                mode: mode(options.preset, areas.cycles.get(team).copied().unwrap_or(false), index / n_teams).to_owned(),
                team: Some(format!("t{}", team + 1)),
                profession: None,
                delegations: Vec::new(),
                supplier: None,
                base: None,
                shifts: (1..=options.days).filter(|&day| works(options, nth, n_carers, on_duty, day)).map(|day| shift(&pattern, day)).collect(),
            });
        }
    }
    Staff { teams: teams.collect(), carers }
}

/// Whoever can do more can do less too: of ten carers five are helpers, three assistants and two nurses.
fn skills(nth: usize) -> Vec<String> {
    let level = match nth % 10 {
        0 | 5 => 3,
        1 | 3 | 8 => 2,
        _ => 1,
    };
    ["ssh", "ssa", "nurse"].into_iter().take(level).map(str::to_owned).collect()
}

fn mode(preset: Preset, cycles: bool, nth: usize) -> &'static str {
    let bikes_of_five = match preset {
        Preset::Rural => 0,
        Preset::Town => 3,
        Preset::Mixed => 2,
    };
    if cycles && nth % 5 < bikes_of_five { "bike" } else { "e_car" }
}

/// Every day the next `on_duty` carers of the round work, so days off are spread evenly.
fn works(options: &Options, nth: usize, n_carers: usize, on_duty: usize, day: i64) -> bool {
    let off_per_day = n_carers - on_duty;
    let first_off = usize::try_from(day - 1).unwrap_or(0) * off_per_day % n_carers.max(1);
    options.days == 1 || (nth + n_carers - first_off) % n_carers >= off_per_day
}

fn shift(pattern: &Pattern, day: i64) -> Shift {
    let pause = Break { earliest: pattern.pause.0.to_owned(), latest: pattern.pause.1.to_owned(), minutes: Number(30.0) };
    Shift {
        id: None,
        day,
        start: pattern.start.to_owned(),
        end: pattern.end.to_owned(),
        base: None,
        end_base: None,
        pause: Some(pause),
        layer: Some(pattern.layer),
    }
}
