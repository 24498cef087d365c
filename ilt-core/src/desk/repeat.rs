//! The same request once more: the first answer, for whoever may still see what it shows.

use crate::access;
use crate::catalog::Person;
use crate::desk::batch::Desk;
use crate::desk::picture::Picture;
use crate::desk::{Answer, Command, Order, Refusal, Remembered, Reply};
use crate::ids::{PersonId, RegistrationId, SessionId};

impl Remembered {
    /// Whom the answer tells of: they must be known before it is given again.
    pub fn people(&self) -> Vec<PersonId> {
        match &self.answer {
            Ok(Reply::Registration { registration, .. }) => vec![registration.learner],
            Ok(Reply::Group { registrations, .. }) => registrations.iter().map(|it| it.learner).collect(),
            Ok(Reply::Saved { picture, .. }) => match picture.as_deref() {
                Some(Picture::Person(picture)) => vec![picture.person().id],
                Some(Picture::Completion(picture)) => vec![picture.completion.person],
                Some(
                    Picture::Session { .. }
                    | Picture::Course { .. }
                    | Picture::Location(_)
                    | Picture::Plugin(_),
                )
                | None => Vec::new(),
            },
            Ok(Reply::Marked { .. } | Reply::Helped(_) | Reply::Done) | Err(_) => Vec::new(),
        }
    }
}

impl Desk<'_> {
    /// What was answered the first time.
    pub(super) fn repeated(&self, order: &Order, digest: &str, known: &Remembered) -> Answer {
        if known.digest != digest {
            return Err(Refusal::IdempotencyKeyReused);
        }
        match self.actor(order)? {
            Some(actor) if !self.may_still_see(actor, &order.command, known) => {
                Err(Refusal::not_found("answer"))
            }
            _ => known.answer.clone(),
        }
    }

    fn may_still_see(&self, actor: &Person, command: &Command, known: &Remembered) -> bool {
        let mut session = None;
        match &known.answer {
            // These say nothing of anybody.
            Err(
                Refusal::Forbidden { .. }
                | Refusal::NotFound { .. }
                | Refusal::InvalidRequest { .. }
                | Refusal::IdempotencyKeyReused,
            ) => return true,
            Err(_) | Ok(Reply::Group { .. } | Reply::Helped(_) | Reply::Done) => {}
            Ok(Reply::Marked { .. }) => return self.still_teaches(actor, command),
            Ok(Reply::Registration { registration, .. }) => session = Some(registration.session),
            Ok(Reply::Saved { picture, .. }) => match picture.as_deref() {
                Some(Picture::Session { session, .. }) if session.session.is_private() => {
                    return access::know_of(actor, &session.session);
                }
                Some(Picture::Plugin(plugin)) => {
                    return access::look_after_plugins(actor, &plugin.whose).is_ok();
                }
                _ => {}
            },
        }
        let named = command.session().and_then(|id| self.world.sessions.get(&id));
        if named.is_some_and(|session| !access::know_of(actor, session)) {
            return false;
        }
        let teaches = session.is_some_and(|id| self.teaches(actor, id)) || self.still_teaches(actor, command);
        let reaches = |id: &PersonId| {
            self.world.people.get(id).is_some_and(|person| access::over(actor, person).is_ok())
        };
        teaches || known.people().iter().chain(&self.concerned(command)).all(reaches)
    }

    pub(super) fn teaches(&self, actor: &Person, session: SessionId) -> bool {
        self.world.sessions.get(&session).is_some_and(|session| access::teach(actor, session).is_ok())
    }

    /// Of what instructors ask: whether they still are.
    fn still_teaches(&self, actor: &Person, command: &Command) -> bool {
        match command {
            Command::MarkAttendance { session, .. } | Command::WalkIn { session, .. } => {
                self.teaches(actor, *session)
            }
            Command::CheckIn { registration } => {
                let registration = self.world.registrations.get(*registration);
                registration.is_some_and(|it| self.teaches(actor, it.session))
            }
            _ => false,
        }
    }

    /// Whom an answer to this would tell of, refused or not.
    fn concerned(&self, command: &Command) -> Vec<PersonId> {
        let learner_of = |id: &RegistrationId| self.world.registrations.get(*id).map(|it| it.learner);
        match command {
            Command::Register { learner, .. }
            | Command::WalkIn { learner, .. }
            | Command::Show { learner, .. }
            | Command::Help { learner, .. } => vec![*learner],
            Command::RegisterGroup { learners, .. } => learners.clone(),
            Command::TakeAlternative { alternative } => {
                self.world.shown.get(alternative).map(|shown| shown.learner).into_iter().collect()
            }
            Command::Substitute { registration, learner, .. } => {
                learner_of(registration).into_iter().chain([*learner]).collect()
            }
            Command::Cancel { registration, .. }
            | Command::Transfer { registration, .. }
            | Command::Swap { registration, .. }
            | Command::TakeOffer { registration }
            | Command::DeclineOffer { registration }
            | Command::WarnOffer { registration }
            | Command::LapseOffer { registration }
            | Command::ResumeWait { registration }
            | Command::Prioritise { registration, .. }
            | Command::Reconsider { registration, .. }
            | Command::Approve { registration }
            | Command::Decline { registration, .. }
            | Command::PassOnRequest { registration }
            | Command::LapseRequest { registration }
            | Command::EndWait { registration, .. }
            | Command::HelpClash { registration, .. }
            | Command::CheckIn { registration } => learner_of(registration).into_iter().collect(),
            Command::RecordCompletions(completions) => completions.iter().map(|it| it.person).collect(),
            Command::RecordDays(days) => days.iter().map(|it| it.person).collect(),
            Command::Recall { .. }
            | Command::TurnQueue { .. }
            | Command::SaveCourses(_)
            | Command::SaveLocations(_)
            | Command::SaveDealers(_)
            // Whoever is new gets another id each time it is asked: the answer knows whom it tells of.
            | Command::SavePeople(_)
            | Command::SavePreferences { .. }
            | Command::SaveSessions { .. }
            | Command::PublishSession { .. }
            | Command::MarkAttendance { .. }
            | Command::CompleteSession { .. }
            | Command::ChaseMarks { .. }
            | Command::CancelSession { .. }
            | Command::WeighMinimum { .. }
            | Command::RemindLearners { .. }
            | Command::Resize { .. }
            | Command::SaveBlock { .. }
            | Command::ReleaseBlock { .. }
            | Command::TurnBlocks { .. }
            | Command::RecountSeats { .. }
            | Command::SetRule(_)
            | Command::ChangePlugin(_)
            | Command::ClearRule(..)
            | Command::RenewFeed { .. } => Vec::new(),
        }
    }
}
