//! Links between document visits.

use kendt_solver::problem::{self, ProblemBuilder, Ticks, VisitId};

use super::ids::Ids;
use super::staff::minutes;
use crate::district::pointer::Faults;
use crate::district::{District, Link, Number};

/// Most visits that may hang together by links: what they imply for each other is a full matrix.
const MOST_TOGETHER: usize = 100;

/// Adds the document's links. Where a visit has two carers its first half is tied, as both start together; where the carers must differ,
/// every half is tied to every other.
pub(super) fn add(doc: &District, ids: &Ids<'_>, builder: &mut ProblemBuilder, faults: &mut Faults) {
    for (index, link) in doc.links.iter().enumerate() {
        let at = format!("/links/{index}");
        let first = end(&format!("{at}/first"), ids, &link.first, faults);
        let second = end(&format!("{at}/second"), ids, &link.second, faults);
        let min = limit(&format!("{at}/min_minutes"), link.min_minutes, problem::Link::MIN, faults);
        let max = limit(&format!("{at}/max_minutes"), link.max_minutes, problem::Link::MAX, faults);
        if link.first == link.second {
            faults.add(&at, "ties a visit to itself");
        }
        if min > max {
            faults.add(&at, "`min_minutes` is above `max_minutes`");
        }
        let (Some(first), Some(second)) = (first, second) else { continue };
        builder.links.extend(pairs(first, second, link).map(|(first, second)| problem::Link {
            first,
            second,
            min,
            max,
            different_carers: link.different_carers,
        }));
    }
    together(builder, faults);
}

fn pairs<'a>(first: &'a [VisitId], second: &'a [VisitId], link: &Link) -> impl Iterator<Item = (VisitId, VisitId)> + 'a {
    let each = if link.different_carers { usize::MAX } else { 1 };
    first.iter().take(each).flat_map(move |&first| second.iter().take(each).map(move |&second| (first, second)))
}

fn end<'a>(at: &str, ids: &'a Ids<'_>, visit: &str, faults: &mut Faults) -> Option<&'a [VisitId]> {
    let found = ids.visit(visit);
    if found.is_none() {
        faults.unknown(at, "visit", visit);
    }
    found
}

fn limit(at: &str, value: Option<Number>, free: Ticks, faults: &mut Faults) -> Ticks {
    const FOUR_WEEKS: f64 = 40_320.0;
    value.and_then(|value| minutes(at, value.0, -FOUR_WEEKS, FOUR_WEEKS, faults)).unwrap_or(free)
}

/// Reports groups of linked visits that are too large.
fn together(builder: &ProblemBuilder, faults: &mut Faults) {
    let mut root: Vec<usize> = (0..builder.visits.len()).collect();
    let top = |root: &mut Vec<usize>, mut at: usize| {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    };
    for link in &builder.links {
        let (a, b) = (top(&mut root, link.first.idx()), top(&mut root, link.second.idx()));
        root[a] = b;
    }
    let mut sizes = vec![0_usize; root.len()];
    for visit in 0..root.len() {
        let at = top(&mut root, visit);
        sizes[at] += 1;
    }
    if let Some(&most) = sizes.iter().max().filter(|&&most| most > MOST_TOGETHER) {
        faults.add("/links", format!("tie {most} visits together, at most {MOST_TOGETHER} are allowed"));
    }
}
