//! Reading requests strictly: an unknown field or parameter is refused by name, so that a typing error is not a silent
//! "no".

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use ilt_core::desk::Key;
use ilt_core::ids::PersonId;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::App;
use super::problem::Problem;

/// Characters of an idempotency key at most.
const LONGEST_KEY: usize = 200;

/// The body of a request that makes or does something, with its idempotency key. No body is an empty object.
pub struct Posted<T> {
    /// The body.
    pub body: T,
    key: Option<String>,
    digest: String,
}

impl<T> Posted<T> {
    /// What makes a repetition of this request by the same person the same request.
    pub fn key(&self, person: PersonId) -> Option<(Key, String)> {
        self.key.as_ref().map(|key| (Key { person, key: key.clone() }, self.digest.clone()))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let key = idempotency_key(&parts)?;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let bytes = bytes(Request::from_parts(parts, body), app).await?;
        let digest =
            Sha256::new().chain_update(method.as_str()).chain_update(path).chain_update(&bytes).finalize();
        let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let body = if bytes.is_empty() { read(b"{}") } else { read(&bytes) }?;
        Ok(Self { body, key, digest })
    }
}

fn idempotency_key(parts: &Parts) -> Result<Option<String>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let is_plain = |key: &&str| {
        !key.is_empty() && key.len() <= LONGEST_KEY && key.chars().all(|it| it.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(is_plain).map(str::to_owned);
    let detail = || format!("must be 1 to {LONGEST_KEY} visible characters");
    key.map(Some).ok_or_else(|| Problem::unreadable("Idempotency-Key", detail()))
}

/// A merge patch (RFC 7396), and the version that the client last saw.
pub struct Patch {
    fields: Map<String, Value>,
    version: u64,
    is_if_match: bool,
}

impl Patch {
    /// The current fields with the patch applied, and the version it is meant for.
    ///
    /// # Errors
    /// `invalid-request` when the result cannot be read.
    pub fn onto<T: serde::Serialize + DeserializeOwned>(&self, current: &T) -> Result<T, Problem> {
        let mut merged = serde_json::to_value(current).unwrap_or_default();
        merge(&mut merged, Value::Object(self.fields.clone()));
        read_value(merged)
    }

    /// The version that the client last saw.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A lost race answers 412 when the client sent `If-Match`.
    pub fn lost(&self, problem: Problem) -> Problem {
        if self.is_if_match && problem.code() == "stale" { problem.status(412) } else { problem }
    }
}

impl FromRequest<App> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let if_match = request.headers().get(IF_MATCH).cloned();
        let bytes = bytes(request, app).await?;
        let mut fields: Map<String, Value> = read(&bytes)?;
        let in_body = fields.remove("version");
        let tag = if_match.as_ref().and_then(|value| value.to_str().ok()?.trim_matches('"').parse().ok());
        let version = match (&if_match, tag, in_body.as_ref().map(Value::as_u64)) {
            (Some(_), Some(version), _) | (None, _, Some(Some(version))) => version,
            (Some(_), None, _) => {
                return Err(Problem::unreadable("If-Match", "must be a version such as \"7\""));
            }
            (None, _, Some(None)) => return Err(Problem::unreadable("/version", "must be a whole number")),
            (None, _, None) => {
                let detail = "say which version you change: send If-Match with the ETag, or `version`";
                return Err(Problem::unreadable("/version", detail));
            }
        };
        Ok(Self { fields, version, is_if_match: if_match.is_some() })
    }
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.insert(name, Value::Null);
                } else {
                    merge(target.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (target, patch) => *target = patch,
    }
}

async fn bytes(request: Request, app: &App) -> Result<Bytes, Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.starts_with("application/json") || kind.starts_with("application/merge-patch+json");
    let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
        match axum::response::IntoResponse::into_response(rejection).status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new("too-large", format!("at most {} bytes are accepted", app.limits.body))
            }
            _ => Problem::unreadable("", "the body ended too early"),
        }
    })?;
    // An empty body needs no type, and clients that set one by accident do no harm.
    let kind_is_known = is_json || bytes.is_empty();
    if kind_is_known {
        Ok(bytes)
    } else {
        Err(Problem::new("unsupported-media-type", "send Content-Type: application/json"))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| misread(&error))?;
    json.end().map_err(|error| Problem::unreadable("", error.to_string()))?;
    Ok(value)
}

fn read_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| misread(&error))
}

/// Where it went wrong, as a JSON pointer, and how, in serde's words without their place in the text.
fn misread(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let pointer = match path.as_str() {
        "." => String::new(),
        path => format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/").replace("//", "/")),
    };
    let said = error.inner().to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    Problem::unreadable(pointer, said)
}

/// Query parameters; unknown ones are refused by name.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri).map(|query| Self(query.0)).map_err(|rejection| {
            let text = rejection.body_text();
            let said = text.rsplit_once("query string: ").map_or(text.as_str(), |(_, said)| said);
            Problem::unreadable("?", said)
        })
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
