//! What was granted: demand, frames, packages, triage, joint visits and delegation.

use std::fs;

use serde_json::{Value, json};

use super::{asking, code, list, only, plan, read, sound, write};
use crate::line;

#[test]
fn b6_a_weekly_frame_is_used_freely_and_flagged_when_it_is_exceeded() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    let (citizen, _) = only(&district, "personal");
    district["days"] = 3.into();
    district["grants"].as_array_mut().unwrap().push(json!({
        "id": "frame", "citizen": citizen, "service": "H1.6", "kind": "frame", "minutes": 140, "legal_basis": "aeldrelov10",
        "repetition": {"pattern": "day", "shifts": ["noon"], "minutes": 15}
    }));
    for carer in district["carers"].as_array_mut().unwrap() {
        let today = carer["shifts"][0].clone();
        let later = |day: i64| {
            today.as_object().map(|shift| {
                shift
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .chain([("day".to_owned(), day.into())])
                    .collect::<serde_json::Map<_, _>>()
            })
        };
        carer["shifts"] = [Some(today.as_object().unwrap().clone()), later(2), later(3)].into_iter().flatten().map(Value::Object).collect();
    }
    district["swaps"] = json!([]);
    write(&desk, "grants.json", &district);
    let made = line(&desk.kendt(&["demand", "grants.json", "--out", "week.json", "--json"]));
    let added = list(&made, "added").clone();
    assert_eq!(added.len(), 3, "{made}");

    // Three days of seven are 60 of the 140 minutes a week, and 45 are planned. A walk takes 15 more on one day: the frame is full, and another one is refused.
    let mut week = read(&desk, "week.json");
    let longer = |id: &str, nth: usize| sound(id, added[nth].as_str().unwrap(), json!({"text": "a walk", "minutes": 30}));
    week["swaps"] = json!([longer("first", 0), longer("second", 2)]);
    write(&desk, "swapped.json", &week);
    plan(&desk, "swapped.json", "p.json");
    let answers = line(&desk.kendt(&["answers", "swapped.json", "p.json", "--json"]));
    assert_eq!((&answers["swaps"][0]["outcome"], &answers["swaps"][1]["reason"]["code"]), (&json!("given"), &json!("frame_exceeded")), "{answers}");
    let frame = &answers["frames"][0];
    assert_eq!((&frame["granted"], &frame["planned"], &frame["exceeded"]), (&json!(60.0), &json!(60.0), &json!(false)));

    // A person may write a longer visit down; it is flagged.
    let visit = week["visits"].as_array_mut().unwrap().iter_mut().find(|visit| visit["id"] == added[1]).unwrap();
    (visit["minutes"], visit["made"]) = (40.into(), false.into());
    write(&desk, "longer.json", &week);
    plan(&desk, "longer.json", "p.json");
    let told = String::from_utf8(desk.kendt(&["answers", "longer.json", "p.json", "--lang", "en"]).stdout).unwrap();
    assert!(told.contains("grant frame, week from 2026-11-23") && told.contains("60 granted"), "{told}");
}

