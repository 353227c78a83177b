//! A sharper bound: cuts of the rows of carers' time.
//!
//! A shift's two hours hold whole visits, which the linear programme shares out to the minute. What whole visits of a row cost at least where each is
//! there by a share is itself a linear programme, over sets of visits (Boyd 1993: Fenchel cuts). Its dual prices p of visits and q of being there at
//! all give the sharpest cut Σ p x ≤ q + e, with e the excess of the row. Rounded to eighths of a minute it is made valid by the dearest set, which
//! dynamic programming finds. Visits of other citizens, which the linear programme has not in that row, are lifted in all at once: with F(a) what a
//! more minutes leave of the cut at least, each may count min F(a + t) - F(t) over all t, since such steps sum up to F of all of them at most
//! (Gu, Nemhauser, Savelsbergh 2000, sequence independent lifting).

use std::collections::BTreeMap;
use std::sync::Arc;

use highs::{ColProblem, HighsModelStatus, Sense};
use rayon::prelude::*;

use super::master::{Master, Relaxed};
use super::needs::{Needs, Row};

/// Parts of a minute that cuts count in.
pub(super) const PARTS: i64 = 8;
/// Least violation of a cut, in minutes.
const LEAST: f64 = 0.1;
/// Visits with a smaller share than this are not there.
const THERE: f64 = 1e-3;
/// Most visits that a row may have for a cut.
const MOST_VISITS: usize = 40;
/// Sets that are looked for to make a cut.
const MOST_SETS: usize = 200;

/// What whole visits take of a row at most: the sum of their amounts is at most `limit` and [`PARTS`] times the row's excess.
pub(super) struct Cut {
    base: usize,
    limit: i64,
    /// Amounts of the visits that it was made for, by citizen, need and minutes.
    own: BTreeMap<(usize, usize, i64), i64>,
    /// Amounts of others, by their minutes.
    others: Vec<i64>,
}

/// A visit in a row as the linear programme has it.
#[derive(Clone, Copy, Debug)]
struct Part {
    citizen: usize,
    need: usize,
    minutes: i64,
    share: f64,
}

impl Cut {
    /// The cut of these amounts of visits.
    fn new(base: usize, row_limit: i64, longest: i64, parts: &[Part], amounts: &[i64]) -> Self {
        let by_minutes = dearest(parts, amounts);
        let over = |minutes: i64| PARTS * (minutes - row_limit).max(0);
        let sets = || by_minutes.iter().enumerate().filter_map(|(minutes, worth)| Some((minutes as i64, (*worth)?)));
        let limit = sets().map(|(minutes, worth)| worth - over(minutes)).max().unwrap_or(0);
        // From `full` on every minute more is one of excess.
        let full = row_limit.max(0);
        let left: Vec<i64> =
            (0..=full + longest).map(|more| sets().map(|(minutes, worth)| limit + over(minutes + more) - worth).min().unwrap_or(0)).collect();
        let lifted = |minutes: i64| (0..=full).map(|from| left[(from + minutes) as usize] - left[from as usize]).min().unwrap_or(0);
        let own = parts.iter().zip(amounts).map(|(part, &amount)| ((part.citizen, part.need, part.minutes), amount)).collect();
        Self { base, limit, own, others: (0..=longest).map(lifted).collect() }
    }

    /// What a visit takes of the new row.
    fn amount(&self, citizen: usize, need: usize, minutes: i64) -> i64 {
        match self.own.get(&(citizen, need, minutes)) {
            Some(&amount) => amount,
            None => usize::try_from(minutes).ok().and_then(|minutes| self.others.get(minutes)).copied().unwrap_or(0),
        }
    }
}

/// By minutes, what the dearest set of visits that takes just those is worth.
fn dearest(parts: &[Part], amounts: &[i64]) -> Vec<Option<i64>> {
    let all: i64 = parts.iter().map(|part| part.minutes).sum();
    let mut dearest = vec![None; all as usize + 1];
    dearest[0] = Some(0);
    for (part, amount) in parts.iter().zip(amounts) {
        for minutes in (part.minutes as usize..dearest.len()).rev() {
            let with = dearest[minutes - part.minutes as usize].map(|worth: i64| worth + amount);
            dearest[minutes] = dearest[minutes].max(with);
        }
    }
    dearest
}

