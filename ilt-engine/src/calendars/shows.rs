//! How far calendars show a session, and where its pages are in them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::calendar::{Busy, Showing, Spot};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::{Calendar, Mirrors, StoreError};
use jiff::Timestamp;

use super::keeper::KeeperTrouble;

/// The address of a day in the calendar's own pages, by the name under which its user's are found.
pub type PageOf = Arc<dyn Fn(&str, SessionId, u16) -> Option<String> + Send + Sync>;

/// One day of a session in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownDay {
    /// Which part, the first being 0.
    pub part: u16,
    /// In whose calendar.
    pub instructor: PersonId,
    /// What can be booked there, in the calendar's own name.
    pub event_type: String,
    /// Its page, where the calendar's pages are known.
    pub page: Option<String>,
}

/// How long somebody who plans a session waits for calendars; then it is planned without having looked.
const PATIENCE: Duration = Duration::from_secs(3);

/// Tells how far calendars show something, and what else is in them. Clones are the same.
#[derive(Clone)]
pub struct Shows {
    /// What is remembered.
    pub mirrors: Arc<dyn Mirrors>,
    /// Who is asked what else is there.
    pub calendar: Arc<dyn Calendar>,
    /// Where pages are.
    pub page_of: PageOf,
}

impl Shows {
    /// How far a session is shown.
    ///
    /// # Errors
    /// The store's.
    pub async fn showing(&self, session: SessionId) -> Result<Showing, StoreError> {
        self.mirrors.showing(session).await
    }

    /// The days that are shown of it, each with its page.
    ///
    /// # Errors
    /// The store's.
    pub async fn days(&self, session: SessionId, showing: &Showing) -> Result<Vec<ShownDay>, StoreError> {
        let places = &showing.kept.places;
        let instructors: BTreeSet<_> = places.keys().map(|it| it.instructor).collect();
        let links = self.mirrors.links(Some(&instructors)).await?;
        let day = |(spot, event_type): (&Spot, String)| {
            let Spot { part, instructor } = *spot;
            let link = links.get(&instructor);
            let page = link.and_then(|link| (self.page_of)(&link.username, session, part));
            ShownDay { part, instructor, event_type, page }
        };
        let known = places.iter().filter_map(|(spot, place)| Some((spot, place.event_type.clone()?)));
        Ok(known.map(day).collect())
    }

    /// What these instructors have in their own calendars around a time; nothing of those who are not linked. A calendar that is away
    /// stops nobody from planning: whatever could not be looked at is not in the way, and that is counted.
    pub async fn busy(&self, instructors: &[PersonId], from: Timestamp, to: Timestamp) -> Vec<Busy> {
        match tokio::time::timeout(PATIENCE, self.asked(instructors, from, to)).await {
            Ok(Ok(busy)) => busy,
            Ok(Err(trouble)) => unknown(&trouble.to_string()),
            Err(_) => unknown("it took too long"),
        }
    }

    async fn asked(
        &self,
        instructors: &[PersonId],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Busy>, KeeperTrouble> {
        let links = self.mirrors.links(Some(&instructors.iter().copied().collect())).await?;
        if links.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.calendar.busy(&links, from, to).await?)
    }
}

fn unknown(said: &str) -> Vec<Busy> {
    metrics::counter!("ilt_calendar_unasked_total").increment(1);
    tracing::warn!(said, "a session is planned without having looked at its instructors' own calendars");
    Vec::new()
}
