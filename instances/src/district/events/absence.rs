//! What remains of a shift when its carer is absent for a while.

use super::period::Span;
use crate::district::{Break, Number, Shift, time};

/// The parts of the shift that remain, in order; `None` if the absence does not touch it. The first part keeps the shift's id, and so
/// the published route; a second one gets its own.
pub(super) fn remains(shift: &Shift, span: &Span) -> Option<Vec<Shift>> {
    let (start, end) = (time::parse(&shift.start)?, time::parse(&shift.end)?);
    let (from, until) = span.on(shift.day)?;
    if until <= start || from >= end {
        return None;
    }
    let mut parts = Vec::new();
    if from > start {
        parts.push(part(shift, start, from));
    }
    if until < end {
        parts.push(part(shift, until, end));
    }
    if let [first, second] = parts.as_mut_slice() {
        second.id = shift.id.as_ref().map(|id| format!("{id}+"));
        if first.pause.is_some() {
            second.pause = None;
        }
    }
    Some(parts)
}

fn part(shift: &Shift, start: i64, end: i64) -> Shift {
    let pause = shift.pause.as_ref().and_then(|pause| cut(pause, start, end));
    Shift { start: time::print(start), end: time::print(end), pause, ..shift.clone() }
}

/// The break within a part of the shift, if it still fits.
fn cut(pause: &Break, start: i64, end: i64) -> Option<Break> {
    let Number(minutes) = pause.minutes;
    let earliest = time::parse(&pause.earliest)?.max(start);
    let latest = time::parse(&pause.latest)?.min(end - (minutes.clamp(0.0, 2880.0) * 60.0).round() as i64);
    (earliest <= latest).then(|| Break { earliest: time::print(earliest), latest: time::print(latest), minutes: pause.minutes })
}
