//! Every rule that a problem's parts must keep.

use std::collections::BTreeSet;

use super::{
    CarerId, Citizen, Clock, Fault, IdVec, LATEST, Link, Met, ModeId, Moment, PlaceId, ProblemBuilder, Shift, TeamId, Term, Ticks, Visit, VisitId,
    Weight,
};

/// Largest price per visit or tick, service duration in ticks, load and denominator.
const LARGEST: i64 = 1 << 40;
/// Most visits, shifts, carers or citizens in one problem.
const MOST_ITEMS: usize = 1_000_000;
/// Faults that are listed.
const MOST_LISTED: usize = 1000;
/// Most links of one visit.
const MOST_LINKED: usize = 200;

struct Faults {
    found: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, at: &str, what: impl Into<String>) {
        match self.found.len() {
            ..MOST_LISTED => self.found.push(Fault { at: at.to_owned(), what: what.into() }),
            MOST_LISTED => self.found.push(Fault { at: "the problem".to_owned(), what: "has more faults than these".to_owned() }),
            _ => {}
        }
    }
    fn range(&mut self, at: &str, name: &str, value: i64, low: i64, high: i64) {
        if !(low..=high).contains(&value) {
            self.add(at, format!("{name} is {value}, allowed {low} to {high}"));
        }
    }
    fn moment(&mut self, at: &str, name: &str, value: Moment) {
        self.range(at, name, value.0, 0, LATEST.0);
    }
}

/// All faults, in the order of the problem's lists; empty means the parts make a problem.
pub(super) fn faults(parts: &ProblemBuilder) -> Vec<Fault> {
    let mut faults = Faults { found: Vec::new() };
    objective(parts, &mut faults);
    sizes(parts, &mut faults);
    labels("citizen", parts.citizens.iter().map(|item| &item.label), &mut faults);
    labels("carer", parts.carers.iter().map(|item| &item.label), &mut faults);
    labels("shift", parts.shifts.iter().map(|item| &item.label), &mut faults);
    labels("visit", parts.visits.iter().map(|item| &item.label), &mut faults);
    labels("team", parts.teams.iter().map(|item| &item.label), &mut faults);
    for citizen in &parts.citizens {
        check_citizen(parts, citizen, &mut faults);
    }
    for carer in &parts.carers {
        team(parts, &format!("carer {}", carer.label), carer.team, &mut faults);
        if carer.mode.idx() >= parts.travel.n_modes() {
            faults.add(&format!("carer {}", carer.label), format!("travel mode {} has no matrix", carer.mode.idx()));
        }
    }
    for mode in (0..parts.travel.n_modes()).map(ModeId::new) {
        faults.range("travel", &format!("the price of mode {}", mode.idx()), parts.travel.price(mode), 0, Weight::LARGEST);
    }
    for shift in &parts.shifts {
        check_shift(parts, shift, &mut faults);
    }
    for visit in &parts.visits {
        check_visit(parts, visit, &mut faults);
    }
    alternatives(parts, &mut faults);
    links(parts, &mut faults);
    if faults.found.is_empty() {
        magnitude(parts, &mut faults);
    }
    faults.found
}

/// Terms that count visits, shifts or carers: at most as many as there are visits and shifts, where others count ticks or prices.
const COUNTS: [Term; 7] =
    [Term::CarerPreference, Term::Exclusion, Term::Qualification, Term::MissedBreak, Term::Faces, Term::NewFaces, Term::AboveCap];

