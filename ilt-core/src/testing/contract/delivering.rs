//! What calendars told, as it came.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::together::{Task, pause, together};
use super::{Backend, data, save};
use crate::calendar::{Concern, Kept, Place, SeatAt, Settled, Spot};
use crate::ids::{RegistrationId, SessionId};
use crate::ports::{About, Delivery, Letter, NumberedLetter, StoreError, Taken};
use crate::testing::Network;
use crate::testing::plans::id;

fn letter(number: u32) -> Letter {
    Letter {
        instance: "calcom".to_owned(),
        digest: format!("{number:064x}"),
        received_at: data::at(i64::from(number)),
        trigger: "BOOKING_CREATED".to_owned(),
        booking: (!number.is_multiple_of(2)).then(|| format!("bk{number}")),
        body: format!(
            "{{\"triggerEvent\": \"BOOKING_CREATED\",\t\"who\":\"Zoë \\u0000 \\\"\", \"n\":{number}}}\r\n"
        ),
    }
}

fn delivery(number: u32, about: About) -> Delivery {
    Delivery { letter: letter(number), about }
}

fn plain(numbers: impl IntoIterator<Item = u32>) -> Vec<Delivery> {
    numbers.into_iter().map(|number| delivery(number, About::default())).collect()
}

fn numbered(number: u64, letter: Letter) -> NumberedLetter {
    NumberedLetter { number, letter }
}

async fn take<S: Backend>(store: &S, deliveries: &[Delivery]) -> Taken {
    store.take_deliveries(deliveries, data::at(10)).await.expect("taken")
}

/// The sessions that are due, none of which is afterwards.
async fn due<S: Backend>(store: &S) -> Vec<u128> {
    let due = store.claim_due(data::at(20), data::at(30), 99).await.expect("claimed");
    let mut sessions = Vec::new();
    for one in due {
        sessions.push(one.session.0.as_u128());
        let kept = store.remembered(one.session).await.expect("read");
        store.settled(&one, &Settled { kept, ..Settled::default() }, data::at(20)).await.expect("settled");
    }
    sessions.sort_unstable();
    sessions
}

/// What came comes back as it came, page by page, in the order in which it was kept.
pub async fn letters_come_back_in_their_order_and_to_the_byte<S: Backend>(store: &S) {
    assert_eq!(store.last_letter().await.expect("read"), 0);
    assert_eq!(take(store, &[]).await, Taken::default(), "nothing came");
    assert_eq!(take(store, &plain([7, 3])).await, Taken { kept: 2, doubled: 0, due: 0 });
    assert_eq!(take(store, &plain([5])).await.kept, 1);
    let after = async |number, limit| store.letters_after(number, limit).await.expect("read");
    assert_eq!(after(0, 2).await, [numbered(1, letter(7)), numbered(2, letter(3))]);
    assert_eq!(after(2, 2).await, [numbered(3, letter(5))]);
    assert_eq!(after(3, 2).await, []);
    assert_eq!(store.last_letter().await.expect("read"), 3);
    assert!(!format!("{:?}", after(0, 9).await).contains("Zo"), "nobody is named in a log");
}

/// A calendar that tells twice is heard once, also in one breath; another calendar's letter is another.
pub async fn a_letter_that_comes_again_changes_nothing<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    let about = About { session: Some(SessionId(id(100))), ..About::default() };
    let first = delivery(1, about.clone());
    let other = Delivery { letter: Letter { instance: "second".to_owned(), ..letter(1) }, about };
    let all = [first.clone(), first.clone(), other.clone()];
    assert_eq!(take(store, &all).await, Taken { kept: 2, doubled: 1, due: 1 });
    assert_eq!(due(store).await, [100]);
    let later = Letter { received_at: data::at(99), ..letter(1) };
    let again = [Delivery { letter: later, about: first.about.clone() }, other];
    assert_eq!(take(store, &again).await, Taken { kept: 0, doubled: 2, due: 0 });
    assert_eq!(due(store).await, [0; 0]);
    let found = store.letters_after(0, 9).await.expect("read");
    assert_eq!((found.len(), &found[0]), (2, &numbered(1, letter(1))), "as it came the first time");
}

