//! The invariants of ARCHITECTURE.md, held against the sources themselves.

use std::fs;
use std::path::{Path, PathBuf};

use kendt_daemon::error::Code;

/// One source file, its path counted from the clone's folder.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The lines that are not comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    fn mentions(&self, word: &str) -> bool {
        self.code().any(|line| line.contains(word))
    }
}

fn clone() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is one folder up").to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(clone().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file under a folder whose name has one of these endings, by path.
fn sources(folder: &str, endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![clone().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.expect("a readable entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().expect("an entry with a type");
            if kind.is_dir() && name != "target" && name != ".git" && name != "out" {
                folders.push(entry.path());
            } else if kind.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                let path = entry.path().strip_prefix(clone()).expect("below the clone").to_string_lossy().into_owned();
                found.push(Source { text: read(&path), path });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn rust(folder: &str) -> Vec<Source> {
    sources(folder, &[".rs"])
}

/// Fails with the paths of the files that mention one of the words outside comments.
fn nobody_mentions(words: &[&str], files: impl IntoIterator<Item = Source>, why: &str) {
    for file in files {
        for word in words {
            assert!(!file.mentions(word), "{} mentions {word}: {why}", file.path);
        }
    }
}

/// The names of the dependencies in a manifest, of tests too.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = read(manifest);
    let mut names = Vec::new();
    let mut listed = false;
    for line in text.lines() {
        if line.starts_with('[') {
            listed = line.contains("dependencies");
        } else if listed && let Some(name) = line.split(['.', ' ', '=']).next().filter(|name| !name.is_empty()) {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn the_solver_depends_on_no_file_format_and_no_service() {
    let names = dependencies("solver/Cargo.toml");
    assert!(names.iter().any(|name| name == "highs"), "{names:?}");
    for outsider in ["tokio", "axum", "serde", "serde_json", "kendt-instances", "kendt-benches", "kendt-daemon"] {
        assert!(!names.iter().any(|name| name == outsider), "the solver depends on {outsider}");
    }
}

#[test]
fn measuring_stands_between_the_daemon_and_the_formats() {
    assert!(dependencies("daemon/Cargo.toml").iter().any(|name| name == "kendt-benches"));
    assert!(dependencies("benches/Cargo.toml").iter().all(|name| name != "kendt-daemon"), "the command uses the library, not the other way round");
    assert!(dependencies("instances/Cargo.toml").iter().all(|name| name != "kendt-benches"));
}

#[test]
fn only_the_micro_benchmarks_take_single_steps() {
    let others = ["instances", "daemon", "benches/src"].into_iter().flat_map(rust);
    nobody_mentions(&["kendt_solver::steps"], others, "the door is there to time steps, and for nothing else");
}

#[test]
fn no_type_of_the_solver_is_serialised() {
    nobody_mentions(&["Serialize", "Deserialize"], rust("solver/src"), "the wire types of the daemon and the formats do that");
}

#[test]
fn only_the_exact_room_knows_highs() {
    let outside = ["solver/src", "instances", "daemon", "benches"].into_iter().flat_map(rust);
    let outside = outside.filter(|file| !file.path.starts_with("solver/src/exact/"));
    nobody_mentions(&["highs::", "good_lp"], outside, "HiGHS is called in solver/src/exact only");
}

#[test]
fn every_move_is_in_the_list() {
    let list = read("solver/src/search/moves/mod.rs");
    let list = list.split("const MOVES").nth(1).and_then(|rest| rest.split(';').nth(1)).expect("moves/mod.rs has the list");
    for file in rust("solver/src/search/moves").iter().filter(|file| !file.path.ends_with("/mod.rs")) {
        let name = Path::new(&file.path).file_stem().expect("a file name").to_string_lossy();
        assert!(list.contains(&format!("{name}::MOVE")), "{} is not in MOVES", file.path);
    }
}

#[test]
fn only_one_file_of_the_solver_reads_the_clock() {
    let others = rust("solver/src").into_iter().filter(|file| file.path != "solver/src/stop.rs");
    nobody_mentions(&["Instant", "SystemTime", "ProcessTime", "ThreadTime"], others, "ask stop.rs");
}

/// Which rooms of the solver a room may not use; the doors `solve` and `replan` may use all.
#[test]
fn the_rooms_of_the_solver_keep_their_doors_shut() {
    let shut: [(&str, &[&str]); 7] = [
        ("problem", &["plan", "cost", "check", "search", "exact", "pool", "solve", "replan", "stop"]),
        ("plan", &["cost", "check", "search", "exact", "pool", "solve", "replan", "stop"]),
        ("cost", &["check", "search", "exact", "pool", "solve", "replan", "stop"]),
        ("check", &["cost", "search", "exact", "pool", "solve", "replan", "stop"]),
        ("continuity", &["cost", "check", "search", "exact", "pool", "solve", "replan", "stop"]),
        ("search", &["check", "exact", "solve", "replan", "stop"]),
        ("exact", &["search", "solve", "replan"]),
    ];
    for (room, others) in shut {
        // A room's own tests compare it with others.
        let files =
            rust(&format!("solver/src/{room}")).into_iter().filter(|file| !(file.path.ends_with("/tests.rs") || file.path.contains("/tests/")));
        let others: Vec<String> = others.iter().map(|other| format!("crate::{other}")).collect();
        nobody_mentions(&others.iter().map(String::as_str).collect::<Vec<_>>(), files, "ARCHITECTURE.md says who may use whom");
    }
}

#[test]
fn no_room_is_named_after_nothing() {
    for file in rust("") {
        for part in Path::new(&file.path).with_extension("").iter() {
            let part = part.to_string_lossy();
            let nothing = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"];
            assert!(!nothing.contains(&&*part), "{}: name it by its idea", file.path);
        }
    }
}

#[test]
fn every_error_of_the_service_is_in_its_reference() {
    let reference = read("daemon/API.md");
    for code in Code::ALL {
        assert!(reference.contains(&format!("| `{}` |", code.name())), "API.md lacks {}", code.name());
    }
}

#[test]
fn every_term_is_in_the_glossary() {
    let glossary = read("solver/GLOSSARY.md");
    for term in kendt_solver::problem::Term::ALL {
        assert!(glossary.contains(&format!("`{}`", term.name())), "GLOSSARY.md lacks {}", term.name());
    }
}

#[test]
fn nothing_is_left_for_later() {
    // In two pieces, so that this file does not find itself.
    let marks = ["TO-DO", "FIX-ME", "to-do!(", "unimple-mented!("].map(|mark| mark.replace('-', ""));
    for file in sources("", &[".rs", ".toml", ".md", ".txt", "Makefile"]) {
        for mark in &marks {
            assert!(!file.text.contains(mark.as_str()), "{} has a {mark}", file.path);
        }
    }
}

/// The code map is read by newcomers: every room of the solver is on it, and every file that is a room of its own.
#[test]
fn the_code_map_has_every_room() {
    let map = read("ARCHITECTURE.md");
    for file in rust("solver/src") {
        let path = Path::new(&file.path);
        let name = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).expect("a path of the solver");
        let (stem, room) = (name(path.file_stem()), name(path.parent().and_then(Path::file_name)));
        let on_the_map = match (stem.as_str(), room.as_str()) {
            ("lib" | "tests" | "trial" | "fixture", _) => continue,
            ("mod", _) => room,
            (_, "src" | "search" | "exact" | "replan") => stem,
            _ => continue,
        };
        let spelt = ["`", "/"].iter().any(|before| ["`", "/"].iter().any(|after| map.contains(&format!("{before}{on_the_map}{after}"))));
        assert!(spelt, "{} is not on the code map", file.path);
    }
}
