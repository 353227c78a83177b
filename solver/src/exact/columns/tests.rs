//! Pricing against every route, bounds against every plan.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::bound;
use super::completion::{Completion, home};
use super::day::{Class, Day, FORBIDDEN};
use super::duals::{Charges, CutRow, Duals, LinkRow, directions};
use super::generate::{Generation, cut_of};
use super::labels::{Cut, Level, MOST_ELEMENTS, price};
use super::part::Decision;
use super::starts::Starts;
use crate::check::check;
use crate::cost::evaluate;
use crate::exact::compact::{self, Coverage, MipLimit};
use crate::exact::{timing, trial};
use crate::fixture;
use crate::plan::Task;
use crate::problem::{Cost, Moment, Need, Objective, Preference, Problem, Shift, Slack, Term, Ticks, VisitId, Weight, Window};
use crate::stop::{StopToken, Watch};

fn endless() -> Watch {
    Watch::new(None, StopToken::default())
}

/// Random prices, and link rows at random moments.
fn prices(day: &Day<'_>, dice: &mut Xoshiro256PlusPlus) -> (Vec<LinkRow>, Duals) {
    let n = day.problem.visits().len();
    let mut rows = Vec::new();
    for (first, second, apart) in directions(day.problem) {
        for _ in 0..2 {
            let by = dice.random_range(0..50);
            rows.push(LinkRow { first, by, second, until: by + apart });
        }
    }
    let late: Vec<i64> = (0..n).map(|_| day.greatest / (n as i64 + dice.random_range(0..5))).collect();
    let duals = Duals {
        cover: (0..n).map(|_| dice.random_range(0..60) * day.scale).collect(),
        late,
        links: rows.iter().map(|_| dice.random_range(0..15) * day.scale).collect(),
        cuts: Vec::new(),
    };
    (rows, duals)
}

/// The least cost of a route through these elements in order, starts on every tick tried.
fn cheapest_times(day: &Day<'_>, class: &Class, charges: &Charges, duals: &Duals, route: &[usize]) -> i64 {
    const LAST: i64 = 300;
    let mut toll = 0;
    // The least cost of what is behind, by the moment of being ready for the next.
    let mut ready = vec![FORBIDDEN; LAST as usize];
    let mut started = Vec::new();
    for (at, &element) in route.iter().enumerate() {
        let legs = if at == 0 { &class.first } else { &class.legs[route[at - 1]] };
        let Some(leg) = legs.iter().find(|leg| leg.to == element) else { return FORBIDDEN };
        toll += leg.toll;
        if at == 0 {
            ready[leg.length as usize] = 0;
        } else {
            ready.fill(FORBIDDEN);
            for (start, &cost) in started.iter().enumerate().take(LAST as usize - leg.length as usize) {
                ready[start + leg.length as usize] = cost;
            }
        }
        let visit = class.visits[element];
        let mut behind = FORBIDDEN;
        started = (0..LAST)
            .map(|start| {
                behind = behind.min(ready[start as usize]);
                let price = day.start_price(visit, start);
                if price >= FORBIDDEN || behind >= FORBIDDEN { FORBIDDEN } else { behind + price + charges.of(day, duals, visit, start) }
            })
            .collect();
    }
    let last = route[route.len() - 1];
    let ends = started.iter().enumerate().map(|(start, &cost)| match home(class, last, start as i64) {
        FORBIDDEN => FORBIDDEN,
        home => {
            if cost >= FORBIDDEN {
                FORBIDDEN
            } else {
                cost + home + toll
            }
        }
    });
    ends.min().unwrap_or(FORBIDDEN)
}

/// The least cost of any route that starts with these elements, 0 for none.
fn cheapest_route(day: &Day<'_>, class: &Class, charges: &Charges, duals: &Duals, cuts: &[(CutRow, i64)], route: &mut Vec<usize>) -> i64 {
    let load: i64 = route.iter().map(|&element| class.load[element]).sum();
    if class.capacity.is_some_and(|capacity| load > capacity) {
        return 0;
    }
    let visits: Vec<VisitId> = route.iter().map(|&element| class.visits[element]).collect();
    let again: i64 = cuts.iter().map(|(cut, price)| cut.entry(&visits) * price).sum();
    let mut least = if route.is_empty() { 0 } else { (cheapest_times(day, class, charges, duals, route) + again).min(0) };
    for element in 0..class.visits.len() {
        if route.iter().all(|other| !class.rivals[*other].contains(&element)) {
            route.push(element);
            least = least.min(cheapest_route(day, class, charges, duals, cuts, route));
            let _ = route.pop();
        }
    }
    least
}