/// A session is found by its name, by what was booked, and by either of two bookings; what is none of ours concerns nobody.
pub async fn a_letter_makes_due_what_it_is_about<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    for (number, event_type, booking) in [(100, "7", "bk-a"), (101, "8", "bk-b"), (102, "9", "bk-c")] {
        let session = SessionId(id(number));
        store
            .want(&Concern { sessions: [session].into(), ..Concern::default() }, data::at(0), None)
            .await
            .expect("wanted");
        let claimed = store.claim_due(data::at(1), data::at(2), 1).await.expect("claimed");
        let place = Place { event_type: Some(event_type.to_owned()), schedule: None };
        let seat = SeatAt { booking: booking.to_owned(), seat: "one".to_owned() };
        let nothing = Spot { part: 1, instructor: Network::MIA };
        let kept = Kept {
            places: [(Spot { part: 0, instructor: Network::INA }, place), (nothing, Place::default())].into(),
            seats: [((RegistrationId(id(500 + number)), 0), seat)].into(),
        };
        store
            .settled(&claimed[0], &Settled { kept, ..Settled::default() }, data::at(1))
            .await
            .expect("settled");
    }
    let named = |number| About { session: Some(SessionId(id(number))), ..About::default() };
    let booked = |it: &str| About { event_type: Some(it.to_owned()), ..About::default() };
    let under = |all: &[&str]| About {
        bookings: all.iter().map(|it| (*it).to_owned()).collect(),
        ..About::default()
    };
    let cases: [(About, &[u128]); 8] = [
        (named(101), &[101]),
        (named(999), &[]),
        (booked("9"), &[102]),
        (booked("999"), &[]),
        (under(&["bk-a"]), &[100]),
        (under(&["bk-c", "bk-b"]), &[101, 102]),
        (
            About {
                session: Some(SessionId(id(100))),
                event_type: Some("8".to_owned()),
                bookings: vec!["bk-b".to_owned(), "bk-x".to_owned()],
            },
            &[100, 101],
        ),
        (About::default(), &[]),
    ];
    for (number, (about, expected)) in (1..).zip(cases) {
        let taken = take(store, &[delivery(number, about.clone())]).await;
        assert_eq!((taken.kept, taken.due), (1, expected.len() as u64), "{about:?}");
        assert_eq!(due(store).await, expected, "{about:?}");
    }
    let all = [named(100), booked("7"), under(&["bk-a", "bk-a"]), booked("9")];
    let all: Vec<_> = (50..).zip(all).map(|(number, about)| delivery(number, about)).collect();
    assert_eq!(take(store, &all).await, Taken { kept: 4, doubled: 0, due: 2 });
    assert_eq!(due(store).await, [100, 102]);
}

/// Several hosts keep what they hear while a reader follows: it sees every number once, in order.
pub async fn a_reader_never_skips_a_late_letter<S: Backend>(store: &S) {
    const WRITERS: u32 = 5;
    const EACH: u32 = 6;
    let seen = RefCell::new(Vec::new());
    let mut tasks: Vec<Task<'_>> = vec![Box::pin(async {
        while seen.borrow().len() < (WRITERS * EACH * 2) as usize {
            let after = seen.borrow().last().map_or(0, |it: &NumberedLetter| it.number);
            let found = store.letters_after(after, 7).await.expect("read");
            seen.borrow_mut().extend(found);
            pause(1).await;
        }
    })];
    for writer in 0..WRITERS {
        tasks.push(Box::pin(async move {
            for turn in 0..EACH {
                let first = 1_000 + (writer * EACH + turn) * 2;
                // The second of one writer is heard by the next as well.
                let batch = plain([first, first + 1, 1_000 + turn * 2]);
                while let Err(error) = store.take_deliveries(&batch, data::at(10)).await {
                    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
                }
                pause(writer).await;
            }
        }));
    }
    together(tasks).await;
    let numbers: Vec<_> = seen.borrow().iter().map(|it| it.number).collect();
    assert_eq!(numbers, (1..=u64::from(WRITERS * EACH * 2)).collect::<Vec<_>>());
    let digests: BTreeSet<_> = seen.borrow().iter().map(|it| it.letter.digest.clone()).collect();
    assert_eq!(digests.len(), numbers.len(), "each once");
}

/// Letters are kept for a while; whoever reads them goes on where it was.
pub async fn old_letters_are_forgotten_and_numbers_go_on<S: Backend>(store: &S) {
    take(store, &plain(1..=5)).await;
    let forget =
        async |before, limit| store.forget_letters(data::at(before), limit).await.expect("forgotten");
    assert_eq!(forget(1, 9).await, 0, "the first came then, and not before");
    assert_eq!(forget(4, 2).await, 2);
    assert_eq!(forget(4, 2).await, 1);
    assert_eq!(store.letters_after(0, 9).await.expect("read").first().map(|it| it.number), Some(4));
    assert_eq!(forget(99, 9).await, 2);
    assert_eq!(store.last_letter().await.expect("read"), 5);
    take(store, &plain([6])).await;
    assert_eq!(store.letters_after(5, 9).await.expect("read"), [numbered(6, letter(6))]);
}
