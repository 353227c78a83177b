//! Time of each kind of search step, on days that differ in what they have: `cargo bench --workspace --bench steps`.
//!
//! Measured is CPU time of the thread, so that a loaded machine does not count.

mod days;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use days::{CpuTime, problems};
use kendt_solver::steps::{Step, with_stepper};

/// Moves annealed before anything is measured.
const WARM_UP: u64 = 300_000;

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
