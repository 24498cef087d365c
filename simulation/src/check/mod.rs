//! What must hold after every commit, whatever happened: one promise in a file.
//!
//! # Flow
//! [`Watch::after_commit`] takes the entries that came since → looks at each before it is applied to what was replayed so far
//! (who is overtaken, which gate was passed) → applies it → looks at all that is committed, in one moment.
//!
//! The promises are written with no code of the desk: what keeps somebody from a seat, and who could take one, is worked out
//! here once more, from the state alone.

mod agreed;
mod answers;
mod following;
mod gate;
mod groups;
mod leaving;
mod ledger;
mod moves;
mod once;
mod one_life;
mod queues;
mod replay;

use std::collections::BTreeSet;

use ilt_core::ids::RegistrationId;
use ilt_core::journal::{Entry, Event};
use ilt_core::world::World;
use jiff::Timestamp;

pub use answers::Said;
pub use following::Followed;
pub use once::Attempts;

macro_rules! promises {
    ($($(#[doc = $doc:literal])+ $promise:ident = $word:literal),* $(,)?) => {
        /// What is promised.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Promise {
            $($(#[doc = $doc])+ $promise,)*
        }

        impl Promise {
            /// Every promise.
            pub const ALL: &[Self] = &[$(Self::$promise),*];

            /// The word by which it is asked for.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$promise => $word,)*
                }
            }

            /// What it promises.
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$promise => concat!($($doc),+),)*
                }
            }
        }
    };
}

promises! {
    /// The five numbers add up, and are the people.
    Ledger = "ledger",
    /// At most one live registration for each learner and session, and nobody has two seats at one time.
    OneLife = "one-life",
    /// Whoever could take an open seat does not wait for it, unless an entry says why.
    Queues = "queues",
    /// A newcomer is never given a seat that somebody in the queue may have.
    Overtaken = "overtaken",
    /// Every way to a confirmed seat asks every obstacle of now.
    Gate = "gate",
    /// Whoever leaves has no seat, offer, request or place.
    Leaving = "leaving",
    /// People who wait together are placed together.
    Groups = "groups",
    /// Swaps and transfers never leave a learner without a seat.
    Moves = "moves",
    /// Replaying the journal rebuilds the state, with numbers and versions that go up by one.
    Replay = "replay",
    /// What was answered stays true until an entry takes it away.
    Kept = "kept",
    /// The same key gives the same answer.
    SameAnswer = "same-answer",
    /// Every request has its effect once.
    Once = "once",
    /// Every order is answered, within so many steps.
    Answered = "answered",
    /// No order is answered with a fault of ours.
    Sound = "sound",
    /// Rows are locked in one order: nobody ever waits in a circle.
    LockOrder = "lock-order",
    /// Whoever follows the journal sees every entry once and in order, and its effects are not lost.
    Following = "following",
}

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// How.
    pub how: String,
}

impl Broken {
    /// This promise, in this way.
    pub fn new(promise: Promise, how: impl Into<String>) -> Self {
        Self { promise, how: how.into() }
    }
}

/// Promises that are looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises(u32);

impl Promises {
    /// All of them.
    pub const ALL: Self = Self(u32::MAX);
    /// None of them.
    pub const NONE: Self = Self(0);

    /// These, and one more.
    #[must_use]
    pub const fn and(self, promise: Promise) -> Self {
        Self(self.0 | 1 << promise as u32)
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, promise: Promise) -> Self {
        Self(self.0 & !(1 << promise as u32))
    }

    /// Whether it is among them.
    pub const fn has(self, promise: Promise) -> bool {
        self.0 & 1 << promise as u32 != 0
    }
}

/// What is known of a history so far.
#[derive(Clone)]
pub struct Watch {
    promises: Promises,
    replayed: World,
    seen: usize,
    groups: groups::Groups,
    /// Seats that may overlap with others: an admin said why, or their session was moved.
    excused: BTreeSet<RegistrationId>,
    /// What was agreed on before the last changes of it.
    agreed: agreed::Agreed,
    /// Who waits for a seat that only a change of what is agreed on has opened to them: time is to see to it.
    opened: BTreeSet<RegistrationId>,
    /// The entry before took a seat that was set aside, for the one that comes now.
    from_block: bool,
}

impl Watch {
    /// One that has seen nothing yet.
    pub fn new(promises: Promises) -> Self {
        Self {
            promises,
            replayed: World::default(),
            seen: 0,
            groups: groups::Groups::default(),
            excused: BTreeSet::new(),
            agreed: agreed::Agreed::default(),
            opened: BTreeSet::new(),
            from_block: false,
        }
    }

    /// The same, looking after other promises.
    #[must_use]
    pub fn looking_after(mut self, promises: Promises) -> Self {
        self.promises = promises;
        self
    }

