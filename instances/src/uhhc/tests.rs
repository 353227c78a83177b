use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::plan::Task;
use kendt_solver::problem::{Departure, Link, Moment, Need, ShiftId, Term, Ticks, VisitId, Weight, Window};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;
use serde_json::{Value, json};

use crate::{Format, Instance, ReadError, read};

/// Two carers with different terminals; p1 prefers c2 and has two windows, p2 needs both carers at once, p3 is optional.
fn file() -> Value {
    json!({
        "metadata": {"time_window_met": "at_service_end", "origin": "by hand", "cost_components": {
            "travel_time": 1, "total_tardiness": 2, "highest_tardiness": 3, "total_waiting_time": 4, "total_extra_time": 5,
            "max_idle_time": 6, "caregiver_preferences": 7, "optional_patients": 80, "missed_lunch_break": 9,
            "workload_balance": 10, "working_time": 11}},
        "distances": [[0, 30, 10, 25], [30, 0, 40, 15], [10, 40, 0, 20], [25, 15, 20, 0]],
        "terminal_points": [{"id": "t1", "distance_matrix_index": 0}, {"id": "t2", "distance_matrix_index": 1}],
        "services": [{"id": "s1", "default_duration": 20}, {"id": "s2"}],
        "lunch_breaks": {"start": 50, "end": 150, "min_duration": 30},
        "caregivers": [
            {"id": "c1", "abilities": ["s1"], "departing_point": "t1", "arrival_point": "t2",
             "working_shift": {"start": 0, "end": 200}, "lunch_break": true},
            {"id": "c2", "abilities": ["s1", "s2"], "departing_point": "t1", "arrival_point": "t1", "working_shift": {"start": 0, "end": 100}}
        ],
        "patients": [
            {"id": "p1", "distance_matrix_index": 2, "time_windows": [{"start": 100, "end": 120}, {"start": 30, "end": 60}],
             "required_services": [{"service": "s1"}], "preferred_caregivers": ["c2"]},
            {"id": "p2", "distance_matrix_index": 3, "time_windows": [{"start": 0, "end": 90}], "synchronization": {"type": "simultaneous"},
             "required_services": [{"service": "s1", "duration": 10}, {"service": "s2", "duration": 30}]},
            {"id": "p3", "distance_matrix_index": 2, "time_windows": [{"start": 0, "end": 50}], "optional": true,
             "required_services": [{"service": "s2", "duration": 10}, {"service": "s1", "duration": 5}],
             "incompatible_caregivers": ["c2"]}
        ]
    })
}

/// c1 serves p1, rides to p2 and has lunch there before the visit, to which c2 comes too. The lunch is listed last, as in published plans.
fn plan() -> Value {
    json!({"routes": [
        {"caregiver_id": "c1", "locations": [
            {"patient": "p1", "service": "s1", "arrival_time": 30, "departure_time": 50},
            {"patient": "p2", "service": "s1", "arrival_time": 100, "start_service_time": 105, "end_service_time": 115},
            {"patient": "p2", "service": "lunch_break", "start_time": 70, "end_time": 100}]},
        {"caregiver_id": "c2", "locations": [{"patient": "p2", "service": "s2", "arrival_time": 105, "departure_time": 135}]}
    ]})
}

fn instance(file: &Value) -> Instance {
    read(&file.to_string(), None, "tiny").unwrap()
}

fn with(changes: &[(&str, Value)]) -> Result<Instance, ReadError> {
    let mut file = file();
    for (pointer, value) in changes {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match file.pointer_mut(parent).unwrap() {
            Value::Object(object) => drop(object.insert(field.to_owned(), value.clone())),
            other => other[field.parse::<usize>().unwrap()] = value.clone(),
        }
    }
    read(&file.to_string(), Some(Format::Uhhc), "tiny")
}

