//! Moments as planners write them: a day, counted from 1, and a time of it.

use kendt_solver::problem::{Clock, Moment};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{Code, Problem};

const MINUTES_PER_DAY: i64 = 24 * 60;

/// A time of a day.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeOfDay {
    /// The day, from 1. Default: 1.
    #[serde(default = "first_day")]
    pub(crate) day: i64,
    /// `HH:MM`, from 00:00 to 47:59: hours above 23 are the next day's.
    #[schema(example = "09:30")]
    pub(crate) time: String,
}

fn first_day() -> i64 {
    1
}

impl TimeOfDay {
    /// The moment on a problem's axis; faults stand at `at`.
    pub(crate) fn moment(&self, clock: Clock, at: &str) -> Result<Moment, Problem> {
        if !(1..=366).contains(&self.day) {
            return Err(Problem::at(Code::InvalidOption, format!("{at}/day"), format!("is {}, allowed 1 to 366", self.day)));
        }
        let Some(minutes) = minutes(&self.time) else {
            return Err(Problem::at(Code::InvalidOption, format!("{at}/time"), "must be HH:MM from 00:00 to 47:59"));
        };
        Ok(Moment(((self.day - 1) * MINUTES_PER_DAY + minutes) * clock.ticks_per_minute))
    }
}

fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, most: i64| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|&value| plain && value <= most)
    };
    Some(number(hours, 47)? * 60 + number(minutes, 59)?)
}

/// The day of a moment, from 1.
pub(crate) fn day_of(clock: Clock, moment: Moment) -> i64 {
    moment.0.div_euclid(clock.ticks_per_minute.max(1) * MINUTES_PER_DAY) + 1
}

/// The time of its day, `HH:MM`, with seconds where they are not zero.
pub(crate) fn time_of(clock: Clock, moment: Moment) -> String {
    let tick = clock.ticks_per_minute.max(1);
    let of_day = moment.0.rem_euclid(tick * MINUTES_PER_DAY);
    let (minutes, seconds) = (of_day / tick, of_day % tick * 60 / tick);
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if seconds == 0 { time } else { format!("{time}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_as_day_and_time() {
        let clock = Clock { ticks_per_minute: 60 };
        assert_eq!((day_of(clock, Moment(0)), time_of(clock, Moment(0)).as_str()), (1, "00:00"));
        let night = TimeOfDay { day: 1, time: "25:30".into() }.moment(clock, "/frozen_until").unwrap();
        assert_eq!((day_of(clock, night), time_of(clock, night).as_str()), (2, "01:30"));
        assert_eq!(time_of(clock, Moment(7 * 3600 + 5)), "07:00:05");
    }

    #[test]
    fn anything_but_a_time_is_refused() {
        for bad in ["", "7:00", "48:00", "07:60", "+7:00", "07:00:00", "ab:cd"] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
    }
}
