//! Decimal weights per minute as exact integers per tick.

use kendt_solver::problem::{self, Term, Ticks, Weight};
use kendt_solver::replan::DisruptionWeights;

use crate::district::pointer::Faults;
use crate::district::{Departure, Disruption, District, Need, Number, Objective, Price, Visit, time};

/// Largest weight of a minute or an event.
const LARGEST: f64 = 10_000.0;
/// Largest price of a visit left out; its own `unserved_cost` may be ten times that.
const LARGEST_UNSERVED: f64 = 100_000.0;

/// Internal cost units in one minute's cost of 1 per second: the smallest number that makes every weight of the document whole.
/// Small on purpose: the problem refuses prices whose sums could overflow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    per_unit: i64,
}

impl Scale {
    /// Reports weights that are out of range or have more than three decimals.
    pub(super) fn of(doc: &District, faults: &mut Faults) -> Self {
        let mut common = 1000;
        let mut add = |at: String, cost: Number, largest: f64| match cost.thousandths(largest) {
            Some(thousandths) => common = gcd(common, thousandths),
            None => faults.add(at, format!("is {}, allowed 0 to {largest} with at most three decimals", cost.0)),
        };
        for (name, price) in prices(&doc.objective, doc.days) {
            let largest = if name == "unserved_required" { LARGEST_UNSERVED } else { LARGEST };
            if let Price::Each(cost) = price {
                add(format!("/objective/{name}"), cost, largest);
            }
        }
        add("/objective/unserved_optional".into(), doc.objective.unserved_optional, LARGEST_UNSERVED);
        let disruption = &doc.objective.disruption;
        add("/objective/disruption/carer_changed".into(), disruption.carer_changed, LARGEST);
        add("/objective/disruption/time_moved".into(), disruption.time_moved, LARGEST);
        add("/objective/disruption/per_minute".into(), disruption.per_minute, LARGEST);
        for (index, visit) in doc.visits.iter().enumerate() {
            let wish = visit.preferred.as_ref();
            for (name, cost, largest) in [
                ("unserved_cost", visit.unserved_cost, 10.0 * LARGEST_UNSERVED),
                ("preferred/early_weight", wish.and_then(|wish| wish.early_weight), LARGEST),
                ("preferred/late_weight", wish.and_then(|wish| wish.late_weight), LARGEST),
            ] {
                if let Some(cost) = cost {
                    add(format!("/visits/{index}/{name}"), cost, largest);
                }
            }
        }
        // Other benefits are reported with the rest of their swap or policy.
        let wishes = doc.swaps.iter().filter_map(|swap| swap.preferred.as_ref()).flat_map(|wish| [wish.early_weight, wish.late_weight]);
        let benefits = doc.swaps.iter().map(|swap| swap.benefit).chain(wishes).flatten().chain([doc.policy.swaps.benefit]);
        common = benefits.filter_map(|benefit| benefit.thousandths(LARGEST)).fold(common, gcd);
        let (worth, slack) = (&doc.policy.wishes, &doc.policy.slack);
        let by_policy = [slack.per_free_minute, slack.per_buffer_minute, slack.per_visit_in_chain];
        // Prices of what nobody asks for would only make the others larger numbers.
        let is_asked_for = slack.free_minutes.0 > 0.0 || slack.buffer_minutes.0 > 0.0 || slack.longest_chain.is_some();
        let last = doc.precautions.iter().any(|precaution| precaution.last).then_some(&doc.policy.not_last);
        let asked = by_policy.iter().filter(|_| is_asked_for).chain(last);
        common = asked.filter_map(|price| price.thousandths(LARGEST)).fold(common, gcd);
        let by_wish = [worth.time_per_minute, worth.same_time_per_minute, worth.carer, worth.not_carer, worth.hours];
        for price in by_wish.into_iter().chain(by_policy) {
            // A wish weighs a price with up to three decimals more.
            let weighed = doc.wishes.iter().map(|wish| Number((price.0 * wish.weight.0 * 1000.0).round() / 1000.0));
            common = weighed.filter_map(|price| price.thousandths(LARGEST)).fold(common, gcd);
        }
        if !(0.0..=1440.0).contains(&disruption.tolerance_minutes.0) {
            faults.add("/objective/disruption/tolerance_minutes", format!("is {}, allowed 0 to 1440", disruption.tolerance_minutes.0));
        }
        Self { per_unit: 1000 / common }
    }

    /// Internal cost of one tick at a cost per minute. Numbers out of range were reported by [`Scale::of`] and count 0.
    pub(super) fn per_tick(self, per_minute: Number) -> i64 {
        per_minute.thousandths(10.0 * LARGEST_UNSERVED).unwrap_or(0) * self.per_unit / 1000
    }

    /// Internal cost of one event.
    pub(super) fn per_event(self, cost: Number) -> i64 {
        self.per_tick(cost) * time::CLOCK.ticks_per_minute
    }

