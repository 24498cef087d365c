//! What is to be done about the webhooks that are there.

use std::collections::BTreeSet;

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

use super::Subscription;
use crate::api::Webhook;
use crate::ids::WebhookId;
use crate::webhook::Trigger;

/// What is to be done about the one to our address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// Nothing.
    Stands(WebhookId),
    /// It is not there.
    Register,
    /// It is not as it should be.
    Change(WebhookId),
    /// It has a template, and nobody knows how that is taken off again.
    Replace(WebhookId),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// About the one to our address.
    pub own: Own,
    /// Those to former addresses that are certainly ours: they go.
    pub former: Vec<WebhookId>,
    /// How many go to the same path at other addresses, or to other names here, and may be anybody's: they stay.
    pub foreign: u32,
}

impl Subscription {
    /// What is to be done that there is one webhook to our address, as it should be.
    pub fn plan(&self, there: &[Webhook]) -> Plan {
        let own = match there.iter().find(|it| it.subscriber_url == self.address()) {
            None => Own::Register,
            Some(own) if own.payload_template.is_some() => Own::Replace(own.id.clone()),
            Some(own) if self.is_as_wanted(own) => Own::Stands(own.id.clone()),
            Some(own) => Own::Change(own.id.clone()),
        };
        let alike = there.iter().filter(|it| self.is_alike(it));
        let (former, foreign): (Vec<_>, Vec<_>) = alike.partition(|it| self.has_signed(it));
        let former = former.into_iter().map(|it| it.id.clone()).collect();
        Plan { own, former, foreign: u32::try_from(foreign.len()).unwrap_or(u32::MAX) }
    }

    fn is_as_wanted(&self, it: &Webhook) -> bool {
        let told: BTreeSet<_> = it.triggers.iter().map(String::as_str).collect();
        it.active
            && told == Trigger::WANTED.into_iter().collect()
            && it.secret.as_ref().is_some_and(|secret| is_same(secret, self.newest()))
    }

    fn has_signed(&self, it: &Webhook) -> bool {
        let known = |secret: &SecretString| self.secrets().iter().any(|it| is_same(secret, it));
        it.secret.as_ref().is_some_and(known)
    }

    /// Whether it goes to the same path at another address, or to another name of the instance at this one.
    fn is_alike(&self, it: &Webhook) -> bool {
        let (Ok(there), Ok(own)) = (Url::parse(&it.subscriber_url), Url::parse(self.address())) else {
            return false;
        };
        let folder = |url: &Url| url.path().rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let has_other_name = there.origin() == own.origin() && folder(&there) == folder(&own);
        it.subscriber_url != self.address() && (there.path() == own.path() || has_other_name)
    }
}

impl Plan {
    /// Those that are certainly ours.
    pub fn ours(&self) -> Vec<&WebhookId> {
        let own = match &self.own {
            Own::Register => None,
            Own::Stands(id) | Own::Change(id) | Own::Replace(id) => Some(id),
        };
        own.into_iter().chain(&self.former).collect()
    }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
