//! Performing steps at one instructor's, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ilt_core::calendar::{Absence, Deed, Difference, Place, SeatAt, Stranger, Why};
use ilt_core::ids::RegistrationId;

use super::plan::event_type_of;
use super::step::{Plan, Step};
use super::wanted::Wanted;
use crate::api::{Account, Error, Kind, NewBooking};
use crate::ids::{BookingUid, EventTypeId, ScheduleId, SeatUid};
use crate::personal::Personal;

/// How long a slot is left alone that several were the first of at once.
const COLD: Duration = Duration::from_secs(5);

/// What a refusal means for everything else.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it is about this one step.
    Refused,
    /// This key waits.
    Busy(Duration),
    /// This key opens nothing.
    Key,
    /// Everything waits.
    Away,
}

/// What a refusal means for everything else.
pub fn verdict(kind: &Kind) -> Verdict {
    match kind {
        Kind::Away
        | Kind::Silent
        | Kind::Broken
        | Kind::TooLong
        | Kind::Unreadable { .. }
        | Kind::NotCalcom
        | Kind::Gone
        | Kind::NoSuchCall(_)
        | Kind::Server
        | Kind::Gateway
        | Kind::Endless { .. } => Verdict::Away,
        Kind::Throttled { reset } => Verdict::Busy(*reset),
        Kind::ColdSlot => Verdict::Busy(COLD),
        Kind::NoKey | Kind::BadKey | Kind::KeyExpired | Kind::NotAllowed => Verdict::Key,
        Kind::NotFound
        | Kind::AlreadySignedUp
        | Kind::Full
        | Kind::NotBookable
        | Kind::Past
        | Kind::NotStarted
        | Kind::Ended
        | Kind::AlreadyCancelled
        | Kind::NoSuchSeat
        | Kind::SeatWanted
        | Kind::ReasonWanted
        | Kind::SlugTaken
        | Kind::AddressTaken
        | Kind::SeatsMisfit
        | Kind::Conflict
        | Kind::Invalid { .. } => Verdict::Refused,
    }
}

/// One day at one instructor's, while it is settled.
pub struct Work<'a> {
    pub account: &'a Account,
    pub username: &'a str,
    pub part: u16,
    /// Nothing when it is cleared away.
    pub wanted: Option<&'a Wanted>,
    /// What is said to whoever loses a seat.
    pub reason: &'a str,
    /// What is there by now.
    pub place: Place,
    pub seats: BTreeMap<RegistrationId, SeatAt>,
    pub done: Vec<Deed>,
    pub differs: Vec<Difference>,
    pub strangers: Vec<Stranger>,
    pub absent: Vec<Absence>,
}

