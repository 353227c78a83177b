//! Everything that can go wrong over HTTP, as RFC 9457 problem documents.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kendt_instances::ReadError;
use kendt_solver::problem::Fault;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::RETRY_AFTER;

/// The kinds of error. Each has a stable name, the last part of the problem document's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON.
    MalformedJson,
    /// The body is JSON of another shape than the request's.
    WrongShape,
    /// The body is not declared as JSON.
    UnsupportedMediaType,
    /// The body is above the limit.
    BodyTooLarge,
    /// The district has faults.
    InvalidDistrict,
    /// The plan does not belong to the district.
    InvalidPlan,
    /// An event does not fit the district.
    InvalidEvent,
    /// A rule speaks against what is asked about.
    AgainstRule,
    /// An option is out of range, or two exclude each other.
    InvalidOption,
    /// There is no such path.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// There is no such job, or it is no longer kept.
    JobNotFound,
    /// The data folder has no such district.
    DistrictNotFound,
    /// The district has no such citizen.
    CitizenNotFound,
    /// The job has no plan (yet).
    NoPlan,
    /// The job is not finished.
    NotFinished,
    /// Too many jobs wait.
    QueueFull,
    /// The service is going down.
    ShuttingDown,
    /// The solver failed.
    SolveFailed,
    /// Anything else that is our fault.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 20] = [
        Code::MalformedJson,
        Code::WrongShape,
        Code::UnsupportedMediaType,
        Code::BodyTooLarge,
        Code::InvalidDistrict,
        Code::InvalidPlan,
        Code::InvalidEvent,
        Code::AgainstRule,
        Code::InvalidOption,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::JobNotFound,
        Code::DistrictNotFound,
        Code::CitizenNotFound,
        Code::NoPlan,
        Code::NotFinished,
        Code::QueueFull,
        Code::ShuttingDown,
        Code::SolveFailed,
        Code::Internal,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().1
    }

    /// The kind of error in words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Code::MalformedJson => ("malformed-json", StatusCode::BAD_REQUEST, "the body is not JSON"),
            Code::WrongShape => ("wrong-shape", StatusCode::UNPROCESSABLE_ENTITY, "the body has the wrong shape"),
            Code::UnsupportedMediaType => ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"),
            Code::BodyTooLarge => ("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Code::InvalidDistrict => ("invalid-district", StatusCode::UNPROCESSABLE_ENTITY, "the district has faults"),
            Code::InvalidPlan => ("invalid-plan", StatusCode::UNPROCESSABLE_ENTITY, "the plan does not belong to the district"),
            Code::InvalidEvent => ("invalid-event", StatusCode::UNPROCESSABLE_ENTITY, "an event does not fit the district"),
            Code::AgainstRule => ("against-rule", StatusCode::UNPROCESSABLE_ENTITY, "a rule speaks against it"),
            Code::InvalidOption => ("invalid-option", StatusCode::UNPROCESSABLE_ENTITY, "an option is out of range"),
            Code::NotFound => ("not-found", StatusCode::NOT_FOUND, "there is no such path"),
            Code::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "the path has no such method"),
            Code::JobNotFound => ("job-not-found", StatusCode::NOT_FOUND, "there is no such job"),
            Code::DistrictNotFound => ("district-not-found", StatusCode::NOT_FOUND, "there is no such district"),
            Code::CitizenNotFound => ("citizen-not-found", StatusCode::NOT_FOUND, "there is no such citizen"),
            Code::NoPlan => ("no-plan", StatusCode::CONFLICT, "the job has no plan"),
            Code::NotFinished => ("not-finished", StatusCode::CONFLICT, "the job is not finished"),
            Code::QueueFull => ("queue-full", StatusCode::SERVICE_UNAVAILABLE, "too many jobs are waiting"),
            Code::ShuttingDown => ("shutting-down", StatusCode::SERVICE_UNAVAILABLE, "the service is going down"),
            Code::SolveFailed => ("solve-failed", StatusCode::INTERNAL_SERVER_ERROR, "the solver failed"),
            Code::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here"),
        }
    }
}

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Detail {
    /// Where: a JSON pointer into the body (`/district/visits/3/windows/0`), a line and column, or an item (`visit v17`).
    pub at: String,
    /// What is wrong, with the value and the allowed range.
    pub what: String,
}

/// A problem document (RFC 9457): the body of every error.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub struct Problem {
    /// `urn:kendt:error:` and the error's stable name.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of error in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// This occurrence in words.
    detail: String,
    /// Every fault found in the request, with its place.
    errors: Vec<Detail>,
    #[serde(skip)]
    #[schema(ignore)]
    code: Code,
}

impl Problem {
    /// An error of a kind.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:kendt:error:{}", code.name()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            code,
        }
    }

    /// An error at one place.
    #[must_use]
    pub fn at(code: Code, at: impl Into<String>, what: impl Into<String>) -> Self {
        let what = what.into();
        let mut problem = Self::new(code, what.clone());
        problem.errors.push(Detail { at: at.into(), what });
        problem
    }

    /// The faults of a document that stands at `base` (a JSON pointer) in the body.
    #[must_use]
    pub fn faults(code: Code, base: &str, error: ReadError) -> Self {
        let n = error.faults.len();
        let mut problem = Self::new(code, format!("{n} fault{} found, listed under errors", if n == 1 { "" } else { "s" }));
        problem.errors = error.faults.into_iter().map(|fault| place(base, fault)).collect();
        problem
    }

    /// This occurrence in words.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Every fault, with its place.
    pub(crate) fn errors(&self) -> &[Detail] {
        &self.errors
    }

    /// Text that serde could not read.
    #[must_use]
    pub fn json(error: &serde_json::Error) -> Self {
        let code = if error.is_data() { Code::WrongShape } else { Code::MalformedJson };
        Self::at(code, format!("line {} column {}", error.line(), error.column()), error.to_string())
    }
}

/// JSON pointers continue from where the document stands; other places (`visit v3`) stay.
fn place(base: &str, fault: Fault) -> Detail {
    let at = if fault.at.is_empty() || fault.at.starts_with('/') { format!("{base}{}", fault.at) } else { fault.at };
    Detail { at, what: fault.what }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.code.status(), [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if self.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER.as_secs()));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_reference() {
        let reference = include_str!("../API.md");
        for code in Code::ALL {
            let row = format!("| `{}` | {} |", code.name(), code.status().as_u16());
            assert!(reference.contains(&row), "API.md lacks the row {row}");
        }
    }

    #[test]
    fn pointers_continue_from_the_document() {
        let problem = Problem::faults(Code::InvalidDistrict, "/district", ReadError::one("/visits/3", "is bad"));
        assert_eq!(problem.errors[0].at, "/district/visits/3");
        let problem = Problem::faults(Code::InvalidDistrict, "/district", ReadError::one("visit v3", "is bad"));
        assert_eq!(problem.errors[0].at, "visit v3");
    }
}
