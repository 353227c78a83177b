//! The citizen's say: stories of municipalities (V: Vesthimmerland's "Borger før opgave", B: Buurtzorg in Ikast-Brande), each on a made-up district.

use std::fs;

use serde_json::{Value, json};

use super::{Desk, code};

mod care;
mod wishes;

/// A day of forty citizens in which some ask for other help.
fn asking() -> Desk {
    let desk = Desk::new();
    let made = desk.kendt(&["generate", "--citizens", "40", "--seed", "5", "--asking", "60", "--out", "say.json"]);
    assert_eq!(code(&made), 0, "{made:?}");
    desk
}

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(desk.path(name)).unwrap()).unwrap()
}

fn write(desk: &Desk, name: &str, value: &Value) {
    fs::write(desk.path(name), value.to_string()).unwrap();
}

/// Plans in a moment and repeatably.
fn plan(desk: &Desk, district: &str, out: &str) {
    let solved = desk.kendt(&["solve", district, "--iterations", "60000", "--threads", "1", "--no-prove", "--out", out]);
    assert_eq!(code(&solved), 0, "{solved:?}");
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name} in {value}"))
}

/// The id of a citizen with visits of these kinds only, by one carer, and one of those visits.
fn only(district: &Value, kind: &str) -> (String, String) {
    let linked: Vec<&Value> = district["links"].as_array().into_iter().flatten().flat_map(|link| [&link["first"], &link["second"]]).collect();
    let visits = list(district, "visits");
    let fits = |visit: &&Value| {
        let own = visits.iter().filter(|other| other["citizen"] == visit["citizen"]);
        visit["service"] == kind && visit["carers"] != 2 && !linked.contains(&&visit["id"]) && own.into_iter().all(|other| other["service"] == kind)
    };
    let visit = visits.iter().find(fits).unwrap_or_else(|| panic!("nobody has {kind} only"));
    (visit["citizen"].as_str().unwrap().to_owned(), visit["id"].as_str().unwrap().to_owned())
}

fn sound(id: &str, visit: &str, instead: Value) -> Value {
    json!({"id": id, "visit": visit, "instead": instead, "soundness": {"state": "sound", "by_role": "carer", "on": "2026-11-20"}})
}
