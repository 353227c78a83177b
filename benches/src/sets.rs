//! The sets that can be measured: where their instances are and what is the best ever published.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kendt_instances::Instance;

use crate::Fault;

/// Where a published set lies in the folder of the benchmarks.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What it is called.
    pub name: &'static str,
    folder: &'static str,
    table: &'static str,
}

const fn set(name: &'static str, folder: &'static str, table: &'static str) -> Set {
    Set { name, folder, table }
}

/// The published sets.
pub const SETS: [Set; 12] = [
    set("mankowska", "hhcrsp/mankowska/instances", "hhcrsp.csv"),
    set("kummer", "hhcrsp/kummer/instances", "hhcrsp.csv"),
    set("italian", "hhcrsp/italian/instances", "hhcrsp.csv"),
    set("validation", "uhhc/validation/instances", "uhhc.csv"),
    set("bazirha", "uhhc/bazirha/instances", "uhhc.csv"),
    set("bazirha-caie", "uhhc/bazirha-caie/instances", "uhhc.csv"),
    set("small", "uhhc/small/instances", "uhhc.csv"),
    set("mixed", "uhhc/mixed/instances", "uhhc.csv"),
    set("solomon", "vrptw/solomon/instances", "vrptw.csv"),
    set("homberger", "vrptw/homberger/instances", "vrptw.csv"),
    set("hconvrp", "hconvrp/Medium", "hconvrp.csv"),
    set("hconvrp-small", "hconvrp/Small", "hconvrp.csv"),
];

/// One instance of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The set, such as `mankowska`.
    pub set: String,
    /// The instance's name, its file name without the ending.
    pub name: String,
    /// Mankowska's class (`A` to `G`), Solomon's (`R1`), Gehring and Homberger's (`R1_2`), or the set's name.
    pub family: String,
    /// Where the instance is.
    pub path: PathBuf,
    /// The smallest published cost, where there is one.
    pub best: Option<f64>,
    /// The published simulated annealing's cost, where there is one (uhhc).
    pub annealing: Option<f64>,
}

/// The instances of a set, family by family, in the order of their names with numbers by value.
///
/// `set` is one of [`SETS`], in the benchmarks' folder `root`, or `NAME=FOLDER` for a folder of instances of any format, of which no
/// best cost is known.
///
/// # Errors
/// When the set is unknown, `root` is missing where it is needed, or a folder or table cannot be read.
pub fn find(root: Option<&Path>, set: &str) -> Result<Vec<Published>, Fault> {
    let mut found = match set.split_once('=') {
        Some((name, folder)) => list(name, Path::new(folder), &BTreeMap::new())?,
        None => {
            let known = SETS.iter().find(|known| known.name == set).ok_or_else(|| Fault::UnknownSet(set.to_owned()))?;
            let root = root.ok_or_else(|| Fault::NoFolder(set.to_owned()))?;
            list(set, &root.join(known.folder), &table(&root.join("best_known").join(known.table), set)?)?
        }
    };
    found.sort_by_cached_key(|one| (natural(&one.family), natural(&one.name)));
    Ok(found)
}

/// Reads an instance's file.
///
/// # Errors
/// When it cannot be read or is no instance.
pub fn read(published: &Published) -> Result<Instance, Fault> {
    let text = fs::read_to_string(&published.path).map_err(|error| Fault::read(&published.path, error))?;
    kendt_instances::read(&text, None, &published.name).map_err(|source| Fault::Content { path: published.path.clone(), source })
}

/// Which instances of a set are wanted.
#[derive(Clone, Debug)]
pub struct Selection {
    /// A family, or a part of names; empty selects all.
    pub only: String,
    /// Every n-th of these, from the first; at least 1.
    pub every: usize,
}

impl Selection {
    /// The instances selected. Where a family is called `only`, it is that family and no name is looked at.
    #[must_use]
    pub fn of(&self, all: Vec<Published>) -> Vec<Published> {
        let is_family = all.iter().any(|one| one.family == self.only);
        let wanted = |one: &Published| if is_family { one.family == self.only } else { one.name.contains(&self.only) };
        all.into_iter().filter(wanted).step_by(self.every.max(1)).collect()
    }
}

type Rows = BTreeMap<String, BTreeMap<String, String>>;

fn list(set: &str, folder: &Path, known: &Rows) -> Result<Vec<Published>, Fault> {
    let mut found = Vec::new();
    for path in files(folder)? {
        let is_instance = path.extension().is_some_and(|ending| ending == "json" || ending == "txt");
        let Some(stem) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_instance) else { continue };
        let part = path.parent().filter(|parent| *parent != folder).and_then(Path::file_name).and_then(|name| name.to_str());
        let name = part.map_or_else(|| stem.to_owned(), |part| part_name(part, stem));
        let row = known.get(&name);
        let number = |column: &str| row.and_then(|row| row.get(column)).and_then(|cell| cell.parse::<f64>().ok());
        found.push(Published {
            set: set.to_owned(),
            family: part.map_or_else(|| family(set, &name, row.and_then(|row| row.get("label")).map(String::as_str)), str::to_owned),
            best: ["best_published", "best_known_1dec_truncated", "HTS_Stavropoulou2022"].into_iter().find_map(number),
            annealing: number("simulated_annealing"),
            name,
            path,
        });
    }
    Ok(found)
}

