use kendt_solver::cost::evaluate;
use kendt_solver::problem::{Link, Moment, Term, Ticks, VisitId};
use serde_json::{Value, json};

use crate::{Format, Instance, ReadError, read};

/// Two patients, of whom one needs two carers at once.
fn file() -> Value {
    json!({
        "patients": [
            {"id": "p1", "time_window": [20, 30], "synchronization": {"type": "simultaneous"},
             "required_caregivers": [{"service": "s1", "duration": 10}, {"service": "s2", "duration": 15}]},
            {"id": "p2", "time_window": [0, 40], "required_caregivers": [{"service": "s1"}]}
        ],
        "services": [{"id": "s1", "default_duration": 20}, {"id": "s2", "default_duration": 9}],
        "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s1", "s2"]}, {"id": "c3", "abilities": []}],
        "central_offices": [{"id": "d"}],
        "distances": [[0, 10, 5], [12, 0, 7], [5, 7, 0]]
    })
}

fn plan() -> Value {
    json!({"routes": [
        {"caregiver_id": "c1", "locations": [
            {"patient": "p1", "service": "s1", "arrival_time": 35, "departure_time": 45},
            {"patient_id": "p2", "service_id": "s1", "arrival_time": 52, "departure_time": 72}]},
        {"caregiver_id": "c2", "locations": [{"patient": "p1", "service": "s2", "arrival_time": 35.0, "departure_time": 50.0}]},
        {"caregiver_id": "c3"}
    ]})
}

fn instance(file: &Value) -> Instance {
    read(&file.to_string(), None, "tiny").unwrap()
}

fn with(pointer: &str, value: Value) -> Result<Instance, ReadError> {
    let mut file = file();
    *file.pointer_mut(pointer).unwrap() = value;
    read(&file.to_string(), Some(Format::Hhcrsp), "tiny")
}

#[test]
fn whole_make_a_clock_of_one_tick_per_minute() {
    let Instance { problem, format, .. } = instance(&file());
    assert_eq!((format, problem.name(), problem.clock().ticks_per_minute), (Format::Hhcrsp, "tiny", 1));
    assert_eq!(problem.visits()[VisitId::new(2)].duration, Ticks(20), "the service's default");
    let links = [Link { first: VisitId::new(0), second: VisitId::new(1), min: Ticks(0), max: Ticks(0), different_carers: true }];
    assert_eq!(problem.links(), links);
    // 40 last close, 10 + 15 + 20 services, 4 rides of 12.
    assert_eq!(problem.shifts().iter().next().unwrap().end, Moment(40 + 45 + 48));
}

#[test]
fn a_plan_costs_a_third_of_travel_lateness_and_greatest_lateness() {
    let instance = instance(&file());
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let sum = evaluate(&instance.problem, &plan);
    // c1 rides 10 + 7 + 5, c2 10 + 12; p1 is 5 late twice, p2 12.
    assert_eq!(sum.quantity(Term::Travel), 44);
    assert_eq!(sum.quantity(Term::Lateness), 22);
    assert_eq!(sum.quantity(Term::GreatestLateness), 12);
    let objective = instance.problem.objective();
    assert!((objective.reported(sum.cost(objective)) - 26.0).abs() < 1e-9);
}

#[test]
fn a_written_plan_reads_back_the_same() {
    let instance = instance(&file());
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let text = instance.write_plan(&plan);
    assert_eq!(instance.read_plan(&text).unwrap(), plan);
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written["routes"][0]["locations"][1], json!({"patient": "p2", "service": "s1", "arrival_time": 52, "departure_time": 72}));
    assert_eq!(written["routes"][2], json!({"caregiver_id": "c3", "locations": []}));
}

#[test]
fn ids_with_slashes_come_back_whole() {
    let text = file().to_string().replace("\"p1\"", "\"p/1\"").replace("\"s1\"", "\"s/1\"");
    let instance = read(&text, None, "tiny").unwrap();
    let plan = plan().to_string().replace("\"p1\"", "\"p/1\"").replace("\"s1\"", "\"s/1\"");
    let plan = instance.read_plan(&plan).unwrap();
    assert!(plan.unserved.is_empty());
    assert_eq!(instance.read_plan(&instance.write_plan(&plan)).unwrap(), plan);
}

#[test]
fn three_decimals_make_a_clock_of_thousandths() {
    let instance = with("/distances/0/1", json!(9.125)).unwrap();
    assert_eq!(instance.problem.clock().ticks_per_minute, 1000);
    assert_eq!(instance.problem.objective().denominator, 3000);
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let cost = evaluate(&instance.problem, &plan).cost(instance.problem.objective());
    // Two rides of 10 are now 9.125.
    assert_eq!(cost.0, 78_000 - 2 * 875);
}

