//! Points in order of nearness: a k-d tree (Bentley 1975), for neighbours without looking at every pair.

/// Items at points of the plane. The tree is the order of the list: the middle item of a range parts it, east from west and north from
/// south by turns.
#[derive(Debug)]
pub(super) struct PointTree {
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    at: [f64; 2],
    item: u32,
}

/// Ranges of up to this many items are not parted.
const LEAF: usize = 8;

impl PointTree {
    /// A tree of the items `0..`, at these finite points.
    pub(super) fn new(points: impl Iterator<Item = [f64; 2]>) -> Self {
        let mut items: Vec<Item> = points.zip(0..).map(|(at, item)| Item { at, item }).collect();
        part(&mut items, 0);
        Self { items }
    }

    /// Offers the items about a point, roughly the nearest first. Each offer is answered with the distance beyond which items are of no
    /// interest any more; all items within the last answer are offered.
    pub(super) fn around(&self, centre: [f64; 2], offer: &mut dyn FnMut(u32) -> f64) {
        let mut radius = f64::INFINITY;
        walk(&self.items, 0, centre, &mut radius, offer);
    }
}

fn part(items: &mut [Item], axis: usize) {
    if items.len() <= LEAF {
        return;
    }
    let middle = items.len() / 2;
    let _ = items.select_nth_unstable_by(middle, |a, b| a.at[axis].total_cmp(&b.at[axis]).then(a.item.cmp(&b.item)));
    let (low, high) = items.split_at_mut(middle);
    part(low, 1 - axis);
    part(&mut high[1..], 1 - axis);
}

fn walk(items: &[Item], axis: usize, centre: [f64; 2], radius: &mut f64, offer: &mut dyn FnMut(u32) -> f64) {
    if items.len() <= LEAF {
        for item in items {
            *radius = offer(item.item);
        }
        return;
    }
    let (low, high) = items.split_at(items.len() / 2);
    let beyond = centre[axis] - high[0].at[axis];
    let (near, far) = if beyond < 0.0 { (low, &high[1..]) } else { (&high[1..], low) };
    walk(near, 1 - axis, centre, radius, offer);
    if beyond.abs() <= *radius {
        *radius = offer(high[0].item);
        walk(far, 1 - axis, centre, radius, offer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_within_the_radius_are_offered_once() {
        // A lattice of 20 × 20, each point twice.
        let points: Vec<[f64; 2]> = (0..800).map(|at| [f64::from(at / 2 % 20), f64::from(at / 40)]).collect();
        let tree = PointTree::new(points.iter().copied());
        for centre in [[0.0, 0.0], [9.5, 3.2], [19.0, 19.0], [-5.0, 40.0]] {
            for radius in [0.0, 1.0, 2.5, 30.0] {
                let distance = |item: u32| (points[item as usize][0] - centre[0]).hypot(points[item as usize][1] - centre[1]);
                let mut offered = Vec::new();
                tree.around(centre, &mut |item| {
                    offered.push(item);
                    radius
                });
                offered.sort_unstable();
                assert!(offered.windows(2).all(|pair| pair[0] < pair[1]), "an item was offered twice");
                let within: Vec<u32> = (0..800).filter(|&item| distance(item) <= radius).collect();
                assert!(within.iter().all(|item| offered.binary_search(item).is_ok()), "{centre:?} {radius}");
                assert!(radius > 3.0 || offered.len() < 400, "{centre:?} {radius}: {} of 800 were offered", offered.len());
            }
        }
    }

    #[test]
    fn an_empty_tree_offers_nothing() {
        PointTree::new(std::iter::empty()).around([0.0, 0.0], &mut |_| unreachable!("there is nothing to offer"));
    }
}
