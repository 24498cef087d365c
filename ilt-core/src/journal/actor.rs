//! Who did it.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{BadId, PersonId};

/// The program that an engine is part of.
const APPLICATION: &str = "application";

/// Who did it: a person, or a part of this system acting on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// Somebody with a token.
    Person(PersonId),
    /// A part of this system, such as `timer` or `import`.
    System(String),
}

impl Actor {
    /// A part of this system by its name.
    pub fn system(name: &str) -> Self {
        Self::System(name.to_owned())
    }

    /// The import of files that others keep.
    pub fn import() -> Self {
        Self::system("import")
    }

    /// The program that an engine is part of, in the name of nobody.
    pub fn application() -> Self {
        Self::system(APPLICATION)
    }

    /// Whether it looks at what it is answered: a person does, and that program; other parts of this system do not.
    pub fn looks(&self) -> bool {
        match self {
            Self::Person(_) => true,
            Self::System(name) => name == APPLICATION,
        }
    }

    /// The person, when it is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(*id),
            Self::System(_) => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::System(name) => write!(f, "system:{name}"),
        }
    }
}

impl FromStr for Actor {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.strip_prefix("system:") {
            Some(name) => Ok(Self::system(name)),
            None => text.parse().map(Self::Person),
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
