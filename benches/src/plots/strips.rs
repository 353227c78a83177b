//! Gaps by family: a dot for each run, a bar at the mean.

use super::COLOURS;
use super::canvas::{Canvas, Range, plain};
use crate::Row;
use crate::markdown::{in_order, mean};

/// The gaps of all runs to the best published costs; `None` where no run has one.
#[must_use]
pub fn gaps(rows: &[Row]) -> Option<String> {
    let rows: Vec<(&Row, f64)> = rows.iter().filter_map(|row| Some((row, row.gap()?))).collect();
    if rows.is_empty() {
        return None;
    }
    let sets = in_order(rows.iter().map(|(row, _)| row.set.as_str()));
    let mut families: Vec<(&str, &str)> = Vec::new();
    for (row, _) in &rows {
        let family = (row.set.as_str(), row.family.as_str());
        if !families.contains(&family) {
            families.push(family);
        }
    }
    let y = Range::of(rows.iter().map(|&(_, gap)| gap).chain([0.0]));
    let x = Range { low: -0.5, high: families.len() as f64 - 0.5 };
    let mut canvas = Canvas::new("Gap to the best published cost, by family", x, "", y, |tick| format!("{} %", plain(tick)));
    canvas.line(&[(x.low, 0.0), (x.high, 0.0)], "#444", "");
    if sets.len() > 1 {
        sets.iter().enumerate().for_each(|(nth, set)| canvas.legend(nth, COLOURS[nth % COLOURS.len()], set));
    }
    for (at, &family) in families.iter().enumerate() {
        let centre = at as f64;
        let colour = sets.iter().position(|set| *set == family.0).map_or(COLOURS[0], |set| COLOURS[set % COLOURS.len()]);
        let own: Vec<(&Row, f64)> = rows.iter().copied().filter(|(row, _)| (row.set.as_str(), row.family.as_str()) == family).collect();
        for (nth, &(row, gap)) in own.iter().enumerate() {
            let beside = (nth as f64 + 0.5) / own.len() as f64 - 0.5;
            canvas.dot(centre + 0.5 * beside, gap, colour, &format!("{} seed {}: {gap:+.3} %", row.instance, row.seed));
        }
        if let Some(mean) = mean(&own.iter().map(|&(_, gap)| gap).collect::<Vec<f64>>()) {
            canvas.line(&[(centre - 0.35, mean), (centre + 0.35, mean)], colour, "");
        }
        canvas.name(centre, families.len() > 8 && at % 2 == 1, family.1);
    }
    Some(canvas.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::tests::row;

    #[test]
    fn every_run_with_a_gap_is_a_dot() {
        let run = |family: &str, best| Row { family: family.to_owned(), best, ..row() };
        let svg = gaps(&[run("A", Some(100.0)), run("A", Some(99.0)), run("B", Some(90.0)), run("C", None)]).unwrap();
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("one seed 1: -1.000 %") && svg.contains(">B</text>") && !svg.contains(">C</text>"));
        assert_eq!(gaps(&[run("C", None)]), None);
    }
}
