//! Which other sessions to offer a learner: their facts from the store, ranked on the catalogue, recorded by the desk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::{StreamExt as _, stream};
use ilt_core::desk::{Ask, Command, Refusal};
use ilt_core::ids::{AlternativeId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::opinion::Adjusted;
use ilt_core::policy::Rule;
use ilt_core::ports::SeatsOfDealers;
use ilt_core::prerequisite::Missing;
use ilt_core::ranking::{self, Ranked, Shown};
use ilt_core::registration::Registration;
use ilt_core::registration::decide::Except;
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::look;
pub use super::look::Facts;
use super::{Engine, Trouble};

/// Sessions named for each course that is missing.
const HELPFUL_PER_COURSE: usize = 3;
/// Learners whose dealers are asked at once, when a session is cancelled.
const ASKED_AT_ONCE: usize = 8;

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
        Ok(Facts::new(Arc::new(world), seats, learner))
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
        registered.sort_by_key(|it| in_line(it));
        let people = registered.iter().map(|it| it.learner).collect::<BTreeSet<_>>();
        let histories = Ask { histories: people.clone(), people, ..Ask::default() };
        let facts = Arc::new(self.ports.reads.look(&histories).await?);
        let seats = Arc::new(self.capped_seats(&facts).await?);
        let of = |learner| Facts::new(facts.clone(), seats.clone(), learner);
        let facts: Vec<_> = registered.iter().map(|it| of(it.learner)).collect();
        let except = Except::Session(wanted.id);
        let ask = |facts: Facts| async move {
            let adjusted = self.adjusted(&facts, wanted, except).await;
            (facts, adjusted)
        };
        let answered = stream::iter(facts).map(ask).buffered(ASKED_AT_ONCE).collect::<Vec<_>>().await;
        let of = |(facts, adjusted): &(Facts, Adjusted)| Some((facts.learner()?.id, adjusted.clone()));
        let adjusted = answered.iter().filter_map(of).collect();
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
        let (weights, lasts) = (self.settings.weights, self.proposals_last());
        let except = Except::Session(wanted.id);
        let looks: Vec<_> =
            facts.iter().filter_map(|facts| facts.look(&catalogue, except, weights, now)).collect();
        let chosen = look::together(&looks, wanted, adjusted);
        let all = looks.iter().zip(&chosen).flat_map(|(look, chosen)| {
            chosen.iter().zip(1..).map(|(one, rank)| (look.learner(), one, rank)).collect::<Vec<_>>()
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
        let (now, weights) = (self.ports.clock.now(), self.settings.weights);
        let lasts = SignedDuration::try_from(self.settings.alternative_lasts).unwrap_or(SignedDuration::MAX);
        let catalogue = self.catalogue();
        let Some(look) = facts.look(&catalogue, except, weights, now) else { return Vec::new() };
        let show = |(one, rank): (&Ranked<'_>, u32)| {
            let id = AlternativeId(self.ports.ids.next());
            one.shown(id, rank, (look.learner(), wanted.id), weights, now, lasts)
        };
        look.best(wanted, &adjusted).iter().zip(1..).map(show).collect()
    }

    /// What the learner's dealer would change of what there is instead of `wanted`, as far as it counts.
    async fn adjusted(&self, facts: &Facts, wanted: &Session, except: Except) -> Adjusted {
        let dealer = facts.learner().and_then(|person| person.dealer);
        if !self.ports.rules.has_opinions(dealer) {
            return Adjusted::new();
        }
        let now = self.ports.clock.now();
        let question = {
            let catalogue = self.catalogue();
            let look = facts.look(&catalogue, except, self.settings.weights, now);
            look.and_then(|look| look.question(wanted))
        };
        let Some(question) = question else { return Adjusted::new() };
        let (adjusted, faults) = look::opinions(&*self.ports.rules, &question).await;
        if !faults.is_empty() {
            self.ports.rules.complain(dealer, &faults);
        }
        adjusted
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

/// Whoever has a seat chooses before those who wait, and whoever asked first before the others.
pub(crate) fn in_line(registered: &Registration) -> (bool, Timestamp, RegistrationId) {
    (!registered.status.takes_a_seat(), registered.created_at, registered.id)
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
