//! Reading bodies strictly: an unknown field is refused by name, so that a typing error is not a silent "no".

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use ilt_core::desk::{Key, Refusal};
use ilt_core::fault::FieldProblem;
use ilt_core::ids::PersonId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::wire::media;
use crate::http::wire::nul;
use crate::http::wire::problem::{MOST_TOLD, Problem};
use crate::http::wire::shape;
use ilt_engine::check_in::hex;

pub use super::params::{Id, Ids, Params};

/// The body of a request that says it all by its address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

type Unread = serde_path_to_error::Error<serde_json::Error>;

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

impl<T: DeserializeOwned + ToSchema> FromRequest<App> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let key = idempotency_key(&parts)?;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let bytes = bytes(Request::from_parts(parts, body), app).await?;
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let body = read(bytes)?;
        let digest = if key.is_some() { digest(&format!("{method} {path}"), bytes) } else { String::new() };
        Ok(Self { body, key, digest })
    }
}

/// What two requests have in common that are the same: members of an object have no order, and blanks no meaning.
fn digest(what: &str, json: &[u8]) -> String {
    let said = serde_json::from_slice(json).map(sorted).and_then(|value| serde_json::to_vec(&value));
    let said = said.unwrap_or_else(|_| json.to_vec());
    hex(&Sha256::new().chain_update(format!("{what}\n")).chain_update(said).finalize())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> =
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        plain => plain,
    }
}

fn idempotency_key(parts: &Parts) -> Result<Option<String>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| Key::is_plain(key)).map(str::to_owned);
    let detail = || format!("must be 1 to {} visible characters", Key::LONGEST);
    key.map(Some).ok_or_else(|| Problem::unreadable("Idempotency-Key", detail()))
}

/// A merge patch (RFC 7396), and the version that the client last saw.
pub struct Patch {
    fields: Map<String, Value>,
    version: u64,
    is_if_match: bool,
}

impl Patch {
    /// The current fields with the patch applied. `version` is that of `current`: a patch meant for another one is lost, since
    /// it would silently take back what was changed in between.
    ///
    /// # Errors
    /// `stale` for another version, `invalid-request` when the result cannot be read.
    pub fn onto<T>(&self, current: &T, (what, version): (&str, u64)) -> Result<T, Problem>
    where
        T: Serialize + DeserializeOwned + ToSchema,
    {
        if self.version != version {
            return Err(self.lost(Refusal::Stale { what: what.to_owned(), version }.into()));
        }
        let mut merged = serde_json::to_value(current).unwrap_or_default();
        merge(&mut merged, Value::Object(self.fields.clone()));
        read_value(&merged)
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
        let mut fields: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|error| unread(&error))?;
        let in_body = fields.remove("version");
        let tag = if_match.as_ref().and_then(|value| value.to_str().ok()).and_then(version_of);
        let version = match (&if_match, tag, in_body.as_ref().map(Value::as_u64)) {
            (Some(_), Some(version), _) | (None, _, Some(Some(version))) => version,
            (Some(_), None, _) => {
                return Err(Problem::unreadable("If-Match", "must be a version such as \"7\""));
            }
            (None, _, Some(None)) => return Err(Problem::unreadable("/version", "must be a whole number")),
            (None, _, None) => {
                let detail = "say which version you change: send If-Match with the ETag, or `version`";
                return Err(Problem::unreadable("/version", detail).status(428));
            }
        };
        Ok(Self { fields, version, is_if_match: if_match.is_some() })
    }
}

/// The version in an entity tag. A proxy that compresses makes it a weak one, some clients drop its quotes; the version is the same.
fn version_of(tag: &str) -> Option<u64> {
    tag.trim().trim_start_matches("W/").trim_matches('"').parse().ok()
}

/// RFC 7396: what is `null` goes, objects are merged, everything else replaces.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    target.remove(&name);
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
    let is_json = media::is_json(kind);
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
    if !kind_is_known {
        return Err(Problem::new("unsupported-media-type", "send Content-Type: application/json"));
    }
    nul::refuse_in_body(&bytes)?;
    Ok(bytes)
}

