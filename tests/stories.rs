//! What planners do on an ordinary day, from the document to the answer.

use std::collections::BTreeSet;

use kendt_instances::district::{Applied, District, Event, Published, carry_over};
use kendt_instances::generate::{Options, generate};
use kendt_solver::check::check;
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Moment, Need, Problem, VisitId};
use kendt_solver::replan::{Replan, ReplanRequest, replan};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;
use serde_json::json;

/// Moves that a test can wait for.
fn brief(iterations: u64) -> SolveOptions {
    SolveOptions { time_limit: None, iterations: Some(iterations), recombine: false, prove: false, ..SolveOptions::default() }
}

/// A published day.
struct Day {
    district: District,
    problem: Problem,
    plan: Plan,
}

/// The generated mixed district of about 400 visits and 50 carers, planned.
fn published_day(options: &SolveOptions) -> Day {
    let district = generate(&Options::default());
    let problem = district.problem().expect("a generated district is sound");
    let outcome = solve(&problem, None, options, &StopToken::default(), &mut |_| ());
    assert!(outcome.feasible, "{:?}", check(&problem, &outcome.plan).violations);
    Day { district, problem, plan: outcome.plan }
}

impl Day {
    /// The day after the three carers with the most visits have called in sick, from a time of day on.
    fn three_absent(&self, from: &str) -> Applied {
        let mut busiest: Vec<(usize, &str)> = (self.plan.routes.enumerate())
            .map(|(shift, route)| (route.stops.len(), self.problem.carers()[self.problem.shifts()[shift].carer].label.as_str()))
            .collect();
        busiest.sort_unstable();
        let events: Vec<Event> =
            busiest.iter().rev().take(3).map(|(_, carer)| event(json!({"type": "carer_absent", "carer": carer, "period": {"from": from}}))).collect();
        let published = Published { problem: &self.problem, plan: &self.plan };
        self.district.apply(&events, Some(published)).expect("the carers exist")
    }

    /// The replan of what happened.
    fn replanned(&self, applied: &Applied, frozen_until: Moment, options: &SolveOptions) -> (Replan, Plan) {
        let weights = applied.district.disruption().expect("the prices are sound");
        let published = Published { problem: &self.problem, plan: &self.plan };
        let (problem, published) = carry_over(published, &applied.problem, weights).expect("the prices are sound");
        let by_id = |(id, label): (VisitId, &str)| Some((id, applied.causes.get(label)?.clone()));
        let causes = applied.problem.visits().enumerate().map(|(id, visit)| (id, visit.label.as_str())).filter_map(by_id).collect();
        let request = ReplanRequest { problem: &problem, published: &published, frozen_until, weights, causes };
        (replan(&request, options, &StopToken::default(), &mut |_| ()).expect("the prices are sound"), published)
    }
}

fn event(text: serde_json::Value) -> Event {
    serde_json::from_value(text).expect("an event")
}

/// Every required visit is served or is listed with its reason, and every change has one.
fn is_explained(replan: &Replan) {
    let listed: BTreeSet<VisitId> = replan.changes.iter().map(|change| change.visit).collect();
    for &visit in &replan.outcome.plan.unserved {
        let facts = &replan.problem.visits()[visit];
        assert!(facts.need == Need::Optional || listed.contains(&visit), "{} is left out silently", facts.label);
    }
    for change in &replan.changes {
        assert!(!change.reason.is_empty(), "{}", replan.problem.visits()[change.visit].label);
    }
    let times: Vec<Option<Moment>> =
        replan.changes.iter().filter(|change| change.after.is_some()).map(|change| change.after.map(|at| at.1)).collect();
    assert!(times.is_sorted());
}

#[test]
fn a_planner_at_a_quarter_past_six_covers_three_absent_carers() {
    let day = published_day(&brief(300_000));
    let applied = day.three_absent("00:00");
    let (replan, published) = day.replanned(&applied, Moment(0), &brief(100_000));
    assert_eq!(check(&replan.problem, &replan.outcome.plan).violations, []);
    is_explained(&replan);
    let causes = applied.causes.len();
    let changed = replan.changes.len();
    assert!(changed >= causes && changed <= causes + 80, "{changed} visits changed for {causes} of the absent carers");
    let required = |visit: &&VisitId| replan.problem.visits()[**visit].need == Need::Required;
    let before = published.unserved.iter().filter(required).count();
    assert!(replan.outcome.plan.unserved.iter().filter(required).count() <= before);
}

#[test]
fn one_thing_that_happens_changes_a_handful() {
    let day = published_day(&brief(300_000));
    let published = Published { problem: &day.problem, plan: &day.plan };
    let route = day.plan.routes.iter().max_by_key(|route| route.stops.len()).expect("somebody works");
    let visit = route.visits().nth(3).map(|visit| day.problem.visits()[visit].label.split('#').next().unwrap_or_default().to_owned());
    for (text, most) in [
        (json!({"type": "visit_cancelled", "visit": visit}), 1),
        (json!({"type": "visit_delayed", "visit": visit, "minutes": 30}), 6),
        (
            json!({"type": "visit_added", "visit": {"id": "new", "citizen": day.district.citizens[0].id, "minutes": 30, "windows": [{"from": "10:00", "to": "10:30"}]}}),
            3,
        ),
    ] {
        let applied = day.district.apply(&[event(text.clone())], Some(published)).expect("the visit exists");
        let (replan, _) = day.replanned(&applied, Moment(0), &brief(20_000));
        assert_eq!(check(&replan.problem, &replan.outcome.plan).violations, []);
        is_explained(&replan);
        assert!(replan.changes.len() <= most, "{text}: {} visits changed", replan.changes.len());
    }
}

#[test]
fn at_ten_the_morning_stays_as_it_was() {
    let day = published_day(&brief(300_000));
    let applied = day.three_absent("10:00");
    let ten = Moment(10 * 3600);
    let (replan, published) = day.replanned(&applied, ten, &brief(50_000));
    assert_eq!(check(&replan.problem, &replan.outcome.plan).violations, []);
    is_explained(&replan);
    let (before, after) = (published.served(&applied.problem), replan.outcome.plan.served(&replan.problem));
    for (visit, before) in before.enumerate() {
        match (before, after[visit]) {
            (Some(before), after) if before.start < ten => {
                assert_eq!(after.map(|after| (after.shift, after.start)), Some((before.shift, before.start)))
            }
            (_, after) => assert!(after.is_none_or(|after| after.start >= ten)),
        }
    }
}
