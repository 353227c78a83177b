//! `kendt frontier`.

use std::fs;

use serde_json::Value;

use super::{Desk, code, line};

#[test]
fn the_curve_is_written_in_three_shapes() {
    let desk = Desk::new();
    let made = desk.kendt(&["generate", "--citizens", "6", "--days", "3", "--seed", "4", "--out", "days.json"]);
    assert_eq!(code(&made), 0, "{made:?}");
    let ended = desk.kendt(&["frontier", "days.json", "--points", "3", "--cpu-time", "4", "--threads", "1", "--out", "curve", "--json", "--quiet"]);
    assert_eq!((code(&ended), ended.stderr.as_slice()), (0, &b""[..]), "{ended:?}");
    let answer = line(&ended);
    let read = |name: &str| fs::read_to_string(desk.path("curve").join(name)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&read("frontier.json")).unwrap(), answer);
    let points = answer["points"].as_array().unwrap();
    assert_eq!(points.len(), 3);
    for pair in points.windows(2) {
        assert!(pair[1]["factor"].as_f64() > pair[0]["factor"].as_f64());
    }
    for point in points {
        assert!(point["feasible"] == true && point["carers_mean"].as_f64() >= Some(1.0), "{point}");
        assert!(point["dual_bound"].as_f64().is_some_and(|bound| bound <= point["cost"].as_f64().unwrap() + 1e-6), "{point}");
    }
    let rows = read("frontier.csv");
    let rows: Vec<Vec<&str>> = rows.lines().map(|row| row.split(',').collect()).collect();
    assert!(rows.len() == 4 && rows.iter().all(|row| row.len() == rows[0].len()), "{rows:?}");
    let svg = read("frontier.svg");
    assert!(svg.starts_with("<svg") && svg.matches("<circle").count() == 3, "{svg}");
}

#[test]
fn a_district_of_one_day_has_no_curve() {
    let desk = Desk::new();
    let ended = desk.kendt(&["frontier", "d.json"]);
    assert_eq!(code(&ended), 2, "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("faces cost nothing in this district"), "{ended:?}");
    let ended = desk.kendt(&["frontier", "d.json", "--points", "1"]);
    assert_eq!(code(&ended), 2, "{ended:?}");
}
