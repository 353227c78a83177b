//! What citizens, their relatives and carers would like. Nothing of it is a rule: wishes are weighed against everything else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Requester;
use crate::district::Number;

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The wish's id, unique among wishes.
    pub id: String,
    /// Who asked. Carers' wishes are for their own days.
    #[serde(default)]
    pub requested_by: Requester,
    /// When it was asked for, `YYYY-MM-DD`. Default: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_on: Option<String>,
    /// How much it counts against the policy's price of such wishes, 0 to 10. Default 1.
    #[serde(default = "usual", skip_serializing_if = "is_usual")]
    pub weight: Number,
    /// What is wished for.
    pub wants: Want,
}

/// What is wished for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Want {
    /// A citizen's visits start within certain times of the day; those of one course, one visit, or all.
    Time {
        /// The citizen's id.
        citizen: String,
        /// The course. Default: every visit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course: Option<String>,
        /// The only visit. Default: every visit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<String>,
        /// Earliest start, `HH:MM`.
        from: String,
        /// Latest start, `HH:MM`.
        until: String,
    },
    /// A citizen's visits of a course start at the same time every day: the agreed one, or the middle of their windows.
    SameTime {
        /// The citizen's id.
        citizen: String,
        /// The course. Default: every course.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course: Option<String>,
    },
    /// A carer comes to a citizen whenever that carer may and is on duty.
    Carer {
        /// The citizen's id.
        citizen: String,
        /// The carer's id.
        carer: String,
    },
    /// A carer does not come to a citizen any more.
    NotCarer {
        /// The citizen's id.
        citizen: String,
        /// The carer's id.
        carer: String,
    },
    /// No more than so many different carers come to a citizen in all days.
    FewerCarers {
        /// The citizen's id.
        citizen: String,
        /// Most carers, 1 to 1000.
        most: i64,
    },
    /// A carer's visits start and end within certain times of the day: a late morning, or an early finish.
    Hours {
        /// The carer's id.
        carer: String,
        /// Earliest start of a visit, `HH:MM`. Default: any time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Latest end of a visit, `HH:MM`. Default: any time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// The day, from 1. Default: every day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<i64>,
    },
    /// A carer's shifts have slack, beside what the policy asks for all: free time, buffers between homes, pauses.
    Slack {
        /// The carer's id.
        carer: String,
        /// Minutes of a shift that are neither visit nor travel nor break, 0 to 1440. Default 0.
        #[serde(default)]
        free_minutes: Number,
        /// Minutes between coming to a home and starting there, after a visit elsewhere, 0 to 240. Default 0.
        #[serde(default)]
        buffer_minutes: Number,
        /// Most visits without a pause, 1 to 1000. Default: any number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        longest_chain: Option<i64>,
        /// The day, from 1. Default: every day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<i64>,
    },
}

impl Want {
    /// The citizen whom it is about, if it is about one.
    #[must_use]
    pub fn citizen(&self) -> Option<&str> {
        match self {
            Self::Time { citizen, .. }
            | Self::SameTime { citizen, .. }
            | Self::Carer { citizen, .. }
            | Self::NotCarer { citizen, .. }
            | Self::FewerCarers { citizen, .. } => Some(citizen),
            Self::Hours { .. } | Self::Slack { .. } => None,
        }
    }

    /// The carer whom it is about, if it is about one.
    #[must_use]
    pub fn carer(&self) -> Option<&str> {
        match self {
            Self::Carer { carer, .. } | Self::NotCarer { carer, .. } | Self::Hours { carer, .. } | Self::Slack { carer, .. } => Some(carer),
            Self::Time { .. } | Self::SameTime { .. } | Self::FewerCarers { .. } => None,
        }
    }
}

fn usual() -> Number {
    Number(1.0)
}

fn is_usual(weight: &Number) -> bool {
    *weight == usual()
}
