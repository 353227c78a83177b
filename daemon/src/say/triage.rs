//! The sheet for the weekly board meeting: citizens whose state has changed, and what they have been given.

use std::collections::BTreeSet;

use kendt_instances::district::{Colour, District, GrantKind, Number, Visit, VisitWindow};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{CarerId, Problem};
use kendt_solver::stop::StopToken;
use serde::Serialize;
use utoipa::ToSchema;

use super::price::Price;
use super::ways::{Ask, what_if};
use super::words::soundness_code;

/// Minutes of the extra visit whose price the sheet shows.
const EXTRA_MINUTES: f64 = 20.0;

/// The sheet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TriageSheet {
    /// The district's name.
    district: String,
    /// The date of day 1.
    date: Option<String>,
    /// Red citizens first, then yellow ones, then those whose need is to be assessed anew.
    pub(crate) citizens: Vec<SheetRow>,
}

/// A citizen on the sheet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SheetRow {
    /// The citizen's id.
    citizen: String,
    /// `green`, `yellow` or `red`.
    colour: &'static str,
    /// Since when.
    since: Option<String>,
    /// Planned visits in the horizon.
    planned: usize,
    /// Visits that are left out.
    left_out: Vec<String>,
    /// Visits that are shorter than granted.
    shortened: Vec<String>,
    /// Swaps that were asked for, with what a professional says of each.
    swaps: Vec<SheetSwap>,
    /// Whether there are so many that the need is to be assessed anew.
    reassess: bool,
    /// Different carers who come in the horizon.
    carers: usize,
    /// Different carers who came in the 28 days before.
    carers_before: usize,
    /// Grants that await confirmation.
    awaiting_confirmation: Vec<String>,
    /// What an extra visit of 20 minutes on day 1 would cost; `null` where nobody can come.
    extra_visit: Option<Price>,
}

/// A swap on the sheet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SheetSwap {
    /// The swap's id.
    swap: String,
    /// `pending`, `sound` or `not_sound`.
    soundness: &'static str,
    /// Whether citizen and professional disagree.
    disagreement: bool,
}

/// The sheet of a district and its plan.
pub(crate) fn triage_sheet(district: &District, problem: &Problem, plan: &Plan, seed: u64, stop: &StopToken) -> TriageSheet {
    let reassess: BTreeSet<String> = district.reassessments().into_iter().map(|one| one.citizen).collect();
    let mut rows: Vec<(Colour, SheetRow)> = Vec::new();
    for citizen in &district.citizens {
        let colour = citizen.triage.as_ref().map_or(Colour::Green, |triage| triage.colour);
        if colour == Colour::Green && !reassess.contains(&citizen.id) {
            continue;
        }
        let visits: Vec<&Visit> = district.visits.iter().filter(|visit| visit.citizen == citizen.id).collect();
        let swaps = district.swaps.iter().filter(|swap| swap.citizen(&district.visits) == Some(&citizen.id));
        let served = plan.served(problem);
        let own: Vec<_> = problem
            .visits()
            .enumerate()
            .filter(|(_, visit)| problem.citizens().get(visit.citizen).is_some_and(|one| one.label == citizen.id))
            .collect();
        let at = |id| served.get(id).copied().flatten();
        let carers: BTreeSet<CarerId> = own.iter().filter_map(|&(id, _)| problem.shifts().get(at(id)?.shift)).map(|shift| shift.carer).collect();
        let granted = |visit: &Visit| district.grants.iter().find(|grant| Some(&grant.id) == visit.grant.as_ref()).map(|grant| grant.minutes.0);
        let left_out: Vec<String> = plan
            .left_out(problem)
            .filter_map(|id| problem.visits().get(id))
            .filter(|visit| problem.citizens().get(visit.citizen).is_some_and(|one| one.label == citizen.id))
            .map(|visit| visit.label.clone())
            .collect();
        let is_frame = |visit: &Visit| district.grants.iter().any(|grant| Some(&grant.id) == visit.grant.as_ref() && grant.kind == GrantKind::Frame);
        rows.push((
            colour,
            SheetRow {
                citizen: citizen.id.clone(),
                colour: name(colour),
                since: citizen.triage.as_ref().map(|triage| triage.since.clone()),
                planned: own.iter().filter(|&&(id, _)| at(id).is_some()).count(),
                left_out,
                shortened: visits
                    .iter()
                    .filter(|visit| !is_frame(visit) && granted(visit).is_some_and(|granted| visit.minutes.0 < granted))
                    .map(|visit| visit.id.clone())
                    .collect(),
                swaps: swaps.map(SheetSwap::of).collect(),
                reassess: reassess.contains(&citizen.id),
                carers: carers.len(),
                carers_before: citizen.history.len(),
                awaiting_confirmation: district
                    .grants
                    .iter()
                    .filter(|grant| grant.citizen == citizen.id && grant.status == kendt_instances::district::GrantStatus::AwaitingConfirmation)
                    .map(|grant| grant.id.clone())
                    .collect(),
                extra_visit: extra(district, problem, plan, &citizen.id, seed, stop),
            },
        ));
    }
    rows.sort_by_key(|(colour, _)| std::cmp::Reverse(*colour));
    TriageSheet { district: district.name.clone(), date: district.date.clone(), citizens: rows.into_iter().map(|(_, row)| row).collect() }
}

