//! Plans on disk: every plan of a campaign, and those that beat what is published.

use std::fs;
use std::path::{Path, PathBuf};

use kendt_instances::{Format, Instance};
use kendt_solver::check::check;
use kendt_solver::problem::Cost;

use crate::{Fault, Measured};

/// Writes the plan of a run in its format's own published shape into `folder/SET/`, by the instance's name and, where `seed` is given, that.
///
/// # Errors
/// When it cannot be written.
pub fn write_plan(folder: &Path, instance: &Instance, measured: &Measured, seed: Option<u64>) -> Result<PathBuf, Fault> {
    let folder = folder.join(&measured.row.set);
    fs::create_dir_all(&folder).map_err(|error| Fault::write(&folder, error))?;
    let seed = seed.map_or(String::new(), |seed| format!(".seed{seed}"));
    let path = folder.join(format!("{}{seed}.{}", measured.row.instance, ending(instance.format)));
    fs::write(&path, instance.write_plan(&measured.plan)).map_err(|error| Fault::write(&path, error))?;
    Ok(path)
}

/// Writes the plan of a run into `folder/SET/` if it is cheaper than every published one, and than the one that is there already.
/// What is written has been read back and accepted by the checker at the same cost. Returns where, if it was written.
///
/// # Errors
/// When it cannot be written.
pub fn keep_if_new_best(folder: &Path, instance: &Instance, measured: &Measured) -> Result<Option<PathBuf>, Fault> {
    let row = &measured.row;
    if !row.is_new_best() {
        return Ok(None);
    }
    let cost = accepted(instance, &instance.write_plan(&measured.plan));
    if cost.map(|cost| instance.problem.objective().reported(cost)) != Some(row.cost) {
        return Ok(None);
    }
    let path = folder.join(&row.set).join(format!("{}.{}", row.instance, ending(instance.format)));
    let there = fs::read_to_string(&path).ok().and_then(|text| accepted(instance, &text));
    if there.is_some_and(|there| cost.is_some_and(|cost| there <= cost)) {
        return Ok(None);
    }
    write_plan(folder, instance, measured, None).map(Some)
}

/// The cost of a plan's text, if it is a plan of the instance that the checker accepts.
fn accepted(instance: &Instance, text: &str) -> Option<Cost> {
    let verdict = check(&instance.problem, &instance.read_plan(text).ok()?);
    verdict.violations.is_empty().then_some(verdict.cost)
}

fn ending(format: Format) -> &'static str {
    match format {
        Format::Vrptw => "sol",
        Format::Hconvrp => "txt",
        Format::Hhcrsp | Format::Uhhc | Format::Peerday | Format::District => "json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::tests::row;

    const TEXT: &str = "T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO.\n0 0 0 0 0 99 0\n1 3 4 5 6 70 8\n2 6 8 2 0 80 5\n";
    /// Out and back twice, and the way round.
    const LONG: &str = "Route #1: 1\nRoute #2: 2\nCost 30\n";
    const SHORT: &str = "Route #1: 1 2\nCost 20\n";

    fn measured(instance: &Instance, text: &str, cost: f64, best: f64) -> Measured {
        let row = crate::Row { cost, best: Some(best), ..row() };
        Measured { row, plan: instance.read_plan(text).unwrap() }
    }

    #[test]
    fn only_better_plans_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let instance = kendt_instances::read(TEXT, None, "t").unwrap();
        let path = folder.path().join("small/one.sol");
        let keep = |text, cost, best| keep_if_new_best(folder.path(), &instance, &measured(&instance, text, cost, best)).unwrap();
        assert_eq!(keep(LONG, 30.0, 30.0), None, "as good as published");
        assert_eq!(keep(LONG, 29.0, 40.0), None, "the checker says 30");
        assert_eq!(keep(LONG, 30.0, 40.0), Some(path.clone()));
        assert_eq!(keep(SHORT, 20.0, 40.0), Some(path.clone()));
        assert_eq!(keep(LONG, 30.0, 40.0), None, "a cheaper one is there");
        assert_eq!(fs::read_to_string(path).unwrap(), SHORT);
    }

    #[test]
    fn a_plan_that_breaks_rules_is_not_kept_whatever_its_row_says() {
        let folder = tempfile::tempdir().unwrap();
        let instance = kendt_instances::read(TEXT, None, "t").unwrap();
        // Customer 2 stays out, which costs nothing and is forbidden.
        let broken = measured(&instance, "Route #1: 1\n", 10.0, 40.0);
        assert_eq!(keep_if_new_best(folder.path(), &instance, &broken).unwrap(), None);
        assert!(write_plan(folder.path(), &instance, &broken, Some(2)).unwrap().ends_with("small/one.seed2.sol"));
    }
}
