//! From when until when an event holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::district::pointer::Faults;
use crate::district::time;

/// A period: from `from` on day `day` until `until` on day `until_day`. Shifts and windows belong to the day their document states, so
/// a shift that passes midnight is wholly of the day it starts on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day, from 1. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i64>,
    /// Begin on the first day, `HH:MM`. Default: before everything of that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day. Default: `day` if that is given, the first day if only `until` is given, else the district's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_day: Option<i64>,
    /// End on the last day, `HH:MM`. Default: after everything of that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A checked period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    first: i64,
    from: i64,
    last: i64,
    until: i64,
}

impl Span {
    /// Reports days outside the district, times that are none, and ends before begins.
    pub(super) fn of(at: &str, period: &Period, days: i64, faults: &mut Faults) -> Self {
        let mut day = |name: &str, day: i64| {
            if !(1..=days).contains(&day) {
                faults.add(format!("{at}/{name}"), format!("is day {day}, the district has days 1 to {days}"));
            }
            day
        };
        let first = day("day", period.day.unwrap_or(1));
        let last = match (period.until_day, period.day, &period.until) {
            (Some(last), ..) => day("until_day", last),
            (None, Some(first), _) => first,
            (None, None, Some(_)) => first,
            (None, None, None) => days,
        };
        let mut time = |name: &str, text: &Option<String>, default: i64| match text {
            None => default,
            Some(text) => time::parse(text).unwrap_or_else(|| {
                faults.add(format!("{at}/{name}"), format!("`{text}` is not a time like 07:30, from 00:00 to 47:59:59"));
                default
            }),
        };
        let from = time("from", &period.from, i64::MIN);
        let until = time("until", &period.until, i64::MAX);
        if (last, until) < (first, from) {
            faults.add(at, "ends before it begins");
        }
        Self { first, from, last, until }
    }

    /// The part of a day that the period covers, in seconds after midnight.
    pub(super) fn on(&self, day: i64) -> Option<(i64, i64)> {
        let from = if day == self.first { self.from } else { i64::MIN };
        let until = if day == self.last { self.until } else { i64::MAX };
        (self.first..=self.last).contains(&day).then_some((from, until))
    }
}
