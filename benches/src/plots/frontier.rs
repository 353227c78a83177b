//! Travel against faces, one dot for each price of a face.

use super::COLOURS;
use super::canvas::{Canvas, Range, plain};
use crate::frontier::Point;

/// The curve through its points, travel in hours and mean carers of a citizen; `None` where no plan visits anybody.
#[must_use]
pub fn frontier(name: &str, points: &[Point]) -> Option<String> {
    let at: Vec<(&Point, f64, f64)> = points.iter().filter_map(|point| Some((point, point.travel_minutes() / 60.0, point.carers?))).collect();
    if at.is_empty() {
        return None;
    }
    let floor = at.iter().filter_map(|&(point, _, carers)| Some(carers - point.excess?)).reduce(f64::min);
    let x = Range::of(at.iter().map(|&(_, travel, _)| travel));
    let y = Range::of(at.iter().map(|&(.., carers)| carers).chain(floor));
    let mut canvas = Canvas::new(&format!("Different carers of a citizen against travel: {name}"), x, "hours on the road", y, plain);
    if let Some(floor) = floor {
        canvas.line(&[(x.low, floor), (x.high, floor)], "#444", "6 4");
        canvas.legend(0, "#444", &format!("structural floor {floor:.2}"));
    }
    let mut line: Vec<(f64, f64)> = at.iter().map(|&(_, travel, carers)| (travel, carers)).collect();
    line.sort_by(|one, other| one.0.total_cmp(&other.0));
    canvas.line(&line, COLOURS[0], "");
    for &(point, travel, carers) in &at {
        let gap = point.gap().map_or_else(String::new, |gap| format!(", gap {:.1} %", 100.0 * gap));
        canvas.dot(
            travel,
            carers,
            COLOURS[1],
            &format!("faces at {} times their price: {travel:.1} h, {carers:.2} carers{gap}", plain(point.factor)),
        );
    }
    Some(canvas.finish())
}