#[test]
fn an_opening_just_short_of_a_minute_is_the_minute_before() {
    let problem = with("/patients/0/time_window", json!([19.999_999_999_999_996, 29.999_999_999_999_996])).unwrap().problem;
    let window = problem.visits()[VisitId::new(0)].windows[0];
    assert_eq!((window.open, window.close), (Moment(19), Moment(30)));
}

#[test]
fn sequential_services_start_within_their_distance() {
    let problem = with("/patients/0/synchronization", json!({"type": "sequential", "distance": [5, 25]})).unwrap().problem;
    assert_eq!((problem.links()[0].min, problem.links()[0].max), (Ticks(5), Ticks(25)));
    let unsaid = with("/patients/0/synchronization", Value::Null).unwrap().problem;
    assert_eq!((unsaid.links()[0].min, unsaid.links()[0].max), (Ticks(0), Ticks(0)));
}

#[test]
fn every_fault_names_its_place() {
    for (pointer, value, at) in [
        ("/patients/0/time_window", json!([1]), "/patients/0/time_window"),
        ("/patients/0/time_window/0", json!(-1), "/patients/0/time_window/0"),
        ("/patients/0/time_window/1", json!(null), "/patients/0/time_window/1"),
        ("/patients/0/time_window/1", json!(1e10), "/patients/0/time_window/1"),
        ("/patients/0/time_window/1", json!(30.00012), "/patients/0/time_window/1"),
        ("/patients/0/time_window/1", json!(3), "visit p1/s1"),
        ("/patients/0/required_caregivers", json!([]), "/patients/0/required_caregivers"),
        ("/patients/0/required_caregivers/0/service", json!("s9"), "/patients/0/required_caregivers/0/service"),
        ("/patients/0/required_caregivers/0/service", json!("s2"), "/patients/0/required_caregivers"),
        ("/patients/0/required_caregivers/0/duration", json!(-5), "/patients/0/required_caregivers/0/duration"),
        ("/services/0/default_duration", json!(null), "/patients/1/required_caregivers/0/duration"),
        ("/patients/0/synchronization/type", json!("often"), "/patients/0/synchronization/type"),
        ("/patients/0/synchronization/type", json!("sequential"), "/patients/0/synchronization/distance"),
        ("/patients/1/id", json!("p1"), "/patients/1/id"),
        ("/services/1/id", json!("s1"), "/services/1/id"),
        ("/caregivers/2/id", json!("c1"), "/caregivers/2/id"),
        ("/caregivers/0/abilities/0", json!("s9"), "/caregivers/0/abilities/0"),
        ("/distances", json!([[0]]), "/distances"),
        ("/distances/1", json!([0, 1]), "/distances/1"),
        ("/distances/1/2", json!(-7), "/distances/1/2"),
        ("/distances/1/2", json!(null), "/distances/1/2"),
        ("/distances/1/2", json!(2_000_000.5), "/distances/1/2"),
        ("/distances/1/2", json!("far"), "line 1 column"),
        ("/patients", json!(7), "line 1 column"),
    ] {
        let faults = with(pointer, value.clone()).unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.at.starts_with(at)), "{pointer} = {value}: {faults:?}");
    }
    let many: Vec<Value> = (0..129).map(|index| json!({"id": format!("s{index}"), "default_duration": 1})).collect();
    assert_eq!(with("/services", json!(many)).unwrap_err().faults[0].at, "/services");
}

#[test]
fn all_faults_come_at_once() {
    let mut file = file();
    file["patients"][0]["time_window"] = json!([-1, null]);
    file["distances"][2] = json!([5, -7, 0]);
    assert_eq!(read(&file.to_string(), None, "tiny").unwrap_err().faults.len(), 3);
}

#[test]
fn faults_of_a_plan_name_their_place() {
    let instance = instance(&file());
    for (pointer, value, at) in [
        ("/routes/0/caregiver_id", json!("c9"), "/routes/0/caregiver_id"),
        ("/routes/1/caregiver_id", json!("c1"), "/routes/1/caregiver_id"),
        ("/routes/0/locations/0/patient", json!("p9"), "/routes/0/locations/0"),
        ("/routes/0/locations/0/patient", json!(null), "/routes/0/locations/0/patient"),
        ("/routes/0/locations/0/service", json!("s9"), "/routes/0/locations/0"),
        ("/routes/0/locations/0/service", json!("lunch_break"), "/routes/0/locations/0"),
        ("/routes/0/locations/0/service", json!(null), "/routes/0/locations/0/service"),
        ("/routes/0/locations/0/arrival_time", json!(null), "/routes/0/locations/0/arrival_time"),
        ("/routes/0/locations/0/departure_time", json!(45.5), "/routes/0/locations/0/departure_time"),
        ("/routes", json!({}), "line 1 column"),
    ] {
        let mut plan = plan();
        *plan.pointer_mut(pointer).unwrap() = value.clone();
        let faults = instance.read_plan(&plan.to_string()).unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.at.starts_with(at)), "{pointer} = {value}: {faults:?}");
    }
}
