//! What is asked and answered, as it is written.

use ilt_core::catalog::Completion;
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::ports::{Doubt, Elsewhere};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

#[derive(Serialize)]
pub struct Question {
    doubts: Vec<Asked>,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    person: PersonId,
    course: CourseId,
}

#[derive(Deserialize)]
pub struct Answer {
    completed: Vec<Named<Held>>,
    #[serde(default)]
    unknown: Vec<Named<Asked>>,
}

/// What has its members by name: serde takes a list as well, by their order.
pub struct Named<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let members = Map::deserialize(from)?;
        T::deserialize(Value::Object(members)).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
struct Held {
    person: PersonId,
    course: CourseId,
    completed_at: Timestamp,
}

pub fn question(doubts: &[Doubt]) -> Question {
    Question { doubts: doubts.iter().map(|&(person, course)| Asked { person, course }).collect() }
}

impl From<Answer> for Elsewhere {
    fn from(it: Answer) -> Self {
        let completed = it.completed.into_iter().map(|Named(it)| Completion {
            person: it.person,
            course: it.course,
            completed_at: it.completed_at,
        });
        let unknown = it.unknown.into_iter().map(|Named(it)| (it.person, it.course));
        Self { completed: completed.collect(), unknown: unknown.collect() }
    }
}
