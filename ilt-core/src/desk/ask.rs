//! What must be known before a batch can be decided.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::catalog::Person;
use crate::desk::{Command, Key, More, Order, SessionPlan};
use crate::ids::{AlternativeId, CourseId, DealerId, LocationId, PersonId, RegistrationId, SessionId};
use crate::planted::{self, Bug};
use crate::schedule::EARLIEST;

/// What must be known before a batch can be decided. The store loads a [`crate::world::World`] that holds at least this:
///
/// * the sessions named, those of the registrations and alternatives named, locked in order of id;
/// * of each of these sessions: its course with that course's prerequisites and their equivalents, and its location;
/// * the people named, the learners of the registrations named, and the heads of the queues asked for, locked in order of
///   id after the sessions, each with their dealer;
/// * of each of these people: live registrations (with sessions and locations, unlocked) and their completions of the
///   courses loaded;
/// * the people who wait together with one of these, in a group, and what the same is known of them;
/// * every rule that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Sessions to decide on.
    pub sessions: BTreeSet<SessionId>,
    /// People it is about, actors included.
    pub people: BTreeSet<PersonId>,
    /// Registrations to decide on.
    pub registrations: BTreeSet<RegistrationId>,
    /// Alternatives that somebody wants to take.
    pub alternatives: BTreeSet<AlternativeId>,
    /// Sessions that may give seats back: how many of the queue's first must be known. The session of a registration
    /// named in [`Ask::freeing`] counts as well.
    pub queues: BTreeMap<SessionId, u32>,
    /// Registrations whose end may give a seat back: how deep their session's queue must be known.
    pub freeing: BTreeMap<RegistrationId, u32>,
    /// Sessions of which every live registration must be known, and what those who teach them are registered for.
    pub whole_sessions: BTreeSet<SessionId>,
    /// Courses that are referred to.
    pub courses: BTreeSet<CourseId>,
    /// What everybody refers to (courses, locations, dealers, rules) is saved: one transaction at a time may.
    pub saves_reference: bool,
    /// Every course must be known (circles of prerequisites).
    pub all_courses: bool,
    /// Locations that are referred to.
    pub locations: BTreeSet<LocationId>,
    /// Dealers that are referred to.
    pub dealers: BTreeSet<DealerId>,
    /// People who are only referred to: whether they exist, and what they are; not locked.
    pub named: BTreeSet<PersonId>,
    /// Mail addresses that people are to have: who has them must be known, and until it is done nobody else may be given one.
    pub addresses: BTreeSet<String>,
    /// People who are to lead somebody: who leads them, and so on, must be known, and stay so until it is done.
    pub leaders: BTreeSet<PersonId>,
    /// The instructors of the sessions to decide on are named as well: an answer says who teaches.
    pub named_instructors: bool,
    /// All completions of these people, not only those of the courses loaded.
    pub histories: BTreeSet<PersonId>,
    /// Sessions whose course people may have completed by attending: what they completed of it must be known.
    pub attended: BTreeSet<SessionId>,
    /// Places and instructors that must be free: other sessions that need them at the time must be known.
    pub bookings: Vec<Booking>,
    /// Requests that may have been answered before.
    pub keys: BTreeSet<Key>,
}

/// A place and instructors that are needed for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Where.
    pub location: LocationId,
    /// Who teaches.
    pub instructors: Vec<PersonId>,
    /// From when on, or earlier.
    pub from: Timestamp,
    /// Until when, or later.
    pub to: Timestamp,
}

impl Booking {
    /// Whatever is planned at a location.
    const fn at(location: LocationId) -> Self {
        Self { location, instructors: Vec::new(), from: EARLIEST, to: Timestamp::MAX }
    }

    /// What a plan needs. Its wall clocks may be of any zone, so it is a day wider on both sides.
    fn of(plan: &SessionPlan) -> Option<Self> {
        let day = SignedDuration::from_hours(24);
        let as_utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
        let last =
            plan.parts.iter().filter_map(|part| as_utc(part.starts)?.checked_add(part.length).ok()).max()?;
        let first = plan.parts.iter().filter_map(|part| as_utc(part.starts)).min()?;
        Some(Self {
            location: plan.location,
            instructors: plan.instructors.clone(),
            from: first.checked_sub(day).ok()?,
            to: last.checked_add(day).ok()?,
        })
    }
}

impl Ask {
    /// How many of a queue are looked at first.
    pub const FIRST_DEPTH: u32 = 32;
    /// A queue that is not known deep enough is looked at so many times deeper.
    const DEEPER: u32 = 8;
    /// Deeper than this no queue is looked at; whoever stands further back is not reached.
    const DEEPEST: u32 = 8 * 1024 * 1024;

