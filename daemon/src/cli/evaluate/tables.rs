//! Measures for people.

use std::fmt::Write;

use super::super::table::columns;
use crate::wire::{BreachesView, Evaluation, GroupView, MeasuresView, SlackView};

/// Citizens who are listed.
const LISTED: usize = 10;

/// All tables, lines ended.
pub(super) fn render(evaluation: &Evaluation) -> String {
    let of = &evaluation.district;
    let days = if evaluation.days == 1 { "1 day".to_owned() } else { format!("{} days", evaluation.days) };
    let mut text =
        format!("{}: {days}, {} citizens visited, {} visits (those by two carers counted twice)\n\n", evaluation.name, of.citizens, of.visits);
    text += &continuity(evaluation);
    text += &times(evaluation);
    text += &slack(evaluation);
    text += &spread(evaluation);
    text += &greatest_excess(evaluation);
    text
}

/// The district, the teams and the layers.
fn groups(evaluation: &Evaluation) -> Vec<(String, &MeasuresView)> {
    let named = |kind: &'static str| move |of: &'_ GroupView| format!("{kind}{}", of.id);
    let mut groups = vec![("district".to_owned(), &evaluation.district)];
    groups.extend(evaluation.teams.iter().map(|of| (named("team ")(of), &of.measures)));
    groups.extend(evaluation.layers.iter().map(|of| (named("")(of), &of.measures)));
    groups
}

/// Who comes: carers for each citizen, the floor, and how many visits are by somebody known.
fn continuity(evaluation: &Evaluation) -> String {
    let head = [
        "carers", "citizens", "visits", "left out", "mean", "median", "P90", "floor", "excess", "COC", "UPC", "SECON", "known", "new", "few", "team",
    ];
    let row = |(name, of): (String, &MeasuresView)| {
        let (distinct, excess) = (of.distinct_carers.as_ref(), of.excess.as_ref());
        let indices = of.indices.as_ref().map(|of| &of.unweighted);
        vec![
            name,
            of.citizens.to_string(),
            of.visits.to_string(),
            of.left_out.to_string(),
            number(distinct.map(|of| of.mean), 2),
            count(distinct.map(|of| of.median)),
            count(distinct.map(|of| of.p90)),
            number(excess.map(|of| of.floor), 2),
            number(excess.map(|of| of.mean), 2),
            number(indices.map(|of| of.coc), 3),
            number(indices.map(|of| of.upc), 3),
            number(indices.map(|of| of.secon), 3),
            percent(of.known_carer_share),
            number(of.new_faces.as_ref().map(|of| of.mean), 2),
            percent(of.few.as_ref().map(|of| of.primary_share)),
            percent(of.team_share),
        ]
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(groups(evaluation).into_iter().map(row));
    columns(&rows) + "\n"
}

/// When they come.
fn times(evaluation: &Evaluation) -> String {
    let head = ["times", "agreed", "on time", "off by", "P90", "over 1 h", "over 2 days", "irregular by", "outside wish by"];
    let row = |(name, of): (String, &MeasuresView)| {
        let of = &of.times;
        vec![
            name,
            of.agreed.to_string(),
            percent(of.on_time),
            minutes(of.dev_minutes),
            minutes(of.dev_minutes_p90),
            breaches(&of.over_1h),
            breaches(&of.over_2d),
            minutes(of.regularity),
            minutes(of.preferred_time_gap),
        ]
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(groups(evaluation).into_iter().map(row));
    columns(&rows) + "\n"
}

/// What carers have besides visits and rides.
fn slack(evaluation: &Evaluation) -> String {
    let Some(district) = &evaluation.slack else { return String::new() };
    let head =
        ["slack", "shifts", "free minutes", "least", "free share", "longest chain", "free enough", "buffers kept", "chains kept", "within hours"];
    let kept = |of: &BreachesView| if of.of == 0 { "-".to_owned() } else { format!("{} of {}", of.count, of.of) };
    let row = |name: String, of: &SlackView| {
        vec![
            name,
            of.shifts.to_string(),
            number(Some(of.free_minutes), 0),
            number(Some(of.least_free_minutes), 0),
            percent(Some(of.free_share)),
            of.longest_chain.to_string(),
            kept(&of.free),
            kept(&of.buffers),
            kept(&of.chains),
            kept(&of.hours),
        ]
    };
    let mut rows = vec![head.map(str::to_owned).to_vec(), row("district".to_owned(), district)];
    rows.extend(evaluation.slack_of_teams.iter().map(|of| row(format!("team {}", of.id), &of.slack)));
    columns(&rows) + "\n"
}

/// How many citizens have how few carers, and what the floor and the Swedish count say.
fn spread(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    if let Some(distinct) = &evaluation.district.distinct_carers {
        let mut rows = vec![vec!["carers at most".to_owned()], vec!["citizens".to_owned()]];
        for (most, share) in distinct.at_most.iter().enumerate() {
            for (row, cell) in rows.iter_mut().zip([(most + 1).to_string(), percent(Some(*share))]) {
                row.push(cell);
            }
        }
        text += &columns(&rows);
        text.push('\n');
    }
    if let Some(excess) = &evaluation.district.excess {
        let _ = writeln!(text, "floor by rule of thumb, without the roster: {:.2} carers", excess.roster_free_floor);
        if excess.unservable > 0 {
            let _ = writeln!(text, "required visits that nobody on the roster could pay: {}", excess.unservable);
        }
        if excess.inexact > 0 {
            let _ = writeln!(text, "citizens whose floor may lie too low: {}", excess.inexact);
        }
    }
    match &evaluation.carers_14d_se {
        Some(of) => {
            let _ = writeln!(text, "carers in 14 days, Swedish definition: mean {:.2}, median {} ({} citizens)", of.mean, of.median, of.citizens);
        }
        None => text += "carers in 14 days, Swedish definition: nobody to be counted\n",
    }
    text + "\n"
}

/// The citizens for whom planning could do most.
fn greatest_excess(evaluation: &Evaluation) -> String {
    let excess = |of: &GroupView| of.measures.excess.as_ref().map(|of| of.mean);
    let mut citizens: Vec<(&GroupView, f64)> =
        evaluation.citizens.iter().filter_map(|of| Some((of, excess(of)?))).filter(|(_, more)| *more > 0.0).collect();
    citizens.sort_by(|(a, more), (b, less)| less.total_cmp(more).then_with(|| a.id.cmp(&b.id)));
    if citizens.is_empty() {
        return "no citizen has more carers than the roster explains\n".to_owned();
    }
    let head = ["greatest excess", "visits", "carers", "floor", "excess", "COC", "known", "new"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(citizens.into_iter().take(LISTED).map(|(of, excess)| {
        let measures = &of.measures;
        vec![
            of.id.clone(),
            measures.visits.to_string(),
            count(measures.distinct_carers.as_ref().map(|of| of.median)),
            number(measures.excess.as_ref().map(|of| of.floor), 0),
            number(Some(excess), 0),
            number(measures.indices.as_ref().map(|of| of.unweighted.coc), 3),
            percent(measures.known_carer_share),
            count(measures.new_faces.as_ref().map(|of| of.total)),
        ]
    }));
    columns(&rows)
}

/// What cannot be measured.
const NOTHING: &str = "-";

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| format!("{value:.decimals$}"))
}

fn count(value: Option<usize>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| value.to_string())
}

fn breaches(of: &BreachesView) -> String {
    count((of.of > 0).then_some(of.count))
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| NOTHING.to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn minutes(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| format!("{value:.1} min"))
}
