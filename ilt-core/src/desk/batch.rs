//! Deciding a batch: order by order, each on what the one before it left.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::catalog::Person;
use crate::desk::blocks::takes_a_seat;
use crate::desk::{Answer, Changes, Command, Ledger, Order, Refusal, Remembered, Reply};
use crate::ids::{AlternativeId, EventId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry, Event};
use crate::planted::{self, Bug};
use crate::ports::Ids;
use crate::registration::Registration;
use crate::registration::decide::is_given;
use crate::registration::promote::{self, Next};
use crate::world::{DoesNotFit, World};

/// What time it is, and where new ids come from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Now, for the whole batch.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a dyn Ids,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Decided {
    /// An answer for each order, and what to save.
    Done {
        /// In the order of the orders.
        answers: Vec<Answer>,
        /// What to save, in one transaction.
        changes: Box<Changes>,
    },
    /// More must be known; nothing of this decision counts.
    NeedMore(More),
}

/// What must be known beyond what the orders themselves say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// A queue must be known deeper.
    Deeper,
    /// A seat of this session is given back for another, so it must be locked too.
    Session(SessionId),
}

/// Why one order could not be decided.
pub(super) enum Stop {
    /// A rule said no.
    Refused(Refusal),
    /// More must be known.
    NeedMore(More),
    /// A decision of ours does not fit the state: a fault of ours.
    DoesNotFit(DoesNotFit),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<DoesNotFit> for Stop {
    fn from(misfit: DoesNotFit) -> Self {
        Self::DoesNotFit(misfit)
    }
}

/// Decides `orders` in their order on `world`, which afterwards is as the changes leave it.
///
/// # Errors
/// [`DoesNotFit`] when a decision does not fit the state: a fault of ours, and nothing may be saved.
pub fn decide_batch(
    world: &mut World,
    orders: &[Order],
    context: Context<'_>,
) -> Result<Decided, DoesNotFit> {
    let mut desk = Desk { world, context, changes: Changes::default(), touched: Touched::default() };
    let mut answers = Vec::with_capacity(orders.len());
    for order in orders {
        let recorded = desk.changes.entries.len();
        match desk.answer(order) {
            Ok(answer) => answers.push(answer),
            Err(Stop::NeedMore(more)) => return Ok(Decided::NeedMore(more)),
            Err(Stop::DoesNotFit(misfit)) => return Err(misfit),
            Err(Stop::Refused(refusal)) => answers.push(Err(refusal)),
        }
        if matches!(answers.last(), Some(Err(_))) {
            desk.must_have_done_nothing(recorded)?;
        }
    }
    Ok(Decided::Done { answers, changes: Box::new(desk.finish()) })
}

/// Rows that were touched, to be saved as they are at the end.
#[derive(Default)]
pub(super) struct Touched {
    pub plans: BTreeSet<SessionId>,
    seats: BTreeSet<SessionId>,
    registrations: BTreeSet<RegistrationId>,
    pub shown: BTreeSet<AlternativeId>,
}

/// One batch on its way.
pub(super) struct Desk<'a> {
    pub world: &'a mut World,
    pub context: Context<'a>,
    pub changes: Changes,
    pub touched: Touched,
}

/// Whom and what an entry is about.
#[derive(Default)]
pub(super) struct About {
    pub session: Option<SessionId>,
    pub learner: Option<PersonId>,
    pub registration: Option<RegistrationId>,
    pub reason: Option<String>,
}

impl About {
    pub(super) fn registration(registration: &Registration) -> Self {
        Self {
            session: Some(registration.session),
            learner: Some(registration.learner),
            registration: Some(registration.id),
            reason: None,
        }
    }

    /// A reason of nothing but blanks is none.
    pub(super) fn because(self, reason: Option<impl Into<String>>) -> Self {
        Self { reason: reason.map(Into::into).filter(|it| is_given(Some(it))), ..self }
    }
}

