//! A plan for people: who works when, what it costs, what is left out and which rules are broken.

use std::fmt::Write;

use kendt_instances::{Format, Instance};
use kendt_solver::plan::{Route, Task};
use kendt_solver::problem::{Moment, Problem, Shift, ShiftId, Ticks};
use kendt_solver::solve::{Outcome, Proof};

use crate::judged::Judged;
use crate::wire::{Terms, day_of, time_of};

/// The whole table, lines ended.
pub(super) fn render(instance: &Instance, judged: &Judged) -> String {
    let problem = &instance.problem;
    let mut text = format!("{}: {} visits, {} carers\n\n", problem.name(), problem.visits().len(), problem.carers().len());
    text += &routes(instance, judged);
    text += &terms(instance, judged);
    text += &left_out(problem, judged);
    text += &violations(judged);
    text
}

/// What is known about how good the plan is.
pub(super) fn proof(instance: &Instance, outcome: &Outcome) -> String {
    let bound = outcome.dual_bound.map(|bound| format!("{:.2}", instance.problem.objective().reported(bound)));
    let gap = outcome.gap().map_or_else(String::new, |gap| format!(" (at most {:.2} % above the best possible)", gap * 100.0));
    let known = match (outcome.proof, bound) {
        (Proof::Optimal, _) => "proved optimal: no plan is cheaper".to_owned(),
        (_, Some(bound)) if outcome.bound_leaves_out.is_empty() => format!("no plan costs less than {bound}{gap}"),
        (_, Some(bound)) => format!("no plan costs less than {bound}{gap}; the bound leaves out {}", outcome.bound_leaves_out.join(", ")),
        (_, None) => "not known how far from the best possible".to_owned(),
    };
    format!("{known}\n{:.1} seconds, {} iterations\n", outcome.elapsed.as_secs_f64(), outcome.iterations)
}

/// One line per used shift.
fn routes(instance: &Instance, judged: &Judged) -> String {
    let problem = &instance.problem;
    let mut rows = vec![["carer", "shift", "visits", "first", "back", "travel", "work", ""].map(str::to_owned).to_vec()];
    let mut unused = 0;
    for (id, route) in judged.plan().routes.enumerate() {
        let Some(shift) = problem.shifts().get(id) else { continue };
        if route.stops.is_empty() {
            unused += 1;
        } else {
            rows.push(row(instance, id, shift, route));
        }
    }
    let mut text = columns(&rows);
    if unused > 0 {
        let _ = writeln!(text, "{unused} shift{} not used", if unused == 1 { "" } else { "s" });
    }
    text + "\n"
}

fn row(instance: &Instance, id: ShiftId, shift: &Shift, route: &Route) -> Vec<String> {
    let problem = &instance.problem;
    let times = Times { instance };
    let first = route.stops.iter().find(|stop| stop.task != Task::Break);
    let travel = travel(problem, id, shift, route);
    let service = Ticks(route.visits().filter_map(|visit| problem.visits().get(visit)).map(|visit| visit.duration.0).sum());
    let overtime = route.back - shift.end;
    vec![
        problem.carers().get(shift.carer).map(|carer| carer.label.clone()).unwrap_or_default(),
        format!("{}-{}", times.moment(shift.start), times.moment(shift.end)),
        route.visits().count().to_string(),
        first.map(|stop| times.moment(stop.start)).unwrap_or_default(),
        times.moment(route.back),
        times.span(travel),
        times.span(travel + service),
        if overtime > Ticks::ZERO { format!("{} over", times.span(overtime)) } else { String::new() },
    ]
}

fn travel(problem: &Problem, id: ShiftId, shift: &Shift, route: &Route) -> Ticks {
    let places = route.visits().filter_map(|visit| problem.visits().get(visit)).map(|visit| visit.place);
    let mut here = shift.from;
    let mut sum = Ticks::ZERO;
    for next in places.chain([shift.to]) {
        sum += problem.travel_time(id, here, next);
        here = next;
    }
    sum
}

/// The cost by term, where there is any.
fn terms(instance: &Instance, judged: &Judged) -> String {
    let objective = instance.problem.objective();
    let unit = match instance.format {
        Format::District => " in minutes of travel",
        Format::Peerday => " in seconds of travel",
        Format::Hhcrsp | Format::Uhhc | Format::Vrptw | Format::Hconvrp => "",
    };
    let priced = Terms::new(objective, judged.breakdown());
    let mut rows = vec![vec![format!("cost{unit}"), String::new()]];
    rows.extend(
        priced.iter().filter(|(_, cost)| *cost != 0.0).map(|(name, cost)| vec![format!("  {}", name.replace('_', " ")), format!("{cost:.2}")]),
    );
    rows.push(vec!["  total".to_owned(), format!("{:.2}", objective.reported(judged.cost()))]);
    columns(&rows) + "\n"
}

fn left_out(problem: &Problem, judged: &Judged) -> String {
    let labels = judged.plan().left_out(problem).map(|visit| problem.visits()[visit].label.as_str());
    let labels: Vec<&str> = labels.collect();
    if labels.is_empty() {
        "every visit is planned\n".to_owned()
    } else {
        format!("{} left out: {}\n", count(labels.len(), "visit"), labels.join(", "))
    }
}

fn violations(judged: &Judged) -> String {
    let broken = judged.violations();
    if broken.is_empty() {
        return "the plan keeps every rule\n".to_owned();
    }
    let mut text = format!("the plan breaks {}:\n", count(broken.len(), "rule"));
    for violation in broken {
        let _ = writeln!(text, "  {}: {}", violation.rule, violation.detail);
    }
    text
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Times in the instance's own manner: of the day for days with a clock, in its own unit elsewhere.
struct Times<'a> {
    instance: &'a Instance,
}

impl Times<'_> {
    fn has_clock(&self) -> bool {
        matches!(self.instance.format, Format::District | Format::Peerday)
    }

    fn moment(&self, moment: Moment) -> String {
        let clock = self.instance.problem.clock();
        if !self.has_clock() {
            return decimal(clock.minute_of(moment));
        }
        let time = time_of(clock, moment);
        let minute = time.get(..5).unwrap_or(&time);
        match day_of(clock, moment) {
            1 => minute.to_owned(),
            day => format!("day {day} {minute}"),
        }
    }

    fn span(&self, span: Ticks) -> String {
        let minutes = self.instance.problem.clock().minutes(span);
        if !self.has_clock() {
            return decimal(minutes);
        }
        let minutes = minutes.round();
        if minutes < 60.0 { format!("{minutes:.0} min") } else { format!("{:.0} h {:02.0}", (minutes / 60.0).floor(), minutes % 60.0) }
    }
}

/// At most one decimal.
fn decimal(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Rows as columns: the first flush left, the others flush right.
pub(super) fn columns(rows: &[Vec<String>]) -> String {
    let n = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &'_ Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let widths: Vec<usize> = (0..n).map(|column| rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, &width) in widths.iter().enumerate() {
            let cell = cell(row, column);
            line += &if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["carer".to_owned(), "visits".to_owned()], vec!["k1".to_owned(), "12".to_owned()]];
        assert_eq!(columns(&rows), "carer  visits\nk1         12\n");
        assert_eq!(decimal(12.0), "12");
        assert_eq!(decimal(12.34), "12.3");
    }
}
