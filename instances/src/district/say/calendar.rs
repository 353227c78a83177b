//! The district's days as calendar dates.

use jiff::civil::Date;

use crate::district::{District, Grant, Weekday};

/// More days than there are from one date to any other.
const FARTHEST: i64 = 7_000_000;

/// The date of day 1. Days count from 1; days before it are 0 and less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    first: Date,
}

impl Calendar {
    /// `None` where the district has no date that can be read.
    pub(super) fn of(doc: &District) -> Option<Self> {
        doc.date.as_deref().and_then(parse).map(|first| Self { first })
    }

    /// The date of a day, `YYYY-MM-DD`.
    pub(super) fn date(&self, day: i64) -> String {
        self.at(day).to_string()
    }

    /// The day of a date.
    pub(super) fn day(&self, date: Date) -> i64 {
        i64::from((date - self.first).get_days()) + 1
    }

    pub(super) fn weekday(&self, day: i64) -> Weekday {
        Weekday::ALL[self.at(day).weekday().to_monday_zero_offset() as usize]
    }

    /// The day of the Monday that begins the calendar week of a day.
    pub(super) fn monday(&self, day: i64) -> i64 {
        day.clamp(-FARTHEST, FARTHEST) - i64::from(self.at(day).weekday().to_monday_zero_offset())
    }

    /// Whether a grant holds on a day.
    pub(super) fn holds(&self, grant: &Grant, day: i64) -> bool {
        let date = self.at(day);
        let bound = |text: &Option<String>| text.as_deref().and_then(parse);
        bound(&grant.from).is_none_or(|from| from <= date) && bound(&grant.until).is_none_or(|until| date <= until)
    }

    /// The day from which a grant's repetition counts.
    pub(super) fn first_day(&self, grant: &Grant) -> i64 {
        grant.from.as_deref().and_then(parse).map_or(1, |from| self.day(from))
    }

    fn at(&self, day: i64) -> Date {
        // Days out of any range are as far as there are dates: they are faults where they are written.
        self.first.saturating_add(jiff::Span::new().days(day.clamp(-FARTHEST, FARTHEST) - 1))
    }
}

/// The date that `YYYY-MM-DD` says.
pub(in crate::district) fn parse(text: &str) -> Option<Date> {
    let is_plain =
        text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_know_their_months() {
        assert!(parse("2028-02-29").is_some());
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "today", "2026-11-23T00:00", "+02026-11-2", "２026-11-23"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
