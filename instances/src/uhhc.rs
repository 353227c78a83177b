//! Stub.
use crate::ReadError;
use kendt_solver::plan::Plan;
use kendt_solver::problem::Problem;
pub(crate) fn read(_text: &str, _name: &str) -> Result<Problem, ReadError> {
    todo!()
}
pub(crate) fn write_plan(_problem: &Problem, _plan: &Plan) -> String {
    todo!()
}
pub(crate) fn read_plan(_problem: &Problem, _text: &str) -> Result<Plan, ReadError> {
    todo!()
}
