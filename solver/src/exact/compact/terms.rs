//! The objective's terms as columns and rows of the compact model.

use good_lp::{Expression, Variable};

use super::model::{Model, weighted};
use super::network::Arc;
use crate::problem::{Departure, ShiftId, Term, VisitId};

/// Adds every term that matters. Returns the names of what the model only bounds from below.
pub(super) fn add(model: &mut Model) -> Vec<&'static str> {
    let mut relaxed = Vec::new();
    arcs(model);
    visits(model);
    carers(model);
    let rests: Vec<Rest> = model.problem.shifts().ids().map(|shift| rest(model, shift, &mut relaxed)).collect();
    let frames: Vec<Frame> = model.problem.shifts().ids().map(|shift| frame(model, shift, &rests[shift.idx()])).collect();
    waiting(model, &rests, &frames);
    idle(model, &rests, &frames);
    overtime(model, &frames);
    if model.wants(Term::Balance) && model.problem.shifts().len() > 1 {
        balance(model);
        // The objective rounds each shift's difference up to whole ticks; the rows do not.
        relaxed.push(Term::Balance.name());
    }
    faces(model);
    for term in [Term::ShortBuffer, Term::LongChain, Term::OutsideHours, Term::NotLast, Term::Irregularity] {
        if model.problem.matters(term) {
            relaxed.push(term.name());
        }
    }
    relaxed
}

fn arcs(model: &mut Model) {
    let (problem, minute) = (model.problem, model.problem.clock().ticks_per_minute as f64);
    let travel = model.sum(|_| true, |arc| (arc.ride(problem) * problem.travel_price(arc.shift)) as f64 / minute);
    model.charge(Term::Travel, travel, minute);
    if model.wants(Term::WorkingTime) {
        let work = model.sum(|_| true, |arc| arc.work(problem) as f64 / minute);
        model.charge(Term::WorkingTime, work, minute);
    }
    for (shift, facts) in problem.shifts().enumerate() {
        if facts.pause.is_some() && model.wants(Term::MissedBreak) {
            let missed = 1.0 - model.sum(|arc| arc.shift == shift && arc.pause, |_| 1.0);
            model.charge(Term::MissedBreak, missed, 1.0);
        }
        if facts.use_cost > 0 && model.wants(Term::ShiftUse) {
            let used = model.sum(|arc| arc.shift == shift && arc.from.is_none() && arc.to.is_some(), |_| 1.0);
            model.charge(Term::ShiftUse, used, facts.use_cost as f64);
        }
        if facts.slack.free.0 > 0 && model.wants(Term::ShortSlack) {
            // Unused, the shift has no work: where more free time is asked for than it is long, only what is beyond that counts.
            let rest = facts.pause.map_or(0.0, |rule| rule.min_duration.0 as f64 / minute);
            let work = model.sum(|arc| arc.shift == shift, |arc| arc.work(problem) as f64 / minute + if arc.pause { rest } else { 0.0 });
            let short = model.positive();
            let least = ((facts.end - facts.start).0 - facts.slack.free.0).max(0) as f64 / minute;
            model.rows.push((work - short).leq(least));
            model.charge(Term::ShortSlack, short.into(), minute * facts.slack.free_cost as f64);
        }
        if let Some(capacity) = facts.capacity.filter(|_| model.wants(Term::Overload)) {
            let load = model.sum(|arc| arc.shift == shift && arc.to.is_some(), |arc| arc.to.map_or(0.0, |visit| problem.visits()[visit].load as f64));
            let over = model.positive();
            model.rows.push((load - over).leq(capacity as f64));
            model.charge(Term::Overload, over.into(), 1.0);
        }
    }
}

