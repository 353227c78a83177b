//! From the document to the problem: checks everything, keeps every fault with its pointer.

mod delegations;
mod demand;
mod ids;
mod links;
mod precautions;
mod prices;
mod slack;
mod staff;
mod travel;
mod wishes;

use kendt_solver::problem::{Problem, ProblemBuilder};
use kendt_solver::replan::DisruptionWeights;

use super::pointer::Faults;
use super::{District, FORMAT, say, time};
use crate::ReadError;
use ids::Ids;
use prices::Scale;

pub(super) use ids::{swap_label, visit_labels};
pub(super) use staff::shift_label;

/// Most visits of one document.
pub(super) const MOST_VISITS: usize = 40_000;
/// Most shifts, citizens, bases, carers, teams, links, services, grants, swaps or wishes of one document.
const MOST_ITEMS: usize = 20_000;
/// Most entries in all travel matrices together, one row for each home and base: they are held in memory.
const MOST_TRAVEL_TIMES: usize = 50_000_000;
/// Most pairs of a visit and a shift: the problem lists who may serve what.
const MOST_PAIRS: usize = 120_000_000;

/// The problem of a document.
pub(super) fn problem(doc: &District) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    // Past these sizes the tables would not fit in memory, so nothing else is looked at.
    if outline(doc, &mut faults) {
        return Err(ReadError { faults: faults.found });
    }
    let ids = Ids::of(doc, &mut faults);
    say::check::grants(doc, &mut faults);
    say::check::swaps(doc, &mut faults);
    say::check::wishes(doc, &mut faults);
    say::check::packages(doc, &mut faults);
    say::check::triage(doc, &mut faults);
    let scale = Scale::of(doc, &mut faults);
    let (travel, modes) = travel::tables(doc, &mut faults);
    let mut builder = ProblemBuilder::new(doc.name.clone(), time::CLOCK, travel, prices::objective(doc, scale));
    staff::add(doc, &ids, &modes, &mut builder, &mut faults);
    demand::add(doc, &ids, scale, &mut builder, &mut faults);
    links::add(doc, &ids, &mut builder, &mut faults);
    wishes::add(doc, &ids, scale, &mut builder);
    slack::add(doc, &ids, scale, &mut builder);
    precautions::add(doc, &ids, scale, &mut builder);
    delegations::add(doc, &ids, &mut builder, &mut faults);
    faults.into_result(())?;
    Ok(builder.build()?)
}

/// What disruption costs in the internal units of the document's problem.
pub(super) fn disruption(doc: &District) -> Result<DisruptionWeights, ReadError> {
    let mut faults = Faults::default();
    let scale = Scale::of(doc, &mut faults);
    faults.into_result(prices::disruption(&doc.objective.disruption, scale))
}

/// Reports what is wrong with the document as a whole, and says whether it is too large to look further.
pub(super) fn outline(doc: &District, faults: &mut Faults) -> bool {
    header(doc, faults);
    sizes(doc, faults)
}

fn header(doc: &District, faults: &mut Faults) {
    if doc.format != FORMAT {
        faults.add("/format", format!("is `{}`, this reads `{FORMAT}`", doc.format));
    }
    if let Some(date) = doc.date.as_deref().filter(|date| say::date(date).is_none()) {
        faults.add("/date", format!("`{date}` is not a date like 2026-11-23"));
    }
    if !(1..=28).contains(&doc.days) {
        faults.add("/days", format!("is {}, allowed 1 to 28", doc.days));
    }
}

/// Reports lists that are too long and says whether there were any.
fn sizes(doc: &District, faults: &mut Faults) -> bool {
    let shifts: usize = doc.carers.iter().map(|carer| carer.shifts.len()).sum();
    let before = faults.found.len();
    for (at, count, most) in [
        ("/bases", doc.bases.len(), MOST_ITEMS),
        ("/teams", doc.teams.len(), MOST_ITEMS),
        ("/carers", doc.carers.len().max(shifts), MOST_ITEMS),
        ("/citizens", doc.citizens.len(), MOST_ITEMS),
        ("/visits", doc.visits.len(), MOST_VISITS),
        ("/links", doc.links.len(), MOST_ITEMS),
        ("/services", doc.services.len(), MOST_ITEMS),
        ("/grants", doc.grants.len(), MOST_ITEMS),
        ("/swaps", doc.swaps.len(), MOST_ITEMS),
        ("/wishes", doc.wishes.len(), MOST_ITEMS),
        ("/packages", doc.packages.len(), MOST_ITEMS),
        ("/precautions", doc.precautions.len(), MOST_ITEMS),
    ] {
        if count > most {
            faults.add(at, format!("there are {count}, at most {most} are allowed"));
        }
    }
    // By coordinates, travel times are worked out when they are asked for.
    let places = if doc.travel.matrices.is_some() { doc.bases.len() + doc.citizens.len() } else { 0 };
    let n_modes = travel::modes(doc).len().max(1);
    if places.saturating_mul(places).saturating_mul(n_modes) > MOST_TRAVEL_TIMES {
        faults.add("/citizens", format!("{places} homes and bases in {n_modes} travel modes need more than {MOST_TRAVEL_TIMES} travel times"));
    }
    if doc.visits.len().saturating_mul(doc.carers.len()) > MOST_PAIRS {
        faults.add("/visits", format!("{} visits and {} carers make more than {MOST_PAIRS} pairs", doc.visits.len(), doc.carers.len()));
    }
    if doc.visits.len().saturating_mul(2 * shifts) > MOST_PAIRS {
        faults.add("/visits", format!("{} visits and {shifts} shifts make more than {} pairs", doc.visits.len(), MOST_PAIRS / 2));
    }
    faults.found.len() > before
}
