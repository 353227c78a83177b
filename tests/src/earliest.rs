//! The earliest schedule of given routes, by the plainest fixpoint there is.

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Departure, Link, Moment, PlaceId, Problem, ShiftId, VisitId};

/// A plan before it has times.
#[derive(Clone, Debug)]
pub struct Untimed {
    /// The tasks in order, one list per shift. A visit stands in one of them at most, a break only where the shift has a rule.
    pub routes: Vec<Vec<Task>>,
    /// For each visit, which of its windows it waits for.
    pub windows: Vec<usize>,
}

impl Untimed {
    /// No tasks, first windows.
    #[must_use]
    pub fn nothing(problem: &Problem) -> Self {
        Self { routes: vec![Vec::new(); problem.shifts().len()], windows: vec![0; problem.visits().len()] }
    }
}

/// Times every stop as early as the routes, the opening of the chosen windows and the links allow; breaks have their shortest length.
/// Upper limits (closes, latest begins, ends of shifts) bind nothing here: the plan may break them.
/// `None` if the links and the orders of the routes contradict each other.
///
/// Starts only ever rise, each to a bound that every schedule keeps. A sweep passes bounds along a whole route and over every
/// link once, so without a contradiction as many sweeps as stops are enough.
#[must_use]
pub fn earliest(problem: &Problem, untimed: &Untimed) -> Option<Plan> {
    let mut starts: Vec<Vec<i64>> = lower_bounds(problem, untimed);
    let sweeps = 2 + untimed.routes.iter().map(Vec::len).sum::<usize>();
    for _ in 0..sweeps {
        let before = starts.clone();
        drive(problem, untimed, &mut starts);
        wait_for_each_other(problem, untimed, &mut starts);
        if starts == before {
            return Some(timed(problem, untimed, &starts));
        }
    }
    None
}

fn lower_bounds(problem: &Problem, untimed: &Untimed) -> Vec<Vec<i64>> {
    let bound = |shift: ShiftId, task: &Task| match *task {
        Task::Visit(visit) => problem.visits()[visit].windows[untimed.windows[visit.idx()]].open.0,
        Task::Break => problem.shifts()[shift].pause.expect("breaks stand where there is a rule").open.0,
    };
    untimed.routes.iter().enumerate().map(|(shift, tasks)| tasks.iter().map(|task| bound(ShiftId::new(shift), task)).collect()).collect()
}

/// Raises starts to when the carer can be there.
fn drive(problem: &Problem, untimed: &Untimed, starts: &mut [Vec<i64>]) {
    for (shift, tasks) in untimed.routes.iter().enumerate() {
        let id = ShiftId::new(shift);
        let (mut here, mut free) = (problem.shifts()[id].from, problem.shifts()[id].start.0);
        for (position, &task) in tasks.iter().enumerate() {
            let there = place(problem, &tasks[position..], here);
            let start = &mut starts[shift][position];
            *start = (*start).max(free + problem.travel_time(id, here, there).0);
            (here, free) = (there, *start + length(problem, id, task));
        }
    }
}

/// Raises starts to what the links ask where both visits are served.
fn wait_for_each_other(problem: &Problem, untimed: &Untimed, starts: &mut [Vec<i64>]) {
    for link in problem.links() {
        let (Some(first), Some(second)) = (find(untimed, link.first), find(untimed, link.second)) else { continue };
        if link.min > Link::MIN {
            starts[second.0][second.1] = starts[second.0][second.1].max(starts[first.0][first.1] + link.min.0);
        }
        if link.max < Link::MAX {
            starts[first.0][first.1] = starts[first.0][first.1].max(starts[second.0][second.1] - link.max.0);
        }
    }
}

fn find(untimed: &Untimed, visit: VisitId) -> Option<(usize, usize)> {
    let position = |tasks: &Vec<Task>| tasks.iter().position(|&task| task == Task::Visit(visit));
    untimed.routes.iter().enumerate().find_map(|(shift, tasks)| Some((shift, position(tasks)?)))
}

/// Where the first of these tasks is done: a break at the place of the visit after it, where the carer is if none follows.
fn place(problem: &Problem, tasks: &[Task], here: PlaceId) -> PlaceId {
    let visits = tasks.iter().filter_map(|task| if let Task::Visit(visit) = task { Some(*visit) } else { None });
    visits.map(|visit| problem.visits()[visit].place).next().unwrap_or(here)
}

fn length(problem: &Problem, shift: ShiftId, task: Task) -> i64 {
    match task {
        Task::Visit(visit) => problem.visits()[visit].duration.0,
        Task::Break => problem.shifts()[shift].pause.expect("breaks stand where there is a rule").min_duration.0,
    }
}

fn timed(problem: &Problem, untimed: &Untimed, starts: &[Vec<i64>]) -> Plan {
    let routes = untimed.routes.iter().zip(starts).enumerate();
    let routes = routes.map(|(shift, (tasks, starts))| route(problem, ShiftId::new(shift), tasks, starts));
    let unserved = problem.visits().ids().filter(|&visit| find(untimed, visit).is_none());
    Plan { routes: routes.collect(), unserved: unserved.collect() }
}

fn route(problem: &Problem, id: ShiftId, tasks: &[Task], starts: &[i64]) -> Route {
    let shift = &problem.shifts()[id];
    if tasks.is_empty() {
        return Route { departure: shift.start, stops: Vec::new(), back: shift.start };
    }
    let departure = match problem.objective().departure {
        Departure::AtShiftStart => shift.start.0,
        Departure::JustInTime => starts[0] - problem.travel_time(id, shift.from, place(problem, tasks, shift.from)).0,
    };
    let (mut here, mut free) = (shift.from, departure);
    let mut stops = Vec::new();
    for (position, (&task, &start)) in tasks.iter().zip(starts).enumerate() {
        let there = place(problem, &tasks[position..], here);
        let arrival = free + problem.travel_time(id, here, there).0;
        (here, free) = (there, start + length(problem, id, task));
        stops.push(Stop { task, arrival: Moment(arrival), start: Moment(start), end: Moment(free) });
    }
    Route { departure: Moment(departure), stops, back: Moment(free + problem.travel_time(id, here, shift.to).0) }
}
