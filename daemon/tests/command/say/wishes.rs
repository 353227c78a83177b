//! What is asked for: swaps, wishes, what-ifs and their answers.

use std::fs;

use serde_json::{Value, json};

use super::{asking, code, list, only, plan, read, sound, write};
use crate::line;

#[test]
fn v4_a_citizen_with_practical_help_only_is_not_offered_personal_care() {
    let desk = asking();
    let (citizen, _) = only(&read(&desk, "say.json"), "practical");
    let options = line(&desk.kendt(&["options", "say.json", &citizen, "--json"]));
    assert_eq!(options["categories"], json!(["practical"]));
    let grant = &list(&options, "grants")[0];
    let codes = |name: &str| -> Vec<String> { list(grant, name).iter().map(|one| one["service"].as_str().unwrap().to_owned()).collect() };
    // Time of one's own is neither personal nor practical.
    assert_eq!(codes("may_be_asked_for"), ["H1.7", "H1.9", "own"]);
    assert!(codes("may_not").contains(&"H1.1".to_owned()));
    let bath = list(grant, "may_not").iter().find(|one| one["service"] == "H1.1").unwrap();
    assert_eq!(bath["reason"]["code"], "category_not_granted");
    let page = |lang: &str| String::from_utf8(desk.kendt(&["options", "say.json", &citizen, "--lang", lang]).stdout).unwrap();
    assert!(page("da").contains("Indkøb") && page("da").contains("Der er ikke bevilget personlig pleje"), "{}", page("da"));
    assert!(page("en").contains("Shopping") && page("en").contains("No personal care has been granted"), "{}", page("en"));
    assert_eq!(code(&desk.kendt(&["options", "say.json", "nobody"])), 2);
}

#[test]
fn v5_b1_a_wish_is_fulfilled_when_free_and_answered_with_what_would_work_when_not() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    let (_, visit) = only(&district, "personal");
    // A walk instead of hygiene at the same time is free; in the middle of the night nobody is on duty.
    district["swaps"] = json!([sound("walk", &visit, json!({"service": "walk"}))]);
    write(&desk, "free.json", &district);
    plan(&desk, "free.json", "p.json");
    let answer = line(&desk.kendt(&["answers", "free.json", "p.json", "--json"]));
    assert_eq!((&answer["swaps"][0]["outcome"], &answer["swaps"][0]["reason"]), (&json!("given"), &Value::Null), "{answer}");
    assert!(answer["swaps"][0]["carer"].is_string() && answer["swaps"][0]["start"].is_string());

    district["swaps"][0]["windows"] = json!([{"from": "03:00", "to": "03:30"}]);
    write(&desk, "night.json", &district);
    plan(&desk, "night.json", "p.json");
    let answer = line(&desk.kendt(&["answers", "night.json", "p.json", "--json"]));
    let swap = &answer["swaps"][0];
    assert_eq!((&swap["outcome"], &swap["reason"]["code"]), (&json!("granted_help"), &json!("nobody_on_duty")), "{swap}");
    assert!(swap["nearest"]["carer"].is_string() && swap["nearest"]["price"]["travel_minutes"].is_number(), "{swap}");
    // The plan has the granted help, and names no visit that is not to be given.
    let planned = fs::read_to_string(desk.path("p.json")).unwrap();
    assert!(planned.contains(&format!("\"{visit}\"")) && !planned.contains('~'), "{planned}");
}

