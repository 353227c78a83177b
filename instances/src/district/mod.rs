//! Kendt's own format: a district of citizens, visits, carers and shifts as one JSON document, and plans as another.
//!
//! [`District`] is the document as written; [`District::problem`] checks it and makes the problem. Events ([`Event`]) change a document
//! into the next one ([`District::apply`]), and [`carry_over`] carries the published plan and its promises over to it. All ids are opaque.

mod carry;
mod convert;
mod document;
mod evaluation;
mod events;
mod number;
mod plan;
mod pointer;
mod say;
mod schema;
#[cfg(test)]
mod tests;
mod time;

pub use carry::{carry_over, map_plan};
pub use document::{
    Agreement, Base, Break, Carer, CatalogueService, Citizen, Colour, Delegation, Departure, Disruption, District, FollowUp, Grant, GrantKind,
    GrantStatus, Hard, Instead, Layer, LegalBasis, Link, Met, Mode, Need, Objective, PackageService, PartOfDay, Pattern, Pin, Policy, Precaution,
    Price, Profession, Repetition, Requester, Service, ServicePackage, Shift, SlackPolicy, Soundness, SoundnessState, Swap, SwapFrame, SwapPolicy,
    Team, Travel, Triage, TriageColours, TriagePolicy, Visit, VisitPreference, VisitWindow, Want, Weekday, Wish, WishPolicy,
};
pub use events::{Applied, Event, Period, Published};
pub use number::Number;
pub use plan::{read_plan, write_plan};
pub use say::{
    AppliedPackage, Demand, FrameWeek, GrantOptions, PackageOrder, PackageRefusal, Reassessment, ServiceOption, SwapOptions, SwapRefusal, SwapVisits,
};
pub use schema::schema;

use kendt_solver::continuity::Facts;
use kendt_solver::problem::Problem;
use kendt_solver::replan::DisruptionWeights;

use crate::ReadError;

/// The format word of a district document.
pub const FORMAT: &str = "kendt-district/1";

/// Reads a district document. Only its shape is judged here: [`District::problem`] judges the rest.
///
/// # Errors
/// Where the text is not JSON, or the first place where a field is missing, unknown or of the wrong type.
pub fn read(text: &str) -> Result<District, ReadError> {
    pointer::parse(text)
}

/// Seconds after midnight of `HH:MM` or `HH:MM:SS`, hours from 0 to 47; `None` for anything else.
#[must_use]
pub fn seconds_of_day(text: &str) -> Option<i64> {
    time::parse(text)
}

impl Visit {
    /// The labels of the visit in the problem: its id, or `id#1` and `id#2` for two carers.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        convert::visit_labels(self)
    }

    /// The minute after midnight at which the visit usually starts: the agreed one, or the middle of its first window; `None` where neither is a time.
    #[must_use]
    pub fn usual_minutes(&self) -> Option<i64> {
        let agreed = self.agreed.as_ref().and_then(|agreed| time::parse(&agreed.at));
        let window = self.windows.first().and_then(|window| Some((time::parse(&window.from)? + time::parse(&window.to)?) / 2));
        agreed.or(window).map(|seconds| seconds / 60)
    }
}

impl District {
    /// The document as indented JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // The document has string keys only and Number writes what is not finite as null, so writing cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The problem: times in seconds, costs in minutes of travel, two visits for every visit by two carers.
    ///
    /// # Errors
    /// Every fault with its JSON pointer: unknown or repeated ids, numbers out of range, times that are none, matrices of the wrong size.
    pub fn problem(&self) -> Result<Problem, ReadError> {
        convert::problem(self)
    }

    /// What measures of a plan need to know beyond the problem: ages, and of each visit the kind of help, the agreed start and the course.
    /// Parts with faults, which [`District::problem`] reports, are not known here.
    #[must_use]
    pub fn facts(&self) -> Facts {
        evaluation::facts(self)
    }

    /// What disruption costs, in the internal units of this document's problem.
    ///
    /// # Errors
    /// The weights that are out of range.
    pub fn disruption(&self) -> Result<DisruptionWeights, ReadError> {
        convert::disruption(self)
    }
}