#[test]
fn b8_carers_have_slack_and_the_figures_say_how_much() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    write(&desk, "tight.json", &district);
    plan(&desk, "tight.json", "tight-plan.json");
    // Nothing is asked for: free time and chains are told, and nothing is kept or missed.
    let slack = |name: &str, plan: &str| line(&desk.kendt(&["evaluate", name, plan, "--json"]))["slack"].clone();
    let tight = slack("tight.json", "tight-plan.json");
    assert!(tight["free_minutes"].is_f64() && tight["longest_chain"].as_u64() > Some(3), "{tight}");
    assert_eq!((&tight["free"]["of"], &tight["buffers"]["of"], &tight["chains"]["share"]), (&json!(0), &json!(0), &Value::Null));

    district["policy"]["slack"] =
        json!({"free_minutes": 40, "buffer_minutes": 3, "longest_chain": 4, "pause_minutes": 10, "per_visit_in_chain": 20, "per_free_minute": 2});
    write(&desk, "calm.json", &district);
    // The plan from before, measured by what is asked for now, and a plan made for it.
    let before = slack("calm.json", "tight-plan.json");
    let solved = desk.kendt(&["solve", "calm.json", "--iterations", "3000000", "--threads", "1", "--no-prove", "--out", "calm-plan.json"]);
    assert_eq!(code(&solved), 0, "{solved:?}");
    let after = slack("calm.json", "calm-plan.json");
    let share = |of: &Value, name: &str| of[name]["share"].as_f64().unwrap();
    assert!(share(&after, "free") >= 0.8 && share(&after, "chains") >= 0.8, "{before} {after}");
    assert!(
        share(&after, "buffers") > share(&before, "buffers") && share(&before, "free") < 0.6 && share(&before, "chains") < 0.6,
        "{before} {after}"
    );
    assert!(after["longest_chain"].as_u64() < before["longest_chain"].as_u64(), "{before} {after}");
    let checked = line(&desk.kendt(&["check", "calm.json", "calm-plan.json", "--json"]));
    assert_eq!(checked["feasible"], true, "{checked}");
    // Carers' own wishes are answered; only who visits nobody is free for longer than the shift, and that has a price.
    let carers = list(&district, "carers").clone();
    district["wishes"] = json!([
        {"id": "calm", "requested_by": "carer", "wants": {"type": "slack", "carer": carers[0]["id"], "free_minutes": 45}, "weight": 5},
        {"id": "idle", "requested_by": "carer", "wants": {"type": "slack", "carer": carers[1]["id"], "free_minutes": 1400}, "weight": 0.1},
    ]);
    write(&desk, "calm.json", &district);
    plan(&desk, "calm.json", "calm-plan.json");
    let answers = line(&desk.kendt(&["answers", "calm.json", "calm-plan.json", "--json"]));
    let of = |id: &str| list(&answers, "wishes").iter().find(|answer| answer["wish"] == id).unwrap().clone();
    assert_eq!((&of("calm")["outcome"], &of("calm")["wants"]), (&json!("fulfilled"), &json!("slack")), "{answers}");
    assert_eq!((&of("idle")["outcome"], &of("idle")["reason"]["code"]), (&json!("not_fulfilled"), &json!("costs_more")), "{answers}");
    assert!(of("idle")["price"]["cost"].as_f64() > Some(100.0), "{answers}");
    let table = String::from_utf8(desk.kendt(&["evaluate", "calm.json", "calm-plan.json"]).stdout).unwrap();
    assert!(table.contains("free minutes") && table.contains("chains kept"), "{table}");
}

#[test]
fn demand_is_made_again_and_keeps_what_people_decided() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    let (citizen, _) = only(&district, "personal");
    district["grants"].as_array_mut().unwrap().push(json!({
        "id": "noon", "citizen": citizen, "service": "H1.3", "minutes": 20, "repetition": {"pattern": "day", "shifts": ["noon"]}
    }));
    write(&desk, "g.json", &district);
    let first = line(&desk.kendt(&["demand", "g.json", "--out", "g1.json", "--json"]));
    assert_eq!(first["added"], json!(["noon/2026-11-23/noon"]));
    let mut made = read(&desk, "g1.json");
    let at = made["visits"].as_array().unwrap().iter().position(|visit| visit["id"] == "noon/2026-11-23/noon").unwrap();
    made["visits"][at]["pin"] = json!({"at": "12:15"});
    let last = made["grants"].as_array().unwrap().len() - 1;
    made["grants"][last]["minutes"] = 25.into();
    write(&desk, "g2.json", &made);
    let again = line(&desk.kendt(&["demand", "g2.json", "--out", "g3.json", "--json"]));
    assert_eq!((&again["added"], &again["changed"], &again["removed"]), (&json!([]), &json!(["noon/2026-11-23/noon"]), &json!([])));
    plan(&desk, "g3.json", "p.json");
    let planned = fs::read_to_string(desk.path("p.json")).unwrap();
    let at = planned.find("noon/2026-11-23/noon").unwrap();
    assert!(planned[at..at + 250].contains("\"start\": \"12:15:00\""), "{}", &planned[at..at + 250]);
    let refused = desk.kendt(&["demand", "g3.json", "--out", "-", "--json"]);
    assert_eq!(code(&refused), 2);
}

