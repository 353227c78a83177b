//! What is known of one run.

use crate::Trace;

/// Costs closer than this are equal: published ones are rounded.
pub(crate) const ROUNDING: f64 = 0.001;

/// Names of the CSV's columns.
pub const COLUMNS: [&str; 27] = [
    "set",
    "family",
    "instance",
    "visits",
    "carers",
    "seed",
    "threads",
    "without",
    "cost",
    "best_known",
    "gap_percent",
    "published_annealing",
    "lower_bound",
    "bound_gap_percent",
    "proof",
    "feasible",
    "unserved",
    "seconds",
    "cpu_seconds",
    "seconds_to_1_percent",
    "cpu_seconds_to_1_percent",
    "iterations",
    "evaluated_moves",
    "iterations_per_cpu_second",
    "moves_per_cpu_second",
    "peak_megabytes",
    "terms",
];

/// One run: an instance, a seed, and what came out. Costs are in the instance's own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The set.
    pub set: String,
    /// The family within the set.
    pub family: String,
    /// The instance.
    pub instance: String,
    /// Its visits; a double visit counts twice.
    pub visits: usize,
    /// Its carers.
    pub carers: usize,
    /// Seed of the run.
    pub seed: u64,
    /// Search threads.
    pub threads: usize,
    /// What the solver did without.
    pub without: Vec<&'static str>,
    /// The plan's cost, by the checker.
    pub cost: f64,
    /// The smallest published cost.
    pub best: Option<f64>,
    /// The published simulated annealing's cost.
    pub annealing: Option<f64>,
    /// No plan costs less.
    pub bound: Option<f64>,
    /// What is proved: `optimal`, `bound` or `none`.
    pub proof: &'static str,
    /// Whether the checker accepts the plan.
    pub feasible: bool,
    /// Visits left out.
    pub unserved: usize,
    /// Wall seconds.
    pub seconds: f64,
    /// CPU seconds of the process, the exact solver's included.
    pub cpu_seconds: f64,
    /// Wall and CPU seconds until the cost was within 1 % of the last, to a round of the search.
    pub to_one_percent: Option<(f64, f64)>,
    /// Moves drawn.
    pub iterations: u64,
    /// Moves priced.
    pub evaluated: u64,
    /// Largest resident memory during the run, in megabytes.
    pub peak_megabytes: Option<f64>,
    /// The cost by term, where there is any.
    pub terms: Vec<(&'static str, f64)>,
    /// The best cost over time.
    pub trace: Trace,
}

impl Row {
    /// Cost above the best known one, in percent of it; nothing for a plan that breaks rules.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        let best = self.best.filter(|best| self.feasible && *best != 0.0)?;
        Some(100.0 * (self.cost - best) / best)
    }

    /// Cost above the bound, in percent of the cost; nothing for a plan that breaks rules.
    #[must_use]
    pub fn bound_gap(&self) -> Option<f64> {
        let bound = self.bound.filter(|_| self.feasible)?;
        let gap = self.cost - bound;
        Some(if gap == 0.0 { 0.0 } else { 100.0 * gap / self.cost.abs() })
    }

    /// Whether the plan keeps every rule and is cheaper than every published one.
    #[must_use]
    pub fn is_new_best(&self) -> bool {
        self.feasible && self.best.is_some_and(|best| self.cost < best - ROUNDING)
    }

    /// Whether the plan keeps every rule and costs what the best published one does.
    #[must_use]
    pub fn equals_best(&self) -> bool {
        self.feasible && self.best.is_some_and(|best| (self.cost - best).abs() <= ROUNDING)
    }

    /// Moves priced in a CPU second.
    #[must_use]
    pub fn moves_per_cpu_second(&self) -> Option<f64> {
        (self.cpu_seconds > 0.0).then(|| self.evaluated as f64 / self.cpu_seconds)
    }

    /// The line of the CSV, without its end.
    #[must_use]
    pub fn csv(&self) -> String {
        let or_blank = |value: Option<f64>, digits: usize| value.map_or(String::new(), |value| format!("{value:.digits$}"));
        let terms: Vec<String> = self.terms.iter().map(|(name, cost)| format!("{name}={cost:.2}")).collect();
        let drawn = (self.cpu_seconds > 0.0).then(|| self.iterations as f64 / self.cpu_seconds);
        let cells: [String; COLUMNS.len()] = [
            self.set.clone(),
            self.family.clone(),
            self.instance.clone(),
            self.visits.to_string(),
            self.carers.to_string(),
            self.seed.to_string(),
            self.threads.to_string(),
            self.without.join(" "),
            format!("{:.4}", self.cost),
            or_blank(self.best, 3),
            or_blank(self.gap(), 3),
            or_blank(self.annealing, 3),
            or_blank(self.bound, 4),
            or_blank(self.bound_gap(), 3),
            self.proof.to_owned(),
            self.feasible.to_string(),
            self.unserved.to_string(),
            format!("{:.2}", self.seconds),
            format!("{:.2}", self.cpu_seconds),
            or_blank(self.to_one_percent.map(|(wall, _)| wall), 2),
            or_blank(self.to_one_percent.map(|(_, cpu)| cpu), 2),
            self.iterations.to_string(),
            self.evaluated.to_string(),
            or_blank(drawn, 0),
            or_blank(self.moves_per_cpu_second(), 0),
            or_blank(self.peak_megabytes, 1),
            terms.join(" "),
        ];
        cells.map(|cell| quoted(&cell)).join(",")
    }
}

