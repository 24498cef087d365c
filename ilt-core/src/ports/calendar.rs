//! A calendar that other people use as well.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::calendar::{Busy, CalendarTrouble, Kept, Link, Mirror, Settled};
use crate::ids::PersonId;

/// Whether anything is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is made so.
    Settle,
    /// It is only said what would be done.
    Rehearse,
}

/// Calendars of those who teach.
#[async_trait]
pub trait Calendar: Send + Sync {
    /// Makes the calendars show a session, with as few calls as that takes; `kept` is what was remembered the last time, `links` whose
    /// calendars of those concerned can be written to. Who booked there by themselves is left alone and answered, unless it is
    /// said what they are told on leaving. It can be repeated after whatever interrupted it.
    ///
    /// # Errors
    /// When it could not be finished. What differs and cannot be repaired is no error.
    async fn settle(
        &self,
        wanted: &Mirror,
        kept: &Kept,
        links: &BTreeMap<PersonId, Link>,
        mode: Mode,
    ) -> Result<Settled, CalendarTrouble>;

    /// When these have something else in their calendars that overlaps with a time. Nothing of ours is in it.
    ///
    /// # Errors
    /// When it cannot be said of one of them.
    async fn busy(
        &self,
        links: &BTreeMap<PersonId, Link>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Busy>, CalendarTrouble>;
}

/// No calendar: everything is as it should be there.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCalendar;

#[async_trait]
impl Calendar for NoCalendar {
    async fn settle(
        &self,
        _: &Mirror,
        kept: &Kept,
        _: &BTreeMap<PersonId, Link>,
        _: Mode,
    ) -> Result<Settled, CalendarTrouble> {
        Ok(Settled { kept: kept.clone(), ..Settled::default() })
    }

    async fn busy(
        &self,
        _: &BTreeMap<PersonId, Link>,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<Busy>, CalendarTrouble> {
        Ok(Vec::new())
    }
}
