//! `kendt bench` on a published set of two tiny instances.

use std::fs;
use std::path::Path;

use crate::{Desk, code, files};

/// A depot and customers at 5 and 10 on one line: 20 there and back.
const TEXT: &str = "T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO.\n0 0 0 0 0 99 0\n1 3 4 5 6 70 8\n2 6 8 2 0 80 5\n";

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_set_is_solved_summed_up_and_drawn() {
    let desk = Desk::new();
    let root = desk.folder.path();
    put(root, "b/vrptw/solomon/instances/R101.txt", TEXT);
    put(root, "b/vrptw/solomon/instances/C201.txt", TEXT);
    put(root, "b/best_known/vrptw.csv", "family,instance,best_known_1dec_truncated\nSolomon,R101,20\nSolomon,C201,25\n");
    let quick = ["--iterations", "300", "--threads", "1", "--seeds", "1,2", "--benchmarks", "b", "--out", "out", "--plans", "plans"];
    let ended = desk.kendt(&[&["bench", "solomon", "--solutions", "best"], &quick[..]].concat());
    assert_eq!(code(&ended), 0, "{ended:?}");

    assert_eq!(files(&desk.path("out")), ["bench.csv", "bench.md", "cost-solomon.svg", "gaps.svg"]);
    let csv = fs::read_to_string(desk.path("out/bench.csv")).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|cell| *cell == name).unwrap();
    let cells = |name: &str| rows[1..].iter().map(|row| row[column(name)]).collect::<Vec<_>>();
    assert_eq!(cells("instance"), ["C201", "C201", "R101", "R101"]);
    assert_eq!(cells("seed"), ["1", "2", "1", "2"]);
    assert_eq!(cells("gap_percent"), ["-20.000", "-20.000", "0.000", "0.000"]);
    assert_eq!(cells("feasible"), ["true"; 4]);
    assert!(cells("iterations").iter().all(|cell| cell.parse::<u64>().is_ok_and(|n| n >= 300)), "{csv}");

    let tables = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(tables, fs::read_to_string(desk.path("out/bench.md")).unwrap());
    assert!(
        tables.contains("300 iterations for each thread, threads: 1, seeds: 1, 2") && tables.contains("| C2 | 1 | 2 | 2 | 20.00 | -20.000 % |"),
        "{tables}"
    );
    assert_eq!(files(&desk.path("plans/solomon")), ["C201.seed1.sol", "C201.seed2.sol", "R101.seed1.sol", "R101.seed2.sol"]);
    // Only the plan that is cheaper than the published one.
    assert_eq!(files(&desk.path("best/solomon")), ["C201.sol"]);
    let checked = desk.kendt(&["check", "b/vrptw/solomon/instances/C201.txt", "best/solomon/C201.sol"]);
    assert_eq!(code(&checked), 0, "{checked:?}");
}

#[test]
fn without_a_folder_the_rows_go_to_stdout() {
    let desk = Desk::new();
    put(desk.folder.path(), "mine/t.txt", TEXT);
    let ended = desk.kendt(&["bench", "own=mine", "--iterations", "200", "--threads", "1", "--no-prove", "--no-recombine"]);
    assert_eq!(code(&ended), 0, "{ended:?}");
    let csv = String::from_utf8(ended.stdout).unwrap();
    assert!(csv.lines().count() == 2 && csv.contains("\nown,own,t,2,2,1,1,recombination,20.0000,,,"), "{csv}");
    assert!(String::from_utf8(ended.stderr).unwrap().contains("1/1  own t seed 1: 20.00"));
    assert_eq!(code(&desk.kendt(&["bench", "own=mine", "--only", "nothing"])), 2);
    assert_eq!(code(&desk.kendt(&["bench", "unheard-of"])), 2);
}

#[test]
fn what_is_left_out_is_named_in_rows_and_tables() {
    let desk = Desk::new();
    put(desk.folder.path(), "mine/t.txt", TEXT);
    let quick = ["bench", "own=mine", "--iterations", "200", "--threads", "1", "--no-prove"];
    let ended = desk.kendt(&[&quick[..], &["--without", "swap,ruin"]].concat());
    assert_eq!(code(&ended), 0, "{ended:?}");
    assert!(String::from_utf8(ended.stdout).unwrap().contains("\nown,own,t,2,2,1,1,swap ruin,20.0000,"));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("seeds: 1, without swap, ruin, proofs"));
    let refused = desk.kendt(&[&quick[..], &["--without", "swop"]].concat());
    assert_eq!(code(&refused), 2);
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(
        error.contains("swop") && error.contains("relocate, cluster, swap, tails, pause, optional, content, lead, carers, ruin, foresight, exchange"),
        "{error}"
    );
}

#[test]
fn an_ablation_has_a_line_for_each_thing_left_out() {
    let desk = Desk::new();
    put(desk.folder.path(), "mine/t.txt", TEXT);
    let quick = ["--iterations", "300", "--threads", "2", "--seeds", "1,2", "--no-prove", "--out", "out"];
    let ended = desk.kendt(&[&["bench", "own=mine", "--ablation"], &quick[..]].concat());
    assert_eq!(code(&ended), 0, "{ended:?}");
    let table = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(table, fs::read_to_string(desk.path("out/bench.md")).unwrap());
    let names: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).skip(1).collect();
    let without = ["recombination", "relocate", "swap", "tails", "carers", "ruin", "foresight", "exchange"].map(|name| format!("without {name}"));
    assert_eq!(names, [&["full".to_owned()], &without[..], &["1 thread".to_owned()]].concat());
    // Every run finds the only sensible plan.
    assert_eq!(table.matches("| 2 | 2 | – | – | +0.000 % | 0.000 % | 0 | 2 | 0 |").count(), 10, "{table}");
    let csv = fs::read_to_string(desk.path("out/bench.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * 10);
}