impl Desk<'_> {
    /// A no after half of a yes would be saved as that half.
    fn must_have_done_nothing(&self, recorded: usize) -> Result<(), DoesNotFit> {
        match self.changes.entries.get(recorded) {
            None => Ok(()),
            Some(entry) => Err(DoesNotFit::new(&entry.event, "it belongs to an order that was refused")),
        }
    }

    fn answer(&mut self, order: &Order) -> Result<Answer, Stop> {
        let Some((key, digest)) = &order.key else { return self.decide(order).map(Ok) };
        if let Some(known) = self.world.remembered.get(key) {
            if planted::is(Bug::AnswerWorkedOutAnew) {
                return self.decide(order).map(Ok);
            }
            return Ok(if known.digest == *digest {
                known.answer.clone()
            } else {
                Err(Refusal::IdempotencyKeyReused)
            });
        }
        let answer = match self.decide(order) {
            Ok(reply) => Ok(reply),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(stop) => return Err(stop),
        };
        let (key, digest, at) = (key.clone(), digest.clone(), self.context.now);
        let remembered = Remembered { key: key.clone(), digest, answer: answer.clone(), at };
        self.world.remembered.insert(key, remembered.clone());
        self.changes.remembered.push(remembered);
        Ok(answer)
    }

    fn decide(&mut self, order: &Order) -> Result<Reply, Stop> {
        match &order.command {
            Command::Register { session, learner, on_full, automatic, reason } => {
                self.register(order, *session, *learner, (*on_full, *automatic), reason.as_ref())
            }
            Command::TakeAlternative { alternative } => self.take_alternative(order, *alternative),
            Command::Cancel { registration, reason } => self.cancel(order, *registration, reason.as_ref()),
            Command::Transfer { registration, session, reason } => {
                self.transfer(order, *registration, *session, reason.as_ref())
            }
            Command::Substitute { registration, learner, reason } => {
                self.substitute(order, *registration, *learner, reason.as_ref())
            }
            Command::TakeOffer { registration } => self.answer_offer(order, *registration, true),
            Command::Swap { registration, session, automatic, reason } => {
                self.swap(order, *registration, *session, *automatic, reason.as_ref())
            }
            Command::RegisterGroup { session, learners, on_full, automatic } => {
                self.register_group(order, *session, learners, *on_full, *automatic)
            }
            Command::TurnQueue { session } => self.turn_queue(order, *session),
            Command::DeclineOffer { registration } => self.answer_offer(order, *registration, false),
            Command::WarnOffer { registration } => self.warn_offer(order, *registration),
            Command::LapseOffer { registration } => self.lapse_offer(order, *registration),
            Command::Prioritise { registration, priority } => {
                self.prioritise(order, *registration, priority.as_ref())
            }
            Command::ResumeWait { registration } => self.resume_wait(order, *registration),
            Command::Approve { registration } => self.approve(order, *registration),
            Command::Decline { registration, reason } => self.decline(order, *registration, reason),
            Command::PassOnRequest { registration } => self.pass_on_request(order, *registration),
            Command::LapseRequest { registration } => self.lapse_request(order, *registration),
            Command::EndWait { registration, shown } => self.end_wait(order, *registration, shown),
            Command::Show { learner, shown, wanted } => {
                let about = About { session: Some(*wanted), learner: Some(*learner), ..About::default() };
                self.show(order, about, shown)?;
                Ok(Reply::Done)
            }
            Command::SaveCourses(courses) => self.save_courses(order, courses),
            Command::SaveLocations(locations) => self.save_locations(order, locations),
            Command::SaveDealers(dealers) => self.save_dealers(order, dealers),
            Command::SavePeople(people) => self.save_people(order, people),
            Command::SavePreferences { preferences, zone, version } => {
                self.save_preferences(order, preferences, zone, *version)
            }
            Command::RecordCompletions(completions) => self.record_completions(order, completions),
            Command::SaveSessions { plans, historic } => self.save_sessions(order, plans, *historic),
            Command::PublishSession { session, version } => self.publish_session(order, *session, *version),
            Command::MarkAttendance { session, marks } => self.mark_attendance(order, *session, marks),
            Command::CheckIn { registration } => self.check_in(order, *registration),
            Command::WalkIn { session, learner, reason } => {
                self.walk_in(order, *session, *learner, reason.as_ref())
            }
            Command::CompleteSession { session } => self.complete_session(order, *session),
            Command::RemindLearners { session } => self.remind(order, *session),
            Command::ChaseMarks { session } => self.chase_marks(order, *session),
            Command::CancelSession { session, reason, proposals } => {
                self.cancel_session(order, *session, reason, proposals)
            }
            Command::WeighMinimum { session, proposals } => self.weigh_minimum(order, *session, proposals),
            Command::Resize { session, capacity, displaced, reason, version } => {
                self.resize(order, (*session, *version), *capacity, displaced, reason.as_ref())
            }
            Command::SaveBlock { session, block } => self.save_block(order, *session, block),
            Command::ReleaseBlock { session, dealer } => self.release_block(order, *session, *dealer),
            Command::TurnBlocks { session } => self.turn_blocks(order, *session),
            Command::SetRule(set) => self.set_rule(order, set),
            Command::ClearRule(scope, rule) => self.clear_rule(order, scope, *rule),
            Command::RenewFeed { digest } => self.renew_feed(order, digest),
        }
    }

    /// Gives the open seats of a session to its queue.
    pub(super) fn promote(&mut self, order: &Order, session: SessionId) -> Result<(), Stop> {
        let (desk, mut after) = (Actor::system("desk"), None);
        loop {
            match promote::next(self.world, session, after, self.context.now) {
                Next::Step(registration, event, turn) => {
                    after = Some(turn);
                    self.record(order, &desk, About::registration(&registration), event)?;
                }
                Next::Rest => return Ok(()),
                Next::NeedMore => return Err(Stop::NeedMore(More::Deeper)),
            }
        }
    }

    /// Writes an entry, and applies it.
    pub(super) fn record(
        &mut self,
        order: &Order,
        actor: &Actor,
        about: About,
        event: Event,
    ) -> Result<(), Stop> {
        let before = about.registration.and_then(|id| self.world.registrations.get(id));
        let gives_back = before.and_then(|before| before.status.gives_back());
        let had_seat = before.is_some_and(|before| before.status.takes_a_seat());
        if !had_seat && takes_a_seat(&event) {
            self.use_block(order, about.session, about.learner)?;
        }
        let hands_on = matches!(event, Event::Substituted { .. } | Event::Displaced { .. });
        let (session, learner, registration) = (about.session, about.learner, about.registration);
        let reason = about.reason.clone();
        let mut entry = Entry {
            sequence: 0,
            id: EventId(self.context.ids.next()),
            at: self.context.now,
            actor: actor.clone(),
            session,
            learner,
            registration,
            reason: about.reason,
            correlation: order.correlation,
            event,
            seats: None,
        };
        self.world.apply(&entry)?;
        entry.seats = session.and_then(|id| self.world.sessions.get(&id)).map(|session| session.seats);
        self.touched.seats.extend(session.filter(|_| entry.seats.is_some()));
        if let Some(id) = registration {
            self.keep_timers(id, &entry.event);
            self.touched.registrations.insert(id);
        }
        self.changes.entries.push(entry);
        let after = registration.and_then(|id| self.world.registrations.get(id));
        let keeps_seat = after.is_some_and(|after| after.status.takes_a_seat());
        if had_seat && !keeps_seat && !hands_on {
            self.refill_block(order, session, learner)?;
        }
        match (registration, gives_back) {
            (Some(id), Some(given)) if self.is_confirmed(id) => self.give_back(order, given, id, reason),
            _ => Ok(()),
        }
    }

    /// The person who asks; `None` when this system does.
    pub(super) fn actor(&self, order: &Order) -> Result<Option<&Person>, Refusal> {
        let Some(id) = order.actor.person() else { return Ok(None) };
        self.world.people.get(&id).map(Some).ok_or_else(|| Refusal::not_found("person"))
    }

    /// The rows that were touched, as they are now.
    fn finish(mut self) -> Changes {
        let (world, touched) = (&*self.world, &self.touched);
        self.changes.sessions =
            touched.plans.iter().filter_map(|id| world.sessions.get(id)).cloned().collect();
        self.changes.ledgers = touched
            .seats
            .difference(&touched.plans)
            .filter_map(|id| world.sessions.get(id))
            .map(Ledger::from)
            .collect();
        let registrations = touched.registrations.iter();
        self.changes.registrations =
            registrations.filter_map(|id| world.registrations.get(*id)).cloned().collect();
        self.changes.shown = touched.shown.iter().filter_map(|id| world.shown.get(id)).cloned().collect();
        self.changes
    }
}
