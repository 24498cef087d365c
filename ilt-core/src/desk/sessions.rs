//! Planning, publishing and cancelling sessions.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::attendance::decide::outdated;
use crate::catalog::Role;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::records::{Problems, TWICE};
use crate::desk::{Order, PartPlan, Refusal, Reply, SessionPlan, TimerKind};
use crate::ids::{PersonId, SessionId};
use crate::journal::Event;
use crate::ranking::Shown;
use crate::registration::decide::{clashes, is_given};
use crate::schedule::Part;
use crate::session::{Seats, Session, SessionStatus};

impl Desk<'_> {
    pub(super) fn save_sessions(
        &mut self,
        order: &Order,
        plans: &[SessionPlan],
        historic: bool,
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let planned = self.all_planned(plans, historic)?;
        let (mut added, mut changed, mut one) = (0, 0, None);
        for session in planned {
            let (id, before) = (session.id, self.world.sessions.get(&session.id));
            one = Some((id.0, session.version));
            let is_new = before.is_none();
            let moved = before.and_then(|before| moved(before, &session));
            let started = before.map(Session::starts_at);
            let starts_elsewhen = started.filter(|started| *started != session.starts_at());
            let event = match before {
                None => Event::SessionScheduled(Box::new(session)),
                Some(before) if *before == session => continue,
                Some(_) => Event::SessionChanged(Box::new(session)),
            };
            if before.is_none() {
                added += 1;
            } else {
                changed += 1;
            }
            self.touched.plans.insert(id);
            let about = About::session(id).because(plan_reason(plans, id));
            self.record(order, &order.actor, about, event)?;
            if let Some(moved) = moved {
                self.tell_everybody(order, id, &moved)?;
            }
            if let Some(started) = starts_elsewhen {
                self.move_waits(order, id)?;
                self.move_blocks(order, id, started)?;
            }
            self.watch_minimum(id);
            self.watch_reminders(id);
            if is_new || starts_elsewhen.is_some() {
                self.watch_marks(id);
            }
        }
        Ok(Reply::Saved { added, changed, one: one.filter(|_| plans.len() == 1), picture: None })
    }

    /// The sessions that plans lead to, whatever order they come in; they are held against each other as well.
    pub(super) fn all_planned(&self, plans: &[SessionPlan], historic: bool) -> Result<Vec<Session>, Refusal> {
        let mut problems = Problems::of(plans.len());
        let (mut planned, mut ids) = (Vec::with_capacity(plans.len()), BTreeSet::new());
        for (at, plan) in plans.iter().enumerate() {
            let once = if ids.insert(plan.id) { Ok(()) } else { Err(Refusal::invalid("/id", TWICE)) };
            match once.and_then(|()| self.planned(plan, historic)) {
                Ok(session) => planned.push((at, session)),
                Err(refusal) => problems.add(at, refusal)?,
            }
        }
        let (places, planned): (Vec<_>, Vec<_>) = planned.into_iter().unzip();
        // History is as it was; what is to come is not.
        let is_to_come = |session: &Session| !historic || session.ends_at() > self.context.now;
        for (place, at) in places.into_iter().enumerate().filter(|(place, _)| is_to_come(&planned[*place])) {
            let (before, session) = (&planned[..place], &planned[place]);
            if let Err(refusal) = self.not_double_booked(&plans[at], session, (before, &ids)) {
                problems.add(at, refusal)?;
            }
        }
        problems.finish()?;
        Ok(planned)
    }

    pub(super) fn publish_session(
        &mut self,
        order: &Order,
        id: SessionId,
        version: Option<u64>,
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let session = self.world.sessions.get(&id).ok_or_else(|| Refusal::not_found("session"))?;
        current(session, version)?;
        match &session.status {
            SessionStatus::Draft => {}
            SessionStatus::Published { .. } => return Ok(self.session_reply(id, 0)),
            SessionStatus::Completed { at } => {
                return Err(Refusal::RegistrationClosed { closed_at: *at }.into());
            }
            SessionStatus::Cancelled { reason, .. } => {
                return Err(Refusal::SessionCancelled { reason: reason.clone() }.into());
            }
        }
        if session.starts_at() <= self.context.now {
            return Err(Refusal::invalid("/parts/0/starts", "is in the past").into());
        }
        self.touched.plans.insert(id);
        self.record(
            order,
            &order.actor,
            About { session: Some(id), ..About::default() },
            Event::SessionPublished,
        )?;
        self.watch_minimum(id);
        self.watch_reminders(id);
        self.watch_marks(id);
        Ok(self.session_reply(id, 1))
    }

    pub(super) fn cancel_session(
        &mut self,
        order: &Order,
        id: SessionId,
        reason: &str,
        proposals: &[Shown],
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let session = self.world.sessions.get(&id).ok_or_else(|| Refusal::not_found("session"))?;
        match &session.status {
            SessionStatus::Draft | SessionStatus::Published { .. } => {}
            SessionStatus::Cancelled { .. } => return Ok(self.session_reply(id, 0)),
            SessionStatus::Completed { at } => {
                return Err(Refusal::RegistrationClosed { closed_at: *at }.into());
            }
        }
        if !is_given(Some(reason)) {
            return Err(Refusal::invalid("/reason", "learners must be told why").into());
        }
        self.call_off(order, id, reason, proposals)?;
        Ok(self.session_reply(id, 1))
    }

    /// Cancels a session, ends what was registered for it, and shows each learner what can be taken instead.
    pub(super) fn call_off(
        &mut self,
        order: &Order,
        id: SessionId,
        reason: &str,
        proposals: &[Shown],
    ) -> Result<(), Stop> {
        self.touched.plans.insert(id);
        let about = About::session(id).because(Some(reason));
        let cancelled = self.cancelled(id, reason);
        self.record(order, &order.actor, about, cancelled)?;
        for kind in [TimerKind::Minimum, TimerKind::Blocks, TimerKind::Unmarked] {
            self.set_timer(kind, id, None);
        }
        let live: Vec<_> = self.world.registrations.of_session(id).cloned().collect();
        for registration in live {
            let about = About::registration(&registration).because(Some(reason));
            self.record(order, &order.actor, about, Event::EndedWithSession)?;
            let learner = registration.learner;
            let instead: Vec<_> = proposals.iter().filter(|it| it.learner == learner).cloned().collect();
            if !instead.is_empty() {
                self.show(order, About::registration(&registration), &instead)?;
            }
        }
        Ok(())
    }

    /// Of a draft nobody has heard, and nobody hears that it will not take place: its plan changes.
    fn cancelled(&self, id: SessionId, reason: &str) -> Event {
        match self.world.sessions.get(&id) {
            Some(draft) if draft.status == SessionStatus::Draft => {
                let (at, reason, version) = (self.context.now, reason.to_owned(), draft.version + 1);
                let status = SessionStatus::Cancelled { at, reason, announced: false };
                Event::SessionChanged(Box::new(Session { status, version, ..draft.clone() }))
            }
            _ => Event::SessionCancelled,
        }
    }

    /// Tells everybody who is registered that the session was moved, and those who have something else to attend then what that is.
    fn tell_everybody(&mut self, order: &Order, id: SessionId, moved: &Event) -> Result<(), Stop> {
        let live: Vec<_> = self.world.registrations.of_session(id).cloned().collect();
        for registration in live {
            let mut moved = moved.clone();
            if let Event::SessionMoved { unmarked, .. } = &mut moved {
                let session = &self.world.sessions[&id];
                let rules = self.world.rules_for(Some(session.course), None);
                *unmarked = outdated(&registration.attendance, session, rules);
            }
            self.record(order, &order.actor, About::registration(&registration), moved)?;
            let with = clashes(self.world, registration.learner, &self.world.sessions[&id], None);
            if registration.status.takes_a_seat() && !with.is_empty() {
                let event = Event::ClashArose { with };
                self.record(order, &order.actor, About::registration(&registration), event)?;
                self.set_timer(TimerKind::ClashHelp, registration.id, Some(self.context.now));
            }
        }
        self.give_back_of_leavers(order, id)
    }

    pub(super) fn session_reply(&self, id: SessionId, changed: usize) -> Reply {
        let version = self.world.sessions.get(&id).map_or(0, |session| session.version);
        Reply::Saved { added: 0, changed, one: Some((id.0, version)), picture: None }
    }

    /// The session that a plan leads to; equal to what is known when nothing changes.
    fn planned(&self, plan: &SessionPlan, historic: bool) -> Result<Session, Refusal> {
        let now = self.context.now;
        let before = self.world.sessions.get(&plan.id);
        if let Some(before) = before {
            current(before, plan.version)?;
            if let SessionStatus::Cancelled { reason, .. } = &before.status
                && !historic
            {
                return Err(Refusal::SessionCancelled { reason: reason.clone() });
            }
        }
        let parts = self.parts(plan, before)?;
        let is_new_time = before.is_none_or(|before| before.parts != parts);
        let was_completed = before.filter(|it| matches!(it.status, SessionStatus::Completed { .. }));
        if was_completed.is_some_and(|before| before.parts != parts || before.course != plan.course) {
            let detail = "it was completed: what was taught and when stays, since completions go by it";
            return Err(Refusal::invalid("/parts", detail));
        }
        let in_past = parts.first().is_some_and(|part| part.starts_at <= now);
        if is_new_time && in_past && !historic {
            return Err(Refusal::invalid("/parts/0/starts", "is in the past"));
        }
        let has_people = self.world.registrations.of_session(plan.id).next().is_some();
        if in_past && has_people && before.is_some_and(|before| before.starts_at() > now) {
            let detail = "is in the past, and people are registered for a session that is to come";
            return Err(Refusal::invalid("/parts/0/starts", detail));
        }
        let ends_at = parts.last().map_or(now, Part::ends_at);
        let is_done = plan.status.as_deref() == Some("completed") && was_completed.is_none();
        if is_done && ends_at > now {
            return Err(Refusal::invalid("/status", "a session that is to come was not completed"));
        }
        if is_done && has_people {
            let detail = "people are registered: mark who was there, and complete it";
            return Err(Refusal::invalid("/status", detail));
        }
        let (seats, freed_at) = match before {
            Some(before) => before.resized(plan.capacity, now)?,
            None => (Seats::empty(plan.capacity), None),
        };
        let session = Session {
            id: plan.id,
            course: plan.course,
            location: plan.location,
            parts,
            instructors: plan.instructors.clone(),
            status: status(plan, before.map(|before| &before.status), now.min(ends_at), now)?,
            waitlist: plan.waitlist,
            minimum: plan.minimum,
            seats,
            freed_at,
            moved_at: before.and_then(|before| before.moved_at),
            rescheduled_at: before.and_then(|before| before.rescheduled_at),
            most_parts: before.map_or(0, |before| before.most_parts),
            reminded_at: before.and_then(|before| before.reminded_at),
            blocks: before.map_or_else(Vec::new, |before| before.blocks.clone()),
            version: before.map_or(1, |before| before.version),
        };
        let fields = session.problems();
        if !fields.is_empty() {
            return Err(Refusal::InvalidRequest { fields });
        }
        match before {
            Some(before) if *before != session => {
                let moved = moved(before, &session);
                let rescheduled = moved.as_ref().is_some_and(Event::reschedules);
                let moved_at = if moved.is_some() { Some(now) } else { session.moved_at };
                let rescheduled_at = if rescheduled { Some(now) } else { session.rescheduled_at };
                let most_parts = match u32::try_from(before.parts.len()) {
                    Ok(parts) if !before.is_private() => before.most_parts.max(parts),
                    _ => before.most_parts,
                };
                Ok(Session { moved_at, rescheduled_at, most_parts, version: before.version + 1, ..session })
            }
            _ => Ok(session),
        }
    }

    fn parts(&self, plan: &SessionPlan, before: Option<&Session>) -> Result<Vec<Part>, Refusal> {
        if !self.world.courses.contains_key(&plan.course) {
            return Err(Refusal::invalid("/course", "this course does not exist"));
        }
        let Some(location) = self.world.locations.get(&plan.location) else {
            return Err(Refusal::invalid("/location", "this location does not exist"));
        };
        // Whoever was to teach and has left is found out elsewhere; that keeps nothing else of the session from changing.
        let was = |id: &PersonId| before.is_some_and(|before| before.instructors.contains(id));
        for (at, id) in plan.instructors.iter().enumerate().filter(|(_, id)| !was(id)) {
            if !self.world.people.get(id).is_some_and(|person| person.active && person.is(Role::Instructor)) {
                return Err(Refusal::invalid(format!("/instructors/{at}"), "is not an active instructor"));
            }
        }
        let zone = |part: &PartPlan| part.zone.clone().unwrap_or_else(|| location.zone.clone());
        // What was booked before the location listed its rooms stays, and history is what it was.
        let is_history = matches!(plan.status.as_deref(), Some("completed" | "cancelled"));
        let stays = |room: &str| {
            let known = before.filter(|before| before.location == plan.location);
            is_history || known.is_some_and(|before| before.parts.iter().any(|part| part.room == room))
        };
        let part = |(at, part): (usize, &PartPlan)| {
            let room = match location.room(&part.room) {
                Err(_) if stays(&part.room) => part.room.clone(),
                found => {
                    found.map_err(|bad| Refusal::invalid(format!("/parts/{at}/room"), bad.to_string()))?
                }
            };
            Ok(Part::new(part.starts, zone(part), part.length, room)?)
        };
        plan.parts.iter().enumerate().map(part).collect()
    }
}

