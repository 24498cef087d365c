//! Settings, held against the schema that a plugin gives of them.

use jsonschema::Validator;
use serde_json::Value;

use crate::Description;

/// The schema of a plugin's settings.
#[derive(Debug)]
pub struct Schema(Validator);

/// The schema that a plugin describes its settings with.
///
/// # Errors
/// What is wrong with it.
pub fn schema(description: &Description) -> Result<Schema, String> {
    let schema: Value = serde_json::from_str(&description.settings).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map(Schema).map_err(|error| {
        let place = error.instance_path().to_string();
        if place.is_empty() { error.to_string() } else { format!("{place}: {error}") }
    })
}

impl Schema {
    /// What is wrong with these settings, and where.
    pub fn fault(&self, settings: &Value) -> Option<String> {
        let error = self.0.iter_errors(settings).next()?;
        Some(format!("settings{}: {error}", error.instance_path()))
    }
}
