//! The best cost over time, one line for each run of an instance.

use super::COLOURS;
use super::canvas::{Canvas, Range, plain};
use crate::Row;

/// The cost that the axis shows, above the last one: what comes before is far off and would flatten the rest.
const SHOWN: f64 = 0.2;

/// Cost over CPU seconds of these runs of one instance, with the best published cost and the bound; `None` where no run kept the rules.
#[must_use]
pub fn cost_over_time(runs: &[&Row]) -> Option<String> {
    let runs: Vec<&Row> = runs.iter().copied().filter(|row| row.feasible).collect();
    let first = runs.first()?;
    let end = runs.iter().map(|row| row.cpu_seconds).fold(0.0, f64::max);
    let last = runs.iter().map(|row| row.cost).fold(f64::NEG_INFINITY, f64::max);
    let lines: Vec<Vec<(f64, f64)>> = runs.iter().map(|row| steps(row)).collect();
    let costs = lines.iter().flatten().map(|&(_, cost)| cost.min(last + SHOWN * last.abs()));
    let bound = runs.iter().filter_map(|row| row.bound).reduce(f64::max);
    let y = Range::of(costs.chain(first.best).chain(bound));
    let mut canvas =
        Canvas::new(&format!("Cost over time: {} {}", first.set, first.instance), Range { low: 0.0, high: end.max(1e-3) }, "CPU seconds", y, plain);
    for (name, value, dashes) in [("best published", first.best, "6 4"), ("bound", bound, "2 3")] {
        if let Some(value) = value {
            canvas.line(&[(0.0, value), (end, value)], "#444", dashes);
            canvas.legend(runs.len() + usize::from(name == "bound"), "#444", &format!("{name} {}", plain(value)));
        }
    }
    for (nth, (row, line)) in runs.iter().zip(&lines).enumerate() {
        let colour = COLOURS[nth % COLOURS.len()];
        canvas.line(line, colour, "");
        canvas.legend(nth, colour, &format!("seed {}: {}", row.seed, plain(row.cost)));
    }
    Some(canvas.finish())
}

/// The corners of a run's line, from its first plan that keeps the rules: flat until a better plan is known.
fn steps(row: &Row) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for point in row.trace.points.iter().filter(|point| point.feasible) {
        let seconds = point.cpu.as_secs_f64();
        if let Some(&(_, before)) = corners.last() {
            corners.push((seconds, before));
        }
        corners.push((seconds, point.cost));
    }
    corners.push((row.cpu_seconds, row.cost));
    corners
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::row::tests::row;
    use crate::{Point, Trace};

    #[test]
    fn lines_are_flat_until_a_better_plan_is_known() {
        let point = |seconds, cost, feasible| {
            let elapsed = Duration::from_secs(seconds);
            Point { elapsed, cpu: elapsed, cost, feasible }
        };
        let trace = Trace { points: vec![point(0, 900.0, false), point(1, 120.0, true), point(3, 99.0, true)] };
        let run = Row { trace, ..row() };
        assert_eq!(steps(&run), [(1.0, 120.0), (3.0, 120.0), (3.0, 99.0), (4.0, 99.0)]);
        let svg = cost_over_time(&[&run]).unwrap();
        assert!(svg.contains("best published 100") && svg.contains("bound 90") && svg.contains("seed 1: 99"));
        assert_eq!(cost_over_time(&[&Row { feasible: false, ..row() }]), None);
    }
}
