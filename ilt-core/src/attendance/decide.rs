//! Whether a mark can be made, and what becomes of one that comes late or twice.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::attendance::mark::minutes_of;
use crate::attendance::{Attendance, Mark};
use crate::desk::Refusal;
use crate::policy::{Rule, Rules};
use crate::schedule::EARLIEST;
use crate::session::{Session, SessionStatus};

/// How wrong a device's clock may be.
const CLOCK_WRONG: SignedDuration = SignedDuration::from_mins(10);

/// What becomes of a mark beside the one that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Merged {
    /// It is the one that counts now.
    Applied,
    /// It says what is known already.
    Unchanged,
    /// A later one is known.
    Superseded,
}

/// What becomes of `new` beside `known`: the later one counts, and sending one again changes nothing. Of two that were made
/// at the same instant the one with the higher client id counts, whichever comes first.
pub fn merge(known: Option<&Mark>, new: &Mark) -> Merged {
    let Some(known) = known else { return Merged::Applied };
    if known == new || (known.client.is_some() && known.client == new.client) {
        return Merged::Unchanged;
    }
    if (known.at, known.client) > (new.at, new.client) { Merged::Superseded } else { Merged::Applied }
}

/// When marks of a part, counted from 1, can be made: from shortly before its start.
pub fn opens_at(session: &Session, part: u32, rules: Rules<'_>) -> Option<Timestamp> {
    let part = session.parts.get(usize::try_from(part).ok()?.checked_sub(1)?)?;
    part.starts_at.checked_sub(rules.minutes(Rule::AttendanceOpens)).ok()
}

/// Whether something was seen before attendance opens, however wrong a device's clock may be.
fn seen_before(opens_at: Timestamp, at: Timestamp) -> bool {
    opens_at.duration_since(at) > CLOCK_WRONG
}

/// Whether a mark excuses somebody from all of a part, which is often known before the day.
const fn is_excuse(minutes: u32, excused: bool) -> bool {
    excused && minutes == 0
}

/// The parts whose marks are none as the session is planned now: seen before attendance opens, or of a part that is no more.
pub fn outdated(known: &Attendance, session: &Session, rules: Rules<'_>) -> Vec<u32> {
    let is_outdated = |(part, mark): &(&u32, &Mark)| match opens_at(session, **part, rules) {
        None => true,
        Some(opens_at) => seen_before(opens_at, mark.at) && !is_excuse(mark.minutes, mark.excused),
    };
    known.marks.iter().filter(is_outdated).map(|(part, _)| *part).collect()
}

/// The mark that somebody wants to make, when it can be made: `minutes` of the part, or all of it.
pub fn mark(
    session: &Session,
    part: u32,
    (minutes, excused): (Option<u32>, bool),
    (at, client): (Option<Timestamp>, Option<uuid::Uuid>),
    rules: Rules<'_>,
    now: Timestamp,
) -> Result<Mark, Refusal> {
    match &session.status {
        SessionStatus::Published { .. } | SessionStatus::Completed { .. } => {}
        SessionStatus::Draft => return Err(Refusal::RegistrationNotOpen),
        SessionStatus::Cancelled { reason, .. } => {
            return Err(Refusal::SessionCancelled { reason: reason.clone() });
        }
    }
    let there_is = session.parts.len();
    let opens_at = opens_at(session, part, rules)
        .ok_or_else(|| Refusal::invalid("/part", format!("must be 1 to {there_is}")))?;
    let length = minutes_of(&session.parts[part as usize - 1]);
    let minutes = minutes.unwrap_or(if excused { 0 } else { length });
    if minutes > length {
        return Err(Refusal::invalid("/minutes", format!("must be at most {length}")));
    }
    let at = at.unwrap_or(now);
    if at.duration_since(now) > CLOCK_WRONG {
        return Err(Refusal::invalid("/at", "is in the future: is the device's clock right?"));
    }
    if at < EARLIEST {
        return Err(Refusal::invalid("/at", "must not be before the year 1900"));
    }
    // What a device saw counts from when it saw it, not from when it was sent.
    let too_early = now < opens_at || seen_before(opens_at, at);
    if too_early && !is_excuse(minutes, excused) {
        return Err(Refusal::AttendanceNotOpen { opens_at });
    }
    Ok(Mark { minutes, excused, at, client, arrived_at: None })
}
