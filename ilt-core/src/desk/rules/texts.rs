//! Texts that no database may be asked to keep.

use crate::desk::{Command, MarkPlan, NO_NUL, Refusal};
use crate::fault::FieldProblem;
use crate::testing::Network;
use crate::testing::plans::{course, id, location, person};

const ROOT: crate::ids::PersonId = Network::ROOT;

fn pointers(refusal: &Refusal) -> Vec<&str> {
    let Refusal::InvalidRequest { fields } = refusal else { panic!("{refusal:?}") };
    assert!(fields.iter().all(|field: &FieldProblem| field.detail == NO_NUL), "{fields:?}");
    fields.iter().map(|field| field.pointer.as_str()).collect()
}

#[test]
fn a_text_with_nul_is_refused_by_name_and_nothing_is_done() {
    let mut network = Network::new().with_session(100, 2, 35);
    let (session, nul) = (id(100).into(), "a\0b".to_owned());
    let mut odd = course(2, "A\0", Some("t\0"), &["fine", "\0"]);
    odd.summary.clone_from(&nul);
    let mut place = location(7, "K\0", crate::catalog::Place { lat: 1.0, lon: 1.0 });
    place.rooms = vec!["1".to_owned(), nul.clone()];
    let mut people = vec![person(70), person(71)];
    people[1].name.clone_from(&nul);
    let mark = MarkPlan { reason: Some(nul.clone()), ..MarkPlan::whole(id(1).into(), 1) };
    let cases: [(Command, &[&str]); 6] = [
        (Command::SaveCourses(vec![odd]), &["/title", "/summary", "/topics/1", "/track"]),
        (Command::SaveLocations(vec![place]), &["/name", "/city", "/rooms/1"]),
        (Command::SavePeople(people), &["/1/name"]),
        (Command::CancelSession { session, reason: nul.clone(), proposals: Vec::new() }, &["/reason"]),
        (
            Command::MarkAttendance { session, marks: vec![MarkPlan::whole(id(1).into(), 1), mark] },
            &["/marks/1/reason"],
        ),
        (
            Command::Resize { session, capacity: 3, displaced: Vec::new(), reason: Some(nul), version: None },
            &["/reason"],
        ),
    ];
    for (command, expected) in cases {
        let refused = network.ask(ROOT, command).expect_err("it cannot be kept");
        assert_eq!(pointers(&refused), expected);
    }
    assert_eq!(network.entries().count(), 0);
}
