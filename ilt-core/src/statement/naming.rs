//! People, sessions and courses as a statement names them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::bytes::{Account, Agent, Context, Definition, Extension, Object, instant};
use super::mail::is_plain;
use crate::calendar::References;
use crate::catalog::Course;
use crate::ids::{CourseId, PersonId, RegistrationId, SessionId};
use crate::session::Session;
use crate::statement::{Actors, Dialect, Style};
use crate::world::World;

/// Extensions by the last part of their names.
pub(super) type Extensions = Vec<(&'static str, Extension)>;

/// Names what is known in a style.
pub(super) struct Naming<'a> {
    pub style: &'a Style,
    pub world: &'a World,
    /// By which names calendars know it.
    pub references: References,
}

impl Naming<'_> {
    /// What is said of a session's course, instructor and times, beside what else is known.
    pub fn context(
        &self,
        (session, starts_at): (&Session, Timestamp),
        registration: Option<Uuid>,
        mut extensions: Extensions,
    ) -> Context {
        extensions.push(("scheduled_time", Extension::Text(instant(starts_at))));
        extensions.push(zone_of(session));
        let event = self.references.event_types.get(&session.id);
        extensions.extend(event.map(|it| ("cal_event_id", Extension::Text(it.clone()))));
        if self.style.dialect == Dialect::Nlj {
            let length = session.ends_at().duration_since(session.starts_at());
            let ends_at = starts_at.checked_add(length).unwrap_or(Timestamp::MAX);
            extensions.push(("program_id", Extension::Text(session.course.to_string())));
            extensions.push(("start_time", Extension::Text(instant(starts_at))));
            extensions.push(("end_time", Extension::Text(instant(ends_at))));
        }
        let mut context = self.context_of(session.instructors.first().copied(), registration, extensions);
        if let Some(course) = self.world.courses.get(&session.course) {
            context.activities.insert("parent", vec![self.course(course, false)]);
        }
        context
    }

    /// What is said where there may be no session.
    pub fn context_of(
        &self,
        instructor: Option<PersonId>,
        registration: Option<Uuid>,
        mut extensions: Extensions,
    ) -> Context {
        let style = self.style;
        let profile = Object::Activity { id: style.profile.clone(), definition: None };
        if let Some(registration) = registration {
            let id = || Extension::Text(registration.to_string());
            extensions.push(("registration_id", id()));
            let booking = self.references.bookings.get(&RegistrationId(registration));
            extensions.extend(booking.map(|it| ("cal_booking_id", Extension::Text(it.clone()))));
            extensions.extend((style.dialect == Dialect::Nlj).then(|| ("booking_id", id())));
        }
        Context {
            registration: registration.map(|id| style.registration(id)),
            instructor: instructor.map(|person| self.agent(person)),
            activities: [("category", vec![profile])].into(),
            platform: style.platform.clone(),
            language: style.language.clone(),
            extensions: self.named(extensions),
        }
    }

    /// Extensions by their whole names.
    pub fn named(&self, extensions: Extensions) -> BTreeMap<String, Extension> {
        let named =
            |(name, value): (&str, Extension)| (format!("{}/{name}", self.style.extension_base), value);
        extensions.into_iter().map(named).collect()
    }

    pub fn session(&self, session: &Session, is_described: bool) -> Object {
        let course = self.world.courses.get(&session.course);
        let definition = course.map(|course| Definition {
            kind: self.style.session_type.clone(),
            ..self.definition(course, is_described)
        });
        Object::Activity { id: self.session_iri(session.id), definition }
    }

    pub fn course(&self, course: &Course, is_described: bool) -> Object {
        let definition = Some(self.definition(course, is_described));
        Object::Activity { id: self.course_iri(course.id), definition }
    }

    fn definition(&self, course: &Course, is_described: bool) -> Definition {
        let description = is_described && !course.summary.is_empty();
        Definition {
            name: self.in_words(&course.title),
            description: description.then(|| self.in_words(&course.summary)),
            kind: self.style.course_type.clone(),
        }
    }

    fn session_iri(&self, id: SessionId) -> String {
        format!("{}/training-sessions/{id}", self.style.activity_base)
    }

    fn course_iri(&self, id: CourseId) -> String {
        format!("{}/{}/{id}", self.style.activity_base, self.style.courses)
    }

    fn in_words(&self, text: &str) -> BTreeMap<String, String> {
        [(self.style.language.clone(), text.to_owned())].into()
    }

    /// A person; by another identifier where the style says so, or the mail address is none that every record store takes.
    pub fn agent(&self, id: PersonId) -> Agent {
        let known = self.world.people.get(&id).filter(|person| !person.email.is_empty());
        match (self.style.actors, known) {
            (Actors::Mbox, Some(person)) => {
                let name = Some(person.name.clone()).filter(|name| !name.is_empty());
                if is_plain(&person.email) {
                    Agent { name, mbox: Some(format!("mailto:{}", person.email)), account: None }
                } else {
                    Agent { name, ..self.without_address(id.to_string()) }
                }
            }
            _ => self.without_address(id.to_string()),
        }
    }

    pub fn ourselves(&self) -> Agent {
        self.without_address("registration".to_owned())
    }

    /// By an account, or by a mailbox that nobody reads where the style has a place for those.
    fn without_address(&self, name: String) -> Agent {
        if let Some(host) = &self.style.aliases_at {
            return Agent { name: None, mbox: Some(format!("mailto:{name}@{host}")), account: None };
        }
        let home_page = self.style.home_page.clone();
        Agent { name: None, mbox: None, account: Some(Account { home_page, name }) }
    }
}

/// Whose months and days those of a session are.
pub(super) fn zone_of(session: &Session) -> (&'static str, Extension) {
    ("scheduled_zone", Extension::Text(session.zone().name().to_owned()))
}
