//! Which other sessions to offer a learner: their facts from the store, ranked on the catalogue, recorded by the desk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::{StreamExt as _, stream};
use ilt_core::catalog::{Person, Place};
use ilt_core::desk::{Ask, Command, Refusal};
use ilt_core::ids::{AlternativeId, CourseId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::opinion::{self, Adjusted};
use ilt_core::policy::Rule;
use ilt_core::ports::SeatsOfDealers;
use ilt_core::prerequisite::Missing;
use ilt_core::ranking::{self, Catalogue, Learner, Ranked, Shown};
use ilt_core::registration::decide::{Except, obstacle, takeable};
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Engine, Trouble};

/// Sessions named for each course that is missing.
const HELPFUL_PER_COURSE: usize = 3;
/// Learners whose dealers are asked at once, when a session is cancelled.
const ASKED_AT_ONCE: usize = 8;

/// What is known of a learner, together with what everybody refers to: enough to ask the rules of registration.
pub struct Facts {
    world: Arc<World>,
    /// Where one dealer's people may have so many seats only: how many they have.
    seats: Arc<SeatsOfDealers>,
    learner: PersonId,
}

impl Facts {
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
        let seats = Arc::new(self.capped_seats(&world).await?);
        Ok(Facts { world: Arc::new(world), seats, learner })
    }

    /// Seats that the dealers of these people have, where there is a rule of how many they may have.
    async fn capped_seats(&self, world: &World) -> Result<SeatsOfDealers, Trouble> {
        let is_capped = world.rules.iter().any(|set| set.rule == Rule::DealerCap && set.value > 0);
        let dealers: BTreeSet<_> = world.people.values().filter_map(|person| person.dealer).collect();
        if !is_capped || dealers.is_empty() {
            return Ok(SeatsOfDealers::new());
        }
        let dealers: Vec<_> = dealers.into_iter().collect();
        Ok(self.ports.reads.seats_of_dealers(&dealers, self.ports.clock.now()).await?)
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
        let shown = self.ranked(learner, wanted).await?;
        if !shown.is_empty() {
            let command = Command::Show { learner, wanted: wanted.id, shown: shown.clone() };
            self.ask(actor, command, None, correlation).await?;
        }
        Ok(shown)
    }

    /// Up to three sessions to take instead of `wanted`, best first; not recorded yet.
    ///
    /// # Errors
    /// As [`Engine::facts`].
    pub async fn ranked(&self, learner: PersonId, wanted: &Session) -> Result<Vec<Shown>, Trouble> {
        Ok(self.rank(&self.facts(learner).await?, wanted, Except::Nothing).await)
    }

    /// Up to three sessions for one who waits in vain, or whose seat clashes by now, best first; not recorded yet.
    ///
    /// # Errors
    /// As [`Engine::facts`].
    pub async fn instead_of(&self, registration: RegistrationId) -> Result<Vec<Shown>, Trouble> {
        let found = self.ports.reads.registration(registration).await?;
        let Some((registration, _)) = found.filter(|(found, _)| found.status.is_live()) else {
            return Ok(Vec::new());
        };
        let Some(wanted) = self.ports.reads.sessions(&[registration.session]).await?.pop() else {
            return Ok(Vec::new());
        };
        let except = Except::Session(wanted.id);
        let mut shown = self.rank(&self.facts(registration.learner).await?, &wanted, except).await;
        self.let_last(&mut shown);
        Ok(shown)
    }

    /// Up to three other sessions for everybody who is registered for one, should it be cancelled: worked out for all of them
    /// together, so that nobody is shown a seat that another was promised. Not recorded yet.
    ///
    /// # Errors
    /// [`Trouble::Store`] when the store fails.
    pub async fn rebooking(&self, cancelled: SessionId) -> Result<Vec<Shown>, Trouble> {
        let whole =
            Ask { whole_sessions: [cancelled].into(), sessions: [cancelled].into(), ..Ask::default() };
        let world = self.ports.reads.look(&whole).await?;
        let Some(wanted) = world.sessions.get(&cancelled) else { return Ok(Vec::new()) };
        let mut registered: Vec<_> = world.registrations.of_session(cancelled).collect();
        // Whoever has a seat chooses before those who wait, and whoever asked first before the others.
        registered.sort_by_key(|it| (!it.status.takes_a_seat(), it.created_at, it.id));
        let people = registered.iter().map(|it| it.learner).collect::<BTreeSet<_>>();
        let histories = Ask { histories: people.clone(), people, ..Ask::default() };
        let facts = Arc::new(self.ports.reads.look(&histories).await?);
        let seats = Arc::new(self.capped_seats(&facts).await?);
        let of = |learner| Facts { world: facts.clone(), seats: seats.clone(), learner };
        let facts: Vec<_> = registered.iter().map(|it| of(it.learner)).collect();
        let except = Except::Session(wanted.id);
        let ask = |facts: Facts| async move {
            let adjusted = self.adjusted(&facts, wanted, except).await;
            (facts, adjusted)
        };
        let answered = stream::iter(facts).map(ask).buffered(ASKED_AT_ONCE).collect::<Vec<_>>().await;
        let adjusted = answered.iter().map(|(facts, adjusted)| (facts.learner, adjusted.clone())).collect();
        let facts: Vec<_> = answered.into_iter().map(|(facts, _)| facts).collect();
        Ok(self.rank_together(&facts, wanted, &adjusted))
    }

    fn rank_together(
        &self,
        facts: &[Facts],
        wanted: &Session,
        adjusted: &BTreeMap<PersonId, Adjusted>,
    ) -> Vec<Shown> {
        let now = self.ports.clock.now();
        let catalogue = self.catalogue();
        let holds: Vec<_> = facts.iter().map(|facts| facts.holds(now)).collect();
        let except = Except::Session(wanted.id);
        let may_take: Vec<_> = facts
            .iter()
            .map(|facts| move |session: &Session, _: &_| facts.may_take_except(session, except, now))
            .collect();
        let places: Vec<_> = facts
            .iter()
            .map(|facts| facts.learner().map_or_else(Vec::new, |person| places_of(&catalogue, person)))
            .collect();
        let known = facts.iter().zip(&holds).zip(&may_take).zip(&places);
        let known = known.filter_map(|(((facts, holds), may_take), places)| {
            let person = facts.learner()?;
            let (places, preferences) = (places, &person.preferences);
            Some(Learner { id: person.id, places, preferences, holds, deadline: None, may_take })
        });
        let learners: Vec<_> = known.collect();
        let (weights, lasts) = (self.settings.weights, self.proposals_last());
        let chosen = ranking::rebook(&catalogue, &learners, wanted, weights, adjusted, now);
        let all = learners.iter().zip(&chosen).flat_map(|(learner, chosen)| {
            chosen.iter().zip(1..).map(|(one, rank)| (learner.id, one, rank)).collect::<Vec<_>>()
        });
        all.map(|(learner, one, rank)| {
            let id = AlternativeId(self.ports.ids.next());
            one.shown(id, rank, (learner, wanted.id), weights, now, lasts)
        })
        .collect()
    }

    /// Proposals that nobody asked for wait until they are seen.
    fn let_last(&self, shown: &mut [Shown]) {
        for one in shown {
            one.expires_at = one.shown_at.saturating_add(self.proposals_last()).unwrap_or(Timestamp::MAX);
        }
    }

    fn proposals_last(&self) -> SignedDuration {
        SignedDuration::try_from(self.settings.proposal_lasts).unwrap_or(SignedDuration::MAX)
    }

    async fn rank(&self, facts: &Facts, wanted: &Session, except: Except) -> Vec<Shown> {
        let adjusted = self.adjusted(facts, wanted, except).await;
        let weights = self.settings.weights;
        let lasts = SignedDuration::try_from(self.settings.alternative_lasts).unwrap_or(SignedDuration::MAX);
        let shown = self.as_learner(facts, except, |catalogue, learner, now| {
            let ranked = ranking::alternatives(catalogue, learner, wanted, weights, &adjusted, now);
            let show = |(one, rank): (&Ranked<'_>, u32)| {
                let id = AlternativeId(self.ports.ids.next());
                one.shown(id, rank, (learner.id, wanted.id), weights, now, lasts)
            };
            ranked.iter().zip(1..).map(show).collect()
        });
        shown.unwrap_or_default()
    }

    /// What the learner's dealer would change of what there is instead of `wanted`, as far as it counts.
    async fn adjusted(&self, facts: &Facts, wanted: &Session, except: Except) -> Adjusted {
        let dealer = facts.learner().and_then(|person| person.dealer);
        if !self.ports.rules.has_opinions(dealer) {
            return Adjusted::new();
        }
        let weights = self.settings.weights;
        let question = self.as_learner(facts, except, |catalogue, learner, now| {
            ranking::question(catalogue, learner, dealer, wanted, weights, now)
        });
        let Some(question) = question.flatten() else { return Adjusted::new() };
        let opinions = self.ports.rules.opinions(&question).await;
        let asked = question.candidates.iter().map(|it| it.id).collect();
        let (adjusted, faults) = opinion::weigh(&asked, opinions);
        if !faults.is_empty() {
            self.ports.rules.complain(&faults);
        }
        adjusted
    }

    /// Does something with the catalogue for a learner as they are known now.
    fn as_learner<T>(
        &self,
        facts: &Facts,
        except: Except,
        act: impl FnOnce(&Catalogue, &Learner<'_>, Timestamp) -> T,
    ) -> Option<T> {
        let (now, person) = (self.ports.clock.now(), facts.learner()?);
        let catalogue = self.catalogue();
        let holds = facts.holds(now);
        let learner = Learner {
            id: person.id,
            places: &places_of(&catalogue, person),
            preferences: &person.preferences,
            holds: &holds,
            deadline: None,
            may_take: &|session, _| facts.may_take_except(session, except, now),
        };
        Some(act(&catalogue, &learner, now))
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

/// Whether a refusal is better answered together with alternatives.
pub fn invites_alternatives(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::SessionFull { .. }
            | Refusal::Clash { .. }
            | Refusal::DealerCapReached { .. }
            | Refusal::RegistrationClosed { .. }
            | Refusal::SessionCancelled { .. }
            | Refusal::AlternativeExpired { .. }
    )
}
