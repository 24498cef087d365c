//! Completions of which only the day is known: the day of the calendar where they work.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::catalog::{CompletedOn, Completion};
use crate::desk::batch::{Desk, Stop};
use crate::desk::{Order, Reply};
use crate::ids::PersonId;
use crate::schedule::Zone;

impl Desk<'_> {
    pub(super) fn record_days(&mut self, order: &Order, days: &[CompletedOn]) -> Result<Reply, Stop> {
        let completions: Vec<_> = days.iter().map(|it| self.completion_of(it)).collect();
        self.record_completions(order, &completions)
    }

    /// The completion that is known of the day already, else one that stands for the day.
    fn completion_of(&self, it: &CompletedOn) -> Completion {
        let CompletedOn { person, course, day } = *it;
        let zone = self.zone_at_work(person);
        let is_it = |known: &&Completion| known.course == course && date(known.completed_at, &zone) == day;
        let known = self.world.completions_of(person).iter().find(is_it);
        known.copied().unwrap_or_else(|| Completion {
            person,
            course,
            completed_at: instant(day, &zone, self.context.now),
        })
    }

    fn zone_at_work(&self, person: PersonId) -> Zone {
        let Some(person) = self.world.people.get(&person) else { return Zone::utc() };
        let dealer = person.dealer.and_then(|dealer| self.world.dealers.get(&dealer));
        dealer.map_or(&person.zone, |dealer| &dealer.zone).clone()
    }
}

fn date(at: Timestamp, zone: &Zone) -> Date {
    at.to_zoned(zone.rules().clone()).date()
}

/// A day is kept as its noon in UTC, which is the same day in nearly every zone, also for those who move; beyond the date line as its
/// noon there. Of a day that is not over, never as an instant that is still to come.
fn instant(day: Date, zone: &Zone, now: Timestamp) -> Timestamp {
    let noon = |zone: TimeZone| day.at(12, 0, 0, 0).to_zoned(zone).ok().map(|at| at.timestamp());
    let utc = noon(TimeZone::UTC).filter(|at| date(*at, zone) == day);
    let at = utc.or_else(|| noon(zone.rules().clone())).unwrap_or(Timestamp::MAX);
    if date(now, zone) == day { at.min(now) } else { at }
}
