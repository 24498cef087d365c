//! What a rehearsal says of what a real engine recorded on SQLite: exactly what would differ, and nothing else.

#[path = "rehearsal/advising.rs"]
mod advising;
#[path = "rehearsal/candidate.rs"]
mod candidate;
#[path = "rehearsal/faithful.rs"]
mod faithful;
#[path = "rehearsal/notices.rs"]
mod notices;
#[path = "rehearsal/team.rs"]
mod team;
#[path = "rehearsal/town.rs"]
mod town;

use std::sync::Arc;

use ilt_core::ports::{Journal as _, Rules};
use ilt_core::ranking::Shown;
use ilt_engine::rehearsal::{NoReport, Progress, Report, Taken, Unrepeated, Window, rehearse};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use candidate::Lifting;
use town::{Town, learner, session};

const EXAMPLES: usize = 1_000;

/// Everything that happened.
fn all() -> Window {
    Window { since: Timestamp::MIN, until: Timestamp::MAX, examples: EXAMPLES }
}

async fn rehearsed(town: &Town, candidate: impl Rules + 'static, window: Window) -> Report {
    let journal = Arc::new(town.store.clone());
    let never = CancellationToken::new();
    rehearse(journal, Arc::new(candidate), window, |_| {}, &never).await.expect("a report")
}

/// Session 1 is full; sessions 2, 3 and 4 of the same course are a week apart. A learner of dealer 1 and one of dealer 2 look for another.
async fn full_session() -> (Town, Vec<Shown>) {
    let town = Town::found().await;
    for (number, days, capacity) in [(1, 14, 1), (2, 21, 5), (3, 28, 5), (4, 35, 5)] {
        town.plan(number, 1, days, capacity).await;
    }
    town.register(9, 1).await.expect("the only seat");
    let shown = town.alternatives(1, 1).await;
    assert_eq!(town.alternatives(2, 1).await.len(), 3, "the other dealer's");
    (town, shown)
}

#[tokio::test]
async fn what_would_move_is_told_of_that_dealer_alone() {
    let (town, shown) = full_session().await;
    assert_eq!(shown.iter().map(|it| it.session).collect::<Vec<_>>(), [2, 3, 4].map(session));
    let head = town.store.head().await.expect("a head");
    let report = rehearsed(&town, Lifting::session(1, 4, 0.5), all()).await;
    let looks = &report.looks;
    assert_eq!((looks.shown, looks.repeated, looks.same, looks.different), (1, 1, 1, 0), "{report}");
    assert_eq!((looks.opinions, looks.moved, looks.other_first, looks.dropped, looks.new), (1, 1, 1, 0, 0));
    assert_eq!(looks.reasons, [("It suits us.".to_owned(), 1)].into());
    let [moved] = &looks.examples[..] else { panic!("{report}") };
    assert_eq!((moved.learner, moved.wanted, moved.at), (learner(1), session(1), shown[0].shown_at));
    let lines: Vec<_> =
        moved.lines.iter().map(|it| (it.session, it.before, it.after, it.said.len())).collect();
    let expected = [(4, 3, 1, 1), (2, 1, 2, 0), (3, 2, 3, 0)];
    let expected =
        expected.map(|(number, before, after, said)| (session(number), Some(before), Some(after), said));
    assert_eq!(lines, expected);
    assert_eq!((report.misfits, report.entries), (0, head));
    assert_eq!(town.store.head().await.expect("a head"), head, "nothing is written");
}

#[tokio::test]
async fn a_candidate_without_an_opinion_changes_nothing() {
    let (town, _) = full_session().await;
    let report = rehearsed(&town, Lifting::nothing(1), all()).await;
    let looks = &report.looks;
    assert_eq!((looks.shown, looks.same, looks.opinions, looks.moved), (1, 1, 0, 0), "{report}");
    assert_eq!(report.rows().count(), 0);
}

#[tokio::test]
async fn what_counts_in_part_is_counted_as_a_fault() {
    let (town, _) = full_session().await;
    let report = rehearsed(&town, Lifting::session(1, 4, 7.0), all()).await;
    let fault = "lifting: a change of more than 0.5, or a priority above 9, was cut";
    assert_eq!(report.faults, [(fault.to_owned(), 1)].into());
    assert_eq!(report.looks.moved, 1);
}

#[tokio::test]
async fn the_one_that_was_taken_is_looked_up_in_both_orders() {
    let (town, shown) = full_session().await;
    town.take(&shown[0]).await.expect("a seat");
    let taken = rehearsed(&town, Lifting::session(1, 4, 0.5), all()).await.taken;
    let expected = Taken { count: 1, first_as_shown: 1, first_without: 1, first_with: 0, shown_with: 1 };
    assert_eq!(taken, expected);
    let taken = rehearsed(&town, Lifting::session(1, 2, 0.5), all()).await.taken;
    assert_eq!(taken, Taken { first_with: 1, ..expected });
}

#[tokio::test]
async fn only_the_window_is_asked_again() {
    let (town, shown) = full_session().await;
    let at = shown[0].shown_at;
    town.pass(SignedDuration::from_hours(1)).await;
    town.alternatives(1, 1).await;
    let later = at + SignedDuration::from_mins(30);
    for (since, until, looks) in [
        (Timestamp::MIN, later, 1),
        (later, Timestamp::MAX, 1),
        (Timestamp::MIN, at, 0),
        (at, Timestamp::MAX, 2),
    ] {
        let window = Window { since, until, examples: EXAMPLES };
        let report = rehearsed(&town, Lifting::session(1, 4, 0.5), window).await;
        assert_eq!((report.looks.shown, report.looks.moved), (looks, looks), "{since} to {until}");
    }
}

