//! Deciding a batch: order by order, each on what the one before it left.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::catalog::Person;
use crate::desk::texts::unkeepable;
use crate::desk::{Answer, Changes, Command, Ledger, More, Order, Refusal, Remembered, Reply};
use crate::ids::{AlternativeId, EventId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry, Event};
use crate::planted::{self, Bug};
use crate::ports::Ids;
use crate::registration::Registration;
use crate::registration::decide::is_given;
use crate::world::{DoesNotFit, Misfit, NotHeld, World};

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

impl From<Misfit> for Stop {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::NotHeld(NotHeld(session)) => Self::NeedMore(More::session(session)),
            Misfit::DoesNotFit(misfit) => Self::DoesNotFit(misfit),
        }
    }
}

/// Decides `orders` in their order on `world`, which afterwards is as the changes leave it.
///
/// When more must be known, the orders that follow are decided all the same, on what there is: only to ask at once for whatever
/// they will need.
///
/// # Errors
/// [`DoesNotFit`] when a decision does not fit the state: a fault of ours, and nothing may be saved.
pub fn decide_batch(
    world: &mut World,
    orders: &[Order],
    context: Context<'_>,
) -> Result<Decided, DoesNotFit> {
    let (changes, touched) = (Changes::default(), Touched::default());
    let mut desk = Desk { world, context, changes, touched, unsettled: BTreeSet::new() };
    let mut answers = Vec::with_capacity(orders.len());
    let mut more = More::default();
    for order in orders {
        let recorded = desk.changes.entries.len();
        let answer = match desk.answer(order) {
            Ok(answer) => answer,
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::NeedMore(lacking)) => {
                more.sessions.extend(lacking.sessions);
                more.queues.extend(lacking.queues);
                more.whole.extend(lacking.whole);
                continue;
            }
            // What was decided on half of the facts fits nothing.
            Err(Stop::DoesNotFit(_)) if !more.is_empty() => continue,
            Err(Stop::DoesNotFit(misfit)) => return Err(misfit),
        };
        if answer.is_err() && more.is_empty() {
            desk.must_have_done_nothing(recorded)?;
        }
        answers.push(answer);
    }
    if !more.is_empty() {
        return Ok(Decided::NeedMore(more));
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
    /// Sessions whose queue may be given a seat by what was recorded.
    pub unsettled: BTreeSet<SessionId>,
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
        let fields = unkeepable(&order.command);
        if !fields.is_empty() {
            return Err(Refusal::InvalidRequest { fields }.into());
        }
        let Some((key, digest)) = &order.key else { return self.answered(order).map(Ok) };
        if let Some(known) = self.world.remembered.get(key) {
            if planted::is(Bug::AnswerWorkedOutAnew) {
                return self.answered(order).map(Ok);
            }
            return Ok(self.repeated(order, digest, known));
        }
        let answer = match self.answered(order) {
            Ok(reply) => Ok(reply),
            Err(Stop::Refused(refusal)) if !order.ends_with(&refusal) => return Ok(Err(refusal)),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(stop) => return Err(stop),
        };
        let (key, digest, at) = (key.clone(), digest.clone(), self.context.now);
        let remembered = Remembered { key: key.clone(), digest, answer: answer.clone(), at };
        self.world.remembered.insert(key, remembered.clone());
        self.changes.remembered.push(remembered);
        Ok(answer)
    }

    /// Decides an order, and serves every queue that it has set in motion.
    fn answered(&mut self, order: &Order) -> Result<Reply, Stop> {
        let reply = self.decide(order).map_err(|stop| match stop {
            Stop::Refused(refusal) => {
                Stop::Refused(order.inquiry.tempered(refusal, None, &self.world.courses))
            }
            broken => broken,
        })?;
        self.serve_queues(order)?;
        let reply = self.as_it_is_now(reply);
        self.depicted(order, reply)
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
            Command::TurnQueue { session } => Ok(self.turn_queue(*session)),
            Command::DeclineOffer { registration } => self.answer_offer(order, *registration, false),
            Command::WarnOffer { registration } => self.warn_offer(order, *registration),
            Command::LapseOffer { registration } => self.lapse_offer(order, *registration),
            Command::Prioritise { registration, priority } => {
                self.prioritise(order, *registration, priority.as_ref())
            }
            Command::Reconsider { registration, was } => self.reconsider(order, *registration, was.as_ref()),
            Command::ResumeWait { registration } => self.resume_wait(order, *registration),
            Command::Approve { registration } => self.approve(order, *registration),
            Command::Decline { registration, reason } => self.decline(order, *registration, reason),
            Command::PassOnRequest { registration } => self.pass_on_request(order, *registration),
            Command::LapseRequest { registration } => self.lapse_request(order, *registration),
            Command::EndWait { registration, shown } => self.end_wait(order, *registration, shown),
            Command::HelpClash { registration, shown } => self.help_clash(order, *registration, shown),
            Command::Show { learner, shown, wanted } => {
                let about = About { session: Some(*wanted), learner: Some(*learner), ..About::default() };
                self.show(order, about, shown)?;
                Ok(Reply::Done)
            }
            Command::Help { learner, wanted, help } => self.help(order, *learner, *wanted, help),
            Command::Recall { .. } => Err(Refusal::not_found("answer").into()),
            Command::SaveCourses(courses) => self.save_courses(order, courses),
            Command::SaveLocations(locations) => self.save_locations(order, locations),
            Command::SaveDealers(dealers) => self.save_dealers(order, dealers),
            Command::SavePeople(people) => self.save_people(order, people),
            Command::SavePreferences { preferences, zone, version } => {
                self.save_preferences(order, preferences, zone, *version)
            }
            Command::RecordCompletions(completions) => self.record_completions(order, completions),
            Command::RecordDays(days) => self.record_days(order, days),
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
            Command::RecountSeats { session } => self.recount(order, *session),
            Command::SaveBlock { session, block } => self.save_block(order, *session, block),
            Command::ReleaseBlock { session, dealer } => self.release_block(order, *session, *dealer),
            Command::TurnBlocks { session } => self.turn_blocks(order, *session),
            Command::ChangePlugin(change) => self.change_plugin(order, change),
            Command::SetRule(set) => self.set_rule(order, set),
            Command::ClearRule(scope, rule) => self.clear_rule(order, scope, *rule),
            Command::RenewFeed { digest } => self.renew_feed(order, digest),
        }
    }

    /// Records what gives nobody a seat. What does passes the gate: see [`Desk::seat`].
    pub(super) fn record(
        &mut self,
        order: &Order,
        actor: &Actor,
        about: About,
        event: Event,
    ) -> Result<(), Stop> {
        if event.confirms() {
            return Err(DoesNotFit::new(&event, "it gives a seat past the gate").into());
        }
        self.write(order, actor, about, event)
    }

    /// Writes an entry, and applies it.
    pub(super) fn write(
        &mut self,
        order: &Order,
        actor: &Actor,
        about: About,
        event: Event,
    ) -> Result<(), Stop> {
        let before = about.registration.and_then(|id| self.world.registrations.get(id));
        let gives_back = before.and_then(|before| self.world.given_back(before)).map(|given| given.id);
        let had_seat = before.is_some_and(|before| before.status.takes_a_seat());
        if !had_seat && event.takes_a_seat() {
            self.use_block(order, &about)?;
        }
        let hands_on = matches!(event, Event::Substituted { .. } | Event::Displaced { .. });
        let moves = matches!(event, Event::SessionMoved { .. });
        let taught_by = self.may_teach_no_more(&about, &event);
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
        // The seats of a session that is only looked at may be others by now.
        let held = session.filter(|id| self.world.sessions.is_held(*id));
        entry.seats = held.map(|id| self.world.sessions[&id].seats);
        self.touched.seats.extend(session.filter(|_| held.is_some() || planted::writes_unlocked()));
        self.unsettled.extend(held);
        if let Some(id) = registration {
            self.keep_timers(id, &entry.event);
            self.touched.registrations.insert(id);
        }
        self.changes.entries.push(entry);
        let after = registration.and_then(|id| self.world.registrations.get(id));
        let keeps_seat = after.is_some_and(|after| after.status.takes_a_seat());
        if had_seat && !keeps_seat && !hands_on {
            self.refill_block(order, &About { session, learner, registration, ..About::default() })?;
        }
        if let Some(learner) = learner.filter(|_| (had_seat && !keeps_seat) || moves) {
            self.unblock(learner);
        }
        for teacher in taught_by {
            self.unblock(teacher);
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