#[test]
fn every_component_is_priced() {
    let instance = instance(&file());
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let sum = evaluate(&instance.problem, &plan);
    for (term, quantity) in [
        (Term::Travel, 10 + 20 + 15 + 25 + 25),
        // p2 ends at 115 and at 135, its window at 90.
        (Term::Lateness, 25 + 45),
        (Term::GreatestLateness, 45),
        // c1 is at p2 from 70, has lunch until 100 and starts at 105.
        (Term::Waiting, 5),
        // c2 is back at 160, the shift ends at 100.
        (Term::Overtime, 60),
        // c1 leaves at 20, waits 5 and is back 70 early.
        (Term::GreatestIdle, 95),
        (Term::CarerPreference, 1),
        (Term::Unserved, 80),
        (Term::MissedBreak, 0),
        // Work is 75 and 80, 2.5 from the mean.
        (Term::Balance, 3 + 3),
        (Term::WorkingTime, 155),
        (Term::Exclusion, 0),
        (Term::Qualification, 0),
    ] {
        assert_eq!(sum.quantity(term), quantity, "{}", term.name());
    }
    assert_eq!(sum.cost(instance.problem.objective()).0, 95 + 140 + 135 + 20 + 300 + 570 + 7 + 80 + 60 + 1705);
}

#[test]
fn a_written_plan_reads_back_the_same() {
    let instance = instance(&file());
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let text = instance.write_plan(&plan);
    assert_eq!(instance.read_plan(&text).unwrap(), plan);
    let written: Value = serde_json::from_str(&text).unwrap();
    let lunch = json!({"patient": "p2", "service": "lunch_break", "arrival_time": 70, "departure_time": 100});
    assert_eq!(written["routes"][0]["locations"][1], lunch);
}

/// The plan with these locations for c1.
fn plan_of_c1(locations: &Value) -> Value {
    let mut plan = plan();
    plan["routes"][0]["locations"] = locations.clone();
    plan
}

/// Lunch at p1, p2 or t1 for 30 minutes from `start`.
fn lunch(patient: &str, start: i64) -> Value {
    json!({"patient": patient, "service": "lunch_break", "arrival_time": start, "departure_time": start + 30})
}

#[test]
fn a_break_is_at_the_patient_after_it_or_else_at_the_one_before() {
    let instance = instance(&file());
    let visit = |start| json!({"patient": "p1", "service": "s1", "arrival_time": start, "departure_time": start + 20});
    // c1 rides 10 to p1 and 40 from there, and 30 from t1 to t2.
    for (locations, lunch_at, departure, arrival, back) in [
        (json!([lunch("p1", 60), visit(100)]), 0, 50, 60, 160),
        (json!([visit(30), lunch("p1", 55)]), 1, 20, 50, 125),
        (json!([lunch("t1", 60)]), 0, 60, 60, 120),
    ] {
        let plan = instance.read_plan(&plan_of_c1(&locations).to_string()).unwrap();
        let route = &plan.routes[ShiftId::new(0)];
        let stop = route.stops[lunch_at];
        let times = (route.departure, stop.task, stop.arrival, route.back);
        assert_eq!(times, (Moment(departure), Task::Break, Moment(arrival), Moment(back)), "{locations}");
        let written = instance.write_plan(&plan);
        assert_eq!(instance.read_plan(&written).unwrap(), plan);
        let written: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(written["routes"][0]["locations"], locations);
    }
}

#[test]
fn a_plan_of_the_solver_reads_back_the_same() {
    let options = SolveOptions { time_limit: None, iterations: Some(500), recombine: false, prove: false, ..SolveOptions::default() };
    // Both have lunch, c1 has nothing but lunch, and lunch must be.
    for changes in [
        [("/caregivers/1/lunch_break", json!(true)), ("/metadata/cost_components/missed_lunch_break", json!(1000))],
        [("/caregivers/0/abilities", json!([])), ("/metadata/cost_components/missed_lunch_break", json!(1000))],
        [("/caregivers/1/lunch_break", json!(true)), ("/metadata/cost_components/missed_lunch_break", json!("HARD"))],
    ] {
        let instance = with(&changes).unwrap();
        let outcome = solve(&instance.problem, None, &options, &StopToken::default(), &mut |_| {});
        assert_eq!(outcome.breakdown.quantity(Term::MissedBreak), 0);
        assert_eq!(instance.read_plan(&instance.write_plan(&outcome.plan)).unwrap(), outcome.plan);
    }
}

#[test]
fn a_break_listed_before_the_ride_keeps_its_times_and_is_found() {
    let instance = instance(&file());
    let mut plan = plan();
    plan["routes"][0]["locations"][2] = lunch("p1", 50);
    let plan = instance.read_plan(&plan.to_string()).unwrap();
    let stop = plan.routes[ShiftId::new(0)].stops[1];
    assert_eq!((stop.task, stop.arrival, stop.start, stop.end), (Task::Break, Moment(70), Moment(50), Moment(80)));
    let rules: Vec<_> = check(&instance.problem, &plan).violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(rules, ["start_before_arrival"]);
}

