//! The one objective: a weighted sum of named terms. Every published variant is a setting of its weights.

use super::Cost;

/// One named term of the objective. A term is a quantity (never negative); its cost is weight × quantity.
///
/// Sources: the weighted sum of Ceschia et al. 2026 (doi:10.1111/itor.70140, the unified home health care problem), of which
/// Mankowska, Meisel, Bierwirth 2014 (doi:10.1007/s10729-013-9243-1) is the setting travel = lateness = greatest lateness = 1
/// divided by 3, and the vehicle routing problem with time windows (Solomon 1987) travel = 1 with lateness, overtime and
/// unserved hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Term {
    /// Ticks travelled, from and to the shift's places included, each at the price of its mode ([`super::Travel::price`]).
    Travel,
    /// Ticks between arriving and the start of a service or break. Before the first stop there is no waiting when carers leave
    /// [`Departure::JustInTime`]; after a break that comes first there is none either.
    Waiting,
    /// Ticks that services start after the close of their window, summed over visits.
    Lateness,
    /// The largest lateness of one visit, in ticks.
    GreatestLateness,
    /// Ticks before the preferred time × the visit's own price.
    Early,
    /// Ticks after the preferred time × the visit's own price.
    Late,
    /// Ticks that carers return after the end of their shift.
    Overtime,
    /// The `unserved_cost` of visits left out. Hard: required visits must be served (optional ones stay priced, weight 1).
    Unserved,
    /// Visits given by a carer outside a non-empty preferred list.
    CarerPreference,
    /// Visits given by an excluded carer.
    Exclusion,
    /// Visits given by a carer who lacks a skill.
    Qualification,
    /// Shifts with a break rule whose route has no break; unused shifts count too.
    MissedBreak,
    /// The largest idle time of one shift, in ticks: from shift start to departure, every gap between an arrival and its start (so also
    /// the one after an opening break, which is no [`Term::Waiting`]), and from return to shift end. An unused shift is idle from start
    /// to end.
    GreatestIdle,
    /// Sum over all shifts, unused ones too, of |work − mean work|, each rounded up to whole ticks; work is service and travel.
    Balance,
    /// Ticks of service and travel, summed over shifts.
    WorkingTime,
    /// Load above the shift's capacity.
    Overload,
    /// Replanning: changed carers, and starts moved beyond tolerance (each, and by the tick), at each visit's own prices ([`super::Published`]).
    Disruption,
    /// The visits' own prices of the carers who give them ([`super::Visit::carer_costs`]).
    CarerCost,
    /// The prices of what visits give ([`super::Content::cost`]): of granted help where something else is wished for.
    Content,
    /// The prices of the shifts that visit anyone ([`super::Shift::use_cost`]): the fixed costs of vehicles.
    ShiftUse,
    /// Ticks that the free time of shifts in use falls short of what is asked for ([`super::Slack::free`]) × the shift's own price. Free time is the length of the shift less
    /// service, travel and, if it is taken, the shortest break; overtime makes it negative.
    ShortSlack,
    /// Ticks that waiting before visits falls short of the buffer asked for ([`super::Slack::buffer`]) × the shift's own price, summed over
    /// visits that come right after a visit at another place.
    ShortBuffer,
    /// Visits that come after as many visits without a pause as are asked for at most ([`super::Slack::chain`]) × the shift's own price.
    LongChain,
    /// The prices of visits to which a carer starts before the hours wished for, or from which the carer is not free by then ([`super::Hours::cost`]).
    OutsideHours,
    /// The prices of visits ([`super::Visit::not_last_cost`]) behind which the route has one of another citizen without such a price.
    NotLast,
    /// Carers who come to a citizen in the horizon besides the first one, summed over citizens: a citizen is not left alone for the sake of it.
    Faces,
    /// Carers who come to a citizen in the horizon and did not in the days before it ([`super::Citizen::knows`]), summed over citizens.
    NewFaces,
    /// Carers who come to a citizen above the citizen's cap, summed over citizens.
    AboveCap,
    /// Ticks between the time of day that a visit starts at and the median of its course, summed over visits; of two medians the earlier.
    /// Times of day count from the midnight before the window that the start belongs to.
    Irregularity,
}

impl Term {
    /// Terms that look at more than one route: searches of a day leave them out, and [`crate::solve`] plans the horizon by them.
    pub const ACROSS: [Term; 4] = [Term::Faces, Term::NewFaces, Term::AboveCap, Term::Irregularity];

