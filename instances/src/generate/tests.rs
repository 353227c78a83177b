use kendt_solver::problem::{BreakRule, ModeId, PlaceId, Problem, ShiftId, Visit};
use proptest::prelude::*;

use super::{Options, Preset, generate};
use crate::district::{self, Need};

const PRESETS: [Preset; 3] = [Preset::Rural, Preset::Town, Preset::Mixed];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn every_district_is_a_problem_and_reads_back(preset in 0..3usize, citizens in 0..160usize, days in 0..4i64, seed: u64, asking in 0..=100u32) {
        let options = Options { preset: PRESETS[preset], citizens, days, seed, asking };
        let district = generate(&options);
        prop_assert_eq!(&generate(&options), &district);
        prop_assert_eq!(&district::read(&district.to_json()).unwrap(), &district);
        prop_assert!(district.problem().is_ok(), "{:?}", district.problem());
    }
}

#[test]
fn a_month_of_a_large_district_is_a_problem() {
    for citizens in [300, 800] {
        let district = generate(&Options { citizens, days: 14, ..Options::default() });
        assert!(district.problem().is_ok(), "{:?}", district.problem().map(|_| ()));
    }
}

#[test]
fn the_default_is_a_day_of_about_400_visits_and_50_carers() {
    let size = |seed| {
        let problem = generate(&Options { seed, ..Options::default() }).problem().unwrap();
        (problem.visits().len(), problem.carers().len())
    };
    assert_eq!(size(1), (423, 50));
    // Draws differ by a tenth or two; twenty of them come near.
    let (visits, carers) = (1..=20).map(size).fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    assert!((380..=450).contains(&(visits / 20)), "{} visits", visits / 20);
    assert!((44..=54).contains(&(carers / 20)), "{} carers", carers / 20);
}

#[test]
fn shares_are_those_of_home_care() {
    for preset in PRESETS {
        let district = generate(&Options { preset, citizens: 400, seed: 3, days: 7, asking: 0 });
        let share = |count: usize, of: usize| count as f64 / of as f64;
        let visits = &district.visits;
        let optional = share(visits.iter().filter(|visit| visit.need == Need::Optional).count(), visits.len());
        let by_two = share(visits.iter().filter(|visit| visit.carers == 2).count(), visits.len());
        let morning = share(visits.iter().filter(|visit| visit.id.ends_with("morning")).count(), visits.len());
        assert!((0.03..=0.12).contains(&optional), "{preset:?}: {optional} optional");
        assert!((0.01..=0.18).contains(&by_two), "{preset:?}: {by_two} by two");
        assert!((0.25..=0.5).contains(&morning), "{preset:?}: {morning} in the morning");
        assert!(district.carers.iter().all(|carer| (3..=6).contains(&carer.shifts.len())));
    }
}

#[test]
fn a_fortnight_has_a_past_and_cleaning_that_may_move_by_two_working_days() {
    let district = generate(&Options { citizens: 120, days: 14, ..Options::default() });
    for citizen in &district.citizens {
        let team = |id: &str| district.carers.iter().find(|carer| carer.id == id).and_then(|carer| carer.team.clone());
        assert!(citizen.history.iter().all(|met| team(&met.carer) == citizen.team && !citizen.excluded_carers.contains(&met.carer)));
    }
    let known = |id: &str| district.citizens.iter().find(|citizen| citizen.id == id).is_some_and(|citizen| !citizen.history.is_empty());
    let mut daily = district.visits.iter().filter(|visit| visit.id.ends_with("-d1-morning"));
    assert!(daily.all(|visit| known(&visit.citizen)));
    let cleaning: Vec<_> = district.visits.iter().filter(|visit| visit.id.ends_with("cleaning")).collect();
    let days = |visit: &district::Visit| visit.windows.iter().map(|window| window.day.unwrap_or(visit.day)).collect::<Vec<_>>();
    // Day 1 is a Monday, day 8 too: a Monday may move to Tuesday or Wednesday, a Wednesday anywhere in its week, day 8 not back to the weekend.
    for (own, may) in [(1, vec![1, 2, 3]), (3, vec![1, 2, 3, 4, 5]), (8, vec![8, 9, 10]), (12, vec![10, 11, 12])] {
        assert!(cleaning.iter().any(|visit| visit.day == own) && cleaning.iter().filter(|visit| visit.day == own).all(|visit| days(visit) == may));
    }
    assert!(district.citizens.iter().all(|citizen| citizen.age.is_some_and(|age| (40..=98).contains(&age))));
    let elderly = district.citizens.iter().filter(|citizen| citizen.age >= Some(65)).count();
    assert!((96..=119).contains(&elderly), "{elderly} of 120 are 65 or older");
    let alone = generate(&Options { citizens: 120, ..Options::default() });
    assert!(alone.citizens.iter().all(|citizen| citizen.age.is_none()));
    assert!(alone.citizens.iter().all(|citizen| citizen.history.is_empty()) && alone.visits.iter().all(|visit| visit.windows.len() == 1));
}

