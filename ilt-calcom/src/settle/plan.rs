//! Comparing what is wanted with what is there. Nothing here asks anybody.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::calendar::{Phase, SeatAt, Why};
use ilt_core::ids::RegistrationId;
use jiff::Timestamp;

use super::chairs::{Chair, Table, tables};
use super::guests::{Meeting, Seen, staying};
use super::step::{Plan, Step};
use super::there::There;
use super::wanted::{Wanted, WantedSeat};
use crate::api::{EventType, Location, Mark, NewEventType};
use crate::ids::{BookingUid, ScheduleId};

/// What to do at one instructor's about one day: that it is as `wanted`, or cleared away when nothing is. `known` are the seats that
/// are remembered of the day, `meeting` says how strangers are met.
pub fn plan(
    wanted: Option<&Wanted>,
    there: &There,
    known: &BTreeMap<RegistrationId, SeatAt>,
    meeting: &Meeting<'_>,
    now: Timestamp,
) -> Plan {
    let tables = tables(there, known, wanted, now);
    let mut plan = match wanted {
        None => cleared(there, &tables, meeting, now),
        Some(wanted) => match wanted.phase {
            Phase::Past => over(wanted, &tables),
            Phase::Running => running(wanted, &tables),
            Phase::ToCome => to_come(wanted, there, &tables, meeting, now),
        },
    };
    if let Some(wanted) = wanted {
        told_of_place(wanted, &tables, &mut plan);
        marked(wanted, &tables, &mut plan);
        plan.leaves = true;
    }
    orphaned(there, known, now, &mut plan);
    plan
}

