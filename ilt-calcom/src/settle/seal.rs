//! Instructors' keys at rest: sealed with a secret from the configuration, and each bound to its instructor.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use ilt_core::ids::PersonId;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// Letters that a secret has at least.
const SHORTEST: usize = 32;
/// What the first byte says: which way of sealing it is.
const FIRST_WAY: u8 = 1;
/// Keeps keys made from the same secret for something else apart.
const PURPOSE: &[u8] = b"ilt-calcom: keys of instructors, 1";

/// A secret that is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret that seals keys must have at least {SHORTEST} letters, drawn by chance")]
pub struct BadSecret;

/// A key that cannot be sealed, or one that was sealed with another secret, for somebody else, or was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key was sealed with another secret than the one that is configured, or for somebody else: link the instructor again"
)]
pub struct Unsealable;

/// Seals keys and opens them again. Nothing can be read from what it prints.
pub struct Seal(RandomizedNonceKey);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// By this secret.
    ///
    /// # Errors
    /// [`BadSecret`] for one that could be guessed.
    pub fn new(secret: &SecretString) -> Result<Self, BadSecret> {
        let secret = secret.expose_secret().trim();
        if secret.chars().count() < SHORTEST {
            return Err(BadSecret);
        }
        let key = Sha256::new().chain_update(PURPOSE).chain_update([0]).chain_update(secret).finalize();
        RandomizedNonceKey::new(&AES_256_GCM, &key).map(Self).map_err(|_| BadSecret)
    }

    /// Seals an instructor's key.
    ///
    /// # Errors
    /// When the machine has no chance to draw from.
    pub fn seal(&self, instructor: PersonId, key: &SecretString) -> Result<Vec<u8>, Unsealable> {
        let mut body = key.expose_secret().trim().as_bytes().to_vec();
        let nonce = self.0.seal_in_place_append_tag(bound(instructor), &mut body).map_err(|_| Unsealable)?;
        let mut sealed = vec![FIRST_WAY];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens an instructor's key.
    ///
    /// # Errors
    /// [`Unsealable`] for what was sealed otherwise.
    pub fn open(&self, instructor: PersonId, sealed: &[u8]) -> Result<SecretString, Unsealable> {
        let (way, rest) = sealed.split_first().ok_or(Unsealable)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        if *way != FIRST_WAY {
            return Err(Unsealable);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut body = body.to_vec();
        let opened = self.0.open_in_place(nonce, bound(instructor), &mut body).map_err(|_| Unsealable)?;
        std::str::from_utf8(opened).map(SecretString::from).map_err(|_| Unsealable)
    }
}

/// What is sealed for one instructor opens for nobody else.
fn bound(instructor: PersonId) -> Aad<[u8; 16]> {
    Aad::from(instructor.0.into_bytes())
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::id;
    use rstest::rstest;

    use super::*;

    fn seal(secret: &str) -> Seal {
        Seal::new(&secret.into()).expect("a secret")
    }

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_key_opens_for_its_instructor_with_its_secret_and_for_nobody_else() {
        let (ina, other) = (PersonId(id(22)), PersonId(id(23)));
        let sealed = seal(SECRET).seal(ina, &" cal_key \n".into()).expect("sealed");
        assert_eq!(seal(SECRET).open(ina, &sealed).expect("opened").expose_secret(), "cal_key");
        assert_eq!(seal(SECRET).open(other, &sealed).expect_err("another's"), Unsealable);
        assert_eq!(
            seal(&SECRET.replace('0', "z")).open(ina, &sealed).expect_err("another secret"),
            Unsealable
        );
        assert!(!sealed.windows(7).any(|it| it == b"cal_key"), "nobody reads it in the database");
        let again = seal(SECRET).seal(ina, &"cal_key".into()).expect("sealed");
        assert_ne!(again, sealed, "nobody sees that two keys are one");
    }

    #[rstest]
    #[case::nothing(|it: &mut Vec<u8>| it.clear())]
    #[case::another_way(|it: &mut Vec<u8>| it[0] = 2)]
    #[case::cut_short(|it: &mut Vec<u8>| it.truncate(12))]
    #[case::another_letter(|it: &mut Vec<u8>| it[15] ^= 1)]
    #[case::another_end(|it: &mut Vec<u8>| *it.last_mut().expect("a byte") ^= 1)]
    fn what_was_tampered_with_does_not_open(#[case] tamper: fn(&mut Vec<u8>)) {
        let ina = PersonId(id(22));
        let mut sealed = seal(SECRET).seal(ina, &"cal_key".into()).expect("sealed");
        tamper(&mut sealed);
        assert_eq!(seal(SECRET).open(ina, &sealed).expect_err("tampered with"), Unsealable);
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_none() {
        assert_eq!(Seal::new(&"0123456789".into()).expect_err("too short"), BadSecret);
        assert_eq!(Seal::new(&" ".repeat(40).into()).expect_err("nothing"), BadSecret);
        assert_eq!(format!("{:?}", seal(SECRET)), "Seal(…)");
    }
}
