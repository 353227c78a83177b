//! The whole day as one mixed-integer programme: the oracle of the searches on small days, and their proof of optimality.
//!
//! [`prove`] knows nothing of searches. Given an incumbent it looks only among plans no dearer: that bounds how late anything can be and
//! drops most arcs. The plan it returns is re-timed in whole ticks and re-priced by [`crate::cost::evaluate`]; the bound is rounded to the
//! safe side. Sizes of a few dozen visits are its limit.

mod model;
mod network;
mod terms;
mod tighten;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use good_lp::solvers::highs::highs;
use good_lp::{SolverModel, Variable};
use highs::{HighsModelStatus, HighsSolutionStatus};

use self::model::{Arcs, Model};
use self::network::{Arc, Network};
use super::timing::{self, Choice};
use crate::cost::evaluate;
use crate::plan::{Plan, Task};
use crate::problem::{Cost, IdVec, Problem, ShiftId, VisitId};
use crate::stop::{StopToken, Watch};

/// HiGHS' bound may be this much too high, relative to itself and once more in cost units: its own feasibility tolerance, with room.
const BOUND_TOLERANCE: f64 = 1e-6;
/// Feasibility tolerance of rows and integers. A big-M of a day leaks this much of a day, so HiGHS' default 1e-6 is too coarse.
const FEASIBILITY_TOLERANCE: f64 = 1e-8;
/// Two integer costs differ by at least 1, so a gap below this closes the proof.
const CLOSED_GAP: f64 = 0.5;
/// Share of the time limit that tightening the bounds may take.
const TIGHTENING_SHARE: f64 = 0.25;

/// When to give up. HiGHS looks at both only now and then. With nodes alone the result does not depend on the machine's load.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MipLimit {
    /// Wall time in seconds, at least 0; `None` is no limit.
    pub seconds: Option<f64>,
    /// Nodes of the branch-and-bound tree; `None` is no limit.
    pub nodes: Option<u64>,
}

/// Whether the model is the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Its optimum is the problem's.
    Exact,
    /// Its optimum is at most the problem's: these parts are only bounded from below.
    Relaxed(Vec<&'static str>),
}

/// What the compact model says about a problem.
#[derive(Clone, Debug)]
pub struct Compact {
    /// The best plan found by the model, in whole ticks; `None` if it found none.
    pub plan: Option<Plan>,
    /// No plan without violation costs less; `None` if nothing was proved.
    pub dual_bound: Option<Cost>,
    /// Whether `plan`, or the incumbent where `plan` is no cheaper, costs exactly the bound.
    pub optimal: bool,
    /// Whether the model is the problem.
    pub covers: Coverage,
}

/// Solves the compact model, from an incumbent if there is one. **The incumbent must have no violation**: its cost cuts off dearer plans.
#[must_use]
pub fn prove(problem: &Problem, incumbent: Option<&Plan>, limit: MipLimit) -> Compact {
    if !is_modelled(problem) {
        return Compact { plan: None, dual_bound: None, optimal: false, covers: Coverage::Relaxed(vec!["everything: the day has breaks"]) };
    }
    let watch = Watch::new(limit.seconds.map(seconds), StopToken::default());
    let cutoff = incumbent.map(|plan| evaluate(problem, plan).cost(problem.objective()));
    let mut network = Network::new(problem, cutoff);
    if let Some(cutoff) = cutoff {
        tighten::tighten(problem, &mut network, cutoff, &Watch::new(limit.seconds.map(|all| seconds(all * TIGHTENING_SHARE)), StopToken::default()));
    }
    let mut model = Model::new(problem, &network, Arcs::Whole);
    let relaxed = terms::add(&mut model);
    let start = incumbent.and_then(|plan| start(&model, plan));
    let answer = run(&model, start, MipLimit { seconds: watch.left().map(|left| left.as_secs_f64()), ..limit });
    let plan = answer.columns.and_then(|columns| plan(&model, &columns));
    let found = plan.as_ref().map(|plan| evaluate(problem, plan).cost(problem.objective()));
    let best = [found, cutoff].into_iter().flatten().min();
    let dual_bound = answer.bound.and_then(|bound| safe(bound * problem.objective().denominator as f64));
    // The model is cut off at the incumbent's cost, so its bound says nothing above it; below a plan in hand there is no bound at all.
    let dual_bound = dual_bound.map(|bound| cutoff.map_or(bound, |cutoff| bound.min(cutoff))).filter(|&bound| best.is_none_or(|best| bound <= best));
    Compact {
        plan,
        dual_bound,
        optimal: best.is_some() && best == dual_bound,
        covers: if relaxed.is_empty() { Coverage::Exact } else { Coverage::Relaxed(relaxed) },
    }
}

