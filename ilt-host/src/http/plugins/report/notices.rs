//! Who would have been told of what, and when.

use std::collections::BTreeMap;

use ilt_core::notice::advice::ToldAs;
use ilt_engine::rehearsal::{Fate, Hears, Notices, Retold, Shift, Unasked};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::contract::words;

/// Notices that would have been told at another time, not at all, or as well.
#[derive(Serialize, ToSchema)]
pub struct NoticesView {
    /// Entries of the journal about which the plugin was asked.
    entries: u64,
    /// How often it was asked: once for each learner to whom an entry happened.
    asked: u64,
    /// How often it could not be asked as it would have been then, by why.
    #[schema(value_type = BTreeMap<String, u64>)]
    unrepeated: BTreeMap<Unasked, u64>,
    /// Notices that are told without the plugin as soon as something happened, whatever the hour.
    urgently: u64,
    /// Notices that are told without it as soon as something happened.
    at_once: u64,
    /// Notices that are told without it with the digest.
    digest: u64,
    /// Of all these, how many are told with it as they are without.
    unchanged: u64,
    /// How many are not told.
    muted: u64,
    /// How many are told with the digest instead.
    to_digest: u64,
    /// How many are told at another minute instead.
    to_minute: u64,
    /// How many are told at once instead.
    to_at_once: u64,
    /// How many are told to somebody as well, by what they are to the learner.
    #[schema(value_type = BTreeMap<String, u64>)]
    added: BTreeMap<ToldAs, u64>,
    /// How many more and how many fewer are told of what happened, by its word.
    kinds: BTreeMap<&'static str, ShiftView>,
    /// Some of those that would have been told otherwise.
    examples: Vec<RetoldView>,
}

/// How notices of one sort of happening change.
#[derive(Serialize, ToSchema)]
pub struct ShiftView {
    /// How many are told as well.
    more: u64,
    /// How many are not told.
    fewer: u64,
    /// How many are told at another time.
    moved: u64,
}

/// A notice that somebody would have heard at another time, not at all, or as well.
#[derive(Serialize, ToSchema)]
pub struct RetoldView {
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What happened, by its word.
    kind: &'static str,
    session: Option<Uuid>,
    /// To whom it happened.
    learner: Uuid,
    /// Who is told.
    person: Uuid,
    #[schema(value_type = words::ToldAs)]
    told_as: ToldAs,
    #[schema(value_type = words::NoticeChange)]
    change: Fate,
    /// When they are told without the plugin.
    #[schema(value_type = words::Hears)]
    before: Hears,
    /// When they are told with it.
    #[schema(value_type = words::Hears)]
    after: Hears,
    /// From which instant on, when they are told later.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    plugin: String,
    reason: String,
}

impl From<&Notices> for NoticesView {
    fn from(notices: &Notices) -> Self {
        Self {
            entries: notices.entries,
            asked: notices.asked,
            unrepeated: notices.unrepeated.clone(),
            urgently: notices.urgently,
            at_once: notices.at_once,
            digest: notices.digest,
            unchanged: notices.unchanged,
            muted: notices.muted,
            to_digest: notices.to_digest,
            to_minute: notices.to_minute,
            to_at_once: notices.to_at_once,
            added: notices.added.clone(),
            kinds: notices.kinds.iter().map(|(kind, shift)| (*kind, ShiftView::from(shift))).collect(),
            examples: notices.examples.iter().map(RetoldView::from).collect(),
        }
    }
}

impl From<&Shift> for ShiftView {
    fn from(shift: &Shift) -> Self {
        let Shift { more, fewer, moved } = *shift;
        Self { more, fewer, moved }
    }
}

impl From<&Retold> for RetoldView {
    fn from(one: &Retold) -> Self {
        Self {
            at: one.at,
            kind: one.kind,
            session: one.session.map(|it| it.0),
            learner: one.learner.0,
            person: one.person.0,
            told_as: one.told_as,
            change: one.change,
            before: one.before,
            after: one.after,
            from: one.from,
            plugin: one.plugin.clone(),
            reason: one.reason.clone(),
        }
    }
}
