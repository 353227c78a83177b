//! Services as skills: a carer may give a service if it is among the carer's skills.

use kendt_solver::problem::{SkillId, SkillSet};

use crate::gather::Faults;

/// A fault if there are more services than skills can be told apart.
pub(crate) fn count(n_services: usize, faults: &mut Faults) {
    if n_services > SkillSet::CAPACITY {
        faults.add("/services", format!("there are {n_services}, at most {} are allowed", SkillSet::CAPACITY));
    }
}

/// The set of these services, by position. Positions past the capacity, which [`count`] faults, are left out.
pub(crate) fn set(services: &[usize]) -> SkillSet {
    let within = services.iter().copied().filter(|&service| service < SkillSet::CAPACITY);
    within.map(SkillId::new).fold(SkillSet::EMPTY, SkillSet::with)
}