impl Work<'_> {
    /// Takes over what a plan knows before anything is done.
    pub fn note(&mut self, plan: &Plan) {
        let at = |(booking, seat): &(BookingUid, SeatUid)| SeatAt {
            booking: booking.0.clone(),
            seat: seat.0.clone(),
        };
        self.seats.extend(plan.seats.iter().map(|(registration, where_)| (*registration, at(where_))));
        for (why, registration) in &plan.differs {
            self.differ(why.clone(), *registration);
        }
        let part = self.part;
        let mail = |it: &Option<Personal>| it.as_ref().map(|it| it.as_address().reveal().to_owned());
        let stranger = |(at, email): &(SeatAt, Option<Personal>)| Stranger {
            part,
            at: at.clone(),
            mail: mail(email).unwrap_or_default(),
        };
        self.strangers = plan.strangers.iter().map(stranger).collect();
        self.absent = plan.absent.iter().map(|it| Absence { registration: *it, part }).collect();
    }

    /// Performs all steps. What is refused is told of, and the others go on; without a day there is nothing to go on with.
    ///
    /// # Errors
    /// What the others have to wait for as well.
    pub async fn perform(&mut self, steps: &[Step]) -> Result<(), Error> {
        for step in steps {
            // Without its event type, a seat that is still there would be nobody's to give back.
            if matches!(step, Step::Remove { .. }) && !self.differs.is_empty() {
                break;
            }
            match self.step(step).await {
                Ok(()) => self.did(step),
                Err(error) if verdict(&error.kind) != Verdict::Refused => return Err(error),
                Err(error) => {
                    let (_, registration) = step.deed();
                    self.differ(Why::Refused(error.to_string()), registration);
                    if let Step::Move { booking, seat, registration } = step {
                        self.leave_wrong_hour(booking, seat, *registration).await?;
                    }
                    if matches!(step, Step::Appear | Step::Reschedule) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// A seat that cannot be moved is given back: nothing at all is better than the wrong hour, and what it takes up there may be in
    /// another session's way, which is in the way of this one.
    async fn leave_wrong_hour(
        &mut self,
        booking: &BookingUid,
        seat: &SeatUid,
        registration: RegistrationId,
    ) -> Result<(), Error> {
        let release = Step::Release { booking: booking.clone(), seat: seat.clone(), registration };
        match self.step(&release).await {
            Ok(()) => {
                self.seats.remove(&registration);
                self.did(&release);
                Ok(())
            }
            Err(error) if verdict(&error.kind) == Verdict::Refused => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub fn did(&mut self, step: &Step) {
        let (did, registration) = step.deed();
        self.done.push(Deed { did, part: self.part, registration });
    }

    fn differ(&mut self, why: Why, registration: Option<RegistrationId>) {
        let new = Difference { why, part: Some(self.part), registration };
        if !self.differs.contains(&new) {
            self.differs.push(new);
        }
    }

    async fn step(&mut self, step: &Step) -> Result<(), Error> {
        match (step, self.wanted) {
            (Step::Appear | Step::Reschedule, Some(wanted)) => self.appear(wanted).await,
            (Step::Change { event_type, schedule, seats, times }, Some(wanted)) => {
                self.account
                    .replace_event_type(*event_type, &event_type_of(wanted, *schedule, *seats))
                    .await?;
                if *times {
                    self.account.change_schedule(*schedule, &wanted.plan.schedule).await?;
                }
                Ok(())
            }
            (Step::Move { booking, seat, registration }, Some(wanted)) => {
                let moved = self.account.move_seat(booking, seat, wanted.plan.start).await?;
                self.sits(*registration, moved.booking.uid, moved.seat_uid);
                Ok(())
            }
            (Step::Book { registration }, Some(wanted)) => self.book(*registration, wanted).await,
            (Step::Relocate { booking }, Some(wanted)) => {
                self.account.move_booking(booking, wanted.plan.place()).await.map(drop)
            }
            (Step::Mark { booking, marks }, _) => self.account.mark_absent(booking, marks).await,
            (Step::CallOff { booking }, _) => {
                self.account.cancel_booking(booking, self.reason).await.map(drop)
            }
            (Step::Release { booking, seat, .. }, _) => {
                self.account.cancel_seat(booking, seat, self.reason).await.map(drop)
            }
            (Step::TurnAway { booking, seat, reason }, _) => {
                self.account.cancel_seat(booking, seat, reason).await.map(drop)
            }
            (Step::Remove { event_type, schedule }, _) => self.remove(*event_type, *schedule).await,
            // Nothing is made where nothing is wanted: such a plan there is not.
            (
                Step::Appear
                | Step::Reschedule
                | Step::Change { .. }
                | Step::Move { .. }
                | Step::Book { .. }
                | Step::Relocate { .. },
                None,
            ) => Ok(()),
        }
    }

    async fn appear(&mut self, wanted: &Wanted) -> Result<(), Error> {
        let remembered = self.place.schedule.as_deref().and_then(|it| it.parse().ok()).map(ScheduleId);
        let schedule = self.account.ensure_schedule(remembered, &wanted.plan.schedule).await?;
        let new = event_type_of(wanted, schedule.id, super::plan::seats(wanted, 0));
        let event_type = self.account.ensure_event_type(self.username, &new).await?;
        self.place =
            Place { event_type: Some(event_type.id.to_string()), schedule: Some(schedule.id.to_string()) };
        Ok(())
    }

    async fn book(&mut self, registration: RegistrationId, wanted: &Wanted) -> Result<(), Error> {
        let seat = wanted.seats.iter().find(|it| it.registration == registration);
        let event_type = self.place.event_type.as_deref().and_then(|it| it.parse().ok()).map(EventTypeId);
        let (Some(Ok(booking)), Some(event_type_id)) = (seat.map(|it| &it.booking), event_type) else {
            return Ok(());
        };
        let booked = self.account.book(&NewBooking { event_type_id, ..booking.clone() }).await?;
        self.sits(registration, booked.booking, booked.seat);
        Ok(())
    }

    async fn remove(
        &mut self,
        event_type: Option<EventTypeId>,
        schedule: Option<ScheduleId>,
    ) -> Result<(), Error> {
        if let Some(event_type) = event_type {
            gone(self.account.delete_event_type(event_type).await)?;
        }
        if let Some(schedule) = schedule {
            gone(self.account.delete_schedule(schedule).await)?;
        }
        Ok(())
    }

    fn sits(&mut self, registration: RegistrationId, booking: BookingUid, seat: SeatUid) {
        self.seats.insert(registration, SeatAt { booking: booking.0, seat: seat.0 });
    }
}

/// What is gone already is gone.
fn gone(answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Err(error) if error.kind == Kind::NotFound => Ok(()),
        settled => settled,
    }
}

/// The bookings that are remembered.
pub fn bookings(known: &BTreeMap<RegistrationId, SeatAt>) -> BTreeSet<BookingUid> {
    known.values().map(|it| BookingUid(it.booking.clone())).collect()
}