/// Lateness, wishes, promises, and leaving out.
fn visits(model: &mut Model) {
    let (problem, minute) = (model.problem, model.problem.clock().ticks_per_minute as f64);
    let greatest = model.positive();
    for (id, visit) in problem.visits().enumerate() {
        if let Some(late) = lateness(model, id) {
            model.charge(Term::Lateness, late.into(), minute);
            model.rows.push((Expression::from(late) - greatest).leq(0.0));
        }
        if let Some(wish) = &visit.preference {
            let (until, from) = (model.minutes(wish.until.0), model.minutes(wish.from.0));
            if wish.early > 0 && model.wants(Term::Early) {
                let early = above(model, id, from - Expression::from(model.start[id]));
                model.charge(Term::Early, early.into(), minute * wish.early as f64);
            }
            if wish.late > 0 && model.wants(Term::Late) {
                let late = above(model, id, Expression::from(model.start[id]) - until);
                model.charge(Term::Late, late.into(), minute * wish.late as f64);
            }
        }
        if let Some(promise) = visit.published.filter(|promise| promise.per_tick > 0 && model.wants(Term::Disruption)) {
            let (low, high) = (model.minutes((promise.start - promise.tolerance).0), model.minutes((promise.start + promise.tolerance).0));
            let moved = above(model, id, low - Expression::from(model.start[id]));
            at_least(model, id, moved, Expression::from(model.start[id]) - high);
            model.charge(Term::Disruption, moved.into(), minute * promise.per_tick as f64);
        }
        moved(model, id);
        if model.left_out[id].is_some() && problem.granted(id) == id {
            let price = if problem.objective().is_hard(Term::Unserved) { 1 } else { problem.objective().soft(Term::Unserved) };
            model.pay(model.none_of(id), price as f64 * visit.unserved_cost as f64);
        }
    }
    if model.wants(Term::GreatestLateness) {
        model.charge(Term::GreatestLateness, greatest.into(), minute);
    }
}

/// The lateness of a visit in minutes, where it can be late.
fn lateness(model: &mut Model, id: VisitId) -> Option<Variable> {
    let problem = model.problem;
    let windows = &problem.visits()[id].windows;
    let priced = problem.objective().soft(Term::Lateness) + problem.objective().soft(Term::GreatestLateness) > 0;
    let hard = problem.objective().is_hard(Term::Lateness) || problem.objective().is_hard(Term::GreatestLateness);
    let last = windows[windows.len() - 1].close.0;
    if hard || !priced || (windows.len() == 1 && model.network.latest[id] <= last) {
        return None;
    }
    let close = match windows.len() {
        1 => Expression::from(model.minutes(last)),
        _ => weighted(model.window[id].iter().zip(windows).map(|(&z, window)| (z, model.minutes(window.close.0)))),
    };
    let late = above(model, id, Expression::from(model.start[id]) - close);
    // What the leg into the visit alone makes late; stronger than the row above while arcs are fractional.
    let arrivals = problem.shifts().ids().flat_map(|shift| model.legs_into(shift, id).iter().copied());
    let forced: Vec<(Variable, f64)> = arrivals
        .filter_map(|index| {
            let arc = model.network.arcs[index];
            let arrival = arc.arrival(problem, model.network.ready(problem, arc));
            (arrival > last).then(|| (model.arc[index], model.minutes(arrival - last)))
        })
        .collect();
    if !forced.is_empty() {
        model.rows.push((weighted(forced.into_iter()) - late).leq(0.0));
    }
    Some(late)
}

/// The fixed price of a start beyond the tolerance.
fn moved(model: &mut Model, id: VisitId) {
    let Some((moved, promise)) = model.moved[id].zip(model.problem.visits()[id].published) else { return };
    let start = Expression::from(model.start[id]);
    let (low, high) = (model.minutes((promise.start - promise.tolerance).0), model.minutes((promise.start + promise.tolerance).0));
    let first = model.minutes(model.network.earliest[id]);
    let last = model.minutes(model.network.latest[id].max(model.network.earliest[id]));
    for (beyond, most) in [(low - start.clone(), low - first), (start - high, last - high)] {
        if most > 0.0 {
            let row = beyond - most * (Expression::from(moved) + model.omitted(id));
            model.rows.push(row.leq(0.0));
        }
    }
    model.charge(Term::Disruption, moved.into(), promise.time_moved as f64);
}

/// A new variable of at least 0 and, if the visit is served, at least `expression` minutes.
fn above(model: &mut Model, visit: VisitId, expression: Expression) -> Variable {
    let bound = model.positive();
    at_least(model, visit, bound, expression);
    bound
}