/// Refuses problems whose costs could leave 62 bits: every sum in the searches is then exact.
fn magnitude(parts: &ProblemBuilder, faults: &mut Faults) {
    let visits = parts.visits.iter();
    let longest = parts.travel.longest_of_all().0;
    let n = i128::try_from(parts.visits.len() + parts.shifts.len() + 1).unwrap_or(i128::MAX);
    let last = parts.shifts.iter().flat_map(|shift| [shift.start, shift.end].into_iter().chain(shift.pause.map(|rule| rule.latest_end)));
    let last = last.chain(visits.clone().flat_map(|visit| visit.windows.iter().map(|window| window.close)));
    let last = last.chain(visits.clone().filter_map(|visit| visit.preference.map(|wish| wish.until)));
    let span = i128::from(last.max().unwrap_or_default().0)
        + visits.clone().map(|visit| i128::from(visit.duration.0)).sum::<i128>()
        + parts.links.iter().filter(|link| link.min > Link::MIN).map(|link| i128::from(link.min.0.abs())).sum::<i128>()
        + n * i128::from(longest);
    let prices: i128 = visits
        .clone()
        .map(|visit| {
            let wish = visit.preference.map_or(0, |wish| wish.early + wish.late);
            let promise = visit.published.map_or(0, |promise| promise.per_tick);
            span * i128::from(wish + promise + 4)
                + i128::from(visit.unserved_cost + visit.load + visit.published.map_or(0, |promise| promise.carer_changed + promise.time_moved))
                + i128::from(visit.carer_costs.iter().map(|&(_, cost)| cost).max().unwrap_or(0) + visit.content.cost + visit.not_last_cost)
        })
        .sum();
    let heaviest = |counts: bool| {
        let own = Term::ALL.iter().filter(|term| COUNTS.contains(term) == counts);
        i128::from(own.map(|&term| parts.objective.soft(term)).max().unwrap_or(0).max(1))
    };
    let uses: i128 = parts.shifts.iter().map(|shift| i128::from(shift.use_cost)).sum();
    // What each visit may cost for the slack and hours of its shift, and each shift in use.
    let of_visit = |shift: &Shift| {
        let chain = shift.slack.chain.map_or(0, |chain| chain.cost);
        i128::from(shift.slack.buffer.0) * i128::from(shift.slack.buffer_cost) + i128::from(shift.hours.map_or(0, |hours| hours.cost) + chain)
    };
    let of_shift = |shift: &Shift| (i128::from(shift.slack.free.0) + span) * i128::from(shift.slack.free_cost);
    let slack = n * parts.shifts.iter().map(of_visit).max().unwrap_or(0) + parts.shifts.iter().map(of_shift).sum::<i128>();
    let dearest = i128::from(parts.travel.largest_price().max(1));
    let bound = (prices + uses + slack + 12 * n * span * dearest) * heaviest(false) + 12 * n * heaviest(true);
    if bound > 1 << 62 {
        faults.add("objective", "times, prices and weights multiply past 62 bits: use smaller weights or a coarser clock");
    }
}

fn objective(parts: &ProblemBuilder, faults: &mut Faults) {
    let Clock { ticks_per_minute } = parts.clock;
    faults.range("clock", "ticks per minute", ticks_per_minute, 1, 1_000_000);
    faults.range("objective", "denominator", parts.objective.denominator, 1, LARGEST);
    for term in Term::ALL {
        if let Weight::Soft(weight) = parts.objective.weight(term) {
            faults.range("objective", &format!("the weight of {}", term.name()), weight, 0, Weight::LARGEST);
        }
    }
}

fn sizes(parts: &ProblemBuilder, faults: &mut Faults) {
    for (name, count) in [
        ("citizens", parts.citizens.len()),
        ("teams", parts.teams.len()),
        ("carers", parts.carers.len()),
        ("shifts", parts.shifts.len()),
        ("visits", parts.visits.len()),
        ("links", parts.links.len()),
    ] {
        if count > MOST_ITEMS {
            faults.add(name, format!("there are {count}, at most {MOST_ITEMS} are allowed"));
        }
    }
}

fn labels<'a>(kind: &str, labels: impl Iterator<Item = &'a String>, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for label in labels {
        if !seen.insert(label) {
            faults.add(&format!("{kind} {label}"), "the id is used twice");
        }
    }
}

fn place(parts: &ProblemBuilder, at: &str, name: &str, place: PlaceId, faults: &mut Faults) {
    if place.idx() >= parts.travel.n_places() {
        faults.add(at, format!("{name} is {}, there are {} places", place.idx(), parts.travel.n_places()));
    }
}

fn carers(parts: &ProblemBuilder, at: &str, name: &str, list: &[CarerId], faults: &mut Faults) {
    for carer in list.iter().filter(|carer| carer.idx() >= parts.carers.len()) {
        faults.add(at, format!("{name} names carer {}, there are {}", carer.idx(), parts.carers.len()));
    }
}

fn team(parts: &ProblemBuilder, at: &str, team: Option<TeamId>, faults: &mut Faults) {
    if let Some(team) = team.filter(|team| team.idx() >= parts.teams.len()) {
        faults.add(at, format!("is of team {}, there are {}", team.idx(), parts.teams.len()));
    }
}

