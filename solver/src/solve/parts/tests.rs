//! Parts and whole solves of towns.

use super::part::{Day, Part};
use super::split::Map;
use super::*;
use crate::check::check;
use crate::cost::evaluate;
use crate::fixture::town;
use crate::problem::{CarerId, Need, Term};
use crate::solve::solve as solve_day;
use crate::stop::StopToken;

/// A first plan of a town.
fn planned(problem: &Problem) -> Plan {
    let arrays = Arrays::new(problem);
    let neighbours = Neighbours::new(&arrays, NEIGHBOURS);
    first_plan(&arrays, &neighbours, 1, None, &|| false).unload()
}

fn cut(problem: &Problem, plan: &Plan, n_parts: usize, seed: u64) -> Vec<Vec<ShiftId>> {
    Map::new(problem).split(problem, plan, n_parts, &mut Rng::new(seed, 0))
}

#[test]
fn every_shift_is_in_one_part_and_parts_are_even() {
    let problem = town(1, 200, 30);
    let plan = planned(&problem);
    let cuts = cut(&problem, &plan, 4, 7);
    let mut shifts: Vec<ShiftId> = cuts.iter().flatten().copied().collect();
    shifts.sort_unstable();
    assert_eq!(shifts, problem.shifts().ids().collect::<Vec<_>>());
    for part in &cuts {
        assert!(part.is_sorted());
        let visits: usize = part.iter().map(|&shift| plan.routes[shift].visits().count()).sum();
        assert!((25..=75).contains(&visits), "{visits} of 200 visits in one of 4 parts");
    }
    assert_ne!(cuts, cut(&problem, &plan, 4, 8), "another draw cuts along other seams");
}

#[test]
fn parts_of_a_plan_put_back_are_the_plan() {
    for seed in 0..20 {
        let problem = town(seed, 80, 14);
        let plan = planned(&problem);
        let served = plan.served(&problem);
        let day = Day { problem: &problem, plan: &plan, served: &served };
        let arrays = Arrays::new(&problem);
        let (mut again, mut sequences) = (Plan::empty(&problem), Sequences::from(vec![Vec::new(); arrays.n_shifts]));
        again.unserved.clone_from(&plan.unserved);
        for shifts in cut(&problem, &plan, 3, seed) {
            let part = Part::new(day, shifts, &[]).expect("small prices");
            let own = part.plan(&plan);
            part.put_back(&own, &mut again);
            let part_arrays = Arrays::new(&part.problem);
            part.put_sequences_back(&Working::sequences_of(&part_arrays, &own), &arrays, &mut sequences);
        }
        assert_eq!(again, plan, "seed {seed}");
        assert_eq!(sequences, Working::sequences_of(&arrays, &plan), "seed {seed}");
    }
}

/// What a plan costs apart from terms across shifts is the sum of what its parts cost: the lateness of visits that are held is left out,
/// since their windows are their starts.
#[test]
fn parts_cost_what_the_day_costs() {
    for seed in 0..20 {
        let problem = town(seed, 80, 14);
        let plan = planned(&problem);
        let served = plan.served(&problem);
        let day = Day { problem: &problem, plan: &plan, served: &served };
        let whole = evaluate(&problem, &plan);
        let unserved: Vec<VisitId> = plan.unserved.clone();
        let mut sums = [0; Term::ALL.len()];
        for (at, shifts) in cut(&problem, &plan, 3, seed).into_iter().enumerate() {
            let part = Part::new(day, shifts, if at == 0 { &unserved } else { &[] }).expect("small prices");
            let own = part.plan(&plan);
            assert_eq!(check(&part.problem, &own).violations, [], "seed {seed}");
            let breakdown = evaluate(&part.problem, &own);
            Term::ALL.iter().for_each(|&term| sums[term as usize] += breakdown.quantity(term));
        }
        // A citizen whose visits are in two parts has faces in both, but the first one in each is free.
        let is_summed = |term: &Term| {
            !Term::ACROSS.contains(term) && !matches!(term, Term::Lateness | Term::GreatestLateness | Term::GreatestIdle | Term::Balance)
        };
        for term in Term::ALL.into_iter().filter(is_summed) {
            assert_eq!(sums[term as usize], whole.quantity(term), "seed {seed}, {term:?}");
        }
        assert!(sums[Term::Lateness as usize] <= whole.quantity(Term::Lateness), "seed {seed}");
    }
}

