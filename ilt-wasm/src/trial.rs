//! A plugin that is not used yet, asked as if it were.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Fault, Heard, Joining, Opinion, Question, Speaker};
use ilt_core::ports::Rules;

use crate::{Plugin, Said};

/// One plugin with settings, for some dealers or for all of them. Unlike a plugin in use it is never left alone, however often it fails:
/// whoever tries it wants to know how often that is. Nothing of it goes to the log or to the numbers of the host.
pub struct Trial {
    tried: Arc<Tried>,
    /// All of them when absent.
    dealers: Option<BTreeSet<DealerId>>,
}

struct Tried {
    plugin: Arc<Plugin>,
    settings: String,
    failures: Mutex<BTreeMap<String, u64>>,
}

impl Trial {
    /// A plugin with settings (JSON) that it found nothing wrong with, for these dealers; for everybody's when absent.
    pub fn new(plugin: Arc<Plugin>, settings: String, dealers: Option<BTreeSet<DealerId>>) -> Self {
        Self { tried: Arc::new(Tried { plugin, settings, failures: Mutex::default() }), dealers }
    }

    /// How often it did not answer, by why.
    pub fn failures(&self) -> BTreeMap<String, u64> {
        self.tried.failures.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_for(&self, dealer: Option<DealerId>) -> bool {
        let is_one_of = |dealers: &BTreeSet<_>| dealer.is_some_and(|dealer| dealers.contains(&dealer));
        self.dealers.as_ref().map_or(dealer.is_some(), is_one_of)
    }

    /// What it says; a guest is not waited for on a thread that others wait for.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Plugin, &str) -> Said<T> + Send + 'static,
    ) -> Option<T> {
        let tried = self.tried.clone();
        let said = tokio::task::spawn_blocking(move || ask(&tried.plugin, &tried.settings)).await.ok()?;
        match said.answer {
            Ok(answer) => Some(answer),
            Err(outcome) => {
                let mut failures = self.tried.failures.lock().unwrap_or_else(PoisonError::into_inner);
                *failures.entry(outcome.sort().to_owned()).or_default() += 1;
                None
            }
        }
    }
}

#[async_trait]
impl Rules for Trial {
    fn has_opinions(&self, dealer: Option<DealerId>) -> bool {
        self.tried.plugin.description().say.sessions && self.is_for(dealer)
    }

    fn has_advice(&self, dealer: Option<DealerId>) -> bool {
        self.tried.plugin.description().say.notices && self.is_for(dealer)
    }

    async fn opinions(&self, question: &Question) -> Vec<Opinion> {
        let question = question.clone();
        self.ask(move |plugin, settings| plugin.alone().adjust(&question, settings))
            .await
            .into_iter()
            .collect()
    }

    async fn precedence(&self, joining: &Joining) -> Heard {
        let joining = joining.clone();
        let said = self.ask(move |plugin, settings| plugin.alone().prioritise(&joining, settings)).await;
        Heard { silent: usize::from(said.is_none()), said: said.flatten().into_iter().collect() }
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        let telling = telling.clone();
        self.ask(move |plugin, settings| plugin.alone().advise(&telling, settings)).await.unwrap_or_default()
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {}
}
