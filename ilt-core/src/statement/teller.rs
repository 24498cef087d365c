//! From entries of the journal to statements.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::bytes::{Account, Agent, Context, Definition, Extension, Object, Outcome, Statement, Word};
use super::bytes::{instant, length};
use super::claim::claim;
use super::mail::is_plain;
use crate::attendance;
use crate::catalog::{Completion, Course};
use crate::desk::Ask;
use crate::ids::{CourseId, PersonId, SessionId};
use crate::journal::{Entry, Event};
use crate::session::{Session, SessionStatus};
use crate::statement::{Actors, Style, Topic, Verb};
use crate::world::World;

const MEETING: &str = "http://id.tincanapi.com/activitytype/meeting";
const COURSE: &str = "http://adlnet.gov/expapi/activities/course";

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
    style: &'a Style,
    world: &'a World,
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
    extensions: Vec<(&'static str, Extension)>,
}

impl<'a> Teller<'a> {
    /// One who knows `world`, and of the [`Teller::subjects`] what was told `last` of each.
    pub fn new(style: &'a Style, world: &'a World, last: BTreeMap<String, Uuid>) -> Self {
        Self { style, world, planned: BTreeMap::new(), last }
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
            Event::SessionPublished => self.of_session(entry, Verb::Scheduled),
            Event::SessionScheduled(session) if is_published(session) => {
                self.of_session(entry, Verb::Scheduled)
            }
            Event::SessionChanged(session)
                if session.status == (SessionStatus::Published { at: entry.at }) =>
            {
                self.of_session(entry, Verb::Scheduled)
            }
            Event::SessionChanged(session) if is_published(session) && session.moved_at == Some(entry.at) => {
                self.of_session(entry, Verb::Rescheduled)
            }
            Event::SessionChanged(session) if is_published(session) => self.of_session(entry, Verb::Changed),
            Event::SessionCancelled => self.of_session(entry, Verb::Cancelled),
            Event::AttendanceSettled { outcome } => self.attendance(entry, *outcome),
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
        self.planned.get(&id).copied().or_else(|| self.world.sessions.get(&id))
    }

    fn of_session(&mut self, entry: &Entry, verb: Verb) -> Vec<Told> {
        let Some(session) = self.session(entry) else { return Vec::new() };
        let who = session.instructors.first().copied().or_else(|| entry.actor.person());
        let actor = who.map_or_else(|| self.ourselves(), |person| self.agent(person));
        let course = self.world.courses.get(&session.course);
        let location = self.world.locations.get(&session.location);
        let needed = course.map_or_else(Vec::new, |course| course.prerequisites.clone());
        let mut extensions = vec![
            ("capacity", Extension::Number(session.seats.capacity)),
            ("prerequisites", Extension::List(needed.iter().map(ToString::to_string).collect())),
            ("scheduled_time", Extension::Text(instant(session.starts_at()))),
            zone_of(session),
        ];
        extensions.extend((verb == Verb::Changed).then_some(("minimum", Extension::Number(session.minimum))));
        extensions.extend(location.map(|it| ("location", Extension::Text(it.name.clone()))));
        extensions.extend(entry.reason.clone().map(|why| ("reason", Extension::Text(why))));
        let saying = Saying { extensions, ..Saying::default() };
        let object = self.session_object(session, true);
        let context = self.context(session, None, saying.extensions);
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
        extensions.push(("scheduled_time", Extension::Text(instant(starts_at))));
        extensions.push(zone_of(session));
        let registration = entry.registration.map(|id| id.0);
        let told = (self.agent(learner), verb, self.session_object(session, false));
        let context = self.context(session, registration, extensions);
        let (at, place) = (saying.at.unwrap_or(entry.at), (0, session.id.0));
        let told = self.put((entry, at), place, told, saying.result, Some(context), saying.subject);
        // What is told of a session as well is told here of a registration.
        let topic = if told.topic == Topic::Scheduled { Topic::Registration } else { told.topic };
        vec![Told { topic, ..told }]
    }

    fn attendance(&mut self, entry: &Entry, outcome: attendance::Outcome) -> Vec<Told> {
        use attendance::Outcome::{Attended, Excused, NoShow, Partial};
        let Some(subject) = attendance_of(entry) else { return Vec::new() };
        let key = entry.session.map_or_else(Uuid::nil, |session| session.0);
        let mut told: Vec<_> = self.void(entry, Topic::Attendance, &subject, (0, key)).into_iter().collect();
        let verb = match outcome {
            Attended | Partial => Verb::Attended,
            NoShow => Verb::NoShow,
            Excused => Verb::Excused,
        };
        let known = entry.registration.and_then(|id| self.world.registrations.get(id));
        let minutes = known.map(|it| it.attendance.minutes());
        let result = Outcome {
            success: (outcome == NoShow).then_some(false),
            completion: outcome == Attended,
            duration: minutes.filter(|_| verb == Verb::Attended).map(length),
        };
        let extensions = vec![("attendance_status", Extension::Text(outcome.word().replace('-', "_")))];
        // Somebody was there when the class was, whenever that was written down.
        let at = self.session(entry).map(|it| it.ends_at().min(entry.at));
        let saying = Saying { at, result: Some(result), subject: Some(subject), extensions };
        told.extend(self.of_learner(entry, verb, saying));
        told
    }

