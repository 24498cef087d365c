//! What calendars are to show, and what is known of them.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Backend, data, save};
use crate::calendar::{
    Concern, Difference, Kept, Link, Place, References, SeatAt, Settled, Showing, Spot, Why,
};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::ports::{CALENDAR, Due, Waiting};
use crate::registration::Status;
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::id;

fn session(number: u32) -> SessionId {
    SessionId(id(number))
}

fn of(sessions: &[u32]) -> Concern {
    Concern { sessions: sessions.iter().map(|it| session(*it)).collect(), ..Concern::default() }
}

fn spot(part: u16, instructor: PersonId) -> Spot {
    Spot { part, instructor }
}

/// Session 100 in Ina's calendar, with two seats of one who comes to both days.
fn kept() -> Kept {
    let place = |number: u16| Place { event_type: Some(number.to_string()), schedule: None };
    let at = |seat: &str| SeatAt { booking: "bk".to_owned(), seat: seat.to_owned() };
    let ada = RegistrationId(id(500));
    Kept {
        places: [(spot(0, Network::INA), place(7)), (spot(1, Network::INA), place(8))].into(),
        seats: [((ada, 0), at("one")), ((ada, 1), at("two"))].into(),
    }
}

fn link(at: i64) -> Link {
    Link { user: "4".to_owned(), username: "ina".to_owned(), sealed: (0..=255).collect(), at: data::at(at) }
}

async fn claimed<S: Backend>(store: &S, now: i64, limit: u32) -> Vec<Due> {
    store.claim_due(data::at(now), data::at(now + 60), limit).await.expect("claimed")
}

fn ids(due: &[Due]) -> Vec<SessionId> {
    due.iter().map(|it| it.session).collect()
}

/// However much happened to a session, it is looked at once, by one, and those that have waited longest come first.
pub async fn a_session_that_is_due_is_claimed_by_one<S: Backend>(store: &S) {
    for (sessions, at) in [(&[101_u32][..], 5), (&[100, 101], 6), (&[102], 4)] {
        store.want(&of(sessions), data::at(at), None).await.expect("wanted");
    }
    assert_eq!(store.waiting().await.expect("read"), Waiting { count: 3, since: Some(data::at(4)) });
    assert_eq!(claimed(store, 3, 9).await, [], "not yet");
    let first = claimed(store, 10, 2).await;
    let due = |number, wanted, since| Due {
        session: session(number),
        wanted,
        since: data::at(since),
        attempts: 0,
        leased_until: data::at(70),
    };
    assert_eq!(first, [due(102, 1, 4), due(101, 2, 5)]);
    assert_eq!(ids(&claimed(store, 10, 9).await), [session(100)]);
    assert_eq!(claimed(store, 69, 9).await, [], "they are somebody's");
    assert_eq!(claimed(store, 70, 9).await.len(), 3, "who claimed them is gone");
    store.settled(&first[0], &Settled::default(), data::at(71)).await.expect("settled");
    store.put_off(&first[1], data::at(71), true).await.expect("put off");
    assert_eq!(store.waiting().await.expect("read").count, 3, "and comes too late");
    assert_eq!(claimed(store, 71, 9).await, [], "they are somebody else's");
}

/// Whoever takes long keeps the claim; whose claim has ended has lost it to whoever came next.
pub async fn a_claim_is_kept_while_somebody_works<S: Backend>(store: &S) {
    store.want(&of(&[100]), data::at(0), None).await.expect("wanted");
    let mut first = claimed(store, 1, 9).await.remove(0);
    let held = async |due: &Due, until| store.keep_claim(due, data::at(until)).await.expect("held");
    let until = held(&first, 101).await;
    assert_eq!(until, Some(data::at(101)));
    assert_eq!(held(&first, 111).await, None, "by the claim as it was before");
    first.leased_until = data::at(101);
    assert_eq!(claimed(store, 100, 9).await, []);
    let next = claimed(store, 101, 9).await;
    assert_eq!(ids(&next), [session(100)]);
    assert_eq!(held(&first, 200).await, None, "too late");
    store.settled(&next[0], &Settled::default(), data::at(102)).await.expect("settled");
    assert_eq!(held(&next[0], 200).await, None, "nothing is due any more");
}

