use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::problem::{CarerId, Link, Moment, Need, ShiftId, Term, Ticks, VisitId};
use serde_json::{Value, json};

use crate::{Format, Instance, ReadError, read};

/// Three citizens at 1, 2 and 3 kilometres from the base on one road; a kilometre takes 117 s by car and 292.5 s by bike.
/// The visit of citizen 1 is double, that of citizen 2 optional.
fn file() -> Value {
    json!({
        "n": 3, "seed": 1, "teams": 2, "base": [0, 0],
        "citizens": [{"x": 1, "y": 0, "team": 0}, {"x": 2, "y": 0, "team": 0}, {"x": 0, "y": 3, "team": 1}],
        "visits": [
            {"id": 0, "citizen": 0, "pref": 30000, "tw": [24600, 35400], "dur": 600, "skill": 1, "optional": false, "prio": 0, "sync": null},
            {"id": 1, "citizen": 1, "pref": 32000, "tw": [26600, 37400], "dur": 900, "skill": 2, "optional": false, "prio": 0, "sync": 7},
            {"id": 2, "citizen": 1, "pref": 32000, "tw": [26600, 37400], "dur": 900, "skill": 0, "optional": false, "prio": 0, "sync": 7},
            {"id": 3, "citizen": 2, "pref": 30000, "tw": [24600, 35400], "dur": 600, "skill": 0, "optional": true, "prio": 3, "sync": null}
        ],
        "carers": [
            {"id": 0, "shift": [25200, 54000], "skill": 2, "mode": "car", "team": 0},
            {"id": 1, "shift": [25200, 54000], "skill": 1, "mode": "bike", "team": 1}
        ]
    })
}

fn plan() -> Value {
    json!({"routes": [{"carer": 0, "stops": [[0, 28000], [1, 33000]]}, {"carer": 1, "stops": [[2, 33000]]}]})
}

fn instance(file: &Value) -> Instance {
    read(&file.to_string(), None, "tiny").unwrap()
}

fn with(pointer: &str, value: Value) -> Result<Instance, ReadError> {
    let mut file = file();
    *file.pointer_mut(pointer).unwrap() = value;
    read(&file.to_string(), Some(Format::Peerday), "tiny")
}

#[test]
fn a_day_is_read_in_whole_seconds() {
    let Instance { problem, format, .. } = instance(&file());
    assert_eq!((format, problem.name(), problem.clock().ticks_per_minute), (Format::Peerday, "tiny", 60));
    // Half a second is rounded to even: 292.5 to 292, while 877.5 goes to 878.
    assert_eq!(problem.travel().table(problem.mode(ShiftId::new(0)))[..], [0, 117, 234, 351, 117, 0, 117, 370, 234, 117, 0, 422, 351, 370, 422, 0]);
    assert_eq!(problem.travel().table(problem.mode(ShiftId::new(1)))[..4], [0, 292, 585, 878]);
    assert_eq!(problem.links(), [Link { first: VisitId::new(1), second: VisitId::new(2), min: Ticks(0), max: Ticks(0), different_carers: true }]);
    let able = |visit| problem.able_shifts(VisitId::new(visit)).iter().map(|shift| shift.idx()).collect::<Vec<_>>();
    assert_eq!([able(0), able(1), able(2)], [vec![0, 1], vec![0], vec![0, 1]]);
    let visit = &problem.visits()[VisitId::new(3)];
    assert_eq!((visit.need, visit.priority, visit.unserved_cost), (Need::Optional, 3, 10_800));
    assert_eq!(visit.preferred, [CarerId::new(1)]);
}

#[test]
fn a_plan_costs_seconds_of_travel() {
    let instance = instance(&file());
    let plan = instance.read_plan(&plan().to_string()).unwrap();
    let sum = evaluate(&instance.problem, &plan);
    // Carer 0 drives 117 + 117 + 234, carer 1 rides 585 there and back.
    assert_eq!(sum.quantity(Term::Travel), 468 + 1170);
    // Visit 0 is 2000 early, of which 900 are free; the double visit is 1000 late twice, of which 900 are free each time.
    assert_eq!((sum.quantity(Term::Early), sum.quantity(Term::Late)), (1100, 200));
    assert_eq!(sum.quantity(Term::CarerPreference), 1, "carer 1 is of another team than citizen 1");
    let verdict = check(&instance.problem, &plan);
    assert_eq!(verdict.violations, []);
    // The optional visit is left out.
    assert_eq!(verdict.cost.0, 1638 + 1300 + 1200 + 10_800);
    assert_eq!(sum.cost(instance.problem.objective()), verdict.cost);
    let idle = instance.read_plan(r#"{"routes": []}"#).unwrap();
    let verdict = check(&instance.problem, &idle);
    assert_eq!((verdict.violations.len(), verdict.cost.0), (0, 3 * 36_000 + 10_800));
}

#[test]
fn what_is_hard_is_a_violation() {
    let instance = instance(&file());
    for (routes, rule) in [
        (json!([{"carer": 0, "stops": [[0, 24500]]}]), "before_window"),
        (json!([{"carer": 0, "stops": [[0, 35401]]}]), "lateness"),
        (json!([{"carer": 0, "stops": [[3, 25550]]}]), "departure_before_shift"),
        (json!([{"carer": 1, "stops": [[1, 33000]]}, {"carer": 0, "stops": [[2, 33000]]}]), "qualification"),
        (json!([{"carer": 0, "stops": [[1, 33000]]}, {"carer": 1, "stops": [[2, 33001]]}]), "link_difference"),
        (json!([{"carer": 0, "stops": [[1, 33000]]}]), "link_half_served"),
        (json!([{"carer": 0, "stops": [[0, 30000], [3, 30100]]}]), "start_before_arrival"),
    ] {
        let plan = instance.read_plan(&json!({ "routes": routes }).to_string()).unwrap();
        let found: Vec<&str> = check(&instance.problem, &plan).violations.iter().map(|violation| violation.rule).collect();
        assert!(found.contains(&rule), "{routes}: {found:?}");
    }
    let short = with("/carers/0/shift/1", json!(30_000)).unwrap();
    let plan = short.read_plan(r#"{"routes": [{"carer": 0, "stops": [[0, 29400]]}]}"#).unwrap();
    assert_eq!(check(&short.problem, &plan).violations.iter().map(|violation| violation.rule).collect::<Vec<_>>(), ["overtime"]);
}

#[test]
fn a_written_plan_reads_back_the_same() {
    let instance = instance(&file());
    let read = instance.read_plan(&plan().to_string()).unwrap();
    let text = instance.write_plan(&read);
    assert_eq!(instance.read_plan(&text).unwrap(), read);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), plan());
}

