//! Reading addresses strictly: ids, and query parameters of which unknown ones are refused by name.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use ilt_core::fault::FieldProblem;
use serde::de::DeserializeOwned;

use crate::http::App;
use crate::http::wire::nul;
use crate::http::wire::problem::{MOST_TOLD, Problem};

/// Query parameters; unknown ones are refused by name.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        nul::refuse_in_query(query)?;
        params(query).map(Self).map_err(|said| {
            // Each alone, to find every one that is wrong; none is when it is their company, as with one that comes twice.
            let alone = query.split('&').filter_map(|pair| Some((pair, params::<T>(pair).err()?)));
            let mut fields: Vec<_> = alone
                .filter(|(_, said)| !said.starts_with("missing field"))
                .map(|(pair, said)| {
                    FieldProblem::new(format!("?{}", pair.split('=').next().unwrap_or_default()), said)
                })
                .take(MOST_TOLD + 1)
                .collect();
            if fields.is_empty() {
                fields.push(FieldProblem::new("?", said));
            }
            Problem::unreadable_fields(&fields)
        })
    }
}

/// Reads a query, or says what is wrong with it.
fn params<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    let uri = axum::http::Uri::builder()
        .path_and_query(format!("/?{query}"))
        .build()
        .map_err(|it| it.to_string())?;
    axum::extract::Query::try_from_uri(&uri).map(|query| query.0).map_err(|rejection| {
        let text = rejection.body_text();
        let said = text.split_once("query string: ").map_or(text.as_str(), |(_, said)| said);
        // Named already by the pointer.
        said.split_once(": ").map_or(said, |(_, said)| said).to_owned()
    })
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
