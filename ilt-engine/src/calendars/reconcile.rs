//! Comparing on demand: every session to come, or one, with what calendars show.

use ilt_core::calendar::{CalendarTrouble, Deed, Did, Difference, Settled, Stranger};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::{Mode, StoreError};
use serde::Serialize;

use super::keeper::{Keeper, KeeperTrouble};

/// Somebody who booked over there, whom the desk would be asked to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asks {
    /// In which part, the first being 0.
    pub part: u16,
    /// Who.
    pub learner: PersonId,
}

/// What was found of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Which.
    pub session: SessionId,
    /// What was done, or would be.
    pub done: Vec<Deed>,
    /// What the desk would be asked, by a rehearsal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Asks>,
    /// What is somebody's to decide.
    pub differs: Vec<Difference>,
    /// Why it could not be finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl Compared {
    fn of(session: SessionId, came: Result<Settled, CalendarTrouble>) -> Self {
        match came {
            Ok(Settled { done, differs, .. }) => {
                Self { session, done, asks: Vec::new(), differs, trouble: None }
            }
            Err(trouble) => {
                let trouble = Some(trouble.to_string());
                Self { session, done: Vec::new(), asks: Vec::new(), differs: Vec::new(), trouble }
            }
        }
    }
}

impl Keeper {
    /// Says what would be done about these sessions, and what would be asked; nobody is asked. `seen` hears of each as it is found.
    ///
    /// # Errors
    /// The store's.
    pub async fn rehearse(
        &self,
        sessions: &[SessionId],
        mut seen: impl FnMut(&Compared),
    ) -> Result<(), StoreError> {
        for session in sessions {
            let compared = match self.settle(*session, Mode::Rehearse).await {
                Ok(settled) => self.foreseen(*session, settled).await?,
                Err(KeeperTrouble::Store(error)) => return Err(error),
                Err(KeeperTrouble::Calendar(trouble)) => Compared::of(*session, Err(trouble)),
                // It is not asked by a rehearsal.
                Err(KeeperTrouble::Desk(trouble)) => {
                    let away = CalendarTrouble::Away { said: trouble.to_string() };
                    Compared::of(*session, Err(away))
                }
            };
            seen(&compared);
        }
        Ok(())
    }

    /// What is known beforehand of what would be decided.
    async fn foreseen(&self, session: SessionId, settled: Settled) -> Result<Compared, StoreError> {
        let (mut turned, mut asks) = (Vec::new(), Vec::new());
        for Stranger { part, mail, .. } in &settled.strangers {
            let known = if mail.is_empty() { None } else { self.reads.by_mail(mail).await? };
            match known {
                Some(learner) => asks.push(Asks { part: *part, learner }),
                None => turned.push(Deed { did: Did::TurnedAway, part: *part, registration: None }),
            }
        }
        let heard = settled.absent.iter().map(|it| Deed {
            did: Did::Heard,
            part: it.part,
            registration: Some(it.registration),
        });
        let heard: Vec<_> = heard.collect();
        let mut compared = Compared { asks, ..Compared::of(session, Ok(settled)) };
        compared.done.extend(turned.into_iter().chain(heard));
        Ok(compared)
    }

    /// Looks after whatever is due, `most` sessions at most, beside hosts that do the same. `seen` hears of each that was looked after
    /// here.
    ///
    /// # Errors
    /// The store's.
    pub async fn work_off(&self, most: u64, mut seen: impl FnMut(&Compared)) -> Result<(), StoreError> {
        for _ in 0..most {
            let Some(mut due) = self.claim(1).await?.pop() else { break };
            let came = self.look_after(&mut due).await?;
            seen(&Compared::of(due.session, came));
        }
        Ok(())
    }
}
