//! The citizen's say over HTTP.

use std::fs;

use kendt_daemon::config::Config;
use serde_json::{Value, json};

use crate::client::{Client, narrow};
use crate::documents::tiny;

/// The tiny district on a Monday, with a catalogue: c1 has been granted care and noon help, c3 cleaning only, and c1 asks for a walk.
fn granted() -> Value {
    let mut district = tiny();
    district["date"] = json!("2026-11-23");
    district["services"] = json!([
        {"code": "H1.1", "name_da": "Personlig hygiejne", "category": "personal", "skills": ["care"]},
        {"code": "walk", "name_da": "Gåtur", "name_en": "A walk", "category": "personal", "skills": ["care"]},
        {"code": "H1.8", "category": "practical", "skills": ["care"]},
    ]);
    district["grants"] = json!([
        {"id": "g1", "citizen": "c1", "service": "H1.1", "minutes": 30},
        {"id": "g3", "citizen": "c3", "service": "H1.8", "minutes": 20},
        {"id": "g9", "citizen": "c1", "service": "H1.1", "minutes": 10, "repetition": {"pattern": "day", "shifts": ["noon"]}},
    ]);
    district["visits"][0]["grant"] = json!("g1");
    district["visits"][2]["grant"] = json!("g3");
    district["swaps"] = json!([{"id": "s1", "visit": "v1", "instead": {"service": "walk", "minutes": 25}, "requested_by": "relative"}]);
    district
}

/// The plan of a district, from the service.
async fn planned(client: &Client, district: &Value) -> Value {
    let job = client.submit(&json!({"district": district, "options": {"time_seconds": 20, "iterations": 400, "seed": 7}})).await;
    let _ = client.until(&job, "done").await;
    client.get(&format!("{job}/plan")).await.json()
}

#[tokio::test]
async fn wishes_are_answered_and_what_ifs_have_prices() {
    let client = Client::new(narrow());
    let district = granted();
    let plan = planned(&client, &district).await;
    let answers = client.post("/v1/answers", &json!({"district": district, "plan": plan})).await;
    assert_eq!(answers.status, 200, "{}", answers.text);
    let answers = answers.json();
    let swap = &answers["swaps"][0];
    assert_eq!((&swap["swap"], &swap["outcome"], &swap["requested_by"]), (&json!("s1"), &json!("given"), &json!("relative")), "{answers}");

    let later = json!({"type": "time", "visit": "v2", "from": "11:00", "until": "12:00"});
    let ask = |what: &Value| json!({"district": district, "plan": plan, "what": what});
    let ways = client.post("/v1/what-if", &ask(&later)).await.json();
    assert_eq!(ways["ways"].as_array().map(Vec::len), Some(2), "{ways}");
    let refused =
        client.post("/v1/what-if", &ask(&json!({"type": "swap", "swap": {"id": "x", "visit": "v3", "instead": {"service": "walk"}}}))).await;
    let problem = refused.problem(422, "against-rule");
    assert!(problem["errors"][0]["what"].as_str().unwrap().starts_with("category_not_granted"), "{problem}");
    let unknown = client.post("/v1/what-if", &ask(&json!({"type": "carer", "visit": "v1", "carer": "k9"}))).await;
    assert_eq!(unknown.problem(422, "invalid-event")["errors"][0]["at"], "/what/allowed_carers/0");
    let shapeless = client.post("/v1/what-if", &ask(&json!({"type": "wonder"}))).await;
    assert_eq!(shapeless.problem(422, "wrong-shape")["errors"][0]["at"], "/what");
    let mut many = ask(&later);
    many["ways"] = json!(11);
    let _ = client.post("/v1/what-if", &many).await.problem(422, "invalid-option");
}

#[tokio::test]
async fn a_citizens_options_come_from_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("north.json"), granted().to_string()).unwrap();
    let client = Client::new(Config { data: Some(folder.path().to_owned()), ..narrow() });
    let options = client.get("/v1/citizens/c3/swap-options?district_ref=north").await;
    assert_eq!(options.status, 200, "{}", options.text);
    let options = options.json();
    assert_eq!((&options["categories"], &options["grants"][0]["may_be_asked_for"]), (&json!(["practical"]), &json!([])), "{options}");
    assert!(options["da"][0].as_str().unwrap().contains("bytte"));
    let _ = client.get("/v1/citizens/nobody/swap-options?district_ref=north").await.problem(404, "citizen-not-found");
    let _ = client.get("/v1/citizens/c3/swap-options?district_ref=south").await.problem(404, "district-not-found");
}

