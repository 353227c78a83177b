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
    /// Required visits that routes do not cover.
    pub(super) uncovered: Vec<VisitId>,
}

/// The linear programme with what it is made of.
pub(super) struct Master<'a> {
    day: &'a Day<'a>,
    model: Option<Model>,
    /// In the order of HiGHS: covering by visit (by the granted help for all alternatives; the rows of the others ask for nothing), lateness by visit where there is a greatest lateness, classes, links and cuts as they came.
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
    /// Before this one, columns that no plan can have are closed.
    closed_until: usize,
    handles: Vec<Col>,
    /// By visit: what stands in for a route to it, and its cost in units.
    stand_ins: Vec<(Col, i64)>,
    /// The greatest lateness, where it has a price.
    latest: Option<Col>,
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

/// A visit that has less than this share of a stand-in is covered.
const LEAST_UNCOVERED: f64 = 1e-7;
/// By how much a stand-in becomes dearer at once.
const RISE: i64 = 4;

impl<'a> Master<'a> {
    /// A master without columns; so many units stand in for a route to each required visit. The less they are, the tamer are prices
    /// while routes are few.
    pub(super) fn new(day: &'a Day<'a>, stand_ins: &[i64]) -> Option<Self> {
        let unit = (day.scale * day.problem.objective().denominator) as f64;
        let minute = day.problem.clock().ticks_per_minute as f64;
        let n = day.problem.visits().len();
        let (first_late, first_class) = (n, if day.greatest > 0 { 2 * n } else { n });
        let mut problem = ColProblem::new();
        let is_granted = |visit: VisitId| day.problem.granted(visit) == visit;
        let mut rows: Vec<Row> = day.problem.visits().ids().map(|visit| problem.add_row(if is_granted(visit) { 1.0 } else { 0.0 }..)).collect();
        rows.extend((first_late..first_class).map(|_| problem.add_row(0.0..)));
        rows.extend(day.classes.iter().map(|class| problem.add_row(..=class.shifts.len() as f64)));
        let mut model = problem.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.set_threads(NonZeroU32::MIN);
        // Columns come one round after the other: the basis stays primal feasible, and the dual simplex would start afresh.
        model.set_option("simplex_strategy", 4);
        model.set_option("presolve", "off");
        let costs = day.left_out.iter().zip(stand_ins).map(|(left_out, cost)| left_out.unwrap_or(*cost));
        let stand_in = |(cost, &row): (i64, &Row)| Some((model.try_add_column(cost as f64 / unit, 0.0.., [(row, 1.0)]).ok()?, cost));
        let stand_ins: Vec<(Col, i64)> = costs.zip(&rows).map(stand_in).collect::<Option<_>>()?;
        let latest = if day.greatest > 0 {
            let under = rows[first_late..first_class].iter().map(|&row| (row, 1.0));
            Some(model.try_add_column(day.greatest as f64 * minute / unit, day.lateness.0 as f64 / minute.., under).ok()?)
        } else {
            None
        };
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
            closed_until: 0,
            handles: Vec::new(),
            stand_ins,
            latest,
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
            put(self.day.problem.granted(visit).idx(), 1.0);
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
        self.closed_until = self.columns.len();
    }

    /// Makes what stands in for routes to these visits dearer, up to a limit; whether any became so.
    pub(super) fn raise(&mut self, uncovered: &[VisitId], limit: i64) -> bool {
        let Some(model) = &mut self.model else { return false };
        let mut rose = false;
        for visit in uncovered {
            let (handle, cost) = &mut self.stand_ins[visit.idx()];
            if *cost < limit {
                *cost = cost.saturating_mul(RISE).clamp(1, limit);
                model.change_column_cost(*handle, *cost as f64 / self.unit);
                rose = true;
            }
        }
        rose
    }

    /// What stands in for a route to each visit, in units.
    pub(super) fn stand_ins(&self) -> Vec<i64> {
        self.stand_ins.iter().map(|(_, cost)| *cost).collect()
    }

    /// The columns that may be in the mix.
    pub(super) fn open_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().enumerate().filter(|(at, column)| column.is_possible || *at >= self.closed_until).map(|(_, column)| column)
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

    /// What the linear programme is worth with no more than the columns of a part of the day, in units; everything stays as it was.
    /// `None` once HiGHS fails.
    pub(super) fn probe(&mut self, part: &Day<'_>) -> Option<f64> {
        let mut model = self.model.take()?;
        let outside: Vec<Col> =
            self.columns.iter().zip(&self.handles).filter(|(column, _)| column.is_possible && !part.has(column)).map(|(_, &handle)| handle).collect();
        outside.iter().for_each(|&handle| model.change_column_bounds(handle, 0.0..=0.0));
        self.latest.iter().for_each(|&latest| model.change_column_bounds(latest, part.lateness.0 as f64 / self.minute..));
        // Bounds only become tighter, so the basis stays dual feasible.
        model.set_option("simplex_strategy", 1);
        let solved = model.try_solve().ok()?;
        let value = (solved.status() == HighsModelStatus::Optimal).then(|| solved.objective_value() * self.unit);
        let mut model = Model::from(solved);
        outside.iter().for_each(|&handle| model.change_column_bounds(handle, 0.0..));
        self.latest.iter().for_each(|&latest| model.change_column_bounds(latest, self.day.lateness.0 as f64 / self.minute..));
        model.set_option("simplex_strategy", 4);
        self.model = Some(model);
        value
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
        let cover = prices(0..self.first_late, self.unit);
        let is_uncovered = |visit: VisitId| self.day.left_out[visit.idx()].is_none() && solution[self.stand_ins[visit.idx()].0] > LEAST_UNCOVERED;
        let relaxation = Relaxation {
            value,
            cover: self.day.problem.visits().ids().map(|visit| cover[self.day.problem.granted(visit).idx()]).collect(),
            late: if late.is_empty() { vec![0.0; self.first_late] } else { late },
            links: self.link_at.iter().map(|&at| duals[at] * self.unit).collect(),
            cuts: self.cut_at.iter().map(|&at| -duals[at] * self.unit).collect(),
            classes: prices(self.first_class..self.first_cutting, self.unit),
            shares: self.handles.iter().map(|&handle| solution[handle]).collect(),
            uncovered: self.day.problem.visits().ids().filter(|&visit| is_uncovered(visit)).collect(),
        };
        self.model = Some(solved.into());
        Some(relaxation)
    }
}
