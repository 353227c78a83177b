//! What a day is told of the other days: the horizon's problem with the terms across days as prices of single visits.
//!
//! A carer who comes to a citizen on other days anyhow costs nothing more; any other costs a face, and a new one more. These are the true
//! prices as long as the other days stay as they are and nobody new comes twice on a day. Where all days are to change at once, a face is
//! shared by the days on which the carer comes (slope scaling: Kim, Pardalos 1999; Crainic, Gendron, Hernu 2004): whoever comes seldom is
//! dear on each of them.

use super::faces::Faces;
use super::usual::Usual;
use crate::problem::{CarerId, CitizenId, Problem, ProblemBuilder, Term, VisitId, Weight};

/// How faces are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// Whoever comes on other days is free.
    Marginal,
    /// Whoever comes on some days costs a share of a face on each.
    Shared,
}

/// A hard rule across days as a price, in minutes on the road: dearer than any ride, cheaper than leaving a visit out.
const DEAR: i64 = 1000;

/// What faces cost, in internal cost units.
#[derive(Clone, Copy, Debug)]
pub(super) struct FacePrices {
    pub(super) face: i64,
    pub(super) new_face: i64,
    pub(super) above_cap: i64,
}

impl FacePrices {
    pub(super) fn new(problem: &Problem) -> Self {
        let price = |term| match problem.objective().weight(term) {
            Weight::Soft(weight) => weight,
            Weight::Hard => DEAR * minute(problem),
        };
        Self { face: price(Term::Faces), new_face: price(Term::NewFaces), above_cap: price(Term::AboveCap) }
    }

    /// What a carer costs who comes beside so many others.
    fn of(self, problem: &Problem, citizen: CitizenId, carer: CarerId, n_others: usize) -> i64 {
        let citizen = &problem.citizens()[citizen];
        let is_above = citizen.cap.is_some_and(|cap| n_others >= usize::from(cap));
        let face = if n_others == 0 { 0 } else { self.face };
        face + if citizen.knows(carer) { 0 } else { self.new_face } + if is_above { self.above_cap } else { 0 }
    }
}

/// The price of a minute on the road, at least 1.
pub(super) fn minute(problem: &Problem) -> i64 {
    (problem.objective().soft(Term::Travel) * problem.clock().ticks_per_minute).max(1)
}

/// Prices for the carers of visits and wishes for their courses' usual times, in place of the terms across days. `elsewhere` is who comes in the
/// other blocks, `whole` who comes in all.
pub(super) struct Pricing<'a> {
    pub(super) problem: &'a Problem,
    pub(super) sharing: Sharing,
    pub(super) elsewhere: &'a Faces,
    pub(super) whole: &'a Faces,
    pub(super) usual: &'a Usual,
    /// A carer who is as dear as a new face to this citizen, whoever comes elsewhere.
    pub(super) spared: Option<(CitizenId, CarerId)>,
}

impl Pricing<'_> {
    /// Sets the prices in a part of the problem, whose visits and carers are these of the whole, in order.
    pub(super) fn set(&self, parts: &mut ProblemBuilder, visits: &[VisitId], carers: &[CarerId]) {
        let problem = self.problem;
        self.reweigh(parts);
        let prices = FacePrices::new(problem);
        let objective = problem.objective();
        let is_listed = objective.is_hard(Term::NewFaces) || objective.is_hard(Term::CarerCost);
        for (changed, &id) in parts.visits.iter_mut().zip(visits) {
            let visit = &problem.visits()[id];
            let fee = |carer| visit.carer_cost(carer) * objective.soft(Term::CarerCost) + self.fee(prices, visit.citizen, carer);
            let fees = carers.iter().enumerate().map(|(own, &carer)| (CarerId::new(own), fee(carer)));
            changed.carer_costs = fees.filter(|&(_, fee)| fee > 0).collect();
            if is_listed {
                let able = carers_of(problem, id);
                let own = carers.iter().enumerate().filter(|(_, carer)| able.binary_search(carer).is_ok());
                changed.allowed = Some(own.map(|(own, _)| CarerId::new(own)).collect());
            }
            self.usual.wish(problem, changed, visit.citizen);
        }
    }

    fn fee(&self, prices: FacePrices, citizen: CitizenId, carer: CarerId) -> i64 {
        match self.sharing {
            _ if self.spared == Some((citizen, carer)) => prices.of(self.problem, citizen, carer, self.elsewhere.count(citizen).max(1)),
            Sharing::Marginal if self.elsewhere.times(citizen, carer) > 0 => 0,
            Sharing::Marginal => prices.of(self.problem, citizen, carer, self.elsewhere.count(citizen)),
            Sharing::Shared => {
                let times = self.whole.times(citizen, carer);
                let n_others = self.whole.count(citizen) - usize::from(times > 0);
                prices.of(self.problem, citizen, carer, n_others) / times.max(1)
            }
        }
    }

    /// Prices of visits are whole by themselves; terms across days are not priced twice.
    fn reweigh(&self, parts: &mut ProblemBuilder) {
        let mut objective = parts.objective.clone();
        for term in Term::ACROSS {
            objective = objective.with(term, Weight::Soft(0));
        }
        objective = objective.with(Term::CarerCost, Weight::Soft(1));
        parts.objective = self.usual.reweigh(objective, parts);
    }
}

/// The carers who may serve a visit, ascending.
pub(super) fn carers_of(problem: &Problem, visit: VisitId) -> Vec<CarerId> {
    let mut carers: Vec<CarerId> = problem.able_shifts(visit).iter().map(|&shift| problem.shifts()[shift].carer).collect();
    carers.sort_unstable();
    carers.dedup();
    carers
}