#[test]
fn b9_a_nurses_task_is_never_given_by_a_helper_unless_it_is_delegated() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    // No nurse works today, so that wounds are left out, and the answer says what would help.
    let wound = list(&district, "visits").iter().find(|visit| visit["skills"] == json!(["nurse"])).unwrap()["id"].as_str().unwrap().to_owned();
    for carer in district["carers"].as_array_mut().unwrap() {
        let skills: Vec<Value> = list(carer, "skills").iter().filter(|skill| *skill != "nurse").cloned().collect();
        carer["skills"] = skills.into();
    }
    write(&desk, "n.json", &district);
    plan(&desk, "n.json", "p.json");
    let answers = line(&desk.kendt(&["answers", "n.json", "p.json", "--json"]));
    let left_out = list(&answers, "left_out").iter().find(|one| one["visit"] == wound.as_str()).unwrap();
    assert_eq!(left_out["reason"]["code"], "nobody_skilled", "{left_out}");
    let repair = list(left_out, "repairs").iter().find(|repair| repair["kind"] == "delegation").unwrap();
    let helper = repair["carer"].as_str().unwrap();
    let words = String::from_utf8(desk.kendt(&["answers", "n.json", "p.json", "--lang", "da"]).stdout).unwrap();
    assert!(words.contains(&format!("{wound}: ikke planlagt")) && words.contains("hvis opgaven blev delegeret"), "{words}");
    // Somebody answerable delegates it to that carer until tomorrow, and it is given by nobody else.
    let at = list(&district, "carers").iter().position(|carer| carer["id"] == helper).unwrap();
    district["carers"][at]["delegations"] = json!([{"skill": "nurse", "until": "2026-11-24"}]);
    write(&desk, "n.json", &district);
    plan(&desk, "n.json", "p.json");
    let planned = read(&desk, "p.json");
    let route = list(&planned, "routes").iter().find(|route| list(route, "stops").iter().any(|stop| stop["visit"] == wound.as_str())).unwrap();
    assert_eq!(route["carer"], helper);
    // Yesterday's delegation holds no more.
    district["carers"][at]["delegations"][0]["until"] = "2026-11-22".into();
    write(&desk, "n.json", &district);
    plan(&desk, "n.json", "p.json");
    assert!(list(&read(&desk, "p.json"), "unserved").contains(&json!(wound)));
}