/// The files of a folder and of the folders in it.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = |folder: &Path| -> Result<Vec<PathBuf>, Fault> {
        let read = fs::read_dir(folder).map_err(|error| Fault::read(folder, error))?;
        read.map(|entry| Ok(entry.map_err(|error| Fault::read(folder, error))?.path())).collect()
    };
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() { found.extend(entries(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

/// The name of an instance in a folder of its set.
fn part_name(part: &str, stem: &str) -> String {
    format!("{part}-{stem}")
}

fn family(set: &str, name: &str, label: Option<&str>) -> String {
    let class = match set {
        "mankowska" => label.and_then(|label| label.get(..1)),
        "solomon" => name.find(|letter: char| letter.is_ascii_digit()).and_then(|at| name.get(..=at)),
        "homberger" => name.rsplit_once('_').map(|(class, _)| class),
        _ => None,
    };
    class.unwrap_or(set).to_owned()
}

/// The rows of a table by their `instance`; those of other sets, where the table has several, are left out.
fn table(path: &Path, set: &str) -> Result<Rows, Fault> {
    let text = fs::read_to_string(path).map_err(|error| Fault::read(path, error))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let rows = lines.map(|line| header.iter().zip(line.split(',')).map(|(name, cell)| ((*name).to_owned(), cell.trim().to_owned())));
    let rows = rows.map(Iterator::collect::<BTreeMap<String, String>>).filter(|row| row.get("set").is_none_or(|of| of == set));
    let name = |row: &BTreeMap<String, String>| {
        let instance = row.get("instance")?;
        Some(row.get("fleet_set").map_or_else(|| instance.clone(), |part| part_name(part, instance)))
    };
    Ok(rows.filter_map(|row| Some((name(&row)?, row))).collect())
}

/// Names in the order people expect: numbers by value.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), String::new())];
    for letter in name.chars() {
        let ended = parts.last().is_some_and(|(_, digits)| !digits.is_empty());
        if ended && !letter.is_ascii_digit() {
            parts.push((String::new(), String::new()));
        }
        if let Some((word, digits)) = parts.last_mut() {
            if letter.is_ascii_digit() { digits.push(letter) } else { word.push(letter) }
        }
    }
    parts.into_iter().map(|(word, digits)| (word, digits.parse().unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("uhhc/small/instances/i-10.json", "{}"),
            ("uhhc/small/instances/i-9.json", "{}"),
            ("uhhc/small/instances/readme.md", ""),
            ("hhcrsp/mankowska/instances/x_2.json", "{}"),
            ("hhcrsp/mankowska/instances/x_10.json", "{}"),
            ("hhcrsp/mankowska/instances/C_1.json", "{}"),
            ("best_known/uhhc.csv", "set,instance,best_published,simulated_annealing\nmixed,i-9,1,1\nsmall,i-9,7.5,\nsmall,i-10,20,21\n"),
            ("hconvrp/Medium/15%/b2.txt", ""),
            ("hconvrp/Medium/25%/b2.txt", ""),
            ("best_known/hconvrp.csv", "fleet_set,instance,HTS_Stavropoulou2022\n15%,b2,7.5\n"),
            ("best_known/hhcrsp.csv", "set,instance,label,best_published\nmankowska,x_2,C1,3\nmankowska,x_10,A2,3\nmankowska,C_1,B3,4\n"),
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    fn names(found: &[Published]) -> Vec<&str> {
        found.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn a_set_is_listed_with_what_its_own_rows_say() {
        let root = folder();
        let found = find(Some(root.path()), "small").unwrap();
        assert_eq!(names(&found), ["i-9", "i-10"]);
        assert_eq!(found.iter().map(|one| (one.best, one.annealing)).collect::<Vec<_>>(), [(Some(7.5), None), (Some(20.0), Some(21.0))]);
        assert_eq!(found[0].family, "small");
    }

    #[test]
    fn a_folder_in_a_set_is_a_family_with_names_of_its_own() {
        let root = folder();
        let all = find(Some(root.path()), "hconvrp").unwrap();
        let found: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.family.as_str(), one.best)).collect();
        assert_eq!(found, [("15%-b2", "15%", Some(7.5)), ("25%-b2", "25%", None)]);
    }

    #[test]
    fn a_folder_is_a_set_of_which_nothing_is_known() {
        let root = folder();
        let found = find(None, &format!("mine={}", root.path().join("uhhc/small/instances").display())).unwrap();
        assert_eq!((names(&found), found[0].best, found[0].set.as_str()), (vec!["i-9", "i-10"], None, "mine"));
        assert!(matches!(find(None, "small"), Err(Fault::NoFolder(_))));
        assert!(matches!(find(Some(root.path()), "large"), Err(Fault::UnknownSet(_))));
        assert!(matches!(find(Some(root.path()), "kummer"), Err(Fault::Read { .. })));
    }

    #[test]
    fn a_family_goes_before_names() {
        let all = find(Some(folder().path()), "mankowska").unwrap();
        assert_eq!(names(&all), ["x_10", "C_1", "x_2"], "families A, B and C");
        let select = |only: &str, every| names(&Selection { only: only.to_owned(), every }.of(all.clone())).join(" ");
        assert_eq!([select("C", 1), select("_1", 1), select("", 2), select("", 0)], ["x_2", "x_10 C_1", "x_10 x_2", "x_10 C_1 x_2"]);
    }

    #[test]
    fn classes_are_read_from_names() {
        assert_eq!(family("solomon", "RC208", None), "RC2");
        assert_eq!(family("homberger", "C1_2_10", None), "C1_2");
        assert_eq!(family("kummer", "x", Some("K1")), "kummer");
    }
}
