//! What the sample plugin says, as a component or as a function of our own.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Advice, Change, Pace, Telling, ToldAs};
use ilt_core::opinion::{Fault, Heard, Joining, Opinion, Precedence, Question, Speaker, Wish};
use ilt_core::ports::Rules;

use crate::year::certificate;

/// The component for every dealer; the function when there is none.
pub fn of(component: Option<&str>) -> anyhow::Result<Arc<dyn Rules>> {
    match component {
        None => Ok(Arc::new(Natively)),
        #[cfg(feature = "plugins")]
        Some(file) => {
            let settings = serde_json::json!({ "certificate": certificate().to_string() });
            let config = ilt_engine::config::Config::of(&ilt_engine::config::layers(None, Vec::new())?)?;
            Ok(ilt_engine::rehearsal::candidate(
                &config.plugins,
                &std::fs::read(file)?,
                &settings.to_string(),
                None,
            )?)
        }
        #[cfg(not(feature = "plugins"))]
        Some(_) => anyhow::bail!("this was built without plugins"),
    }
}

struct Natively;

fn by() -> Speaker {
    Speaker { plugin: "natively".to_owned(), version: "1.0.0".to_owned(), digest: "00".repeat(32) }
}

#[async_trait]
impl Rules for Natively {
    fn has_opinions(&self, dealer: Option<DealerId>) -> bool {
        dealer.is_some()
    }

    fn has_advice(&self, _: Option<DealerId>) -> bool {
        false
    }

    async fn opinions(&self, question: &Question) -> Vec<Opinion> {
        if !question.learner.holds.contains(&certificate()) {
            return Vec::new();
        }
        let is_on_topic = |course: usize| question.courses[course].topics.iter().any(|it| it == "electric");
        let on_topic = question.candidates.iter().filter(|it| is_on_topic(it.course));
        let reason = "Goes on from the certificate that you hold.".to_owned();
        let wish = on_topic.map(|it| Wish { session: it.id, change: 0.2, reason: reason.clone() });
        vec![Opinion { by: by(), wishes: wish.collect() }]
    }

    async fn precedence(&self, joining: &Joining) -> Heard {
        let comes_first = joining.learner.holds.contains(&certificate())
            && joining.course.topics.iter().any(|it| it == "electric");
        let reason = "Holds the certificate for electric cars.".to_owned();
        let said = Vec::from_iter(comes_first.then(|| Precedence { by: by(), level: 5, reason }));
        Heard { said, silent: 0 }
    }

    async fn advice(&self, _: &Telling) -> Vec<Advice> {
        Vec::new()
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {}
}

/// Has advice on notices and no opinion on sessions: nobody hears of seats that were given back, and of whoever waits the dealer's admins
/// hear as well.
pub struct Advising;

#[async_trait]
impl Rules for Advising {
    fn has_opinions(&self, _: Option<DealerId>) -> bool {
        false
    }

    fn has_advice(&self, dealer: Option<DealerId>) -> bool {
        dealer.is_some()
    }

    async fn opinions(&self, _: &Question) -> Vec<Opinion> {
        Vec::new()
    }

    async fn precedence(&self, _: &Joining) -> Heard {
        Heard::default()
    }

    async fn advice(&self, telling: &Telling) -> Vec<Advice> {
        let change = match telling.happening.kind {
            "registration.cancelled" => Change::Mute(0),
            "registration.waitlisted" => Change::Add(ToldAs::DealerAdmin, Pace::Digest),
            _ => return Vec::new(),
        };
        vec![Advice { by: by(), change, reason: "We agreed so.".to_owned() }]
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {}
}
