//! What the tests of the whole share: random problems and plans, and the slow, obvious versions that fast code is held against.

pub mod brute;
pub mod corrupt;
pub mod draw;
pub mod earliest;
pub mod random;
