//! SQLite passes the contract of the core.

use ilt_store::testing::{Database, sqlite};
use ilt_store::{Options, SqlStore};

async fn open(_case: &str) -> Option<(SqlStore, Database)> {
    let database = sqlite();
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    Some((store, database))
}

ilt_core::store_contract!(open);
