//! Many clients at once, over HTTP, on real databases: nobody gets a seat that is not there, and nobody loses one.

use crate::served::{client, found, learner, serve, session};
use ilt_core::access::Sight;
use ilt_core::ports::Reads as _;
use ilt_core::registration::Status;
use ilt_engine::Settings;
use ilt_engine::open::ports_on;
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use serde_json::json;

const CROWD: u128 = 200;
const SEATS: u32 = 5;

/// What became of a crowd.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// Clients that were told they have a seat.
    told: usize,
    /// Registrations that have one.
    seated: usize,
    /// What the ledger says.
    confirmed: u32,
    open: u32,
    /// Whether it counts as many people in the queue as there are.
    queue_agrees: bool,
}

/// Two hundred clients want one of five seats at the same instant, through `hosts` hosts; every third takes a place in the
/// queue when there is none.
async fn crowd(database: &Database, options: Options, hosts: usize) -> Outcome {
    let store = database.store(options).await;
    found(&ports_on(store.clone()), CROWD, &[SEATS]).await;
    let mut bases = Vec::new();
    for _ in 0..hosts {
        bases.push(serve(store.clone(), Settings::default()).await.base);
    }
    let http = reqwest::Client::new();
    let requests = (0..CROWD).map(|number| {
        let client = client(&http, &bases[usize::try_from(number).expect("few") % hosts], learner(number));
        let on_full = if number % 3 == 0 { "waitlist" } else { "alternatives" };
        async move {
            let path = format!("/v1/sessions/{}/registrations", session(0));
            client.post(&path, "once", json!({ "on_full": on_full })).await.expect("an answer")
        }
    });
    let answers = futures::future::join_all(requests).await;
    for (status, body) in &answers {
        let is_known = matches!((*status, body["status"].as_str()), (201, Some("confirmed" | "waitlisted")))
            || (*status == 409 && body["code"] == "session-full");
        assert!(is_known, "answered {status} {body}");
    }
    let told = answers.iter().filter(|(_, body)| body["status"] == "confirmed").count();
    let lines = store.roster(session(0), &Sight::Everyone).await.expect("read").expect("a roster").lines;
    let seated =
        lines.iter().filter(|line| matches!(line.registration.status, Status::Confirmed { .. })).count();
    let seats = store.sessions(&[session(0)]).await.expect("a session")[0].seats;
    let queue_agrees = seats.waitlisted as usize == lines.len() - seated;
    Outcome { told, seated, confirmed: seats.confirmed, open: seats.open(), queue_agrees }
}

const EXACT: Outcome = Outcome { told: 5, seated: 5, confirmed: 5, open: 0, queue_agrees: true };

#[tokio::test(flavor = "multi_thread")]
async fn five_seats_are_given_to_five_of_two_hundred_on_sqlite() {
    assert_eq!(crowd(&sqlite(), Options::default(), 1).await, EXACT);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_seats_are_given_to_five_of_two_hundred_through_two_hosts_on_postgres() {
    let Some(database) = postgres("crowd") else { return };
    assert_eq!(crowd(&database, Options::default(), 2).await, EXACT);
}

/// Without a lock what is written is compared with what was read, and nobody sits on a chair that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_lock_the_same_crowd_is_not_oversold_either() {
    let Some(database) = postgres("compared") else { return };
    assert_eq!(crowd(&database, Options { unlocked: true, ..Options::default() }, 2).await, EXACT);
}

/// The control: the very same crowd, with nothing locked, compared or counted.
#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_locked_compared_or_counted_the_same_crowd_is_oversold() {
    const COUNTED: &str =
        "DROP TRIGGER ledger_equals_people ON session; DROP TRIGGER ledger_equals_people ON tally";
    let mut outcomes = Vec::new();
    // The hosts must read at the same time for it to go wrong, which they do more often than not.
    for turn in 0..10 {
        let Some(database) = postgres(&format!("control_{turn}")) else { return };
        database.run(COUNTED).await;
        let options = Options { unlocked: true, uncompared: true, ..Options::default() };
        let outcome = crowd(&database, options, 2).await;
        if outcome.seated > SEATS as usize {
            return;
        }
        outcomes.push(outcome);
    }
    panic!("without the lock this should have gone wrong: {outcomes:?}");
}

/// One learner wants two sessions of the same hour at the same instant, through two hosts.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_sits_in_two_rooms_at_once() {
    const TIMES: u128 = 200;
    let Some(database) = postgres("clash") else { return };
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), TIMES, &[1_000, 1_000]).await;
    let bases = [
        serve(store.clone(), Settings::default()).await.base,
        serve(store.clone(), Settings::default()).await.base,
    ];
    let http = reqwest::Client::new();
    for number in 0..TIMES {
        let ask = async |host: usize| {
            let client = client(&http, &bases[host], learner(number));
            let path = format!("/v1/sessions/{}/registrations", session(host as u128));
            client.post(&path, &format!("host-{host}"), json!({})).await.expect("an answer")
        };
        let (one, other) = tokio::join!(ask(0), ask(1));
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "learner {number}: {one:?} {other:?}");
        let refused = if one.0 == 409 { &one.1 } else { &other.1 };
        assert_eq!(refused["code"], "clash");
    }
    assert_eq!(total(&store).await, u32::try_from(TIMES).expect("few"));
}

async fn total(store: &SqlStore) -> u32 {
    let sessions = store.sessions(&[session(0), session(1)]).await.expect("sessions");
    sessions.iter().map(|session| session.seats.confirmed).sum()
}
