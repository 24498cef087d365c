//! What people are found and sorted by, of those whom a migration left without: SQL cannot tell how a name is folded.

use ilt_core::ids::PersonId;
use ilt_core::ports::StoreError;
use ilt_core::text::folded;
use uuid::Uuid;

use crate::seam::{Param, Pool, record};

/// So many people at a time.
const CHUNK: i64 = 1_000;

/// Folds the names that are not folded yet; whoever is stopped goes on at the next start.
pub(crate) async fn people(pool: &Pool) -> Result<(), StoreError> {
    let unfolded = "SELECT id, name FROM person WHERE folded = '' AND id > $1 ORDER BY id LIMIT $2";
    let fold =
        "UPDATE person SET folded = r.folded FROM {rows $1 r: id uuid, folded text} WHERE person.id = r.id";
    let mut after = Uuid::nil();
    loop {
        let rows = pool.rows(unfolded, vec![Param::Id(after), Param::Int(CHUNK)]).await?;
        let mut records = Vec::with_capacity(rows.len());
        for row in &rows {
            let (PersonId(id), name) = (row.id("id")?, row.text("name")?);
            after = id;
            records.push(record! { id: id, folded: folded(&name) });
        }
        if records.is_empty() {
            return Ok(());
        }
        let mut tx = pool.write().await?;
        tx.run(fold, vec![Param::Records(records)]).await?;
        tx.commit().await?;
    }
}
