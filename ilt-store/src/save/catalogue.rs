//! Saving what everything refers to.

use ilt_core::catalog::Person;
use ilt_core::desk::Changes;
use ilt_core::plugin::Plugin;
use ilt_core::ports::StoreError;
use ilt_core::text::folded;

use super::{must_all_be_written, put, put_compared};
use crate::load::Held;
use crate::reference::scope_words;
use crate::rows::{json_of, list_of};
use crate::seam::{Param, Record, Tx, record};

pub(super) async fn save(tx: &mut Tx, held: &mut Held, changes: &Changes) -> Result<(), StoreError> {
    dealers(tx, changes).await?;
    locations(tx, changes).await?;
    courses(tx, changes).await?;
    rules(tx, changes).await?;
    plugins(tx, changes).await?;
    let is_unchanged = changes.dealers.is_empty()
        && changes.locations.is_empty()
        && changes.courses.is_empty()
        && changes.rules_set.is_empty()
        && changes.rules_cleared.is_empty()
        && changes.plugins.is_empty();
    if !is_unchanged {
        change_reference(tx, held).await?;
    }
    people(tx, held, &changes.people).await?;
    completions(tx, changes).await?;
    withdrawn(tx, changes).await
}

/// What everybody refers to is changed by whoever saw it as it is.
async fn change_reference(tx: &mut Tx, held: &mut Held) -> Result<(), StoreError> {
    let seen = held.reference.unwrap_or_default();
    let text = "UPDATE reference SET version = version + 1 WHERE version = $1";
    must_all_be_written(held, 1, tx.run(text, vec![Param::Int(seen)]).await?)?;
    held.reference = Some(seen + 1);
    Ok(())
}

async fn dealers(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let record = |it: &ilt_core::catalog::Dealer| -> Record {
        record! {
            id: it.id.0, name: &it.name, grp: it.group.as_ref(), region: it.region.as_ref(), city: &it.city,
            lat: it.place.lat, lon: it.place.lon, zone: it.zone.name(), version: it.version,
        }
    };
    let text = "INSERT INTO dealer (id, name, grp, region, city, lat, lon, zone, version)
                SELECT r.id, r.name, r.grp, r.region, r.city, r.lat, r.lon, r.zone, r.version
                  FROM {rows $1 r: id uuid, name text, grp text, region text, city text, lat float, lon float,
                        zone text, version int} WHERE true
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, grp = excluded.grp, region = excluded.region,
                   city = excluded.city, lat = excluded.lat, lon = excluded.lon, zone = excluded.zone,
                   version = excluded.version";
    put(tx, text, changes.dealers.iter().map(record).collect()).await.map(drop)
}

async fn locations(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let record = |it: &ilt_core::catalog::Location| -> Record {
        record! {
            id: it.id.0, name: &it.name, address: &it.address, city: &it.city, country: &it.country,
            lat: it.place.lat, lon: it.place.lon, zone: it.zone.name(), rooms: list_of(&it.rooms), version: it.version,
        }
    };
    let text = "INSERT INTO location (id, name, address, city, country, lat, lon, zone, rooms, version)
                SELECT r.id, r.name, r.address, r.city, r.country, r.lat, r.lon, r.zone, r.rooms, r.version
                  FROM {rows $1 r: id uuid, name text, address text, city text, country text, lat float, lon float,
                        zone text, rooms json, version int} WHERE true
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, city = excluded.city,
                   country = excluded.country, lat = excluded.lat, lon = excluded.lon, zone = excluded.zone,
                   rooms = excluded.rooms, version = excluded.version";
    put(tx, text, changes.locations.iter().map(record).collect()).await.map(drop)
}

async fn courses(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let record = |it: &ilt_core::catalog::Course| -> Record {
        record! {
            id: it.id.0, title: &it.title, summary: &it.summary, programme_type: it.programme_type.word(),
            topics: list_of(&it.topics), track: it.track.as_ref(), length_seconds: it.length.as_secs(),
            validity_months: it.validity_months, travel: it.travel, prerequisites: list_of(&it.prerequisites),
            equivalents: list_of(&it.equivalents), version: it.version,
        }
    };
    let text = "INSERT INTO course (id, title, summary, programme_type, topics, track, length_seconds, validity_months,
                                    travel, prerequisites, equivalents, version)
                SELECT r.id, r.title, r.summary, r.programme_type, r.topics, r.track, r.length_seconds,
                       r.validity_months, r.travel, r.prerequisites, r.equivalents, r.version
                  FROM {rows $1 r: id uuid, title text, summary text, programme_type text, topics json, track text,
                        length_seconds int, validity_months int, travel bool, prerequisites json, equivalents json,
                        version int} WHERE true
                ON CONFLICT (id) DO UPDATE SET title = excluded.title, summary = excluded.summary,
                   programme_type = excluded.programme_type, topics = excluded.topics, track = excluded.track,
                   length_seconds = excluded.length_seconds, validity_months = excluded.validity_months,
                   travel = excluded.travel, prerequisites = excluded.prerequisites,
                   equivalents = excluded.equivalents, version = excluded.version";
    put(tx, text, changes.courses.iter().map(record).collect()).await.map(drop)
}

