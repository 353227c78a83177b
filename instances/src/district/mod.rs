//! Stub.
use crate::ReadError;
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;
/// A district document.
#[derive(Clone, Debug)]
pub struct District;
/// Reads.
pub fn read(_text: &str) -> Result<District, ReadError> {
    todo!()
}
impl District {
    /// The problem.
    pub fn problem(&self) -> Result<Problem, ReadError> {
        todo!()
    }
}
/// Writes.
pub fn write_plan(_problem: &Problem, _plan: &Plan) -> String {
    todo!()
}
/// Reads.
pub fn read_plan(_problem: &Problem, _text: &str) -> Result<Plan, ReadError> {
    todo!()
}
