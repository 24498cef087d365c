//! The gate for queries: an address that takes no parameter, as its document says, refuses each by name.
//!
//! A parameter that is ignored is a wish that is not heard: `?learner=…` beside a body would register the caller. What the others
//! do not know is refused where theirs are read ([`super::params`]).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ilt_core::fault::FieldProblem;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr};

use crate::http::wire::problem::{MOST_TOLD, Problem};

/// The operations that take no parameter: method and path.
#[derive(Clone)]
pub struct TakeNone(Arc<BTreeSet<(&'static str, String)>>);

impl TakeNone {
    /// As the document says.
    pub fn of(openapi: &OpenApi) -> Self {
        let of_path = openapi.paths.paths.iter().flat_map(|(path, item)| {
            let of_methods = [&item.get, &item.put, &item.post, &item.patch, &item.delete];
            let operations = ["GET", "PUT", "POST", "PATCH", "DELETE"].into_iter().zip(of_methods);
            operations.filter_map(move |(method, operation)| Some((method, path, operation.as_ref()?)))
        });
        let silent = of_path.filter(|(.., operation)| !takes_any(operation));
        Self(Arc::new(silent.map(|(method, path, _)| (method, path.clone())).collect()))
    }
}

fn takes_any(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|it| matches!(it, RefOr::T(it) if it.parameter_in == ParameterIn::Query))
}

/// Lets a request pass that asks nothing where nothing can be asked.
pub async fn refuse(State(silent): State<TakeNone>, request: Request, next: Next) -> Response {
    match strange(&silent, &request) {
        None => next.run(request).await,
        Some(fields) => Problem::unreadable_fields(&fields).into_response(),
    }
}

fn strange(silent: &TakeNone, request: &Request) -> Option<Vec<FieldProblem>> {
    request.uri().query().filter(|query| !query.is_empty())?;
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    silent.0.iter().find(|(asked, at)| *asked == method && at == path)?;
    let given =
        Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map(|given| given.0).unwrap_or_default();
    let problem = |(name, _)| FieldProblem::new(format!("?{name}"), "is not known; this address takes none");
    Some(given.into_iter().map(problem).take(MOST_TOLD + 1).collect())
}
