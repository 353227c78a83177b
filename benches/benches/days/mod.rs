//! The days that are measured, and the clock.

use std::path::Path;
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use kendt_instances::generate::{Options, Preset, generate};
use kendt_solver::problem::Problem;

/// A made-up district, and every day in the folder that `KENDT_DAYS` names.
pub(crate) fn problems() -> Vec<(String, Problem)> {
    let district = generate(&Options { citizens: 100, days: 1, seed: 1, preset: Preset::Mixed, asking: 0 });
    let mut problems = vec![("district".to_owned(), district.problem().expect("a generated district has no faults"))];
    let folder = std::env::var_os("KENDT_DAYS");
    let files = folder.iter().flat_map(|folder| std::fs::read_dir(Path::new(folder)).into_iter().flatten().flatten());
    let mut files: Vec<_> = files.map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let instance = std::fs::read_to_string(&path).ok().and_then(|text| kendt_instances::read(&text, None, &name).ok());
        problems.extend(instance.map(|instance| (name, instance.problem)));
    }
    problems
}

/// CPU time of the thread that measures.
pub(crate) struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }
    fn end(&self, began: ThreadTime) -> Duration {
        began.elapsed()
    }
    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }
    fn zero(&self) -> Duration {
        Duration::ZERO
    }
    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}