#[test]
fn what_recurs_has_a_course_and_what_has_a_time_is_agreed() {
    let district = generate(&Options { citizens: 60, days: 7, ..Options::default() });
    for visit in &district.visits {
        assert!(visit.course.as_deref().is_some_and(|course| visit.id.ends_with(course)));
        let agreed = visit.agreed.as_ref().map(|agreed| agreed.at.as_str());
        assert_eq!(agreed.is_some(), visit.preferred.is_some(), "{}", visit.id);
        assert!(visit.preferred.as_ref().is_none_or(|wish| agreed >= Some(wish.from.as_str()) && agreed <= Some(wish.until.as_str())));
    }
}

#[test]
fn teams_have_8_to_12_carers() {
    for preset in PRESETS {
        let district = generate(&Options { preset, ..Options::default() });
        for team in &district.teams {
            let members = district.carers.iter().filter(|carer| carer.team.as_ref() == Some(&team.id)).count();
            assert!((8..=12).contains(&members), "{preset:?} {}: {members}", team.id);
        }
    }
}

/// Service of the required visits, each with the travel from the nearer half of its ten nearest homes, over the time on duty.
fn load(problem: &Problem) -> f64 {
    let driving = ModeId::new(problem.travel().n_modes() - 1);
    let mut work = 0;
    for visit in problem.visits().iter().filter(|visit| visit.need == kendt_solver::problem::Need::Required) {
        let others = problem.visits().iter().filter(|other| other.place != visit.place);
        let mut rides: Vec<i64> = others.map(|other| problem.travel().time(driving, other.place, visit.place).0).collect();
        rides.sort_unstable();
        work += visit.duration.0 + rides.get(5).copied().unwrap_or(0);
    }
    let duty: i64 = problem.shifts().iter().map(|shift| (shift.end - shift.start).0 - shift.pause.map_or(0, |rule| rule.min_duration.0)).sum();
    work as f64 / duty as f64
}

#[test]
fn staff_is_enough_but_not_plenty() {
    for preset in PRESETS {
        for seed in 1..=5 {
            let load = load(&generate(&Options { preset, seed, ..Options::default() }).problem().unwrap());
            assert!((0.6..=0.88).contains(&load), "{preset:?} {seed}: {load}");
        }
    }
}

/// A carer on the way: free from a time on, at a place, with or without the break still to come.
struct OnTheWay {
    free: i64,
    place: PlaceId,
    pause: Option<BreakRule>,
}

/// When the carer could start the visit, the break before it included; `None` past the latest break or the end of the shift.
fn start(problem: &Problem, shift: ShiftId, carer: &OnTheWay, visit: &Visit) -> Option<i64> {
    let duty = &problem.shifts()[shift];
    let arrival = carer.free + problem.travel_time(shift, carer.place, visit.place).0;
    let due = carer.pause.filter(|rule| arrival.max(visit.windows[0].open.0) + visit.duration.0 > rule.latest_begin.0);
    if due.is_some_and(|rule| arrival > rule.latest_begin.0) {
        return None;
    }
    let free = due.map_or(arrival, |rule| arrival.max(rule.open.0) + rule.min_duration.0);
    let start = free.max(visit.windows[0].open.0);
    let back = start + visit.duration.0 + problem.travel_time(shift, visit.place, duty.to).0;
    (back <= duty.end.0).then_some(start)
}

/// Serves the required visits by the close of their windows, each by the carer who starts it earliest, with the least travel among those.
/// Returns the number of visits that nobody could start in the window.
fn greedy(problem: &Problem) -> usize {
    let mut carers: Vec<OnTheWay> =
        problem.shifts().iter().map(|shift| OnTheWay { free: shift.start.0, place: shift.from, pause: shift.pause }).collect();
    let required = |cluster: &&kendt_solver::problem::Cluster| problem.visits()[cluster.members[0]].need == kendt_solver::problem::Need::Required;
    let mut clusters: Vec<_> = problem.clusters().iter().filter(required).collect();
    clusters.sort_by_key(|cluster| problem.visits()[cluster.members[0]].windows[0].close);
    let mut late = 0;
    for cluster in clusters {
        let mut together: Option<i64> = None;
        for &id in &cluster.members {
            let visit = &problem.visits()[id];
            let best = problem
                .able_shifts(id)
                .iter()
                .filter_map(|&shift| {
                    let start = start(problem, shift, &carers[shift.idx()], visit)?;
                    Some((start, problem.travel_time(shift, carers[shift.idx()].place, visit.place), shift))
                })
                .min();
            match best.filter(|(start, ..)| *start <= visit.windows[0].close.0) {
                None => late += 1,
                Some((start, _, shift)) => {
                    let start = together.map_or(start, |other| other.max(start));
                    together = Some(start);
                    let carer = &mut carers[shift.idx()];
                    if carer.pause.is_some_and(|rule| start + visit.duration.0 > rule.latest_begin.0) {
                        carer.pause = None;
                    }
                    (carer.free, carer.place) = (start + visit.duration.0, visit.place);
                }
            }
        }
    }
    late
}

#[test]
fn the_plainest_greedy_serves_nearly_all() {
    for preset in PRESETS {
        for seed in 1..=5 {
            let problem = generate(&Options { preset, seed, ..Options::default() }).problem().unwrap();
            let (late, visits) = (greedy(&problem), problem.visits().len());
            assert!(late * 20 <= visits, "{preset:?} {seed}: {late} of {visits} late");
        }
    }
}
