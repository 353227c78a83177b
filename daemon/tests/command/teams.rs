//! `kendt teams`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::{Desk, code, line};

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(desk.path(name)).unwrap()).unwrap()
}

#[test]
fn a_district_gets_new_teams_and_can_be_planned() {
    let desk = Desk::new();
    let ended = desk.kendt(&["teams", "d.json", "--teams", "2", "--time", "5", "--out", "new.json", "--json"]);
    assert_eq!((code(&ended), ended.stderr.as_slice()), (0, &b""[..]), "{ended:?}");
    let answer = line(&ended);
    let row = &answer.as_array().unwrap()[0];
    assert_eq!(row["teams"], 2);
    assert!(row["dual_bound"].as_f64() <= row["cost"].as_f64() && row["met_within"].as_u64() <= row["met"].as_u64(), "{row}");

    let new = read(&desk, "new.json");
    let teams = |of: &str| new[of].as_array().unwrap().iter().filter_map(|of| of["team"].as_str()).collect::<BTreeSet<_>>();
    let both = BTreeSet::from(["t1", "t2"]);
    assert_eq!((teams("citizens"), teams("carers")), (both.clone(), both));
    let sizes = row["carers"].as_array().unwrap();
    let of_first = new["carers"].as_array().unwrap().iter().filter(|carer| carer["team"] == "t1").count();
    assert!(sizes.iter().any(|size| size.as_u64() == Some(of_first as u64)), "{row}: {of_first}");

    // Shifts start where they did: the same plan costs the same travel.
    let plan = |district: &str, out: &str| desk.kendt(&["solve", district, "--iterations", "300", "--threads", "1", "--no-prove", "--out", out]);
    assert_eq!(code(&plan("new.json", "plan.json")), 0);
    let travel = |district: &str| line(&desk.kendt(&["check", district, "plan.json", "--json"]))["breakdown"]["travel"].as_f64();
    assert_eq!(travel("new.json"), travel("d.json"));
}

#[test]
fn numbers_of_teams_stand_side_by_side() {
    let desk = Desk::new();
    let shown = desk.kendt(&["teams", "d.json", "--teams", "1,2,900", "--time", "5"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("  900  no division found"), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.ends_with(" %")).count(), 2, "{shown}");
}

#[test]
fn which_of_several_is_right_is_not_decided() {
    let desk = Desk::new();
    let refused = desk.kendt(&["teams", "d.json", "--teams", "1,2", "--out", "new.json"]);
    assert_eq!(code(&refused), 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a person decides"), "{refused:?}");
    let none = desk.kendt(&["teams", "d.json", "--teams", "900", "--out", "new.json"]);
    assert_eq!(code(&none), 2);
    assert!(String::from_utf8_lossy(&none.stderr).contains("no division into 900 teams"), "{none:?}");
    assert!(!desk.path("new.json").exists());
}
