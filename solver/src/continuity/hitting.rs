//! The smallest set of members that has one or two of each of several rows.

use std::collections::BTreeMap;

/// Rows beyond this many are not compared with each other: that only saves work.
const MOST_COMPARED: usize = 1000;

/// How much a search may look at: sets of members begun, in one search and in all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// For one search.
    pub(super) each: usize,
    /// What is left for all.
    pub(super) left: usize,
}

/// The size of the smallest set, or of a set below which none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Smallest {
    /// No set with fewer members does.
    pub(super) size: usize,
    /// Whether one with so many does; otherwise the effort ended first.
    pub(super) is_exact: bool,
}

/// The smallest set of members that has at least `need` (1 or 2) members of each row. A row lists members by number, ascending, at least as
/// many as it needs; the same row may come again.
///
/// Iterative deepening: is there a set of one, of two, ...? Each step takes a row that lacks members and the fewest of whom are still
/// open, and tries each of them. So a search that ends early has still proved that smaller sets do not do.
pub(super) fn smallest(rows: &[(Vec<u32>, usize)], effort: &mut Effort) -> Smallest {
    let cover = Cover::of(reduced(rows));
    let mut state = State { lacks_one: Bits::full(cover.rows.len()), lacks_two: cover.pairs.clone(), open: Bits::full(cover.members.len()) };
    let before = effort.each.min(effort.left);
    let mut nodes = before;
    let mut size = 0;
    let found = loop {
        match cover.suffice(&mut state, size, &mut nodes) {
            Some(true) => break true,
            Some(false) => size += 1,
            None => break false,
        }
    };
    effort.left -= before - nodes;
    Smallest { size, is_exact: found }
}

/// The rows without repetitions, and without those that another one implies.
fn reduced(rows: &[(Vec<u32>, usize)]) -> Vec<(Vec<u32>, usize)> {
    let mut needs: BTreeMap<&[u32], usize> = BTreeMap::new();
    for (row, need) in rows {
        let most = needs.entry(row).or_insert(*need);
        *most = (*most).max(*need);
    }
    let rows: Vec<(Vec<u32>, usize)> = needs.into_iter().map(|(row, need)| (row.to_vec(), need)).collect();
    if rows.len() > MOST_COMPARED {
        return rows;
    }
    // Different rows cannot both be part of each other, so of two that imply one another none is lost.
    let is_implied = |(row, need): &(Vec<u32>, usize)| {
        rows.iter().any(|(other, strict)| strict >= need && other.len() < row.len() && other.iter().all(|member| row.binary_search(member).is_ok()))
    };
    rows.iter().filter(|row| !is_implied(row)).cloned().collect()
}

/// Rows and the members worth choosing.
struct Cover {
    /// The members of each row.
    rows: Vec<Bits>,
    /// The rows of each member.
    members: Vec<Bits>,
    /// The rows that need two.
    pairs: Bits,
}

/// What a set that is being put together still lacks, by rows, and the members that may still join.
struct State {
    lacks_one: Bits,
    /// Rows that lack two; part of `lacks_one`.
    lacks_two: Bits,
    open: Bits,
}

impl Cover {
    fn of(rows: Vec<(Vec<u32>, usize)>) -> Self {
        let mut pairs = Bits::empty(rows.len());
        let mut covers: BTreeMap<u32, Bits> = BTreeMap::new();
        for (index, (row, need)) in rows.iter().enumerate() {
            if *need > 1 {
                pairs.set(index);
            }
            for &member in row {
                covers.entry(member).or_insert_with(|| Bits::empty(rows.len())).set(index);
            }
        }
        let members = undominated(covers.into_values().collect(), &pairs);
        let mut of_row = vec![Bits::empty(members.len()); rows.len()];
        for (member, cover) in members.iter().enumerate() {
            for row in cover.iter() {
                of_row[row].set(member);
            }
        }
        Self { rows: of_row, members, pairs }
    }

    /// Whether `most` more members suffice; `None` when the nodes are used up.
    fn suffice(&self, state: &mut State, most: usize, nodes: &mut usize) -> Option<bool> {
        if state.lacks_one.is_empty() {
            return Some(true);
        }
        if most == 0 || self.best_gain(state, most) < state.lacks_one.count() + state.lacks_two.count() {
            return Some(false);
        }
        *nodes = nodes.checked_sub(1)?;
        let open = |row: &usize| self.rows[*row].and(&state.open).count();
        let Some(row) = state.lacks_one.iter().min_by_key(open) else { return Some(true) };
        let mut choices: Vec<usize> = self.rows[row].and(&state.open).iter().collect();
        choices.sort_by_key(|&member| std::cmp::Reverse(self.gain(state, member)));
        let mut tried = Vec::new();
        let mut answer = Some(false);
        for member in choices {
            // Sets with this member are looked at here, and not again below its siblings.
            state.open.clear(member);
            tried.push(member);
            let rows = &self.members[member];
            let mut next = State {
                lacks_one: state.lacks_one.without(&rows.without(&state.lacks_two)),
                lacks_two: state.lacks_two.without(rows),
                open: state.open.clone(),
            };
            answer = self.suffice(&mut next, most - 1, nodes);
            if answer != Some(false) {
                break;
            }
        }
        tried.into_iter().for_each(|member| state.open.set(member));
        answer
    }

