//! The variables and rows of the compact model: who goes from where to where, and when.
//!
//! Three-index formulation after Mankowska, Meisel, Bierwirth 2014 (doi:10.1007/s10729-013-9243-1): a binary per shift and arc, one start
//! per visit shared by all shifts, so that linked starts need no shift index. Times are minutes, costs reported units.

#![expect(clippy::disallowed_types, reason = "good_lp's handles have no order to sort by; the map is only looked up")]

use std::collections::HashMap;

use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

use super::network::{Arc, Network};
use crate::problem::{IdVec, Link, Need, Objective, Problem, ShiftId, Term, Visit, VisitId, Weight};

/// Whether arcs are chosen whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arcs {
    /// Binary.
    Whole,
    /// Between 0 and 1: the linear relaxation.
    Fractional,
}

/// The model, growing. Its terms are added by [`super::terms`].
pub(super) struct Model<'a> {
    pub(super) problem: &'a Problem,
    pub(super) network: &'a Network,
    pub(super) vars: ProblemVariables,
    pub(super) rows: Vec<Constraint>,
    pub(super) objective: Expression,
    /// A column that is always 1: good_lp drops an objective's constant on the way to HiGHS.
    one: Variable,
    /// One per arc of the network.
    pub(super) arc: Vec<Variable>,
    /// Service start in minutes.
    pub(super) start: IdVec<VisitId, Variable>,
    /// 1 if nobody gives the visit; `None` where somebody must.
    pub(super) left_out: IdVec<VisitId, Option<Variable>>,
    /// 1 if the visit starts beyond the tolerance of its promise; `None` where that has no fixed price.
    pub(super) moved: IdVec<VisitId, Option<Variable>>,
    /// One per window where there are several; one of them is 1.
    pub(super) window: IdVec<VisitId, Vec<Variable>>,
    into: Vec<Vec<usize>>,
    out: Vec<Vec<usize>>,
}

impl<'a> Model<'a> {
    /// All rows but those of the objective's terms.
    pub(super) fn new(problem: &'a Problem, network: &'a Network, kind: Arcs) -> Self {
        let mut vars = ProblemVariables::new();
        let one = vars.add(variable().clamp(1, 1));
        let binary = |vars: &mut ProblemVariables| match kind {
            Arcs::Whole => vars.add(variable().binary()),
            Arcs::Fractional => vars.add(variable().clamp(0, 1)),
        };
        let minutes = |ticks: i64| ticks as f64 / problem.clock().ticks_per_minute as f64;
        let arc = network.arcs.iter().map(|_| binary(&mut vars)).collect();
        let start = problem.visits().ids().map(|visit| {
            let (first, last) = (network.earliest[visit], network.latest[visit].max(network.earliest[visit]));
            vars.add(variable().clamp(minutes(first), minutes(last)))
        });
        let start = start.collect();
        let is_free = |id: VisitId| may_be_left_out(problem, &problem.visits()[id]) || problem.has_alternatives(id);
        let left_out = problem.visits().ids().map(|visit| is_free(visit).then(|| binary(&mut vars))).collect();
        let counts = problem.objective().weight(Term::Disruption) != Weight::Soft(0);
        let is_charged = |visit: &Visit| counts && visit.published.is_some_and(|promise| promise.time_moved > 0);
        let moved = problem.visits().iter().map(|visit| is_charged(visit).then(|| binary(&mut vars))).collect();
        let window = problem.visits().iter().map(|visit| match visit.windows.len() {
            1 => Vec::new(),
            n => (0..n).map(|_| binary(&mut vars)).collect(),
        });
        let window = window.collect();
        let n = problem.shifts().len() * problem.visits().len();
        let mut model = Self {
            problem,
            network,
            vars,
            rows: Vec::new(),
            objective: Expression::default(),
            one,
            arc,
            start,
            left_out,
            moved,
            window,
            into: vec![Vec::new(); n],
            out: vec![Vec::new(); n],
        };
        for (index, arc) in network.arcs.iter().enumerate() {
            arc.to.into_iter().for_each(|visit| model.into[arc.shift.idx() * problem.visits().len() + visit.idx()].push(index));
            arc.from.into_iter().for_each(|visit| model.out[arc.shift.idx() * problem.visits().len() + visit.idx()].push(index));
        }
        model.routes();
        model.alternatives();
        model.links();
        model.windows();
        model.succession();
        model.hulls();
        model.orders();
        model.round_trips();
        model
    }

