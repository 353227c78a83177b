//! The square travel matrix of the home-care formats.

use kendt_solver::problem::{LONGEST_TRAVEL, Travel};

use crate::gather::Faults;

/// The entries of a square matrix, row by row, each read by `entry(stated, row, column)`. `size` is the number of places the
/// file must have a row and a column for; `None` takes the number of rows. A fault for every row of the wrong length.
pub(crate) fn entries<T>(
    rows: &[Vec<Option<f64>>],
    size: Option<usize>,
    faults: &mut Faults,
    mut entry: impl FnMut(Option<f64>, usize, usize, &mut Faults) -> T,
) -> Vec<T> {
    let size = size.unwrap_or(rows.len());
    if rows.len() != size {
        faults.add("/distances", format!("has {} rows, needs {size}", rows.len()));
    }
    let mut all = Vec::new();
    for (from, row) in rows.iter().enumerate() {
        if row.len() != size {
            faults.add(format_args!("/distances/{from}"), format!("has {} entries, needs {size}", row.len()));
        }
        for (to, &stated) in row.iter().enumerate() {
            all.push(entry(stated, from, to, faults));
        }
    }
    all
}

/// One travel mode with these entries in ticks; entries that are too many, too few or too large are faults.
pub(crate) fn travel(n_places: usize, entries: &[i64], faults: &mut Faults) -> Travel {
    let mut travel = Travel::new(n_places);
    if let Some(cell) = entries.iter().position(|&ticks| ticks > LONGEST_TRAVEL) {
        let (from, to) = (cell / n_places.max(1), cell % n_places.max(1));
        faults.add(format_args!("/distances/{from}/{to}"), format!("is above {LONGEST_TRAVEL} ticks"));
    } else if let Err(what) = travel.add_mode(entries) {
        faults.add("/distances", what);
    }
    travel
}