/// A cell as RFC 4180 wants it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run of 4 CPU seconds that cost 99 where 100 is published and 90 is proved.
    pub(crate) fn row() -> Row {
        Row {
            set: "small".to_owned(),
            family: "small".to_owned(),
            instance: "one".to_owned(),
            visits: 12,
            carers: 3,
            seed: 1,
            threads: 2,
            without: vec![],
            cost: 99.0,
            best: Some(100.0),
            annealing: None,
            bound: Some(90.0),
            proof: "bound",
            feasible: true,
            unserved: 0,
            seconds: 2.0,
            cpu_seconds: 4.0,
            to_one_percent: Some((0.5, 1.0)),
            iterations: 1000,
            evaluated: 800,
            peak_megabytes: Some(12.34),
            terms: vec![("travel", 90.0), ("waiting", 9.0)],
            trace: Trace::default(),
        }
    }

    #[test]
    fn a_row_has_a_cell_for_every_column() {
        let csv = row().csv();
        let cells: Vec<&str> = csv.split(',').collect();
        let cell = |name: &str| cells[COLUMNS.iter().position(|column| *column == name).unwrap()];
        assert_eq!(cells.len(), COLUMNS.len());
        assert_eq!((cell("gap_percent"), cell("bound_gap_percent")), ("-1.000", "9.091"));
        assert_eq!((cell("published_annealing"), cell("cpu_seconds_to_1_percent")), ("", "1.00"));
        assert_eq!((cell("iterations_per_cpu_second"), cell("moves_per_cpu_second")), ("250", "200"));
        assert_eq!(cell("without"), "");
        assert_eq!((cell("peak_megabytes"), cell("terms")), ("12.3", "travel=90.00 waiting=9.00"));
    }

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        let odd = Row { instance: "a,\"b\"".to_owned(), ..row() };
        assert!(odd.csv().starts_with("small,small,\"a,\"\"b\"\"\",12,"));
    }

    #[test]
    fn a_plan_is_a_new_best_only_beyond_rounding_and_without_violations() {
        let at = |cost: f64| Row { cost, ..row() };
        assert!(at(99.99).is_new_best() && !at(99.99).equals_best());
        assert!(!at(99.9995).is_new_best() && at(99.9995).equals_best());
        assert!(!at(101.0).is_new_best() && !at(101.0).equals_best());
        let broken = Row { feasible: false, ..row() };
        assert_eq!((broken.is_new_best(), broken.gap(), broken.bound_gap()), (false, None, None));
        assert!(!Row { best: None, ..row() }.is_new_best());
    }

    #[test]
    fn a_closed_gap_is_zero_even_at_cost_zero() {
        assert_eq!(Row { cost: 0.0, bound: Some(0.0), ..row() }.bound_gap(), Some(0.0));
    }
}