    /// Every term, in the order that breakdowns are printed.
    pub const ALL: [Term; 29] = [
        Term::Travel,
        Term::Waiting,
        Term::Lateness,
        Term::GreatestLateness,
        Term::Early,
        Term::Late,
        Term::Overtime,
        Term::Unserved,
        Term::CarerPreference,
        Term::Exclusion,
        Term::Qualification,
        Term::MissedBreak,
        Term::GreatestIdle,
        Term::Balance,
        Term::WorkingTime,
        Term::Overload,
        Term::Disruption,
        Term::CarerCost,
        Term::Content,
        Term::ShiftUse,
        Term::ShortSlack,
        Term::ShortBuffer,
        Term::LongChain,
        Term::OutsideHours,
        Term::NotLast,
        Term::Faces,
        Term::NewFaces,
        Term::AboveCap,
        Term::Irregularity,
    ];

    /// The name in breakdowns, in snake case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Term::Travel => "travel",
            Term::Waiting => "waiting",
            Term::Lateness => "lateness",
            Term::GreatestLateness => "greatest_lateness",
            Term::Early => "early",
            Term::Late => "late",
            Term::Overtime => "overtime",
            Term::Unserved => "unserved",
            Term::CarerPreference => "carer_preference",
            Term::Exclusion => "exclusion",
            Term::Qualification => "qualification",
            Term::MissedBreak => "missed_break",
            Term::GreatestIdle => "greatest_idle",
            Term::Balance => "balance",
            Term::WorkingTime => "working_time",
            Term::Overload => "overload",
            Term::Disruption => "disruption",
            Term::CarerCost => "carer_cost",
            Term::Content => "content",
            Term::ShiftUse => "shift_use",
            Term::ShortSlack => "short_slack",
            Term::ShortBuffer => "short_buffer",
            Term::LongChain => "long_chain",
            Term::OutsideHours => "outside_hours",
            Term::NotLast => "not_last",
            Term::Faces => "faces",
            Term::NewFaces => "new_faces",
            Term::AboveCap => "above_cap",
            Term::Irregularity => "irregularity",
        }
    }
}

/// What a term costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Cost per unit of the term's quantity, from 0 to [`Weight::LARGEST`].
    Soft(i64),
    /// The quantity must be 0: anything else is a violation.
    Hard,
}

impl Weight {
    /// Largest soft weight.
    pub const LARGEST: i64 = 1 << 30;
}

/// When a carer leaves the shift's start place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// As late as the first stop allows, but not before the shift starts.
    JustInTime,
    /// When the shift starts, waiting at the first stop if that is early (Bazirha's instances).
    AtShiftStart,
}

/// Weights of all terms, and how costs are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    weights: [Weight; Term::ALL.len()],
    /// Internal cost units in one reported unit, at least 1 (Mankowska: 3 × 1000 ticks).
    pub denominator: i64,
    /// When carers leave.
    pub departure: Departure,
}

impl Objective {
    /// All terms free but what is forbidden unless said otherwise: exclusion, qualification and overload.
    #[must_use]
    pub fn new(denominator: i64) -> Self {
        let mut weights = [Weight::Soft(0); Term::ALL.len()];
        for term in [Term::Exclusion, Term::Qualification, Term::Overload] {
            weights[term as usize] = Weight::Hard;
        }
        Self { weights, denominator, departure: Departure::JustInTime }
    }

    /// This objective with another weight.
    #[must_use]
    pub fn with(mut self, term: Term, weight: Weight) -> Self {
        self.weights[term as usize] = weight;
        self
    }

    /// The weight of a term.
    #[must_use]
    pub fn weight(&self, term: Term) -> Weight {
        self.weights[term as usize]
    }

    /// The soft weight of a term; 0 where it is hard.
    #[must_use]
    pub fn soft(&self, term: Term) -> i64 {
        match self.weights[term as usize] {
            Weight::Soft(weight) => weight,
            Weight::Hard => 0,
        }
    }

    /// Whether a term is a constraint.
    #[must_use]
    pub fn is_hard(&self, term: Term) -> bool {
        self.weights[term as usize] == Weight::Hard
    }

    /// A cost in reported units.
    #[must_use]
    pub fn reported(&self, cost: Cost) -> f64 {
        cost.0 as f64 / self.denominator as f64
    }
}
