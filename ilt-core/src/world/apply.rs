//! How an entry of the journal changes what is known.

use std::sync::Arc;

use crate::attendance::Attendance;
use crate::catalog::Completion;
use crate::ids::RegistrationId;
use crate::journal::{Entry, Event};
use crate::plugin::{Plugin, Step};
use crate::registration::{Registration, Status, Wait};
use crate::session::{Block, Claim, Seats, Session, SessionStatus};
use crate::world::{NotHeld, World};

/// An entry that does not fit what is known: a fault of ours, never of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("journal entry `{word}` does not fit: {why}")]
pub struct DoesNotFit {
    word: &'static str,
    why: String,
}

impl DoesNotFit {
    pub(crate) fn new(event: &Event, why: &str) -> Self {
        Self { word: event.word(), why: why.to_owned() }
    }
}

/// Why an entry was not applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It changes a session that is not held: whoever decides must hold it first.
    #[error("session {} would change, and is not held", _0.0)]
    NotHeld(NotHeld),
    /// It cannot follow what is known.
    #[error(transparent)]
    DoesNotFit(#[from] DoesNotFit),
}

/// The same, before it is known of which entry.
enum Why {
    NotHeld(NotHeld),
    Unfit(String),
}

impl From<NotHeld> for Why {
    fn from(session: NotHeld) -> Self {
        Self::NotHeld(session)
    }
}

impl From<String> for Why {
    fn from(why: String) -> Self {
        Self::Unfit(why)
    }
}

impl From<&str> for Why {
    fn from(why: &str) -> Self {
        Self::Unfit(why.to_owned())
    }
}