fn at_least(model: &mut Model, visit: VisitId, bound: Variable, expression: Expression) {
    // Both ends of the difference lie on the horizon, so nothing on it is larger than its last moment.
    let facts = &model.problem.visits()[visit];
    let ends = [facts.preference.map(|wish| wish.from.0), facts.published.map(|promise| promise.start.0)];
    let span = ends.into_iter().flatten().fold(model.network.latest[visit].max(model.network.earliest[visit]), i64::max);
    let slack = model.omitted(visit) * model.minutes(span);
    model.rows.push((expression - bound - slack).leq(0.0));
}

/// Who comes: preferred, excluded, unqualified, promised.
fn carers(model: &mut Model) {
    let problem = model.problem;
    for (id, visit) in problem.visits().enumerate() {
        for (shift, facts) in problem.shifts().enumerate() {
            let carer = facts.carer;
            let unwanted = !visit.preferred.is_empty() && !visit.preferred.contains(&carer);
            let unqualified = !visit.skills.is_subset(problem.carers()[carer].skills);
            let broken = visit.published.filter(|promise| promise.carer != carer).map_or(0, |promise| promise.carer_changed);
            for (term, quantity) in [
                (Term::CarerPreference, i64::from(unwanted)),
                (Term::Exclusion, i64::from(visit.excluded.contains(&carer))),
                (Term::Qualification, i64::from(unqualified)),
                (Term::Disruption, broken),
                (Term::CarerCost, visit.carer_cost(carer)),
                (Term::Content, visit.content.cost),
            ] {
                if quantity > 0 && model.wants(term) && !model.legs_into(shift, id).is_empty() {
                    let serves = model.serves(shift, id);
                    model.charge(term, serves, quantity as f64);
                }
            }
        }
    }
}

/// Who comes to a citizen at all.
fn faces(model: &mut Model) {
    let problem = model.problem;
    if ![Term::Faces, Term::NewFaces, Term::AboveCap].into_iter().any(|term| model.problem.matters(term)) {
        return;
    }
    for (id, citizen) in problem.citizens().enumerate() {
        let mut come = Expression::default();
        for carer in problem.carers().ids() {
            let mut serves: Vec<Expression> = Vec::new();
            for (shift, _) in problem.shifts().enumerate().filter(|(_, facts)| facts.carer == carer) {
                let own = problem.visits().enumerate().filter(|(_, visit)| visit.citizen == id).map(|(visit, _)| visit);
                serves.extend(own.filter(|&visit| !model.legs_into(shift, visit).is_empty()).map(|visit| model.serves(shift, visit)));
            }
            if serves.is_empty() {
                continue;
            }
            let comes = model.binary();
            for serves in serves {
                model.rows.push((serves - comes).leq(0.0));
            }
            if !citizen.knows(carer) {
                model.charge(Term::NewFaces, comes.into(), 1.0);
            }
            come += comes;
        }
        if model.wants(Term::Faces) {
            let further = model.positive();
            model.rows.push((come.clone() - further).leq(1.0));
            model.charge(Term::Faces, further.into(), 1.0);
        }
        if let Some(cap) = citizen.cap.filter(|_| model.wants(Term::AboveCap)) {
            let above = model.positive();
            model.rows.push((come - above).leq(f64::from(cap)));
            model.charge(Term::AboveCap, above.into(), 1.0);
        }
    }
}

/// How long the break of a shift lasts: all of it, and the part that takes up counted waiting.
struct Rest {
    length: Expression,
    against_waiting: Expression,
    /// Its end, and the latest that it can be, in ticks.
    end: Option<(Variable, i64)>,
}

