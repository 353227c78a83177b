//! A running solve's news on stderr.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kendt_solver::exact::team::{Stage, TeamProgress};
use kendt_solver::problem::Objective;
use kendt_solver::solve::{Progress, gap};

/// A line that follows the solve; drawn only where stderr is a terminal.
pub(super) struct Line {
    bar: ProgressBar,
}

impl Line {
    pub(super) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4}  {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar.set_message("looking for a first plan");
        Self { bar }
    }

    pub(super) fn show(&self, objective: &Objective, progress: &Progress) {
        if self.bar.is_hidden() {
            return;
        }
        let feasible = if progress.feasible { "" } else { " (breaks rules)" };
        let bound = progress.dual_bound.map_or_else(String::new, |bound| {
            let gap = gap(progress.cost, bound).map_or_else(String::new, |gap| format!(", gap {:.2} %", gap * 100.0));
            format!("  bound {:.2}{gap}", objective.reported(bound))
        });
        let cost = objective.reported(progress.cost);
        self.bar.set_message(format!("cost {cost:.2}{feasible}{bound}  {} iterations", progress.iterations));
    }

    pub(super) fn show_team(&self, progress: &TeamProgress) {
        let stage = match progress.stage {
            Stage::Generating => "looking for who could come to whom",
            Stage::Bounding => "proving what no choice costs less than",
            Stage::Choosing => "choosing",
        };
        let bound = progress.dual_bound.map_or_else(String::new, |bound| format!("  bound {:.1} minutes", bound as f64 / 1000.0));
        self.bar.set_message(format!("{stage}{bound}"));
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