#[test]
fn pricing_finds_the_best_of_all_routes() {
    let mut found = 0;
    for seed in 0..400 {
        let problem = trial::problem(seed, 4);
        let dice = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let Some(day) = Day::new(&problem, MOST_ELEMENTS) else { panic!("small numbers fit") };
        let (rows, duals) = prices(&day, dice);
        let charges = Charges::new(&day, &rows, &duals);
        let starts: Vec<Starts> = problem.visits().ids().map(|visit| Starts::new(&day, &charges, &duals, visit)).collect();
        let triples = [[0, 1, 2], [0, 1, 3], [1, 2, 3]].map(|three| CutRow(three.map(VisitId::new)));
        let cut_rows: Vec<(CutRow, i64)> = triples.into_iter().map(|cut| (cut, dice.random_range(0..20) * day.scale)).collect();
        for class in &day.classes {
            let own: Vec<&Starts> = class.visits.iter().map(|visit| &starts[visit.idx()]).collect();
            let completion = Completion::new(class, &own);
            let cuts: Vec<Cut> = cut_rows.iter().filter_map(|(cut, price)| cut_of(class, cut, *price)).collect();
            let exact = price(class, &own, &cuts, Level::Exact { neighbours: 4, completion: &completion, breadth: 1.0 }, &endless());
            let quick = price(class, &own, &cuts, Level::Quick { neighbours: seed as usize % 3 }, &endless());
            let truth = cheapest_route(&day, class, &charges, &duals, &cut_rows, &mut Vec::new());
            let least = exact.least.expect("time does not run out");
            assert_eq!(least, truth, "seed {seed}");
            assert_eq!(exact.paths.first().map_or(0, |path| path.reduced_cost), least, "seed {seed}");
            assert!(completion.least() <= least, "seed {seed}: {} is above {least}", completion.least());
            assert!(quick.paths.first().map_or(0, |path| path.reduced_cost) >= least, "seed {seed}");
            found += usize::from(truth < 0);
        }
    }
    assert!(found > 300, "{found} classes have a route worth driving");
}

/// Bounds with and without an incumbent, against the optimum by enumeration.
#[test]
fn no_plan_is_below_the_bound() {
    let (mut feasible, mut tight) = (0, 0);
    for seed in 0..400 {
        let problem = trial::problem(seed, 3);
        let free = bound(&problem, None, 40, 1, &endless());
        let Some((least, plan)) = trial::optimum(&problem) else { continue };
        assert!(free.dual_bound.is_none_or(|bound| bound <= least), "seed {seed}: {:?} is above {least:?}", free.dual_bound);
        let held = bound(&problem, Some(&plan), 40, 1, &endless());
        assert!(held.dual_bound.is_none_or(|bound| bound <= least), "seed {seed}: {:?} is above {least:?}", held.dual_bound);
        feasible += 1;
        tight += usize::from(held.covers == Coverage::Exact && held.dual_bound == Some(least));
    }
    assert!(feasible > 200, "{feasible} of 400 have a plan");
    assert!(tight > feasible / 10, "{tight} of {feasible} bounds are the optimum");
}

/// Larger days, against the compact model.
#[test]
fn the_bound_is_at_most_the_optimum_of_the_compact_model() {
    let mut compared = 0;
    for seed in 1000..1060 {
        let problem = trial::problem(seed, 7);
        if !compact::is_modelled(&problem) {
            continue;
        }
        let exact = compact::prove(&problem, None, MipLimit { seconds: None, nodes: Some(2000) });
        let Some(plan) = exact.plan.filter(|_| exact.optimal) else { continue };
        let least = evaluate(&problem, &plan).cost(problem.objective());
        let bound = bound(&problem, Some(&plan), 60, 1, &endless());
        assert!(bound.dual_bound.is_some_and(|bound| bound <= least), "seed {seed}: {:?} against {least:?}", bound.dual_bound);
        compared += 1;
    }
    assert!(compared >= 8, "{compared} days were compared");
}

/// A random day on which every carer costs the same and every visit has one window: what branching is for.
fn uniform(seed: u64) -> Problem {
    let mut parts = trial::problem(seed, 4).to_builder();
    let model = parts.shifts.iter().next().cloned().expect("two shifts");
    for shift in parts.shifts.iter_mut() {
        *shift = Shift {
            label: shift.label.clone(),
            carer: shift.carer,
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
            ..model.clone()
        };
    }
    for visit in parts.visits.iter_mut() {
        visit.windows.truncate(1);
        (visit.need, visit.published, visit.preferred, visit.excluded) = (Need::Required, None, Vec::new(), Vec::new());
    }
    let soft = [Term::Travel, Term::Lateness, Term::GreatestLateness, Term::Overtime, Term::Early, Term::Late];
    let objective = Objective::new(1).with(Term::Unserved, Weight::Hard);
    parts.objective = soft.into_iter().fold(objective, |objective, term| objective.with(term, Weight::Soft(1)));
    parts.build().expect("no part is at fault")
}

