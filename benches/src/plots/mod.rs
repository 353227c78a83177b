//! Plots as SVG: gaps by family, and the cost over time of one instance.

mod canvas;
mod over_time;
mod strips;

pub use over_time::cost_over_time;
pub use strips::gaps;

/// Colours that people who do not see all colours can tell apart (Okabe and Ito 2008).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
