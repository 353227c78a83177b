//! Plots as SVG: gaps by family, the cost over time of one instance, and travel against faces.

mod canvas;
mod frontier;
mod over_time;
mod strips;

pub use frontier::frontier;
pub use over_time::cost_over_time;
pub use strips::gaps;

/// Colours that people who do not see all colours can tell apart (Okabe and Ito 2008).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