    fn weight(self, price: Price, event: bool) -> Weight {
        match price {
            Price::Rule(_) => Weight::Hard,
            Price::Each(cost) if event => Weight::Soft(self.per_event(cost)),
            Price::Each(cost) => Weight::Soft(self.per_tick(cost)),
        }
    }

    /// The internal price of leaving a visit of this priority out.
    pub(super) fn unserved(self, objective: &Objective, visit: &Visit, priority: i64) -> i64 {
        let by_need = match (visit.need, objective.unserved_required) {
            (Need::Optional, _) => objective.unserved_optional,
            (Need::Required, Price::Each(cost)) => cost,
            (Need::Required, Price::Rule(_)) => Number(0.0),
        };
        match visit.unserved_cost {
            Some(cost) => self.per_event(cost),
            None => self.per_event(by_need) * (1 + priority.clamp(0, 3)),
        }
    }

    /// The internal price of a minute away from a preferred time. Where the term is hard, every tick counts 1.
    pub(super) fn wish(self, own: Option<Number>, general: Price) -> i64 {
        match (own, general) {
            (_, Price::Rule(_)) => 1,
            (Some(cost), _) | (None, Price::Each(cost)) => self.per_tick(cost),
        }
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn prices(objective: &Objective, days: i64) -> [(&'static str, Price); 19] {
    [
        ("travel", objective.travel),
        ("waiting", objective.waiting),
        ("lateness", objective.lateness),
        ("greatest_lateness", objective.greatest_lateness),
        ("early", objective.early),
        ("late", objective.late),
        ("overtime", objective.overtime),
        ("unserved_required", objective.unserved_required),
        ("carer_preference", objective.carer_preference(days)),
        ("exclusion", objective.exclusion),
        ("qualification", objective.qualification),
        ("missed_break", objective.missed_break),
        ("greatest_idle", objective.greatest_idle),
        ("balance", objective.balance),
        ("working_time", objective.working_time),
        ("faces", objective.faces(days)),
        ("new_faces", objective.new_faces(days)),
        ("above_cap", objective.above_cap),
        ("irregularity", objective.irregularity(days)),
    ]
}

/// The problem's objective. One reported unit is one minute of travel at weight 1.
pub(super) fn objective(doc: &District, scale: Scale) -> problem::Objective {
    let objective = &doc.objective;
    // Early, late, unserved and disruption carry their prices at each visit, so their weights are 1.
    let one = |price: Price| if matches!(price, Price::Rule(_)) { Weight::Hard } else { Weight::Soft(1) };
    let mut built = problem::Objective::new(time::CLOCK.ticks_per_minute * scale.per_unit)
        .with(Term::Travel, scale.weight(objective.travel, false))
        .with(Term::Waiting, scale.weight(objective.waiting, false))
        .with(Term::Lateness, scale.weight(objective.lateness, false))
        .with(Term::GreatestLateness, scale.weight(objective.greatest_lateness, false))
        .with(Term::Early, one(objective.early))
        .with(Term::Late, one(objective.late))
        .with(Term::Overtime, scale.weight(objective.overtime, false))
        .with(Term::Unserved, one(objective.unserved_required))
        .with(Term::CarerPreference, scale.weight(objective.carer_preference(doc.days), true))
        .with(Term::Exclusion, scale.weight(objective.exclusion, true))
        .with(Term::Qualification, scale.weight(objective.qualification, true))
        .with(Term::MissedBreak, scale.weight(objective.missed_break, true))
        .with(Term::GreatestIdle, scale.weight(objective.greatest_idle, false))
        .with(Term::Balance, scale.weight(objective.balance, false))
        .with(Term::WorkingTime, scale.weight(objective.working_time, false))
        .with(Term::Disruption, Weight::Soft(1))
        .with(Term::Content, Weight::Soft(1))
        .with(Term::CarerCost, Weight::Soft(1))
        .with(Term::ShortSlack, Weight::Soft(1))
        .with(Term::ShortBuffer, Weight::Soft(1))
        .with(Term::LongChain, Weight::Soft(1))
        .with(Term::OutsideHours, Weight::Soft(1))
        .with(Term::NotLast, Weight::Soft(1))
        .with(Term::Faces, scale.weight(objective.faces(doc.days), true))
        .with(Term::NewFaces, scale.weight(objective.new_faces(doc.days), true))
        .with(Term::AboveCap, scale.weight(objective.above_cap, true))
        .with(Term::Irregularity, scale.weight(objective.irregularity(doc.days), false));
    built.departure = match objective.departure {
        Departure::JustInTime => problem::Departure::JustInTime,
        Departure::AtShiftStart => problem::Departure::AtShiftStart,
    };
    built
}

pub(super) fn disruption(disruption: &Disruption, scale: Scale) -> DisruptionWeights {
    DisruptionWeights {
        carer_changed: scale.per_event(disruption.carer_changed),
        time_moved: scale.per_event(disruption.time_moved),
        per_tick: scale.per_tick(disruption.per_minute),
        tolerance: Ticks((disruption.tolerance_minutes.0 * 60.0).round() as i64),
    }
}
