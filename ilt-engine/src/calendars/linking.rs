//! Whose calendars can be written to: an instructor's key is looked at before it is kept, and kept sealed.

use std::sync::Arc;

use ilt_calcom::UserId;
use ilt_calcom::api::Instance;
use ilt_calcom::probe::probe;
use ilt_calcom::settle::{Seal, Unsealable};
use ilt_core::calendar::Link;
use ilt_core::ids::PersonId;
use ilt_core::ports::{Clock, Mirrors, StoreError};
use secrecy::SecretString;

/// Why an instructor's calendar is not linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkTrouble {
    /// The key opens nothing, or the Cal.com cannot do what is needed.
    #[error("{}", .0.join("; "))]
    Lacking(Vec<String>),
    /// The calendar is another instructor's.
    #[error("this user's calendar is linked with instructor {0} already")]
    Taken(PersonId),
    /// The instructor had another user's calendar, and what is there would be lost sight of.
    #[error(
        "the instructor is linked with user {was}, and the key is user {is}'s: unlink first; what is in the other calendar stays there"
    )]
    Another {
        /// Whose it was.
        was: String,
        /// Whose it is.
        is: UserId,
    },
    /// The key cannot be sealed.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was found at a calendar that is linked.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Checked {
    /// Whose.
    pub instructor: PersonId,
    /// Under which name.
    pub username: String,
    /// Requests that the key has in a minute, when that is said.
    pub requests: Option<u32>,
    /// What is in the way, one sentence each.
    pub missing: Vec<String>,
}

/// Links instructors' calendars.
pub struct Linking {
    /// Where they are.
    pub instance: Instance,
    /// What seals their keys.
    pub seal: Arc<Seal>,
    /// Where links are kept.
    pub mirrors: Arc<dyn Mirrors>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Linking {
    /// Links an instructor's calendar by the key of its user, once that was looked at; all sessions to come are due then. The same
    /// user's next key takes the place of the one before.
    ///
    /// # Errors
    /// [`LinkTrouble`] that says what is in the way.
    pub async fn link(&self, instructor: PersonId, key: &SecretString) -> Result<Link, LinkTrouble> {
        let report = probe(&self.instance.account(key), None).await;
        let (missing, me) = (report.missing(), report.me);
        let Some(me) = me.filter(|_| missing.is_empty()) else { return Err(LinkTrouble::Lacking(missing)) };
        let user = me.id.to_string();
        let links = self.mirrors.links(None).await?;
        if let Some((taken, _)) =
            links.iter().find(|(whose, link)| **whose != instructor && link.user == user)
        {
            return Err(LinkTrouble::Taken(*taken));
        }
        if let Some(before) = links.get(&instructor).filter(|link| link.user != user) {
            return Err(LinkTrouble::Another { was: before.user.clone(), is: me.id });
        }
        let (sealed, at) = (self.seal.seal(instructor, key)?, self.clock.now());
        let link = Link { user, username: me.username, sealed, at };
        self.mirrors.link(instructor, &link).await?;
        self.mirrors.want_all(at).await?;
        Ok(link)
    }

    /// Looks at every calendar that is linked. `seen` hears of each as it is found.
    ///
    /// # Errors
    /// The store's.
    pub async fn check(&self, mut seen: impl FnMut(&Checked)) -> Result<Vec<Checked>, StoreError> {
        let mut found = Vec::new();
        for (instructor, link) in self.mirrors.links(None).await? {
            let (requests, missing) = match self.seal.open(instructor, &link.sealed) {
                Err(error) => (None, vec![error.to_string()]),
                Ok(key) => {
                    let known = link.user.parse().ok().map(UserId);
                    let report = probe(&self.instance.account(&key), known).await;
                    (report.requests, report.missing())
                }
            };
            let checked = Checked { instructor, username: link.username, requests, missing };
            seen(&checked);
            found.push(checked);
        }
        Ok(found)
    }
}
