//! `kendt evaluate`.

use std::fs;

use super::{Desk, code, line};

fn text(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_plan_is_measured_in_three_shapes() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    let [shown, told, listed] = [&[][..], &["--json"], &["--csv"]].map(|shape| desk.kendt(&[&["evaluate", "d.json", "p.json"], shape].concat()));
    for ended in [&shown, &told, &listed] {
        assert_eq!((code(ended), ended.stderr.as_slice()), (0, &b""[..]), "{ended:?}");
    }
    let answer = line(&told);
    let citizens = answer["citizens"].as_array().unwrap();
    assert_eq!((citizens.len(), answer["feasible"].as_bool()), (12, Some(true)));
    let visits: u64 = citizens.iter().map(|of| of["visits"].as_u64().unwrap()).sum();
    assert_eq!(answer["district"]["visits"].as_u64(), Some(visits));

    let rows = text(&listed);
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split(',').collect()).collect();
    let groups = answer["teams"].as_array().unwrap().len() + answer["layers"].as_array().unwrap().len();
    assert_eq!(rows.len(), 2 + groups + citizens.len());
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!((rows[0][..4].join(","), rows[1][0], rows[1][3].to_owned()), ("group,id,citizens,visits".to_owned(), "district", visits.to_string()));

    let tables = text(&shown);
    for part in ["district", "team t1", "evening", "floor", "excess", "on time", "carers at most", "Swedish definition"] {
        assert!(tables.contains(part), "no {part:?} in\n{tables}");
    }
}

#[test]
fn a_broken_plan_is_measured_all_the_same() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    desk.break_plan();
    let ended = desk.kendt(&["evaluate", "d.json", "p.json", "--json"]);
    assert_eq!(code(&ended), 0, "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("measured all the same"), "{ended:?}");
    let answer = line(&ended);
    assert!(answer["feasible"] == false && answer["broken_rules"].as_u64() > Some(0) && answer["district"]["visits"].as_u64() > Some(0));
}

#[test]
fn only_districts_are_measured() {
    let desk = Desk::new();
    fs::write(desk.path("h.json"), r#"{"patients": []}"#).unwrap();
    let ended = desk.kendt(&["evaluate", "h.json", "p.json"]);
    assert_eq!(code(&ended), 2, "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("h.json is a hhcrsp instance; only districts"), "{ended:?}");
}