#[test]
fn v6_a_what_if_has_a_price_and_never_alters_the_plan() {
    let desk = asking();
    plan(&desk, "say.json", "p.json");
    let district = read(&desk, "say.json");
    let (citizen, visit) = only(&district, "personal");
    let files = || ["say.json", "p.json"].map(|name| fs::read_to_string(desk.path(name)).unwrap());
    let before = files();
    let extra = json!({"id": "extra", "citizen": citizen, "minutes": 20, "windows": [{"from": "12:00", "to": "14:00"}], "skills": ["ssh"]});
    let grant =
        json!({"id": "more", "citizen": citizen, "service": "H1.6", "minutes": 15, "repetition": {"pattern": "day", "shifts": ["noon", "evening"]}});
    for (what, visits) in [
        (json!({"type": "time", "visit": visit, "from": "11:00", "until": "13:00"}), 1),
        (json!({"type": "visit", "visit": extra}), 1),
        (json!({"type": "swap", "swap": sound("s", &visit, json!({"service": "walk"}))}), 1),
        (json!({"type": "grant", "grant": grant}), 2),
    ] {
        write(&desk, "what.json", &what);
        let found = line(&desk.kendt(&["what-if", "say.json", "p.json", "what.json", "--json"]));
        let ways = list(&found, "ways");
        assert!(!ways.is_empty(), "{what}: {found}");
        for way in ways {
            assert_eq!(list(way, "visits").len(), visits, "{way}");
            assert!(way["price"]["travel_minutes"].is_number() && way["price"]["moved"].is_array(), "{way}");
        }
        // Each way is by somebody else.
        let carers: std::collections::BTreeSet<&str> = ways.iter().map(|way| way["visits"][0]["carer"].as_str().unwrap()).collect();
        assert_eq!(carers.len(), ways.len());
        if what["type"] == "time" {
            assert!(ways.iter().all(|way| ("11:00".."13:00:01").contains(&way["visits"][0]["start"].as_str().unwrap())), "{found}");
        }
    }
    assert_eq!(files(), before);
    write(&desk, "what.json", &json!({"type": "time", "visit": visit, "from": "03:00", "until": "03:10"}));
    let none = line(&desk.kendt(&["what-if", "say.json", "p.json", "what.json", "--json"]));
    assert_eq!((list(&none, "ways").len(), &none["reason"]["code"]), (0, &json!("nobody_on_duty")), "{none}");
    write(
        &desk,
        "what.json",
        &json!({"type": "visit", "visit": {"id": "x", "citizen": "nobody", "minutes": 20, "windows": [{"from": "12", "to": "14:00"}]}}),
    );
    let refused = desk.kendt(&["what-if", "say.json", "p.json", "what.json"]);
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(code(&refused), 2);
    assert!(error.contains("/what/visit/citizen: there is no citizen `nobody`") && error.contains("/what/visit/windows/0/from"), "{error}");
}

#[test]
fn v9_rules_of_categories_and_suppliers_answer_with_their_reason() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    let ((_, cleaning), (_, hygiene)) = (only(&district, "practical"), only(&district, "personal"));
    let nursing = list(&district, "visits").iter().find(|visit| visit["service"] == "nursing").map(|visit| visit["id"].as_str().unwrap().to_owned());
    // Somebody else provides what the third one asks for: the citizen has it granted there.
    let owner = list(&district, "visits").iter().find(|visit| visit["id"] == hygiene.as_str()).unwrap()["citizen"].clone();
    let elsewhere = json!({"id": "private", "citizen": owner, "service": "walk", "minutes": 30, "supplier": "other"});
    district["grants"].as_array_mut().unwrap().push(elsewhere);
    district["swaps"] = json!([
        sound("category", &cleaning, json!({"service": "H1.1", "minutes": 20})),
        sound("longer", &hygiene, json!({"text": "a long walk", "minutes": 600})),
        sound("supplier", &hygiene, json!({"service": "walk", "minutes": 10})),
        sound("nursing", &nursing.expect("somebody has nursing"), json!({"service": "walk", "minutes": 5})),
        {"id": "judged", "visit": hygiene, "instead": {"service": "H1.3"}, "soundness": {"state": "not_sound", "by_role": "nurse", "on": "2026-11-21"}},
        {"id": "gone", "visit": "no-such-visit", "instead": {"service": "H1.3"}},
    ]);
    write(&desk, "rules.json", &district);
    plan(&desk, "rules.json", "p.json");
    let answers = line(&desk.kendt(&["answers", "rules.json", "p.json", "--json"]));
    let expected = ["category_not_granted", "frame_exceeded", "other_supplier", "not_swappable", "not_sound", "visit_gone"];
    for (answer, expected) in list(&answers, "swaps").iter().zip(expected) {
        assert_eq!((&answer["outcome"], &answer["reason"]["code"]), (&json!("not_planned"), &json!(expected)), "{answer}");
        let words = [&answer["reason"]["da"], &answer["reason"]["en"]];
        assert!(words.iter().all(|words| words.as_str().is_some_and(|words| words.len() > 10)), "{answer}");
    }
    assert_eq!((&answers["given"], &answers["planned"]), (&json!(0), &json!(0)));
}

