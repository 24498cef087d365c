//! What a kind of request comes to, as things are when somebody asks.

mod plans;
mod who;

use fastrand::Rng;
use ilt_core::catalog::{Completion, Preferences};
use ilt_core::desk::{BlockPlan, Command, MarkPlan, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::registration::{Priority, Registration, Status};
use ilt_core::testing::plans::{id, location};
use ilt_core::world::World;
use jiff::Timestamp;

use crate::kind::Kind;
use crate::script::Focus;
use crate::town;

/// What somebody wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    /// Something done.
    Do(Command),
    /// To be shown what to take instead of a session.
    Alternatives(PersonId, SessionId),
    /// To see who is registered.
    Roster(SessionId),
    /// To see what somebody is registered for.
    Registrations(PersonId),
    /// To see which sessions help with what is missing for a course.
    Help(PersonId, SessionId),
}

/// Draws requests.
pub struct Draw<'a> {
    /// From which seed.
    pub rng: Rng,
    /// What is committed.
    pub world: &'a World,
    /// When.
    pub now: Timestamp,
    /// Whom and what it is mostly about.
    pub focus: Focus,
}

impl Want {
    /// Whether it is asked for under a key, and can be repeated.
    pub const fn has_key(&self) -> bool {
        matches!(self, Self::Do(_) | Self::Help(..))
    }
}

