//! Measures of continuity and of kept times, of one group of citizens.

use kendt_solver::continuity::{Averages, Breaches, Distinct, Excess, FewShares, Indices, Kept, Measures, NewFaces, Promise, SlackMeasures, Swedish};
use serde::Serialize;
use utoipa::ToSchema;

/// Measures of a group. Shares are fractions; what cannot be measured is `null`. Percentiles are by nearest rank.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MeasuresView {
    /// Citizens who are visited at least once; means over citizens are over them.
    pub(crate) citizens: usize,
    /// Visits paid, those by two carers counted twice.
    pub(crate) visits: usize,
    /// Required visits that nobody pays.
    pub(crate) left_out: usize,
    /// Different carers for each citizen.
    pub(crate) distinct_carers: Option<DistinctView>,
    /// How many of them the roster alone does not explain.
    pub(crate) excess: Option<ExcessView>,
    /// Indices of the citizens with two visits or more.
    pub(crate) indices: Option<AveragesView>,
    /// Citizens whose past is known: somebody came in the 28 days before the horizon.
    pub(crate) with_past: usize,
    /// Share of visits whose carer came to the citizen in the 28 days before the visit.
    pub(crate) known_carer_share: Option<f64>,
    /// Visits by the few carers who are to come; `null` where nobody has chosen any.
    pub(crate) few: Option<FewView>,
    /// Carers who come and did not in the 28 days before the horizon.
    pub(crate) new_faces: Option<NewFacesView>,
    /// Share of visits by a carer of the citizen's own team; `null` where no citizen has a team.
    pub(crate) team_share: Option<f64>,
    /// How well times are kept.
    pub(crate) times: TimesView,
}

/// Different carers for each citizen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DistinctView {
    /// Mean over citizens.
    pub(crate) mean: f64,
    /// Median over citizens.
    pub(crate) median: usize,
    /// 90th percentile over citizens.
    pub(crate) p90: usize,
    /// Share of citizens with at most 1, 2, ... 10 carers.
    pub(crate) at_most: Vec<f64>,
}

/// Carers above the structural floor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ExcessView {
    /// Mean over citizens of the carers less the floor. Below 0 only where required visits are left out or paid by carers who could not come.
    pub(crate) mean: f64,
    /// Mean over citizens of the floor: by the roster alone, no plan that pays every required visit has fewer different carers.
    pub(crate) floor: f64,
    /// Mean over citizens of the floor by rule of thumb: for each layer the days with visits over 10, rounded up, summed.
    pub(crate) roster_free_floor: f64,
    /// Citizens whose floor is a bound that may lie too low, because finding it was given up.
    pub(crate) inexact: usize,
    /// Required visits that nobody on the roster could pay; the floor leaves them out.
    pub(crate) unservable: usize,
}

/// Mean indices of the citizens with two visits or more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AveragesView {
    /// Those citizens.
    pub(crate) citizens: usize,
    /// Their visits.
    pub(crate) visits: usize,
    /// Every citizen counts the same.
    pub(crate) unweighted: IndicesView,
    /// Every citizen counts by visits.
    pub(crate) weighted: IndicesView,
}

/// Indices of continuity.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct IndicesView {
    /// Usual provider of care: the share of visits by the carer who comes most often.
    pub(crate) upc: f64,
    /// Continuity of care (Bice and Boxerman): the share of pairs of visits with the same carer.
    pub(crate) coc: f64,
    /// Sequential continuity: the share of visits by the carer of the visit before.
    pub(crate) secon: f64,
    /// Modified modified continuity index.
    pub(crate) mmci: f64,
    /// Entropy of the carers' shares in bits.
    pub(crate) entropy: f64,
}

/// Visits by the few carers who are to come, of the citizens who have such.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FewView {
    /// Visits of those citizens.
    pub(crate) visits: usize,
    /// Share by the primary or a deputy.
    pub(crate) primary_share: f64,
    /// Share by the primary alone.
    pub(crate) primary_only_share: f64,
}

/// Carers who come and did not in the 28 days before the horizon.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct NewFacesView {
    /// Mean over citizens.
    pub(crate) mean: f64,
    /// Summed over citizens.
    pub(crate) total: usize,
}

/// How well times are kept, in minutes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TimesView {
    /// Visits with an agreed start.
    pub(crate) agreed: usize,
    /// Share of them that starts within the tolerance.
    pub(crate) on_time: Option<f64>,
    /// Mean of how far they start from the agreed time, early or late.
    pub(crate) dev_minutes: Option<f64>,
    /// The same, 90th percentile.
    pub(crate) dev_minutes_p90: Option<f64>,
    /// Personal care more than an hour from the agreed start.
    pub(crate) over_1h: BreachesView,
    /// Practical help more than two days from the agreed start.
    pub(crate) over_2d: BreachesView,
    /// Courses with two or more visits.
    pub(crate) courses: usize,
    /// Standard deviation of the starts' time of day in a course, mean over courses.
    pub(crate) regularity: Option<f64>,
    /// Visits with a preferred time.
    pub(crate) preferred: usize,
    /// Mean of how far they start outside of it.
    pub(crate) preferred_time_gap: Option<f64>,
}

