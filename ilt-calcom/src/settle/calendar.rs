//! The calendar of the core, by a Cal.com: one session at a time, day by day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::calendar::{
    Busy, CalendarTrouble, Difference, Kept, Link, Mirror, Phase, Place, SeatAt, Settled, Spot, Stage, Why,
};
use ilt_core::ids::{PersonId, RegistrationId};
use ilt_core::ports::{Calendar, Clock, Mode};
use jiff::Timestamp;

use super::busy::busy;
use super::guests::Meeting;
use super::perform::{Verdict, Work, bookings, verdict};
use super::plan::plan;
use super::seal::Seal;
use super::there::{Remembered, There};
use super::wanted::Wanted;
use crate::api::{Account, Error, Instance};
use crate::mapping::{Attendees, Slug};

/// How often a day is compared: once more for what shows itself only after a first step.
const LOOKS: u32 = 2;
/// What is said to whoever is booked anew, and to strangers whose seats cannot be told from theirs.
const CHANGED: &str =
    "The session has changed. Whoever is registered has another booking now; anybody else can book again.";

/// A Cal.com, as a calendar.
#[derive(Clone)]
pub struct Calcom {
    instance: Instance,
    attendees: Attendees,
    seal: Arc<Seal>,
    clock: Arc<dyn Clock>,
}

impl Calcom {
    /// The one of this instance, where learners are known as `attendees` says, by keys that `seal` opens.
    pub const fn new(
        instance: Instance,
        attendees: Attendees,
        seal: Arc<Seal>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { instance, attendees, seal, clock }
    }

    /// An instructor's account.
    ///
    /// # Errors
    /// [`CalendarTrouble::Key`] when the key does not open.
    pub fn account(&self, instructor: PersonId, link: &Link) -> Result<Account, CalendarTrouble> {
        let key = self.seal.open(instructor, &link.sealed);
        let key = key.map_err(|it| CalendarTrouble::Key { instructor, said: it.to_string() })?;
        Ok(self.instance.account(&key))
    }
}

#[async_trait]
impl Calendar for Calcom {
    async fn settle(
        &self,
        wanted: &Mirror,
        kept: &Kept,
        links: &BTreeMap<PersonId, Link>,
        mode: Mode,
    ) -> Result<Settled, CalendarTrouble> {
        let meeting = Meeting::of(wanted, &self.attendees);
        let asked = Asked { wanted, meeting: &meeting, kept, links, mode };
        let mut settled = Settled::default();
        let spots = wanted.spots(links);
        let is_to_come = wanted.days.iter().any(|it| it.phase != Phase::Past);
        if wanted.stage == Stage::Open && is_to_come && spots.is_empty() {
            settled.differs.push(Difference { why: Why::NotLinked, part: None, registration: None });
        }
        let mut shown = BTreeSet::new();
        for (day, spot) in wanted.days.iter().zip(&spots) {
            match Wanted::of(wanted, day, &self.attendees) {
                Ok(one) => {
                    shown.insert(*spot);
                    self.spot(asked, *spot, Some(&one), &mut settled).await?;
                }
                Err(_) if day.phase == Phase::Past => {}
                Err(why) => {
                    let why = Why::CannotBeSaid(why.to_string());
                    settled.differs.push(Difference { why, part: Some(day.part), registration: None });
                }
            }
        }
        // What moved to another calendar is there by now.
        for spot in kept.places.keys().filter(|it| !shown.contains(it)) {
            self.spot(asked, *spot, None, &mut settled).await?;
        }
        Ok(settled)
    }