#[test]
fn v7_b3_relatives_record_wishes_and_every_wish_is_answered_and_listed() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    write(&desk, "w.json", &district);
    plan(&desk, "w.json", "p.json");
    let (citizen, visit) = only(&district, "personal");
    let planned = read(&desk, "p.json");
    let routes = list(&planned, "routes");
    let route = routes.iter().find(|route| list(route, "stops").iter().any(|stop| stop["visit"] == visit.as_str())).unwrap();
    let carer = route["carer"].as_str().unwrap();
    let another = list(&district, "carers").iter().find(|one| one["id"] != carer).unwrap()["id"].clone();
    district["wishes"] = json!([
        {"id": "not-them", "requested_by": "relative", "requested_on": "2026-11-19", "wants": {"type": "not_carer", "citizen": citizen, "carer": carer}},
        {"id": "night", "requested_by": "citizen", "requested_on": "2026-11-18", "wants": {"type": "time", "citizen": citizen, "from": "03:00", "until": "03:30"}},
        {"id": "few", "wants": {"type": "fewer_carers", "citizen": citizen, "most": 9}},
        {"id": "early", "requested_by": "carer", "wants": {"type": "hours", "carer": another, "until": "11:00"}},
    ]);
    write(&desk, "w.json", &district);
    plan(&desk, "w.json", "p.json");
    let answers = line(&desk.kendt(&["answers", "w.json", "p.json", "--json"]));
    let of = |id: &str| list(&answers, "wishes").iter().find(|answer| answer["wish"] == id).unwrap().clone();
    assert_eq!((&of("not-them")["outcome"], &of("not-them")["requested_by"]), (&json!("fulfilled"), &json!("relative")), "{answers}");
    // Nobody works at three; what is planned is said, and why it is not as wished for.
    let night = of("night");
    assert_eq!((&night["outcome"], &night["met"]), (&json!("not_fulfilled"), &json!(0)), "{night}");
    assert!(night["first"]["start"].is_string() && night["reason"]["da"].is_string(), "{night}");
    assert_eq!(of("few")["outcome"], "fulfilled");
    assert!(["fulfilled", "partly", "nothing_to_do", "not_fulfilled"].contains(&of("early")["outcome"].as_str().unwrap()));
    // For the assessment: by date, with whoever asked.
    let listed = line(&desk.kendt(&["wishes", "w.json", &citizen, "--json"]));
    let ids: Vec<&str> = list(&listed, "asked").iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["few", "night", "not-them"]);
    let csv = String::from_utf8(desk.kendt(&["wishes", "w.json", &citizen]).stdout).unwrap();
    assert!(csv.contains(&format!("{citizen};not-them;not_carer;relative;2026-11-19;;{carer};")), "{csv}");
}

#[test]
fn b2_carers_wishes_are_weighed_and_an_exchange_is_refused_only_with_a_reason() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    write(&desk, "e.json", &district);
    plan(&desk, "e.json", "p.json");
    let nursing = list(&district, "visits").iter().find(|visit| visit["service"] == "nursing").unwrap()["id"].as_str().unwrap().to_owned();
    let skill = |carer: &Value, skill: &str| list(carer, "skills").iter().any(|own| own == skill);
    let helper = list(&district, "carers").iter().find(|carer| !skill(carer, "ssa") && !skill(carer, "nurse")).unwrap()["id"].clone();
    let (_, visit) = only(&district, "personal");
    let colleague = list(&district, "carers").iter().find(|carer| skill(carer, "ssh") && carer["shifts"][0]["layer"] == "day").unwrap()["id"].clone();
    // A colleague takes a visit over where that is possible, at a price; nursing is not for a helper, and the answer says so.
    write(&desk, "what.json", &json!({"type": "carer", "visit": visit, "carer": colleague}));
    let found = line(&desk.kendt(&["what-if", "e.json", "p.json", "what.json", "--json"]));
    let taken = list(&found, "ways").first().map(|way| way["visits"][0]["carer"].clone());
    assert!(taken == Some(colleague) || found["reason"]["code"].is_string(), "{found}");
    write(&desk, "what.json", &json!({"type": "carer", "visit": nursing, "carer": helper}));
    let refused = line(&desk.kendt(&["what-if", "e.json", "p.json", "what.json", "--json"]));
    assert_eq!((list(&refused, "ways").len(), &refused["reason"]["code"]), (0, &json!("nobody_skilled")), "{refused}");
    // A pin survives planning again.
    let at = district["visits"].as_array().unwrap().iter().position(|one| one["id"] == visit.as_str()).unwrap();
    district["visits"][at]["pin"] = json!({"carer": helper});
    write(&desk, "pinned.json", &district);
    plan(&desk, "pinned.json", "p2.json");
    let pinned = read(&desk, "p2.json");
    let route = list(&pinned, "routes").iter().find(|route| list(route, "stops").iter().any(|stop| stop["visit"] == visit.as_str())).cloned();
    assert!(route.is_none_or(|route| route["carer"] == helper), "somebody else came");
}

