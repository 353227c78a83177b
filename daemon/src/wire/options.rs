//! How to solve, as a request says it.

use std::time::Duration;

use kendt_solver::solve::SolveOptions;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::config::Config;
use crate::error::{Code, Problem};

/// How to solve; everything has a default.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SolveChoices {
    /// Longest wall time in seconds, above 0 up to the service's limit. Default: 20 or the limit, the lesser; with `iterations`
    /// the limit.
    #[schema(example = 20.0)]
    pub(crate) time_seconds: Option<f64>,
    /// Search iterations of each thread, from 1. Default: no limit.
    pub(crate) iterations: Option<u64>,
    /// Search threads, from 1 up to the cores of the service. Default: 1.
    pub(crate) threads: Option<usize>,
    /// Seed of all random choices. With one thread and `iterations` the same seed gives the same plan, if the time suffices. Default: 1.
    pub(crate) seed: Option<u64>,
}

/// The time taken where the request does not say.
const DEFAULT_TIME: Duration = Duration::from_secs(20);

impl SolveChoices {
    /// The solver's options; faults stand at `base`, a JSON pointer.
    pub(crate) fn options(&self, config: &Config, base: &str) -> Result<SolveOptions, Problem> {
        let time = match (self.time_seconds, self.iterations) {
            (Some(seconds), _) => duration(seconds, config.time_limit, base)?,
            (None, Some(_)) => config.time_limit,
            (None, None) => DEFAULT_TIME.min(config.time_limit),
        };
        let threads = self.threads.unwrap_or(1);
        if !(1..=config.max_threads).contains(&threads) {
            return Err(Problem::at(Code::InvalidOption, format!("{base}/threads"), format!("is {threads}, allowed 1 to {}", config.max_threads)));
        }
        if self.iterations == Some(0) {
            return Err(Problem::at(Code::InvalidOption, format!("{base}/iterations"), "is 0, must be at least 1"));
        }
        let seed = self.seed.unwrap_or(1);
        Ok(SolveOptions { seed, threads, time_limit: Some(time), iterations: self.iterations, ..SolveOptions::default() })
    }
}

fn duration(seconds: f64, limit: Duration, base: &str) -> Result<Duration, Problem> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time > Duration::ZERO && time <= limit => Ok(time),
        _ => {
            let what = format!("is {seconds}, must be above 0 and at most {}", limit.as_secs_f64());
            Err(Problem::at(Code::InvalidOption, format!("{base}/time_seconds"), what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_out_of_range_are_refused() {
        let config = Config { time_limit: Duration::from_secs(60), ..Config::default() };
        for bad in [0.0, -1.0, 60.1, f64::NAN, f64::INFINITY, 1e300] {
            let choices = SolveChoices { time_seconds: Some(bad), ..SolveChoices::default() };
            assert!(choices.options(&config, "/options").is_err(), "{bad}");
        }
        let options = SolveChoices::default().options(&config, "/options").unwrap();
        assert_eq!(options.time_limit, Some(DEFAULT_TIME));
    }
}