/// What is to be there no more. Of what is over nothing is undone, and its event type stays, without which nobody would be in it.
fn cleared(there: &There, tables: &[Table<'_>], meeting: &Meeting<'_>, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let (over, alive): (Vec<_>, Vec<_>) = tables.iter().partition(|it| it.is_over(now));
    // Without seats its bookings do not say whose they are, and it will have none again.
    let has_seats = there.event_type.as_ref().is_none_or(|it| it.seats().is_some());
    for table in &alive {
        meeting.at(table, Seen::NoMore, now, &mut plan);
        if !has_seats && table.booking.start > now {
            plan.steps.push(Step::CallOff { booking: table.booking.uid.clone() });
        } else if staying(table, &plan) > 0 {
            plan.steps.extend(table.chairs.iter().map(release));
        } else if !table.chairs.is_empty() || table.guests.is_empty() {
            plan.steps.push(Step::CallOff { booking: table.booking.uid.clone() });
        }
    }
    tell_of(&alive, &mut plan);
    plan.leaves = !plan.differs.is_empty();
    let (event_type, schedule) =
        (there.event_type.as_ref().map(|it| it.id), there.schedule.as_ref().map(|it| it.id));
    if !plan.leaves && over.is_empty() && (event_type.is_some() || schedule.is_some()) {
        plan.steps.push(Step::Remove { event_type, schedule });
        // Somebody may have booked before it went, and would have a seat of nothing.
        plan.look_again = event_type.is_some();
    }
    plan
}

/// What is over is left alone.
fn over(wanted: &Wanted, tables: &[Table<'_>]) -> Plan {
    let mut plan = Plan::default();
    tell_of(&here(wanted, tables), &mut plan);
    plan
}

/// What has begun: seats can be given back, and nobody is booked.
fn running(wanted: &Wanted, tables: &[Table<'_>]) -> Plan {
    let mut plan = Plan::default();
    let seated = seated(wanted);
    let here = here(wanted, tables);
    for chair in here.iter().flat_map(|it| &it.chairs) {
        if !seated.contains_key(&chair.registration) || plan.seats.contains_key(&chair.registration) {
            plan.steps.push(release(chair));
        } else {
            keep(&mut plan, chair);
        }
    }
    let late = seated.keys().filter(|it| !plan.seats.contains_key(it));
    plan.differs.extend(late.map(|it| (Why::TooLate, Some(*it))).collect::<Vec<_>>());
    tell_of(&here, &mut plan);
    plan
}

/// The bookings of the day's own time.
fn here<'t, 'a>(wanted: &Wanted, tables: &'t [Table<'a>]) -> Vec<&'t Table<'a>> {
    tables.iter().filter(|it| it.booking.start == wanted.plan.start).collect()
}

fn to_come(
    wanted: &Wanted,
    there: &There,
    tables: &[Table<'_>],
    meeting: &Meeting<'_>,
    now: Timestamp,
) -> Plan {
    let mut plan = Plan::default();
    let Some(event_type) = &there.event_type else {
        plan.steps.push(Step::Appear);
        booked(wanted, &mut plan);
        return plan;
    };
    // Without seats its bookings do not say whose they are.
    if event_type.seats().is_none() {
        plan.steps.push(changed(wanted, there, event_type, 0).unwrap_or(Step::Reschedule));
        plan.look_again = true;
        return plan;
    }
    let alive: Vec<_> = tables.iter().filter(|it| !it.is_over(now)).collect();
    for table in &alive {
        meeting.at(table, Seen::Here, now, &mut plan);
    }
    let moves = seats_there(wanted, &alive, &mut plan);
    let beside = here(wanted, tables).iter().map(|it| staying(it, &plan)).sum();
    plan.steps.extend(changed(wanted, there, event_type, beside));
    plan.steps.extend(moves);
    booked(wanted, &mut plan);
    tell_of(&alive, &mut plan);
    plan
}

/// Gives back what nobody is to have, and answers what is to be moved. Of several seats of one registration the one that is right
/// stays.
fn seats_there(wanted: &Wanted, alive: &[&Table<'_>], plan: &mut Plan) -> Vec<Step> {
    let seated = seated(wanted);
    let mut chairs = Vec::new();
    for table in alive {
        if has_other_end(wanted, table) {
            if staying(table, plan) == 0 {
                plan.steps.push(Step::CallOff { booking: table.booking.uid.clone() });
                continue;
            }
            let why = "it lasts longer or shorter now, and a stranger's booking is in the way of saying so";
            plan.differs.push((Why::Refused(why.to_owned()), None));
        }
        chairs.extend(&table.chairs);
    }
    chairs.sort_by_key(|it: &&Chair<'_>| it.booking.start != wanted.plan.start);
    let (mut moves, mut has) = (Vec::new(), BTreeSet::new());
    for chair in chairs {
        let is_right = seated.get(&chair.registration).is_some_and(|seat| is_under_its_address(seat, chair));
        if !is_right || !has.insert(chair.registration) {
            plan.steps.push(release(chair));
            continue;
        }
        keep(plan, chair);
        if chair.booking.start != wanted.plan.start {
            let Chair { registration, booking, seat, .. } = *chair;
            moves.push(Step::Move { booking: booking.uid.clone(), seat: seat.clone(), registration });
        }
    }
    moves
}

/// A booking keeps its end when the event type gets another length, and there is no way to tell it.
fn has_other_end(wanted: &Wanted, table: &Table<'_>) -> bool {
    let is_here = table.booking.start == wanted.plan.start && !table.chairs.is_empty();
    is_here && table.booking.end != wanted.plan.end
}

/// Whoever has another address by now is booked anew; whoever has none any more stays.
fn is_under_its_address(seat: &WantedSeat, chair: &Chair<'_>) -> bool {
    let Ok(booking) = &seat.booking else { return true };
    chair.who.email.as_ref().is_none_or(|it| it.as_address() == booking.attendee.email)
}

/// Books all who have no seat.
fn booked(wanted: &Wanted, plan: &mut Plan) {
    for seat in wanted.seats.iter().filter(|it| !plan.seats.contains_key(&it.registration)) {
        match seat.booking {
            Ok(_) => plan.steps.push(Step::Book { registration: seat.registration }),
            Err(_) => plan.differs.push((Why::NoAddress, Some(seat.registration))),
        }
    }
}

/// Makes event type and schedule so, when they are not.
fn changed(wanted: &Wanted, there: &There, event_type: &EventType, beside: u32) -> Option<Step> {
    let Some(schedule) = &there.schedule else { return Some(Step::Reschedule) };
    let seats = seats(wanted, beside);
    let times = !wanted.plan.schedule.is_met_by(schedule);
    let new = event_type_of(wanted, schedule.id, seats);
    let is_met = is_met_by(&new, event_type) && !times;
    (!is_met).then_some(Step::Change { event_type: event_type.id, schedule: schedule.id, seats, times })
}

/// The event type as it is to be.
pub(super) fn event_type_of(wanted: &Wanted, schedule: ScheduleId, seats: u32) -> NewEventType {
    let mut new = wanted.plan.event_type(schedule);
    new.seats.seats_per_time_slot = seats;
    new
}

/// Seats that it needs: those wanted, and room for ours beside strangers who came first and stay.
pub(super) fn seats(wanted: &Wanted, beside: u32) -> u32 {
    let ours = u32::try_from(wanted.seats.len()).unwrap_or(u32::MAX);
    wanted.plan.seats().max(ours.saturating_add(beside)).min(crate::mapping::MOST_SEATS)
}

fn is_met_by(new: &NewEventType, known: &EventType) -> bool {
    let [place] = &new.locations;
    let place = Location::Address { address: place.address.clone() };
    known.slug == new.slug
        && known.title == new.title
        && known.length_in_minutes == new.length_in_minutes
        && known.schedule_id == Some(new.schedule_id)
        && known.hidden == new.hidden
        && known.disable_guests == new.disable_guests
        && known.booking_requires_authentication == new.booking_requires_authentication
        && known.seats() == Some(new.seats)
        && known.locations == [place]
}

/// A booking that is there has the place it was booked with, until it is told of another.
fn told_of_place(wanted: &Wanted, tables: &[Table<'_>], plan: &mut Plan) {
    let is_called_off = |uid: &BookingUid| {
        plan.steps.iter().any(|step| matches!(step, Step::CallOff { booking } if booking == uid))
    };
    let is_told = |it: &&Table<'_>| {
        let is_here = it.booking.start == wanted.plan.start && !is_called_off(&it.booking.uid);
        let stays = staying(it, plan) > 0
            || it.chairs.iter().any(|chair| plan.seats.contains_key(&chair.registration));
        is_here && stays && it.booking.location.as_deref() != Some(wanted.plan.place())
    };
    let is_over = wanted.phase == Phase::Past;
    let told: Vec<_> = tables.iter().filter(is_told).map(|it| it.booking.uid.clone()).collect();
    if !is_over {
        plan.steps.extend(told.into_iter().map(|booking| Step::Relocate { booking }));
    }
}

/// Who was absent is said once it has begun, where somebody has said so here; what is said there only is heard.
fn marked(wanted: &Wanted, tables: &[Table<'_>], plan: &mut Plan) {
    if wanted.phase == Phase::ToCome {
        return;
    }
    let seated = seated(wanted);
    for table in tables.iter().filter(|it| it.booking.start == wanted.plan.start) {
        let mut marks = Vec::new();
        for chair in &table.chairs {
            let Some(seat) = seated.get(&chair.registration) else { continue };
            if wanted.phase == Phase::Past {
                keep(plan, chair);
            }
            match seat.absent {
                None if chair.who.absent => plan.absent.push(chair.registration),
                Some(absent) if absent != chair.who.absent => {
                    marks.extend(chair.who.email.clone().map(|email| Mark { email, absent }));
                }
                None | Some(_) => {}
            }
        }
        if !marks.is_empty() {
            plan.steps.push(Step::Mark { booking: table.booking.uid.clone(), marks });
        }
    }
}

/// What somebody took the event type away from is in the way of booking it anew, and its seats cannot be told apart: all are called
/// off.
fn orphaned(there: &There, known: &BTreeMap<RegistrationId, SeatAt>, now: Timestamp, plan: &mut Plan) {
    let mut steps = Vec::new();
    for booking in there.orphans.iter().filter(|it| it.end > now) {
        let ours = known.values().filter(|it| it.booking == booking.uid.as_str()).count();
        match booking.attendees.len().saturating_sub(ours) {
            others if others > 0 && booking.start <= now => {
                plan.differs.push((Why::Strangers(u32::try_from(others).unwrap_or(u32::MAX)), None));
            }
            _ => steps.push(Step::CallOff { booking: booking.uid.clone() }),
        }
    }
    plan.steps.splice(0..0, steps);
}

/// Tells of strangers who stay.
fn tell_of(tables: &[&Table<'_>], plan: &mut Plan) {
    let count = tables.iter().map(|it| staying(it, plan)).sum();
    plan.differs.extend((count > 0).then_some((Why::Strangers(count), None)));
}

fn seated(wanted: &Wanted) -> BTreeMap<RegistrationId, &WantedSeat> {
    wanted.seats.iter().map(|it| (it.registration, it)).collect()
}

fn keep(plan: &mut Plan, chair: &Chair<'_>) {
    plan.seats.insert(chair.registration, (chair.booking.uid.clone(), chair.seat.clone()));
}

fn release(chair: &Chair<'_>) -> Step {
    let Chair { registration, booking, seat, .. } = *chair;
    Step::Release { booking: booking.uid.clone(), seat: seat.clone(), registration }
}
