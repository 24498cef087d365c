//! What is told of whom: the verbs, and the topic each belongs to.

use crate::statement::Style;

/// What sort of statement it is, and so where it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Sessions: when they take place, and that they do not; and what courses there are.
    Scheduled,
    /// Seats and places in queues.
    Registration,
    /// Who was there.
    Attendance,
    /// Who has completed a course.
    Completion,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 4] = [Self::Scheduled, Self::Registration, Self::Attendance, Self::Completion];

    /// The word used in names and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Registration => "registration",
            Self::Attendance => "attendance",
            Self::Completion => "completion",
        }
    }

    /// The topic that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.word() == word)
    }
}

/// What somebody did, or what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// A session was opened.
    Scheduled,
    /// A session was moved; told of the session, and of everybody who is registered.
    Rescheduled,
    /// A session is planned otherwise, and was not moved.
    Changed,
    /// A session will not take place.
    Cancelled,
    /// A course is there, or is otherwise than it was.
    Described,
    /// A learner has a seat.
    Registered,
    /// A learner has none any more, nor a place in the queue.
    Unregistered,
    /// A learner waits.
    Waitlisted,
    /// A learner waits for an approval.
    Requested,
    /// A seat is kept for a learner.
    Offered,
    /// A learner did not want the seat.
    OfferDeclined,
    /// A learner did not answer.
    OfferLapsed,
    /// A learner was there, for long enough or not.
    Attended,
    /// A learner was not there.
    NoShow,
    /// A learner was away with an excuse.
    Excused,
    /// A learner has completed the course.
    Completed,
    /// What was told before was wrong.
    Voided,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 17] = [
        Self::Scheduled,
        Self::Rescheduled,
        Self::Changed,
        Self::Cancelled,
        Self::Described,
        Self::Registered,
        Self::Unregistered,
        Self::Waitlisted,
        Self::Requested,
        Self::Offered,
        Self::OfferDeclined,
        Self::OfferLapsed,
        Self::Attended,
        Self::NoShow,
        Self::Excused,
        Self::Completed,
        Self::Voided,
    ];

    /// The word used in types of events, in the configuration and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Rescheduled => "rescheduled",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Described => "described",
            Self::Registered => "registered",
            Self::Unregistered => "unregistered",
            Self::Waitlisted => "waitlisted",
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::OfferDeclined => "offer-declined",
            Self::OfferLapsed => "offer-lapsed",
            Self::Attended => "attended",
            Self::NoShow => "no-show",
            Self::Excused => "excused",
            Self::Completed => "completed",
            Self::Voided => "voided",
        }
    }

    /// The verb that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }

    /// What people read.
    pub(super) const fn display(self) -> &'static str {
        match self {
            Self::OfferDeclined => "declined the offer of",
            Self::OfferLapsed => "let the offer lapse of",
            Self::Offered => "was offered",
            Self::NoShow => "did not attend",
            Self::Excused => "was excused from",
            verb => verb.word(),
        }
    }

    /// The identifier: the one that the configuration says, else the registered one, else one of our own.
    pub fn iri(self, style: &Style) -> String {
        if let Some(set) = style.verbs.get(&self) {
            return set.clone();
        }
        let registered = match self {
            Self::Scheduled => "http://adlnet.gov/expapi/verbs/scheduled",
            Self::Registered => "http://adlnet.gov/expapi/verbs/registered",
            Self::Attended => "http://adlnet.gov/expapi/verbs/attended",
            Self::Completed => "http://adlnet.gov/expapi/verbs/completed",
            Self::Voided => "http://adlnet.gov/expapi/verbs/voided",
            Self::Unregistered => "http://id.tincanapi.com/verb/unregistered",
            Self::Cancelled => "http://activitystrea.ms/cancel",
            Self::Rescheduled
            | Self::Changed
            | Self::Described
            | Self::Waitlisted
            | Self::Requested
            | Self::Offered
            | Self::OfferDeclined
            | Self::OfferLapsed
            | Self::NoShow
            | Self::Excused => return format!("{}/{}", style.verb_base, self.word()),
        };
        registered.to_owned()
    }

    /// Whether statements of this verb are sent to a topic: to its own, corrections to those in which something can be corrected,
    /// and that a session was moved to where it is told what became of registrations as well.
    fn is_in(self, topic: Topic) -> bool {
        let is_told_to_each = self == Self::Rescheduled && topic == Topic::Registration;
        let is_of_own =
            self.topic().map_or(matches!(topic, Topic::Attendance | Topic::Completion), |own| own == topic);
        is_of_own || is_told_to_each
    }

    /// Where it is sent; a correction goes where the statement went that it corrects.
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Self::Scheduled | Self::Rescheduled | Self::Changed | Self::Cancelled | Self::Described => {
                Some(Topic::Scheduled)
            }
            Self::Registered
            | Self::Unregistered
            | Self::Waitlisted
            | Self::Requested
            | Self::Offered
            | Self::OfferDeclined
            | Self::OfferLapsed => Some(Topic::Registration),
            Self::Attended | Self::NoShow | Self::Excused => Some(Topic::Attendance),
            Self::Completed => Some(Topic::Completion),
            Self::Voided => None,
        }
    }
}

/// Every sort of statement there is: where it is sent, and what is told.
pub fn sorts() -> Vec<(Topic, Verb)> {
    Verb::ALL
        .into_iter()
        .flat_map(|verb| Topic::ALL.into_iter().filter(move |it| verb.is_in(*it)).map(move |it| (it, verb)))
        .collect()
}

/// The type of an event, the same whatever topics and verbs are called: `nlj.training.registration.registered.v1`.
pub fn event_type(topic: Topic, verb: Verb) -> String {
    format!("nlj.training.{}.{}.v1", topic.word(), verb.word())
}

/// The sort of statement that a type of event names.
pub fn sort_of(event_type: &str) -> Option<(Topic, Verb)> {
    let (topic, verb) = event_type.strip_prefix("nlj.training.")?.strip_suffix(".v1")?.split_once('.')?;
    let (topic, verb) = (Topic::from_word(topic)?, Verb::from_word(verb)?);
    verb.is_in(topic).then_some((topic, verb))
}