    fn completion(&mut self, entry: &Entry, completion: &Completion, number: u32) -> Option<Told> {
        let course = self.world.courses.get(&completion.course)?;
        let session = self.session(entry);
        let result = Outcome { success: None, completion: true, duration: None };
        let mut extensions = vec![("completed_at", Extension::Text(instant(completion.completed_at)))];
        extensions.extend(session.map(zone_of));
        let registration = entry.registration.map(|id| id.0);
        let mut context = match session {
            Some(session) => self.context(session, registration, extensions),
            None => self.context_of(None, registration, extensions),
        };
        context.activities.remove("parent");
        if let Some(session) = session {
            context.activities.insert("other", vec![self.session_object(session, false)]);
        }
        let key = session.map_or(course.id.0, |session| session.id.0);
        let told = (self.agent(completion.person), Verb::Completed, self.course_object(course));
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
        let told = (self.ourselves(), Verb::Voided, object);
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
        let style = self.style;
        let name = format!("{}/{}/{number}", entry.id, verb.word());
        let id = Uuid::new_v5(&style.namespace, name.as_bytes());
        let display = [("en".to_owned(), verb.display().to_owned())].into();
        let verb_id = Word { id: verb.iri(style), display };
        let statement =
            Statement { id, actor, verb: verb_id, object, result, context, timestamp: instant(at) };
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

    fn context(
        &self,
        session: &Session,
        registration: Option<Uuid>,
        extensions: Vec<(&'static str, Extension)>,
    ) -> Context {
        let mut context = self.context_of(session.instructors.first().copied(), registration, extensions);
        if let Some(course) = self.world.courses.get(&session.course) {
            context.activities.insert("parent", vec![self.course_object(course)]);
        }
        context
    }

    fn context_of(
        &self,
        instructor: Option<PersonId>,
        registration: Option<Uuid>,
        extensions: Vec<(&'static str, Extension)>,
    ) -> Context {
        let style = self.style;
        let profile = Object::Activity { id: style.profile.clone(), definition: None };
        let ours = registration.map(|id| ("registration_id", Extension::Text(id.to_string())));
        let named = |(name, value): (&str, Extension)| (format!("{}/{name}", style.extension_base), value);
        Context {
            registration: registration.map(|id| style.registration(id)),
            instructor: instructor.map(|person| self.agent(person)),
            activities: [("category", vec![profile])].into(),
            platform: style.platform.clone(),
            language: style.language.clone(),
            extensions: extensions.into_iter().chain(ours).map(named).collect(),
        }
    }

    fn session_object(&self, session: &Session, is_described: bool) -> Object {
        let course = self.world.courses.get(&session.course);
        let definition = course.map(|course| Definition {
            name: self.in_words(&course.title),
            description: (is_described && !course.summary.is_empty()).then(|| self.in_words(&course.summary)),
            kind: MEETING,
        });
        Object::Activity { id: self.session_iri(session.id), definition }
    }

    fn course_object(&self, course: &Course) -> Object {
        let definition = Definition { name: self.in_words(&course.title), description: None, kind: COURSE };
        Object::Activity { id: self.course_iri(course.id), definition: Some(definition) }
    }

    fn session_iri(&self, id: SessionId) -> String {
        format!("{}/training-sessions/{id}", self.style.activity_base)
    }

    fn course_iri(&self, id: CourseId) -> String {
        format!("{}/courses/{id}", self.style.activity_base)
    }

    fn in_words(&self, text: &str) -> BTreeMap<String, String> {
        [(self.style.language.clone(), text.to_owned())].into()
    }

    /// A person; by account where the style says so, or the mail address is none that every record store takes.
    fn agent(&self, id: PersonId) -> Agent {
        let known = self.world.people.get(&id).filter(|person| !person.email.is_empty());
        match (self.style.actors, known) {
            (Actors::Mbox, Some(person)) => {
                let name = Some(person.name.clone()).filter(|name| !name.is_empty());
                if is_plain(&person.email) {
                    Agent { name, mbox: Some(format!("mailto:{}", person.email)), account: None }
                } else {
                    Agent { name, ..self.account(id.to_string()) }
                }
            }
            _ => self.account(id.to_string()),
        }
    }

    fn ourselves(&self) -> Agent {
        self.account("registration".to_owned())
    }

    fn account(&self, name: String) -> Agent {
        let account = Account { home_page: self.style.home_page.clone(), name };
        Agent { name: None, mbox: None, account: Some(account) }
    }
}

/// Whose months and days those of a session are.
fn zone_of(session: &Session) -> (&'static str, Extension) {
    ("scheduled_zone", Extension::Text(session.zone().name().to_owned()))
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
