//! Registrations of webhooks (recorded: 017–020, 114–120).

use serde_json::{Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::validate;
use super::world::{Hook, World};

impl World {
    pub(super) fn create_hook(&mut self, asked: &Asked, event_type: Option<u64>) -> Answered {
        let owner = asked.user()?;
        validate::triggers(&asked.body)?;
        let url = asked.text("subscriberUrl").unwrap_or_default().to_owned();
        if self.hooks.iter().any(|it| it.owner == owner && it.event_type == event_type && it.url == url) {
            return Err(Refusal::conflict("Webhook with this subscriber url already exists for this user"));
        }
        let id = self.uuid();
        let mut hook = Hook {
            id,
            owner,
            event_type,
            url,
            triggers: Vec::new(),
            active: true,
            secret: None,
            template: None,
            created_at: self.now(),
        };
        hook.say(&asked.body);
        let view = hook.view();
        self.hooks.push(hook);
        Ok(Done::new(201, view))
    }

    pub(super) fn list_hooks(&mut self, asked: &Asked) -> Answered {
        let user = asked.user()?;
        let number = |name| asked.asks(name).and_then(|it| it.parse::<usize>().ok());
        let own = self.hooks.iter().filter(|it| it.owner == user && it.event_type.is_none());
        let page = own.skip(number("skip").unwrap_or(0)).take(number("take").unwrap_or(250));
        Ok(Done::new(200, page.map(Hook::view).collect()))
    }

    /// An administrator may as well, and sees the secret (recorded: 120).
    pub(super) fn read_hook(&mut self, asked: &Asked, id: &str) -> Answered {
        let hook = self.own_hook(asked, id)?;
        Ok(Done::new(200, hook.row()))
    }

    pub(super) fn change_hook(&mut self, asked: &Asked, id: &str) -> Answered {
        validate::triggers(&asked.body)?;
        let hook = self.own_hook(asked, id)?;
        hook.say(&asked.body);
        let view = hook.view();
        Ok(Done::new(200, view))
    }

    pub(super) fn delete_hook(&mut self, asked: &Asked, id: &str) -> Answered {
        let view = self.own_hook(asked, id)?.view();
        self.hooks.retain(|it| it.id != id);
        Ok(Done::new(200, view))
    }

    fn own_hook(&mut self, asked: &Asked, id: &str) -> Result<&mut Hook, Refusal> {
        let user = asked.user()?;
        let is_admin = self.host(user).is_some_and(|it| it.is_admin);
        let none = || Refusal::not_found(&format!("Webhook ({id}) not found"));
        let hook = self.hooks.iter_mut().find(|it| it.id == id).ok_or_else(none)?;
        if hook.owner != user && !is_admin {
            return Err(Refusal::short(403, "You are not allowed to see this webhook"));
        }
        Ok(hook)
    }
}

impl Hook {
    fn say(&mut self, said: &Value) {
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        self.url = text("subscriberUrl").unwrap_or_else(|| self.url.clone());
        self.secret = text("secret").or_else(|| self.secret.clone());
        self.template = text("payloadTemplate").or_else(|| self.template.clone());
        self.active = said["active"].as_bool().unwrap_or(self.active);
        if let Some(triggers) = said["triggers"].as_array() {
            self.triggers = triggers.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
    }

    fn view(&self) -> Value {
        let mut view = json!({
            "id": self.id,
            "payloadTemplate": self.template,
            "triggers": self.triggers,
            "subscriberUrl": self.url,
            "active": self.active,
            "secret": self.secret,
        });
        match self.event_type {
            Some(event_type) => view["eventTypeId"] = event_type.into(),
            None => view["userId"] = self.owner.into(),
        }
        view
    }

    /// As it is kept, which is shown when one is asked for alone.
    fn row(&self) -> Value {
        let owner = if self.event_type.is_some() { Value::Null } else { self.owner.into() };
        json!({
            "id": self.id, "userId": owner, "teamId": null, "eventTypeId": self.event_type,
            "subscriberUrl": self.url, "payloadTemplate": self.template, "createdAt": format!("{:.3}", self.created_at),
            "active": self.active, "appId": null, "secret": self.secret, "platform": false, "time": null,
            "timeUnit": null, "version": "2021-10-20", "triggers": self.triggers, "oAuthClientId": null,
        })
    }
}
