//! The master of the team programme: one pattern for each citizen, within what carers have time for.

use std::num::NonZeroU32;

use highs::{Col, ColProblem, HighsModelStatus, HighsSolutionStatus, Model, Row, Sense};

use super::cut::share;
use super::needs::Needs;
use super::pattern::Pattern;
use crate::problem::ShiftId;
use crate::stop::Watch;

/// Thousandths that are 1 for HiGHS.
const UNIT: f64 = 1000.0;

/// What the linear programme says, in thousandths.
pub(super) struct Relaxed {
    pub(super) value: f64,
    /// By citizen.
    pub(super) citizens: Vec<f64>,
    /// By row, from 0 to what exceeding it costs, whole.
    pub(super) prices: Vec<i64>,
    /// Share of each pattern.
    pub(super) shares: Vec<f64>,
    /// By row that was given, by how much it is exceeded.
    pub(super) excess: Vec<f64>,
}

/// The patterns so far and the linear programme over them.
pub(super) struct Master {
    model: Option<Model>,
    /// One for each citizen, then one for each of the rows of what there is.
    rows: Vec<Row>,
    n_citizens: usize,
    /// With their citizens.
    pub(super) patterns: Vec<(usize, Pattern)>,
    handles: Vec<Option<Col>>,
    /// By row, what exceeding it stands for, and by how much of its price that is reckoned for now.
    excess: Vec<Col>,
    tameness: i64,
    /// Whether rows came since the last solution, which keeps it dual feasible alone.
    is_longer: bool,
}

impl Master {
    pub(super) fn new(needs: &Needs) -> Self {
        let mut problem = ColProblem::new();
        let mut rows: Vec<Row> = needs.citizens.iter().map(|_| problem.add_row(1..=1)).collect();
        rows.extend(needs.rows.iter().map(|row| problem.add_row(..=row.limit as f64)));
        let mut model = problem.try_optimise(Sense::Minimise).ok().map(|mut model| {
            model.make_quiet();
            model.set_threads(NonZeroU32::MIN);
            // Columns come one round after the other: the basis stays primal feasible.
            model.set_option("simplex_strategy", 4);
            model.set_option("presolve", "off");
            model
        });
        let over =
            |(row, &at): (&super::needs::Row, &Row)| model.as_mut()?.try_add_column((row.price / TAMEST) as f64 / UNIT, 0.0.., [(at, -1.0)]).ok();
        let excess = needs.rows.iter().zip(&rows[needs.citizens.len()..]).map_while(over).collect();
        Self { model, rows, n_citizens: needs.citizens.len(), patterns: Vec::new(), handles: Vec::new(), excess, tameness: TAMEST, is_longer: false }
    }

    /// Adds a citizen's pattern, unless one that takes the same is there and no dearer; whether it was added.
    pub(super) fn add(&mut self, citizen: usize, pattern: Pattern) -> bool {
        let is_new = self.find(citizen, &pattern).is_none();
        if is_new {
            let takes = pattern.takes.iter().map(|&(row, amount)| (self.rows[self.n_citizens + row], amount as f64));
            let entries: Vec<(Row, f64)> = std::iter::once((self.rows[citizen], 1.0)).chain(takes).collect();
            // Without a linear programme there is still the choice among patterns.
            self.handles.push(self.model.as_mut().and_then(|model| model.try_add_column(pattern.cost as f64 / UNIT, 0.0.., entries).ok()));
            self.patterns.push((citizen, pattern));
        }
        is_new
    }

    /// Where a pattern of the citizen is that takes the same and is no dearer.
    pub(super) fn find(&self, citizen: usize, pattern: &Pattern) -> Option<usize> {
        self.patterns.iter().position(|(other, known)| *other == citizen && known.takes == pattern.takes && known.cost <= pattern.cost)
    }

    /// By citizen, the cheapest pattern at prices by row, if there is one.
    pub(super) fn cheapest(&self, prices: &[i64]) -> Vec<Option<&Pattern>> {
        let mut cheapest: Vec<Option<(i64, &Pattern)>> = vec![None; self.n_citizens];
        for (citizen, pattern) in &self.patterns {
            let worth = pattern.cost + pattern.price(prices);
            if cheapest[*citizen].is_none_or(|(least, _)| worth < least) {
                cheapest[*citizen] = Some((worth, pattern));
            }
        }
        cheapest.into_iter().map(|cheapest| cheapest.map(|(_, pattern)| pattern)).collect()
    }

