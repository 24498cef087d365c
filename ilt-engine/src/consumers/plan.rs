//! A session that another system schedules, read from its statement: a pure function from a record to what is to be done.

use ilt_core::desk::{PartPlan, SessionPlan};
use ilt_core::ids::{CourseId, LocationId, PersonId, SessionId};
use ilt_core::ranking::Catalogue;
use ilt_core::schedule::Part;
use ilt_core::session::Session;
use ilt_core::text::composed;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;
use uuid::Uuid;

use crate::events::counting::uuid;

/// What another system wants of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It takes place like this.
    Planned(Box<Draft>),
    /// It does not take place.
    CalledOff {
        /// Which one.
        session: SessionId,
        /// What learners are told.
        reason: String,
    },
}

/// A session as another system plans it; what it leaves out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id, which is the other system's.
    pub session: SessionId,
    /// What is taught.
    pub course: CourseId,
    /// Where.
    pub location: LocationId,
    /// When it starts, by the clock of its location.
    pub starts: DateTime,
    /// How long it lasts, if that is said; a new session lasts as long as the course otherwise.
    pub length: Option<SignedDuration>,
    /// Seats there are.
    pub capacity: u32,
    /// In which room.
    pub room: Option<String>,
    /// By whom.
    pub instructor: Option<Instructor>,
}

impl Draft {
    /// The plan for it, when the session is `known` already or is not; or what is wrong with it.
    pub fn plan(
        &self,
        instructors: Vec<PersonId>,
        known: Option<&Session>,
        course_length: SignedDuration,
    ) -> Result<SessionPlan, &'static str> {
        Ok(SessionPlan {
            id: self.session,
            course: self.course,
            location: self.location,
            parts: self.parts(known.map_or(&[], |it| &it.parts), course_length)?,
            instructors,
            capacity: self.capacity,
            minimum: known.map_or(0, |it| it.minimum),
            waitlist: known.is_none_or(|it| it.waitlist),
            status: known.is_none().then(|| "published".to_owned()),
            override_reason: None,
            version: None,
            busy: Vec::new(),
        })
    }

    /// When it takes place. The other system says when it begins: all parts that are known move with the first.
    fn parts(&self, known: &[Part], course_length: SignedDuration) -> Result<Vec<PartPlan>, &'static str> {
        let part = |starts, length, room: &str| {
            let room = self.room.as_deref().unwrap_or(room).to_owned();
            PartPlan { starts, zone: None, length, room }
        };
        match (known, self.length) {
            ([], length) => Ok(vec![part(self.starts, length.unwrap_or(course_length), "")]),
            ([only], length) => Ok(vec![part(self.starts, length.unwrap_or(only.length), &only.room)]),
            ([first, ..], None) => {
                let later = self.starts.duration_since(first.starts);
                let moved = |it: &Part| Ok(part(it.starts.checked_add(later)?, it.length, &it.room));
                let moved: Result<_, jiff::Error> = known.iter().map(moved).collect();
                moved.map_err(|_| "the extension scheduled_time is out of range")
            }
            (_, Some(_)) => {
                Err("the extension duration cannot say how long each of several parts is: leave it out")
            }
        }
    }
}

/// Whoever teaches, as the statement names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instructor {
    /// By id.
    Known(PersonId),
    /// By mail address.
    Mail(String),
}

/// Reads a statement; all that is wrong with it at once, each with where it is and without what is there.
pub fn read(
    verb: &str,
    statement: &Value,
    extension_base: &str,
    known: &Catalogue,
) -> Result<Wanted, Vec<String>> {
    let mut reader = Reader { statement, extension_base, wrong: Vec::new() };
    let session =
        reader.must(uuid(&statement["object"]["id"]), "/object/id", "must be or end with the session's UUID");
    let wanted = if verb == "cancelled" {
        let reason = reader.extension("reason").and_then(Value::as_str);
        let reason = reader.plain(reason, "the extension reason");
        let reason = reason.unwrap_or("called off by the platform").to_owned();
        session.map(|id| Wanted::CalledOff { session: SessionId(id), reason })
    } else {
        reader.draft(session, known).map(|draft| Wanted::Planned(Box::new(draft)))
    };
    match wanted {
        Some(wanted) if reader.wrong.is_empty() => Ok(wanted),
        _ => Err(reader.wrong),
    }
}

