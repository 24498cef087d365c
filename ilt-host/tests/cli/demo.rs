//! The demo's story holds on whatever day somebody tries it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ilt_core::attendance::Outcome;
use ilt_core::catalog::Person;
use ilt_core::desk::{Command, OnFull, Refusal};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::ports::Journal;
use ilt_core::testing::FixedClock;
use ilt_engine::open::ports_on;
use ilt_engine::{Engine, Ports, Settings, Trouble};
use ilt_host::demo::fill;
use ilt_store::{Options, SqlStore};
use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A week: every weekday.
const DAYS: i64 = 7;
/// How large a network: so small that it is quick, so large that everything happens.
const SCALE: f64 = 0.2;

#[tokio::test]
async fn the_class_is_full_and_the_first_of_three_alternatives_has_seats() {
    let first: Timestamp = "2026-12-20T10:00:00Z".parse().expect("an instant");
    for day in 0..DAYS {
        let now = first + SignedDuration::from_hours(24 * day);
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("demo.db").display());
        let store = SqlStore::connect(&url, &Options::default()).await.expect("a new file");
        store.migrate().await.expect("a schema");
        let ports = Ports { clock: Arc::new(FixedClock::at(now)), ..ports_on(store) };
        let fill = async || fill(&ports, Settings::default(), 1, SCALE, &ProgressBar::hidden()).await;
        if day == 0 {
            tokio::select! {
                _ = fill() => panic!("it should have been interrupted"),
                () = first_class_is_over(&*ports.journal) => {}
            }
        }
        let cast = fill().await.expect("filled, or gone on with where it stopped");
        let engine = Engine::start(ports.clone(), Settings::default()).await.expect("it starts");
        let (learner, session) = (PersonId(cast.learner), SessionId(cast.session));
        let on_full = OnFull::Alternatives;
        let register = Command::Register { session, learner, on_full, automatic: false, reason: None };
        let refused = engine.ask(Actor::Person(learner), register, None, Uuid::nil()).await;
        assert!(matches!(refused, Err(Trouble::Refused(Refusal::SessionFull { .. }))), "{now}: {refused:?}");
        let wanted = ports.reads.sessions(&[session]).await.expect("read").remove(0);
        let shown = engine.alternatives(Actor::Person(learner), learner, &wanted, Uuid::nil()).await;
        let shown = shown.expect("alternatives");
        assert!(shown.len() == 3 && shown[0].seats_open > 0, "{now}: {shown:?}");
        engine.stop().await;
        let told = ports.journal.after(0, u32::MAX).await.expect("read");
        assert_eq!(untold(&told), [""; 0], "{now}");
        assert_eq!(asked_twice(&told), [], "{now}");
    }
}

async fn first_class_is_over(journal: &dyn Journal) {
    let is_over = |entry: &Entry| entry.event == Event::SessionCompleted;
    while !journal.after(0, u32::MAX).await.expect("read").iter().any(is_over) {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Learners who have more than one registration for a session that they asked for, and never gave back.
fn asked_twice(entries: &[Entry]) -> Vec<(Option<PersonId>, Option<SessionId>)> {
    let mut seen = BTreeSet::new();
    let wishes = entries.iter().filter(|it| it.event == Event::Registered && it.actor.person() == it.learner);
    wishes.map(|it| (it.learner, it.session)).filter(|it| !seen.insert(*it)).collect()
}

/// What was shown to somebody who had a seat, or a place in a queue.
fn is_proposal(entry: &Entry) -> bool {
    entry.registration.is_some() && matches!(entry.event, Event::AlternativesShown(_))
}

/// A course that somebody completed by being there.
fn is_earned(entry: &Entry) -> bool {
    entry.session.is_some() && matches!(entry.event, Event::CompletionsRecorded(_))
}

/// Whether a session got more seats than it was planned with.
fn has_grown(entries: &[Entry]) -> bool {
    let mut seats = BTreeMap::new();
    entries.iter().any(|it| match &it.event {
        Event::SessionScheduled(session) | Event::SessionChanged(session) => {
            let now = session.seats.capacity;
            seats.insert(session.id, now).is_some_and(|before| before < now)
        }
        _ => false,
    })
}

fn stands_in(person: &Person) -> bool {
    !person.stands_in_for.is_empty()
}

fn minds(person: &Person) -> bool {
    !person.preferences.locations.is_empty() && !person.preferences.times.is_empty()
}

/// What there should be something of in the demo, and is not.
fn untold(entries: &[Entry]) -> Vec<&'static str> {
    let has = |is: fn(&Event) -> bool| entries.iter().any(|entry| is(&entry.event));
    let settled = |as_what| {
        entries
            .iter()
            .any(|it| matches!(it.event, Event::AttendanceSettled { outcome, .. } if outcome == as_what))
    };
    let wanted = [
        ("requests", has(|it| matches!(it, Event::Requested { .. }))),
        ("seat blocks", has(|it| matches!(it, Event::BlockSaved(_)))),
        ("groups that wait", has(|it| matches!(it, Event::Waitlisted { group: Some(_), .. }))),
        ("swaps", has(|it| matches!(it, Event::Waitlisted { gives_back: Some(_), .. }))),
        ("offers", has(|it| matches!(it, Event::OfferMade { .. }))),
        ("priorities", has(|it| matches!(it, Event::Prioritised { priority: Some(_), .. }))),
        ("seats that were moved", has(|it| matches!(it, Event::Transferred { .. }))),
        ("substitutes", has(|it| matches!(it, Event::TookOver { .. }))),
        ("excuses", settled(Outcome::Excused)),
        ("people who attended", settled(Outcome::Attended)),
        ("people who left early", settled(Outcome::Partial)),
        ("no-shows", settled(Outcome::NoShow)),
        ("people who walked in", has(|it| matches!(it, Event::WalkedIn { .. }))),
        ("classes that took place", has(|it| matches!(it, Event::SessionCompleted))),
        ("completions from attendance", entries.iter().any(is_earned)),
        (
            "corrections",
            entries
                .iter()
                .any(|it| matches!(it.event, Event::AttendanceMarked { .. }) && it.reason.is_some()),
        ),
        ("reminders", has(|it| matches!(it, Event::Reminded { .. }))),
        ("people whose class was called off", has(|it| matches!(it, Event::EndedWithSession))),
        ("people whose class was moved", has(|it| matches!(it, Event::SessionMoved { .. }))),
        ("larger rooms", has_grown(entries)),
        ("proposals for them", entries.iter().any(is_proposal)),
        ("deputies", has(|it| matches!(it, Event::PeopleSaved(people) if people.iter().any(stands_in)))),
        ("preferences", has(|it| matches!(it, Event::PeopleSaved(people) if people.iter().any(minds)))),
    ];
    wanted.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect()
}
