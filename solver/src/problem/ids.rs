//! Dense identifiers: `u32` newtypes counted from 0, and the vector that only its own id can index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A dense identifier, counted from 0 in the order of the problem's own list.
pub trait Id: Copy + Eq + Ord + std::fmt::Debug {
    /// The id of position `index`.
    ///
    /// # Panics
    /// When `index` does not fit in 32 bits; [`crate::problem::ProblemBuilder::build`] refuses such problems first.
    fn new(index: usize) -> Self;
    /// The position, from 0.
    fn idx(self) -> usize;
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u32);

        impl $name {
            /// The id of position `index`.
            ///
            /// # Panics
            /// When `index` does not fit in 32 bits.
            #[must_use]
            pub fn new(index: usize) -> Self {
                <Self as Id>::new(index)
            }

            /// The position, from 0.
            #[must_use]
            pub fn idx(self) -> usize {
                self.0 as usize
            }
        }

        impl Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("the builder refuses lists longer than 32 bits"))
            }
            fn idx(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(/** A visit. */ VisitId);
id!(/** A citizen. */ CitizenId);
id!(/** A course: the same help of one citizen on several days. */ CourseId);
id!(/** A carer. */ CarerId);
id!(/** A team of carers. */ TeamId);
id!(/** A shift of one carer. */ ShiftId);
id!(/** A link between two visits. */ LinkId);
id!(/** A place in the travel matrices. */ PlaceId);
id!(/** A travel mode: one matrix. */ ModeId);
id!(/** A skill: one bit of a [`crate::problem::SkillSet`]. */ SkillId);

/// A vector that can be indexed by its own id type only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    ids: PhantomData<I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// An empty vector.
    #[must_use]
    pub fn new() -> Self {
        Self { items: Vec::new(), ids: PhantomData }
    }

    /// Appends an item and returns its id.
    pub fn push(&mut self, item: T) -> I {
        let id = I::new(self.items.len());
        self.items.push(item);
        id
    }

    /// The item of `id`, or `None` past the end.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.idx())
    }

    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All ids, ascending.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// All items in id order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All items in id order, mutable.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// All ids with their items, ascending.
    pub fn enumerate(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(index, item)| (I::new(index), item))
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, ids: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(items: It) -> Self {
        Self::from(items.into_iter().collect::<Vec<T>>())
    }
}

impl<'a, I: Id, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.idx()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.idx()]
    }
}
