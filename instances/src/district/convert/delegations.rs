//! What carers may do by profession and by delegation: tasks handed over to named carers, for some citizens, until a date.

use kendt_solver::problem::{CarerId, CitizenId, ProblemBuilder, SkillSet, Visit};

use super::ids::Ids;
use crate::district::pointer::Faults;
use crate::district::{Carer, District, say, time};

/// The skills that a carer has without delegation: the carer's own and those of the profession.
pub(super) fn own_skills(doc: &District, ids: &Ids<'_>, at: &str, carer: &Carer, faults: &mut Faults) -> SkillSet {
    let mut skills = ids.skills(&carer.skills);
    if let Some(name) = &carer.profession {
        match doc.policy.professions.iter().find(|profession| profession.name == *name) {
            Some(profession) => skills = union(skills, ids.skills(&profession.skills)),
            None => faults.unknown(format!("{at}/profession"), "profession", name),
        }
    }
    skills
}

/// One delegation in the problem's words.
struct Held {
    skill: SkillSet,
    citizen: Option<CitizenId>,
    /// Last day.
    until: Option<i64>,
}

/// Gives carers what is delegated to them, and keeps them from visits that it does not hold for.
pub(super) fn add(doc: &District, ids: &Ids<'_>, builder: &mut ProblemBuilder, faults: &mut Faults) {
    for (index, carer) in doc.carers.iter().enumerate().filter(|(_, carer)| !carer.delegations.is_empty()) {
        let held: Vec<Held> = carer
            .delegations
            .iter()
            .enumerate()
            .filter_map(|(nth, _)| held(doc, ids, &format!("/carers/{index}/delegations/{nth}"), carer, nth, faults))
            .collect();
        let id = CarerId::new(index);
        let own = builder.carers[id].skills;
        builder.carers[id].skills = held.iter().fold(own, |skills, held| union(skills, held.skill));
        let all: Vec<CarerId> = builder.carers.ids().collect();
        for visit in builder.visits.iter_mut() {
            let is_held = visit
                .skills
                .iter()
                .map(|skill| SkillSet::EMPTY.with(skill))
                .all(|skill| skill.is_subset(own) || held.iter().any(|held| skill.is_subset(held.skill) && holds(held, visit)));
            if !is_held {
                let allowed = visit.allowed.take().unwrap_or_else(|| all.clone());
                visit.allowed = Some(allowed.into_iter().filter(|&other| other != id).collect());
            }
        }
    }
}

fn held(doc: &District, ids: &Ids<'_>, at: &str, carer: &Carer, nth: usize, faults: &mut Faults) -> Option<Held> {
    let delegation = carer.delegations.get(nth)?;
    let citizen = delegation.citizen.as_deref().map(|id| {
        let found = ids.citizen(id);
        if found.is_none() {
            faults.unknown(format!("{at}/citizen"), "citizen", id);
        }
        found
    });
    let until = delegation.until.as_deref().map(|text| {
        let day = say::day_of(doc, text);
        if say::date(text).is_none() {
            faults.add(format!("{at}/until"), format!("`{text}` is not a date like 2026-11-23"));
        } else if day.is_none() {
            faults.add("/date", "is needed: a delegation ends by the calendar");
        }
        day
    });
    // What is faulty holds for nobody.
    let (citizen, until) = (citizen.map_or(Some(None), |found| found.map(Some))?, until.map_or(Some(None), |day| day.map(Some))?);
    Some(Held { skill: ids.skills(std::slice::from_ref(&delegation.skill)), citizen, until })
}

/// Whether a delegation holds for a visit on all of its days.
fn holds(held: &Held, visit: &Visit) -> bool {
    let last = visit.windows.last().map_or(1, |window| window.open.0.div_euclid(time::DAY) + 1);
    held.citizen.is_none_or(|citizen| citizen == visit.citizen) && held.until.is_none_or(|until| last <= until)
}

fn union(one: SkillSet, other: SkillSet) -> SkillSet {
    other.iter().fold(one, SkillSet::with)
}