/// The most violated cut of each row, if any.
pub(super) fn separate(needs: &Needs, n_rows: usize, master: &Master, relaxed: &Relaxed) -> Vec<Cut> {
    let mut parts: Vec<BTreeMap<(usize, usize, i64), f64>> = vec![BTreeMap::new(); n_rows];
    for ((citizen, pattern), &share) in master.patterns.iter().zip(&relaxed.shares).filter(|(_, share)| **share > 1e-6) {
        for (need, &(candidate, shift)) in pattern.ways.iter().enumerate() {
            let way = needs.citizens[*citizen].needs[need].ways[candidate].iter().find(|way| way.shift == shift);
            for &(row, amount) in way.iter().flat_map(|way| &way.takes).filter(|(row, _)| *row < n_rows && needs.rows[*row].is_time) {
                *parts[row].entry((*citizen, need, amount)).or_default() += share;
            }
        }
    }
    let mut longest = vec![0; n_rows];
    for &(row, amount) in
        needs.citizens.iter().flat_map(|citizen| &citizen.needs).flat_map(|need| need.ways.iter().flatten()).flat_map(|way| &way.takes)
    {
        if row < n_rows {
            longest[row] = amount.max(longest[row]);
        }
    }
    let of_row = |(row, parts): (usize, &BTreeMap<(usize, usize, i64), f64>)| {
        let part = |(&(citizen, need, minutes), &share): (&(usize, usize, i64), &f64)| Part { citizen, need, minutes, share };
        let parts: Vec<Part> = parts.iter().map(part).filter(|part| part.share > THERE && part.minutes > 0).collect();
        violated(row, needs.rows[row].limit, longest[row], relaxed.excess[row], &parts)
    };
    parts.par_iter().enumerate().filter_map(of_row).collect()
}

fn violated(row: usize, limit: i64, longest: i64, excess: f64, parts: &[Part]) -> Option<Cut> {
    let is_split = |part: &&Part| part.share < 1.0 - THERE;
    let all: i64 = parts.iter().map(|part| part.minutes).sum();
    if all <= limit || parts.len() > MOST_VISITS || parts.iter().filter(is_split).count() < 2 {
        return None;
    }
    let prices = prices(limit, excess, parts)?;
    let amounts: Vec<i64> = prices.iter().map(|price| (price * PARTS as f64).round().max(0.0) as i64).collect();
    let cut = Cut::new(row, limit, longest, parts, &amounts);
    let taken: f64 = parts.iter().zip(&amounts).map(|(part, &amount)| amount as f64 * part.share).sum();
    (taken - cut.limit as f64 > PARTS as f64 * (excess + LEAST)).then_some(cut)
}

/// What each visit would have to cost for whole visits to be as dear as they are at these shares; `None` where they cost no more than the excess.
fn prices(limit: i64, excess: f64, parts: &[Part]) -> Option<Vec<f64>> {
    let mut problem = ColProblem::new();
    let rows: Vec<highs::Row> = parts.iter().map(|part| problem.add_row(part.share.min(1.0)..)).collect();
    let one = problem.add_row(1.0..=1.0);
    let all: i64 = parts.iter().map(|part| part.minutes).sum();
    let over = |minutes: i64| (minutes - limit).max(0) as f64;
    problem.add_column(over(all), 0.0.., rows.iter().map(|&row| (row, 1.0)).chain([(one, 1.0)]));
    problem.add_column(0.0, 0.0.., [(one, 1.0)]);
    let mut model = problem.try_optimise(Sense::Minimise).ok()?;
    model.make_quiet();
    model.set_option("presolve", "off");
    model.set_option("simplex_strategy", 4);
    let mut worth = vec![(f64::NEG_INFINITY, 0); all as usize + 1];
    for _ in 0..MOST_SETS {
        let solved = model.try_solve().ok()?;
        if solved.status() != HighsModelStatus::Optimal || solved.objective_value() <= excess + LEAST {
            return None;
        }
        let solution = solved.get_solution();
        let duals = solution.dual_rows();
        let (prices, least) = (&duals[..parts.len()], duals[parts.len()]);
        // The set that is worth most more than it costs.
        worth.fill((f64::NEG_INFINITY, 0));
        worth[0] = (0.0, 0u64);
        for (at, part) in parts.iter().enumerate() {
            for minutes in (part.minutes as usize..worth.len()).rev() {
                let (with, set) = worth[minutes - part.minutes as usize];
                if with + prices[at] > worth[minutes].0 {
                    worth[minutes] = (with + prices[at], set | 1 << at);
                }
            }
        }
        let gain = |(minutes, &(worth, set)): (usize, &(f64, u64))| (worth - over(minutes as i64) + least, minutes, set);
        let best = worth.iter().enumerate().map(gain).max_by(|a, b| a.0.total_cmp(&b.0))?;
        if best.0 <= 1e-6 {
            return Some(prices.to_vec());
        }
        let (_, minutes, set) = best;
        model = solved.into();
        let there = rows.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, &row)| (row, 1.0));
        model.try_add_column(over(minutes as i64), 0.0.., there.chain([(one, 1.0)]).collect::<Vec<_>>()).ok()?;
    }
    None
}

