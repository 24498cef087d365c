//! Comparing on demand: every session to come, or one, with what calendars show.

use ilt_core::calendar::{CalendarTrouble, Deed, Difference, Settled};
use ilt_core::ids::SessionId;
use ilt_core::ports::{Mode, StoreError};
use serde::Serialize;

use super::keeper::{Keeper, KeeperTrouble};

/// What was found of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Which.
    pub session: SessionId,
    /// What was done, or would be.
    pub done: Vec<Deed>,
    /// What is somebody's to decide.
    pub differs: Vec<Difference>,
    /// Why it could not be finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl Compared {
    fn of(session: SessionId, came: Result<Settled, CalendarTrouble>) -> Self {
        match came {
            Ok(Settled { done, differs, .. }) => Self { session, done, differs, trouble: None },
            Err(trouble) => {
                let trouble = Some(trouble.to_string());
                Self { session, done: Vec::new(), differs: Vec::new(), trouble }
            }
        }
    }
}

impl Keeper {
    /// Says what would be done about these sessions. `seen` hears of each as it is found.
    ///
    /// # Errors
    /// The store's.
    pub async fn rehearse(
        &self,
        sessions: &[SessionId],
        mut seen: impl FnMut(&Compared),
    ) -> Result<(), StoreError> {
        for session in sessions {
            let came = match self.settle(*session, Mode::Rehearse).await {
                Ok(settled) => Ok(settled),
                Err(KeeperTrouble::Calendar(trouble)) => Err(trouble),
                Err(KeeperTrouble::Store(error)) => return Err(error),
            };
            seen(&Compared::of(*session, came));
        }
        Ok(())
    }

    /// Looks after whatever is due, `most` sessions at most, beside hosts that do the same. `seen` hears of each that was looked after
    /// here.
    ///
    /// # Errors
    /// The store's.
    pub async fn work_off(&self, most: u64, mut seen: impl FnMut(&Compared)) -> Result<(), StoreError> {
        for _ in 0..most {
            let claimed = self.claim(1).await?;
            let Some(due) = claimed.first() else { break };
            seen(&Compared::of(due.session, self.look_after(due).await?));
        }
        Ok(())
    }
}
