//! Travel times: one matrix per mode, over all places.

use super::{ModeId, PlaceId, Ticks};

/// Travel times in ticks between all places, one square matrix per mode. Asymmetry and zeros are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Travel {
    n_places: usize,
    modes: Vec<Vec<i32>>,
}

/// Largest travel time between two places, in ticks.
pub const LONGEST_TRAVEL: i64 = 1 << 30;

impl Travel {
    /// Tables for `n_places` places and no mode yet.
    #[must_use]
    pub fn new(n_places: usize) -> Self {
        Self { n_places, modes: Vec::new() }
    }

    /// Adds a mode from its row-major matrix of `n_places` × `n_places` ticks.
    ///
    /// # Errors
    /// What is wrong, in words, if the size is not `n_places²` or an entry is outside `[0, LONGEST_TRAVEL]`.
    pub fn add_mode(&mut self, matrix: &[i64]) -> Result<ModeId, String> {
        if matrix.len() != self.n_places * self.n_places {
            return Err(format!("the matrix has {} entries, {} places need {}", matrix.len(), self.n_places, self.n_places * self.n_places));
        }
        let mut cells = Vec::with_capacity(matrix.len());
        for (cell, &ticks) in matrix.iter().enumerate() {
            if !(0..=LONGEST_TRAVEL).contains(&ticks) {
                let (from, to) = (cell / self.n_places, cell % self.n_places);
                return Err(format!("travel from place {from} to place {to} is {ticks} ticks, allowed 0 to {LONGEST_TRAVEL}"));
            }
            cells.push(i32::try_from(ticks).expect("checked against LONGEST_TRAVEL"));
        }
        self.modes.push(cells);
        Ok(ModeId::new(self.modes.len() - 1))
    }

    /// Travel time from one place to another.
    #[must_use]
    #[inline]
    pub fn time(&self, mode: ModeId, from: PlaceId, to: PlaceId) -> Ticks {
        Ticks(i64::from(self.modes[mode.idx()][from.idx() * self.n_places + to.idx()]))
    }

    /// The row-major matrix of a mode, in ticks.
    #[must_use]
    pub fn matrix(&self, mode: ModeId) -> &[i32] {
        &self.modes[mode.idx()]
    }

    /// Number of places.
    #[must_use]
    pub fn n_places(&self) -> usize {
        self.n_places
    }

    /// Number of modes.
    #[must_use]
    pub fn n_modes(&self) -> usize {
        self.modes.len()
    }
}
