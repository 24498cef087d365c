//! Everything else that a store promises: each call is one statement on what is committed.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::locks::Row;
use super::transaction::Transaction;
use super::{ReadCommitted, Step, load};
use crate::access::{ApiKey, Sight, SignIn};
use crate::calendar::{self, Concern, Link, Settled, Spot};
use crate::catalog::Person;
use crate::desk::{Ask, Timer};
use crate::ids::{CourseId, DealerId, KeyId, PersonId, PluginId, RegistrationId, SessionId, SignInId};
use crate::journal::Entry;
use crate::ports::{
    Analytics, ApiKeys, Component, Components, Counting, DeadLetter, DeadLetters, Deliveries, Delivery,
    Description, Differing, Due, EntryQuery, Journal, Leases, Mirrors, Monthly, MonthlyQuery, Numbered,
    NumberedLetter, PeopleQuery, Reads, RegistrationQuery, Roster, SeatsOfDealers, SignIns, Statements,
    Store, StoreError, Taken, Timers, TokenDigest, Waiting, Whose, Work,
};
use crate::registration::Registration;
use crate::session::Session;
use crate::statement::Told;
use crate::world::World;

/// Ports of which each call is one statement: the pace, then the in-memory store's answer.
macro_rules! statements {
    ($($port:ident { $(fn $name:ident($($arg:ident: $kind:ty),*) -> $answer:ty $(, $step:ident)?;)* })*) => {
        $(
            #[async_trait]
            impl $port for ReadCommitted {
                $(
                    async fn $name(&self, $($arg: $kind),*) -> Result<$answer, StoreError> {
                        self.step(statements!(@step $($step)?)).await?;
                        let answer = $port::$name(&self.database.kept, $($arg),*).await;
                        self.step(Step::Read).await?;
                        answer
                    }
                )*
            }
        )*
    };
    (@step) => { Step::Read };
    (@step $step:ident) => { Step::$step };
}

statements! {
    Journal {
        fn after(after: u64, limit: u32) -> Vec<Entry>;
        fn head() -> u64;
        fn of_registration(registration: RegistrationId) -> Vec<Entry>;
        fn find(query: &EntryQuery) -> Vec<Entry>;
        fn checkpoint(follower: &str) -> u64;
        fn set_checkpoint(follower: &str, sequence: u64) -> (), Write;
    }
    Statements {
        fn last_told(subjects: &[String]) -> BTreeMap<String, Uuid>;
        fn keep_told(from: u64, to: u64, told: &[Told]) -> bool, Write;
        fn told_after(after: u64, limit: u32) -> Vec<Numbered>;
        fn told(ids: &[Uuid]) -> Vec<Numbered>;
        fn faulty(limit: u32) -> Vec<Numbered>;
        fn mend(told: &[Told]) -> (), Write;
        fn last_number() -> u64;
    }
    Leases {
        fn hold(name: &str, holder: Uuid, now: Timestamp, until: Timestamp) -> bool, Write;
        fn let_go(name: &str, holder: Uuid) -> (), Write;
    }
    DeadLetters {
        fn bury(follower: &str, letters: &[DeadLetter], number: u64) -> (), Write;
        fn exhume(follower: &str, statements: &[Uuid]) -> (), Write;
        fn dead(follower: &str, limit: u32) -> Vec<DeadLetter>;
    }
    Components {
        fn keep(component: &Component) -> (), Write;
        fn component(digest: &str) -> Option<Component>;
        fn description(digest: &str) -> Option<Description>;
        fn history(plugin: PluginId, limit: u32) -> Vec<Entry>;
        fn forget_unused(before: Timestamp, limit: u32) -> u64, Write;
    }
    Mirrors {
        fn want(concern: &Concern, now: Timestamp, through: Option<u64>) -> u64, Write;
        fn want_all(now: Timestamp) -> u64, Write;
        fn claim_due(now: Timestamp, leased_until: Timestamp, limit: u32) -> Vec<Due>, Write;
        fn keep_claim(due: &Due, until: Timestamp) -> Option<Timestamp>, Write;
        fn remembered(session: SessionId) -> calendar::Kept;
        fn showing(session: SessionId) -> calendar::Showing;
        fn references(sessions: &BTreeSet<SessionId>) -> calendar::References;
        fn foresee(session: SessionId, spots: &BTreeSet<Spot>) -> (), Write;
        fn settled(due: &Due, settled: &Settled, at: Timestamp) -> (), Write;
        fn put_off(due: &Due, until: Timestamp, blame: bool) -> (), Write;
        fn waiting() -> Waiting;
        fn differing(now: Timestamp, limit: u32) -> Vec<Differing>;
        fn link(instructor: PersonId, link: &Link) -> (), Write;
        fn unlink(instructor: PersonId) -> bool, Write;
        fn links(of: Option<&BTreeSet<PersonId>>) -> BTreeMap<PersonId, Link>;
    }
    Deliveries {
        fn take_deliveries(deliveries: &[Delivery], now: Timestamp) -> Taken, Write;
        fn letters_after(number: u64, limit: u32) -> Vec<NumberedLetter>;
        fn last_letter() -> u64;
        fn forget_letters(before: Timestamp, limit: u32) -> u64, Write;
    }
    ApiKeys {
        fn keep_key(key: &ApiKey, digest: &TokenDigest, most: usize) -> bool, Write;
        fn api_key(digest: &TokenDigest, now: Timestamp) -> Option<ApiKey>;
        fn key_used(id: KeyId, at: Timestamp) -> (), Write;
        fn api_keys(owner: PersonId, now: Timestamp) -> Vec<ApiKey>;
        fn end_key(owner: PersonId, id: KeyId, at: Timestamp) -> u64, Write;
    }
    SignIns {
        fn begin_sign_in(sign_in: &SignIn, token: &TokenDigest, most: usize) -> (), Write;
        fn sign_in(token: &TokenDigest, now: Timestamp) -> Option<SignIn>;
        fn sign_in_seen(id: SignInId, at: Timestamp) -> (), Write;
        fn renew_sign_in(id: SignInId, before: (&TokenDigest, Timestamp), token: &TokenDigest, powers: &str) -> bool, Write;
        fn sign_ins(person: PersonId) -> Vec<SignIn>;
        fn end_sign_ins(whose: Whose, at: Timestamp) -> u64, Write;
        fn forget_sign_ins(before: Timestamp) -> u64, Write;
    }
    Analytics {
        fn count(statements: &[Counting], checkpoint: Option<(&str, u64)>) -> (), Write;
        fn monthly(query: &MonthlyQuery) -> Vec<Monthly>;
    }
}

