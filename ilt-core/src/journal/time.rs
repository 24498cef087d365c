//! The time by which the journal tells: several clocks, and one order.

use jiff::{SignedDuration, Timestamp};

/// How far the journal may be ahead of a host's clock before that host no longer believes it: whatever wrote that entry had a clock
/// that was plainly wrong, and nobody is to decide by it.
pub const MOST_AHEAD: SignedDuration = SignedDuration::from_hours(2);

/// The instant to decide by when a host's clock says `clock` and the journal's last entry happened at `last`: never before that
/// entry, as long as that can be believed.
pub fn now_after(last: Option<Timestamp>, clock: Timestamp) -> Timestamp {
    last.filter(|last| clock < *last && !is_beyond_belief(*last, clock)).unwrap_or(clock)
}

/// Whether an entry that happens at `at` may follow one that happened at `last`.
pub fn follows(last: Option<Timestamp>, at: Timestamp) -> bool {
    last.is_none_or(|last| last <= at || is_beyond_belief(last, at))
}

fn is_beyond_belief(last: Timestamp, at: Timestamp) -> bool {
    last.duration_since(at) > MOST_AHEAD
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{MOST_AHEAD, follows, now_after};

    #[test]
    fn nothing_happens_before_what_it_follows_unless_that_cannot_be_believed() {
        let last: Timestamp = "2027-03-01T08:00:00Z".parse().expect("an instant");
        let second = SignedDuration::from_secs(1);
        for (behind, now, may_follow) in [
            (-second, last + second, true),
            (SignedDuration::ZERO, last, true),
            (second, last, false),
            (MOST_AHEAD, last, false),
            (MOST_AHEAD + second, last - MOST_AHEAD - second, true),
        ] {
            let clock = last - behind;
            assert_eq!(now_after(Some(last), clock), now, "{behind} behind");
            assert_eq!(follows(Some(last), clock), may_follow, "{behind} behind");
            assert!(follows(Some(last), now_after(Some(last), clock)), "{behind} behind");
        }
        assert_eq!(now_after(None, last), last);
        assert!(follows(None, last));
    }
}
