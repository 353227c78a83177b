//! What citizens have been granted, and what some of them ask for instead.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::district::{
    CatalogueService, District, Grant, GrantKind, GrantStatus, Instead, LegalBasis, Number, Requester, Service, Soundness, SoundnessState, Swap,
    Visit, VisitPreference, VisitWindow,
};

/// Sets these draws apart from all others of the same seed: districts made before there were wishes stay as they were.
const APART: u64 = 0x7769_7368;
const MINUTES_OF_HOUR: i64 = 60;

/// The catalogue: by course the service that is granted, and what else may be asked for.
const CATALOGUE: [(&str, &str, &str, Service, &str); 9] = [
    ("H1.1", "Personlig hygiejne", "Personal hygiene", Service::Personal, "ssh"),
    ("H1.3", "Ernæring", "Meals and drinks", Service::Personal, "ssh"),
    ("H1.6", "Tilsyn og omsorg", "Attention and care", Service::Personal, "ssh"),
    ("walk", "Gåtur", "A walk", Service::Personal, "ssh"),
    ("H1.8", "Rengøring", "Cleaning", Service::Practical, "ssh"),
    ("H1.7", "Indkøb", "Shopping", Service::Practical, "ssh"),
    ("H1.9", "Tøjvask", "Laundry", Service::Practical, "ssh"),
    ("own", "Egen tid", "Time of one's own", Service::Other, "ssh"),
    ("sul138", "Sygepleje", "Nursing", Service::Nursing, "ssa"),
];

/// Gives the district a catalogue and every visit its grant, and has so many per cent of the citizens ask for other help at one visit.
pub(super) fn ask(district: &mut District, percent: u32, seed: u64) {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed ^ APART);
    district.services = CATALOGUE.iter().map(|&(code, da, en, category, skill)| service(code, da, en, category, skill)).collect();
    let mut grants: BTreeMap<String, Grant> = BTreeMap::new();
    for visit in &mut district.visits {
        let course = visit.course.clone().unwrap_or_else(|| visit.id.clone());
        let id = format!("{}-{course}", visit.citizen);
        let _ = grants.entry(id.clone()).or_insert_with(|| grant(&id, &course, visit));
        visit.grant = Some(id);
    }
    district.grants = grants.into_values().collect();
    for citizen in 0..district.citizens.len() {
        if rng.random_range(0..100) < percent {
            let swap = swap(district, citizen, rng);
            district.swaps.extend(swap);
        }
    }
}

fn service(code: &str, da: &str, en: &str, category: Service, skill: &str) -> CatalogueService {
    CatalogueService {
        code: code.to_owned(),
        name_da: Some(da.to_owned()),
        name_en: Some(en.to_owned()),
        category,
        minutes: None,
        skills: vec![skill.to_owned()],
    }
}

fn grant(id: &str, course: &str, visit: &Visit) -> Grant {
    let service = match (visit.service, course) {
        (Some(Service::Personal), "lunch" | "afternoon") => "H1.3",
        (Some(Service::Personal), _) => "H1.1",
        (Some(Service::Practical), _) => "H1.8",
        (Some(Service::Nursing), _) => "sul138",
        _ => "own",
    };
    Grant {
        id: id.to_owned(),
        citizen: visit.citizen.clone(),
        service: service.to_owned(),
        kind: GrantKind::Visits,
        minutes: visit.minutes,
        repetition: None,
        carers: visit.carers,
        skills: Some(visit.skills.clone()),
        supplier: None,
        legal_basis: Some(if visit.service == Some(Service::Nursing) { LegalBasis::Sul138 } else { LegalBasis::Sel83 }),
        from: None,
        until: None,
        priority: visit.priority,
        need: visit.need,
        status: GrantStatus::Confirmed,
        granted_by: None,
    }
}

/// What a citizen asks for: other help of a kind that the rules let through, a third of the time at another hour, a sixth on another day.
fn swap(district: &District, citizen: usize, rng: &mut Xoshiro256PlusPlus) -> Option<Swap> {
    let id = &district.citizens.get(citizen)?.id;
    let tied = |visit: &Visit| district.links.iter().any(|link| link.first == visit.id || link.second == visit.id);
    let may_be_swapped = |visit: &&Visit| {
        visit.citizen == *id && visit.carers == 1 && matches!(visit.service, Some(Service::Personal | Service::Practical)) && !tied(visit)
    };
    let visits: Vec<&Visit> = district.visits.iter().filter(may_be_swapped).collect();
    if visits.is_empty() {
        return None;
    }
    let visit = visits[rng.random_range(0..visits.len())];
    let granted = district.grants.iter().find(|grant| Some(&grant.id) == visit.grant.as_ref())?;
    let others: Vec<&CatalogueService> =
        district.services.iter().filter(|other| Some(other.category) == visit.service && other.code != granted.service).collect();
    let other = others[rng.random_range(0..others.len())];
    let is_sound = rng.random_range(0..100) < 70;
    let (windows, preferred) = when(district, visit, is_sound, rng);
    Some(Swap {
        id: format!("s-{id}"),
        visit: visit.id.clone(),
        citizen: Some(visit.citizen.clone()),
        instead: Instead {
            service: Some(other.code.clone()),
            text: None,
            category: None,
            minutes: Some(Number((visit.minutes.0 * f64::from(rng.random_range(60..=100)) / 100.0).round())),
            skills: None,
        },
        windows,
        preferred,
        requested_by: if rng.random_range(0..4) == 0 { Requester::Relative } else { Requester::Citizen },
        requested_on: None,
        soundness: if is_sound {
            Soundness { state: SoundnessState::Sound, by_role: Some("carer".into()), on: Some("2026-11-20".into()), disagreement: false }
        } else {
            Soundness::default()
        },
        benefit: None,
    })
}

/// The windows and the preferred time of a swap; empty where it is asked for at the visit's own time.
fn when(district: &District, visit: &Visit, is_sound: bool, rng: &mut Xoshiro256PlusPlus) -> (Vec<VisitWindow>, Option<VisitPreference>) {
    let kind = rng.random_range(0..6);
    if kind > 2 || !is_sound {
        return (Vec::new(), None);
    }
    let day = if kind == 2 { visit.day + 1 - 2 * rng.random_range(0..2) } else { visit.day };
    let hour = rng.random_range(8..14);
    let time = |minutes: i64| format!("{:02}:{:02}", minutes / MINUTES_OF_HOUR, minutes % MINUTES_OF_HOUR);
    let at = hour * MINUTES_OF_HOUR;
    let window = VisitWindow { day: (day != visit.day).then(|| day.clamp(1, district.days)), from: time(at - 30), to: time(at + 90) };
    let preferred = VisitPreference { from: time(at), until: time(at + 60), early_weight: None, late_weight: None };
    // A preferred time is on the visit's own day.
    (vec![window], (kind != 2).then_some(preferred))
}
