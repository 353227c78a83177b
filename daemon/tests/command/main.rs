//! The `kendt` command as a shell sees it: what it prints, what it writes and how it ends.

mod bench;
mod evaluate;
mod frontier;
mod say;
mod team;
mod teams;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder with a small district in it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let made = desk.kendt(&["generate", "--citizens", "12", "--preset", "town", "--seed", "3", "--out", "d.json"]);
        assert_eq!(code(&made), 0, "{made:?}");
        desk
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kendt"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn kendt(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Moves the first start of the plan in `p.json` to the middle of the night.
    fn break_plan(&self) {
        let mut plan: Value = serde_json::from_str(&fs::read_to_string(self.path("p.json")).unwrap()).unwrap();
        let used = plan["routes"].as_array_mut().unwrap().iter_mut().find(|route| route["stops"] != Value::Array(Vec::new())).unwrap();
        used["stops"][0]["start"] = "00:01:00".into();
        fs::write(self.path("p.json"), plan.to_string()).unwrap();
    }

    /// Solves in a moment and repeatably, into `p.json`.
    fn solve(&self, more: &[&str]) -> Output {
        let quick = ["solve", "d.json", "--iterations", "2000", "--threads", "1", "--no-prove", "--out", "p.json"];
        self.kendt(&[&quick, more].concat())
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn line(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_district_is_made_up_solved_and_checked() {
    let desk = Desk::new();
    let solved = desk.solve(&["--json"]);
    assert_eq!(code(&solved), 0, "{solved:?}");
    let answer = line(&solved);
    assert_eq!((answer["format"].as_str(), answer["feasible"].as_bool(), answer["seed"].as_u64()), (Some("district"), Some(true), Some(1)));
    assert_eq!(files(desk.folder.path()), ["d.json", "p.json"]);

    let checked = desk.kendt(&["check", "d.json", "p.json", "--json"]);
    assert_eq!(code(&checked), 0);
    let verdict = line(&checked);
    assert_eq!((&verdict["cost"], &verdict["breakdown"]), (&answer["cost"], &answer["breakdown"]));
}

#[test]
fn the_same_seed_writes_the_same_file() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    let first = fs::read_to_string(desk.path("p.json")).unwrap();
    desk.solve(&["--quiet"]);
    assert_eq!(fs::read_to_string(desk.path("p.json")).unwrap(), first);
}

#[test]
fn people_get_a_table() {
    let desk = Desk::new();
    let table = String::from_utf8(desk.solve(&[]).stdout).unwrap();
    for part in ["carer", "first", "back", "in minutes of travel", "total", "the plan keeps every rule"] {
        assert!(table.contains(part), "no {part:?} in\n{table}");
    }
    assert!(desk.solve(&["--quiet"]).stdout.is_empty());
}

#[test]
fn a_plan_goes_through_a_pipe() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    let mut check = desk.command(&["check", "d.json", "-", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    check.stdin.take().unwrap().write_all(&fs::read(desk.path("p.json")).unwrap()).unwrap();
    assert_eq!(code(&check.wait_with_output().unwrap()), 0);
}

#[test]
fn a_broken_plan_ends_with_1_and_says_what_is_broken() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    desk.break_plan();
    let checked = desk.kendt(&["check", "d.json", "p.json", "--json"]);
    assert_eq!(code(&checked), 1, "{checked:?}");
    let verdict = line(&checked);
    assert_eq!(verdict["feasible"], false);
    assert!(!verdict["violations"].as_array().unwrap().is_empty());
}

#[test]
fn a_replan_says_who_comes_instead() {
    let desk = Desk::new();
    desk.solve(&["--quiet"]);
    let plan: Value = serde_json::from_str(&fs::read_to_string(desk.path("p.json")).unwrap()).unwrap();
    let route = plan["routes"].as_array().unwrap().iter().find(|route| route["stops"] != Value::Array(Vec::new())).unwrap();
    let absent = route["carer"].as_str().unwrap();
    fs::write(desk.path("e.json"), format!(r#"[{{"type": "carer_absent", "carer": "{absent}"}}]"#)).unwrap();
    let replan = |more: &[&str]| {
        let quick = ["replan", "d.json", "p.json", "e.json", "--iterations", "2000", "--threads", "1"];
        desk.kendt(&[&quick, more].concat())
    };
    let (told, shown) = (replan(&["--json", "--out", "n.json"]), replan(&[]));
    let answer = line(&told);
    assert_eq!(code(&told), if answer["feasible"] == true { 0 } else { 1 });
    let left = answer["plan"]["routes"].as_array().unwrap().iter().filter(|route| route["carer"] == absent);
    assert!(left.flat_map(|route| route["stops"].as_array()).all(Vec::is_empty));
    assert_eq!(serde_json::from_str::<Value>(&fs::read_to_string(desk.path("n.json")).unwrap()).unwrap(), answer["plan"]);
    assert!(String::from_utf8_lossy(&told.stderr).contains("first answer after"), "{told:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains(&format!("carer absent: {absent}")) && text.contains("visits change"), "{text}");
}

#[test]
fn what_cannot_be_read_or_written_ends_with_2() {
    let desk = Desk::new();
    fs::write(desk.path("bad.json"), "{\"format\": \"kendt-district/1\", \"visits\": 3}").unwrap();
    for arguments in [
        &["solve", "nowhere.json"][..],
        &["solve", "bad.json"],
        &["solve", "d.json", "--out", "no/such/folder.json"],
        &["solve", "d.json", "--start", "bad.json"],
        &["solve", "d.json", "--time", "-1"],
        &["solve", "d.json", "--json", "--out", "-"],
        &["check", "d.json", "d.json"],
        &["check", "-", "-"],
        &["evaluate", "d.json", "d.json"],
        &["evaluate", "bad.json", "-"],
        &["evaluate", "-", "-"],
        &["evaluate", "d.json", "-", "--json", "--csv"],
        &["replan", "d.json", "d.json", "nowhere.json"],
        &["replan", "d.json", "bad.json", "-"],
        &["generate", "--citizens", "0", "--out", "x.json"],
        &["serve", "--data", "nowhere"],
        // Reachable from other machines, without TLS.
        &["serve", "--listen", "0.0.0.0:0"],
        &["serve", "--listen", "[::]:0"],
        &["plan"],
    ] {
        let ended = desk.command(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(code(&ended), 2, "{arguments:?}: {ended:?}");
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments:?}: {ended:?}");
    }
    assert_eq!(files(desk.folder.path()), ["bad.json", "d.json"]);
}

#[test]
fn an_old_plan_outlives_a_failed_write() {
    let desk = Desk::new();
    fs::create_dir(desk.path("p.json")).unwrap();
    assert_eq!(code(&desk.solve(&["--quiet"])), 2);
    assert_eq!(files(desk.folder.path()), ["d.json", "p.json"]);
}
