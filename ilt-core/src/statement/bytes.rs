//! A statement as it is written: fields in one order, nothing that may be left out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// A statement.
#[derive(Debug, Serialize)]
pub(super) struct Statement {
    pub id: Uuid,
    pub actor: Agent,
    pub verb: Word,
    pub object: Object,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    pub timestamp: String,
    /// Record stores say it themselves; there are readers who want it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'static str>,
}

/// Somebody, by exactly one identifier.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "objectType", rename = "Agent")]
pub(super) struct Agent {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mbox: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub home_page: String,
    pub name: String,
}

/// A verb.
#[derive(Debug, Serialize)]
pub(super) struct Word {
    pub id: String,
    pub display: BTreeMap<String, String>,
}

/// What it is about.
#[derive(Debug, Serialize)]
#[serde(tag = "objectType")]
pub(super) enum Object {
    Activity {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        definition: Option<Definition>,
    },
    StatementRef {
        id: Uuid,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct Definition {
    pub name: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<BTreeMap<String, String>>,
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Outcome {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    pub completion: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Extension>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructor: Option<Agent>,
    #[serde(rename = "contextActivities")]
    pub activities: BTreeMap<&'static str, Vec<Object>>,
    pub platform: String,
    pub language: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Extension>,
}

/// The value of an extension; never nothing.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Extension {
    Text(String),
    Number(u32),
    Flag(bool),
    List(Vec<String>),
}

/// An instant, always with the same digits.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A length: `PT2H30M`, `PT45M`, `PT0S`.
pub(super) fn length(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "PT0S".to_owned(),
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}