    /// Patterns with their citizens that are at most so much dearer at prices by row than the cheapest one of theirs.
    pub(super) fn nearly(&self, prices: &[i64], by: i64) -> Vec<(usize, &Pattern)> {
        let worth: Vec<i64> = self.patterns.iter().map(|(_, pattern)| pattern.cost + pattern.price(prices)).collect();
        let mut least = vec![i64::MAX; self.n_citizens];
        for ((citizen, _), &worth) in self.patterns.iter().zip(&worth) {
            least[*citizen] = least[*citizen].min(worth);
        }
        let is_near = |&(&(citizen, _), &worth): &(&(usize, Pattern), &i64)| worth <= least[citizen] + by;
        self.patterns.iter().zip(&worth).filter(is_near).map(|((citizen, pattern), _)| (*citizen, pattern)).collect()
    }

    /// Reckons more of what exceeding rows costs; `false` where it was all of it already. While patterns are few, full prices are wild ones.
    pub(super) fn raise(&mut self, needs: &Needs) -> bool {
        if self.tameness == 1 {
            return false;
        }
        self.tameness /= RISE;
        if let Some(model) = &mut self.model {
            for (row, &over) in needs.rows.iter().zip(&self.excess) {
                model.change_column_cost(over, (row.price / self.tameness) as f64 / UNIT);
            }
        }
        true
    }

    /// Takes over rows that `needs` has got at the end, each of which shares its excess with the row in `given`.
    pub(super) fn lengthen(&mut self, needs: &Needs, given: &[usize]) {
        let known = self.rows.len() - self.n_citizens;
        for (row, &base) in given.iter().enumerate().skip(known) {
            let mut entries: Vec<(Col, f64)> = vec![(self.excess[base], -(share(row, base) as f64))];
            for ((citizen, pattern), handle) in self.patterns.iter_mut().zip(&self.handles) {
                let of = |(need, &(candidate, shift)): (usize, &(usize, ShiftId))| {
                    let way = needs.citizens[*citizen].needs[need].ways[candidate].iter().find(|way| way.shift == shift)?;
                    way.takes.iter().find(|(other, _)| *other == row).map(|(_, amount)| amount)
                };
                let amount: i64 = pattern.ways.iter().enumerate().filter_map(of).sum();
                if amount != 0 {
                    pattern.takes.push((row, amount));
                    entries.extend(handle.map(|handle| (handle, amount as f64)));
                }
            }
            let handle = self.model.as_mut().and_then(|model| model.try_add_row(..=needs.rows[row].limit as f64, entries).ok());
            let Some(handle) = handle else {
                self.model = None;
                return;
            };
            self.rows.push(handle);
        }
        self.is_longer = true;
    }

    /// Lets a pattern stand alone for its citizen, or be one of several again.
    pub(super) fn fix(&mut self, at: usize, is_fixed: bool) {
        if let (Some(model), Some(&Some(handle))) = (&mut self.model, self.handles.get(at)) {
            model.change_column_bounds(handle, if is_fixed { 1.0..=1.0 } else { 0.0..=f64::INFINITY });
        }
    }

    /// Solves the linear programme; `None` once HiGHS fails.
    pub(super) fn relax(&mut self, needs: &Needs) -> Option<Relaxed> {
        let mut model = self.model.take()?;
        model.set_option("simplex_strategy", if std::mem::take(&mut self.is_longer) { 1 } else { 4 });
        let solved = model.try_solve().ok()?;
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let solution = solved.get_solution();
        let duals = solution.dual_rows();
        let price = |(dual, row): (&f64, &super::needs::Row)| ((-dual * UNIT).round() as i64).clamp(0, row.price);
        let relaxed = Relaxed {
            value: solved.objective_value() * UNIT,
            citizens: duals[..self.n_citizens].iter().map(|dual| dual * UNIT).collect(),
            prices: duals[self.n_citizens..].iter().zip(&needs.rows).map(price).collect(),
            excess: self.excess.iter().map(|&over| solution[over]).collect(),
            shares: self.handles.iter().map(|handle| handle.map_or(0.0, |handle| solution[handle])).collect(),
        };
        self.model = Some(solved.into());
        Some(relaxed)
    }

    /// What a choice of one pattern for each citizen costs.
    pub(super) fn cost(&self, needs: &Needs, chosen: &[usize]) -> i64 {
        needs.cost(&chosen.iter().map(|&at| &self.patterns[at].1).collect::<Vec<_>>())
    }

