//! PostgreSQL passes the contract of the core.

use ilt_store::testing::{Database, postgres};
use ilt_store::{Options, SqlStore};

async fn open(case: &str) -> Option<(SqlStore, Database)> {
    let database = postgres(case)?;
    Some((database.store(Options::default()).await, database))
}

ilt_core::store_contract!(open);
