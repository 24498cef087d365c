//! What is saved is what is read back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::{Backend, data, fitted, look, save};
use crate::desk::{Ask, Changes, Key, Ledger, Refusal, Remembered, Reply};
use crate::ids::RegistrationId;
use crate::opinion::{Adjustment, Speaker};
use crate::policy::{Override, Rule, Scope};
use crate::ranking::{Parts, Shown, Weights};
use crate::registration::Status;
use crate::session::{Seats, SessionStatus};
use crate::testing::Network;
use crate::testing::plans::id;
use crate::world::World;

fn by_id<K: Ord, V: Clone>(list: &[V], key: impl Fn(&V) -> K) -> BTreeMap<K, V> {
    list.iter().map(|it| (key(it), it.clone())).collect()
}

/// Who has an address, and everybody above a leader, also where those lead each other.
pub async fn who_has_an_address_and_who_leads_are_found<S: Backend>(store: &S) {
    let mut changes = data::basics();
    for person in &mut changes.people {
        person.manager = match person.id {
            Network::ADA | Network::CEM => Some(Network::BEN),
            Network::BEN => Some(Network::CEM),
            _ => None,
        };
    }
    save(store, &changes).await.expect("saved");
    let addresses = ["p10@dealer.example", "nobody@dealer.example"].map(str::to_owned).into();
    let ask = Ask { addresses, leaders: [Network::ADA].into(), ..Ask::default() };
    let found = look(store, &ask).await.people;
    for id in [Network::DOT, Network::ADA, Network::BEN, Network::CEM] {
        assert!(found.contains_key(&id), "{id}");
    }
}

/// Every record with every field, every state of a registration, every kind of answer.
pub async fn everything_that_is_saved_is_read_back<S: Backend>(store: &S) {
    let mut changes = data::basics();
    changes.sessions.push(crate::session::Session {
        status: SessionStatus::Cancelled { at: data::at(0), reason: "Sturm".to_owned(), announced: true },
        ..data::session(103, 40)
    });
    changes.sessions.push(crate::session::Session {
        status: SessionStatus::Cancelled { at: data::at(0), reason: "Irrtum".to_owned(), announced: false },
        ..data::session(105, 42)
    });
    changes.sessions.push(crate::session::Session {
        status: SessionStatus::Draft,
        freed_at: None,
        ..data::session(104, 41)
    });
    let at = data::at(5);
    let states = [
        Status::Confirmed { at },
        Status::Held { at, until: data::at(9), gives_back: None },
        Status::Held { at, until: data::at(9), gives_back: Some(id(503).into()) },
        data::waiting(3),
        Status::Offered { wait: data::place(4), until: at, warn_at: Some(at) },
        Status::Offered { wait: data::place(5), until: at, warn_at: None },
        Status::Declined { at },
        Status::RequestLapsed { at },
        Status::NotPlaced { at },
        Status::Transferred { at, to: id(501).into() },
        Status::Substituted { at, to: id(502).into() },
        Status::Cancelled { at },
        Status::LateCancelled { at },
        Status::SessionCancelled { at },
    ];
    let learners = [Network::ADA, Network::BEN, Network::CEM, Network::DOT, Network::LEO, Network::ZOE];
    for ((number, status), learner) in (500..).zip(states).zip(learners.into_iter().cycle()) {
        changes.registrations.push(data::registration(number, 100, learner, status));
    }
    // Only of those who have a seat is anything known.
    changes.shown.push(shown());
    changes.remembered.extend(answers());
    let changes = fitted(&World::default(), &changes);
    save(store, &changes).await.expect("saved");

    let ask = Ask {
        sessions: changes.sessions.iter().map(|it| it.id).collect(),
        people: changes.people.iter().map(|it| it.id).collect(),
        registrations: changes.registrations.iter().map(|it| it.id).collect(),
        alternatives: BTreeSet::from([id(900).into()]),
        keys: changes.remembered.iter().map(|it| it.key.clone()).collect(),
        histories: BTreeSet::from([Network::ADA]),
        all_courses: true,
        ..Ask::default()
    };
    for world in
        [look(store, &ask).await, store.begin().await.expect("begun").load(&ask).await.expect("loaded")]
    {
        assert_eq!(*world.dealers, by_id(&changes.dealers, |it| it.id));
        assert_eq!(*world.locations, by_id(&changes.locations, |it| it.id));
        assert_eq!(*world.courses, by_id(&changes.courses, |it| it.id));
        assert_eq!(world.people, by_id(&changes.people, |it| it.id));
        assert_eq!(world.sessions, changes.sessions.iter().cloned().collect());
        assert_eq!(world.shown, by_id(&changes.shown, |it| it.id));
        assert_eq!(world.remembered, by_id(&changes.remembered, |it| it.key.clone()));
        let mut completed = changes.completions.clone();
        completed.sort_unstable();
        assert_eq!(world.completions_of(Network::ADA), completed);
        for registration in &changes.registrations {
            assert_eq!(world.registrations.get(registration.id), Some(registration));
        }
    }
}

