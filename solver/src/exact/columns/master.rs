//! The restricted master: the linear programme that mixes the routes found so far, for its prices.
//!
//! Covering rows, one row for each class, lateness rows under the greatest lateness, and the link and cut rows asked for so far. HiGHS keeps the
//! basis while columns come (primal simplex) and while rows come.

use std::num::NonZeroU32;

use highs::{Col, ColProblem, HighsModelStatus, Model, Row, Sense};

use super::day::Day;
use super::duals::{CutRow, LinkRow};
use crate::problem::VisitId;

/// A route as a column of the master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) class: usize,
    pub(super) visits: Vec<VisitId>,
    pub(super) starts: Vec<i64>,
    /// In units, without duals.
    pub(super) cost: i64,
    /// Whether a plan can have this route: pricing makes others too.
    pub(super) is_possible: bool,
}

/// What the linear programme says.
#[derive(Clone, Debug)]
pub(super) struct Relaxation {
    /// In units.
    pub(super) value: f64,
    /// In units by visit; in units per tick by visit; in units by link row.
    pub(super) cover: Vec<f64>,
    pub(super) late: Vec<f64>,
    pub(super) links: Vec<f64>,
    /// Units by cut row, at least 0.
    pub(super) cuts: Vec<f64>,
    /// Units by class, at most 0.
    pub(super) classes: Vec<f64>,
    /// Share of each column.
    pub(super) shares: Vec<f64>,
    /// Whether every visit is covered by routes or may be left out.
    pub(super) is_covered: bool,
}

/// The linear programme with what it is made of.
pub(super) struct Master<'a> {
    day: &'a Day<'a>,
    model: Option<Model>,
    /// In the order of HiGHS: covering by visit, lateness by visit where there is a greatest lateness, classes, links and cuts as they came.
    rows: Vec<Row>,
    first_late: usize,
    first_class: usize,
    first_cutting: usize,
    pub(super) link_rows: Vec<LinkRow>,
    pub(super) cut_rows: Vec<CutRow>,
    /// Which rows they are.
    link_at: Vec<usize>,
    cut_at: Vec<usize>,
    pub(super) columns: Vec<Column>,
    handles: Vec<Col>,
    /// Units that are 1 in the linear programme.
    unit: f64,
    /// Ticks that are 1 in the lateness rows.
    minute: f64,
}

impl std::fmt::Debug for Master<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Master").field("columns", &self.columns.len()).field("links", &self.link_rows.len()).finish_non_exhaustive()
    }
}

impl<'a> Master<'a> {
    /// A master without columns; `dear` units stand in for a route to a required visit.
    pub(super) fn new(day: &'a Day<'a>, dear: i64) -> Option<Self> {
        let unit = (day.scale * day.problem.objective().denominator) as f64;
        let minute = day.problem.clock().ticks_per_minute as f64;
        let n = day.problem.visits().len();
        let (first_late, first_class) = (n, if day.greatest > 0 { 2 * n } else { n });
        let mut problem = ColProblem::new();
        let mut rows: Vec<Row> = (0..n).map(|_| problem.add_row(1.0..)).collect();
        rows.extend((first_late..first_class).map(|_| problem.add_row(0.0..)));
        rows.extend(day.classes.iter().map(|class| problem.add_row(..=class.shifts.len() as f64)));
        for (left_out, &row) in day.left_out.iter().zip(&rows) {
            problem.add_column(left_out.unwrap_or(dear) as f64 / unit, 0.0.., [(row, 1.0)]);
        }
        if day.greatest > 0 {
            problem.add_column(day.greatest as f64 * minute / unit, 0.0.., rows[first_late..first_class].iter().map(|&row| (row, 1.0)));
        }
        let mut model = problem.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.set_threads(NonZeroU32::MIN);
        // Columns come one round after the other: the basis stays primal feasible, and the dual simplex would start afresh.
        model.set_option("simplex_strategy", 4);
        model.set_option("presolve", "off");
        Some(Self {
            day,
            model: Some(model),
            first_late,
            first_class,
            first_cutting: rows.len(),
            rows,
            link_rows: Vec::new(),
            cut_rows: Vec::new(),
            link_at: Vec::new(),
            cut_at: Vec::new(),
            columns: Vec::new(),
            handles: Vec::new(),
            unit,
            minute,
        })
    }