    /// Looks at what was committed since: all that is known, and the whole journal. `latest` is the latest that any clock has
    /// shown.
    pub fn after_commit(&mut self, world: &World, entries: &[Entry], latest: Timestamp) -> Option<Broken> {
        let mut found = Vec::new();
        let new = &entries[self.seen..];
        let given_up: BTreeSet<_> =
            new.iter().filter(|it| ends(&it.event)).filter_map(|it| it.registration).collect();
        for (at, entry) in new.iter().enumerate() {
            let number = (self.seen + at + 1) as u64;
            found.extend(replay::numbered(entry, number));
            found.extend(replay::version(&self.replayed, entry));
            found.extend(self.overtaken(entry, new.get(at + 1), latest));
            found.extend(self.gate(entry, &given_up));
            self.excuse(entry);
            self.groups.take(entry);
            self.agreed.note(&self.replayed, entry);
            found.extend(replay::apply(&mut self.replayed, entry));
        }
        self.seen = entries.len();
        found.extend(replay::same(&mut self.replayed, world));
        found.extend(ledger::broken(world));
        found.extend(one_life::broken(world, &self.excused));
        found.extend(self.waits_in_vain(world, new, latest));
        found.extend(leaving::broken(world, latest));
        found.extend(self.groups.broken(world, new));
        found.extend(moves::broken(world, new));
        found.into_iter().find(|broken| self.promises.has(broken.promise))
    }

    /// A seat that the gate should have kept, by what was agreed on when the transaction can have begun or any time since.
    fn gate(&self, entry: &Entry, given_up: &BTreeSet<RegistrationId>) -> Option<Broken> {
        let broken = gate::passed(&self.replayed, entry, given_up)?;
        let was_right = |before: World| gate::passed(&before, entry, given_up).is_none();
        (!self.agreed.before(&self.replayed).any(was_right)).then_some(broken)
    }

    /// Somebody who waits for a seat that they could take. What is agreed on is changed without a look at queues.
    fn waits_in_vain(&mut self, world: &World, new: &[Entry], latest: Timestamp) -> Option<Broken> {
        if new.iter().any(agreed::changes) {
            self.opened.extend(queues::in_vain(world, latest).map(|(waiting, _)| waiting.id));
        }
        if !self.opened.is_empty() {
            let still: BTreeSet<_> = queues::in_vain(world, latest).map(|(waiting, _)| waiting.id).collect();
            self.opened.retain(|it| still.contains(it));
        }
        queues::waits_in_vain(world, &self.opened, latest)
    }

    /// Nothing is under way: whatever begins now sees everything that was committed.
    pub fn all_is_quiet(&mut self) {
        self.agreed.forget();
    }

    /// A newcomer who gets a seat while somebody in the queue could have it.
    ///
    /// A seat that was set aside is taken in an entry of its own, right before that of the newcomer: it is looked at as it was
    /// before both.
    fn overtaken(&mut self, entry: &Entry, next: Option<&Entry>, latest: Timestamp) -> Option<Broken> {
        let is_block = matches!(entry.event, Event::BlockUsed(_));
        if std::mem::replace(&mut self.from_block, is_block) {
            return None;
        }
        let entry = if is_block { next? } else { entry };
        let (session, newcomer) = (entry.session?, entry.learner?);
        let is_new = entry.registration.is_some_and(|id| self.replayed.registrations.get(id).is_none());
        let takes_a_seat = is_new
            && matches!(
                entry.event,
                Event::Registered | Event::Requested { .. } | Event::WalkedIn { beyond: false }
            );
        if !takes_a_seat {
            return None;
        }
        let who = queues::overtaken_by(&self.replayed, session, newcomer, latest)?;
        let (newcomer, who, session) = (named(newcomer), named(who.learner), named(session));
        let how = format!("{newcomer} is given a seat in {session} that {who}, who waits, could have");
        Some(Broken::new(Promise::Overtaken, how))
    }

    fn excuse(&mut self, entry: &Entry) {
        let is_moved = matches!(entry.event, Event::SessionMoved { .. });
        let is_override = entry.reason.is_some() && gate::gives_a_seat(&entry.event);
        if is_moved || is_override {
            self.excused.extend(entry.registration);
        }
    }
}

/// Whether a registration is over with this.
const fn ends(event: &Event) -> bool {
    matches!(
        event,
        Event::Cancelled { .. }
            | Event::Transferred { .. }
            | Event::Substituted { .. }
            | Event::Displaced { .. }
            | Event::EndedWithSession
            | Event::Declined
            | Event::RequestLapsed
            | Event::WaitEnded
    )
}

/// What people call it.
fn named(thing: impl Into<uuid::Uuid>) -> String {
    let thing = thing.into();
    crate::town::name(thing).unwrap_or_else(|| format!("…{:x}", thing.as_u128() & 0xffff))
}
