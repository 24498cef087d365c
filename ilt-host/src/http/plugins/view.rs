//! Plugins as they are shown.

use ilt_core::ids::PersonId;
use ilt_core::journal::{Entry, Event};
use ilt_core::plugin::{Edition, Plugin, Whose};
use ilt_engine::workshop::Noted;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::contract::words;
use crate::http::views::who;

/// A component together with its settings.
#[derive(Serialize, ToSchema)]
pub struct EditionView {
    number: u32,
    component: String,
    version: String,
    #[schema(value_type = Object)]
    settings: Value,
}

/// A plugin as it is used.
#[derive(Serialize, ToSchema)]
pub struct PluginView {
    id: Uuid,
    /// What it is called.
    plugin: String,
    /// The dealer for whose learners it speaks; absent when it speaks for more.
    dealer: Option<Uuid>,
    /// The dealer group for whose learners it speaks; absent, like `dealer`, when it speaks for everybody's.
    dealer_group: Option<String>,
    /// Where it comes among others: the smallest first.
    place: u32,
    /// The number of the edition that counts now; absent when it is off.
    active: Option<u32>,
    /// The number of the edition that counted before, to which it can be rolled back.
    before: Option<u32>,
    /// Oldest first.
    editions: Vec<EditionView>,
    version: u64,
}

impl From<&Edition> for EditionView {
    fn from(edition: &Edition) -> Self {
        Self {
            number: edition.number,
            component: edition.by.digest.clone(),
            version: edition.by.version.clone(),
            settings: serde_json::from_str(&edition.settings).unwrap_or_default(),
        }
    }
}

impl From<&Plugin> for PluginView {
    fn from(plugin: &Plugin) -> Self {
        let (dealer, dealer_group) = match &plugin.whose {
            Whose::Everybody => (None, None),
            Whose::DealerGroup(group) => (None, Some(group.clone())),
            Whose::Dealer(dealer) => (Some(dealer.0), None),
        };
        Self {
            id: plugin.id.0,
            plugin: plugin.newest().map(|it| it.by.plugin.clone()).unwrap_or_default(),
            dealer,
            dealer_group,
            place: plugin.place,
            active: plugin.active,
            before: plugin.before,
            editions: plugin.editions.iter().map(EditionView::from).collect(),
            version: plugin.version,
        }
    }
}

/// One thing that was done to a plugin.
#[derive(Serialize, ToSchema)]
pub struct StepView {
    #[schema(value_type = words::PluginStep)]
    what: &'static str,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `you`, a person's id, or the part of the system that did it.
    by: String,
    /// As whoever did it said.
    why: Option<String>,
    /// The number of the edition that counted then; absent when it was off.
    active: Option<u32>,
    /// The newest edition then.
    newest: Option<u32>,
}

impl StepView {
    pub fn of(entry: &Entry, caller: PersonId) -> Option<Self> {
        let Event::PluginChanged { did, plugin } = &entry.event else { return None };
        let by = who(&entry.actor, caller);
        let newest = plugin.newest().map(|it| it.number);
        Some(Self {
            what: did.word(),
            at: entry.at,
            by,
            why: entry.reason.clone(),
            active: plugin.active,
            newest,
        })
    }
}

/// A line of a plugin's log on the host that answers.
#[derive(Serialize, ToSchema)]
pub struct LogView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether it is more than a remark.
    is_warning: bool,
    text: String,
}

impl From<Noted> for LogView {
    fn from(Noted { at, is_warning, text }: Noted) -> Self {
        Self { at, is_warning, text }
    }
}
