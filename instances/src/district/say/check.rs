//! What can be wrong with grants, catalogue, policy and swaps as they are written. What a rule of swapping says against a swap is no fault:
//! see [`super::SwapRefusal`].

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{self, Calendar};
use crate::district::pointer::Faults;
use crate::district::{District, Grant, Number, Repetition, SoundnessState, Swap, Visit, Want, time};

/// Most minutes in a week.
const WEEK: f64 = 7.0 * 1440.0;
const DAY: f64 = 1440.0;
/// Largest benefit of a swap, in minutes of travel.
const LARGEST_BENEFIT: f64 = 10_000.0;
/// Largest price of a wish, and the most by which one may weigh more than usual.
const LARGEST_WORTH: f64 = 1000.0;
const MOST_WEIGHT: f64 = 10.0;
/// Most minutes that visits may take longer for a while.
const MOST_EXTRA: f64 = 240.0;

/// Faults of the catalogue, the policy and the grants.
pub(in crate::district) fn grants(doc: &District, faults: &mut Faults) {
    policy(doc, faults);
    unique("/services", "service", doc.services.iter().map(|service| service.code.as_str()), faults);
    unique("/grants", "grant", doc.grants.iter().map(|grant| grant.id.as_str()), faults);
    for (index, service) in doc.services.iter().enumerate() {
        range(&format!("/services/{index}/minutes"), service.minutes, DAY, faults);
    }
    let citizens: BTreeSet<&str> = doc.citizens.iter().map(|citizen| citizen.id.as_str()).collect();
    for (index, grant) in doc.grants.iter().enumerate() {
        let at = format!("/grants/{index}");
        if !citizens.contains(grant.citizen.as_str()) {
            faults.unknown(format!("{at}/citizen"), "citizen", &grant.citizen);
        }
        one(&at, doc, grant, faults);
    }
    let owners: BTreeMap<&str, &str> = doc.grants.iter().map(|grant| (grant.id.as_str(), grant.citizen.as_str())).collect();
    for (index, visit) in doc.visits.iter().enumerate() {
        match visit.grant.as_deref().map(|grant| (grant, owners.get(grant))) {
            Some((grant, None)) => faults.unknown(format!("/visits/{index}/grant"), "grant", grant),
            Some((grant, Some(&owner))) if owner != visit.citizen => {
                faults.add(format!("/visits/{index}/grant"), format!("`{grant}` is `{owner}`'s, the visit is `{}`'s", visit.citizen));
            }
            _ => {}
        }
    }
}

fn policy(doc: &District, faults: &mut Faults) {
    unique("/policy/parts_of_day", "part of the day", doc.policy.parts_of_day.iter().map(|part| part.name.as_str()), faults);
    for (index, part) in doc.policy.parts_of_day.iter().enumerate() {
        let at = format!("/policy/parts_of_day/{index}");
        let times = [("from", &part.from), ("to", &part.to)].map(|(name, text)| moment(&format!("{at}/{name}"), text, faults));
        if let [Some(from), Some(to)] = times
            && to < from
        {
            faults.add(format!("{at}/to"), format!("{} is before {}", part.to, part.from));
        }
    }
    let swaps = &doc.policy.swaps;
    benefit("/policy/swaps/benefit", Some(swaps.benefit), faults);
    for (name, value) in [("repeated", swaps.repeated), ("repeated_days", swaps.repeated_days)] {
        if !(1..=1000).contains(&value) {
            faults.add(format!("/policy/swaps/{name}"), format!("is {value}, allowed 1 to 1000"));
        }
    }
}