/// Whether the model knows all rules of the problem. It takes a break before the ride, the problem after it, so days with breaks are not
/// its business.
#[must_use]
pub fn is_modelled(problem: &Problem) -> bool {
    problem.shifts().iter().all(|shift| shift.pause.is_none())
}

fn seconds(limit: f64) -> std::time::Duration {
    std::time::Duration::try_from_secs_f64(limit.max(0.0)).unwrap_or(std::time::Duration::MAX)
}

/// The least whole cost that a bound allows, after taking off what HiGHS' arithmetic may have added; `None` if there is none.
fn safe(bound: f64) -> Option<Cost> {
    let safe = (bound - BOUND_TOLERANCE * (1.0 + bound.abs())).ceil();
    (safe.abs() < 2f64.powi(62)).then_some(Cost(safe as i64))
}

struct Answer {
    /// In reported units.
    bound: Option<f64>,
    columns: Option<Vec<f64>>,
}

/// One bounded run of HiGHS. The model lives and dies in here: it may not leave its thread.
fn run(model: &Model, start: Option<Vec<(Variable, f64)>>, limit: MipLimit) -> Answer {
    let nothing = Answer { bound: None, columns: None };
    let Some(mut highs) = build(model) else { return nothing };
    // HiGHS 1.15.0's presolve loses plans on the way back now and then (its issue 2204): once in 1,500 tiny days it called a day with
    // plans infeasible. Without it small days take no longer, as the bounds here are tight already.
    highs.set_option("presolve", "off");
    highs.set_option("mip_rel_gap", 0.0);
    highs.set_option("mip_abs_gap", CLOSED_GAP / model.problem.objective().denominator as f64);
    highs.set_option("mip_feasibility_tolerance", FEASIBILITY_TOLERANCE);
    if let Some(limit) = limit.seconds {
        highs.set_option("time_limit", limit);
    }
    if let Some(nodes) = limit.nodes {
        highs.set_option("mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX));
    }
    if let Some(start) = start {
        let mut columns = vec![0.0; highs.num_cols()];
        let index = model.positions();
        for (column, value) in start {
            columns[index[&column]] = value;
        }
        // HiGHS keeps the integers and completes the rest by a linear programme.
        let _ = highs.try_set_solution(Some(&columns), None, None, None);
    }
    let Ok(solved) = highs.try_solve() else { return nothing };
    let has_plan = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    let stated = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
    let bound = match solved.status() {
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => None,
        // Where propagation alone finds that nothing beats the start, HiGHS says optimal and leaves its bound at minus infinity.
        HighsModelStatus::Optimal => stated.or(Some(solved.objective_value() - CLOSED_GAP / model.problem.objective().denominator as f64)),
        _ => stated,
    };
    Answer { bound, columns: has_plan.then(|| solved.get_solution().columns().to_vec()) }
}

/// The model in HiGHS, on one thread and silent.
fn build(model: &Model) -> Option<highs::Model> {
    let mut problem = model.vars.clone().minimise(&model.objective).using(highs);
    for row in &model.rows {
        problem.add_constraint(row.clone());
    }
    let mut highs = problem.try_into_inner().ok()?;
    highs.make_quiet();
    highs.set_threads(NonZeroU32::MIN);
    Some(highs)
}

/// The incumbent as values of the integer columns and starts; `None` if it uses an arc that the model dropped.
fn start(model: &Model, plan: &Plan) -> Option<Vec<(Variable, f64)>> {
    let (problem, arcs) = (model.problem, &model.network.arcs);
    let index: BTreeMap<Arc, usize> = arcs.iter().enumerate().map(|(index, &arc)| (arc, index)).collect();
    let mut values = Vec::new();
    for (shift, route) in plan.routes.enumerate() {
        let (mut from, mut pause) = (None, false);
        for task in route.tasks().map(Some).chain(std::iter::once(None)) {
            if task == Some(Task::Break) {
                pause = true;
                continue;
            }
            let to = task.and_then(|task| match task {
                Task::Visit(visit) => Some(visit),
                Task::Break => None,
            });
            values.push((model.arc[*index.get(&Arc { shift, from, to, pause })?], 1.0));
            (from, pause) = (to, false);
        }
    }
    for (visit, served) in plan.served(problem).enumerate() {
        match served {
            Some(served) => {
                values.push((model.start[visit], model.minutes(served.start.0)));
                let choice = timing::choice(&problem.visits()[visit], served.start);
                values.extend(model.window[visit].get(choice.window).map(|&window| (window, 1.0)));
                values.extend(model.moved[visit].map(|moved| (moved, if choice.keeps_promise { 0.0 } else { 1.0 })));
            }
            None => {
                values.push((model.left_out[visit]?, 1.0));
                values.extend(model.window[visit].first().map(|&window| (window, 1.0)));
            }
        }
    }
    Some(values)
}

/// The plan that the columns say, timed again in whole ticks.
fn plan(model: &Model, columns: &[f64]) -> Option<Plan> {
    let problem = model.problem;
    let index = model.positions();
    let is_one = |column: Variable| columns[index[&column]] > 0.5;
    let mut next: BTreeMap<(ShiftId, Option<VisitId>), Arc> = BTreeMap::new();
    for (&arc, _) in model.network.arcs.iter().zip(&model.arc).filter(|(_, x)| is_one(**x)) {
        next.insert((arc.shift, arc.from), arc);
    }
    let mut sequences: IdVec<ShiftId, Vec<Task>> = problem.shifts().iter().map(|_| Vec::new()).collect();
    for shift in problem.shifts().ids() {
        let mut at = None;
        // A route has at most every visit once: anything longer is a cycle, which the rows forbid.
        for _ in 0..=problem.visits().len() {
            let arc = next.get(&(shift, at))?;
            sequences[shift].extend(arc.pause.then_some(Task::Break));
            sequences[shift].extend(arc.to.map(Task::Visit));
            at = arc.to;
            if at.is_none() {
                break;
            }
        }
    }
    let choice = |visit: VisitId| Choice {
        window: model.window[visit].iter().position(|&z| is_one(z)).unwrap_or(0),
        keeps_promise: model.moved[visit].is_some_and(|moved| !is_one(moved)),
    };
    timing::best(problem, &sequences, &problem.visits().ids().map(choice).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::trial;
    use crate::problem::{
        Carer, Citizen, Clock, Content, Moment, Need, Objective, PlaceId, ProblemBuilder, Shift, SkillSet, Slack, Term, Ticks, Travel, Visit, Weight,
        Window,
    };

    const FREE: MipLimit = MipLimit { seconds: None, nodes: None };

    fn cost(problem: &Problem, plan: &Plan) -> Cost {
        evaluate(problem, plan).cost(problem.objective())
    }

    /// Places 0, 1, 2 on a line, 10 apart; one carer; a visit of 5 at place 1 in [15, 20] and one of 5 at place 2 in [0, 20].
    fn line() -> Problem {
        let mut travel = Travel::new(3);
        let mode = travel.add_mode(&[0, 10, 20, 10, 0, 10, 20, 10, 0]).expect("the matrix is square");
        let objective = [Term::Travel, Term::Lateness].into_iter().fold(Objective::new(1), |objective, term| objective.with(term, Weight::Soft(1)));
        let objective = objective.with(Term::Unserved, Weight::Hard);
        let mut parts = ProblemBuilder::new("line", Clock { ticks_per_minute: 1 }, travel, objective);
        let carer = parts.carers.push(Carer { label: "anna".into(), skills: SkillSet::EMPTY, mode, team: None });
        let (start, end, base) = (Moment(0), Moment(100), PlaceId::new(0));
        parts.shifts.push(Shift {
            label: "anna".into(),
            carer,
            start,
            end,
            from: base,
            to: base,
            capacity: None,
            pause: None,
            slack: Slack::default(),
            hours: None,
            use_cost: 0,
        });
        for (place, open) in [(1, 15), (2, 0)] {
            let citizen = parts.citizens.push(Citizen::new(format!("c{place}")));
            parts.visits.push(Visit {
                label: format!("v{place}"),
                citizen,
                place: PlaceId::new(place),
                duration: Ticks(5),
                windows: vec![Window { open: Moment(open), close: Moment(20) }],
                preference: None,
                published: None,
                skills: SkillSet::EMPTY,
                load: 0,
                need: Need::Required,
                priority: 0,
                unserved_cost: 0,
                allowed: None,
                preferred: Vec::new(),
                excluded: Vec::new(),
                course: None,
                carer_costs: Vec::new(),
                not_last_cost: 0,
                content: Content::default(),
            });
        }
        parts.build().expect("the line has no fault")
    }

    #[test]
    fn the_better_order_is_found_and_proved() {
        // 1 then 2: start 15, end 20, at place 2 at 30, 10 late; rides 10 + 10 + 20. Sum 50.
        // 2 then 1: start 20, end 25, at place 1 at 35, 15 late; rides 40. Sum 55.
        let problem = line();
        let answer = prove(&problem, None, FREE);
        let plan = answer.plan.expect("two orders are possible");
        assert_eq!(plan.sequences()[ShiftId::new(0)], [Task::Visit(VisitId::new(0)), Task::Visit(VisitId::new(1))]);
        assert_eq!((cost(&problem, &plan), answer.dual_bound, answer.optimal), (Cost(50), Some(Cost(50)), true));
        assert_eq!(answer.covers, Coverage::Exact);
    }

    #[test]
    fn a_poor_incumbent_only_cuts_off_dearer_plans() {
        let problem = line();
        let backwards = vec![vec![Task::Visit(VisitId::new(1)), Task::Visit(VisitId::new(0))]].into();
        let poor = timing::best(&problem, &backwards, &vec![Choice::default(); 2].into()).expect("lateness is soft");
        assert_eq!(cost(&problem, &poor), Cost(55));
        let answer = prove(&problem, Some(&poor), FREE);
        assert_eq!((answer.plan.map(|plan| cost(&problem, &plan)), answer.dual_bound), (Some(Cost(50)), Some(Cost(50))));
    }

    fn without_breaks(problem: &Problem) -> Problem {
        let mut parts = problem.to_builder();
        parts.shifts.iter_mut().for_each(|shift| shift.pause = None);
        parts.build().expect("a problem without faults")
    }

    #[test]
    fn nothing_is_said_of_days_with_breaks() {
        let with_break = (0..50).map(|seed| trial::problem(seed, 3)).find(|problem| !is_modelled(problem)).expect("a third has breaks");
        let answer = prove(&with_break, None, FREE);
        assert_eq!((answer.dual_bound, answer.optimal), (None, false));
        assert_ne!(answer.covers, Coverage::Exact);
    }

    /// The model's answer against the optimum by enumeration, with and without an incumbent. Whether there was a plan.
    fn agrees(seed: u64, n: usize) -> bool {
        let problem = without_breaks(&trial::problem(seed, n));
        let answer = prove(&problem, None, FREE);
        let Some((optimum, plan)) = trial::optimum(&problem) else {
            assert!(answer.plan.is_none(), "seed {seed}: enumeration finds no plan, the model does");
            return false;
        };
        for (from, answer) in [("nothing", answer), ("the optimum", prove(&problem, Some(&plan), FREE))] {
            let found = answer.plan.as_ref().expect("there is a plan");
            assert!(trial::keeps_rules(&problem, found), "seed {seed} from {from}");
            let cost = cost(&problem, found);
            let bound = answer.dual_bound.expect("HiGHS ran to the end");
            assert!(bound <= optimum, "seed {seed} from {from}: bound {bound:?} above the optimum {optimum:?}");
            assert!(cost >= optimum, "seed {seed} from {from}: found {cost:?} below the optimum {optimum:?}");
            if answer.covers == Coverage::Exact {
                assert_eq!((cost, bound, answer.optimal), (optimum, optimum, true), "seed {seed} from {from}");
            }
        }
        true
    }

    #[test]
    fn the_optimum_is_the_one_of_enumeration() {
        let with_plan = (0..150).chain([526, 1282, 1463]).filter(|&seed| agrees(seed, 3)).count();
        assert!(with_plan > 80, "{with_plan}");
    }

    #[test]
    fn the_optimum_is_the_one_of_enumeration_with_four_visits() {
        let with_plan = (10_000..10_030).chain([10_117]).filter(|&seed| agrees(seed, 4)).count();
        assert!(with_plan > 12, "{with_plan}");
    }

    #[test]
    fn a_run_cut_short_bounds_from_below() {
        for seed in 0..60 {
            let problem = trial::problem(seed, 4);
            let Some((optimum, plan)) = trial::optimum(&problem) else { continue };
            for limit in [MipLimit { seconds: None, nodes: Some(0) }, MipLimit { seconds: Some(0.0), nodes: None }] {
                let answer = prove(&problem, Some(&plan), limit);
                assert!(answer.dual_bound.is_none_or(|bound| bound <= optimum), "seed {seed}, {limit:?}");
                assert!(!answer.optimal || answer.dual_bound == Some(optimum), "seed {seed}, {limit:?}");
            }
        }
    }

    #[test]
    fn models_live_and_die_on_their_own_threads() {
        let bounds: Vec<_> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..10).map(|seed| prove(&trial::problem(seed, 3), None, FREE).dual_bound).collect::<Vec<_>>()))
                .collect();
            runs.into_iter().map(|run| run.join().expect("no run panics")).collect()
        });
        assert!(bounds.iter().all(|other| *other == bounds[0]));
    }
}
