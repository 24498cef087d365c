//! Which other sessions to offer a learner: their facts from the store, ranked on the catalogue, recorded by the desk.

use ilt_core::catalog::Person;
use ilt_core::desk::{Ask, Command, Refusal};
use ilt_core::ids::{AlternativeId, CourseId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::prerequisite::{Missing, is_valid};
use ilt_core::ranking::{self, Catalogue, Learner, Shown};
use ilt_core::registration::decide::{Except, obstacle, takeable};
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Engine, Trouble};

/// Sessions named for each course that is missing.
const HELPFUL_PER_COURSE: usize = 3;

/// What is known of a learner, together with what everybody refers to: enough to ask the rules of registration.
pub struct Facts {
    world: World,
    learner: PersonId,
}

impl Facts {
    /// The learner.
    pub fn learner(&self) -> Option<&Person> {
        self.world.people.get(&self.learner)
    }

    /// Whether the rules let the learner into a session, its seats aside.
    pub fn may_take(&self, session: &Session, now: Timestamp) -> bool {
        let Some(learner) = self.learner() else { return false };
        let holds_it = self.world.registrations.live(self.learner, session.id).is_some();
        !holds_it
            && takeable(&self.world, session, Some(learner), now).is_ok_and(|course| {
                obstacle(&self.world, learner, session, course, Except::Nothing).is_none()
            })
    }

    /// What the learner lacks for a course at an instant.
    pub fn missing(&self, course: CourseId, at: Timestamp) -> Vec<Missing> {
        let Some(course) = self.world.courses.get(&course) else { return Vec::new() };
        let completions = self.world.completions_of(self.learner);
        ilt_core::prerequisite::missing(course, &self.world.courses, completions, at)
    }

    /// Courses the learner holds at an instant.
    fn holds(&self, now: Timestamp) -> Vec<CourseId> {
        let valid = |completion: &&ilt_core::catalog::Completion| {
            let course = self.world.courses.get(&completion.course);
            course.is_some_and(|course| is_valid(course, completion.completed_at, now))
        };
        self.world.completions_of(self.learner).iter().filter(valid).map(|it| it.course).collect()
    }
}

impl Engine {
    /// What is known of a learner.
    ///
    /// # Errors
    /// `not-found` when there is no such person; [`Trouble::Store`] when the store fails.
    pub async fn facts(&self, learner: PersonId) -> Result<Facts, Trouble> {
        let ask = Ask { people: [learner].into(), histories: [learner].into(), ..Ask::default() };
        let world = self.ports.reads.look(&ask).await?;
        if !world.people.contains_key(&learner) {
            return Err(Refusal::not_found("person").into());
        }
        Ok(Facts { world, learner })
    }

    /// Up to three sessions to take instead of `wanted`, best first; recorded as shown to the learner by `actor`.
    ///
    /// # Errors
    /// As [`Engine::facts`] and [`Engine::ask`].
    pub async fn alternatives(
        &self,
        actor: Actor,
        learner: PersonId,
        wanted: &Session,
        correlation: Uuid,
    ) -> Result<Vec<Shown>, Trouble> {
        let facts = self.facts(learner).await?;
        let shown = self.rank(&facts, wanted);
        if !shown.is_empty() {
            let command = Command::Show { learner, wanted: wanted.id, shown: shown.clone() };
            self.ask(actor, command, None, correlation).await?;
        }
        Ok(shown)
    }

    /// Up to three sessions for one who waits in vain, best first; not recorded yet.
    ///
    /// # Errors
    /// As [`Engine::facts`].
    pub async fn instead_of(&self, waiting: RegistrationId) -> Result<Vec<Shown>, Trouble> {
        let found = self.ports.reads.registration(waiting).await?;
        let Some((registration, _)) = found.filter(|(found, _)| found.status.is_live()) else {
            return Ok(Vec::new());
        };
        let Some(wanted) = self.ports.reads.sessions(&[registration.session]).await?.pop() else {
            return Ok(Vec::new());
        };
        Ok(self.rank(&self.facts(registration.learner).await?, &wanted))
    }

    fn rank(&self, facts: &Facts, wanted: &Session) -> Vec<Shown> {
        let now = self.ports.clock.now();
        let Some(person) = facts.learner() else { return Vec::new() };
        let catalogue = self.catalogue();
        let weights = self.settings.weights;
        let holds = facts.holds(now);
        let learner = Learner {
            id: person.id,
            place: place_of(&catalogue, person),
            interests: &person.interests,
            holds: &holds,
            deadline: None,
            may_take: &|session, _| facts.may_take(session, now),
        };
        let lasts = SignedDuration::try_from(self.settings.alternative_lasts).unwrap_or(SignedDuration::MAX);
        ranking::alternatives(&catalogue, &learner, wanted, weights, now)
            .iter()
            .zip(1..)
            .map(|(one, rank)| {
                let id = AlternativeId(self.ports.ids.next());
                one.shown(id, rank, (person.id, wanted.id), weights, now, lasts)
            })
            .collect()
    }

    /// Open sessions of the courses that are missing, which the learner could take, soonest first.
    pub fn helpful(&self, facts: &Facts, missing: &[Missing]) -> Vec<SessionId> {
        let now = self.ports.clock.now();
        let catalogue = self.catalogue();
        let of_course = |one: &Missing| {
            let query = ranking::Query {
                course: Some(one.course),
                from: Some(now),
                open_seats: true,
                limit: HELPFUL_PER_COURSE,
                passes: &|session, _| facts.may_take(session, now),
                ..ranking::Query::everything()
            };
            let found = ranking::search(&catalogue, &query, now);
            found.into_iter().map(|found| found.candidate.session.id).collect::<Vec<_>>()
        };
        missing.iter().flat_map(of_course).collect()
    }
}

/// Where a learner would rather be trained: their preferred location, else their dealer.
pub fn place_of(catalogue: &Catalogue, person: &Person) -> Option<ilt_core::catalog::Place> {
    let preferred =
        person.preferred_location.and_then(|id| catalogue.locations().get(&id)).map(|it| it.place);
    preferred.or_else(|| person.dealer.and_then(|id| catalogue.dealers().get(&id)).map(|dealer| dealer.place))
}

/// Whether a refusal is better answered together with alternatives.
pub fn invites_alternatives(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::SessionFull { .. }
            | Refusal::Clash { .. }
            | Refusal::RegistrationClosed { .. }
            | Refusal::SessionCancelled { .. }
    )
}