fn one(at: &str, doc: &District, grant: &Grant, faults: &mut Faults) {
    if !doc.services.iter().any(|service| service.code == grant.service) {
        faults.unknown(format!("{at}/service"), "service", &grant.service);
    }
    range(&format!("{at}/minutes"), Some(grant.minutes), WEEK, faults);
    if !(1..=2).contains(&grant.carers) {
        faults.add(format!("{at}/carers"), format!("is {}, allowed 1 or 2", grant.carers));
    }
    if !(0..=3).contains(&grant.priority) {
        faults.add(format!("{at}/priority"), format!("is {}, allowed 0 to 3", grant.priority));
    }
    let mut dates = [None, None];
    for (date, (name, text)) in dates.iter_mut().zip([("from", &grant.from), ("until", &grant.until)]) {
        *date = text.as_deref().and_then(calendar::parse);
        if let Some(text) = text.as_ref().filter(|_| date.is_none()) {
            faults.add(format!("{at}/{name}"), format!("`{text}` is not a date like 2026-11-23"));
        }
    }
    if let [Some(from), Some(until)] = dates
        && until < from
    {
        faults.add(format!("{at}/until"), format!("{until} is before {from}"));
    }
    if let Some(repetition) = &grant.repetition {
        repeats(&format!("{at}/repetition"), doc, repetition, faults);
    }
}

fn repeats(at: &str, doc: &District, repetition: &Repetition, faults: &mut Faults) {
    if Calendar::of(doc).is_none() {
        faults.add("/date", "is needed: grants repeat by the calendar");
    }
    if !(1..=52).contains(&repetition.count) {
        faults.add(format!("{at}/count"), format!("is {}, allowed 1 to 52", repetition.count));
    }
    if !(0..=6).contains(&repetition.flexible_days) {
        faults.add(format!("{at}/flexible_days"), format!("is {}, allowed 0 to 6", repetition.flexible_days));
    }
    range(&format!("{at}/minutes"), repetition.minutes, DAY, faults);
    if repetition.shifts.is_empty() {
        faults.add(format!("{at}/shifts"), "is empty: say in which parts of the day");
    }
    for (index, name) in repetition.shifts.iter().enumerate() {
        if !doc.policy.parts_of_day.iter().any(|part| part.name == *name) {
            faults.unknown(format!("{at}/shifts/{index}"), "part of the day", name);
        }
        if repetition.shifts[..index].contains(name) {
            faults.add(format!("{at}/shifts/{index}"), format!("`{name}` is named twice"));
        }
    }
}

/// Faults of the swaps.
pub(in crate::district) fn swaps(doc: &District, faults: &mut Faults) {
    unique("/swaps", "swap", doc.swaps.iter().map(|swap| swap.id.as_str()), faults);
    for (index, swap) in doc.swaps.iter().enumerate() {
        let at = format!("/swaps/{index}");
        asked(&at, doc, swap, faults);
        if let Some(citizen) = &swap.citizen {
            let of_visit = doc.visits.iter().find(|visit| visit.id == swap.visit).map(|visit| &visit.citizen);
            if !doc.citizens.iter().any(|one| one.id == *citizen) {
                faults.unknown(format!("{at}/citizen"), "citizen", citizen);
            } else if let Some(other) = of_visit.filter(|other| *other != citizen) {
                faults.add(format!("{at}/citizen"), format!("`{}` is `{other}`'s", swap.visit));
            }
        }
        windows(&at, doc, swap, faults);
        benefit(&format!("{at}/benefit"), swap.benefit, faults);
        date(&format!("{at}/requested_on"), swap.requested_on.as_deref(), faults);
        date(&format!("{at}/soundness/on"), swap.soundness.on.as_deref(), faults);
        let is_judged = swap.soundness.state != SoundnessState::Pending;
        for (name, is_said) in [("by_role", swap.soundness.by_role.is_some()), ("on", swap.soundness.on.is_some())] {
            if is_judged && !is_said {
                faults.add(format!("{at}/soundness/{name}"), "is missing: a person judges, and it is kept who and when");
            }
        }
    }
}

