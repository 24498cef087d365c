//! How settings lie on each other: the compiled-in file, the user's, the environment.

use std::path::Path;

use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::statements::NLJ;
use super::{BadConfig, DEFAULT, NLJ_DEFAULT, bad};

/// The file that is read when none is named.
const USUAL_FILE: &str = "ilt.toml";

/// Variables such as `ILT__HTTP__PORT`, as a layer.
pub(super) struct Environment(pub(super) Vec<(String, String)>);

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        let mut layer = Dict::new();
        for (name, text) in &self.0 {
            let path = name.to_lowercase().replace("__", ".");
            // A secret of digits is no number, and would be printed as one that is out of place.
            let read = if path.ends_with("secret") { None } else { text.parse().ok() };
            let value: Value = read.unwrap_or_else(|| Value::from(text.as_str()));
            let nested = figment::util::nest(&path, value).into_dict().unwrap_or_default();
            layer = merged(layer, nested);
        }
        Ok(Profile::Default.collect(layer))
    }
}

fn merged(mut one: Dict, other: Dict) -> Dict {
    for (key, value) in other {
        match (one.remove(&key).and_then(Value::into_dict), value.clone().into_dict()) {
            (Some(below), Some(above)) => one.insert(key, Value::from(merged(below, above))),
            _ => one.insert(key, value),
        };
    }
    one
}

/// What somebody has set, above the compiled-in file and below the environment.
pub enum Own<'a> {
    /// What stands in the usual file, where there is one.
    Usual,
    /// What stands in this file.
    File(&'a Path),
    /// What a program says, as a tree of the same keys.
    Said(serde_json::Value),
}

/// The layers, lowest first. `environment` is every variable that begins with `ILT__`, without that.
pub fn layers(file: Option<&Path>, environment: Vec<(String, String)>) -> Result<Figment, BadConfig> {
    layers_on(file.map_or(Own::Usual, Own::File), environment)
}

/// The layers, lowest first, with what somebody has set wherever that stands.
///
/// # Errors
/// [`BadConfig`] when a file is named that is not there.
pub fn layers_on(own: Own<'_>, environment: Vec<(String, String)>) -> Result<Figment, BadConfig> {
    let own = match own {
        Own::File(file) if !file.is_file() => {
            return Err(bad("--config", format!("there is no file {}", file.display())));
        }
        Own::File(file) => Figment::from(Toml::file_exact(file)),
        Own::Usual if Path::new(USUAL_FILE).is_file() => Figment::from(Toml::file_exact(USUAL_FILE)),
        Own::Usual => Figment::new(),
        Own::Said(tree) => Figment::from(Serialized::defaults(tree)),
    };
    let own = own.merge(Environment(environment));
    let is_nlj = own.extract_inner::<String>("statements.dialect").is_ok_and(|dialect| dialect == NLJ);
    let below = Figment::from(Toml::string(DEFAULT));
    let below = if is_nlj { below.merge(Toml::string(NLJ_DEFAULT)) } else { below };
    Ok(below.merge(own))
}

/// This process's variables that begin with `ILT__`.
pub fn environment() -> Vec<(String, String)> {
    std::env::vars()
        .filter_map(|(name, value)| Some((name.strip_prefix("ILT__")?.to_owned(), value)))
        .collect()
}
