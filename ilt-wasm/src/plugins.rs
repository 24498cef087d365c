//! Which dealer has which plugins, and asking them.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Fault, Heard, Joining, Opinion, Question, Speaker};
use ilt_core::ports::{Clock, Rules};
use jiff::Timestamp;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{block_in_place, spawn_blocking};

use crate::{Active, Said, Say, Within};

/// Questions that are answered at once; more wait, for a moment.
const AT_ONCE: usize = 4;
/// How long a question waits for its turn before it goes unanswered.
const PATIENCE: Duration = Duration::from_millis(100);
/// Of these, for people of one dealer: its rules may be slow, and others have rules too.
const OF_A_DEALER: usize = 2;

/// A dealer's plugins, in the order that their opinions are added up in.
pub type Order = Vec<Arc<Active>>;

/// What those said who were asked, and how many of them said nothing.
struct Answers<T> {
    said: Vec<T>,
    silent: usize,
}

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
    lacking: RwLock<BTreeSet<DealerId>>,
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
        let (of, lacking) = (RwLock::default(), RwLock::default());
        Self { of, lacking, clock, time, turns, turns_of: Mutex::default() }
    }

    /// Puts other plugins in the place of those that came from there, all at once: each question is answered by the old ones or by
    /// the new ones.
    pub fn put(&self, from: Source, plugins: BTreeMap<DealerId, Order>) {
        let mut of = self.of.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut of)[from as usize] = plugins;
    }

    /// Says of these dealers alone that some of what is switched on for them is not here yet, or cannot be.
    pub fn lack(&self, dealers: BTreeSet<DealerId>) {
        *self.lacking.write().unwrap_or_else(PoisonError::into_inner) = dealers;
    }

    fn lacks_some(&self, dealer: Option<DealerId>) -> bool {
        let lacking = self.lacking.read().unwrap_or_else(PoisonError::into_inner);
        dealer.is_some_and(|dealer| lacking.contains(&dealer))
    }

    /// A dealer's plugins, in order.
    pub fn of(&self, dealer: Option<DealerId>) -> Order {
        let all = self.of.read().unwrap_or_else(PoisonError::into_inner).clone();
        dealer
            .map(|dealer| all.iter().filter_map(|of| of.get(&dealer)).flatten().cloned().collect())
            .unwrap_or_default()
    }

    /// What each of a dealer's plugins that has a say in this says, in their order; whoever is left alone, fails or is not here says
    /// nothing. However many they are, whoever asks waits for a turn and then for [`Limits::time`](crate::Limits): those that come too
    /// late for that are not asked.
    async fn ask<T: Send + 'static>(
        &self,
        dealer: Option<DealerId>,
        has_say: fn(Say) -> bool,
        ask: impl Fn(Within<'_>, &str) -> Said<T> + Send + Sync + 'static,
    ) -> Answers<T> {
        let now = self.clock.now();
        let (mut asked, mut said, ask) = (self.of(dealer), Vec::new(), Arc::new(ask));
        asked.retain(|it| has_say(it.say()));
        let all = asked.len() + usize::from(self.lacks_some(dealer));
        asked.retain(|it| !it.is_left_alone(now));
        let Some(dealer) = dealer.filter(|_| !asked.is_empty()) else { return Answers { said, silent: all } };
        let turn = tokio::time::timeout(PATIENCE, self.turn(dealer)).await.ok().flatten();
        let begun = self.clock.now();
        for active in asked {
            let (now, left) = self.left(begun);
            if turn.is_none() || left.is_zero() {
                active.passed_over(now);
                continue;
            }
            let (guest, ask) = (active.clone(), ask.clone());
            let Some(answer) = aside(move || guest.ask(left, &*ask)).await else { continue };
            let took = left.saturating_sub(self.left(begun).1);
            active.note(&answer, now, took > self.time / 2);
            said.extend(answer.answer);
        }
        Answers { silent: all - said.len(), said }
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

/// Does what may take a while on no thread that others wait for: they leave this one, where there are several, which is sooner done than
/// going to another and coming back. Nothing when it panicked.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread {
        block_in_place(|| catch_unwind(AssertUnwindSafe(work)).ok())
    } else {
        spawn_blocking(work).await.ok()
    }
}

#[async_trait]
impl Rules for Plugins {
    fn are_nobodys(&self) -> bool {
        let of = self.of.read().unwrap_or_else(PoisonError::into_inner);
        of.iter().all(BTreeMap::is_empty)
    }

    fn has_opinions(&self, dealer: Option<DealerId>) -> bool {
        self.lacks_some(dealer) || self.of(dealer).iter().any(|it| it.say().sessions)
    }

    fn has_advice(&self, dealer: Option<DealerId>) -> bool {
        self.of(dealer).iter().any(|it| it.say().notices)
    }

    async fn opinions(&self, question: &Question) -> Vec<Opinion> {
        let question = Arc::new(question.clone());
        let dealer = question.learner.dealer;
        let adjust = move |it: Within<'_>, settings: &str| it.adjust(&question, settings);
        self.ask(dealer, |say| say.sessions, adjust).await.said
    }

    async fn precedence(&self, joining: &Joining) -> Heard {
        let (dealer, joining) = (joining.learner.dealer, Arc::new(joining.clone()));
        let prioritise = move |it: Within<'_>, settings: &str| it.prioritise(&joining, settings);
        let Answers { said, silent } = self.ask(dealer, |say| say.sessions, prioritise).await;
        Heard { said: said.into_iter().flatten().collect(), silent }
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        let (dealer, telling) = (telling.happening.dealer, Arc::new(telling.clone()));
        let advise = move |it: Within<'_>, settings: &str| it.advise(&telling, settings);
        self.ask(dealer, |say| say.notices, advise).await.said.into_iter().flatten().collect()
    }

    fn complain(&self, dealer: Option<DealerId>, faults: &[(Speaker, Fault)]) {
        let now = self.clock.now();
        for active in self.of(dealer) {
            let speaker = active.speaker();
            active.complain(now, faults.iter().filter(|(by, _)| *by == speaker).map(|(_, fault)| *fault));
        }
    }
}