    async fn busy(
        &self,
        links: &BTreeMap<PersonId, Link>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Busy>, CalendarTrouble> {
        let mut all = Vec::new();
        for (instructor, link) in links {
            let account = self.account(*instructor, link)?;
            all.extend(busy(&account, *instructor, from, to).await.map_err(|it| trouble(*instructor, &it))?);
        }
        Ok(all)
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    wanted: &'a Mirror,
    meeting: &'a Meeting<'a>,
    kept: &'a Kept,
    links: &'a BTreeMap<PersonId, Link>,
    mode: Mode,
}

impl Calcom {
    async fn spot(
        &self,
        asked: Asked<'_>,
        spot: Spot,
        wanted: Option<&Wanted>,
        settled: &mut Settled,
    ) -> Result<(), CalendarTrouble> {
        let Asked { wanted: mirror, kept, links, .. } = asked;
        let place = kept.places.get(&spot).cloned().unwrap_or_default();
        let Some(link) = links.get(&spot.instructor) else {
            let differs = Difference { why: Why::Unlinked, part: Some(spot.part), registration: None };
            settled.differs.push(differs);
            settled.kept.places.insert(spot, place);
            return Ok(());
        };
        let reason = match &mirror.stage {
            Stage::Gone { reason } => reason,
            Stage::Open => CHANGED,
        };
        let account = self.account(spot.instructor, link)?;
        let (username, part) = (link.username.as_str(), spot.part);
        let mut work = Work {
            account: &account,
            username,
            part,
            wanted,
            reason,
            place,
            seats: BTreeMap::new(),
            done: Vec::new(),
            differs: Vec::new(),
            strangers: Vec::new(),
            absent: Vec::new(),
        };
        let known = kept.seats.iter().filter(|((_, part), _)| *part == spot.part);
        let known = known.map(|((registration, _), at)| (*registration, at.clone())).collect();
        let slug = Slug { session: mirror.session, part: spot.part };
        let leaves =
            self.work(&mut work, slug, &known, asked).await.map_err(|it| trouble(spot.instructor, &it))?;
        let Work { place, seats, done, differs, strangers, absent, .. } = work;
        if leaves {
            settled.kept.places.insert(spot, place);
        }
        let seats = seats.into_iter().map(|(registration, at)| ((registration, spot.part), at));
        settled.kept.seats.extend(seats);
        settled.done.extend(done);
        settled.differs.extend(differs);
        settled.strangers.extend(strangers);
        settled.absent.extend(absent);
        Ok(())
    }

    /// Answers whether something is left there that is to be remembered.
    async fn work(
        &self,
        work: &mut Work<'_>,
        slug: Slug,
        known: &BTreeMap<RegistrationId, SeatAt>,
        asked: Asked<'_>,
    ) -> Result<bool, Error> {
        let (cleared, mode) = (work.wanted.is_none(), asked.mode);
        for look in 1..=LOOKS {
            let remembered = Remembered { place: &work.place, bookings: &bookings(known) };
            let there = There::read(work.account, work.username, slug, remembered, cleared).await?;
            if let Some(event_type) = &there.event_type {
                let schedule = event_type.schedule_id.map(|it| it.to_string());
                work.place = Place { event_type: Some(event_type.id.to_string()), schedule };
            } else if !cleared {
                work.place.event_type = None;
            }
            let plan = plan(work.wanted, &there, known, asked.meeting, self.clock.now());
            work.note(&plan);
            match mode {
                Mode::Rehearse => plan.steps.iter().for_each(|step| work.did(step)),
                Mode::Settle => work.perform(&plan.steps).await?,
            }
            if !plan.look_again || look == LOOKS || mode == Mode::Rehearse {
                // What could not be removed is still there.
                return Ok(plan.leaves || !work.differs.is_empty());
            }
        }
        Ok(true)
    }
}

fn trouble(instructor: PersonId, error: &Error) -> CalendarTrouble {
    let said = error.to_string();
    match verdict(&error.kind) {
        Verdict::Busy(pause) => CalendarTrouble::Busy { instructor, pause },
        Verdict::Key => CalendarTrouble::Key { instructor, said },
        // What is refused stays with its step; of a question it means that it is not answered.
        Verdict::Away | Verdict::Refused => CalendarTrouble::Away { said },
    }
}