#[test]
fn windows_are_ascending_and_for_the_start() {
    let visit = |instance: &Instance, index| instance.problem.visits()[VisitId::new(index)].clone();
    let window = |open, close| Window { open: Moment(open), close: Moment(close) };
    let at_end = instance(&file());
    assert_eq!(visit(&at_end, 0).windows, [window(30, 40), window(100, 100)]);
    let at_start = with(&[("/metadata/time_window_met", json!("at_service_start"))]).unwrap();
    assert_eq!(visit(&at_start, 0).windows, [window(30, 60), window(100, 120)]);
    let nested = json!([{"start": 0, "end": 200}, {"start": 90, "end": 150}, {"start": 90, "end": 120}]);
    let nested = with(&[("/patients/0/time_windows", nested)]).unwrap();
    assert_eq!(visit(&nested, 0).windows, [window(0, 89), window(90, 130)]);
}

#[test]
fn the_break_rule_follows_what_must_be_in_time() {
    let rule = |instance: &Instance| instance.problem.shifts()[ShiftId::new(0)].pause.unwrap();
    let at_end = rule(&instance(&file()));
    assert_eq!((at_end.open, at_end.latest_begin, at_end.latest_end), (Moment(50), Moment(120), Moment(150)));
    let at_start = rule(&with(&[("/metadata/time_window_met", json!("at_service_start"))]).unwrap());
    assert_eq!((at_start.latest_begin, at_start.min_duration, at_start.latest_end), (Moment(150), Ticks(30), Moment(180)));
}

#[test]
fn links_follow_the_synchronisation() {
    let link = |rule: Value| with(&[("/patients/1/synchronization", rule)]).unwrap().problem.links().first().copied();
    let ids = |link: &Link| (link.first, link.second);
    let simultaneous = link(json!({"type": "simultaneous"})).unwrap();
    assert_eq!((simultaneous.min, simultaneous.max, simultaneous.different_carers), (Ticks(0), Ticks(0), true));
    let sequential = link(json!({"type": "sequential", "distance": {"min": 15, "max": 60}})).unwrap();
    assert_eq!((sequential.min, sequential.max, sequential.different_carers), (Ticks(15), Ticks(60), false));
    // Required and independent: the only link left is the one that ties the fate of p3's services.
    let fate = link(json!({"type": "independent"})).unwrap();
    assert_eq!(ids(&fate), (VisitId::new(3), VisitId::new(4)));
    assert_eq!((fate.min, fate.max, fate.different_carers), (Link::MIN, Link::MAX, false));
}

#[test]
fn only_the_first_visit_of_an_optional_patient_is_priced() {
    let problem = instance(&file()).problem;
    let prices: Vec<_> = problem.visits().iter().map(|visit| (visit.need, visit.unserved_cost)).collect();
    let (required, optional) = (Need::Required, Need::Optional);
    assert_eq!(prices, [(required, 0), (required, 0), (required, 0), (optional, 80), (optional, 0)]);
    let hard = with(&[("/metadata/cost_components/optional_patients", json!("HARD"))]).unwrap().problem;
    assert!(hard.visits().iter().all(|visit| visit.need == Need::Required));
}

#[test]
fn weights_may_be_hard_absent_or_fractions() {
    let components = json!({"travel_time": 0.25, "total_tardiness": "HARD", "incompabilities": 3, "optional_patients": 2});
    let problem = with(&[("/metadata/cost_components", components)]).unwrap().problem;
    let objective = problem.objective();
    assert_eq!(objective.denominator, 1000);
    assert_eq!(objective.weight(Term::Travel), Weight::Soft(250));
    assert_eq!(objective.weight(Term::Lateness), Weight::Hard);
    assert_eq!(objective.weight(Term::Exclusion), Weight::Soft(3000));
    assert_eq!(objective.weight(Term::Qualification), Weight::Hard);
    assert_eq!(objective.weight(Term::Waiting), Weight::Soft(0));
    assert_eq!(problem.visits()[VisitId::new(3)].unserved_cost, 2000);
}