/// Adds cuts to a programme that stands for the bound alone: rows of `needs`, what ways and patterns take of them, and rows of the master.
pub(super) fn add(needs: &mut Needs, given: &mut Vec<usize>, master: &mut Master, cuts: &[Cut]) {
    let first = needs.rows.len();
    let mut of_base: BTreeMap<usize, (usize, &Cut)> = BTreeMap::new();
    for (row, cut) in (first..).zip(cuts) {
        let base = needs.rows[cut.base];
        needs.rows.push(Row { limit: cut.limit, price: base.price / PARTS, ..base });
        given.push(cut.base);
        of_base.insert(cut.base, (row, cut));
    }
    for (at, citizen) in needs.citizens.iter_mut().enumerate() {
        let citizen = Arc::make_mut(citizen);
        for (need, of) in citizen.needs.iter_mut().enumerate() {
            for way in of.ways.iter_mut().flatten() {
                let amount = |&(base, minutes): &(usize, i64)| of_base.get(&base).map(|&(row, cut)| (row, cut.amount(at, need, minutes)));
                let taken: Vec<(usize, i64)> = way.takes.iter().filter_map(amount).filter(|&(_, amount)| amount != 0).collect();
                way.takes.extend(taken);
            }
        }
    }
    master.lengthen(needs, given);
}

/// How much of the excess of the row in `given` a row shares for each unit of its own.
pub(super) fn share(row: usize, given: usize) -> i64 {
    if row == given { 1 } else { PARTS }
}

/// Prices that the excess of every row allows: those of a row and its cuts are together at most what exceeding it costs.
pub(super) fn allow(needs: &Needs, given: &[usize], prices: &mut [i64]) {
    let mut sums = vec![0; needs.rows.len()];
    for (row, &base) in given.iter().enumerate() {
        sums[base] += share(row, base) * prices[row];
    }
    for (row, &base) in given.iter().enumerate() {
        let share = share(row, base);
        let above = ((sums[base] - needs.rows[base].price).max(0) + share - 1) / share;
        let above = above.min(prices[row]);
        prices[row] -= above;
        sums[base] -= above * share;
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::SmallRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn part(citizen: usize, minutes: i64, share: f64) -> Part {
        Part { citizen, need: citizen % 2, minutes, share }
    }

    #[test]
    fn two_visits_that_do_not_fit_together_are_one() {
        // 40 and 40 in 60 minutes: 20 over where both come. Three quarters of each are 60 by the minute, but both come half of the time at least:
        // 20 x + 20 y <= 20 + e, in eighths of a minute.
        let cut = violated(7, 60, 70, 0.0, &[part(0, 40, 0.75), part(1, 40, 0.75)]).unwrap();
        assert_eq!((cut.base, cut.limit, cut.amount(0, 0, 40), cut.amount(1, 1, 40)), (7, 160, 160, 160));
        // A third visit of 15 minutes fits beside one of them; one of 50 does not, and counts as much as one of them.
        assert_eq!((cut.amount(5, 0, 15), cut.amount(5, 0, 50)), (0, 160));
    }

    #[test]
    fn no_choice_of_whole_visits_breaks_a_cut() {
        let mut dice = SmallRng::seed_from_u64(3);
        let (mut n_cuts, mut n_lifted) = (0, 0);
        for case in 0..3000 {
            let n = dice.random_range(2..=6);
            let parts: Vec<Part> = (0..n).map(|at| part(at, dice.random_range(1..60), f64::from(dice.random_range(1..=4u32)) / 4.0)).collect();
            let limit = dice.random_range(-20..150);
            let used: f64 = parts.iter().map(|part| part.minutes as f64 * part.share).sum();
            let Some(cut) = violated(0, limit, 60, (used - limit as f64).max(0.0), &parts) else { continue };
            n_cuts += 1;
            let others: Vec<i64> = (0..2).map(|_| dice.random_range(1..=60)).collect();
            for chosen in 0..1u32 << (n + 2) {
                let comes = |at: usize| i64::from(chosen >> at & 1);
                let minutes = parts.iter().map(|part| part.minutes).chain(others.iter().copied());
                let used: i64 = minutes.enumerate().map(|(at, minutes)| minutes * comes(at)).sum();
                let own: i64 = parts.iter().map(|part| cut.amount(part.citizen, part.need, part.minutes) * comes(part.citizen)).sum();
                let lifted: i64 = others.iter().enumerate().map(|(at, &minutes)| cut.amount(100, 0, minutes) * comes(n + at)).sum();
                n_lifted += i64::from(lifted > 0);
                assert!(own + lifted <= cut.limit + PARTS * (used - limit).max(0), "case {case}: {chosen:b} of {parts:?} and {others:?} in {limit}");
            }
        }
        assert!(n_cuts > 300 && n_lifted > 1000, "{n_cuts} cuts, {n_lifted} lifted");
    }
}
