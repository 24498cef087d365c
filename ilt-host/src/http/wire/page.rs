//! Pages: `limit`, and a cursor that says where the page before ended.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::wire::nul;
use crate::http::wire::problem::Problem;

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;

/// How many lines a page has.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Limit(pub u32);

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT_LIMIT)
    }
}

impl TryFrom<String> for Limit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.parse() {
            Ok(limit @ 1..=MOST) => Ok(Self(limit)),
            _ => Err(format!("limit must be a number from 1 to {MOST}")),
        }
    }
}

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Its lines.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of what was found when one line more than `limit` was asked for.
    pub fn of<L>(
        mut found: Vec<L>,
        limit: Limit,
        cursor: impl Fn(&L) -> String,
        show: impl FnMut(L) -> T,
    ) -> Self {
        let limit = limit.0 as usize;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(cursor);
        Self { items: found.into_iter().map(show).collect(), next }
    }
}

/// A cursor, as clients carry it.
pub fn cursor<T: Serialize>(place: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// What a client's cursor says; an empty one is the first page's.
///
/// # Errors
/// `invalid-request` when it is none of ours.
pub fn place<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().filter(|bytes| !nul::may_be_in(bytes));
    let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    place.map(Some).ok_or_else(|| Problem::unreadable("?cursor", "this is not a cursor that a page answered"))
}
