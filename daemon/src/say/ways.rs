//! What if: the best few ways to have something, each with its price. The plan is never touched.

use kendt_instances::ReadError;
use kendt_instances::district::{District, Grant, PackageOrder, PackageRefusal, Swap, Visit, VisitWindow, map_plan};
use kendt_solver::explain::{Forcing, force};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Problem, VisitId};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::price::{Planned, Price};
use super::words::Reason;
use crate::wire::{day_of, time_of};

/// Moves of the search for one way.
const MOVES: u64 = 10_000;
/// Most ways that are looked for.
pub(crate) const MOST_WAYS: usize = 10;

/// What is asked about.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Ask {
    /// A visit starts within these times.
    Time {
        /// The visit's id.
        visit: String,
        /// The day, from 1. Default: the visit's.
        day: Option<i64>,
        /// Earliest start, `HH:MM`.
        from: String,
        /// Latest start, `HH:MM`.
        until: String,
    },
    /// This carer comes to a visit.
    Carer {
        /// The visit's id.
        visit: String,
        /// The carer's id.
        carer: String,
    },
    /// Other help is given than was granted.
    Swap {
        /// The swap.
        swap: Box<Swap>,
    },
    /// There is one visit more.
    Visit {
        /// The visit, with a new id.
        visit: Box<Visit>,
    },
    /// A package is granted; its visits are made in the horizon, and others take longer or are by fewer carers.
    Package {
        /// The package's id.
        package: String,
        /// The citizen's id.
        citizen: String,
        /// The first date, `YYYY-MM-DD`.
        from: String,
        /// The role of whoever would grant it.
        by_role: String,
        /// The only carers who come meanwhile. Default: anybody who may.
        #[serde(default)]
        carers: Vec<String>,
    },
    /// Something more is granted; its visits are made in the horizon.
    Grant {
        /// The grant, with a new id.
        grant: Box<Grant>,
    },
}

/// The answer to a what-if.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WhatIf {
    /// The best ways found, the cheapest first; empty where there is none.
    pub(crate) ways: Vec<Way>,
    /// Why there is no way.
    pub(crate) reason: Option<Reason>,
}

/// One way to have what was asked about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Way {
    /// Who comes when.
    pub(crate) visits: Vec<Appointed>,
    /// What it costs.
    pub(crate) price: Price,
}

/// A visit with its carer and start.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Appointed {
    /// The visit's id.
    visit: String,
    /// Who comes.
    pub(crate) carer: String,
    /// The day, from 1.
    pub(crate) day: i64,
    /// The start, `HH:MM`.
    pub(crate) start: String,
}