    /// The position of every column. Only to look up, never to walk through: its order is not fixed.
    pub(super) fn positions(&self) -> HashMap<Variable, usize> {
        self.vars.iter_variables_with_def().enumerate().map(|(position, (column, _))| (column, position)).collect()
    }

    /// Ticks in minutes.
    pub(super) fn minutes(&self, ticks: i64) -> f64 {
        ticks as f64 / self.problem.clock().ticks_per_minute as f64
    }

    /// Sum of `weight(arc)` over the arcs that `keep` keeps.
    pub(super) fn sum(&self, keep: impl Fn(&Arc) -> bool, weight: impl Fn(Arc) -> f64) -> Expression {
        weighted(self.network.arcs.iter().zip(&self.arc).filter(|(arc, _)| keep(arc)).map(|(&arc, &x)| (x, weight(arc))))
    }

    /// 1 if the shift serves the visit.
    pub(super) fn serves(&self, shift: ShiftId, visit: VisitId) -> Expression {
        weighted(self.legs_into(shift, visit).iter().map(|&index| (self.arc[index], 1.0)))
    }

    /// 1 if the visit is left out; nothing where it may not be.
    pub(super) fn omitted(&self, visit: VisitId) -> Expression {
        self.left_out[visit].map_or_else(Expression::default, Expression::from)
    }

    /// A new variable that is 0 or 1.
    pub(super) fn binary(&mut self) -> Variable {
        self.vars.add(variable().binary())
    }

    /// A new variable of at least 0.
    pub(super) fn positive(&mut self) -> Variable {
        self.vars.add(variable().min(0))
    }

    /// Whether a term matters at all.
    pub(super) fn wants(&self, term: Term) -> bool {
        self.problem.objective().weight(term) != Weight::Soft(0)
    }

    /// Prices `quantity`, which counts `unit` of the term's own units each, or forces it to 0 where the term is hard.
    pub(super) fn charge(&mut self, term: Term, quantity: Expression, unit: f64) {
        let objective: &Objective = self.problem.objective();
        match objective.weight(term) {
            Weight::Soft(weight) => self.pay(quantity, weight as f64 * unit),
            Weight::Hard => self.rows.push(quantity.leq(0.0)),
        }
    }

    /// Adds `quantity` × `price` internal cost units to the objective.
    pub(super) fn pay(&mut self, quantity: Expression, price: f64) {
        use good_lp::IntoAffineExpression;
        let factor = price / self.problem.objective().denominator as f64;
        let constant = quantity.constant();
        for (column, coefficient) in quantity.linear_coefficients() {
            self.objective.add_mul(coefficient * factor, column);
        }
        self.objective.add_mul(constant * factor, self.one);
    }

    /// Indices of the arcs into a visit on a shift.
    pub(super) fn legs_into(&self, shift: ShiftId, visit: VisitId) -> &[usize] {
        &self.into[shift.idx() * self.problem.visits().len() + visit.idx()]
    }

    fn legs_out(&self, shift: ShiftId, visit: VisitId) -> &[usize] {
        &self.out[shift.idx() * self.problem.visits().len() + visit.idx()]
    }

    /// One route per shift, one visit per shift or none, one break at most.
    fn routes(&mut self) {
        for visit in self.problem.visits().ids() {
            let served: Expression = self.problem.shifts().ids().map(|shift| self.serves(shift, visit)).sum();
            self.rows.push((served + self.omitted(visit)).eq(1.0));
            for &shift in self.problem.able_shifts(visit) {
                let out = weighted(self.legs_out(shift, visit).iter().map(|&index| (self.arc[index], 1.0)));
                self.rows.push((self.serves(shift, visit) - out).eq(0.0));
            }
        }
        for (shift, facts) in self.problem.shifts().enumerate() {
            self.rows.push(self.sum(|arc| arc.shift == shift && arc.from.is_none(), |_| 1.0).eq(1.0));
            if facts.pause.is_some() {
                self.rows.push(self.sum(|arc| arc.shift == shift && arc.pause, |_| 1.0).leq(1.0));
            }
        }
    }

