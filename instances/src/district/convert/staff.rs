//! Carers and shifts.

use std::collections::{BTreeMap, BTreeSet};

use kendt_solver::problem::{self, BreakRule, CarerId, ModeId, Moment, PlaceId, ProblemBuilder, Slack, Ticks};

use super::delegations;
use super::ids::Ids;
use crate::district::pointer::Faults;
use crate::district::{Break, Carer, District, Shift, time};

/// The label of a carer's shift: its own id, or `carer/day` with the number of the shift from the second of a day on.
pub(in crate::district) fn shift_label(carer: &Carer, position: usize) -> String {
    let Some(shift) = carer.shifts.get(position) else { return String::new() };
    if let Some(id) = &shift.id {
        return id.clone();
    }
    let nth = carer.shifts.iter().take(position + 1).filter(|other| other.day == shift.day).count();
    if nth < 2 { format!("{}/{}", carer.id, shift.day) } else { format!("{}/{}/{nth}", carer.id, shift.day) }
}

/// Adds every carer and shift; a shift with faults is left out, its faults are kept.
pub(super) fn add(doc: &District, ids: &Ids<'_>, modes: &BTreeMap<&str, ModeId>, builder: &mut ProblemBuilder, faults: &mut Faults) {
    for (index, team) in doc.teams.iter().enumerate() {
        builder.teams.push(problem::Team { label: team.id.clone() });
        if let Some(base) = team.base.as_deref().filter(|base| ids.base(base).is_none()) {
            faults.unknown(format!("/teams/{index}/base"), "base", base);
        }
    }
    let mut labels = BTreeSet::new();
    for (index, carer) in doc.carers.iter().enumerate() {
        let at = format!("/carers/{index}");
        let id = builder.carers.push(problem::Carer {
            label: carer.id.clone(),
            skills: delegations::own_skills(doc, ids, &at, carer, faults),
            mode: mode(&at, doc, carer, modes, faults),
            team: ids.team(&format!("{at}/team"), carer.team.as_deref(), faults),
        });
        if let Some(base) = carer.base.as_deref().filter(|base| ids.base(base).is_none()) {
            faults.unknown(format!("{at}/base"), "base", base);
        }
        for (position, shift) in carer.shifts.iter().enumerate() {
            let at = format!("{at}/shifts/{position}");
            let label = shift_label(carer, position);
            if label.is_empty() || !labels.insert(label.clone()) {
                faults.add(format!("{at}/id"), if label.is_empty() { "is empty".into() } else { format!("`{label}` is used twice") });
            }
            if let Some(shift) = one(&at, doc, ids, carer, id, label, shift, faults) {
                builder.shifts.push(shift);
            }
        }
        overlaps(&at, carer, faults);
    }
}

fn mode(at: &str, doc: &District, carer: &Carer, modes: &BTreeMap<&str, ModeId>, faults: &mut Faults) -> ModeId {
    modes.get(carer.mode.as_str()).copied().unwrap_or_else(|| {
        let missing = if doc.travel.matrices.is_some() { "travel matrix" } else { "travel mode" };
        faults.unknown(format!("{at}/mode"), missing, &carer.mode);
        ModeId::new(0)
    })
}

#[expect(clippy::too_many_arguments, reason = "the shift's surroundings, each of another type")]
fn one(
    at: &str,
    doc: &District,
    ids: &Ids<'_>,
    carer: &Carer,
    id: CarerId,
    label: String,
    shift: &Shift,
    faults: &mut Faults,
) -> Option<problem::Shift> {
    let day = day(&format!("{at}/day"), shift.day, doc.days, faults);
    let start = moment(&format!("{at}/start"), day, &shift.start, faults);
    let end = moment(&format!("{at}/end"), day, &shift.end, faults);
    let (start, end) = (start?, end?);
    if end < start {
        faults.add(format!("{at}/end"), format!("{} is before the start at {}", shift.end, shift.start));
    }
    let from = base(at, ids, carer, shift, faults);
    let to = match &shift.end_base {
        None => from,
        Some(base) => ids.base(base).or_else(|| {
            faults.unknown(format!("{at}/end_base"), "base", base);
            None
        }),
    };
    let pause = shift.pause.as_ref().and_then(|pause| rule(&format!("{at}/break"), day, pause, faults));
    Some(problem::Shift {
        label,
        carer: id,
        start,
        end,
        from: from?,
        to: to?,
        capacity: None,
        pause,
        slack: Slack::default(),
        hours: None,
        use_cost: 0,
    })
}

