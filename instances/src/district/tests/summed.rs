//! What the tiny district's plan costs, summed by hand.

use kendt_solver::cost::evaluate;
use kendt_solver::problem::{Need, PlaceId, ShiftId, Term, Ticks, VisitId};

use super::{at, tiny, tiny_plan};
use crate::district::{Number, Price};

#[test]
fn every_term_is_what_the_document_says() {
    let problem = tiny().problem().unwrap();
    let cost = evaluate(&problem, &tiny_plan(&problem));
    let reported = |term| problem.objective().reported(cost.cost_of(problem.objective(), term));
    // Out 3 + 2, across 4 + 2, home 5 minutes: no time is lost at the base.
    assert_eq!(reported(Term::Travel), 16.0);
    // v1 starts 10 minutes before its preferred time at 0.5.
    assert_eq!(reported(Term::Early), 5.0);
    // v2 starts at 07:46, its window closes at 07:40, at 20.
    assert_eq!(reported(Term::Lateness), 120.0);
    // Back at 08:11, the shift ends at 08:00, at 5.
    assert_eq!(reported(Term::Overtime), 55.0);
    // c2 prefers k2; c1's team t1 holds k1.
    assert_eq!(reported(Term::CarerPreference), 2.0);
    assert_eq!(reported(Term::MissedBreak), 60.0);
    // v3 optional 60 × (1 + 1); v4 required 2000 for each of two carers.
    assert_eq!(reported(Term::Unserved), 4120.0);
    // Two days: k1 alone comes to c1 and c2, who did not know k1, at 20.
    assert_eq!((reported(Term::Faces), reported(Term::NewFaces)), (0.0, 40.0));
    assert_eq!(problem.objective().reported(cost.cost(problem.objective())), 16.0 + 5.0 + 120.0 + 55.0 + 2.0 + 60.0 + 4120.0 + 40.0);
}

#[test]
fn a_visit_by_two_carers_is_two_visits_that_start_together() {
    let problem = tiny().problem().unwrap();
    let labels: Vec<&str> = problem.visits().iter().map(|visit| visit.label.as_str()).collect();
    assert_eq!(labels, ["v1", "v2", "v3", "v4#1", "v4#2"]);
    let pair = problem.links().iter().find(|link| link.first == VisitId::new(3)).unwrap();
    assert_eq!((pair.second, pair.min, pair.max, pair.different_carers), (VisitId::new(4), Ticks(0), Ticks(0), true));
    // Only k2 is a nurse; anybody may be the second.
    assert_eq!(problem.visits()[VisitId::new(3)].skills.iter().count(), 1);
    assert_ne!(problem.visits()[VisitId::new(3)].skills, problem.visits()[VisitId::new(4)].skills);
}

#[test]
fn days_evenings_and_second_windows_stand_on_one_axis() {
    let problem = tiny().problem().unwrap();
    assert_eq!(problem.shifts()[ShiftId::new(1)].end, at("25:30"));
    assert_eq!(problem.shifts()[ShiftId::new(2)].label, "k2/2");
    assert_eq!(problem.shifts()[ShiftId::new(2)].start, at("31:00"));
    let v3 = &problem.visits()[VisitId::new(2)];
    assert_eq!(v3.need, Need::Optional);
    assert_eq!(v3.windows[1].open, at("32:00"));
}

#[test]
fn weights_with_three_decimals_stay_exact() {
    let mut district = tiny();
    district.objective.travel = Price::Each(Number(0.125));
    district.objective.early = Price::HARD;
    let problem = district.problem().unwrap();
    let cost = evaluate(&problem, &tiny_plan(&problem));
    assert_eq!(problem.objective().reported(cost.cost_of(problem.objective(), Term::Travel)), 2.0);
    assert!(problem.objective().is_hard(Term::Early));
    assert_eq!(cost.quantity(Term::Early), 600);
    // The disruption weights are in the same unit: 60 minutes of travel at weight 1.
    let disruption = district.disruption().unwrap();
    assert_eq!(disruption.carer_changed, 60 * problem.objective().denominator);
    assert_eq!(disruption.time_moved, 50 * problem.objective().denominator);
    assert_eq!(disruption.per_tick * 60, problem.objective().denominator);
    assert_eq!(disruption.tolerance, Ticks(900));
}

#[test]
fn hard_service_keeps_the_price_of_optional_visits() {
    let mut district = tiny();
    district.objective.unserved_required = Price::HARD;
    let problem = district.problem().unwrap();
    let cost = evaluate(&problem, &tiny_plan(&problem));
    assert_eq!(problem.objective().reported(cost.cost_of(problem.objective(), Term::Unserved)), 120.0);
}

#[test]
fn matrices_replace_coordinates() {
    let mut district = tiny();
    district.travel.modes.clear();
    let rows = [[0.0, 7.5, 9.0], [8.0, 4.0, 1.0], [9.0, 1.0, 0.0]];
    let rows: Vec<Vec<Number>> = rows.iter().map(|row| row.iter().copied().map(Number).collect()).collect();
    district.travel.matrices = Some([("van".to_owned(), rows.clone()), ("bike".to_owned(), rows)].into());
    (district.bases[0].x, district.bases[0].y, district.bases[0].place) = (None, None, Some(0));
    for citizen in &mut district.citizens {
        (citizen.x, citizen.y, citizen.place) = (None, None, Some(1));
    }
    let problem = district.problem().unwrap();
    let time = |from, to| problem.travel_time(ShiftId::new(0), PlaceId::new(from), PlaceId::new(to)).0;
    assert_eq!((time(0, 1), time(1, 0)), (450, 480));
    // Two citizens of one place are as far apart as its diagonal says; a citizen is no distance from home.
    assert_eq!((time(1, 2), time(1, 1)), (240, 0));
}

#[test]
fn a_document_reads_back_as_written() {
    let district = tiny();
    assert_eq!(crate::district::read(&district.to_json()).unwrap(), district);
}
