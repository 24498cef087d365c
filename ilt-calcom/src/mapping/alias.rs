//! Under which name and address somebody has a seat over there.

use std::fmt;

use ilt_core::ids::RegistrationId;

use crate::personal::Personal;

/// What an alias begins with, before the `@`.
const OURS: &str = "ilt-";
/// The name everybody has who goes by an alias.
pub(super) const NAME: &str = "Participant";

/// A domain whose mail is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

/// A domain that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the domain of aliases must be one such as training.example, in small letters and without `@`")]
pub struct BadDomain;

impl Domain {
    /// Reads one.
    ///
    /// # Errors
    /// [`BadDomain`] for what mail could not be sent to.
    pub fn new(text: &str) -> Result<Self, BadDomain> {
        let is_label = |label: &str| {
            let is_plain =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            (1..=63).contains(&label.len())
                && label.chars().all(is_plain)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_domain = text.contains('.') && text.len() <= 190 && text.split('.').all(is_label);
        if is_domain { Ok(Self(text.to_owned())) } else { Err(BadDomain) }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Under which addresses learners are known over there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attendees {
    /// Under their own: Cal.com sends them mail of its own, and shows them to the instructor.
    Own,
    /// Under one of a registration's in this domain, all with the same name. Cal.com never learns who they are.
    Alias(Domain),
}

impl Attendees {
    /// The alias of a registration; nothing where people go by their own address.
    pub fn alias(&self, registration: RegistrationId) -> Option<Personal> {
        match self {
            Self::Own => None,
            Self::Alias(domain) => Some(Personal::new(format!("{OURS}{registration}@{domain}"))),
        }
    }

    /// Whose alias an address is; nothing for addresses that are none of ours.
    pub fn registration(&self, address: &Personal) -> Option<RegistrationId> {
        let Self::Alias(domain) = self else { return None };
        let address = address.as_address();
        let (name, at) = address.reveal().split_once('@')?;
        if at != domain.0 {
            return None;
        }
        name.strip_prefix(OURS)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::id;
    use rstest::rstest;

    use super::*;

    fn aliases() -> Attendees {
        Attendees::Alias(Domain::new("training.example").expect("a domain"))
    }

    #[test]
    fn an_alias_says_whose_registration_it_is_and_nothing_else() {
        let registration = RegistrationId(id(9));
        let alias = aliases().alias(registration).expect("an alias");
        assert_eq!(alias.reveal(), format!("ilt-{}@training.example", id(9)));
        assert_eq!(aliases().registration(&alias), Some(registration));
        let shouted = Personal::new(alias.reveal().to_uppercase());
        assert_eq!(aliases().registration(&shouted), Some(registration), "however it comes back");
        assert_eq!((Attendees::Own.alias(registration), Attendees::Own.registration(&alias)), (None, None));
    }

    #[rstest]
    #[case::somebodys_own("ada@training.example")]
    #[case::of_another_domain("ilt-00000000-0000-0000-0000-000000000009@other.example")]
    #[case::of_nobody("ilt-@training.example")]
    #[case::no_address("ilt-00000000-0000-0000-0000-000000000009")]
    fn others_are_no_aliases(#[case] address: &str) {
        assert_eq!(aliases().registration(&Personal::new(address)), None);
    }

    #[rstest]
    #[case::with_an_at("@training.example")]
    #[case::without_a_dot("localhost")]
    #[case::in_capitals("Training.example")]
    #[case::with_nothing_between("training..example")]
    #[case::with_space("training .example")]
    #[case::nothing("")]
    fn mail_could_not_be_sent_there(#[case] domain: &str) {
        assert_eq!(Domain::new(domain), Err(BadDomain));
    }
}
