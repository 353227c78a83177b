//! Times of the day as planners write them, and their moments on the problem's axis.

use kendt_solver::problem::{Clock, Moment};

/// The clock of every district: one tick is one second.
pub(super) const CLOCK: Clock = Clock { ticks_per_minute: 60 };
/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// Seconds after midnight of `HH:MM` or `HH:MM:SS`, hours from 0 to 47; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "00"));
    let part = |digits: &str, most: i64| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|&value| plain && value <= most)
    };
    Some(part(hours, 47)? * 3600 + part(minutes, 59)? * 60 + part(seconds, 59)?)
}

/// `HH:MM`, or `HH:MM:SS` where the seconds are not zero. The inverse of [`parse`] on its range.
pub(super) fn print(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds.div_euclid(3600), seconds.rem_euclid(3600) / 60, seconds.rem_euclid(60));
    if rest == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{rest:02}") }
}

/// The moment `seconds` after the midnight that begins `day` (days count from 1).
pub(super) fn moment(day: i64, seconds: i64) -> Moment {
    Moment((day - 1) * DAY + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back_as_written() {
        for seconds in [0, 25_200, 25_205, 91_800, 172_799] {
            assert_eq!(parse(&print(seconds)), Some(seconds));
        }
        assert_eq!(print(91_800), "25:30");
    }

    #[test]
    fn anything_but_a_time_is_refused() {
        for bad in ["", "7:00", "07", "07:60", "48:00", "07:00:60", "07:00:00:00", "+7:00", "０7:00", "-1:00", "07:-1"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
