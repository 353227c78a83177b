//! Ways to spoil a plan.

use kendt_solver::plan::{Plan, Route, Stop, Task};
use kendt_solver::problem::{Id, IdVec, Moment, VisitId};

use crate::draw::Draw;

/// Spoils a plan in one to four ways, from a tick amiss to ids and times that mean nothing.
pub fn corrupt(plan: &mut Plan, draw: &mut Draw) {
    for _ in 0..draw.between(1, 4) {
        match draw.between(0, 6) {
            0 => plan.unserved.push(any_visit(draw)),
            1 => drop(plan.unserved.pop()),
            2 => change_routes(plan, draw),
            _ => {
                if let Some(route) = any_item(&mut plan.routes, draw) {
                    corrupt_route(route, draw);
                }
            }
        }
    }
}

/// Moves one time of a used route by at least a tick. Returns whether there is a used route.
pub fn move_one_time(plan: &mut Plan, draw: &mut Draw) -> bool {
    let by = draw.between(1, 5) * draw.pick(&[-1, 1]);
    let mut used: Vec<&mut Route> = plan.routes.iter_mut().filter(|route| !route.stops.is_empty()).collect();
    if used.is_empty() {
        return false;
    }
    let which = draw.below(used.len());
    let time = any_time(used[which], draw);
    time.0 += by;
    true
}

fn any_item<'a, I: Id, T>(items: &'a mut IdVec<I, T>, draw: &mut Draw) -> Option<&'a mut T> {
    let len = items.len();
    if len == 0 { None } else { items.iter_mut().nth(draw.below(len)) }
}

fn any_visit(draw: &mut Draw) -> VisitId {
    VisitId::new(if draw.chance(10) { u32::MAX as usize } else { draw.below(10) })
}

fn any_moment(draw: &mut Draw) -> Moment {
    let ordinary = draw.between(-50, 500);
    Moment(draw.pick(&[i64::MIN, i64::MIN / 2, -1, 0, ordinary, ordinary, 1 << 41, i64::MAX / 2, i64::MAX]))
}

fn any_time<'a>(route: &'a mut Route, draw: &mut Draw) -> &'a mut Moment {
    let n_stops = route.stops.len();
    let which = draw.below(2 + 3 * n_stops);
    match which.checked_sub(2) {
        None if which == 0 => &mut route.departure,
        None => &mut route.back,
        Some(which) => {
            let stop = &mut route.stops[which / 3];
            [&mut stop.arrival, &mut stop.start, &mut stop.end].into_iter().nth(which % 3).expect("three times")
        }
    }
}

fn change_routes(plan: &mut Plan, draw: &mut Draw) {
    let mut routes: Vec<Route> = plan.routes.iter().cloned().collect();
    if draw.chance(50) {
        routes.truncate(draw.below(routes.len() + 1));
    } else {
        routes.push(Route { departure: any_moment(draw), stops: Vec::new(), back: any_moment(draw) });
    }
    plan.routes = routes.into();
}

fn corrupt_route(route: &mut Route, draw: &mut Draw) {
    let n_stops = route.stops.len();
    match draw.between(0, 4) {
        0 => *any_time(route, draw) = any_moment(draw),
        1 => any_time(route, draw).0 ^= 1,
        2 if n_stops > 0 => drop(route.stops.remove(draw.below(n_stops))),
        3 if n_stops > 1 => route.stops.swap(0, draw.below(n_stops)),
        _ => {
            let task = if draw.chance(30) { Task::Break } else { Task::Visit(any_visit(draw)) };
            let stop = Stop { task, arrival: any_moment(draw), start: any_moment(draw), end: any_moment(draw) };
            route.stops.insert(draw.below(n_stops + 1), stop);
        }
    }
}
