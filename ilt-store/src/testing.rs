//! Databases for tests: an SQLite file or a schema on PostgreSQL, each a test's own.

use tempfile::TempDir;
use uuid::Uuid;

use crate::seam::Pool;
use crate::{Options, SqlStore};

/// A database of a test's own.
#[derive(Debug)]
pub struct Database {
    /// Where it is.
    pub url: String,
    /// Its schema on PostgreSQL.
    pub schema: String,
    _folder: Option<TempDir>,
}

/// An SQLite file, which goes with this value.
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("ilt.db").display());
    Database { url, schema: "ilt".to_owned(), _folder: Some(folder) }
}

/// A schema on the PostgreSQL that `scripts/test` starts; without one, only continuous integration insists.
///
/// # Panics
/// When `CI` is set and `ILT_TEST_POSTGRES` is not.
#[expect(clippy::disallowed_methods, reason = "a schema's name need not be simulated")]
pub fn postgres(name: &str) -> Option<Database> {
    let Ok(url) = std::env::var("ILT_TEST_POSTGRES") else {
        assert!(
            std::env::var("CI").is_err(),
            "ILT_TEST_POSTGRES must name a database; scripts/test starts one"
        );
        eprintln!("skipped: ILT_TEST_POSTGRES names no database; scripts/test starts one");
        return None;
    };
    let name: String = name.chars().take(20).collect();
    Some(Database { url, schema: format!("{name}_{}", Uuid::now_v7().simple()), _folder: None })
}

impl Database {
    /// Its store, with everything in place.
    ///
    /// # Panics
    /// When the database cannot be reached.
    pub async fn store(&self, options: Options) -> SqlStore {
        let options = Options { schema: self.schema.clone(), pool: 20, ..options };
        let store = SqlStore::connect(&self.url, &options).await.expect("a database");
        store.migrate().await.expect("a schema");
        store
    }

    /// Runs statements on it, as somebody with a client of their own would.
    ///
    /// # Panics
    /// When they fail.
    pub async fn run(&self, statements: &'static str) {
        let store = self.store(Options::default()).await;
        match &store.pool {
            Pool::Sqlite { writer, .. } => sqlx::raw_sql(statements).execute(writer).await.map(drop),
            Pool::Postgres { writers, .. } => sqlx::raw_sql(statements).execute(writers).await.map(drop),
        }
        .expect("the statements run");
    }
}