fn check_citizen(parts: &ProblemBuilder, citizen: &Citizen, faults: &mut Faults) {
    let at = format!("citizen {}", citizen.label);
    team(parts, &at, citizen.team, faults);
    carers(parts, &at, "the few", &citizen.few, faults);
    let past: Vec<CarerId> = citizen.history.iter().map(|met| met.carer).collect();
    carers(parts, &at, "the history", &past, faults);
    for met in &citizen.history {
        faults.range(&at, "days before the horizon", i64::from(met.days_before), 1, i64::from(Met::DAYS));
    }
    if let Some(cap) = citizen.cap {
        faults.range(&at, "the most carers", i64::from(cap), 1, i64::from(u16::MAX));
    }
    if (1..citizen.few.len()).any(|index| citizen.few[..index].contains(&citizen.few[index])) {
        faults.add(&at, "names one of the few twice");
    }
}

fn check_shift(parts: &ProblemBuilder, shift: &Shift, faults: &mut Faults) {
    let at = format!("shift {}", shift.label);
    carers(parts, &at, "carer", &[shift.carer], faults);
    place(parts, &at, "the start place", shift.from, faults);
    place(parts, &at, "the end place", shift.to, faults);
    faults.moment(&at, "start", shift.start);
    faults.moment(&at, "end", shift.end);
    if shift.end < shift.start {
        faults.add(&at, format!("ends at {}, before its start at {}", shift.end.0, shift.start.0));
    }
    if let Some(capacity) = shift.capacity {
        faults.range(&at, "capacity", capacity, 0, LARGEST);
    }
    faults.range(&at, "the price of its use", shift.use_cost, 0, LARGEST);
    faults.range(&at, "free time", shift.slack.free.0, 0, LATEST.0);
    faults.range(&at, "the price of free time", shift.slack.free_cost, 0, Weight::LARGEST);
    faults.range(&at, "the buffer", shift.slack.buffer.0, 0, LATEST.0);
    faults.range(&at, "the price of the buffer", shift.slack.buffer_cost, 0, Weight::LARGEST);
    if let Some(chain) = shift.slack.chain {
        faults.range(&at, "most visits without a pause", i64::from(chain.visits), 1, i64::from(u16::MAX));
        faults.range(&at, "a pause", chain.pause.0, 1, LATEST.0);
        faults.range(&at, "the price of a long chain", chain.cost, 0, LARGEST);
    }
    if let Some(hours) = shift.hours {
        faults.moment(&at, "hours from", hours.from);
        faults.moment(&at, "hours until", hours.until);
        faults.range(&at, "the price of visits outside the hours", hours.cost, 0, LARGEST);
    }
    if let Some(rule) = &shift.pause {
        faults.moment(&at, "earliest break", rule.open);
        faults.moment(&at, "latest break", rule.latest_begin);
        faults.moment(&at, "latest end of the break", rule.latest_end);
        faults.range(&at, "shortest break", rule.min_duration.0, 0, LATEST.0);
        if rule.latest_begin < rule.open {
            faults.add(&at, format!("the break may begin from {} to {}, which is never", rule.open.0, rule.latest_begin.0));
        }
    }
}

fn check_visit(parts: &ProblemBuilder, visit: &Visit, faults: &mut Faults) {
    let at = format!("visit {}", visit.label);
    if visit.citizen.idx() >= parts.citizens.len() {
        faults.add(&at, format!("citizen {} does not exist, there are {}", visit.citizen.idx(), parts.citizens.len()));
    }
    place(parts, &at, "the place", visit.place, faults);
    faults.range(&at, "duration", visit.duration.0, 0, LATEST.0);
    faults.range(&at, "load", visit.load, 0, LARGEST);
    faults.range(&at, "the price of going on to others", visit.not_last_cost, 0, LARGEST);
    faults.range(&at, "the cost of leaving it out", visit.unserved_cost, 0, LARGEST);
    windows(&at, visit, faults);
    if let Some(wish) = &visit.preference {
        faults.moment(&at, "preferred from", wish.from);
        faults.moment(&at, "preferred until", wish.until);
        faults.range(&at, "the price of early", wish.early, 0, Weight::LARGEST);
        faults.range(&at, "the price of late", wish.late, 0, Weight::LARGEST);
        if wish.until < wish.from {
            faults.add(&at, format!("preferred from {} until {}, which is never", wish.from.0, wish.until.0));
        }
    }
    if let Some(promise) = &visit.published {
        carers(parts, &at, "published carer", &[promise.carer], faults);
        faults.moment(&at, "published start", promise.start);
        faults.range(&at, "tolerance", promise.tolerance.0, 0, LATEST.0);
        faults.range(&at, "the price of another carer", promise.carer_changed, 0, LARGEST);
        faults.range(&at, "the price of a moved start", promise.time_moved, 0, LARGEST);
        faults.range(&at, "the price of a moved tick", promise.per_tick, 0, Weight::LARGEST);
    }
    carers(parts, &at, "allowed carers", visit.allowed.as_deref().unwrap_or_default(), faults);
    carers(parts, &at, "preferred carers", &visit.preferred, faults);
    carers(parts, &at, "excluded carers", &visit.excluded, faults);
    let priced: Vec<CarerId> = visit.carer_costs.iter().map(|&(carer, _)| carer).collect();
    carers(parts, &at, "carers with a cost", &priced, faults);
    if !priced.is_sorted_by(|one, next| one < next) {
        faults.add(&at, "carers with a cost are out of order or named twice");
    }
    for &(_, cost) in &visit.carer_costs {
        faults.range(&at, "the cost of a carer", cost, 0, LARGEST);
    }
}

