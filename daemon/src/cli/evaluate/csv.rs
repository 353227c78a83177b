//! Measures as comma-separated values: one row for each group, empty where nothing can be measured.

use crate::wire::{Evaluation, GroupView, IndicesView, MeasuresView};

/// A column's name and value.
type Cell = (String, Option<f64>);

/// The header and all rows, lines ended.
pub(super) fn render(evaluation: &Evaluation) -> String {
    let named = |group: &'static str| move |of: &GroupView| (group, of.id.clone(), of.measures.clone());
    let rows = std::iter::once(("district", evaluation.name.clone(), evaluation.district.clone()))
        .chain(evaluation.teams.iter().map(named("team")))
        .chain(evaluation.layers.iter().map(named("layer")))
        .chain(evaluation.citizens.iter().map(named("citizen")));
    let mut text = String::from("group,id");
    for (name, _) in cells(&evaluation.district) {
        text += ",";
        text += &name;
    }
    text.push('\n');
    for (group, id, measures) in rows {
        text += &format!("{group},{}", quoted(&id));
        for (_, value) in cells(&measures) {
            text += &value.map_or_else(|| ",".to_owned(), |value| format!(",{value}"));
        }
        text.push('\n');
    }
    text
}

/// Every measure of a group, in the same order for each.
fn cells(of: &MeasuresView) -> Vec<Cell> {
    let count = |name: &str, value: usize| (name.to_owned(), Some(value as f64));
    let cell = |name: &str, value: Option<f64>| (name.to_owned(), value);
    let (distinct, excess, few) = (of.distinct_carers.as_ref(), of.excess.as_ref(), of.few.as_ref());
    let times = &of.times;
    let mut cells = vec![
        count("citizens", of.citizens),
        count("visits", of.visits),
        count("left_out", of.left_out),
        cell("carers_mean", distinct.map(|of| of.mean)),
        cell("carers_median", distinct.map(|of| of.median as f64)),
        cell("carers_p90", distinct.map(|of| of.p90 as f64)),
        cell("excess", excess.map(|of| of.mean)),
        cell("floor", excess.map(|of| of.floor)),
        cell("roster_free_floor", excess.map(|of| of.roster_free_floor)),
        cell("inexact_floors", excess.map(|of| of.inexact as f64)),
        cell("unservable", excess.map(|of| of.unservable as f64)),
        count("with_past", of.with_past),
        cell("known_carer_share", of.known_carer_share),
        cell("few_visits", few.map(|of| of.visits as f64)),
        cell("primary_share", few.map(|of| of.primary_share)),
        cell("primary_only_share", few.map(|of| of.primary_only_share)),
        cell("new_faces_mean", of.new_faces.as_ref().map(|of| of.mean)),
        cell("new_faces_total", of.new_faces.as_ref().map(|of| of.total as f64)),
        cell("team_share", of.team_share),
        count("agreed", times.agreed),
        cell("on_time", times.on_time),
        cell("dev_minutes", times.dev_minutes),
        cell("dev_minutes_p90", times.dev_minutes_p90),
        count("over_1h", times.over_1h.count),
        cell("over_1h_share", times.over_1h.share),
        count("over_2d", times.over_2d.count),
        cell("over_2d_share", times.over_2d.share),
        count("courses", times.courses),
        cell("regularity", times.regularity),
        count("preferred", times.preferred),
        cell("preferred_time_gap", times.preferred_time_gap),
    ];
    let averages = of.indices.as_ref();
    cells.push(cell("indexed_citizens", Some(averages.map_or(0.0, |of| of.citizens as f64))));
    cells.extend(indices("", averages.map(|of| &of.unweighted)));
    cells.extend(indices("_weighted", averages.map(|of| &of.weighted)));
    let at_most = |most: usize| distinct.and_then(|of| of.at_most.get(most - 1).copied());
    cells.extend((1..=kendt_solver::continuity::MOST_CARERS).map(|most| (format!("at_most_{most}"), at_most(most))));
    cells
}

fn indices(suffix: &str, of: Option<&IndicesView>) -> [Cell; 5] {
    [
        ("upc", of.map(|of| of.upc)),
        ("coc", of.map(|of| of.coc)),
        ("secon", of.map(|of| of.secon)),
        ("mmci", of.map(|of| of.mmci)),
        ("entropy", of.map(|of| of.entropy)),
    ]
    .map(|(name, value)| (format!("{name}{suffix}"), value))
}

/// The text as one field (RFC 4180).
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_with_commas_are_quoted() {
        assert_eq!(quoted("c1"), "c1");
        assert_eq!(quoted("c \"1\", north"), "\"c \"\"1\"\", north\"");
    }
}