/// What an extra visit on day 1 would cost.
fn extra(district: &District, problem: &Problem, plan: &Plan, citizen: &str, seed: u64, stop: &StopToken) -> Option<Price> {
    let visit = Visit {
        id: format!("extra visit to {citizen}"),
        citizen: citizen.to_owned(),
        day: 1,
        carers: 1,
        minutes: Number(EXTRA_MINUTES),
        windows: vec![VisitWindow { day: None, from: "08:00".to_owned(), to: "20:00".to_owned() }],
        ..Visit::default()
    };
    let found = what_if(district, problem, plan, &Ask::Visit { visit: Box::new(visit) }, 1, seed, stop).ok()?;
    found.ways.into_iter().next().map(|way| way.price)
}

fn name(colour: Colour) -> &'static str {
    match colour {
        Colour::Green => "green",
        Colour::Yellow => "yellow",
        Colour::Red => "red",
    }
}

impl SheetSwap {
    fn of(swap: &kendt_instances::district::Swap) -> Self {
        Self { swap: swap.id.clone(), soundness: soundness_code(swap.soundness.state), disagreement: swap.soundness.disagreement }
    }
}

impl TriageSheet {
    /// The sheet in words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let mut text = format!("{}{}\n", self.district, self.date.as_ref().map_or_else(String::new, |date| format!(", {date}")));
        for row in &self.citizens {
            text += &row.text(is_danish);
        }
        text
    }
}

impl SheetRow {
    fn text(&self, is_danish: bool) -> String {
        let colour = match (self.colour, is_danish) {
            ("red", true) => "rød",
            ("yellow", true) => "gul",
            ("green", true) => "grøn",
            (colour, _) => colour,
        };
        let since = self.since.as_ref().map_or_else(String::new, |since| format!(" {since}"));
        let (planned, left_out, shortened, swaps) = (self.planned, self.left_out.len(), self.shortened.len(), self.swaps.len());
        let (carers, before) = (self.carers, self.carers_before);
        let mut text = if is_danish {
            format!(
                "{}: {colour}{since}: {planned} besøg planlagt, {left_out} udeladt, {shortened} forkortet, {swaps} bytter, {carers} medarbejdere ({before} de sidste 28 dage)\n",
                self.citizen
            )
        } else {
            format!(
                "{}: {colour}{since}: {planned} visits planned, {left_out} left out, {shortened} shortened, {swaps} swaps, {carers} carers ({before} in the last 28 days)\n",
                self.citizen
            )
        };
        if self.reassess {
            text += if is_danish { "  behovet skal vurderes på ny\n" } else { "  the need is to be assessed anew\n" };
        }
        for grant in &self.awaiting_confirmation {
            text +=
                &if is_danish { format!("  bevilling {grant} afventer bekræftelse\n") } else { format!("  grant {grant} awaits confirmation\n") };
        }
        if let Some(price) = &self.extra_visit {
            let words = if is_danish { "et ekstra besøg på 20 minutter" } else { "an extra visit of 20 minutes" };
            text += &format!("  {words}: {}\n", price.text(is_danish));
        }
        text
    }
}
