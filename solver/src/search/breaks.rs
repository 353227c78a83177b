//! Breaks of a whole plan: put in where they cost least, and taken out where they begin too late.

use super::Working;
use super::arrays::Node;

impl Working<'_> {
    /// Puts each break that is not taken where it costs least, if taking it is cheaper than missing it.
    pub(crate) fn place_breaks(&mut self) -> &mut Self {
        let arrays = self.arrays;
        for shift in 0..arrays.n_shifts as u32 {
            let node = arrays.break_of(shift);
            if arrays.shifts[shift as usize].pause.is_none() || self.is_served(node) {
                continue;
            }
            let mut best = (self.cost(), None);
            let places: Vec<Node> = std::iter::once(arrays.start_of(shift)).chain(self.route(shift)).collect();
            for behind in places {
                self.begin();
                self.insert_after(node, behind);
                self.settle();
                if self.propagate(i64::MAX) && self.cost() < best.0 {
                    best = (self.cost(), Some(behind));
                }
                self.undo();
            }
            if let Some(behind) = best.1 {
                self.edit(|working| working.insert_after(node, behind));
            }
        }
        self
    }

    /// The plan with the breaks taken out that begin too late: they break a rule that nothing softens, a missed break breaks the one that
    /// the objective weighs.
    pub(crate) fn without_late_breaks(&mut self) -> &mut Self {
        for shift in 0..self.arrays.n_shifts as u32 {
            let node = self.arrays.break_of(shift);
            if self.is_served(node) && self.time_price(node) > 0 {
                self.edit(|working| working.remove(node));
            }
        }
        self
    }
}
