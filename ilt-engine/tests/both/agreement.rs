//! What must be the same on both sides once all is quiet.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::registration::Status;
use ilt_core::session::SessionStatus;
use jiff::Timestamp;

use crate::house::House;
use crate::people::slug;
use crate::town;

/// A day at an instructor's: whose, which, from when, until when, where.
type Day = (u64, String, Timestamp, Timestamp, String);

/// What the ledger says.
#[derive(Default)]
struct Ledger {
    /// Who sits where. Two seats of one person on one day are two.
    seats: BTreeMap<Day, Vec<String>>,
    /// What can be booked, with its seats.
    pages: BTreeSet<(u64, String, i64)>,
    /// Who is registered for which session.
    registered: BTreeSet<(u32, String)>,
}

impl Ledger {
    async fn of(house: &House) -> Result<Self, String> {
        let mut ledger = Self::default();
        for number in 0..town::SESSIONS {
            let roster = house.roster(number).await;
            let session = &roster.session;
            let is_sure = |it: &&ilt_core::ports::RosterLine| {
                matches!(it.registration.status, Status::Confirmed { .. })
            };
            let mut sure: Vec<_> =
                roster.lines.iter().filter(is_sure).map(|it| it.person.email.to_lowercase()).collect();
            sure.sort();
            if sure.len() > session.seats.capacity as usize {
                return Err(format!(
                    "session {number} has {} for {} seats",
                    sure.len(),
                    session.seats.capacity
                ));
            }
            ledger.registered.extend(sure.iter().map(|it| (number, it.clone())));
            let host = match session.instructors.first() {
                Some(&town::INA) => 1,
                Some(&town::IVO) => 2,
                _ => continue,
            };
            if !matches!(session.status, SessionStatus::Published { .. }) {
                continue;
            }
            let open = session.seats.open() as usize;
            let seats = i64::try_from((sure.len() + open).max(1)).expect("few");
            for (part, time) in session.parts.iter().enumerate() {
                ledger.pages.insert((host, slug(number, part), seats));
                if !sure.is_empty() {
                    let place = format!("{}, Training centre Köln, Köln, Germany", time.room);
                    let day = (host, slug(number, part), time.starts_at, time.ends_at(), place);
                    ledger.seats.insert(day, sure.clone());
                }
            }
        }
        Ok(ledger)
    }
}

impl House {
    /// Whether both sides say the same; the first thing that differs, in words. `strangers` are those who booked a session there by
    /// themselves at any time, under an address in small letters.
    ///
    /// What was made for somebody less what was given back is what is alive: one seat on each day for who is registered, and none
    /// for anybody else.
    pub async fn disagreement(&mut self, strangers: &BTreeSet<(u32, String)>) -> Result<(), String> {
        let ledger = Ledger::of(self).await?;
        let mut seats: BTreeMap<Day, Vec<String>> = BTreeMap::new();
        let (mut bookings, mut orphans) = (BTreeSet::new(), 0);
        {
            let world = self.calcom.world();
            for booking in world.bookings().filter(|it| !it.is_cancelled) {
                let place = booking.location.clone();
                let day = (booking.host, booking.slug.clone(), booking.start, booking.end, place);
                orphans += u32::from(booking.event_type.is_none());
                if !bookings.insert(day.clone()) {
                    return Err(format!("{day:?} is booked twice"));
                }
                seats.entry(day).or_default().extend(booking.guests.iter().map(|it| it.email.to_lowercase()));
            }
            let pages: BTreeSet<_> = world
                .offers()
                .map(|(_, owner, slug, seats)| (owner, slug.to_owned(), seats.unwrap_or_default()))
                .collect();
            differ("what can be booked", &ledger.pages, &pages)?;
            let mut hours: Vec<_> =
                world.times_called().map(|(owner, name)| (owner, name.to_owned())).collect();
            hours.sort();
            let wanted: Vec<_> = ledger.pages.iter().map(|(owner, slug, _)| (*owner, slug.clone())).collect();
            differ("when it can be", &wanted, &hours)?;
        }
        for people in seats.values_mut() {
            people.sort();
        }
        differ("who has a seat", &ledger.seats, &seats)?;
        if orphans > 0 {
            return Err(format!("{orphans} bookings belong to nothing"));
        }
        self.everybody_heard(strangers, &ledger)?;
        let before = self.writes();
        self.compares().await;
        let did = self.works().await;
        if self.writes() == before { Ok(()) } else { Err(format!("it comes to no rest: {did:?}")) }
    }

    /// Whoever booked by themselves is registered, or was told why not.
    fn everybody_heard(&self, strangers: &BTreeSet<(u32, String)>, ledger: &Ledger) -> Result<(), String> {
        let world = self.calcom.world();
        for (session, email) in strangers.difference(&ledger.registered) {
            let names = [slug(*session, 0), slug(*session, 1)];
            let told = world.given_back.iter().any(|it| {
                names.contains(&it.slug) && it.email.to_lowercase() == *email && !it.reason.trim().is_empty()
            });
            if !told {
                return Err(format!("{email} booked session {session} and never heard anything"));
            }
        }
        Ok(())
    }

    fn writes(&self) -> usize {
        self.calcom.world().asked.iter().filter(|it| !it.starts_with("GET")).count()
    }
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, here: &T, there: &T) -> Result<(), String> {
    if here == there { Ok(()) } else { Err(format!("{what}: here {here:?}\nthere {there:?}")) }
}
