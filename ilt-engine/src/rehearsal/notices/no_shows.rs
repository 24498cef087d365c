//! How often people did not come within a year.
//!
//! What was registered for a session is forgotten 30 days after it; how often somebody stayed away is asked for a year, so that is kept
//! apart.

use std::collections::BTreeMap;

use ilt_core::attendance::Outcome;
use ilt_core::ids::{PersonId, RegistrationId};
use ilt_core::journal::{Entry, Event};
use jiff::{SignedDuration, Timestamp};

/// For how long it is held against somebody.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Seats that stayed empty, by whose they were, with when that was settled first.
#[derive(Debug, Default)]
pub(super) struct NoShows(BTreeMap<PersonId, BTreeMap<RegistrationId, Timestamp>>);

impl NoShows {
    /// Follows an entry. What is settled otherwise later was none.
    pub fn follow(&mut self, entry: &Entry) {
        let Event::AttendanceSettled { outcome, .. } = &entry.event else { return };
        let (Some(learner), Some(registration)) = (entry.learner, entry.registration) else { return };
        match outcome {
            Outcome::NoShow => {
                self.0.entry(learner).or_default().entry(registration).or_insert(entry.at);
            }
            Outcome::Attended | Outcome::Partial | Outcome::Excused => {
                if let Some(of_learner) = self.0.get_mut(&learner) {
                    of_learner.remove(&registration);
                }
            }
        }
    }

    /// How often somebody did not come in the 365 days up to an instant.
    pub fn of(&self, learner: PersonId, now: Timestamp) -> u32 {
        let counts = |settled_at: &&Timestamp| now.duration_since(**settled_at) < KEPT;
        let of_learner = self.0.get(&learner).into_iter().flat_map(BTreeMap::values);
        u32::try_from(of_learner.filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// Forgets what is held against nobody any more.
    pub fn tidy(&mut self, now: Timestamp) {
        self.0.retain(|_, of_learner| {
            of_learner.retain(|_, settled_at| now.duration_since(*settled_at) < KEPT);
            !of_learner.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::attendance::Outcome::{self, Attended, Excused, NoShow};
    use ilt_core::ids::EventId;
    use ilt_core::journal::{Actor, Entry, Event};
    use ilt_core::testing::plans::{id, now};
    use jiff::SignedDuration;
    use rstest::rstest;

    use super::NoShows;

    fn settled(days: i64, learner: u32, registration: u32, outcome: Outcome) -> Entry {
        Entry {
            sequence: 1,
            id: EventId(id(1)),
            at: now() + SignedDuration::from_hours(24 * days),
            actor: Actor::system("test"),
            session: None,
            learner: Some(id(learner).into()),
            registration: Some(id(registration).into()),
            reason: None,
            correlation: id(2),
            event: Event::AttendanceSettled { outcome, stay: None },
            seats: None,
        }
    }

    /// What was settled of learner 1 by days from the beginning, and how often they stayed away up to day 400.
    #[rstest]
    #[case::never(&[], 0)]
    #[case::once(&[(400, 1, 1, NoShow)], 1)]
    #[case::of_another(&[(400, 2, 1, NoShow)], 0)]
    #[case::of_two_seats(&[(399, 1, 1, NoShow), (400, 1, 2, NoShow)], 2)]
    #[case::told_of_once_more(&[(399, 1, 1, NoShow), (400, 1, 1, NoShow)], 1)]
    #[case::corrected(&[(399, 1, 1, NoShow), (400, 1, 1, Attended)], 0)]
    #[case::excused_and_yet_not(&[(398, 1, 1, NoShow), (399, 1, 1, Excused), (400, 1, 1, NoShow)], 1)]
    #[case::just_within_the_year(&[(36, 1, 1, NoShow), (400, 1, 2, NoShow)], 2)]
    #[case::a_year_ago(&[(35, 1, 1, NoShow), (400, 1, 2, NoShow)], 1)]
    fn seats_that_stayed_empty_within_a_year(
        #[case] settlements: &[(i64, u32, u32, Outcome)],
        #[case] count: u32,
    ) {
        let now = now() + SignedDuration::from_hours(24 * 400);
        for tidied in [false, true] {
            let mut no_shows = NoShows::default();
            for (days, learner, registration, outcome) in settlements {
                no_shows.follow(&settled(*days, *learner, *registration, *outcome));
                if tidied {
                    no_shows.tidy(now);
                }
            }
            assert_eq!(no_shows.of(id(1).into(), now), count, "tidied: {tidied}");
        }
    }

    #[test]
    fn nothing_is_kept_for_longer_than_a_year() {
        let mut no_shows = NoShows::default();
        for day in 0..2_000 {
            let entry = settled(day, u32::try_from(day % 7).expect("a day"), 100, NoShow);
            no_shows
                .follow(&Entry { registration: Some(id(u32::try_from(day).expect("one")).into()), ..entry });
            no_shows.tidy(now() + SignedDuration::from_hours(24 * day));
        }
        assert_eq!(no_shows.0.values().map(std::collections::BTreeMap::len).sum::<usize>(), 365);
        no_shows.tidy(now() + SignedDuration::from_hours(24 * 4_000));
        assert!(no_shows.0.is_empty());
    }
}
