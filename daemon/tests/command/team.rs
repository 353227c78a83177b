//! `kendt team`.

use std::fs;

use serde_json::Value;

use super::{Desk, code, line};

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(desk.path(name)).unwrap()).unwrap()
}

#[test]
fn a_district_gets_its_few_and_stays_as_it_was() {
    let desk = Desk::new();
    let ended = desk.kendt(&["team", "d.json", "--time", "1", "--threads", "1", "--out", "few.json", "--json"]);
    assert_eq!((code(&ended), ended.stderr.as_slice()), (0, &b""[..]), "{ended:?}");
    let answer = line(&ended);
    let few = read(&desk, "few.json");
    let counts: Vec<usize> = few["citizens"].as_array().unwrap().iter().filter_map(|of| of["few_carers"].as_array().map(Vec::len)).collect();
    assert_eq!(answer["citizens"].as_u64(), Some(counts.len() as u64));
    assert_eq!(answer["most_carers"].as_u64(), counts.iter().max().map(|&most| most as u64));
    assert!(answer["mean_floor"].as_f64() <= answer["mean_carers"].as_f64());
    assert!(answer["dual_bound"].as_f64().is_none_or(|bound| bound <= answer["cost"].as_f64().unwrap()));

    let mut rest = few;
    for citizen in rest["citizens"].as_array_mut().unwrap() {
        citizen.as_object_mut().unwrap().remove("few_carers");
    }
    assert_eq!(rest, read(&desk, "d.json"));
}

#[test]
fn a_cap_that_cannot_be_kept_is_explained() {
    let desk = Desk::new();
    let asked = ["team", "d.json", "--cap", "1", "--time", "1", "--threads", "1"];
    let answer = line(&desk.kendt(&[&asked[..], &["--json"]].concat()));
    // Citizens with visits in the morning and the evening need two, and nobody works all day.
    let above = answer["above_cap"].as_array().unwrap();
    assert!(!above.is_empty());
    for of in above.iter().filter(|of| of["cause"] == "roster") {
        assert!(of["needed"].as_u64() > Some(1) && !of["visits"].as_array().unwrap().is_empty(), "{of}");
    }
    let shown = desk.kendt(&asked);
    let shown = String::from_utf8(shown.stdout).unwrap();
    for part in ["carers for each citizen", "more than 1", "the roster asks for 2", "no choice costs less than"] {
        assert!(shown.contains(part), "no {part:?} in\n{shown}");
    }
}

#[test]
fn a_citizens_own_cap_is_explained_too() {
    let desk = Desk::new();
    let mut district = read(&desk, "d.json");
    for citizen in district["citizens"].as_array_mut().unwrap() {
        citizen["most_carers"] = 1.into();
    }
    fs::write(desk.path("capped.json"), district.to_string()).unwrap();
    let answer = line(&desk.kendt(&["team", "capped.json", "--time", "1", "--threads", "1", "--json"]));
    let above = answer["above_cap"].as_array().unwrap();
    assert!(above.iter().any(|of| of["cause"] == "roster" && !of["skills"].as_array().unwrap().is_empty()), "{above:?}");
    district["citizens"][0]["most_carers"] = 0.into();
    fs::write(desk.path("capped.json"), district.to_string()).unwrap();
    let refused = desk.kendt(&["team", "capped.json", "--time", "1"]);
    assert_eq!(code(&refused), 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("/citizens/0/most_carers: is 0, allowed 1 to 1000"), "{refused:?}");
}

#[test]
fn a_plan_says_why_a_cap_is_not_kept() {
    let desk = Desk::new();
    let mut district = read(&desk, "d.json");
    for citizen in district["citizens"].as_array_mut().unwrap() {
        citizen["most_carers"] = 1.into();
    }
    fs::write(desk.path("capped.json"), district.to_string()).unwrap();
    let asked = ["solve", "capped.json", "--iterations", "2000", "--threads", "1", "--no-prove"];
    let answer = line(&desk.kendt(&[&asked[..], &["--json"]].concat()));
    let above = answer["above_cap"].as_array().unwrap();
    let of = above.iter().find(|of| of["cause"] == "roster").unwrap_or_else(|| panic!("no reason by the roster in {above:?}"));
    assert!(of["needed"].as_u64() > Some(1) && !of["skills"].as_array().unwrap().is_empty(), "{of}");
    let shown = String::from_utf8(desk.kendt(&asked).stdout).unwrap();
    let (citizen, carers) = (of["citizen"].as_str().unwrap(), &of["carers"]);
    for part in ["caps not kept:".to_owned(), format!("  {citizen}: {carers}, the roster asks for {}", of["needed"])] {
        assert!(shown.contains(&part), "no {part:?} in\n{shown}");
    }
    let free = line(&desk.kendt(&["solve", "d.json", "--iterations", "2000", "--threads", "1", "--no-prove", "--json"]));
    assert_eq!(free.get("above_cap"), None, "nobody has a cap");
}

#[test]
fn only_districts_have_a_few() {
    let desk = Desk::new();
    fs::write(desk.path("h.json"), r#"{"patients": []}"#).unwrap();
    let ended = desk.kendt(&["team", "h.json"]);
    assert_eq!(code(&ended), 2, "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("h.json is a hhcrsp instance; only districts"), "{ended:?}");
    assert_eq!(code(&desk.kendt(&["team", "d.json", "--out", "-", "--json"])), 2);
}
