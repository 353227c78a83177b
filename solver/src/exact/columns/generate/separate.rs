//! Rows that every plan keeps and the mix of routes breaks: links at some moments, and cuts.

use super::{Column, CutRow, Generation, LEAST_SHARE, LinkRow, Relaxation, directions};
use crate::problem::VisitId;

/// Widths of the grids of moments at which links are asked for, in half minutes.
const GRIDS: [i64; 6] = [64, 32, 16, 8, 4, 2];
/// Parts of a visit by which a link is missed that are worth a row.
const LEAST_MISS: f64 = 0.02;
/// Link rows in one round.
const ROWS_AT_ONCE: usize = 40;
/// By how much a cut is broken that is worth a row.
const LEAST_BREACH: f64 = 0.04;
/// Cuts in one round, and those of them that one visit is in.
const CUTS_AT_ONCE: usize = 24;
const CUTS_OF_A_VISIT: usize = 4;
/// Rows are worth their time while they close one in so many parts of the gap, cuts while a round of them closes one in so many.
const ROWS_PAY: i64 = 100;
const CUTS_PAY: i64 = 30;

impl Generation<'_> {
    /// Whether the rows asked for of late are worth their time: whether they raised the bound by a share of the gap, or have not failed
    /// to for long.
    pub(super) fn pays(&mut self) -> bool {
        let bound = self.bound().unwrap_or(i64::MIN);
        let gap = self.aim().saturating_sub(bound);
        if bound.saturating_sub(self.paid_at) >= gap / ROWS_PAY {
            (self.paid_at, self.unpaid) = (bound, 0);
        } else {
            self.unpaid += 1;
        }
        self.unpaid <= self.patience.unpaid
    }

    /// Asks for cuts that the mix of routes breaks most, as long as they raise the bound. How many came.
    pub(super) fn cut(&mut self, relaxation: &Relaxation) -> usize {
        let bound = self.bound().unwrap_or(i64::MIN);
        let gap = self.aim().saturating_sub(bound);
        self.cut_at = self.cut_at.filter(|&before| bound.saturating_sub(before) >= gap / CUTS_PAY);
        if self.cut_at.is_none() {
            return 0;
        }
        self.cut_at = Some(bound);
        let n = self.day.problem.visits().len();
        // How much of the mix has both visits.
        let mut both = vec![0.0; n * n];
        let mix = || self.master.columns.iter().zip(&relaxation.shares).filter(|(_, share)| **share > LEAST_SHARE);
        for (column, share) in mix() {
            for one in &column.visits {
                column.visits.iter().filter(|other| *other != one).for_each(|other| both[one.idx() * n + other.idx()] += share);
            }
        }
        let mut broken: Vec<(f64, CutRow)> = Vec::new();
        for (first, second) in (0..n).flat_map(|first| (first + 1..n).map(move |second| (first, second))) {
            let pair = both[first * n + second];
            for third in (0..n).filter(|&third| pair > 0.0 && third != first && third != second) {
                let (one, other) = (both[first * n + third], both[second * n + third]);
                // Each three visits are met by their strongest pair, ties aside.
                if pair + one + other <= 1.0 + LEAST_BREACH || pair < one || pair < other {
                    continue;
                }
                let mut row = [first, second, third].map(VisitId::new);
                row.sort_unstable();
                let row = CutRow(row);
                let breach = mix().map(|(column, share)| row.entry(&column.visits) as f64 * share).sum::<f64>() - 1.0;
                if breach > LEAST_BREACH && !self.master.cut_rows.contains(&row) {
                    broken.push((breach, row));
                }
            }
        }
        broken.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        broken.dedup_by_key(|(_, row)| *row);
        let mut uses = vec![0; n];
        let mut came = 0;
        for (_, row) in broken {
            if came < CUTS_AT_ONCE && row.0.iter().all(|visit| uses[visit.idx()] < CUTS_OF_A_VISIT) {
                row.0.iter().for_each(|visit| uses[visit.idx()] += 1);
                self.master.add_cut_row(row);
                came += 1;
            }
        }
        came
    }

    /// Asks for links at the moments at which the mix of routes misses them most, on ever finer grids of moments. How many rows came.
    pub(super) fn separate(&mut self, relaxation: &Relaxation, grid: &mut usize) -> usize {
        while *grid < GRIDS.len() {
            let width = GRIDS[*grid] * self.day.problem.clock().ticks_per_minute / 2;
            let mut missed: Vec<(f64, LinkRow)> = Vec::new();
            for (first, second, apart) in directions(self.day.problem) {
                let begun = |visit, until: i64| -> f64 {
                    let shares = self.master.columns.iter().zip(&relaxation.shares).filter(|(_, share)| **share > LEAST_SHARE);
                    let by = |column: &Column| {
                        column.visits.iter().zip(&column.starts).filter(|(other, start)| **other == visit && **start <= until).count()
                    };
                    shares.map(|(column, share)| by(column) as f64 * share).sum()
                };
                let mut moments: Vec<i64> = (self.master.columns.iter().zip(&relaxation.shares))
                    .filter(|(_, share)| **share > LEAST_SHARE)
                    .flat_map(|(column, _)| column.visits.iter().zip(&column.starts).filter(|(visit, _)| **visit == first).map(|(_, start)| *start))
                    .map(|start| start.div_euclid(width) * width + width)
                    .collect();
                moments.sort_unstable();
                moments.dedup();
                let row = |by: i64| LinkRow { first, by, second, until: by.saturating_add(apart) };
                let misses = moments.into_iter().map(|by| (begun(first, by) - begun(second, by.saturating_add(apart)), row(by)));
                missed.extend(misses.filter(|(miss, row)| *miss > LEAST_MISS && !self.master.link_rows.contains(row)));
            }
            missed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            for (_, row) in missed.iter().take(ROWS_AT_ONCE) {
                self.master.add_link_row(*row);
            }
            if !missed.is_empty() {
                return missed.len().min(ROWS_AT_ONCE);
            }
            *grid += 1;
        }
        0
    }
}