fn shown() -> Shown {
    Shown {
        id: id(900).into(),
        learner: Network::ADA,
        wanted: id(100).into(),
        session: id(101).into(),
        rank: 2,
        score: 0.812_345_678_901_234_5,
        parts: Parts { proximity: 1.0 / 3.0, availability: 0.1, relevance: 0.2 },
        weights: Weights::default(),
        distance_km: Some(41.3),
        days_later: -6,
        seats_open: 5,
        reason: "Sechs Tage früher — 41 km.".to_owned(),
        adjustments: vec![Adjustment {
            by: Speaker {
                plugin: "close-to-home".to_owned(),
                version: "1.2.0".to_owned(),
                digest: "0f".repeat(32),
            },
            change: -0.125,
            reason: "Further than your dealer travels.".to_owned(),
        }],
        would_change: Some("First choice if …".to_owned()),
        shown_at: data::at(1),
        expires_at: data::at(1) + SignedDuration::from_mins(30),
        taken: Some(RegistrationId(id(500))),
    }
}

fn answers() -> Vec<Remembered> {
    let registration = data::registration(500, 100, Network::ADA, data::waiting(3));
    let answers = [
        Ok(Reply::Registration {
            registration: Box::new(registration),
            position: Some(3),
            seats: Seats::empty(5),
            fresh: true,
            around: None,
        }),
        Ok(Reply::Saved { added: 1, changed: 2, one: Some((id(3), 4)), picture: None }),
        Ok(Reply::Done),
        Err(Refusal::SessionFull { session: id(100).into(), waitlist_open: true, waitlisted: 3 }),
        Err(Refusal::LateCancellationNeedsReason { late_from: data::at(9) }),
    ];
    let remembered = |(number, answer): (u32, _)| Remembered {
        key: Key { person: Network::ADA, key: format!("key {number} — ü") },
        digest: "digest".to_owned(),
        answer,
        at: data::at(2),
    };
    (0..).zip(answers).map(remembered).collect()
}

/// A record that is saved again is as it was saved last, and what refers to it moves with it.
pub async fn saving_again_overwrites<S: Backend>(store: &S) {
    let mut changes = data::basics();
    changes.registrations =
        vec![data::registration(500, 100, Network::ADA, Status::Confirmed { at: data::at(1) })];
    save(store, &changes).await.expect("saved");
    let mut again = Changes {
        courses: changes.courses.clone(),
        people: changes.people.clone(),
        sessions: vec![data::session(100, 50)],
        registrations: vec![data::registration(
            500,
            100,
            Network::ADA,
            Status::Cancelled { at: data::at(9) },
        )],
        completions: changes.completions.clone(),
        ..Changes::default()
    };
    again.courses[0].title = String::from("Another title");
    again.people[0].manager = None;
    for person in &mut again.people {
        person.version += 1;
    }
    save(store, &again).await.expect("saved again");
    let ask = Ask {
        sessions: BTreeSet::from([id(100).into()]),
        people: BTreeSet::from([again.people[0].id, Network::ADA]),
        registrations: BTreeSet::from([id(500).into()]),
        histories: BTreeSet::from([Network::ADA]),
        all_courses: true,
        ..Ask::default()
    };
    let world = look(store, &ask).await;
    assert_eq!(world.courses[&again.courses[0].id], again.courses[0]);
    assert_eq!(world.people[&again.people[0].id], again.people[0]);
    assert_eq!(world.sessions[&id(100).into()], again.sessions[0]);
    assert_eq!(world.registrations.get(id(500).into()), Some(&again.registrations[0]));
    assert_eq!(world.completions_of(Network::ADA).len(), 2, "a completion is not there twice");
}