/// The break's begin and end, where its length matters: it may be longer than its shortest length and then takes up waiting.
fn rest(model: &mut Model, shift: ShiftId, relaxed: &mut Vec<&'static str>) -> Rest {
    let none = || Rest { length: Expression::default(), against_waiting: Expression::default(), end: None };
    let problem = model.problem;
    let legs: Vec<usize> =
        (0..model.arc.len()).filter(|&index| model.network.arcs[index].shift == shift && model.network.arcs[index].pause).collect();
    let Some(rule) = problem.shifts()[shift].pause else { return none() };
    if legs.is_empty() || !(model.wants(Term::Waiting) || model.wants(Term::GreatestIdle)) {
        return none();
    }
    let shortest = rule.min_duration.0;
    let (open, latest) = (rule.open.0.max(problem.shifts()[shift].start.0), rule.latest_begin.0);
    let stretches = latest + shortest <= rule.latest_end.0;
    let rigid = open + shortest >= rule.latest_end.0;
    if !stretches && !rigid && !relaxed.contains(&"break length") {
        relaxed.push("break length");
    }
    let last = if stretches { rule.latest_end.0 } else { latest + shortest };
    let begin = model.vars.add(good_lp::variable().clamp(model.minutes(open), model.minutes(latest)));
    let end = model.vars.add(good_lp::variable().clamp(model.minutes(open), model.minutes(last)));
    let length = Expression::from(end) - begin;
    model.rows.push(length.clone().geq(model.minutes(shortest)));
    if rigid {
        model.rows.push(length.clone().leq(model.minutes(shortest)));
    }
    for visit in problem.visits().ids() {
        let facts = &problem.visits()[visit];
        let out: Vec<usize> = legs.iter().copied().filter(|&index| model.network.arcs[index].from == Some(visit)).collect();
        if !out.is_empty() {
            let loose = model.minutes((model.network.latest[visit] + facts.duration.0 - open).max(0));
            let before = Expression::from(model.start[visit]) + model.minutes(facts.duration.0) - begin;
            let taken = weighted(out.iter().map(|&index| (model.arc[index], loose)));
            model.rows.push((before + taken).leq(loose));
        }
        let into: Vec<usize> = legs.iter().copied().filter(|&index| model.network.arcs[index].to == Some(visit)).collect();
        if !into.is_empty() {
            let loose = model.minutes((last - model.network.earliest[visit]).max(0));
            let taken = weighted(into.iter().map(|&index| (model.arc[index], loose + model.minutes(model.network.arcs[index].ride(problem)))));
            model.rows.push((Expression::from(end) - model.start[visit] + taken).leq(loose));
        }
    }
    let part = |model: &mut Model, keep: &dyn Fn(usize) -> bool| {
        let rest = model.positive();
        let longest = model.minutes((last - open).max(shortest));
        let taken = weighted(legs.iter().copied().filter(|&index| keep(index)).map(|index| (model.arc[index], longest)));
        model.rows.push((Expression::from(rest) - length.clone()).leq(0.0));
        model.rows.push((Expression::from(rest) - taken).leq(0.0));
        rest
    };
    let arcs = &model.network.arcs;
    let whole = part(model, &|_| true);
    let counted = part(model, &|index| arcs[index].from.is_some());
    Rest { length: whole.into(), against_waiting: counted.into(), end: Some((end, last)) }
}

/// When a carer leaves and is back, in minutes, where it matters.
struct Frame {
    departure: Option<Variable>,
    back: Option<Variable>,
}

fn frame(model: &mut Model, shift: ShiftId, rest: &Rest) -> Frame {
    let (problem, facts) = (model.problem, &model.problem.shifts()[shift]);
    let overtime = problem.objective().soft(Term::Overtime) > 0;
    if !(overtime || model.wants(Term::Waiting) || model.wants(Term::GreatestIdle)) {
        return Frame { departure: None, back: None };
    }
    let (open, close) = (facts.start.0, model.network.back[shift]);
    let moment = good_lp::variable().clamp(model.minutes(open), model.minutes(close.max(open)));
    let back = model.vars.add(moment.clone());
    let own = |arc: &Arc| arc.shift == shift;
    let first = model.sum(
        |arc| own(arc) && arc.to.is_none() && !arc.is_unused(),
        |arc| model.minutes(arc.arrival(problem, model.network.ready(problem, arc)) - open),
    );
    model.rows.push((first - back).leq(-model.minutes(open)));
    for visit in problem.visits().ids().filter(|&visit| model.network.is_servable(visit)) {
        let loose = model.network.latest[visit] - open;
        let home = model.sum(|arc| own(arc) && arc.to.is_none() && arc.from == Some(visit), |arc| model.minutes(arc.length(problem) + loose));
        model.rows.push((home + model.start[visit] - back).leq(model.minutes(loose)));
    }
    if let Some((end, last)) = rest.end {
        let loose = model.minutes((last - open).max(0));
        let home = model.sum(|arc| own(arc) && arc.to.is_none() && arc.pause, |arc| model.minutes(arc.ride(problem)) + loose);
        model.rows.push((home + end - back).leq(loose));
    }
    let departure = model.wants(Term::Waiting).then(|| {
        let departure = model.vars.add(moment);
        leave(model, shift, departure);
        departure
    });
    Frame { departure, back: Some(back) }
}

