//! From entries of the journal to statements.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::bytes::{Agent, Context, Extension, Object, Outcome, Statement, Word};
use super::bytes::{instant, length};
use super::claim::claim;
use super::naming::{Extensions, Naming, zone_of};
use crate::attendance::{self, Stay};
use crate::calendar::References;
use crate::catalog::{Completion, Course};
use crate::desk::Ask;
use crate::ids::SessionId;
use crate::journal::{Entry, Event};
use crate::session::{Session, SessionStatus};
use crate::statement::{Dialect, Style, Topic, Verb};
use crate::world::World;

/// A statement, with what whoever sends it must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// The number of the entry that it tells of.
    pub sequence: u64,
    /// Where it is sent.
    pub topic: Topic,
    /// What is told.
    pub verb: Verb,
    /// What keeps it in order: the session, else the course.
    pub key: Uuid,
    /// What a correction would be about.
    pub subject: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// Ties together what one request caused.
    pub correlation: Uuid,
    /// The entry that it tells of.
    pub causation: Uuid,
    /// The statement itself: JSON, to be sent as it is.
    pub body: String,
    /// What its schema finds wrong with it. It goes to the dead letters and nowhere else then.
    pub fault: Option<String>,
}

/// What must be known to tell of these entries: sessions, the people named, and attendance where it was settled. Whoever
/// teaches the sessions must be known as well.
pub fn needs(entries: &[Entry]) -> Ask {
    let mut ask = Ask::default();
    for entry in entries {
        ask.sessions.extend(entry.session);
        ask.named.extend(entry.learner);
        ask.named.extend(entry.actor.person());
        match &entry.event {
            Event::AttendanceSettled { .. } => ask.registrations.extend(entry.registration),
            Event::SessionScheduled(session) | Event::SessionChanged(session) => {
                ask.named.extend(&session.instructors);
                ask.locations.insert(session.location);
            }
            Event::CompletionsRecorded(list) | Event::CompletionsWithdrawn(list) => {
                ask.named.extend(list.iter().map(|it| it.person));
            }
            _ => {}
        }
    }
    ask
}

/// Tells of entries, in their order.
pub struct Teller<'a> {
    naming: Naming<'a>,
    /// Sessions as they were planned by the entries that were told of; what is told later of them may be otherwise by now.
    planned: BTreeMap<SessionId, &'a Session>,
    /// What was told last of a subject, and is not voided.
    last: BTreeMap<String, Uuid>,
}

/// What a statement says beside who did what.
#[derive(Default)]
struct Saying {
    /// When it happened, if that was not when it was recorded.
    at: Option<Timestamp>,
    result: Option<Outcome>,
    subject: Option<String>,
    extensions: Extensions,
}

impl<'a> Teller<'a> {
    /// One who knows `world`, and of the [`Teller::subjects`] what was told `last` of each.
    pub fn new(style: &'a Style, world: &'a World, last: BTreeMap<String, Uuid>) -> Self {
        let naming = Naming { style, world, references: References::default() };
        Self { naming, planned: BTreeMap::new(), last }
    }

    /// The same, where calendars know some of it by names of their own: what is told names those that are known by then.
    #[must_use]
    pub fn with_references(self, references: References) -> Self {
        Self { naming: Naming { references, ..self.naming }, ..self }
    }

    /// How many statements an entry comes to at most.
    pub fn count(entry: &Entry) -> usize {
        match &entry.event {
            Event::CoursesSaved(courses) => courses.len(),
            Event::CompletionsRecorded(list) | Event::CompletionsWithdrawn(list) => list.len(),
            Event::AttendanceSettled { .. } => 2,
            _ => 1,
        }
    }