/// Seats move without touching the plan that somebody else may be changing.
pub async fn a_ledger_changes_nothing_but_seats<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    let seats = Seats { reserved: 3, ..Seats::empty(25) };
    let blocks = vec![data::block(2, 4)];
    let ledger = Ledger { session: id(100).into(), seats, blocks, freed_at: Some(data::at(77)) };
    save(store, &Changes { ledgers: vec![ledger.clone()], ..Changes::default() }).await.expect("saved");
    let found = store.sessions(&[id(100).into()]).await.expect("read");
    let Ledger { freed_at, blocks, .. } = ledger;
    let expected = crate::session::Session { seats, freed_at, blocks, ..data::session(100, 35) };
    assert_eq!(found, [expected]);
}

/// Asking for what is not there is no error, and nothing is made up.
pub async fn what_is_not_there_is_absent<S: Backend>(store: &S) {
    let nobody = id(4_711);
    let ask = Ask {
        sessions: BTreeSet::from([nobody.into()]),
        people: BTreeSet::from([nobody.into()]),
        registrations: BTreeSet::from([nobody.into()]),
        alternatives: BTreeSet::from([nobody.into()]),
        whole_sessions: BTreeSet::from([nobody.into()]),
        queues: BTreeMap::from([(nobody.into(), 10)]),
        freeing: BTreeMap::from([(nobody.into(), 10)]),
        histories: BTreeSet::from([nobody.into()]),
        keys: BTreeSet::from([Key { person: nobody.into(), key: String::new() }]),
        ..Ask::default()
    };
    assert_eq!(look(store, &ask).await, World::default());
    assert_eq!(store.sessions(&[nobody.into()]).await.expect("read"), []);
    assert_eq!(store.registration(nobody.into()).await.expect("read"), None);
    assert_eq!(store.feed_owner("nobody's").await.expect("read"), None);
    assert_eq!(store.head().await.expect("read"), 0);
}

/// A rule has one value for each scope; setting it back leaves the others.
pub async fn rules_are_set_and_set_back<S: Backend>(store: &S) {
    let set = |scope: &Scope, value| Override { scope: scope.clone(), rule: Rule::OfferFar, value };
    let scopes = [Scope::Global, Scope::DealerGroup("nord".to_owned()), Scope::Course(id(1).into())];
    let rules_set = scopes.iter().zip(70..).map(|(scope, value)| set(scope, value)).collect();
    save(store, &Changes { rules_set, ..Changes::default() }).await.expect("saved");
    let changes = Changes {
        rules_set: vec![set(&scopes[0], 99)],
        rules_cleared: vec![(scopes[1].clone(), Rule::OfferFar)],
        ..Changes::default()
    };
    save(store, &changes).await.expect("saved");
    let mut rules = look(store, &Ask::default()).await.rules;
    rules.sort_by_key(|it| it.value);
    assert_eq!(rules, [set(&scopes[2], 72), set(&scopes[0], 99)]);
}

/// The old address leads nowhere once there is a new one.
pub async fn a_renewed_calendar_address_voids_the_old_one<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    for digest in ["old", "new"] {
        let feeds = vec![(Network::ADA, digest.to_owned())];
        save(store, &Changes { feeds, ..Changes::default() }).await.expect("saved");
    }
    assert_eq!(store.feed_owner("new").await.expect("read"), Some(Network::ADA));
    assert_eq!(store.feed_owner("old").await.expect("read"), None);
}
