//! Users.

use serde_json::{Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::world::{Host, World};

impl World {
    pub(super) fn me(&mut self, asked: &Asked) -> Answered {
        let user = asked.user()?;
        let default =
            self.schedules.iter().find(|(_, it)| it.owner == user && it.is_default).map(|(id, _)| *id);
        let host = self.host(user).ok_or_else(|| Refusal::not_found("User not found"))?;
        Ok(Done::new(200, view(host, default)))
    }

    pub(super) fn change_me(&mut self, asked: &Asked) -> Answered {
        let user = asked.user()?;
        if let Some(host) = self.hosts.iter_mut().find(|it| it.id == user) {
            for (name, field) in [
                ("timeZone", &mut host.time_zone),
                ("name", &mut host.name),
                ("email", &mut host.email),
                ("weekStart", &mut host.week_start),
            ] {
                if let Some(said) = asked.text(name) {
                    said.clone_into(field);
                }
            }
        }
        self.me(asked)
    }
}

fn view(host: &Host, default: Option<u64>) -> Value {
    json!({
        "id": host.id,
        "email": host.email,
        "name": host.name,
        "avatarUrl": null,
        "bio": null,
        "timeFormat": 12,
        "defaultScheduleId": default,
        "weekStart": host.week_start,
        "timeZone": host.time_zone,
        "username": host.username,
        "organizationId": null,
    })
}