/// Faults of the wishes and of what they are worth.
pub(in crate::district) fn wishes(doc: &District, faults: &mut Faults) {
    let worth = &doc.policy.wishes;
    for (name, price) in [
        ("time_per_minute", worth.time_per_minute),
        ("same_time_per_minute", worth.same_time_per_minute),
        ("carer", worth.carer),
        ("not_carer", worth.not_carer),
        ("hours", worth.hours),
    ] {
        if price.thousandths(LARGEST_WORTH).is_none() {
            faults.add(format!("/policy/wishes/{name}"), format!("is {}, allowed 0 to {LARGEST_WORTH} with at most three decimals", price.0));
        }
    }
    slack(doc, faults);
    unique("/wishes", "wish", doc.wishes.iter().map(|wish| wish.id.as_str()), faults);
    for (index, wish) in doc.wishes.iter().enumerate() {
        let at = format!("/wishes/{index}");
        date(&format!("{at}/requested_on"), wish.requested_on.as_deref(), faults);
        if wish.weight.thousandths(MOST_WEIGHT).is_none() {
            faults.add(format!("{at}/weight"), format!("is {}, allowed 0 to {MOST_WEIGHT} with at most three decimals", wish.weight.0));
        }
        let at = format!("{at}/wants");
        if let Some(citizen) = wish.wants.citizen().filter(|id| !doc.citizens.iter().any(|one| one.id == **id)) {
            faults.unknown(format!("{at}/citizen"), "citizen", citizen);
        }
        if let Some(carer) = wish.wants.carer().filter(|id| !doc.carers.iter().any(|one| one.id == **id)) {
            faults.unknown(format!("{at}/carer"), "carer", carer);
        }
        wanted(&at, doc, &wish.wants, faults);
    }
}

/// Faults of the slack that the policy asks for.
fn slack(doc: &District, faults: &mut Faults) {
    let slack = &doc.policy.slack;
    free("/policy/slack", (slack.free_minutes, slack.buffer_minutes, slack.longest_chain), faults);
    if !(1.0..=MOST_EXTRA).contains(&slack.pause_minutes.0) {
        faults.add("/policy/slack/pause_minutes", format!("is {}, allowed 1 to {MOST_EXTRA}", slack.pause_minutes.0));
    }
    for (at, price) in [
        ("/policy/slack/per_free_minute", slack.per_free_minute),
        ("/policy/slack/per_buffer_minute", slack.per_buffer_minute),
        ("/policy/slack/per_visit_in_chain", slack.per_visit_in_chain),
        ("/policy/not_last", doc.policy.not_last),
    ] {
        if price.thousandths(LARGEST_WORTH).is_none() {
            faults.add(at, format!("is {}, allowed 0 to {LARGEST_WORTH} with at most three decimals", price.0));
        }
    }
}

fn free(at: &str, (free, buffer, longest_chain): (Number, Number, Option<i64>), faults: &mut Faults) {
    range(&format!("{at}/free_minutes"), Some(free), DAY, faults);
    range(&format!("{at}/buffer_minutes"), Some(buffer), MOST_EXTRA, faults);
    if let Some(visits) = longest_chain.filter(|visits| !(1..=1000).contains(visits)) {
        faults.add(format!("{at}/longest_chain"), format!("is {visits}, allowed 1 to 1000"));
    }
}

/// Faults of packages and precautions.
pub(in crate::district) fn packages(doc: &District, faults: &mut Faults) {
    unique("/packages", "package", doc.packages.iter().map(|package| package.id.as_str()), faults);
    for (index, package) in doc.packages.iter().enumerate() {
        let at = format!("/packages/{index}");
        if !(1..=365).contains(&package.days) {
            faults.add(format!("{at}/days"), format!("is {}, allowed 1 to 365", package.days));
        }
        range(&format!("{at}/extra_minutes"), Some(package.extra_minutes), MOST_EXTRA, faults);
        if package.services.is_empty() {
            faults.add(format!("{at}/services"), "is empty: say what the package grants");
        }
        for (nth, service) in package.services.iter().enumerate() {
            let at = format!("{at}/services/{nth}");
            if !doc.services.iter().any(|one| one.code == service.service) {
                faults.unknown(format!("{at}/service"), "service", &service.service);
            }
            range(&format!("{at}/minutes"), Some(service.minutes), DAY, faults);
            if !(1..=2).contains(&service.carers) {
                faults.add(format!("{at}/carers"), format!("is {}, allowed 1 or 2", service.carers));
            }
            repeats(&format!("{at}/repetition"), doc, &service.repetition, faults);
        }
    }
    for (index, precaution) in doc.precautions.iter().enumerate() {
        let at = format!("/precautions/{index}");
        if !doc.citizens.iter().any(|one| one.id == precaution.citizen) {
            faults.unknown(format!("{at}/citizen"), "citizen", &precaution.citizen);
        }
        for (nth, carer) in precaution.carers.iter().enumerate().filter(|(_, carer)| !doc.carers.iter().any(|one| one.id == **carer)) {
            faults.unknown(format!("{at}/carers/{nth}"), "carer", carer);
        }
        range(&format!("{at}/extra_minutes"), Some(precaution.extra_minutes), MOST_EXTRA, faults);
        for (name, text) in [("from", &precaution.from), ("until", &precaution.until)] {
            date(&format!("{at}/{name}"), Some(text), faults);
        }
        if Calendar::of(doc).is_none() {
            faults.add("/date", "is needed: precautions go by the calendar");
        }
    }
}

