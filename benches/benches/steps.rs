//! Time of each kind of search step, on days that differ in what they have: `cargo bench --workspace --bench steps`.
//!
//! Measured is CPU time of the thread, so that a loaded machine does not count.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kendt_instances::generate::{Options, Preset, generate};
use kendt_solver::problem::Problem;
use kendt_solver::steps::{Step, with_stepper};

/// Moves annealed before anything is measured.
const WARM_UP: u64 = 300_000;

/// A made-up district, and every day in the folder that `KENDT_DAYS` names.
fn problems() -> Vec<(String, Problem)> {
    let district = generate(&Options { citizens: 100, days: 1, seed: 1, preset: Preset::Mixed });
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
struct CpuTime;

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

fn steps(criterion: &mut Criterion<CpuTime>) {
    for (name, problem) in problems() {
        let mut group = criterion.benchmark_group(&name);
        group.throughput(Throughput::Elements(1)).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(20);
        with_stepper(&problem, 1, WARM_UP, |stepper| {
            for (label, step) in Step::all(&problem) {
                group.bench_function(label, |bencher| bencher.iter(|| black_box(stepper.take(step, 1))));
            }
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = steps
}
criterion_main!(benches);