#[test]
fn branching_closes_small_days() {
    let (mut feasible, mut closed, mut branched) = (0, 0, 0);
    for seed in 0..250 {
        let problem = uniform(seed);
        let Some((least, plan)) = trial::optimum(&problem) else { continue };
        let answer = bound(&problem, Some(&plan), 200, 1, &endless());
        assert!(answer.dual_bound.is_some_and(|bound| bound <= least), "seed {seed}: {:?} is above {least:?}", answer.dual_bound);
        feasible += 1;
        closed += usize::from(answer.dual_bound == Some(least));
        branched += usize::from(answer.parts > 1);
    }
    assert!(feasible > 80, "{feasible} of 250 have a plan");
    assert!(branched > 5, "{branched} of {feasible} were branched on");
    assert!(closed * 10 > feasible * 9, "{closed} of {feasible} are proved optimal");
}

/// Branching started from a poor plan: nothing it finds is below the optimum, and its bound is not above it.
#[test]
fn branching_from_a_poor_plan_never_passes_the_optimum() {
    let (mut compared, mut better) = (0, 0);
    for seed in 0..250 {
        let problem = uniform(seed);
        let Some((least, plan)) = trial::optimum(&problem) else { continue };
        let mut backwards = plan.sequences();
        backwards.iter_mut().for_each(|route| route.reverse());
        let windows = problem.visits().iter().map(|_| timing::Choice::default()).collect();
        let Some(poor) = timing::best(&problem, &backwards, &windows).filter(|poor| check(&problem, poor).is_feasible()) else { continue };
        let answer = bound(&problem, Some(&poor), 200, 1, &endless());
        assert!(answer.dual_bound.is_none_or(|bound| bound <= least), "seed {seed}: {:?} is above {least:?}", answer.dual_bound);
        if let Some(found) = &answer.plan {
            assert!(check(&problem, found).is_feasible(), "seed {seed}");
            assert!(evaluate(&problem, found).cost(problem.objective()) >= least, "seed {seed}");
            better += 1;
        }
        compared += 1;
    }
    assert!(compared > 60, "{compared} days have a poor plan");
    assert!(better > 5, "{better} plans were improved");
}

/// The bound of a part in units, of plans that cost no more than `most`.
fn bound_within(day: &Day<'_>, decisions: &[Decision], most: Cost) -> i64 {
    let part = day.within(decisions);
    let mut generation = Generation::of_part(&part, Cost(most.0 + 1), None).expect("a small linear programme");
    let _ = generation.run(200, None, &endless());
    generation.bound().unwrap_or(i64::MIN)
}

/// What the cheapest plan does, decided on: the bound of such a part is not above its cost. What it does not do: that the bound rises in
/// many cases says that decisions mean something.
#[test]
fn a_part_holds_the_plans_that_keep_its_decisions() {
    let (mut held, mut risen) = (0, [0; 5]);
    for seed in 0..300 {
        let problem = if seed % 2 == 0 { trial::problem(seed, 4) } else { uniform(seed) };
        let Some((least, plan)) = trial::optimum(&problem) else { continue };
        let day = Day::new(&problem, MOST_ELEMENTS).expect("small numbers fit");
        let dice = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let served = plan.served(&problem);
        let (mut kept, mut broken) = (Vec::new(), Vec::new());
        for (visit, served) in served.iter().enumerate().filter_map(|(at, served)| Some((VisitId::new(at), served.as_ref()?))) {
            let (class, start) = (day.class_of(served.shift).expect("every shift has a class"), served.start.0);
            kept.extend([Decision::Serves(class, visit), Decision::By(visit, start), Decision::From(visit, start)]);
            broken.extend([(0, Decision::ServesNot(class, visit)), (1, Decision::By(visit, start - 1)), (2, Decision::From(visit, start + 1))]);
        }
        let latest =
            served.iter().enumerate().filter_map(|(at, served)| Some(day.late(VisitId::new(at), served.as_ref()?.start.0))).max().unwrap_or(0);
        kept.extend([Decision::LateBy(latest), Decision::LateFrom(latest)]);
        broken.extend([(3, Decision::LateFrom(latest + 1))]);
        for route in plan.routes.iter() {
            let visits: Vec<VisitId> = route.visits().collect();
            kept.extend(visits.windows(2).map(|pair| Decision::Follows(Some(pair[0]), Some(pair[1]))));
            broken.extend(visits.windows(2).map(|pair| (4, Decision::FollowsNot(Some(pair[0]), Some(pair[1])))));
        }
        let chosen: Vec<Decision> = kept.iter().copied().filter(|_| dice.random_range(0..3) == 0).collect();
        for decisions in [&chosen, &kept] {
            let bound = bound_within(&day, decisions, least);
            assert!(bound <= least.0 * day.scale, "seed {seed}: {bound} is above {least:?} with {decisions:?}");
        }
        held += 1;
        let free = bound_within(&day, &[], least);
        for (kind, decision) in broken {
            risen[kind] += usize::from(bound_within(&day, &[decision], least) > free);
        }
    }
    assert!(held > 150, "{held} of 300 have a plan");
    assert!(risen.iter().all(|risen| *risen > 20), "bounds that rose, by kind of decision: {risen:?}");
}