/// What happened while somebody looked at it is looked at afterwards.
pub async fn what_was_wanted_again_meanwhile_stays_due<S: Backend>(store: &S) {
    store.want(&of(&[100, 101]), data::at(0), None).await.expect("wanted");
    let both = claimed(store, 1, 9).await;
    store.want(&of(&[101]), data::at(2), None).await.expect("wanted");
    for due in &both {
        store.settled(due, &Settled::default(), data::at(3)).await.expect("settled");
    }
    assert_eq!(store.waiting().await.expect("read"), Waiting { count: 1, since: Some(data::at(3)) });
    let again = claimed(store, 3, 9).await;
    assert_eq!(ids(&again), [session(101)]);
    store.settled(&again[0], &Settled::default(), data::at(4)).await.expect("settled");
    assert_eq!(store.waiting().await.expect("read"), Waiting::default());
}

/// One that failed waits, and counts how often that was its own fault; what happens to it makes it due at once.
pub async fn what_failed_waits_until_something_happens_to_it<S: Backend>(store: &S) {
    store.want(&of(&[100]), data::at(0), None).await.expect("wanted");
    for (now, blame, attempts) in [(1, true, 0), (101, false, 1), (201, true, 1), (301, true, 2)] {
        let due = claimed(store, now, 9).await;
        assert_eq!(due.iter().map(|it| it.attempts).collect::<Vec<_>>(), [attempts], "at {now}");
        store.put_off(&due[0], data::at(now + 100), blame).await.expect("put off");
        assert_eq!(claimed(store, now + 99, 9).await, []);
    }
    assert_eq!(store.waiting().await.expect("read"), Waiting { count: 1, since: Some(data::at(0)) });
    store.want(&of(&[100]), data::at(310), None).await.expect("wanted");
    let due = claimed(store, 310, 9).await;
    assert_eq!((due[0].attempts, due[0].wanted, due[0].since), (3, 2, data::at(0)));
}

/// A course, a place and a person concern what is to come of theirs.
pub async fn what_is_to_come_is_due_for_what_it_refers_to<S: Backend>(store: &S) {
    let mut changes = data::basics();
    let seat = |number, session, learner, status| data::registration(number, session, learner, status);
    let confirmed = Status::Confirmed { at: data::at(0) };
    changes.registrations = vec![
        seat(500, 100, Network::ADA, confirmed.clone()),
        seat(501, 102, Network::ADA, confirmed),
        seat(502, 101, Network::BEN, data::waiting(1)),
    ];
    save(store, &changes).await.expect("saved");
    let nothing = Concern::default;
    let cases = [
        (Concern { courses: [id(1).into()].into(), ..nothing() }, vec![100]),
        (Concern { courses: [id(2).into(), id(9).into()].into(), ..nothing() }, vec![101]),
        (Concern { locations: [id(1).into()].into(), ..nothing() }, vec![100, 101]),
        (Concern { people: [Network::ADA].into(), ..nothing() }, vec![100]),
        (Concern { people: [Network::BEN].into(), ..nothing() }, vec![]),
        (
            Concern { people: [Network::ADA].into(), courses: [id(1).into()].into(), ..of(&[102]) },
            vec![100, 102],
        ),
    ];
    for (concern, expected) in cases {
        store.want(&concern, data::at(0), None).await.expect("wanted");
        let due = claimed(store, 1, 9).await;
        let mut found = ids(&due);
        found.sort();
        assert_eq!(found, expected.iter().map(|it| session(*it)).collect::<Vec<_>>(), "{concern:?}");
        for one in due {
            store.settled(&one, &Settled::default(), data::at(2)).await.expect("settled");
        }
    }
}

/// Whoever compares everything compares what is to come, and what is left of what will not take place.
pub async fn everything_to_come_can_be_made_due<S: Backend>(store: &S) {
    let mut changes = data::basics();
    let cancelled = SessionStatus::Cancelled { at: data::at(0), reason: "Ill.".to_owned(), announced: true };
    for (number, status) in [(103, cancelled.clone()), (104, cancelled), (105, SessionStatus::Draft)] {
        changes.sessions.push(crate::session::Session { status, ..data::session(number, 37) });
    }
    save(store, &changes).await.expect("saved");
    for number in [102, 104] {
        store.foresee(session(number), &[spot(0, Network::INA)].into()).await.expect("kept");
    }
    assert_eq!(store.want_all(data::at(0)).await.expect("wanted"), 3);
    let mut found = ids(&claimed(store, 1, 9).await);
    found.sort();
    assert_eq!(found, [session(100), session(101), session(104)]);
}

