//! Seeing to it that each linked calendar tells us what happens there, and knows our newest secret.

use std::sync::Arc;
use std::time::Duration;

use ilt_calcom::subscription::{Did, Subscribed};
use ilt_calcom::{Account, Kind};
use ilt_core::ids::PersonId;
use ilt_core::ports::{Leases, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::linking::Linking;
use crate::followers::Standing;

/// The name under which `/health/ready` tells of it; also that of the lease of whoever does it.
pub const WEBHOOKS: &str = "webhooks";
/// How often it is looked whether it is time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// When it is tried again after some of it failed.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// How the webhook of one user stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Webhook {
    /// None is wanted: this host does not listen.
    Unwanted,
    /// It is as it should be; so many others go to the same path elsewhere, and may be anybody's.
    Stands {
        /// Those others.
        foreign: u32,
    },
    /// It is not there, or not as it should be: the next comparison sees to it.
    Differs,
    /// It could not be looked at.
    Trouble(String),
}

impl Webhook {
    /// It as found; as it is now, when that was made so.
    const fn of(found: Subscribed, is_made_so: bool) -> Self {
        match found {
            Subscribed { did: Did::Nothing, removed: 0, foreign } => Self::Stands { foreign },
            Subscribed { foreign, .. } if is_made_so => Self::Stands { foreign },
            Subscribed { .. } => Self::Differs,
        }
    }
}

impl Linking {
    /// Sees to it that a user's calendar tells us.
    pub(super) async fn subscribe(&self, account: &Account) -> Result<Webhook, ilt_calcom::Error> {
        let Some(wanted) = &self.subscription else { return Ok(Webhook::Unwanted) };
        let found = account.subscribe(wanted).await?;
        let Subscribed { did, removed, .. } = found;
        match did {
            Did::Nothing => {}
            Did::Registered => tracing::info!("a webhook was registered"),
            Did::Changed => tracing::info!("a webhook was changed"),
        }
        if removed > 0 {
            tracing::info!(removed, "webhooks of ours to former addresses were removed");
        }
        Ok(Webhook::of(found, true))
    }

    /// How a user's webhook stands.
    pub(super) async fn webhook(&self, account: &Account) -> Webhook {
        let Some(wanted) = &self.subscription else { return Webhook::Unwanted };
        match account.subscription(wanted).await {
            Ok(found) => Webhook::of(found, false),
            Err(error) => Webhook::Trouble(error.to_string()),
        }
    }

    /// Sees to it that every linked calendar tells us. Answers the first thing that was in the way, if any was.
    ///
    /// # Errors
    /// The store's.
    pub async fn subscribe_all(&self) -> Result<Option<String>, StoreError> {
        let mut first = None;
        for (instructor, link) in self.mirrors.links(None).await? {
            let account = match self.seal.open(instructor, &link.sealed) {
                Ok(key) => self.instance.account(&key),
                Err(error) => {
                    first.get_or_insert_with(|| of(instructor, &error));
                    continue;
                }
            };
            if let Err(error) = self.subscribe(&account).await {
                tracing::warn!(%instructor, error = &error as &dyn std::error::Error, "a webhook could not be looked after");
                let is_away = matches!(error.kind, Kind::Away | Kind::Silent | Kind::Gateway);
                first.get_or_insert_with(|| of(instructor, &error));
                if is_away {
                    break;
                }
            }
        }
        Ok(first)
    }
}

fn of(instructor: PersonId, error: &dyn std::error::Error) -> String {
    format!("the webhook of instructor {instructor}: {error}")
}

/// Looks after webhooks, now and then.
pub struct Subscriber {
    /// Whose.
    pub linking: Linking,
    /// Who of several hosts does.
    pub leases: Arc<dyn Leases>,
    /// This host.
    pub holder: Uuid,
    /// How often, whatever happened.
    pub every: SignedDuration,
    /// Where it says how it stands.
    pub standing: Standing,
}

impl Subscriber {
    /// Works until it is told to stop. A host that starts looks at once, whoever else does: it may have another secret than before.
    pub async fn until_stopped(self, stopping: CancellationToken) {
        let (mut next, mut is_first) = (Timestamp::MIN, true);
        while !stopping.is_cancelled() {
            let now = self.linking.clock.now();
            if now >= next {
                let rest = tokio::select! {
                    () = stopping.cancelled() => return,
                    rest = self.turn(now, is_first) => rest,
                };
                next = now.saturating_add(rest).unwrap_or(Timestamp::MAX);
                is_first = false;
            }
            tokio::select! {
                () = stopping.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Looks at all of them when it is this host's turn, and answers how long it rests.
    async fn turn(&self, now: Timestamp, is_first: bool) -> SignedDuration {
        let until = now.saturating_add(self.every).unwrap_or(Timestamp::MAX);
        let came = async {
            let holds = self.leases.hold(WEBHOOKS, self.holder, now, until).await?;
            if holds || is_first { self.linking.subscribe_all().await } else { Ok(None) }
        };
        let trouble = match came.await {
            Ok(trouble) => trouble,
            Err(error) => Some(error.to_string()),
        };
        match trouble {
            None => {
                self.standing.flows();
                self.every
            }
            Some(said) => {
                self.standing.failed(&said, now);
                AGAIN.min(self.every)
            }
        }
    }
}
