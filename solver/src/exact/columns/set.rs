//! Small sets of elements as bits.

/// A set of elements 0 to 64 × `W` - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Set<const W: usize>([u64; W]);

impl<const W: usize> Set<W> {
    pub(super) const EMPTY: Self = Self([0; W]);

    /// Every element.
    pub(super) const ALL: Self = Self([u64::MAX; W]);

    /// The set of these elements.
    pub(super) fn of(elements: &[usize]) -> Self {
        let mut set = Self::EMPTY;
        for &element in elements {
            set.0[element / 64] |= 1 << (element % 64);
        }
        set
    }

    pub(super) fn has(&self, element: usize) -> bool {
        self.0[element / 64] >> (element % 64) & 1 == 1
    }

    pub(super) fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| own & !other == 0)
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        set
    }

    /// What is in one of both only.
    pub(super) fn differing(&self, other: &Self) -> Self {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word ^= other);
        set
    }

    /// What is not in the other.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
        set
    }

    /// The elements, ascending.
    pub(super) fn elements(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (bit < 64).then_some(at * 64 + bit)
            })
        })
    }

    /// What of this set is in `kept`, with everything of `added`.
    pub(super) fn keep_and_add(&self, kept: &Self, added: &Self) -> Self {
        let mut set = *self;
        for (at, word) in set.0.iter_mut().enumerate() {
            *word = *word & kept.0[at] | added.0[at];
        }
        set
    }
}