fn read<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = match serde_path_to_error::deserialize(&mut json) {
        Ok(read) => read,
        Err(error) => {
            let value: Value = serde_json::from_slice(bytes).map_err(|error| unread(&error))?;
            // What is repeated in an object is read no second time.
            return if twice(&error).is_some() {
                Err(misread::<T>(&value, &error))
            } else {
                read_value(&value)
            };
        }
    };
    json.end().map_err(|error| unread(&error))?;
    if bytes.contains(&b'[') {
        has_its_shape::<T>(&serde_json::from_slice(bytes).map_err(|error| unread(&error))?)?;
    }
    Ok(read)
}

fn read_value<T: DeserializeOwned + ToSchema>(value: &Value) -> Result<T, Problem> {
    let value = &with_whole_numbers(value.clone());
    let read = serde_path_to_error::deserialize(value).map_err(|error| misread::<T>(value, &error))?;
    has_its_shape::<T>(value)?;
    Ok(read)
}

/// To JSON 12.0 is a whole number, and some languages write it so; to serde it is none.
fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "so near to nothing that it is kept whole")]
            Some(it) if number.is_f64() && it.fract() == 0.0 && it.abs() < EXACT => Value::from(it as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, it)| (name, with_whole_numbers(it))).collect())
        }
        other => other,
    }
}

/// Whole numbers below this are exact as floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Serde takes a list for an object, by the position of its fields; no client means that.
fn has_its_shape<T: ToSchema>(value: &Value) -> Result<(), Problem> {
    let fields = shape::problems::<T>(value);
    if fields.is_empty() { Ok(()) } else { Err(Problem::unreadable_fields(&fields)) }
}

/// It is no JSON, or no object. Said in our words: a library's may change with its version.
fn unread(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let detail = match error.classify() {
        Category::Eof => format!("it ends too early, at {place}"),
        Category::Data => "must be an object".to_owned(),
        Category::Syntax | Category::Io => format!("it is no JSON at {place}"),
    };
    Problem::unreadable("", detail)
}

/// It is JSON, but not what was expected: what the schema says of the whole, and of each field that cannot be read alone.
fn misread<T: DeserializeOwned + ToSchema>(value: &Value, error: &Unread) -> Problem {
    let mut fields = shape::problems::<T>(value);
    let alone = value.as_object().into_iter().flatten().map(|(name, value)| json!({ name: value }));
    let alone = alone.filter_map(|field| serde_path_to_error::deserialize::<_, T>(&field).err());
    // Tells which fields; in which words is said by the schema, which also knows better what is missing.
    let is_missing = |error: &Unread| error.inner().to_string().starts_with("missing field");
    let pointers = alone.filter(|error| !is_missing(error)).map(|error| pointer_of(&error));
    let twice = twice(error);
    let itself = twice.is_none().then(|| pointer_of(error));
    for pointer in pointers.chain(itself) {
        // A body of many thousand wrong fields must cost no more than it says.
        if fields.len() > MOST_TOLD {
            break;
        }
        let is_told = |known: &FieldProblem| {
            known.pointer.starts_with(&pointer) || pointer.starts_with(&format!("{}/", known.pointer))
        };
        if !fields.iter().any(is_told) {
            let detail =
                shape::wanted::<T>(&pointer).unwrap_or_else(|| "is not what is expected here".to_owned());
            fields.push(FieldProblem::new(pointer, detail));
        }
    }
    let twice = twice.map(|name| shape::pointer_to(&pointer_of(error), &name));
    fields.extend(twice.map(|pointer| FieldProblem::new(pointer, "stands twice")));
    Problem::unreadable_fields(&fields)
}

/// The field that stands twice in an object, of which JSON alone keeps the last.
fn twice(error: &Unread) -> Option<String> {
    let said = error.inner().to_string();
    Some(said.strip_prefix("duplicate field `")?.split('`').next()?.to_owned())
}

/// The field that something is wrong with.
fn pointer_of(error: &Unread) -> String {
    error.path().iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => shape::pointer_to(&pointer, key),
        Segment::Unknown => pointer,
    })
}