#[test]
fn every_assignment_says_why_and_what_the_next_best_would_cost() {
    let desk = asking();
    plan(&desk, "say.json", "p.json");
    let mut district = read(&desk, "say.json");
    let (_, visit) = only(&district, "personal");
    let told = line(&desk.kendt(&["why", "say.json", "p.json", &visit, "--json"]));
    let because = list(&told, "because");
    assert!(because.iter().all(|reason| reason["da"].is_string() && reason["en"].is_string()) && !because.is_empty(), "{told}");
    let next = &told["next_best"];
    assert!(next["carer"].is_string() && next["carer"] != told["carer"] && next["price"]["cost"].is_number(), "{told}");
    // Where a planner has pinned it, that is the reason, and nobody else can.
    let at = district["visits"].as_array().unwrap().iter().position(|one| one["id"] == visit.as_str()).unwrap();
    district["visits"][at]["pin"] = json!({"carer": told["carer"]});
    district["swaps"] = json!([]);
    write(&desk, "pinned.json", &district);
    plan(&desk, "pinned.json", "p.json");
    let pinned = line(&desk.kendt(&["why", "pinned.json", "p.json", &visit, "--json"]));
    let codes: Vec<&str> = list(&pinned, "because").iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"pinned") && codes.contains(&"only_able") && pinned["next_best"].is_null(), "{pinned}");
    let words = String::from_utf8(desk.kendt(&["why", "pinned.json", "p.json", &visit, "--lang", "da"]).stdout).unwrap();
    assert!(words.contains("En planlægger har låst besøget.") && words.contains("ingen anden kan"), "{words}");
    assert_eq!(code(&desk.kendt(&["why", "pinned.json", "p.json", "nothing"])), 2);
}

#[test]
fn a_replan_gives_what_was_published_and_not_something_else() {
    let desk = asking();
    plan(&desk, "say.json", "p.json");
    let planned = read(&desk, "p.json");
    let swapped = |plan: &Value| -> Vec<(String, String)> {
        let routes = list(plan, "routes").iter();
        let stops = routes.flat_map(|route| {
            list(route, "stops").iter().map(|stop| (stop["visit"].as_str().unwrap_or("").to_owned(), route["carer"].as_str().unwrap().to_owned()))
        });
        stops.filter(|(visit, _)| visit.contains('~')).collect()
    };
    let before = swapped(&planned);
    let absent = &before.first().unwrap_or_else(|| panic!("no swap is given in {planned}")).1;
    write(&desk, "events.json", &json!([{"type": "carer_absent", "carer": absent}]));
    let ended = desk.kendt(&["replan", "say.json", "p.json", "events.json", "--iterations", "60000", "--threads", "1", "--out", "r.json"]);
    assert_eq!(code(&ended), 0, "{ended:?}");
    let after = read(&desk, "r.json");
    let now: Vec<String> = swapped(&after).into_iter().map(|(visit, _)| visit).collect();
    let left_out = list(&after, "unserved");
    for (visit, _) in &before {
        let granted = visit.split('~').next().unwrap();
        assert!(now.contains(visit) || left_out.contains(&json!(granted)), "{visit} was published and something else is given");
    }
}

