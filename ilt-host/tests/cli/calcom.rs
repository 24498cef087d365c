//! Calendars, from the first key to the last.

use ilt_calcom::stand_in::{Givens, StandIn};
use ilt_core::access::Sight;
use ilt_core::catalog::{Person, Role};
use ilt_core::ports::{Ids as _, Mirrors as _, PeopleQuery, Reads as _};
use ilt_engine::system::SystemIds;
use serde_json::Value;

use super::*;

/// A network whose sessions are to come, and a Cal.com with one user.
fn laid_out(terminal: &Terminal) -> StandIn {
    let today = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let network = generate(Sizes::scaled(0.01), 1, today);
    std::fs::create_dir(terminal.path().join("data")).expect("a folder");
    for (name, bytes) in network.files().expect("files") {
        std::fs::write(terminal.path().join("data").join(name), bytes).expect("written");
    }
    let ids = Box::new(|| SystemIds.next());
    let calcom = StandIn::start(Givens { clock: Arc::new(SystemClock), ids }).expect("a port");
    calcom.add_host("ina", "Ina Instructor", "cal_ina", false);
    calcom.world().requests = 1_000_000;
    let url = calcom.address();
    let settings =
        format!("[calcom]\nurl = \"{url}\"\nsecret = \"{SECRET}\"\nrequests_per_minute = 1000000\n");
    terminal.write("ilt.toml", &settings);
    terminal.write("key", "cal_ina\n");
    calcom
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_is_linked_compared_repaired_and_unlinked() {
    let terminal = Terminal::new();
    let calcom = laid_out(&terminal);
    terminal.ok(&["import", "data/"]);
    let store = terminal.store().await;
    let (now, (world, _)) = (SystemClock.now(), store.catalogue(SystemClock.now()).await.expect("read"));
    let mut to_come = world.sessions.values().filter(|it| it.is_live(now) && it.starts_at() > now);
    let session = to_come.find(|it| !it.instructors.is_empty()).expect("a session to come");
    let (id, instructor) = (session.id.to_string(), session.instructors[0].to_string());
    let link = ["calcom", "link-instructor", instructor.as_str(), "--key-file", "key"];
    let compare = ["calcom", "reconcile", "--session", id.as_str(), "--json"];
    let rehearse = ["calcom", "reconcile", "--session", id.as_str(), "--dry-run"];

    assert!(terminal.ok(&["calcom", "check"]).contains("nobody is linked"));
    assert!(terminal.fails(&link[..3]).contains("no key was given"));
    assert!(terminal.ok(&rehearse).contains("nobody who teaches it has a linked calendar"));
    assert!(terminal.ok(&link).contains("is linked with ina"));
    assert!(terminal.ok(&["calcom", "check"]).contains(&format!("ok    {instructor}: ina")));

    assert!(terminal.ok(&rehearse).contains(&format!("{id} day 1: not yet appeared")));
    assert!(store.remembered(session.id).await.expect("read").places.is_empty(), "nothing was done");
    // All that became due with the link is looked after as well.
    let lines = terminal.ok(&compare);
    let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ours = told.iter().find(|it| it["session"] == id.as_str()).expect("our session");
    assert_eq!(ours["done"][0]["did"], "appeared", "{ours}");
    assert!(told.iter().all(|it| it.get("trouble").is_none()), "{lines}");
    let kept = store.remembered(session.id).await.expect("read");
    assert_eq!(kept.places.len(), session.parts.len());
    assert!(terminal.ok(&rehearse).contains("1 sessions compared, 0 things not yet done"));

    // Somebody books over there: by a rehearsal nobody is asked, and by a repair whoever is nobody here hears why not.
    let page = calcom.world().offers().find(|it| it.2 == format!("ilt-{id}")).map(|it| it.0);
    let (page, start) = (page.expect("a page"), session.parts[0].starts_at);
    calcom.person().books(page, start, "Sid", "sid@elsewhere.example").await.expect("a seat");
    let learner = somebody_who_learns(&store).await;
    calcom.person().books(page, start, "Somebody", &learner.email).await.expect("a seat");
    let said = terminal.ok(&rehearse);
    assert!(said.contains(&format!("{id} day 1: not yet turned-away")), "{said}");
    assert!(said.contains(&format!("whether learner {} can be registered", learner.id)), "{said}");
    assert!(!said.contains('@') && calcom.world().given_back.is_empty(), "{said}");
    let said = terminal.ok(&compare);
    assert!(said.contains("turned-away") && !said.contains('@'), "{said}");
    let told = calcom.world().given_back.clone();
    assert!(told.iter().any(|it| it.email.starts_with("sid@") && it.reason.contains("Nobody is known")));
    assert!(terminal.ok(&rehearse).contains("0 things not yet done"));

    calcom.world().hosts[0].keys.clear();
    let revoked = terminal.fails(&["calcom", "check"]);
    assert!(revoked.contains("does not know the key any more") && !revoked.contains("cal_ina"), "{revoked}");
    assert!(terminal.ok(&["calcom", "unlink", &instructor]).contains("is linked no more"));
    assert!(terminal.ok(&["calcom", "unlink", &instructor]).contains("was not linked"));
}

/// Somebody who learns.
async fn somebody_who_learns(store: &SqlStore) -> Person {
    let query = PeopleQuery { sight: Sight::Everyone, text: None, dealer: None, after: None, limit: 200 };
    let people = store.people(&query).await.expect("read");
    people.into_iter().find(|it| it.active && it.is(Role::Learner)).expect("a learner")
}

#[test]
fn without_a_calendar_it_is_said_what_to_set() {
    let terminal = Terminal::new();
    assert!(terminal.fails(&["calcom", "check"]).contains("set calcom.url and calcom.secret"));
    terminal.write("ilt.toml", "[calcom]\nurl = \"https://cal.example\"\n");
    assert!(terminal.fails(&["calcom", "check"]).contains("calcom.secret: is wanted"));
    terminal.write("ilt.toml", "[calcom]\nurl = \"https://cal.example\"\nsecret = \"short\"\n");
    assert!(terminal.fails(&["calcom", "check"]).contains("calcom.secret: the secret that seals keys"));
}
