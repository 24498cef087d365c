//! Pages, rosters and the catalogue: in order, stable, and only what may be seen.

use jiff::Timestamp;

use super::{Backend, data, save};
use crate::access::Sight;
use crate::catalog::Person;
use crate::desk::Changes;
use crate::ids::{DealerId, PersonId};
use crate::ports::{Cursor, PeopleQuery, RegistrationQuery};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::id;
use crate::text::folded;

fn people_query() -> PeopleQuery {
    PeopleQuery { sight: Sight::Everyone, text: None, dealer: None, after: None, limit: 100 }
}

fn registration_query() -> RegistrationQuery {
    RegistrationQuery {
        sight: Sight::Everyone,
        learner: None,
        statuses: Vec::new(),
        from: None,
        to: None,
        after: None,
        limit: 100,
    }
}

fn numbers(people: &[Person]) -> Vec<u128> {
    people.iter().map(|person| person.id.0.as_u128()).collect()
}

/// Ten people whose names differ in everything that sorting could trip over.
async fn fill<S: Backend>(store: &S) {
    let names = ["Ada", "ada", "Äda", "Zoë", "Zoë", "Özgür 100%", "O_x", "A", "B\\C", "Ada Lovelace"];
    let mut changes = data::basics();
    changes.people.clear();
    changes.sessions.clear();
    changes.completions.clear();
    changes.people.extend((1_000..).zip(names).map(|(number, name)| data::learner(number, name)));
    save(store, &changes).await.expect("saved");
}

/// Letters are found whatever their case and accents, and signs mean themselves.
pub async fn people_are_found_by_name_and_mail_in_any_case<S: Backend>(store: &S) {
    fill(store).await;
    for (text, expected) in [
        ("ADA", &[1_000, 1_001, 1_002, 1_009][..]),
        ("äda l", &[1_009]),
        ("a\u{308}da l", &[1_009]),
        ("zoe", &[1_003, 1_004]),
        ("ÖZG", &[1_005]),
        ("%", &[1_005]),
        ("_", &[1_006]),
        ("\\", &[1_008]),
        ("Learner1003@", &[1_003]),
        ("nobody", &[]),
    ] {
        let query = PeopleQuery { text: Some(text.to_owned()), ..people_query() };
        assert_eq!(numbers(&store.people(&query).await.expect("read")), expected, "`{text}`");
    }
    for (mail, expected) in
        [("learner1003@dealer.example", Some(1_003)), ("1003@dealer.example", None), ("%", None)]
    {
        let found = store.by_mail(mail).await.expect("read");
        assert_eq!(found.map(|it| it.0.as_u128()), expected, "`{mail}`");
    }
    let dealer = Some(id(2));
    let mut found = numbers(&store.people(&PeopleQuery { dealer, ..people_query() }).await.expect("read"));
    found.sort_unstable();
    assert_eq!(found, [1_001, 1_003, 1_005, 1_007, 1_009]);
}

/// By name as in a register, then by id; somebody who is added meanwhile moves nobody.
pub async fn people_come_in_pages_that_stay_stable<S: Backend>(store: &S) {
    fill(store).await;
    let mut seen: Vec<Person> = Vec::new();
    loop {
        let after = seen.last().map(|last| Cursor { value: folded(&last.name), id: last.id.0 });
        let page = store.people(&PeopleQuery { after, limit: 3, ..people_query() }).await.expect("read");
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 3);
        seen.extend(page);
        let newcomer = data::learner(2_000 + u32::try_from(seen.len()).expect("few"), "AAA");
        save(store, &Changes { people: vec![newcomer], ..Changes::default() }).await.expect("saved");
    }
    assert!(seen.is_sorted_by_key(|person| (folded(&person.name), person.id)));
    assert_eq!(seen.iter().filter(|person| person.name != "AAA").count(), 10);
}