/// The journal's follower goes on where it was, and what it found is due by then.
pub async fn the_calendars_checkpoint_moves_with_what_is_due<S: Backend>(store: &S) {
    for (through, expected) in [(Some(7), 7), (None, 7), (Some(3), 7), (Some(9), 9)] {
        store.want(&of(&[100]), data::at(0), through).await.expect("wanted");
        assert_eq!(store.checkpoint(CALENDAR).await.expect("read"), expected);
    }
}

/// What is known to be somewhere is known until it is known to be elsewhere, and one session's is not another's.
pub async fn what_is_in_a_calendar_is_remembered<S: Backend>(store: &S) {
    let spots: BTreeSet<_> = [spot(0, Network::INA), spot(1, Network::INA)].into();
    store.foresee(session(100), &spots).await.expect("kept");
    store.foresee(session(101), &[spot(0, Network::INA)].into()).await.expect("kept");
    let foreseen = store.remembered(session(100)).await.expect("read");
    assert_eq!(foreseen.places.keys().copied().collect::<BTreeSet<_>>(), spots);
    assert!(
        foreseen.foresee(&spots).is_empty() && foreseen.places.values().all(|it| *it == Place::default())
    );
    store.want(&of(&[100]), data::at(0), None).await.expect("wanted");
    let due = claimed(store, 1, 1).await[0];
    let mut kept = kept();
    let settle = async |kept: &Kept| {
        let settled = Settled { kept: kept.clone(), ..Settled::default() };
        store.settled(&due, &settled, data::at(2)).await.expect("settled");
        assert_eq!(store.remembered(due.session).await.expect("read"), *kept);
    };
    settle(&kept).await;
    store.foresee(session(100), &spots).await.expect("kept");
    assert_eq!(store.remembered(session(100)).await.expect("read"), kept, "what is known stays known");
    kept.places.remove(&spot(1, Network::INA));
    kept.seats.remove(&(RegistrationId(id(500)), 1));
    kept.seats
        .insert((RegistrationId(id(501)), 0), SeatAt { booking: "bk".to_owned(), seat: "three".to_owned() });
    settle(&kept).await;
    settle(&Kept::default()).await;
    assert_eq!(store.remembered(session(101)).await.expect("read").places.len(), 1, "another session's");
}

/// What differs is told until it does not, those that were looked at first first.
pub async fn what_differs_is_told_until_it_does_not<S: Backend>(store: &S) {
    store.want(&of(&[100, 101]), data::at(0), None).await.expect("wanted");
    let due = claimed(store, 1, 9).await;
    let how = vec![
        Difference { why: Why::Strangers(2), part: Some(1), registration: None },
        Difference { why: Why::NoAddress, part: None, registration: Some(RegistrationId(id(500))) },
    ];
    let differs = Settled { differs: how.clone(), ..Settled::default() };
    for (due, at) in due.iter().zip([5, 4]) {
        store.settled(due, &differs, data::at(at)).await.expect("settled");
    }
    let told = store.differing(data::at(0), 9).await.expect("read");
    let seen = |it: &crate::ports::Differing| (it.session, it.at);
    let expected: Vec<(SessionId, Timestamp)> =
        vec![(due[1].session, data::at(4)), (due[0].session, data::at(5))];
    assert_eq!(told.iter().map(seen).collect::<Vec<_>>(), expected);
    assert_eq!(told[0].how, how);
    assert_eq!(store.differing(data::at(0), 1).await.expect("read").len(), 1);
    store.settled(&due[1], &Settled::default(), data::at(6)).await.expect("settled");
    let left = async |now| store.differing(now, 9).await.expect("read").iter().map(seen).collect::<Vec<_>>();
    assert_eq!(left(data::at(0)).await, expected[1..]);
    let basics = data::basics();
    save(store, &basics).await.expect("saved");
    let ends_at = basics.sessions.iter().find(|it| it.id == session(100)).expect("it is there").ends_at();
    assert_eq!(left(ends_at - jiff::SignedDuration::from_secs(1)).await, expected[1..], "it goes on");
    assert_eq!(left(ends_at).await, [], "nobody has anything to decide on what is over");
}

