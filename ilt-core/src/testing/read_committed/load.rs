//! Loading the slice of the world that a batch needs: the statements of the SQL store's `load`, in their order.
//!
//! Every statement sees what is committed when it begins. A row that is locked is read once more when the lock is there; one
//! that did not exist when the statement began is not found by it. Without locks, for whoever only looks, all of it is one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::locks::{Held, Row};
use super::slice::{self, Slice};
use super::targets::{self, Targets};
use super::{ReadCommitted, Step};
use crate::catalog::{Course, Dealer, Location};
use crate::desk::{Ask, Remembered};
use crate::ids::{CourseId, DealerId, LocationId, PersonId, PluginId, SessionId};
use crate::planted::{self, Bug};
use crate::plugin::Plugin;
use crate::policy::Override;
use crate::ports::StoreError;
use crate::world::World;

/// What everything refers to, as of a version.
#[derive(Clone, Default)]
pub(super) struct Reference {
    version: u64,
    courses: Arc<BTreeMap<CourseId, Course>>,
    locations: Arc<BTreeMap<LocationId, Location>>,
    dealers: Arc<BTreeMap<DealerId, Dealer>>,
    rules: Vec<Override>,
    plugins: Arc<BTreeMap<PluginId, Plugin>>,
}

impl Reference {
    fn world(self) -> World {
        let Self { version: _, courses, locations, dealers, rules, plugins } = self;
        World { courses, locations, dealers, rules, plugins, ..World::default() }
    }
}

/// Loads what `ask` says, with rows locked where there is something to hold them.
pub(super) async fn load(
    store: &ReadCommitted,
    mut held: Option<&mut Held>,
    ask: &Ask,
) -> Result<World, StoreError> {
    let is_one_moment = held.is_none();
    let step = async || if is_one_moment { Ok(()) } else { store.step(Step::Read).await };

    step().await?;
    if let Some(held) = held.as_deref_mut().filter(|_| ask.must_be_alone()) {
        held.lock(Row::Reference).await?;
    }
    let reference = reference(store, is_one_moment).await?;
    if let Some(held) = held.as_deref_mut() {
        held.reference = Some(reference.version);
    }
    let mut world = reference.world();

    step().await?;
    let targets = store.read(|kept| Targets::of(&kept.world, ask));
    let mut there: Vec<SessionId> = store.read(|kept| slice::existing_sessions(kept, &targets.sessions));
    if planted::is(Bug::LockOrderReversed) && held.as_ref().is_some_and(|held| held.is_odd()) {
        there.reverse();
    }
    for id in there {
        if let Some(held) = held.as_deref_mut() {
            held.lock(Row::Session(id)).await?;
            held.sessions.insert(id, store.revision(id));
        }
        store.read(|kept| slice::hold_session(&mut world, kept, id));
    }

    if !ask.bookings.is_empty() {
        step().await?;
        let found = store.read(|kept| slice::booked(kept, &ask.bookings));
        step().await?;
        let others: Vec<_> = found.into_iter().filter(|id| !world.sessions.contains_key(id)).collect();
        store.read(|kept| slice::see_sessions(&mut world, kept, &others));
    }

    step().await?;
    let heads = store.read(|kept| targets::heads(&mut world, &kept.world, &targets.depths));
    let mut people: BTreeSet<PersonId> = ask.people.union(&targets.learners).copied().collect();
    people.extend(heads.iter().map(|head| head.learner));
    let groups: BTreeSet<_> =
        heads.iter().filter_map(|head| head.group).chain(targets.groups.iter().copied()).collect();
    if !groups.is_empty() {
        step().await?;
        people.extend(store.read(|kept| targets::members(&kept.world, &groups)));
    }
    if !ask.whole_sessions.is_empty() {
        step().await?;
        people.extend(store.read(|kept| targets::learners_of(&kept.world, &ask.whole_sessions)));
    }
    let whole = world.sessions.held().filter(|session| ask.whole_sessions.contains(&session.id));
    people.extend(whole.flat_map(|session| &session.instructors));
    step().await?;
    let there: Vec<PersonId> = store.read(|kept| slice::existing_people(kept, &people));
    for id in there {
        if let Some(held) = held.as_deref_mut() {
            held.lock(Row::Person(id)).await?;
        }
        store.read(|kept| slice::put_person(&mut world, kept, id));
    }
    step().await?;
    let mut named: BTreeSet<_> = ask.named.difference(&people).copied().collect();
    if ask.named_instructors {
        let teach = world.sessions.values().flat_map(|session| &session.instructors).copied();
        named.extend(teach.filter(|id| !people.contains(id)));
    }
    store.read(|kept| named.into_iter().for_each(|id| slice::put_person(&mut world, kept, id)));
    if ask.must_be_alone() {
        step().await?;
        store.read(|kept| slice::put_holders(&mut world, kept, &ask.addresses));
        step().await?;
        store.read(|kept| slice::put_leaders(&mut world, kept, &ask.leaders));
    }

    let slice = Slice { ask, people: &people };
    step().await?;
    store.read(|kept| slice.put_live(&mut world, kept));
    step().await?;
    store.read(|kept| slice.put_named(&mut world, kept));
    step().await?;
    store.read(|kept| Slice::put_moved(&mut world, kept));
    // What a learner holds elsewhere is only looked at, so it need not be locked.
    let elsewhere: BTreeSet<SessionId> = world.registrations.iter().map(|it| it.session).collect();
    let elsewhere: Vec<_> = elsewhere.into_iter().filter(|id| !world.sessions.contains_key(id)).collect();
    store.read(|kept| slice::see_sessions(&mut world, kept, &elsewhere));
    step().await?;
    store.read(|kept| slice::see_taught(&mut world, kept, &people));
    if !is_one_moment {
        step().await?;
        store.read(|kept| targets::put_unseen(&mut world, &kept.world, &targets.depths, ask));
    }
    step().await?;
    store.read(|kept| slice::put_capped(&mut world, kept));
    step().await?;
    store.read(|kept| slice.put_completions(&mut world, kept));
    store.read(|kept| slice.put_shown(&mut world, kept));
    step().await?;
    store.read(|kept| slice.put_remembered(&mut world, kept))?;
    let told: BTreeSet<_> = world.remembered.values().flat_map(Remembered::people).collect();
    let unknown: Vec<_> = told.into_iter().filter(|id| !world.people.contains_key(id)).collect();
    if !unknown.is_empty() {
        step().await?;
        store.read(|kept| unknown.into_iter().for_each(|id| slice::put_person(&mut world, kept, id)));
    }
    Ok(world)
}

/// Courses, locations, dealers and rules: those this host has kept, unless somebody has changed one since.
async fn reference(store: &ReadCommitted, is_one_moment: bool) -> Result<Reference, StoreError> {
    let version = store.database.reference.load(Ordering::Relaxed);
    let known = store.cache.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(known) = known.filter(|known| known.version == version) {
        return Ok(known);
    }
    let step = async || if is_one_moment { Ok(()) } else { store.step(Step::Read).await };
    let courses = store.read(|kept| kept.world.courses.clone());
    step().await?;
    let locations = store.read(|kept| kept.world.locations.clone());
    let dealers = store.read(|kept| kept.world.dealers.clone());
    step().await?;
    let rules = store.read(|kept| kept.world.rules.clone());
    let plugins = store.read(|kept| kept.world.plugins.clone());
    let loaded = Reference { version, courses, locations, dealers, rules, plugins };
    *store.cache.lock().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
    Ok(loaded)
}