/// Faults of colours and of what they bring.
pub(in crate::district) fn triage(doc: &District, faults: &mut Faults) {
    for (name, policy) in [("yellow", &doc.policy.triage.yellow), ("red", &doc.policy.triage.red)] {
        let at = format!("/policy/triage/{name}");
        if !(0..=3).contains(&policy.priority) {
            faults.add(format!("{at}/priority"), format!("is {}, allowed 0 to 3", policy.priority));
        }
        if let Some(follow_up) = &policy.follow_up {
            range(&format!("{at}/follow_up/minutes"), Some(follow_up.minutes), DAY, faults);
            let is_used = doc.citizens.iter().any(|citizen| citizen.triage.is_some());
            if is_used && !doc.policy.parts_of_day.iter().any(|part| part.name == follow_up.part_of_day) {
                faults.unknown(format!("{at}/follow_up/part_of_day"), "part of the day", &follow_up.part_of_day);
            }
        }
    }
    for (index, triage) in doc.citizens.iter().enumerate().filter_map(|(index, citizen)| Some((index, citizen.triage.as_ref()?))) {
        date(&format!("/citizens/{index}/triage/since"), Some(&triage.since), faults);
    }
}

fn wanted(at: &str, doc: &District, wants: &Want, faults: &mut Faults) {
    match wants {
        Want::Time { citizen, visit, from, until, .. } => {
            between(at, Some(from), Some(until), faults);
            // A visit or course that is gone leaves nothing to do; one of somebody else is a mistake.
            let is_others = |one: &&Visit| visit.as_ref() == Some(&one.id) && one.citizen != *citizen;
            if let Some(other) = doc.visits.iter().find(is_others) {
                faults.add(format!("{at}/visit"), format!("`{}` is `{}`'s", other.id, other.citizen));
            }
        }
        Want::FewerCarers { most, .. } if !(1..=1000).contains(most) => faults.add(format!("{at}/most"), format!("is {most}, allowed 1 to 1000")),
        Want::Slack { free_minutes, buffer_minutes, longest_chain, day, .. } => {
            free(at, (*free_minutes, *buffer_minutes, *longest_chain), faults);
            day_of_district(at, doc, *day, faults);
            if free_minutes.0 <= 0.0 && buffer_minutes.0 <= 0.0 && longest_chain.is_none() {
                faults.add(at, "asks for no `free_minutes`, `buffer_minutes` or `longest_chain`: say one or more");
            }
        }
        Want::Hours { from, until, day, .. } => {
            between(at, from.as_deref(), until.as_deref(), faults);
            day_of_district(at, doc, *day, faults);
            if from.is_none() && until.is_none() {
                faults.add(at, "has neither `from` nor `until`: say one or both");
            }
        }
        Want::SameTime { .. } | Want::FewerCarers { .. } | Want::Carer { .. } | Want::NotCarer { .. } => {}
    }
}

fn day_of_district(at: &str, doc: &District, day: Option<i64>, faults: &mut Faults) {
    if let Some(day) = day.filter(|day| !(1..=doc.days).contains(day)) {
        faults.add(format!("{at}/day"), format!("is day {day}, the district has days 1 to {}", doc.days));
    }
}

fn between(at: &str, from: Option<&str>, until: Option<&str>, faults: &mut Faults) {
    let from = from.and_then(|text| moment(&format!("{at}/from"), text, faults));
    let last = until.and_then(|text| moment(&format!("{at}/until"), text, faults));
    if let (Some(from), Some(last)) = (from, last)
        && last < from
    {
        faults.add(format!("{at}/until"), "is before `from`");
    }
}

