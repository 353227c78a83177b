//! The ids of a file and what they stand for.

use std::collections::BTreeMap;
use std::fmt;

use crate::gather::Faults;

/// Positions by id, for one kind of item.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    kind: &'static str,
    positions: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// The ids of the list at the JSON pointer `list`; an id used twice is a fault and keeps its first position.
    pub(crate) fn new(kind: &'static str, list: &str, ids: impl Iterator<Item = &'a str>, faults: &mut Faults) -> Self {
        let mut positions = BTreeMap::new();
        for (position, id) in ids.enumerate() {
            if positions.contains_key(id) {
                faults.add(format_args!("{list}/{position}/id"), format!("{kind} \"{id}\" is used twice"));
            } else {
                positions.insert(id, position);
            }
        }
        Self { kind, positions }
    }

    /// The position of `id` in its list; an unknown id is a fault.
    pub(crate) fn find(&self, id: &str, at: impl fmt::Display, faults: &mut Faults) -> Option<usize> {
        let position = self.positions.get(id).copied();
        if position.is_none() {
            faults.add(at, format!("{} \"{id}\" does not exist", self.kind));
        }
        position
    }

    /// The positions of a list of ids at the JSON pointer `at`; unknown ids are faults.
    pub(crate) fn find_all(&self, ids: &[String], at: &str, faults: &mut Faults) -> Vec<usize> {
        ids.iter().enumerate().filter_map(|(index, id)| self.find(id, format_args!("{at}/{index}"), faults)).collect()
    }

    /// Whether `id` is one of them.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.positions.contains_key(id)
    }
}