/// Three visits one tick apart on a line, the last 3 from home; one carer. There and back is 6, and no mix of routes is cheaper.
#[test]
fn a_line_is_proved_by_hand() {
    let problem = fixture::line(3, 1);
    let visits = |order: [usize; 3]| order.map(|visit| Task::Visit(VisitId::new(visit))).to_vec();
    let plan = timing::best(&problem, &vec![visits([1, 0, 2])].into(), &vec![timing::Choice::default(); 3].into()).expect("the day is long");
    // 2 out, 1 back, 2 on, 3 home.
    assert_eq!(evaluate(&problem, &plan).cost(problem.objective()), Cost(8));
    let answer = bound(&problem, Some(&plan), 50, 1, &endless());
    assert_eq!((answer.dual_bound, answer.covers), (Some(Cost(6)), Coverage::Exact));
}

/// Two visits at once at place 1, both ends of a double visit, by two carers: each rides there and back, 2 + 2. Without the different
/// carers rule they still cannot be in one route, as each lasts a tick.
#[test]
fn a_double_visit_takes_two_carers() {
    let together = |problem: &mut crate::problem::ProblemBuilder| {
        problem.visits[VisitId::new(1)].place = problem.visits[VisitId::new(0)].place;
        let (first, second) = (VisitId::new(0), VisitId::new(1));
        problem.links.push(crate::problem::Link { first, second, min: Ticks(0), max: Ticks(0), different_carers: false });
    };
    let problem = fixture::line_with(2, 2, together);
    assert_eq!(bound(&problem, None, 50, 1, &endless()).dual_bound, Some(Cost(4)));
}

/// A wish for 8 at the earliest at 3 a tick, for 9 at the latest at 1: the price falls, is level for two ticks, and rises.
#[test]
fn the_price_of_a_start_falls_until_the_wish_and_rises_after_it() {
    let problem = fixture::line_with(1, 1, |parts| {
        parts.visits[VisitId::new(0)].windows = vec![Window { open: Moment(5), close: Moment(10) }, Window { open: Moment(20), close: Moment(22) }];
        parts.visits[VisitId::new(0)].preference = Some(Preference { from: Moment(8), until: Moment(9), early: 3, late: 1 });
        let soft = |objective: Objective, term| objective.with(term, Weight::Soft(1));
        parts.objective = [Term::Early, Term::Late].into_iter().fold(parts.objective.clone().with(Term::Lateness, Weight::Hard), soft);
    });
    let day = Day::new(&problem, MOST_ELEMENTS).expect("small numbers");
    let duals = Duals { cover: vec![7 * day.scale], late: vec![0], links: Vec::new(), cuts: Vec::new() };
    let starts = Starts::new(&day, &Charges::new(&day, &[], &duals), &duals, VisitId::new(0));
    let price = |from: i64, until: i64| match starts.least_between(from, until) {
        FORBIDDEN => None,
        price => Some(price / day.scale),
    };
    // Nobody starts between the windows.
    let by_tick =
        [(5, Some(2)), (6, Some(-1)), (7, Some(-4)), (8, Some(-7)), (9, Some(-7)), (10, Some(-6)), (11, None), (20, Some(4)), (22, Some(6))];
    for (moment, expected) in by_tick {
        assert_eq!(price(moment, moment + 1), expected, "at {moment}");
    }
    assert_eq!([price(0, 100), price(0, 7), price(9, 21), price(11, 20), price(21, 100)], [Some(-7), Some(-1), Some(-7), None, Some(5)]);
    assert_eq!([starts.last_below(-6 * day.scale), starts.last_below(-7 * day.scale), starts.last_below(FORBIDDEN)], [9, i64::MIN, 22]);
}
