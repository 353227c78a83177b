//! What happens after a plan is published, and the document after it happened.

mod absence;
mod apply;
mod period;

pub use apply::{Applied, Published};
pub use period::Period;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Number, Visit};

/// Something that changes a published day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A carer is absent: shifts in the period are removed or cut to the rest of their time.
    CarerAbsent {
        /// The carer's id.
        carer: String,
        /// When. Default: always.
        #[serde(default)]
        period: Period,
    },
    /// A visit is added.
    VisitAdded {
        /// The visit, with a new id.
        visit: Box<Visit>,
    },
    /// A visit is cancelled.
    VisitCancelled {
        /// The visit's id.
        visit: String,
    },
    /// A citizen is away, such as in hospital: visits are removed when all their windows touch the period.
    CitizenAway {
        /// The citizen's id.
        citizen: String,
        /// When. Default: always.
        #[serde(default)]
        period: Period,
    },
    /// A visit cannot start before its published start plus some minutes.
    VisitDelayed {
        /// The visit's id.
        visit: String,
        /// Minutes after the published start, 0 to 1440.
        minutes: Number,
    },
}
