//! How statements name things: what an installation configures.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::mail::is_plain;
use crate::statement::Verb;

/// How people are identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actors {
    /// By mail address, with their name.
    Mbox,
    /// By an account whose name is their id, without name or mail address.
    Account,
}

/// What statements say beside what everybody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing.
    Standard,
    /// What the first customer's platform looks for: the version of the standard, and facts by the names of its own tables.
    Nlj,
}

/// How statements name things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// What else is said.
    pub dialect: Dialect,
    /// What the identifiers of sessions and courses begin with, without a slash at the end.
    pub activity_base: String,
    /// What stands between that and the id of a course.
    pub courses: String,
    /// The type of activity that a session is.
    pub session_type: String,
    /// The type of activity that a course is.
    pub course_type: String,
    /// What those of extensions begin with.
    pub extension_base: String,
    /// What those of verbs begin with that are in no registry.
    pub verb_base: String,
    /// The profile that every statement follows.
    pub profile: String,
    /// The platform's name.
    pub platform: String,
    /// The language of titles, as RFC 5646 writes it.
    pub language: String,
    /// The home page of accounts.
    pub home_page: String,
    /// How people are identified.
    pub actors: Actors,
    /// The host of mailboxes that nobody reads, by which those are identified who have no mail address that every record store
    /// takes; by accounts where there is none.
    pub aliases_at: Option<String>,
    /// Verbs that have another identifier here.
    pub verbs: BTreeMap<Verb, String>,
    /// What ids are made from; two installations that share a record store have two.
    pub namespace: Uuid,
}

impl Style {
    /// What `context.registration` says of a registration: its id where that is a UUID of version 4 or 5, else one made from it,
    /// since there are libraries that take no other.
    pub fn registration(&self, id: Uuid) -> Uuid {
        match id.get_version_num() {
            4 | 5 => id,
            _ => Uuid::new_v5(&self.namespace, format!("registration/{id}").as_bytes()),
        }
    }

    /// The language of what this system says itself: English, as the installation writes it.
    pub fn english(&self) -> &str {
        if self.language.starts_with("en-") { &self.language } else { "en" }
    }

    /// Whether every record store takes mailboxes at a host.
    pub fn takes_mailboxes_at(host: &str) -> bool {
        is_plain(&format!("registration@{host}"))
    }
}

impl Default for Style {
    fn default() -> Self {
        Self {
            dialect: Dialect::Standard,
            activity_base: "http://nlj.platform".to_owned(),
            courses: "courses".to_owned(),
            session_type: "http://id.tincanapi.com/activitytype/meeting".to_owned(),
            course_type: "http://adlnet.gov/expapi/activities/course".to_owned(),
            extension_base: "http://nlj.platform/extensions".to_owned(),
            verb_base: "http://nlj.platform/verbs".to_owned(),
            profile: "http://nlj.platform/xapi/profiles/ilt-scheduling/v1".to_owned(),
            platform: "NLJ Learning Platform".to_owned(),
            language: "en".to_owned(),
            home_page: "https://nlj.platform".to_owned(),
            actors: Actors::Mbox,
            aliases_at: None,
            verbs: BTreeMap::new(),
            namespace: Uuid::from_u128(0x6f1d_4a52_8c3e_5b77_9e40_2d51_7a3b_c9e8),
        }
    }
}