/// The start base: the shift's, the carer's, the team's or the only one.
fn base(at: &str, ids: &Ids<'_>, carer: &Carer, shift: &Shift, faults: &mut Faults) -> Option<PlaceId> {
    let of_team = carer.team.as_deref().and_then(|team| ids.teams.get(team)).and_then(|team| team.base);
    let name = shift.base.as_deref().or(carer.base.as_deref()).or(of_team).or(ids.only_base());
    let found = name.and_then(|name| ids.base(name));
    match (name, found, &shift.base) {
        (None, ..) => faults.add(at, "has no base: name one here, at the carer or at the team"),
        (Some(name), None, Some(_)) => faults.unknown(format!("{at}/base"), "base", name),
        // An unknown base of the carer or team was reported there.
        _ => {}
    }
    found
}

fn rule(at: &str, day: i64, pause: &Break, faults: &mut Faults) -> Option<BreakRule> {
    let open = moment(&format!("{at}/earliest"), day, &pause.earliest, faults);
    let latest_begin = moment(&format!("{at}/latest"), day, &pause.latest, faults);
    let min_duration = minutes(&format!("{at}/minutes"), pause.minutes.0, 0.0, 480.0, faults);
    let (open, latest_begin, min_duration) = (open?, latest_begin?, min_duration?);
    if latest_begin < open {
        faults.add(format!("{at}/latest"), format!("{} is before the earliest begin at {}", pause.latest, pause.earliest));
    }
    Some(BreakRule { open, latest_begin, min_duration, latest_end: latest_begin + min_duration })
}

fn overlaps(at: &str, carer: &Carer, faults: &mut Faults) {
    let span = |shift: &Shift| Some((time::moment(shift.day, time::parse(&shift.start)?), time::moment(shift.day, time::parse(&shift.end)?)));
    let sane = |shift: &&Shift| (1..=28).contains(&shift.day);
    let mut spans: Vec<(Moment, Moment)> = carer.shifts.iter().filter(sane).filter_map(span).collect();
    spans.sort_unstable();
    for pair in spans.windows(2) {
        if pair[1].0 < pair[0].1 {
            let day = pair[1].0.0 / time::DAY + 1;
            faults.add(
                format!("{at}/shifts"),
                format!("the shift that starts on day {day} at {} begins before another one ends", clock_time(pair[1].0)),
            );
        }
    }
}

fn clock_time(moment: Moment) -> String {
    time::print(moment.0.rem_euclid(time::DAY))
}

/// The day, or day 1 after reporting that it is not in the document.
pub(super) fn day(at: &str, day: i64, days: i64, faults: &mut Faults) -> i64 {
    if (1..=days.clamp(1, 28)).contains(&day) {
        return day;
    }
    faults.add(at, format!("is day {day}, the district has days 1 to {days}"));
    1
}

/// The moment of a time on a day; `None` after reporting that it is no time.
pub(super) fn moment(at: &str, day: i64, text: &str, faults: &mut Faults) -> Option<Moment> {
    let seconds = time::parse(text);
    if seconds.is_none() {
        faults.add(at, format!("`{text}` is not a time like 07:30, from 00:00 to 47:59:59"));
    }
    seconds.map(|seconds| time::moment(day, seconds))
}

/// Minutes in ticks, rounded to whole ones; `None` after reporting that they are out of range.
pub(super) fn minutes(at: &str, minutes: f64, low: f64, high: f64, faults: &mut Faults) -> Option<Ticks> {
    if (low..=high).contains(&minutes) {
        return Some(Ticks((minutes * 60.0).round() as i64));
    }
    faults.add(at, format!("is {minutes} minutes, allowed {low} to {high}"));
    None
}