fn asked(at: &str, doc: &District, swap: &Swap, faults: &mut Faults) {
    let instead = &swap.instead;
    match (&instead.service, &instead.text) {
        (Some(code), None) => {
            if !doc.services.iter().any(|service| service.code == *code) {
                faults.unknown(format!("{at}/instead/service"), "service", code);
            }
            if instead.category.is_some() {
                faults.add(format!("{at}/instead/category"), "is the service's: only free words have their own");
            }
        }
        (None, Some(text)) if text.trim().is_empty() => faults.add(format!("{at}/instead/text"), "is empty"),
        (None, Some(_)) => {}
        (Some(_), Some(_)) => faults.add(format!("{at}/instead"), "has both `service` and `text`: say one"),
        (None, None) => faults.add(format!("{at}/instead"), "has neither `service` nor `text`: say one"),
    }
    range(&format!("{at}/instead/minutes"), instead.minutes, DAY, faults);
}

fn windows(at: &str, doc: &District, swap: &Swap, faults: &mut Faults) {
    let mut before = None;
    let own_day = doc.visits.iter().find(|visit| visit.id == swap.visit).map_or(1, |visit| visit.day);
    for (index, window) in swap.windows.iter().enumerate() {
        let at = format!("{at}/windows/{index}");
        if let Some(day) = window.day.filter(|day| !(1..=doc.days).contains(day)) {
            faults.add(format!("{at}/day"), format!("is day {day}, the district has days 1 to {}", doc.days));
        }
        let (from, to) = (moment(&format!("{at}/from"), &window.from, faults), moment(&format!("{at}/to"), &window.to, faults));
        let (Some(from), Some(to)) = (from, to) else { continue };
        if to < from {
            faults.add(format!("{at}/to"), format!("{} is before {}", window.to, window.from));
        }
        let on = |seconds: i64| time::moment(window.day.unwrap_or(own_day).clamp(1, 28), seconds);
        if before.is_some_and(|before| on(from) <= before) {
            faults.add(&at, "is not after the window before it: windows stand in order of time, apart from each other");
        }
        before = Some(on(to));
    }
    if let Some(wish) = &swap.preferred {
        let (from, until) =
            (moment(&format!("{at}/preferred/from"), &wish.from, faults), moment(&format!("{at}/preferred/until"), &wish.until, faults));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            faults.add(format!("{at}/preferred/until"), format!("{} is before {}", wish.until, wish.from));
        }
        for (name, weight) in [("early_weight", wish.early_weight), ("late_weight", wish.late_weight)] {
            benefit(&format!("{at}/preferred/{name}"), weight, faults);
        }
    }
}

/// Seconds after midnight; `None` after reporting that it is no time.
fn moment(at: &str, text: &str, faults: &mut Faults) -> Option<i64> {
    let seconds = time::parse(text);
    if seconds.is_none() {
        faults.add(at, format!("`{text}` is not a time like 07:30, from 00:00 to 47:59:59"));
    }
    seconds
}

fn range(at: &str, minutes: Option<Number>, most: f64, faults: &mut Faults) {
    if let Some(Number(minutes)) = minutes.filter(|minutes| !(0.0..=most).contains(&minutes.0)) {
        faults.add(at, format!("is {minutes} minutes, allowed 0 to {most}"));
    }
}

fn benefit(at: &str, value: Option<Number>, faults: &mut Faults) {
    if let Some(Number(value)) = value.filter(|value| value.thousandths(LARGEST_BENEFIT).is_none()) {
        faults.add(at, format!("is {value}, allowed 0 to {LARGEST_BENEFIT} with at most three decimals"));
    }
}

fn date(at: &str, text: Option<&str>, faults: &mut Faults) {
    if let Some(text) = text.filter(|text| calendar::parse(text).is_none()) {
        faults.add(at, format!("`{text}` is not a date like 2026-11-23"));
    }
}

fn unique<'a>(at: &str, kind: &str, ids: impl Iterator<Item = &'a str>, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if id.is_empty() {
            faults.add(format!("{at}/{index}"), format!("the {kind} has no id"));
        } else if !seen.insert(id) {
            faults.add(format!("{at}/{index}"), format!("the id `{id}` is used twice"));
        }
    }
}