/// What those who are registered must be told when a published session changes: its time, place or room, its instructors.
fn moved(before: &Session, after: &Session) -> Option<Event> {
    let is_open = matches!(before.status, SessionStatus::Published { .. });
    if !is_open || after.needs_the_same_as(before) {
        return None;
    }
    let times =
        |session: &Session| session.parts.iter().map(|it| (it.starts_at, it.length)).collect::<Vec<_>>();
    let rooms = |session: &Session| session.parts.iter().map(|part| part.room.clone()).collect::<Vec<_>>();
    Some(Event::SessionMoved {
        from: before.starts_at(),
        to: after.starts_at(),
        other_times: times(before) != times(after),
        elsewhere: before.location != after.location,
        other_room: rooms(before) != rooms(after),
        other_instructors: before.instructors != after.instructors,
        unmarked: Vec::new(),
    })
}

/// Why a plan books somebody or something twice, where it does.
fn plan_reason(plans: &[SessionPlan], id: SessionId) -> Option<&String> {
    plans.iter().find(|plan| plan.id == id).and_then(|plan| plan.override_reason.as_ref())
}

pub(super) fn current(session: &Session, version: Option<u64>) -> Result<(), Refusal> {
    match version {
        Some(version) if version != session.version => {
            Err(Refusal::Stale { what: "session".to_owned(), version: session.version })
        }
        _ => Ok(()),
    }
}

