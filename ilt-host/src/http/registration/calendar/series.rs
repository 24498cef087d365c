//! The parts of a session as one series (RFC 5545, 3.8.5): of several entries in a file, many programs keep the first alone.
//!
//! The series runs day by day from the first part on. Every other part has a place in it, that of its own day where it can, and is an
//! instance with its own time. Days without a part are left out; the place of a part that was dropped is one of an instance that is cancelled.

use ilt_core::session::Session;
use jiff::{SignedDuration, Timestamp};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Days that are left out between two parts at most; a part that comes later yet is moved from a nearer place.
const WIDEST_GAP: i64 = 60;

/// The places of a session's parts, those that were dropped last.
pub struct Series {
    starts_at: Timestamp,
    /// In days from the first; each later than the one before it.
    places: Vec<i64>,
}

impl Series {
    /// Nothing of a session that never had more than one part.
    pub fn of(session: &Session) -> Option<Self> {
        let starts_at = session.starts_at();
        let dropped = (session.most_parts as usize).saturating_sub(session.parts.len());
        let mut places = Vec::with_capacity(session.parts.len() + dropped);
        for part in &session.parts {
            let next = places.last().map_or(0, |before| before + 1);
            places.push(days(part.starts_at.duration_since(starts_at)).clamp(next, next + WIDEST_GAP));
        }
        for _ in 0..dropped {
            places.push(places.last().map_or(0, |before| before + 1));
        }
        (places.len() > 1).then_some(Self { starts_at, places })
    }

    /// How often it repeats, days without a part included.
    pub fn rule(&self) -> String {
        format!("FREQ=DAILY;COUNT={}", self.places.last().map_or(1, |last| last + 1))
    }

    /// The days that have no part, as the series has them.
    pub fn left_out(&self) -> impl Iterator<Item = Timestamp> {
        let pairs = self.places.windows(2).map(|pair| (pair[0], pair[1]));
        pairs.flat_map(|(before, next)| before + 1..next).filter_map(|place| self.at(place))
    }

    /// What the instances are called, those that were dropped last.
    pub fn instances(&self) -> impl Iterator<Item = Timestamp> {
        self.places.iter().filter_map(|place| self.at(*place))
    }

    fn at(&self, place: i64) -> Option<Timestamp> {
        self.starts_at.checked_add(SignedDuration::from_hours(24 * place)).ok()
    }
}

/// Whole days, to the nearest: a clock that is put forward or back between two parts makes no other day.
fn days(between: SignedDuration) -> i64 {
    (between.as_secs() + DAY.as_secs() / 2) / DAY.as_secs()
}

#[cfg(test)]
mod tests {
    use ilt_core::schedule::Part;
    use ilt_core::session::Session;
    use ilt_core::testing::plans;
    use jiff::SignedDuration;
    use rstest::rstest;

    use super::Series;

    /// A session whose parts start at these wall clocks.
    fn session(starts: &[&str], most_parts: u32) -> Session {
        let part = |starts: &&str| {
            let clock = starts.parse().expect("a wall clock");
            Part::new(clock, plans::berlin(), SignedDuration::from_hours(2), String::new())
                .expect("an instant")
        };
        Session { parts: starts.iter().map(part).collect(), most_parts, ..plans::session(9, 1, 1, 0) }
    }

    #[rstest]
    #[case::days_in_a_row(&["2027-03-15T09:00", "2027-03-16T09:00"], 0, &[0, 1])]
    #[case::a_day_between(&["2027-03-15T09:00", "2027-03-17T13:00"], 0, &[0, 2])]
    #[case::clocks_go_forward_between(&["2027-03-27T09:00", "2027-03-28T09:00", "2027-03-29T09:00"], 0, &[0, 1, 2])]
    #[case::two_on_one_day(&["2027-03-15T09:00", "2027-03-15T13:00", "2027-03-16T09:00"], 0, &[0, 1, 2])]
    #[case::a_year_later(&["2027-03-15T09:00", "2028-03-15T09:00"], 0, &[0, 61])]
    #[case::one_was_dropped(&["2027-03-15T09:00"], 2, &[0, 1])]
    #[case::one_was_dropped_of_several(&["2027-03-15T09:00", "2027-03-18T09:00"], 3, &[0, 3, 4])]
    fn each_part_has_a_place(#[case] starts: &[&str], #[case] most_parts: u32, #[case] places: &[i64]) {
        let series = Series::of(&session(starts, most_parts)).expect("several parts");
        assert_eq!(series.places, places);
        let days = usize::try_from(places.last().expect("a place") + 1).expect("a few");
        assert_eq!(series.rule(), format!("FREQ=DAILY;COUNT={days}"));
        assert_eq!(series.left_out().count() + series.instances().count(), days);
    }

    #[test]
    fn a_single_part_is_no_series() {
        assert!(Series::of(&session(&["2027-03-15T09:00"], 1)).is_none());
    }
}