/// Own, team and dealer: the same question gets three answers.
pub async fn people_beyond_reach_are_not_seen<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    let north = DealerId(id(1));
    let sight = |own: PersonId, team_at: &[DealerId], dealers: &[DealerId]| Sight::Some {
        own,
        teams: vec![own],
        team_at: team_at.to_vec(),
        dealers: dealers.to_vec(),
    };
    let deputy = Sight::Some {
        own: Network::LEO,
        teams: vec![Network::LEO, Network::MIA],
        team_at: vec![north],
        dealers: Vec::new(),
    };
    for (sight, expected) in [
        (sight(Network::ADA, &[], &[]), &[7][..]),
        (sight(Network::MIA, &[north], &[]), &[7, 8, 9, 10, 11, 20]),
        (sight(Network::MIA, &[], &[]), &[20]),
        (deputy, &[7, 8, 9, 10, 11, 12]),
        (sight(Network::DAN, &[], &[north]), &[7, 8, 9, 10, 11, 12, 20, 21]),
    ] {
        let found =
            store.people(&PeopleQuery { sight: sight.clone(), ..people_query() }).await.expect("read");
        let mut found = numbers(&found);
        found.sort_unstable();
        assert_eq!(found, expected, "{sight:?}");
    }
}

/// Ada, Ben, Cem and Zoe in sessions 100 (in 35 days), 101 (in 36) and 102 (over).
async fn fill_registrations<S: Backend>(store: &S) {
    let mut changes = data::basics();
    let seat = Status::Confirmed { at: data::at(0) };
    changes.registrations = vec![
        data::registration(500, 101, Network::ADA, seat.clone()),
        data::registration(501, 100, Network::ADA, data::waiting(9)),
        data::registration(502, 102, Network::ADA, Status::Cancelled { at: data::at(0) }),
        data::registration(503, 100, Network::BEN, data::waiting(3)),
        data::registration(504, 100, Network::ZOE, seat.clone()),
        data::registration(
            505,
            100,
            Network::CEM,
            Status::Offered { wait: data::place(1), until: data::at(99), warn_at: None },
        ),
        data::registration(506, 100, Network::DOT, seat),
    ];
    for person in &mut changes.people {
        let names = [(Network::ZOE, "Anna"), (Network::CEM, "Berta"), (Network::DOT, "Carl")];
        if let Some((_, name)) = names.iter().find(|(id, _)| *id == person.id) {
            person.name = String::from(*name);
        }
    }
    save(store, &changes).await.expect("saved");
}

async fn found<S: Backend>(store: &S, query: &RegistrationQuery) -> Vec<u128> {
    let found = store.registrations(query).await.expect("read");
    found.iter().map(|(registration, _, _)| registration.id.0.as_u128()).collect()
}

/// The next session first; pages join without a gap.
pub async fn registrations_come_by_start_of_their_session<S: Backend>(store: &S) {
    fill_registrations(store).await;
    assert_eq!(found(store, &registration_query()).await, [502, 501, 503, 504, 505, 506, 500]);
    let page =
        store.registrations(&RegistrationQuery { limit: 3, ..registration_query() }).await.expect("read");
    let (last, session, position) = page.last().expect("three");
    assert_eq!((last.id.0.as_u128(), *position), (503, Some(1)));
    let after = Some(Cursor { value: session.starts_at(), id: last.id.0 });
    assert_eq!(
        found(store, &RegistrationQuery { after, ..registration_query() }).await,
        [504, 505, 506, 500]
    );
    // A session that moves takes its registrations with it.
    let changes = Changes { sessions: vec![data::session(100, 60)], ..Changes::default() };
    save(store, &changes).await.expect("saved");
    assert_eq!(found(store, &registration_query()).await, [502, 500, 501, 503, 504, 505, 506]);
}

