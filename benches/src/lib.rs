//! Kendt.
