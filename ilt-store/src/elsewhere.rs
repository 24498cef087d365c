//! What people completed elsewhere, as a view of the customer's tells it.
//!
//! The view is asked over connections of its own, so that it keeps nobody from the ledger, however slow it is.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::catalog::Completion;
use ilt_core::ports::{Doubt, Elsewhere, Evidence, StoreError};
use jiff::Timestamp;

use crate::connect::{BadUrl, Options, SqlStore};
use crate::error::corrupt;
use crate::seam::{Param, Pool, Row, record};

/// Connections to where the view is; twice as many on PostgreSQL, where half of them are for writing.
const CONNECTIONS: u32 = 4;

/// A view or table with the columns `person` and `course` (ids) and `completed_at` (on PostgreSQL a timestamp or a date, on SQLite a text such
/// as `2026-03-28` or `2026-03-28T16:00:00Z`).
#[derive(Debug)]
pub struct View {
    store: SqlStore,
    query: &'static str,
    patience: Duration,
}

/// What names no view.
#[derive(Debug, thiserror::Error)]
pub enum BadView {
    /// It is no plain name.
    #[error(
        "`{0}` cannot name a view: letters, digits and _, with the schema in front where it has one, such as public.completed"
    )]
    Name(String),
    /// Its database cannot be opened.
    #[error(transparent)]
    Url(#[from] BadUrl),
}

impl View {
    /// A view in the database that `url` names, each question to which may take so long.
    ///
    /// # Errors
    /// When the name or the URL makes no sense, or nothing answers there.
    pub async fn open(url: &str, name: &str, patience: Duration) -> Result<Self, BadView> {
        let quoted = quoted(name).ok_or_else(|| BadView::Name(name.chars().take(100).collect()))?;
        let (acquire, statement_timeout) = (patience, patience);
        let options = Options { pool: CONNECTIONS, acquire, statement_timeout, ..Options::default() };
        let store = SqlStore::connect(url, &options).await?;
        let micros = match store.pool {
            Pool::Sqlite { .. } => "CAST(strftime('%s', c.completed_at) AS INTEGER) * 1000000",
            Pool::Postgres { .. } => "(extract(epoch FROM c.completed_at) * 1000000)::bigint",
        };
        let query = format!(
            "SELECT c.person, c.course, {micros} AS micros FROM {{rows $1 r: person uuid, course uuid}}
               JOIN {quoted} c ON c.person = r.person AND c.course = r.course
              WHERE c.completed_at IS NOT NULL"
        );
        // Rendered texts are kept for ever, and there is one view to a process.
        Ok(Self { store, query: String::leak(query), patience })
    }

    async fn completed(&self, doubts: &BTreeSet<Doubt>) -> Result<BTreeSet<Completion>, StoreError> {
        let asked =
            doubts.iter().map(|(person, course)| record! { person: person.0, course: course.0 }).collect();
        let rows = self.store.pool.rows(self.query, vec![Param::Records(asked)]).await?;
        rows.iter().map(completion).collect()
    }
}

#[async_trait]
impl Evidence for View {
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        let why = match tokio::time::timeout(self.patience, self.completed(doubts)).await {
            Ok(Ok(completed)) => return Elsewhere { completed, unknown: BTreeSet::new() },
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("it did not answer within {:?}", self.patience),
        };
        tracing::warn!(why, "the view of what was completed elsewhere (evidence.view) cannot be read");
        Elsewhere { completed: BTreeSet::new(), unknown: doubts.clone() }
    }
}

fn completion(row: &Row) -> Result<Completion, StoreError> {
    let completed_at = Timestamp::from_microsecond(row.int("micros")?);
    let completed_at = completed_at.map_err(|error| corrupt(format!("completed_at: {error}")))?;
    Ok(Completion { person: row.id("person")?, course: row.id("course")?, completed_at })
}

/// The name, so that it is one to the database too.
fn quoted(name: &str) -> Option<String> {
    let is_plain = |part: &str| {
        !part.is_empty() && part.len() <= 63 && part.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let parts: Vec<_> = name.split('.').collect();
    let is_name = (1..=2).contains(&parts.len()) && parts.iter().all(|part| is_plain(part));
    is_name.then(|| parts.iter().map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join("."))
}
