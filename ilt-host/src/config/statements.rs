//! How statements name things, as it is configured.

use std::collections::BTreeMap;

use ilt_core::statement::{Actors, Style, Verb};
use serde::Deserialize;
use uuid::Uuid;

use super::{BadConfig, bad};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Statements {
    pub tell: bool,
    pub activity_base: String,
    pub extension_base: String,
    pub verb_base: String,
    pub profile: String,
    pub platform: String,
    pub language: String,
    pub actors: String,
    pub home_page: String,
    pub namespace: Uuid,
    pub verbs: BTreeMap<String, String>,
}

impl Statements {
    /// How statements name things.
    pub(super) fn style(&self) -> Result<Style, BadConfig> {
        let base = |key: &'static str, text: &str| {
            let is_iri = text.split_once("://").is_some_and(|(scheme, rest)| {
                !scheme.is_empty() && !rest.is_empty() && !text.contains(char::is_whitespace)
            });
            if is_iri {
                Ok(text.trim_end_matches('/').to_owned())
            } else {
                Err(bad(key, format!("`{text}` is no address such as https://training.example")))
            }
        };
        let actors = match self.actors.as_str() {
            "mbox" => Actors::Mbox,
            "account" => Actors::Account,
            _ => return Err(bad("statements.actors", "must be mbox or account")),
        };
        let verb = |(word, iri): (&String, &String)| {
            let words = || Verb::ALL.map(Verb::word).join(", ");
            let verb = Verb::from_word(word);
            let verb =
                verb.ok_or_else(|| bad("statements.verbs", format!("`{word}` is none of {}", words())))?;
            Ok::<_, BadConfig>((verb, base("statements.verbs", iri)?))
        };
        Ok(Style {
            activity_base: base("statements.activity_base", &self.activity_base)?,
            extension_base: base("statements.extension_base", &self.extension_base)?,
            verb_base: base("statements.verb_base", &self.verb_base)?,
            profile: base("statements.profile", &self.profile)?,
            platform: self.platform.clone(),
            language: self.language.clone(),
            home_page: base("statements.home_page", &self.home_page)?,
            actors,
            verbs: self.verbs.iter().map(verb).collect::<Result<_, _>>()?,
            namespace: self.namespace,
        })
    }
}
