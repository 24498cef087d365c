//! Delivering webhooks: inside the request, one after the other, once, without an end to waiting (recorded: 116; webhooks 028–032).

use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::Sha256;

use super::tell::Tell;
use super::world::{Hook, World};
use crate::webhook::Digest;

/// One webhook, as it is sent.
struct Letter {
    url: String,
    body: String,
    signature: String,
    copies: u32,
}

/// Delivers these. Whether anybody takes them is nobody's business.
pub async fn deliver(client: &Client, world: &Mutex<World>, tells: &[Tell]) {
    for tell in tells {
        let letters = world.lock().unwrap_or_else(PoisonError::into_inner).letters(tell);
        for letter in letters {
            for _ in 0..letter.copies {
                let request = client.post(&letter.url).header("Content-Type", "application/json");
                let request = request.header("X-Cal-Signature-256", &letter.signature);
                let request = request.header("X-Cal-Webhook-Version", "2021-10-20");
                let _nobody_asks = request.body(letter.body.clone()).send().await;
            }
        }
    }
}

impl World {
    fn letters(&mut self, tell: &Tell) -> Vec<Letter> {
        let created_at = format!("{:.3}", self.now());
        let wants = |it: &&Hook| {
            let is_there = it.event_type.is_none() || it.event_type == tell.event_type;
            it.owner == tell.host
                && it.active
                && is_there
                && it.triggers.iter().any(|word| word == tell.trigger)
        };
        let hooks: Vec<_> = self.hooks.iter().filter(wants).cloned().collect();
        let letter = |hook: Hook| {
            let body = match &hook.template {
                Some(template) => rendered(template, &tell.payload, tell.trigger, &created_at),
                None => {
                    json!({ "triggerEvent": tell.trigger, "createdAt": created_at, "payload": tell.payload })
                        .to_string()
                }
            };
            let signature =
                hook.secret.as_deref().map_or_else(|| "no-secret-provided".to_owned(), |it| sign(it, &body));
            Letter { url: hook.url, body, signature, copies: self.mishaps.copies() }
        };
        hooks.into_iter().map(letter).collect()
    }
}

/// As bare small hexadecimal letters.
fn sign(secret: &str, body: &str) -> String {
    let signer = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|it| it.chain_update(body.as_bytes()));
    signer.map(|it| Digest(it.finalize().into_bytes().into()).to_string()).unwrap_or_default()
}

/// A template's `{{path.0.name}}`, filled in.
fn rendered(template: &str, payload: &Value, trigger: &str, created_at: &str) -> String {
    let mut all = payload.clone();
    all["triggerEvent"] = trigger.into();
    all["createdAt"] = created_at.into();
    let mut text = String::new();
    for (index, piece) in template.split("{{").enumerate() {
        match piece.split_once("}}") {
            Some((path, rest)) if index > 0 => {
                let pointer = format!("/{}", path.trim().replace('.', "/"));
                let value = all.pointer(&pointer).unwrap_or(&Value::Null);
                text += &value.as_str().map_or_else(
                    || if value.is_null() { String::new() } else { value.to_string() },
                    str::to_owned,
                );
                text += rest;
            }
            _ => text += piece,
        }
    }
    text
}
