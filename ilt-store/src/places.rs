//! Where sessions are in calendars, and who has which seat there.

use std::collections::BTreeSet;

use ilt_core::calendar::{Kept, Place, SeatAt, Spot};
use ilt_core::ids::SessionId;
use ilt_core::ports::StoreError;

use crate::seam::{Param, Record, Row, Tx, record};

/// What is remembered of a session.
pub(crate) async fn read(tx: &mut Tx, session: SessionId) -> Result<Kept, StoreError> {
    let of = || vec![Param::Id(session.0)];
    let text = "SELECT part, instructor_id, event_type, schedule FROM calendar_place WHERE session_id = $1";
    let place = |row: &Row| {
        let spot = Spot { part: row.count("part")?, instructor: row.id("instructor_id")? };
        let place =
            Place { event_type: row.maybe_text("event_type")?, schedule: row.maybe_text("schedule")? };
        Ok::<_, StoreError>((spot, place))
    };
    let places = tx.rows(text, of()).await?.iter().map(place).collect::<Result<_, _>>()?;
    let text = "SELECT registration_id, part, booking, seat FROM calendar_seat WHERE session_id = $1";
    let seat = |row: &Row| {
        let at = SeatAt { booking: row.text("booking")?, seat: row.text("seat")? };
        Ok::<_, StoreError>(((row.id("registration_id")?, row.count("part")?), at))
    };
    let seats = tx.rows(text, of()).await?.iter().map(seat).collect::<Result<_, _>>()?;
    Ok(Kept { places, seats })
}

/// Adds where something may be; what is known already stays.
pub(crate) async fn foresee(
    tx: &mut Tx,
    session: SessionId,
    spots: &BTreeSet<Spot>,
) -> Result<(), StoreError> {
    let text = "INSERT INTO calendar_place (session_id, part, instructor_id)
                SELECT $1, r.part, r.instructor_id FROM {rows $2 r: part int, instructor_id uuid} WHERE true
                ON CONFLICT (session_id, part, instructor_id) DO NOTHING";
    let spot = |it: &Spot| record! { part: u32::from(it.part), instructor_id: it.instructor.0 };
    let spots = spots.iter().map(spot).collect();
    tx.run(text, vec![Param::Id(session.0), Param::Records(spots)]).await.map(drop)
}

/// Remembers this of a session, instead of what was remembered.
pub(crate) async fn keep(tx: &mut Tx, session: SessionId, kept: &Kept) -> Result<(), StoreError> {
    let params = |records: &[Record]| vec![Param::Id(session.0), Param::Records(records.to_vec())];
    let place = |(spot, place): (&Spot, &Place)| {
        record! {
            part: u32::from(spot.part), instructor_id: spot.instructor.0,
            event_type: place.event_type.as_ref(), schedule: place.schedule.as_ref(),
        }
    };
    let places: Vec<_> = kept.places.iter().map(place).collect();
    let text = "DELETE FROM calendar_place WHERE session_id = $1 AND NOT EXISTS (
                    SELECT 1 FROM {rows $2 r: part int, instructor_id uuid}
                     WHERE r.part = calendar_place.part AND r.instructor_id = calendar_place.instructor_id)";
    tx.run(text, params(&places)).await?;
    let text = "INSERT INTO calendar_place (session_id, part, instructor_id, event_type, schedule)
                SELECT $1, r.part, r.instructor_id, r.event_type, r.schedule
                  FROM {rows $2 r: part int, instructor_id uuid, event_type text, schedule text} WHERE true
                ON CONFLICT (session_id, part, instructor_id) DO UPDATE SET event_type = excluded.event_type,
                   schedule = excluded.schedule
                 WHERE calendar_place.event_type IS DISTINCT FROM excluded.event_type
                    OR calendar_place.schedule IS DISTINCT FROM excluded.schedule";
    tx.run(text, params(&places)).await?;
    let seats: Vec<_> = kept
        .seats
        .iter()
        .map(|((registration, part), SeatAt { booking, seat })| {
            record! { registration_id: registration.0, part: u32::from(*part), booking: booking, seat: seat }
        })
        .collect();
    let text = "DELETE FROM calendar_seat WHERE session_id = $1 AND NOT EXISTS (
                    SELECT 1 FROM {rows $2 r: registration_id uuid, part int}
                     WHERE r.registration_id = calendar_seat.registration_id AND r.part = calendar_seat.part)";
    tx.run(text, params(&seats)).await?;
    let text = "INSERT INTO calendar_seat (session_id, registration_id, part, booking, seat)
                SELECT $1, r.registration_id, r.part, r.booking, r.seat
                  FROM {rows $2 r: registration_id uuid, part int, booking text, seat text} WHERE true
                ON CONFLICT (session_id, registration_id, part) DO UPDATE SET booking = excluded.booking,
                   seat = excluded.seat
                 WHERE calendar_seat.booking <> excluded.booking OR calendar_seat.seat <> excluded.seat";
    tx.run(text, params(&seats)).await.map(drop)
}
