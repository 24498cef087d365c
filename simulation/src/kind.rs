//! Everything that can be asked, by kind: the simulation plays all of it.

use ilt_core::desk::Command;

macro_rules! kinds {
    ($($kind:ident = $weight:literal),* $(,)?) => {
        /// What is asked: one kind for each command, and one for each way to look.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(
                #[doc = concat!("`", stringify!($kind), "`")]
                $kind,
            )*
        }

        impl Kind {
            /// Every kind, with how often it is asked.
            pub const ALL: &[(Self, u32)] = &[$((Self::$kind, $weight)),*];

            /// What it is called.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => stringify!($kind),)*
                }
            }
        }
    };
}

kinds! {
    Register = 30, TakeAlternative = 4, Cancel = 14, Transfer = 5, Swap = 5, RegisterGroup = 5, TurnQueue = 2,
    Substitute = 3, TakeOffer = 10, DeclineOffer = 3, WarnOffer = 1, LapseOffer = 2, ResumeWait = 2, Prioritise = 2,
    Approve = 5, Decline = 2, PassOnRequest = 1, LapseRequest = 1, EndWait = 1, HelpClash = 1, Show = 8, SaveCourses = 1,
    SaveLocations = 1, SaveDealers = 1, SavePeople = 3, SavePreferences = 2, RecordCompletions = 2, SaveSessions = 5,
    PublishSession = 2, MarkAttendance = 3, CheckIn = 2, WalkIn = 2, CompleteSession = 2, ChaseMarks = 1,
    CancelSession = 1, WeighMinimum = 1, RemindLearners = 1, Resize = 4, SaveBlock = 3, ReleaseBlock = 2,
    TurnBlocks = 1, SetRule = 2, ClearRule = 1, ChangePlugin = 1, RenewFeed = 1,
    LookAtRoster = 2, LookAtRegistrations = 2, Help = 2, Recall = 3, RecountSeats = 1,
}

impl Kind {
    /// The kind of a command. A new command does not compile until it is played: add it here, to the kinds above, and to what
    /// `draw` makes of them.
    pub const fn of(command: &Command) -> Self {
        match command {
            Command::Register { .. } => Self::Register,
            Command::TakeAlternative { .. } => Self::TakeAlternative,
            Command::Cancel { .. } => Self::Cancel,
            Command::Transfer { .. } => Self::Transfer,
            Command::Swap { .. } => Self::Swap,
            Command::RegisterGroup { .. } => Self::RegisterGroup,
            Command::TurnQueue { .. } => Self::TurnQueue,
            Command::Substitute { .. } => Self::Substitute,
            Command::TakeOffer { .. } => Self::TakeOffer,
            Command::DeclineOffer { .. } => Self::DeclineOffer,
            Command::WarnOffer { .. } => Self::WarnOffer,
            Command::LapseOffer { .. } => Self::LapseOffer,
            Command::ResumeWait { .. } => Self::ResumeWait,
            Command::Prioritise { .. } | Command::Reconsider { .. } => Self::Prioritise,
            Command::Approve { .. } => Self::Approve,
            Command::Decline { .. } => Self::Decline,
            Command::PassOnRequest { .. } => Self::PassOnRequest,
            Command::LapseRequest { .. } => Self::LapseRequest,
            Command::EndWait { .. } => Self::EndWait,
            Command::HelpClash { .. } => Self::HelpClash,
            Command::Show { .. } => Self::Show,
            Command::Help { .. } => Self::Help,
            Command::Recall { .. } => Self::Recall,
            Command::RecountSeats { .. } => Self::RecountSeats,
            Command::SaveCourses(_) => Self::SaveCourses,
            Command::SaveLocations(_) => Self::SaveLocations,
            Command::SaveDealers(_) => Self::SaveDealers,
            Command::SavePeople(_) => Self::SavePeople,
            Command::SavePreferences { .. } => Self::SavePreferences,
            Command::RecordCompletions(_) | Command::RecordDays(_) => Self::RecordCompletions,
            Command::SaveSessions { .. } => Self::SaveSessions,
            Command::PublishSession { .. } => Self::PublishSession,
            Command::MarkAttendance { .. } => Self::MarkAttendance,
            Command::CheckIn { .. } => Self::CheckIn,
            Command::WalkIn { .. } => Self::WalkIn,
            Command::CompleteSession { .. } => Self::CompleteSession,
            Command::ChaseMarks { .. } => Self::ChaseMarks,
            Command::CancelSession { .. } => Self::CancelSession,
            Command::WeighMinimum { .. } => Self::WeighMinimum,
            Command::RemindLearners { .. } => Self::RemindLearners,
            Command::Resize { .. } => Self::Resize,
            Command::SaveBlock { .. } => Self::SaveBlock,
            Command::ReleaseBlock { .. } => Self::ReleaseBlock,
            Command::TurnBlocks { .. } => Self::TurnBlocks,
            Command::SetRule(_) => Self::SetRule,
            Command::ClearRule(..) => Self::ClearRule,
            Command::ChangePlugin(_) => Self::ChangePlugin,
            Command::RenewFeed { .. } => Self::RenewFeed,
        }
    }
}
