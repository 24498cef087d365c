//! The contract as OpenAPI 3.1: what the handlers say of themselves, and what is true of all of them.

pub mod docs;
pub mod events;
pub mod needs;
mod shapes;
pub mod words;

use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, ObjectBuilder, PathItem, Ref, RefOr, Required, Response, ResponseBuilder, Type,
};
use utoipa::{Modify, OpenApi};

use crate::http::registration::calendar;
use crate::http::wire::problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Instructor-led training",
        description = "Registration and scheduling for dealer networks. Refusals are problem documents (RFC 9457) with a stable `code`; `/problems` explains each.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
    ),
    security(("token" = [])),
    modifiers(&Token),
    paths(calendar::one),
    components(schemas(problem::ProblemView))
)]
pub struct Contract;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Adds what is true of every operation: who may ask for it, how to repeat a `POST` or a `PUT`, how to win a race with a `PATCH`, what a refusal looks like, and
/// which headers an answer with a version has.
pub fn complete(openapi: &mut utoipa::openapi::OpenApi) {
    shapes::complete(openapi);
    needs::complete(openapi);
    for path in openapi.paths.paths.values_mut() {
        let PathItem { get, put, post, patch, delete, .. } = path;
        for repeatable in [&mut *post, &mut *put].into_iter().flatten().filter(|it| takes_a_key(it)) {
            let key = header(
                "Idempotency-Key",
                "Repeating the request with the same key answers as the first time did.",
                "^[!-~]{1,200}$",
            );
            reads(repeatable, key);
        }
        if let Some(patch) = patch {
            let tag = "^(W/)?\"?[0-9]{1,19}\"?$";
            reads(
                patch,
                header("If-Match", "The `ETag` you last saw; else send `version` in the body.", tag),
            );
        }
        for operation in [get, put, post, patch, delete].into_iter().flatten() {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    shapes::never_null(parameter);
                }
            }
            let refusal = ResponseBuilder::new().description("A problem document");
            let refusal = refusal
                .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))));
            operation.responses.responses.entry("default".to_owned()).or_insert(refusal.build().into());
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    describe(status, response);
                }
            }
        }
    }
}

/// An upload and a webhook are known by what they are, who signs in or out twice is in or out, a key is told once, a rehearsal changes nothing, and rules that are asked twice say the same.
fn takes_a_key(operation: &Operation) -> bool {
    let needs_none = [
        "upload_component",
        "rehearse_plugin",
        "ask_plugin_anew",
        "receive_webhook",
        "sign_in",
        "sign_out",
        "make_api_key",
    ];
    !operation.operation_id.as_deref().is_some_and(|it| needs_none.contains(&it))
}

fn header(name: &str, description: &str, pattern: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build();
    let header =
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::False);
    header.description(Some(description)).schema(Some(text)).build()
}

/// Says that an operation reads a parameter, in place of what it says of it itself.
fn reads(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_default();
    parameters.retain(|known| !matches!(known, RefOr::T(known) if known.name == parameter.name));
    parameters.push(parameter.into());
}

fn describe(status: &str, response: &mut Response) {
    // What such a text consists of cannot be said in a schema of it.
    if let Some(RefOr::T(events)) = response.content.get_mut("text/event-stream") {
        events.schema = None;
    }
    if response.description.is_empty() {
        let words = match status {
            "200" => "As it is now",
            "201" => "Made",
            "204" => "Done",
            "503" => "Not ready",
            _ => "A problem document",
        };
        words.clone_into(&mut response.description);
    }
    if status == "201" {
        let text = || RefOr::T(Header::new(ObjectBuilder::new().schema_type(Type::String)));
        response.headers.entry("Location".to_owned()).or_insert_with(text);
    }
}
