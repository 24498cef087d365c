//! What the macros make of the words that an author writes.

use serde::de::DeserializeOwned;

use crate::{Description, Problem};

pub fn describe(name: &str, version: &str, summary: &str, settings: &str) -> Description {
    let [name, version, summary, settings] = [name, version, summary, settings].map(str::to_owned);
    Description { name, version, summary, settings }
}

pub fn check_config<S: DeserializeOwned>(settings: &str, problems: fn(&S) -> Vec<Problem>) -> Vec<Problem> {
    match serde_json::from_str(settings) {
        Ok(settings) => problems(&settings),
        Err(error) => vec![Problem { pointer: String::new(), detail: error.to_string() }],
    }
}

pub fn read<S: DeserializeOwned>(settings: &str) -> Result<S, String> {
    serde_json::from_str(settings).map_err(|error| format!("the settings cannot be read: {error}"))
}
