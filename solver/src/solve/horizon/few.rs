//! Who is to come to whom, from the team programme.

use super::Horizon;
use super::faces::Faces;
use super::pricing::{FacePrices, carers_of, minute};
use crate::exact::team::{TeamOptions, TeamPlan, TeamWeights, assign};
use crate::problem::{CarerId, CitizenId, IdVec, PlaceId, Term};

/// Share of the time for the team programme.
const TEAM_SHARE: f64 = 0.2;
/// How often the few are chosen: first near those whom citizens know, then near those who were chosen.
const CHOICES: usize = 2;
/// Price of a minute between a home and the others that a carer goes to, in thousandths of one on the road: there and back, but half of the
/// times on the way to others.
const RIDE_MINUTE: i64 = 1500;

impl Horizon<'_> {
    /// The few carers of every citizen, and the day of every visit, by the team programme.
    pub(super) fn few(&mut self) -> Faces {
        let problem = self.problem;
        let prices = FacePrices::new(problem);
        let mut few = Faces::new(problem);
        if prices.face + prices.new_face == 0 {
            problem
                .visits()
                .ids()
                .for_each(|visit| carers_of(problem, visit).into_iter().for_each(|carer| few.add(problem.visits()[visit].citizen, carer)));
            return few;
        }
        let thousandths = |price: i64| price.saturating_mul(1000) / minute(problem);
        let preference = problem.objective().soft(Term::CarerPreference);
        let weights = TeamWeights {
            face: thousandths(prices.face),
            new_face: thousandths(prices.new_face),
            not_preferred: thousandths(preference),
            ride_minute: RIDE_MINUTE,
            ..TeamWeights::default()
        };
        let budget = self.watch.part(TEAM_SHARE);
        let mut homes = self.homes(|citizen, carer| problem.citizens()[citizen].knows(carer));
        let (mut chosen, mut paid_by) = (IdVec::new(), IdVec::new());
        for nth in 0..CHOICES {
            let options = TeamOptions { weights, homes: Some(homes), ..TeamOptions::default() };
            let watch = budget.part(1.0 / (CHOICES - nth) as f64);
            let plan: TeamPlan = self.threads.install(|| assign(problem, &options, &watch, &mut |_| {}));
            homes = self.homes(|citizen, carer| plan.few[citizen].contains(&carer));
            (chosen, paid_by) = (plan.few, plan.paid_by);
        }
        for (citizen, carers) in chosen.enumerate() {
            carers.iter().for_each(|&carer| few.add(citizen, carer));
        }
        for (visit, paid_by) in paid_by.enumerate() {
            if let Some((_, shift)) = paid_by {
                self.home[visit] = Some(self.blocks.of_shift[*shift]);
            }
        }
        // Halves of one visit are on one day.
        for cluster in problem.clusters().iter().filter(|cluster| cluster.members.len() > 1) {
            let home = cluster.members.iter().find_map(|&member| self.home[member]);
            cluster.members.iter().for_each(|&member| self.home[member] = home);
        }
        few
    }

    /// By carer, the homes of the citizens they come to.
    fn homes(&self, comes: impl Fn(CitizenId, CarerId) -> bool) -> IdVec<CarerId, Vec<PlaceId>> {
        let problem = self.problem;
        let mut homes: IdVec<CarerId, Vec<PlaceId>> = vec![Vec::new(); problem.carers().len()].into();
        let mut at: IdVec<CitizenId, Option<PlaceId>> = vec![None; problem.citizens().len()].into();
        for visit in problem.visits().iter() {
            at[visit.citizen] = Some(visit.place);
        }
        for (citizen, home) in at.enumerate() {
            for carer in problem.carers().ids().filter(|&carer| comes(citizen, carer)) {
                homes[carer].extend(*home);
            }
        }
        homes
    }
}
