//! Slack and hours of shifts: what the policy asks for all of them, and what carers wish for theirs.

use kendt_solver::problem::{self, Hours, LongestChain, Moment, ProblemBuilder, Ticks};

use super::ids::Ids;
use super::prices::Scale;
use crate::district::{District, Number, Want, Wish, time};

/// Adds slack and hours to every shift. Faults were reported where they are.
pub(super) fn add(doc: &District, ids: &Ids<'_>, scale: Scale, builder: &mut ProblemBuilder) {
    let policy = &doc.policy.slack;
    let all = Asked { free: policy.free_minutes, buffer: policy.buffer_minutes, longest_chain: policy.longest_chain };
    for shift in builder.shifts.iter_mut() {
        all.ask(doc, scale, Number(1.0), shift);
    }
    for wish in &doc.wishes {
        let Some(carer) = wish.wants.carer().and_then(|carer| ids.carer(carer)) else { continue };
        for shift in builder.shifts.iter_mut().filter(|shift| shift.carer == carer) {
            let of_day = shift.start.0.div_euclid(time::DAY) + 1;
            match &wish.wants {
                Want::Slack { free_minutes, buffer_minutes, longest_chain, day, .. } if day.is_none_or(|day| day == of_day) => {
                    let asked = Asked { free: *free_minutes, buffer: *buffer_minutes, longest_chain: *longest_chain };
                    asked.ask(doc, scale, wish.weight, shift);
                }
                Want::Hours { from, until, day, .. } if day.is_none_or(|day| day == of_day) => {
                    keep_to(doc, scale, wish, (from.as_deref(), until.as_deref()), shift);
                }
                _ => {}
            }
        }
    }
}

struct Asked {
    free: Number,
    buffer: Number,
    longest_chain: Option<i64>,
}

impl Asked {
    /// Asks this of a shift, beside what was asked before: the most counts, at the highest price.
    fn ask(&self, doc: &District, scale: Scale, weight: Number, shift: &mut problem::Shift) {
        let policy = &doc.policy.slack;
        let slack = &mut shift.slack;
        if self.free.0 > 0.0 {
            slack.free = slack.free.max(ticks(self.free));
            slack.free_cost = slack.free_cost.max(scale.per_tick(weighed(policy.per_free_minute, weight)));
        }
        if self.buffer.0 > 0.0 {
            slack.buffer = slack.buffer.max(ticks(self.buffer));
            slack.buffer_cost = slack.buffer_cost.max(scale.per_tick(weighed(policy.per_buffer_minute, weight)));
        }
        if let Some(visits) = self.longest_chain.and_then(|visits| u16::try_from(visits).ok()) {
            let cost = scale.per_event(weighed(policy.per_visit_in_chain, weight));
            let before = slack.chain.unwrap_or(LongestChain { visits, pause: ticks(policy.pause_minutes), cost });
            slack.chain = Some(LongestChain { visits: before.visits.min(visits), cost: before.cost.max(cost), ..before });
        }
    }
}

/// Wishes for a shift's visits to be within the hours; of several wishes for all of their hours.
fn keep_to(doc: &District, scale: Scale, wish: &Wish, (from, until): (Option<&str>, Option<&str>), shift: &mut problem::Shift) {
    let midnight = shift.start.0.div_euclid(time::DAY) * time::DAY;
    let at = |text: &str| time::parse(text).map(|seconds| Moment(midnight + seconds));
    let (from, until) = (from.and_then(at).unwrap_or(Moment(0)), until.and_then(at).unwrap_or(LAST));
    let cost = scale.per_event(weighed(doc.policy.wishes.hours, wish.weight));
    let before = shift.hours.unwrap_or(Hours { from, until, cost });
    shift.hours = Some(Hours { from: before.from.max(from), until: before.until.min(until), cost: before.cost.max(cost) });
}

/// Later than any visit of a district of 28 days.
const LAST: Moment = Moment(40 * time::DAY);

fn ticks(minutes: Number) -> Ticks {
    Ticks((minutes.0 * 60.0).round() as i64)
}

/// A price by the weight of a wish, to the thousandth.
pub(super) fn weighed(price: Number, weight: Number) -> Number {
    Number((price.0 * weight.0 * 1000.0).round() / 1000.0)
}
