//! Schedules (recorded: 005–009, 063).

use serde_json::{Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::validate;
use super::world::{Row, Schedule, World};

impl World {
    pub(super) fn create_schedule(&mut self, asked: &Asked) -> Answered {
        let owner = asked.user()?;
        validate::schedule(&asked.body)?;
        let id = self.next(Row::Schedule);
        // Whoever leaves the weekly hours out gets some.
        let hours = json!([{
            "days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "startTime": "09:00", "endTime": "17:00"
        }]);
        let schedule = Schedule {
            owner,
            name: asked.text("name").unwrap_or_default().to_owned(),
            time_zone: asked.text("timeZone").unwrap_or("UTC").to_owned(),
            is_default: asked.body["isDefault"] == true,
            availability: asked.body.get("availability").cloned().unwrap_or(hours),
            overrides: asked.body.get("overrides").cloned().unwrap_or_else(|| json!([])),
        };
        let view = view(id, &schedule);
        self.schedules.insert(id, schedule);
        Ok(Done::new(201, view))
    }

    pub(super) fn list_schedules(&mut self, asked: &Asked) -> Answered {
        let user = asked.user()?;
        let own = self.schedules.iter().filter(|(_, it)| it.owner == user);
        Ok(Done::new(200, own.map(|(id, it)| view(*id, it)).collect()))
    }

    pub(super) fn read_schedule(&mut self, asked: &Asked, id: &str) -> Answered {
        let (id, schedule) = self.own_schedule(asked, id)?;
        Ok(Done::new(200, view(id, schedule)))
    }

    pub(super) fn change_schedule(&mut self, asked: &Asked, id: &str) -> Answered {
        validate::schedule(&asked.body)?;
        let (id, schedule) = self.own_schedule(asked, id)?;
        for (name, field) in [("name", &mut schedule.name), ("timeZone", &mut schedule.time_zone)] {
            if let Some(said) = asked.text(name) {
                said.clone_into(field);
            }
        }
        // Dates are replaced (recorded: 007).
        for (name, field) in
            [("availability", &mut schedule.availability), ("overrides", &mut schedule.overrides)]
        {
            if let Some(said) = asked.body.get(name) {
                field.clone_from(said);
            }
        }
        Ok(Done::new(200, view(id, schedule)))
    }

    /// What uses it falls back to the user's default hours without a word.
    pub(super) fn delete_schedule(&mut self, asked: &Asked, id: &str) -> Answered {
        let (id, _) = self.own_schedule(asked, id)?;
        self.schedules.remove(&id);
        for event_type in self.event_types.values_mut().filter(|it| it.body["scheduleId"] == id) {
            event_type.body["scheduleId"] = Value::Null;
        }
        Ok(Done { status: 200, body: json!({ "status": "success" }), tells: Vec::new() })
    }

    fn own_schedule(&mut self, asked: &Asked, id: &str) -> Result<(u64, &mut Schedule), Refusal> {
        let user = asked.user()?;
        let none = || Refusal::not_found(&format!("Schedule with ID={id} does not exist."));
        let number: u64 = id.parse().map_err(|_| none())?;
        let found = self.schedules.get_mut(&number).filter(|it| it.owner == user);
        found.map(|it| (number, it)).ok_or_else(none)
    }
}

fn view(id: u64, schedule: &Schedule) -> Value {
    json!({
        "id": id,
        "ownerId": schedule.owner,
        "name": schedule.name,
        "timeZone": schedule.time_zone,
        "availability": schedule.availability,
        "isDefault": schedule.is_default,
        "overrides": schedule.overrides,
    })
}
