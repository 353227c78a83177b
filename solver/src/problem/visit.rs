//! Citizens and their visits.

use super::{CarerId, CitizenId, CourseId, Moment, PlaceId, TeamId, Ticks, VisitId};

/// A citizen who receives help. The label is the caller's own opaque id, never a name that this crate reads.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Citizen {
    /// The caller's id, unique among citizens.
    pub label: String,
    /// The team that the citizen belongs to.
    pub team: Option<TeamId>,
    /// The few carers who are to come, each once: the primary first, then the deputies. Empty where nobody has chosen yet.
    pub few: Vec<CarerId>,
    /// Most carers who are to come in the horizon, at least 1; more are [`super::Term::AboveCap`].
    pub cap: Option<u16>,
    /// Who came before the horizon, one entry for each visit of each carer.
    pub history: Vec<Met>,
}

/// A visit of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Met {
    /// Who came.
    pub carer: CarerId,
    /// How many days before the first day of the horizon, from 1 to [`Met::DAYS`].
    pub days_before: u16,
}

impl Met {
    /// Days that the past reaches back: whoever came within them is known to the citizen.
    pub const DAYS: u16 = 28;
}

impl Citizen {
    /// A citizen of no team and without a past.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// Whether the carer came in the days before the horizon.
    #[must_use]
    pub fn knows(&self, carer: CarerId) -> bool {
        self.history.iter().any(|met| met.carer == carer)
    }
}

/// When a visit's service may start; both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Earliest service start. Never broken: a carer who comes earlier waits.
    pub open: Moment,
    /// Latest service start. Later is lateness, which the objective prices or forbids.
    pub close: Moment,
}

/// The time a citizen would like best, with a price per tick on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Starts from here on are not early.
    pub from: Moment,
    /// Starts up to here are not late against the preference.
    pub until: Moment,
    /// Price of one tick early, at least 0; multiplied by the objective's weight of [`super::Term::Early`].
    pub early: i64,
    /// Price of one tick late, at least 0; multiplied by the objective's weight of [`super::Term::Late`].
    pub late: i64,
}

/// Whether a visit may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Must be served. Where [`super::Term::Unserved`] is hard, leaving it out is a violation; where it is priced, it costs `unserved_cost`.
    Required,
    /// May be left out at `unserved_cost`.
    Optional,
}

/// What was promised before a replan: moving away from it is disruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The carer who was to come.
    pub carer: CarerId,
    /// The promised service start.
    pub start: Moment,
    /// Starts this far from the promise are not disruption, at least 0.
    pub tolerance: Ticks,
    /// Price of another carer, at least 0; multiplied by the weight of [`super::Term::Disruption`].
    pub carer_changed: i64,
    /// Price of any start beyond the tolerance, at least 0; multiplied by the same weight. Someone must tell the citizen, however little it is.
    pub time_moved: i64,
    /// Price of one tick beyond the tolerance, at least 0; multiplied by the same weight.
    pub per_tick: i64,
}

impl Published {
    /// Whether a start is beyond the tolerance.
    #[must_use]
    pub fn is_moved(&self, start: Moment) -> bool {
        (start - self.start).0.abs() > self.tolerance.0
    }
}

/// A set of skills, one bit each: at most 128 skills in a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SkillSet(u128);

impl SkillSet {
    /// Number of skills that a problem may tell apart.
    pub const CAPACITY: usize = 128;

    /// No skill.
    pub const EMPTY: Self = Self(0);

    /// This set with `skill`.
    ///
    /// # Panics
    /// When `skill` is past [`Self::CAPACITY`]; readers check the count of skills first.
    #[must_use]
    pub fn with(self, skill: super::SkillId) -> Self {
        assert!(skill.idx() < Self::CAPACITY, "skill {} is past {}", skill.idx(), Self::CAPACITY);
        Self(self.0 | 1 << skill.idx())
    }

    /// Whether every skill here is in `other` too.
    #[must_use]
    pub fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The skills as ids, ascending.
    pub fn iter(self) -> impl Iterator<Item = super::SkillId> {
        (0..Self::CAPACITY).filter(move |bit| self.0 >> bit & 1 == 1).map(super::SkillId::new)
    }
}

/// What a visit gives. The help that was granted and what is asked for instead are one visit each, and at most one of these *alternatives* is
/// given: they are left out only where none of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Content {
    /// The visit with the granted help, where this one is given instead of it. That one is instead of none. All alternatives are visits of one
    /// citizen at one place, with the same need, priority and `unserved_cost`, and none of them has links.
    pub instead_of: Option<VisitId>,
    /// What it costs that this is given and not what is wished for, at least 0; multiplied by the weight of [`super::Term::Content`].
    pub cost: i64,
}

/// One visit: help of a known length at one citizen's home by one carer.
/// A double-staffed visit is two visits joined by a [`super::Link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The caller's id, unique among visits.
    pub label: String,
    /// Whose visit.
    pub citizen: CitizenId,
    /// Where.
    pub place: PlaceId,
    /// Length of the service, at least 0 ticks.
    pub duration: Ticks,
    /// Windows for the service start: at least one, ascending, disjoint. A start belongs to the latest window that has opened.
    pub windows: Vec<Window>,
    /// The citizen's wish, where there is one.
    pub preference: Option<Preference>,
    /// The promise that a replan starts from.
    pub published: Option<Published>,
    /// Skills the carer must have.
    pub skills: SkillSet,
    /// What the visit takes of the shift's capacity, at least 0 (demand in vehicle routing).
    pub load: i64,
    /// Required or optional.
    pub need: Need,
    /// How urgent the visit is: 0 is ordinary, higher is more urgent. Shown to people; the price is `unserved_cost`.
    pub priority: u8,
    /// Price of leaving the visit out, at least 0; multiplied by the weight of [`super::Term::Unserved`].
    pub unserved_cost: i64,
    /// The same help on other days: visits of one citizen with the same course are to start at about the same time of day.
    pub course: Option<CourseId>,
    /// If present, only these carers may come (empty: nobody may).
    pub allowed: Option<Vec<CarerId>>,
    /// If not empty, any other carer costs the weight of [`super::Term::CarerPreference`].
    pub preferred: Vec<CarerId>,
    /// Carers who may not come: forbidden, or priced by the weight of [`super::Term::Exclusion`].
    pub excluded: Vec<CarerId>,
    /// What it costs that one of these carers comes, at least 0, each carer once, ascending; the others cost nothing. Multiplied by the weight
    /// of [`super::Term::CarerCost`].
    pub carer_costs: Vec<(CarerId, i64)>,
    /// Price of going on to another citizen after this visit in the same route, but for those whose visits have such a price themselves; at least 0,
    /// multiplied by the weight of [`super::Term::NotLast`].
    pub not_last_cost: i64,
    /// What is given, where the citizen has asked for something else as well.
    pub content: Content,
}

impl Visit {
    /// What it costs by the visit's own list that this carer comes.
    #[must_use]
    pub fn carer_cost(&self, carer: CarerId) -> i64 {
        self.carer_costs.binary_search_by_key(&carer, |&(who, _)| who).map_or(0, |at| self.carer_costs[at].1)
    }
}
