//! A rectangle with axes, drawn in numbers of the data.

use std::fmt::Write;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 60.0;
/// Ticks of an axis, more or less.
const TICKS: f64 = 8.0;

/// The range of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    /// The range of these values with a margin; around a single value, or 0 to 1 for none.
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.filter(|value| value.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        if low > high {
            return Self { low: 0.0, high: 1.0 };
        }
        let margin = if high > low { 0.05 * (high - low) } else { 0.05 * low.abs().max(1.0) };
        Self { low: low - margin, high: high + margin }
    }

    fn share(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Round numbers within: 1, 2 or 5 times a power of ten apart.
    fn ticks(self) -> Vec<f64> {
        let rough = (self.high - self.low) / TICKS;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(rough);
        let first = (self.low / step).ceil();
        (0..).map(|at| (first + f64::from(at)) * step).take_while(|tick| *tick <= self.high).collect()
    }
}

/// A drawing under way.
pub(super) struct Canvas {
    svg: String,
    x: Range,
    y: Range,
}

impl Canvas {
    /// Axes with a title; `label` says what a number on the y axis reads as. The x axis is named `x_name` and has ticks if it is not empty.
    pub(super) fn new(title: &str, x: Range, x_name: &str, y: Range, label: impl Fn(f64) -> String) -> Self {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
        );
        let _ = writeln!(svg, "<text x=\"{LEFT}\" y=\"24\" font-size=\"15\">{}</text>", escaped(title));
        let mut canvas = Self { svg, x, y };
        for tick in y.ticks() {
            let at = canvas.row(tick);
            let _ = writeln!(canvas.svg, "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>", WIDTH - RIGHT);
            canvas.text(LEFT - 8.0, at + 4.0, "end", &label(tick));
        }
        if !x_name.is_empty() {
            for tick in x.ticks() {
                let at = canvas.column(tick);
                canvas.text(at, HEIGHT - BOTTOM + 18.0, "middle", &plain(tick));
            }
            canvas.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 40.0, "middle", x_name);
        }
        canvas
    }

    fn column(&self, x: f64) -> f64 {
        LEFT + self.x.share(x) * (WIDTH - LEFT - RIGHT)
    }

    fn row(&self, y: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.share(y) * (HEIGHT - TOP - BOTTOM)
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        let _ = writeln!(self.svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(text));
    }

    /// A word below the x axis; every other one lower, so that neighbours do not touch.
    pub(super) fn name(&mut self, x: f64, lower: bool, name: &str) {
        self.text(self.column(x), HEIGHT - BOTTOM + if lower { 34.0 } else { 18.0 }, "middle", name);
    }

    /// An entry of the legend, the n-th from the top on the right.
    pub(super) fn legend(&mut self, n: usize, colour: &str, name: &str) {
        let y = TOP + 14.0 + 16.0 * n as f64;
        let _ = writeln!(self.svg, "<rect x=\"{}\" y=\"{}\" width=\"10\" height=\"10\" fill=\"{colour}\"/>", WIDTH - RIGHT - 16.0, y - 9.0);
        self.text(WIDTH - RIGHT - 22.0, y, "end", name);
    }

    pub(super) fn dot(&mut self, x: f64, y: f64, colour: &str, hover: &str) {
        let (x, y) = (self.column(x), self.row(y));
        let hover = escaped(hover);
        let _ =
            writeln!(self.svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\" fill-opacity=\"0.6\"><title>{hover}</title></circle>");
    }

    /// A line through points; `dashes` as in SVG, empty for none.
    pub(super) fn line(&mut self, points: &[(f64, f64)], colour: &str, dashes: &str) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{:.1},{:.1}", self.column(x), self.row(y))).collect();
        let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
        let _ = writeln!(self.svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"{dashes}/>", points.join(" "));
    }

    pub(super) fn finish(mut self) -> String {
        self.svg.push_str("</svg>\n");
        self.svg
    }
}

/// A number without needless zeros.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{:.3}", value + 0.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_within_the_range() {
        let ticks = Range { low: -0.7, high: 2.3 }.ticks();
        assert_eq!(ticks.iter().map(|&tick| plain(tick)).collect::<Vec<_>>(), ["-0.5", "0", "0.5", "1", "1.5", "2"]);
        assert_eq!(Range { low: 0.0, high: 60.0 }.ticks(), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
    }

    #[test]
    fn a_range_is_never_empty() {
        assert_eq!(Range::of([f64::NAN].into_iter()), Range { low: 0.0, high: 1.0 });
        for values in [vec![5.0], vec![0.0], vec![1.0, 3.0]] {
            let range = Range::of(values.iter().copied());
            assert!(range.low < range.high && values.iter().all(|value| (range.low..=range.high).contains(value)), "{range:?}");
        }
    }

    #[test]
    fn names_cannot_break_the_drawing() {
        let range = Range { low: 0.0, high: 1.0 };
        let mut canvas = Canvas::new("a < b & c", range, "", range, plain);
        canvas.name(0.5, false, "</svg>");
        let svg = canvas.finish();
        assert!(svg.contains("a &lt; b &amp; c") && svg.matches("</svg>").count() == 1);
    }
}
