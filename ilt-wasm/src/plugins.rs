//! Which dealer has which plugins, and asking them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Fault, Joining, Opinion, Precedence, Question, Speaker};
use ilt_core::ports::{Clock, Rules};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use crate::{Plugin, Said, Say};

/// Questions that are answered at once; more wait, for a moment.
const AT_ONCE: usize = 4;
/// How long a question waits for its turn before it goes unanswered.
const PATIENCE: Duration = Duration::from_millis(100);
/// Failures in a row after which a plugin is left alone for a while.
const IN_A_ROW: u32 = 5;
/// For how long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(30);
/// Lines of a log that are kept.
const KEPT: usize = 200;

/// A plugin as a dealer uses it.
pub struct Active {
    plugin: Arc<Plugin>,
    settings: String,
    breaker: Mutex<Breaker>,
    asked: AtomicU64,
    lines: Mutex<VecDeque<Noted>>,
}

/// A line of a plugin's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Timestamp,
    /// Whether it is more than a remark.
    pub is_warning: bool,
    /// What.
    pub text: String,
}

/// How often a plugin failed in a row, and until when it is left alone for that.
#[derive(Default)]
struct Breaker {
    failures: u32,
    until: Option<Timestamp>,
}

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
    turns: Semaphore,
}

impl Active {
    /// A plugin with settings (JSON) that it found nothing wrong with.
    pub fn new(plugin: Arc<Plugin>, settings: String) -> Self {
        let (breaker, asked, lines) = (Mutex::default(), AtomicU64::new(0), Mutex::default());
        Self { plugin, settings, breaker, asked, lines }
    }

    /// Whose opinions these are.
    pub fn speaker(&self) -> Speaker {
        self.plugin.speaker()
    }

    /// What it has a say in.
    pub fn say(&self) -> Say {
        self.plugin.description().say
    }

    /// How often it was asked.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The last lines of its log, the latest last.
    pub fn lines(&self) -> Vec<Noted> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn write(&self, at: Timestamp, is_warning: bool, text: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(Noted { at, is_warning, text });
    }

    fn is_left_alone(&self, now: Timestamp) -> bool {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner).until.is_some_and(|until| now < until)
    }

    /// Writes down how asking ended, for the plugin's owner and for whoever looks at the numbers.
    fn note<T>(&self, said: &Said<T>, now: Timestamp) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let plugin = self.plugin.description().name.clone();
        // A plugin must not be able to fill the log of everybody else.
        for line in &said.lines {
            tracing::debug!(plugin, line = line.text, warning = line.is_warning, "a plugin says");
            self.write(now, line.is_warning, line.text.clone());
        }
        metrics::counter!("ilt_plugin_asked_total", "plugin" => plugin.clone()).increment(1);
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        let Err(outcome) = &said.answer else {
            *breaker = Breaker::default();
            return;
        };
        self.write(now, true, outcome.to_string());
        breaker.failures += 1;
        let is_too_often = breaker.failures.is_multiple_of(IN_A_ROW);
        if is_too_often {
            breaker.until = now.checked_add(LEFT_ALONE).ok();
        }
        metrics::counter!("ilt_plugin_failed_total", "plugin" => plugin.clone()).increment(1);
        tracing::warn!(plugin, %outcome, left_alone = is_too_often, "a plugin has no opinion");
    }
}

impl Plugins {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { of: RwLock::default(), clock, turns: Semaphore::new(AT_ONCE) }
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

    /// What each of a dealer's plugins that has a say in this says, in their order; whoever is left alone, has no turn in time or fails
    /// says nothing.
    async fn ask<T: Send + 'static>(
        &self,
        dealer: Option<DealerId>,
        has_say: fn(Say) -> bool,
        ask: impl Fn(&Active) -> Said<T> + Send + Sync + 'static,
    ) -> Vec<T> {
        let (mut answers, ask) = (Vec::new(), Arc::new(ask));
        for active in self.of(dealer).into_iter().filter(|it| has_say(it.say())) {
            let now = self.clock.now();
            if active.is_left_alone(now) {
                continue;
            }
            // A guest is not waited for on a thread that others wait for.
            let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, self.turns.acquire()).await else {
                metrics::counter!("ilt_plugin_not_asked_total").increment(1);
                continue;
            };
            let (asked, ask) = (active.clone(), ask.clone());
            let Ok(said) = tokio::task::spawn_blocking(move || ask(&asked)).await else { continue };
            active.note(&said, now);
            answers.extend(said.answer);
        }
        answers
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
        let adjust = move |it: &Active| it.plugin.adjust(&question, &it.settings);
        self.ask(dealer, |say| say.sessions, adjust).await
    }

    async fn precedence(&self, joining: &Joining) -> Vec<Precedence> {
        let (dealer, joining) = (joining.learner.dealer, Arc::new(joining.clone()));
        let prioritise = move |it: &Active| it.plugin.prioritise(&joining, &it.settings);
        self.ask(dealer, |say| say.sessions, prioritise).await.into_iter().flatten().collect()
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        let (dealer, telling) = (telling.happening.dealer, Arc::new(telling.clone()));
        let advise = move |it: &Active| it.plugin.advise(&telling, &it.settings);
        self.ask(dealer, |say| say.notices, advise).await.into_iter().flatten().collect()
    }

    fn complain(&self, faults: &[(Speaker, Fault)]) {
        for (by, fault) in faults {
            metrics::counter!("ilt_plugin_faults_total", "plugin" => by.plugin.clone()).increment(1);
            tracing::debug!(plugin = by.plugin, version = by.version, %fault, "what a plugin said counts in part");
        }
    }
}