impl World {
    /// Applies one entry, decided just now or replayed. One that is not applied has changed nothing.
    ///
    /// # Errors
    /// [`Misfit`] when the entry cannot follow what is known, or changes a session that is not held.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), Misfit> {
        self.try_apply(entry).map_err(|why| match why {
            Why::NotHeld(session) => Misfit::NotHeld(session),
            Why::Unfit(why) => Misfit::DoesNotFit(DoesNotFit { word: entry.event.word(), why }),
        })
    }

    fn use_plugin(&mut self, did: Step, plugin: &Plugin) {
        let plugins = Arc::make_mut(&mut self.plugins);
        match did {
            Step::Removed => drop(plugins.remove(&plugin.id)),
            _ => drop(plugins.insert(plugin.id, plugin.clone())),
        }
    }

    fn try_apply(&mut self, entry: &Entry) -> Result<(), Why> {
        match &entry.event {
            Event::CoursesSaved(courses) => {
                Arc::make_mut(&mut self.courses).extend(courses.iter().map(|it| (it.id, it.clone())));
            }
            Event::LocationsSaved(saved) => {
                Arc::make_mut(&mut self.locations).extend(saved.iter().map(|it| (it.id, it.clone())));
            }
            Event::DealersSaved(dealers) => {
                Arc::make_mut(&mut self.dealers).extend(dealers.iter().map(|it| (it.id, it.clone())));
            }
            Event::PeopleSaved(people) => self.people.extend(people.iter().map(|it| (it.id, it.clone()))),
            Event::CompletionsRecorded(completions) => {
                for completion in completions {
                    let known = self.completions.entry(completion.person).or_default();
                    if let Err(at) = known.binary_search(completion) {
                        known.insert(at, *completion);
                    }
                }
            }
            Event::CompletionsWithdrawn(completions) => {
                for completion in completions {
                    self.withdraw(completion);
                }
            }
            Event::RuleSet(set) => {
                self.rules.retain(|known| known.scope != set.scope || known.rule != set.rule);
                self.rules.push(set.clone());
            }
            Event::RuleCleared(scope, rule) => {
                self.rules.retain(|known| known.scope != *scope || known.rule != *rule);
            }
            Event::PluginChanged { did, plugin } => self.use_plugin(*did, plugin),
            Event::SessionScheduled(session) | Event::SessionChanged(session) => {
                if self.sessions.contains_key(&session.id) {
                    self.sessions.change(session.id)?;
                }
                self.sessions.hold(session.as_ref().clone());
            }
            Event::SessionPublished | Event::SessionCancelled | Event::SessionCompleted => {
                let session = self.session_of(entry)?;
                session.version += 1;
                session.status = match entry.event {
                    Event::SessionPublished => SessionStatus::Published { at: entry.at },
                    Event::SessionCompleted => SessionStatus::Completed { at: entry.at },
                    _ => SessionStatus::Cancelled {
                        at: entry.at,
                        reason: entry.reason.clone().unwrap_or_default(),
                        announced: true,
                    },
                };
            }
            Event::BlockSaved(_)
            | Event::BlockUsed(_)
            | Event::BlockRefilled(_)
            | Event::BlockNamingDue(_)
            | Event::BlockReleased(_) => self.set_aside(entry)?,
            Event::AlternativesShown(shown) => self.shown.extend(shown.iter().map(|it| (it.id, it.clone()))),
            Event::AlternativeTaken(id) => {
                if let Some(shown) = self.shown.get_mut(id) {
                    shown.taken = entry.registration;
                }
            }
            Event::Reminded { .. } => self.session_of(entry)?.reminded_at = Some(entry.at),
            Event::SeatsRecounted(seats) => self.session_of(entry)?.seats = *seats,
            Event::SessionBelowMinimum { .. } | Event::AttendanceMissing { .. } | Event::FeedRenewed => {}
            Event::SessionMoved { .. }
            | Event::ClashArose { .. }
            | Event::Registered
            | Event::AdmittedBeyond
            | Event::WalkedIn { .. }
            | Event::AttendanceMarked { .. }
            | Event::AttendanceSettled { .. }
            | Event::Requested { .. }
            | Event::RequestPassedOn
            | Event::Approved
            | Event::ApprovedBeforehand
            | Event::Declined
            | Event::RequestLapsed
            | Event::Waitlisted { .. }
            | Event::OfferMade { .. }
            | Event::OfferWarned
            | Event::OfferTaken
            | Event::OfferDeclined
            | Event::OfferLapsed
            | Event::WaitPaused
            | Event::Prioritised { .. }
            | Event::WaitResumed
            | Event::SeatAnnounced
            | Event::WaitEnded
            | Event::Promoted
            | Event::Skipped { .. }
            | Event::Cancelled { .. }
            | Event::Transferred { .. }
            | Event::Substituted { .. }
            | Event::TookOver { .. }
            | Event::Displaced { .. }
            | Event::EndedWithSession => self.step(entry)?,
        }
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, completion: &Completion) {
        if let Some(known) = self.completions.get_mut(&completion.person) {
            known.retain(|it| it != completion);
        }
    }

    /// The session that an entry is about, to be changed.
    fn session_of(&mut self, entry: &Entry) -> Result<&mut Session, Why> {
        Ok(self.sessions.change(entry.session.ok_or("it names no session")?)?)
    }

    /// Changes what is set aside for a dealer, and the session's seats with it.
    fn set_aside(&mut self, entry: &Entry) -> Result<(), Why> {
        let session = self.session_of(entry)?;
        let block = |dealer| session.blocks.iter().position(|block| block.dealer == dealer).ok_or("no block");
        match &entry.event {
            Event::BlockSaved(saved) => {
                session.blocks.retain(|known| known.dealer != saved.dealer);
                let place = session.blocks.partition_point(|known| known.dealer < saved.dealer);
                session.blocks.insert(place, saved.clone());
            }
            Event::BlockUsed(dealer) => {
                let at = block(*dealer)?;
                session.blocks[at].used += 1;
                session.blocks[at].users.extend(entry.registration);
            }
            Event::BlockRefilled(dealer) => {
                let at = block(*dealer)?;
                let used = session.blocks[at].used.checked_sub(1);
                session.blocks[at].used = used.ok_or("none of the block is used")?;
                if let Some(id) = entry.registration {
                    session.blocks[at].users.remove(&id);
                }
            }
            Event::BlockNamingDue(dealer) => {
                let at = block(*dealer)?;
                session.blocks[at].name_by = None;
            }
            Event::BlockReleased(dealer) => {
                let at = block(*dealer)?;
                session.blocks.remove(at);
            }
            other => return Err(format!("{} is about no block", other.word()).into()),
        }
        let open = session.seats.open();
        session.seats = session.seats.with_reserved(session.blocks.iter().map(Block::free).sum());
        // A seat that somebody takes in the next moment has not come free.
        if !matches!(entry.event, Event::BlockUsed(_)) {
            session.seats = session.seats.take_in();
            if session.seats.open() > open {
                session.freed_at = Some(entry.at);
            }
        }
        if fits(session.seats) { Ok(()) } else { Err("more seats would be set aside than are open".into()) }
    }

    /// Moves one registration, and its session's seats with it.
    fn step(&mut self, entry: &Entry) -> Result<(), Why> {
        let id = entry.registration.ok_or("it names no registration")?;
        let before = self.registrations.get(id).map(|known| known.status.claim());
        let after = match before {
            Some(_) => self.next_of(id, entry)?,
            None => begin(id, entry)?,
        };
        let session = self.sessions.change(after.session)?;
        if let Event::TookOver { of } = &entry.event {
            for block in session.blocks.iter_mut().filter(|block| block.users.contains(of)) {
                block.users.remove(of);
                block.users.insert(id);
            }
        }
        let open_before = session.seats.open();
        let (from, to) = match entry.event {
            // One seat goes from hand to hand; it is nobody's at no time.
            Event::Substituted { .. } => (None, None),
            Event::TookOver { .. } => (before.flatten(), None),
            Event::AdmittedBeyond | Event::WalkedIn { beyond: true } => {
                (before.flatten(), Some(Claim::Beyond))
            }
            _ => (before.flatten(), after.status.claim()),
        };
        let seats = session.seats.shift(from, to).filter(|seats| fits(*seats));
        session.seats = seats.ok_or("the five numbers would not add up")?;
        // An offer that comes back is the same seat, not a new one.
        let is_same_seat = matches!(entry.event, Event::OfferDeclined | Event::OfferLapsed);
        if session.seats.open() > open_before && !is_same_seat {
            session.freed_at = Some(entry.at);
        }
        self.registrations.put(after);
        Ok(())
    }

    fn next_of(&self, id: RegistrationId, entry: &Entry) -> Result<Registration, String> {
        let mut after = self.registrations.get(id).cloned().ok_or("its registration is not known")?;
        // Somebody is told of a seat, or lets it pass, after it came free: also when their host's clock says otherwise.
        let freed = self.sessions.get(&after.session).and_then(|session| session.freed_at);
        let at = match entry.event {
            Event::SeatAnnounced | Event::OfferDeclined | Event::OfferLapsed => freed.max(Some(entry.at)),
            _ => None,
        };
        after.step(&entry.event, at.unwrap_or(entry.at)).map_err(|wrong| wrong.to_string())?;
        Ok(after)
    }
}

/// The registration that an entry begins.
fn begin(id: RegistrationId, entry: &Entry) -> Result<Registration, String> {
    let status = match entry.event {
        Event::Registered | Event::AdmittedBeyond | Event::WalkedIn { .. } | Event::TookOver { .. } => {
            Status::Confirmed { at: entry.at }
        }
        Event::Requested { until, gives_back } => Status::Held { at: entry.at, until, gives_back },
        Event::Waitlisted { automatic, gives_back, group } => {
            Status::Waitlisted { wait: Wait { gives_back, group, ..Wait::new(entry.at, automatic) } }
        }
        _ => return Err("its registration is not known".to_owned()),
    };
    let (Some(session), Some(learner)) = (entry.session, entry.learner) else {
        return Err("it names no session or no learner".to_owned());
    };
    Ok(Registration {
        id,
        session,
        learner,
        by: entry.actor.clone(),
        created_at: entry.at,
        status,
        attendance: Attendance::default(),
        sequence: 0,
    })
}

fn fits(seats: Seats) -> bool {
    seats.taken() + seats.open() == seats.capacity
}
