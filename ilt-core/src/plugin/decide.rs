//! What becomes of a plugin that is changed.

use crate::desk::Refusal;
use crate::plugin::{Act, Change, Edition, Plugin, Step, Whose};

/// Editions of one plugin that are kept.
pub const MOST_EDITIONS: usize = 20;
/// Bytes of settings at most.
pub const MOST_SETTINGS: usize = 16 << 10;
/// Plugins for the same dealer, the same group or everybody at most.
pub const MOST_TOGETHER: usize = 10;

/// What becomes of a plugin, and what was done; nothing where nothing changes. `before` is what it was, when there was one.
///
/// # Errors
/// What keeps it from being done.
pub fn changed(before: Option<&Plugin>, change: &Change) -> Result<Option<(Step, Plugin)>, Refusal> {
    let Act::Add { whose, place, by, settings } = &change.act else {
        let before = before.ok_or_else(|| Refusal::not_found("plugin"))?;
        if change.version.is_some_and(|version| version != before.version) {
            return Err(Refusal::Stale { what: "plugin".to_owned(), version: before.version });
        }
        let after = step(before, change)?;
        return Ok(after.map(|(step, after)| (step, Plugin { version: before.version + 1, ..after })));
    };
    if before.is_some() {
        return Err(Refusal::invalid("/id", "this plugin is used already"));
    }
    not_too_long(settings)?;
    let first = Edition { number: 1, by: by.clone(), settings: settings.clone() };
    let (id, whose) = (change.plugin, whose.clone());
    let editions = vec![first];
    let added = Plugin { id, whose, place: *place, editions, active: None, before: None, version: 1 };
    Ok(Some((Step::Added, added)))
}

fn step(before: &Plugin, change: &Change) -> Result<Option<(Step, Plugin)>, Refusal> {
    let mut after = before.clone();
    let step = match &change.act {
        Act::Add { .. } => return Ok(None),
        Act::Revise { by, settings, place } => {
            revise(&mut after, by.as_ref(), settings.as_ref())?;
            after.place = place.unwrap_or(before.place);
            Step::Revised
        }
        Act::Activate { edition } => {
            must_say_why(change)?;
            let named = edition.map_or_else(|| before.newest(), |number| before.edition(number));
            let number = named.map(|it| it.number);
            let unknown = || Refusal::invalid("/edition", "there is no such edition of this plugin");
            activate(&mut after, Some(number.ok_or_else(unknown)?));
            Step::Activated
        }
        Act::RollBack => {
            must_say_why(change)?;
            let nothing =
                || Refusal::invalid("/id", "nothing counted before: there is nothing to go back to");
            activate(&mut after, Some(before.before.ok_or_else(nothing)?));
            Step::RolledBack
        }
        Act::SwitchOff => {
            must_say_why(change)?;
            activate(&mut after, None);
            Step::SwitchedOff
        }
        Act::Remove if before.active.is_some() => {
            return Err(Refusal::invalid("/id", "this plugin is active: switch it off first"));
        }
        Act::Remove => return Ok(Some((Step::Removed, after))),
    };
    Ok((after != *before).then_some((step, after)))
}

fn activate(plugin: &mut Plugin, edition: Option<u32>) {
    if plugin.active != edition {
        // What is off has nothing to go back to but what counted last.
        plugin.before = plugin.active.or(plugin.before);
        plugin.active = edition;
    }
}

fn revise(
    plugin: &mut Plugin,
    by: Option<&crate::opinion::Speaker>,
    settings: Option<&String>,
) -> Result<(), Refusal> {
    let Some(newest) = plugin.newest() else { return Ok(()) };
    let next = Edition {
        number: newest.number + 1,
        by: by.unwrap_or(&newest.by).clone(),
        settings: settings.unwrap_or(&newest.settings).clone(),
    };
    if next.by.plugin != newest.by.plugin {
        let detail = format!("is another plugin: this one is `{}`", newest.by.plugin);
        return Err(Refusal::invalid("/component", detail));
    }
    not_too_long(&next.settings)?;
    if (&next.by, &next.settings) == (&newest.by, &newest.settings) {
        return Ok(());
    }
    plugin.editions.push(next);
    if plugin.editions.len() > MOST_EDITIONS {
        let is_kept = |it: &Edition| [plugin.active, plugin.before].contains(&Some(it.number));
        let oldest = plugin.editions.iter().position(|it| !is_kept(it));
        oldest.map(|at| plugin.editions.remove(at));
    }
    Ok(())
}

fn not_too_long(settings: &str) -> Result<(), Refusal> {
    if settings.len() > MOST_SETTINGS {
        let detail = format!("must be at most {MOST_SETTINGS} bytes as JSON");
        return Err(Refusal::invalid("/settings", detail));
    }
    Ok(())
}

fn must_say_why(change: &Change) -> Result<(), Refusal> {
    if change.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty()) {
        return Ok(());
    }
    Err(Refusal::invalid("/reason", "must say why: learners are shown other sessions from now on"))
}

/// Whether one more plugin may be used for the same learners.
pub(crate) fn not_too_many<'p>(
    plugins: impl Iterator<Item = &'p Plugin>,
    whose: &Whose,
) -> Result<(), Refusal> {
    if plugins.filter(|it| it.whose == *whose).count() < MOST_TOGETHER {
        return Ok(());
    }
    Err(Refusal::invalid("/component", format!("at most {MOST_TOGETHER} plugins are used together")))
}