    /// Adds a column.
    pub(super) fn add(&mut self, column: Column) {
        let Some(model) = &mut self.model else { return };
        let mut entries = vec![(self.first_class + column.class, 1.0)];
        let mut put = |row: usize, value: f64| match entries.iter_mut().find(|(at, _)| *at == row) {
            Some(entry) => entry.1 += value,
            None => entries.push((row, value)),
        };
        for (&visit, &start) in column.visits.iter().zip(&column.starts) {
            put(visit.idx(), 1.0);
            let late = self.day.late(visit, start);
            if late > 0 && self.first_late < self.first_class {
                put(self.first_late + visit.idx(), -(late as f64) / self.minute);
            }
            for (&at, link) in self.link_at.iter().zip(&self.link_rows) {
                let entry = link.entry(visit, start);
                if entry != 0 {
                    put(at, entry as f64);
                }
            }
        }
        for (&at, cut) in self.cut_at.iter().zip(&self.cut_rows) {
            let entry = cut.entry(&column.visits);
            if entry != 0 {
                put(at, entry as f64);
            }
        }
        let factors = entries.iter().filter(|(_, value)| *value != 0.0).map(|&(row, value)| (self.rows[row], value));
        if let Ok(handle) = model.try_add_column(column.cost as f64 / self.unit, 0.0.., factors) {
            self.handles.push(handle);
            self.columns.push(column);
        }
    }

    /// Keeps routes that no plan can have out of the mix from now on.
    pub(super) fn drop_impossible(&mut self) {
        let Some(model) = &mut self.model else { return };
        for (_, &handle) in self.columns.iter().zip(&self.handles).filter(|(column, _)| !column.is_possible) {
            model.change_column_bounds(handle, 0.0..=0.0);
        }
    }

    /// Adds a link row.
    pub(super) fn add_link_row(&mut self, link: LinkRow) {
        let Some(model) = &mut self.model else { return };
        let entry = |column: &Column| column.visits.iter().zip(&column.starts).map(|(&visit, &start)| link.entry(visit, start)).sum::<i64>();
        let entries =
            self.columns.iter().zip(&self.handles).map(|(column, &handle)| (handle, entry(column) as f64)).filter(|(_, entry)| *entry != 0.0);
        if let Ok(row) = model.try_add_row(0.0.., entries) {
            self.link_at.push(self.rows.len());
            self.rows.push(row);
            self.link_rows.push(link);
        }
    }

    /// Adds a cut row.
    pub(super) fn add_cut_row(&mut self, cut: CutRow) {
        let Some(model) = &mut self.model else { return };
        let entries = self.columns.iter().zip(&self.handles).map(|(column, &handle)| (handle, cut.entry(&column.visits) as f64));
        if let Ok(row) = model.try_add_row(..=1.0, entries.filter(|(_, entry)| *entry != 0.0)) {
            self.cut_at.push(self.rows.len());
            self.rows.push(row);
            self.cut_rows.push(cut);
        }
    }

    /// Solves the linear programme; `None` once HiGHS fails.
    pub(super) fn solve(&mut self) -> Option<Relaxation> {
        let solved = self.model.take()?.try_solve().ok()?;
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let (value, solution) = (solved.objective_value() * self.unit, solved.get_solution());
        let duals = solution.dual_rows();
        let prices = |rows: std::ops::Range<usize>, unit: f64| duals[rows].iter().map(|price| price * unit).collect::<Vec<f64>>();
        let late = prices(self.first_late..self.first_class, self.unit / self.minute);
        let relaxation = Relaxation {
            value,
            cover: prices(0..self.first_late, self.unit),
            late: if late.is_empty() { vec![0.0; self.first_late] } else { late },
            links: self.link_at.iter().map(|&at| duals[at] * self.unit).collect(),
            cuts: self.cut_at.iter().map(|&at| -duals[at] * self.unit).collect(),
            classes: prices(self.first_class..self.first_cutting, self.unit),
            shares: self.handles.iter().map(|&handle| solution[handle]).collect(),
            is_covered: self.day.left_out.iter().zip(solution.columns()).all(|(left_out, &share)| left_out.is_some() || share < 1e-7),
        };
        self.model = Some(solved.into());
        Some(relaxation)
    }
}