#[test]
fn a_wish_before_the_day_begins_costs_what_it_would() {
    let early = with("/visits/0/pref", json!(100)).unwrap();
    let plan = early.read_plan(r#"{"routes": [{"carer": 0, "stops": [[0, 25317]]}]}"#).unwrap();
    // 25317 - (100 + 900) late, and nothing early.
    let sum = evaluate(&early.problem, &plan);
    assert_eq!((sum.quantity(Term::Early), sum.quantity(Term::Late)), (0, 24_317));
    assert_eq!(early.problem.visits()[VisitId::new(0)].preference.map(|wish| wish.from), Some(Moment(0)));
}

#[test]
fn every_fault_names_its_place() {
    for (pointer, value, at) in [
        ("/base", json!([1]), "/base/1"),
        ("/base/0", json!(1e9), "/base/0"),
        ("/citizens/1/x", Value::Null, "/citizens/1/x"),
        ("/citizens/1/y", json!(-1000.5), "/citizens/1/y"),
        ("/citizens/1/team", json!(4), "/citizens/1/team"),
        ("/visits/1/id", json!(2), "/visits/1/id"),
        ("/visits/1/id", Value::Null, "/visits/1/id"),
        ("/visits/1/citizen", json!(3), "/visits/1/citizen"),
        ("/visits/1/citizen", json!(-1), "/visits/1/citizen"),
        ("/visits/1/pref", json!(0.5), "/visits/1/pref"),
        ("/visits/1/tw", json!([1, 2, 3]), "/visits/1/tw"),
        ("/visits/1/tw/0", json!(40_000), "/visits/1/tw"),
        ("/visits/1/dur", json!(1e300), "/visits/1/dur"),
        ("/visits/1/skill", json!(101), "/visits/1/skill"),
        ("/visits/1/prio", json!(256), "/visits/1/prio"),
        ("/visits/1/sync", json!(8), "/visits"),
        ("/visits/0/sync", json!(7), "/visits"),
        ("/carers/1/id", json!(0), "/carers/1/id"),
        ("/carers/1/mode", json!("boat"), "/carers/1/mode"),
        ("/carers/1/shift", json!([]), "/carers/1/shift"),
        ("/carers/1/shift/1", json!(1), "/carers/1/shift"),
        ("/carers/1/skill", json!(-1), "/carers/1/skill"),
        ("/carers", json!("none"), "line 1"),
    ] {
        let faults = with(pointer, value.clone()).unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.at.starts_with(at)), "{pointer} = {value}: {faults:?}");
    }
}

#[test]
fn a_file_cannot_ask_for_tables_far_larger_than_itself() {
    let citizens: Vec<Value> = (0..5001).map(|_| json!({"x": 0, "y": 0, "team": 0})).collect();
    assert_eq!(with("/citizens", json!(citizens)).unwrap_err().faults[0].at, "/citizens");
}

#[test]
fn faults_of_a_plan_name_their_place() {
    for (routes, at) in [
        (json!([{"carer": 2, "stops": []}]), "/routes/0/carer"),
        (json!([{"carer": 0, "stops": []}, {"carer": 0, "stops": []}]), "/routes/1/carer"),
        (json!([{"carer": 0, "stops": [[4, 1]]}]), "/routes/0/stops/0/0"),
        (json!([{"carer": 0, "stops": [[0, 1.5]]}]), "/routes/0/stops/0/1"),
        (json!([{"carer": 0, "stops": [[0]]}]), "/routes/0/stops/0"),
        (json!([{"carer": 0}]), "line 1 column 22"),
    ] {
        let faults = instance(&file()).read_plan(&json!({ "routes": routes }).to_string()).unwrap_err().faults;
        assert!(faults[0].at.starts_with(at), "{routes}: {faults:?}");
    }
}
