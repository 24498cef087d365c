//! How far calendars show a session, and where its pages are in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use ilt_core::calendar::{Showing, Spot};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::{Mirrors, StoreError};

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

/// Tells how far calendars show something. Clones are the same.
#[derive(Clone)]
pub struct Shows {
    /// What is remembered.
    pub mirrors: Arc<dyn Mirrors>,
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
}
