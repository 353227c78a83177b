//! Travel times by mode: a matrix over all places, or straight lines between their points, worked out on demand.

use std::sync::Arc;

use super::{ModeId, PlaceId, Ticks};

/// Largest travel time between two places, in ticks.
pub const LONGEST_TRAVEL: i64 = 1 << 30;

/// Where a place lies, in any unit of length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// East of any origin.
    pub x: f64,
    /// North of the same origin.
    pub y: f64,
    /// Whether an arrival here takes the mode's [`Straight::per_stop`].
    pub has_stop: bool,
}

/// A mode that travels in straight lines: distance × `ticks_per_unit`, plus `per_stop` where the line ends at a place that has one, rounded
/// up to whole ticks. Detours and speed are in `ticks_per_unit`. Nobody travels within a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Straight {
    /// Ticks for one unit of length, at least 0.
    pub ticks_per_unit: f64,
    /// Ticks lost at each stop, at least 0.
    pub per_stop: f64,
}

/// Travel times in ticks between all places, by mode. Asymmetry and zeros are allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Travel {
    n_places: usize,
    points: Option<Arc<[Point]>>,
    modes: Vec<Mode>,
}

#[derive(Clone, Debug, PartialEq)]
struct Mode {
    times: Times,
    longest: i32,
    price: i64,
}

#[derive(Clone, Debug, PartialEq)]
enum Times {
    /// Row-major; shared, so that a problem made from another one does not copy it.
    Matrix(Arc<[i32]>),
    Straight(Straight),
}

impl Straight {
    /// What decimal fractions may be too much by: such a time is not rounded up a whole tick.
    const NOISE: f64 = 1e-6;

    #[inline]
    fn ticks(self, from: Point, to: Point) -> i64 {
        let (dx, dy) = (from.x - to.x, from.y - to.y);
        let stop = if to.has_stop { self.per_stop } else { 0.0 };
        let exact = (dx * dx + dy * dy).sqrt() * self.ticks_per_unit + stop - Self::NOISE;
        let whole = exact as i64;
        whole.saturating_add(i64::from((whole as f64) < exact))
    }
}

impl Travel {
    /// Travel among `n_places` places without coordinates; each mode is a matrix.
    #[must_use]
    pub fn new(n_places: usize) -> Self {
        Self { n_places, points: None, modes: Vec::new() }
    }

    /// Travel among places at these points; each mode is a matrix or straight.
    ///
    /// # Errors
    /// The first point whose coordinates are no finite numbers, in words.
    pub fn between(points: Vec<Point>) -> Result<Self, String> {
        match points.iter().position(|point| !(point.x.is_finite() && point.y.is_finite())) {
            Some(place) => Err(format!("place {place} has coordinates that are no numbers")),
            None => Ok(Self { n_places: points.len(), points: Some(points.into()), modes: Vec::new() }),
        }
    }

    /// Adds a mode from its row-major matrix of `n_places` × `n_places` ticks.
    ///
    /// # Errors
    /// What is wrong, in words, if the size is not `n_places²` or an entry is outside `[0, LONGEST_TRAVEL]`.
    pub fn add_mode(&mut self, matrix: &[i64]) -> Result<ModeId, String> {
        if matrix.len() != self.n_places * self.n_places {
            return Err(format!("the matrix has {} entries, {} places need {}", matrix.len(), self.n_places, self.n_places * self.n_places));
        }
        if let Some(cell) = matrix.iter().position(|ticks| !(0..=LONGEST_TRAVEL).contains(ticks)) {
            let (from, to) = (cell / self.n_places, cell % self.n_places);
            return Err(format!("travel from place {from} to place {to} is {} ticks, allowed 0 to {LONGEST_TRAVEL}", matrix[cell]));
        }
        let cells: Arc<[i32]> = matrix.iter().map(|&ticks| ticks as i32).collect();
        Ok(self.add_matrix(cells))
    }

