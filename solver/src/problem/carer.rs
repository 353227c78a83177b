//! Carers, their shifts and breaks.

use super::{CarerId, ModeId, Moment, PlaceId, SkillSet, TeamId, Ticks};

/// Someone who gives help. The label is the caller's own opaque id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carer {
    /// The caller's id, unique among carers.
    pub label: String,
    /// What the carer can do.
    pub skills: SkillSet,
    /// How the carer travels.
    pub mode: ModeId,
    /// The team that the carer belongs to.
    pub team: Option<TeamId>,
}

/// Carers who share their citizens, usually 8 to 12.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The caller's id, unique among teams.
    pub label: String,
}

/// A break within a shift. It is taken at the place of the visit after it (a carer who rides first is never later there than
/// one who eats first); a break that comes last is taken where the carer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakRule {
    /// Earliest begin.
    pub open: Moment,
    /// Latest begin.
    pub latest_begin: Moment,
    /// Shortest length, at least 0.
    pub min_duration: Ticks,
    /// A break may be longer than its shortest length, and then takes up waiting, but ends no later than this
    /// (or `min_duration` after its begin, whichever is later).
    pub latest_end: Moment,
}

/// What a carer is to have besides visits and rides, so that a day can be kept when something takes longer. The default asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Slack {
    /// Ticks of the shift, at least 0, that are neither service nor travel nor break, if anyone is visited.
    pub free: Ticks,
    /// Price of a tick less, at least 0; multiplied by the weight of [`super::Term::ShortSlack`].
    pub free_cost: i64,
    /// Ticks, at least 0, between coming to a home and starting there, where the carer comes from a visit at another place.
    pub buffer: Ticks,
    /// Price of a tick less, at least 0; multiplied by the weight of [`super::Term::ShortBuffer`].
    pub buffer_cost: i64,
    /// Most visits without a pause.
    pub chain: Option<LongestChain>,
}

/// How long a carer may go from visit to visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongestChain {
    /// Most visits one after the other without a pause, at least 1.
    pub visits: u16,
    /// Waiting before a visit that is a pause, at least 1 tick. The shift's break is one however short.
    pub pause: Ticks,
    /// Price of each visit more, at least 0; multiplied by the weight of [`super::Term::LongChain`].
    pub cost: i64,
}

/// The hours that a carer would like to have visits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Visits start no earlier.
    pub from: Moment,
    /// Visits end no later.
    pub until: Moment,
    /// Price of a visit that does not, at least 0; multiplied by the weight of [`super::Term::OutsideHours`].
    pub cost: i64,
}

/// One working period of one carer. It has at most one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The caller's id, unique among shifts.
    pub label: String,
    /// Whose shift.
    pub carer: CarerId,
    /// The carer leaves `from` no earlier.
    pub start: Moment,
    /// Returning to `to` later is overtime, which the objective prices or forbids.
    pub end: Moment,
    /// Where the route starts.
    pub from: PlaceId,
    /// Where the route ends.
    pub to: PlaceId,
    /// Largest sum of the visits' `load`; `None` is no limit.
    pub capacity: Option<i64>,
    /// The break the carer should have; not taking it costs the weight of [`super::Term::MissedBreak`].
    pub pause: Option<BreakRule>,
    /// What the carer is to have besides visits and rides.
    pub slack: Slack,
    /// The hours that the carer would like.
    pub hours: Option<Hours>,
    /// Price of the shift if it visits anyone, at least 0; multiplied by the weight of [`super::Term::ShiftUse`].
    pub use_cost: i64,
}
