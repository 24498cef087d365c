//! One request, read.

use std::collections::BTreeMap;

use serde_json::Value;

use super::refusal::Refusal;
use super::tell::Tell;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Somebody without a key.
    Anonymous,
    /// A user, by a key.
    User(u64),
    /// Somebody at the website, which does not look whether a key is wanted.
    Website,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// As it came, with its question.
    pub raw: String,
    /// Without `/v2`, and without its question.
    pub path: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub body: Value,
    pub version: Option<String>,
    pub asker: Asker,
}

/// A yes, and whom it is told.
#[derive(Debug, Default)]
pub struct Done {
    pub status: u16,
    /// The whole of it, envelope included.
    pub body: Value,
    pub tells: Vec<Tell>,
}

/// What a request comes to.
pub type Answered = Result<Done, Refusal>;

impl Done {
    pub fn new(status: u16, data: Value) -> Self {
        let mut body = serde_json::json!({ "status": "success" });
        body["data"] = data;
        Self { status, body, tells: Vec::new() }
    }

    pub fn telling(self, tell: Tell) -> Self {
        Self { tells: vec![tell], ..self }
    }
}

impl Asked {
    /// One of nobody's, for what a person does at the website.
    pub fn at_the_website(method: &str, path: &[&str], body: Value, asker: Asker) -> Self {
        let path: Vec<_> = path.iter().map(|&part| part.to_owned()).collect();
        let raw = format!("/v2/{}", path.join("/"));
        Self { method: method.to_owned(), raw, path, query: BTreeMap::new(), body, version: None, asker }
    }

    /// The user who asks.
    pub fn user(&self) -> Result<u64, Refusal> {
        match self.asker {
            Asker::User(id) => Ok(id),
            Asker::Anonymous | Asker::Website => Err(Refusal::unauthorised(
                "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' header or OAuth client credentials as 'x-cal-secret-key' and 'x-cal-client-id' headers",
            )),
        }
    }

    /// That there is no such call.
    pub fn nowhere(&self) -> Refusal {
        Refusal::not_found(&format!("Cannot {} {}", self.method, self.raw))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }

    pub fn instant(&self, name: &str) -> Option<jiff::Timestamp> {
        self.text(name)?.parse().ok()
    }

    pub fn asks(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }
}
