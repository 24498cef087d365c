//! What people completed elsewhere, as a view of the customer's tells it.
//!
//! The view is asked over connections of its own, so that it keeps nobody from the ledger, however slow it is, and nobody from starting, should
//! it be away. What it says is read as it is written, on both databases alike: what makes no sense is not known.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::catalog::Completion;
use ilt_core::fault::with_causes;
use ilt_core::ports::{Clock, Doubt, Elsewhere, Evidence, StoreError};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::connect::{BadUrl, guest};
use crate::seam::{Dialect, Param, Pool};

/// Connections to where the view is.
const CONNECTIONS: u32 = 4;
/// By how much a day begins earlier somewhere on earth than in UTC.
const EAST: SignedDuration = SignedDuration::from_hours(14);

/// A view or table with the columns `person` and `course` (ids) and `completed_at` (on PostgreSQL a timestamp or a date, on SQLite a text such
/// as `2026-03-28` or `2026-03-28T16:00:00Z`).
pub struct View {
    pool: Pool,
    query: &'static str,
    patience: Duration,
    clock: Arc<dyn Clock>,
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
    /// A view in the database that `url` names, each question to which may take so long. It is looked at when something is asked.
    ///
    /// # Errors
    /// When the name or the URL makes no sense.
    pub fn open(url: &str, name: &str, patience: Duration, clock: Arc<dyn Clock>) -> Result<Self, BadView> {
        let quoted = quoted(name).ok_or_else(|| BadView::Name(name.chars().take(100).collect()))?;
        let (dialect, pool) = guest(url, CONNECTIONS, patience)?;
        let latest = match dialect {
            // Where every type is taken for every other, nothing but text is a time.
            Dialect::Sqlite => {
                "max(CASE typeof(c.completed_at) WHEN 'text' THEN c.completed_at ELSE '?' END)"
            }
            Dialect::Postgres => "max(c.completed_at)::text",
        };
        // People and courses apart: a view that takes its time is gone through once, and not for each who is asked about.
        let query = format!(
            "SELECT c.person, c.course, {latest} AS latest FROM {quoted} c
              WHERE c.person {{in $1}} AND c.course {{in $2}} AND c.completed_at IS NOT NULL
              GROUP BY c.person, c.course"
        );
        // Rendered texts are kept for ever, and there is one view to a process.
        Ok(Self { pool, query: String::leak(query), patience, clock })
    }

    async fn said(&self, doubts: &BTreeSet<Doubt>) -> Result<Elsewhere, StoreError> {
        let people = Param::Ids(doubts.iter().map(|(person, _)| person.0).collect());
        let courses = Param::Ids(doubts.iter().map(|(_, course)| course.0).collect());
        let rows = self.pool.rows_while_wanted(self.query, vec![people, courses]).await?;
        let mut said = Elsewhere::default();
        for row in rows {
            let (person, course) = (row.id("person")?, row.id("course")?);
            if !doubts.contains(&(person, course)) {
                continue;
            }
            match self.completed_at(&row.text("latest")?) {
                Some(completed_at) => said.completed.insert(Completion { person, course, completed_at }),
                None => said.unknown.insert((person, course)),
            };
        }
        let nonsense = said.unknown.len();
        if nonsense > 0 {
            tracing::warn!(
                nonsense,
                "the view of what was completed elsewhere (evidence.view) has a completed_at that is no time"
            );
        }
        Ok(said)
    }

    /// A time as it is written: an instant, what clocks show in UTC, or a day. A day that has begun anywhere on earth is today.
    fn completed_at(&self, said: &str) -> Option<Timestamp> {
        if let Ok(at) = said.parse::<Timestamp>() {
            return Some(at);
        }
        let is_day = said.len() == "2026-03-28".len();
        let wall =
            if is_day { said.parse::<Date>().ok()?.at(0, 0, 0, 0) } else { said.parse::<DateTime>().ok()? };
        let (at, now) = (wall.to_zoned(TimeZone::UTC).ok()?.timestamp(), self.clock.now());
        Some(if is_day && (now..now + EAST).contains(&at) { now } else { at })
    }
}

#[async_trait]
impl Evidence for View {
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        let why = match tokio::time::timeout(self.patience, self.said(doubts)).await {
            Ok(Ok(said)) => return said,
            Ok(Err(error)) => with_causes(&error),
            Err(_) => format!("it did not answer within {:?}", self.patience),
        };
        tracing::warn!(why, "the view of what was completed elsewhere (evidence.view) cannot be read");
        Elsewhere { completed: BTreeSet::new(), unknown: doubts.clone() }
    }
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