/// Rules 5 and 6 of swapping, and the law: a person decides about help. No route does, and whatever hands a district out hands out the grants
/// and the judgements of soundness that it was given.
#[tokio::test]
async fn no_endpoint_approves_or_refuses_help() {
    let client = Client::new(narrow());
    let document = client.get("/openapi.json").await.json();
    let decides = ["approve", "refuse", "reject", "decide", "decision", "soundness", "grants"];
    let mut districts_out = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(decides.iter().all(|word| !path.contains(word)), "{path} sounds like a decision");
        for (method, operation) in methods.as_object().unwrap() {
            let text = operation["responses"].to_string();
            let of_answer = |name: &str| document["components"]["schemas"][name]["properties"]["district"].is_object();
            let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
            if names.into_iter().any(of_answer) {
                districts_out.push(format!("{method} {path}"));
            }
        }
    }
    // Evaluations call the measures of the whole district by that name, the sheet has its name.
    let expected = ["post /v1/citizens/{id}/packages", "post /v1/demand", "post /v1/evaluations", "get /v1/triage-sheet"];
    assert_eq!(districts_out, expected);

    let mut district = granted();
    for state in ["pending", "sound", "not_sound"] {
        let judged = json!({"state": state, "by_role": "carer", "on": "2026-11-22", "disagreement": false});
        district["swaps"][0]["soundness"] = if state == "pending" { json!({}) } else { judged };
        let made = client.post("/v1/demand", &json!({"district": district})).await.json();
        let said = |district: &Value| district["swaps"][0]["soundness"]["state"].as_str().unwrap_or("pending").to_owned();
        assert_eq!(said(&made["district"]), state);
        let ids = |district: &Value| -> Vec<(Value, Value)> {
            district["grants"].as_array().unwrap().iter().map(|grant| (grant["id"].clone(), grant["minutes"].clone())).collect()
        };
        assert_eq!(ids(&made["district"]), ids(&district));
        assert_eq!(made["added"], json!(["g9/2026-11-23/noon"]));
        let mut rest = made["district"].clone();
        rest["visits"].as_array_mut().unwrap().pop();
        assert_eq!(rest["swaps"].as_array().map(Vec::len), Some(1));
    }
}

/// A package is granted by a person whose role may, and by nobody else; what it adds awaits confirmation, and nothing else changes.
#[tokio::test]
async fn a_package_is_granted_by_a_person_with_the_role() {
    let client = Client::new(narrow());
    let mut district = granted();
    let daily = json!({"pattern": "day", "shifts": ["evening"]});
    district["packages"] = json!([{
        "id": "infection", "granted_by": ["planner"], "days": 3, "services": [{"service": "H1.1", "minutes": 10, "repetition": daily}]
    }]);
    let ask = |by: &str| json!({"district": district, "package": "infection", "from": "2026-11-23", "by_role": by});
    let _ = client
        .post("/v1/citizens/c2/packages", &json!({"district": district, "package": "infection", "from": "2026-11-23"}))
        .await
        .problem(422, "wrong-shape");
    let refused = client.post("/v1/citizens/c2/packages", &ask("carer")).await.problem(422, "against-rule");
    assert_eq!(refused["errors"][0], json!({"at": "/by_role", "what": "may not grant it; planner may"}));
    let _ = client.post("/v1/citizens/c9/packages", &ask("planner")).await.problem(404, "citizen-not-found");
    let granted = client.post("/v1/citizens/c2/packages", &ask("planner")).await.json();
    assert_eq!((&granted["until"], granted["added"].as_array().map(Vec::len)), (&json!("2026-11-25"), Some(2)), "{granted}");
    let before: Vec<&Value> = district["grants"].as_array().unwrap().iter().map(|grant| &grant["id"]).collect();
    let after = granted["district"]["grants"].as_array().unwrap();
    assert_eq!(after.iter().take(before.len()).map(|grant| &grant["id"]).collect::<Vec<_>>(), before);
    assert!(after.iter().skip(before.len()).all(|grant| grant["status"] == "awaiting_confirmation" && grant["granted_by"] == "planner"));
    assert_eq!(granted["awaiting_confirmation"].as_array().map(Vec::len), Some(1));
    assert_eq!(granted["district"]["swaps"][0]["soundness"]["state"], "pending");
}

#[tokio::test]
async fn the_triage_sheet_comes_from_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(Config { data: Some(folder.path().to_owned()), ..narrow() });
    let mut district = granted();
    district["citizens"][0]["triage"] = json!({"colour": "red", "since": "2026-11-22"});
    fs::write(folder.path().join("north.json"), district.to_string()).unwrap();
    fs::write(folder.path().join("north-plan.json"), planned(&client, &district).await.to_string()).unwrap();
    let sheet = client.get("/v1/triage-sheet?district_ref=north&plan_ref=north-plan").await;
    assert_eq!(sheet.status, 200, "{}", sheet.text);
    let row = &sheet.json()["citizens"][0];
    assert_eq!((&row["citizen"], &row["colour"], &row["swaps"][0]["swap"]), (&json!("c1"), &json!("red"), &json!("s1")), "{row}");
    let _ = client.get("/v1/triage-sheet?district_ref=north&plan_ref=south").await.problem(404, "district-not-found");
    let asked = client.get("/v1/citizens/c1/wishes?district_ref=north").await.json();
    assert_eq!((&asked["asked"][0]["id"], &asked["asked"][0]["requested_by"]), (&json!("s1"), &json!("relative")), "{asked}");
}
