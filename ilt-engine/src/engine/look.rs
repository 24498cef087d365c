//! One look at the catalogue for one learner: the same questions to the ranking for whoever asks now, and for whoever asks again what
//! was asked once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ilt_core::catalog::{Course, Person, Place};
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::opinion::{self, Adjusted, Fault, Joining, LearnerFacts, Question, Speaker};
use ilt_core::policy::Rule;
use ilt_core::ports::{Rules, SeatsOfDealers};
use ilt_core::prerequisite::Missing;
use ilt_core::ranking::{self, Catalogue, Learner, Ranked, Weights};
use ilt_core::registration::decide::{Except, obstacle, takeable};
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::Timestamp;

/// What is known of a learner, together with what everybody refers to: enough to ask the rules of registration.
#[derive(Clone)]
pub struct Facts {
    world: Arc<World>,
    /// Where one dealer's people may have so many seats only: how many they have.
    seats: Arc<SeatsOfDealers>,
    learner: PersonId,
}

impl Facts {
    pub(crate) const fn new(world: Arc<World>, seats: Arc<SeatsOfDealers>, learner: PersonId) -> Self {
        Self { world, seats, learner }
    }

    /// The learner.
    pub fn learner(&self) -> Option<&Person> {
        self.world.people.get(&self.learner)
    }

    /// Whether the rules let the learner into a session, its seats aside.
    pub fn may_take(&self, session: &Session, now: Timestamp) -> bool {
        self.may_take_except(session, Except::Nothing, now)
    }

    fn may_take_except(&self, session: &Session, except: Except, now: Timestamp) -> bool {
        let Some(learner) = self.learner() else { return false };
        let holds_it = self.world.registrations.live(self.learner, session.id).is_some();
        !holds_it
            && !self.is_capped(learner, session)
            && takeable(&self.world, session, Some(learner), now)
                .is_ok_and(|course| obstacle(&self.world, learner, session, course, except).is_none())
    }

    fn is_capped(&self, learner: &Person, session: &Session) -> bool {
        let most = self.world.rules_for(Some(session.course), Some(learner)).count(Rule::DealerCap);
        let seats = learner.dealer.and_then(|dealer| self.seats.get(&(dealer, session.id)));
        most > 0 && seats.is_some_and(|seats| *seats >= most)
    }

    /// What the learner lacks for a course at an instant.
    pub fn missing(&self, course: CourseId, at: Timestamp) -> Vec<Missing> {
        let Some(course) = self.world.courses.get(&course) else { return Vec::new() };
        let completions = self.world.completions_of(self.learner);
        self.world.book().missing(course, completions, at)
    }

    /// Courses the learner holds at an instant.
    fn holds(&self, now: Timestamp) -> Vec<CourseId> {
        let completions = self.world.completions_of(self.learner);
        let courses: BTreeSet<_> = completions.iter().map(|it| it.course).collect();
        courses.into_iter().filter(|course| self.world.book().holds(*course, completions, now)).collect()
    }

    /// The learner looks at the catalogue; none when nobody knows them.
    pub(crate) fn look<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        except: Except,
        weights: Weights,
        now: Timestamp,
    ) -> Option<Look<'a>> {
        let person = self.learner()?;
        let (holds, places) = (self.holds(now), places_of(catalogue, person));
        Some(Look { facts: self, catalogue, person, holds, places, except, weights, now })
    }

    /// What is asked of those who say who waits in front, when the learner joins the queue of a session.
    pub(crate) fn joining(
        &self,
        catalogue: &Catalogue,
        session: &Session,
        now: Timestamp,
    ) -> Option<Joining> {
        let person = self.learner()?;
        let course = catalogue.courses().get(&session.course)?;
        let location = catalogue.locations().get(&session.location)?;
        let from = places_of(catalogue, person);
        let distance = from.iter().map(|from| from.kilometres_to(location.place)).min_by(f64::total_cmp);
        Some(Joining {
            now,
            learner: LearnerFacts { id: person.id, dealer: person.dealer, holds: self.holds(now) },
            course: ranking::course_facts(course),
            place: ranking::place_facts(location, distance),
            session: session.id,
            starts_at: session.starts_at(),
            waiting: session.seats.waitlisted,
        })
    }
}

/// A learner who looks at the catalogue.
pub(crate) struct Look<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    person: &'a Person,
    holds: Vec<CourseId>,
    places: Vec<Place>,
    except: Except,
    weights: Weights,
    now: Timestamp,
}

impl<'a> Look<'a> {
    /// Who looks.
    pub const fn learner(&self) -> PersonId {
        self.person.id
    }

    /// What whoever has rules of their own is asked before [`Look::best`].
    pub fn question(&self, wanted: &Session) -> Option<Question> {
        let may_take = |session: &Session, _: &Course| self.may_take(session);
        let learner = self.as_learner(&may_take);
        ranking::question(self.catalogue, &learner, self.person.dealer, wanted, self.weights, self.now)
    }

    /// Up to three sessions to take instead of `wanted`, best first.
    pub fn best(&self, wanted: &Session, adjusted: &Adjusted) -> Vec<Ranked<'a>> {
        let may_take = |session: &Session, _: &Course| self.may_take(session);
        let learner = self.as_learner(&may_take);
        ranking::alternatives(self.catalogue, &learner, wanted, self.weights, adjusted, self.now)
    }

    fn may_take(&self, session: &Session) -> bool {
        self.facts.may_take_except(session, self.except, self.now)
    }

    fn as_learner<'l>(&'l self, may_take: &'l dyn Fn(&Session, &Course) -> bool) -> Learner<'l> {
        Learner {
            id: self.person.id,
            places: &self.places,
            preferences: &self.person.preferences,
            holds: &self.holds,
            deadline: None,
            may_take,
        }
    }
}

/// Up to three sessions for each of those who look, in their order, so that no seat is shown to two of them.
pub(crate) fn together<'a>(
    looks: &[Look<'a>],
    wanted: &Session,
    adjusted: &BTreeMap<PersonId, Adjusted>,
) -> Vec<Vec<Ranked<'a>>> {
    let Some(Look { catalogue, weights, now, .. }) = looks.first() else { return Vec::new() };
    let may_take: Vec<_> =
        looks.iter().map(|look| move |session: &Session, _: &Course| look.may_take(session)).collect();
    let learners: Vec<_> =
        looks.iter().zip(&may_take).map(|(look, may_take)| look.as_learner(may_take)).collect();
    ranking::rebook(catalogue, &learners, wanted, *weights, adjusted, *now)
}

/// What counts of the opinions on a question, and what is wrong with the rest.
pub(crate) async fn opinions(rules: &dyn Rules, question: &Question) -> (Adjusted, Vec<(Speaker, Fault)>) {
    let said = rules.opinions(question).await;
    let asked = question.candidates.iter().map(|it| it.id).collect();
    opinion::weigh(&asked, said)
}

/// Where a learner would rather be trained: their preferred locations, else their dealer.
fn places_of(catalogue: &Catalogue, person: &Person) -> Vec<Place> {
    let preferred = person.preferences.locations.iter().filter_map(|id| catalogue.locations().get(id));
    let preferred: Vec<_> = preferred.map(|location| location.place).collect();
    if preferred.is_empty() {
        let dealer = person.dealer.and_then(|id| catalogue.dealers().get(&id));
        return dealer.map(|dealer| dealer.place).into_iter().collect();
    }
    preferred
}