async fn rules(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let cleared = changes.rules_cleared.iter().map(|(scope, rule)| {
        let (word, of) = scope_words(scope);
        record! { scope: word, scope_of: of, rule: rule.word() }
    });
    let text = "DELETE FROM rule WHERE EXISTS (
                    SELECT 1 FROM {rows $1 r: scope text, scope_of text, rule text}
                     WHERE r.scope = rule.scope AND r.scope_of = rule.scope_of AND r.rule = rule.rule)";
    put(tx, text, cleared.collect()).await?;
    let set = changes.rules_set.iter().map(|it| {
        let (word, of) = scope_words(&it.scope);
        record! { scope: word, scope_of: of, rule: it.rule.word(), value: it.value }
    });
    let text = "INSERT INTO rule (scope, scope_of, rule, value) SELECT r.scope, r.scope_of, r.rule, r.value
                  FROM {rows $1 r: scope text, scope_of text, rule text, value int} WHERE true
                ON CONFLICT (scope, scope_of, rule) DO UPDATE SET value = excluded.value";
    put(tx, text, set.collect()).await.map(drop)
}

async fn plugins(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let (kept, gone): (Vec<_>, Vec<_>) = changes.plugins.iter().partition(|(_, plugin)| plugin.is_some());
    let gone: Vec<_> = gone.into_iter().map(|(id, _)| id.0).collect();
    if !gone.is_empty() {
        tx.run("DELETE FROM plugin WHERE id {in $1}", vec![Param::Ids(gone)]).await?;
    }
    let record = |it: &Plugin| Ok(record! { id: it.id.0, body: json_of(it)? });
    let records: Result<Vec<_>, StoreError> =
        kept.into_iter().filter_map(|(_, it)| it.as_ref()).map(record).collect();
    let text =
        "INSERT INTO plugin (id, body) SELECT r.id, r.body FROM {rows $1 r: id uuid, body json} WHERE true
                ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    put(tx, text, records?).await.map(drop)
}

async fn people(tx: &mut Tx, held: &Held, people: &[Person]) -> Result<(), StoreError> {
    let record = |it: &Person| -> Record {
        record! {
            id: it.id.0, name: &it.name, folded: folded(&it.name), email: &it.email, dealer_id: it.dealer.map(|id| id.0), roles: list_of(&it.roles),
            manager_id: it.manager.map(|id| id.0), preferred_locations: list_of(&it.preferences.locations),
            preferred_times: list_of(&it.preferences.times), notify_by: list_of(&it.preferences.notify_by),
            stands_in_for: list_of(&it.stands_in_for), interests: list_of(&it.preferences.interests), zone: it.zone.name(), active: it.active, version: it.version,
        }
    };
    let text = "INSERT INTO person (id, name, folded, email, dealer_id, roles, manager_id, stands_in_for, preferred_locations,
                                    preferred_times, interests, notify_by, zone, active, version)
                SELECT r.id, r.name, r.folded, r.email, r.dealer_id, r.roles, r.manager_id, r.stands_in_for, r.preferred_locations, r.preferred_times,
                       r.interests, r.notify_by, r.zone, r.active, r.version
                  FROM {rows $1 r: id uuid, name text, folded text, email text, dealer_id uuid, roles json, manager_id uuid, stands_in_for json,
                        preferred_locations json, preferred_times json, interests json, notify_by json, zone text, active bool, version int} WHERE true
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, email = excluded.email,
                   dealer_id = excluded.dealer_id, roles = excluded.roles, manager_id = excluded.manager_id,
                   stands_in_for = excluded.stands_in_for,
                   preferred_locations = excluded.preferred_locations, preferred_times = excluded.preferred_times,
                   interests = excluded.interests, notify_by = excluded.notify_by,
                   zone = excluded.zone, active = excluded.active, version = excluded.version
                 WHERE person.version < excluded.version";
    put_compared(tx, held, text, people.iter().map(record).collect()).await
}

async fn completions(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let record = |it: &ilt_core::catalog::Completion| -> Record {
        record! { person_id: it.person.0, course_id: it.course.0, completed_at: it.completed_at }
    };
    let text = "INSERT INTO completion (person_id, course_id, completed_at)
                SELECT r.person_id, r.course_id, r.completed_at
                  FROM {rows $1 r: person_id uuid, course_id uuid, completed_at instant} WHERE true
                ON CONFLICT DO NOTHING";
    put(tx, text, changes.completions.iter().map(record).collect()).await.map(drop)
}

async fn withdrawn(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let record = |it: &ilt_core::catalog::Completion| {
        record! { person_id: it.person.0, course_id: it.course.0, completed_at: it.completed_at }
    };
    let text = "DELETE FROM completion WHERE EXISTS (
                    SELECT 1 FROM {rows $1 r: person_id uuid, course_id uuid, completed_at instant}
                     WHERE r.person_id = completion.person_id AND r.course_id = completion.course_id
                       AND r.completed_at = completion.completed_at)";
    put(tx, text, changes.completions_withdrawn.iter().map(record).collect()).await.map(drop)
}
