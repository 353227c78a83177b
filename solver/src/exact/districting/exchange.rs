//! A division by exchange: from centres far apart, as long as moving a citizen or exchanging two carers is cheaper.

use super::{Board, Draft, RELATION};
use crate::stop::Watch;

/// Rounds in which centres move to the middle of their citizens.
const LLOYD: usize = 10;

/// Centres far apart, moved to the middle of those who are nearest to them; carers where they know most and ride least.
pub(super) fn draft(board: &Board<'_>) -> Draft {
    let way = |citizen: usize, centre: usize| board.rides.0[citizen * board.n_centres + centre];
    let nearest = |centres: &[usize], citizen: usize| centres.iter().copied().min_by_key(|&centre| way(citizen, centre)).unwrap_or(0);
    let mut centres: Vec<usize> = (0..board.n_teams).collect();
    let mut of_citizen: Vec<usize> = Vec::new();
    for _ in 0..LLOYD {
        of_citizen = (0..board.citizens.len()).map(|citizen| nearest(&centres, citizen)).collect();
        for nth in 0..centres.len() {
            let own: Vec<usize> = (0..of_citizen.len()).filter(|&citizen| of_citizen[citizen] == centres[nth]).collect();
            let sum = |centre: &usize| own.iter().map(|&citizen| way(citizen, *centre)).sum::<i64>();
            let middle = (0..board.n_centres).filter(|centre| *centre == centres[nth] || !centres.contains(centre)).min_by_key(sum);
            let Some(middle) = middle else { continue };
            own.iter().for_each(|&citizen| of_citizen[citizen] = middle);
            centres[nth] = middle;
        }
    }
    let mut worth: Vec<i64> = board.rides.1.clone();
    for (&(citizen, carer), &times) in &board.met {
        worth[carer * board.n_centres + of_citizen[citizen]] -= RELATION * times as i64;
    }
    let mut pairs: Vec<(i64, usize, usize)> = (0..board.carers.len())
        .flat_map(|carer| centres.iter().map(move |&centre| (carer, centre)))
        .map(|(carer, centre)| (worth[carer * board.n_centres + centre], carer, centre))
        .collect();
    pairs.sort_unstable();
    let (mut of_carer, mut sizes) = (vec![None; board.carers.len()], vec![0; board.n_centres]);
    // Every team to its least size before any goes on.
    for most in [board.sizes.0, board.sizes.1] {
        for &(_, carer, centre) in &pairs {
            if of_carer[carer].is_none() && sizes[centre] < most {
                of_carer[carer] = Some(centre);
                sizes[centre] += 1;
            }
        }
    }
    Draft { of_citizen, of_carer: of_carer.into_iter().map(|centre| centre.unwrap_or(centres[0])).collect() }
}

/// Citizens to other teams and carers in exchange, as long as that is cheaper. Nobody's team is left without carers or citizens.
pub(super) fn exchanged(board: &Board<'_>, mut draft: Draft, watch: &Watch) -> Draft {
    let mut centres = draft.of_carer.clone();
    centres.sort_unstable();
    centres.dedup();
    let mut cost = board.cost(&draft);
    let mut is_better = true;
    while std::mem::take(&mut is_better) {
        for citizen in 0..draft.of_citizen.len() {
            for &centre in &centres {
                let before = std::mem::replace(&mut draft.of_citizen[citizen], centre);
                let now = board.cost(&draft);
                if now < cost && draft.of_citizen.contains(&before) {
                    (cost, is_better) = (now, true);
                } else {
                    draft.of_citizen[citizen] = before;
                }
            }
            if watch.is_over() {
                return draft;
            }
        }
        for one in 0..draft.of_carer.len() {
            for other in 0..one {
                draft.of_carer.swap(one, other);
                let now = board.cost(&draft);
                if now < cost {
                    (cost, is_better) = (now, true);
                } else {
                    draft.of_carer.swap(one, other);
                }
            }
            if watch.is_over() {
                return draft;
            }
        }
    }
    draft
}
