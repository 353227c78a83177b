//! Citizens and visits.

use std::collections::BTreeMap;

use kendt_solver::problem::{self, CarerId, CourseId, Link, PlaceId, Preference, ProblemBuilder, SkillSet, Ticks, Window};

use super::ids::{Ids, swap_label, visit_labels};
use super::prices::Scale;
use super::staff::{day, minutes, moment};
use crate::district::pointer::Faults;
use crate::district::{Citizen, District, Need, Number, Visit, VisitWindow, say};

/// Largest cap on a citizen's carers.
const MOST_CAP: u16 = 1000;

/// Adds every citizen, every visit, and the links between the two halves of visits by two carers.
pub(super) fn add(doc: &District, ids: &Ids<'_>, scale: Scale, builder: &mut ProblemBuilder, faults: &mut Faults) {
    for (index, citizen) in doc.citizens.iter().enumerate() {
        let one = resident(&format!("/citizens/{index}"), ids, citizen, faults);
        builder.citizens.push(one);
    }
    let mut courses: BTreeMap<&str, CourseId> = BTreeMap::new();
    for (index, visit) in doc.visits.iter().enumerate() {
        let at = format!("/visits/{index}");
        check_numbers(&at, visit, faults);
        check_promise(&at, doc, visit, faults);
        let skills = ids.skills(&visit.skills);
        let second = visit.second_skills.as_ref().map_or(skills, |list| ids.skills(list));
        let mut one = one(&at, doc, ids, scale, visit, faults);
        let n_courses = courses.len();
        one.course = visit.course.as_deref().map(|course| *courses.entry(course).or_insert(CourseId::new(n_courses)));
        let mut halves = Vec::new();
        for (label, skills) in visit_labels(visit).into_iter().zip([skills, second]) {
            // A faulty visit keeps its number, so that the ids of the visits after it stay right.
            halves.push(builder.visits.push(problem::Visit { label, skills, ..one.clone() }));
        }
        if let &[first, second] = halves.as_slice() {
            builder.links.push(Link { first, second, min: Ticks::ZERO, max: Ticks::ZERO, different_carers: true });
        }
    }
    // What is asked for in a faulty document may be anything.
    if faults.found.is_empty() {
        alternatives(doc, ids, scale, builder);
    }
}

/// Adds what swaps ask for as alternatives of their visits, behind all of these. Of several wishes for one visit the dearest one has no price.
fn alternatives(doc: &District, ids: &Ids<'_>, scale: Scale, builder: &mut ProblemBuilder) {
    let asked = say::planned(doc);
    let mut dearest: BTreeMap<usize, i64> = BTreeMap::new();
    for (_, asked) in &asked {
        let most = dearest.entry(asked.visit).or_default();
        *most = (*most).max(scale.per_event(Number(asked.benefit)));
    }
    for (swap, asked) in &asked {
        let (visit, swap) = (&doc.visits[asked.visit], &doc.swaps[*swap]);
        let Some(&[granted]) = ids.visit(&visit.id) else { continue };
        // At a time of its own it has the visit's preferred time no more; a preferred time is on the day of the first window.
        let preferred = if swap.windows.is_empty() { swap.preferred.as_ref().or(visit.preferred.as_ref()) } else { swap.preferred.as_ref() };
        let on = |window: &VisitWindow| VisitWindow { day: Some(window.day.unwrap_or(visit.day)), ..window.clone() };
        let windows: Vec<VisitWindow> = asked.windows.iter().map(on).collect();
        let content = Visit {
            day: windows.first().and_then(|window| window.day).unwrap_or(visit.day),
            minutes: Number(asked.minutes),
            windows,
            preferred: preferred.cloned(),
            ..visit.clone()
        };
        // Faults were reported where they are: at the visit and at the swap.
        let one = one("", doc, ids, scale, &content, &mut Faults::default());
        let most = dearest[&asked.visit];
        // Who gets nothing misses what was wished for too: no wish makes it cheaper to leave the visit out.
        let unserved_cost = one.unserved_cost + most;
        (builder.visits[granted].content.cost, builder.visits[granted].unserved_cost) = (most, unserved_cost);
        let _ = builder.visits.push(problem::Visit {
            label: swap_label(visit, swap),
            skills: ids.skills(&asked.skills),
            unserved_cost,
            course: builder.visits[granted].course,
            content: problem::Content { instead_of: Some(granted), cost: most - scale.per_event(Number(asked.benefit)) },
            ..one
        });
    }
}