#[test]
fn optional_help_is_forced_too_and_a_citizen_who_is_away_is_not_given_a_swap() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    write(&desk, "o.json", &district);
    plan(&desk, "o.json", "p.json");
    let (citizen, visit) = only(&district, "personal");
    // An extra visit that nobody would plan for its price is possible all the same, and what-if says so.
    let extra = json!({"id": "extra", "citizen": citizen, "minutes": 30, "windows": [{"from": "09:00", "to": "12:00"}], "need": "optional", "unserved_cost": 0});
    write(&desk, "what.json", &json!({"type": "visit", "visit": extra}));
    let found = line(&desk.kendt(&["what-if", "o.json", "p.json", "what.json", "--json"]));
    assert!(!list(&found, "ways").is_empty(), "{found}");
    // Left out of a plan, the reason is its price and not that there is no room.
    district["visits"].as_array_mut().unwrap().push(extra);
    write(&desk, "o.json", &district);
    plan(&desk, "o.json", "p.json");
    let answers = line(&desk.kendt(&["answers", "o.json", "p.json", "--json"]));
    let left_out = list(&answers, "left_out").iter().find(|one| one["visit"] == "extra").unwrap();
    assert!(["costs_more", "better_plan_found"].contains(&left_out["reason"]["code"].as_str().unwrap()), "{left_out}");
    // A grant that makes no visit in these days has no way, and the answer says why.
    let grant = json!({"id": "later", "citizen": citizen, "service": "H1.6", "minutes": 10, "from": "2027-01-01", "repetition": {"pattern": "day", "shifts": ["noon"]}});
    write(&desk, "what.json", &json!({"type": "grant", "grant": grant}));
    let none = line(&desk.kendt(&["what-if", "o.json", "p.json", "what.json", "--json"]));
    assert_eq!((list(&none, "ways").len(), &none["reason"]["code"]), (0, &json!("no_visit")), "{none}");

    // Two swaps of one visit: one is given, and the other one's answer says so.
    district["swaps"] = json!([sound("walk", &visit, json!({"service": "walk"})), sound("meal", &visit, json!({"service": "H1.3"}))]);
    write(&desk, "two.json", &district);
    plan(&desk, "two.json", "p2.json");
    let answers = line(&desk.kendt(&["answers", "two.json", "p2.json", "--json"]));
    let mut outcomes: Vec<&str> = list(&answers, "swaps").iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["given", "other_swap"], "{answers}");
    // The citizen goes to hospital: what was published is gone, once, with the time that was promised.
    write(&desk, "events.json", &json!([{"type": "citizen_away", "citizen": citizen}]));
    let gone = desk.kendt(&["replan", "two.json", "p2.json", "events.json", "--iterations", "20000", "--threads", "1", "--json"]);
    assert_eq!(code(&gone), 0, "{gone:?}");
    let changes = line(&gone);
    let own: Vec<&Value> =
        list(&changes, "changes").iter().filter(|change| change["visit"].as_str().is_some_and(|id| id.starts_with(visit.as_str()))).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(own[0]["kind"] == "removed" && own[0]["before"]["start"].is_string(), "{own:?}");
}

#[test]
fn a_visit_that_is_left_out_names_the_fewest_others_that_stand_in_its_way() {
    let desk = asking();
    let mut district = read(&desk, "say.json");
    district["swaps"] = json!([]);
    // Only the first carer can do what two visits at eight need, and each takes an hour.
    let skills = district["carers"][0]["skills"].as_array_mut().unwrap();
    skills.push(json!("rare"));
    for (id, citizen) in [("one", "c001"), ("two", "c002")] {
        district["visits"].as_array_mut().unwrap().push(json!({
            "id": id, "citizen": citizen, "minutes": 60, "skills": ["rare"], "windows": [{"from": "08:00", "to": "08:10"}]
        }));
    }
    write(&desk, "rare.json", &district);
    let solved = desk.kendt(&["solve", "rare.json", "--iterations", "600000", "--threads", "1", "--no-prove", "--out", "p.json"]);
    assert_eq!(code(&solved), 0, "{solved:?}");
    let answers = line(&desk.kendt(&["answers", "rare.json", "p.json", "--json"]));
    let left_out = list(&answers, "left_out").iter().find(|one| one["visit"] == "one" || one["visit"] == "two").unwrap();
    let other = if left_out["visit"] == "one" { "two" } else { "one" };
    assert_eq!((&left_out["conflict"]["visits"], &left_out["conflict"]["carers"]), (&json!([other]), &json!(1)), "{left_out}");
    let told = String::from_utf8(desk.kendt(&["answers", "rare.json", "p.json", "--lang", "en"]).stdout).unwrap();
    assert!(told.contains(&format!("the 1 who could come cannot give these as well: {other}")), "{told}");
}