struct Reader<'a> {
    statement: &'a Value,
    extension_base: &'a str,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    fn must<T>(&mut self, value: Option<T>, place: &str, problem: &str) -> Option<T> {
        if value.is_none() {
            self.wrong.push(format!("{place} {problem}"));
        }
        value
    }

    /// A text with nothing in it that a database cannot keep.
    fn plain(&mut self, text: Option<&'a str>, place: &str) -> Option<&'a str> {
        let is_wild = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
        let plain = text.filter(|it| !it.contains(is_wild));
        if text.is_some() {
            self.must(plain, place, "must be without control characters");
        }
        plain
    }

    fn extension(&self, name: &str) -> Option<&'a Value> {
        self.statement["context"]["extensions"].get(format!("{}/{name}", self.extension_base))
    }

    fn draft(&mut self, session: Option<Uuid>, known: &Catalogue) -> Option<Draft> {
        let course = self.course(known);
        let course = self.must(course, "the course", "must be a known one: its UUID in context.contextActivities.parent or the extension course, or its title in object.definition.name");
        let location = self.location(known);
        let location =
            self.must(location, "the extension location", "must be the name or the UUID of a known one");
        let capacity = self.extension("capacity").and_then(whole);
        let capacity = self.must(capacity, "the extension capacity", "must be a number of seats");
        let zone = location.and_then(|id| known.locations().get(&id)).map(|it| it.zone.rules().clone());
        let time = self.extension("scheduled_time").and_then(Value::as_str);
        let starts = time.and_then(|text| {
            let instant = text.parse::<Timestamp>().ok();
            instant
                .map(|at| at.to_zoned(zone.unwrap_or(jiff::tz::TimeZone::UTC)).datetime())
                .or_else(|| text.parse().ok())
        });
        let starts = self.must(
            starts,
            "the extension scheduled_time",
            "must be an instant such as 2027-03-15T08:00:00Z or a wall clock such as 2027-03-15T09:00",
        );
        let length = self.extension("duration").and_then(|said| {
            let length = said.as_str().and_then(|it| it.parse().ok());
            self.must(length, "the extension duration", "must be a length such as PT6H")
        });
        let room = self.extension("room").and_then(Value::as_str);
        let room = self.plain(room, "the extension room").map(str::to_owned);
        let instructor = self.instructor();
        Some(Draft {
            session: SessionId(session?),
            course: course?,
            location: location?,
            starts: starts?,
            length,
            capacity: capacity?,
            room,
            instructor,
        })
    }

    fn course(&self, known: &Catalogue) -> Option<CourseId> {
        let parents = self.statement["context"]["contextActivities"]["parent"].as_array();
        let named = parents.into_iter().flatten().map(|it| &it["id"]).chain(self.extension("course"));
        let by_id = named.filter_map(uuid).map(CourseId).find(|id| known.courses().contains_key(id));
        let titles = self.statement["object"]["definition"]["name"].as_object();
        let titles: Vec<_> =
            titles.into_iter().flat_map(|it| it.values().filter_map(Value::as_str)).map(composed).collect();
        by_id.or_else(|| {
            only(known.courses().values().filter(|it| titles.contains(&it.title)).map(|it| it.id))
        })
    }

    fn location(&self, known: &Catalogue) -> Option<LocationId> {
        let said = self.extension("location")?;
        let by_id = uuid(said).map(LocationId).filter(|id| known.locations().contains_key(id));
        let name = composed(said.as_str()?);
        by_id.or_else(|| only(known.locations().values().filter(|it| it.name == name).map(|it| it.id)))
    }

    fn instructor(&mut self) -> Option<Instructor> {
        let agent = &self.statement["context"]["instructor"];
        let mail = agent["mbox"].as_str().and_then(|it| it.strip_prefix("mailto:"));
        let mail = self.plain(mail, "/context/instructor/mbox");
        let account = agent["account"]["name"].as_str().and_then(|it| it.parse().ok());
        account.map(Instructor::Known).or_else(|| mail.map(|it| Instructor::Mail(it.to_lowercase())))
    }
}

/// A whole number, also when it is written with a fraction of nothing.
fn whole(number: &Value) -> Option<u32> {
    let written = number.as_f64().filter(|it| it.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(it));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
    written.map(|it| it as u32)
}

