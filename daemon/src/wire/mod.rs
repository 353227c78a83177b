//! What travels: serde types and their conversions. Nothing of the solver is serialised but through these.

mod caps;
mod changes;
mod checks;
mod document;
mod evaluations;
mod job;
mod judgement;
mod measures;
mod moment;
mod options;
mod plans;
mod promises;
mod replan_answer;
mod replans;
mod say;

pub(crate) use caps::{AboveCap, lines};
pub(crate) use changes::ChangeView;
pub(crate) use checks::CheckRequest;
pub(crate) use document::{load_district, load_plan};
pub(crate) use evaluations::{Evaluation, EvaluationRequest, GroupView};
pub(crate) use job::{JobList, JobView};
pub(crate) use judgement::{Judgement, Terms, ViolationView};
pub(crate) use measures::{BreachesView, IndicesView, MeasuresView, SlackView};
pub(crate) use moment::{TimeOfDay, day_of, time_of};
pub(crate) use plans::PlanRequest;
pub(crate) use promises::Appointment;
pub(crate) use replan_answer::ReplanAnswer;
pub(crate) use replans::{Before, Prepared, ReplanRequest, Told};
pub(crate) use say::{AnswersRequest, DemandAnswer, DemandRequest, PackageAnswer, PackageRequest, WhatIfRequest, WhyRequest};