/// How often a limit is broken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BreachesView {
    /// Visits beyond the limit.
    pub(crate) count: usize,
    /// Visits that the limit is for.
    pub(crate) of: usize,
    /// One over the other.
    pub(crate) share: Option<f64>,
}

/// Different carers in the first 14 days as Swedish statistics count them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SwedishView {
    /// Citizens who are counted: 65 years or older, with two visits or more on each of the 14 days between 07:00 and 22:00.
    pub(crate) citizens: usize,
    /// Mean over them.
    pub(crate) mean: f64,
    /// Median over them.
    pub(crate) median: usize,
}

/// What carers have besides visits and rides, of the shifts that visit anyone. Shares are of what shifts ask for; nothing is listed by carer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SlackView {
    /// How many shifts.
    pub(crate) shifts: usize,
    /// Mean minutes of a shift that are neither visit nor travel nor break; overtime makes them negative.
    pub(crate) free_minutes: f64,
    /// The same of the shift that has least.
    pub(crate) least_free_minutes: f64,
    /// Share of all minutes of the shifts that are free.
    pub(crate) free_share: f64,
    /// Most visits without a pause.
    pub(crate) longest_chain: usize,
    /// Shifts with the free time that is asked for.
    pub(crate) free: BreachesView,
    /// Visits after one elsewhere with the buffer that is asked for.
    pub(crate) buffers: BreachesView,
    /// Shifts without a longer chain of visits than is asked for.
    pub(crate) chains: BreachesView,
    /// Visits within the hours that their carer wishes for.
    pub(crate) hours: BreachesView,
}

impl From<SlackMeasures> for SlackView {
    fn from(of: SlackMeasures) -> Self {
        let kept = |Kept { of, met }: Kept| BreachesView { count: met, of, share: (of > 0).then(|| met as f64 / of as f64) };
        Self {
            shifts: of.shifts,
            free_minutes: of.free_minutes,
            least_free_minutes: of.least_free_minutes,
            free_share: of.free_share,
            longest_chain: of.longest_chain,
            free: kept(of.free),
            buffers: kept(of.buffers),
            chains: kept(of.chains),
            hours: kept(of.hours),
        }
    }
}

impl From<Measures> for MeasuresView {
    fn from(of: Measures) -> Self {
        Self {
            citizens: of.citizens,
            visits: of.visits,
            left_out: of.left_out,
            distinct_carers: of.distinct.map(Into::into),
            excess: of.excess.map(Into::into),
            indices: of.averages.map(Into::into),
            with_past: of.with_past,
            known_carer_share: of.known_carer_share,
            few: of.few.map(Into::into),
            new_faces: of.new_faces.map(|NewFaces { mean, total }| NewFacesView { mean, total }),
            team_share: of.team_share,
            times: of.promise.into(),
        }
    }
}

impl From<Distinct> for DistinctView {
    fn from(of: Distinct) -> Self {
        Self { mean: of.mean, median: of.median, p90: of.p90, at_most: of.at_most.to_vec() }
    }
}

impl From<Excess> for ExcessView {
    fn from(Excess { mean, floor, roster_free_floor, inexact, unservable }: Excess) -> Self {
        Self { mean, floor, roster_free_floor, inexact, unservable }
    }
}

impl From<Averages> for AveragesView {
    fn from(of: Averages) -> Self {
        Self { citizens: of.citizens, visits: of.visits, unweighted: of.unweighted.into(), weighted: of.weighted.into() }
    }
}

impl From<Indices> for IndicesView {
    fn from(Indices { upc, coc, secon, mmci, entropy }: Indices) -> Self {
        Self { upc, coc, secon, mmci, entropy }
    }
}

impl From<FewShares> for FewView {
    fn from(FewShares { visits, few, primary }: FewShares) -> Self {
        Self { visits, primary_share: few, primary_only_share: primary }
    }
}

impl From<Promise> for TimesView {
    fn from(of: Promise) -> Self {
        Self {
            agreed: of.agreed,
            on_time: of.on_time,
            dev_minutes: of.dev_minutes,
            dev_minutes_p90: of.dev_minutes_p90,
            over_1h: of.over_1h.into(),
            over_2d: of.over_2d.into(),
            courses: of.courses,
            regularity: of.regularity,
            preferred: of.preferred,
            preferred_time_gap: of.preferred_time_gap,
        }
    }
}

impl From<Breaches> for BreachesView {
    fn from(of: Breaches) -> Self {
        Self { count: of.count, of: of.of, share: of.share() }
    }
}

impl From<Swedish> for SwedishView {
    fn from(Swedish { citizens, mean, median }: Swedish) -> Self {
        Self { citizens, mean, median }
    }
}