    /// What an entry may correct.
    pub fn subjects(entry: &Entry) -> Vec<String> {
        match &entry.event {
            Event::AttendanceSettled { .. } => attendance_of(entry).into_iter().collect(),
            Event::CompletionsRecorded(list) | Event::CompletionsWithdrawn(list) => {
                list.iter().map(completion_of).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The statements that tell of an entry; none when it is nobody else's business.
    pub fn tell(&mut self, entry: &'a Entry) -> Vec<Told> {
        if let Event::SessionScheduled(session) | Event::SessionChanged(session) = &entry.event {
            self.planned.insert(session.id, session);
        }
        match &entry.event {
            Event::CoursesSaved(courses) => {
                courses.iter().zip(0..).map(|(it, number)| self.course(entry, it, number)).collect()
            }
            Event::SessionPublished => self.of_session(entry, Verb::Scheduled),
            Event::SessionScheduled(session) if is_published(session) => {
                self.of_session(entry, Verb::Scheduled)
            }
            Event::SessionChanged(session)
                if session.status == (SessionStatus::Published { at: entry.at }) =>
            {
                self.of_session(entry, Verb::Scheduled)
            }
            Event::SessionChanged(session)
                if is_published(session) && session.rescheduled_at == Some(entry.at) =>
            {
                self.of_session(entry, Verb::Rescheduled)
            }
            Event::SessionChanged(session) if is_published(session) => self.of_session(entry, Verb::Changed),
            Event::SessionCancelled => self.of_session(entry, Verb::Cancelled),
            Event::AttendanceSettled { outcome, stay } => self.attendance(entry, *outcome, *stay),
            Event::CompletionsRecorded(list) => {
                let told = list.iter().zip(0..).map(|(it, number)| self.completion(entry, it, number));
                told.flatten().collect()
            }
            Event::CompletionsWithdrawn(list) => {
                let void = |(it, number): (&Completion, u32)| {
                    let key = entry.session.map_or(it.course.0, |session| session.0);
                    self.void(entry, Topic::Completion, &completion_of(it), (number, key))
                };
                list.iter().zip(0..).filter_map(void).collect()
            }
            event => match claim(event, entry) {
                Some((verb, extensions)) => {
                    self.of_learner(entry, verb, Saying { extensions, ..Saying::default() })
                }
                None => Vec::new(),
            },
        }
    }

    /// The entry's session as it was then, as far as that is known.
    fn session(&self, entry: &Entry) -> Option<&'a Session> {
        let id = entry.session?;
        self.planned.get(&id).copied().or_else(|| self.naming.world.sessions.get(&id))
    }

    /// What a course is called now, and what it wants of whoever comes.
    fn course(&mut self, entry: &Entry, course: &Course, number: u32) -> Told {
        let actor = entry.actor.person().map_or_else(|| self.naming.ourselves(), |it| self.naming.agent(it));
        let context = self.naming.context_of(None, None, of_course(course));
        let told = (actor, Verb::Described, self.naming.course(course, true));
        self.put((entry, entry.at), (number, course.id.0), told, None, Some(context), None)
    }

    fn of_session(&mut self, entry: &Entry, verb: Verb) -> Vec<Told> {
        let Some(session) = self.session(entry) else { return Vec::new() };
        let who = session.instructors.first().copied().or_else(|| entry.actor.person());
        let actor = who.map_or_else(|| self.naming.ourselves(), |person| self.naming.agent(person));
        let course = self.naming.world.courses.get(&session.course);
        let location = self.naming.world.locations.get(&session.location);
        let rooms: BTreeSet<_> = session.parts.iter().map(|part| part.room.clone()).collect();
        let rooms: Vec<_> = rooms.into_iter().filter(|room| !room.is_empty()).collect();
        let mut extensions =
            vec![("capacity", Extension::Number(session.seats.capacity)), prerequisites(course)];
        extensions.extend((verb == Verb::Changed).then_some(("minimum", Extension::Number(session.minimum))));
        extensions.extend(location.map(|it| ("location", Extension::Text(it.name.clone()))));
        extensions.extend((!rooms.is_empty()).then_some(("rooms", Extension::List(rooms))));
        extensions.extend(entry.reason.clone().map(|why| ("reason", Extension::Text(why))));
        let object = self.naming.session(session, true);
        let context = self.naming.context((session, session.starts_at()), None, extensions);
        let (key, told) = (session.id.0, (actor, verb, object));
        vec![self.put((entry, entry.at), (0, key), told, None, Some(context), None)]
    }

    fn of_learner(&mut self, entry: &Entry, verb: Verb, saying: Saying) -> Vec<Told> {
        let (Some(session), Some(learner)) = (self.session(entry), entry.learner) else { return Vec::new() };
        let starts_at = match &entry.event {
            Event::SessionMoved { to, .. } => *to,
            _ => session.starts_at(),
        };
        let mut extensions = saying.extensions;
        if self.naming.style.dialect == Dialect::Nlj {
            extensions.push(("learner_id", Extension::Text(learner.to_string())));
        }
        let registration = entry.registration.map(|id| id.0);
        let told = (self.naming.agent(learner), verb, self.naming.session(session, false));
        let context = self.naming.context((session, starts_at), registration, extensions);
        let (at, place) = (saying.at.unwrap_or(entry.at), (0, session.id.0));
        let told = self.put((entry, at), place, told, saying.result, Some(context), saying.subject);
        // What is told of a session as well is told here of a registration.
        let topic = if told.topic == Topic::Scheduled { Topic::Registration } else { told.topic };
        vec![Told { topic, ..told }]
    }

    fn attendance(&mut self, entry: &Entry, outcome: attendance::Outcome, stay: Option<Stay>) -> Vec<Told> {
        use attendance::Outcome::{Attended, Excused, NoShow, Partial};
        let Some(subject) = attendance_of(entry) else { return Vec::new() };
        let key = entry.session.map_or_else(Uuid::nil, |session| session.0);
        let mut told: Vec<_> = self.void(entry, Topic::Attendance, &subject, (0, key)).into_iter().collect();
        let verb = match outcome {
            Attended | Partial => Verb::Attended,
            NoShow => Verb::NoShow,
            Excused => Verb::Excused,
        };
        // Entries of older versions do not say how long: what is known now must do.
        let known = || entry.registration.and_then(|id| self.naming.world.registrations.get(id));
        let minutes = || known().map(|it| Stay { minutes: it.attendance.minutes(), ..Stay::default() });
        let stay = (verb == Verb::Attended).then(|| stay.or_else(minutes)).flatten();
        let result = Outcome {
            success: (outcome == NoShow).then_some(false),
            completion: outcome == Attended,
            duration: stay.map(|it| length(it.minutes)),
            extensions: stay.map_or_else(BTreeMap::new, |it| self.seen(it)),
        };
        let extensions = vec![("attendance_status", Extension::Text(outcome.word().replace('-', "_")))];
        // Somebody was there when the class was, whenever that was written down.
        let at = self.session(entry).map(|it| it.ends_at().min(entry.at));
        let saying = Saying { at, result: Some(result), subject: Some(subject), extensions };
        told.extend(self.of_learner(entry, verb, saying));
        told
    }

    /// That somebody was there in person, and when they came and went as far as anybody saw it.
    fn seen(&self, stay: Stay) -> BTreeMap<String, Extension> {
        let mut extensions = vec![("attendance_method", Extension::Text("in_person".to_owned()))];
        extensions.extend(stay.came_at.map(|at| ("check_in_time", Extension::Text(instant(at)))));
        extensions.extend(stay.left_at.map(|at| ("check_out_time", Extension::Text(instant(at)))));
        self.naming.named(extensions)
    }

    fn completion(&mut self, entry: &Entry, completion: &Completion, number: u32) -> Option<Told> {
        let naming = &self.naming;
        let course = naming.world.courses.get(&completion.course)?;
        let session = self.session(entry);
        let result = Outcome { completion: true, ..Outcome::default() };
        let mut extensions = vec![("completed_at", Extension::Text(instant(completion.completed_at)))];
        extensions.extend(session.map(zone_of));
        if naming.style.dialect == Dialect::Nlj {
            extensions.push(("program_id", Extension::Text(course.id.to_string())));
            extensions.push(("learner_id", Extension::Text(completion.person.to_string())));
        }
        let instructor = session.and_then(|session| session.instructors.first().copied());
        let mut context = naming.context_of(instructor, entry.registration.map(|id| id.0), extensions);
        if let Some(session) = session {
            context.activities.insert("other", vec![naming.session(session, false)]);
        }
        let key = session.map_or(course.id.0, |session| session.id.0);
        let told = (naming.agent(completion.person), Verb::Completed, naming.course(course, false));
        // When it happened, which may be long before it was recorded.
        Some(self.put(
            (entry, completion.completed_at),
            (number, key),
            told,
            Some(result),
            Some(context),
            Some(completion_of(completion)),
        ))
    }

    /// Takes back what was told last of a subject, under the key it was told.
    fn void(&mut self, entry: &Entry, topic: Topic, subject: &str, place: (u32, Uuid)) -> Option<Told> {
        let wrong = self.last.remove(subject)?;
        let object = Object::StatementRef { id: wrong };
        let told = (self.naming.ourselves(), Verb::Voided, object);
        let mut told = self.put((entry, entry.at), place, told, None, None, None);
        told.subject = Some(subject.to_owned());
        told.topic = topic;
        Some(told)
    }

    fn put(
        &mut self,
        (entry, at): (&Entry, Timestamp),
        (number, key): (u32, Uuid),
        (actor, verb, object): (Agent, Verb, Object),
        result: Option<Outcome>,
        context: Option<Context>,
        subject: Option<String>,
    ) -> Told {
        let style = self.naming.style;
        let name = format!("{}/{}/{number}", entry.id, verb.word());
        let id = Uuid::new_v5(&style.namespace, name.as_bytes());
        let display = [(style.english().to_owned(), verb.display().to_owned())].into();
        let word = Word { id: verb.iri(style), display };
        let (timestamp, version) = (instant(at), (style.dialect == Dialect::Nlj).then_some("1.0.3"));
        let statement = Statement { id, actor, verb: word, object, result, context, timestamp, version };
        if let Some(subject) = &subject {
            self.last.insert(subject.clone(), id);
        }
        Told {
            id,
            sequence: entry.sequence,
            topic: verb.topic().unwrap_or(Topic::Registration),
            verb,
            key,
            subject,
            at: entry.at,
            correlation: entry.correlation,
            causation: entry.id.0,
            body: serde_json::to_string(&statement).expect("a statement is plain data"),
            fault: None,
        }
    }
}

/// What a course is, beside its title and summary.
fn of_course(course: &Course) -> Extensions {
    let text = |text: &str| Extension::Text(text.to_owned());
    let minutes = u32::try_from(course.length.as_mins()).unwrap_or(0);
    let mut extensions = vec![
        prerequisites(Some(course)),
        ("programme_type", text(course.programme_type.word())),
        ("topics", Extension::List(course.topics.clone())),
        ("length", Extension::Text(length(minutes))),
        ("travel", Extension::Flag(course.travel)),
        ("equivalents", Extension::List(course.equivalents.iter().map(ToString::to_string).collect())),
    ];
    extensions.extend(course.track.as_deref().map(|track| ("track", text(track))));
    extensions.extend(course.validity_months.map(|months| ("validity_months", Extension::Number(months))));
    extensions
}

fn prerequisites(course: Option<&Course>) -> (&'static str, Extension) {
    let needed = course.map_or(&[][..], |course| &course.prerequisites);
    ("prerequisites", Extension::List(needed.iter().map(ToString::to_string).collect()))
}

fn is_published(session: &Session) -> bool {
    matches!(session.status, SessionStatus::Published { .. })
}

fn attendance_of(entry: &Entry) -> Option<String> {
    entry.registration.map(|id| format!("attendance/{id}"))
}

fn completion_of(completion: &Completion) -> String {
    let Completion { person, course, completed_at } = completion;
    format!("completed/{person}/{course}/{completed_at}")
}
