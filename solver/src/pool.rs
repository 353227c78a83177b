//! The route pool: good routes of all workers, for the set-partitioning MIP to recombine.

use std::collections::BTreeMap;

/// A route as a column: a shift, its nodes in order, and what it costs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PooledRoute {
    /// The shift.
    pub(crate) shift: u32,
    /// Visits and break in order, as the search numbers them.
    pub(crate) nodes: Vec<u32>,
    /// Start of each node in ticks, in the plan it was found in.
    pub(crate) starts: Vec<i64>,
    /// Weighted price of everything but the terms across shifts.
    pub(crate) price: i64,
    /// Idle ticks.
    pub(crate) idle: i64,
    /// Greatest lateness in ticks.
    pub(crate) late: i64,
    /// Service and travel ticks.
    pub(crate) work: i64,
}

/// Shift, visits ascending, and the starts of linked visits in route order.
type Key = (u32, Vec<u32>, Vec<i64>);

/// A bounded pool. Of routes with the same shift, visits and linked starts only the cheapest is kept; when it is full the oldest go.
#[derive(Debug)]
pub(crate) struct Pool {
    capacity: usize,
    next: u64,
    routes: BTreeMap<u64, (Key, PooledRoute)>,
    keys: BTreeMap<Key, u64>,
}

impl Pool {
    /// An empty pool of at most `capacity` routes.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, next: 0, routes: BTreeMap::new(), keys: BTreeMap::new() }
    }

    /// Adds a route, or refreshes the one it repeats. `is_linked` tells which nodes' starts matter beyond the route.
    pub(crate) fn add(&mut self, route: PooledRoute, is_linked: impl Fn(u32) -> bool) {
        let key = key(&route, is_linked);
        let kept = match self.keys.remove(&key).and_then(|stamp| self.routes.remove(&stamp)) {
            Some((_, old)) if old.price <= route.price => old,
            _ => route,
        };
        self.routes.insert(self.next, (key.clone(), kept));
        self.keys.insert(key, self.next);
        self.next += 1;
        if self.routes.len() > self.capacity
            && let Some((_, (key, _))) = self.routes.pop_first()
        {
            self.keys.remove(&key);
        }
    }

    /// The routes, oldest first.
    pub(crate) fn routes(&self) -> impl Iterator<Item = &PooledRoute> {
        self.routes.values().map(|(_, route)| route)
    }
}

fn key(route: &PooledRoute, is_linked: impl Fn(u32) -> bool) -> Key {
    let mut nodes = route.nodes.clone();
    nodes.sort_unstable();
    let linked = route.nodes.iter().zip(&route.starts).filter(|(node, _)| is_linked(**node)).map(|(_, start)| *start).collect();
    (route.shift, nodes, linked)
}