    /// Rows that would lack one member less.
    fn gain(&self, state: &State, member: usize) -> usize {
        self.members[member].and(&state.lacks_one).count()
    }

    /// The most that any `n` open members could gain together.
    fn best_gain(&self, state: &State, n: usize) -> usize {
        let mut gains: Vec<usize> = state.open.iter().map(|member| self.gain(state, member)).collect();
        gains.sort_unstable_by(|a, b| b.cmp(a));
        gains.into_iter().take(n).sum()
    }
}

/// The covers that a smallest set can do with. One that is part of another is dropped: who has both needs only the other, and who has it
/// alone can exchange it. Where it has a row that needs two, the other could be there already, so it takes two others to drop it.
fn undominated(mut covers: Vec<Bits>, pairs: &Bits) -> Vec<Bits> {
    covers.sort_by_key(|cover| std::cmp::Reverse(cover.count()));
    let mut kept: Vec<Bits> = Vec::new();
    for cover in covers {
        let enough = if cover.and(pairs).is_empty() { 1 } else { 2 };
        if kept.iter().filter(|other| cover.without(other).is_empty()).take(enough).count() < enough {
            kept.push(cover);
        }
    }
    kept
}

/// A set of small numbers.
#[derive(Clone, Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn empty(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    fn full(len: usize) -> Self {
        let mut bits = Self::empty(len);
        (0..len).for_each(|at| bits.set(at));
        bits
    }

    fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn clear(&mut self, at: usize) {
        self.0[at / 64] &= !(1 << (at % 64));
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & !b).collect())
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| index * 64 + bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    const AMPLE: Effort = Effort { each: 1_000_000, left: 1_000_000 };

    fn size(rows: &[(&[u32], usize)]) -> usize {
        let rows: Vec<_> = rows.iter().map(|(row, need)| (row.to_vec(), *need)).collect();
        let found = smallest(&rows, &mut AMPLE.clone());
        assert!(found.is_exact);
        found.size
    }

    #[test]
    fn no_rows_need_nobody() {
        assert_eq!(size(&[]), 0);
    }

    #[test]
    fn one_member_of_every_row_does() {
        assert_eq!(size(&[(&[0, 1], 1), (&[1, 2], 1), (&[1], 1)]), 1);
        assert_eq!(size(&[(&[0, 1], 1), (&[2, 3], 1), (&[1, 3], 1)]), 2);
    }

    #[test]
    fn who_is_dominated_may_be_the_second_of_two() {
        // Member 1 is never better than 0, yet the second row needs both.
        assert_eq!(size(&[(&[0], 1), (&[0, 1], 2)]), 2);
        // Members 2 and 3 are never better than 0 and 1.
        assert_eq!(size(&[(&[0, 1, 2, 3], 2), (&[0, 1], 1)]), 2);
    }

    #[test]
    fn a_search_that_ends_early_has_still_proved_something() {
        let rows: Vec<(Vec<u32>, usize)> = (0..12).flat_map(|a| (a + 1..12).map(move |b| (vec![a, b], 1))).collect();
        // Of every two members one: all but one of twelve.
        assert_eq!(smallest(&rows, &mut AMPLE.clone()), Smallest { size: 11, is_exact: true });
        let mut little = Effort { each: 3, left: 3 };
        let found = smallest(&rows, &mut little);
        assert!(!found.is_exact && found.size <= 11 && little.left == 0);
    }

    #[test]
    fn it_is_what_trying_every_set_finds() {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
        for _ in 0..3000 {
            let n_members = rng.random_range(2..9);
            let rows: Vec<(Vec<u32>, usize)> = (0..rng.random_range(0..10))
                .map(|_| {
                    let all = 1..(1_u32 << n_members);
                    let set = rng.random_range(all);
                    let row: Vec<u32> = (0..n_members).filter(|member| set >> member & 1 == 1).collect();
                    let need = if row.len() > 1 && rng.random_range(0..3) == 0 { 2 } else { 1 };
                    (row, need)
                })
                .collect();
            let does = |set: u32| rows.iter().all(|(row, need)| row.iter().filter(|&member| set >> member & 1 == 1).count() >= *need);
            let least = (0..1_u32 << n_members).filter(|&set| does(set)).map(u32::count_ones).min().expect("all members do");
            assert_eq!(smallest(&rows, &mut AMPLE.clone()), Smallest { size: least as usize, is_exact: true }, "{rows:?}");
        }
    }
}
