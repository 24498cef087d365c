//! Whose calendars can be written to: an instructor's key is looked at before it is kept, and kept sealed.

use std::sync::Arc;

use ilt_calcom::UserId;
use ilt_calcom::api::Instance;
use ilt_calcom::probe::probe;
use ilt_calcom::settle::{Seal, Unsealable};
use ilt_calcom::subscription::Subscription;
use ilt_core::calendar::Link;
use ilt_core::ids::PersonId;
use ilt_core::ports::{Clock, Mirrors, StoreError};
use secrecy::SecretString;

use super::subscribing::Webhook;

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
    /// How its webhook stands; nothing where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
}

/// What was linked.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The link.
    pub link: Link,
    /// How its webhook stands. One that could not be registered is by the next comparison.
    pub webhook: Webhook,
}

/// What was linked and is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unlinked {
    /// Nothing was.
    Was,
    /// It was, and so many webhooks were taken away over there.
    Gone {
        /// How many.
        webhooks: u32,
    },
    /// It was, and its webhook stays over there.
    Left {
        /// Why.
        said: String,
    },
}

/// Links instructors' calendars.
pub struct Linking {
    /// Where they are.
    pub instance: Instance,
    /// What seals their keys.
    pub seal: Arc<Seal>,
    /// Where the calendars are to tell us what happens there; nothing where this host does not listen.
    pub subscription: Option<Subscription>,
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
    pub async fn link(&self, instructor: PersonId, key: &SecretString) -> Result<Linked, LinkTrouble> {
        let account = self.instance.account(key);
        let report = probe(&account, None).await;
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
        let webhook = self.subscribe(&account).await.unwrap_or_else(|it| Webhook::Trouble(it.to_string()));
        Ok(Linked { link, webhook })
    }

    /// Links an instructor's calendar no more; it tells us nothing from then on. Whatever else is there stays.
    ///
    /// # Errors
    /// The store's.
    pub async fn unlink(&self, instructor: PersonId) -> Result<Unlinked, StoreError> {
        let links = self.mirrors.links(Some(&[instructor].into())).await?;
        let was_linked = self.mirrors.unlink(instructor).await?;
        let Some(link) = links.get(&instructor).filter(|_| was_linked) else { return Ok(Unlinked::Was) };
        let Some(subscription) = &self.subscription else { return Ok(Unlinked::Gone { webhooks: 0 }) };
        let key = match self.seal.open(instructor, &link.sealed) {
            Ok(key) => key,
            Err(error) => return Ok(Unlinked::Left { said: error.to_string() }),
        };
        Ok(match self.instance.account(&key).unsubscribe(subscription).await {
            Ok(webhooks) => Unlinked::Gone { webhooks },
            Err(error) => Unlinked::Left { said: error.to_string() },
        })
    }

    /// Looks at every calendar that is linked. `seen` hears of each as it is found.
    ///
    /// # Errors
    /// The store's.
    pub async fn check(&self, mut seen: impl FnMut(&Checked)) -> Result<Vec<Checked>, StoreError> {
        let mut found = Vec::new();
        for (instructor, link) in self.mirrors.links(None).await? {
            let (requests, missing, webhook) = match self.seal.open(instructor, &link.sealed) {
                Err(error) => (None, vec![error.to_string()], None),
                Ok(key) => {
                    let known = link.user.parse().ok().map(UserId);
                    let account = self.instance.account(&key);
                    let report = probe(&account, known).await;
                    let missing = report.missing();
                    let webhook = if missing.is_empty() { Some(self.webhook(&account).await) } else { None };
                    (report.requests, missing, webhook)
                }
            };
            let checked = Checked { instructor, username: link.username, requests, missing, webhook };
            seen(&checked);
            found.push(checked);
        }
        Ok(found)
    }
}
