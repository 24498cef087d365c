//! What a session is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::FieldProblem;
use crate::ids::{CourseId, DealerId, LocationId, PersonId, RegistrationId, SessionId};
use crate::schedule::{Part, Zone};
use crate::session::{BelowTaken, Block, Seats};

/// Most seats a session can have.
const MAX_CAPACITY: u32 = 100_000;
/// Most parts a session can have.
const MAX_PARTS: usize = 30;

/// Where a session is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum SessionStatus {
    /// Being prepared; only admins and its instructors see it.
    Draft,
    /// Open to learners from `at` on.
    Published {
        /// When it was published.
        at: Timestamp,
    },
    /// It took place.
    Completed {
        /// When that was recorded.
        at: Timestamp,
    },
    /// It will not take place.
    Cancelled {
        /// When it was cancelled.
        at: Timestamp,
        /// What learners are told.
        reason: String,
        /// Whether it was ever published. Of a draft that was given up nobody has heard, and nobody does.
        announced: bool,
    },
}

impl SessionStatus {
    /// The words in the order of a session's life.
    pub const WORDS: [&'static str; 4] = ["draft", "published", "completed", "cancelled"];

    /// The word used in the API, in CSV files and in the database.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
            Self::Completed { .. } => "completed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// One scheduled run of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What is taught.
    pub course: CourseId,
    /// Where.
    pub location: LocationId,
    /// When, in time order; never empty.
    pub parts: Vec<Part>,
    /// By whom.
    pub instructors: Vec<PersonId>,
    /// Where it is in its life.
    pub status: SessionStatus,
    /// Whether a queue may form behind it; the policy's switch counts too.
    pub waitlist: bool,
    /// Fewer people than this and it may be cancelled.
    pub minimum: u32,
    /// Its seats.
    pub seats: Seats,
    /// When seats last came free. Whoever passed on an offer since then is not asked again for the same seat.
    pub freed_at: Option<Timestamp>,
    /// When its time, place, room or instructors last changed after it was published. Whoever had a seat by then may leave
    /// it without being late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_at: Option<Timestamp>,
    /// When its time or place last changed after it was published; a change of room or instructors is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescheduled_at: Option<Timestamp>,
    /// Most parts that it had, of those it had before the last change, since it was published: calendars know of them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub most_parts: u32,
    /// Whoever was to be reminded of it until then has been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<Timestamp>,
    /// Seats that are set aside, in order of dealer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// Raised by one with every change of its plan (not of its seats).
    pub version: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde passes it")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Session {
    /// The instant its first part starts.
    pub fn starts_at(&self) -> Timestamp {
        self.parts.first().map_or(Timestamp::MAX, |part| part.starts_at)
    }

    /// The instant its last part ends.
    pub fn ends_at(&self) -> Timestamp {
        self.parts.last().map_or(Timestamp::MAX, Part::ends_at)
    }

    /// The zone of its first part.
    pub fn zone(&self) -> Zone {
        self.parts.first().map_or_else(Zone::utc, |part| part.zone.clone())
    }

    /// Whether only admins and its instructors know of it: it was never published.
    pub const fn is_private(&self) -> bool {
        matches!(self.status, SessionStatus::Draft | SessionStatus::Cancelled { announced: false, .. })
    }

    /// Whether learners can see it and seats can move: published, and not over.
    pub fn is_live(&self, now: Timestamp) -> bool {
        matches!(self.status, SessionStatus::Published { .. }) && now < self.ends_at()
    }

    /// The word for where it is at an instant: a published session that has begun and is not over is running.
    pub fn stage(&self, now: Timestamp) -> &'static str {
        match &self.status {
            SessionStatus::Published { .. } if self.is_running(now) => "running",
            status => status.word(),
        }
    }

    /// Whether it is still to be held: a draft or published, as opposed to completed or cancelled.
    pub const fn is_planned(&self) -> bool {
        matches!(self.status, SessionStatus::Draft | SessionStatus::Published { .. })
    }

    /// Whether it needs the same place, rooms and people at the same time as `other`.
    pub fn needs_the_same_as(&self, other: &Self) -> bool {
        (&self.parts, self.location, &self.instructors) == (&other.parts, other.location, &other.instructors)
    }

    /// Whether it takes place just now.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.is_live(now) && now >= self.starts_at()
    }

    /// Seats that people of a dealer may take: those open to anybody, and those set aside for the dealer.
    pub fn seats_for(&self, dealer: Option<DealerId>) -> u32 {
        self.seats.open() + self.block_of(dealer).map_or(0, Block::free)
    }

    /// One of the seats that people of a dealer may take is taken: one of those set aside for the dealer first.
    pub(crate) fn take_one(&mut self, dealer: Option<DealerId>) {
        let theirs = self.blocks.iter_mut().find(|it| Some(it.dealer) == dealer && it.free() > 0);
        if let Some(block) = theirs {
            block.used += 1;
            self.seats.reserved = self.blocks.iter().map(Block::free).sum();
            self.seats.confirmed += 1;
        } else if self.seats.open() > 0 {
            self.seats.confirmed += 1;
        }
    }

    /// The seats with another capacity, and when seats last came free then.
    ///
    /// # Errors
    /// [`BelowTaken`] when more seats are taken than would be left.
    pub fn resized(&self, capacity: u32, now: Timestamp) -> Result<(Seats, Option<Timestamp>), BelowTaken> {
        let seats = self.seats.with_capacity(capacity)?;
        Ok((seats, if seats.open() > self.seats.open() { Some(now) } else { self.freed_at }))
    }

    /// What is set aside for a dealer.
    pub fn block_of(&self, dealer: Option<DealerId>) -> Option<&Block> {
        self.blocks.iter().find(|block| Some(block.dealer) == dealer)
    }

    /// The block that a registration's seat was taken from; `dealer` is where the learner works now.
    pub(crate) fn lender(&self, registration: RegistrationId, dealer: Option<DealerId>) -> Option<&Block> {
        let known = self.blocks.iter().find(|block| block.users.contains(&registration));
        known.or_else(|| self.block_of(dealer).filter(|block| block.has_unknown_users()))
    }

    /// Whether anybody at all can be given a seat.
    pub fn has_seats(&self) -> bool {
        self.seats.open() > 0 || self.blocks.iter().any(|block| block.free() > 0)
    }

    /// Everything that is wrong with its plan; empty when it can be saved.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        if self.seats.capacity == 0 || self.seats.capacity > MAX_CAPACITY {
            found.push(FieldProblem::new("/capacity", format!("must be between 1 and {MAX_CAPACITY}")));
        }
        if self.minimum > self.seats.capacity {
            found.push(FieldProblem::new("/minimum", "must not be more than the capacity"));
        }
        if self.parts.is_empty() || self.parts.len() > MAX_PARTS {
            found.push(FieldProblem::new("/parts", format!("must have 1 to {MAX_PARTS} parts")));
        }
        for (at, part) in self.parts.iter().enumerate() {
            if part.length.as_secs() < 60 || part.length.as_hours() >= 24 {
                let detail = "must be between one minute and one day; longer sessions have several parts";
                found.push(FieldProblem::new(format!("/parts/{at}/length"), detail));
            }
        }
        for (at, pair) in self.parts.windows(2).enumerate() {
            if pair[1].starts_at < pair[0].ends_at() {
                let detail = "must start after the part before it has ended";
                found.push(FieldProblem::new(format!("/parts/{}/starts", at + 1), detail));
            }
        }
        found
    }
}