    /// Every citizen in turn takes the pattern that is cheapest beside what the others take, until nobody changes. Begins with nobody where
    /// `chosen` is empty; every citizen must have a pattern.
    pub(super) fn in_turn(&self, needs: &Needs, start: &[usize]) -> Vec<usize> {
        let mut of_citizen: Vec<Vec<usize>> = vec![Vec::new(); self.n_citizens];
        for (at, (citizen, _)) in self.patterns.iter().enumerate() {
            of_citizen[*citizen].push(at);
        }
        let mut used = vec![0i64; needs.rows.len()];
        let mut chosen: Vec<Option<usize>> = if start.is_empty() { vec![None; self.n_citizens] } else { start.iter().copied().map(Some).collect() };
        let takes = |used: &mut [i64], at: usize, sign: i64| self.patterns[at].1.takes.iter().for_each(|&(row, amount)| used[row] += sign * amount);
        chosen.iter().flatten().for_each(|&at| takes(&mut used, at, 1));
        for _ in 0..MOST_TURNS {
            let mut changed = false;
            for (citizen, patterns) in of_citizen.iter().enumerate() {
                if let Some(at) = chosen[citizen] {
                    takes(&mut used, at, -1);
                }
                let more = |row: usize, amount: i64| {
                    let over = |used: i64| (used - needs.rows[row].limit).max(0);
                    needs.rows[row].price * (over(used[row] + amount) - over(used[row]))
                };
                let price = |&at: &usize| {
                    let pattern = &self.patterns[at].1;
                    pattern.cost + pattern.takes.iter().map(|&(row, amount)| more(row, amount)).sum::<i64>()
                };
                let best = patterns.iter().copied().min_by_key(price);
                changed |= best != chosen[citizen];
                chosen[citizen] = best;
                if let Some(at) = best {
                    takes(&mut used, at, 1);
                }
            }
            if !changed {
                break;
            }
        }
        chosen.into_iter().flatten().collect()
    }

    /// The integer programme over all patterns, from a choice.
    pub(super) fn programme(&self, needs: &Needs, start: &[usize], watch: &Watch) -> Option<Vec<usize>> {
        let mut problem = ColProblem::new();
        let citizens: Vec<Row> = needs.citizens.iter().map(|_| problem.add_row(1..=1)).collect();
        let rows: Vec<Row> = needs.rows.iter().map(|row| problem.add_row(..=row.limit as f64)).collect();
        for (citizen, pattern) in &self.patterns {
            let takes = pattern.takes.iter().map(|&(row, amount)| (rows[row], amount as f64));
            problem.add_integer_column(pattern.cost as f64 / UNIT, 0..=1, std::iter::once((citizens[*citizen], 1.0)).chain(takes));
        }
        for (row, &at) in needs.rows.iter().zip(&rows) {
            problem.add_column(row.price as f64 / UNIT, 0.0.., [(at, -1.0)]);
        }
        let mut model = problem.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.set_threads(NonZeroU32::MIN);
        model.set_option("mip_rel_gap", 1e-4);
        match watch.left() {
            Some(left) => model.set_option("time_limit", left.as_secs_f64()),
            None => model.set_option("mip_max_nodes", MOST_NODES),
        }
        let mut values = vec![0.0; self.patterns.len() + rows.len()];
        start.iter().for_each(|&at| values[at] = 1.0);
        let patterns: Vec<&Pattern> = start.iter().map(|&at| &self.patterns[at].1).collect();
        for (at, (row, used)) in needs.rows.iter().zip(needs.used(&patterns)).enumerate() {
            values[self.patterns.len() + at] = (used - row.limit).max(0) as f64;
        }
        // A start that HiGHS does not like is only a lost hint.
        let _ = model.try_set_solution(Some(&values), None, None, None);
        let solved = model.try_solve().ok()?;
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return None;
        }
        let solution = solved.get_solution();
        let mut chosen = vec![None; self.n_citizens];
        for (at, (citizen, _)) in self.patterns.iter().enumerate() {
            if solution.columns()[at] > 0.5 {
                chosen[*citizen] = Some(at);
            }
        }
        chosen.into_iter().collect()
    }
}

/// What the price of exceeding a row is divided by at first, and how much of that goes at a time.
const TAMEST: i64 = 64;
const RISE: i64 = 4;
/// Turns that citizens take before they settle for what they have.
const MOST_TURNS: usize = 50;
/// Nodes of the integer programme where no time limits it.
const MOST_NODES: i32 = 200;
