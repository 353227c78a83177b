//! Why more carers come to a citizen than the cap allows, for people and for programs.

use std::fmt::Write;

use kendt_instances::district::District;
use kendt_solver::exact::team::{CapReason, Cause, cap_reasons};
use kendt_solver::plan::Plan;
use kendt_solver::problem::{Problem, VisitId};
use serde::Serialize;
use utoipa::ToSchema;

/// A citizen whose cap is not kept, or not without leaving visits out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AboveCap {
    /// The citizen's id.
    citizen: String,
    /// How many carers come.
    carers: usize,
    /// How many are to come at most.
    cap: usize,
    /// How many the roster, skills and exclusions ask for anyhow.
    needed: usize,
    /// `roster` or `time`.
    cause: &'static str,
    /// Days, from 1, of the visits.
    days: Vec<i64>,
    /// By the roster, the visits that alone need more carers than the cap allows; by time, those that carers above the cap pay.
    visits: Vec<String>,
    /// What carers must know for these visits, where the document has names for it.
    skills: Vec<String>,
    /// Whether no fewer visits are such a reason by the roster.
    is_smallest: bool,
}

impl AboveCap {
    /// Whose caps a plan does not keep, and why. Words for skills come from the district, where there is one.
    pub(crate) fn list(district: Option<&District>, problem: &Problem, plan: &Plan) -> Vec<Self> {
        cap_reasons(problem, plan).iter().map(|reason| Self::new(district, problem, reason)).collect()
    }

    pub(crate) fn new(district: Option<&District>, problem: &Problem, reason: &CapReason) -> Self {
        let visit = |&visit: &VisitId| Some(problem.visits().get(visit)?.label.clone());
        let visits: Vec<String> = reason.visits.iter().filter_map(visit).collect();
        Self {
            citizen: problem.citizens().get(reason.citizen).map(|citizen| citizen.label.clone()).unwrap_or_default(),
            carers: reason.carers,
            cap: reason.cap,
            needed: reason.needed,
            cause: match reason.cause {
                Cause::Roster => "roster",
                Cause::Time => "time",
            },
            days: reason.days.clone(),
            skills: district.map_or_else(Vec::new, |district| skills(district, &visits)),
            visits,
            is_smallest: reason.is_smallest,
        }
    }
}

/// The skills that visits ask for, each once; the second half of a visit by two may ask for others.
fn skills(district: &District, labels: &[String]) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    for visit in &district.visits {
        let second = visit.second_skills.as_ref().unwrap_or(&visit.skills);
        let asked = [(visit.id.clone(), &visit.skills), (format!("{}#1", visit.id), &visit.skills), (format!("{}#2", visit.id), second)];
        for (_, own) in asked.into_iter().filter(|(label, _)| labels.contains(label)) {
            skills.extend(own.iter().cloned());
        }
    }
    skills.sort_unstable();
    skills.dedup();
    skills
}

/// A line for each, ended.
pub(crate) fn lines(above: &[AboveCap]) -> String {
    let mut text = String::new();
    for above in above {
        let days: Vec<String> = above.days.iter().map(i64::to_string).collect();
        let on = if days.is_empty() { String::new() } else { format!(": day {}", days.join(", ")) };
        let reason = match above.cause {
            "time" => format!("the roster would do with {}, time does not{on}", above.needed),
            _ => {
                let skills = if above.skills.is_empty() { String::new() } else { format!(" (skills {})", above.skills.join(", ")) };
                format!("the roster asks for {}{on}, visits {}{skills}", above.needed, above.visits.join(", "))
            }
        };
        let _ = writeln!(text, "  {}: {}, {reason}", above.citizen, above.carers);
    }
    text
}