    /// What `orders` need at least. It is a guess that saves a second look, and no promise that it is enough: a decision
    /// that needs more says so, and [`Ask::also`] adds it.
    pub fn of<'a>(orders: impl IntoIterator<Item = &'a Order>) -> Self {
        let mut ask = Self::default();
        for order in orders {
            ask.people.extend(order.actor.person());
            ask.named_instructors |= order.actor.looks();
            ask.keys.extend(order.key.as_ref().map(|(key, _)| key.clone()));
            if matches!(order.command, Command::SaveCourses(_)) {
                // Whoever saves a course is shown what they lack for it themselves.
                ask.histories.extend(order.actor.person());
            }
            ask.saves_reference |= saves_reference(&order.command);
            ask.add(&order.command, Self::FIRST_DEPTH);
        }
        ask
    }

    /// Adds what a decision lacked. Answers whether that is anything that was not asked for before: a decision that lacks what
    /// it was given will never end.
    pub fn also(&mut self, more: &More) -> bool {
        if planted::is(Bug::OfferWithoutQueue) && more.sessions.is_empty() {
            return true;
        }
        let mut is_new = false;
        for session in &more.sessions {
            is_new |= self.sessions.insert(*session);
        }
        for session in &more.whole {
            is_new |= self.whole_sessions.insert(*session);
            self.sessions.insert(*session);
            self.queues.entry(*session).or_insert(Self::FIRST_DEPTH);
        }
        for session in &more.queues {
            self.sessions.insert(*session);
            let depth = self.queues.entry(*session).or_default();
            is_new |= *depth < Self::DEEPEST;
            *depth = depth.saturating_mul(Self::DEEPER).clamp(Self::FIRST_DEPTH, Self::DEEPEST);
        }
        is_new
    }

    fn add(&mut self, command: &Command, depth: u32) {
        match command {
            Command::Register { session, learner, .. } | Command::WalkIn { session, learner, .. } => {
                self.sessions.insert(*session);
                self.people.insert(*learner);
            }
            Command::TakeAlternative { alternative } => {
                self.alternatives.insert(*alternative);
            }
            Command::Cancel { registration, .. }
            | Command::DeclineOffer { registration }
            | Command::LapseOffer { registration }
            | Command::ResumeWait { registration }
            | Command::Prioritise { registration, .. }
            | Command::Reconsider { registration, .. }
            | Command::Decline { registration, .. }
            | Command::LapseRequest { registration }
            | Command::EndWait { registration, .. }
            | Command::HelpClash { registration, .. } => {
                self.add_freeing(*registration, depth);
            }
            Command::TurnQueue { session } => {
                self.sessions.insert(*session);
                self.look_into(*session, depth, 1);
            }
            Command::RegisterGroup { session, learners, .. } => {
                self.sessions.insert(*session);
                self.people.extend(learners.iter().copied());
            }
            Command::Transfer { registration, session, .. } | Command::Swap { registration, session, .. } => {
                self.add_freeing(*registration, depth);
                self.sessions.insert(*session);
            }
            Command::Substitute { registration, learner, .. } => {
                self.registrations.insert(*registration);
                self.people.insert(*learner);
            }
            Command::TakeOffer { registration }
            | Command::Approve { registration }
            | Command::PassOnRequest { registration }
            | Command::CheckIn { registration }
            | Command::WarnOffer { registration } => {
                self.registrations.insert(*registration);
            }
            Command::Show { learner, .. } | Command::Help { learner, .. } => {
                self.people.insert(*learner);
            }
            Command::SaveCourses(courses) => {
                self.all_courses = true;
                self.courses.extend(courses.iter().map(|course| course.id));
            }
            Command::SaveLocations(locations) => {
                self.locations.extend(locations.iter().map(|it| it.id));
                self.bookings.extend(locations.iter().map(|it| Booking::at(it.id)));
            }
            Command::SaveDealers(dealers) => self.dealers.extend(dealers.iter().map(|dealer| dealer.id)),
            Command::SavePeople(people) => {
                for person in people {
                    self.add_person(person);
                }
            }
            // The actor is asked for already.
            Command::SavePreferences { preferences, .. } => self.locations.extend(&preferences.locations),
            Command::RecordCompletions(list) => {
                self.add_completions(list.iter().map(|it| (it.person, it.course)));
            }
            Command::RecordDays(list) => self.add_completions(list.iter().map(|it| (it.person, it.course))),
            Command::SaveSessions { plans, historic } => self.add_plans(plans, *historic, depth),
            Command::Resize { session, capacity, displaced, .. } => {
                self.sessions.insert(*session);
                self.queues.insert(*session, depth.max(*capacity));
                self.sessions.extend(displaced.iter().filter_map(|one| one.to));
                self.registrations.extend(displaced.iter().map(|one| one.registration));
            }
            Command::PublishSession { session, .. } | Command::Recall { session } => {
                self.sessions.insert(*session);
            }
            Command::SaveBlock { session, .. }
            | Command::ReleaseBlock { session, .. }
            | Command::TurnBlocks { session } => {
                self.sessions.insert(*session);
                // As many may come free as there are seats.
                self.look_into(*session, depth, depth);
            }
            Command::MarkAttendance { session, marks } => {
                self.sessions.insert(*session);
                self.registrations.extend(marks.iter().map(|mark| mark.registration));
                self.attended.insert(*session);
            }
            Command::CompleteSession { session } => {
                self.attended.insert(*session);
                self.add_whole(*session);
            }
            Command::CancelSession { session, .. }
            | Command::RecountSeats { session }
            | Command::WeighMinimum { session, .. }
            | Command::RemindLearners { session }
            | Command::ChaseMarks { session } => self.add_whole(*session),
            Command::SetRule(_)
            | Command::ClearRule(..)
            | Command::ChangePlugin(_)
            | Command::RenewFeed { .. } => {}
        }
    }

    /// Whether it must be kept from others that would see the same free: what everybody refers to, rooms, instructors, addresses.
    pub fn must_be_alone(&self) -> bool {
        self.saves_reference || !self.bookings.is_empty() || !self.addresses.is_empty()
    }

    fn add_whole(&mut self, session: SessionId) {
        self.sessions.insert(session);
        self.whole_sessions.insert(session);
    }

    /// Whoever waits for a seat may have lacked just this.
    fn add_completions(&mut self, completed: impl Iterator<Item = (PersonId, CourseId)>) {
        for (person, course) in completed {
            self.people.insert(person);
            self.histories.insert(person);
            self.courses.insert(course);
        }
    }

    fn add_person(&mut self, person: &Person) {
        self.people.insert(person.id);
        // One that cannot be kept is nobody's.
        self.addresses.extend(Some(&person.email).filter(|it| !it.contains('\0')).cloned());
        self.leaders.extend(person.manager);
        self.named.extend(person.stands_in_for.iter().copied());
        self.dealers.extend(person.dealer);
        self.dealers.extend(person.roles.iter().filter_map(|grant| grant.dealer));
        self.locations.extend(person.preferences.locations.iter().copied());
    }

    fn add_plans(&mut self, plans: &[SessionPlan], historic: bool, depth: u32) {
        let is_to_come = |plan: &&SessionPlan| {
            !historic || !matches!(plan.status.as_deref(), Some("completed" | "cancelled"))
        };
        self.bookings.extend(plans.iter().filter(is_to_come).filter_map(Booking::of));
        for plan in plans {
            self.add_plan(plan, depth);
        }
    }

    fn add_plan(&mut self, plan: &SessionPlan, depth: u32) {
        // Everybody is told of a move, and those who wait may have to wait until another time.
        self.add_whole(plan.id);
        self.courses.insert(plan.course);
        self.locations.insert(plan.location);
        // Locked, so that nobody else books them meanwhile.
        self.people.extend(plan.instructors.iter().copied());
        self.queues.insert(plan.id, depth.max(plan.capacity));
    }

    /// Every order of the batch may free a seat, so the depth grows with their number.
    fn add_freeing(&mut self, registration: RegistrationId, depth: u32) {
        self.registrations.insert(registration);
        let known = self.freeing.entry(registration).or_insert(depth);
        *known = known.saturating_add(1);
    }

    /// The queue of a session must be known `depth` deep, and `more` deeper for each order that may free a seat.
    fn look_into(&mut self, session: SessionId, depth: u32, more: u32) {
        let known = self.queues.entry(session).or_insert(depth);
        *known = known.saturating_add(more);
    }
}

/// Whether a command saves what everybody refers to.
const fn saves_reference(command: &Command) -> bool {
    matches!(
        command,
        Command::SaveCourses(_)
            | Command::SaveLocations(_)
            | Command::SaveDealers(_)
            | Command::SetRule(_)
            | Command::ClearRule(..)
            | Command::ChangePlugin(_)
    )
}

impl Command {
    /// The session that it names itself, when it is about one.
    pub const fn session(&self) -> Option<SessionId> {
        match self {
            Self::Register { session, .. }
            | Self::RegisterGroup { session, .. }
            | Self::TurnQueue { session }
            | Self::Recall { session }
            | Self::PublishSession { session, .. }
            | Self::CancelSession { session, .. }
            | Self::WeighMinimum { session, .. }
            | Self::Resize { session, .. }
            | Self::RecountSeats { session }
            | Self::SaveBlock { session, .. }
            | Self::ReleaseBlock { session, .. }
            | Self::TurnBlocks { session }
            | Self::MarkAttendance { session, .. }
            | Self::WalkIn { session, .. }
            | Self::CompleteSession { session }
            | Self::RemindLearners { session }
            | Self::ChaseMarks { session } => Some(*session),
            _ => None,
        }
    }
}
