//! Units of time and cost. Times are whole ticks of the problem's [`Clock`]; adding a moment to a moment does not compile.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// A span of time in ticks (the problem's [`Clock`] says how long one is). May be negative, as a difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ticks(pub i64);

/// A point in time: ticks since the horizon starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Moment(pub i64);

/// A cost in the problem's own integer unit; [`crate::problem::Objective::denominator`] of them make one reported unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Cost(pub i64);

/// How long a tick is. One unit per problem, fine enough for its input: whole-minute data has 1 tick per minute,
/// Mankowska's three decimals 1000, Solomon's one decimal 10, a district 60 (seconds).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Ticks in one minute (or in one unit of an instance without units), from 1 to 1,000,000.
    pub ticks_per_minute: i64,
}

impl Clock {
    /// The span in minutes.
    #[must_use]
    pub fn minutes(self, span: Ticks) -> f64 {
        span.0 as f64 / self.ticks_per_minute as f64
    }
    /// The moment in minutes since the horizon starts.
    #[must_use]
    pub fn minute_of(self, moment: Moment) -> f64 {
        moment.0 as f64 / self.ticks_per_minute as f64
    }
}

/// Largest time that a problem may hold, in ticks.
pub const LATEST: Moment = Moment(1 << 40);

macro_rules! additive {
    ($name:ident) => {
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Mul<i64> for $name {
            type Output = Self;
            fn mul(self, factor: i64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                Self(items.map(|item| item.0).sum())
            }
        }
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
        }
    };
}
additive!(Ticks);
additive!(Cost);

impl Add<Ticks> for Moment {
    type Output = Moment;
    fn add(self, span: Ticks) -> Moment {
        Moment(self.0 + span.0)
    }
}

impl Sub<Ticks> for Moment {
    type Output = Moment;
    fn sub(self, span: Ticks) -> Moment {
        Moment(self.0 - span.0)
    }
}

impl Sub for Moment {
    type Output = Ticks;
    fn sub(self, earlier: Moment) -> Ticks {
        Ticks(self.0 - earlier.0)
    }
}
