//! What became of a carer's wish for slack.

use kendt_instances::district::Number;
use kendt_solver::continuity::{SlackMeasures, slack};
use kendt_solver::explain::{Forced, Forcing, force};
use kendt_solver::problem::{LongestChain, Problem, ShiftId, Slack, Term, Ticks, VisitId, Weight};
use kendt_solver::solve::SolveOptions;
use kendt_solver::stop::StopToken;

use super::price::{Planned, Price};
use super::words::Reason;
use crate::wire::day_of;

/// What is wished for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) carer: &'a str,
    pub(super) free: Number,
    pub(super) buffer: Number,
    pub(super) longest_chain: Option<i64>,
    pub(super) day: Option<i64>,
    /// Minutes that are a pause.
    pub(super) pause: Number,
}

/// How many times as dear as anything else missing slack becomes where it is forced.
const INSISTENCE: i64 = 1_000;
/// What missing slack is priced by.
const SLACK: [Term; 3] = [Term::ShortSlack, Term::ShortBuffer, Term::LongChain];

impl Asked<'_> {
    /// The carer's shifts that visit anyone, each with whether it has what is wished for.
    pub(super) fn shifts(self, planned: Planned<'_>) -> Vec<(ShiftId, bool)> {
        let Planned { problem, plan } = planned;
        let Some(asking) = self.problem(problem, 1) else { return Vec::new() };
        let own = problem.shifts().enumerate().filter(|(_, shift)| problem.carers().get(shift.carer).is_some_and(|one| one.label == self.carer));
        let of_day = own.filter(|(_, shift)| self.day.is_none_or(|day| day == day_of(problem.clock(), shift.start)));
        of_day.filter_map(|(id, _)| Some((id, is_met(&slack(&asking, plan, |one| one == id)?)))).collect()
    }

    /// Why a shift has not what is wished for, and what it would cost, found by forcing it near the plan.
    pub(super) fn why_not(self, planned: Planned<'_>, shift: ShiftId, options: &SolveOptions, stop: &StopToken) -> (Reason, Option<Price>) {
        let Planned { problem, plan } = planned;
        let has = slack(problem, plan, |one| one == shift);
        let short = Reason::short_of_slack(has.map_or(0.0, |has| has.free_minutes), has.map_or(0, |has| has.longest_chain));
        let visits: Vec<VisitId> = plan.routes.get(shift).map_or_else(Vec::new, |route| route.visits().collect());
        let Some(insisting) = self.problem(problem, INSISTENCE) else { return (short, None) };
        let forced = force(&insisting, plan, &visits, Forcing::default(), options, stop).ok();
        let is_found = |forced: &Forced| forced.is_given && slack(&insisting, &forced.plan, |one| one == shift).is_none_or(|has| is_met(&has));
        let Some(forced) = forced.filter(is_found) else { return (short, None) };
        let after = Planned { problem, plan: &forced.plan };
        let price = Price::between(planned, after, "");
        let worth = (planned.cost_of(&SLACK) - after.cost_of(&SLACK)).max(0.0);
        let reason = if price.cost < 0.0 { Reason::not_searched(-price.cost) } else { Reason::costs_more(price.cost + worth, worth) };
        (reason, Some(price))
    }

    /// The problem in which the carer's shifts ask for this and nothing else, at so many times its price.
    fn problem(self, problem: &Problem, times: i64) -> Option<Problem> {
        let mut parts = problem.to_builder();
        let ticks = |minutes: Number| Ticks((minutes.0 * problem.clock().ticks_per_minute as f64).round() as i64);
        for shift in parts.shifts.iter_mut() {
            if problem.carers().get(shift.carer).is_none_or(|one| one.label != self.carer) {
                continue;
            }
            let dear = |cost: i64| cost.saturating_mul(times).min(Weight::LARGEST);
            let chain = self.longest_chain.and_then(|visits| u16::try_from(visits).ok());
            let of_chain = shift.slack.chain.map_or(1, |chain| chain.cost);
            shift.slack = Slack {
                free: ticks(self.free),
                free_cost: dear(shift.slack.free_cost),
                buffer: ticks(self.buffer),
                buffer_cost: dear(shift.slack.buffer_cost),
                chain: chain.map(|visits| LongestChain { visits, pause: ticks(self.pause), cost: dear(of_chain) }),
            };
        }
        parts.build().ok()
    }
}

fn is_met(has: &SlackMeasures) -> bool {
    [has.free, has.buffers, has.chains].iter().all(|kept| kept.met == kept.of)
}
