//! One call, before it is sent.

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use super::version::Family;

/// Whether a call may be made again when it is not known what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It changes nothing.
    Safe,
    /// It may have happened: whoever calls looks first.
    LookFirst,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it does, in words for errors, such as `booking a seat`.
    pub what: &'static str,
    pub family: Family,
    pub method: Method,
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    /// Nothing for calls without one, and for what could not be written.
    pub body: Option<Value>,
    pub repeat: Repeat,
}

impl Call {
    fn new(what: &'static str, family: Family, method: Method, path: &[&str], repeat: Repeat) -> Self {
        let path = path.iter().map(|&part| part.to_owned()).collect();
        Self { what, family, method, path, query: Vec::new(), body: None, repeat }
    }

    /// One that only asks.
    pub fn get(what: &'static str, family: Family, path: &[&str]) -> Self {
        Self::new(what, family, Method::GET, path, Repeat::Safe)
    }

    /// One that makes or does something.
    pub fn post(what: &'static str, family: Family, path: &[&str], body: &impl Serialize) -> Self {
        Self::new(what, family, Method::POST, path, Repeat::LookFirst).with_body(body)
    }

    /// One that changes something.
    pub fn patch(what: &'static str, family: Family, path: &[&str], body: &impl Serialize) -> Self {
        Self::new(what, family, Method::PATCH, path, Repeat::LookFirst).with_body(body)
    }

    /// One that removes something.
    pub fn delete(what: &'static str, family: Family, path: &[&str]) -> Self {
        Self::new(what, family, Method::DELETE, path, Repeat::LookFirst)
    }

    /// The same with something asked for.
    pub fn ask(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    fn with_body(mut self, body: &impl Serialize) -> Self {
        // What we send is made of texts, numbers and maps with text keys: it can always be written.
        self.body = serde_json::to_value(body).ok();
        self
    }
}
