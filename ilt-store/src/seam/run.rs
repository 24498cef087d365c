//! What a statement runs on.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::ports::StoreError;
use sqlx::{PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction};
use uuid::Uuid;

use crate::error::{commit_error, store_error};
use crate::seam::{Dialect, Param, Row};

/// The first half of the numbers of our locks, so that they are nobody else's in a database that is shared.
const TURNS: i32 = 0x_494c_5401;

/// Steps of SQLite's machine after which it looks whether somebody still waits: well under a millisecond.
const STEPS: i32 = 10_000;

/// Connections that write and connections that read. SQLite has one that writes, so that nobody waits for a lock inside a
/// transaction.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres { writers: PgPool, readers: PgPool },
}

/// A transaction. Dropping it rolls it back.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Pool {
    /// A transaction that may write; on SQLite the only one.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite).map_err(store_error)
            }
            Self::Postgres { writers, .. } => begun(writers, None).await,
        }
    }

    /// One statement that writes, in a transaction of its own; how many rows it changed.
    pub(crate) async fn change(&self, text: &'static str, params: Vec<Param>) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let count = tx.run(text, params).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// As [`Pool::write`], once all that began so with the same number have ended. It is the first lock that a transaction takes
    /// and the only one of its sort, so that nobody who holds anything else ever waits for it.
    pub(crate) async fn write_in_turn(&self, number: Uuid) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { .. } => self.write().await,
            Self::Postgres { .. } => {
                // A statement of its own: one that fails together with its BEGIN leaves the connection in a transaction of which
                // the driver does not know. Two sessions that fold to one number take turns as well, which is a pity and nothing else.
                let turn = "SELECT pg_advisory_xact_lock($1::int, hashtext($2))";
                let mut tx = self.write().await?;
                tx.run(turn, vec![Param::Int(TURNS.into()), Param::Text(number.to_string())]).await?;
                Ok(tx)
            }
        }
    }

    /// A transaction that reads one consistent view.
    pub(crate) async fn view(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite).map_err(store_error),
            Self::Postgres { readers, .. } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                begun(readers, Some(begin)).await
            }
        }
    }

    /// One statement of others' making that reads, and is stopped where it is when nobody waits for it any more.
    pub(crate) async fn rows_while_wanted(
        &self,
        text: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<Row>, StoreError> {
        let Self::Sqlite { readers, .. } = self else { return self.rows(text, params).await };
        let mut connection = readers.acquire().await.map_err(store_error)?;
        let wanted = Arc::new(());
        let is_wanted = Arc::downgrade(&wanted);
        let mut handle = connection.lock_handle().await.map_err(store_error)?;
        handle.set_progress_handler(STEPS, move || is_wanted.strong_count() > 0);
        drop(handle);
        let rows = bound_sqlite(text, params).fetch_all(&mut *connection).await.map_err(store_error)?;
        connection.lock_handle().await.map_err(store_error)?.remove_progress_handler();
        drop(wanted);
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    /// One statement that reads.
    pub(crate) async fn rows(&self, text: &'static str, params: Vec<Param>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => {
                let query = bound_sqlite(text, params);
                Ok(query
                    .fetch_all(readers)
                    .await
                    .map_err(store_error)?
                    .into_iter()
                    .map(Row::Sqlite)
                    .collect())
            }
            Self::Postgres { readers, .. } => {
                let query = bound_postgres(text, params);
                Ok(query
                    .fetch_all(readers)
                    .await
                    .map_err(store_error)?
                    .into_iter()
                    .map(Row::Postgres)
                    .collect())
            }
        }
    }
}

/// Begins a transaction, to the end even when nobody waits for it any more. The driver takes a BEGIN that was given up for none, and
/// whoever had the connection next would be inside that transaction: reading what was true when it began.
async fn begun(pool: &PgPool, statement: Option<&'static str>) -> Result<Tx, StoreError> {
    let connection = pool.acquire().await.map_err(store_error)?;
    let begin = Transaction::begin(connection, statement.map(SqlSafeStr::into_sql_str));
    let ended = tokio::spawn(begin).await.map_err(|broken| StoreError::Failed(Box::new(broken)))?;
    ended.map(Tx::Postgres).map_err(store_error)
}

impl Tx {
    /// One statement, and the rows it answers.
    pub(crate) async fn rows(
        &mut self,
        text: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let rows = bound_sqlite(text, params).fetch_all(&mut **tx).await.map_err(store_error)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(tx) => {
                let rows = bound_postgres(text, params).fetch_all(&mut **tx).await.map_err(store_error)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// One statement that answers no rows; how many it has written.
    pub(crate) async fn run(&mut self, text: &'static str, params: Vec<Param>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let done = bound_sqlite(text, params).execute(&mut **tx).await.map_err(store_error)?;
                Ok(done.rows_affected())
            }
            Self::Postgres(tx) => {
                let done = bound_postgres(text, params).execute(&mut **tx).await.map_err(store_error)?;
                Ok(done.rows_affected())
            }
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await.map_err(commit_error),
            Self::Postgres(tx) => tx.commit().await.map_err(commit_error),
        }
    }
}

fn bound_sqlite(
    text: &'static str,
    params: Vec<Param>,
) -> sqlx::query::Query<'static, Sqlite, sqlx::sqlite::SqliteArguments> {
    let query = sqlx::query(Dialect::Sqlite.render(text).sql);
    params.into_iter().fold(query, |query, param| param.bind_sqlite(query))
}

fn bound_postgres(
    text: &'static str,
    params: Vec<Param>,
) -> sqlx::query::Query<'static, Postgres, sqlx::postgres::PgArguments> {
    let rendered = Dialect::Postgres.render(text);
    let (mut query, mut lists) = (sqlx::query(rendered.sql), BTreeMap::new());
    for (mut param, number) in params.into_iter().zip(1..) {
        if let Param::Records(records) = &mut param {
            lists.insert(number, std::mem::take(records));
        }
        query = param.bind_postgres(query);
    }
    rendered.columns.iter().fold(query, |query, column| column.bind(&mut lists, query))
}
