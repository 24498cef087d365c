//! What happens, in the words of people.

use ilt_core::desk::{Answer, Command, Reply};
use ilt_core::fault::Fault;
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::world::World;
use uuid::Uuid;

use crate::draw::Want;
use crate::kind::Kind;
use crate::town;

/// Names of what is there.
pub struct Names<'a>(pub &'a World);

impl Names<'_> {
    /// What a thing is called.
    pub fn name(&self, thing: impl Into<Uuid>) -> String {
        let thing = thing.into();
        if let Some(name) = town::name(thing) {
            return name;
        }
        if let Some(known) = self.0.registrations.get(RegistrationId(thing)) {
            return format!("{}'s place in {}", self.name(known.learner), self.name(known.session));
        }
        format!("…{:x}", thing.as_u128() & 0xffff)
    }

    /// Who asks.
    pub fn actor(&self, actor: &Actor) -> String {
        actor.person().map_or_else(|| actor.to_string(), |person| self.name(person))
    }

    fn people(&self, people: &[PersonId]) -> String {
        people.iter().map(|it| self.name(*it)).collect::<Vec<_>>().join(", ")
    }

    /// What somebody wants.
    pub fn want(&self, want: &Want) -> String {
        match want {
            Want::Do(command) => self.command(command),
            Want::Alternatives(learner, session) => {
                format!("what {} can take instead of {}", self.name(*learner), self.name(*session))
            }
            Want::Roster(session) => format!("to see the roster of {}", self.name(*session)),
            Want::Registrations(learner) => format!("to see what {} is registered for", self.name(*learner)),
            Want::Help(learner, session) => {
                format!("what helps {} with what is missing for {}", self.name(*learner), self.name(*session))
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "a few lines for each kind, and nothing else")]
    fn command(&self, command: &Command) -> String {
        let word = Kind::of(command).word();
        let of = |it: &RegistrationId| format!("{word}: {}", self.name(*it));
        let at = |it: &SessionId| format!("{word}: {}", self.name(*it));
        match command {
            Command::Register { session, learner, on_full, automatic, reason } => format!(
                "Register: {} for {} (else {on_full:?}{}{})",
                self.name(*learner),
                self.name(*session),
                if *automatic { ", without asking" } else { "" },
                if reason.is_some() { ", overriding" } else { "" }
            ),
            Command::RegisterGroup { session, learners, on_full, automatic } => format!(
                "RegisterGroup: {} for {} (else {on_full:?}{})",
                self.people(learners),
                self.name(*session),
                if *automatic { ", without asking" } else { "" }
            ),
            Command::Transfer { registration, session, .. } | Command::Swap { registration, session, .. } => {
                format!("{word}: {} for {}", self.name(*registration), self.name(*session))
            }
            Command::Substitute { registration, learner, .. } => {
                format!("Substitute: {} for {}", self.name(*learner), self.name(*registration))
            }
            Command::WalkIn { session, learner, .. } => {
                format!("WalkIn: {} to {}", self.name(*learner), self.name(*session))
            }
            Command::Cancel { registration, .. }
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
            | Command::CheckIn { registration } => of(registration),
            Command::TurnQueue { session }
            | Command::PublishSession { session, .. }
            | Command::MarkAttendance { session, .. }
            | Command::CompleteSession { session }
            | Command::ChaseMarks { session }
            | Command::CancelSession { session, .. }
            | Command::WeighMinimum { session, .. }
            | Command::RemindLearners { session }
            | Command::RecountSeats { session }
            | Command::Recall { session }
            | Command::TurnBlocks { session } => at(session),
            Command::Resize { session, capacity, displaced, .. } => {
                let going = displaced.iter().map(|it| {
                    let to = it.to.map_or_else(|| "nowhere".to_owned(), |to| self.name(to));
                    format!(", {} goes to {to}", self.name(it.registration))
                });
                format!("Resize: {} to {capacity} seats{}", self.name(*session), going.collect::<String>())
            }
            Command::SaveBlock { session, block } => {
                format!(
                    "SaveBlock: {} seats of {} for dealer {:x}",
                    block.seats,
                    self.name(*session),
                    block.dealer.0.as_u128()
                )
            }
            Command::ReleaseBlock { session, dealer } => {
                format!("ReleaseBlock: of {} for dealer {:x}", self.name(*session), dealer.0.as_u128())
            }
            Command::SavePeople(people) => {
                let one = |it: &ilt_core::catalog::Person| {
                    let is_learner = it.is(ilt_core::catalog::Role::Learner);
                    let state = if it.active { "" } else { " (inactive)" };
                    format!("{}{state}{}", self.name(it.id), if is_learner { "" } else { " (no learner)" })
                };
                format!("SavePeople: {}", people.iter().map(one).collect::<Vec<_>>().join(", "))
            }
            Command::RecordCompletions(list) => {
                let one = |it: &ilt_core::catalog::Completion| {
                    format!(
                        "{} completed course {:x} at {}",
                        self.name(it.person),
                        it.course.0.as_u128(),
                        it.completed_at
                    )
                };
                format!("RecordCompletions: {}", list.iter().map(one).collect::<Vec<_>>().join(", "))
            }
            Command::RecordDays(days) => format!("RecordDays: {}", days.len()),
            Command::SaveSessions { plans, historic } => {
                let one = |it: &ilt_core::desk::SessionPlan| {
                    let starts = it.parts.first().map(|part| part.starts.to_string()).unwrap_or_default();
                    format!(
                        "{} at {starts} with {} seats, waitlist {}",
                        self.name(it.id),
                        it.capacity,
                        it.waitlist
                    )
                };
                let how = if *historic { " (import of history)" } else { "" };
                format!("SaveSessions{how}: {}", plans.iter().map(one).collect::<Vec<_>>().join(", "))
            }
            Command::SetRule(set) => {
                format!("SetRule: {} {} for {:?}", set.rule.word(), set.value, set.scope)
            }
            Command::ChangePlugin(change) => format!("ChangePlugin: {} {:?}", change.plugin, change.act),
            Command::ClearRule(scope, rule) => format!("ClearRule: {} for {scope:?}", rule.word()),
            Command::TakeAlternative { .. }
            | Command::Show { .. }
            | Command::Help { .. }
            | Command::SaveCourses(_)
            | Command::SaveLocations(_)
            | Command::SaveDealers(_)
            | Command::SavePreferences { .. }
            | Command::RenewFeed { .. } => word.to_owned(),
        }
    }

    /// What was answered.
    pub fn answer(&self, answer: &Answer) -> String {
        match answer {
            Ok(Reply::Registration { registration, .. }) => {
                format!("{} is {}", self.name(registration.id), registration.status.word())
            }
            Ok(Reply::Group { registrations, .. }) => {
                let one = |it: &ilt_core::registration::Registration| {
                    format!("{} is {}", self.name(it.id), it.status.word())
                };
                registrations.iter().map(one).collect::<Vec<_>>().join(", ")
            }
            Ok(Reply::Marked { results }) => format!("{} marks", results.len()),
            Ok(Reply::Saved { added, changed, .. }) => format!("saved, {added} new, {changed} changed"),
            Ok(Reply::Helped(help)) => format!("{} to take instead", help.shown.len()),
            Ok(Reply::Done) => "done".to_owned(),
            Err(refusal) => format!("no: {} ({refusal})", refusal.code()),
        }
    }

    /// What happened.
    pub fn entry(&self, entry: &Entry) -> String {
        let of = match (entry.registration, entry.session) {
            (Some(id), _) if self.0.registrations.get(id).is_some() => self.name(id),
            (Some(_), Some(session)) => {
                let learner = entry.learner.map_or_else(|| "somebody".to_owned(), |it| self.name(it));
                format!("{learner}'s place in {}", self.name(session))
            }
            (None, Some(session)) => self.name(session),
            (_, None) => String::new(),
        };
        let more = match &entry.event {
            Event::Skipped { why } => format!(" ({})", why.code()),
            Event::Waitlisted { group: Some(_), .. } => " (in a group)".to_owned(),
            _ => String::new(),
        };
        format!("{} {of}{more}", entry.event.word())
    }
}
