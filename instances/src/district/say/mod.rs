//! The citizen's say: grants and the visits made from them, and what citizens ask for instead.
//!
//! Nothing here grants or refuses help, and nothing judges whether a swap is sound: people do. What a rule says against a swap is a
//! [`SwapRefusal`] with its figures; whatever passes the rules becomes an alternative of its visit, and the plan says which one is given.

mod calendar;
pub(super) mod check;
mod demand;
mod options;
mod packages;
mod repeated;
mod rules;
#[cfg(test)]
mod tests;

pub(super) use calendar::parse as date;
pub use demand::Demand;
pub use options::{FrameWeek, GrantOptions, ServiceOption, SwapOptions};
pub use packages::{AppliedPackage, PackageOrder, PackageRefusal};
pub use repeated::Reassessment;
pub use rules::SwapRefusal;
use rules::{Asked, judge};

use super::District;
use super::convert::{swap_label, visit_labels};

/// The visits of the problem that a swap is about, by their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapVisits {
    /// With the granted help.
    pub granted: String,
    /// With what is asked for.
    pub asked: String,
}

impl District {
    /// By swap, in the document's order: the visits of the problem that it chooses between, or what speaks against planning it whatever the
    /// day looks like.
    #[must_use]
    pub fn swaps_as_planned(&self) -> Vec<Result<SwapVisits, SwapRefusal>> {
        let names = |(index, asked): (usize, Asked)| {
            let visit = &self.visits[asked.visit];
            SwapVisits { granted: visit_labels(visit).swap_remove(0), asked: swap_label(visit, &self.swaps[index]) }
        };
        judge(self).into_iter().enumerate().map(|(index, judged)| judged.map(|asked| names((index, asked)))).collect()
    }
}

/// The day of a date in the district's calendar; `None` where either is no date.
pub(super) fn day_of(doc: &District, text: &str) -> Option<i64> {
    Some(calendar::Calendar::of(doc)?.day(date(text)?))
}

/// The swaps that are planned, by index in the document, in order.
pub(super) fn planned(doc: &District) -> Vec<(usize, Asked)> {
    judge(doc).into_iter().enumerate().filter_map(|(index, judged)| Some((index, judged.ok()?))).collect()
}