impl Draw<'_> {
    /// A request of this kind, and who asks; nothing when there is nothing to ask it of.
    #[expect(clippy::too_many_lines, reason = "a few lines for each kind, and nothing else")]
    pub fn draw(&mut self, kind: Kind) -> Option<(Actor, Want)> {
        let (session, learner) = (self.session(), self.learner());
        let admin = Actor::Person(town::ADA);
        let system = Actor::system("timer");
        let command = match kind {
            Kind::Register => {
                let on_full = self.on_full();
                let reason = self.rng.u8(0..8) == 0;
                let automatic = self.rng.u8(0..4) == 0;
                let beyond = on_full == OnFull::BeyondCapacity;
                let actor = if reason || beyond { admin } else { self.somebody_for(learner) };
                let reason = (reason || beyond).then(|| "the works council asked".to_owned());
                return some(actor, Command::Register { session, learner, on_full, automatic, reason });
            }
            Kind::TakeAlternative => {
                let shown: Vec<_> = self.world.shown.values().filter(|it| it.taken.is_none()).collect();
                let shown = shown.get(self.below(shown.len()))?;
                let (alternative, learner) = (shown.id, shown.learner);
                return some(self.somebody_for(learner), Command::TakeAlternative { alternative });
            }
            Kind::Cancel => {
                let (registration, learner) = self.registration(|it| it.status.is_live())?;
                let reason = self.reason();
                return some(self.somebody_for(learner), Command::Cancel { registration, reason });
            }
            Kind::Transfer => {
                let (registration, learner) = self.registration(is_confirmed)?;
                let reason = self.reason();
                return some(self.somebody_for(learner), Command::Transfer { registration, session, reason });
            }
            Kind::Swap => {
                let (registration, learner) = self.registration(is_confirmed)?;
                let (automatic, reason) = (self.rng.bool(), self.reason());
                let command = Command::Swap { registration, session, automatic, reason };
                return some(self.somebody_for(learner), command);
            }
            Kind::RegisterGroup => {
                let of_dealer_two = self.rng.u8(0..4) == 0;
                let (from, count) = if of_dealer_two { (4, 2) } else { (0, 4) };
                let mut learners: Vec<_> = (0..count).map(|it| town::person(from + it)).collect();
                self.rng.shuffle(&mut learners);
                learners.truncate(2 + usize::from(self.rng.bool()));
                let on_full = if self.rng.u8(0..4) == 0 { OnFull::Alternatives } else { OnFull::Waitlist };
                let automatic = self.rng.u8(0..4) == 0;
                let actor = if of_dealer_two { town::DEALER_ADMINS[1] } else { town::MIA };
                let command = Command::RegisterGroup { session, learners, on_full, automatic };
                return some(Actor::Person(actor), command);
            }
            Kind::TurnQueue => return some(system, Command::TurnQueue { session }),
            Kind::Substitute => {
                let (registration, held_by) = self.registration(is_confirmed)?;
                let actor = self.boss_of(held_by);
                return some(actor, Command::Substitute { registration, learner, reason: self.reason() });
            }
            Kind::TakeOffer => {
                let (registration, learner) = self.registration(is_asked)?;
                return some(self.somebody_for(learner), Command::TakeOffer { registration });
            }
            Kind::DeclineOffer => {
                let (registration, learner) = self.registration(is_asked)?;
                return some(self.somebody_for(learner), Command::DeclineOffer { registration });
            }
            Kind::ResumeWait => {
                let (registration, learner) = self.registration(|it| it.status.waits())?;
                return some(self.somebody_for(learner), Command::ResumeWait { registration });
            }
            Kind::Prioritise => {
                let registration = self.registration(|it| it.status.waits())?.0;
                let level = self.rng.u8(0..4);
                if self.rng.u8(0..4) == 0 {
                    return some(system, Command::Reconsider { registration, was: hired_last_week(level) });
                }
                Command::Prioritise { registration, priority: hired_last_week(level) }
            }
            Kind::Approve => {
                let (registration, learner) = self.registration(wants_approval)?;
                return some(self.boss_of(learner), Command::Approve { registration });
            }
            Kind::Decline => {
                let (registration, learner) = self.registration(wants_approval)?;
                let reason = "not this year".to_owned();
                return some(self.boss_of(learner), Command::Decline { registration, reason });
            }
            Kind::WarnOffer
            | Kind::LapseOffer
            | Kind::PassOnRequest
            | Kind::LapseRequest
            | Kind::HelpClash
            | Kind::EndWait => {
                let registration = self.registration(|it| it.status.is_live())?.0;
                let command = match kind {
                    Kind::WarnOffer => Command::WarnOffer { registration },
                    Kind::LapseOffer => Command::LapseOffer { registration },
                    Kind::PassOnRequest => Command::PassOnRequest { registration },
                    Kind::LapseRequest => Command::LapseRequest { registration },
                    Kind::HelpClash => Command::HelpClash { registration, shown: Vec::new() },
                    _ => Command::EndWait { registration, shown: Vec::new() },
                };
                return some(system, command);
            }
            Kind::Show => return Some((self.somebody_for(learner), Want::Alternatives(learner, session))),
            Kind::SaveCourses => {
                let number = 1 + self.rng.u32(0..town::COURSES);
                let months = [None, Some(1), Some(2)][self.below(3)];
                let mut course = town::taught(number);
                (course.validity_months, course.version) = (months, 0);
                Command::SaveCourses(vec![course])
            }
            Kind::SaveLocations => {
                let number = 1 + self.rng.u32(0..2);
                let known = self.world.locations.get(&id(number).into());
                let place = known.map(|it| it.place)?;
                let mut location = location(number, ["Köln", "Bonn"][self.below(2)], place);
                location.version = 0;
                Command::SaveLocations(vec![location])
            }
            Kind::SaveDealers => {
                let mut dealer = self.world.dealers.values().nth(self.below(2))?.clone();
                dealer.group = self.rng.bool().then(|| "north".to_owned());
                dealer.version = 0;
                Command::SaveDealers(vec![dealer])
            }
            Kind::SavePeople => Command::SavePeople(self.people()),
            Kind::SavePreferences => {
                let person = self.world.people.get(&learner)?;
                let locations = vec![id(1 + self.rng.u32(0..2)).into()];
                let preferences = Preferences { locations, ..person.preferences.clone() };
                let command = Command::SavePreferences { preferences, zone: person.zone.clone(), version: 0 };
                return some(Actor::Person(learner), command);
            }
            Kind::RecordCompletions => {
                let days = self.rng.i64(0..40);
                let completed_at =
                    self.now.saturating_sub(jiff::SignedDuration::from_hours(24 * days)).ok()?;
                let course = id(1 + self.rng.u32(0..town::COURSES)).into();
                Command::RecordCompletions(vec![Completion { person: learner, course, completed_at }])
            }
            Kind::SaveSessions => {
                let (plans, historic) = (vec![self.plan(session)?], self.rng.u8(0..10) == 0);
                let actor = if historic { Actor::import() } else { admin };
                return some(actor, Command::SaveSessions { plans, historic });
            }
            Kind::PublishSession => Command::PublishSession { session: town::session(8), version: None },
            Kind::MarkAttendance => {
                let theirs = self.world.registrations.of_session(session);
                let confirmed: Vec<_> = theirs.filter(|it| is_confirmed(it)).map(|it| it.id).collect();
                let minutes = |rng: &mut Rng| [None, Some(0), Some(90)][rng.usize(0..3)];
                let marks: Vec<_> = confirmed
                    .into_iter()
                    .map(|it| MarkPlan { minutes: minutes(&mut self.rng), ..MarkPlan::whole(it, 1) })
                    .collect();
                Command::MarkAttendance { session, marks }
            }
            Kind::CheckIn => {
                let (registration, learner) = self.registration(is_confirmed)?;
                return some(Actor::Person(learner), Command::CheckIn { registration });
            }
            Kind::WalkIn => Command::WalkIn { session, learner, reason: self.reason() },
            Kind::CompleteSession => Command::CompleteSession { session },
            Kind::ChaseMarks => return some(system, Command::ChaseMarks { session }),
            Kind::CancelSession => {
                let reason = "storm".to_owned();
                Command::CancelSession { session, reason, proposals: Vec::new() }
            }
            Kind::WeighMinimum => {
                return some(system, Command::WeighMinimum { session, proposals: Vec::new() });
            }
            Kind::RemindLearners => return some(system, Command::RemindLearners { session }),
            Kind::Resize => self.resize(session)?,
            Kind::SaveBlock => {
                let number = 1 + self.rng.u32(0..2);
                let (dealer, seats) = (town::dealer_id(number), 1 + self.rng.u32(0..2));
                let block = BlockPlan { dealer, seats, name_by: None, release_at: None };
                let actor =
                    if self.rng.bool() { town::ADA } else { town::DEALER_ADMINS[number as usize - 1] };
                return some(Actor::Person(actor), Command::SaveBlock { session, block });
            }
            Kind::ReleaseBlock => {
                let blocks = self.world.sessions.get(&session).map_or(&[][..], |it| &it.blocks);
                let dealer = blocks.first().map_or_else(|| town::dealer_id(2), |block| block.dealer);
                Command::ReleaseBlock { session, dealer }
            }
            Kind::TurnBlocks => return some(system, Command::TurnBlocks { session }),
            Kind::SetRule => self.rule(),
            Kind::ChangePlugin => self.plugin(),
            Kind::ClearRule => {
                let known = self.world.rules.get(self.below(self.world.rules.len()))?;
                Command::ClearRule(known.scope.clone(), known.rule)
            }
            Kind::RenewFeed => {
                let digest = format!("digest {}", self.rng.u32(..));
                return some(Actor::Person(learner), Command::RenewFeed { digest });
            }
            Kind::LookAtRoster => return Some((admin, Want::Roster(session))),
            Kind::LookAtRegistrations => return Some((admin, Want::Registrations(learner))),
            Kind::Help => return Some((self.somebody_for(learner), Want::Help(learner, session))),
            // It is not for itself: see `play::acts`.
            Kind::Recall => return None,
            Kind::RecountSeats => Command::RecountSeats { session },
        };
        some(admin, command)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it ends the drawing of those that can come to nothing")]
fn some(actor: Actor, command: Command) -> Option<(Actor, Want)> {
    Some((actor, Want::Do(command)))
}

fn hired_last_week(level: u8) -> Option<Priority> {
    (level > 0).then(|| Priority { level, reason: "hired last week".to_owned() })
}

fn is_confirmed(registration: &Registration) -> bool {
    matches!(registration.status, Status::Confirmed { .. })
}

/// Whether a seat is offered, or announced to all who wait.
fn is_asked(registration: &Registration) -> bool {
    match &registration.status {
        Status::Offered { .. } => true,
        Status::Waitlisted { wait } => wait.told_at.is_some(),
        _ => false,
    }
}

fn wants_approval(registration: &Registration) -> bool {
    matches!(registration.status, Status::Held { .. })
}
