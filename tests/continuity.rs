//! The measures of continuity against the obvious ways to count.

use std::collections::BTreeSet;

use kendt_solver::continuity::{Facts, Records, contacts, distinct_carers, floor, indices};
use kendt_solver::problem::{CarerId, Need, Problem, Visit, VisitId};
use kendt_tests::draw::Draw;
use kendt_tests::random::{random_plan, random_problem};
use proptest::prelude::*;

use crate::property::cases;

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Whether one of the carer's shifts may serve the visit and overlaps one of its windows.
fn could_come(problem: &Problem, carer: CarerId, visit: VisitId) -> bool {
    problem.able_shifts(visit).iter().map(|&shift| &problem.shifts()[shift]).any(|shift| {
        let overlaps = |open, close| open <= shift.end && shift.start <= close;
        shift.carer == carer && problem.visits()[visit].windows.iter().any(|window| overlaps(window.open, window.close))
    })
}

/// The fewest carers by trying every set: each visit that anyone could pay has one who could, and two that need different carers have two
/// in all, if so many could.
fn fewest(problem: &Problem, visits: &[VisitId]) -> usize {
    let carers: Vec<CarerId> = problem.carers().ids().collect();
    let could = |visit: VisitId| -> BTreeSet<CarerId> { carers.iter().copied().filter(|&carer| could_come(problem, carer, visit)).collect() };
    // What is asked for instead of a visit forces nobody.
    let is_due = |visit: &Visit| visit.need == Need::Required && visit.content.instead_of.is_none();
    let due = |visit: &VisitId| visits.contains(visit) && is_due(&problem.visits()[*visit]) && !could(*visit).is_empty();
    let does = |chosen: &BTreeSet<CarerId>| {
        let each = visits.iter().filter(|visit| due(visit)).all(|&visit| !could(visit).is_disjoint(chosen));
        let links = problem.links().iter().filter(|link| link.different_carers && due(&link.first) && due(&link.second));
        each && links.into_iter().all(|link| {
            let either: BTreeSet<CarerId> = could(link.first).union(&could(link.second)).copied().collect();
            either.len() < 2 || either.intersection(chosen).count() >= 2
        })
    };
    let sets = (0..1_usize << carers.len()).map(|set| carers.iter().copied().filter(|carer| set >> carer.idx() & 1 == 1).collect());
    sets.filter(|set| does(set)).map(|set: BTreeSet<CarerId>| set.len()).min().expect("all carers together do")
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn indices_are_what_counting_gives(carers in prop::collection::vec(0usize..6, 0..20)) {
        let carers: Vec<CarerId> = carers.into_iter().map(CarerId::new).collect();
        let n = carers.len();
        prop_assert_eq!(distinct_carers(&carers), carers.iter().collect::<BTreeSet<_>>().len());
        prop_assert_eq!(indices(&carers).is_some(), n > 1);
        let Some(found) = indices(&carers) else { return Ok(()) };
        let pairs = (0..n).flat_map(|a| (0..n).map(move |b| (a, b))).filter(|(a, b)| a != b);
        let same = pairs.clone().filter(|&(a, b)| carers[a] == carers[b]).count();
        prop_assert!(is_near(found.coc, same as f64 / pairs.count() as f64));
        let visits_of = |carer: CarerId| carers.iter().filter(|&&other| other == carer).count() as f64;
        prop_assert!(is_near(found.upc, carers.iter().map(|&carer| visits_of(carer)).fold(0.0, f64::max) / n as f64));
        prop_assert!(is_near(found.secon, (1..n).filter(|&at| carers[at] == carers[at - 1]).count() as f64 / (n - 1) as f64));
        // The mean surprise of a visit's carer, in bits.
        prop_assert!(is_near(found.entropy, carers.iter().map(|&carer| (n as f64 / visits_of(carer)).log2()).sum::<f64>() / n as f64));
        for index in [found.coc, found.upc, found.secon, found.mmci] {
            prop_assert!((0.0..=1.0).contains(&index));
        }
    }

    #[test]
    fn the_floor_is_what_trying_every_set_of_carers_finds(seed: u64, n_visits in 0usize..=7) {
        let problem = random_problem(seed, n_visits);
        for citizen in problem.citizens().ids() {
            let visits: Vec<VisitId> = problem.visits().enumerate().filter(|(_, visit)| visit.citizen == citizen).map(|(id, _)| id).collect();
            let found = floor(&problem, &visits);
            prop_assert!(found.is_exact);
            prop_assert_eq!(found.carers, fewest(&problem, &visits));
        }
    }

    #[test]
    fn every_plan_can_be_measured(seed: u64, n_visits in 0usize..=7) {
        let problem = random_problem(seed, n_visits);
        let plan = random_plan(&problem, &mut Draw::new(seed));
        let facts = Facts::unknown(&problem, 1);
        let records = Records::new(&problem, &plan, &facts);
        let all = records.district();
        prop_assert_eq!(all.visits, contacts(&problem, &plan).len());
        let citizens: Vec<_> = problem.citizens().ids().map(|citizen| records.citizen(citizen)).collect();
        prop_assert_eq!(all.visits, citizens.iter().map(|of| of.visits).sum::<usize>());
        prop_assert_eq!(all.left_out, citizens.iter().map(|of| of.left_out).sum::<usize>());
        let carers: f64 = citizens.iter().filter_map(|of| of.distinct).map(|of| of.mean).sum();
        prop_assert!(is_near(all.distinct.map_or(0.0, |of| of.mean) * all.citizens as f64, carers));
    }
}
