//! How statements name things, as it is configured.

use std::collections::BTreeMap;

use ilt_core::statement::{Actors, Dialect, Style, Verb};
use serde::Deserialize;
use uuid::Uuid;

use super::{BadConfig, bad};
use crate::events::Names;

/// The dialect of the NLJ platform, with settings of its own.
pub(super) const NLJ: &str = "nlj";

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Statements {
    pub tell: bool,
    pub dialect: String,
    pub activity_base: String,
    pub courses: String,
    pub session_type: String,
    pub course_type: String,
    pub extension_base: String,
    pub verb_base: String,
    pub profile: String,
    pub platform: String,
    pub language: String,
    pub actors: String,
    pub aliases_at: String,
    pub home_page: String,
    pub namespace: Uuid,
    pub schema_base: String,
    pub verbs: BTreeMap<String, String>,
}

impl Statements {
    /// How statements and their schemas name things.
    pub(super) fn names(&self) -> Result<Names, BadConfig> {
        let schema_base = address("statements.schema_base", &self.schema_base)?;
        Ok(Names { style: self.style()?, schema_base })
    }

    /// How statements name things.
    fn style(&self) -> Result<Style, BadConfig> {
        let dialect = match self.dialect.as_str() {
            "standard" => Dialect::Standard,
            NLJ => Dialect::Nlj,
            _ => return Err(bad("statements.dialect", "must be standard or nlj")),
        };
        let aliases_at = Some(self.aliases_at.clone()).filter(|host| !host.is_empty());
        if aliases_at.as_ref().is_some_and(|host| !Style::takes_mailboxes_at(host)) {
            return Err(bad("statements.aliases_at", "must be a host such as people.training.example"));
        }
        if !is_segment(&self.courses) {
            return Err(bad("statements.courses", "must be a word such as courses"));
        }
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
            if verb == Verb::Voided {
                return Err(bad(
                    "statements.verbs",
                    "`voided` has one name: record stores would take nothing back",
                ));
            }
            Ok::<_, BadConfig>((verb, address("statements.verbs", iri)?))
        };
        if !is_language(&self.language) {
            return Err(bad("statements.language", "must be a language such as en or de-CH"));
        }
        if self.platform.trim().is_empty() {
            return Err(bad("statements.platform", "must be a name"));
        }
        Ok(Style {
            dialect,
            courses: self.courses.clone(),
            session_type: address("statements.session_type", &self.session_type)?,
            course_type: address("statements.course_type", &self.course_type)?,
            aliases_at,
            activity_base: address("statements.activity_base", &self.activity_base)?,
            extension_base: address("statements.extension_base", &self.extension_base)?,
            verb_base: address("statements.verb_base", &self.verb_base)?,
            profile: address("statements.profile", &self.profile)?,
            platform: self.platform.clone(),
            language: self.language.clone(),
            home_page: address("statements.home_page", &self.home_page)?,
            actors,
            verbs: self.verbs.iter().map(verb).collect::<Result<_, _>>()?,
            namespace: self.namespace,
        })
    }
}

/// Whether it can stand between two slashes of an address.
fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
}

/// Whether it has the form of a language tag (RFC 5646), as record stores check it.
fn is_language(tag: &str) -> bool {
    let (language, rest) = tag.split_once('-').map_or((tag, None), |(language, rest)| (language, Some(rest)));
    let is_part = |it: &str| (1..=8).contains(&it.len()) && it.chars().all(|it| it.is_ascii_alphanumeric());
    let is_named = (2..=3).contains(&language.len()) && language.chars().all(|it| it.is_ascii_alphabetic());
    is_named && rest.is_none_or(|rest| rest.split('-').all(is_part))
}

/// An address, without a slash at the end.
fn address(key: &'static str, text: &str) -> Result<String, BadConfig> {
    let is_iri = text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && !rest.is_empty() && !text.contains(char::is_whitespace)
    });
    if is_iri {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(bad(key, format!("`{text}` is no address such as https://training.example")))
    }
}