/// The status that a plan leads to. A life goes forward only; a session is cancelled by its own command, or by history.
fn status(
    plan: &SessionPlan,
    before: Option<&SessionStatus>,
    over_at: Timestamp,
    now: Timestamp,
) -> Result<SessionStatus, Refusal> {
    let was = before.map(SessionStatus::word);
    let Some(word) = plan.status.as_deref().or(was) else { return Ok(SessionStatus::Draft) };
    if let Some(before) = before
        && before.word() == word
    {
        return Ok(before.clone());
    }
    match (was, word) {
        (None, "draft") => Ok(SessionStatus::Draft),
        (None | Some("draft"), "published") => Ok(SessionStatus::Published { at: now }),
        (None | Some("draft" | "published"), "completed") => Ok(SessionStatus::Completed { at: over_at }),
        (None, "cancelled") => Ok(SessionStatus::Cancelled {
            at: over_at,
            reason: "cancelled before it was imported".to_owned(),
            announced: true,
        }),
        (Some(was), word) if SessionStatus::WORDS.contains(&word) => {
            Err(Refusal::invalid("/status", format!("a {was} session cannot become {word} this way")))
        }
        _ => Err(Refusal::invalid("/status", format!("must be one of {}", SessionStatus::WORDS.join(", ")))),
    }
}