    /// Of alternatives one is given, or at most one where all may be left out.
    fn alternatives(&mut self) {
        let problem = self.problem;
        for (id, visit) in problem.visits().enumerate().filter(|&(id, _)| problem.granted(id) == id && problem.has_alternatives(id)) {
            let none = self.none_of(id);
            self.rows.push(if may_be_left_out(problem, visit) { none.geq(0.0) } else { none.eq(0.0) });
        }
    }

    /// 1 if neither the visit nor an alternative is given; nothing where one must be.
    pub(super) fn none_of(&self, visit: VisitId) -> Expression {
        let one_each: Expression = self.problem.alternatives(visit).map(|one| self.omitted(one) - 1.0).sum();
        if self.left_out[visit].is_some() { one_each + 1.0 } else { Expression::default() }
    }

    /// Linked visits share their fate, keep their distance and, where asked, have different carers.
    fn links(&mut self) {
        for link in self.problem.links() {
            let (first, second) = (link.first, link.second);
            self.rows.push((self.omitted(first) - self.omitted(second)).eq(0.0));
            let apart = Expression::from(self.start[second]) - self.start[first];
            // A visit left out has a start that means nothing, so its links are loosened.
            for (end, sign, free) in [(link.min, 1.0, link.min <= Link::MIN), (link.max, -1.0, link.max >= Link::MAX)] {
                let (low, high) = if sign > 0.0 { (first, second) } else { (second, first) };
                let last = self.network.latest[low].max(self.network.earliest[low]);
                let loose = self.minutes(last - self.network.earliest[high]) + sign * self.minutes(end.0);
                if !free {
                    let slack = self.omitted(first) * loose.max(0.0);
                    self.rows.push((apart.clone() * sign + slack).geq(sign * self.minutes(end.0)));
                }
            }
            if link.different_carers {
                for carer in self.problem.carers().ids() {
                    let own = self.problem.shifts().enumerate().filter(|(_, shift)| shift.carer == carer);
                    let both: Expression = own.map(|(shift, _)| self.serves(shift, first) + self.serves(shift, second)).sum();
                    self.rows.push(both.leq(1.0));
                }
            }
        }
    }

    /// A start belongs to the latest window that has opened.
    fn windows(&mut self) {
        let hard = [Term::Lateness, Term::GreatestLateness].iter().any(|&term| self.problem.objective().is_hard(term));
        for (id, visit) in self.problem.visits().enumerate().filter(|(_, visit)| visit.windows.len() > 1) {
            let last = |k: usize| match visit.windows.get(k + 1) {
                _ if hard => visit.windows[k].close.0,
                Some(next) => next.open.0 - 1,
                None => self.network.latest[id].max(visit.windows[k].open.0),
            };
            let chosen = |value: &dyn Fn(usize) -> f64| weighted(self.window[id].iter().enumerate().map(|(k, &z)| (z, value(k))));
            let opens = chosen(&|k| self.minutes(visit.windows[k].open.0));
            let ends = chosen(&|k| self.minutes(last(k)));
            let one = chosen(&|_| 1.0);
            let span = self.minutes(self.network.latest[id].max(last(visit.windows.len() - 1)));
            let free = self.omitted(id) * span;
            self.rows.push(one.eq(1.0));
            self.rows.push((opens - self.start[id] - free.clone()).leq(0.0));
            self.rows.push((ends - self.start[id] + free).geq(0.0));
        }
    }

    /// A visit starts after its predecessor's end and the ride. One row per ordered pair: shifts share the start variables, so their
    /// arcs add up. The big-M is the largest possible `start(i) - start(j)`.
    fn succession(&mut self) {
        for i in self.problem.visits().ids() {
            for j in self.problem.visits().ids() {
                let headway = self.network.headway(self.problem, i, j);
                let lift = self.sum_between(i, j, |arc| self.minutes(arc.length(self.problem) + headway));
                if let Some(lift) = lift {
                    self.rows.push((lift + self.start[i] - self.start[j]).leq(self.minutes(headway)));
                }
            }
        }
    }

