//! Putting into an answer what it shows, while it is known.

use uuid::Uuid;

use crate::catalog::{Completion, Person};
use crate::desk::More;
use crate::desk::batch::{Desk, Stop};
use crate::desk::picture::{
    Around, CompletionPicture, PersonPicture, Picture, Reference, SessionPicture, own,
};
use crate::desk::{Command, Order, Reply};
use crate::ids::{PersonId, SessionId};
use crate::registration::{Registration, Status};
use crate::session::Block;

impl Desk<'_> {
    /// A reply with what it shows. Theirs who look at nothing stay as they are.
    ///
    /// # Errors
    /// That more must be known, for a place in the queue.
    pub(super) fn depicted(&self, order: &Order, mut reply: Reply) -> Result<Reply, Stop> {
        let Ok(actor) = self.actor(order) else { return Ok(reply) };
        if !order.actor.looks() {
            return Ok(reply);
        }
        match &mut reply {
            Reply::Registration { registration, position, around, .. } => {
                if position.is_none() {
                    *position = self.place_in_queue(order, registration)?;
                }
                *around = self.around(registration.session, [registration.learner]);
            }
            Reply::Group { registrations, positions, around, .. } => {
                for (registration, position) in registrations.iter().zip(positions) {
                    if position.is_none() {
                        *position = self.place_in_queue(order, registration)?;
                    }
                }
                let session = registrations.first().map(|it| it.session);
                let learners = registrations.iter().map(|it| it.learner);
                *around = session.and_then(|session| self.around(session, learners));
            }
            Reply::Saved { one, picture, .. } => {
                *picture = self.picture(actor, &order.command, *one).map(Box::new);
            }
            Reply::Marked { .. } | Reply::Helped(_) | Reply::Done => {}
        }
        Ok(reply)
    }

    fn reference(&self) -> Reference<'_> {
        let world = &*self.world;
        Reference { courses: &world.courses, locations: &world.locations, rules: &world.rules }
    }

    fn name_of(&self, id: PersonId) -> Option<String> {
        self.world.people.get(&id).map(|person| person.name.clone())
    }

    fn session_picture(&self, id: SessionId) -> Option<SessionPicture> {
        let session = self.world.sessions.get(&id)?;
        Some(SessionPicture::of(session, self.reference(), |id| self.name_of(id), self.context.now))
    }

    fn around(&self, session: SessionId, people: impl IntoIterator<Item = PersonId>) -> Option<Box<Around>> {
        let session = self.session_picture(session)?;
        let names = people.into_iter().filter_map(|id| Some((id, self.name_of(id)?))).collect();
        Some(Box::new(Around { session, names }))
    }

    /// A place in a queue, counted from 1. Of those who wait beyond what is loaded it is known how many come before.
    fn place_in_queue(&self, order: &Order, registration: &Registration) -> Result<Option<u32>, Stop> {
        if !matches!(registration.status, Status::Waitlisted { .. }) {
            return Ok(None);
        }
        let unseen = self.world.unseen_before.get(&registration.id).copied().unwrap_or(0);
        // Whoever is let before others passes some who are not loaded: how many, only they can tell.
        let is_moved =
            unseen > 0 && matches!(order.command, Command::Prioritise { .. } | Command::Reconsider { .. });
        let session = self.world.sessions.get(&registration.session);
        let joins_in_front =
            order.granted.is_some() && session.is_some_and(|session| !self.world.knows_queue_of(session));
        if is_moved || joins_in_front {
            return Err(Stop::NeedMore(More::queue(registration.session)));
        }
        let seen = self.world.registrations.position(registration.id);
        Ok(seen.and_then(|seen| seen.checked_add(unseen)))
    }

    fn picture(
        &self,
        actor: Option<&Person>,
        command: &Command,
        one: Option<(Uuid, u64)>,
    ) -> Option<Picture> {
        let world = &*self.world;
        match command {
            Command::SaveSessions { .. }
            | Command::PublishSession { .. }
            | Command::CancelSession { .. }
            | Command::CompleteSession { .. }
            | Command::Resize { .. }
            | Command::SaveBlock { .. }
            | Command::RecountSeats { .. }
            | Command::ReleaseBlock { .. } => {
                let id = SessionId(one?.0);
                let mine = actor.and_then(|actor| world.registrations.live(actor.id, id)).map(own);
                let session = self.session_picture(id)?;
                let set_aside =
                    actor.and_then(|actor| session.session.block_of(actor.dealer)).map(Block::free);
                Some(Picture::Session { session: Box::new(session), mine, set_aside })
            }
            Command::SaveCourses(_) => {
                let course = world.courses.get(&one?.0.into())?;
                let completed = actor.map_or(&[][..], |actor| world.completions_of(actor.id));
                let missing = world.book().missing(course, completed, self.context.now);
                Some(Picture::Course { course: course.clone(), missing })
            }
            Command::SaveLocations(_) => world.locations.get(&one?.0.into()).cloned().map(Picture::Location),
            Command::ChangePlugin(change) => {
                world.plugins.get(&change.plugin).cloned().map(Box::new).map(Picture::Plugin)
            }
            Command::SavePeople(_) | Command::SavePreferences { .. } => {
                world.people.get(&one?.0.into()).map(PersonPicture::from).map(Picture::Person)
            }
            Command::RecordCompletions(completions) => match &completions[..] {
                [only] => Some(Picture::Completion(self.completion_picture(*only))),
                _ => None,
            },
            Command::SaveDealers(_)
            | Command::RecordDays(_)
            | Command::Register { .. }
            | Command::TakeAlternative { .. }
            | Command::Cancel { .. }
            | Command::Transfer { .. }
            | Command::Swap { .. }
            | Command::RegisterGroup { .. }
            | Command::TurnQueue { .. }
            | Command::Substitute { .. }
            | Command::TakeOffer { .. }
            | Command::DeclineOffer { .. }
            | Command::WarnOffer { .. }
            | Command::LapseOffer { .. }
            | Command::ResumeWait { .. }
            | Command::Prioritise { .. }
            | Command::Reconsider { .. }
            | Command::Approve { .. }
            | Command::Decline { .. }
            | Command::PassOnRequest { .. }
            | Command::LapseRequest { .. }
            | Command::EndWait { .. }
            | Command::HelpClash { .. }
            | Command::Show { .. }
            | Command::Help { .. }
            | Command::Recall { .. }
            | Command::MarkAttendance { .. }
            | Command::CheckIn { .. }
            | Command::WalkIn { .. }
            | Command::ChaseMarks { .. }
            | Command::WeighMinimum { .. }
            | Command::RemindLearners { .. }
            | Command::TurnBlocks { .. }
            | Command::SetRule(_)
            | Command::ClearRule(..)
            | Command::RenewFeed { .. } => None,
        }
    }

    fn completion_picture(&self, completion: Completion) -> CompletionPicture {
        let known = self.world.completions_of(completion.person);
        let of_course: Vec<_> = known.iter().copied().filter(|it| it.course == completion.course).collect();
        let ends = self.world.book().ends(&of_course);
        let end = of_course.iter().zip(ends).find(|(it, _)| **it == completion).and_then(|(_, end)| end);
        CompletionPicture::of(completion, end, self.reference(), self.context.now)
    }
}