fn alternatives(parts: &ProblemBuilder, faults: &mut Faults) {
    let is_linked: BTreeSet<VisitId> = parts.links.iter().flat_map(|link| [link.first, link.second]).collect();
    for (id, visit) in parts.visits.enumerate() {
        let at = format!("visit {}", visit.label);
        faults.range(&at, "the cost of its content", visit.content.cost, 0, LARGEST);
        let Some(granted_id) = visit.content.instead_of else { continue };
        let Some(granted) = parts.visits.get(granted_id) else {
            faults.add(&at, format!("is instead of visit {}, there are {}", granted_id.idx(), parts.visits.len()));
            continue;
        };
        if granted_id == id || granted.content.instead_of.is_some() {
            faults.add(&at, format!("is instead of visit {}, which is itself instead of another", granted.label));
        }
        if is_linked.contains(&id) || is_linked.contains(&granted_id) {
            faults.add(&at, format!("is instead of visit {}, and one of the two has links", granted.label));
        }
        let is_alike = (visit.citizen, visit.place) == (granted.citizen, granted.place)
            && (visit.need, visit.priority, visit.unserved_cost) == (granted.need, granted.priority, granted.unserved_cost);
        if !is_alike {
            faults.add(
                &at,
                format!("is instead of visit {} and differs from it in citizen, place, need, priority or cost of leaving it out", granted.label),
            );
        }
    }
}

fn windows(at: &str, visit: &Visit, faults: &mut Faults) {
    if visit.windows.is_empty() {
        faults.add(at, "has no time window");
    }
    for window in &visit.windows {
        faults.moment(at, "window open", window.open);
        faults.moment(at, "window close", window.close);
        if window.close < window.open {
            faults.add(at, format!("a window closes at {}, before it opens at {}", window.close.0, window.open.0));
        }
    }
    for pair in visit.windows.windows(2) {
        if pair[1].open <= pair[0].close {
            faults.add(at, format!("windows overlap or are out of order: one closes at {}, the next opens at {}", pair[0].close.0, pair[1].open.0));
        }
    }
}

fn links(parts: &ProblemBuilder, faults: &mut Faults) {
    let visits: &IdVec<_, _> = &parts.visits;
    let mut ties = vec![0usize; visits.len()];
    for (index, link) in parts.links.iter().enumerate() {
        let at = match (visits.get(link.first), visits.get(link.second)) {
            (Some(first), Some(second)) => format!("link {index} ({} to {})", first.label, second.label),
            _ => {
                faults
                    .add(&format!("link {index}"), format!("ties visits {} and {}, there are {}", link.first.idx(), link.second.idx(), visits.len()));
                continue;
            }
        };
        if link.first == link.second {
            faults.add(&at, "ties a visit to itself");
        }
        if link.min > link.max {
            faults.add(&at, format!("the smallest difference {} is above the largest {}", link.min.0, link.max.0));
        }
        for (name, value) in [("smallest", link.min), ("largest", link.max)] {
            let free = value <= Link::MIN || value >= Link::MAX;
            if !free && Ticks(value.0.abs()) > Ticks(LATEST.0) {
                faults.add(&at, format!("the {name} difference {} is out of range", value.0));
            }
        }
        ties[link.first.idx()] += 1;
        ties[link.second.idx()] += 1;
    }
    for (visit, &count) in ties.iter().enumerate().filter(|(_, count)| **count > MOST_LINKED) {
        let label = &visits[super::VisitId::new(visit)].label;
        faults.add(&format!("visit {label}"), format!("has {count} links, at most {MOST_LINKED} are allowed"));
    }
}
