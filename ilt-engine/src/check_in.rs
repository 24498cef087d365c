//! Codes by which people check themselves in: signed, new every 15 seconds, and verified without a network.
//!
//! A session's key is derived from the host's secret, a learner's key from the session's. The learner's device shows a code
//! made with its own key; an instructor's device holds the session's key, derives the learner's, and verifies what it scans
//! with nothing but its clock. The other way round, the instructor's device shows a code of the session, which a learner
//! sends in. Neither device can make the other's codes for somebody else.
//!
//! # Not here
//! What a check-in means for attendance: the desk decides that.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ilt_core::ids::{RegistrationId, SessionId};
use jiff::Timestamp;
use sha2::Sha256;
use uuid::Uuid;

/// Seconds after which there is a new code.
pub const STEP_SECONDS: i64 = 15;
/// Steps for which a code can be used: the one in which it was made, and the next.
const STEPS: i64 = 2;
/// Bytes of a signature that are kept; sixteen are more than anybody can guess in half a minute.
const SIGNATURE: usize = 16;

/// The host's secret.
#[derive(Clone)]
pub struct CheckInSecret(Key);

/// A key of a session or of a registration.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl fmt::Debug for CheckInSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckInSecret(…)")
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl CheckInSecret {
    /// The secret for check-ins that follows from another of the host's secrets.
    pub fn from_secret(secret: &str) -> Self {
        Self(Key(sign(secret.as_bytes(), b"check-in")))
    }

    /// The secret of a calendar's address that somebody asks for under a key. It follows from our own secret, so that it can be told
    /// again without being kept, and nobody who reads what is kept can work it out.
    pub fn calendar(&self, asked: &ilt_core::desk::Key) -> [u8; 32] {
        let key = sign(&self.0.0, b"calendar");
        sign(&key, format!("{} {}", asked.person, asked.key).as_bytes())
    }

    /// The key of a session, for its instructors.
    pub fn session(&self, session: SessionId) -> Key {
        self.0.derive(session.0)
    }
}

impl Key {
    /// The key of a registration, for its learner: derived from its session's.
    #[must_use]
    pub fn registration(&self, registration: RegistrationId) -> Self {
        self.derive(registration.0)
    }

    /// The code that this key makes for a session or registration at an instant: `<id>.<step>.<signature>`.
    pub fn code(&self, subject: Uuid, now: Timestamp) -> String {
        self.code_of_step(subject, step(now))
    }

    /// Whether a code for `subject` was made with this key and can still be used.
    pub fn verifies(&self, subject: Uuid, code: &str, now: Timestamp) -> bool {
        let current = step(now);
        (0..STEPS).any(|ago| is_same(code, &self.code_of_step(subject, current - ago)))
    }

    fn code_of_step(&self, subject: Uuid, step: i64) -> String {
        let signature = sign(&self.0, format!("{subject}.{step}").as_bytes());
        format!("{subject}.{step}.{}", hex(&signature[..SIGNATURE]))
    }

    fn derive(&self, id: Uuid) -> Self {
        Self(sign(&self.0, id.as_bytes()))
    }
}

/// Whom a code is for, as it says itself.
pub fn subject_of(code: &str) -> Option<Uuid> {
    code.split_once('.')?.0.parse().ok()
}

fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

fn sign(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut signer = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    signer.update(text);
    signer.finalize().into_bytes().into()
}

/// Compares whole texts, so that time tells nothing.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Bytes as text: two small letters or digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use ilt_core::ids::{RegistrationId, SessionId};
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::{CheckInSecret, subject_of};

    fn noon() -> Timestamp {
        "2027-03-15T12:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_code_lasts_half_a_minute_at_most_and_a_quarter_at_least() {
        let (session, registration) = (SessionId(Uuid::from_u128(1)), RegistrationId(Uuid::from_u128(2)));
        let instructors = CheckInSecret::from_secret("secret").session(session);
        let learners = instructors.registration(registration);
        let code = learners.code(registration.0, noon());
        assert_eq!(subject_of(&code), Some(registration.0));
        for (seconds, holds) in [(0, true), (14, true), (15, true), (29, true), (30, false), (-1, false)] {
            let then = noon() + SignedDuration::from_secs(seconds);
            // The instructor's device knows the session's key only, and asks nobody.
            let derived = instructors.registration(registration);
            assert_eq!(derived.verifies(registration.0, &code, then), holds, "{seconds} s later");
        }
        assert_ne!(code, learners.code(registration.0, noon() + SignedDuration::from_secs(15)));
    }

    #[test]
    fn nobody_makes_a_code_for_somebody_else() {
        let (session, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(3)));
        let [mine, theirs] = [2, 4].map(|number| RegistrationId(Uuid::from_u128(number)));
        let secret = CheckInSecret::from_secret("secret");
        let key = secret.session(session).registration(mine);
        let verifies = |code: &str, session| {
            secret.session(session).registration(theirs).verifies(theirs.0, code, noon())
        };
        assert!(!verifies(&key.code(theirs.0, noon()), session), "made with another's key");
        let right = secret.session(session).registration(theirs).code(theirs.0, noon());
        assert!(verifies(&right, session));
        assert!(!verifies(&right, other), "of another session");
        assert!(!verifies(&right.replace('a', "b").replace('1', "a"), session), "changed by hand");
        assert!(!verifies("", session));
        let forged = CheckInSecret::from_secret("guess").session(session).registration(theirs);
        assert!(!verifies(&forged.code(theirs.0, noon()), session), "of another host");
    }
}
