//! The document's ids, translated once.

use std::collections::{BTreeMap, BTreeSet};

use kendt_solver::problem::{CarerId, CitizenId, PlaceId, SkillId, SkillSet, TeamId, VisitId};

use crate::district::pointer::Faults;
use crate::district::{District, Swap, Visit};

/// Dense ids by document id.
pub(super) struct Ids<'a> {
    bases: BTreeMap<&'a str, PlaceId>,
    pub(super) teams: BTreeMap<&'a str, Team<'a>>,
    carers: BTreeMap<&'a str, CarerId>,
    citizens: BTreeMap<&'a str, CitizenId>,
    visits: BTreeMap<&'a str, Vec<VisitId>>,
    skills: BTreeMap<&'a str, SkillId>,
}

/// A team's base, and who is in it.
pub(super) struct Team<'a> {
    pub(super) id: TeamId,
    pub(super) base: Option<&'a str>,
    pub(super) carers: Vec<CarerId>,
}

/// The labels of a visit in the problem: its id, or `id#1` and `id#2` for two carers.
pub(in crate::district) fn visit_labels(visit: &Visit) -> Vec<String> {
    if visit.carers == 2 { vec![format!("{}#1", visit.id), format!("{}#2", visit.id)] } else { vec![visit.id.clone()] }
}

/// The label of what a swap asks for instead of a visit.
pub(in crate::district) fn swap_label(visit: &Visit, swap: &Swap) -> String {
    format!("{}~{}", visit.id, swap.id)
}

impl<'a> Ids<'a> {
    /// Reports ids that are empty or used twice, and counts the skills.
    pub(super) fn of(doc: &'a District, faults: &mut Faults) -> Self {
        let bases = unique("/bases", doc.bases.iter().map(|base| base.id.as_str()), faults);
        let carers = unique("/carers", doc.carers.iter().map(|carer| carer.id.as_str()), faults);
        let citizens = unique("/citizens", doc.citizens.iter().map(|citizen| citizen.id.as_str()), faults);
        let _ = unique("/teams", doc.teams.iter().map(|team| team.id.as_str()), faults);
        let _ = unique("/visits", doc.visits.iter().map(|visit| visit.id.as_str()), faults);
        Self {
            bases: bases.into_iter().map(|(id, index)| (id, PlaceId::new(index))).collect(),
            teams: teams(doc),
            carers: carers.into_iter().map(|(id, index)| (id, CarerId::new(index))).collect(),
            citizens: citizens.into_iter().map(|(id, index)| (id, CitizenId::new(index))).collect(),
            visits: visits(doc, faults),
            skills: skills(doc, faults),
        }
    }

    pub(super) fn base(&self, id: &str) -> Option<PlaceId> {
        self.bases.get(id).copied()
    }

    /// The only base's id, if there is just one.
    pub(super) fn only_base(&self) -> Option<&'a str> {
        (self.bases.len() == 1).then(|| self.bases.keys().next().copied()).flatten()
    }

    pub(super) fn citizen(&self, id: &str) -> Option<CitizenId> {
        self.citizens.get(id).copied()
    }

    pub(super) fn carer(&self, id: &str) -> Option<CarerId> {
        self.carers.get(id).copied()
    }

    /// The team of this name, if there is a name; an unknown one is reported.
    pub(super) fn team(&self, at: &str, name: Option<&str>, faults: &mut Faults) -> Option<TeamId> {
        let name = name?;
        let found = self.teams.get(name).map(|team| team.id);
        if found.is_none() {
            faults.unknown(at, "team", name);
        }
        found
    }

    /// The one or two visits of a document visit.
    pub(super) fn visit(&self, id: &str) -> Option<&[VisitId]> {
        self.visits.get(id).map(Vec::as_slice)
    }

    /// The carers of a list; unknown ones are reported.
    pub(super) fn carers(&self, at: &str, list: &[String], faults: &mut Faults) -> Vec<CarerId> {
        let mut found = Vec::with_capacity(list.len());
        for (index, id) in list.iter().enumerate() {
            match self.carers.get(id.as_str()) {
                Some(&carer) => found.push(carer),
                None => faults.unknown(format!("{at}/{index}"), "carer", id),
            }
        }
        found
    }

    /// The set of a list of skills.
    pub(super) fn skills(&self, list: &[String]) -> SkillSet {
        list.iter().filter_map(|skill| self.skills.get(skill.as_str())).fold(SkillSet::EMPTY, |set, &skill| set.with(skill))
    }
}

fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a str>, faults: &mut Faults) -> BTreeMap<&'a str, usize> {
    let mut found = BTreeMap::new();
    for (index, id) in ids.enumerate() {
        let at = format!("{list}/{index}/id");
        if id.is_empty() {
            faults.add(at, "is empty");
        } else if found.contains_key(id) {
            faults.add(at, format!("`{id}` is used twice"));
        } else {
            found.insert(id, index);
        }
    }
    found
}

fn teams(doc: &District) -> BTreeMap<&str, Team<'_>> {
    let mut teams = BTreeMap::new();
    for (index, team) in doc.teams.iter().enumerate() {
        teams.entry(team.id.as_str()).or_insert(Team { id: TeamId::new(index), base: team.base.as_deref(), carers: Vec::new() });
    }
    for (index, carer) in doc.carers.iter().enumerate() {
        if let Some(team) = carer.team.as_deref().and_then(|team| teams.get_mut(team)) {
            team.carers.push(CarerId::new(index));
        }
    }
    teams
}

/// Reports ids that a visit by two carers takes from another visit.
fn visits<'a>(doc: &'a District, faults: &mut Faults) -> BTreeMap<&'a str, Vec<VisitId>> {
    let mut n_visits = 0;
    let mut labels = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (index, visit) in doc.visits.iter().enumerate() {
        let mut ids = Vec::new();
        for label in visit_labels(visit) {
            if labels.contains(&label) && !found.contains_key(visit.id.as_str()) {
                faults.add(format!("/visits/{index}/id"), format!("`{label}` is also the id of one carer's part in a visit by two"));
            }
            labels.insert(label);
            ids.push(VisitId::new(n_visits));
            n_visits += 1;
        }
        found.entry(visit.id.as_str()).or_insert(ids);
    }
    found
}

fn skills<'a>(doc: &'a District, faults: &mut Faults) -> BTreeMap<&'a str, SkillId> {
    let of_carers = doc.carers.iter().flat_map(|carer| &carer.skills);
    let of_visits = doc.visits.iter().flat_map(|visit| visit.skills.iter().chain(visit.second_skills.iter().flatten()));
    let delegated = doc.carers.iter().flat_map(|carer| &carer.delegations).map(|delegation| &delegation.skill);
    let of_professions =
        doc.policy.professions.iter().filter(|profession| doc.carers.iter().any(|carer| carer.profession.as_ref() == Some(&profession.name)));
    let of_professions = of_professions.flat_map(|profession| &profession.skills);
    let of_swaps = doc.swaps.iter().flat_map(|swap| {
        let listed = doc.services.iter().filter(|service| swap.instead.service.as_ref() == Some(&service.code));
        swap.instead.skills.iter().flatten().chain(listed.flat_map(|service| &service.skills))
    });
    let words: BTreeSet<&str> = of_carers.chain(of_visits).chain(delegated).chain(of_professions).chain(of_swaps).map(String::as_str).collect();
    if words.len() > SkillSet::CAPACITY {
        faults.add("/carers", format!("there are {} different skills, at most {} are allowed", words.len(), SkillSet::CAPACITY));
    }
    words.into_iter().take(SkillSet::CAPACITY).enumerate().map(|(index, word)| (word, SkillId::new(index))).collect()
}
