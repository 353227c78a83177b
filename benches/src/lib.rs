//! Measures the solver, on the public benchmark sets and on generated days. The sets are not part of the project: `KENDT_BENCHMARKS` names their folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// One instance of a published set.
#[derive(Clone, Debug)]
pub struct Published {
    /// The set, such as `mankowska`.
    pub set: String,
    /// The instance's name, its file name without the ending.
    pub name: String,
    /// Mankowska's class (A to G), or the set's name.
    pub family: String,
    /// Where the instance is.
    pub path: PathBuf,
    /// The smallest published cost, where there is one.
    pub best: Option<f64>,
    /// The published simulated annealing's cost, where there is one (uhhc).
    pub annealing: Option<f64>,
}

/// The sets that can be measured, with their folders and tables.
const SETS: [(&str, &str, &str); 9] = [
    ("mankowska", "hhcrsp/mankowska/instances", "hhcrsp.csv"),
    ("kummer", "hhcrsp/kummer/instances", "hhcrsp.csv"),
    ("italian", "hhcrsp/italian/instances", "hhcrsp.csv"),
    ("validation", "uhhc/validation/instances", "uhhc.csv"),
    ("bazirha", "uhhc/bazirha/instances", "uhhc.csv"),
    ("bazirha-caie", "uhhc/bazirha-caie/instances", "uhhc.csv"),
    ("small", "uhhc/small/instances", "uhhc.csv"),
    ("mixed", "uhhc/mixed/instances", "uhhc.csv"),
    ("solomon", "vrptw/solomon/instances", "vrptw.csv"),
];

/// The instances of a set, by name.
///
/// # Errors
/// When the set is unknown or its folder or table cannot be read.
pub fn instances(root: &Path, set: &str) -> Result<Vec<Published>> {
    let Some((_, folder, table)) = SETS.iter().find(|(name, ..)| *name == set) else {
        bail!("no set is called {set}; there are {}", SETS.map(|(name, ..)| name).join(", "));
    };
    let known = table_rows(&root.join("best_known").join(table))?;
    let mut found = Vec::new();
    let folder = root.join(folder);
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        let row = known.get(&name).filter(|row| row.get("set").is_none_or(|of| of == set));
        let number = |column: &str| row.and_then(|row| row.get(column)).and_then(|cell| cell.parse::<f64>().ok());
        let family = row.and_then(|row| row.get("label")).and_then(|label| label.get(..1)).filter(|_| set == "mankowska");
        found.push(Published {
            set: set.to_owned(),
            family: family.unwrap_or(set).to_owned(),
            best: number("best_published").or_else(|| number("best_known_1dec_truncated")),
            annealing: number("simulated_annealing"),
            name,
            path,
        });
    }
    found.sort_by(|a, b| (&a.family, natural(&a.name)).cmp(&(&b.family, natural(&b.name))));
    Ok(found)
}

/// Rows of a table by their `instance` column.
fn table_rows(path: &Path) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut rows = BTreeMap::new();
    for line in lines {
        let row: BTreeMap<String, String> =
            header.iter().zip(line.split(',')).map(|(name, cell)| ((*name).to_owned(), cell.trim().to_owned())).collect();
        if let Some(name) = row.get("instance") {
            rows.insert(name.clone(), row);
        }
    }
    Ok(rows)
}

/// Names in the order people expect: digits by value.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    let mut word = String::new();
    let mut digits = String::new();
    for letter in name.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
        } else {
            if !digits.is_empty() {
                parts.push((digits.parse().unwrap_or(u64::MAX), std::mem::take(&mut word)));
                digits.clear();
            }
            word.push(letter);
        }
    }
    parts.push((digits.parse().unwrap_or(0), word));
    parts
}

/// Process CPU seconds, user and system, where the system tells.
#[must_use]
pub fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let user: f64 = fields.nth(11)?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}