/// How far a session is shown is told of it alone: since when it waits, what is known of it, and what differed.
pub async fn how_far_a_session_is_shown_is_told<S: Backend>(store: &S) {
    let showing = async || store.showing(session(100)).await.expect("read");
    assert_eq!(showing().await, Showing::default());
    store.want(&of(&[100, 101]), data::at(3), None).await.expect("wanted");
    assert_eq!(showing().await, Showing { waits_since: Some(data::at(3)), ..Showing::default() });
    let due = claimed(store, 4, 9).await;
    let differs = vec![Difference { why: Why::Strangers(2), part: Some(1), registration: None }];
    let settled = Settled { kept: kept(), differs: differs.clone(), ..Settled::default() };
    for one in due.iter().filter(|it| it.session == session(100)) {
        store.settled(one, &settled, data::at(5)).await.expect("settled");
    }
    let shown = Showing { kept: kept(), waits_since: None, looked_at: Some(data::at(5)), differs };
    assert_eq!(showing().await, shown);
}

/// Many sessions are asked about at once, and each is known by its first part.
pub async fn sessions_and_seats_are_known_by_the_calendars_names<S: Backend>(store: &S) {
    let references = async |sessions: &[u32]| {
        store.references(&sessions.iter().map(|it| session(*it)).collect()).await.expect("read")
    };
    assert_eq!(references(&[100, 101]).await, References::default());
    store.want(&of(&[100]), data::at(0), None).await.expect("wanted");
    let due = claimed(store, 1, 1).await[0];
    let settled = Settled { kept: kept(), ..Settled::default() };
    store.settled(&due, &settled, data::at(2)).await.expect("settled");
    store.foresee(session(101), &[spot(0, Network::INA)].into()).await.expect("kept");
    let known = References {
        event_types: [(session(100), "7".to_owned())].into(),
        bookings: [(RegistrationId(id(500)), "bk".to_owned())].into(),
    };
    assert_eq!(references(&[100, 101]).await, known);
    assert_eq!(references(&[101]).await, References::default(), "nothing is there yet");
}

/// Whose calendars can be written to; whoever is linked no more leaves nothing behind here.
pub async fn calendars_are_linked_and_unlinked<S: Backend>(store: &S) {
    assert_eq!(store.links(None).await.expect("read").len(), 0);
    for (instructor, at) in [(Network::INA, 1), (Network::MIA, 2), (Network::INA, 3)] {
        store.link(instructor, &link(at)).await.expect("linked");
    }
    assert_eq!(
        store.links(None).await.expect("read"),
        [(Network::INA, link(3)), (Network::MIA, link(2))].into()
    );
    let asked = [Network::MIA, Network::ADA].into();
    assert_eq!(store.links(Some(&asked)).await.expect("read"), [(Network::MIA, link(2))].into());
    store.want(&of(&[100]), data::at(0), None).await.expect("wanted");
    let due = claimed(store, 1, 9).await.remove(0);
    let seat = |booking: &str| SeatAt { booking: booking.to_owned(), seat: "one".to_owned() };
    let seats = [(0, "Ina's"), (1, "Mia's")].map(|(part, at)| ((RegistrationId(id(500)), part), seat(at)));
    let places = [spot(0, Network::INA), spot(1, Network::MIA)].map(|it| (it, Place::default()));
    let kept = Kept { places: places.into(), seats: seats.into() };
    store.settled(&due, &Settled { kept, ..Settled::default() }, data::at(1)).await.expect("settled");
    assert!(store.unlink(Network::INA).await.expect("unlinked"));
    assert!(!store.unlink(Network::INA).await.expect("unlinked"), "it is linked no more");
    let Kept { places, seats } = store.remembered(session(100)).await.expect("read");
    assert_eq!(places.into_keys().collect::<Vec<_>>(), [spot(1, Network::MIA)]);
    assert_eq!(
        seats.into_keys().map(|(_, part)| part).collect::<Vec<_>>(),
        [1],
        "a seat is nowhere without its day"
    );
    assert_eq!(store.links(None).await.expect("read").into_keys().collect::<Vec<_>>(), [Network::MIA]);
}