#[test]
fn carers_of_bazirha_leave_when_their_shift_starts() {
    let instance = with(&[("/metadata/origin", json!("bazirha-caie"))]).unwrap();
    assert_eq!(instance.problem.objective().departure, Departure::AtShiftStart);
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    // Now c1 waits from 10 to 30 at p1 and c2 from 25 to 105 at p2.
    assert_eq!(evaluate(&instance.problem, &plan).quantity(Term::Waiting), 5 + 20 + 80);
}

#[test]
fn every_fault_names_its_place() {
    for (pointer, value, at) in [
        ("/metadata/time_window_met", json!("never"), "/metadata/time_window_met"),
        ("/metadata/cost_components/joy", json!(1), "/metadata/cost_components/joy"),
        ("/metadata/cost_components/travel_time", json!("EASY"), "/metadata/cost_components/travel_time"),
        ("/metadata/cost_components/travel_time", json!(-1), "/metadata/cost_components/travel_time"),
        ("/metadata/cost_components/travel_time", json!(2_000_000.5), "objective: "),
        ("/distances/1", json!([30, 0, 40]), "/distances/1"),
        ("/distances/1/1", json!(4), "/distances/1/1"),
        ("/distances/1/0", json!(-4), "/distances/1/0"),
        ("/distances/1/0", json!(4.5), "/distances/1/0"),
        ("/terminal_points/0/id", json!("t2"), "/terminal_points/1/id"),
        ("/terminal_points/0/id", json!("p1"), "/terminal_points/0/id"),
        ("/terminal_points/0/distance_matrix_index", json!(4), "/terminal_points/0/distance_matrix_index"),
        ("/caregivers/0/departing_point", json!("t9"), "/caregivers/0/departing_point"),
        ("/caregivers/0/arrival_point", json!(null), "/caregivers/0/arrival_point"),
        ("/caregivers/0/abilities/0", json!("s9"), "/caregivers/0/abilities/0"),
        ("/caregivers/0/working_shift/end", json!(null), "/caregivers/0/working_shift/end"),
        ("/caregivers/0/working_shift/start", json!(300), "shift c1/t1"),
        ("/caregivers/1/id", json!("c1"), "/caregivers/1/id"),
        ("/lunch_breaks", json!(null), "/caregivers/0/lunch_break"),
        ("/lunch_breaks/min_duration", json!(120), "shift c1/t1"),
        ("/lunch_breaks/end", json!(null), "/lunch_breaks/end"),
        ("/patients/0/distance_matrix_index", json!(9), "/patients/0/distance_matrix_index"),
        ("/patients/0/distance_matrix_index", json!(-1), "/patients/0/distance_matrix_index"),
        ("/patients/0/time_windows", json!([]), "/patients/0/time_windows"),
        ("/patients/0/time_windows/0", json!({"start": 9, "end": 8}), "/patients/0/time_windows/0"),
        ("/patients/0/time_windows/0/end", json!(119), "/patients/0/time_windows"),
        ("/patients/0/required_services", json!([]), "/patients/0/required_services"),
        ("/patients/0/required_services/0/service", json!("s9"), "/patients/0/required_services/0/service"),
        ("/patients/0/required_services/0/service", json!("lunch_break"), "/patients/0/required_services/0/service"),
        ("/patients/1/required_services/1/service", json!("s1"), "/patients/1/required_services"),
        ("/patients/1/required_services/1/duration", json!(1e12), "/patients/1/required_services/1/duration"),
        ("/patients/1/synchronization/type", json!("often"), "/patients/1/synchronization/type"),
        ("/patients/1/synchronization/type", json!("sequential"), "/patients/1/synchronization/distance"),
        ("/patients/0/preferred_caregivers/0", json!("c9"), "/patients/0/preferred_caregivers/0"),
        ("/patients/2/incompatible_caregivers/0", json!("c9"), "/patients/2/incompatible_caregivers/0"),
        ("/patients/1/id", json!("p1"), "/patients/1/id"),
    ] {
        let faults = with(&[(pointer, value.clone())]).unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.to_string().starts_with(at)), "{pointer} = {value}: {faults:?}");
    }
}

#[test]
fn with_lunch_breaks_the_problem_has_fewer_plans_than_the_format() {
    assert!(!instance(&file()).is_exact());
    assert!(with(&[("/caregivers/0/lunch_break", json!(false))]).unwrap().is_exact());
}
