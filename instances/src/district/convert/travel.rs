//! Travel times by coordinates or from matrices. Places are the bases, then the citizens.

use std::collections::{BTreeMap, BTreeSet};

use kendt_solver::problem::{ModeId, Point, Straight, Travel};

use crate::district::pointer::Faults;
use crate::district::{District, Mode, Number};

/// Ticks for travel times that are already known to be faulty.
const UNKNOWN: i64 = 0;

/// Where a place lies.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
    row: usize,
}

/// The names of the modes that carers use.
pub(super) fn modes(doc: &District) -> BTreeSet<&str> {
    doc.carers.iter().map(|carer| carer.mode.as_str()).collect()
}

/// The tables, and the id of each mode in use.
pub(super) fn tables<'a>(doc: &'a District, faults: &mut Faults) -> (Travel, BTreeMap<&'a str, ModeId>) {
    for (name, mode) in &doc.travel.modes {
        check_mode(name, mode, faults);
    }
    let spots = spots(doc, faults);
    let mut travel = match &doc.travel.matrices {
        Some(_) => Travel::new(spots.len()),
        None => between(&spots, doc.bases.len(), faults),
    };
    let mut ids = BTreeMap::new();
    for name in modes(doc) {
        let added = match &doc.travel.matrices {
            Some(matrices) => matrices.get(name).map(|rows| travel.add_mode(&by_matrix(&spots, rows))),
            None => doc.travel.modes.get(name).copied().or_else(|| Mode::built_in(name)).map(|mode| travel.add_straight(by_distance(mode))),
        };
        match added {
            Some(Ok(mode)) => drop(ids.insert(name, mode)),
            Some(Err(what)) => faults.add("/travel", format!("mode {name}: {what}")),
            None => {}
        }
    }
    (travel, ids)
}

fn check_mode(name: &str, mode: &Mode, faults: &mut Faults) {
    for (field, value, low, high) in
        [("kmh", mode.kmh, 1.0, 200.0), ("detour", mode.detour, 1.0, 10.0), ("minutes_per_stop", mode.minutes_per_stop, 0.0, 60.0)]
    {
        if !(low..=high).contains(&value.0) {
            faults.add(format!("/travel/modes/{name}/{field}"), format!("is {}, allowed {low} to {high}", value.0));
        }
    }
}

fn spots(doc: &District, faults: &mut Faults) -> Vec<Spot> {
    let rows = doc.travel.matrices.as_ref().map(|matrices| check_matrices(matrices, faults));
    if rows.is_some() && !doc.travel.modes.is_empty() {
        faults.add("/travel/modes", "modes are not used where there are matrices: leave one of the two out");
    }
    let bases = doc.bases.iter().enumerate().map(|(index, base)| (format!("/bases/{index}"), base.x, base.y, base.place));
    let citizens = doc.citizens.iter().enumerate().map(|(index, citizen)| (format!("/citizens/{index}"), citizen.x, citizen.y, citizen.place));
    bases.chain(citizens).map(|(at, x, y, place)| spot(&at, x, y, place, rows, faults)).collect()
}

/// The number of rows of the matrices; faults where they are not square, not of one size, or hold no travel times.
fn check_matrices(matrices: &BTreeMap<String, Vec<Vec<Number>>>, faults: &mut Faults) -> usize {
    let rows = matrices.values().next().map_or(0, Vec::len);
    for (name, matrix) in matrices {
        let at = format!("/travel/matrices/{name}");
        if matrix.len() != rows {
            faults.add(&at, format!("has {} rows, another mode has {rows}", matrix.len()));
        }
        for (index, row) in matrix.iter().enumerate() {
            if row.len() != matrix.len() {
                faults.add(format!("{at}/{index}"), format!("has {} entries, the matrix has {} rows", row.len(), matrix.len()));
            }
            for (column, minutes) in row.iter().enumerate().filter(|(_, minutes)| !(0.0..=1440.0).contains(&minutes.0)) {
                faults.add(format!("{at}/{index}/{column}"), format!("is {} minutes, allowed 0 to 1440", minutes.0));
            }
        }
    }
    rows
}

fn spot(at: &str, x: Option<Number>, y: Option<Number>, place: Option<i64>, rows: Option<usize>, faults: &mut Faults) -> Spot {
    let mut coordinate = |name: &str, value: Option<Number>| match (value, rows) {
        (Some(value), None) if (-1000.0..=1000.0).contains(&value.0) => value.0,
        (None, Some(_)) => 0.0,
        (Some(value), None) => {
            faults.add(format!("{at}/{name}"), format!("is {} kilometres, allowed -1000 to 1000", value.0));
            0.0
        }
        (None, None) => {
            faults.add(at, format!("has no `{name}`"));
            0.0
        }
        (Some(_), Some(_)) => {
            faults.add(format!("{at}/{name}"), "is not used where there are travel matrices: leave it out");
            0.0
        }
    };
    let (x, y) = (coordinate("x", x), coordinate("y", y));
    let row = match (place, rows) {
        (None, None) => 0,
        (Some(place), Some(rows)) => usize::try_from(place).ok().filter(|&row| row < rows).unwrap_or_else(|| {
            faults.add(format!("{at}/place"), format!("is {place}, the matrices have {rows} rows from 0"));
            0
        }),
        (Some(_), None) => {
            faults.add(format!("{at}/place"), "needs travel matrices");
            0
        }
        (None, Some(_)) => {
            faults.add(at, "has no `place` in the travel matrices");
            0
        }
    };
    Spot { x, y, row }
}

fn between(spots: &[Spot], n_bases: usize, faults: &mut Faults) -> Travel {
    let points = spots.iter().enumerate().map(|(place, spot)| Point { x: spot.x, y: spot.y, has_stop: place >= n_bases });
    Travel::between(points.collect()).unwrap_or_else(|what| {
        faults.add("/travel", what);
        Travel::new(spots.len())
    })
}

/// Points are in kilometres and ticks are seconds.
fn by_distance(mode: Mode) -> Straight {
    // A mode out of range was reported and counts nothing.
    let number = |value: f64| if value.is_finite() && value >= 0.0 { value } else { 0.0 };
    Straight { ticks_per_unit: number(mode.detour.0 * 3600.0 / mode.kmh.0), per_stop: number(mode.minutes_per_stop.0 * 60.0) }
}

fn by_matrix(spots: &[Spot], rows: &[Vec<Number>]) -> Vec<i64> {
    table(spots.len(), |from, to| {
        let minutes = rows.get(spots[from].row).and_then(|row| row.get(spots[to].row));
        minutes.map_or(UNKNOWN, |minutes| whole_seconds(minutes.0 * 60.0))
    })
}

/// Rounded up, but for the noise of decimal fractions.
fn whole_seconds(seconds: f64) -> i64 {
    if seconds.is_finite() && seconds >= 0.0 { (seconds - 1e-6).ceil() as i64 } else { UNKNOWN }
}

/// Row-major, zero on the diagonal: nobody travels within a home.
fn table(n: usize, time: impl Fn(usize, usize) -> i64) -> Vec<i64> {
    (0..n * n).map(|cell| (cell / n, cell % n)).map(|(from, to)| if from == to { 0 } else { time(from, to) }).collect()
}