/// The citizen. Parts with faults are left out.
fn resident(at: &str, ids: &Ids<'_>, citizen: &Citizen, faults: &mut Faults) -> problem::Citizen {
    let team = ids.team(&format!("{at}/team"), citizen.team.as_deref(), faults);
    let _ = ids.carers(&format!("{at}/preferred_carers"), &citizen.preferred_carers, faults);
    let _ = ids.carers(&format!("{at}/excluded_carers"), &citizen.excluded_carers, faults);
    let few = ids.carers(&format!("{at}/few_carers"), &citizen.few_carers, faults);
    if let Some(twice) = (1..few.len()).find(|&index| few[..index].contains(&few[index])) {
        faults.add(format!("{at}/few_carers"), format!("`{}` is named twice", citizen.few_carers[twice]));
    }
    if let Some(age) = citizen.age.filter(|age| !(0..=130).contains(age)) {
        faults.add(format!("{at}/age"), format!("is {age}, allowed 0 to 130"));
    }
    let cap = citizen.most_carers.and_then(|most| u16::try_from(most).ok()).filter(|most| (1..=MOST_CAP).contains(most));
    if let Some(most) = citizen.most_carers.filter(|_| cap.is_none()) {
        faults.add(format!("{at}/most_carers"), format!("is {most}, allowed 1 to {MOST_CAP}"));
    }
    problem::Citizen { label: citizen.id.clone(), team, few, cap, history: history(at, ids, citizen, faults) }
}

fn history(at: &str, ids: &Ids<'_>, citizen: &Citizen, faults: &mut Faults) -> Vec<problem::Met> {
    let mut history = Vec::new();
    for (index, met) in citizen.history.iter().enumerate() {
        let carer = ids.carer(&met.carer);
        if carer.is_none() {
            faults.unknown(format!("{at}/history/{index}/carer"), "carer", &met.carer);
        }
        for (nth, &days) in met.days_ago.iter().enumerate() {
            match (carer, u16::try_from(days)) {
                (Some(carer), Ok(days_before @ 1..=problem::Met::DAYS)) => history.push(problem::Met { carer, days_before }),
                (None, Ok(1..=problem::Met::DAYS)) => {}
                _ => faults.add(format!("{at}/history/{index}/days_ago/{nth}"), format!("is {days}, allowed 1 to {}", problem::Met::DAYS)),
            }
        }
    }
    history
}

fn check_numbers(at: &str, visit: &Visit, faults: &mut Faults) {
    if !(1..=2).contains(&visit.carers) {
        faults.add(format!("{at}/carers"), format!("is {}, allowed 1 or 2", visit.carers));
    }
    if visit.second_skills.is_some() && visit.carers != 2 {
        faults.add(format!("{at}/second_skills"), "needs `carers` 2");
    }
    if !(0..=3).contains(&visit.priority) {
        faults.add(format!("{at}/priority"), format!("is {}, allowed 0 to 3", visit.priority));
    }
}

/// The parts of a visit that are measured and not planned with.
fn check_promise(at: &str, doc: &District, visit: &Visit, faults: &mut Faults) {
    if visit.course.as_deref() == Some("") {
        faults.add(format!("{at}/course"), "is empty");
    }
    if let Some(agreed) = &visit.agreed {
        // The visit's own day is judged with the visit.
        let day = agreed.day.map_or(1, |own| day(&format!("{at}/agreed/day"), own, doc.days, faults));
        let _ = moment(&format!("{at}/agreed/at"), day, &agreed.at, faults);
        if let Some(tolerance) = agreed.tolerance_minutes {
            let _ = minutes(&format!("{at}/agreed/tolerance_minutes"), tolerance.0, 0.0, 40_320.0, faults);
        }
    }
}

/// The visit without label and skills. Parts with faults are left at their smallest value.
fn one(at: &str, doc: &District, ids: &Ids<'_>, scale: Scale, visit: &Visit, faults: &mut Faults) -> problem::Visit {
    let citizen = ids.citizen(&visit.citizen).unwrap_or_else(|| {
        faults.unknown(format!("{at}/citizen"), "citizen", &visit.citizen);
        problem::CitizenId::new(0)
    });
    let own_day = day(&format!("{at}/day"), visit.day, doc.days, faults);
    let home = doc.citizens.get(citizen.idx());
    let raised =
        home.and_then(|home| home.triage.as_ref()).and_then(|triage| doc.policy.triage.of(triage.colour)).map_or(0, |policy| policy.priority);
    let priority = visit.priority.saturating_add(raised).clamp(0, 3);
    let allowed = visit.allowed_carers.as_ref().map(|list| ids.carers(&format!("{at}/allowed_carers"), list, faults));
    let allowed = pinned(at, ids, visit, of_supplier(doc, ids, visit, allowed), faults);
    let preferred = preferred(at, ids, home, visit, faults);
    let mut excluded = ids.carers(&format!("{at}/excluded_carers"), &visit.excluded_carers, faults);
    excluded.extend(known(ids, home.map(|home| home.excluded_carers.as_slice())));
    problem::Visit {
        label: String::new(),
        citizen,
        place: PlaceId::new(doc.bases.len() + citizen.idx()),
        duration: minutes(&format!("{at}/minutes"), visit.minutes.0, 0.0, 1440.0, faults).unwrap_or_default(),
        windows: windows(at, doc, own_day, visit, faults),
        preference: preference(at, doc, own_day, scale, visit, faults),
        published: None,
        skills: SkillSet::EMPTY,
        load: 0,
        need: match visit.need {
            Need::Required => problem::Need::Required,
            Need::Optional => problem::Need::Optional,
        },
        priority: u8::try_from(priority).unwrap_or(0),
        unserved_cost: scale.unserved(&doc.objective, visit, priority),
        allowed,
        preferred,
        excluded: sorted(excluded),
        course: None,
        carer_costs: Vec::new(),
        not_last_cost: 0,
        content: problem::Content::default(),
    }
}