#[tokio::test]
async fn what_is_long_over_is_forgotten_and_counted() {
    let (town, _) = full_session().await;
    town.pass(SignedDuration::from_hours(100 * 24)).await;
    for (number, days, capacity) in [(5, 120, 1), (6, 127, 5), (7, 134, 5)] {
        town.plan(number, 1, days, capacity).await;
    }
    town.register(9, 5).await.expect("the only seat");
    assert_eq!(town.alternatives(1, 5).await.len(), 2);
    assert_eq!(town.alternatives(1, 1).await.len(), 3, "instead of one that was over in March");
    let report = rehearsed(&town, Lifting::session(1, 7, 0.5), all()).await;
    let looks = &report.looks;
    assert_eq!((looks.shown, looks.same, looks.moved), (3, 2, 1), "{report}");
    assert_eq!(looks.unrepeated, [(Unrepeated::SessionUnknown, 1)].into());
    assert_eq!(report.misfits, 0, "what happens to what is forgotten is no misfit");
}

#[tokio::test]
async fn examples_are_counted_out_and_counts_are_of_all() {
    let (town, _) = full_session().await;
    town.alternatives(1, 1).await;
    let report = rehearsed(&town, Lifting::session(1, 4, 0.5), Window { examples: 1, ..all() }).await;
    assert_eq!((report.looks.moved, report.looks.examples.len()), (2, 1));
}

#[tokio::test]
async fn whoever_is_put_in_front_overtakes_those_before_them() {
    let (town, _) = full_session().await;
    for number in [2, 5, 1, 3] {
        town.register(number, 1).await.expect("a place in the queue");
    }
    let report = rehearsed(&town, Lifting::learner(1, 1, 3), all()).await;
    let places = &report.waitlist;
    assert_eq!((places.joined, places.granted, places.moved, places.unrepeated), (3, 1, 1, 0), "{report}");
    let [place] = &places.examples[..] else { panic!("{report}") };
    assert_eq!((place.learner, place.session, place.before, place.after), (learner(1), session(1), 3, 1));
    assert_eq!((place.level, place.reason.as_str()), (3, "Their certificate ends."));
    assert_eq!(place.overtaken, [learner(5)], "one of the two is another dealer's, and named to nobody");
    let row = report.rows().find(|row| row[0] == "waitlist").expect("a row");
    assert_eq!(row[5..8], ["3", "1", "3"]);
}

/// Whoever joins later stays behind one who was put in front before, in the rehearsal as they would in service.
#[tokio::test]
async fn the_second_who_is_put_in_front_waits_behind_the_first() {
    let (town, _) = full_session().await;
    for number in [2, 1, 3, 5] {
        town.register(number, 1).await.expect("a place in the queue");
    }
    let report = rehearsed(&town, Lifting::everybody(1, 3), all()).await;
    let places: Vec<_> =
        report.waitlist.examples.iter().map(|it| (it.learner, it.before, it.after)).collect();
    assert_eq!(places, [(learner(1), 2, 1), (learner(3), 3, 2), (learner(5), 4, 3)], "{report}");
}

#[tokio::test]
async fn it_stops_in_the_middle_when_it_is_told_to() {
    let (town, _) = full_session().await;
    for _ in 0..50 {
        town.alternatives(1, 1).await;
    }
    let stop = CancellationToken::new();
    let candidate = Lifting { then: Some(stop.clone()), ..Lifting::session(1, 4, 0.5) };
    let asked = candidate.asked.clone();
    let journal = Arc::new(town.store.clone());
    let ended = rehearse(journal, Arc::new(candidate), all(), |_: Progress| {}, &stop).await;
    assert!(matches!(ended, Err(NoReport::Stopped)));
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1, "the first question was the last");
}

#[tokio::test]
async fn it_tells_how_far_it_has_come() {
    let (town, _) = full_session().await;
    let head = town.store.head().await.expect("a head");
    let told = std::sync::Mutex::new(Vec::new());
    let progress = |it: Progress| told.lock().expect("no panic").push(it);
    let (journal, never) = (Arc::new(town.store.clone()), CancellationToken::new());
    rehearse(journal, Arc::new(Lifting::nothing(1)), all(), progress, &never).await.expect("a report");
    assert_eq!(
        told.into_inner().expect("no panic"),
        [Progress { read: head, of: head, looks: 1, notices: 0 }]
    );
}

#[tokio::test]
async fn a_report_is_told_in_ids_without_a_name() {
    let (town, _) = full_session().await;
    let report = rehearsed(&town, Lifting::session(1, 4, 0.5), all()).await;
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["looks"]["moved"], 1);
    assert_eq!(json["looks"]["examples"][0]["learner"], learner(1).to_string());
    assert_eq!(json["looks"]["examples"][0]["lines"][0]["said"][0]["reason"], "It suits us.");
    let table = report.to_string();
    assert!(table.contains("something else first") && table.contains("1 (100.0 %)"), "{table}");
    assert!(![json.to_string(), table].iter().any(|text| text.contains("Person ")), "no names");
    assert!(report.rows().all(|row| row[1..5].iter().all(|cell| !cell.is_empty())));
}
