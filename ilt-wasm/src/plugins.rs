//! Which dealer has which plugins, and asking them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Fault, Joining, Opinion, Precedence, Question, Speaker};
use ilt_core::ports::{Clock, Rules};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Active, Said, Say, Within};

/// Questions that are answered at once; more wait, for a moment.
const AT_ONCE: usize = 4;
/// How long a question waits for its turn before it goes unanswered.
const PATIENCE: Duration = Duration::from_millis(100);
/// Of these, for people of one dealer: its rules may be slow, and others have rules too.
const OF_A_DEALER: usize = 2;

/// A dealer's plugins, in the order that their opinions are added up in.
pub type Order = Vec<Arc<Active>>;

/// Where plugins come from: those that were uploaded are asked before those of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Uploaded, and switched on by request.
    Uploaded,
    /// Kept in a folder by whoever writes them.
    Folder,
}

/// Which dealer has which plugins.
pub struct Plugins {
    of: RwLock<Arc<[BTreeMap<DealerId, Order>; 2]>>,
    clock: Arc<dyn Clock>,
    /// That all rules have together to answer one question.
    time: Duration,
    turns: Arc<Semaphore>,
    turns_of: Mutex<BTreeMap<DealerId, Arc<Semaphore>>>,
}

impl Plugins {
    /// None yet; to each question all that are asked have so much time together.
    pub fn new(clock: Arc<dyn Clock>, time: Duration) -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { of: RwLock::default(), clock, time, turns, turns_of: Mutex::default() }
    }

    /// Puts other plugins in the place of those that came from there, all at once: each question is answered by the old ones or by
    /// the new ones.
    pub fn put(&self, from: Source, plugins: BTreeMap<DealerId, Order>) {
        let mut of = self.of.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut of)[from as usize] = plugins;
    }

    /// A dealer's plugins, in order.
    pub fn of(&self, dealer: Option<DealerId>) -> Order {
        let all = self.of.read().unwrap_or_else(PoisonError::into_inner).clone();
        dealer
            .map(|dealer| all.iter().filter_map(|of| of.get(&dealer)).flatten().cloned().collect())
            .unwrap_or_default()
    }

    /// What each of a dealer's plugins that has a say in this says, in their order; whoever is left alone or fails says nothing. However
    /// many they are, whoever asks waits for a turn and then for [`Limits::time`](crate::Limits): those that come too late for that
    /// are not asked.
    async fn ask<T: Send + 'static>(
        &self,
        dealer: Option<DealerId>,
        has_say: fn(Say) -> bool,
        ask: impl Fn(Within<'_>, &str) -> Said<T> + Send + Sync + 'static,
    ) -> Vec<T> {
        let now = self.clock.now();
        let asked = self.of(dealer).into_iter().filter(|it| has_say(it.say()) && !it.is_left_alone(now));
        let (asked, mut answers, ask) = (asked.collect::<Vec<_>>(), Vec::new(), Arc::new(ask));
        let Some(dealer) = dealer.filter(|_| !asked.is_empty()) else { return answers };
        let turn = tokio::time::timeout(PATIENCE, self.turn(dealer)).await.ok().flatten();
        let begun = self.clock.now();
        for active in asked {
            let (now, left) = self.left(begun);
            if turn.is_none() || left.is_zero() {
                active.passed_over(now);
                continue;
            }
            let (guest, ask) = (active.clone(), ask.clone());
            // A guest is not waited for on a thread that others wait for.
            let asking = tokio::task::spawn_blocking(move || guest.ask(left, &*ask));
            let Ok(said) = asking.await else { continue };
            let took = left.saturating_sub(self.left(begun).1);
            active.note(&said, now, took > self.time / 2);
            answers.extend(said.answer);
        }
        answers
    }

    /// Waits until guests may work on a question of this dealer's.
    async fn turn(&self, dealer: DealerId) -> Option<[OwnedSemaphorePermit; 2]> {
        let theirs = {
            let mut all = self.turns_of.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(dealer).or_insert_with(|| Arc::new(Semaphore::new(OF_A_DEALER))).clone()
        };
        Some([theirs.acquire_owned().await.ok()?, self.turns.clone().acquire_owned().await.ok()?])
    }

    /// What time it is, and how much is left to answer what was begun then.
    fn left(&self, begun: Timestamp) -> (Timestamp, Duration) {
        let now = self.clock.now();
        let gone = Duration::try_from(now.duration_since(begun)).unwrap_or_default();
        (now, self.time.saturating_sub(gone))
    }
}

#[async_trait]
impl Rules for Plugins {
    fn are_nobodys(&self) -> bool {
        let of = self.of.read().unwrap_or_else(PoisonError::into_inner);
        of.iter().all(BTreeMap::is_empty)
    }

    fn has_opinions(&self, dealer: Option<DealerId>) -> bool {
        self.of(dealer).iter().any(|it| it.say().sessions)
    }

    fn has_advice(&self, dealer: Option<DealerId>) -> bool {
        self.of(dealer).iter().any(|it| it.say().notices)
    }

    async fn opinions(&self, question: &Question) -> Vec<Opinion> {
        let question = Arc::new(question.clone());
        let dealer = question.learner.dealer;
        let adjust = move |it: Within<'_>, settings: &str| it.adjust(&question, settings);
        self.ask(dealer, |say| say.sessions, adjust).await
    }

    async fn precedence(&self, joining: &Joining) -> Vec<Precedence> {
        let (dealer, joining) = (joining.learner.dealer, Arc::new(joining.clone()));
        let prioritise = move |it: Within<'_>, settings: &str| it.prioritise(&joining, settings);
        self.ask(dealer, |say| say.sessions, prioritise).await.into_iter().flatten().collect()
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        let (dealer, telling) = (telling.happening.dealer, Arc::new(telling.clone()));
        let advise = move |it: Within<'_>, settings: &str| it.advise(&telling, settings);
        self.ask(dealer, |say| say.notices, advise).await.into_iter().flatten().collect()
    }

    fn complain(&self, dealer: Option<DealerId>, faults: &[(Speaker, Fault)]) {
        let now = self.clock.now();
        for active in self.of(dealer) {
            let speaker = active.speaker();
            active.complain(now, faults.iter().filter(|(by, _)| *by == speaker).map(|(_, fault)| *fault));
        }
    }
}
