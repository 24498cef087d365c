//! Reading addresses strictly: ids, and query parameters of which unknown ones are refused by name.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use ilt_core::fault::FieldProblem;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::ParameterIn;

use crate::http::App;
use crate::http::wire::nul;
use crate::http::wire::problem::{MOST_TOLD, Problem};
use crate::http::wire::wanted::wanted;

/// Query parameters; unknown ones are refused by name.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + IntoParams> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        nul::refuse_in_query(query)?;
        read(query).map(Self).ok_or_else(|| Problem::unreadable_fields(&wrong::<T>(query)))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Option<T> {
    let uri = Uri::builder().path_and_query(format!("/?{query}")).build().ok()?;
    Query::try_from_uri(&uri).ok().map(|query| query.0)
}

/// Everything that is wrong with a query: each parameter alone, in the words of its schema.
fn wrong<T: DeserializeOwned + IntoParams>(query: &str) -> Vec<FieldProblem> {
    let known = T::into_params(|| Some(ParameterIn::Query));
    let required = known.iter().filter(|it| it.required == Required::True);
    let given: Vec<_> =
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| (pair, name(pair))).collect();
    let has = |name: &str| given.iter().any(|(_, given)| *given == name);
    let problem = |(name, detail): (&str, String)| FieldProblem::new(format!("?{name}"), detail);
    let missing =
        required.clone().filter(|it| !has(&it.name)).map(|it| (it.name.as_str(), "is missing".to_owned()));
    let missing: Vec<_> = missing.map(problem).collect();
    if !missing.is_empty() {
        return missing;
    }
    // What must be there beside the others, lest its absence be what is wrong with them.
    let with_needed = |alone: (&str, &str)| {
        let needed =
            given.iter().filter(|it| it.1 != alone.1 && required.clone().any(|known| known.name == it.1));
        let pairs: Vec<_> = [alone.0].into_iter().chain(needed.map(|it| it.0)).collect();
        pairs.join("&")
    };
    let each = given.iter().enumerate().filter_map(|(at, (pair, name))| {
        if given[..at].iter().any(|(_, earlier)| earlier == name) {
            return Some((*name, "stands twice".to_owned()));
        }
        let Some(schema) = known.iter().find(|it| it.name == *name).map(|it| &it.schema) else {
            let names: Vec<_> = known.iter().map(|it| it.name.as_str()).collect();
            return Some((*name, format!("is not known; known are {}", names.join(", "))));
        };
        let is_read = read::<T>(&with_needed((pair, name))).is_some();
        let words = || wanted(&serde_json::to_value(schema).ok()?, &|_| None);
        (!is_read).then(|| (*name, words().unwrap_or_else(|| "cannot be read".to_owned())))
    });
    let mut found: Vec<_> = each.map(problem).take(MOST_TOLD + 1).collect();
    if found.is_empty() {
        found.push(FieldProblem::new("?", "cannot be read"));
    }
    found
}

fn name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

/// Two ids in the path.
pub struct Ids<A, B>(pub A, pub B);

impl<A, B> FromRequestParts<App> for Ids<A, B>
where
    A: std::str::FromStr<Err: std::fmt::Display> + Send,
    B: std::str::FromStr<Err: std::fmt::Display> + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path((one, other)) = Path::<(String, String)>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::unreadable("", "the address holds no ids"))?;
        let one = one.parse().map_err(|error: A::Err| Problem::unreadable("", error.to_string()))?;
        let other = other.parse().map_err(|error: B::Err| Problem::unreadable("", error.to_string()))?;
        Ok(Self(one, other))
    }
}

/// An id in the path.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr<Err: std::fmt::Display> + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::unreadable("", "the address holds no id"))?;
        text.parse().map(Self).map_err(|error: T::Err| Problem::unreadable("", error.to_string()))
    }
}