/// Why an ask cannot be looked at.
#[derive(Clone, Debug)]
pub(crate) enum Unasked {
    /// The district would have faults with it.
    Faults(ReadError),
    /// It names something that is not there.
    Unknown(&'static str, String),
    /// A rule of swapping speaks against it.
    Refused(Box<Reason>),
}

/// The best ways, at most `most`, to have what is asked about beside a plan.
pub(crate) fn what_if(
    district: &District,
    problem: &Problem,
    plan: &Plan,
    ask: &Ask,
    most: usize,
    seed: u64,
    stop: &StopToken,
) -> Result<WhatIf, Unasked> {
    let (asked, names) = with(district, ask)?;
    let next = asked.problem().map_err(|error| faults(ask, &asked, error))?;
    let wanted: Vec<VisitId> = next.visits().enumerate().filter(|(_, visit)| names.contains(&visit.label)).map(|(id, _)| id).collect();
    if wanted.is_empty() {
        return Ok(WhatIf { ways: Vec::new(), reason: Some(Reason::no_visit()) });
    }
    let start = map_plan(problem, &next, plan);
    // People know the plan: whatever moves for it has a price.
    let disruption = Some(asked.disruption().map_err(Unasked::Faults)?);
    let own = wanted.first().and_then(|&id| next.visits().get(id)).and_then(|visit| next.citizens().get(visit.citizen));
    let own = own.map(|citizen| citizen.label.clone()).unwrap_or_default();
    let options = SolveOptions { seed, threads: 1, iterations: Some(MOVES), time_limit: None, prove: false, ..SolveOptions::default() };
    let mut ways: Vec<Way> = Vec::new();
    let mut tried: Vec<CarerId> = Vec::new();
    // Each further way is by somebody else at the first visit; of visits on several days there is one way.
    let is_at_once = wanted.iter().all(|&id| wanted.first().is_some_and(|&first| next.cluster_index(id) == next.cluster_index(first)));
    while ways.len() < most.clamp(1, MOST_WAYS) && !stop.is_stopped() {
        let others: Vec<CarerId> = next.carers().ids().filter(|carer| !tried.contains(carer)).collect();
        let carers = (!tried.is_empty()).then_some(others.as_slice());
        let forced = force(&next, &start, &wanted, Forcing { carers, disruption }, &options, stop).ok().filter(|forced| forced.is_given);
        let Some(forced) = forced else { break };
        let after = Planned { problem: &next, plan: &forced.plan };
        let visits = appointed(after, &wanted);
        let served = forced.plan.served(&next);
        let came = wanted.first().into_iter().filter_map(|&id| next.shifts().get(served.get(id).copied().flatten()?.shift)).map(|shift| shift.carer);
        tried.extend(came);
        ways.push(Way { visits, price: Price::between(Planned { problem, plan }, after, &own) });
        if !is_at_once {
            break;
        }
    }
    ways.sort_by(|one, other| one.price.cost.total_cmp(&other.price.cost));
    let reason = if ways.is_empty() { wanted.first().map(|&id| Reason::nobody_or_no_room(&next, id)) } else { None };
    Ok(WhatIf { ways, reason })
}

/// The district in which what is asked about is so, and the labels of the visits that it is about.
fn with(district: &District, ask: &Ask) -> Result<(District, Vec<String>), Unasked> {
    let mut next = district.clone();
    let labels = Visit::labels;
    let find =
        |next: &District, id: &str| next.visits.iter().position(|visit| visit.id == id).ok_or_else(|| Unasked::Unknown("visit", id.to_owned()));
    let names = match ask {
        Ask::Time { visit, day, from, until } => {
            let at = find(&next, visit)?;
            let visit = next.visits.get_mut(at).ok_or(Unasked::Unknown("visit", visit.clone()))?;
            visit.windows = vec![VisitWindow { day: day.or(Some(visit.day)), from: from.clone(), to: until.clone() }];
            visit.preferred = None;
            visit.labels()
        }
        Ask::Carer { visit, carer } => {
            let at = find(&next, visit)?;
            let visit = next.visits.get_mut(at).ok_or(Unasked::Unknown("visit", visit.clone()))?;
            visit.allowed_carers = Some(vec![carer.clone()]);
            labels(visit)
        }
        Ask::Swap { swap } => {
            next.swaps.retain(|other| other.id != swap.id);
            next.swaps.push(Swap::clone(swap));
            // Faults of the swap itself are told as such.
            let _ = next.problem().map_err(|error| faults(ask, &next, error))?;
            match next.swaps_as_planned().pop() {
                Some(Ok(visits)) => vec![visits.asked],
                Some(Err(refusal)) => return Err(Unasked::Refused(Box::new(Reason::of_refusal(&refusal)))),
                None => Vec::new(),
            }
        }
        Ask::Visit { visit } => {
            next.visits.push(Visit::clone(visit));
            labels(visit)
        }
        Ask::Package { package, citizen, from, by_role, carers } => {
            let order = PackageOrder {
                package: package.clone(),
                citizen: citizen.clone(),
                from: from.clone(),
                by_role: by_role.clone(),
                carers: carers.clone(),
            };
            let applied = next.with_package(&order).map_err(|refusal| refused(refusal, &order))?;
            next = applied.demand.district;
            next.visits.iter().filter(|visit| visit.grant.as_ref().is_some_and(|grant| applied.grants.contains(grant))).flat_map(labels).collect()
        }
        Ask::Grant { grant } => {
            next.grants.push(Grant::clone(grant));
            next = next.with_demand().map_err(|error| faults(ask, &next, error))?.district;
            next.visits.iter().filter(|visit| visit.grant.as_ref() == Some(&grant.id)).flat_map(labels).collect()
        }
    };
    Ok((next, names))
}

fn refused(refusal: PackageRefusal, order: &PackageOrder) -> Unasked {
    match refusal {
        PackageRefusal::Faults(mut error) => {
            error.faults.iter_mut().filter(|fault| fault.at.is_empty()).for_each(|fault| "/what".clone_into(&mut fault.at));
            Unasked::Faults(error)
        }
        PackageRefusal::NoPackage => Unasked::Unknown("package", order.package.clone()),
        PackageRefusal::NoCitizen => Unasked::Unknown("citizen", order.citizen.clone()),
        PackageRefusal::AlreadyApplied => Unasked::Refused(Box::new(Reason::package_runs())),
        PackageRefusal::NotByRole { granted_by } => Unasked::Refused(Box::new(Reason::not_by_role(&order.by_role, &granted_by))),
    }
}

/// Faults of the district with what is asked about, by their places in the ask where they are of it.
fn faults(ask: &Ask, next: &District, mut error: ReadError) -> Unasked {
    let last = |n: usize| n.saturating_sub(1);
    let (from, to) = match ask {
        Ask::Time { visit, .. } | Ask::Carer { visit, .. } => {
            (format!("/visits/{}", next.visits.iter().position(|one| one.id == *visit).unwrap_or(0)), "/what")
        }
        Ask::Swap { .. } => (format!("/swaps/{}", last(next.swaps.len())), "/what/swap"),
        Ask::Visit { .. } => (format!("/visits/{}", last(next.visits.len())), "/what/visit"),
        Ask::Package { .. } => ("/grants".to_owned(), "/what"),
        Ask::Grant { .. } => (format!("/grants/{}", last(next.grants.len())), "/what/grant"),
    };
    for fault in &mut error.faults {
        if let Some(rest) = fault.at.strip_prefix(&from).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            fault.at = format!("{to}{rest}");
        }
    }
    Unasked::Faults(error)
}

fn appointed(of: Planned<'_>, visits: &[VisitId]) -> Vec<Appointed> {
    let (problem, served) = (of.problem, of.plan.served(of.problem));
    let one = |&id: &VisitId| {
        let at = served.get(id).copied().flatten()?;
        let carer = problem.carers().get(problem.shifts().get(at.shift)?.carer)?;
        let clock = problem.clock();
        Some(Appointed {
            visit: problem.visits().get(id)?.label.clone(),
            carer: carer.label.clone(),
            day: day_of(clock, at.start),
            start: time_of(clock, at.start),
        })
    };
    visits.iter().filter_map(one).collect()
}
