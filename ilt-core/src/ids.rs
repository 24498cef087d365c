//! Id types: a UUID that cannot be mistaken for another thing's.
//!
//! The customer's people, courses and sessions keep the UUIDs they have; ours are version 7, drawn from
//! [`crate::ports::Ids`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {expected}: a UUID such as 018f3c6e-7a10-7cc2-9d2e-3f6f0c1b2a4d was expected")]
pub struct BadId {
    /// Which id was expected, in words.
    pub expected: &'static str,
    /// What was given, shortened.
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $words:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                text.parse().map(Self).map_err(|_| BadId {
                    expected: $words,
                    text: text.chars().take(64).collect(),
                })
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(/// A person: learner, instructor, manager, dealer admin, admin, or several of these.
    PersonId, "person id");
id!(/// The organisation a learner works for.
    DealerId, "dealer id");
id!(/// A training centre.
    LocationId, "location id");
id!(/// What is taught.
    CourseId, "course id");
id!(/// One scheduled run of a course.
    SessionId, "session id");
id!(/// One learner's claim on one session.
    RegistrationId, "registration id");
id!(/// A key with which another system asks in somebody's name.
    KeyId, "key id");
id!(/// Somebody's being signed in, in one browser.
    SignInId, "sign-in id");
id!(/// People who were registered together, all or none.
    GroupId, "group id");
id!(/// One alternative as it was shown to one learner.
    AlternativeId, "alternative id");
id!(/// A plugin as it is used for somebody's learners.
    PluginId, "plugin id");
id!(/// One journal entry.
    EventId, "event id");
