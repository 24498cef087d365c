//! People by id, by address, and those who lead them.

use std::collections::BTreeSet;

use ilt_core::ids::PersonId;
use ilt_core::ports::StoreError;
use ilt_core::world::World;

use super::{CHUNK, chunks};
use crate::rows;
use crate::seam::{Param, Record, Row, Tx, record};

pub(super) const PEOPLE_LOCKED: &str = "SELECT * FROM person WHERE id {in $1} ORDER BY id {lock}";
pub(super) const PEOPLE: &str = "SELECT * FROM person WHERE id {in $1}";

pub(super) async fn put_people(
    tx: &mut Tx,
    world: &mut World,
    ids: &BTreeSet<PersonId>,
    text: &'static str,
) -> Result<(), StoreError> {
    for chunk in chunks(ids.iter().map(|id| id.0)) {
        put(world, &tx.rows(text, vec![Param::Ids(chunk)]).await?)?;
    }
    Ok(())
}

/// Who has one of these addresses. Only looked at: whoever changes an address is alone with it.
pub(super) async fn put_holders(
    tx: &mut Tx,
    world: &mut World,
    addresses: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let text = "SELECT p.* FROM {rows $1 a: email text} JOIN person p ON p.email = a.email";
    let addresses: Vec<Record> = addresses.iter().map(|email| record! { email: email }).collect();
    for chunk in addresses.chunks(CHUNK) {
        put(world, &tx.rows(text, vec![Param::Records(chunk.to_vec())]).await?)?;
    }
    Ok(())
}

/// These people, who leads them, and so on. Only looked at, as above.
pub(super) async fn put_leaders(
    tx: &mut Tx,
    world: &mut World,
    leaders: &BTreeSet<PersonId>,
) -> Result<(), StoreError> {
    let text = "WITH RECURSIVE above AS (
                    SELECT id, manager_id FROM person WHERE id {in $1}
                    UNION SELECT p.id, p.manager_id FROM person p JOIN above a ON p.id = a.manager_id
                ) SELECT p.* FROM person p JOIN above a ON a.id = p.id";
    for chunk in chunks(leaders.iter().map(|id| id.0)) {
        put(world, &tx.rows(text, vec![Param::Ids(chunk)]).await?)?;
    }
    Ok(())
}

/// Of a row that was locked, what was read then is as good.
fn put(world: &mut World, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let person = rows::person(row)?;
        world.people.insert(person.id, person);
    }
    Ok(())
}
