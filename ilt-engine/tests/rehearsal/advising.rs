//! A candidate that advises as it is told, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Change, Telling};
use ilt_core::opinion::{Fault, Heard, Joining, Opinion, Question, Speaker};
use ilt_core::ports::Rules;

use crate::town::dealer;

/// Has advice for the learners of one dealer.
#[derive(Clone)]
pub struct Advising {
    dealer: DealerId,
    advise: fn(&Telling) -> Vec<Change>,
    asked: Arc<Mutex<Vec<Telling>>>,
}

impl Advising {
    pub fn new(of: u32, advise: fn(&Telling) -> Vec<Change>) -> Self {
        Self { dealer: dealer(of), advise, asked: Arc::default() }
    }

    /// All that it was asked, in order.
    pub fn asked(&self) -> Vec<Telling> {
        self.asked.lock().expect("no panic").clone()
    }
}

#[async_trait]
impl Rules for Advising {
    fn has_opinions(&self, _: Option<DealerId>) -> bool {
        false
    }

    fn has_advice(&self, dealer: Option<DealerId>) -> bool {
        dealer == Some(self.dealer)
    }

    async fn opinions(&self, _: &Question) -> Vec<Opinion> {
        panic!("nobody has a say in sessions")
    }

    async fn precedence(&self, _: &Joining) -> Heard {
        panic!("nobody has a say in queues")
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        assert!(self.has_advice(telling.happening.dealer), "asked about somebody else's learner");
        self.asked.lock().expect("no panic").push(telling.clone());
        let by = Speaker { plugin: "calm".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
        let advice = |change| Advice { by: by.clone(), change, reason: "We agreed so.".to_owned() };
        (self.advise)(telling).into_iter().map(advice).collect()
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {
        panic!("nobody's log is filled by a rehearsal");
    }
}
