//! Problems and plans as files: the public benchmark formats, Kendt's own district format, and a generator of districts.
//!
//! Readers never panic: unreadable, inconsistent or hostile input gives a [`ReadError`] that names every fault with its place.
//! Formats end here; the solver knows none of them.

#![warn(missing_docs)]

mod detect;
pub mod district;
mod fault;
mod gather;
pub mod generate;
mod hconvrp;
mod hhcrsp;
#[cfg(test)]
mod hostile;
mod matrix;
mod names;
mod peerday;
#[cfg(test)]
mod published;
mod roster;
mod skills;
mod times;
mod timetable;
mod uhhc;
mod vrptw;

pub use detect::detect;
pub use fault::ReadError;
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;

/// A file format for instances and the plans that belong to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Home health care routing and scheduling (Mankowska, Kummer, Italian sets), JSON.
    Hhcrsp,
    /// Unified home health care, JSON.
    Uhhc,
    /// Vehicle routing with time windows, Solomon's text.
    Vrptw,
    /// Consistent vehicle routing with a heterogeneous fleet, text.
    Hconvrp,
    /// Home-care days that several solvers are compared on, JSON.
    Peerday,
    /// Kendt's own district JSON.
    District,
}

impl Format {
    /// The name on the command line and in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Hhcrsp => "hhcrsp",
            Format::Uhhc => "uhhc",
            Format::Vrptw => "vrptw",
            Format::Hconvrp => "hconvrp",
            Format::Peerday => "peerday",
            Format::District => "district",
        }
    }
}

/// An instance: the problem and the format its plans are written in.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The problem.
    pub problem: Problem,
    /// Where it came from.
    pub format: Format,
    /// The document, of a district: what it says in words, as the names of skills, is not in the problem.
    pub district: Option<Box<district::District>>,
}

/// Reads an instance; `None` finds the format out from the text. `name` is what the problem is called where the text does not say.
///
/// # Errors
/// Every fault found, with its place.
pub fn read(text: &str, format: Option<Format>, name: &str) -> Result<Instance, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    let format = match format.or_else(|| detect(text)) {
        Some(format) => format,
        None => return Err(ReadError::one("the file", "is neither hhcrsp, uhhc, vrptw, hconvrp, peerday nor a kendt district")),
    };
    let problem = match format {
        Format::Hhcrsp => hhcrsp::read(text, name)?,
        Format::Uhhc => uhhc::read(text, name)?,
        Format::Vrptw => vrptw::read(text, name)?,
        Format::Hconvrp => hconvrp::read(text, name)?,
        Format::Peerday => peerday::read(text, name)?,
        Format::District => {
            let district = district::read(text)?;
            return Ok(Instance { problem: district.problem()?, format, district: Some(Box::new(district)) });
        }
    };
    Ok(Instance { problem, format, district: None })
}

impl Instance {
    /// Whether the problem has every plan of its format, so that what is proved of one is proved of the other.
    ///
    /// It has not where a unified home health care instance has lunch breaks: the format lets a carer eat at either end of a ride, Kendt
    /// at the far end only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.format != Format::Uhhc || self.problem.shifts().iter().all(|shift| shift.pause.is_none())
    }

    /// The plan in the format's own published shape.
    #[must_use]
    pub fn write_plan(&self, plan: &Plan) -> String {
        match self.format {
            Format::Hhcrsp => hhcrsp::write_plan(&self.problem, plan),
            Format::Uhhc => uhhc::write_plan(&self.problem, plan),
            Format::Vrptw => vrptw::write_plan(&self.problem, plan),
            Format::Hconvrp => hconvrp::write_plan(&self.problem, plan),
            Format::Peerday => peerday::write_plan(&self.problem, plan),
            Format::District => district::write_plan(&self.problem, plan),
        }
    }

    /// Reads a plan in the format's own published shape, times as stated there (vrptw and hconvrp state none: the earliest are taken).
    ///
    /// # Errors
    /// Every fault that keeps the text from being a plan of this problem: unknown ids, missing times. Broken rules of a readable plan
    /// are the checker's business.
    pub fn read_plan(&self, text: &str) -> Result<Plan, ReadError> {
        match self.format {
            Format::Hhcrsp => hhcrsp::read_plan(&self.problem, text),
            Format::Uhhc => uhhc::read_plan(&self.problem, text),
            Format::Vrptw => vrptw::read_plan(&self.problem, text),
            Format::Hconvrp => hconvrp::read_plan(&self.problem, text),
            Format::Peerday => peerday::read_plan(&self.problem, text),
            Format::District => district::read_plan(&self.problem, text),
        }
    }
}