#[test]
fn a_visit_linked_with_one_outside_is_held() {
    let (mut held, mut apart) = (0, 0);
    for seed in 0..20 {
        let problem = town(seed, 80, 14);
        let plan = planned(&problem);
        let served = plan.served(&problem);
        let day = Day { problem: &problem, plan: &plan, served: &served };
        // One part of every route by itself: all links cross a seam.
        for shift in problem.shifts().ids() {
            let part = Part::new(day, vec![shift], &[]).expect("small prices");
            for (own, visit) in plan.routes[shift].visits().collect::<std::collections::BTreeSet<_>>().into_iter().enumerate() {
                let (own, before) = (&part.problem.visits()[VisitId::new(own)], &problem.visits()[visit]);
                let members = &problem.cluster_of(visit).members;
                let outside: Vec<VisitId> = members.iter().copied().filter(|&member| served[member].is_some_and(|at| at.shift != shift)).collect();
                if outside.is_empty() {
                    assert_eq!(own.windows, before.windows);
                    continue;
                }
                held += 1;
                let start = served[visit].expect("it stands in a route").start;
                assert_eq!((own.windows[0].open, own.windows[0].close), (start, start));
                let price: i64 = outside.iter().map(|&other| problem.visits()[other].unserved_cost).sum();
                assert_eq!(own.unserved_cost, before.unserved_cost + price);
                assert!(own.need == Need::Required || outside.iter().all(|&other| problem.visits()[other].need == Need::Optional));
            }
        }
        // A carer with two shifts, one on either side of a seam, may not serve both visits of a link.
        for link in problem.links().iter().filter(|link| link.different_carers) {
            let (Some(first), Some(second)) = (served[link.first], served[link.second]) else { continue };
            let mut parts = problem.to_builder();
            parts.shifts[ShiftId::new((second.shift.idx() + 2) % 14)].carer = problem.shifts()[second.shift].carer;
            let Ok(twice) = parts.build() else { continue };
            let other = ShiftId::new((second.shift.idx() + 2) % 14);
            if other == first.shift || !twice.able_shifts(link.first).contains(&first.shift) {
                continue;
            }
            let mut shifts = vec![first.shift, other];
            shifts.sort_unstable();
            let part = Part::new(Day { problem: &twice, ..day }, shifts.clone(), &[]).expect("small prices");
            let mut visits: Vec<VisitId> = shifts.iter().flat_map(|&shift| plan.routes[shift].visits()).collect();
            visits.sort_unstable();
            let own = VisitId::new(visits.binary_search(&link.first).expect("it is in the part"));
            let barred = shifts.binary_search(&other).expect("it is in the part");
            assert!(!part.problem.able_shifts(own).contains(&ShiftId::new(barred)));
            apart += 1;
        }
    }
    assert!(held > 50 && apart > 10, "{held} held, {apart} apart");
}

#[test]
fn carers_outside_are_somebody_else() {
    let problem = town(3, 40, 8);
    let plan = planned(&problem);
    let served = plan.served(&problem);
    let shifts = vec![ShiftId::new(2), ShiftId::new(4)];
    let part = Part::new(Day { problem: &problem, plan: &plan, served: &served }, shifts, &[]).expect("small prices");
    assert_eq!(part.problem.carers().len(), 3);
    assert!(part.problem.shifts().iter().all(|shift| shift.carer != CarerId::new(2)));
}

