//! Plans as JSON.

use kendt_solver::plan::{Plan, Stop, Task};
use kendt_solver::problem::ShiftId;

use super::{at, tiny, tiny_plan};
use crate::district::{map_plan, read_plan, write_plan};

#[test]
fn a_plan_reads_back_exactly() {
    let problem = tiny().problem().unwrap();
    let mut plan = tiny_plan(&problem);
    let pause = Stop { task: Task::Break, arrival: at("08:06"), start: at("08:06"), end: at("08:11:01") };
    plan.routes[ShiftId::new(0)].stops.push(pause);
    assert_eq!(read_plan(&problem, &write_plan(&problem, &plan)).unwrap(), plan);
    let empty = Plan::empty(&problem);
    assert_eq!(read_plan(&problem, &write_plan(&problem, &empty)).unwrap(), empty);
}

#[test]
fn a_plan_is_written_for_people() {
    let problem = tiny().problem().unwrap();
    let text = write_plan(&problem, &tiny_plan(&problem));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let stop = serde_json::json!({"visit": "v1", "citizen": "c1", "arrival": "07:10:00", "start": "07:10:00", "end": "07:40:00"});
    assert_eq!(value.pointer("/routes/0/stops/0"), Some(&stop));
    assert_eq!(value.pointer("/routes/2/day"), Some(&2.into()));
    assert_eq!(value.pointer("/unserved"), Some(&serde_json::json!(["v3", "v4#1", "v4#2"])));
}

#[test]
fn every_fault_of_a_plan_has_a_pointer() {
    let problem = tiny().problem().unwrap();
    let text = write_plan(&problem, &tiny_plan(&problem));
    let faults = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        read_plan(&problem, &changed).unwrap_err().faults.into_iter().map(|fault| fault.at).collect::<Vec<_>>()
    };
    assert_eq!(faults("kendt-plan/1", "kendt-plan/0"), ["/format"]);
    assert_eq!(faults("\"shift\": \"k1/1\"", "\"shift\": \"k1/9\""), ["/routes/0/shift"]);
    assert_eq!(faults("\"shift\": \"late\"", "\"shift\": \"k2/2\""), ["/routes/2/shift"]);
    assert_eq!(faults("\"carer\": \"k1\"", "\"carer\": \"k2\""), ["/routes/0/carer"]);
    assert_eq!(faults("\"visit\": \"v1\"", "\"visit\": \"v9\""), ["/routes/0/stops/0/visit"]);
    assert_eq!(faults("\"visit\": \"v1\"", "\"break\": true, \"visit\": \"v1\""), ["/routes/0/stops/0"]);
    assert_eq!(faults("\"citizen\": \"c1\"", "\"citizen\": \"c2\""), ["/routes/0/stops/0/citizen"]);
    assert_eq!(faults("\"end\": \"07:40:00\"", "\"end\": \"07:40\""), ["/routes/0/stops/0/end"]);
    assert_eq!(faults("\"v3\"", "\"v1\""), ["/unserved/0"]);
    assert_eq!(faults("\"v3\"", "\"v9\""), ["/unserved/0"]);
    assert_eq!(faults("\"v3\"", "3"), ["/unserved/0"]);
}

#[test]
fn a_plan_is_carried_over_by_labels() {
    let old = tiny().problem().unwrap();
    let mut district = tiny();
    district.visits.remove(0);
    district.links.clear();
    let new = district.problem().unwrap();
    let mapped = map_plan(&old, &new, &tiny_plan(&old));
    let served: Vec<&str> = mapped.routes[ShiftId::new(0)].visits().map(|visit| new.visits()[visit].label.as_str()).collect();
    assert_eq!(served, ["v2"]);
    assert_eq!(mapped.routes[ShiftId::new(0)].stops[0].start, at("07:46"));
    assert_eq!(mapped.unserved.len(), 3);
}
