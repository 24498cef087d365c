//! What dealers' own rules change of the order, and what they cannot.

use rstest::rstest;

use super::{Town, WANTED, WANTED_COURSE, course, id, now, session};
use crate::ids::SessionId;
use crate::opinion::{Adjusted, Adjustment, Speaker};
use crate::ranking::{Catalogue, alternatives, question};
use crate::session::Session;

/// Six sessions of the wanted course, each further away in time than the one before; and one of another course, next door.
fn town() -> Town {
    let sessions =
        (1..=6_i32).map(|number| session(100 + number.unsigned_abs(), WANTED_COURSE, 3, 36 + 20 * number));
    let mut town = sessions.fold(Town::new(), Town::hold).hold(session(200, 3, 1, 36));
    town.teach(course(3, "Battery logistics", Some("high-voltage"), &["battery"]));
    town
}

fn changed(changes: &[(u32, f64)]) -> Adjusted {
    let by = Speaker { plugin: "ours".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
    let adjustment = |change| vec![Adjustment { by: by.clone(), change, reason: "Ours.".to_owned() }];
    changes.iter().map(|(number, change)| (SessionId(id(*number)), adjustment(*change))).collect()
}

fn shown(changes: &[(u32, f64)]) -> Vec<(u128, usize)> {
    let town = town();
    let catalogue = Catalogue::new(&town.world);
    let wanted: &Session = &town.world.sessions[&SessionId(id(WANTED))];
    town.as_learner(|ada| {
        let ranked = alternatives(&catalogue, ada, wanted, town.weights, &changed(changes), now());
        assert!(ranked.iter().all(|one| (0.0..=1.0).contains(&one.score)), "scores stay from 0 to 1");
        assert!(changes.is_empty() || ranked.iter().all(|one| one.would_change.is_none()));
        let of =
            |one: &crate::ranking::Ranked<'_>| (one.candidate.session.id.0.as_u128(), one.adjustments.len());
        ranked.iter().map(of).collect()
    })
}

#[rstest]
#[case::no_opinion(&[], &[(101, 0), (102, 0), (103, 0)])]
#[case::one_that_would_not_have_been_shown(&[(106, 0.5)], &[(106, 1), (101, 0), (102, 0)])]
#[case::the_first_goes_last(&[(101, -0.5)], &[(102, 0), (103, 0), (104, 0)])]
#[case::another_course_stays_behind(&[(200, 0.5)], &[(101, 0), (102, 0), (103, 0)])]
#[case::all_alike_is_as_it_was(
    &[(101, 0.1), (102, 0.1), (103, 0.1), (104, 0.1), (105, 0.1), (106, 0.1)], &[(101, 1), (102, 1), (103, 1)]
)]
#[case::of_a_session_that_is_no_candidate(&[(999, 0.5)], &[(101, 0), (102, 0), (103, 0)])]
fn the_order_with_opinions(#[case] changes: &[(u32, f64)], #[case] wanted: &[(u128, usize)]) {
    assert_eq!(shown(changes), wanted);
}

#[test]
fn whoever_is_asked_knows_facts_and_no_names() {
    let town = town();
    let catalogue = Catalogue::new(&town.world);
    let wanted = &town.world.sessions[&SessionId(id(WANTED))];
    let asked = town
        .as_learner(|ada| question(&catalogue, ada, None, wanted, town.weights, now()))
        .expect("a question");
    let candidates: Vec<_> = asked.candidates.iter().map(|it| it.id.0.as_u128()).collect();
    assert_eq!(candidates, [101, 102, 103, 104, 105, 106, 200], "best first, others behind");
    assert!(asked.candidates.windows(2).all(|two| two[0].is_same >= two[1].is_same));
    assert_eq!((asked.courses.len(), asked.places.len()), (2, 2), "each once");
    let said = format!("{asked:?}");
    let ada = town.world.people.values().next().expect("Ada");
    for private in [&ada.name, &ada.email, "Battery logistics"] {
        assert!(!said.contains(private), "{private} in {said}");
    }
}
