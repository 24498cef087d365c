//! Doing it, in a way that can be repeated and that another host may do at the same time.

use super::plan::{Own, Plan};
use super::{Did, Subscribed, Subscription};
use crate::api::{Account, Error, Kind, NewWebhook, WebhookChange};
use crate::webhook::Trigger;

/// How often it is looked at when somebody else was faster each time.
const LOOKS: u32 = 3;

impl Account {
    /// Sees to it that we are told of what happens to this user's bookings.
    ///
    /// # Errors
    /// The call's that failed; it can be repeated.
    pub async fn subscribe(&self, wanted: &Subscription) -> Result<Subscribed, Error> {
        let mut looks = 1;
        loop {
            let plan = wanted.plan(&self.webhooks().await?);
            match self.perform(&plan, wanted).await {
                Ok(()) => return Ok(plan.done()),
                Err(Error { kind: Kind::AddressTaken | Kind::NotFound, .. }) if looks < LOOKS => looks += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// What [`Account::subscribe`] would do.
    ///
    /// # Errors
    /// When the webhooks that are there cannot be read.
    pub async fn subscription(&self, wanted: &Subscription) -> Result<Subscribed, Error> {
        Ok(wanted.plan(&self.webhooks().await?).done())
    }

    /// Takes away whatever is certainly ours, and answers how many that were.
    ///
    /// # Errors
    /// The call's that failed; it can be repeated.
    pub async fn unsubscribe(&self, from: &Subscription) -> Result<u32, Error> {
        let plan = from.plan(&self.webhooks().await?);
        let mut removed = 0;
        for id in plan.ours() {
            match self.delete_webhook(id).await {
                Ok(()) => removed += 1,
                Err(Error { kind: Kind::NotFound, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }

    async fn perform(&self, plan: &Plan, wanted: &Subscription) -> Result<(), Error> {
        let triggers = Trigger::WANTED.map(str::to_owned).to_vec();
        let secret = wanted.newest().clone();
        if let Own::Replace(id) = &plan.own {
            self.delete_webhook(id).await?;
        }
        match &plan.own {
            Own::Stands(_) => {}
            Own::Change(id) => {
                let change = WebhookChange { triggers, secret: Some(secret) };
                self.change_webhook(id, &change).await?;
            }
            Own::Register | Own::Replace(_) => {
                let subscriber_url = wanted.address().to_owned();
                self.create_webhook(&NewWebhook { subscriber_url, triggers, secret }).await?;
            }
        }
        for id in &plan.former {
            self.delete_webhook(id).await?;
        }
        Ok(())
    }
}

impl Plan {
    /// What was done, once it is.
    fn done(&self) -> Subscribed {
        let did = match self.own {
            Own::Stands(_) => Did::Nothing,
            Own::Change(_) => Did::Changed,
            Own::Register | Own::Replace(_) => Did::Registered,
        };
        let removed = u32::try_from(self.former.len()).unwrap_or(u32::MAX);
        Subscribed { did, removed, foreign: self.foreign }
    }
}