/// The visit's and the citizen's preferred carers and the few; where there are none, the citizen's team.
fn preferred(at: &str, ids: &Ids<'_>, home: Option<&Citizen>, visit: &Visit, faults: &mut Faults) -> Vec<CarerId> {
    let mut preferred = ids.carers(&format!("{at}/preferred_carers"), &visit.preferred_carers, faults);
    preferred.extend(known(ids, home.map(|home| home.preferred_carers.as_slice())));
    preferred.extend(known(ids, home.map(|home| home.few_carers.as_slice())));
    if preferred.is_empty()
        && let Some(team) = home.and_then(|home| home.team.as_deref()).and_then(|team| ids.teams.get(team))
    {
        preferred.clone_from(&team.carers);
    }
    sorted(preferred)
}

/// The carers who may come, where the visit's grant names a supplier: none but that supplier's.
fn of_supplier(doc: &District, ids: &Ids<'_>, visit: &Visit, allowed: Option<Vec<CarerId>>) -> Option<Vec<CarerId>> {
    let grant = visit.grant.as_deref().and_then(|id| doc.grants.iter().find(|grant| grant.id == id));
    let Some(supplier) = grant.and_then(|grant| grant.supplier.as_deref()) else { return allowed };
    let own = doc.carers.iter().filter(|carer| carer.supplier.as_deref() == Some(supplier)).filter_map(|carer| ids.carer(&carer.id));
    Some(own.filter(|carer| allowed.as_ref().is_none_or(|allowed| allowed.contains(carer))).collect())
}

/// The carers who may come, where a person has settled who does.
fn pinned(at: &str, ids: &Ids<'_>, visit: &Visit, allowed: Option<Vec<CarerId>>, faults: &mut Faults) -> Option<Vec<CarerId>> {
    let Some(pin) = &visit.pin else { return allowed };
    if pin.carer.is_none() && pin.at.is_none() {
        faults.add(format!("{at}/pin"), "settles nothing: say `carer`, `at` or both");
    }
    let Some(carer) = &pin.carer else { return allowed };
    if visit.carers == 2 {
        faults.add(format!("{at}/pin/carer"), "is for visits by one carer");
    }
    if ids.carer(carer).is_none() {
        faults.unknown(format!("{at}/pin/carer"), "carer", carer);
    }
    Some(ids.carer(carer).into_iter().collect())
}

/// The citizen's list; its unknown carers were reported at the citizen.
fn known(ids: &Ids<'_>, list: Option<&[String]>) -> Vec<CarerId> {
    ids.carers("", list.unwrap_or_default(), &mut Faults::default())
}

fn sorted(mut carers: Vec<CarerId>) -> Vec<CarerId> {
    carers.sort_unstable();
    carers.dedup();
    carers
}

fn windows(at: &str, doc: &District, own_day: i64, visit: &Visit, faults: &mut Faults) -> Vec<Window> {
    if visit.windows.is_empty() {
        faults.add(format!("{at}/windows"), "is empty: say when the visit may start");
    }
    let mut windows: Vec<Window> = Vec::with_capacity(visit.windows.len());
    for (index, window) in visit.windows.iter().enumerate() {
        let at = format!("{at}/windows/{index}");
        let day = window.day.map_or(own_day, |own| day(&format!("{at}/day"), own, doc.days, faults));
        let open = moment(&format!("{at}/from"), day, &window.from, faults);
        let close = moment(&format!("{at}/to"), day, &window.to, faults);
        let (Some(open), Some(close)) = (open, close) else { continue };
        // On a wrong day its order among the others would be a fault of the fault.
        if window.day.is_some_and(|own| own != day) {
            continue;
        }
        if close < open {
            faults.add(format!("{at}/to"), format!("{} is before {}", window.to, window.from));
        }
        if windows.last().is_some_and(|before| open <= before.close) {
            faults.add(&at, "is not after the window before it: windows stand in order of time, apart from each other");
        }
        windows.push(Window { open, close });
    }
    match visit.pin.as_ref().and_then(|pin| pin.at.as_ref()) {
        Some(text) => moment(&format!("{at}/pin/at"), own_day, text, faults).map_or(windows, |at| vec![Window { open: at, close: at }]),
        None => windows,
    }
}

fn preference(at: &str, doc: &District, day: i64, scale: Scale, visit: &Visit, faults: &mut Faults) -> Option<Preference> {
    let wish = visit.preferred.as_ref()?;
    let from = moment(&format!("{at}/preferred/from"), day, &wish.from, faults);
    let until = moment(&format!("{at}/preferred/until"), day, &wish.until, faults);
    let (from, until) = (from?, until?);
    if until < from {
        faults.add(format!("{at}/preferred/until"), format!("{} is before {}", wish.until, wish.from));
    }
    let early = scale.wish(wish.early_weight, doc.objective.early);
    let late = scale.wish(wish.late_weight, doc.objective.late);
    Some(Preference { from, until, early, late })
}