#[async_trait]
impl Store for ReadCommitted {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        Ok(Box::new(Transaction::begin(self).await?))
    }

    async fn forget_answers(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.step(Step::Write).await?;
        self.database.kept.forget_answers(before, limit).await
    }
}

#[async_trait]
impl Timers for ReadCommitted {
    /// Passes over rows that a transaction has locked.
    async fn claim(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Timer>, StoreError> {
        self.step(Step::Write).await?;
        let claimed = {
            let locks = self.locks();
            let is_free = |timer: &Timer| !locks.is_held(&Row::Timer(timer.kind, timer.subject));
            self.database.kept.kept().claim(now, leased_until, limit, is_free)
        };
        self.step(Step::Committed).await?;
        Ok(claimed)
    }

    async fn renew(
        &self,
        claimed: &[Timer],
        leased_until: Timestamp,
        longer: Timestamp,
    ) -> Result<(), StoreError> {
        self.step(Step::Write).await?;
        self.database.kept.renew(claimed, leased_until, longer).await?;
        self.step(Step::Committed).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.next_due().await
    }
}

#[async_trait]
impl Reads for ReadCommitted {
    async fn look(&self, ask: &Ask) -> Result<World, StoreError> {
        self.step(Step::Read).await?;
        let world = load::load(self, None, ask).await;
        self.step(Step::Read).await?;
        world
    }

    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.catalogue(now).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.sessions(ids).await
    }

    async fn people(&self, query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.people(query).await
    }

    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.by_mail(mail).await
    }

    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.registrations(query).await
    }

    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.registration(id).await
    }

    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.roster(session, sight).await
    }

    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.placed_from_queues(course, over_at, limit).await
    }

    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.queues_beside_seats(now, limit).await
    }

    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.seats_of_dealers(dealers, now).await
    }

    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.differing_ledgers(limit).await
    }

    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError> {
        self.step(Step::Read).await?;
        self.database.kept.feed_owner(digest).await
    }
}
