//! Time of one pricing call of column generation, quick and exact: `cargo bench --workspace --bench pricing`.
//!
//! The prices are those after some rounds from a searched plan. Measured is CPU time of the thread, so that a loaded machine does not count.

mod days;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use days::{CpuTime, problems};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::steps::{Pricing, with_pricer};
use kendt_solver::stop::StopToken;

/// Moves of the search for the plan that prices start from.
const MOVES: u64 = 2_000_000;
/// Rounds before anything is measured.
const ROUNDS: usize = 20;

fn pricing(criterion: &mut Criterion<CpuTime>) {
    for (name, problem) in problems() {
        let options = SolveOptions { time_limit: None, iterations: Some(MOVES), recombine: false, prove: false, ..SolveOptions::default() };
        let plan = solve(&problem, None, &options, &StopToken::default(), &mut |_| {}).plan;
        let mut group = criterion.benchmark_group(&name);
        group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(3)).sample_size(10);
        let _ = with_pricer(&problem, &plan, ROUNDS, |pricer| {
            for (label, how) in [("quick", Pricing::Quick), ("thorough", Pricing::Thorough), ("exact", Pricing::Exact)] {
                group.bench_function(label, |bencher| bencher.iter(|| black_box(pricer.call(how))));
            }
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = pricing
}
criterion_main!(benches);