#[test]
fn v1_the_triage_sheet_lists_a_citizen_with_three_swaps_and_a_colour_change() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    let (citizen, visit) = only(&district, "personal");
    let asked = |id: &str, on: &str| json!({"id": id, "visit": visit, "instead": {"service": "walk", "minutes": 10}, "requested_on": on});
    district["swaps"] = json!([asked("a", "2026-11-09"), asked("b", "2026-11-16"), asked("c", "2026-11-23")]);
    let at = list(&district, "citizens").iter().position(|one| one["id"] == citizen.as_str()).unwrap();
    district["citizens"][at]["triage"] = json!({"colour": "yellow", "since": "2026-11-22"});
    district["citizens"][at + 1]["triage"] = json!({"colour": "red", "since": "2026-11-23"});
    write(&desk, "t0.json", &district);
    // The colours bring a follow-up every day since.
    let made = line(&desk.kendt(&["demand", "t0.json", "--out", "t.json", "--json"]));
    assert_eq!(list(&made, "added").len(), 2, "{made}");
    assert!(list(&made, "added").contains(&json!(format!("follow-up/{citizen}/2026-11-23"))), "{made}");
    plan(&desk, "t.json", "p.json");
    let sheet = line(&desk.kendt(&["triage", "t.json", "p.json", "--json"]));
    let rows = list(&sheet, "citizens");
    assert_eq!(rows.iter().map(|row| row["colour"].as_str().unwrap()).collect::<Vec<_>>(), ["red", "yellow"]);
    let row = &rows[1];
    assert_eq!((&row["citizen"], &row["since"], &row["reassess"]), (&json!(citizen), &json!("2026-11-22"), &json!(true)), "{row}");
    assert_eq!(list(row, "swaps").len(), 3);
    assert!(row["carers"].as_u64() >= Some(1) && row["extra_visit"]["travel_minutes"].is_number(), "{row}");
    let words = String::from_utf8(desk.kendt(&["triage", "t.json", "p.json", "--lang", "da"]).stdout).unwrap();
    assert!(words.contains(&format!("{citizen}: gul 2026-11-22")) && words.contains("behovet skal vurderes på ny"), "{words}");
}

#[test]
fn v2_a_joint_visit_of_assessor_and_carer_lands_in_both_routes_at_the_same_time() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    // The assessor's calendar: free from nine to ten and from one to two. Nothing but joint visits is for her.
    let base = district["bases"][0]["id"].clone();
    district["carers"].as_array_mut().unwrap().push(json!({
        "id": "assessor", "mode": "car", "skills": ["assessor"], "base": base,
        "shifts": [{"id": "assessor/am", "start": "09:00", "end": "10:00"}, {"id": "assessor/pm", "start": "13:00", "end": "14:30"}]
    }));
    write(&desk, "j.json", &district);
    plan(&desk, "j.json", "p.json");
    let (citizen, _) = only(&district, "personal");
    let joint = json!({
        "id": "joint", "citizen": citizen, "minutes": 20, "windows": [{"from": "08:00", "to": "15:00"}],
        "skills": ["ssh"], "carers": 2, "second_skills": ["assessor"]
    });
    write(&desk, "what.json", &json!({"type": "visit", "visit": joint}));
    let found = line(&desk.kendt(&["what-if", "j.json", "p.json", "what.json", "--json"]));
    let ways = list(&found, "ways");
    assert!(ways.len() > 1, "{found}");
    for way in ways {
        let [first, second] = list(way, "visits").as_slice() else { panic!("not two: {way}") };
        assert_eq!((&first["start"], &second["carer"]), (&second["start"], &json!("assessor")), "{way}");
    }
    let costs: Vec<f64> = ways.iter().map(|way| way["price"]["cost"].as_f64().unwrap()).collect();
    assert!(costs.is_sorted(), "{costs:?}");
    // Written down and planned, it stands in both routes.
    district["visits"].as_array_mut().unwrap().push(joint);
    write(&desk, "j.json", &district);
    plan(&desk, "j.json", "p.json");
    let planned = read(&desk, "p.json");
    let start = |label: &str| {
        let routes = list(&planned, "routes").iter();
        let stops: Vec<(Value, Value)> =
            routes.flat_map(|route| list(route, "stops").iter().map(|stop| (route["carer"].clone(), stop.clone()))).collect();
        stops.into_iter().find(|(_, stop)| stop["visit"] == label).map(|(carer, stop)| (carer, stop["start"].clone())).unwrap()
    };
    let ((_, first), (assessor, second)) = (start("joint#1"), start("joint#2"));
    assert_eq!((first, assessor), (second, json!("assessor")));
}

