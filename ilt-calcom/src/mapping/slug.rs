//! The name by which an event type says which session it is, since it can keep nothing else.

use std::fmt;
use std::str::FromStr;

use ilt_core::ids::SessionId;

/// What every slug of ours begins with.
const OURS: &str = "ilt-";
/// Parts of a session are counted up to here.
const MOST_PARTS: u16 = 99;

/// `ilt-<session id>`, and `ilt-<session id>-2` for the second day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug {
    /// Which session.
    pub session: SessionId,
    /// Which part of it, the first being 0.
    pub part: u16,
}

/// A slug that is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the slug names no session of ours")]
pub struct Foreign;

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OURS}{}", self.session)?;
        if self.part > 0 { write!(f, "-{}", u32::from(self.part) + 1) } else { Ok(()) }
    }
}

impl FromStr for Slug {
    type Err = Foreign;

    /// Reads one exactly as it is written.
    fn from_str(text: &str) -> Result<Self, Foreign> {
        let rest = text.strip_prefix(OURS).ok_or(Foreign)?;
        let (id, part) = rest.split_at_checked(36).ok_or(Foreign)?;
        let part = match part.strip_prefix('-').map(str::parse::<u16>) {
            None if part.is_empty() => 0,
            Some(Ok(number @ 2..=MOST_PARTS)) => number - 1,
            _ => return Err(Foreign),
        };
        let slug = Self { session: id.parse().map_err(|_| Foreign)?, part };
        // What reads the same and is written otherwise is somebody else's.
        if slug.to_string() == text { Ok(slug) } else { Err(Foreign) }
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::id;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_only_day(0, "")]
    #[case::the_second_day(1, "-2")]
    #[case::the_thirtieth(29, "-30")]
    fn it_reads_as_it_is_written(#[case] part: u16, #[case] end: &str) {
        let slug = Slug { session: SessionId(id(7)), part };
        assert_eq!(slug.to_string(), format!("ilt-{}{end}", id(7)));
        assert_eq!(slug.to_string().parse(), Ok(slug));
    }

    #[rstest]
    #[case::another_ones("forklift-safety")]
    #[case::no_session("ilt-gs-101-2027-01-12")]
    #[case::without_letters_enough("ilt-0000")]
    #[case::the_first_day_counted("ilt-00000000-0000-0000-0000-000000000007-1")]
    #[case::counted_in_another_way("ilt-00000000-0000-0000-0000-000000000007-02")]
    #[case::in_capitals("ilt-0000000A-0000-0000-0000-000000000007")]
    #[case::with_more("ilt-00000000-0000-0000-0000-000000000007-2x")]
    #[case::letters_of_many_bytes("ilt-ääääääääääääääääääääääääääääääääääää")]
    fn others_are_foreign(#[case] text: &str) {
        assert_eq!(text.parse::<Slug>(), Err(Foreign));
    }
}