/// The one there is; none when there are several, since nobody can know which is meant.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::Network;
    use serde_json::json;

    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    /// A session of two mornings, in two rooms.
    fn two_mornings() -> Session {
        let network = Network::new().with_session(100, 12, 35);
        let mut session = network.session(100).clone();
        let first = session.parts[0].clone();
        let next = first.starts.checked_add(24 * HOUR).expect("in range");
        session.parts.push(Part::new(next, first.zone, 3 * HOUR, "B 2".to_owned()).expect("an instant"));
        session
    }

    fn draft(of: &Session, later: SignedDuration) -> Draft {
        Draft {
            session: of.id,
            course: of.course,
            location: of.location,
            starts: of.parts[0].starts.checked_add(later).expect("in range"),
            length: None,
            capacity: 13,
            room: None,
            instructor: None,
        }
    }

    #[test]
    fn what_comes_again_leaves_the_parts_as_they_are_and_a_move_moves_them_all() {
        let known = two_mornings();
        let parts = |later| {
            let plan = draft(&known, later).plan(Vec::new(), Some(&known), HOUR).expect("sound");
            plan.parts
        };
        for later in [SignedDuration::ZERO, 50 * HOUR] {
            let moved: Vec<_> = known.parts.iter().map(|it| it.starts.checked_add(later).unwrap()).collect();
            let parts = parts(later);
            assert_eq!(parts.iter().map(|it| it.starts).collect::<Vec<_>>(), moved);
            assert!(
                parts
                    .iter()
                    .zip(&known.parts)
                    .all(|(it, was)| it.length == was.length && it.room == was.room)
            );
        }
    }

    #[test]
    fn how_long_it_lasts_is_as_said_or_as_known_or_as_the_course() {
        let known = two_mornings();
        let mut short = known.clone();
        short.parts.truncate(1);
        let length = |said, known: Option<&Session>| {
            let draft = Draft { length: said, ..draft(&short, HOUR) };
            draft.plan(Vec::new(), known, HOUR).map(|plan| plan.parts[0].length)
        };
        assert_eq!(length(None, None), Ok(HOUR));
        assert_eq!(length(Some(2 * HOUR), None), Ok(2 * HOUR));
        assert_eq!(length(None, Some(&short)), Ok(short.parts[0].length));
        assert_eq!(length(Some(2 * HOUR), Some(&short)), Ok(2 * HOUR));
        assert!(length(Some(2 * HOUR), Some(&known)).is_err_and(|wrong| wrong.contains("duration")));
    }

    /// A statement with everything in it that can be said.
    fn whole(network: &Network) -> Value {
        let course = network.world.courses.keys().next().expect("a course");
        let location = network.world.locations.values().next().expect("a location");
        let extension = |name: &str| format!("http://nlj.platform/extensions/{name}");
        json!({
            "object": {"id": format!("http://a.example/{}", Uuid::from_u128(1)), "definition": {}},
            "context": {"extensions": {
                extension("scheduled_time"): "2027-03-15T08:00:00Z",
                extension("capacity"): 12,
                extension("location"): location.name,
                extension("duration"): "PT6H",
                extension("room"): "2.04",
                extension("course"): course.to_string(),
                extension("reason"): "storm",
            }},
        })
    }

    #[test]
    fn what_is_published_as_taken_is_what_is_read() {
        let (network, names) = (Network::new(), crate::events::Names::default());
        let catalogue = Catalogue::new(&network.world);
        let is_read =
            |verb: &str, it: &Value| read(verb, it, "http://nlj.platform/extensions", &catalogue).is_ok();
        for (sort, schema) in crate::events::wanted::all(&names) {
            let verb = sort.rsplit('.').next().expect("a verb");
            let schema = jsonschema::draft202012::new(&schema).expect("a schema");
            let whole = whole(&network);
            assert!(schema.is_valid(&whole) && is_read(verb, &whole), "{sort}");
            let extensions = whole["context"]["extensions"].as_object().expect("an object");
            let less = extensions.keys().map(|name| {
                let mut less = whole.clone();
                less["context"]["extensions"].as_object_mut().expect("an object").remove(name);
                less
            });
            let other = |place: &str, value: Value| {
                let mut other = whole.clone();
                *other.pointer_mut(place).expect("it is there") = value;
                other
            };
            let base = "/context/extensions/http:~1~1nlj.platform~1extensions~1";
            let others = [
                other("/object/id", "7".into()),
                other(&format!("{base}capacity"), "twelve".into()),
                other(&format!("{base}capacity"), (-1).into()),
                other(&format!("{base}capacity"), json!(20.0)),
                other(&format!("{base}capacity"), json!(20.5)),
            ];
            for it in less.chain(others) {
                // Which course it is may be said in other ways.
                let is_named = verb == "cancelled"
                    || it["context"]["extensions"]["http://nlj.platform/extensions/course"].is_string();
                if is_named {
                    assert_eq!(schema.is_valid(&it), is_read(verb, &it), "{sort}: {it}");
                }
            }
        }
    }
}
