//! The neighbourhoods of ng-routes (Baldacci, Mingozzi, Roberti 2011, doi:10.1287/opre.1110.0975): what a partial route remembers.

use super::day::Class;

/// For each element those that it remembers: its rivals, the nearest by the shortest time to be back, and everything that can be reached
/// from it and back in no time at all, so that no route goes round in circles for ever.
pub(super) fn neighbourhoods(class: &Class, size: usize) -> Vec<Vec<usize>> {
    let n = class.visits.len();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut there = vec![i64::MAX; n * n];
    for (from, legs) in class.legs.iter().enumerate() {
        for leg in legs {
            there[from * n + leg.to] = leg.length;
        }
    }
    for element in 0..n {
        let mut others: Vec<(i64, usize)> = (0..n)
            .filter(|&other| other != element)
            .map(|other| (there[element * n + other].saturating_add(there[other * n + element]), other))
            .collect();
        others.sort_unstable();
        near[element] = others.iter().take(size).map(|&(_, other)| other).collect();
        near[element].extend(&class.rivals[element]);
    }
    for group in timeless_groups(class) {
        for &element in &group {
            near[element].extend(&group);
        }
    }
    for near in &mut near {
        near.sort_unstable();
        near.dedup();
    }
    near
}

/// Elements tied together by legs that take no time.
fn timeless_groups(class: &Class) -> Vec<Vec<usize>> {
    let n = class.visits.len();
    let mut group: Vec<usize> = (0..n).collect();
    for (from, legs) in class.legs.iter().enumerate() {
        for leg in legs.iter().filter(|leg| leg.length == 0) {
            let (a, b) = (group[from], group[leg.to]);
            if a != b {
                group.iter_mut().filter(|group| **group == b).for_each(|group| *group = a);
            }
        }
    }
    (0..n).map(|root| (0..n).filter(|&element| group[element] == root).collect::<Vec<_>>()).filter(|group| group.len() > 1).collect()
}
