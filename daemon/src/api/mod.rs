//! The routes, one file per resource.

mod body;
mod checks;
mod evaluations;
mod events;
mod health;
mod job_ref;
mod plans;
mod replans;
mod say;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::app::AppState;

#[derive(OpenApi)]
#[openapi(
    info(title = "Kendt", description = "Plans home care: who visits whom, when. Costs are in the units of the district's objective."),
    tags(
        (name = "plans", description = "Planning a district from nothing, as jobs"),
        (name = "replans", description = "Changing a published plan as little as the day's events allow"),
        (name = "checks", description = "Judging any plan"),
        (name = "evaluations", description = "Measuring how continuous and how punctual any plan is"),
        (name = "say", description = "The citizen's say: what was granted, what is asked for instead, and what became of it"),
        (name = "service", description = "The service itself"),
    )
)]
struct Document;

/// Every route, with its documentation.
pub(crate) fn routes() -> Router<AppState> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(plans::list, plans::submit))
        .routes(routes!(plans::show, plans::stop))
        .routes(routes!(plans::plan))
        .routes(routes!(events::events))
        .routes(routes!(replans::replan))
        .routes(routes!(checks::check))
        .routes(routes!(evaluations::evaluate))
        .routes(routes!(say::demand))
        .routes(routes!(say::answers))
        .routes(routes!(say::what_if))
        .routes(routes!(say::explain))
        .routes(routes!(say::swap_options))
        .routes(routes!(say::wishes))
        .routes(routes!(say::package))
        .routes(routes!(say::triage))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .routes(routes!(health::district_schema))
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
}
