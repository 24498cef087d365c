//! Statements held against their schemas.

use std::collections::BTreeMap;

use ilt_core::statement::{Topic, Verb, sorts};
use jsonschema::Validator;
use serde_json::Value;

use super::{Names, schema};

/// A schema of ours that is none.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {topic} {verb} cannot be used: {problem}", topic = sort.0.word(), verb = sort.1.word())]
pub struct BadSchema {
    sort: (Topic, Verb),
    problem: String,
}

/// Holds statements against their schemas.
#[derive(Debug)]
pub struct Check {
    schemas: BTreeMap<(Topic, Verb), Validator>,
}

impl Check {
    /// One for an installation that names things like this.
    ///
    /// # Errors
    /// [`BadSchema`] when a name makes a schema that cannot be used.
    pub fn new(names: &Names) -> Result<Self, BadSchema> {
        let compiled = |(topic, verb)| {
            let schema = schema::of(topic, verb, names);
            let compiled = jsonschema::draft202012::new(&schema);
            let bad = |error: jsonschema::ValidationError<'_>| BadSchema {
                sort: (topic, verb),
                problem: error.to_string(),
            };
            Ok(((topic, verb), compiled.map_err(bad)?))
        };
        Ok(Self { schemas: sorts().into_iter().map(compiled).collect::<Result<_, _>>()? })
    }

    /// What is wrong with a statement of this sort; nothing when it is as its schema says. It tells where, and not what is
    /// there: a statement names people.
    pub fn fault(&self, topic: Topic, verb: Verb, body: &str) -> Option<String> {
        let Some(schema) = self.schemas.get(&(topic, verb)) else {
            return Some(format!("there is no schema for {} {}", topic.word(), verb.word()));
        };
        let Ok(statement) = serde_json::from_str::<Value>(body) else {
            return Some("it is no JSON".to_owned());
        };
        schema
            .iter_errors(&statement)
            .next()
            .map(|error| format!("{} is not as {} says", error.instance_path(), error.schema_path()))
    }
}