/// Waiting counts from the departure; after a break taken first, from the last moment to leave for the first visit.
fn leave(model: &mut Model, shift: ShiftId, departure: Variable) {
    let (problem, open) = (model.problem, model.problem.shifts()[shift].start.0);
    let last = model.network.back[shift].max(open);
    let just_in_time = problem.objective().departure == Departure::JustInTime;
    let leaving = |arc: &Arc| arc.shift == shift && arc.from.is_none() && (just_in_time || arc.pause) && !arc.is_unused();
    for visit in problem.visits().ids().filter(|&visit| model.network.is_servable(visit)) {
        let loose = model.minutes(last - model.network.earliest[visit]).max(0.0);
        let first = model.sum(|arc| leaving(arc) && arc.to == Some(visit), |arc| loose + model.minutes(arc.ride(problem)));
        model.rows.push((first + departure - model.start[visit]).leq(loose));
    }
    if !just_in_time {
        let later = model.sum(leaving, |_| model.minutes(last - open));
        model.rows.push((Expression::from(departure) - later).leq(model.minutes(open)));
    }
}

fn work(model: &Model, shift: ShiftId) -> Expression {
    model.sum(|arc| arc.shift == shift, |arc| model.minutes(arc.work(model.problem)))
}

fn waiting(model: &mut Model, rests: &[Rest], frames: &[Frame]) {
    let minute = model.problem.clock().ticks_per_minute as f64;
    for (shift, facts) in model.problem.shifts().enumerate() {
        if let Frame { departure: Some(departure), back: Some(back) } = frames[shift.idx()] {
            let waits = model.positive();
            let busy = work(model, shift) + rests[shift.idx()].against_waiting.clone();
            model.rows.push((Expression::from(back) - departure - busy - waits).leq(0.0));
            let mut waits = Expression::from(waits);
            if let Some(rule) = facts.pause.filter(|_| model.problem.objective().departure == Departure::AtShiftStart) {
                let before = model.minutes((rule.open - facts.start).0.max(0));
                waits += model.sum(|arc| arc.shift == shift && arc.from.is_none() && arc.pause, |_| before);
            }
            model.charge(Term::Waiting, waits, minute);
        }
    }
}

/// Idle is what is left of the longer of shift and absence after work and break.
fn idle(model: &mut Model, rests: &[Rest], frames: &[Frame]) {
    if !model.wants(Term::GreatestIdle) {
        return;
    }
    let greatest = model.positive();
    for (shift, facts) in model.problem.shifts().enumerate() {
        let used = work(model, shift) + rests[shift.idx()].length.clone() + greatest;
        model.rows.push(used.clone().geq(model.minutes((facts.end - facts.start).0)));
        if let Some(back) = frames[shift.idx()].back {
            model.rows.push((used - back).geq(-model.minutes(facts.start.0)));
        }
    }
    model.charge(Term::GreatestIdle, greatest.into(), model.problem.clock().ticks_per_minute as f64);
}

fn overtime(model: &mut Model, frames: &[Frame]) {
    if model.problem.objective().soft(Term::Overtime) == 0 {
        return;
    }
    for (shift, facts) in model.problem.shifts().enumerate() {
        if let Some(back) = frames[shift.idx()].back {
            let over = model.positive();
            model.rows.push((Expression::from(back) - over).leq(model.minutes(facts.end.0)));
            model.charge(Term::Overtime, over.into(), model.problem.clock().ticks_per_minute as f64);
        }
    }
}

fn balance(model: &mut Model) {
    let n = model.problem.shifts().len() as f64;
    let mean = model.sum(|_| true, |arc| model.minutes(arc.work(model.problem)) / n);
    for shift in model.problem.shifts().ids() {
        let apart = work(model, shift) - mean.clone();
        let off = model.positive();
        model.rows.push((apart.clone() - off).leq(0.0));
        model.rows.push((apart + off).geq(0.0));
        model.charge(Term::Balance, off.into(), model.problem.clock().ticks_per_minute as f64);
    }
}