/// Each filter narrows, and nobody sees more by asking for somebody else.
pub async fn registrations_are_narrowed_by_learner_status_and_time<S: Backend>(store: &S) {
    fill_registrations(store).await;
    let all = registration_query;
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let ada = Sight::Some {
        own: Network::ADA,
        teams: vec![Network::ADA],
        team_at: Vec::new(),
        dealers: Vec::new(),
    };
    let mia = Sight::Some {
        own: Network::MIA,
        teams: vec![Network::MIA],
        team_at: vec![DealerId(id(1))],
        dealers: Vec::new(),
    };
    let start = data::session(100, 35).starts_at();
    for (query, expected) in [
        (RegistrationQuery { learner: Some(Network::ADA), ..all() }, &[502, 501, 500][..]),
        (RegistrationQuery { statuses: words(&["confirmed"]), ..all() }, &[504, 506, 500]),
        (RegistrationQuery { statuses: words(&["offered", "cancelled"]), ..all() }, &[502, 505]),
        (RegistrationQuery { from: Some(start), ..all() }, &[501, 503, 504, 505, 506, 500]),
        (RegistrationQuery { to: Some(start), ..all() }, &[502]),
        // Earlier than any time that PostgreSQL knows.
        (RegistrationQuery { from: Some(Timestamp::MIN), to: Some(start), ..all() }, &[502]),
        (RegistrationQuery { to: Some(Timestamp::MIN), ..all() }, &[]),
        (RegistrationQuery { sight: ada.clone(), ..all() }, &[502, 501, 500]),
        (RegistrationQuery { sight: ada, learner: Some(Network::BEN), ..all() }, &[]),
        (RegistrationQuery { sight: mia.clone(), ..all() }, &[502, 501, 503, 505, 506, 500]),
        (RegistrationQuery { sight: mia.clone(), learner: Some(Network::BEN), ..all() }, &[503]),
        (RegistrationQuery { sight: mia, learner: Some(Network::ZOE), ..all() }, &[]),
    ] {
        assert_eq!(found(store, &query).await, expected, "{query:?}");
    }
}

/// Those with a seat by name, then those who wait in their order; a manager sees the team's lines with their true places.
pub async fn a_roster_has_seats_by_name_then_the_queue<S: Backend>(store: &S) {
    fill_registrations(store).await;
    let session = id(100).into();
    let roster = store.roster(session, &Sight::Everyone).await.expect("read").expect("there");
    let seats = roster.session.seats;
    assert_eq!((seats.confirmed, seats.offered, seats.waitlisted), (2, 1, 2), "they belong to its lines");
    let lines = roster.lines;
    let told: Vec<_> = lines.iter().map(|line| (line.registration.id.0.as_u128(), line.position)).collect();
    assert_eq!(told, [(504, None), (505, None), (506, None), (503, Some(1)), (501, Some(2))]);
    assert_eq!(lines[0].person.name, "Anna");
    let ada = Sight::Some {
        own: Network::ADA,
        teams: vec![Network::ADA],
        team_at: Vec::new(),
        dealers: Vec::new(),
    };
    let lines = store.roster(session, &ada).await.expect("read").expect("there").lines;
    assert!(store.roster(id(999).into(), &ada).await.expect("read").is_none());
    assert_eq!(lines.iter().map(|line| line.position).collect::<Vec<_>>(), [Some(2)]);
}

/// Confirmed, held and offered seats of a dealer's people; whoever waits has none.
pub async fn the_seats_of_dealers_are_counted<S: Backend>(store: &S) {
    fill_registrations(store).await;
    let dealers = |numbers: &[u32]| numbers.iter().map(|it| DealerId(id(*it))).collect::<Vec<_>>();
    let key = |dealer, session| (DealerId(id(dealer)), id(session).into());
    let counted = store.seats_of_dealers(&dealers(&[1, 2]), data::at(0)).await.expect("read");
    let expected = [(key(1, 100), 2), (key(1, 101), 1), (key(2, 100), 1)];
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), expected);
    let counted = store.seats_of_dealers(&dealers(&[2]), data::at(0)).await.expect("read");
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), [(key(2, 100), 1)]);
    let over = data::at(100 * 86_400);
    assert!(store.seats_of_dealers(&dealers(&[1, 2]), over).await.expect("read").is_empty(), "long over");
}

/// What a host needs to answer searches, as of the journal number beside it.
pub async fn the_catalogue_holds_what_is_not_over<S: Backend>(store: &S) {
    let mut changes = data::basics();
    changes.entries = vec![data::entry(1, 500), data::entry(2, 500)];
    save(store, &changes).await.expect("saved");
    let (world, head) = store.catalogue(data::at(0)).await.expect("read");
    assert_eq!(head, 2);
    assert_eq!(world.sessions.values().map(|session| session.id.0.as_u128()).collect::<Vec<_>>(), [100, 101]);
    assert_eq!(world.sessions[&id(100).into()], data::session(100, 35));
    assert_eq!((world.courses.len(), world.locations.len(), world.dealers.len()), (3, 3, 2));
    assert!(world.people.is_empty(), "nobody's record is kept in memory");
}