    fn sum_between(&self, i: VisitId, j: VisitId, weight: impl Fn(Arc) -> f64) -> Option<Expression> {
        let arcs: Vec<(Variable, f64)> = (self.problem.shifts().ids())
            .flat_map(|shift| self.legs_into(shift, j).iter())
            .filter(|&&index| self.network.arcs[index].from == Some(i))
            .map(|&index| (self.arc[index], weight(self.network.arcs[index])))
            .collect();
        (!arcs.is_empty()).then(|| weighted(arcs.into_iter()))
    }

    /// The arc into a visit implies its earliest start, the arc out of it its latest. These rows also hold routes inside their shifts.
    fn hulls(&mut self) {
        for visit in self.problem.visits().ids().filter(|&visit| self.network.is_servable(visit)) {
            let (first, last) = (self.network.earliest[visit], self.network.latest[visit]);
            let duration = self.problem.visits()[visit].duration.0;
            let (mut later, mut sooner) = (Vec::new(), Vec::new());
            for shift in self.problem.shifts().ids() {
                let (open, close) = self.network.span(self.problem, shift, visit);
                for &index in self.legs_into(shift, visit) {
                    let arc = self.network.arcs[index];
                    let arrival = arc.arrival(self.problem, self.network.ready(self.problem, arc)).max(open);
                    later.push((self.arc[index], self.minutes(arrival - first)));
                }
                for &index in self.legs_out(shift, visit) {
                    let arc = self.network.arcs[index];
                    let end = arc.last_call(self.problem, self.network.deadline(self.problem, arc)) - duration;
                    sooner.push((self.arc[index], self.minutes(last - end.min(close))));
                }
            }
            self.rows.push((weighted(later.into_iter()) - self.start[visit]).leq(-self.minutes(first)));
            self.rows.push((weighted(sooner.into_iter()) + self.start[visit]).leq(self.minutes(last)));
        }
    }

    /// Where legs take no time at all, times cannot rule out cycles: positions do.
    fn orders(&mut self) {
        let timeless: Vec<usize> = (0..self.arc.len())
            .filter(|&index| {
                let arc = self.network.arcs[index];
                arc.from.is_some() && arc.to.is_some() && arc.length(self.problem) == 0
            })
            .collect();
        if timeless.is_empty() {
            return;
        }
        let n = self.problem.visits().len() as f64;
        let order: IdVec<VisitId, Variable> = self.problem.visits().ids().map(|_| self.vars.add(variable().clamp(0.0, n))).collect();
        for index in timeless {
            if let Arc { from: Some(i), to: Some(j), .. } = self.network.arcs[index] {
                let step = Expression::from(order[i]) - order[j] + (n + 1.0) * self.arc[index];
                self.rows.push(step.leq(n));
            }
        }
    }

    /// No shift goes from i to j and back: valid, and it cuts what the big-M rows let through.
    fn round_trips(&mut self) {
        for shift in self.problem.shifts().ids() {
            for i in self.problem.visits().ids() {
                for j in self.problem.visits().ids().filter(|&j| j > i) {
                    let legs = |from, to| -> Vec<usize> {
                        self.legs_into(shift, to).iter().copied().filter(|&index| self.network.arcs[index].from == Some(from)).collect()
                    };
                    let (there, again) = (legs(i, j), legs(j, i));
                    if !there.is_empty() && !again.is_empty() {
                        let both = weighted(there.iter().chain(&again).map(|&index| (self.arc[index], 1.0)));
                        let (by_i, by_j) = (self.serves(shift, i), self.serves(shift, j));
                        self.rows.push((both.clone() - by_i).leq(0.0));
                        self.rows.push((both - by_j).leq(0.0));
                    }
                }
            }
        }
    }
}

/// Whether a visit can be missing in a plan without violation.
fn may_be_left_out(problem: &Problem, visit: &Visit) -> bool {
    visit.need == Need::Optional || !problem.objective().is_hard(Term::Unserved)
}

/// A sum of variables with coefficients.
pub(super) fn weighted(pairs: impl Iterator<Item = (Variable, f64)>) -> Expression {
    let mut sum = Expression::default();
    for (column, weight) in pairs {
        sum.add_mul(weight, column);
    }
    sum
}