#[test]
fn v3_a_package_makes_dated_visits_shows_its_price_and_ends_by_itself() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    let (citizen, visit) = only(&district, "personal");
    let weekly = json!({"pattern": "day", "shifts": ["noon", "evening"]});
    district["packages"] = json!([{
        "id": "infection", "name_da": "Infektionspakke", "granted_by": ["planner"], "days": 5, "extra_minutes": 5, "last": true,
        "services": [{"service": "H1.6", "minutes": 15, "repetition": weekly}]
    }]);
    district["policy"]["not_last"] = 500.into();
    write(&desk, "k.json", &district);
    plan(&desk, "k.json", "p.json");
    // What would it mean? The plan stays as it is.
    let before = fs::read_to_string(desk.path("p.json")).unwrap();
    let ask = |role: &str| json!({"type": "package", "package": "infection", "citizen": citizen, "from": "2026-11-23", "by_role": role});
    write(&desk, "what.json", &ask("planner"));
    let found = line(&desk.kendt(&["what-if", "k.json", "p.json", "what.json", "--json"]));
    assert_eq!(list(&list(&found, "ways")[0], "visits").len(), 2, "{found}");
    assert_eq!(fs::read_to_string(desk.path("p.json")).unwrap(), before);
    write(&desk, "what.json", &ask("carer"));
    let refused = desk.kendt(&["what-if", "k.json", "p.json", "what.json", "--lang", "da"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("kan ikke bevilges af carer"), "{refused:?}");

    let grant =
        |by: &str, out: &str| desk.kendt(&["package", "k.json", "infection", &citizen, "--from", "2026-11-20", "--by", by, "--out", out, "--json"]);
    assert_eq!(code(&grant("carer", "x.json")), 2);
    // Four days are over: 23 and 24 November are left, and the district has the first of them.
    let applied = line(&grant("planner", "k1.json"));
    assert_eq!((&applied["until"], &applied["awaiting_confirmation"]), (&json!("2026-11-24"), &json!(true)), "{applied}");
    assert_eq!(list(&applied, "added").len(), 2);
    let with = read(&desk, "k1.json");
    let new = list(&with, "grants").iter().find(|grant| grant["granted_by"] == "planner").unwrap();
    assert_eq!((&new["status"], &new["until"]), (&json!("awaiting_confirmation"), &json!("2026-11-24")));
    plan(&desk, "k1.json", "p1.json");
    let planned = read(&desk, "p1.json");
    let stops: Vec<&Value> = list(&planned, "routes").iter().flat_map(|route| list(route, "stops")).collect();
    assert_eq!(stops.iter().filter(|stop| stop["visit"].as_str().is_some_and(|id| id.starts_with("infection/"))).count(), 2);
    // Every visit to the citizen takes five minutes longer meanwhile.
    let minutes = |stop: &Value| {
        let at =
            |name: &str| stop[name].as_str().unwrap().split(':').map(|part| part.parse::<f64>().unwrap()).fold(0.0, |sum, part| sum * 60.0 + part);
        (at("end") - at("start")) / 60.0
    };
    let own = stops.iter().find(|stop| stop["visit"] == visit.as_str()).unwrap();
    let granted = list(&district, "visits").iter().find(|one| one["id"] == visit.as_str()).unwrap()["minutes"].as_f64().unwrap();
    assert_eq!(minutes(own), granted + 5.0);
    // Carers go home from the new visits; from the one in the morning somebody has to go on.
    for route in list(&planned, "routes") {
        let visits: Vec<&str> = list(route, "stops").iter().filter_map(|stop| stop["visit"].as_str()).collect();
        let package = visits.iter().position(|id| id.starts_with("infection/")).unwrap_or(visits.len());
        assert!(visits.len() <= package + 1, "{visits:?}");
    }
    // A week later it has ended by itself.
    let mut later = with.clone();
    later["date"] = "2026-11-30".into();
    write(&desk, "later.json", &later);
    let made = line(&desk.kendt(&["demand", "later.json", "--out", "later.json", "--json"]));
    assert_eq!((list(&made, "added").len(), list(&made, "removed").len()), (0, 2), "{made}");
}
