//! Who comes to whom on how many days of a plan.

use super::blocks::Blocks;
use crate::plan::Plan;
use crate::problem::{CarerId, CitizenId, Problem};

/// Row-major by citizen and carer: the number of blocks in which the carer comes.
#[derive(Clone, Debug)]
pub(super) struct Faces {
    n_carers: usize,
    times: Vec<u16>,
}

impl Faces {
    pub(super) fn new(problem: &Problem) -> Self {
        let n_carers = problem.carers().len();
        Self { n_carers, times: vec![0; problem.citizens().len() * n_carers] }
    }

    /// Those of a plan, in the blocks that `counts` names.
    pub(super) fn of(problem: &Problem, blocks: &Blocks, plan: &Plan, counts: impl Fn(usize) -> bool) -> Self {
        let mut this = Self::new(problem);
        let mut seen: Vec<(CitizenId, CarerId)> = Vec::new();
        for (_, shifts) in blocks.shifts.iter().enumerate().filter(|(block, _)| counts(*block)) {
            seen.clear();
            for &shift in shifts {
                let carer = problem.shifts()[shift].carer;
                seen.extend(plan.routes[shift].visits().map(|visit| (problem.visits()[visit].citizen, carer)));
            }
            seen.sort_unstable();
            seen.dedup();
            seen.iter().for_each(|&(citizen, carer)| this.add(citizen, carer));
        }
        this
    }

    pub(super) fn add(&mut self, citizen: CitizenId, carer: CarerId) {
        self.times[citizen.idx() * self.n_carers + carer.idx()] += 1;
    }

    /// In how many blocks the carer comes to the citizen.
    pub(super) fn times(&self, citizen: CitizenId, carer: CarerId) -> i64 {
        i64::from(self.times[citizen.idx() * self.n_carers + carer.idx()])
    }

    /// How many carers come to the citizen.
    pub(super) fn count(&self, citizen: CitizenId) -> usize {
        self.times[citizen.idx() * self.n_carers..][..self.n_carers].iter().filter(|&&times| times > 0).count()
    }
}
