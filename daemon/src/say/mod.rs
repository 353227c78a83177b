//! The citizen's say as people read it: which wishes a plan fulfils, why it does not fulfil the others, and what they may ask for; every reason
//! as a stable code with its figures and in plain words, Danish and English.

mod answers;
mod history;
mod options;
mod price;
mod slack;
mod triage;
mod unserved;
mod ways;
mod why;
mod wishes;
mod words;

pub(crate) use answers::{Answers, answers};
pub(crate) use history::History;
pub(crate) use options::OptionsView;
pub(crate) use triage::{TriageSheet, triage_sheet};
pub(crate) use ways::{Ask, MOST_WAYS, Unasked, WhatIf, what_if};
pub(crate) use why::{Why, why};
