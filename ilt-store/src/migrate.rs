//! The schema: forward only, never edited once it has been released.

use ilt_core::ports::StoreError;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::connect::{SqlStore, make_schema};
use crate::error::store_error;
use crate::seam::Pool;

const SQLITE: [(i64, &str, &str); 2] = [
    (1, "spine", include_str!("../migrations/sqlite/0001_spine.sql")),
    (2, "registration", include_str!("../migrations/sqlite/0002_registration.sql")),
];
const POSTGRES: [(i64, &str, &str); 2] = [
    (1, "spine", include_str!("../migrations/postgres/0001_spine.sql")),
    (2, "registration", include_str!("../migrations/postgres/0002_registration.sql")),
];

/// A migration that has not been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: String,
}

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// What was applied now, in order.
    pub applied: Vec<Pending>,
}

impl SqlStore {
    /// Brings the schema up to date; harmless when it is.
    pub async fn migrate(&self) -> Result<Migrated, StoreError> {
        let applied = self.pending().await?;
        match &self.pool {
            Pool::Sqlite { writer, .. } => migrator(&SQLITE).run(writer).await.map_err(migrate_error)?,
            Pool::Postgres { writers, .. } => {
                make_schema(writers, &self.schema).await?;
                migrator(&POSTGRES).run(writers).await.map_err(migrate_error)?;
            }
        }
        Ok(Migrated { applied })
    }

    /// What has not been applied yet.
    pub async fn pending(&self) -> Result<Vec<Pending>, StoreError> {
        let (list, applied) = match &self.pool {
            Pool::Sqlite { writer, .. } => {
                let mut connection = writer.acquire().await.map_err(store_error)?;
                connection.ensure_migrations_table("_sqlx_migrations").await.map_err(migrate_error)?;
                (
                    &SQLITE[..],
                    connection.list_applied_migrations("_sqlx_migrations").await.map_err(migrate_error)?,
                )
            }
            Pool::Postgres { writers, .. } => {
                make_schema(writers, &self.schema).await?;
                let mut connection = writers.acquire().await.map_err(store_error)?;
                connection.ensure_migrations_table("_sqlx_migrations").await.map_err(migrate_error)?;
                (
                    &POSTGRES[..],
                    connection.list_applied_migrations("_sqlx_migrations").await.map_err(migrate_error)?,
                )
            }
        };
        let is_new = |version: i64| applied.iter().all(|done| done.version != version);
        let new = list.iter().filter(|(version, ..)| is_new(*version));
        Ok(new.map(|(version, name, _)| Pending { version: *version, name: (*name).to_owned() }).collect())
    }
}

fn migrator(list: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |(version, name, text): &(i64, &'static str, &'static str)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, (*text).into_sql_str(), false)
    };
    Migrator::with_migrations(list.iter().map(migration).collect())
}

fn migrate_error(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => store_error(error),
        other => StoreError::Failed(Box::new(other)),
    }
}
