//! Plugins, and what was uploaded for them.

use jiff::ToSpan as _;

use super::{Backend, look, save};
use crate::desk::{Ask, Changes};
use crate::ids::EventId;
use crate::journal::{Actor, Entry, Event};
use crate::plugin::{Edition, Plugin, Step};
use crate::ports::{Component, Description};
use crate::testing::plans::{id, now, plugin};

fn component(digest: &str, minutes: i64) -> Component {
    let by = crate::opinion::Speaker { digest: digest.to_owned(), ..plugin(1).editions[0].by.clone() };
    Component {
        description: Description { by, summary: "Near first.".to_owned(), settings: "{}".to_owned() },
        at: now() + minutes.minutes(),
        by: Actor::Person(id(21).into()),
        bytes: (0..=255).cycle().take(100_000).collect(),
    }
}

fn saved(plugin: &Plugin) -> Changes {
    Changes { plugins: [(plugin.id, Some(plugin.clone()))].into(), ..Changes::default() }
}

/// Whoever asks next knows them as they are now.
pub async fn plugins_are_saved_changed_and_removed<S: Backend>(store: &S) {
    let (first, second) = (plugin(1), plugin(2));
    for changes in [saved(&first), saved(&second)] {
        save(store, &changes).await.expect("saved");
    }
    let off = Plugin { active: None, before: Some(1), version: 3, ..first.clone() };
    save(store, &saved(&off)).await.expect("saved");
    let known = look(store, &Ask::default()).await.plugins;
    assert_eq!(known.values().cloned().collect::<Vec<_>>(), [off, second.clone()]);
    let gone = Changes { plugins: [(first.id, None)].into(), ..Changes::default() };
    save(store, &gone).await.expect("saved");
    let (world, _) = store.catalogue(now()).await.expect("read");
    assert_eq!(world.plugins.values().cloned().collect::<Vec<_>>(), [second]);
}

/// Whoever uploads the same once more has changed nothing.
pub async fn what_was_uploaded_is_kept_once_and_to_the_byte<S: Backend>(store: &S) {
    let first = component("ab", 0);
    store.keep(&first).await.expect("kept");
    store.keep(&component("ab", 5)).await.expect("kept");
    assert_eq!(store.component("ab").await.expect("read"), Some(first.clone()));
    assert_eq!(store.description("ab").await.expect("read"), Some(first.description));
    assert_eq!(store.component("cd").await.expect("read"), None);
    assert_eq!(store.description("cd").await.expect("read"), None);
}

/// An edition that may be activated again keeps what it needs.
pub async fn what_no_plugin_uses_is_forgotten<S: Backend>(store: &S) {
    for (digest, minutes) in [("active", 0), ("earlier", 0), ("unused", 0), ("fresh", 60)] {
        store.keep(&component(digest, minutes)).await.expect("kept");
    }
    let edition = |number, digest: &str| Edition {
        number,
        by: component(digest, 0).description.by,
        settings: "{}".to_owned(),
    };
    let editions = vec![edition(1, "earlier"), edition(2, "active")];
    save(store, &saved(&Plugin { editions, active: Some(2), ..plugin(1) })).await.expect("saved");
    assert_eq!(store.forget_unused(now() + 30.minutes(), 10).await.expect("forgotten"), 1);
    for (digest, is_kept) in [("active", true), ("earlier", true), ("unused", false), ("fresh", true)] {
        assert_eq!(store.component(digest).await.expect("read").is_some(), is_kept, "{digest}");
    }
}

/// Each plugin has a history of its own.
pub async fn what_was_done_to_a_plugin_comes_latest_first<S: Backend>(store: &S) {
    let entry = |number: u32, did, of| Entry {
        sequence: 0,
        id: EventId(id(number)),
        at: now(),
        actor: Actor::system("test"),
        session: None,
        learner: None,
        registration: None,
        reason: Some(format!("reason {number}")),
        correlation: id(3),
        event: Event::PluginChanged { did, plugin: Box::new(plugin(of)) },
        seats: None,
    };
    let entries = vec![
        entry(1, Step::Added, 1),
        entry(2, Step::Added, 2),
        entry(3, Step::Activated, 1),
        entry(4, Step::SwitchedOff, 1),
    ];
    save(store, &Changes { entries, ..Changes::default() }).await.expect("saved");
    let told =
        |entries: Vec<Entry>| entries.into_iter().map(|it| it.reason.unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(
        told(store.history(id(1).into(), 9).await.expect("read")),
        ["reason 4", "reason 3", "reason 1"]
    );
    assert_eq!(told(store.history(id(1).into(), 1).await.expect("read")), ["reason 4"]);
    assert_eq!(told(store.history(id(7).into(), 9).await.expect("read")), [""; 0]);
}
