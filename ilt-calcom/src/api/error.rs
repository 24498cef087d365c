//! What goes wrong with a call, in words that name nobody.

use std::fmt;
use std::time::Duration;

use super::version::Family;

/// A call that did not come to what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {kind}{}", seen(*status, request_id.as_ref()))]
pub struct Error {
    /// What was called, in words, such as `booking a seat`.
    pub what: &'static str,
    /// What Cal.com answered, when it did.
    pub status: Option<u16>,
    /// What that means.
    pub kind: Kind,
    /// What its operator finds the call by.
    pub request_id: Option<RequestId>,
    /// What the network says, without the address, since people are asked for by their mail address.
    #[source]
    pub source: Option<reqwest::Error>,
}

impl Error {
    /// One of a call that was not sent.
    pub(super) const fn unsent(what: &'static str, kind: Kind) -> Self {
        Self { what, status: None, kind, request_id: None, source: None }
    }

    /// Whether the call may have happened all the same.
    pub const fn is_unsettled(&self) -> bool {
        matches!(
            self.kind,
            Kind::Silent
                | Kind::Broken
                | Kind::Server
                | Kind::Gateway
                | Kind::TooLong
                | Kind::Unreadable { .. }
        )
    }
}

fn seen(status: Option<u16>, id: Option<&RequestId>) -> String {
    match (status, id) {
        (Some(status), Some(id)) => format!(" (status {status}, request {id})"),
        (Some(status), None) => format!(" (status {status})"),
        (None, _) => String::new(),
    }
}

/// Cal.com's name for one request (`X-Request-Id`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Characters that are kept.
    const LONGEST: usize = 64;

    /// Reads one: letters, digits and dashes only, since it goes into logs.
    pub fn new(text: &str) -> Option<Self> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        (!text.is_empty() && text.len() <= Self::LONGEST && text.chars().all(is_plain))
            .then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an answer means. Closed, and without anything that Cal.com said in its own words: it repeats names and addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// Nobody answers at the address.
    #[error("Cal.com cannot be reached: is it running, and is its address right?")]
    Away,
    /// No answer came in time. What was asked for may have happened.
    #[error("Cal.com does not answer in time")]
    Silent,
    /// The connection broke. What was asked for may have happened.
    #[error("the connection to Cal.com broke")]
    Broken,
    /// The answer is longer than is read.
    #[error("Cal.com's answer is too long")]
    TooLong,
    /// It is a yes, but not with what is relied upon in it.
    #[error(
        "Cal.com's answer is not as it should be (line {line}, column {column}): does it know this version of the API?"
    )]
    Unreadable {
        /// Line of the answer.
        line: usize,
        /// Column of that line.
        column: usize,
    },
    /// Whoever answers there is no Cal.com: a page, or another program.
    #[error(
        "somebody else than Cal.com's API answers at the address: is it the API's, and not the website's?"
    )]
    NotCalcom,
    /// There is a Cal.com in this place no more: what it had is at another address or version.
    #[error("Cal.com says that this part of its API is gone: was version 1 asked?")]
    Gone,
    /// It has no such call, or not in this version.
    #[error("this Cal.com has no such call for {}: which version does it have?", .0.words())]
    NoSuchCall(Family),
    /// No key came with the call.
    #[error("Cal.com wants a key")]
    NoKey,
    /// It does not know the key: wrong, or revoked.
    #[error("Cal.com does not know the key: make one in Settings, Developer, API keys, and set it")]
    BadKey,
    /// The key is too old.
    #[error("the key has expired: make another in Settings, Developer, API keys, and set it")]
    KeyExpired,
    /// The key is somebody's who may not do that.
    #[error("the key's user may not do that: it must be the key of the instructor whose it is")]
    NotAllowed,
    /// Too many requests.
    #[error("Cal.com wants to be left alone for {} seconds", reset.as_secs())]
    Throttled {
        /// How long.
        reset: Duration,
    },
    /// What was asked for is not there.
    #[error("Cal.com has no such thing (any more)")]
    NotFound,
    /// The same address has a seat in this booking already.
    #[error("this address has a seat there already")]
    AlreadySignedUp,
    /// No seat is left.
    #[error("no seat is left")]
    Full,
    /// Several were the first to book a time at once, and another one was. The next try takes a seat beside it.
    #[error("somebody else was the first to book at the same moment, and the tries are used up")]
    ColdSlot,
    /// The instructor has something else at this time, or is not there.
    #[error("the instructor is booked or not available at this time")]
    NotBookable,
    /// It has begun, or is long past.
    #[error("the time is in the past")]
    Past,
    /// It has not begun yet.
    #[error("it has not begun yet, and nobody is absent before it has")]
    NotStarted,
    /// It is over.
    #[error("it is over, and what is over is not cancelled")]
    Ended,
    /// It is cancelled already.
    #[error("it is cancelled already")]
    AlreadyCancelled,
    /// The booking has no such seat, or has it no more.
    #[error("the booking has no such seat (any more)")]
    NoSuchSeat,
    /// A whole session is not moved; each seat is.
    #[error("seats are moved one by one")]
    SeatWanted,
    /// Whoever cancels a whole booking says why.
    #[error("a whole booking is cancelled with a reason only")]
    ReasonWanted,
    /// The user has another event type with this slug.
    #[error("the user has an event type with this slug already")]
    SlugTaken,
    /// The user has a webhook to this address already.
    #[error("a webhook to this address is there already")]
    AddressTaken,
    /// Seats do not go with what else the event type says.
    #[error("seats do not go with more than one place, nor with confirmations")]
    SeatsMisfit,
    /// Something else of the same sort is in the way.
    #[error("something else is in the way of it")]
    Conflict,
    /// Something of what was sent is not as it should be.
    #[error("Cal.com does not take {}", if fields.is_empty() { "it".to_owned() } else { fields.join(", ") })]
    Invalid {
        /// Names of the fields at fault, as paths (`overrides.0.date`); none of what was in them.
        fields: Vec<String>,
    },
    /// Cal.com failed. What was asked for may have happened.
    #[error("Cal.com failed")]
    Server,
    /// What is in front of Cal.com says that it is away. What was asked for may have happened.
    #[error("Cal.com is away, says what is in front of it")]
    Gateway,
    /// A list has more pages than are read.
    #[error("the list has more than {pages} pages: ask for less at once")]
    Endless {
        /// Pages that are read.
        pages: u32,
    },
}
