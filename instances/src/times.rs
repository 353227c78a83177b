//! Times as files state them: decimal minutes in, whole ticks inside, decimal minutes out.
//!
//! A file is read in thousandths of a minute. If every time turns out to be whole, the problem gets the coarser clock of one tick per
//! minute: searches and bounds are the better for it.

use std::fmt;

use kendt_solver::problem::{Clock, Moment, Ticks};
use serde_json::Value;

use crate::gather::Faults;

/// Largest time or span that a file may state, in minutes.
pub(crate) const LONGEST: f64 = 1e9;
/// Differences below this many minutes are the noise of binary fractions.
const NOISE: f64 = 1e-6;
/// How far a plan's time may be from a tick, in minutes: published plans carry the noise of longer sums.
const PLAN_NOISE: f64 = 1e-4;
const THOUSAND: i64 = 1000;

/// Thousandths of a minute, at least 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Thousandths(i64);

impl Thousandths {
    fn is_whole(self) -> bool {
        self.0 % THOUSAND == 0
    }

    /// In ticks of `clock`, which [`clock_for`] has chosen.
    pub(crate) fn ticks(self, clock: Clock) -> i64 {
        self.0 / (THOUSAND / clock.ticks_per_minute.clamp(1, THOUSAND))
    }
}

/// A stated time in minutes, with up to three decimals. A fault if it is missing, negative, above [`LONGEST`] or finer; 0 then.
pub(crate) fn minutes(stated: Option<f64>, at: impl fmt::Display, faults: &mut Faults) -> Thousandths {
    let Some(value) = within(stated, &at, faults) else { return Thousandths(0) };
    let nearest = (value * 1000.0).round();
    if (value - nearest / 1000.0).abs() > NOISE {
        faults.add(at, format!("is {value}, at most three decimals are allowed"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within 0 and LONGEST")]
    Thousandths(nearest as i64)
}

/// A stated whole number: minutes, an index or a count.
pub(crate) fn whole(stated: Option<f64>, at: impl fmt::Display, faults: &mut Faults) -> i64 {
    let time = minutes(stated, &at, faults);
    if !time.is_whole() {
        faults.add(at, format!("is {}, a whole number is asked for", stated.unwrap_or_default()));
    }
    time.0 / THOUSAND
}

/// A stated time in tenths, in tenths.
pub(crate) fn tenths(stated: Option<f64>, at: impl fmt::Display, faults: &mut Faults) -> i64 {
    let time = minutes(stated, &at, faults);
    if time.0 % 100 != 0 {
        faults.add(at, format!("is {}, at most one decimal is allowed", stated.unwrap_or_default()));
    }
    time.0 / 100
}

fn within(stated: Option<f64>, at: impl fmt::Display, faults: &mut Faults) -> Option<f64> {
    match stated {
        None => faults.add(at, "is missing"),
        Some(value) if !(0.0..=LONGEST).contains(&value) => faults.add(at, format!("is {value}, allowed 0 to {LONGEST}")),
        Some(value) => return Some(value),
    }
    None
}

/// The coarsest clock that holds every time exactly: 1 or 1000 ticks per minute.
pub(crate) fn clock_for(mut times: impl Iterator<Item = Thousandths>) -> Clock {
    Clock { ticks_per_minute: if times.all(Thousandths::is_whole) { 1 } else { THOUSAND } }
}

/// A time that a plan states, in ticks. A fault if it is missing, out of range or between two ticks; 0 then.
pub(crate) fn plan_time(stated: Option<f64>, clock: Clock, at: impl fmt::Display, faults: &mut Faults) -> Moment {
    let Some(value) = within(stated, &at, faults) else { return Moment(0) };
    #[expect(clippy::cast_precision_loss, reason = "a clock has at most a million ticks per minute")]
    let per_minute = clock.ticks_per_minute as f64;
    let nearest = (value * per_minute).round();
    if (value - nearest / per_minute).abs() > PLAN_NOISE {
        faults.add(at, format!("is {value}, finer than the problem's {per_minute} per minute"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most LONGEST times a million, well within 53 bits")]
    Moment(nearest as i64)
}

/// A time for a plan's JSON: whole minutes as an integer, anything else as the shortest decimal fraction.
pub(crate) fn shown(time: Moment, clock: Clock) -> Value {
    if time.0 % clock.ticks_per_minute == 0 { Value::from(time.0 / clock.ticks_per_minute) } else { Value::from(clock.minute_of(time)) }
}

/// A span that is never reached: the sum of the spans, cut off where the numbers end.
pub(crate) fn sum(spans: impl Iterator<Item = i64>) -> i64 {
    spans.fold(0, i64::saturating_add)
}

/// Shorthand for a moment after the horizon's start.
pub(crate) fn moment(ticks: i64) -> Moment {
    Moment(0) + Ticks(ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: f64) -> (Thousandths, usize) {
        let mut faults = Faults::default();
        let time = minutes(Some(value), "/t", &mut faults);
        (time, faults.finish(()).map_or_else(|error| error.faults.len(), |()| 0))
    }

    #[test]
    fn three_decimals_are_exact_and_noise_is_not_seen() {
        assert_eq!(read(12.345), (Thousandths(12_345), 0));
        assert_eq!(read(459.999_999_999_999_94), (Thousandths(460_000), 0));
        assert_eq!(read(1e9), (Thousandths(1_000_000_000_000), 0));
    }

    #[test]
    fn finer_negative_huge_and_endless_times_are_faults() {
        for value in [0.1234, -1.0, 1e9 + 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(read(value).1, 1, "{value}");
        }
    }

    #[test]
    fn one_fraction_makes_the_clock_fine() {
        assert_eq!(clock_for([Thousandths(60_000), Thousandths(1_000)].into_iter()).ticks_per_minute, 1);
        assert_eq!(clock_for([Thousandths(60_000), Thousandths(1_500)].into_iter()).ticks_per_minute, 1000);
    }

    #[test]
    fn shown_times_are_integers_where_they_can_be() {
        let clock = Clock { ticks_per_minute: 1000 };
        assert_eq!(shown(Moment(148_000), clock).to_string(), "148");
        assert_eq!(shown(Moment(314_151), clock).to_string(), "314.151");
    }
}
