//! Marking attendance, letting people in who walk in, and completing a session.

use jiff::Timestamp;

use crate::access;
use crate::attendance::decide::{self, Merged};
use crate::attendance::{Mark, Outcome, Shares};
use crate::catalog::Completion;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{MarkPlan, Order, Refusal, Reply, TimerKind};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::journal::Event;
use crate::policy::Rule;
use crate::registration::decide::{Except, is_given, obstacle, request};
use crate::registration::{Registration, Status};
use crate::session::{Session, SessionStatus};

/// Marks in one request at most.
const MOST_MARKS: usize = 1_000;

impl Desk<'_> {
    pub(super) fn mark_attendance(
        &mut self,
        order: &Order,
        id: SessionId,
        marks: &[MarkPlan],
    ) -> Result<Reply, Stop> {
        if marks.is_empty() || marks.len() > MOST_MARKS {
            return Err(Refusal::invalid("/marks", format!("must be 1 to {MOST_MARKS} marks")).into());
        }
        self.taught_by(order, id)?;
        let mut results = Vec::with_capacity(marks.len());
        for mark in marks {
            // A device that was offline sends many at once: one that is wrong must not keep the others from being kept.
            results.push(match self.mark(order, id, mark, None) {
                Ok(merged) => Ok(merged),
                Err(Stop::Refused(refusal)) => Err(refusal),
                Err(stop) => return Err(stop),
            });
        }
        Ok(Reply::Marked { results })
    }

    /// A learner who proved that they are there.
    pub(super) fn check_in(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        let registration =
            self.world.registrations.get(id).ok_or_else(|| Refusal::not_found("registration"))?;
        let registration = registration.clone();
        if order.actor.person() != Some(registration.learner) {
            self.taught_by(order, registration.session)?;
        }
        let session = &self.world.sessions[&registration.session];
        let now = self.context.now;
        let rules = self.world.rules_for(Some(session.course), None);
        let opens = |number| decide::opens_at(session, number, rules).unwrap_or(Timestamp::MAX);
        let current = (1_u32..).zip(&session.parts).find(|(_, part)| now < part.ends_at());
        let (number, part) = current.ok_or(Refusal::RegistrationClosed { closed_at: session.ends_at() })?;
        if now < opens(number) {
            return Err(Refusal::AttendanceNotOpen { opens_at: opens(number) }.into());
        }
        if registration.attendance.marks.contains_key(&number) {
            return Ok(self.registration_reply(id, false));
        }
        let left = part.ends_at().duration_since(now.max(part.starts_at));
        let minutes = Some(u32::try_from(left.as_mins()).unwrap_or(0));
        let plan = MarkPlan { minutes, ..MarkPlan::whole(id, number) };
        self.mark(order, registration.session, &plan, Some(now))?;
        Ok(self.registration_reply(id, false))
    }

    fn mark(
        &mut self,
        order: &Order,
        session: SessionId,
        plan: &MarkPlan,
        arrived_at: Option<Timestamp>,
    ) -> Result<Merged, Stop> {
        let session = &self.world.sessions[&session];
        let registration = self.world.registrations.get(plan.registration);
        let registration = registration.filter(|it| it.session == session.id);
        let registration = registration.ok_or_else(|| Refusal::not_found("registration"))?.clone();
        if !matches!(registration.status, Status::Confirmed { .. }) {
            return Err(Refusal::NotConfirmed { was: registration.status.word().to_owned() }.into());
        }
        let rules = self.world.rules_for(Some(session.course), None);
        let (said, made) = ((plan.minutes, plan.excused), (plan.at, plan.client));
        let mark = decide::mark(session, plan.part, said, made, rules, self.context.now)?;
        let mark = Mark { arrived_at, ..mark };
        let merged = decide::merge(registration.attendance.marks.get(&plan.part), &mark);
        if merged == Merged::Applied {
            let is_over = matches!(session.status, SessionStatus::Completed { .. });
            if is_over && !is_given(plan.reason.as_deref()) {
                let detail = "correcting attendance after the session was completed needs one";
                return Err(Refusal::invalid("/reason", detail).into());
            }
            let about = About::registration(&registration).because(plan.reason.as_ref());
            self.record(order, &order.actor, about, Event::AttendanceMarked { part: plan.part, mark })?;
            if is_over {
                self.settle(order, plan.registration, Some(registration.attendance.minutes()))?;
            }
        }
        Ok(merged)
    }

    pub(super) fn walk_in(
        &mut self,
        order: &Order,
        id: SessionId,
        learner: PersonId,
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let session = self.taught_by(order, id)?;
        let course = self.world.courses.get(&session.course).ok_or_else(|| Refusal::not_found("course"))?;
        let person = self.world.people.get(&learner);
        let rules = self.world.rules_for(Some(course.id), person);
        let now = self.context.now;
        let opens_at = decide::opens_at(session, 1, rules).unwrap_or_else(|| session.starts_at());
        let closed_at =
            session.starts_at().saturating_add(rules.minutes(Rule::WalkInUntil)).unwrap_or(Timestamp::MAX);
        if !session.is_live(now) || now < opens_at {
            return Err(Refusal::AttendanceNotOpen { opens_at }.into());
        }
        if let Some(known) = self.world.registrations.live(learner, id)
            && matches!(known.status, Status::Confirmed { .. })
        {
            return Ok(self.registration_reply(known.id, false));
        }
        if now > closed_at {
            return Err(Refusal::RegistrationClosed { closed_at }.into());
        }
        // Only now: whoever asks at the wrong time learns nothing of who there is.
        let person = person.ok_or_else(|| Refusal::not_found("person"))?;
        let overrides = self.overrides(order, reason)?;
        let known = self.world.registrations.live(learner, id);
        let except = match known {
            _ if overrides => Except::Everything,
            Some(known) => Except::given_back(self.world, known),
            None => Except::Nothing,
        };
        if let Some(obstacle) = obstacle(self.world, person, session, course, except) {
            return Err(obstacle.into());
        }
        let is_approved = overrides
            || known.is_some_and(|known| known.status.is_approved())
            || self.approves(order, person)?;
        if request(session, rules, is_approved, None, now).is_some() {
            let needed = "an approval, which only somebody who may give it can do without".to_owned();
            return Err(Refusal::Forbidden { needed }.into());
        }
        let beyond = session.seats_for(person.dealer) == 0;
        let (registration, about, _) = self.place(id, learner);
        let (about, walked_in) = (about.because(reason), Event::WalkedIn { beyond });
        self.seat_except(order, &order.actor, about, walked_in, except)?;
        Ok(self.registration_reply(registration, true))
    }

    pub(super) fn complete_session(&mut self, order: &Order, id: SessionId) -> Result<Reply, Stop> {
        let session = self.taught_by(order, id)?;
        match &session.status {
            SessionStatus::Published { .. } => {}
            SessionStatus::Completed { .. } => return Ok(self.session_reply(id, 0)),
            SessionStatus::Draft => return Err(Refusal::RegistrationNotOpen.into()),
            SessionStatus::Cancelled { reason, .. } => {
                return Err(Refusal::SessionCancelled { reason: reason.clone() }.into());
            }
        }
        let last = session.parts.last().map_or(Timestamp::MAX, |part| part.starts_at);
        if self.context.now < last {
            return Err(Refusal::AttendanceNotOpen { opens_at: last }.into());
        }
        let confirmed = self.confirmed(id);
        let unmarked: Vec<_> =
            confirmed.iter().filter(|it| self.outcome(it).is_none()).map(|it| it.id).collect();
        if !unmarked.is_empty() {
            return Err(Refusal::AttendanceUnmarked { registrations: unmarked }.into());
        }
        self.touched.plans.insert(id);
        self.record(order, &order.actor, About::session(id), Event::SessionCompleted)?;
        self.set_timer(TimerKind::Unmarked, id, None);
        for registration in confirmed {
            self.settle(order, registration.id, None)?;
        }
        Ok(self.session_reply(id, 1))
    }

    /// Tells the instructor, and later the admin, that somebody's attendance is not marked.
    pub(super) fn chase_marks(&mut self, order: &Order, id: SessionId) -> Result<Reply, Stop> {
        let now = self.context.now;
        let next = self.next_chase(id);
        self.set_timer(TimerKind::Unmarked, id, next);
        let Some(session) = self.world.sessions.get(&id) else { return Ok(Reply::Done) };
        let (first, second) = self.chases(session);
        let is_open = matches!(session.status, SessionStatus::Published { .. });
        let unmarked = self.confirmed(id).iter().filter(|it| self.outcome(it).is_none()).count();
        if is_open && unmarked > 0 && now >= first {
            let unmarked = u32::try_from(unmarked).unwrap_or(u32::MAX);
            let event = Event::AttendanceMissing { unmarked, escalated: now >= second };
            self.record(order, &order.actor, About::session(id), event)?;
        }
        Ok(Reply::Done)
    }

    /// Has a session's marks looked at when it is next time to.
    pub(super) fn watch_marks(&mut self, id: SessionId) {
        let next = self.next_chase(id);
        self.set_timer_of_plan(TimerKind::Unmarked, id, next);
    }

    fn next_chase(&self, id: SessionId) -> Option<Timestamp> {
        let session = self.world.sessions.get(&id)?;
        let (first, second) = self.chases(session);
        let is_open = matches!(session.status, SessionStatus::Published { .. });
        [first, second].into_iter().find(|at| is_open && self.context.now < *at)
    }

    fn chases(&self, session: &Session) -> (Timestamp, Timestamp) {
        let rules = self.world.rules_for(Some(session.course), None);
        let after = |rule| session.ends_at().saturating_add(rules.hours(rule)).unwrap_or(Timestamp::MAX);
        (after(Rule::UnmarkedInstructor), after(Rule::UnmarkedAdmin))
    }

    fn confirmed(&self, id: SessionId) -> Vec<Registration> {
        let live = self.world.registrations.of_session(id);
        live.filter(|it| matches!(it.status, Status::Confirmed { .. })).cloned().collect()
    }

    fn outcome(&self, registration: &Registration) -> Option<Outcome> {
        let session = self.world.sessions.get(&registration.session)?;
        let shares = Shares::of(self.world.rules_for(Some(session.course), None));
        registration.attendance.outcome(&session.parts, shares)
    }

    /// Settles what somebody's marks come to, and with it whether they have completed the course. So many minutes were settled
    /// before, if any were: how long somebody was there is told, and told anew when it was wrong.
    fn settle(&mut self, order: &Order, id: RegistrationId, before: Option<u32>) -> Result<(), Stop> {
        let registration = self.world.registrations.get(id).cloned().expect("it is marked");
        let Some(outcome) = self.outcome(&registration) else { return Ok(()) };
        let is_corrected = before.is_some_and(|minutes| minutes != registration.attendance.minutes());
        if registration.attendance.settled != Some(outcome) || is_corrected {
            let about = About::registration(&registration);
            let session = &self.world.sessions[&registration.session];
            let stay = Some(registration.attendance.stay(&session.parts, over_at(session)));
            self.record(order, &order.actor, about, Event::AttendanceSettled { outcome, stay })?;
        }
        let session = &self.world.sessions[&registration.session];
        let (person, course) = (registration.learner, session.course);
        let completion = Completion { person, course, completed_at: over_at(session) };
        let is_known = self.world.completions_of(completion.person).binary_search(&completion).is_ok();
        match (outcome, is_known) {
            (Outcome::Attended, false) => {
                let event = Event::CompletionsRecorded(vec![completion]);
                self.record(order, &order.actor, About::registration(&registration), event)?;
                self.changes.completions_withdrawn.retain(|known| *known != completion);
                self.changes.completions.push(completion);
            }
            (Outcome::Partial | Outcome::NoShow | Outcome::Excused, true) => {
                let event = Event::CompletionsWithdrawn(vec![completion]);
                self.record(order, &order.actor, About::registration(&registration), event)?;
                self.changes.completions.retain(|known| *known != completion);
                self.changes.completions_withdrawn.push(completion);
            }
            _ => {}
        }
        Ok(())
    }

    /// A session, when the actor teaches it or is an admin.
    fn taught_by(&self, order: &Order, id: SessionId) -> Result<&Session, Refusal> {
        let actor = self.actor(order)?;
        let session = self.visible(actor, id)?;
        actor.map_or(Ok(()), |actor| access::teach(actor, session))?;
        Ok(session)
    }
}

/// When a session was over. One that ends early was when somebody said so: nothing is dated ahead.
fn over_at(session: &Session) -> Timestamp {
    match session.status {
        SessionStatus::Completed { at } => at.min(session.ends_at()),
        _ => session.ends_at(),
    }
}
