//! Where Cal.com tells what happens.
//!
//! # Not here
//! Webhooks of one event type: whoever has both hears everything twice (recorded: webhooks 027 and 032). Templates: what they
//! leave out cannot be read.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::WebhookId;

/// Webhooks of one page.
const PAGE: u32 = 250;

/// A registration (recorded: 017, 020).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where it goes.
    pub subscriber_url: String,
    /// What it tells of.
    pub triggers: Vec<String>,
    /// Whether it is switched on.
    pub active: bool,
    /// What it is signed with, which Cal.com shows to whoever has the key; nothing when nothing is signed.
    pub secret: Option<SecretString>,
    /// What it says instead of everything, when somebody set that over there.
    pub payload_template: Option<String>,
}

/// What a registration is to be.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Where it goes: once per user.
    pub subscriber_url: String,
    /// What it tells of. One that Cal.com does not know refuses all (recorded: 019).
    pub triggers: Vec<String>,
    /// What it is signed with.
    pub secret: SecretString,
}

/// A change of a registration.
#[derive(Debug, Clone)]
pub struct WebhookChange {
    /// What it tells of.
    pub triggers: Vec<String>,
    /// What it is signed with from now on; as before when nothing is said.
    pub secret: Option<SecretString>,
}

impl Account {
    /// Registers a webhook for all bookings of the user.
    ///
    /// # Errors
    /// [`super::Kind::AddressTaken`] when one goes to this address already (recorded: 018).
    pub async fn create_webhook(&self, new: &NewWebhook) -> Result<Webhook, Error> {
        let NewWebhook { subscriber_url, triggers, secret } = new;
        let secret = secret.expose_secret();
        let body = json!({ "active": true, "subscriberUrl": subscriber_url, "triggers": triggers, "secret": secret });
        self.call(&Call::post("registering a webhook", Family::Webhooks, &["webhooks"], &body)).await
    }

    /// The user's webhooks, up to 250.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, Error> {
        self.call(
            &Call::get("listing webhooks", Family::Webhooks, &["webhooks"]).ask("take", PAGE.to_string()),
        )
        .await
    }

    /// A webhook.
    pub async fn webhook(&self, id: &WebhookId) -> Result<Webhook, Error> {
        self.call(&Call::get("reading a webhook", Family::Webhooks, &["webhooks", id.as_str()])).await
    }

    /// Makes a webhook tell of these, switched on; a template that somebody gave it stays.
    pub async fn change_webhook(&self, id: &WebhookId, change: &WebhookChange) -> Result<Webhook, Error> {
        let mut body = json!({ "active": true, "triggers": change.triggers });
        if let Some(secret) = &change.secret {
            body["secret"] = secret.expose_secret().into();
        }
        self.call(&Call::patch("changing a webhook", Family::Webhooks, &["webhooks", id.as_str()], &body))
            .await
    }

    /// Removes a webhook.
    pub async fn delete_webhook(&self, id: &WebhookId) -> Result<(), Error> {
        self.tell(&Call::delete("removing a webhook", Family::Webhooks, &["webhooks", id.as_str()])).await
    }
}
