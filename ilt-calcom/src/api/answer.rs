//! Reading an answer: no more of it than is allowed, and out of the envelope that Cal.com puts everything in.

use reqwest::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::Kind;

/// Why an answer was not read to its end.
pub enum Unread {
    TooLong,
    Broken(reqwest::Error),
}

/// Reads an answer of at most so many bytes.
pub async fn read(answer: &mut Response, most: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(Unread::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// How Cal.com puts what it answers: `{"status": "success", "data": …}`, in whatever order.
#[derive(Deserialize)]
struct Envelope<T> {
    status: Success,
    data: T,
    #[serde(default)]
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
enum Success {
    #[serde(rename = "success")]
    Success,
}

/// What a list says of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    pub has_next_page: bool,
    pub total_items: u64,
}

/// The envelope of an answer in which nothing is looked for, and where there may be nothing.
#[derive(Deserialize)]
struct Empty {
    #[serde(rename = "status")]
    _status: Success,
}

/// Whether it is a yes.
///
/// # Errors
/// As [`open`].
pub fn is_success(body: &[u8]) -> Result<(), Kind> {
    serde_json::from_slice::<Empty>(body).map(|_| ()).map_err(|error| unread(&error))
}

/// What is in the envelope.
///
/// # Errors
/// [`Kind::NotCalcom`] for what is no JSON at all, [`Kind::Unreadable`] for what is not as it should be. Neither repeats any of it.
pub fn open<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Option<Pagination>), Kind> {
    match serde_json::from_slice::<Envelope<T>>(body) {
        Ok(Envelope { status: Success::Success, data, pagination }) => Ok((data, pagination)),
        Err(error) => Err(unread(&error)),
    }
}

fn unread(error: &serde_json::Error) -> Kind {
    if error.is_data() {
        Kind::Unreadable { line: error.line(), column: error.column() }
    } else {
        Kind::NotCalcom
    }
}
