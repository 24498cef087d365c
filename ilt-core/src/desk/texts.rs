//! Texts that can be kept: all of them that have an end, but for the character NUL, which PostgreSQL has no place for.
//!
//! One gate for every command, so that whoever asks (REST, a file, another system) is told which field it is, and nobody else's
//! order fails with theirs.

use crate::catalog::{Course, Dealer, Location, MAX_WORD, Person};
use crate::desk::{Command, MarkPlan, SessionPlan};
use crate::fault::FieldProblem;
use crate::plugin::{Act, Whose};
use crate::policy::{Override, Scope};
use crate::text::too_long;

/// Every text of a command that cannot be kept.
pub(super) fn unkeepable(command: &Command) -> Vec<FieldProblem> {
    let mut texts = Texts::default();
    match command {
        Command::Register { reason, .. }
        | Command::Cancel { reason, .. }
        | Command::Transfer { reason, .. }
        | Command::Swap { reason, .. }
        | Command::Substitute { reason, .. }
        | Command::WalkIn { reason, .. }
        | Command::Resize { reason, .. } => texts.reason("/reason", reason.as_ref()),
        Command::Decline { reason, .. } | Command::CancelSession { reason, .. } => {
            texts.reason("/reason", Some(reason));
        }
        Command::Prioritise { priority, .. } => {
            texts.reason("/reason", priority.as_ref().map(|priority| &priority.reason));
        }
        Command::SaveCourses(courses) => texts.each("", courses, Texts::course),
        Command::SaveLocations(locations) => texts.each("", locations, Texts::location),
        Command::SaveDealers(dealers) => texts.each("", dealers, Texts::dealer),
        Command::SavePeople(people) => texts.each("", people, Texts::person),
        Command::SavePreferences { preferences, .. } => texts.all("/interests", &preferences.interests),
        Command::SaveSessions { plans, .. } => texts.each("", plans, Texts::plan),
        Command::MarkAttendance { marks, .. } => {
            let reason = |texts: &mut Texts, mark: &MarkPlan| texts.reason("/reason", mark.reason.as_ref());
            texts.several("/marks", marks, reason);
        }
        Command::SetRule(Override { scope, .. }) | Command::ClearRule(scope, _) => match scope {
            Scope::DealerGroup(group) => texts.see("/dealer_group", group),
            Scope::Global | Scope::Course(_) => {}
        },
        Command::ChangePlugin(change) => {
            texts.reason("/reason", change.reason.as_ref());
            match &change.act {
                Act::Add { whose, settings, .. } => {
                    texts.see("/settings", settings);
                    if let Whose::DealerGroup(group) = whose {
                        texts.see("/dealer_group", group);
                    }
                }
                Act::Revise { settings, .. } => texts.maybe("/settings", settings.as_ref()),
                Act::Activate { .. } | Act::RollBack | Act::SwitchOff | Act::Remove => {}
            }
        }
        // No texts, or only our own.
        Command::TakeAlternative { .. }
        | Command::RegisterGroup { .. }
        | Command::TurnQueue { .. }
        | Command::TakeOffer { .. }
        | Command::DeclineOffer { .. }
        | Command::WarnOffer { .. }
        | Command::LapseOffer { .. }
        | Command::ResumeWait { .. }
        | Command::Reconsider { .. }
        | Command::Approve { .. }
        | Command::PassOnRequest { .. }
        | Command::LapseRequest { .. }
        | Command::EndWait { .. }
        | Command::HelpClash { .. }
        | Command::Show { .. }
        | Command::Help { .. }
        | Command::Recall { .. }
        | Command::RecordCompletions(_)
        | Command::RecordDays(_)
        | Command::PublishSession { .. }
        | Command::CheckIn { .. }
        | Command::CompleteSession { .. }
        | Command::ChaseMarks { .. }
        | Command::WeighMinimum { .. }
        | Command::RemindLearners { .. }
        | Command::SaveBlock { .. }
        | Command::ReleaseBlock { .. }
        | Command::TurnBlocks { .. }
        | Command::RecountSeats { .. }
        | Command::RenewFeed { .. } => {}
    }
    texts.found
}

/// Longest reason, in characters.
const MAX_REASON: usize = 1_000;

/// What is wrong with a text that holds the character NUL, wherever it comes in.
pub const NO_NUL: &str = "must not contain the character NUL";

/// Looks at texts, and remembers where it is.
#[derive(Default)]
struct Texts {
    below: String,
    found: Vec<FieldProblem>,
}

impl Texts {
    fn see(&mut self, pointer: &str, text: &str) {
        if text.contains('\0') {
            self.found.push(FieldProblem::new(format!("{}{pointer}", self.below), NO_NUL));
        }
    }

    /// What somebody says why: long enough for a sentence or ten.
    fn reason(&mut self, pointer: &str, text: Option<&String>) {
        self.maybe(pointer, text);
        self.limit(pointer, text, MAX_REASON);
    }

    fn room(&mut self, text: &String) {
        self.see("/room", text);
        self.limit("/room", Some(text), MAX_WORD);
    }

    fn limit(&mut self, pointer: &str, text: Option<&String>, most: usize) {
        let detail = text.and_then(|text| too_long(text, most));
        self.found.extend(detail.map(|detail| FieldProblem::new(format!("{}{pointer}", self.below), detail)));
    }

    fn maybe(&mut self, pointer: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.see(pointer, text);
        }
    }

    fn all(&mut self, pointer: &str, texts: &[String]) {
        for (at, text) in texts.iter().enumerate() {
            self.see(&format!("{pointer}/{at}"), text);
        }
    }

    /// Records: a single one is not counted, as in every other refusal.
    fn each<T>(&mut self, pointer: &str, records: &[T], see: impl Fn(&mut Self, &T)) {
        match records {
            [only] => see(self, only),
            _ => self.several(pointer, records, see),
        }
    }

    fn several<T>(&mut self, pointer: &str, records: &[T], see: impl Fn(&mut Self, &T)) {
        let above = self.below.clone();
        for (at, record) in records.iter().enumerate() {
            self.below = format!("{above}{pointer}/{at}");
            see(self, record);
        }
        self.below = above;
    }

    fn course(&mut self, course: &Course) {
        self.see("/title", &course.title);
        self.see("/summary", &course.summary);
        self.all("/topics", &course.topics);
        self.maybe("/track", course.track.as_ref());
    }

    fn location(&mut self, location: &Location) {
        let Location { name, address, city, country, rooms, .. } = location;
        for (pointer, text) in
            [("/name", name), ("/address", address), ("/city", city), ("/country", country)]
        {
            self.see(pointer, text);
        }
        self.all("/rooms", rooms);
    }

    fn dealer(&mut self, dealer: &Dealer) {
        self.see("/name", &dealer.name);
        self.maybe("/group", dealer.group.as_ref());
        self.maybe("/region", dealer.region.as_ref());
        self.see("/city", &dealer.city);
    }

    fn person(&mut self, person: &Person) {
        self.see("/name", &person.name);
        self.see("/email", &person.email);
        self.all("/interests", &person.preferences.interests);
    }

    fn plan(&mut self, plan: &SessionPlan) {
        self.several("/parts", &plan.parts, |texts, part| texts.room(&part.room));
        self.maybe("/status", plan.status.as_ref());
        self.reason("/override_reason", plan.override_reason.as_ref());
    }
}