    /// Adds a mode that travels in straight lines between the places' points.
    ///
    /// # Errors
    /// What is wrong, in words: the places have no points, a number of the mode is negative or none, or the longest way is above
    /// [`LONGEST_TRAVEL`].
    pub fn add_straight(&mut self, mode: Straight) -> Result<ModeId, String> {
        let Some(points) = &self.points else { return Err("the places have no points to travel between".to_owned()) };
        for (name, value) in [("ticks per unit", mode.ticks_per_unit), ("ticks per stop", mode.per_stop)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(format!("{name} is {value}, allowed are numbers from 0"));
            }
        }
        let longest = farthest(points, mode);
        match i32::try_from(longest) {
            Ok(short) if longest <= LONGEST_TRAVEL => {
                self.modes.push(Mode { times: Times::Straight(mode), longest: short, price: 1 });
                Ok(ModeId::new(self.modes.len() - 1))
            }
            _ => Err(format!("the longest way takes {longest} ticks, allowed 0 to {LONGEST_TRAVEL}")),
        }
    }

    fn add_matrix(&mut self, cells: Arc<[i32]>) -> ModeId {
        let longest = cells.iter().copied().max().unwrap_or(0);
        self.modes.push(Mode { times: Times::Matrix(cells), longest, price: 1 });
        ModeId::new(self.modes.len() - 1)
    }

    /// Sets what a tick in a mode costs, at least 0; 1 unless set. Fleets of vehicles have a variable cost by type
    /// (Golden, Assad, Levy, Gheysens 1984).
    ///
    /// # Panics
    /// When there is no such mode.
    pub fn set_price(&mut self, mode: ModeId, price: i64) {
        self.modes[mode.idx()].price = price;
    }

    /// What a tick in a mode costs, multiplied by the weight of [`super::Term::Travel`].
    #[must_use]
    #[inline]
    pub fn price(&self, mode: ModeId) -> i64 {
        self.modes[mode.idx()].price
    }

    /// The largest price of all modes; 1 without a mode.
    #[must_use]
    pub fn largest_price(&self) -> i64 {
        self.modes.iter().map(|mode| mode.price).max().unwrap_or(1)
    }

    /// Travel time from one place to another.
    #[must_use]
    #[inline]
    pub fn time(&self, mode: ModeId, from: PlaceId, to: PlaceId) -> Ticks {
        Ticks(match (&self.modes[mode.idx()].times, &self.points) {
            (Times::Matrix(cells), _) => i64::from(cells[from.idx() * self.n_places + to.idx()]),
            (Times::Straight(straight), Some(points)) if from != to => straight.ticks(points[from.idx()], points[to.idx()]),
            (Times::Straight(_), _) => 0,
        })
    }

    /// The longest time of a mode.
    #[must_use]
    pub fn longest(&self, mode: ModeId) -> Ticks {
        Ticks(i64::from(self.modes[mode.idx()].longest))
    }

    /// The longest time of all modes; 0 without a mode.
    #[must_use]
    pub fn longest_of_all(&self) -> Ticks {
        Ticks(self.modes.iter().map(|mode| i64::from(mode.longest)).max().unwrap_or(0))
    }

    /// All times of a mode, row-major: the matrix itself, or one that is computed now.
    #[must_use]
    pub fn table(&self, mode: ModeId) -> Arc<[i32]> {
        match &self.modes[mode.idx()].times {
            Times::Matrix(cells) => Arc::clone(cells),
            Times::Straight(_) => {
                let cell = |cell: usize| self.time(mode, PlaceId::new(cell / self.n_places), PlaceId::new(cell % self.n_places));
                // No time is above LONGEST_TRAVEL, which 31 bits hold.
                (0..self.n_places * self.n_places).map(|at| cell(at).0 as i32).collect()
            }
        }
    }

    /// How a mode travels in straight lines; `None` where it has a matrix.
    #[must_use]
    pub fn straight(&self, mode: ModeId) -> Option<Straight> {
        match self.modes[mode.idx()].times {
            Times::Matrix(_) => None,
            Times::Straight(straight) => Some(straight),
        }
    }

    /// Where a place lies, if it is known.
    #[must_use]
    pub fn point(&self, place: PlaceId) -> Option<Point> {
        self.points.as_ref().map(|points| points[place.idx()])
    }

    /// Travel among some of the places, numbered in the order given. Modes keep their ids.
    ///
    /// # Panics
    /// When a place does not exist.
    #[must_use]
    pub fn among(&self, places: &[PlaceId]) -> Self {
        let points = self.points.as_ref().map(|points| places.iter().map(|place| points[place.idx()]).collect::<Arc<[Point]>>());
        let mut part = Self { n_places: places.len(), points, modes: Vec::with_capacity(self.modes.len()) };
        for mode in &self.modes {
            match &mode.times {
                Times::Matrix(cells) => {
                    let row = |from: &PlaceId| places.iter().map(move |to| (from.idx(), to.idx())).collect::<Vec<_>>();
                    let cells = places.iter().flat_map(row).map(|(from, to)| cells[from * self.n_places + to]).collect();
                    let id = part.add_matrix(cells);
                    part.set_price(id, mode.price);
                }
                Times::Straight(_) => part.modes.push(mode.clone()),
            }
        }
        part
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

/// The longest time between two of the points. Whatever the end, it is farthest from a corner of the convex hull.
fn farthest(points: &[Point], mode: Straight) -> i64 {
    let corners = hull(points);
    let longest_to = |to: &Point| corners.iter().map(|&from| mode.ticks(from, *to)).max();
    if points.len() < 2 { 0 } else { points.iter().filter_map(longest_to).max().unwrap_or(0) }
}

/// The corners of the convex hull (Andrew 1979, the monotone chain).
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let turns_left = |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0.0;
    let mut corners: Vec<Point> = Vec::new();
    let half = |walk: &mut dyn Iterator<Item = &Point>, corners: &mut Vec<Point>| {
        let first = corners.len();
        for &point in walk {
            while corners.len() >= first + 2 && !turns_left(corners[corners.len() - 2], corners[corners.len() - 1], point) {
                let _ = corners.pop();
            }
            corners.push(point);
        }
    };
    half(&mut sorted.iter(), &mut corners);
    half(&mut sorted.iter().rev(), &mut corners);
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64, y: f64, has_stop: bool) -> Point {
        Point { x, y, has_stop }
    }

    /// A base at the origin and homes 3 east, 4 north of it, and at the same spot once more.
    fn three() -> Travel {
        Travel::between(vec![point(0.0, 0.0, false), point(3.0, 4.0, true), point(3.0, 4.0, true)]).expect("finite")
    }

    #[test]
    fn straight_lines_are_rounded_up_and_stop_at_homes() {
        let mut travel = three();
        let mode = travel.add_straight(Straight { ticks_per_unit: 10.1, per_stop: 2.0 }).expect("in range");
        let time = |from, to| travel.time(mode, PlaceId::new(from), PlaceId::new(to)).0;
        // 5 units of 10.1 ticks are 50.5: 51 to the base, 52.5 to a home.
        assert_eq!([time(0, 1), time(1, 0), time(1, 2), time(1, 1), time(0, 0)], [53, 51, 2, 0, 0]);
        assert_eq!(travel.longest(mode), Ticks(53));
        assert_eq!(*travel.table(mode), [0, 53, 53, 51, 0, 2, 51, 2, 0]);
    }

    #[test]
    fn a_time_that_is_whole_but_for_noise_stays() {
        let mut travel = three();
        let mode = travel.add_straight(Straight { ticks_per_unit: 0.2 * 3.0 / 0.6, per_stop: 0.0 }).expect("in range");
        assert_eq!(travel.time(mode, PlaceId::new(0), PlaceId::new(1)), Ticks(5));
    }

    #[test]
    fn the_longest_time_is_that_of_the_table() {
        let mut seed = 1_u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for n in (0..40).chain([300]) {
            // Few columns make many points that lie on one line or on each other.
            let columns = 1 + draw(9);
            let points = (0..n).map(|_| point(draw(columns) as f64, draw(30) as f64, draw(2) == 0)).collect();
            let mut travel = Travel::between(points).expect("finite");
            let mode = travel.add_straight(Straight { ticks_per_unit: 7.3, per_stop: draw(50) as f64 }).expect("in range");
            let most = travel.table(mode).iter().copied().max().unwrap_or(0);
            assert_eq!(travel.longest(mode), Ticks(i64::from(most)), "{n} points");
        }
    }

    #[test]
    fn travel_among_some_places_is_the_same() {
        let mut travel = three();
        let matrix = travel.add_mode(&[0, 1, 2, 3, 0, 5, 6, 7, 0]).expect("nine entries");
        let straight = travel.add_straight(Straight { ticks_per_unit: 10.1, per_stop: 2.0 }).expect("in range");
        let some = travel.among(&[PlaceId::new(2), PlaceId::new(0)]);
        assert_eq!(*some.table(matrix), [0, 6, 2, 0]);
        assert_eq!(*some.table(straight), [0, 51, 53, 0]);
        assert_eq!(some.longest(matrix), Ticks(6));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert!(Travel::between(vec![point(f64::NAN, 0.0, false)]).is_err());
        let straight = |ticks_per_unit, per_stop| Straight { ticks_per_unit, per_stop };
        assert!(Travel::new(2).add_straight(straight(1.0, 0.0)).is_err());
        for mode in [straight(-1.0, 0.0), straight(1.0, f64::INFINITY), straight(1e9, 0.0), straight(f64::NAN, 0.0)] {
            assert!(three().add_straight(mode).is_err(), "{mode:?}");
        }
    }
}
