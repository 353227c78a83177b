//! Every published instance is read, and every published plan costs what its publishers say and keeps the rules.
//!
//! The files are not ours to hold. The tests look for them in the folder that `KENDT_BENCHMARKS` names, and pass without it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;

use crate::{Instance, read};

/// Published costs are rounded to this many units at worst.
const ROUNDING: f64 = 0.001;

/// The only published plan that breaks a rule: a visit starts at 92 and its window opens at 92.99999999999999.
const BROKEN: [(&str, &str); 1] = [("instance_024-perugia-r25-p270-s2-sim4.2-seq8.1.json", "before_window")];

fn folder() -> Option<PathBuf> {
    std::env::var_os("KENDT_BENCHMARKS").map(PathBuf::from)
}

/// The files of a folder in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A file's name up to the first of these marks.
fn stem<'a>(file: &'a Path, marks: &[&str]) -> &'a str {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap();
    marks.iter().find_map(|mark| name.strip_suffix(mark)).unwrap_or(name)
}

/// Costs by instance, the second column of a table, from another column.
fn published(table: &Path, column: &str) -> BTreeMap<String, f64> {
    let text = fs::read_to_string(table).unwrap();
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let column = rows.next().unwrap().iter().position(|name| *name == column).unwrap();
    rows.filter_map(|row| Some((row.get(1)?.to_string(), row.get(column)?.parse().ok()?))).collect()
}

fn instances(folder: &Path) -> BTreeMap<String, Instance> {
    let mut found = BTreeMap::new();
    for file in files(&folder.join("instances")) {
        let instance = read(&fs::read_to_string(&file).unwrap(), None, "unnamed");
        let instance = instance.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        found.insert(stem(&file, &[".json", ".txt"]).to_owned(), instance);
    }
    found
}

/// The cost of the plan in a file, which is also checked, written and read again: neither may find a difference.
fn cost(instance: &Instance, file: &Path) -> f64 {
    let read = |text: &str| instance.read_plan(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let objective = instance.problem.objective();
    let plan = read(&fs::read_to_string(file).unwrap());
    let cost = evaluate(&instance.problem, &plan).cost(objective);
    assert_eq!(read(&instance.write_plan(&plan)), plan, "{} read again", file.display());
    let verdict = check(&instance.problem, &plan);
    assert_eq!(verdict.cost, cost, "{} checked", file.display());
    let known = BROKEN.iter().filter(|(name, _)| file.ends_with(name)).map(|(_, rule)| *rule);
    assert!(verdict.violations.iter().map(|violation| violation.rule).eq(known), "{}: {:?}", file.display(), verdict.violations);
    objective.reported(cost)
}

/// Compares every plan of a set with a table. `column_of` is the column for a plan's file, by the end of its name.
fn compare(root: &Path, set: &str, table: &str, endings: &[(&str, &str)]) {
    let folder = root.join(set);
    let instances = instances(&folder);
    let mut wrong = Vec::new();
    if !folder.join("solutions").exists() {
        return;
    }
    for file in files(&folder.join("solutions")) {
        let name = file.to_string_lossy();
        let (ending, column) = endings.iter().find(|(ending, _)| name.ends_with(ending)).unwrap();
        let stem = stem(&file, &[ending]);
        let costs = published(&root.join("best_known").join(table), column);
        let ours = cost(&instances[stem], &file);
        match costs.get(stem) {
            Some(theirs) if (ours - theirs).abs() <= ROUNDING => {}
            theirs => wrong.push(format!("{set}/{stem} ({column}): {ours}, published {theirs:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hhcrsp_plans_cost_what_their_publishers_say() {
    let Some(root) = folder() else { return };
    assert!(read(&fs::read_to_string(root.join("hhcrsp/toy.json")).unwrap(), None, "toy").is_ok());
    for set in ["hhcrsp/mankowska", "hhcrsp/kummer", "hhcrsp/italian"] {
        compare(&root, set, "hhcrsp.csv", &[(".json", "sa_2024")]);
    }
}

#[test]
fn uhhc_plans_cost_what_their_publishers_say() {
    let Some(root) = folder() else { return };
    for set in ["uhhc/validation", "uhhc/bazirha", "uhhc/bazirha-caie", "uhhc/small", "uhhc/mixed"] {
        compare(&root, set, "uhhc.csv", &[(".sa.json", "simulated_annealing"), (".cpsat.json", "cp_sat")]);
    }
}

#[test]
fn vrptw_plans_cost_what_their_publishers_say() {
    let Some(root) = folder() else { return };
    for set in ["vrptw/solomon", "vrptw/homberger"] {
        compare(&root, set, "vrptw.csv", &[(".sol", "best_known_1dec_truncated")]);
    }
}

#[test]
fn consistent_instances_are_read_and_planned() {
    let Some(root) = folder() else { return };
    let options = SolveOptions { time_limit: None, iterations: Some(2_048), prove: false, ..SolveOptions::default() };
    let medium = root.join("hconvrp/Medium");
    let mut folders = vec![root.join("hconvrp/Small")];
    for of in [medium.clone(), medium.join("Compatibility/25%scenario"), medium.join("Compatibility/50%scenario")] {
        folders.extend(["15%", "25%", "50%"].map(|part| of.join(part)));
    }
    for file in folders.iter().flat_map(|folder| files(folder)) {
        let instance = read(&fs::read_to_string(&file).unwrap(), None, "unnamed").unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let outcome = solve(&instance.problem, None, &options, &StopToken::default(), &mut |_| {});
        assert_eq!(check(&instance.problem, &outcome.plan).cost, outcome.cost, "{}", file.display());
        assert_eq!(instance.read_plan(&instance.write_plan(&outcome.plan)).unwrap(), outcome.plan, "{}", file.display());
    }
}

#[test]
fn our_plans_of_uhhc_instances_read_back() {
    let Some(root) = folder() else { return };
    let options = SolveOptions { time_limit: None, iterations: Some(2_000), recombine: false, prove: false, ..SolveOptions::default() };
    for set in ["uhhc/validation", "uhhc/bazirha-caie"] {
        for (name, instance) in instances(&root.join(set)) {
            let plan = solve(&instance.problem, None, &options, &StopToken::default(), &mut |_| {}).plan;
            assert_eq!(instance.read_plan(&instance.write_plan(&plan)).unwrap(), plan, "{name}");
        }
    }
}