/// Solves a town in parts whatever its size, audited, and holds the outcome against evaluator and checker.
fn solved(problem: &Problem, options: &SolveOptions) -> Outcome {
    let watch = Watch::new(options.time_limit, StopToken::default());
    let mut told = Vec::new();
    let outcome = solve(problem, None, options, &watch, &mut |progress| told.push((progress.feasible, progress.cost)));
    let verdict = check(problem, &outcome.plan);
    assert_eq!(outcome.feasible, verdict.is_feasible(), "{:?}", verdict.violations);
    assert_eq!((outcome.cost, &outcome.breakdown), (verdict.cost, &evaluate(problem, &outcome.plan)));
    assert!(told.windows(2).all(|news| (!news[0].0, news[0].1) >= (!news[1].0, news[1].1)), "news gets no worse: {told:?}");
    outcome
}

fn short(seed: u64) -> SolveOptions {
    SolveOptions { seed, time_limit: None, iterations: Some(6000), audit: true, ..SolveOptions::default() }
}

#[test]
fn a_day_solved_in_parts_keeps_every_rule() {
    for seed in 0..6 {
        let problem = town(seed, 3 * LEAST, 90);
        let outcome = solved(&problem, &SolveOptions { iterations: Some(60_000), ..short(seed) });
        assert!(outcome.feasible, "seed {seed}");
        let first = evaluate(&problem, &planned(&problem)).cost(problem.objective());
        assert!(outcome.cost < first, "seed {seed}: {:?} is not below the first plan's {first:?}", outcome.cost);
    }
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    let problem = town(9, 3 * LEAST, 90);
    let plan = |threads| solved(&problem, &SolveOptions { threads, audit: false, ..short(5) }).plan;
    assert_eq!(plan(1), plan(1));
    // Parts do not look at each other while they are annealed, so threads change nothing but the number of parts and moves.
    assert_eq!(plan(3), plan(3));
}

#[test]
fn a_large_day_that_is_stopped_at_once_still_has_an_answer() {
    let problem = town(2, LARGE + 60, 110);
    let stop = StopToken::default();
    stop.stop();
    let outcome = solve_day(&problem, None, &SolveOptions { time_limit: None, ..short(1) }, &stop, &mut |_| ());
    assert_eq!(outcome.plan.routes.len(), problem.shifts().len());
    assert_eq!(outcome.cost, evaluate(&problem, &outcome.plan).cost(problem.objective()));
}

#[test]
fn a_start_is_gone_on_from() {
    let problem = town(4, 3 * LEAST, 90);
    let good = solved(&problem, &SolveOptions { iterations: Some(60_000), audit: false, ..short(1) });
    let watch = Watch::new(None, StopToken::default());
    let options = SolveOptions { iterations: Some(600), ..short(2) };
    let again = solve(&problem, Some((&good.plan, 1.0)), &options, &watch, &mut |_| ());
    assert!(again.cost <= good.cost);
}

#[test]
fn parts_keep_teams_and_whom_their_citizens_know() {
    let mut parts = town(3, 80, 14).to_builder();
    let team = parts.teams.push(crate::problem::Team { label: "t".into() });
    let carers: Vec<CarerId> = parts.carers.ids().collect();
    for carer in parts.carers.iter_mut() {
        carer.team = Some(team);
    }
    for citizen in parts.citizens.iter_mut() {
        citizen.team = Some(team);
        citizen.few.clone_from(&carers);
        citizen.history = carers.iter().map(|&carer| crate::problem::Met { carer, days_before: 1 }).collect();
    }
    let problem = parts.build().unwrap();
    let plan = planned(&problem);
    let served = plan.served(&problem);
    let day = Day { problem: &problem, plan: &plan, served: &served };
    for shifts in cut(&problem, &plan, 3, 1) {
        let part = Part::new(day, shifts, &[]).expect("a problem of its own").problem;
        let inside: Vec<&str> = part.carers().iter().map(|carer| carer.label.as_str()).filter(|label| !label.is_empty()).collect();
        assert!(inside.len() < carers.len());
        for citizen in part.citizens() {
            let few: Vec<&str> = citizen.few.iter().map(|&carer| part.carers()[carer].label.as_str()).collect();
            assert_eq!(few, inside);
            assert!(citizen.history.iter().map(|met| met.carer).eq(citizen.few.iter().copied()) && citizen.team == Some(team));
        }
    }
}
